/* Floats as text and back.
 *
 * Shortest digits by Steele and White's free-format algorithm (PLDI 1990): digits are produced
 * until what is left is within half the gap to the neighbouring floats.  In the range where
 * programs print, all quantities are integers below 2^128, so it is a loop of a few instructions a
 * digit (28 ns for 1234.5, 38 ns for sixteen digits); outside of it, and at powers of two where the
 * gap below is half of that above, the C library is asked for more and more digits until they read
 * back (850 ns). */
#include "value/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_DIGITS = 17 };

__extension__ typedef unsigned __int128 u128;

static unsigned integer_digits(uint64_t number, char *digits)
{
    char reversed[24];
    unsigned count = 0;
    for (; number; number /= 10) reversed[count++] = (char)('0' + number % 10);
    for (unsigned i = 0; i < count; i++) digits[i] = reversed[count - 1 - i];
    return count;
}

static unsigned strip_zeros(const char *digits, unsigned count)
{
    while (count > 1 && digits[count - 1] == '0') count--;
    return count;
}

/* 2^-67 <= number < 2^53, no power of two.  All is counted in units of half a gap: the number is 2
 * * mantissa, the gap's half is 1, and one is 2^scale.  Whole digits are exact because the gap is
 * at most one. */
static unsigned exact_digits(double number, char *digits, int *exponent10)
{
    int exponent;
    uint64_t mantissa = (uint64_t)(frexp(number, &exponent) * 0x1p53);
    unsigned scale = (unsigned)(54 - exponent); /* 1 to 120 */
    u128 one = (u128)1 << scale, rest = (u128)mantissa * 2, half_gap = 1;
    bool is_even = !(mantissa & 1); /* then the ends of the interval read back as the number, too */
    unsigned count = integer_digits((uint64_t)(rest >> scale), digits);
    *exponent10 = (int)count;
    rest &= one - 1;
    if (!rest) return strip_zeros(digits, count);
    for (;;) {
        rest *= 10;
        half_gap *= 10;
        unsigned digit = (unsigned)(rest >> scale);
        rest &= one - 1;
        bool may_end_low = is_even ? rest <= half_gap : rest < half_gap;
        bool may_end_high = is_even ? rest + half_gap >= one : rest + half_gap > one;
        if (may_end_high && (!may_end_low || rest * 2 > one || (rest * 2 == one && digit % 2)))
            digit++;
        if (count || digit)
            digits[count++] = (char)('0' + digit);
        else
            --*exponent10; /* a zero between the point and the first digit */
        if (may_end_low || may_end_high) return count;
    }
}

/* Correctly rounded to `count` digits; true when these read back as the number. */
static bool round_to(double number, unsigned count, char *digits, int *exponent10)
{
    char text[40];
    snprintf(text, sizeof text, "%.*e", (int)count - 1, number); /* d.ddde[+-]xx */
    digits[0] = text[0];
    if (count > 1) memcpy(digits + 1, text + 2, count - 1);
    *exponent10 = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
    return strtod(text, NULL) == number;
}

/* At a power of two the floats below lie twice as dense as those above, so the next decimal above
 * may read back where the nearest one, below, does not. */
static bool next_above_reads_back(double number, unsigned count, char *digits, int exponent10)
{
    int binary_exponent;
    if (frexp(number, &binary_exponent) != 0.5) return false;
    char text[40], above[LARGEST_DIGITS + 1];
    memcpy(above, digits, count);
    unsigned at = count - 1;
    while (at && above[at] == '9') above[at--] = '0';
    if (above[at] == '9') return false;
    above[at]++;
    snprintf(text, sizeof text, "0.%.*se%d", (int)count, above, exponent10);
    if (strtod(text, NULL) != number) return false;
    memcpy(digits, above, count);
    return true;
}

/* A normal float is read back from 17 digits always and, when it has at most 15, from its 15 first;
 * below the normal range any number of digits may do. */
static unsigned probed_digits(double number, char *digits, int *exponent10)
{
    unsigned count = number < 0x1p-1022 ? 1 : 15;
    for (; count < LARGEST_DIGITS; count++) {
        if (round_to(number, count, digits, exponent10)) break;
        if (next_above_reads_back(number, count, digits, *exponent10)) break;
    }
    if (count == LARGEST_DIGITS) round_to(number, count, digits, exponent10);
    return strip_zeros(digits, count);
}

