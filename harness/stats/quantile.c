/* Order statistics and moments.  Everything that needs an order sorts a copy: samples here have
 * tens of values, and a caller's series must keep its order of execution. */
#include "stats/quantile.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void stats_sort(double *values, size_t count)
{
    if (count > 1) qsort(values, count, sizeof *values, compare_doubles);
}

static double *sorted_copy(const double *values, size_t count)
{
    double *copy = rf_alloc_array(double, count);
    memcpy(copy, values, count * sizeof *copy);
    stats_sort(copy, count);
    return copy;
}

double stats_quantile_sorted(const double *sorted, size_t count, double p)
{
    double place = (double)(count - 1) * fmin(fmax(p, 0), 1);
    size_t below = (size_t)place;
    if (below + 1 >= count) return sorted[count - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

double stats_quantile(const double *values, size_t count, double p)
{
    double *sorted = sorted_copy(values, count);
    double result = stats_quantile_sorted(sorted, count, p);
    rf_free(sorted);
    return result;
}

double stats_median(const double *values, size_t count)
{
    if (count == 0) return 0;
    double *sorted = sorted_copy(values, count);
    size_t half = count / 2;
    double result = count % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    rf_free(sorted);
    return result;
}

double stats_mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += values[i];
    return count ? sum / (double)count : 0;
}

double stats_variance(const double *values, size_t count)
{
    if (count < 2) return 0;
    double mean = stats_mean(values, count), squares = 0;
    for (size_t i = 0; i < count; i++) squares += (values[i] - mean) * (values[i] - mean);
    return squares / (double)(count - 1);
}

double stats_sd(const double *values, size_t count)
{
    return sqrt(stats_variance(values, count));
}

double stats_mad(const double *values, size_t count)
{
    if (count == 0) return 0;
    double middle = stats_median(values, count);
    double *deviations = rf_alloc_array(double, count);
    for (size_t i = 0; i < count; i++) deviations[i] = fabs(values[i] - middle);
    double result = stats_median(deviations, count);
    rf_free(deviations);
    return result;
}
