/* S3, S4: the ratio of two variants measured in the same blocks. */
#ifndef STATS_PAIRED_H
#define STATS_PAIRED_H

#include <stdbool.h>
#include <stddef.h>

typedef struct stats_ratio {
    double ratio, low, high; /* A / B, 1 is equal; low = high = ratio without an interval */
    double log_ratio, log_low, log_high;
    double sd;         /* s: sample standard deviation of d; 0 where the method has none */
    double df;         /* degrees of freedom of s: n - 1, or the pilot's */
    size_t count;      /* blocks, or n_A + n_B when unpaired */
    double p;          /* two-sided p of "ratio is 1"; 1 without an interval */
    double confidence; /* of the interval, exact methods reach at least 1 - alpha; 0 without one */
    bool has_interval;
} stats_ratio;

/* d[i] = y_a[i] - y_b[i]. d may be y_a or y_b. */
void stats_differences(const double *y_a, const double *y_b, size_t count, double *d);
/* S3: R = exp(m), exp(m +- t_{n-1,1-alpha/2} s / sqrt n). An interval needs n >= 5. */
stats_ratio stats_ratio_paired(const double *d, size_t count, double alpha);
/* S4: Hodges-Lehmann estimate, the median of the M = n(n+1)/2 averages (d_i + d_j)/2, i <= j, and
 * the exact Wilcoxon signed-rank interval: the k-th average from both ends, k the largest with 2
 * P(T+ <= k - 1) <= alpha. Exact for n <= 60, normal with continuity correction above; p uses zeros
 * dropped and mid-ranks, normal with tie correction when there are any. Source: Hollander and
 * Wolfe, Nonparametric Statistical Methods, 3.1-3.3. */
stats_ratio stats_ratio_signed_rank(const double *d, size_t count, double alpha);

#endif
