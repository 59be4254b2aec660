/* Order statistics and moments.  Everything that needs an order sorts a copy: samples here have
 * tens of values, and a caller's series must keep its order of execution. */
#include "stats/quantile.h"

#include "base/alloc.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { run_length = 32 };

static void sort_run(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double value = values[i];
        size_t at = i;
        for (; at > 0 && values[at - 1] > value; at--) values[at] = values[at - 1];
        values[at] = value;
    }
}

/* from[at .. middle) and from[middle .. end), each in order, to to[at .. end) */
static void merge(const double *from, size_t at, size_t middle, size_t end, double *to)
{
    for (size_t left = at, right = middle; at < end; at++) {
        bool takes_left = right == end || (left < middle && !(from[right] < from[left]));
        to[at] = takes_left ? from[left++] : from[right++];
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Runs are merged; qsort does the same but calls back for each comparison. */
void stats_sort(double *values, size_t count)
{
    for (size_t at = 0; at < count; at += run_length)
        sort_run(values + at, least(run_length, count - at));
    if (count <= run_length) return;
    double *spare = rf_alloc_array(double, count), *from = values, *to = spare;
    for (size_t width = run_length; width < count; width *= 2) {
        for (size_t at = 0; at < count; at += 2 * width)
            merge(from, at, least(at + width, count), least(at + 2 * width, count), to);
        double *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != values) memcpy(values, from, count * sizeof *values);
    rf_free(spare);
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
