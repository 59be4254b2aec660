#include "report/significance.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

double rf_shares_p(double part_a, double all_a, double part_b, double all_b)
{
    if (!(all_a > 0) || !(all_b > 0)) return 1;
    const double pooled = (part_a + part_b) / (all_a + all_b);
    const double error = sqrt(pooled * (1 - pooled) * (1 / all_a + 1 / all_b));
    return error > 0 ? erfc(fabs(part_a / all_a - part_b / all_b) / error / sqrt(2)) : 1;
}

/* The continued fraction of the incomplete beta function (Lentz; Numerical Recipes 6.4). */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double value = d;
    for (int m = 1; m <= 300; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        value *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        value *= d * c;
        if (fabs(d * c - 1) < 1e-14) break;
    }
    return value;
}

static double incomplete_beta(double a, double b, double x)
{
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double rf_student_p(double t, double freedom)
{
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

typedef struct ranked {
    double p;
    size_t at;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return (x->p > y->p) - (x->p < y->p);
}

void rf_adjust_p(double *p, size_t count)
{
    ranked *order = rf_alloc_array(ranked, count + 1);
    for (size_t i = 0; i < count; i++) order[i] = (ranked){p[i], i};
    if (count) qsort(order, count, sizeof *order, compare_ranked);
    double least = 1;
    for (size_t i = count; i-- > 0;) {
        least = fmin(least, order[i].p * (double)count / (double)(i + 1));
        p[order[i].at] = least;
    }
    rf_free(order);
}
