#include "suite/quantity.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct unit {
    const char *name;
    double factor;
} unit;

/* A non-negative decimal number at the start of text; end is set behind it. No hexadecimal, inf or
 * nan. */
static bool parse_number(const char *text, double *number, const char **end)
{
    size_t digits = strspn(text, "0123456789.");
    if (digits == 0 || digits > 40) return false;
    char copy[48];
    memcpy(copy, text, digits);
    copy[digits] = '\0';
    char *stop;
    *number = strtod(copy, &stop);
    *end = text + digits;
    return *stop == '\0' && isfinite(*number);
}

static bool parse_with_unit(const char *text, const unit *units, size_t count, double *value)
{
    const char *rest;
    double number;
    if (!parse_number(text, &number, &rest)) return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(rest, units[i].name) == 0) {
            *value = number * units[i].factor;
            return true;
        }
    return false;
}

bool quantity_parse_duration(const char *text, int64_t *ns)
{
    static const unit units[] = {{"ns", 1},  {"us", 1e3}, {"ms", 1e6},
                                 {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}};
    double value;
    if (!parse_with_unit(text, units, RF_COUNT_OF(units), &value) || value > 9e18) return false;
    *ns = (int64_t)value;
    return true;
}

bool quantity_parse_bytes(const char *text, uint64_t *bytes)
{
    static const unit units[] = {{"", 1},     {"B", 1},      {"kB", 1e3},      {"MB", 1e6},
                                 {"GB", 1e9}, {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}};
    double value;
    if (!parse_with_unit(text, units, RF_COUNT_OF(units), &value) || value > 9e18) return false;
    *bytes = (uint64_t)value;
    return true;
}

bool quantity_parse_fraction(const char *text, double *fraction)
{
    static const unit units[] = {{"", 1}, {"%", 0.01}};
    return parse_with_unit(text, units, RF_COUNT_OF(units), fraction);
}

bool quantity_parse_count(const char *text, uint64_t *count)
{
    if (*text == '\0' || strspn(text, "0123456789") != strlen(text)) return false;
    errno = 0;
    unsigned long long number = strtoull(text, NULL, 10);
    if (errno || number > INT64_MAX) return false;
    *count = number;
    return true;
}
