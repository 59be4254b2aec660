/* S10: how much iterations differ within a process, and processes from each other. */
#ifndef STATS_SPREAD_H
#define STATS_SPREAD_H

#include <stddef.h>

typedef struct stats_spread {
    double within;        /* w = mean_b var_i(ln x) */
    double between;       /* B = max(0, var_b(mean_i ln x) - w / r) */
    double correlation;   /* ICC = B / (B + w), 0 when both are 0 */
    double design_effect; /* 1 + (r - 1) ICC */
    double iterations;    /* r, the harmonic mean of the iteration counts */
} stats_spread;

/* y holds the logs of all iterations, process after process; counts[b] >= 1 says how many belong to
 * process b. */
stats_spread stats_two_level_spread(const double *y, const size_t *counts, size_t process_count);

#endif
