/* Prediction interval: the formula in numpy with scipy's t quantile. */
#include "stats/trend.h"

#include "base/base.h"
#include "near.h"
#include "noise.h"

static const double recent[] = {
    0.01317, 0.00541,  -0.0074,  0.00396,  0.00061,  0.00462,
    0.01845, -0.00214, -0.00012, -0.00887, -0.00289, -0.00569,
};

static void a_slow_rise_is_reported(void **state)
{
    (void)state;
    static const noise_level level = {0, 0, 0.003};
    double y[50];
    noise_series(41, 50, &level, 1, y);
    for (size_t i = 0; i < 50; i++) y[i] += 0.001 * (double)i;
    stats_trend trend = stats_find_trend(y, 50, 0.02, 0.01);
    assert_true(trend.reported);
    assert_near(trend.slope, 0.001, 0.0001);
    assert_near(trend.change, 50 * trend.slope, 1e-15);
}

static void a_step_explains_the_series_better(void **state)
{
    (void)state;
    static const noise_level levels[] = {{0, 0, 0.003}, {25, 0.05, 0.003}};
    double y[50];
    noise_series(42, 50, levels, 2, y);
    stats_trend trend = stats_find_trend(y, 50, 0.02, 0.2);
    assert_true(trend.p < 0.2); /* as a trend alone it would pass */
    assert_false(trend.reported);
}

static void noise_and_short_series_are_not_reported(void **state)
{
    (void)state;
    static const noise_level level = {0, 0, 0.01};
    double y[50];
    noise_series(43, 50, &level, 1, y);
    assert_false(stats_find_trend(y, 50, 0.02, 0.01).reported);
    const double rising[] = {0, 1, 2, 3, 4, 5, 6};
    assert_false(stats_find_trend(rising, 7, 0.02, 0.01).reported);
}

static void newest_point_is_compared_with_the_prediction_interval(void **state)
{
    (void)state;
    double y[12];
    for (size_t i = 0; i < 12; i++) y[i] = recent[i];
    stats_prediction prediction = stats_check_newest(y, 12, 0, 0.05);
    assert_int_equal(prediction.used, 11);
    assert_near(prediction.center, 0.00061, 1e-15);
    assert_near(prediction.low, -0.013225819904328641, 1e-12);
    assert_near(prediction.high, 0.01444581990432864, 1e-12);
    assert_false(prediction.warn);
    y[11] = 0.02;
    assert_true(stats_check_newest(y, 12, 0, 0.05).warn);
}

static void only_thirty_points_after_the_last_step_are_used(void **state)
{
    (void)state;
    double y[60] = {0};
    assert_int_equal(stats_check_newest(y, 60, 0, 0.05).used, 30);
    assert_int_equal(stats_check_newest(y, 60, 50, 0.05).used, 9);
    assert_int_equal(stats_check_newest(y, 60, 57, 0.05).used, 0);
    assert_false(stats_check_newest(y, 60, 57, 0.05).warn);
    assert_int_equal(stats_check_newest(y, 0, 0, 0.05).used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_rise_is_reported),
        cmocka_unit_test(a_step_explains_the_series_better),
        cmocka_unit_test(noise_and_short_series_are_not_reported),
        cmocka_unit_test(newest_point_is_compared_with_the_prediction_interval),
        cmocka_unit_test(only_thirty_points_after_the_last_step_are_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
