/* Reference: the formula in numpy, t quantile and tail from scipy 1.17.1. */
#include "stats/aggregate.h"

#include "base/base.h"
#include "near.h"

#include <math.h>

static stats_ratio paired(double mean, double sd, size_t count)
{
    return (stats_ratio){
        .ratio = exp(mean), .log_ratio = mean, .sd = sd, .df = (double)count - 1, .count = count, .has_interval = true};
}

static void geometric_mean_uses_welch_satterthwaite_degrees(void **state)
{
    (void)state;
    const stats_ratio rows[] = {paired(0.05, 0.02, 10), paired(-0.02, 0.01, 12),
                                paired(0.1, 0.03, 8), paired(0, 0.015, 10)};
    stats_ratio mean = stats_geometric_mean(rows, 4, 0.05);
    assert_near(mean.ratio, 1.0330338931439726, 1e-14);
    assert_near(mean.low, 1.025662334622535, 1e-12);
    assert_near(mean.high, 1.0404584319428374, 1e-12);
    assert_near(mean.p, 3.853052247158008e-08, 1e-17);
    assert_int_equal(mean.count, 4);
}

static void a_row_without_interval_leaves_the_mean_without_one(void **state)
{
    (void)state;
    stats_ratio rows[] = {paired(0.05, 0.02, 10), paired(0.03, 0.02, 3)};
    rows[1].has_interval = false;
    stats_ratio mean = stats_geometric_mean(rows, 2, 0.05);
    assert_false(mean.has_interval);
    assert_near(mean.log_ratio, 0.04, 1e-15);
    assert_near(mean.low, mean.ratio, 0);
}

static void huge_ratios_do_not_overflow(void **state)
{
    (void)state;
    stats_ratio rows[300];
    for (size_t i = 0; i < 300; i++) rows[i] = paired(log(1e3), 0.01, 10);
    assert_near(stats_geometric_mean(rows, 300, 0.05).ratio, 1e3, 1e-9);
}

static void no_rows_and_no_spread_are_defined(void **state)
{
    (void)state;
    const stats_ratio still[] = {paired(0.1, 0, 6)};
    assert_near(stats_geometric_mean(NULL, 0, 0.05).ratio, 1, 0);
    stats_ratio mean = stats_geometric_mean(still, 1, 0.05);
    assert_near(mean.low, mean.high, 0);
    assert_near(mean.p, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(geometric_mean_uses_welch_satterthwaite_degrees),
        cmocka_unit_test(a_row_without_interval_leaves_the_mean_without_one),
        cmocka_unit_test(huge_ratios_do_not_overflow),
        cmocka_unit_test(no_rows_and_no_spread_are_defined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
