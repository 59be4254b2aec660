/* S8: sizes of an effect that do not depend on the unit. */
#ifndef STATS_EFFECT_H
#define STATS_EFFECT_H

#include <stddef.h>

/* (#{a_i > b_j} - #{a_i < b_j}) / (n_a n_b), in [-1, 1]; 0 when a side is empty. */
double stats_cliffs_delta(const double *a, size_t count_a, const double *b, size_t count_b);

typedef struct stats_wins {
    size_t faster, slower, equal; /* blocks in which A was below, above, at B */
} stats_wins;

stats_wins stats_count_wins(const double *d, size_t count);

#endif
