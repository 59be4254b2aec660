/* Properties of characters: ASCII by comparison, the rest from utf8proc. */
#include "lib/text.h"

#include <utf8proc.h>

#include "base/utf8.h"

bool rf_text_is_space(uint32_t code_point)
{
    if (code_point < 0x80) return code_point == ' ' || (code_point >= 9 && code_point <= 13);
    switch (code_point) {
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000: return true;
    default: return code_point >= 0x2000 && code_point <= 0x200A;
    }
}

static bool is_ascii_letter(uint32_t code_point)
{
    return (code_point | 0x20) >= 'a' && (code_point | 0x20) <= 'z';
}

bool rf_text_is_word(uint32_t code_point)
{
    if (code_point < 0x80)
        return is_ascii_letter(code_point) || (code_point >= '0' && code_point <= '9');
    switch (utf8proc_category((utf8proc_int32_t)code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return false;
    }
}

bool rf_text_is_upper(uint32_t code_point)
{
    if (code_point < 0x80) return code_point >= 'A' && code_point <= 'Z';
    const utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code_point);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

uint32_t rf_text_to_upper(uint32_t code_point)
{
    if (code_point < 0x80)
        return code_point >= 'a' && code_point <= 'z' ? code_point - 0x20 : code_point;
    if (code_point == 0xDF)
        return code_point; /* the capital sharp s is not what upper case text uses */
    return (uint32_t)utf8proc_toupper((utf8proc_int32_t)code_point);
}

uint32_t rf_text_to_lower(uint32_t code_point)
{
    if (code_point < 0x80)
        return code_point >= 'A' && code_point <= 'Z' ? code_point + 0x20 : code_point;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)code_point);
}

size_t rf_text_start_without_space(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        uint32_t code_point;
        const unsigned width = rf_utf8_decode(text + at, size - at, &code_point);
        if (!rf_text_is_space(code_point)) break;
        at += width;
    }
    return at;
}

size_t rf_text_end_without_space(const char *text, size_t size)
{
    while (size > 0) {
        size_t at = size - 1;
        while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80) at--;
        uint32_t code_point;
        rf_utf8_decode(text + at, size - at, &code_point);
        if (!rf_text_is_space(code_point)) break;
        size = at;
    }
    return size;
}
