/* The environment and other programs: BUILTINS 21. */
#include "host_test.h"

#include <stdlib.h>

/* ---- environment ---- */

static void variables_are_read_by_kind(void **state)
{
    host_test *t = *state;
    setenv("RT_N", "42", 1);
    setenv("RT_SPACE", " 42", 1);
    setenv("RT_F", "2.5", 1);
    setenv("RT_YES", "YeS", 1);
    setenv("RT_OFF", "off", 1);
    setenv("RT_EMPTY", "", 1);
    unsetenv("RT_NONE");
    static const lib_case cases[] = {
        {"env", "[\"RT_N\"]", "String(\"42\")"},
        {"env", "[\"RT_NONE\"]", "String(\"\")"},
        {"env", "[\"\"]", "!env: '' is no name of an environment variable"},
        {"env", "[\"A=B\"]", "!env: 'A=B' is no name of an environment variable"},
        {"env", "[5]", "!env expects string as argument 1, got int"},
        {"env_or", "[\"RT_NONE\", \"dev\"]", "String(\"dev\")"},
        {"env_or", "[\"RT_EMPTY\", \"dev\"]", "String(\"\")"},
        {"env_int", "[\"RT_N\"]", "Int(42)"},
        {"env_int", "[\"RT_SPACE\"]",
         "!env_int: the environment variable 'RT_SPACE' is no int: ' 42'"},
        {"env_int", "[\"RT_F\"]", "!env_int: the environment variable 'RT_F' is no int: '2.5'"},
        {"env_int", "[\"RT_NONE\"]", "!Required environment variable 'RT_NONE' is not set"},
        {"env_float", "[\"RT_F\"]", "Float(2.5)"},
        {"env_float", "[\"RT_N\"]", "Float(42)"},
        {"env_float", "[\"RT_YES\"]",
         "!env_float: the environment variable 'RT_YES' is no float: 'YeS'"},
        {"env_bool", "[\"RT_YES\"]", "Bool(true)"},
        {"env_bool", "[\"RT_OFF\"]", "Bool(false)"},
        {"env_bool", "[\"RT_N\"]", "!env_bool: the environment variable 'RT_N' is no bool: '42'"},
        {"env_required", "[\"RT_EMPTY\"]", "String(\"\")"},
        {"env_required", "[\"RT_NONE\"]", "!Required environment variable 'RT_NONE' is not set"},
        {"env_set", "[\"RT_NEW\", \"v\"]", "Null"},
        {"env", "[\"RT_NEW\"]", "String(\"v\")"},
        {"env_set", "[\"A=B\", \"v\"]", "!env_set: 'A=B' is no name of an environment variable"},
        {"env_set", "[\"RT_NEW\", \"a\\u0000b\"]",
         "!env_set: the value of 'RT_NEW' contains a NUL character"},
        {"execute", "[\"echo $RT_NEW\"]", "String(\"v\n\")"},
    };
    LIB_CHECK(t->lib, cases);
    unsetenv("RT_NEW");
}

static void all_variables_are_listed_by_name(void **state)
{
    host_test *t = *state;
    clearenv();
    setenv("RT_B", "2", 1);
    setenv("RT_A", "x=y", 1);
    setenv("RT_A_", "3", 1);
    setenv("RT_BAD", "\xFF", 1);
    host_expect(t, "env_list", "[]",
                "Dict{RT_A: String(\"x=y\"), RT_A_: String(\"3\"), RT_B: String(\"2\")}");
    host_expect(t, "os_environ", "[]",
                "Dict{RT_A: String(\"x=y\"), RT_A_: String(\"3\"), RT_B: String(\"2\")}");
    setenv("PATH", "/usr/bin:/bin", 1);
}

static void arguments_are_those_of_the_host(void **state)
{
    host_test *t = *state;
    static const char *const words[] = {"-v", "x y"};
    host_expect(t, "args", "[]", "Array[]");
    t->lib->host.args = words;
    t->lib->host.arg_count = 2;
    host_expect(t, "args", "[]", "Array[String(\"-v\"), String(\"x y\")]");
}

/* ---- programs ---- */

/* Field of the ProcessResult of a call, as deep form. */
static void expect_field(host_test *t, const char *name, const char *args, const char *field,
                         const char *want)
{
    rf_isolate *isolate = t->lib->isolate;
    rf_value list = lib_value(t->lib, args), window[2];
    const uint32_t count = list.as.array->length;
    for (uint32_t i = 0; i < count; i++) window[i] = rf_array_get(list.as.array, i);
    rf_release(isolate, list);
    rf_value result = lib_call(t->lib, name, window, count);
    if (rf_is_raised(result)) fail_msg("%s", lib_text(t->lib, result));
    assert_int_equal(result.head, RF_STRUCT);
    rf_value text = host_string(t, field);
    rf_value v = rf_get_field(isolate, result, text.as.string);
    rf_release(isolate, text);
    rf_release(isolate, result);
    host_expect_value(t, v, want);
}

