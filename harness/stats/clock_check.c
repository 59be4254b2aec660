#include "stats/clock_check.h"

#include "stats/quantile.h"

const char *stats_clock_fault_text(stats_clock_fault fault)
{
    static const char *const texts[STATS_CLOCK_FAULT_COUNT] = {
        [STATS_CLOCK_HONEST] = "times agree with the wall clock",
        [STATS_CLOCK_TOO_LONG] = "iterations add up to more than the wall time",
        [STATS_CLOCK_TOO_SHORT] =
            "iterations add up to less than half of the wall time after start-up",
        [STATS_CLOCK_TOO_COARSE] = "clock resolution is over 1 % of the median iteration",
    };
    return texts[fault];
}

stats_clock_fault stats_check_clock(const double *times, size_t count, double wall_ns,
                                    double startup_ns, double resolution_ns, bool only_work)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += times[i];
    if (sum > wall_ns) return STATS_CLOCK_TOO_LONG;
    if (only_work && count && sum < 0.5 * (wall_ns - startup_ns)) return STATS_CLOCK_TOO_SHORT;
    if (count && resolution_ns > 0.01 * stats_median(times, count)) return STATS_CLOCK_TOO_COARSE;
    return STATS_CLOCK_HONEST;
}
