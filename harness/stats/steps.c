/* S19.  The energy statistic locates a step well but its usual t-test breaks with outliers; ranks
 * and permutations decide well but locate less well: each does what it is good at. */
#include "stats/steps.h"

#include "base/alloc.h"
#include "stats/drift.h"
#include "stats/quantile.h"
#include "stats/random.h"
#include "stats/rank.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { segment_min = STATS_STEP_SEGMENT_MIN };

static double distance_sum(const double *y, size_t begin, size_t end, double from)
{
    double sum = 0;
    for (size_t i = begin; i < end; i++) sum += fabs(y[i] - from);
    return sum;
}

/* Moving one point from right to left changes the three sums by its distances to both sides: O(n^2)
 * in all. */
size_t stats_locate_step(const double *y, size_t count)
{
    double left = 0, right = 0, all = 0, best_energy = -INFINITY;
    for (size_t i = 0; i < count; i++) all += distance_sum(y, i + 1, count, y[i]);
    right = all;
    size_t best = segment_min;
    for (size_t split = 1; split + segment_min <= count; split++) {
        left += distance_sum(y, 0, split - 1, y[split - 1]);
        right -= distance_sum(y, split, count, y[split - 1]);
        if (split < segment_min) continue;
        double m = (double)split, n = (double)(count - split);
        double energy = 2 / (m + n) * (all - left - right) - 2 * n / ((m + n) * (m - 1)) * left -
                        2 * m / ((m + n) * (n - 1)) * right;
        if (energy > best_energy) {
            best_energy = energy;
            best = split;
        }
    }
    return best;
}

/* The largest standardised rank sum over all splits. weights[split] = 1 / sqrt(split (n - split));
 * constant factors are left out since they are the same for every arrangement. */
static double largest_rank_sum(const double *ranks, const double *weights, size_t count)
{
    double sum = 0, middle = ((double)count + 1) / 2, largest = 0;
    for (size_t split = 1; split + segment_min <= count; split++) {
        sum += ranks[split - 1] - middle;
        if (split < segment_min) continue;
        double size = fabs(sum) * weights[split];
        if (size > largest) largest = size;
    }
    return largest;
}

/* Lays the blocks of ranks out in a random order. */
static void arrange_blocks(const double *ranks, size_t count, size_t block_length, uint32_t *order,
                           stats_random *random, double *out)
{
    size_t block_count = (count + block_length - 1) / block_length, at = 0;
    stats_random_shuffle(random, order, block_count);
    for (size_t i = 0; i < block_count; i++) {
        size_t begin = order[i] * block_length;
        size_t length = begin + block_length > count ? count - begin : block_length;
        memcpy(out + at, ranks + begin, length * sizeof *out);
        at += length;
    }
}

double stats_step_p(const double *y, size_t count, size_t block_length, unsigned permutations,
                    uint64_t seed)
{
    double *ranks = rf_alloc_array(double, count), *arranged = rf_alloc_array(double, count);
    double *weights = rf_alloc_array(double, count);
    uint32_t *order = rf_alloc_array(uint32_t, count);
    weights[0] = 0;
    for (size_t i = 0; i < count; i++) order[i] = (uint32_t)i;
    for (size_t i = 1; i < count; i++) weights[i] = 1 / sqrt((double)i * (double)(count - i));
    stats_rank(y, count, ranks);
    stats_random random;
    stats_random_init(&random, seed);
    /* Equal arrangements must count as equal although their sums are rounded differently. */
    double observed = largest_rank_sum(ranks, weights, count) * (1 - 1e-12);
    unsigned as_large = 0;
    for (unsigned i = 0; i < permutations; i++) {
        arrange_blocks(ranks, count, block_length, order, &random, arranged);
        if (largest_rank_sum(arranged, weights, count) >= observed) as_large++;
    }
    rf_free(order);
    rf_free(weights);
    rf_free(arranged);
    rf_free(ranks);
    return (1 + (double)as_large) / (1 + (double)permutations);
}

static void subtract_median(const double *y, size_t count, double *out)
{
    double middle = stats_median(y, count);
    for (size_t i = 0; i < count; i++) out[i] = y[i] - middle;
}

/* Noise of single points, from neighbours, since these rarely stand on different levels. */
static double neighbour_noise(const double *y, size_t count)
{
    double *changes = rf_alloc_array(double, count);
    for (size_t i = 0; i + 1 < count; i++) changes[i] = fabs(y[i + 1] - y[i]);
    double noise = stats_median(changes, count - 1) / M_SQRT2;
    rf_free(changes);
    return noise;
}

/* y minus the medians of the two sides of `split`, and of the sides of further splits in them where
 * the levels differ by more than `plain`, so much that no test is needed.  A step left in the
 * residuals would pass for autocorrelation and make the test of its neighbour blind. */
