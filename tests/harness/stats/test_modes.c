/* Worked out by hand. */
#include "stats/modes.h"

#include "near.h"

static void two_clusters_are_two_levels(void **state)
{
    (void)state;
    const double y[] = {0.10, 0.51, 0.11, 0.50, 0.12, 0.52, 0.13, 0.14};
    stats_levels levels = stats_find_levels(y, 8);
    assert_true(levels.two);
    assert_int_equal(levels.low_count, 5);
    assert_near(levels.low, 0.12, 0);
    assert_near(levels.high, 0.51, 0);
}

static void one_far_point_is_an_outlier_and_no_level(void **state)
{
    (void)state;
    const double y[] = {0.10, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.9};
    assert_false(stats_find_levels(y, 8).two);
}

static void evenly_spread_points_are_one_level(void **state)
{
    (void)state;
    const double y[] = {1, 2, 3, 4, 5, 6};
    assert_false(stats_find_levels(y, 6).two);
    assert_false(stats_find_levels(y, 3).two);
}

static void a_fifth_of_the_points_is_enough(void **state)
{
    (void)state;
    const double y[] = {1, 1.01, 1.02, 1.03, 2};
    assert_true(stats_find_levels(y, 5).two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_clusters_are_two_levels),
        cmocka_unit_test(one_far_point_is_an_outlier_and_no_level),
        cmocka_unit_test(evenly_spread_points_are_one_level),
        cmocka_unit_test(a_fifth_of_the_points_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
