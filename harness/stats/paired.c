/* S3, S4: two answers to the same question.  The t interval is the sharper one; the signed-rank
 * twin does not mind outliers.  A row on which they disagree is not to be trusted (S4), see gate.c.
 */
#include "stats/paired.h"

#include "base/alloc.h"
#include "stats/distribution.h"
#include "stats/quantile.h"
#include "stats/rank.h"

#include <math.h>

enum { paired_min_count = 5, exact_signed_rank_max = 60 };

void stats_differences(const double *y_a, const double *y_b, size_t count, double *d)
{
    for (size_t i = 0; i < count; i++) d[i] = y_a[i] - y_b[i];
}

static stats_ratio ratio_at(double log_ratio, size_t count)
{
    return (stats_ratio){.ratio = exp(log_ratio),
                         .low = exp(log_ratio),
                         .high = exp(log_ratio),
                         .log_ratio = log_ratio,
                         .log_low = log_ratio,
                         .log_high = log_ratio,
                         .count = count,
                         .p = 1};
}

static void set_interval(stats_ratio *ratio, double log_low, double log_high, double confidence)
{
    ratio->log_low = log_low;
    ratio->log_high = log_high;
    ratio->low = exp(log_low);
    ratio->high = exp(log_high);
    ratio->confidence = confidence;
    ratio->has_interval = true;
}

stats_ratio stats_ratio_paired(const double *d, size_t count, double alpha)
{
    stats_ratio result = ratio_at(stats_mean(d, count), count);
    result.sd = stats_sd(d, count);
    if (count < paired_min_count) return result;
    double df = (double)(count - 1), error = result.sd / sqrt((double)count);
    result.df = df;
    double half = stats_student_quantile(1 - alpha / 2, df) * error;
    set_interval(&result, result.log_ratio - half, result.log_ratio + half, 1 - alpha);
    if (error > 0)
        result.p = 2 * stats_student_tail(fabs(result.log_ratio) / error, df);
    else
        result.p = result.log_ratio == 0 ? 1 : 0;
    return result;
}

/* Sum over tie groups of t^3 - t in |d| without zeros. */
static double tie_sum_of_sizes(const double *d, size_t count)
{
    double *sizes = rf_alloc_array(double, count), *ranks = rf_alloc_array(double, count);
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (d[i] != 0) sizes[used++] = fabs(d[i]);
    double ties = stats_rank(sizes, used, ranks);
    rf_free(ranks);
    rf_free(sizes);
    return ties;
}

/* The k of S4 and the confidence it reaches; 0 when no interval is that sure. */
static size_t signed_rank_bound(const double *d, size_t count, double alpha, double *confidence)
{
    const double rounding = 1e-12;
    size_t k = 0;
    double n = (double)count, below = 0;
    if (count <= exact_signed_rank_max) {
        double *cdf = rf_alloc_array(double, count *(count + 1) / 2 + 1);
        stats_signed_rank_cdf(count, cdf);
        while (2 * (k + 1) <= count * (count + 1) / 2 && 2 * cdf[k] <= alpha + rounding) k++;
        if (k) below = cdf[k - 1];
        rf_free(cdf);
    } else {
        double mean = n * (n + 1) / 4;
        double sd = sqrt((n * (n + 1) * (2 * n + 1) - tie_sum_of_sizes(d, count) / 2) / 24);
        double bound = mean + 0.5 + stats_normal_quantile(alpha / 2) * sd;
        if (bound >= 1) k = (size_t)bound;
        below = stats_normal_cdf(((double)k - 0.5 - mean) / sd);
    }
    *confidence = 1 - 2 * below;
    return k;
}

stats_ratio stats_ratio_signed_rank(const double *d, size_t count, double alpha)
{
    if (count == 0) return ratio_at(0, 0);
    size_t pair_count = count * (count + 1) / 2, used = 0;
    double *averages = rf_alloc_array(double, pair_count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i; j < count; j++) averages[used++] = (d[i] + d[j]) / 2;
    stats_ratio result = ratio_at(stats_median_select(averages, pair_count), count);
    double confidence;
    size_t k = signed_rank_bound(d, count, alpha, &confidence);
    if (k) {
        const size_t middle = pair_count / 2; /* the median has parted the averages there; 2 k <= pair_count */
        const double low = stats_select(averages, middle, k - 1);
        const double high = stats_select(averages + middle, pair_count - middle, pair_count - k - middle);
        set_interval(&result, low, high, confidence);
        result.p = stats_signed_rank_p(d, count, NULL);
    }
    rf_free(averages);
    return result;
}
