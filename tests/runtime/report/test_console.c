/* The report people read: what it says when there is little, and that its advice has reasons. */
#include "support/ruff_test.h"

#include "base/buffer.h"
#include "report/advice.h"
#include "report/console.h"
#include "support/profile_builder.h"

#include <string.h>

static char *report_of(const rf_profile *profile, bool is_markdown)
{
    rf_buffer out = RF_BUFFER_INIT;
    const rf_report_console_options options = {.top = 10, .is_markdown = is_markdown};
    rf_report_console(profile, &options, &out);
    return rf_buffer_take(&out);
}

static void rates_without_events_are_not_zero(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_init(&profile);
    profile.run.has_cpu = profile.run.has_jit = true;
    profile.run.ticks = 0;
    char *text = report_of(&profile, false);
    assert_non_null(strstr(text, "n/a got"));
    assert_non_null(strstr(text, "n/a: no ticks"));
    assert_non_null(strstr(text, "guards n/a: none ran"));
    assert_null(strstr(text, "0.0 %"));
    assert_null(strstr(text, "HOT FUNCTIONS")); /* a heading without rows */
    assert_null(strstr(text, "RAN AS NATIVE CODE"));
    rf_free(text);
    rf_profile_release(&profile);
}

static void exact_counts_come_first_while_ticks_are_few(void **state)
{
    (void)state;
    for (unsigned ticks = 199; ticks <= 200; ticks++) {
        rf_profile profile;
        profile_builder_init(&profile);
        profile.run.has_cpu = true;
        profile.run.ticks = ticks;
        profile_builder_add(&profile, "main@1:2/vm;fib@3:5/vm", ticks);
        char *text = report_of(&profile, false);
        const char *exact = strstr(text, "EXACT COUNTS"), *hot = strstr(text, "HOT FUNCTIONS");
        assert_non_null(hot);
        assert_true(ticks < 200 ? exact && exact < hot : !exact);
        rf_free(text);
        rf_profile_release(&profile);
    }
}

static void functions_tell_how_many_calls_ran_as_native_code(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_demo(&profile);
    for (uint32_t i = 1; i < profile.funcs.count; i++) {
        if (profile.funcs.data[i].kind != RF_FUNC_SCRIPT || strcmp(profile.funcs.data[i].name, "work") != 0) continue;
        char *counter = rf_profile_native_counter(&profile, i);
        profile.funcs.data[i].calls = 2000;
        rf_profile_set_counter(&profile, counter, 1500, "");
        rf_free(counter);
    }
    char *text = report_of(&profile, false);
    const char *part = strstr(text, "RAN AS NATIVE CODE");
    assert_non_null(part);
    assert_non_null(strstr(part, "2 000     75.0 %"));
    assert_null(strstr(part, "all of them")); /* there is one */
    rf_free(text);
    rf_profile_release(&profile);
}

static void markdown_closes_every_block(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_demo(&profile);
    char *text = report_of(&profile, true);
    unsigned fences = 0;
    for (const char *at = text; (at = strstr(at, "```")); at += 3) fences++;
    assert_true(fences >= 4 && fences % 2 == 0);
    rf_free(text);
    rf_profile_release(&profile);
}

/* A profile in which line 5 takes `ticks` of 1000, and copies so many dicts of so many bytes. */
static void init_copying(rf_profile *profile, unsigned ticks, uint64_t copies, uint64_t bytes)
{
    profile_builder_init(profile);
    profile->run.has_cpu = profile->run.has_memory = true;
    profile_builder_add(profile, "main@1:2/vm", 1000 - ticks);
    profile_builder_add(profile, "main@1:5/vm", ticks);
    uint32_t main_func = 0;
    for (uint32_t i = 1; i < profile->funcs.count; i++)
        if (strcmp(profile->funcs.data[i].name, "main") == 0) main_func = i;
    const rf_prof_site site = {.func = main_func, .line = 5, .type = rf_strdup("dict"), .allocs = copies, .copies = copies,
                               .copy_bytes = copies * bytes, .shared_func = main_func, .shared_line = 3};
    rf_vector_push(&profile->sites, site);
}

