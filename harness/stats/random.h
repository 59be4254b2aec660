/* splitmix64: eight bytes of state, no bad seeds. Source: Steele, Lea, Flood, OOPSLA 2014. */
#ifndef STATS_RANDOM_H
#define STATS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct stats_random {
    uint64_t state;
} stats_random;

void stats_random_init(stats_random *random, uint64_t seed);
uint64_t stats_random_next(stats_random *random);
/* Uniform in 0..bound-1 without bias; bound >= 1. */
uint64_t stats_random_below(stats_random *random, uint64_t bound);
double stats_random_unit(stats_random *random); /* [0, 1), 53 bits */
/* Fisher-Yates. */
void stats_random_shuffle(stats_random *random, uint32_t *items, size_t count);

#endif
