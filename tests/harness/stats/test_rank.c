/* Null distributions: exact integer counts in Python. p-values: scipy 1.17.1 mannwhitneyu and
 * wilcoxon. */
#include "stats/rank.h"

#include "base/alloc.h"
#include "near.h"

static const double unpaired_a[] = {
    0.0456, 0.05145, 0.08062, 0.04925, 0.0422, 0.06616, 0.1123, 0.03972, 0.06539,
};

static const double unpaired_b[] = {
    -0.04732, 0.04036, 0.01978,  0.03998,  -0.00177, -0.03128,
    0.02658,  0.02261, -0.02601, -0.04419, 0.01347,
};

static const double large_a[] = {
    0.01486,  0.09836, 0.00157, 0.00414,  0.01668, -0.02995, -0.00667, 0.06933,  0.01606, 0.00175,
    -0.01816, 0.03741, 0.03975, 0.02769,  0.00832, 0.02917,  0.03145,  -0.00043, 0.03867, -0.04346,
    -0.01867, 0.01088, 0.01675, -0.01493, 0.02986, 0.05167,  0.03353,  0.02674,  0.04485, 0.03213,
    -0.01427, 0.01392, 0.05874, -0.01412, 0.02187, 0.00833,  -0.00694, -0.01035, 0.02303, 0.02946,
};

static const double large_b[] = {
    0.00927,  -0.04338, -0.00866, 0.01037,  0.0284,   0.02018, 0.02495,  0.03291,  0.02472,
    -0.02446, 0.00174,  -0.02139, -0.07144, -0.05043, 0.06267, -0.03352, -0.06726, -0.01755,
    0.04561,  -0.00135, 0.01224,  -0.00811, -0.0025,  0.038,   0.02388,  -0.00259, 0.02675,
    0.03223,  -0.00657, 0.0081,   0.00762,  -0.02005, 0.03453, -0.00501, -0.01858,
};

static void signed_rank_distribution_agrees_with_exact_counts(void **state)
{
    (void)state;
    static const struct {
        size_t n, sum;
        double cdf;
    } cases[] = {
        {1, 0, 0.5},
        {5, 0, 0.03125},
        {5, 3, 0.15625},
        {5, 5, 0.3125},
        {5, 7, 0.5},
        {10, 0, 0.0009765625},
        {10, 11, 0.052734375},
        {10, 18, 0.1875},
        {10, 27, 0.5},
        {25, 0, 2.9802322387695312e-08},
        {25, 65, 0.003685474395751953},
        {25, 108, 0.07423979043960571},
        {25, 162, 0.5},
        {60, 0, 8.673617379884035e-19},
        {60, 366, 1.3548903561653829e-05},
        {60, 610, 0.01211604606552058},
        {60, 915, 0.5014574637805898},
    };
    double cdf[60 * 61 / 2 + 1];
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        stats_signed_rank_cdf(cases[i].n, cdf);
        assert_near(cdf[cases[i].sum] / cases[i].cdf, 1, 1e-12);
        assert_near(cdf[cases[i].n * (cases[i].n + 1) / 2], 1, 1e-12);
    }
}

static void mann_whitney_distribution_agrees_with_exact_counts(void **state)
{
    (void)state;
    static const struct {
        size_t n, m, u;
        double cdf;
    } cases[] = {
        {3, 4, 0, 0.02857142857142857},     {3, 4, 2, 0.11428571428571428},
        {3, 4, 4, 0.3142857142857143},      {3, 4, 6, 0.5714285714285714},
        {5, 5, 0, 0.003968253968253968},    {5, 5, 5, 0.07539682539682539},
        {5, 5, 8, 0.21031746031746032},     {5, 5, 12, 0.5},
        {8, 6, 0, 0.000333000333000333},    {8, 6, 9, 0.029637029637029636},
        {8, 6, 16, 0.17249417249417248},    {8, 6, 24, 0.5251415251415251},
        {10, 12, 0, 1.546441174924147e-06}, {10, 12, 24, 0.00844975457978554},
        {10, 12, 40, 0.10148365566322223},  {10, 12, 60, 0.5128818549871181},
        {30, 30, 0, 8.455616946072368e-18}, {30, 30, 180, 1.7531158880521673e-05},
        {30, 30, 300, 0.01316598015128969}, {30, 30, 450, 0.5029267439118685},
        {2, 40, 0, 0.0011614401858304297},  {2, 40, 16, 0.09407665505226481},
        {2, 40, 26, 0.22764227642276422},   {2, 40, 40, 0.5121951219512195},
    };
    double cdf[901], swapped[901];
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        stats_mann_whitney_cdf(cases[i].n, cases[i].m, cdf);
        stats_mann_whitney_cdf(cases[i].m, cases[i].n, swapped);
        assert_near(cdf[cases[i].u] / cases[i].cdf, 1, 1e-12);
        assert_near(swapped[cases[i].u], cdf[cases[i].u], 1e-15);
        assert_near(cdf[cases[i].n * cases[i].m], 1, 1e-12);
    }
}

