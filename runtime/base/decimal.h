/* Ints as decimal text, inline: most texts that programs make of numbers are keys and lines of a few bytes. */
#ifndef RF_BASE_DECIMAL_H
#define RF_BASE_DECIMAL_H

#include "base/base.h"

#include <string.h>

enum { RF_DECIMAL_MOST = 20 }; /* characters of the longest */

extern const uint64_t rf_decimal_powers[20]; /* of 10, but 0 for the first */
extern const char rf_decimal_pairs[201];     /* two digits a number below 100 */

static inline uint64_t rf_decimal_amount(int64_t number)
{
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

static inline size_t rf_decimal_size(int64_t number)
{
    const uint64_t n = rf_decimal_amount(number);
    /* 1233 / 4096 is a little less than the logarithm of 2 */
    const unsigned least = (64u - (unsigned)__builtin_clzll(n | 1)) * 1233 >> 12;
    return least + (n >= rf_decimal_powers[least]) + (number < 0);
}

/* size: that of number; no end mark is written */
static inline void rf_decimal_write(char *at, size_t size, int64_t number)
{
    uint64_t rest = rf_decimal_amount(number);
    if (number < 0) *at = '-';
    char *end = at + size;
    for (; rest >= 100; rest /= 100) {
        end -= 2;
        memcpy(end, &rf_decimal_pairs[rest % 100 * 2], 2);
    }
    if (rest >= 10)
        memcpy(end - 2, &rf_decimal_pairs[rest * 2], 2);
    else
        end[-1] = (char)('0' + rest);
}

/* The digits of a number below 10^8 as text in a word, the first in its lowest byte, with zeros behind; *count of them.  All
 * are found side by side: halves of four are divided into pairs, these into digits. */
enum { RF_DECIMAL_EIGHT = 100000000 };
static inline uint64_t rf_decimal_short(uint32_t number, size_t *count)
{
    const uint64_t halves = number / 10000 | (uint64_t)(number % 10000) << 32;
    const uint64_t hundreds = (halves * 10486 >> 20) & UINT64_C(0x0000007F0000007F); /* n / 100 for n below 10^4 */
    const uint64_t pairs = hundreds | (halves - hundreds * 100) << 16;
    const uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000F000F000F000F); /* n / 10 for n below 100 */
    const uint64_t digits = tens | (pairs - tens * 10) << 8; /* the first in the lowest byte */
    const unsigned zeros = (unsigned)__builtin_ctzll(digits | UINT64_C(1) << 56) / 8; /* in front, but for the last */
    *count = 8 - zeros;
    return (digits | UINT64_C(0x3030303030303030)) >> 8 * zeros;
}

#endif
