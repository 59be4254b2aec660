/* Balanced random order.  In a cyclic Latin square of k blocks every variant stands once in every
 * place, so a drift within blocks costs all variants the same; random rows and columns break up any
 * fixed neighbourhood. */
#include "stats/schedule.h"

#include "base/alloc.h"
#include "stats/random.h"

#include <string.h>

static const char *const schedule_names[] = {
    [STATS_SCHEDULE_LATIN] = "latin",
    [STATS_SCHEDULE_SHUFFLE] = "shuffle",
    [STATS_SCHEDULE_SEQUENTIAL] = "sequential",
};

const char *stats_schedule_name(stats_schedule_kind kind)
{
    return schedule_names[kind];
}

bool stats_schedule_find(const char *name, stats_schedule_kind *kind)
{
    for (unsigned i = 0; i < sizeof schedule_names / sizeof *schedule_names; i++) {
        if (strcmp(name, schedule_names[i]) != 0) continue;
        *kind = (stats_schedule_kind)i;
        return true;
    }
    return false;
}

static void count_up(uint32_t *items, size_t count)
{
    for (size_t i = 0; i < count; i++) items[i] = (uint32_t)i;
}

static void plan_latin(size_t variants, size_t blocks, stats_random *random, stats_slot *slots)
{
    uint32_t *rows = rf_alloc_array(uint32_t, variants),
             *columns = rf_alloc_array(uint32_t, variants);
    count_up(rows, variants);
    count_up(columns, variants);
    for (size_t block = 0; block < blocks; block++) {
        if (block % variants == 0) {
            stats_random_shuffle(random, rows, variants);
            stats_random_shuffle(random, columns, variants);
        }
        for (size_t place = 0; place < variants; place++) {
            size_t variant = (rows[block % variants] + columns[place]) % variants;
            *slots++ = (stats_slot){(uint32_t)block, (uint32_t)variant};
        }
    }
    rf_free(columns);
    rf_free(rows);
}

static void plan_abba(size_t blocks, stats_random *random, stats_slot *slots)
{
    uint32_t first = 0;
    for (uint32_t block = 0; block < blocks; block++) {
        first = block % 2 ? 1 - first : (uint32_t)stats_random_below(random, 2);
        *slots++ = (stats_slot){block, first};
        *slots++ = (stats_slot){block, 1 - first};
    }
}

static void plan_shuffle(size_t variants, size_t blocks, stats_random *random, stats_slot *slots)
{
    uint32_t *order = rf_alloc_array(uint32_t, variants);
    count_up(order, variants);
    for (size_t block = 0; block < blocks; block++) {
        stats_random_shuffle(random, order, variants);
        for (size_t place = 0; place < variants; place++)
            *slots++ = (stats_slot){(uint32_t)block, order[place]};
    }
    rf_free(order);
}

static void plan_sequential(size_t variants, size_t blocks, stats_slot *slots)
{
    for (size_t variant = 0; variant < variants; variant++)
        for (size_t block = 0; block < blocks; block++)
            *slots++ = (stats_slot){(uint32_t)block, (uint32_t)variant};
}

void stats_plan_schedule(stats_schedule_kind kind, size_t variant_count, size_t block_count,
                         uint64_t seed, stats_slot *slots)
{
    stats_random random;
    stats_random_init(&random, seed);
    if (variant_count == 0) return;
    if (kind == STATS_SCHEDULE_SEQUENTIAL)
        plan_sequential(variant_count, block_count, slots);
    else if (kind == STATS_SCHEDULE_SHUFFLE)
        plan_shuffle(variant_count, block_count, &random, slots);
    else if (variant_count == 2)
        plan_abba(block_count, &random, slots);
    else
        plan_latin(variant_count, block_count, &random, slots);
}
