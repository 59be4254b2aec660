/* Segment starts: exhaustive optimal partitioning in Python over the same seeded series. */
#include "stats/warmup.h"

#include "base/base.h"
#include "near.h"
#include "noise.h"

typedef struct segment_case {
    uint64_t seed;
    size_t count, level_count, start_count;
    noise_level levels[4];
    size_t starts[4];
} segment_case;

static void pelt_finds_the_optimal_partition(void **state)
{
    (void)state;
    static const segment_case cases[] = {
        {1, 60, 1, 1, {{0, 1, 0.01}}, {0}},
        {2, 90, 2, 2, {{0, 2, 0.02}, {30, 1, 0.01}}, {0, 30}},
        {3,
         150,
         4,
         4,
         {{0, 3, 0.05}, {10, 1.5, 0.02}, {40, 1, 0.01}, {100, 1, 0.05}},
         {0, 10, 40, 100}},
        {4, 120, 3, 3, {{0, 1, 0.02}, {55, 1.08, 0.02}, {80, 1, 0.02}}, {0, 55, 80}},
        {5, 200, 2, 2, {{0, 1, 0.001}, {197, 1.2, 0.001}}, {0, 197}},
    };
    double x[200];
    stats_segment segments[68];
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        noise_series(cases[i].seed, cases[i].count, cases[i].levels, cases[i].level_count, x);
        size_t found = stats_find_segments(x, cases[i].count, segments);
        assert_int_equal(found, cases[i].start_count);
        for (size_t s = 0; s < found; s++) {
            assert_int_equal(segments[s].begin, cases[i].starts[s]);
            assert_int_equal(segments[s].end,
                             s + 1 < found ? segments[s + 1].begin : cases[i].count);
        }
    }
}

static void segments_carry_mean_and_variance(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 2};
    stats_segment segments[2];
    assert_int_equal(stats_find_segments(x, 4, segments), 1);
    assert_near(segments[0].mean, 2, 1e-15);
    assert_near(segments[0].variance, 0.5, 1e-15);
    assert_int_equal(stats_find_segments(x, 0, segments), 0);
}

static void constant_series_have_one_segment(void **state)
{
    (void)state;
    double x[50];
    stats_segment segments[17];
    for (size_t i = 0; i < 50; i++) x[i] = 1234567;
    assert_int_equal(stats_find_segments(x, 50, segments), 1);
}

static void filter_replaces_spikes_but_keeps_the_slow_start(void **state)
{
    (void)state;
    double x[100], out[100];
    static const noise_level level = {0, 1, 0.01};
    noise_series(7, 100, &level, 1, x);
    x[0] = 5;
    x[1] = 3;
    x[40] = 9;
    x[41] = 0.1;
    assert_int_equal(stats_filter_outliers(x, 100, out), 2);
    assert_near(out[0], 5, 0);
    assert_near(out[1], 3, 0);
    assert_near(out[40], 1, 0.01);
    assert_near(out[41], 1, 0.01);
    assert_near(out[42], x[42], 0);
}

static void filter_keeps_at_most_a_quarter_as_slow_start(void **state)
{
    (void)state;
    double x[40], out[40];
    for (size_t i = 0; i < 40; i++) x[i] = 1 + 0.001 * (double)(i % 3);
    for (size_t i = 20; i < 24; i++) x[i] = 50; /* not at the start */
    assert_int_equal(stats_filter_outliers(x, 40, out),
                     0); /* 4 of 20 in each window widen p90 - p10 */
    x[21] = x[22] = x[23] = 1;
    assert_int_equal(stats_filter_outliers(x, 40, out), 1);
}

static char letter_of(const noise_level *levels, size_t level_count, size_t count, size_t *begin)
{
    double x[400];
    noise_series(21, count, levels, level_count, x);
    stats_warmup warmup = stats_classify_warmup(x, count, NULL);
    if (begin) *begin = warmup.steady_begin;
    return warmup.letter;
}

