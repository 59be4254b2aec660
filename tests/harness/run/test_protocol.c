/* Runner protocol 1: what is read, and what is refused with its line. */
#include "support/ruff_test.h"

#include "run/protocol.h"

#include <string.h>

static void a_whole_report_is_read(void **state)
{
    (void)state;
    static const char text[] =
        "hello\n@rb 1 ruff\n@clock 41\nnoise\n@i 100 a\n@i 90 a\n@c jit.compiled 3\n@end 2\nbye\n";
    run_sample sample = {0};
    assert_int_equal(run_protocol_parse(text, sizeof text - 1, &sample, NULL), RUFF_OK);
    assert_int_equal(sample.level, RUN_LEVEL_FULL);
    assert_int_equal(sample.clock_ns, 41);
    assert_int_equal(sample.times.count, 2);
    assert_int_equal(sample.times.data[1], 90);
    assert_string_equal(sample.digest, "a");
    assert_null(sample.other_digest);
    assert_string_equal(sample.counters.data[0].name, "jit.compiled");
    assert_int_equal(sample.counters.data[0].value, 3);
    run_sample_release(&sample);
}

static void counters_of_a_runtime_are_no_answer(void **state)
{
    (void)state;
    static const char first[] = "@c jit.compiled 3\n42\n@c jit.compile_ns 171\n";
    static const char other[] = "@c nothing\n42\n";
    run_sample sample = {0};
    assert_int_equal(run_protocol_parse(first, sizeof first - 1, &sample, NULL), RUFF_OK);
    assert_int_equal(sample.level, RUN_LEVEL_NONE);
    assert_string_equal(sample.digest, "42");
    assert_int_equal(sample.counters.count, 2);
    assert_string_equal(sample.counters.data[1].name, "jit.compile_ns");
    assert_int_equal(sample.counters.data[1].value, 171);
    run_sample_release(&sample);
    assert_int_equal(run_protocol_parse(other, sizeof other - 1, &sample, NULL), RUFF_OK);
    assert_int_equal(strlen(sample.digest), 64); /* the whole output, hashed */
    assert_int_equal(sample.counters.count, 0);
    run_sample_release(&sample);
}

static void broken_reports_name_their_line(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"@rb 2 ruff\n@end 0\n",
         "line 1 of its output, `@rb 2 ruff`: this ruffbench speaks protocol 1 only"},
        {"@rb\n", "line 1"},
        {"@rb 1 a\n@rb 1 a\n", "line 2"},
        {"@rb 1 a\n@i 5\n@end 1\n",
         "line 2 of its output, `@i 5`: expected `@i NANOSECONDS DIGEST`"},
        {"@rb 1 a\n@i -5 x\n@end 1\n", "line 2"},
        {"@rb 1 a\n@i 5.5 x\n@end 1\n", "line 2"},
        {"@rb 1 a\n@i 99999999999999999999 x\n@end 1\n", "line 2"},
        {"@rb 1 a\n@i 5 x y\n@end 1\n", "line 2"},
        {"@rb 1 a\n@i 5 \x01\n@end 1\n", "line 2"},
        {"@rb 1 a\n@i 5 x\n@end 2\n", "another count than there were @i lines"},
        {"@rb 1 a\n@end 0\n", "not one iteration was timed"},
        {"@rb 1 a\n@i 5 x\n", "stops after 1 iterations, without @end"},
        {"@rb 1 a\n@j 5 x\n@end 1\n", "not a line of protocol 1"},
        {"@rb 1 a\n@c x\n@end 1\n", "expected `@c NAME NUMBER`"},
        {"@rb 1 a\n@clock soon\n@end 1\n", "expected `@clock NANOSECONDS`"},
        {"@rb 1 a\n@i 5 x\n@end 1\n@i 6 x\n",
         "line 4 of its output, `@i 6 x`: nothing but counters may follow @end"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        run_sample sample = {0};
        ruff_error err = RUFF_ERROR_INIT;
        assert_int_equal(run_protocol_parse(cases[i][0], strlen(cases[i][0]), &sample, &err),
                         RUFF_E_SYNTAX);
        if (!strstr(err.message, cases[i][1])) print_error("%s\n", err.message);
        assert_non_null(strstr(err.message, cases[i][1]));
        ruff_error_release(&err);
        run_sample_release(&sample);
    }
}

static void a_changing_answer_is_noticed(void **state)
{
    (void)state;
    static const char text[] = "@rb 1 a\n@i 1 x\n@i 1 x\n@i 1 y\n@i 1 z\n@end 4\n";
    run_sample sample = {0};
    assert_int_equal(run_protocol_parse(text, sizeof text - 1, &sample, NULL), RUFF_OK);
    assert_string_equal(sample.other_digest, "y");
    assert_int_equal(sample.other_iteration, 3);
    run_sample_release(&sample);
}

static void plain_lines_give_time_and_answer(void **state)
{
    (void)state;
    static const char text[] = "working\nFIB_MS=12.5\nFIB_CHECKSUM=6765\n";
    run_sample sample = {0};
    assert_int_equal(run_protocol_parse(text, sizeof text - 1, &sample, NULL), RUFF_OK);
    assert_int_equal(sample.level, RUN_LEVEL_PLAIN);
    assert_int_equal(sample.times.data[0], 12500000);
    assert_string_equal(sample.digest, "6765");
    run_sample_release(&sample);
}

static void any_other_output_is_its_own_answer(void **state)
{
    (void)state;
    run_sample sample = {0};
    assert_int_equal(run_protocol_parse("42\r\n", 4, &sample, NULL), RUFF_OK);
    assert_int_equal(sample.level, RUN_LEVEL_NONE);
    assert_string_equal(sample.digest, "42");
    run_sample_release(&sample);
    /* SHA-256 of "two words", from coreutils sha256sum. */
    assert_int_equal(run_protocol_parse("two words", 9, &sample, NULL), RUFF_OK);
    assert_string_equal(sample.digest,
                        "a03f1d611645eb53ad16c1af546ca0792dc884505bab57ede80f4dad6b911d3a");
    run_sample_release(&sample);
}

static void the_start_is_found_only_when_its_line_is_whole(void **state)
{
    (void)state;
    size_t scanned = 0;
    static const char text[] = "a @rb 1 y\nnoise\n@rb 1 x\n";
    for (size_t size = 0; size < sizeof text - 1; size++)
        assert_false(run_protocol_has_started(text, size, &scanned));
    assert_int_equal(scanned, 16); /* whole lines are not looked at again */
    assert_true(run_protocol_has_started(text, sizeof text - 1, &scanned));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_report_is_read),
        cmocka_unit_test(counters_of_a_runtime_are_no_answer),
        cmocka_unit_test(broken_reports_name_their_line),
        cmocka_unit_test(a_changing_answer_is_noticed),
        cmocka_unit_test(plain_lines_give_time_and_answer),
        cmocka_unit_test(any_other_output_is_its_own_answer),
        cmocka_unit_test(the_start_is_found_only_when_its_line_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
