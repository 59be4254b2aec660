/* Limits on profiles. */
#include "support/ruff_test.h"

#include "report/profile_gate.h"
#include "support/profile_builder.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];

static void write_gate_file(const char *text)
{
    assert_int_equal(rf_file_replace(path, text, strlen(text), NULL), RUFF_OK);
}

static size_t check(const char *limits, const rf_profile *profile, rf_buffer *out)
{
    rf_gate gate;
    char *error = NULL;
    write_gate_file(limits);
    if (!rf_gate_read(path, &gate, &error)) fail_msg("%s", error);
    rf_buffer_clear(out);
    const size_t broken = rf_gate_check(&gate, profile, out);
    rf_gate_release(&gate);
    return broken;
}

static void a_written_gate_is_kept_by_the_same_counts_every_time(void **state)
{
    (void)state;
    rf_buffer first = RF_BUFFER_INIT, out = RF_BUFFER_INIT;
    for (int i = 0; i < 20; i++) {
        rf_profile profile;
        rf_buffer text = RF_BUFFER_INIT;
        profile_builder_demo(&profile);
        for (size_t k = 1; k < profile.samples.count; k++) profile.samples.data[k].cpu_ns += (k * 7919 + (size_t)i * 104729) % 900000; /* noise */
        rf_gate_write(&profile, &text);
        if (!first.size)
            rf_buffer_append(&first, text.data, text.size);
        else
            assert_string_equal(text.data, first.data);
        assert_int_equal(check(first.data, &profile, &out), 0);
        assert_non_null(strstr(out.data, "limits kept"));
        rf_buffer_release(&text);
        rf_profile_release(&profile);
    }
    assert_non_null(strstr(first.data, "\nallocs <= 1100\n"));
    assert_non_null(strstr(first.data, "\nleaks <= 93\n"));
    assert_non_null(strstr(first.data, "\nallocs \"work\" <= 1000\n"));
    assert_null(strstr(first.data, "\nshare"));
    rf_buffer_release(&first);
    rf_buffer_release(&out);
}

static void every_broken_limit_is_listed(void **state)
{
    (void)state;
    rf_profile profile;
    rf_buffer out = RF_BUFFER_INIT;
    profile_builder_demo(&profile);
    assert_int_equal(check("# a comment\n\nallocs <= 1000\nallocs \"work\" <= 1000\nshare \"work\" <= 60\nleaks <= 0\ndeopts<=0\ntotal \"main\" <= 99.5\n",
                           &profile, &out),
                     4);
    assert_non_null(strstr(out.data, ":3: allocs is 1100, at most 1000 (+10.0 %)\n"));
    assert_non_null(strstr(out.data, ":5: share \"work\" is 60.96, at most 60 (+1.6 %)\n"));
    assert_non_null(strstr(out.data, ":6: leaks is 93, at most 0\n"));
    assert_non_null(strstr(out.data, ":7: deopts is 1, at most 0\n"));
    assert_non_null(strstr(out.data, "4 of 6 limits broken\n"));
    profile.run.has_jit = false;
    assert_int_equal(check("deopts <= 5\n", &profile, &out), 1);
    assert_non_null(strstr(out.data, "deopts was not counted in this run"));
    rf_buffer_release(&out);
    rf_profile_release(&profile);
}

static void bad_files_name_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
    } cases[] = {{"allocs <= 5\nalocs <= 5\n", ":2: there is no metric 'alocs' (known: instructions"},
                 {"allocs\n", ":1: expected `<= NUMBER`"},
                 {"allocs <= many\n", ":1: expected `<= NUMBER`"},
                 {"allocs <= 5 or so\n", ":1: expected `<= NUMBER`"},
                 {"allocs <= -1\n", ":1: expected `<= NUMBER`"},
                 {"allocs <= nan\n", ":1: expected `<= NUMBER`"},
                 {"calls \"f <= 5\n", ":1: the function's name does not end"},
                 {"wall_ms \"f\" <= 5\n", ":1: this metric is of the whole program only"},
                 {"# nothing\n", "it has no limits"}};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_gate gate;
        char *error = NULL;
        write_gate_file(cases[i].text);
        assert_false(rf_gate_read(path, &gate, &error));
        if (!strstr(error, cases[i].error)) fail_msg("%s", error);
        rf_free(error);
        rf_gate_release(&gate);
    }
    rf_gate gate;
    char *error = NULL;
    assert_false(rf_gate_read("/nonexistent.gate", &gate, &error));
    assert_non_null(strstr(error, "No such file"));
    rf_free(error);
    rf_gate_release(&gate);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(path, "/tmp/ruff-gate-XXXXXX");
    const int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_written_gate_is_kept_by_the_same_counts_every_time),
        cmocka_unit_test(every_broken_limit_is_listed),
        cmocka_unit_test(bad_files_name_the_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
