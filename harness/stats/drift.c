#include "stats/drift.h"

#include "base/alloc.h"
#include "stats/distribution.h"
#include "stats/quantile.h"
#include "stats/rank.h"

#include <math.h>

double stats_theil_sen(const double *y, size_t count)
{
    if (count < 2) return 0;
    size_t pair_count = count * (count - 1) / 2, used = 0;
    double *slopes = rf_alloc_array(double, pair_count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) slopes[used++] = (y[j] - y[i]) / (double)(j - i);
    double slope = stats_median_select(slopes, pair_count);
    rf_free(slopes);
    return slope;
}

/* Sum over tie groups of t (t - 1)(2 t + 5), the correction of the variance of S. */
static double kendall_tie_sum(const double *y, size_t count)
{
    double *sorted = rf_alloc_array(double, count), sum = 0;
    for (size_t i = 0; i < count; i++) sorted[i] = y[i];
    stats_sort(sorted, count);
    for (size_t begin = 0, end; begin < count; begin = end) {
        end = begin + 1;
        while (end < count && sorted[end] == sorted[begin]) end++;
        double size = (double)(end - begin);
        sum += size * (size - 1) * (2 * size + 5);
    }
    rf_free(sorted);
    return sum;
}

stats_mann_kendall stats_mann_kendall_test(const double *y, size_t count, double inflation)
{
    stats_mann_kendall result = {.p = 1};
    if (count < 2) return result;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) result.s += (y[j] > y[i]) - (y[j] < y[i]);
    double n = (double)count;
    double variance = (n * (n - 1) * (2 * n + 5) - kendall_tie_sum(y, count)) / 18 * inflation;
    if (variance <= 0 || result.s == 0) return result;
    result.z = (result.s - copysign(1, result.s)) / sqrt(variance);
    result.p = fmin(1, 2 * stats_student_tail(fabs(result.z), INFINITY));
    return result;
}

double stats_autocorrelation(const double *y, size_t count)
{
    if (count < 3) return 0;
    double mean = stats_mean(y, count), products = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        squares += (y[i] - mean) * (y[i] - mean);
        if (i + 1 < count) products += (y[i] - mean) * (y[i + 1] - mean);
    }
    return squares > 0 ? products / squares : 0;
}

stats_drift stats_session_drift(const double *block_means, const double *d, size_t count,
                                double delta)
{
    stats_drift drift = {.slope = stats_theil_sen(block_means, count),
                         .p = stats_mann_kendall_test(block_means, count, 1).p,
                         .autocorrelation = d ? stats_autocorrelation(d, count) : 0};
    drift.change = drift.slope * (double)count;
    drift.warn = fabs(drift.change) > delta || drift.p < 0.01;
    return drift;
}
