#include "value_test.h"

#include <math.h>
#include <stdlib.h>

static void floats(void **state)
{
    rf_isolate *isolate = *state;
    const struct {
        double number;
        const char *expected;
    } cases[] = {
        {3.0, "3"},
        {0.1, "0.1"},
        {1.0 / 3.0, "0.3333333333333333"},
        {1e21, "1000000000000000000000"},
        {9223372036854775807.0 + 1.0, "9223372036854776000"},
        {2.5e-8, "0.000000025"},
        {100.0 * 1.1, "110.00000000000001"},
        {-0.0, "-0"},
        {0.0, "0"},
        {-1.5, "-1.5"},
        {123456789.125, "123456789.125"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e15, "1000000000000000"},
        {1e16, "10000000000000000"},
        {9007199254740993.0, "9007199254740992"},
        {123456789012345680.0, "123456789012345680"},
        {5e-324, NULL},
        {1.7976931348623157e308, NULL},
        {(double)NAN, "NaN"},
        {HUGE_VAL, "inf"},
        {-HUGE_VAL, "-inf"},
        {4.35, "4.35"},
        {0.00001, "0.00001"},
        {999999999999999.9, "999999999999999.9"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++)
        if (cases[i].expected) assert_shows(isolate, rf_float(cases[i].number), cases[i].expected);
}

static void digits_are_the_shortest_and_nearest(void **state)
{
    (void)state;
    /* from Python's repr, which prints the shortest digits and among these the nearest */
    const struct {
        double number;
        const char *digits;
        int exponent10;
    } cases[] = {
        {5e-324, "5", -323},
        {1e-323, "1", -322},
        {2.2250738585072014e-308, "22250738585072014", -307},
        {1.7976931348623157e308, "17976931348623157", 309},
        {9.5367431640625e-07, "95367431640625", -6},
        {0x1p-44, "5684341886080802", -13},
        {0x1p-1022, "22250738585072014", -307},
        {0x1p-1044, "5304989477", -314},
        {0x1p-950, "10507614211323843", -285},
        {0x1p89, "6189700196426902", 27},
        {0x1p122, "5316911983139664", 37},
        {0x1.fffffffffffffp-3, "24999999999999997", 0},
        {1e23, "1", 24},
        {9.999999999999999e22, "1", 24},
        {4.4501477170144023e-308, "44501477170144023", -307},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        char digits[24];
        int exponent10;
        unsigned count = rf_float_digits(cases[i].number, digits, &exponent10);
        char printed[64];
        snprintf(printed, sizeof printed, "%.*s@%d", (int)count, digits, exponent10);
        char expected[64];
        snprintf(expected, sizeof expected, "%s@%d", cases[i].digits, cases[i].exponent10);
        assert_string_equal(printed, expected);
    }
}

static void every_float_reads_back(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        double number;
        memcpy(&number, &random, sizeof number);
        if (i % 3 == 0) number = (double)(int64_t)(random % 2000000) / 1000;
        if (!isfinite(number) || number == 0) continue;
        rf_buffer out = RF_BUFFER_INIT;
        rf_format_float(number, &out);
        double back = 0;
        assert_true(rf_parse_float(out.data, out.size, &back));
        assert_true(back == number);
        rf_buffer_release(&out);
    }
}

static void ints_are_read(void **state)
{
    (void)state;
    const struct {
        const char *text;
        bool is_fine;
        int64_t number;
    } cases[] = {
        {"0", true, 0},
        {" 42 ", true, 42},
        {"+5", true, 5},
        {"-7", true, -7},
        {"007", true, 7},
        {"\t\n9\r", true, 9},
        {"", false, 0},
        {"-", false, 0},
        {"3.9", false, 0},
        {"1e3", false, 0},
        {"0x1F", false, 0},
        {"1_000", false, 0},
        {"12a", false, 0},
        {"1 2", false, 0},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"- 5", false, 0},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        int64_t number = 0;
        assert_int_equal(rf_parse_int(cases[i].text, strlen(cases[i].text), &number),
                         cases[i].is_fine);
        assert_int_equal(number, cases[i].number);
    }
}

