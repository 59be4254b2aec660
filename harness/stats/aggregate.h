/* S9: one number for many benchmarks. */
#ifndef STATS_AGGREGATE_H
#define STATS_AGGREGATE_H

#include "stats/paired.h"

#include <stddef.h>

/* Geometric mean of the paired ratios (S3) of the K benchmarks both variants completed: G =
 * exp(mean_k m_k), standard error sqrt(sum se_k^2) / K with se_k = s_k / sqrt n_k (benchmarks are
 * fixed, not a sample), t with Welch-Satterthwaite degrees (sum se^2)^2 / sum(se^4 / df_k), df_k = n_k - 1
 * or the pilot's.
 * Rows without an interval make the whole one without.  The caller prints "K of K_total" and leaves
 * out what only one side finished. Source: Fleming and Wallace, CACM 29(3) 1986. */
stats_ratio stats_geometric_mean(const stats_ratio *ratios, size_t count, double alpha);

#endif
