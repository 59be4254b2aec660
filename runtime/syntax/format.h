/* The standard layout of a program (LANGUAGE 18.8): text in, text out. */
#ifndef RF_SYNTAX_FORMAT_H
#define RF_SYNTAX_FORMAT_H

#include "base/buffer.h"

typedef struct rf_format_options {
    int indent;      /* spaces a brace level */
    int line_length; /* longer lines are broken after commas where that is possible */
    bool sort_imports;
} rf_format_options;

#define RF_FORMAT_OPTIONS_DEFAULT {4, 100, true}

/* Appends the formatted source to out.  The token stream stays the same (but for the order of the leading imports),
 * comments, blank lines and string contents are kept, and formatting again changes nothing.  RUFF_E_SYNTAX when source
 * does not parse (path is for the report). */
RF_MUST_USE ruff_status rf_source_format(const char *source, size_t size, const char *path,
                                         const rf_format_options *options, rf_buffer *out, ruff_error *err);

#endif
