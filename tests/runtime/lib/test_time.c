/* Clocks and dates: BUILTINS 23.  Dates were worked out with GNU date. */
#include "host_test.h"

#include <time.h>

static void dates_are_formatted_in_utc(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"format_date", "[1700000000, \"YYYY-MM-DD HH:mm:ss\"]", "String(\"2023-11-14 22:13:20\")"},
        {"format_date", "[1700000000.9, \"ss\"]", "String(\"20\")"},
        {"format_date", "[0, \"DD.MM.YYYY at HH h\"]", "String(\"01.01.1970 at 00 h\")"},
        {"format_date", "[-1, \"YYYY-MM-DD HH:mm:ss\"]", "String(\"1969-12-31 23:59:59\")"},
        {"format_date", "[951782400, \"YYYY-MM-DD\"]", "String(\"2000-02-29\")"},
        {"format_date", "[4107542400, \"YYYY-MM-DD\"]", "String(\"2100-03-01\")"},
        {"format_date", "[-62135596800, \"YYYY-MM-DD\"]", "String(\"0001-01-01\")"},
        {"format_date", "[0, \"\"]", "String(\"\")"},
        {"format_date", "[1e18, \"YYYY\"]", "String(\"Invalid timestamp: 1000000000000000000\")"},
        {"format_date", "[\"x\", \"YYYY\"]",
         "!format_date expects number as argument 1, got string"},
    };
    LIB_CHECK(t->lib, cases);
    host_expect_value(t, HOST_VALUES(t, "format_date", rf_float(0.0 / 0.0), host_string(t, "YYYY")),
                      "String(\"Invalid timestamp: NaN\")");
}

static void dates_are_parsed_by_their_format(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"parse_date", "[\"2024-02-29\", \"YYYY-MM-DD\"]", "Float(1709164800)"},
        {"parse_date", "[\"20240229 235959\", \"YYYYMMDD HHmmss\"]", "Float(1709251199)"},
        {"parse_date", "[\"1.2.2024\", \"DD.MM.YYYY\"]", "Float(1706745600)"},
        {"parse_date", "[\"12:30\", \"HH:mm\"]", "Float(45000)"},
        {"parse_date", "[\"\", \"\"]", "Float(0)"},
        {"parse_date", "[\"1969-12-31\", \"YYYY-MM-DD\"]", "Float(-86400)"},
        {"parse_date", "[\"2023-02-29\", \"YYYY-MM-DD\"]",
         "!parse_date: '2023-02-29' is no date in the format 'YYYY-MM-DD'"},
        {"parse_date", "[\"2024-13-01\", \"YYYY-MM-DD\"]",
         "!parse_date: '2024-13-01' is no date in the format 'YYYY-MM-DD'"},
        {"parse_date", "[\"2024-00-01\", \"YYYY-MM-DD\"]",
         "!parse_date: '2024-00-01' is no date in the format 'YYYY-MM-DD'"},
        {"parse_date", "[\"24:00\", \"HH:mm\"]",
         "!parse_date: '24:00' is no date in the format 'HH:mm'"},
        {"parse_date", "[\"2024-02-29x\", \"YYYY-MM-DD\"]",
         "!parse_date: '2024-02-29x' is no date in the format 'YYYY-MM-DD'"},
        {"parse_date", "[\"2024\", \"YYYY-MM\"]",
         "!parse_date: '2024' is no date in the format 'YYYY-MM'"},
        {"parse_date", "[\"-5\", \"DD\"]", "!parse_date: '-5' is no date in the format 'DD'"},
        {"parse_date", "[5, \"DD\"]", "!parse_date expects string as argument 1, got int"},
    };
    LIB_CHECK(t->lib, cases);
}

static void parsing_undoes_formatting(void **state)
{
    host_test *t = *state;
    for (int64_t stamp = -62135596800; stamp < 253402300800;
         stamp += 86400 * INT64_C(365) * 7 + 12345) {
        rf_value text =
            HOST_VALUES(t, "format_date", rf_int(stamp), host_string(t, "YYYY-MM-DD HH:mm:ss"));
        rf_value back = HOST_VALUES(t, "parse_date", text, host_string(t, "YYYY-MM-DD HH:mm:ss"));
        assert_true(back.head == RF_FLOAT && back.as.d == (double)stamp);
    }
}

static void durations_are_readable(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"format_duration", "[1500]", "String(\"1.50s\")"},
        {"format_duration", "[1000]", "String(\"1.00s\")"},
        {"format_duration", "[12.34]", "String(\"12.34ms\")"},
        {"format_duration", "[1]", "String(\"1.00ms\")"},
        {"format_duration", "[0.5]", "String(\"500.00\xCE\xBCs\")"},
        {"format_duration", "[0.0005]", "String(\"500ns\")"},
        {"format_duration", "[0]", "String(\"0ns\")"},
        {"elapsed", "[5, 7.5]", "Float(2.5)"},
        {"elapsed", "[5]", "!elapsed expects 2 arguments, got 1"},
        {"sleep", "[0.9]", "Int(0)"},
        {"sleep", "[-1]", "!sleep expects a time that is not negative, got -1"},
        {"sleep", "[\"1\"]", "!sleep expects number as argument 1, got string"},
    };
    LIB_CHECK(t->lib, cases);
}

static void clocks_agree_with_the_system(void **state)
{
    host_test *t = *state;
    const int64_t before = time(NULL);
    rf_value now = HOST_VALUES(t, "now_unix", rf_null());
    (void)now; /* arity is checked: no argument is allowed */
    host_expect_value(t, now, "!now_unix expects 0 arguments, got 1");
    rf_value unix_now = lib_call(t->lib, "now_unix", NULL, 0),
             seconds = lib_call(t->lib, "now", NULL, 0);
    rf_value ms = lib_call(t->lib, "timestamp", NULL, 0);
    assert_true(unix_now.as.i >= before && unix_now.as.i <= before + 60);
    assert_true(seconds.as.d == (double)(int64_t)seconds.as.d && seconds.as.d >= (double)before);
    assert_true(ms.as.i / 1000 >= before);
    rf_value us = lib_call(t->lib, "time_us", NULL, 0),
             later = lib_call(t->lib, "time_ns", NULL, 0);
    assert_true(later.as.d >= us.as.d * 1000 - 1000);
    rf_value text = lib_call(t->lib, "now_utc", NULL, 0);
    assert_int_equal(text.as.string->size, strlen("2023-11-14T22:13:20Z"));
    assert_int_equal(text.as.string->text[19], 'Z');
    rf_release(t->lib->isolate, text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_test_setup, host_test_teardown)
    const struct CMUnitTest tests[] = {
        TEST(dates_are_formatted_in_utc),   TEST(dates_are_parsed_by_their_format),
        TEST(parsing_undoes_formatting),    TEST(durations_are_readable),
        TEST(clocks_agree_with_the_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
