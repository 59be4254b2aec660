/* Null distributions of rank sums, exactly by dynamic programming on probabilities (so that nothing
 * overflows where counts would), and S5, which rests on them. */
#include "stats/rank.h"

#include "base/alloc.h"
#include "stats/distribution.h"
#include "stats/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { exact_signed_rank_max = 60, exact_mann_whitney_max = 900 };

typedef struct ranked {
    double value;
    size_t index;
} ranked;

static int compare_ranked(const void *left, const void *right)
{
    double a = ((const ranked *)left)->value, b = ((const ranked *)right)->value;
    return (a > b) - (a < b);
}

double stats_rank(const double *values, size_t count, double *ranks)
{
    ranked *order = rf_alloc_array(ranked, count);
    for (size_t i = 0; i < count; i++) order[i] = (ranked){values[i], i};
    if (count > 1) qsort(order, count, sizeof *order, compare_ranked);
    double ties = 0;
    for (size_t begin = 0, end; begin < count; begin = end) {
        end = begin + 1;
        while (end < count && order[end].value == order[begin].value) end++;
        double size = (double)(end - begin);
        for (size_t i = begin; i < end; i++)
            ranks[order[i].index] = ((double)(begin + end) + 1) / 2;
        ties += size * size * size - size;
    }
    rf_free(order);
    return ties;
}

/* Turns probabilities of single sums into P(sum <= t). */
static void accumulate(double *out, size_t count)
{
    for (size_t i = 1; i < count; i++) out[i] = fmin(1, out[i] + out[i - 1]);
}

/* Rank i is in the sum with probability 1/2: p_i(t) = (p_{i-1}(t) + p_{i-1}(t - i)) / 2. */
void stats_signed_rank_cdf(size_t n, double *out)
{
    size_t sum_max = n * (n + 1) / 2;
    memset(out, 0, (sum_max + 1) * sizeof *out);
    out[0] = 1;
    for (size_t rank = 1, reach = 0; rank <= n; rank++) {
        reach += rank;
        for (size_t t = reach + 1; t-- > 0;)
            out[t] = 0.5 * (out[t] + (t >= rank ? out[t - rank] : 0));
    }
    accumulate(out, sum_max + 1);
}

/* The largest of i + j values belongs to the first sample with probability i/(i + j), and then
 * beats all j: p_{i,j}(u) = i/(i+j) p_{i-1,j}(u - j) + j/(i+j) p_{i,j-1}(u).  Rows i are kept one
 * at a time; the smaller sample is the inner one, since the distribution is the same for (n, m) and
 * (m, n). */
void stats_mann_whitney_cdf(size_t n, size_t m, double *out)
{
    if (m > n) {
        size_t swap = n;
        n = m;
        m = swap;
    }
    size_t width = n * m + 1;
    double *rows = rf_alloc_array_zero(double, (m + 1) * width);
    for (size_t j = 0; j <= m; j++) rows[j * width] = 1; /* i = 0: U is 0 */
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            double *here = rows + j * width, *shorter = here - width;
            double take = (double)i / (double)(i + j);
            for (size_t u = i * j + 1; u-- > 0;)
                here[u] = take * (u >= j ? here[u - j] : 0) + (1 - take) * shorter[u];
        }
    }
    memcpy(out, rows + m * width, width * sizeof *out);
    rf_free(rows);
    accumulate(out, width);
}

/* Two-sided normal p of a sum that lies `distance` from its mean, with continuity correction. */
static double normal_p(double distance, double variance)
{
    if (variance <= 0) return 1;
    double z = fmax(0, fabs(distance) - 0.5) / sqrt(variance);
    return fmin(1, 2 * stats_student_tail(z, INFINITY));
}

double stats_signed_rank_p(const double *d, size_t count, bool *exact)
{
    double *sizes = rf_alloc_array(double, count + 1), *ranks = rf_alloc_array(double, count + 1);
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (d[i] != 0) sizes[used++] = fabs(d[i]);
    double ties = stats_rank(sizes, used, ranks), positive = 0, n = (double)used, p = 1;
    for (size_t i = 0, at = 0; i < count; i++) {
        if (d[i] == 0) continue;
        if (d[i] > 0) positive += ranks[at];
        at++;
    }
    bool is_exact = ties == 0 && used == count && used <= exact_signed_rank_max;
    if (is_exact && used > 0) {
        double *cdf = rf_alloc_array(double, used *(used + 1) / 2 + 1);
        stats_signed_rank_cdf(used, cdf);
        double smaller = fmin(positive, n * (n + 1) / 2 - positive);
        p = fmin(1, 2 * cdf[(size_t)smaller]);
        rf_free(cdf);
    } else if (used > 0) {
        p = normal_p(positive - n * (n + 1) / 4, (n * (n + 1) * (2 * n + 1) - ties / 2) / 24);
    }
    rf_free(ranks);
    rf_free(sizes);
    if (exact) *exact = is_exact;
    return p;
}