static void the_longest_exact_sample_is_one_against_nine_hundred(void **state)
{
    (void)state;
    double *cdf = rf_alloc_array(double, 901);
    stats_mann_whitney_cdf(1, 900, cdf);
    assert_near(cdf[0], 1.0 / 901, 1e-14);
    assert_near(cdf[449], 450.0 / 901, 1e-11);
    rf_free(cdf);
}

static void ties_share_the_mean_of_their_ranks(void **state)
{
    (void)state;
    const double values[] = {2, 1, 2, 5, 2, 1}, expected[] = {4, 1.5, 4, 6, 4, 1.5};
    double ranks[6];
    assert_near(stats_rank(values, 6, ranks), 24 + 6, 0);
    for (size_t i = 0; i < 6; i++) assert_near(ranks[i], expected[i], 0);
}

static void signed_rank_p_drops_zeros_and_corrects_for_ties(void **state)
{
    (void)state;
    const double d[] = {0, 1, 1, -1, 2, -2, 3, 3, 4, -1, 0, 5, 2, 2};
    bool exact = true;
    assert_near(stats_signed_rank_p(d, 14, &exact), 0.03273065935268391, 1e-14);
    assert_false(exact);
    const double zeros[] = {0, 0, 0};
    assert_near(stats_signed_rank_p(zeros, 3, NULL), 1, 0);
}

static void mann_whitney_p_is_exact_without_ties(void **state)
{
    (void)state;
    bool exact = false;
    double p = stats_mann_whitney_p(unpaired_a, 9, unpaired_b, 11, &exact);
    assert_true(exact);
    assert_near(p, 4.763038818766373e-05, 1e-17);
    assert_near(stats_mann_whitney_p(unpaired_b, 11, unpaired_a, 9, NULL), p, 1e-17);
}

static void mann_whitney_p_is_corrected_for_ties(void **state)
{
    (void)state;
    const double a[] = {1, 2, 2, 3, 5, 5, 6}, b[] = {2, 3, 3, 4, 1, 1, 1, 2};
    bool exact = true;
    assert_near(stats_mann_whitney_p(a, 7, b, 8, &exact), 0.19277759410321904, 1e-13);
    assert_false(exact);
    assert_near(stats_mann_whitney_p(a, 0, b, 8, NULL), 1, 0);
}

static void mann_whitney_p_is_normal_for_large_samples(void **state)
{
    (void)state;
    double p =
        stats_mann_whitney_p(large_a, RF_COUNT_OF(large_a), large_b, RF_COUNT_OF(large_b), NULL);
    assert_near(p, 0.05132542182934068, 1e-13);
}

static void unpaired_ratio_has_the_exact_shift_interval(void **state)
{
    (void)state;
    stats_ratio ratio = stats_ratio_unpaired(unpaired_a, 9, unpaired_b, 11, 0.05);
    assert_true(ratio.has_interval);
    assert_near(ratio.log_ratio, 0.05404, 1e-15);
    assert_near(ratio.log_low, 0.02582, 1e-15);
    assert_near(ratio.log_high, 0.0914, 1e-15);
    assert_near(ratio.confidence, 0.9535484639199809, 1e-12);
    assert_near(ratio.p, 4.763038818766373e-05, 1e-17);
    assert_int_equal(ratio.count, 20);
}

static void unpaired_ratio_of_tiny_samples_has_no_interval(void **state)
{
    (void)state;
    assert_false(stats_ratio_unpaired(unpaired_a, 3, unpaired_b, 4, 0.05).has_interval);
    assert_true(stats_ratio_unpaired(unpaired_a, 4, unpaired_b, 4, 0.05).has_interval);
    assert_near(stats_ratio_unpaired(unpaired_a, 0, unpaired_b, 4, 0.05).ratio, 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_rank_distribution_agrees_with_exact_counts),
        cmocka_unit_test(mann_whitney_distribution_agrees_with_exact_counts),
        cmocka_unit_test(the_longest_exact_sample_is_one_against_nine_hundred),
        cmocka_unit_test(ties_share_the_mean_of_their_ranks),
        cmocka_unit_test(signed_rank_p_drops_zeros_and_corrects_for_ties),
        cmocka_unit_test(mann_whitney_p_is_exact_without_ties),
        cmocka_unit_test(mann_whitney_p_is_corrected_for_ties),
        cmocka_unit_test(mann_whitney_p_is_normal_for_large_samples),
        cmocka_unit_test(unpaired_ratio_has_the_exact_shift_interval),
        cmocka_unit_test(unpaired_ratio_of_tiny_samples_has_no_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
