/* Reference: scipy 1.17.1 theilslopes; Mann-Kendall by its definition in numpy, normal tail from
 * scipy. */
#include "stats/drift.h"

#include "base/base.h"
#include "near.h"

static const double drifting[] = {
    -0.0067, -0.00406, 0.0081, -0.00156, 0.00572, 0.00353, 0.00805, 0.00941,
    0.00489, 0.00783,  0.0104, 0.01146,  0.01189, 0.01175, 0.01652,
};

static void theil_sen_agrees_with_scipy(void **state)
{
    (void)state;
    assert_near(stats_theil_sen(drifting, RF_COUNT_OF(drifting)), 0.001331, 1e-15);
    assert_near(stats_theil_sen(drifting, 1), 0, 0);
}

static void mann_kendall_agrees_with_its_definition(void **state)
{
    (void)state;
    stats_mann_kendall test = stats_mann_kendall_test(drifting, RF_COUNT_OF(drifting), 1);
    assert_near(test.s, 79, 0);
    assert_near(test.z, 3.8599989425820693, 1e-13);
    assert_near(test.p, 0.00011338751572843685, 1e-15);
}

static void mann_kendall_corrects_for_ties(void **state)
{
    (void)state;
    const double y[] = {1, 2, 2, 3, 3, 3, 2, 4, 5, 4, 4, 6};
    stats_mann_kendall test = stats_mann_kendall_test(y, 12, 1);
    assert_near(test.s, 47, 0);
    assert_near(test.z, 3.23922243500984, 1e-13);
    assert_near(test.p, 0.0011985606115827146, 1e-14);
    const double flat[] = {1, 1, 1};
    assert_near(stats_mann_kendall_test(flat, 3, 1).p, 1, 0);
}

static void inflation_widens_the_null_distribution(void **state)
{
    (void)state;
    double z = stats_mann_kendall_test(drifting, RF_COUNT_OF(drifting), 4).z;
    assert_near(z, 3.8599989425820693 / 2, 1e-13);
}

static void autocorrelation_is_that_of_the_definition(void **state)
{
    (void)state;
    double rho = stats_autocorrelation(drifting, RF_COUNT_OF(drifting));
    assert_near(rho, 0.42366209163117596, 1e-14);
    const double flat[] = {3, 3, 3, 3};
    assert_near(stats_autocorrelation(flat, 4), 0, 0);
}

static void a_session_that_slows_down_is_warned_about(void **state)
{
    (void)state;
    stats_drift drift = stats_session_drift(drifting, drifting, RF_COUNT_OF(drifting), 0.02);
    assert_near(drift.change, 0.001331 * 15, 1e-14);
    assert_true(drift.p < 0.01);
    assert_true(drift.warn);
    const double calm[] = {0.001, -0.001, 0.002, 0, 0.001, -0.002, 0.001, 0};
    assert_false(stats_session_drift(calm, NULL, 8, 0.02).warn);
}

static void a_steep_but_short_drift_is_warned_about_by_its_size(void **state)
{
    (void)state;
    const double y[] = {0, 0.02, 0.04, 0.06};
    stats_drift drift = stats_session_drift(y, NULL, 4, 0.02);
    assert_true(drift.p > 0.01);
    assert_true(drift.warn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(theil_sen_agrees_with_scipy),
        cmocka_unit_test(mann_kendall_agrees_with_its_definition),
        cmocka_unit_test(mann_kendall_corrects_for_ties),
        cmocka_unit_test(inflation_widens_the_null_distribution),
        cmocka_unit_test(autocorrelation_is_that_of_the_definition),
        cmocka_unit_test(a_session_that_slows_down_is_warned_about),
        cmocka_unit_test(a_steep_but_short_drift_is_warned_about_by_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
