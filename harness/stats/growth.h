/* S24: how time grows with size. */
#ifndef STATS_GROWTH_H
#define STATS_GROWTH_H

#include <stdbool.h>
#include <stddef.h>

typedef struct stats_growth {
    double exponent, low, high; /* of size; 1 is linear */
    double coefficient;         /* time at size 1, natural unit */
    bool valid;                 /* at least 4 sizes, not all equal */
} stats_growth;

/* Least squares of ln time over ln size, exponent with a t interval of count - 2 degrees. size,
 * time > 0. */
stats_growth stats_fit_growth(const double *size, const double *time, size_t count, double alpha);

#endif
