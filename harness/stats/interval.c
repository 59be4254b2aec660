/* S1, S2: median over blocks with an interval from order statistics, which asks nothing of the
 * shape of the distribution but independence of blocks. */
#include "stats/interval.h"

#include "base/alloc.h"
#include "stats/distribution.h"
#include "stats/quantile.h"

#include <math.h>
#include <string.h>

size_t stats_median_interval_rank(size_t count, double alpha)
{
    const double rounding = 1e-12; /* alpha may be exactly a binomial probability */
    size_t rank = 0;
    while (2 * (rank + 1) <= count &&
           2 * stats_binomial_cdf((long)rank, (long)count, 0.5) <= alpha + rounding)
        rank++;
    return rank;
}

static stats_interval t_interval_on_logs(const double *y, size_t count, double value, double alpha)
{
    double mean = stats_mean(y, count);
    double half = stats_student_quantile(1 - alpha / 2, (double)(count - 1)) * stats_sd(y, count) /
                  sqrt((double)count);
    return (stats_interval){.value = value,
                            .low = exp(mean - half),
                            .high = exp(mean + half),
                            .confidence = 1 - alpha,
                            .kind = STATS_INTERVAL_T_ON_LOGS};
}

stats_interval stats_median_interval(const double *y, size_t count, double alpha)
{
    stats_interval result = {0};
    if (count == 0) return result;
    double *x = rf_alloc_array(double, count);
    for (size_t i = 0; i < count; i++) x[i] = exp(y[i]);
    stats_sort(x, count);
    result.value = stats_median(x, count);
    result.low = result.high = result.value;
    size_t rank = stats_median_interval_rank(count, alpha);
    if (rank) {
        result.low = x[rank - 1];
        result.high = x[count - rank];
        result.confidence = 1 - 2 * stats_binomial_cdf((long)rank - 1, (long)count, 0.5);
        result.kind = STATS_INTERVAL_ORDER;
    } else if (count >= 2) {
        result = t_interval_on_logs(y, count, result.value, alpha);
    }
    rf_free(x);
    return result;
}
