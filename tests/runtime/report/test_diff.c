/* Differences of profiles: what is marked, what is refused, how it is shown. */
#include "support/ruff_test.h"

#include "report/profile_diff.h"
#include "report/significance.h"
#include "support/profile_builder.h"

#include "base/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a made-up program of 200 functions with a power law of shares, sampled ---- */

enum { FUNCS = 200, PLANTED = 4 };

static uint64_t next_random(uint64_t *state) /* splitmix64 */
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double uniform(uint64_t *state) { return (double)(next_random(state) >> 11) / 9007199254740992.0; }

/* Share of each function; function PLANTED has 5 % before, and takes `factor` times as long. */
static void make_shares(double *shares, double factor)
{
    double sum = 0;
    for (int i = 0; i < FUNCS; i++) {
        shares[i] = 1 / pow(i + 1, 1.1);
        if (i != PLANTED) sum += shares[i];
    }
    for (int i = 0; i < FUNCS; i++) shares[i] *= 0.95 / sum;
    shares[PLANTED] = 0.05 * factor;
    sum = 0;
    for (int i = 0; i < FUNCS; i++) sum += shares[i];
    for (int i = 0; i < FUNCS; i++) shares[i] /= sum;
}

static void sample_program(rf_profile *profile, const double *shares, unsigned ticks, uint64_t *state)
{
    unsigned seen[FUNCS] = {0};
    profile_builder_init(profile);
    for (unsigned i = 0; i < ticks; i++) {
        double at = uniform(state);
        int func = 0;
        while (func + 1 < FUNCS && at >= shares[func]) at -= shares[func++];
        seen[func]++;
    }
    for (int func = 0; func < FUNCS; func++) {
        if (!seen[func]) continue;
        char *stack = func % 3 ? rf_format_text("main@1:2/vm;part%d@%d:%d/vm;f%d@%d:%d/jit", func % 7, 300 + func % 7, 301, func, 10 + func, 11 + func)
                               : rf_format_text("main@1:2/vm;f%d@%d:%d/vm", func, 10 + func, 11 + func);
        profile_builder_add(profile, stack, seen[func]);
        rf_free(stack);
    }
}

static size_t count_marks(const rf_profile_diff *diff, bool *has_planted)
{
    size_t marks = 0;
    char name[16];
    snprintf(name, sizeof name, "f%d", PLANTED);
    *has_planted = false;
    for (size_t i = 0; i < diff->rows.count; i++) {
        if (!rf_diff_is_significant(diff->rows.data[i].q)) continue;
        marks++;
        *has_planted |= strcmp(diff->united.funcs.data[diff->rows.data[i].func].name, name) == 0;
    }
    for (size_t i = 1; i < diff->tree.nodes.count; i++) marks += rf_diff_is_significant(diff->node_q[i]);
    return marks;
}

static void simulate(unsigned runs_a_side, double factor, unsigned ticks, unsigned *clean, unsigned *found)
{
    enum { TRIALS = 100 };
    double shares[2][FUNCS];
    uint64_t state = 20240229;
    make_shares(shares[0], 1);
    make_shares(shares[1], factor);
    *clean = *found = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        rf_profile runs[2][8];
        const rf_profile *lists[2][8];
        bool has_planted;
        for (int side = 0; side < 2; side++)
            for (unsigned i = 0; i < runs_a_side; i++) {
                sample_program(&runs[side][i], shares[side], ticks, &state);
                lists[side][i] = &runs[side][i];
            }
        const rf_diff_side before = {lists[0], runs_a_side, "before"}, after = {lists[1], runs_a_side, "after"};
        rf_profile_diff diff;
        rf_profile_diff_init(&diff, &before, &after);
        *clean += count_marks(&diff, &has_planted) == 0;
        *found += has_planted;
        rf_profile_diff_release(&diff);
        for (int side = 0; side < 2; side++)
            for (unsigned i = 0; i < runs_a_side; i++) rf_profile_release(&runs[side][i]);
    }
    print_message("%u run%s a side, %u ticks, planted x%.1f: %u of 100 without a mark, %u found the planted one\n", runs_a_side,
                  runs_a_side == 1 ? "" : "s", ticks, factor, *clean, *found);
}

