#include "base/decimal.h"

#include <string.h>

static const uint64_t powers[] = {0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
                                  100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
                                  10000000000000000, 100000000000000000, 1000000000000000000, 10000000000000000000u};

/* two digits a number below 100 */
static const char twos[] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static uint64_t amount(int64_t number)
{
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

size_t rf_decimal_size(int64_t number)
{
    const uint64_t n = amount(number);
    /* 1233 / 4096 is a little less than the logarithm of 2 */
    const unsigned least = (64u - (unsigned)__builtin_clzll(n | 1)) * 1233 >> 12;
    return least + (n >= powers[least]) + (number < 0);
}

void rf_decimal_write(char *at, size_t size, int64_t number)
{
    uint64_t rest = amount(number);
    if (number < 0) *at = '-';
    char *end = at + size;
    for (; rest >= 100; rest /= 100) {
        end -= 2;
        memcpy(end, &twos[rest % 100 * 2], 2);
    }
    if (rest >= 10)
        memcpy(end - 2, &twos[rest * 2], 2);
    else
        end[-1] = (char)('0' + rest);
}