static double mann_whitney_variance(double n, double m, double ties)
{
    double total = n + m;
    return n * m / 12 * (total + 1 - ties / (total * (total - 1)));
}

double stats_mann_whitney_p(const double *a, size_t count_a, const double *b, size_t count_b,
                            bool *exact)
{
    if (exact) *exact = false;
    if (count_a == 0 || count_b == 0) return 1;
    size_t total = count_a + count_b;
    double *all = rf_alloc_array(double, total), *ranks = rf_alloc_array(double, total);
    memcpy(all, a, count_a * sizeof *all);
    memcpy(all + count_a, b, count_b * sizeof *all);
    double ties = stats_rank(all, total, ranks), rank_sum = 0;
    for (size_t i = 0; i < count_a; i++) rank_sum += ranks[i];
    rf_free(ranks);
    rf_free(all);

    double n = (double)count_a, m = (double)count_b, u = rank_sum - n * (n + 1) / 2;
    if (ties > 0 || count_a * count_b > exact_mann_whitney_max)
        return normal_p(u - n * m / 2, mann_whitney_variance(n, m, ties));
    double *cdf = rf_alloc_array(double, count_a *count_b + 1);
    stats_mann_whitney_cdf(count_a, count_b, cdf);
    double p = fmin(1, 2 * cdf[(size_t)fmin(u, n * m - u)]);
    rf_free(cdf);
    if (exact) *exact = true;
    return p;
}

/* The k of S5: the largest with 2 P(U <= k - 1) <= alpha; 0 when there is none. */
static size_t shift_bound(size_t count_a, size_t count_b, double alpha, double *confidence)
{
    const double rounding = 1e-12;
    size_t k = 0, pair_count = count_a * count_b;
    double below = 0;
    if (pair_count <= exact_mann_whitney_max) {
        double *cdf = rf_alloc_array(double, pair_count + 1);
        stats_mann_whitney_cdf(count_a, count_b, cdf);
        while (2 * (k + 1) <= pair_count && 2 * cdf[k] <= alpha + rounding) k++;
        if (k) below = cdf[k - 1];
        rf_free(cdf);
    } else {
        double mean = (double)pair_count / 2;
        double sd = sqrt(mann_whitney_variance((double)count_a, (double)count_b, 0));
        double bound = mean + 0.5 + stats_normal_quantile(alpha / 2) * sd;
        if (bound >= 1) k = (size_t)bound;
        below = stats_normal_cdf(((double)k - 0.5 - mean) / sd);
    }
    *confidence = 1 - 2 * below;
    return k;
}

stats_ratio stats_ratio_unpaired(const double *y_a, size_t count_a, const double *y_b,
                                 size_t count_b, double alpha)
{
    size_t pair_count = count_a * count_b, used = 0;
    stats_ratio result = {.ratio = 1, .low = 1, .high = 1, .count = count_a + count_b, .p = 1};
    if (pair_count == 0) return result;
    double *shifts = rf_alloc_array(double, pair_count);
    for (size_t i = 0; i < count_a; i++)
        for (size_t j = 0; j < count_b; j++) shifts[used++] = y_a[i] - y_b[j];
    result.log_ratio = result.log_low = result.log_high = stats_median_select(shifts, pair_count);
    double confidence;
    size_t k = shift_bound(count_a, count_b, alpha, &confidence);
    if (k) {
        result.log_low = stats_select(shifts, pair_count, k - 1);
        result.log_high = stats_select(shifts, pair_count, pair_count - k);
        result.confidence = confidence;
        result.has_interval = true;
        result.p = stats_mann_whitney_p(y_a, count_a, y_b, count_b, NULL);
    }
    result.ratio = exp(result.log_ratio);
    result.low = exp(result.log_low);
    result.high = exp(result.log_high);
    rf_free(shifts);
    return result;
}
