/* S6, S7: from intervals to verdicts, and families of gates. */
#ifndef STATS_GATE_H
#define STATS_GATE_H

#include "stats/paired.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum stats_verdict { STATS_SAME, STATS_FASTER, STATS_SLOWER, STATS_UNSURE } stats_verdict;

/* "same", "faster", "slower", "unsure". */
const char *stats_verdict_name(stats_verdict verdict);

/* S6, margin delta as a fraction (0.02), D = ln(1 + delta): lower limit > D is slower, upper < -D
 * faster, both inside (-D, D) same, else unsure. Without an interval: unsure. */
stats_verdict stats_verdict_of(const stats_ratio *ratio, double delta);
/* S4's rule: the verdict both twins agree on, else unsure with *fragile set (may be NULL).  Where
 * the robust one has no interval yet (n = 5 at 95 %), the paired one decides alone. */
stats_verdict stats_verdict_of_twins(const stats_ratio *paired, const stats_ratio *robust,
                                     double delta, bool *fragile);

/* S7: one-sided p = 1 - T_{n-1}((m - D) / (s / sqrt n)) of "A is not slower than B by more than
 * delta", from an S3 ratio. 1 without an interval; with s = 0 it is 0 or 1. */
double stats_gate_p(const stats_ratio *paired, double delta);
/* Holm: sort, multiply by (K - rank + 1), make monotone, cap at 1. adjusted may be p.
 * Source: Holm 1979, Scandinavian Journal of Statistics 6. */
void stats_holm(const double *p, size_t count, double *adjusted);
/* S7: `slower` in a gate needs the verdict and the adjusted p below alpha; a verdict that fails it
 * is unsure. */
stats_verdict stats_gate_verdict(stats_verdict verdict, double adjusted_p, double alpha);

#endif
