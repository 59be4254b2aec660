/* Reference: the formulas with t quantiles of scipy 1.17.1. */
#include "stats/planning.h"

#include "near.h"
#include "stats/distribution.h"

#include <math.h>
#include <stdint.h>

static void iterations_balance_the_cost_of_a_process(void **state)
{
    (void)state;
    /* sqrt(100 / 1 x 4 / 1) = 20 */
    assert_int_equal(stats_iterations_per_process(100, 1, 4, 1), 20);
    assert_int_equal(stats_iterations_per_process(1, 1, 1, 100), 1);
    assert_int_equal(stats_iterations_per_process(1e9, 1, 1, 1), 1000);
    assert_int_equal(stats_iterations_per_process(5, 1, 1, 0), 1000);
    assert_int_equal(stats_iterations_per_process(5, 1, 0, 1), 1);
}

static void blocks_follow_steins_first_stage(void **state)
{
    (void)state;
    assert_int_equal(stats_blocks_for_half_width(0.02, 8, 0.01, 0.05), 23);
    assert_int_equal(stats_blocks_for_half_width(0.03, 8, 0.01, 0.05), 51);
    assert_int_equal(stats_blocks_for_half_width(0.001, 8, 0.01, 0.05), 8);
    assert_int_equal(stats_blocks_for_half_width(0, 8, 0.01, 0.05), 8);
}

static void two_stage_interval_keeps_the_spread_of_the_pilot(void **state)
{
    (void)state;
    double d[12] = {1, 2, 3, 4, 5, 6, 7, 8, 90, 91, 92, 93};
    stats_ratio ratio = stats_ratio_two_stage(d, 12, 8, 0.05);
    /* mean 402/12 = 33.5, s of 1..8 = sqrt 6, t_{7,.975} = 2.364624251592784 */
    assert_near(ratio.log_ratio, 33.5, 1e-13);
    assert_near(ratio.sd, sqrt(6), 1e-13);
    assert_near(ratio.log_high - 33.5, 2.364624251592784 * sqrt(6.0 / 12), 1e-10);
}

static void more_blocks_are_named_when_they_would_settle_it(void **state)
{
    (void)state;
    stats_ratio ratio = {.log_ratio = 0.01, .sd = 0.02, .df = 9, .count = 10, .has_interval = true};
    stats_more more = stats_blocks_to_settle(&ratio, 0.02);
    assert_int_equal(more.needed, 42);
    assert_false(more.too_close);
    assert_near(more.smallest_margin, 0.014553379094033791, 1e-12);
}

static void the_smallest_margin_is_one_that_two_hundred_blocks_settle(void **state)
{
    (void)state;
    stats_ratio ratio = {.log_ratio = -0.0195, .sd = 0.02, .df = 9, .count = 10, .has_interval = true};
    stats_more more = stats_blocks_to_settle(&ratio, 0.02);
    assert_true(more.too_close);
    assert_true(stats_blocks_to_settle(&ratio, more.smallest_margin * 1.0001).needed <= 200);
}

static void on_the_margin_no_number_of_blocks_helps(void **state)
{
    (void)state;
    stats_ratio ratio = {.log_ratio = log1p(0.02), .sd = 0.02, .df = 9, .count = 10, .has_interval = true};
    stats_more more = stats_blocks_to_settle(&ratio, 0.02);
    assert_true(more.needed == SIZE_MAX);
    assert_true(more.too_close);
}

static void near_the_margin_is_too_close_even_when_few_blocks_are_asked(void **state)
{
    (void)state;
    stats_ratio wide = {
        .log_ratio = log1p(0.02) + 0.0001, .sd = 0.0012, .df = 29, .count = 30, .has_interval = true};
    assert_true(stats_blocks_to_settle(&wide, 0.02).too_close);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iterations_balance_the_cost_of_a_process),
        cmocka_unit_test(blocks_follow_steins_first_stage),
        cmocka_unit_test(two_stage_interval_keeps_the_spread_of_the_pilot),
        cmocka_unit_test(more_blocks_are_named_when_they_would_settle_it),
        cmocka_unit_test(the_smallest_margin_is_one_that_two_hundred_blocks_settle),
        cmocka_unit_test(on_the_margin_no_number_of_blocks_helps),
        cmocka_unit_test(near_the_margin_is_too_close_even_when_few_blocks_are_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
