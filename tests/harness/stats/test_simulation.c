/* Promises about error rates, kept by simulation with fixed seeds.  Expected values: theory where
 * there is one, else simulations of the same rules in Python (numpy), with the binomial error of
 * the trial count on top. */
#include "stats/stats.h"

#include "base/base.h"
#include "noise.h"
#include "near.h"

/* Independent normal logs around `mean`. */
static void draw(stats_random *random, double mean, double sd, double *out, size_t count)
{
    for (size_t i = 0; i < count; i++) out[i] = mean + sd * noise_normal(random);
}

static void s2_covers_the_median_as_its_confidence_says(void **state)
{
    (void)state;
    stats_random random;
    stats_random_init(&random, 101);
    double y[10];
    int hits = 0, trials = 10000;
    for (int i = 0; i < trials; i++) {
        draw(&random, 0.3, 0.1, y, 10);
        stats_interval interval = stats_median_interval(y, 10, 0.05);
        hits += interval.low <= exp(0.3) && exp(0.3) <= interval.high;
    }
    assert_near((double)hits / trials, 0.978515625, 0.005);
}

static void s3_covers_in_95_percent(void **state)
{
    (void)state;
    stats_random random;
    stats_random_init(&random, 102);
    double d[10];
    int hits = 0, trials = 20000;
    for (int i = 0; i < trials; i++) {
        draw(&random, 0.02, 0.03, d, 10);
        stats_ratio ratio = stats_ratio_paired(d, 10, 0.05);
        hits += ratio.log_low <= 0.02 && 0.02 <= ratio.log_high;
    }
    assert_near((double)hits / trials, 0.95, 0.005);
}

static void s4_covers_as_its_exact_confidence_says(void **state)
{
    (void)state;
    stats_random random;
    stats_random_init(&random, 103);
    double d[12];
    int hits = 0, trials = 5000;
    for (int i = 0; i < trials; i++) {
        draw(&random, 0.02, 0.03, d, 12);
        stats_ratio ratio = stats_ratio_signed_rank(d, 12, 0.05);
        hits += ratio.log_low <= 0.02 && 0.02 <= ratio.log_high;
    }
    assert_near((double)hits / trials, 0.95752, 0.009);
}

static void s5_covers_as_its_exact_confidence_says(void **state)
{
    (void)state;
    stats_random random;
    stats_random_init(&random, 104);
    double a[9], b[11];
    int hits = 0, trials = 5000;
    for (int i = 0; i < trials; i++) {
        draw(&random, 1.05, 0.03, a, 9);
        draw(&random, 1, 0.03, b, 11);
        stats_ratio ratio = stats_ratio_unpaired(a, 9, b, 11, 0.05);
        hits += ratio.log_low <= 0.05 && 0.05 <= ratio.log_high;
    }
    assert_near((double)hits / trials, 0.95355, 0.009);
}

static void s12_covers_in_95_percent_whatever_the_pilot_says(void **state)
{
    (void)state;
    stats_random random;
    stats_random_init(&random, 105);
    static double d[2000];
    int hits = 0, trials = 8000, narrow = 0;
    for (int i = 0; i < trials; i++) {
        draw(&random, 0.01, 0.02, d, STATS_PILOT_BLOCKS);
        size_t count = stats_blocks_for_half_width(stats_sd(d, STATS_PILOT_BLOCKS),
                                                   STATS_PILOT_BLOCKS, 0.01, 0.05);
        assert_true(count <= RF_COUNT_OF(d));
        draw(&random, 0.01, 0.02, d + STATS_PILOT_BLOCKS, count - STATS_PILOT_BLOCKS);
        stats_ratio ratio = stats_ratio_two_stage(d, count, STATS_PILOT_BLOCKS, 0.05);
        hits += ratio.log_low <= 0.01 && 0.01 <= ratio.log_high;
        narrow += ratio.log_high - ratio.log_low <= 0.02 + 1e-12;
    }
    assert_near((double)hits / trials, 0.95, 0.008);
    assert_int_equal(narrow, trials);
}

typedef struct rates {
    double slower, same, unsure;
} rates;