static void the_same_program_twice_marks_nothing_in_95_of_100_trials(void **state)
{
    (void)state;
    unsigned clean, found;
    simulate(1, 1, 5000, &clean, &found);
    assert_true(clean >= 95);
    simulate(1, 1, 1000, &clean, &found);
    assert_true(clean >= 95);
}

static void half_more_in_a_function_of_5_percent_is_found_in_80_of_100_trials(void **state)
{
    (void)state;
    unsigned clean, found;
    simulate(1, 1.5, 5000, &clean, &found);
    assert_true(found >= 80);
}

static void several_runs_a_side_are_judged_by_how_much_runs_differ(void **state)
{
    (void)state;
    unsigned clean, found;
    simulate(5, 1, 1000, &clean, &found);
    assert_true(clean >= 95);
    simulate(5, 1.5, 2000, &clean, &found);
    assert_true(found >= 80);
}

/* Runs that differ much by themselves: two proportions would see a difference, runs as units do not. */
static void noise_between_runs_is_not_called_a_difference(void **state)
{
    (void)state;
    static const uint64_t work_ticks[2][4] = {{300, 520, 410, 450}, {390, 560, 480, 430}};
    rf_profile runs[2][4];
    const rf_profile *lists[2][4];
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < 4; i++) {
            profile_builder_init(&runs[side][i]);
            profile_builder_add(&runs[side][i], "main@1:2/vm", 1000 - work_ticks[side][i]);
            profile_builder_add(&runs[side][i], "main@1:4/vm;work@10:12/vm", work_ticks[side][i]);
            lists[side][i] = &runs[side][i];
        }
    const rf_diff_side before = {lists[0], 4, "a"}, after = {lists[1], 4, "b"};
    rf_profile_diff diff;
    rf_profile_diff_init(&diff, &before, &after);
    bool has_planted;
    assert_int_equal(count_marks(&diff, &has_planted), 0);
    assert_true(rf_shares_p(1680, 4000, 1860, 4000) < 0.05);
    rf_profile_diff_release(&diff);
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < 4; i++) rf_profile_release(&runs[side][i]);
}

static void the_tests_give_the_books_numbers(void **state)
{
    (void)state;
    assert_float_equal(rf_student_p(2.228, 10), 0.05, 1e-4);
    assert_float_equal(rf_student_p(-12.706, 1), 0.05, 1e-4);
    assert_float_equal(rf_student_p(0, 5), 1, 1e-9);
    assert_float_equal(rf_shares_p(50, 1000, 80, 1000), 0.00646, 0.0001);
    double p[] = {0.01, 0.04, 0.03, 0.005};
    rf_adjust_p(p, 4);
    assert_float_equal(p[0], 0.02, 1e-12);
    assert_float_equal(p[1], 0.04, 1e-12);
    assert_float_equal(p[2], 0.04, 1e-12);
    assert_float_equal(p[3], 0.02, 1e-12);
}

/* ---- two small programs ---- */

static void make_pair(rf_profile *before, rf_profile *after)
{
    profile_builder_init(before);
    profile_builder_add(before, "main@1:2/vm;removed@30:31/vm", 400);
    profile_builder_add(before, "main@1:3/vm;work@10:12/vm", 600);
    profile_builder_init(after);
    after->run.script_digest++;
    profile_builder_add(after, "main@1:4/vm;work@14:17/jit", 650); /* another line, another tier */
    profile_builder_add(after, "main@1:5/vm;work@14:17/jit;added@40:41/inl", 350);
}

