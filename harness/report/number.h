/* Numbers as people read them: three significant digits, one unit a column. */
#ifndef REPORT_NUMBER_H
#define REPORT_NUMBER_H

#include "base/base.h"

#define REPORT_NUMBER_SIZE 32

/* "1.21", "21.4", "148", "0.0312", "1.04"; never an exponent. */
const char *report_significant(double value, char out[REPORT_NUMBER_SIZE]);

typedef struct report_unit {
    const char *name;
    double scale; /* base units in one of these */
} report_unit;

/* The largest unit of time in which value (ns) is at_least so much. */
report_unit report_time_unit(double value_ns, double at_least);
/* "9.8 s", "22 ms". */
const char *report_duration(double ns, char out[REPORT_NUMBER_SIZE]);

#endif
