#include "base/utf8.h"

#include <string.h>

unsigned rf_utf8_decode(const char *bytes, size_t size, uint32_t *code_point)
{
    const unsigned char *s = (const unsigned char *)bytes;
    if (s[0] < 0x80) {
        *code_point = s[0];
        return 1;
    }
    unsigned width = s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;
    if (!width || width > size) return 0;
    uint32_t value = s[0] & (0x7Fu >> width);
    for (unsigned i = 1; i < width; i++) {
        if ((s[i] & 0xC0) != 0x80) return 0;
        value = value << 6 | (s[i] & 0x3F);
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[width] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return 0;
    *code_point = value;
    return width;
}

unsigned rf_utf8_encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static bool eight_are_ascii(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return !(word & UINT64_C(0x8080808080808080));
}

bool rf_utf8_valid(const char *bytes, size_t size, size_t *bad)
{
    size_t at = 0;
    while (at < size) {
        if (size - at >= 8 && eight_are_ascii(bytes + at)) {
            at += 8;
            continue;
        }
        uint32_t code_point;
        unsigned width = rf_utf8_decode(bytes + at, size - at, &code_point);
        if (!width) {
            if (bad) *bad = at;
            return false;
        }
        at += width;
    }
    return true;
}

size_t rf_utf8_count(const char *bytes, size_t size)
{
    size_t count = 0, at = 0;
    for (; size - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, sizeof word);
        /* continuation bytes are 10xxxxxx */
        uint64_t continuation = (word >> 7) & (~word >> 6) & UINT64_C(0x0101010101010101);
        count += 8 - (size_t)(continuation * UINT64_C(0x0101010101010101) >> 56); /* their sum, in the top byte */
    }
    for (; at < size; at++) count += ((unsigned char)bytes[at] & 0xC0) != 0x80;
    return count;
}

size_t rf_utf8_offset(const char *bytes, size_t size, size_t index)
{
    size_t at = 0;
    while (index-- && at < size) at += rf_utf8_width((unsigned char)bytes[at]);
    return at < size ? at : size;
}
