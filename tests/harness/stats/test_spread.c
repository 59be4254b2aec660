/* Reference: the formula in numpy 2.4.6. */
#include "stats/spread.h"

#include "near.h"

static void within_and_between_agree_with_the_random_effects_model(void **state)
{
    (void)state;
    const double y[] = {1.0, 1.1, 0.9, 1.05, 1.2, 1.25, 1.15, 1.3, 0.95, 1.0, 0.9, 1.02};
    const size_t counts[] = {4, 4, 4};
    stats_spread spread = stats_two_level_spread(y, counts, 3);
    assert_near(spread.within, 0.004783333333333337, 1e-15);
    assert_near(spread.between, 0.017718750000000012, 1e-15);
    assert_near(spread.correlation, 0.7874270900842514, 1e-13);
    assert_near(spread.design_effect, 3.3622812702527543, 1e-13);
    assert_near(spread.iterations, 4, 1e-15);
}

static void between_is_never_negative(void **state)
{
    (void)state;
    const double y[] = {1, 3, 3, 1, 1, 3};
    const size_t counts[] = {2, 2, 2};
    stats_spread spread = stats_two_level_spread(y, counts, 3);
    assert_near(spread.between, 0, 0);
    assert_near(spread.design_effect, 1, 0);
}

static void unequal_counts_use_their_harmonic_mean(void **state)
{
    (void)state;
    const double y[] = {1, 2, 3, 4, 5, 6};
    const size_t counts[] = {2, 4};
    assert_near(stats_two_level_spread(y, counts, 2).iterations, 8.0 / 3, 1e-15);
    assert_near(stats_two_level_spread(y, counts, 0).design_effect, 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(within_and_between_agree_with_the_random_effects_model),
        cmocka_unit_test(between_is_never_negative),
        cmocka_unit_test(unequal_counts_use_their_harmonic_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
