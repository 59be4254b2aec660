/* Break-even on numbers worked out by hand. */
#include "support/ruff_test.h"

#include "report/cost.h"

#include <math.h>

static compare_row row(double startup, double first, double steady)
{
    compare_row out = {.label = NULL};
    const double values[] = {startup, first, steady};
    const compare_measure measures[] = {COMPARE_STARTUP, COMPARE_FIRST, COMPARE_STEADY};
    for (size_t i = 0; i < RF_COUNT_OF(values); i++)
        out.estimates[measures[i]] = (compare_estimate){.interval = {.value = values[i]}, .count = 5};
    return out;
}

static void the_faster_starter_is_overtaken_where_the_lines_cross(void **state)
{
    (void)state;
    compare_row sooner = row(10, 50, 40), later = row(100, 60, 10);
    /* 60 + (n - 1) 40 = 160 + (n - 1) 10 at n - 1 = 100 / 30 */
    assert_true(fabs(report_cost_crossing(&sooner, &later) - (1 + 100.0 / 30)) < 1e-9);
    assert_true(fabs(report_cost_of(&sooner, 3) - 140) < 1e-9);
}

static void there_is_no_crossing_without_a_faster_slope_or_a_later_start(void **state)
{
    (void)state;
    compare_row base = row(10, 50, 40), slower = row(100, 60, 50), better = row(5, 20, 10);
    assert_true(report_cost_crossing(&base, &slower) <= 0);
    assert_true(report_cost_crossing(&base, &better) <= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_faster_starter_is_overtaken_where_the_lines_cross),
        cmocka_unit_test(there_is_no_crossing_without_a_faster_slope_or_a_later_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
