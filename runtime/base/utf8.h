/* UTF-8, strict: no surrogates, no overlong forms, at most U+10FFFF. */
#ifndef RF_BASE_UTF8_H
#define RF_BASE_UTF8_H

#include "base/base.h"

/* Decodes one code point at bytes[0..size), size > 0.  Returns its width 1..4, or 0 when invalid. */
unsigned rf_utf8_decode(const char *bytes, size_t size, uint32_t *code_point);
/* Writes 1..4 bytes, returns how many; code_point must be a scalar value. */
unsigned rf_utf8_encode(uint32_t code_point, char out[4]);
/* True when all of bytes is valid; otherwise *bad (may be NULL) is the offset of the first bad byte. */
bool rf_utf8_valid(const char *bytes, size_t size, size_t *bad);
/* Code points in valid text. */
size_t rf_utf8_count(const char *bytes, size_t size);
/* Byte offset of code point `index` in valid text (index at most the count). */
size_t rf_utf8_offset(const char *bytes, size_t size, size_t index);
/* Width of the code point that starts with lead, in valid text. */
static inline unsigned rf_utf8_width(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

#endif
