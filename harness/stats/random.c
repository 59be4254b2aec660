#include "stats/random.h"

void stats_random_init(stats_random *random, uint64_t seed)
{
    random->state = seed;
}

uint64_t stats_random_next(stats_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint64_t stats_random_below(stats_random *random, uint64_t bound)
{
    uint64_t rest = (UINT64_MAX - bound + 1) % bound; /* 2^64 mod bound */
    uint64_t number;
    do number = stats_random_next(random);
    while (number < rest);
    return number % bound;
}

double stats_random_unit(stats_random *random)
{
    return (double)(stats_random_next(random) >> 11) * 0x1p-53;
}

void stats_random_shuffle(stats_random *random, uint32_t *items, size_t count)
{
    for (size_t left = count; left > 1; left--) {
        size_t pick = (size_t)stats_random_below(random, left);
        uint32_t item = items[pick];
        items[pick] = items[left - 1];
        items[left - 1] = item;
    }
}
