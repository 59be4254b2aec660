/* Plain scalars of YAML: null, bools and numbers of the core schema, everything else strings. */
#include "lib/yaml_scalar.h"

#include "base/buffer.h"
#include "value/format.h"

#include <math.h>
#include <string.h>

static bool is_one_of(const char *text, size_t size, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == size && memcmp(words[i], text, size) == 0) return true;
    return false;
}

#define IS_ONE_OF(text, size, ...)                                                                 \
    is_one_of((text), (size), (const char *const[]){__VA_ARGS__},                                  \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static size_t count_digits(const char *text, size_t size)
{
    size_t count = 0;
    while (count < size && text[count] >= '0' && text[count] <= '9') count++;
    return count;
}

/* 0x, 0o, 0b and their digits; false: it is no such int, or one that is too large. */
static bool resolve_based(const char *text, size_t size, int64_t *out)
{
    if (size < 3 || text[0] != '0') return false;
    const int base = text[1] == 'x' ? 16 : text[1] == 'o' ? 8 : text[1] == 'b' ? 2 : 0;
    *out = 0;
    for (size_t i = 2; i < size && base; i++) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9'                     ? c - '0'
                          : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                   : 99;
        if (digit >= base || __builtin_mul_overflow(*out, base, out) ||
            __builtin_add_overflow(*out, digit, out))
            return false;
    }
    return base != 0;
}

/* digits, point, exponent; 0: no number, 1: an int, 2: a float.  A leading zero makes a string. */
static int number_kind(const char *text, size_t size)
{
    const size_t whole = count_digits(text, size);
    if (whole > 1 && text[0] == '0') return 0;
    size_t at = whole, places = 0;
    if (at == size) return whole ? 1 : 0;
    if (text[at] == '.') {
        at++;
        places = count_digits(text + at, size - at);
        at += places;
    }
    if (!whole && !places) return 0;
    if (at < size && (text[at] | 0x20) == 'e') {
        at++;
        if (at < size && (text[at] == '+' || text[at] == '-')) at++;
        const size_t digits = count_digits(text + at, size - at);
        if (!digits) return 0;
        at += digits;
    }
    return at == size ? 2 : 0;
}

static rf_value resolve_number(const char *text, size_t size)
{
    const bool is_signed = size && (text[0] == '+' || text[0] == '-');
    const char *digits = text + is_signed;
    const size_t count = size - is_signed;
    int64_t whole;
    double number;
    if (!is_signed && resolve_based(text, size, &whole)) return rf_int(whole);
    if (IS_ONE_OF(digits, count, ".inf", ".Inf", ".INF"))
        return rf_float(text[0] == '-' ? -INFINITY : INFINITY);
    if (IS_ONE_OF(text, size, ".nan", ".NaN", ".NAN")) return rf_float(NAN);
    const int kind = number_kind(digits, count);
    if (!kind) return rf_unset();
    const char *from = text[0] == '+' ? digits : text;
    const size_t length = (size_t)(text + size - from);
    if (kind == 1 && rf_parse_int(from, length, &whole)) return rf_int(whole);
    return rf_parse_float(from, length, &number) ? rf_float(number) : rf_unset();
}

rf_value rf_yaml_resolve(const char *text, size_t size)
{
    if (size == 0 || IS_ONE_OF(text, size, "~", "null", "Null", "NULL")) return rf_null();
    if (IS_ONE_OF(text, size, "true", "True", "TRUE")) return rf_bool(true);
    if (IS_ONE_OF(text, size, "false", "False", "FALSE")) return rf_bool(false);
    return resolve_number(text, size);
}
