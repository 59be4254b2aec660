/* Rank statistics: exact null distributions by dynamic programming, normal limits with ties, S5. */
#ifndef STATS_RANK_H
#define STATS_RANK_H

#include "stats/paired.h"

#include <stdbool.h>
#include <stddef.h>

/* Mid-ranks (1-based, ties share the mean of their ranks) of values into ranks.
 * Returns the tie sum: sum over groups of t^3 - t; 0 says there are no ties. */
double stats_rank(const double *values, size_t count, double *ranks);

/* Null distribution of the Wilcoxon signed-rank sum T+ for n pairs without ties:
 * out[t] = P(T+ <= t), t = 0..n(n+1)/2, so out holds n(n+1)/2 + 1 values. n <= 60. */
void stats_signed_rank_cdf(size_t n, double *out);
/* Null distribution of Mann-Whitney U for sizes n and m: out[u] = P(U <= u), u = 0..n*m. n*m <=
 * 900. */
void stats_mann_whitney_cdf(size_t n, size_t m, double *out);

/* Two-sided p of the signed-rank test of "d is symmetric around 0" (zeros dropped). *exact says
 * whether the exact distribution was used; it may be NULL. */
double stats_signed_rank_p(const double *d, size_t count, bool *exact);
/* Two-sided p of Mann-Whitney of a against b: exact for n*m <= 900 without ties, else normal with
 * tie and continuity correction. */
double stats_mann_whitney_p(const double *a, size_t count_a, const double *b, size_t count_b,
                            bool *exact);

/* S5: A / B of two samples that share no blocks. Hodges-Lehmann shift, the median of all y_a[i] -
 * y_b[j]; interval from the k-th smallest and largest difference, k from the Mann-Whitney
 * distribution. The caller checks that both come from the same machine state and labels the row
 * `historical`. has_interval is false when the samples are too small for that confidence (3 and 4
 * at 95 %). Source: Hollander and Wolfe 4.2-4.3. */
stats_ratio stats_ratio_unpaired(const double *y_a, size_t count_a, const double *y_b,
                                 size_t count_b, double alpha);

#endif
