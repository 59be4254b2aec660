/* S20, S21: slow change in a history, and a first look at its newest point. */
#ifndef STATS_TREND_H
#define STATS_TREND_H

#include <stdbool.h>
#include <stddef.h>

typedef struct stats_trend {
    double slope;  /* Theil-Sen, log units a point */
    double change; /* slope x length */
    double p;      /* Mann-Kendall with variance inflated by autocorrelation */
    bool reported; /* p <= alpha, |change| > delta, and no single step explains the series better */
} stats_trend;

/* S20 of one epoch. Needs 8 points, else nothing is reported. The variance is multiplied by
 * max(1, (1 + rho)/(1 - rho)), rho of the residuals from the line. "Better" compares the
 * Schwarz criterion of Laplace errors, 2 n ln(sum |residual|) + k ln n, k = 2 for the line and 3
 * for the step. */
stats_trend stats_find_trend(const double *y, size_t count, double delta, double alpha);

typedef struct stats_prediction {
    double center, low, high; /* logs */
    size_t used;              /* k, at most 30 points before the newest */
    bool warn;                /* the newest is outside; never a gate */
} stats_prediction;

/* S21: med +- t_{k-1,1-alpha/2} 1.4826 MAD sqrt(1 + 1/k) over the last k = 30 points before the
 * newest, y[count-1], and after the last change point (y[begin] is its first point). Needs k >= 5.
 */
stats_prediction stats_check_newest(const double *y, size_t count, size_t begin, double alpha);

#endif
