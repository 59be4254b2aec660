/* Folded stacks, and writing files whole. */
#include "support/ruff_test.h"

#include "report/report.h"
#include "report/writer.h"
#include "support/profile_builder.h"

#include "base/file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folded(const rf_profile *profile)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_report_folded(profile, &out);
    rf_buffer_append_text(&out, "");
    return rf_buffer_take(&out);
}

static void lines_are_whole_stacks_in_microseconds(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_init(&profile);
    profile_builder_add(&profile, "main@1:4/vm;work@10:12/vm", 3);
    profile_builder_add(&profile, "main@1:4/vm;work@10:13/vm", 2); /* another line of the same function */
    profile_builder_add(&profile, "main@1:4/vm;work@10:12/jit;helper@20:21/inl", 1);
    profile_builder_add(&profile, "main@1:4/vm;push/blt", 4);
    profile_builder_add(&profile, "main@1:4/vm;sleep/slp", 100); /* no CPU time */
    char *text = folded(&profile);
    assert_string_equal(text, "main (demo.ruff:1);push [builtin] 4000\n"
                              "main (demo.ruff:1);work (demo.ruff:10) 5000\n"
                              "main (demo.ruff:1);work (demo.ruff:10)_[j];helper (demo.ruff:20)_[i] 1000\n");
    rf_free(text);
    rf_profile_release(&profile);
}

static void the_sum_is_the_cpu_time_though_counts_are_whole(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_init(&profile);
    uint64_t cpu_ns = 0;
    for (uint32_t line = 1; line <= 50; line++) {
        const uint32_t func = rf_profile_func(&profile, RF_FUNC_SCRIPT, "f", 1, line);
        const uint32_t stack = rf_profile_stack(&profile, 0, rf_profile_frame(&profile, func, line, RF_TIER_VM));
        const rf_prof_sample sample = {.stack = stack, .ticks = 1, .cpu_ns = 700 + line * 13};
        rf_profile_add(&profile, &sample);
        cpu_ns += sample.cpu_ns;
    }
    char *text = folded(&profile);
    uint64_t sum_us = 0;
    for (const char *at = text; *at; at = strchr(at, '\n') + 1) {
        const char *end = strchr(at, '\n');
        const char *space = memrchr(at, ' ', (size_t)(end - at));
        sum_us += strtoull(space + 1, NULL, 10);
    }
    assert_int_equal(sum_us, cpu_ns / 1000);
    rf_free(text);
    rf_profile_release(&profile);
}

static void names_cannot_break_the_format(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_init(&profile);
    const uint32_t regex = rf_profile_func(&profile, RF_FUNC_REGEX, "a;b\nc 12", 0, 0);
    const uint32_t stack = rf_profile_stack(&profile, 0, rf_profile_frame(&profile, regex, 0, RF_TIER_REGEX));
    const rf_prof_sample sample = {.stack = stack, .ticks = 1, .cpu_ns = 5000};
    rf_profile_add(&profile, &sample);
    char *text = folded(&profile);
    assert_string_equal(text, "regex /a\\x3bb\\x0ac 12/ [regex] 5\n");
    rf_free(text);
    rf_profile_release(&profile);
}

/* speedscope: /^(.*) (\d+)$/; inferno and FlameGraph: the last space, then digits only (the latter allows a fraction). */
static void every_line_is_accepted_by_the_readers_patterns(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_demo(&profile);
    char *text = folded(&profile);
    size_t lines = 0;
    for (char *at = text, *end; *at; at = end + 1, lines++) {
        end = strchr(at, '\n');
        assert_non_null(end);
        const char *space = memrchr(at, ' ', (size_t)(end - at));
        assert_non_null(space);
        assert_true(space > at && space + 1 < end);
        for (const char *digit = space + 1; digit < end; digit++) assert_true(isdigit((unsigned char)*digit));
        assert_true(space[-1] == ']' || space[-1] == ')'); /* no number that a two-column reader would take */
    }
    assert_true(lines >= 10);
    rf_free(text);
    rf_profile_release(&profile);
}

static void deep_recursion_is_one_long_line(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_init(&profile);
    const uint32_t func = rf_profile_func(&profile, RF_FUNC_SCRIPT, "f", 1, 1);
    const uint32_t frame = rf_profile_frame(&profile, func, 2, RF_TIER_VM);
    uint32_t stack = 0;
    for (int i = 0; i < 2000; i++) stack = rf_profile_stack(&profile, stack, frame);
    const rf_prof_sample sample = {.stack = stack, .ticks = 1, .cpu_ns = 1000000};
    rf_profile_add(&profile, &sample);
    char *text = folded(&profile);
    size_t separators = 0;
    for (const char *at = text; *at; at++) separators += *at == ';';
    assert_int_equal(separators, 1999);
    rf_free(text);
    rf_profile_release(&profile);
}

static void files_are_replaced_whole_or_not_at_all(void **state)
{
    (void)state;
    char directory[] = "/tmp/ruff-report-XXXXXX";
    assert_non_null(mkdtemp(directory));
    rf_profile profile;
    profile_builder_demo(&profile);
    char *path = rf_format_text("%s/out.folded", directory), *error = NULL;
    assert_true(rf_report_check_path(path, &error));
    assert_true(rf_report_write(&profile, path, &error));
    rf_buffer read = RF_BUFFER_INIT;
    assert_int_equal(rf_file_read(path, &read, NULL), RUFF_OK);
    char *expected = folded(&profile);
    assert_string_equal(read.data, expected);
    rf_free(expected);
    rf_buffer_release(&read);
    unlink(path);
    rf_free(path);

    path = rf_format_text("%s/none/out.svg.txt", directory);
    assert_false(rf_report_check_path(path, &error));
    assert_non_null(strstr(error, "none: No such file or directory"));
    rf_free(error);
    assert_false(rf_report_write(&profile, path, &error));
    assert_non_null(strstr(error, "cannot write "));
    rf_free(error);
    rf_free(path);
    assert_int_equal(rmdir(directory), 0); /* no temporary file was left */

    assert_false(rf_report_write(&profile, "out.exe", &error));
    assert_non_null(strstr(error, "out.exe: no profile format has this extension"));
    assert_non_null(strstr(error, ".folded"));
    rf_free(error);
    rf_profile_release(&profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_whole_stacks_in_microseconds),
        cmocka_unit_test(the_sum_is_the_cpu_time_though_counts_are_whole),
        cmocka_unit_test(names_cannot_break_the_format),
        cmocka_unit_test(every_line_is_accepted_by_the_readers_patterns),
        cmocka_unit_test(deep_recursion_is_one_long_line),
        cmocka_unit_test(files_are_replaced_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
