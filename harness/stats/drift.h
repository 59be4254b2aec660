/* S15: does the machine change while we measure. */
#ifndef STATS_DRIFT_H
#define STATS_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

/* Median of all slopes (y_j - y_i) / (j - i), i < j: change of y a step. 0 when count < 2. */
double stats_theil_sen(const double *y, size_t count);

typedef struct stats_mann_kendall {
    double s; /* #(y_j > y_i) - #(y_j < y_i), i < j */
    double z; /* with continuity correction; the variance is corrected for ties and inflated */
    double p; /* two-sided */
} stats_mann_kendall;

/* inflation >= 1 multiplies the variance of S; 1 is the classic test. Source: Kendall 1975. */
stats_mann_kendall stats_mann_kendall_test(const double *y, size_t count, double inflation);
/* r_1 = sum (y_i - m)(y_{i+1} - m) / sum (y_i - m)^2; 0 when count < 3 or all are equal. */
double stats_autocorrelation(const double *y, size_t count);

typedef struct stats_drift {
    double slope;           /* log units a block */
    double change;          /* slope x n: over the whole session */
    double p;               /* Mann-Kendall, two-sided */
    double autocorrelation; /* lag 1, of d */
    bool warn;              /* |change| > delta or p < 0.01 */
} stats_drift;

/* block_means: mean log time of each block in order of execution. d: paired differences in the same
 * order, or NULL. */
stats_drift stats_session_drift(const double *block_means, const double *d, size_t count,
                                double delta);

#endif
