#include "run/plan.h"

#include "run/child_env.h"
#include "stats/random.h"
#include "suite/quantity.h"

#include <stdio.h>
#include <string.h>

bool run_param_init(run_param *param, const suite_catalog *suite, const suite_benchmark *benchmark,
                    const char *size, uint64_t seed)
{
    suite_size named;
    *param = (run_param){.benchmark = benchmark,
                         .seed = seed,
                         .timeout_ns = benchmark->timeout_ns,
                         .memory_bytes = benchmark->memory_bytes};
    if (suite_find_size(size, &named))
        param->size = suite_size_of(benchmark, named);
    else if (!quantity_parse_count(size, &param->size))
        return false;
    /* A number that happens to be a named size is that size: it has the same answer and the same
     * history. */
    for (size_t i = 0; i < SUITE_SIZE_COUNT; i++) {
        if (suite_size_of(benchmark, (suite_size)i) != param->size) continue;
        const char *answer = suite_answer(benchmark, (suite_size)i);
        size = suite_size_name((suite_size)i);
        if (answer && seed == suite->file->seed) param->expected = suite_answer_digest(answer);
    }
    snprintf(param->label, sizeof param->label, "%s", size);
    return param->size > 0;
}

size_t run_plan_add_group(run_plan *plan, run_variant *variants, size_t count,
                          const run_param *param)
{
    size_t before = plan->cells.count;
    for (size_t i = 0; i < count; i++) {
        run_cell cell = {&variants[i], param, plan->group_count};
        if (variants[i].state == RUN_VARIANT_READY) rf_vector_push(&plan->cells, cell);
    }
    plan->group_count += plan->cells.count > before;
    return plan->cells.count - before;
}

/* ---- order ---- */

/* The slots of one group, from its own seed, so that leaving a group out does not move the others.
 */
static stats_slot *arrange_group(const run_plan *plan, size_t group, size_t *first_cell,
                                 size_t *cell_count)
{
    *cell_count = 0;
    for (size_t i = plan->cells.count; i-- > 0;)
        if (plan->cells.data[i].group == group) {
            *first_cell = i;
            ++*cell_count;
        }
    stats_random random;
    stats_random_init(&random, plan->seed ^ (group + 1) * 0x9e3779b97f4a7c15u);
    stats_slot *slots = rf_alloc_array(stats_slot, *cell_count * plan->blocks);
    stats_plan_schedule(plan->schedule, *cell_count, plan->blocks, stats_random_next(&random),
                        slots);
    return slots;
}

static void push_slot(run_plan *plan, uint32_t block, size_t cell)
{
    run_slot slot = {.block = plan->first_block + block, .cell = (uint32_t)cell};
    rf_vector_push(&plan->slots, slot);
}

typedef struct group_order {
    stats_slot *slots;
    size_t first_cell, cell_count;
} group_order;

/* Block by block, the groups of a block in random order.  A sequential schedule has no blocks to
 * alternate. */
static void interleave(run_plan *plan, const group_order *groups)
{
    stats_random random;
    stats_random_init(&random, plan->seed);
    uint32_t *order = rf_alloc_array(uint32_t, plan->group_count);
    for (uint32_t block = 0; block < plan->blocks; block++) {
        for (uint32_t i = 0; i < plan->group_count; i++) order[i] = i;
        stats_random_shuffle(&random, order, plan->group_count);
        for (size_t i = 0; i < plan->group_count; i++) {
            const group_order *group = &groups[order[i]];
            for (size_t s = 0; s < group->cell_count; s++)
                push_slot(plan, block,
                          group->first_cell + group->slots[block * group->cell_count + s].variant);
        }
    }
    rf_free(order);
}

static void one_after_another(run_plan *plan, const group_order *groups)
{
    for (size_t i = 0; i < plan->group_count; i++)
        for (size_t s = 0; s < groups[i].cell_count * plan->blocks; s++)
            push_slot(plan, groups[i].slots[s].block,
                      groups[i].first_cell + groups[i].slots[s].variant);
}

void run_plan_arrange(run_plan *plan)
{
    group_order *groups = rf_alloc_array_zero(group_order, plan->group_count + 1);
    for (size_t i = 0; i < plan->group_count; i++)
        groups[i].slots = arrange_group(plan, i, &groups[i].first_cell, &groups[i].cell_count);
    plan->slots.count = 0;
    if (plan->schedule == STATS_SCHEDULE_SEQUENTIAL)
        one_after_another(plan, groups);
    else
        interleave(plan, groups);
    for (size_t i = 0; i < plan->group_count; i++) rf_free(groups[i].slots);
    rf_free(groups);
}

void run_plan_take_shard(run_plan *plan, size_t index, size_t count)
{
    for (size_t i = 0; i < plan->slots.count; i++) {
        run_slot *slot = &plan->slots.data[i];
        slot->elsewhere = plan->cells.data[slot->cell].group % count != index;
    }
}

/* ---- identity ---- */

void run_plan_digest(const run_plan *plan, char hex[RUN_SHA256_SIZE])
{
    run_sha256 digest;
    run_sha256_init(&digest);
    for (size_t i = 0; i < plan->cells.count; i++) {
        char variant[RUN_SHA256_SIZE], input[96];
        const run_cell *cell = &plan->cells.data[i];
        run_variant_digest(cell->variant, variant);
        snprintf(input, sizeof input, "%zu %llu %llu", cell->group,
                 (unsigned long long)cell->param->size, (unsigned long long)cell->param->seed);
        run_sha256_add_text(&digest, variant);
        run_sha256_add_text(&digest, input);
    }
    for (size_t i = 0; i < plan->slots.count; i++) {
        uint32_t place[2] = {plan->slots.data[i].block, plan->slots.data[i].cell};
        run_sha256_add(&digest, place, sizeof place);
    }
    run_sha256_finish(&digest, hex);
}

unsigned run_plan_pad_bytes(const run_plan *plan, size_t seq)
{
    stats_random random;
    stats_random_init(&random, plan->seed + plan->first_seq + seq);
    return (unsigned)stats_random_below(&random, RUN_PAD_MOST);
}

void run_plan_release(run_plan *plan)
{
    rf_vector_release(&plan->cells);
    rf_vector_release(&plan->slots);
}