static void residuals_of(const double *y, size_t count, size_t split, double plain, double *out)
{
    const size_t begins[] = {0, split}, ends[] = {split, count};
    for (int side = 0; side < 2; side++) {
        const double *part = y + begins[side];
        double *rest = out + begins[side];
        size_t length = ends[side] - begins[side];
        subtract_median(part, length, rest);
        if (length < 2 * segment_min) continue;
        size_t further = stats_locate_step(part, length);
        double before = stats_median(part, further);
        double after = stats_median(part + further, length - further);
        if (fabs(after - before) > plain) residuals_of(part, length, further, plain, rest);
    }
}

static size_t block_length_for(const double *y, size_t count, size_t split)
{
    double *residuals = rf_alloc_array(double, count);
    residuals_of(y, count, split, 6 * neighbour_noise(y, count), residuals);
    double rho = fmin(stats_autocorrelation(residuals, count), 0.95);
    rf_free(residuals);
    return rho <= 0 ? 1 : (size_t)ceil((1 + rho) / (1 - rho));
}

/* p of the step at `split` of the window y[0..count); `first` makes windows draw different numbers.
 */
static double decide(const double *y, size_t first, size_t count, size_t split,
                     const stats_step_options *options)
{
    uint64_t seed = options->seed ^ ((uint64_t)first << 32 | count);
    return stats_step_p(y + first, count, block_length_for(y + first, count, split),
                        options->permutations, seed);
}

/* Steps of y[begin..end) into out by recursion; returns how many. */
static size_t split_window(const double *y, size_t begin, size_t end,
                           const stats_step_options *options, stats_step *out)
{
    size_t count = end - begin;
    if (count < 2 * segment_min) return 0;
    size_t split = stats_locate_step(y + begin, count);
    if (decide(y, begin, count, split, options) > options->alpha) return 0;
    size_t found = split_window(y, begin, begin + split, options, out);
    out[found++] = (stats_step){.index = begin + split};
    return found + split_window(y, begin + split, end, options, out + found);
}

static size_t segment_begin(const stats_step *steps, size_t index)
{
    return index == 0 ? 0 : steps[index - 1].index;
}

static size_t segment_end(const stats_step *steps, size_t step_count, size_t index, size_t count)
{
    return index == step_count ? count : steps[index].index;
}

/* Median absolute residual from the segments' medians. */
static double residual_mad(const double *y, size_t count, const stats_step *steps,
                           size_t step_count)
{
    double *residuals = rf_alloc_array(double, count);
    for (size_t s = 0; s <= step_count; s++) {
        size_t begin = segment_begin(steps, s), end = segment_end(steps, step_count, s, count);
        double middle = stats_median(y + begin, end - begin);
        for (size_t i = begin; i < end; i++) residuals[i] = y[i] - middle;
    }
    double mad = stats_mad(residuals, count);
    rf_free(residuals);
    return mad;
}

static void measure_step(const double *y, size_t count, stats_step *steps, size_t step_count,
                         size_t s, const stats_step_options *options)
{
    stats_step *step = &steps[s];
    size_t begin = segment_begin(steps, s), end = segment_end(steps, step_count, s + 1, count);
    step->before = stats_median(y + begin, step->index - begin);
    step->after = stats_median(y + step->index, end - step->index);
    step->size = step->after - step->before;
    step->p = decide(y, begin, end - begin, step->index - begin, options);
}

/* The step to drop next, step_count when all stand: among those that fail, the smallest. */
static size_t weakest_failing(const stats_step *steps, size_t step_count, double size_min,
                              double alpha)
{
    size_t weakest = step_count;
    for (size_t s = 0; s < step_count; s++) {
        if (steps[s].p <= alpha && fabs(steps[s].size) >= size_min) continue;
        if (weakest == step_count || fabs(steps[s].size) < fabs(steps[weakest].size)) weakest = s;
    }
    return weakest;
}

size_t stats_find_steps(const double *y, size_t count, const stats_step_options *options,
                        stats_step *steps)
{
    size_t found = split_window(y, 0, count, options, steps);
    for (size_t s = 0; s < found; s++) measure_step(y, count, steps, found, s, options);
    while (found) {
        double size_min = fmax(log1p(options->delta), 3 * residual_mad(y, count, steps, found));
        size_t drop = weakest_failing(steps, found, size_min, options->alpha);
        if (drop == found) break;
        memmove(steps + drop, steps + drop + 1, (found - drop - 1) * sizeof *steps);
        found--;
        if (drop > 0) measure_step(y, count, steps, found, drop - 1, options);
        if (drop < found) measure_step(y, count, steps, found, drop, options);
    }
    return found;
}
