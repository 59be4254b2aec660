/* Distribution functions and their inverses, good to about 1e-12 absolute. */
#ifndef STATS_DISTRIBUTION_H
#define STATS_DISTRIBUTION_H

/* Regularised incomplete beta I_x(a, b), a > 0, b > 0, x clipped to [0, 1]. */
double stats_incomplete_beta(double a, double b, double x);
/* P(T <= t) for Student's t; df > 0 need not be whole; infinite df is the normal distribution. */
double stats_student_cdf(double t, double df);
/* P(T > t), exact in the far tail where 1 - cdf would lose its digits. */
double stats_student_tail(double t, double df);
/* t with P(T <= t) = p, 0 < p < 1. */
double stats_student_quantile(double p, double df);
double stats_normal_cdf(double z);
double stats_normal_quantile(double p); /* 0 < p < 1 */
/* P(X <= k) for X ~ Binomial(n, p); 0 for k < 0, 1 for k >= n. */
double stats_binomial_cdf(long k, long n, double p);

#endif
