/* Order statistics and moments of one sample. */
#ifndef STATS_QUANTILE_H
#define STATS_QUANTILE_H

#include <stddef.h>

/* Sorts ascending in place. No NaN. */
void stats_sort(double *values, size_t count);
/* The value that sorting would bring to values[index]; what is smaller is moved before it, what is
 * larger behind it.  For the few order statistics of very many values. */
double stats_select(double *values, size_t count, size_t index);
/* Median of values, which are rearranged; 0 for none. */
double stats_median_select(double *values, size_t count);
/* Quantile p in [0, 1] of an ascending sample by linear interpolation between order statistics,
 * h = (n - 1) p (Hyndman and Fan 1996, type 7). count >= 1. */
double stats_quantile_sorted(const double *sorted, size_t count, double p);
/* The same of a sample in any order; the sample is not changed. */
double stats_quantile(const double *values, size_t count, double p);
/* Middle value, or mean of the two middle ones; 0 when count is 0. */
double stats_median(const double *values, size_t count);
double stats_mean(const double *values, size_t count); /* 0 when count is 0 */
/* Sum (v - mean)^2 / (n - 1), in two passes; 0 when count < 2. */
double stats_variance(const double *values, size_t count);
double stats_sd(const double *values, size_t count);
/* Median of |v - median|, unscaled. Times 1.4826 it estimates the standard deviation of a normal
 * sample. */
double stats_mad(const double *values, size_t count);

#endif
