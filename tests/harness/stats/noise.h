/* Seeded noise for tests: splitmix64 through Box-Muller, one normal number for two draws. */
#ifndef TEST_STATS_NOISE_H
#define TEST_STATS_NOISE_H

#include "stats/random.h"

#include <math.h>

static inline double noise_normal(stats_random *random)
{
    double u = 1 - stats_random_unit(random), v = stats_random_unit(random);
    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* A level that holds from `begin` on, with its own spread. */
typedef struct noise_level {
    size_t begin;
    double mean, sd;
} noise_level;

static inline void noise_series(uint64_t seed, size_t count, const noise_level *levels,
                                size_t level_count, double *out)
{
    stats_random random;
    stats_random_init(&random, seed);
    for (size_t i = 0, at = 0; i < count; i++) {
        while (at + 1 < level_count && levels[at + 1].begin <= i) at++;
        out[i] = levels[at].mean + levels[at].sd * noise_normal(&random);
    }
}

#endif
