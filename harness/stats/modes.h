/* S16: one sample, two levels. */
#ifndef STATS_MODES_H
#define STATS_MODES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct stats_levels {
    bool two;         /* largest gap > 4 x median gap, and both sides hold >= 20 % of the points */
    size_t low_count; /* points below the gap */
    double low, high; /* medians of the two sides, logs */
} stats_levels;

/* Needs 5 values. Equal neighbours give gaps of 0, which count. */
stats_levels stats_find_levels(const double *y, size_t count);

#endif
