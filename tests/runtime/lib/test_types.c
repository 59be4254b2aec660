/* Types, math, results, assertions, debug, console: BUILTINS 4, 5, 6, 12, 33. */
#include "lib_test.h"

#include "lib/inspect.h"

static void conversions_follow_the_list(void **state)
{
    static const lib_case cases[] = {
        {"len", "[\"h\\u00e9\\u00e9\"]", "Int(3)"},
        {"len", "[[1,2]]", "Int(2)"},
        {"len", "[{\"a\":1}]", "Int(1)"},
        {"len", "[5]",
         "!len expects string or bytes or array or dict or set or queue or stack as argument 1, "
         "got int"},
        {"length", "[[1]]", "Int(1)"},
        {"length", "[]", "!len expects 1 arguments, got 0"},
        {"type", "[1.0]", "String(\"float\")"},
        {"type_of", "[null]", "String(\"null\")"},
        {"is_float", "[1]", "Bool(false)"},
        {"is_float", "[]", "Bool(false)"},
        {"is_float", "[1,2]", "!is_float expects 0 to 1 arguments, got 2"},
        {"is_null", "[null]", "Bool(true)"},
        {"is_error", "[5]", "Bool(false)"},
        {"is_truthy", "[\"false\"]", "Bool(true)"},
        {"is_truthy", "[{}]", "Bool(false)"},
        {"to_string", "[[1,\"a\"]]", "String(\"[1, a]\")"},
        {"str", "[3.0]", "String(\"3\")"},
        {"to_int", "[\"-7\"]", "Int(-7)"},
        {"to_int", "[\" +7 \"]", "Int(7)"},
        {"to_int", "[3.9]", "Int(3)"},
        {"to_int", "[-3.9]", "Int(-3)"},
        {"to_int", "[1e300]", "Int(9223372036854775807)"},
        {"to_int", "[true]", "Int(1)"},
        {"to_int", "[\"3.9\"]", "!Cannot convert '3.9' to int"},
        {"to_int", "[[1]]", "!Cannot convert array to int"},
        {"int", "[null]", "!Cannot convert null to int"},
        {"to_float", "[\"1e3\"]", "Float(1000)"},
        {"to_float", "[\" -Infinity \"]", "Float(-inf)"},
        {"to_float", "[\"nan\"]", "Float(NaN)"},
        {"to_float", "[\"1x\"]", "!Cannot convert '1x' to float"},
        {"to_float", "[true]", "Float(1)"},
        {"to_bool", "[\"False\"]", "Bool(false)"},
        {"to_bool", "[\"0\"]", "Bool(false)"},
        {"to_bool", "[\"no\"]", "Bool(true)"},
        {"to_bool", "[0.0]", "Bool(false)"},
        {"to_bool", "[[]]", "Bool(false)"},
        {"to_bool", "[null]", "Bool(false)"},
        {"parse_int", "[\" 42 \"]", "Int(42)"},
        {"parse_int", "[\"4 2\"]", "!Cannot parse '4 2' as integer"},
        {"parse_int", "[\"9223372036854775808\"]",
         "!Cannot parse '9223372036854775808' as integer"},
        {"parse_int", "[5]", "!parse_int expects string as argument 1, got int"},
        {"parse_float", "[\"2.50\"]", "Float(2.5)"},
        {"parse_float", "[\"\"]", "!Cannot parse '' as float"},
        {"bytes", "[[1,2]]", "Bytes(2 bytes)"},
        {"bytes", "[[1,256]]", "!bytes expects ints from 0 to 255, got 256 at index 1"},
        {"bytes", "[[1.0]]", "!bytes expects ints from 0 to 255, got float at index 0"},
        {"dict", "[]", "Dict{}"},
        {"array", "[1,\"x\"]", "Array[Int(1), String(\"x\")]"},
        {"error", "[\"no\"]", "!no"},
        {"error", "[[1]]", "![1]"},
    };
    lib_test *t = *state;
    LIB_CHECK(t, cases);
}

