/* The order in which variants run. */
#ifndef STATS_SCHEDULE_H
#define STATS_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum stats_schedule_kind {
    STATS_SCHEDULE_LATIN, /* default: over each k blocks every variant stands once in every place */
    STATS_SCHEDULE_SHUFFLE,   /* each block in its own random order */
    STATS_SCHEDULE_SEQUENTIAL /* one variant after the other: ratios are unpaired */
} stats_schedule_kind;

/* "latin", "shuffle", "sequential". */
const char *stats_schedule_name(stats_schedule_kind kind);
bool stats_schedule_find(const char *name, stats_schedule_kind *kind);

typedef struct stats_slot {
    uint32_t block, variant;
} stats_slot;

/* Fills slots[variant_count * block_count] in order of execution; the same arguments give the same
 * order. LATIN takes cyclic squares of the variants with random row and column order per k blocks,
 * and ABBA (the first of each pair of blocks at random, the second reversed) for two variants. */
void stats_plan_schedule(stats_schedule_kind kind, size_t variant_count, size_t block_count,
                         uint64_t seed, stats_slot *slots);

#endif
