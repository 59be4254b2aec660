#include "report/cost.h"

#include <math.h>

typedef struct block_cost {
    double once, steady; /* ns: everything up to the first answer, and each further one */
} block_cost;

static double median_of(const compare_row *row, compare_measure measure)
{
    return row->estimates[measure].count ? fmax(0, row->estimates[measure].interval.value) : 0;
}

double report_cost_of(const compare_row *row, double calls)
{
    return median_of(row, COMPARE_BUILD) + median_of(row, COMPARE_STARTUP) +
           median_of(row, COMPARE_FIRST) + (calls - 1) * median_of(row, COMPARE_STEADY);
}

static double crossing(const block_cost *sooner, const block_cost *later)
{
    double slope = sooner->steady - later->steady, gap = later->once - sooner->once;
    return slope > 0 && gap > 0 ? 1 + gap / slope : 0;
}

static block_cost cost_of_row(const compare_row *row)
{
    return (block_cost){report_cost_of(row, 1), median_of(row, COMPARE_STEADY)};
}

double report_cost_crossing(const compare_row *sooner, const compare_row *later)
{
    block_cost a = cost_of_row(sooner), b = cost_of_row(later);
    return crossing(&a, &b);
}

static bool cost_of_block(const store_results *results, int64_t param, int64_t variant,
                          int64_t block, block_cost *cost)
{
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->param != param || sample->variant != variant || sample->block != block ||
            sample->outcome != RUN_OK || !sample->time_count)
            continue;
        stats_warmup warmup = compare_classify(sample);
        *cost = (block_cost){fmax(0, compare_value_of(sample, &warmup, COMPARE_BUILD)) +
                                 fmax(0, compare_value_of(sample, &warmup, COMPARE_STARTUP)) +
                                 compare_value_of(sample, &warmup, COMPARE_FIRST),
                             compare_value_of(sample, &warmup, COMPARE_STEADY)};
        return true;
    }
    return false;
}

void report_cost_crossing_interval(const store_results *results, int64_t param, int64_t sooner,
                                   int64_t later, double alpha, stats_interval *interval,
                                   size_t *blocks)
{
    double *y = rf_alloc_array(double, results->samples.count + 1);
    size_t count = 0;
    *blocks = 0;
    *interval = (stats_interval){0};
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        block_cost a, b;
        if (sample->param != param || sample->variant != sooner ||
            !cost_of_block(results, param, sooner, sample->block, &a) ||
            !cost_of_block(results, param, later, sample->block, &b))
            continue;
        ++*blocks;
        double calls = crossing(&a, &b);
        if (calls > 0) y[count++] = log(calls);
    }
    if (count && 2 * count >= *blocks) *interval = stats_median_interval(y, count, alpha);
    rf_free(y);
}
