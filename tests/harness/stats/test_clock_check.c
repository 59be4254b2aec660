#include "stats/clock_check.h"

#include "support/ruff_test.h"

static const double times[] = {100, 100, 110, 90};

static void agreeing_times_are_honest(void **state)
{
    (void)state;
    assert_int_equal(stats_check_clock(times, 4, 500, 80, 1, true), STATS_CLOCK_HONEST);
    assert_int_equal(stats_check_clock(times, 0, 500, 80, 50, false), STATS_CLOCK_HONEST);
}

static void times_in_too_small_a_unit_add_up_to_too_much(void **state)
{
    (void)state;
    assert_int_equal(stats_check_clock(times, 4, 399, 0, 1, true), STATS_CLOCK_TOO_LONG);
}

static void times_in_too_large_a_unit_leave_the_wall_time_unexplained(void **state)
{
    (void)state;
    assert_int_equal(stats_check_clock(times, 4, 5000, 80, 1, true), STATS_CLOCK_TOO_SHORT);
    assert_int_equal(stats_check_clock(times, 4, 5000, 80, 1, false), STATS_CLOCK_HONEST);
    assert_int_equal(stats_check_clock(times, 4, 5000, 4300, 1, true), STATS_CLOCK_HONEST);
}

static void a_coarse_clock_is_refused(void **state)
{
    (void)state;
    assert_int_equal(stats_check_clock(times, 4, 500, 80, 1.5, true), STATS_CLOCK_TOO_COARSE);
    assert_int_equal(stats_check_clock(times, 4, 500, 80, 0, true), STATS_CLOCK_HONEST);
}

static void faults_have_texts(void **state)
{
    (void)state;
    for (int fault = 0; fault < STATS_CLOCK_FAULT_COUNT; fault++)
        assert_non_null(stats_clock_fault_text((stats_clock_fault)fault));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agreeing_times_are_honest),
        cmocka_unit_test(times_in_too_small_a_unit_add_up_to_too_much),
        cmocka_unit_test(times_in_too_large_a_unit_leave_the_wall_time_unexplained),
        cmocka_unit_test(a_coarse_clock_is_refused),
        cmocka_unit_test(faults_have_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
