#include "stats/growth.h"

#include "stats/distribution.h"

#include <math.h>

enum { growth_min_sizes = 4 };

stats_growth stats_fit_growth(const double *size, const double *time, size_t count, double alpha)
{
    stats_growth fit = {0};
    if (count < growth_min_sizes) return fit;
    double n = (double)count, mean_x = 0, mean_y = 0, sxx = 0, sxy = 0, residuals = 0;
    for (size_t i = 0; i < count; i++) {
        mean_x += log(size[i]) / n;
        mean_y += log(time[i]) / n;
    }
    for (size_t i = 0; i < count; i++) {
        double x = log(size[i]) - mean_x;
        sxx += x * x;
        sxy += x * (log(time[i]) - mean_y);
    }
    if (sxx <= 0) return fit;
    fit.exponent = sxy / sxx;
    for (size_t i = 0; i < count; i++) {
        double rest = log(time[i]) - mean_y - fit.exponent * (log(size[i]) - mean_x);
        residuals += rest * rest;
    }
    double half = stats_student_quantile(1 - alpha / 2, n - 2) * sqrt(residuals / (n - 2) / sxx);
    fit.low = fit.exponent - half;
    fit.high = fit.exponent + half;
    fit.coefficient = exp(mean_y - fit.exponent * mean_x);
    fit.valid = true;
    return fit;
}
