/* S10: a one-way random-effects model.  Source: Searle, Casella, McCulloch, Variance
 * Components, 3.6. */
#include "stats/spread.h"

#include "base/alloc.h"
#include "stats/quantile.h"

#include <math.h>

stats_spread stats_two_level_spread(const double *y, const size_t *counts, size_t process_count)
{
    stats_spread result = {.design_effect = 1};
    if (process_count == 0) return result;
    double *means = rf_alloc_array(double, process_count);
    double reciprocals = 0;
    const double *at = y;
    for (size_t b = 0; b < process_count; b++) {
        means[b] = stats_mean(at, counts[b]);
        result.within += stats_variance(at, counts[b]) / (double)process_count;
        reciprocals += 1 / (double)counts[b];
        at += counts[b];
    }
    result.iterations = (double)process_count / reciprocals;
    result.between =
        fmax(0, stats_variance(means, process_count) - result.within / result.iterations);
    rf_free(means);
    double total = result.between + result.within;
    if (total > 0) result.correlation = result.between / total;
    result.design_effect = 1 + (result.iterations - 1) * result.correlation;
    return result;
}
