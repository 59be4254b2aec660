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

enum { insertion_max = 32 };

/* Most samples are short: for them the calls of qsort cost more than the moves. */
static void sort_few(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double value = values[i];
        size_t at = i;
        for (; at > 0 && values[at - 1] > value; at--) values[at] = values[at - 1];
        values[at] = value;
    }
}

void stats_sort(double *values, size_t count)
{
    if (count <= insertion_max)
        sort_few(values, count);
    else
        qsort(values, count, sizeof *values, compare_doubles);
}

static double middle_of_three(double a, double b, double c)
{
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Hoare's quickselect; the pivot is the median of both ends and the middle. */
double stats_select(double *values, size_t count, size_t index)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        double pivot = middle_of_three(values[low], values[low + (high - low) / 2], values[high]);
        size_t left = low, right = high;
        while (left <= right) {
            while (values[left] < pivot) left++;
            while (values[right] > pivot) right--;
            if (left > right) break;
            double value = values[left];
            values[left++] = values[right];
            values[right] = value;
            if (right == 0) break;
            right--;
        }
        if (index <= right)
            high = right;
        else if (index >= left)
            low = left;
        else
            break;
    }
    return values[index];
}

double stats_median_select(double *values, size_t count)
{
    if (count == 0) return 0;
    const size_t middle = count / 2;
    const double upper = stats_select(values, count, middle);
    if (count % 2) return upper;
    double lower = values[0]; /* the largest of those that selecting has put below */
    for (size_t i = 1; i < middle; i++)
        if (values[i] > lower) lower = values[i];
    return (lower + upper) / 2;
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
    double *copy = rf_alloc_array(double, count);
    memcpy(copy, values, count * sizeof *copy);
    double result = stats_median_select(copy, count);
    rf_free(copy);
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
