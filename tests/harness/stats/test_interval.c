/* Ranks and confidences: scipy 1.17.1 binom.cdf. The t interval was worked out by hand. */
#include "stats/interval.h"

#include "base/base.h"
#include "near.h"

#include <math.h>

static void order_ranks_and_confidence_agree_with_the_binomial_table(void **state)
{
    (void)state;
    static const struct {
        size_t count, rank;
        double confidence;
    } cases[] = {
        {5, 0, 1},
        {6, 1, 0.96875},
        {7, 1, 0.984375},
        {8, 1, 0.9921875},
        {9, 2, 0.9609375},
        {10, 2, 0.978515625},
        {12, 3, 0.96142578125},
        {15, 4, 0.96484375},
        {20, 6, 0.9586105346679688},
        {25, 8, 0.9567147493362427},
        {30, 10, 0.9572260547429323},
        {50, 18, 0.9671608624357315},
        {100, 40, 0.9647997997822951},
    };
    double y[100];
    for (size_t i = 0; i < 100; i++) y[i] = (double)i / 1000;
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        size_t rank = stats_median_interval_rank(cases[i].count, 0.05);
        assert_int_equal(rank, cases[i].rank);
        stats_interval interval = stats_median_interval(y, cases[i].count, 0.05);
        if (rank == 0) continue;
        assert_int_equal(interval.kind, STATS_INTERVAL_ORDER);
        assert_near(interval.confidence, cases[i].confidence, 1e-12);
        assert_near(interval.low, exp(y[rank - 1]), 1e-15);
        assert_near(interval.high, exp(y[cases[i].count - rank]), 1e-15);
    }
}

static void value_is_the_median_in_natural_units(void **state)
{
    (void)state;
    const double y[] = {log(10), log(1), log(3), log(2), log(4), log(100)};
    stats_interval interval = stats_median_interval(y, 6, 0.05);
    assert_near(interval.value, 3.5, 1e-14);
    assert_near(interval.low, 1, 1e-14);
    assert_near(interval.high, 100, 1e-12);
}

/* mean 2, s = 1, n = 3: 2 +- 4.302652729749464 / sqrt 3 */
static void few_blocks_get_a_t_interval_on_logs(void **state)
{
    (void)state;
    const double y[] = {1, 2, 3};
    stats_interval interval = stats_median_interval(y, 3, 0.05);
    assert_int_equal(interval.kind, STATS_INTERVAL_T_ON_LOGS);
    assert_near(interval.value, exp(2), 1e-14);
    assert_near(log(interval.low), -0.4841377118, 1e-9);
    assert_near(log(interval.high), 4.4841377118, 1e-9);
}

static void one_block_has_a_value_only(void **state)
{
    (void)state;
    const double y[] = {1};
    stats_interval interval = stats_median_interval(y, 1, 0.05);
    assert_int_equal(interval.kind, STATS_INTERVAL_NONE);
    assert_near(interval.low, interval.value, 0);
    assert_near(interval.high, interval.value, 0);
    assert_near(interval.confidence, 0, 0);
}

static void a_confidence_that_is_exactly_reached_counts(void **state)
{
    (void)state;
    assert_int_equal(stats_median_interval_rank(6, 0.03125), 1);
    assert_int_equal(stats_median_interval_rank(6, 0.03124), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_ranks_and_confidence_agree_with_the_binomial_table),
        cmocka_unit_test(value_is_the_median_in_natural_units),
        cmocka_unit_test(few_blocks_get_a_t_interval_on_logs),
        cmocka_unit_test(one_block_has_a_value_only),
        cmocka_unit_test(a_confidence_that_is_exactly_reached_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