static void a_hot_line_tells_who_shares_what_it_copies(void **state)
{
    (void)state;
    rf_profile profile;
    init_copying(&profile, 110, 1998, 1000);
    char *text = report_of(&profile, false);
    assert_non_null(strstr(text, "copy-on-write 1 998 copies 2.0 MB, shared at line 3\n"));
    rf_free(text);
    rf_profile_release(&profile);
}

static size_t count_advice(unsigned ticks, uint64_t copies, uint64_t bytes, char **first)
{
    rf_profile profile;
    rf_report_summary summary;
    rf_report_advice advice;
    init_copying(&profile, ticks, copies, bytes);
    rf_report_summary_init(&summary, &profile);
    rf_report_advice_init(&advice, &profile, &summary);
    const size_t count = advice.items.count;
    *first = count ? rf_strdup(advice.items.data[0].text) : NULL;
    rf_report_advice_release(&advice);
    rf_report_summary_release(&summary);
    rf_profile_release(&profile);
    return count;
}

static void advice_names_line_and_reason_and_is_silent_without(void **state)
{
    (void)state;
    char *text;
    assert_int_equal(count_advice(110, 1998, 30000, &text), 1);
    assert_non_null(strstr(text, ":5 copies the dict 1998 times because line 3 keeps a second reference"));
    rf_free(text);
    assert_int_equal(count_advice(110, 0, 0, &text), 0); /* no copies */
    assert_int_equal(count_advice(110, 1998, 100, &text), 0); /* the line does something else */
    assert_int_equal(count_advice(22, 1998, 30000, &text), 0); /* within the interval of next to nothing */
}

/* cProfile of Python. */
static void a_profiler_that_times_every_call_has_no_intervals(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_init(&profile);
    profile.run.has_cpu = true;
    profile.run.allowed_cores = 1;
    profile.run.mechanism = "cProfile";
    profile_builder_add(&profile, "main@1:2/vm;work@3:5/vm", 10);
    for (size_t i = 1; i < profile.samples.count; i++) profile.samples.data[i].ticks = 0;
    profile.run.ticks = 0;
    char *text = report_of(&profile, false);
    assert_non_null(strstr(text, "measured by cProfile, which times every call"));
    assert_null(strstr(text, "±5"));
    assert_null(strstr(text, "weak"));
    assert_null(strstr(text, "one core"));
    rf_free(text);
    rf_profile_release(&profile);
}

static size_t count_refusal_advice(bool is_helper_absent, uint64_t cpu_ns)
{
    rf_profile profile;
    rf_report_summary summary;
    rf_report_advice advice;
    profile_builder_init(&profile);
    profile_builder_add(&profile, "main@1:2/vm", 1000);
    const uint32_t stack = profile_builder_stack(&profile, "main@1:2/vm;work@3:5/vm");
    rf_profile_add(&profile, &(rf_prof_sample){.stack = stack, .ticks = 1000, .cpu_ns = cpu_ns, .wall_ns = 1000000000});
    uint32_t work = 1;
    while (strcmp(profile.funcs.data[work].name, "work") != 0) work++;
    const rf_prof_refusal refusal = {.func = work, .line = 3, .reason = rf_strdup("99.0 % in slow code: a try in its loop")};
    rf_vector_push(&profile.refusals, refusal);
    rf_vector_push(&profile.jit_events, ((rf_prof_jit_event){.kind = "blacklist", .func = work}));
    if (is_helper_absent) rf_vector_push(&profile.jit_events, ((rf_prof_jit_event){.kind = "absent"}));
    rf_report_summary_init(&summary, &profile);
    rf_report_advice_init(&advice, &profile, &summary);
    const size_t count = advice.items.count;
    if (count) assert_non_null(strstr(advice.items.data[0].text, ":3 spends 99.0 % in slow code: a try in its loop; move"));
    rf_report_advice_release(&advice);
    rf_report_summary_release(&summary);
    rf_profile_release(&profile);
    return count;
}

static void a_program_is_not_advised_for_want_of_a_compiler(void **state)
{
    (void)state;
    assert_int_equal(count_refusal_advice(false, 1000000000), 1);
    assert_int_equal(count_refusal_advice(true, 1000000000), 0);
}

