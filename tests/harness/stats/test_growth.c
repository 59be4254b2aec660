/* Reference: scipy 1.17.1 linregress on logs. */
#include "stats/growth.h"

#include "near.h"

static void exponent_agrees_with_linear_regression_on_logs(void **state)
{
    (void)state;
    const double size[] = {1000, 2000, 4000, 8000, 16000};
    const double time[] = {1.1e6, 2.35e6, 4.9e6, 10.6e6, 22.9e6};
    stats_growth fit = stats_fit_growth(size, time, 5, 0.05);
    assert_true(fit.valid);
    assert_near(fit.exponent, 1.093287594180485, 1e-12);
    assert_near(fit.low, 1.0756394741429207, 1e-11);
    assert_near(fit.high, 1.1109357142180492, 1e-11);
    assert_near(fit.coefficient, 574.7408858197388, 1e-8);
}

static void three_sizes_or_one_size_are_not_enough(void **state)
{
    (void)state;
    const double size[] = {1, 2, 4, 8}, same[] = {5, 5, 5, 5}, time[] = {1, 2, 4, 8};
    assert_false(stats_fit_growth(size, time, 3, 0.05).valid);
    assert_false(stats_fit_growth(same, time, 4, 0.05).valid);
    assert_near(stats_fit_growth(size, time, 4, 0.05).exponent, 1, 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exponent_agrees_with_linear_regression_on_logs),
        cmocka_unit_test(three_sizes_or_one_size_are_not_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