static void math_results_are_floats(void **state)
{
    static const lib_case cases[] = {
        {"abs", "[-42]", "Float(42)"},
        {"sqrt", "[144]", "Float(12)"},
        {"sqrt", "[-4]", "!sqrt of a negative number: -4"},
        {"pow", "[2,10]", "Float(1024)"},
        {"floor", "[-1.5]", "Float(-2)"},
        {"ceil", "[-1.5]", "Float(-1)"},
        {"round", "[2.5]", "Float(3)"},
        {"round", "[-2.5]", "Float(-3)"},
        {"min", "[5,10]", "Float(5)"},
        {"max", "[5,10]", "Float(10)"},
        {"cos", "[0]", "Float(1)"},
        {"log", "[1]", "Float(0)"},
        {"log", "[0]", "!log of a number that is not positive: 0"},
        {"exp", "[1]", "Float(2.718281828459045)"},
        {"pow", "[2,\"x\"]", "!pow expects number as argument 2, got string"},
        {"bit_and", "[12,10]", "Int(8)"},
        {"bit_or", "[12,10]", "Int(14)"},
        {"bit_xor", "[12,10]", "Int(6)"},
        {"bit_not", "[0]", "Int(-1)"},
        {"bit_shl", "[1,63]", "Int(-9223372036854775808)"},
        {"bit_shr", "[-8,1]", "Int(-4)"},
        {"bit_shr", "[1,64]", "!bit_shr expects a shift from 0 to 63, got 64"},
        {"bit_and", "[1,2.0]", "!bit_and expects int as argument 2, got float"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void a_nan_is_ignored_by_min_and_max(void **state)
{
    lib_test *t = *state;
    rf_value args[] = {rf_float(__builtin_nan("")), rf_int(1)};
    assert_true(lib_call(t, "min", args, 2).as.d == 1.0);
    assert_true(lib_call(t, "max", args, 2).as.d == 1.0);
}

static void results_and_options_wrap_their_argument(void **state)
{
    static const lib_case cases[] = {
        {"Ok", "[5]", "Ok(Int(5))"},
        {"Err", "[\"m\"]", "Err(String(\"m\"))"},
        {"Some", "[null]", "Some(Null)"},
        {"Ok", "[]", "!Ok expects 1 arguments, got 0"},
    };
    lib_test *t = *state;
    LIB_CHECK(t, cases);
    rf_value some = rf_wrap_value(t->isolate, RF_SOME, rf_int(1));
    char *text = lib_text(t, lib_call(t, "Ok", &some, 1));
    assert_string_equal(text, "Ok(Some(Int(1)))");
    rf_free(text);
    rf_value err = rf_wrap_value(t->isolate, RF_ERR_WRAP, rf_int(1));
    assert_true(lib_call(t, "is_error", &err, 1).as.i);
}

static void assertions_return_true_or_raise(void **state)
{
    static const lib_case cases[] = {
        {"assert", "[1]", "Bool(true)"},
        {"assert", "[0]", "!Assertion failed"},
        {"assert", "[0,\"why\"]", "!why"},
        {"assert", "[0,5]", "!Assertion failed"},
        {"assert_equal", "[2,2.0]", "Bool(true)"},
        {"assert_equal", "[\"a\\n\",[1,2]]",
         "!Assertion failed: expected Array[2], got Str(\"a\\n\")"},
        {"assert_equal", "[1,2]", "!Assertion failed: expected Int(2), got Int(1)"},
        {"assert_true", "[true]", "Bool(true)"},
        {"assert_true", "[false]", "!Assertion failed: expected true, got false"},
        {"assert_false", "[true]", "!Assertion failed: expected false, got true"},
        {"assert_true", "[1]", "!assert_true requires a boolean argument"},
        {"assert_contains", "[\"abc\",\"b\"]", "Bool(true)"},
        {"assert_contains", "[[1,[2]],[2]]", "Bool(true)"},
        {"assert_contains", "[{\"a\":1},\"b\"]",
         "!Assertion failed: Dict{1 keys} does not contain Str(\"b\")"},
        {"assert_contains", "[{\"a\":1},1.5]", "!Invalid index operation"},
        {"assert_contains", "[5,5]",
         "!assert_contains expects array or string or dict or set as argument 1, got int"},
        {"assert_contains", "[\"5\",5]", "!assert_contains expects string as argument 2, got int"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void printing_joins_display_forms(void **state)
{
    lib_test *t = *state;
    static const lib_case cases[] = {
        {"print", "[\"n =\",3.0,[1,\"a\"]]", "Null"},
        {"println", "[]", "Null"},
        {"debug", "[1,\"a\",[true],{\"k\":null,\"b\":2.5}]", "Null"},
        {"eprint", "[\"warn\"]", "Null"},
    };
    LIB_CHECK(t, cases);
    assert_string_equal(
        t->out.data,
        "n = 3 [1, a]\n\n"
        "[DEBUG] Int(1) String(\"a\") Array[Bool(true)] Dict{b: Float(2.5), k: Null}\n");
    assert_string_equal(t->err.data, "warn\n");
}

static void exit_travels_as_a_request(void **state)
{
    lib_test *t = *state;
    rf_value code = rf_float(259.9);
    assert_true(rf_is_raised(lib_call(t, "exit", &code, 1)));
    assert_true(t->isolate->exit_requested);
    assert_int_equal(t->isolate->exit_code, 3);
    t->isolate->exit_requested = false;
    static const lib_case cases[] = {
        {"exit", "[\"x\"]", "!exit expects number as argument 1, got string"}};
    LIB_CHECK(t, cases);
}

static void data_may_be_deep_up_to_the_limit(void **state)
{
    lib_test *t = *state;
    rf_value v = rf_int(1);
    for (int i = 0; i < 4096; i++) {
        rf_value outer = rf_array_new(t->isolate, 1);
        rf_array_push(t->isolate, outer.as.array, v);
        v = outer;
    }
    rf_buffer out = RF_BUFFER_INIT;
    assert_true(rf_inspect_deep(t->isolate, v, &out));
    rf_buffer_release(&out);
    rf_value outer = rf_array_new(t->isolate, 1);
    rf_array_push(t->isolate, outer.as.array, v);
    assert_false(rf_inspect_deep(t->isolate, outer, &out));
    rf_buffer_release(&out);
    char *text = lib_text(t, rf_raised());
    assert_string_equal(text, "!Maximum data nesting depth of 4096 exceeded");
    rf_free(text);
    rf_release(t->isolate, outer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lib_test_setup, lib_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(conversions_follow_the_list),     TEST(math_results_are_floats),
        TEST(a_nan_is_ignored_by_min_and_max), TEST(results_and_options_wrap_their_argument),
        TEST(assertions_return_true_or_raise), TEST(printing_joins_display_forms),
        TEST(exit_travels_as_a_request),       TEST(data_may_be_deep_up_to_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