unsigned rf_float_digits(double number, char *digits, int *exponent10)
{
    double magnitude = fabs(number);
    int exponent;
    if (magnitude >= 0x1p-67 && magnitude < 0x1p53 &&
        (frexp(magnitude, &exponent) != 0.5 || magnitude >= 1.0))
        return exact_digits(magnitude, digits, exponent10);
    return probed_digits(magnitude, digits, exponent10);
}

static void append_zeros(rf_buffer *out, int count)
{
    for (; count > 0; count--) rf_buffer_append_byte(out, '0');
}

void rf_format_float(double number, rf_buffer *out)
{
    if (isnan(number)) {
        rf_buffer_append_text(out, "NaN");
        return;
    }
    if (signbit(number)) rf_buffer_append_byte(out, '-');
    if (isinf(number)) {
        rf_buffer_append_text(out, "inf");
        return;
    }
    if (number == 0.0) {
        rf_buffer_append_byte(out, '0');
        return;
    }
    char digits[24];
    int exponent10;
    unsigned count = rf_float_digits(number, digits, &exponent10);
    if (exponent10 <= 0) {
        rf_buffer_append_text(out, "0.");
        append_zeros(out, -exponent10);
        rf_buffer_append(out, digits, count);
    } else if ((unsigned)exponent10 >= count) {
        rf_buffer_append(out, digits, count);
        append_zeros(out, exponent10 - (int)count);
    } else {
        rf_buffer_append(out, digits, (unsigned)exponent10);
        rf_buffer_append_byte(out, '.');
        rf_buffer_append(out, digits + exponent10, count - (unsigned)exponent10);
    }
}

/* ---- reading ---- */

static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void trim(const char **text, size_t *size)
{
    while (*size && is_white((*text)[0])) (*text)++, (*size)--;
    while (*size && is_white((*text)[*size - 1])) (*size)--;
}

bool rf_parse_int(const char *text, size_t size, int64_t *out)
{
    trim(&text, &size);
    bool is_negative = size && text[0] == '-';
    size_t at = size && (text[0] == '-' || text[0] == '+');
    if (at == size) return false;
    int64_t number = 0; /* built downwards: the least int has no positive */
    for (; at < size; at++) {
        unsigned digit = (unsigned)(unsigned char)text[at] - '0';
        if (digit > 9) return false;
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_sub_overflow(number, (int64_t)digit, &number))
            return false;
    }
    if (!is_negative && number == INT64_MIN) return false;
    *out = is_negative ? number : -number;
    return true;
}

static bool is_word(const char *text, size_t size, const char *word)
{
    return size == strlen(word) && strncasecmp(text, word, size) == 0;
}

static size_t skip_digits(const char *text, size_t size, size_t at)
{
    while (at < size && text[at] >= '0' && text[at] <= '9') at++;
    return at;
}

/* digits [. digits] [e [sign] digits], with digits on at least one side of the point */
static bool is_decimal(const char *text, size_t size)
{
    size_t at = skip_digits(text, size, 0), digits = at;
    if (at < size && text[at] == '.') {
        size_t end = skip_digits(text, size, at + 1);
        digits += end - at - 1;
        at = end;
    }
    if (!digits) return false;
    if (at < size && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        if (at < size && (text[at] == '+' || text[at] == '-')) at++;
        size_t end = skip_digits(text, size, at);
        if (end == at) return false;
        at = end;
    }
    return at == size;
}

bool rf_parse_float(const char *text, size_t size, double *out)
{
    trim(&text, &size);
    bool is_negative = size && text[0] == '-';
    size_t sign = size && (text[0] == '-' || text[0] == '+');
    const char *rest = text + sign;
    size_t rest_size = size - sign;
    double number;
    if (is_word(rest, rest_size, "inf") || is_word(rest, rest_size, "infinity")) {
        number = HUGE_VAL;
    } else if (is_word(rest, rest_size, "nan")) {
        number = (double)NAN;
    } else {
        if (!is_decimal(rest, rest_size)) return false;
        rf_buffer copy = RF_BUFFER_INIT; /* strtod wants a terminator */
        rf_buffer_append(&copy, rest, rest_size);
        number = strtod(copy.data, NULL);
        rf_buffer_release(&copy);
    }
    *out = is_negative ? -number : number;
    return true;
}
