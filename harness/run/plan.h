/* What will run, in which order.
 *
 * A cell is one variant on one input.  Cells of the same benchmark and input form a group: they are
 * compared with each other, so each block runs every cell of the group once, in an order that the
 * schedule and the seed decide. Blocks of all groups alternate, so that a slow minute of the
 * machine hits everybody. */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include "run/variant.h"
#include "stats/schedule.h"

typedef struct run_param {
    const suite_benchmark *benchmark;
    char label[24]; /* "default", or the number */
    uint64_t size, seed;
    const char *expected; /* digest, borrowed; NULL when the suite has none for this input */
    int64_t timeout_ns;
    uint64_t memory_bytes;
} run_param;

typedef struct run_cell {
    run_variant *variant;   /* borrowed */
    const run_param *param; /* borrowed */
    size_t group;
} run_cell;

typedef struct run_slot {
    uint32_t block, cell;
    bool done;      /* by an earlier run of the same plan */
    bool elsewhere; /* another shard's */
} run_slot;

typedef struct run_plan {
    stats_schedule_kind schedule;
    uint64_t seed;
    uint32_t blocks, first_block;
    size_t first_seq; /* of slot 0, where this plan goes on with a session */
    RF_VECTOR(run_cell) cells;
    size_t group_count;
    RF_VECTOR(run_slot) slots; /* in order of execution; the index is the plan's seq */
} run_plan;

/* Adds the cells of one group; only variants that are ready. Returns how many were. */
size_t run_plan_add_group(run_plan *plan, run_variant *variants, size_t count,
                          const run_param *param);
/* Fills slots from schedule, seed, blocks and cells: the same plan for the same input. */
void run_plan_arrange(run_plan *plan);
/* Leaves to others all groups but those of shard `index` (from 0) of `count`. */
void run_plan_take_shard(run_plan *plan, size_t index, size_t count);
/* Digest of order, inputs and variants: two runs with the same one did the same work in the same
 * order. */
void run_plan_digest(const run_plan *plan, char hex[RUN_SHA256_SIZE]);
/* Length of the padding variable of a slot; from the seed, so that a resumed run uses the same. */
unsigned run_plan_pad_bytes(const run_plan *plan, size_t seq);
void run_plan_release(run_plan *plan);

/* Fills param for a named or numeric size.  False: no such size, or the benchmark has none of that
 * name. */
bool run_param_init(run_param *param, const suite_catalog *suite, const suite_benchmark *benchmark,
                    const char *size, uint64_t seed);

#endif
