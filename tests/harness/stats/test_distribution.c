/* Reference values: scipy 1.17.1, scipy.stats.t / norm / binom and scipy.special.betainc. */
#include "stats/distribution.h"

#include "base/base.h"
#include "near.h"

#include <math.h>

static void student_cdf_agrees_with_scipy(void **state)
{
    (void)state;
    static const struct {
        double t, df, cdf;
    } cases[] = {
        {0, 1, 0.5},
        {0.5, 1, 0.6475836176504333},
        {1, 2, 0.7886751345948129},
        {-1.5, 3, 0.11529193262241147},
        {2.2621571628540993, 9, 0.9750000000022839},
        {2.5, 4.5, 0.9700471567488997},
        {-3, 10, 0.006671827511284785},
        {10, 5, 0.9999145262121285},
        {1.959963984540054, 1000000, 0.9749998613523891},
        {-40, 7, 7.951089992425182e-10},
        {0.001, 30, 0.5003956321167575},
        {6.5, 199, 0.9999999996837755},
        {1e-09, 12, 0.5000000003907263},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++)
        assert_near(stats_student_cdf(cases[i].t, cases[i].df), cases[i].cdf, 1e-12);
}

static void student_tail_keeps_its_digits(void **state)
{
    (void)state;
    static const struct {
        double t, df, tail;
    } cases[] = {
        {30, 9, 1.2418523520791317e-10},
        {100, 5, 9.48000711231182e-10},
        {8, 1000, 1.7133307411957489e-15},
        {1000000, 2, 4.999999999992501e-13},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        double tail = stats_student_tail(cases[i].t, cases[i].df);
        assert_near(tail / cases[i].tail, 1, 1e-10);
    }
}

static void student_quantile_agrees_with_scipy(void **state)
{
    (void)state;
    static const struct {
        double p, df, t;
    } cases[] = {
        {0.975, 1, 12.706204736174694},      {0.975, 2, 4.302652729749462},
        {0.975, 5, 2.5705818356363146},      {0.975, 9, 2.262157162798205},
        {0.975, 29, 2.045229642132703},      {0.8, 7, 0.8960296443137653},
        {0.995, 3.7, 4.8692522532278275},    {0.025, 11, -2.2009851600916392},
        {0.9999999, 6, 26.286699973081294},  {1e-12, 4, -1316.0727465592565},
        {0.5001, 15, 0.0002548724226688237}, {0.975, 100000, 1.9599877075346095},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        double t = stats_student_quantile(cases[i].p, cases[i].df);
        assert_near(t / cases[i].t, 1, 1e-10);
    }
    assert_near(stats_student_quantile(0.975, HUGE_VAL), 1.959963984540054, 1e-12);
    assert_near(stats_student_quantile(0.5, 3), 0, 0);
}

static void normal_cdf_and_quantile_agree_with_scipy(void **state)
{
    (void)state;
    static const struct {
        double z, cdf;
    } cdfs[] = {
        {0, 0.5},
        {1, 0.8413447460685429},
        {-1, 0.15865525393145707},
        {-6, 9.865876450376946e-10},
        {3.5, 0.9997673709209645},
    };
    static const struct {
        double p, z;
    } quantiles[] = {
        {0.5, 0},
        {0.975, 1.959963984540054},
        {0.025, -1.959963984540054},
        {1e-10, -6.361340902404056},
        {1e-300, -37.0470962993612},
        {0.6, 0.2533471031357997},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cdfs); i++)
        assert_near(stats_normal_cdf(cdfs[i].z), cdfs[i].cdf, 1e-14);
    assert_near(stats_normal_cdf(-20) / 2.7536241186061556e-89, 1, 1e-12);
    for (size_t i = 0; i < RF_COUNT_OF(quantiles); i++)
        assert_near(stats_normal_quantile(quantiles[i].p), quantiles[i].z, 1e-11);
}

static void binomial_cdf_agrees_with_scipy(void **state)
{
    (void)state;
    static const struct {
        long k, n;
        double p, cdf;
    } cases[] = {
        {0, 6, 0.5, 0.015625},
        {3, 10, 0.5, 0.171875},
        {10, 20, 0.5, 0.5880985260009766},
        {5, 60, 0.1, 0.43716587073712737},
        {450, 1000, 0.5, 0.0008652680424881513},
        {99, 100, 0.99, 0.6339676587267709},
        {12, 40, 0.25, 0.8208657576539586},
        {-1, 5, 0.5, 0},
        {5, 5, 0.5, 1},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        double cdf = stats_binomial_cdf(cases[i].k, cases[i].n, cases[i].p);
        assert_near(cdf, cases[i].cdf, 1e-12);
    }
}

static void incomplete_beta_agrees_with_scipy(void **state)
{
    (void)state;
    static const struct {
        double a, b, x, value;
    } cases[] = {
        {2, 3, 0.4, 0.5247999999999999},
        {0.5, 0.5, 0.1, 0.20483276469913345},
        {10, 0.5, 0.9, 0.15164090963470994},
        {100, 200, 0.35, 0.7325714649575441},
        {0.1, 5, 0.01, 0.7690889207843462},
        {30, 2, 0.95, 0.5365969098573434},
        {1, 1, 0.3, 0.3},
        {5000, 0.5, 0.9995, 0.02533267265780569},
        {2, 2, -1, 0},
        {2, 2, 3, 1},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        double value = stats_incomplete_beta(cases[i].a, cases[i].b, cases[i].x);
        assert_near(value, cases[i].value, 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(student_cdf_agrees_with_scipy),
        cmocka_unit_test(student_tail_keeps_its_digits),
        cmocka_unit_test(student_quantile_agrees_with_scipy),
        cmocka_unit_test(normal_cdf_and_quantile_agree_with_scipy),
        cmocka_unit_test(binomial_cdf_agrees_with_scipy),
        cmocka_unit_test(incomplete_beta_agrees_with_scipy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
