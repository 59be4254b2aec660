/* Reference values: numpy 2.4.6 quantile (method linear), scipy 1.17.1 median_abs_deviation. */
#include "stats/quantile.h"
#include "stats/random.h"

#include "base/base.h"
#include "near.h"

#include <stdlib.h>

static const double sample[] = {
    0.998, 1.369, 1.249, 1.243, 1.625, 0.697, 0.829, 0.673, 0.968, 1.349, 0.993,
};

static void quantiles_interpolate_linearly(void **state)
{
    (void)state;
    static const struct {
        double p, value;
    } cases[] = {
        {0, 0.673}, {0.05, 0.685}, {0.25, 0.8985}, {0.5, 0.998}, {0.9, 1.369}, {1, 1.625},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        double value = stats_quantile(sample, RF_COUNT_OF(sample), cases[i].p);
        assert_near(value, cases[i].value, 1e-15);
    }
}

static void moments_agree_with_numpy(void **state)
{
    (void)state;
    size_t count = RF_COUNT_OF(sample);
    assert_near(stats_mean(sample, count), 1.0902727272727273, 1e-15);
    assert_near(stats_variance(sample, count), 0.0909052181818182, 1e-15);
    assert_near(stats_mad(sample, count), 0.251, 1e-15);
    assert_near(stats_median(sample, count), 0.998, 0);
}

static void median_of_an_even_count_is_the_mean_of_the_middle_two(void **state)
{
    (void)state;
    const double even[] = {4, 1, 3, 2};
    assert_near(stats_median(even, 4), 2.5, 0);
}

static void samples_keep_their_order(void **state)
{
    (void)state;
    const double before[] = {3, 1, 2};
    double values[] = {3, 1, 2};
    stats_median(values, 3);
    stats_quantile(values, 3, 0.3);
    stats_mad(values, 3);
    for (int i = 0; i < 3; i++) assert_near(values[i], before[i], 0);
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void sorting_agrees_with_the_c_library(void **state)
{
    (void)state;
    stats_random random;
    stats_random_init(&random, 7);
    for (size_t count = 0; count < 300; count++) {
        double values[300], expected[300];
        for (size_t i = 0; i < count; i++)
            values[i] = expected[i] = (double)stats_random_below(&random, count % 3 ? 1000000 : 4) - 2;
        stats_sort(values, count);
        qsort(expected, count, sizeof *expected, compare);
        assert_memory_equal(values, expected, count * sizeof *values);
    }
}

static void selection_agrees_with_sorting(void **state)
{
    (void)state;
    stats_random random;
    stats_random_init(&random, 3);
    for (size_t trial = 0; trial < 300; trial++) {
        double values[60], sorted[60];
        size_t count = 1 + stats_random_below(&random, RF_COUNT_OF(values));
        for (size_t i = 0; i < count; i++) /* many equal ones */
            values[i] = sorted[i] = (double)stats_random_below(&random, trial % 3 ? 1000 : 4);
        stats_sort(sorted, count);
        for (size_t i = 0; i < count; i++)
            assert_near(stats_select(values, count, i), sorted[i], 0);
        assert_near(stats_median_select(values, count), stats_median(sorted, count), 0);
    }
    assert_near(stats_median_select(NULL, 0), 0, 0);
}

static void empty_and_single_samples_are_defined(void **state)
{
    (void)state;
    const double one[] = {7};
    assert_near(stats_median(one, 0), 0, 0);
    assert_near(stats_mean(one, 0), 0, 0);
    assert_near(stats_mad(one, 0), 0, 0);
    assert_near(stats_variance(one, 1), 0, 0);
    assert_near(stats_quantile(one, 1, 0.7), 7, 0);
}

/* The textbook formula sum x^2 - n m^2 loses every digit here. */
static void variance_survives_a_large_offset(void **state)
{
    (void)state;
    const double values[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
    assert_near(stats_variance(values, 4), 30, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_interpolate_linearly),
        cmocka_unit_test(moments_agree_with_numpy),
        cmocka_unit_test(median_of_an_even_count_is_the_mean_of_the_middle_two),
        cmocka_unit_test(samples_keep_their_order),
        cmocka_unit_test(sorting_agrees_with_the_c_library),
        cmocka_unit_test(selection_agrees_with_sorting),
        cmocka_unit_test(empty_and_single_samples_are_defined),
        cmocka_unit_test(variance_survives_a_large_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
