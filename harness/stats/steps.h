/* S19: steps in a history.  Energy distance says where, ranks and permutations say whether. */
#ifndef STATS_STEPS_H
#define STATS_STEPS_H

#include <stddef.h>
#include <stdint.h>

typedef struct stats_step {
    size_t index;         /* first point of the new level */
    double before, after; /* medians (logs) of the segments on both sides */
    double size;          /* after - before */
    double p;
} stats_step;

typedef struct stats_step_options {
    double delta;          /* smallest |size| that counts, as a fraction (0.02) */
    double alpha;          /* 0.01 */
    unsigned permutations; /* 999 */
    uint64_t seed;
} stats_step_options;

/* clang-format off */
#define STATS_STEP_OPTIONS_DEFAULT {.delta = 0.02, .alpha = 0.01, .permutations = 999, .seed = 1}
/* clang-format on */
#define STATS_STEP_SEGMENT_MIN 3

/* One epoch of one series of one machine, y in commit order. steps holds at least count / 3 places.
 * Returns how many were found, ascending by index.
 *
 * Locate: tau maximising Q = 2/(m+n) S_xy - 2n/((m+n)(m-1)) S_xx - 2m/((m+n)(n-1)) S_yy, m points
 * left and n right, S sums of |differences| between and within the sides.  Decide: the largest
 * standardised rank sum over all splits, p = (1 + #larger)/(permutations + 1) over permutations of
 * blocks of length ceil((1 + rho)/(1 - rho)), rho the lag-1 autocorrelation of the residuals.
 * Recurse at p <= alpha; then drop the weakest while its p > alpha or its size is under max(ln(1 +
 * delta), 3 MAD of residuals). Sources: Matteson and James, arXiv 1306.4933; Hunter, arXiv
 * 2301.03034; Pettitt 1979. */
size_t stats_find_steps(const double *y, size_t count, const stats_step_options *options,
                        stats_step *steps);

/* The two parts, for tests and charts. Both need count >= 2 * STATS_STEP_SEGMENT_MIN. */
size_t stats_locate_step(const double *y, size_t count);
double stats_step_p(const double *y, size_t count, size_t block_length, unsigned permutations,
                    uint64_t seed);

#endif