/* Process medians of two variants with `sd` between processes, blocks in common. */
static rates verdict_rates(uint64_t seed, double change, double sd, size_t blocks)
{
    stats_random random;
    stats_random_init(&random, seed);
    double d[40];
    rates result = {0};
    const int trials = 4000;
    for (int i = 0; i < trials; i++) {
        draw(&random, log1p(change), sd * sqrt(2), d, blocks);
        stats_ratio ratio = stats_ratio_paired(d, blocks, 0.05);
        stats_verdict verdict = stats_verdict_of(&ratio, 0.02);
        if (verdict == STATS_SLOWER) result.slower += 1.0 / trials;
        if (verdict == STATS_SAME) result.same += 1.0 / trials;
        if (verdict == STATS_UNSURE) result.unsure += 1.0 / trials;
    }
    return result;
}

static void s6_rates_follow_the_noise_and_the_number_of_blocks(void **state)
{
    (void)state;
    static const struct {
        double change, sd;
        size_t blocks;
        double slower, same, tolerance;
    } cases[] = {
        {0, 0.01, 10, 0.0000, 0.9498, 0.014},    {0, 0.01, 20, 0.0000, 0.9999, 0.003},
        {0, 0.02, 20, 0.0000, 0.6882, 0.029},    {0.03, 0.01, 10, 0.4962, 0.0000, 0.032},
        {0.03, 0.01, 20, 0.8322, 0.0000, 0.024}, {0.05, 0.02, 10, 0.8223, 0.0000, 0.024},
        {0.05, 0.02, 20, 0.9914, 0.0000, 0.006}, {0.1, 0.02, 10, 1.0000, 0.0000, 0.003},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rates seen = verdict_rates(200 + i, cases[i].change, cases[i].sd, cases[i].blocks);
        assert_near(seen.slower, cases[i].slower, cases[i].tolerance);
        assert_near(seen.same, cases[i].same, cases[i].tolerance);
    }
}

static void s6_calls_a_change_at_the_margin_slower_in_one_of_forty(void **state)
{
    (void)state;
    rates seen = verdict_rates(250, 0.02, 0.01, 10);
    assert_near(seen.slower, 0.025, 0.008);
}

/* 40 benchmarks exactly at the margin are the worst case of the null hypothesis. */
static void s7_keeps_a_family_of_40_gates_below_alpha(void **state)
{
    (void)state;
    stats_random random;
    stats_random_init(&random, 106);
    int failed = 0, trials = 1500;
    for (int i = 0; i < trials; i++) {
        double p[40], d[10];
        stats_verdict verdicts[40];
        bool fails = false;
        for (int k = 0; k < 40; k++) {
            draw(&random, log1p(0.02), 0.015, d, 10);
            stats_ratio ratio = stats_ratio_paired(d, 10, 0.05);
            verdicts[k] = stats_verdict_of(&ratio, 0.02);
            p[k] = stats_gate_p(&ratio, 0.02);
        }
        stats_holm(p, 40, p);
        for (int k = 0; k < 40; k++)
            fails |= stats_gate_verdict(verdicts[k], p[k], 0.05) == STATS_SLOWER;
        failed += fails;
    }
    assert_true((double)failed / trials <= 0.05 + 0.017);
    assert_true(failed > 0);
}

/* 60 commits, a step at `at`, in 5 % of points an outlier of up to +-10 % if asked for. */
static void history(stats_random *random, size_t at, double step, double sd, double phi,
                    bool outliers, double *y)
{
    double noise = 0;
    for (size_t i = 0; i < 60; i++) {
        noise = phi * noise + sqrt(1 - phi * phi) * sd * noise_normal(random);
        y[i] = noise + (i >= at ? step : 0);
        if (outliers && stats_random_unit(random) < 0.05)
            y[i] += 0.2 * stats_random_unit(random) - 0.1;
    }
}

typedef struct step_rates {
    double any, located;
} step_rates;

