/* S9.  Means of logs, never a product (which overflows) and never a mean of ratios (which depends
 * on which variant is the reference). */
#include "stats/aggregate.h"

#include "stats/distribution.h"

#include <math.h>

stats_ratio stats_geometric_mean(const stats_ratio *ratios, size_t count, double alpha)
{
    stats_ratio result = {.ratio = 1, .low = 1, .high = 1, .count = count, .p = 1};
    if (count == 0) return result;
    double sum = 0, variance = 0, spread = 0;
    result.has_interval = true;
    for (size_t k = 0; k < count; k++) {
        double n = (double)ratios[k].count, square = ratios[k].sd * ratios[k].sd / n;
        sum += ratios[k].log_ratio;
        variance += square;
        if (ratios[k].df > 0) spread += square * square / ratios[k].df;
        if (!ratios[k].has_interval) result.has_interval = false;
    }
    double benchmarks = (double)count, half = 0;
    result.log_ratio = sum / benchmarks;
    if (result.has_interval) {
        double error = sqrt(variance) / benchmarks;
        double df = spread > 0 ? variance * variance / spread : HUGE_VAL;
        half = stats_student_quantile(1 - alpha / 2, df) * error;
        result.confidence = 1 - alpha;
        if (error > 0)
            result.p = 2 * stats_student_tail(fabs(result.log_ratio) / error, df);
        else
            result.p = result.log_ratio == 0 ? 1 : 0;
    }
    result.log_low = result.log_ratio - half;
    result.log_high = result.log_ratio + half;
    result.ratio = exp(result.log_ratio);
    result.low = exp(result.log_low);
    result.high = exp(result.log_high);
    return result;
}
