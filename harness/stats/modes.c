#include "stats/modes.h"

#include "base/alloc.h"
#include "stats/quantile.h"

#include <string.h>

stats_levels stats_find_levels(const double *y, size_t count)
{
    stats_levels levels = {0};
    if (count < 5) return levels;
    double *sorted = rf_alloc_array(double, count), *gaps = rf_alloc_array(double, count - 1);
    memcpy(sorted, y, count * sizeof *sorted);
    stats_sort(sorted, count);
    size_t widest = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        gaps[i] = sorted[i + 1] - sorted[i];
        if (gaps[i] > gaps[widest]) widest = i;
    }
    levels.low_count = widest + 1;
    size_t fewer = levels.low_count < count / 2 ? levels.low_count : count - levels.low_count;
    levels.two = gaps[widest] > 4 * stats_median(gaps, count - 1) && 5 * fewer >= count;
    levels.low = stats_median(sorted, levels.low_count);
    levels.high = stats_median(sorted + levels.low_count, count - levels.low_count);
    rf_free(gaps);
    rf_free(sorted);
    return levels;
}
