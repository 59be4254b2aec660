#include "stats/outliers.h"

#include "stats/quantile.h"

#include <math.h>

stats_outliers stats_find_outliers(const double *y, size_t count)
{
    stats_outliers found = {0};
    if (count < 4) return found;
    double q1 = stats_quantile(y, count, 0.25), q3 = stats_quantile(y, count, 0.75);
    double range = q3 - q1, middle = stats_median(y, count), mad = stats_mad(y, count);
    for (size_t i = 0; i < count; i++) {
        double beyond = fmax(q1 - y[i], y[i] - q3);
        if (beyond > 3 * range)
            found.severe++;
        else if (beyond > 1.5 * range)
            found.mild++;
        if (mad > 0 && 0.6745 * fabs(y[i] - middle) / mad > 3.5) {
            found.modified_z++;
            if (i == 0) found.first = true;
        }
    }
    return found;
}
