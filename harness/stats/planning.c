/* S11 to S13.  All three fix a count in advance; none looks at a result to decide when to stop. */
#include "stats/planning.h"

#include "stats/distribution.h"
#include "stats/quantile.h"

#include <math.h>
#include <stdint.h>

enum { iterations_max = 1000 };

size_t stats_iterations_per_process(double process_cost, double iteration_cost, double within,
                                    double between)
{
    if (!(within > 0) || !(process_cost > 0)) return 1;
    if (!(between > 0) || !(iteration_cost > 0)) return iterations_max;
    double best = ceil(sqrt(process_cost / iteration_cost * (within / between)));
    return (size_t)fmin(fmax(best, 1), iterations_max);
}

/* ceil to a count, SIZE_MAX for what no count can hold. */
static size_t count_at_least(double wanted)
{
    return wanted < 1e15 ? (size_t)ceil(wanted) : SIZE_MAX;
}

size_t stats_blocks_for_half_width(double pilot_sd, size_t pilot_count, double half_width,
                                   double alpha)
{
    if (pilot_sd <= 0) return pilot_count;
    double t = stats_student_quantile(1 - alpha / 2, (double)(pilot_count - 1));
    double root = t * pilot_sd / half_width;
    size_t wanted = count_at_least(root * root);
    return wanted > pilot_count ? wanted : pilot_count;
}

stats_ratio stats_ratio_two_stage(const double *d, size_t count, size_t pilot_count, double alpha)
{
    double df = (double)(pilot_count - 1), mean = stats_mean(d, count);
    double sd = stats_sd(d, pilot_count), error = sd / sqrt((double)count);
    double half = stats_student_quantile(1 - alpha / 2, df) * error;
    stats_ratio result = {.ratio = exp(mean),
                          .low = exp(mean - half),
                          .high = exp(mean + half),
                          .log_ratio = mean,
                          .log_low = mean - half,
                          .log_high = mean + half,
                          .sd = sd,
                          .df = df,
                          .count = count,
                          .confidence = 1 - alpha,
                          .has_interval = true};
    if (error > 0)
        result.p = 2 * stats_student_tail(fabs(mean) / error, df);
    else
        result.p = mean == 0 ? 1 : 0;
    return result;
}

stats_more stats_blocks_to_settle(const stats_ratio *paired, double delta)
{
    double margin = log1p(delta), size = fabs(paired->log_ratio), sd = paired->sd;
    double df = paired->df > 0 ? paired->df : 1;
    double reach = (stats_student_quantile(0.975, df) + stats_student_quantile(0.8, df)) * sd;
    double distance = fabs(size - margin), root = reach / distance;
    stats_more more = {.needed = distance > 0 ? count_at_least(root * root) : SIZE_MAX};
    more.too_close = more.needed > STATS_MOST_MORE_BLOCKS || distance <= 0.1 * sd;
    more.smallest_margin = expm1(size + reach / sqrt(STATS_MOST_MORE_BLOCKS));
    return more;
}
