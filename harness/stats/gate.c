/* S6, S7: what a ratio is called.  The margin is symmetric on the log scale. */
#include "stats/gate.h"

#include "base/alloc.h"
#include "stats/distribution.h"

#include <math.h>
#include <stdlib.h>

const char *stats_verdict_name(stats_verdict verdict)
{
    static const char *const names[] = {"same", "faster", "slower", "unsure"};
    return names[verdict];
}

stats_verdict stats_verdict_of(const stats_ratio *ratio, double delta)
{
    double margin = log1p(delta);
    if (!ratio->has_interval) return STATS_UNSURE;
    if (ratio->log_low > margin) return STATS_SLOWER;
    if (ratio->log_high < -margin) return STATS_FASTER;
    if (ratio->log_low > -margin && ratio->log_high < margin) return STATS_SAME;
    return STATS_UNSURE;
}

stats_verdict stats_verdict_of_twins(const stats_ratio *paired, const stats_ratio *robust,
                                     double delta, bool *fragile)
{
    stats_verdict first = stats_verdict_of(paired, delta);
    bool differ = robust->has_interval && stats_verdict_of(robust, delta) != first;
    if (fragile) *fragile = differ;
    return differ ? STATS_UNSURE : first;
}

double stats_gate_p(const stats_ratio *paired, double delta)
{
    if (!paired->has_interval) return 1;
    double beyond = paired->log_ratio - log1p(delta);
    if (paired->sd <= 0) return beyond > 0 ? 0 : 1;
    double t = beyond / (paired->sd / sqrt((double)paired->count));
    return stats_student_tail(t, paired->df);
}

typedef struct numbered_p {
    double p;
    size_t index;
} numbered_p;

static int compare_p(const void *left, const void *right)
{
    double a = ((const numbered_p *)left)->p, b = ((const numbered_p *)right)->p;
    return (a > b) - (a < b);
}

void stats_holm(const double *p, size_t count, double *adjusted)
{
    if (count == 0) return;
    numbered_p *order = rf_alloc_array(numbered_p, count);
    for (size_t i = 0; i < count; i++) order[i] = (numbered_p){p[i], i};
    qsort(order, count, sizeof *order, compare_p);
    double least = 0;
    for (size_t i = 0; i < count; i++) {
        least = fmax(least, fmin(1, order[i].p * (double)(count - i)));
        adjusted[order[i].index] = least;
    }
    rf_free(order);
}

stats_verdict stats_gate_verdict(stats_verdict verdict, double adjusted_p, double alpha)
{
    return verdict == STATS_SLOWER && !(adjusted_p < alpha) ? STATS_UNSURE : verdict;
}
