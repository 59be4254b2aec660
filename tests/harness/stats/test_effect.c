#include "stats/effect.h"

#include "near.h"

static void cliffs_delta_counts_pairs(void **state)
{
    (void)state;
    const double a[] = {1, 2, 3}, b[] = {2, 2, 5, 0};
    /* 1: -,-,-,+ = -2;  2: 0,0,-,+ = 0;  3: +,+,-,+ = 2 */
    assert_near(stats_cliffs_delta(a, 3, b, 4), 0, 0);
    const double low[] = {1, 2}, high[] = {3, 4, 5};
    assert_near(stats_cliffs_delta(high, 3, low, 2), 1, 0);
    assert_near(stats_cliffs_delta(low, 2, high, 3), -1, 0);
    assert_near(stats_cliffs_delta(low, 0, high, 3), 0, 0);
    const double skewed[] = {2.5, 6};
    assert_near(stats_cliffs_delta(skewed, 2, b, 4), 0.75, 1e-15);
}

static void wins_are_counted_per_block(void **state)
{
    (void)state;
    const double d[] = {-1, -2, 0, 3, -1};
    stats_wins wins = stats_count_wins(d, 5);
    assert_int_equal(wins.faster, 3);
    assert_int_equal(wins.slower, 1);
    assert_int_equal(wins.equal, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cliffs_delta_counts_pairs),
        cmocka_unit_test(wins_are_counted_per_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
