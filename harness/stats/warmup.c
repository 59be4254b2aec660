/* S17, S18: segmentation by PELT and the classes of Barrett et al. (OOPSLA 2017).
 *
 * Single slow iterations (a collection, an interrupt) would each open a segment of their own, so
 * they are replaced first; only the flagged run at the start survives, since that is what warm-up
 * looks like. */
#include "stats/warmup.h"

#include "base/alloc.h"
#include "stats/quantile.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { filter_window = 200, segment_min = 3 };
static const double ln_two_pi = 1.83787706640934548356;

/* The window of a filter as a sorted run that one value enters and one leaves. */
typedef struct sorted_window {
    double *values;
    size_t count;
} sorted_window;

/* First place whose value is >= value. */
static size_t window_place(const sorted_window *window, double value)
{
    size_t low = 0, high = window->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (window->values[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void window_replace(sorted_window *window, double old, double fresh)
{
    size_t hole = window_place(window, old);
    memmove(window->values + hole, window->values + hole + 1,
            (window->count - hole - 1) * sizeof *window->values);
    window->count--;
    size_t place = window_place(window, fresh);
    memmove(window->values + place + 1, window->values + place,
            (window->count - place) * sizeof *window->values);
    window->values[place] = fresh;
    window->count++;
}

size_t stats_filter_outliers(const double *x, size_t count, double *out)
{
    memcpy(out, x, count * sizeof *out);
    size_t width = count < 2 * filter_window ? count / 2 : filter_window;
    if (width < segment_min) return 0;
    sorted_window window = {rf_alloc_array(double, width), width};
    memcpy(window.values, x, width * sizeof *x);
    stats_sort(window.values, width);
    size_t begin = 0, replaced = 0;
    double middle = 0, range = 0;
    bool at_start = true;
    for (size_t i = 0; i < count; i++) {
        bool moves = i > begin + width / 2 && begin + width < count;
        if (moves) {
            window_replace(&window, x[begin], x[begin + width]);
            begin++;
        }
        if (moves || i == 0) {
            middle = stats_quantile_sorted(window.values, width, 0.5);
            range = stats_quantile_sorted(window.values, width, 0.9) -
                    stats_quantile_sorted(window.values, width, 0.1);
        }
        bool flagged = fabs(x[i] - middle) > 3 * range;
        if (!flagged || i >= count / 4) at_start = false;
        if (!flagged || at_start) continue;
        out[i] = middle;
        replaced++;
    }
    rf_free(window.values);
    return replaced;
}

/* Running sums of x - origin and of its square: mean and variance of any segment in O(1). */
typedef struct prefix_sums {
    double origin;
    long double *sum, *square;
} prefix_sums;

static prefix_sums prefix_sums_of(const double *x, size_t count)
{
    prefix_sums sums = {.origin = stats_median(x, count),
                        .sum = rf_alloc_array(long double, count + 1),
                        .square = rf_alloc_array(long double, count + 1)};
    sums.sum[0] = sums.square[0] = 0;
    for (size_t i = 0; i < count; i++) {
        long double value = (long double)x[i] - (long double)sums.origin;
        sums.sum[i + 1] = sums.sum[i] + value;
        sums.square[i + 1] = sums.square[i] + value * value;
    }
    return sums;
}

static void prefix_sums_release(prefix_sums *sums)
{
    rf_free(sums->sum);
    rf_free(sums->square);
}

static stats_segment measure_segment(const prefix_sums *sums, size_t begin, size_t end)
{
    long double length = (long double)(end - begin);
    long double mean = (sums->sum[end] - sums->sum[begin]) / length;
    long double variance = (sums->square[end] - sums->square[begin]) / length - mean * mean;
    return (stats_segment){begin, end, (double)(mean + (long double)sums->origin),
                           (double)fmaxl(variance, 0)};
}

/* The inner loop of the search: the differences are taken in full length, the rest in double. */
static double segment_cost(const prefix_sums *sums, size_t begin, size_t end)
{
    double length = (double)(end - begin), share = 1 / length;
    double mean = (double)(sums->sum[end] - sums->sum[begin]) * share;
    double variance = (double)(sums->square[end] - sums->square[begin]) * share - mean * mean;
    double level = mean + sums->origin, floor = 1e-14 * level * level;
    if (variance < floor) variance = floor;
    if (variance < 1e-300) variance = 1e-300;
    return length * (ln_two_pi + 1 + log(variance));
}

/* A possible start of the last segment.  Once beaten at time t it can never win again, but because
 * segments have a least length, what beats it (a cut at t) is not usable before t + segment_min. */
typedef struct candidate {
    size_t begin, dead_from;
} candidate;

/* best_begin[t] = start of the last segment of the cheapest cut of x[0..t). */
static void cut_cheapest(const prefix_sums *sums, size_t count, size_t *best_begin)
{
    double penalty = 15 * log((double)count);
    double *cost = rf_alloc_array(double, count + 1), *trial = rf_alloc_array(double, count + 1);
    candidate *alive = rf_alloc_array(candidate, count + 1);
    size_t alive_count = 1;
    alive[0] = (candidate){0, SIZE_MAX};
    cost[0] = -penalty;
    for (size_t end = 1; end <= count; end++) {
        cost[end] = INFINITY;
        if (end < segment_min) continue;
        if (end >= 2 * segment_min) alive[alive_count++] = (candidate){end - segment_min, SIZE_MAX};
        size_t kept = 0;
        for (size_t i = 0; i < alive_count; i++) {
            if (alive[i].dead_from <= end) continue;
            size_t begin = alive[i].begin;
            trial[kept] = cost[begin] + segment_cost(sums, begin, end);
            alive[kept] = alive[i];
            if (trial[kept] + penalty < cost[end]) {
                cost[end] = trial[kept] + penalty;
                best_begin[end] = begin;
            }
            kept++;
        }
        alive_count = kept;
        for (size_t i = 0; i < alive_count; i++)
            if (trial[i] > cost[end] && alive[i].dead_from == SIZE_MAX)
                alive[i].dead_from = end + segment_min;
    }
    rf_free(alive);
    rf_free(trial);
    rf_free(cost);
}

size_t stats_find_segments(const double *filtered, size_t count, stats_segment *segments)
{
    if (count == 0) return 0;
    prefix_sums sums = prefix_sums_of(filtered, count);
    size_t found = 0;
    if (count < 2 * segment_min) {
        segments[found++] = measure_segment(&sums, 0, count);
    } else {
        size_t *best_begin = rf_alloc_array_zero(size_t, count + 1);
        cut_cheapest(&sums, count, best_begin);
        for (size_t end = count; end > 0; end = best_begin[end]) found++;
        size_t at = found;
        for (size_t end = count; end > 0; end = best_begin[end])
            segments[--at] = measure_segment(&sums, best_begin[end], end);
        rf_free(best_begin);
    }
    prefix_sums_release(&sums);
    return found;
}

static bool is_equivalent(const stats_segment *segment, const stats_segment *last)
{
    double band = fmax(0.02 * fabs(last->mean), 2 * sqrt(last->variance));
    return fabs(segment->mean - last->mean) <= band;
}

static void classify(const stats_segment *segments, size_t segment_count, size_t count,
                     stats_warmup *warmup)
{
    const stats_segment *last = &segments[segment_count - 1];
    size_t tail = count / 4 > 20 ? count / 4 : 20, different_end = 0;
    bool any_faster = false, any_different = false;
    for (size_t i = 0; i < segment_count; i++) {
        if (is_equivalent(&segments[i], last)) continue;
        any_different = true;
        different_end = segments[i].end;
        if (segments[i].mean < last->mean) any_faster = true;
    }
    warmup->steady_begin = different_end;
    warmup->letter = 'F';
    if (!any_different) return;
    warmup->letter = any_faster ? 'S' : 'W';
    if (different_end + tail > count) {
        warmup->letter = 'N';
        warmup->steady_begin = count;
    }
}

stats_warmup stats_classify_warmup(const double *x, size_t count, stats_segment *segments)
{
    stats_warmup warmup = {.letter = 'F'};
    if (count == 0) return warmup;
    stats_segment *own = segments ? NULL : rf_alloc_array(stats_segment, count / segment_min + 1);
    stats_segment *found = segments ? segments : own;
    double *filtered = rf_alloc_array(double, count);
    stats_filter_outliers(x, count, filtered);
    warmup.segment_count = stats_find_segments(filtered, count, found);
    warmup.steady_mean = found[warmup.segment_count - 1].mean;
    classify(found, warmup.segment_count, count, &warmup);
    for (size_t i = 0; i < warmup.steady_begin; i++) warmup.time_to_steady += x[i];
    rf_free(filtered);
    rf_free(own);
    return warmup;
}

static char common_letter(const stats_warmup *processes, size_t count)
{
    bool same = true, flat_or_warm = true;
    for (size_t i = 0; i < count; i++) {
        if (processes[i].letter != processes[0].letter) same = false;
        if (processes[i].letter != 'F' && processes[i].letter != 'W') flat_or_warm = false;
    }
    return same ? processes[0].letter : flat_or_warm ? 'w' : '!';
}

stats_warmup_summary stats_summarize_warmup(const stats_warmup *processes, size_t count)
{
    stats_warmup_summary summary = {.letter = 'F'};
    if (count == 0) return summary;
    summary.letter = common_letter(processes, count);
    double *begins = rf_alloc_array(double, count), *times = rf_alloc_array(double, count);
    size_t steady = 0;
    for (size_t i = 0; i < count; i++) {
        if (processes[i].letter == 'N') continue;
        begins[steady] = (double)processes[i].steady_begin;
        times[steady++] = processes[i].time_to_steady;
    }
    summary.steady_processes = steady;
    if (steady) {
        summary.steady_begin = stats_median(begins, steady);
        summary.steady_begin_p5 = stats_quantile(begins, steady, 0.05);
        summary.steady_begin_p95 = stats_quantile(begins, steady, 0.95);
        summary.time_to_steady = stats_median(times, steady);
        summary.time_p5 = stats_quantile(times, steady, 0.05);
        summary.time_p95 = stats_quantile(times, steady, 0.95);
    }
    rf_free(times);
    rf_free(begins);
    return summary;
}