static void a_command_gives_its_output_or_raises(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"execute", "[\"echo hi\"]", "String(\"hi\n\")"},
        {"execute", "[\"echo a\\necho b\"]", "String(\"a\nb\n\")"},
        {"execute", "[\"printf '\\\\377'\"]", "String(\"\xEF\xBF\xBD\")"},
        {"execute", "[\"echo oops >&2; exit 3\"]",
         "!execute: 'echo oops >&2; exit 3' failed with status 3: oops"},
        {"execute", "[\"exit 1\"]", "!execute: 'exit 1' failed with status 1"},
        {"execute", "[\"kill -9 $$\"]", "!execute: 'kill -9 $$' was killed by a signal"},
        {"execute", "[\"\"]", "!execute expects a command, got an empty text"},
        {"execute", "[\"a\\u0000b\"]", "!execute: argument 1 contains a NUL character"},
        {"execute", "[5]", "!execute expects string as argument 1, got int"},
        {"execute", "[\"echo 12345\", {\"max_output_bytes\": 3}]",
         "!execute: the output of 'echo 12345' exceeds 3 bytes"},
        {"execute", "[\"yes\", {\"max_output_bytes\": 100000}]",
         "!execute: the output of 'yes' exceeds 100000 bytes"},
        {"execute", "[\"sleep 100 & sleep 100\", {\"timeout_ms\": 20}]",
         "!execute: 'sleep 100 & sleep 100' exceeded the time limit of 20ms"},
        {"execute", "[\"exec >&- 2>&-; sleep 100\", {\"timeout_ms\": 20}]",
         "!execute: 'exec >&- 2>&-; sleep 100' exceeded the time limit of 20ms"},
        {"execute", "[\"echo x\", {\"timeout\": 5}]", "!execute: unknown option 'timeout'"},
        {"execute", "[\"echo x\", {\"timeout_ms\": 0}]",
         "!execute expects a positive number as option 'timeout_ms'"},
        {"execute", "[\"echo x\", {\"timeout_ms\": \"1\"}]",
         "!execute expects number as option 'timeout_ms', got string"},
        {"execute", "[\"echo x\", 5]", "!execute expects dict as argument 2, got int"},
    };
    LIB_CHECK(t->lib, cases);
}

static void a_status_is_never_raised(void **state)
{
    host_test *t = *state;
    expect_field(t, "execute_status", "[\"exit 3\"]", "exitcode", "Int(3)");
    expect_field(t, "execute_status", "[\"exit 3\"]", "success", "Bool(false)");
    expect_field(t, "execute_status", "[\"true\"]", "success", "Bool(true)");
    expect_field(t, "execute_status", "[\"kill -9 $$\"]", "exitcode", "Int(-1)");
    expect_field(t, "execute_status", "[\"sleep 100\", {\"timeout_ms\": 10}]", "timed_out",
                 "Bool(true)");
    expect_field(t, "execute_status", "[\"echo 12345\", {\"max_output_bytes\": 3}]", "stdout",
                 "String(\"123\")");
    expect_field(t, "execute_status", "[\"echo 12345\", {\"max_output_bytes\": 3}]",
                 "stdout_truncated", "Bool(true)");
    expect_field(t, "execute_status", "[\"echo 12345\", {\"max_output_bytes\": 3}]", "success",
                 "Bool(true)");
    expect_field(t, "execute_status", "[\"echo x >&2\"]", "stderr", "String(\"x\n\")");
    expect_field(t, "execute_status", "[\"echo x >&2\"]", "stderr_truncated", "Bool(false)");
}

static void a_program_runs_without_a_shell(void **state)
{
    host_test *t = *state;
    expect_field(t, "spawn_process", "[[\"echo\", \"$HOME\", \"a b\"]]", "stdout",
                 "String(\"$HOME a b\n\")");
    expect_field(t, "spawn_process", "[[\"cat\"]]", "stdout",
                 "String(\"\")"); /* its input is empty */
    static const lib_case cases[] = {
        {"spawn_process", "[[\"no-such-program\", \"x\"]]",
         "!Failed to spawn process 'no-such-program x': No such file or directory (os error 2)"},
        {"spawn_process", "[[]]", "!spawn_process expects a command, got an empty array"},
        {"spawn_process", "[[\"echo\", 5]]",
         "!spawn_process expects strings without NUL as command, got int at index 1"},
        {"spawn_process", "[\"echo\"]", "!spawn_process expects array as argument 1, got string"},
    };
    LIB_CHECK(t->lib, cases);
}

