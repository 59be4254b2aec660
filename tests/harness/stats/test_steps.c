/* Split points: the energy statistic by its definition in Python over the same seeded series. */
#include "stats/steps.h"

#include "base/base.h"
#include "near.h"
#include "noise.h"

static const stats_step_options options = STATS_STEP_OPTIONS_DEFAULT;

static void energy_locates_like_its_definition(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed;
        size_t count, level_count;
        noise_level levels[2];
        size_t split;
    } cases[] = {
        {11, 40, 2, {{0, 0, 0.01}, {25, 0.03, 0.01}}, 26},
        {12, 60, 2, {{0, 0, 0.01}, {48, 0.05, 0.01}}, 47},
        {13, 30, 2, {{0, 0, 0.02}, {4, -0.06, 0.02}}, 4},
        {14, 25, 1, {{0, 0, 0.01}}, 13},
    };
    double y[60];
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        noise_series(cases[i].seed, cases[i].count, cases[i].levels, cases[i].level_count, y);
        assert_int_equal(stats_locate_step(y, cases[i].count), cases[i].split);
    }
}

/* 3 + 3 points in perfect order: of the 720 arrangements only those that keep the sides apart (2 x
 * 3! x 3!) reach the observed sum, 10 %. */
static void permutation_p_is_the_share_of_arrangements(void **state)
{
    (void)state;
    const double y[] = {1, 2, 3, 4, 5, 6};
    assert_near(stats_step_p(y, 6, 1, 20000, 5), 0.1, 0.01);
}

static void blocks_leave_fewer_arrangements(void **state)
{
    (void)state;
    double y[24];
    for (size_t i = 0; i < 24; i++) y[i] = (double)i;
    /* four blocks of six: 24 orders, two of which (up, and down by blocks) reach the sum of the
     * middle split */
    double p = stats_step_p(y, 24, 6, 9999, 5);
    assert_true(p > 2.0 / 24 - 0.02);
    assert_true(stats_step_p(y, 24, 1, 999, 5) <= 0.001);
}

static void steps_up_and_down_are_found_with_their_levels(void **state)
{
    (void)state;
    static const noise_level levels[] = {{0, 0, 0.005}, {20, 0.1, 0.005}, {40, 0.04, 0.005}};
    double y[60];
    stats_step steps[20];
    noise_series(31, 60, levels, 3, y);
    assert_int_equal(stats_find_steps(y, 60, &options, steps), 2);
    assert_int_equal(steps[0].index, 20);
    assert_int_equal(steps[1].index, 40);
    assert_near(steps[0].size, 0.1, 0.006);
    assert_near(steps[1].size, -0.06, 0.006);
    assert_near(steps[1].before, steps[0].after, 0);
    assert_true(steps[0].p <= 0.01 && steps[1].p <= 0.01);
}

static void steps_below_the_margin_are_dropped(void **state)
{
    (void)state;
    static const noise_level levels[] = {{0, 0, 0.001}, {30, 0.012, 0.001}};
    double y[60];
    stats_step steps[20];
    noise_series(32, 60, levels, 2, y);
    assert_int_equal(stats_find_steps(y, 60, &options, steps), 0);
    stats_step_options fine = options;
    fine.delta = 0.005;
    assert_int_equal(stats_find_steps(y, 60, &fine, steps), 1);
}

static void equal_seeds_give_equal_answers(void **state)
{
    (void)state;
    static const noise_level levels[] = {{0, 0, 0.02}, {30, 0.05, 0.02}};
    double y[60];
    noise_series(33, 60, levels, 2, y);
    double first = stats_step_p(y, 60, 2, 199, 42);
    assert_near(stats_step_p(y, 60, 2, 199, 42), first, 0);
}

static void short_and_constant_series_have_no_steps(void **state)
{
    (void)state;
    double y[30] = {0};
    stats_step steps[10];
    for (size_t count = 0; count <= 30; count += 5)
        assert_int_equal(stats_find_steps(y, count, &options, steps), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_locates_like_its_definition),
        cmocka_unit_test(permutation_p_is_the_share_of_arrangements),
        cmocka_unit_test(blocks_leave_fewer_arrangements),
        cmocka_unit_test(steps_up_and_down_are_found_with_their_levels),
        cmocka_unit_test(steps_below_the_margin_are_dropped),
        cmocka_unit_test(equal_seeds_give_equal_answers),
        cmocka_unit_test(short_and_constant_series_have_no_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
