/* p-values: scipy 1.17.1 t.sf. Holm: R's documented p.adjust order, worked out by hand. */
#include "stats/gate.h"

#include "base/base.h"
#include "near.h"

#include <math.h>

static stats_ratio ratio_between(double log_low, double log_high)
{
    return (stats_ratio){.log_ratio = (log_low + log_high) / 2,
                         .log_low = log_low,
                         .log_high = log_high,
                         .count = 10,
                         .has_interval = true};
}

static void verdict_follows_the_margin(void **state)
{
    (void)state;
    const double margin = log(1.02);
    static const double tiny = 1e-9;
    const struct {
        double low, high;
        stats_verdict verdict;
    } cases[] = {
        {margin + tiny, 0.1, STATS_SLOWER},
        {margin - tiny, 0.1, STATS_UNSURE},
        {-0.1, -margin - tiny, STATS_FASTER},
        {-0.1, -margin + tiny, STATS_UNSURE},
        {-margin + tiny, margin - tiny, STATS_SAME},
        {-margin - tiny, margin - tiny, STATS_UNSURE},
        {-0.1, 0.1, STATS_UNSURE},
        {0.001, 0.01, STATS_SAME}, /* a difference that is real but inside the margin */
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        stats_ratio ratio = ratio_between(cases[i].low, cases[i].high);
        assert_int_equal(stats_verdict_of(&ratio, 0.02), cases[i].verdict);
    }
}

static void no_interval_is_unsure(void **state)
{
    (void)state;
    stats_ratio ratio = {.log_ratio = 1, .log_low = 1, .log_high = 1};
    assert_int_equal(stats_verdict_of(&ratio, 0.02), STATS_UNSURE);
    assert_near(stats_gate_p(&ratio, 0.02), 1, 0);
}

static void twins_that_disagree_are_fragile_and_unsure(void **state)
{
    (void)state;
    stats_ratio slower = ratio_between(0.03, 0.05), same = ratio_between(-0.01, 0.01);
    stats_ratio small = {0};
    bool fragile;
    assert_int_equal(stats_verdict_of_twins(&slower, &slower, 0.02, &fragile), STATS_SLOWER);
    assert_false(fragile);
    assert_int_equal(stats_verdict_of_twins(&slower, &same, 0.02, &fragile), STATS_UNSURE);
    assert_true(fragile);
    assert_int_equal(stats_verdict_of_twins(&slower, &small, 0.02, &fragile), STATS_SLOWER);
    assert_false(fragile);
}

static void gate_p_agrees_with_scipy(void **state)
{
    (void)state;
    static const struct {
        double mean, sd;
        size_t count;
        double delta, p;
    } cases[] = {
        {0.05, 0.03, 10, 0.02, 0.0055647649109623904},
        {0.01, 0.02, 12, 0.02, 0.94119605733506673},
        {0.0198, 0.01, 8, 0.02, 0.50028609157443049},
        {-0.03, 0.02, 20, 0.05, 0.99999999999984246},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        stats_ratio ratio = {.log_ratio = cases[i].mean,
                             .sd = cases[i].sd,
                             .df = (double)cases[i].count - 1,
                             .count = cases[i].count,
                             .has_interval = true};
        assert_near(stats_gate_p(&ratio, cases[i].delta), cases[i].p, 1e-12);
    }
}

static void gate_p_without_spread_is_certain(void **state)
{
    (void)state;
    stats_ratio above = {.log_ratio = 0.1, .count = 6, .has_interval = true};
    stats_ratio below = {.log_ratio = 0.01, .count = 6, .has_interval = true};
    assert_near(stats_gate_p(&above, 0.02), 0, 0);
    assert_near(stats_gate_p(&below, 0.02), 1, 0);
}

static void holm_multiplies_and_stays_monotone(void **state)
{
    (void)state;
    double p[] = {0.01, 0.04, 0.03, 0.005, 0.5, 0.02};
    const double expected[] = {0.05, 0.09, 0.09, 0.03, 0.5, 0.08};
    stats_holm(p, 6, p);
    for (size_t i = 0; i < 6; i++) assert_near(p[i], expected[i], 1e-15);
    const double large[] = {0.6, 0.7};
    double adjusted[2];
    stats_holm(large, 2, adjusted);
    assert_near(adjusted[0], 1, 0);
    assert_near(adjusted[1], 1, 0);
}

static void gate_needs_both_the_verdict_and_the_adjusted_p(void **state)
{
    (void)state;
    assert_int_equal(stats_gate_verdict(STATS_SLOWER, 0.01, 0.05), STATS_SLOWER);
    assert_int_equal(stats_gate_verdict(STATS_SLOWER, 0.05, 0.05), STATS_UNSURE);
    assert_int_equal(stats_gate_verdict(STATS_SAME, 1, 0.05), STATS_SAME);
    assert_int_equal(stats_gate_verdict(STATS_FASTER, 1, 0.05), STATS_FASTER);
}

static void verdicts_have_names(void **state)
{
    (void)state;
    assert_string_equal(stats_verdict_name(STATS_SAME), "same");
    assert_string_equal(stats_verdict_name(STATS_FASTER), "faster");
    assert_string_equal(stats_verdict_name(STATS_SLOWER), "slower");
    assert_string_equal(stats_verdict_name(STATS_UNSURE), "unsure");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict_follows_the_margin),
        cmocka_unit_test(no_interval_is_unsure),
        cmocka_unit_test(twins_that_disagree_are_fragile_and_unsure),
        cmocka_unit_test(gate_p_agrees_with_scipy),
        cmocka_unit_test(gate_p_without_spread_is_certain),
        cmocka_unit_test(holm_multiplies_and_stays_monotone),
        cmocka_unit_test(gate_needs_both_the_verdict_and_the_adjusted_p),
        cmocka_unit_test(verdicts_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