static void a_program_that_others_held_up_is_not_advised(void **state)
{
    (void)state;
    assert_int_equal(count_refusal_advice(false, 1000000), 0); /* many ticks, hardly any time */
}

static char *report_in(const rf_profile *profile, uint32_t width, bool has_colors)
{
    rf_buffer out = RF_BUFFER_INIT;
    const rf_report_console_options options = {.top = 10, .width = width, .has_colors = has_colors};
    rf_report_console(profile, &options, &out);
    rf_buffer_append_byte(&out, 0);
    return rf_buffer_take(&out);
}

/* Columns of a line up to its end: characters, without colours. */
static uint32_t columns_of(const char *line)
{
    uint32_t columns = 0;
    bool is_color = false;
    for (; *line && *line != '\n'; line++) {
        is_color |= *line == '\033';
        columns += !is_color && ((unsigned char)*line & 0xc0) != 0x80;
        is_color &= *line != 'm';
    }
    return columns;
}

static void every_line_fits_into_the_terminal(void **state)
{
    (void)state;
    static const uint32_t widths[] = {60, 80, 100, 120};
    rf_profile profile;
    profile_builder_demo(&profile);
    profile.run.has_cpu = profile.run.has_memory = profile.run.has_jit = true;
    for (size_t i = 0; i < RF_COUNT_OF(widths) * 2; i++) {
        const uint32_t width = widths[i / 2];
        char *text = report_in(&profile, width, i % 2);
        for (const char *line = text; line && *line; line = strchr(line, '\n'), line += line ? 1 : 0)
            if (columns_of(line) > width) fail_msg("wider than %u: %.140s", width, line);
        rf_free(text);
    }
    rf_profile_release(&profile);
}

/* Without blanks and the marks between parts. */
static char *bare(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != ' ' && *from != '\n' && *from != '|') *to++ = *from;
    *to = 0;
    return text;
}

static void breaking_lines_loses_nothing(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_demo(&profile);
    profile.run.has_cpu = profile.run.has_memory = profile.run.has_jit = true;
    char *whole = bare(report_in(&profile, 1000, false)), *broken = bare(report_in(&profile, 118, false));
    char *unlimited = bare(report_in(&profile, 0, false));
    assert_string_equal(whole, unlimited);
    assert_string_equal(whole, broken);
    rf_free(whole);
    rf_free(broken);
    rf_free(unlimited);
    rf_profile_release(&profile);
}

/* Repeated draws from a known share: the interval contains it about 95 times of 100. */
static void intervals_cover_the_truth(void **state)
{
    (void)state;
    static const double shares[] = {0.01, 0.05, 0.2, 0.5};
    uint64_t random = 88172645463325252u;
    for (size_t s = 0; s < RF_COUNT_OF(shares); s++) {
        unsigned covered = 0;
        for (int repeat = 0; repeat < 1000; repeat++) {
            unsigned hits = 0;
            for (int i = 0; i < 2000; i++) {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                hits += (double)(random >> 11) * 0x1p-53 < shares[s];
            }
            double low, high;
            rf_report_interval(hits, 2000, &low, &high);
            covered += low <= shares[s] && shares[s] <= high;
        }
        assert_true(covered >= 930);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_without_events_are_not_zero),
        cmocka_unit_test(exact_counts_come_first_while_ticks_are_few),
        cmocka_unit_test(functions_tell_how_many_calls_ran_as_native_code),
        cmocka_unit_test(markdown_closes_every_block),
        cmocka_unit_test(a_hot_line_tells_who_shares_what_it_copies),
        cmocka_unit_test(advice_names_line_and_reason_and_is_silent_without),
        cmocka_unit_test(a_profiler_that_times_every_call_has_no_intervals),
        cmocka_unit_test(a_program_that_others_held_up_is_not_advised),
        cmocka_unit_test(a_program_is_not_advised_for_want_of_a_compiler),
        cmocka_unit_test(every_line_fits_into_the_terminal),
        cmocka_unit_test(breaking_lines_loses_nothing),
        cmocka_unit_test(intervals_cover_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
