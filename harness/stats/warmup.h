/* S17, S18: the iteration series of one process cut into segments, and what kind of series it is.
 *
 * Here x are the times of single iterations in natural units, in order. */
#ifndef STATS_WARMUP_H
#define STATS_WARMUP_H

#include <stddef.h>

typedef struct stats_segment {
    size_t begin, end;     /* x[begin..end) */
    double mean, variance; /* of the filtered values; variance divides by the length */
} stats_segment;

/* S17, first half: replaces what lies outside median +- 3 (p90 - p10) of its window by the window's
 * median, except the unbroken flagged run at the very start (at most n/4). Windows are 200 long
 * (n/2 when n < 400), centred on the point and shifted inwards at both ends. out holds count values
 * and may not be x. Returns how many were replaced. */
size_t stats_filter_outliers(const double *x, size_t count, double *out);
/* S17, second half: PELT on mean and variance. Segment cost len (ln 2 pi + ln var + 1), var >=
 * 1e-14 mean^2, minimum length 3, penalty 15 ln n. segments holds at least count / 3 + 1. Returns
 * how many were found, 0 for count 0. Source: Killick, Fearnhead, Eckley, JASA 107 (2012). */
size_t stats_find_segments(const double *filtered, size_t count, stats_segment *segments);

typedef struct stats_warmup {
    char letter;           /* F flat, W warm-up, S slowdown, N no steady state */
    size_t steady_begin;   /* first steady iteration; count for N */
    double time_to_steady; /* sum of x before it */
    size_t segment_count;
    double steady_mean; /* mean of the last segment */
} stats_warmup;

/* S18 of one process. A segment is equivalent when its mean is inside
 * last mean x (1 +- max(2 %, 2 sd / mean)) of the last segment; steady is the unbroken run of
 * equivalent segments at the end.  N when a different segment ends inside the last max(20
 * iterations, 25 %) of a series that has different segments; then W when all different ones are
 * slower, S when any is faster. segments, if not NULL, receives the segments (count / 3 + 1
 * places). */
stats_warmup stats_classify_warmup(const double *x, size_t count, stats_segment *segments);

typedef struct stats_warmup_summary {
    char letter; /* the common letter; w for F with W; ! for other mixes */
    double steady_begin, steady_begin_p5, steady_begin_p95;
    double time_to_steady, time_p5,
        time_p95; /* medians and percentiles over processes with a steady state */
    size_t steady_processes;
} stats_warmup_summary;

stats_warmup_summary stats_summarize_warmup(const stats_warmup *processes, size_t count);

#endif