static void floats_are_read(void **state)
{
    (void)state;
    const struct {
        const char *text;
        bool is_fine;
        double number;
    } cases[] = {
        {"1e3", true, 1000},
        {" 2.50 ", true, 2.5},
        {".5", true, 0.5},
        {"5.", true, 5},
        {"-1E-2", true, -0.01},
        {"inf", true, HUGE_VAL},
        {"-Infinity", true, -HUGE_VAL},
        {"7", true, 7},
        {"", false, 0},
        {".", false, 0},
        {"1e", false, 0},
        {"0x10", false, 0},
        {"1.2.3", false, 0},
        {"abc", false, 0},
        {"1e400", true, HUGE_VAL},
        {"infinit", false, 0},
        {"nanx", false, 0},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        double number = 0;
        assert_int_equal(rf_parse_float(cases[i].text, strlen(cases[i].text), &number),
                         cases[i].is_fine);
        assert_true(number == cases[i].number);
    }
    double nan = 0;
    assert_true(rf_parse_float("NaN", 3, &nan));
    assert_true(isnan(nan));
}

static rf_value sample_dict(rf_isolate *isolate)
{
    rf_value d = rf_dict_new(isolate, 0);
    put(isolate, d, "name", text(isolate, "Kim \"K\"\n"));
    put(isolate, d, "langs", LIST(isolate, text(isolate, "c"), rf_null(), rf_float(3)));
    return d;
}

static void containers(void **state)
{
    rf_isolate *isolate = *state;
    assert_shows(isolate, LIST(isolate, rf_int(1), text(isolate, "two"), INTS(isolate, 3)),
                 "[1, two, [3]]");
    assert_shows(isolate, rf_array_new(isolate, 0), "[]");
    assert_shows(isolate, rf_dict_new(isolate, 0), "{}");
    assert_shows(isolate, sample_dict(isolate), "{\"langs\": [c, null, 3], \"name\": Kim \"K\"\n}");
    rf_value d = rf_dict_new(isolate, 0);
    put(isolate, d, "10", rf_int(1));
    put(isolate, d, "9", rf_bool(false));
    assert_shows(isolate, d, "{\"9\": false, \"10\": 1}");
    rf_value s = rf_set_new(isolate), q = rf_sequence_new(isolate, RF_QUEUE),
             k = rf_sequence_new(isolate, RF_STACK);
    for (int i = 1; i < 3; i++) {
        rf_set_add(isolate, s.as.set, rf_int(i));
        rf_sequence_push(isolate, q.as.sequence, rf_int(i));
        rf_sequence_push(isolate, k.as.sequence, rf_int(i));
    }
    assert_shows(isolate, s, "Set([1, 2])");
    assert_shows(isolate, q, "Queue([1, 2])");
    assert_shows(isolate, k, "Stack([1, 2])");
    assert_shows(isolate, rf_set_new(isolate), "Set([])");
    assert_shows(isolate, rf_bytes_new(isolate, "abc", 3), "<bytes: 3>");
}

static void structs_sort_their_fields(void **state)
{
    rf_isolate *isolate = *state;
    const char *const fields[] = {"b", "a", "ab"};
    rf_struct_decl *decl = struct_decl("Name", 3, fields, 0, NULL),
                   *empty = struct_decl("Name", 0, NULL, 0, NULL);
    rf_value def = plain_struct(isolate, decl), empty_def = plain_struct(isolate, empty);
    rf_value v = rf_struct_new(isolate, def.as.structdef);
    rf_struct_set(isolate, &v, 0, text(isolate, "two"));
    rf_struct_set(isolate, &v, 1, rf_int(1));
    assert_shows(isolate, v, "Name { a: 1, ab: null, b: two }");
    assert_shows(isolate, rf_struct_new(isolate, empty_def.as.structdef), "Name {}");
    assert_shows(isolate, def, "<struct Name>");
    rf_release(isolate, empty_def);
    free_struct_decl(decl);
    free_struct_decl(empty);
}

