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

#endif