static step_rates find_rate(uint64_t seed, size_t at, double step, double sd, double phi,
                            bool outliers, double delta)
{
    stats_random random;
    stats_random_init(&random, seed);
    stats_step_options options = STATS_STEP_OPTIONS_DEFAULT;
    options.delta = delta;
    step_rates rate = {0};
    const int trials = 250;
    for (int i = 0; i < trials; i++) {
        double y[60];
        stats_step steps[20];
        bool located = false;
        history(&random, at, step, sd, phi, outliers, y);
        size_t count = stats_find_steps(y, 60, &options, steps);
        for (size_t s = 0; s < count; s++)
            located |= steps[s].index + 2 >= at && steps[s].index <= at + 2;
        rate.any += count > 0 ? 1.0 / trials : 0;
        rate.located += located ? 1.0 / trials : 0;
    }
    return rate;
}

static void s19_raises_no_false_alarms(void **state)
{
    (void)state;
    assert_true(find_rate(301, 48, 0, 0.01, 0, false, 0).any <= 0.025);
    assert_true(find_rate(302, 48, 0, 0.01, 0, true, 0).any <= 0.025);
}

static void s19_finds_steps_among_outliers(void **state)
{
    (void)state;
    assert_true(find_rate(303, 48, 0.05, 0.01, 0, true, 0.02).located >= 0.9);
    assert_true(find_rate(304, 48, 0.10, 0.03, 0, true, 0.02).located >= 0.9);
}

static void s19_is_not_fooled_by_autocorrelation(void **state)
{
    (void)state;
    assert_true(find_rate(305, 40, 0, 0.01, 0.3, false, 0).any <= 0.06);
    assert_true(find_rate(306, 40, 0, 0.01, 0.6, false, 0.03).any <= 0.05);
    assert_true(find_rate(307, 40, 0.05, 0.01, 0.6, false, 0.03).any >= 0.89);
}

/* Slow starts that fade: 1 + 2 exp(-i / length). */
static void warm_series(stats_random *random, double length, double *x, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        x[i] = 1 + 0.01 * noise_normal(random);
        if (length > 0) x[i] += 2 * exp(-(double)i / length);
        if (i > 0 && stats_random_unit(random) < 0.02) x[i] += 0.3 * stats_random_unit(random);
    }
}

static double share_of_letter(uint64_t seed, double length, size_t count, const char *letters)
{
    stats_random random;
    stats_random_init(&random, seed);
    static double x[500];
    const int trials = 200;
    int hits = 0;
    for (int i = 0; i < trials; i++) {
        warm_series(&random, length, x, count);
        char letter = stats_classify_warmup(x, count, NULL).letter;
        for (const char *at = letters; *at; at++) hits += letter == *at;
    }
    return (double)hits / trials;
}

static void s18_finds_short_warm_ups_and_leaves_stable_series_alone(void **state)
{
    (void)state;
    assert_true(share_of_letter(401, 0, 100, "F") >= 0.97);
    assert_true(share_of_letter(402, 0, 500, "F") >= 0.97);
    assert_true(share_of_letter(403, 3, 100, "W") >= 0.97);
    assert_true(share_of_letter(404, 5, 500, "W") >= 0.97);
    assert_true(share_of_letter(405, 20, 500, "W") >= 0.97);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(s2_covers_the_median_as_its_confidence_says),
        cmocka_unit_test(s3_covers_in_95_percent),
        cmocka_unit_test(s4_covers_as_its_exact_confidence_says),
        cmocka_unit_test(s5_covers_as_its_exact_confidence_says),
        cmocka_unit_test(s12_covers_in_95_percent_whatever_the_pilot_says),
        cmocka_unit_test(s6_rates_follow_the_noise_and_the_number_of_blocks),
        cmocka_unit_test(s6_calls_a_change_at_the_margin_slower_in_one_of_forty),
        cmocka_unit_test(s7_keeps_a_family_of_40_gates_below_alpha),
        cmocka_unit_test(s19_raises_no_false_alarms),
        cmocka_unit_test(s19_finds_steps_among_outliers),
        cmocka_unit_test(s19_is_not_fooled_by_autocorrelation),
        cmocka_unit_test(s18_finds_short_warm_ups_and_leaves_stable_series_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
