#include "stats/trend.h"

#include "base/alloc.h"
#include "stats/distribution.h"
#include "stats/drift.h"
#include "stats/quantile.h"
#include "stats/steps.h"

#include <math.h>

enum { trend_min_points = 8, newest_window = 30, newest_min_points = 5 };

/* Sum of |value - median|. */
static double absolute_deviation(const double *values, size_t count)
{
    double middle = stats_median(values, count), sum = 0;
    for (size_t i = 0; i < count; i++) sum += fabs(values[i] - middle);
    return sum;
}

static double best_step_deviation(const double *y, size_t count)
{
    double best = INFINITY;
    for (size_t split = STATS_STEP_SEGMENT_MIN; split + STATS_STEP_SEGMENT_MIN <= count; split++)
        best =
            fmin(best, absolute_deviation(y, split) + absolute_deviation(y + split, count - split));
    return best;
}

/* Schwarz criterion of a fit with Laplace errors. */
static double criterion(double deviation, size_t count, double parameters)
{
    double n = (double)count;
    return 2 * n * log(fmax(deviation, 1e-300)) + parameters * log(n);
}

stats_trend stats_find_trend(const double *y, size_t count, double delta, double alpha)
{
    stats_trend trend = {.p = 1};
    if (count < trend_min_points) return trend;
    trend.slope = stats_theil_sen(y, count);
    trend.change = trend.slope * (double)count;
    double *residuals = rf_alloc_array(double, count);
    for (size_t i = 0; i < count; i++) residuals[i] = y[i] - trend.slope * (double)i;
    double rho = fmin(stats_autocorrelation(residuals, count), 0.95);
    double inflation = fmax(1, (1 + rho) / (1 - rho));
    trend.p = stats_mann_kendall_test(y, count, inflation).p;
    trend.reported = trend.p <= alpha && fabs(trend.change) > delta &&
                     criterion(absolute_deviation(residuals, count), count, 2) <
                         criterion(best_step_deviation(y, count), count, 3);
    rf_free(residuals);
    return trend;
}

stats_prediction stats_check_newest(const double *y, size_t count, size_t begin, double alpha)
{
    stats_prediction prediction = {0};
    if (count == 0 || begin >= count) return prediction;
    size_t newest = count - 1, used = newest - begin;
    if (used > newest_window) used = newest_window;
    if (used < newest_min_points) return prediction;
    const double *window = y + newest - used;
    double k = (double)used;
    double half = stats_student_quantile(1 - alpha / 2, k - 1) * 1.4826 * stats_mad(window, used) *
                  sqrt(1 + 1 / k);
    prediction.used = used;
    prediction.center = stats_median(window, used);
    prediction.low = prediction.center - half;
    prediction.high = prediction.center + half;
    prediction.warn = y[newest] < prediction.low || y[newest] > prediction.high;
    return prediction;
}
