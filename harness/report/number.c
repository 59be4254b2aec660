#include "report/number.h"

#include <math.h>
#include <stdio.h>

enum { DIGITS = 3 };

const char *report_significant(double value, char out[REPORT_NUMBER_SIZE])
{
    enum { MOST_DECIMALS = 9 };
    int magnitude = value == 0 ? 0 : (int)floor(log10(fabs(value)));
    /* 9.996 rounds to 10.0: one digit fewer behind the point. */
    if (value != 0 && fabs(value) / pow(10, magnitude) >= 10 - 0.5 * pow(10, 1 - DIGITS))
        magnitude++;
    int decimals = DIGITS - 1 - magnitude;
    if (decimals < 0) decimals = 0;
    if (decimals > MOST_DECIMALS) decimals = MOST_DECIMALS;
    snprintf(out, REPORT_NUMBER_SIZE, "%.*f", decimals, value);
    return out;
}

report_unit report_time_unit(double value_ns, double at_least)
{
    static const report_unit units[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
    size_t i = 0;
    while (i + 1 < RF_COUNT_OF(units) && value_ns < at_least * units[i].scale) i++;
    return units[i];
}

const char *report_duration(double ns, char out[REPORT_NUMBER_SIZE])
{
    report_unit unit = report_time_unit(ns, 1);
    char number[REPORT_NUMBER_SIZE];
    double value = ns / unit.scale;
    if (!(ns > 0 || ns < 0)) {
        snprintf(out, REPORT_NUMBER_SIZE, "0");
        return out;
    }
    if (value >= 10)
        snprintf(number, sizeof number, "%.0f", value);
    else
        snprintf(number, sizeof number, "%.1f", value);
    snprintf(out, REPORT_NUMBER_SIZE, "%.20s %s", number, unit.name);
    return out;
}