static void code_that_moved_is_compared_with_itself(void **state)
{
    (void)state;
    rf_profile a, b;
    rf_profile_diff diff;
    make_pair(&a, &b);
    const rf_profile *lists[] = {&a, &b};
    const rf_diff_side before = {&lists[0], 1, "1"}, after = {&lists[1], 1, "2"};
    assert_null(rf_profile_diff_obstacle(&before, &after));
    rf_profile_diff_init(&diff, &before, &after);
    size_t works = 0;
    for (size_t i = 0; i < diff.rows.count; i++) {
        const rf_diff_row *row = &diff.rows.data[i];
        const char *name = diff.united.funcs.data[row->func].name;
        if (strcmp(name, "work") == 0) {
            works++;
            assert_float_equal(row->before_share, 0.6, 1e-9);
            assert_float_equal(row->after_share, 0.65, 1e-9);
            assert_true(row->low < 0.05 && 0.05 < row->high);
        }
        if (strcmp(name, "removed") == 0) assert_true(row->after_ns <= 0 && rf_diff_is_significant(row->q));
        if (strcmp(name, "added") == 0) assert_true(row->before_ns <= 0 && rf_diff_is_significant(row->q));
    }
    assert_int_equal(works, 1);
    rf_buffer text = RF_BUFFER_INIT;
    rf_profile_diff_text(&diff, &before, &after, false, &text);
    assert_non_null(strstr(text.data, " - removed"));
    assert_non_null(strstr(text.data, "gone"));
    assert_non_null(strstr(text.data, " + added"));
    assert_non_null(strstr(text.data, "new"));
    rf_buffer_release(&text);
    rf_profile_diff_release(&diff);
    rf_profile_release(&a);
    rf_profile_release(&b);
}

static void functions_without_names_are_told_apart_by_their_lines(void **state)
{
    (void)state;
    rf_profile a, b;
    rf_profile_diff diff;
    profile_builder_init(&a);
    profile_builder_add(&a, "<function>@10:11/vm", 500);
    profile_builder_add(&a, "<function>@20:21/vm", 500);
    profile_builder_init(&b);
    profile_builder_add(&b, "<function>@10:11/vm", 200);
    profile_builder_add(&b, "<function>@20:21/vm", 800);
    const rf_profile *lists[] = {&a, &b};
    const rf_diff_side before = {&lists[0], 1, "1"}, after = {&lists[1], 1, "2"};
    rf_profile_diff_init(&diff, &before, &after);
    assert_int_equal(diff.rows.count, 2);
    rf_profile_diff_release(&diff);
    b.run.script_digest++; /* edited: any line may have moved */
    rf_profile_diff_init(&diff, &before, &after);
    assert_int_equal(diff.rows.count, 1);
    rf_profile_diff_release(&diff);
    rf_profile_release(&a);
    rf_profile_release(&b);
}

static void assert_refused(rf_profile *a, rf_profile *b, const char *text)
{
    const rf_profile *lists[] = {a, b};
    const rf_diff_side before = {&lists[0], 1, "1"}, after = {&lists[1], 1, "2"};
    char *obstacle = rf_profile_diff_obstacle(&before, &after);
    assert_non_null(obstacle);
    assert_string_equal(obstacle, text);
    rf_free(obstacle);
}

static void incomparable_profiles_are_refused_with_the_fields_named(void **state)
{
    (void)state;
    rf_profile a, b;
    make_pair(&a, &b);
    b.run.mechanism = "wall clock";
    assert_refused(&a, &b, "mechanism: sampler thread against wall clock");
    rf_free(b.run.script);
    b.run.script = rf_strdup("dir/other.ruff");
    assert_refused(&a, &b, "script: demo.ruff against other.ruff; mechanism: sampler thread against wall clock");
    b.run.has_cpu = false;
    b.run.has_memory = true;
    assert_refused(&a, &b, "script: demo.ruff against other.ruff; instruments: cpu against memory; mechanism: sampler thread against wall clock");
    rf_profile_release(&a);
    rf_profile_release(&b);
}

