/* S1, S2: one variant by itself. */
#ifndef STATS_INTERVAL_H
#define STATS_INTERVAL_H

#include <stddef.h>

typedef enum stats_interval_kind {
    STATS_INTERVAL_NONE,     /* fewer than 2 blocks: value only, low = high = value */
    STATS_INTERVAL_ORDER,    /* order statistics */
    STATS_INTERVAL_T_ON_LOGS /* 2 to 5 blocks: t interval on logs, printed with `~` */
} stats_interval_kind;

typedef struct stats_interval {
    double value, low, high; /* natural unit of the metric */
    double confidence;       /* reached: at least 1 - alpha for ORDER; 0 for NONE */
    stats_interval_kind kind;
} stats_interval;

/* S1 and S2 of y[0..count), logs of one value a block.
 *
 *   value     median over b of exp(y_b)
 *   interval  (exp y_(l), exp y_(n+1-l)), l the largest with 2 BinomCDF(l - 1; n, 1/2) <= alpha;
 *             exists at alpha = 0.05 from n = 6
 *   else      exp(mean +- t_{n-1,1-alpha/2} s/sqrt n)
 *
 * Source: Conover, Practical Nonparametric Statistics, 3.2. */
stats_interval stats_median_interval(const double *y, size_t count, double alpha);
/* The l of S2, 1-based; 0 when no interval of that confidence exists. */
size_t stats_median_interval_rank(size_t count, double alpha);

#endif
