#include "compare/measure.h"

#include "stats/quantile.h"

#include <string.h>

static const compare_measure_row rows[] = {
#define COMPARE_MEASURE(name, word, metric, phase, unit, meaning)                                  \
    {word, metric, phase, unit, meaning},
#include "compare/measure.def"
#undef COMPARE_MEASURE
};

const compare_measure_row *compare_measure_row_of(compare_measure measure)
{
    return &rows[measure];
}

bool compare_measure_find(const char *word, compare_measure *measure)
{
    for (size_t i = 0; i < COMPARE_MEASURE_COUNT; i++)
        if (strcmp(rows[i].word, word) == 0) {
            *measure = (compare_measure)i;
            return true;
        }
    return false;
}

static double *times_of(const store_sample *sample, size_t begin)
{
    double *times = rf_alloc_array(double, sample->time_count - begin + 1);
    for (size_t i = begin; i < sample->time_count; i++) times[i - begin] = (double)sample->times[i];
    return times;
}

stats_warmup compare_classify(const store_sample *sample)
{
    double *times = times_of(sample, 0);
    stats_warmup warmup = stats_classify_warmup(times, sample->time_count, NULL);
    rf_free(times);
    return warmup;
}

/* Without a steady state the second half stands in; the row carries the letter N and is not ranked.
 */
static double steady_value(const store_sample *sample, const stats_warmup *warmup)
{
    size_t begin = warmup->steady_begin;
    if (begin >= sample->time_count) begin = sample->time_count / 2;
    double *times = times_of(sample, begin);
    double value = stats_median(times, sample->time_count - begin);
    rf_free(times);
    return value;
}

static double cold_value(const store_sample *sample)
{
    int64_t rest = 0;
    for (size_t i = 1; i < sample->time_count; i++) rest += sample->times[i];
    return (double)(sample->wall_ns - rest);
}

double compare_value_of(const store_sample *sample, const stats_warmup *warmup,
                        compare_measure measure)
{
    switch (measure) {
    case COMPARE_STEADY: return sample->time_count ? steady_value(sample, warmup) : -1;
    case COMPARE_FIRST: return sample->time_count ? (double)sample->times[0] : -1;
    case COMPARE_COLD: return cold_value(sample);
    case COMPARE_STARTUP: return (double)sample->startup_ns;
    case COMPARE_BUILD: return (double)sample->build_ns;
    case COMPARE_CPU:
        return sample->user_ns < 0 ? -1 : (double)(sample->user_ns + sample->system_ns);
    case COMPARE_RSS_BASE: return (double)sample->rss_base;
    case COMPARE_RSS_PEAK: return (double)sample->rss_peak;
    case COMPARE_INSTRUCTIONS: return (double)sample->counts[RUN_COUNTER_instructions];
    case COMPARE_CYCLES: return (double)sample->counts[RUN_COUNTER_cycles];
    case COMPARE_ENERGY: return (double)sample->counts[STORE_ENERGY];
    case COMPARE_MEASURE_COUNT: break;
    }
    return -1;
}

run_counter_status compare_status_of(const store_sample *sample, compare_measure measure)
{
    switch (measure) {
    case COMPARE_INSTRUCTIONS: return sample->count_status[RUN_COUNTER_instructions];
    case COMPARE_CYCLES: return sample->count_status[RUN_COUNTER_cycles];
    case COMPARE_ENERGY: return sample->count_status[STORE_ENERGY];
    default: return RUN_COUNTER_UNAVAILABLE;
    }
}