static void pictures_and_folded_stacks_hold_both_sides(void **state)
{
    (void)state;
    char directory[] = "/tmp/ruff-diff-XXXXXX", *error = NULL;
    assert_non_null(mkdtemp(directory));
    rf_profile a, b;
    rf_profile_diff diff;
    make_pair(&a, &b);
    const rf_profile *lists[] = {&a, &b};
    const rf_diff_side before = {&lists[0], 1, "1"}, after = {&lists[1], 1, "2"};
    rf_profile_diff_init(&diff, &before, &after);
    static const struct {
        const char *name, *text;
    } files[] = {{"d.folded", "main (demo.ruff:1);removed (demo.ruff:30) 400000 0\nmain (demo.ruff:1);work (demo.ruff:10) 600000 650000\n"
                              "main (demo.ruff:1);work (demo.ruff:10);added (demo.ruff:40) 0 350000\n"},
                 {"d.svg", "<g class=\"f less gone\"><title>removed (demo.ruff:30)"},
                 {"d.html", "\"diff\":{\"title\":\"before 1 (1 run, 1.000 s), after 2 (1 run, 1.000 s)\""}};
    for (size_t i = 0; i < RF_COUNT_OF(files); i++) {
        char *path = rf_format_text("%s/%s", directory, files[i].name);
        rf_buffer read = RF_BUFFER_INIT;
        assert_true(rf_profile_diff_write(&diff, path, &error));
        assert_int_equal(rf_file_read(path, &read, NULL), RUFF_OK);
        assert_non_null(strstr(read.data, files[i].text));
        rf_buffer_release(&read);
        unlink(path);
        rf_free(path);
    }
    assert_false(rf_profile_diff_write(&diff, "d.pb.gz", &error));
    assert_non_null(strstr(error, ".html, .svg"));
    rf_free(error);
    rmdir(directory);
    rf_profile_diff_release(&diff);
    rf_profile_release(&a);
    rf_profile_release(&b);
}

static void engines_are_compared_line_by_line(void **state)
{
    (void)state;
    static const char *const engines[] = {"interpreter", "vm", "jit"}, *const tiers[] = {"ast", "vm", "jit"};
    static const uint64_t ticks[] = {4000, 1000, 50};
    rf_profile profiles[3];
    const rf_profile *list[3];
    for (int i = 0; i < 3; i++) {
        profile_builder_init(&profiles[i]);
        rf_free(profiles[i].run.engine);
        profiles[i].run.engine = rf_strdup(engines[i]);
        char *stack = rf_format_text("main@1:4/%s;work@10:12/%s", tiers[i], tiers[i]);
        profile_builder_add(&profiles[i], stack, ticks[i]);
        rf_free(stack);
        profile_builder_add(&profiles[i], "main@1:2/vm;load/blt", 100);
        list[i] = &profiles[i];
    }
    rf_buffer text = RF_BUFFER_INIT;
    rf_profile_lines_text(list, 3, &text);
    const char *hot = strstr(text.data, "demo.ruff:12");
    assert_non_null(hot);
    assert_non_null(strstr(hot, "4000.0 ms    1000.0 ms      4.0x      50.0 ms     80.0x  | for i in"));
    assert_non_null(strstr(strstr(text.data, "demo.ruff:2 "), "1.0x"));
    rf_buffer_clear(&text);
    rf_profile_lines_json(list, 3, &text);
    assert_non_null(strstr(text.data, "\"line\":12,\"cpu_ns\":[4000000000,1000000000,50000000]"));
    rf_buffer_release(&text);
    for (int i = 0; i < 3; i++) rf_profile_release(&profiles[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_program_twice_marks_nothing_in_95_of_100_trials),
        cmocka_unit_test(half_more_in_a_function_of_5_percent_is_found_in_80_of_100_trials),
        cmocka_unit_test(several_runs_a_side_are_judged_by_how_much_runs_differ),
        cmocka_unit_test(noise_between_runs_is_not_called_a_difference),
        cmocka_unit_test(the_tests_give_the_books_numbers),
        cmocka_unit_test(code_that_moved_is_compared_with_itself),
        cmocka_unit_test(functions_without_names_are_told_apart_by_their_lines),
        cmocka_unit_test(incomparable_profiles_are_refused_with_the_fields_named),
        cmocka_unit_test(pictures_and_folded_stacks_hold_both_sides),
        cmocka_unit_test(engines_are_compared_line_by_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