static void large_output_on_both_streams_does_not_block(void **state)
{
    host_test *t = *state;
    rf_value command = host_string(
        t, "head -c 300000 /dev/zero | tr '\\0' a; head -c 300000 /dev/zero | tr '\\0' b >&2");
    rf_value result = HOST_VALUES(t, "execute_status", command);
    assert_int_equal(result.head, RF_STRUCT);
    rf_release(t->lib->isolate, result);
    rf_value text =
        HOST_VALUES(t, "execute", host_string(t, "head -c 300000 /dev/zero | tr '\\0' a"));
    assert_int_equal(text.as.string->size, 300000);
    rf_release(t->lib->isolate, text);
}

static void the_environment_of_a_program_is_chosen(void **state)
{
    host_test *t = *state;
    clearenv();
    setenv("PATH", "/usr/bin:/bin", 1);
    setenv("RT_A", "1", 1);
    setenv("RT_B", "2", 1);
    static const lib_case cases[] = {
        {"execute", "[\"echo $RT_A $RT_B\", {\"env_deny\": [\"RT_B\"]}]", "String(\"1\n\")"},
        {"execute", "[\"echo $RT_A $RT_B\", {\"env_allow\": [\"RT_B\", \"PATH\"]}]",
         "String(\"2\n\")"},
        {"execute",
         "[\"echo $RT_A $RT_B $RT_C\", {\"inherit_env\": false, \"env\": {\"RT_C\": \"3\"}}]",
         "String(\"3\n\")"},
        {"execute", "[\"echo $RT_A $RT_B\", {\"env\": {\"RT_A\": \"x\"}}]", "String(\"x 2\n\")"},
        {"execute", "[\"echo\", {\"env\": {\"A=B\": \"x\"}}]",
         "!execute expects names and texts of environment variables as option 'env'"},
        {"execute", "[\"echo\", {\"env\": {\"A\": 1}}]",
         "!execute expects names and texts of environment variables as option 'env'"},
        {"execute", "[\"echo\", {\"env_deny\": [1]}]",
         "!execute expects names of environment variables as option 'env_deny'"},
        {"execute", "[\"echo\", {\"inherit_env\": 1}]",
         "!execute expects bool as option 'inherit_env', got int"},
    };
    LIB_CHECK(t->lib, cases);
}

static void commands_are_connected_by_pipes(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"pipe_commands", "[[[\"printf\", \"b\\na\\n\"], [\"sort\"]]]", "String(\"a\nb\n\")"},
        {"pipe_commands", "[[[\"yes\"], [\"head\", \"-2\"], [\"tr\", \"y\", \"n\"]]]",
         "String(\"n\nn\n\")"},
        {"pipe_commands", "[[[\"echo\", \"x\"]]]", "String(\"x\n\")"},
        {"pipe_commands", "[[[\"echo\", \"x\"], [\"no-such-program\"]]]",
         "!Failed to spawn process 'no-such-program': No such file or directory (os error 2)"},
        {"pipe_commands", "[[[\"no-such-program\"], [\"cat\"]]]",
         "!Failed to spawn process 'no-such-program': No such file or directory (os error 2)"},
        {"pipe_commands", "[[[\"sh\", \"-c\", \"echo why >&2; exit 4\"], [\"cat\"]]]",
         "!pipe_commands: 'sh -c echo why >&2; exit 4' failed with status 4: why"},
        {"pipe_commands", "[[[\"echo\"], [\"false\"]]]",
         "!pipe_commands: 'false' failed with status 1"},
        {"pipe_commands", "[[[\"printf\", \"\\\\377\"]]]",
         "!pipe_commands: the output of 'printf \\377' is not valid UTF-8"},
        {"pipe_commands", "[[[\"yes\"], [\"cat\"]], {\"max_output_bytes\": 1000}]",
         "!pipe_commands: the output of 'yes | cat' exceeds 1000 bytes"},
        {"pipe_commands", "[[[\"sleep\", \"100\"], [\"cat\"]], {\"timeout_ms\": 20}]",
         "!pipe_commands: 'sleep 100 | cat' exceeded the time limit of 20ms"},
        {"pipe_commands", "[[]]", "!pipe_commands expects commands, got an empty array"},
        {"pipe_commands", "[[[\"echo\"], []]]",
         "!pipe_commands expects a command, got an empty array"},
        {"pipe_commands", "[[\"echo\"]]",
         "!pipe_commands expects an array of strings as command, got string"},
    };
    LIB_CHECK(t->lib, cases);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_test_setup, host_test_teardown)
    const struct CMUnitTest tests[] = {
        TEST(variables_are_read_by_kind),
        TEST(all_variables_are_listed_by_name),
        TEST(arguments_are_those_of_the_host),
        TEST(a_command_gives_its_output_or_raises),
        TEST(a_status_is_never_raised),
        TEST(a_program_runs_without_a_shell),
        TEST(large_output_on_both_streams_does_not_block),
        TEST(the_environment_of_a_program_is_chosen),
        TEST(commands_are_connected_by_pipes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
