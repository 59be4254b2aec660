#include "stats/schedule.h"

#include "base/base.h"
#include "support/ruff_test.h"

#include <string.h>

enum { slots_max = 400 };

static void every_block_runs_every_variant_once(void **state)
{
    (void)state;
    stats_slot slots[slots_max];
    for (int kind = 0; kind <= STATS_SCHEDULE_SEQUENTIAL; kind++) {
        for (size_t variants = 1; variants <= 8; variants++) {
            int seen[50][8] = {{0}};
            size_t blocks = 13;
            stats_plan_schedule((stats_schedule_kind)kind, variants, blocks, 3, slots);
            for (size_t i = 0; i < variants * blocks; i++) seen[slots[i].block][slots[i].variant]++;
            for (size_t b = 0; b < blocks; b++)
                for (size_t v = 0; v < variants; v++) assert_int_equal(seen[b][v], 1);
        }
    }
}

static void latin_squares_put_each_variant_once_in_each_place(void **state)
{
    (void)state;
    stats_slot slots[slots_max];
    const size_t k = 5;
    stats_plan_schedule(STATS_SCHEDULE_LATIN, k, 4 * k, 17, slots);
    for (size_t square = 0; square < 4; square++) {
        int seen[5][5] = {{0}};
        for (size_t i = 0; i < k * k; i++) seen[i % k][slots[square * k * k + i].variant]++;
        for (size_t place = 0; place < k; place++)
            for (size_t v = 0; v < k; v++) assert_int_equal(seen[place][v], 1);
    }
}

static void blocks_run_one_after_the_other(void **state)
{
    (void)state;
    stats_slot slots[slots_max];
    stats_plan_schedule(STATS_SCHEDULE_LATIN, 3, 10, 17, slots);
    for (size_t i = 0; i < 30; i++) assert_int_equal(slots[i].block, i / 3);
}

static void two_variants_run_abba(void **state)
{
    (void)state;
    stats_slot slots[80];
    size_t starts_with_first = 0;
    stats_plan_schedule(STATS_SCHEDULE_LATIN, 2, 40, 5, slots);
    for (size_t pair = 0; pair < 20; pair++) {
        const stats_slot *at = slots + 4 * pair;
        assert_int_equal(at[0].variant, at[3].variant);
        assert_int_equal(at[1].variant, at[2].variant);
        assert_int_not_equal(at[0].variant, at[1].variant);
        if (at[0].variant == 0) starts_with_first++;
    }
    assert_in_range(starts_with_first, 4, 16);
}

static void sequential_finishes_one_variant_first(void **state)
{
    (void)state;
    stats_slot slots[12];
    stats_plan_schedule(STATS_SCHEDULE_SEQUENTIAL, 3, 4, 5, slots);
    for (size_t i = 0; i < 12; i++) {
        assert_int_equal(slots[i].variant, i / 4);
        assert_int_equal(slots[i].block, i % 4);
    }
}

static void the_seed_decides_the_order(void **state)
{
    (void)state;
    stats_slot first[60], again[60], other[60];
    for (int kind = 0; kind < STATS_SCHEDULE_SEQUENTIAL; kind++) {
        stats_plan_schedule((stats_schedule_kind)kind, 6, 10, 71, first);
        stats_plan_schedule((stats_schedule_kind)kind, 6, 10, 71, again);
        stats_plan_schedule((stats_schedule_kind)kind, 6, 10, 72, other);
        assert_memory_equal(first, again, sizeof first);
        assert_memory_not_equal(first, other, sizeof first);
    }
}

static void names_are_found_again(void **state)
{
    (void)state;
    stats_schedule_kind found;
    for (int kind = 0; kind <= STATS_SCHEDULE_SEQUENTIAL; kind++) {
        assert_true(stats_schedule_find(stats_schedule_name((stats_schedule_kind)kind), &found));
        assert_int_equal(found, kind);
    }
    assert_false(stats_schedule_find("latn", &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_runs_every_variant_once),
        cmocka_unit_test(latin_squares_put_each_variant_once_in_each_place),
        cmocka_unit_test(blocks_run_one_after_the_other),
        cmocka_unit_test(two_variants_run_abba),
        cmocka_unit_test(sequential_finishes_one_variant_first),
        cmocka_unit_test(the_seed_decides_the_order),
        cmocka_unit_test(names_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
