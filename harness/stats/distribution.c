/* The distributions behind the intervals.
 *
 * All but the normal rest on the regularised incomplete beta function, computed by its continued
 * fraction (DLMF 8.17.22, evaluated by the modified Lentz method) on the side where it converges
 * fast.  Quantiles are found by Newton steps kept inside a bracket, on the tail probability, so
 * that small tails keep their digits. */
#include "stats/distribution.h"

#include "base/base.h"

#include <float.h>
#include <math.h>

static const double half_ln_two_pi = 0.918938533204672741780329736406;

static double ln_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

/* ln Gamma(x) - ((x - 1/2) ln x - x + 1/2 ln 2 pi), x >= 10 (DLMF 5.11.1). */
static double stirling_rest(double x)
{
    double r = 1 / (x * x);
    return (1.0 / 12 -
            r * (1.0 / 360 -
                 r * (1.0 / 1260 -
                      r * (1.0 / 1680 - r * (1.0 / 1188 - r * (691.0 / 360360 - r / 156)))))) /
           x;
}

/* ln B(a, b).  Large arguments cancel in lgamma(a) + lgamma(b) - lgamma(a + b); the leading terms
 * of Stirling's series are therefore combined by hand. */
static double ln_beta(double a, double b)
{
    double small = fmin(a, b), large = fmax(a, b), share = small / (small + large);
    if (small >= 10) {
        double rest = stirling_rest(small) + stirling_rest(large) - stirling_rest(small + large);
        return -0.5 * log(large) + half_ln_two_pi + rest + (small - 0.5) * log(share) +
               large * log1p(-share);
    }
    if (large >= 10) {
        double rest = stirling_rest(large) - stirling_rest(small + large);
        return ln_gamma(small) + rest + small - small * log(small + large) +
               (large - 0.5) * log1p(-share);
    }
    return ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
}

static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    if (fabs(d) < tiny) d = tiny;
    d = 1 / d;
    double h = d;
    for (int m = 1; m < 100000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double change = 1;
        for (int half = 0; half < 2; half++) {
            double term = half ? odd : even;
            d = 1 + term * d;
            c = 1 + term / c;
            if (fabs(d) < tiny) d = tiny;
            if (fabs(c) < tiny) c = tiny;
            d = 1 / d;
            change = d * c;
            h *= change;
        }
        if (fabs(change - 1) < DBL_EPSILON) break;
    }
    return h;
}

/* I_x(a, b) with y = 1 - x given by the caller, who knows it without cancellation. */
static double beta_ratio(double a, double b, double x, double y)
{
    if (x <= 0) return 0;
    if (y <= 0) return 1;
    double front = exp(a * log(x) + b * log(y) - ln_beta(a, b));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, y) / b;
}

double stats_incomplete_beta(double a, double b, double x)
{
    return beta_ratio(a, b, x, 1 - x);
}

double stats_normal_cdf(double z)
{
    return 0.5 * erfc(-z * M_SQRT1_2);
}

double stats_student_tail(double t, double df)
{
    if (isinf(df)) return 0.5 * erfc(t * M_SQRT1_2);
    double square = t * t;
    if (isinf(square)) return t > 0 ? 0 : 1;
    double sum = df + square;
    double beyond = 0.5 * beta_ratio(df / 2, 0.5, df / sum, square / sum);
    return t < 0 ? 1 - beyond : beyond;
}

double stats_student_cdf(double t, double df)
{
    return stats_student_tail(-t, df);
}

/* z > 0 with normal tail q, 0 < q <= 1/2: Abramowitz and Stegun 26.2.23, then Halley steps. */
static double normal_tail_quantile(double q)
{
    double t = sqrt(-2 * log(q));
    double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                       (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    for (int step = 0; step < 3; step++) {
        double density = exp(-z * z / 2 - half_ln_two_pi);
        double excess = (0.5 * erfc(z * M_SQRT1_2) - q) / density;
        z += excess / (1 - z * excess / 2);
    }
    return z;
}

double stats_normal_quantile(double p)
{
    return p < 0.5 ? -normal_tail_quantile(p) : normal_tail_quantile(1 - p);
}

/* t >= 0 with Student tail q, 0 < q <= 1/2. */
static double student_tail_quantile(double q, double df)
{
    double low = 0, high = fmax(1, normal_tail_quantile(q));
    while (stats_student_tail(high, df) > q && high < 1e300) {
        low = high;
        high *= 2;
    }
    double scale = -0.5 * log(df) - ln_beta(df / 2, 0.5);
    double t = (low + high) / 2;
    for (int step = 0; step < 200; step++) {
        double excess = stats_student_tail(t, df) - q;
        if (excess > 0)
            low = t;
        else
            high = t;
        double density = exp(scale - (df + 1) / 2 * log1p(t * t / df));
        double next = density > 0 ? t + excess / density : low - 1;
        if (!(next > low && next < high)) next = (low + high) / 2;
        if (fabs(next - t) <= 4 * DBL_EPSILON * fabs(next)) return next;
        t = next;
    }
    return t;
}

double stats_student_quantile(double p, double df)
{
    if (isinf(df)) return stats_normal_quantile(p);
    if (p == 0.5) return 0;
    return p < 0.5 ? -student_tail_quantile(p, df) : student_tail_quantile(1 - p, df);
}

double stats_binomial_cdf(long k, long n, double p)
{
    if (k < 0) return 0;
    if (k >= n) return 1;
    return beta_ratio((double)(n - k), (double)k + 1, 1 - p, p);
}