static void classes_are_those_of_the_definition(void **state)
{
    (void)state;
    static const noise_level flat[] = {{0, 1, 0.01}};
    static const noise_level warm[] = {{0, 3, 0.05}, {12, 1, 0.01}};
    static const noise_level slow[] = {{0, 1, 0.01}, {60, 1.5, 0.01}};
    static const noise_level late[] = {{0, 1, 0.01}, {180, 1.5, 0.01}};
    static const noise_level close[] = {{0, 1, 0.002}, {60, 1.015, 0.002}};
    size_t begin;
    assert_int_equal(letter_of(flat, 1, 200, &begin), 'F');
    assert_int_equal(begin, 0);
    assert_int_equal(letter_of(warm, 2, 200, &begin), 'W');
    assert_int_equal(begin, 12);
    assert_int_equal(letter_of(slow, 2, 200, &begin), 'S');
    assert_int_equal(begin, 60);
    assert_int_equal(letter_of(late, 2, 200, &begin), 'N');
    assert_int_equal(begin, 200);
    assert_int_equal(letter_of(close, 2, 200, &begin), 'F'); /* two segments within 2 % */
}

static void time_to_steady_is_the_sum_of_what_came_before(void **state)
{
    (void)state;
    double x[60];
    for (size_t i = 0; i < 60; i++) x[i] = (i < 4 ? 10 : 1) + 0.001 * (double)(i % 5);
    stats_segment segments[21];
    stats_warmup warmup = stats_classify_warmup(x, 60, segments);
    assert_int_equal(warmup.letter, 'W');
    assert_int_equal(warmup.steady_begin, 4);
    assert_near(warmup.time_to_steady, 40.006, 1e-12);
    assert_near(warmup.steady_mean, 1.002, 0.001);
    assert_int_equal(segments[0].end, 4);
}

static void short_series_are_flat(void **state)
{
    (void)state;
    const double x[] = {9, 1, 1, 1, 1};
    assert_int_equal(stats_classify_warmup(x, 5, NULL).letter, 'F');
    assert_int_equal(stats_classify_warmup(x, 0, NULL).letter, 'F');
}

static void processes_that_agree_share_their_letter(void **state)
{
    (void)state;
    static const struct {
        const char *letters;
        char common;
    } cases[] = {{"WWW", 'W'}, {"FFF", 'F'}, {"FWW", 'w'}, {"WWN", '!'}, {"FS", '!'}, {"NN", 'N'}};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        stats_warmup processes[3] = {{0}};
        size_t count = 0;
        for (const char *at = cases[i].letters; *at; at++) processes[count++].letter = *at;
        assert_int_equal(stats_summarize_warmup(processes, count).letter, cases[i].common);
    }
}

static void summary_leaves_out_processes_without_a_steady_state(void **state)
{
    (void)state;
    const stats_warmup processes[] = {{.letter = 'W', .steady_begin = 3, .time_to_steady = 30},
                                      {.letter = 'N', .steady_begin = 99, .time_to_steady = 990},
                                      {.letter = 'W', .steady_begin = 5, .time_to_steady = 50}};
    stats_warmup_summary summary = stats_summarize_warmup(processes, 3);
    assert_int_equal(summary.steady_processes, 2);
    assert_near(summary.steady_begin, 4, 0);
    assert_near(summary.time_to_steady, 40, 0);
    assert_near(summary.steady_begin_p5, 3.1, 1e-12);
    assert_near(summary.time_p95, 49, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pelt_finds_the_optimal_partition),
        cmocka_unit_test(segments_carry_mean_and_variance),
        cmocka_unit_test(constant_series_have_one_segment),
        cmocka_unit_test(filter_replaces_spikes_but_keeps_the_slow_start),
        cmocka_unit_test(filter_keeps_at_most_a_quarter_as_slow_start),
        cmocka_unit_test(classes_are_those_of_the_definition),
        cmocka_unit_test(time_to_steady_is_the_sum_of_what_came_before),
        cmocka_unit_test(short_series_are_flat),
        cmocka_unit_test(processes_that_agree_share_their_letter),
        cmocka_unit_test(summary_leaves_out_processes_without_a_steady_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