static void variants(void **state)
{
    rf_isolate *isolate = *state;
    const rf_symbol *names[] = {symbol("Circle"), symbol("Rect")};
    const rf_symbol *name = symbol("Shape");
    const rf_enum_decl decl = {.name = name, .variants = names, .variant_count = 2};
    rf_value def = rf_enumdef_new(isolate, &decl, NULL);
    rf_value payload[] = {rf_int(3), text(isolate, "four")};
    assert_shows(isolate, rf_enum_new(isolate, def.as.enumdef, 0, NULL, 0), "Shape::Circle");
    assert_shows(isolate, rf_enum_new(isolate, def.as.enumdef, 1, payload, 2),
                 "Shape::Rect(3,four)");
    rf_release(isolate, payload[1]);
    assert_shows(isolate, rf_wrap_value(isolate, RF_OK_WRAP, rf_int(5)), "Ok(5)");
    assert_shows(isolate, rf_wrap_value(isolate, RF_ERR_WRAP, text(isolate, "bad")), "Err(bad)");
    assert_shows(isolate,
                 rf_wrap_value(isolate, RF_SOME, rf_wrap_value(isolate, RF_SOME, rf_none())),
                 "Some(Some(None))");
    assert_shows(isolate, rf_none(), "None");
    assert_shows(isolate, def, "<enum Shape>");
    for (int i = 0; i < 2; i++) rf_free((void *)(uintptr_t)names[i]);
    rf_free((void *)(uintptr_t)name);
}

static void errors(void **state)
{
    rf_isolate *isolate = *state;
    rf_value e = rf_error_value_new(isolate, text(isolate, "boom"));
    e.as.error->line = 3;
    rf_array_push(isolate, e.as.error->stack.as.array, text(isolate, "f1"));
    rf_array_push(isolate, e.as.error->stack.as.array, text(isolate, "g1"));
    assert_shows(isolate, rf_copy(e), "Error { line: 3, message: boom, stack: [f1, g1] }");
    rf_store(isolate, &e.as.error->cause, text(isolate, "why"));
    assert_shows(isolate, e, "Error { cause: why, line: 3, message: boom, stack: [f1, g1] }");
}

static void functions_and_handles(void **state)
{
    rf_isolate *isolate = *state;
    const rf_func declared = {.kind = RF_FUNC_DECLARED, .display_name = "add"};
    const rf_func method = {.kind = RF_FUNC_METHOD, .display_name = "Box.area"};
    const rf_func lambda = {.kind = RF_FUNC_EXPR, .display_name = "<anonymous function>"};
    const rf_builtin row = {.name = "println", .canonical = "print"};
    assert_shows(isolate, rf_closure_new(isolate, &declared, NULL), "<function add>");
    assert_shows(isolate, rf_closure_new(isolate, &lambda, NULL), "<function>");
    rf_value m = rf_closure_new(isolate, &method, NULL);
    assert_shows(isolate, rf_bound_new(isolate, m, rf_int(1)), "<function Box.area>");
    assert_shows(isolate, m, "<function Box.area>");
    rf_value builtin = rf_builtin_value_new(isolate, &row);
    builtin.as.o->count = 1;
    assert_shows(isolate, builtin, "<native function: print>");
    rf_value f = rf_closure_new(isolate, &declared, NULL);
    rf_value g = rf_generator_new(isolate, f.as.function, NULL, 0);
    rf_release(isolate, f);
    assert_shows(isolate, rf_copy(g), "<generator>");
    g.as.generator->is_iterator = true;
    assert_shows(isolate, g, "<iterator>");
    const rf_handle_type type = {.type_name = "database"};
    rf_value h = rf_handle_new(isolate, &type, NULL);
    assert_string_equal(rf_type_name(h), "database");
    assert_shows(isolate, h, "<unknown>");
    rf_value module = rf_module_new_builtin(isolate, "a.b.c", NULL, NULL, 0);
    assert_shows(isolate, module, "<module a.b.c>");
}

