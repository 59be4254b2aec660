/* The statistics of ruffbench: pure numbers in, pure numbers out.
 *
 * Nothing here reads a clock, a file or a global; scratch memory comes from base/alloc and is freed
 * before a function returns.  Unless a parameter is named x (natural unit of the metric, > 0) it is
 * y or d: natural logarithms and differences of them, so that additive statistics describe ratios.
 * Inputs are one value a process (a block), never one value an iteration, except where a header
 * says so. */
#ifndef STATS_STATS_H
#define STATS_STATS_H

#include "stats/aggregate.h"    /* S9          geometric mean over benchmarks */
#include "stats/clock_check.h"  /* S25         does the runner report honest times */
#include "stats/counter.h"      /* S22, S23    multiplexed counters, energy counters that wrap */
#include "stats/distribution.h" /*             Student, normal, binomial, beta */
#include "stats/drift.h"        /* S15         Theil-Sen, Mann-Kendall, autocorrelation */
#include "stats/effect.h"       /* S8          Cliff's delta, wins per block */
#include "stats/gate.h"         /* S6, S7      verdicts, gate p-values, Holm */
#include "stats/growth.h"       /* S24         exponent of time over size */
#include "stats/interval.h"     /* S1, S2      one variant: median and its interval */
#include "stats/modes.h"        /* S16         two levels in one sample */
#include "stats/outliers.h"     /* S14         counted, never removed */
#include "stats/paired.h"       /* S3, S4      ratio of two variants over shared blocks */
#include "stats/planning.h"     /* S11 to S13  iterations, blocks, how many more */
#include "stats/quantile.h"     /*             sort, median, quantile, mean, variance, MAD */
#include "stats/random.h"       /*             splitmix64 */
#include "stats/rank.h"         /* S5          exact rank distributions, unpaired ratio */
#include "stats/schedule.h"     /*             order of execution */
#include "stats/spread.h"       /* S10         within and between processes */
#include "stats/steps.h"        /* S19         change points in history */
#include "stats/trend.h"        /* S20, S21    drift in history, quick check of the newest point */
#include "stats/trust.h"        /* S26         grade of a session */
#include "stats/warmup.h"       /* S17, S18    segments of an iteration series, warm-up class */

#endif
