#include "stats/counter.h"

#include "near.h"

static void a_counter_that_ran_all_the_time_is_taken_as_it_is(void **state)
{
    (void)state;
    stats_counter counter = stats_scale_counter(1000, 500, 500);
    assert_true(counter.valid);
    assert_false(counter.scaled || counter.approximate);
    assert_near(counter.value, 1000, 0);
}

static void a_multiplexed_counter_is_scaled_and_marked(void **state)
{
    (void)state;
    stats_counter some = stats_scale_counter(960, 1000, 960),
                  few = stats_scale_counter(100, 1000, 250);
    assert_true(some.scaled);
    assert_false(some.approximate);
    assert_near(some.value, 1000, 1e-9);
    assert_true(few.approximate);
    assert_near(few.value, 400, 1e-9);
}

static void a_counter_that_never_ran_is_absent(void **state)
{
    (void)state;
    assert_false(stats_scale_counter(0, 1000, 0).valid);
}

static void energy_counters_wrap(void **state)
{
    (void)state;
    const uint64_t begin[] = {100, 900, 5}, end[] = {150, 50, 5}, range[] = {1000, 1000, 0};
    assert_int_equal(stats_energy_used(begin, end, range, 3), 50 + 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_that_ran_all_the_time_is_taken_as_it_is),
        cmocka_unit_test(a_multiplexed_counter_is_scaled_and_marked),
        cmocka_unit_test(a_counter_that_never_ran_is_absent),
        cmocka_unit_test(energy_counters_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
