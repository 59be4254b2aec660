/* S22, S23: readings of hardware counters. */
#ifndef STATS_COUNTER_H
#define STATS_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct stats_counter {
    double value;     /* raw x enabled / running */
    bool valid;       /* it ran at all */
    bool scaled;      /* shared its hardware: running < enabled */
    bool approximate; /* ran for less than 95 % of the time */
} stats_counter;

stats_counter stats_scale_counter(uint64_t raw, uint64_t enabled_ns, uint64_t running_ns);
/* Sum over packages of (end - begin) mod range; a range of 0 means the counter does not wrap. */
uint64_t stats_energy_used(const uint64_t *begin, const uint64_t *end, const uint64_t *range,
                           size_t count);

#endif
