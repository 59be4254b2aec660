/* S3: scipy 1.17.1 ttest_1samp and its confidence_interval. S4: scipy wilcoxon for p; estimate and
 * limits by the definition in exact rational counts; the depression data is example 3.1 of
 * Hollander and Wolfe, whose book and R's wilcox.test give 0.46 and (0.010, 0.786). */
#include "stats/paired.h"

#include "base/base.h"
#include "near.h"

#include <math.h>

static const double d12[] = {
    0.04222, 0.00389, 0.04483, 0.01753, 0.08008, 0.03241,
    0.08091, 0.01237, 0.05477, 0.05408, 0.05013, 0.02293,
};

static const double d70[] = {
    0.005047,  0.013829,  -0.000675, 0.011875,  0.046394, 0.01818,   -0.001474, 0.029062,  0.007424,
    0.021877,  0.022255,  0.002179,  -0.028606, 0.003047, 0.021029,  0.002398,  0.018779,  0.029591,
    -0.000882, 0.034627,  0.042436,  0.031581,  0.033309, 0.031936,  0.055091,  0.013717,  0.010042,
    0.022062,  -0.008164, -0.021064, -0.00764,  0.017451, 0.019461,  -0.020727, -0.027669, 0.003677,
    0.006239,  0.009016,  0.023427,  0.034577,  0.014618, 0.022254,  -0.011904, -0.013526, 0.014725,
    0.023293,  0.024525,  0.021855,  0.025683,  0.026197, -0.025044, -0.004683, 0.019103,  0.021933,
    -0.020242, 0.033461,  0.001223,  0.005352,  0.015476, 0.024993,  -0.018662, 0.029798,  0.011546,
    -0.005416, 0.004495,  -0.033717, -0.002952, 0.013638, -0.004181, 0.00344,
};

static void t_interval_agrees_with_scipy(void **state)
{
    (void)state;
    stats_ratio ratio = stats_ratio_paired(d12, RF_COUNT_OF(d12), 0.05);
    assert_true(ratio.has_interval);
    assert_near(ratio.log_ratio, 0.04134583333333334, 1e-15);
    assert_near(ratio.sd, 0.02472910631709978, 1e-15);
    assert_near(ratio.log_low, 0.025633708784671506, 1e-13);
    assert_near(ratio.log_high, 0.05705795788199517, 1e-13);
    assert_near(ratio.p, 0.0001207299651123587, 1e-13);
    assert_near(ratio.ratio, exp(ratio.log_ratio), 1e-15);
    assert_near(ratio.low, exp(ratio.log_low), 1e-15);
    assert_near(ratio.high, exp(ratio.log_high), 1e-15);
}

static void signed_rank_interval_is_exact(void **state)
{
    (void)state;
    stats_ratio ratio = stats_ratio_signed_rank(d12, RF_COUNT_OF(d12), 0.05);
    assert_near(ratio.log_ratio, 0.0421025, 1e-15);
    assert_near(ratio.log_low, 0.02436, 1e-15);
    assert_near(ratio.log_high, 0.05666, 1e-15);
    assert_near(ratio.confidence, 0.95751953125, 1e-12);
    assert_near(ratio.p, 0.00048828125, 1e-15);
}

static void signed_rank_reproduces_the_depression_example(void **state)
{
    (void)state;
    const double before[] = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    const double after[] = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    double d[9];
    stats_differences(before, after, 9, d);
    stats_ratio ratio = stats_ratio_signed_rank(d, 9, 0.05);
    assert_near(ratio.log_ratio, 0.46, 1e-12);
    assert_near(ratio.log_low, 0.010, 1e-12);
    assert_near(ratio.log_high, 0.786, 1e-12);
    assert_near(ratio.confidence, 0.9609375, 1e-12);
    assert_near(ratio.p, 0.0390625, 1e-15);
}

static void large_samples_use_the_normal_bound(void **state)
{
    (void)state;
    stats_ratio ratio = stats_ratio_signed_rank(d70, RF_COUNT_OF(d70), 0.05);
    assert_near(ratio.log_ratio, 0.0114015, 1e-15);
    assert_near(ratio.log_low, 0.0065445, 1e-15);
    assert_near(ratio.log_high, 0.015961, 1e-15);
    assert_near(ratio.p, 3.169933163853647e-05, 1e-15);
}

static void too_few_blocks_give_no_interval(void **state)
{
    (void)state;
    stats_ratio paired = stats_ratio_paired(d12, 4, 0.05);
    assert_false(paired.has_interval);
    assert_near(paired.low, paired.ratio, 0);
    assert_near(paired.p, 1, 0);
    assert_true(stats_ratio_paired(d12, 5, 0.05).has_interval);
    assert_false(stats_ratio_signed_rank(d12, 5, 0.05).has_interval);
    assert_true(stats_ratio_signed_rank(d12, 6, 0.05).has_interval);
    assert_near(stats_ratio_paired(d12, 0, 0.05).ratio, 1, 0);
    assert_near(stats_ratio_signed_rank(d12, 0, 0.05).ratio, 1, 0);
}

static void equal_blocks_give_a_point(void **state)
{
    (void)state;
    const double same[] = {0, 0, 0, 0, 0, 0}, shifted[] = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
    stats_ratio ratio = stats_ratio_paired(same, 6, 0.05);
    assert_true(ratio.has_interval);
    assert_near(ratio.low, 1, 0);
    assert_near(ratio.high, 1, 0);
    assert_near(ratio.p, 1, 0);
    assert_near(stats_ratio_paired(shifted, 6, 0.05).p, 0, 0);
    assert_near(stats_ratio_signed_rank(shifted, 6, 0.05).log_low, 0.5, 0);
}

static void one_wild_block_moves_the_mean_but_not_the_robust_twin(void **state)
{
    (void)state;
    double d[12];
    for (size_t i = 0; i < 12; i++) d[i] = d12[i];
    d[3] = 2;
    stats_ratio before = stats_ratio_signed_rank(d12, 12, 0.05),
                after = stats_ratio_signed_rank(d, 12, 0.05);
    assert_near(before.log_ratio, after.log_ratio, 0.006);
    assert_true(stats_ratio_paired(d, 12, 0.05).log_ratio > 0.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(t_interval_agrees_with_scipy),
        cmocka_unit_test(signed_rank_interval_is_exact),
        cmocka_unit_test(signed_rank_reproduces_the_depression_example),
        cmocka_unit_test(large_samples_use_the_normal_bound),
        cmocka_unit_test(too_few_blocks_give_no_interval),
        cmocka_unit_test(equal_blocks_give_a_point),
        cmocka_unit_test(one_wild_block_moves_the_mean_but_not_the_robust_twin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