static void limit_is_4096_levels(void **state)
{
    rf_isolate *isolate = *state;
    rf_value v = rf_array_new(isolate, 0);
    for (int i = 1; i < 4096; i++) v = LIST(isolate, v);
    rf_value shown = rf_to_string(isolate, v);
    assert_int_equal(shown.as.string->size, 8192);
    rf_release(isolate, shown);
    v = LIST(isolate, v);
    assert_raises(isolate, rf_to_string(isolate, v), "Maximum data nesting depth of 4096 exceeded");
    v = rf_wrap_value(isolate, RF_OK_WRAP, v);
    rf_value parts[1] = {v};
    assert_raises(isolate, rf_concat(isolate, parts, 1),
                  "Maximum data nesting depth of 4096 exceeded");
    rf_release(isolate, v);
}

static void assert_form(rf_isolate *isolate, bool (*form)(rf_isolate *, rf_value, rf_buffer *),
                        rf_value v, const char *expected)
{
    rf_buffer out = RF_BUFFER_INIT;
    assert_true(form(isolate, v, &out));
    assert_string_equal(out.data, expected);
    rf_buffer_release(&out);
    rf_release(isolate, v);
}

static void repl_quotes_strings_at_every_depth(void **state)
{
    rf_isolate *isolate = *state;
    assert_form(isolate, rf_inspect_repl, text(isolate, "a\"b\\\n\t\r"), "\"a\\\"b\\\\\\n\\t\\r\"");
    assert_form(isolate, rf_inspect_repl, sample_dict(isolate),
                "{\"langs\": [\"c\", null, 3], \"name\": \"Kim \\\"K\\\"\\n\"}");
    assert_form(isolate, rf_inspect_repl, rf_wrap_value(isolate, RF_SOME, text(isolate, "xy")),
                "Some(\"xy\")");
}

static void short_inspect_form(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = rf_set_new(isolate);
    rf_set_add(isolate, s.as.set, rf_int(1));
    assert_form(isolate, rf_inspect_short, rf_int(5), "Int(5)");
    assert_form(isolate, rf_inspect_short, rf_float(2.5), "Float(2.5)");
    assert_form(isolate, rf_inspect_short, rf_float(3), "Float(3)");
    assert_form(isolate, rf_inspect_short, rf_string_new(isolate, "a\n\0", 3), "Str(\"a\\n\\0\")");
    assert_form(isolate, rf_inspect_short, rf_bool(true), "Bool(true)");
    assert_form(isolate, rf_inspect_short, rf_null(), "Null");
    assert_form(isolate, rf_inspect_short, rf_bytes_new(isolate, "abc", 3), "Bytes(3 bytes)");
    assert_form(isolate, rf_inspect_short, INTS(isolate, 1, 2), "Array[2]");
    assert_form(isolate, rf_inspect_short, sample_dict(isolate), "Dict{2 keys}");
    assert_form(isolate, rf_inspect_short, s, "Set{1 items}");
    assert_form(isolate, rf_inspect_short, rf_sequence_new(isolate, RF_QUEUE), "Queue(0 items)");
    assert_form(isolate, rf_inspect_short, rf_sequence_new(isolate, RF_STACK), "Stack(0 items)");
    assert_form(isolate, rf_inspect_short, rf_wrap_value(isolate, RF_OK_WRAP, rf_int(1)),
                "Ok(...)");
    assert_form(isolate, rf_inspect_short, rf_none(), "None");
}

static void json_strings(void **state)
{
    (void)state;
    rf_buffer out = RF_BUFFER_INIT;
    rf_format_json_string("a\"\\\n\x01\u00e9", 7, &out);
    assert_string_equal(out.data, "\"a\\\"\\\\\\n\\u0001\u00e9\"");
    rf_buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(floats),
        value_test(digits_are_the_shortest_and_nearest),
        value_test(every_float_reads_back),
        value_test(ints_are_read),
        value_test(floats_are_read),
        value_test(containers),
        value_test(structs_sort_their_fields),
        value_test(variants),
        value_test(errors),
        value_test(functions_and_handles),
        value_test(limit_is_4096_levels),
        value_test(repl_quotes_strings_at_every_depth),
        value_test(short_inspect_form),
        value_test(json_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
