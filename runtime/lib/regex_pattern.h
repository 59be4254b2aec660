/* Patterns as programs write them, translated for PCRE2 (BUILTINS 17.2). */
#ifndef RF_LIB_REGEX_PATTERN_H
#define RF_LIB_REGEX_PATTERN_H

#include "base/buffer.h"

/* Appends to out the PCRE2 pattern that means what `pattern` means; false when it has no such
 * meaning. */
bool rf_regex_translate(const char *pattern, size_t size, rf_buffer *out);

#endif
