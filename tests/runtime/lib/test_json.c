/* JSON and CSV: BUILTINS 13, 16. */
#include "lib_test.h"

#include "lib/json.h"

static void parsing_follows_rfc_8259(void **state)
{
    static const lib_case cases[] = {
        {"parse_json", "[\" {\\\"n\\\": [1, -2.50, 1e3, true, false, null]} \"]",
         "Dict{n: Array[Int(1), Float(-2.5), Float(1000), Bool(true), Bool(false), Null]}"},
        {"parse_json", "[\"9223372036854775807\"]", "Int(9223372036854775807)"},
        {"parse_json", "[\"-9223372036854775808\"]", "Int(-9223372036854775808)"},
        {"parse_json", "[\"9223372036854775808\"]", "Float(9223372036854776000)"},
        {"parse_json", "[\"-0\"]", "Int(0)"},
        {"parse_json", "[\"-0.0\"]", "Float(-0)"},
        {"parse_json", "[\"0.1\"]", "Float(0.1)"},
        {"parse_json", "[\"123456789012345678901234567890.5\"]",
         "Float(123456789012345680000000000000)"},
        {"parse_json", "[\"{\\\"a\\\":1,\\\"b\\\":2,\\\"a\\\":3}\"]", "Dict{a: Int(3), b: Int(2)}"},
        {"from_json", "[\"\\\"\\\\u00e9\\\\n\\\\/\\\\ud83d\\\\ude00\\\"\"]",
         "String(\"\xC3\xA9\n/\xF0\x9F\x98\x80\")"},
        {"parse_json", "[\"[]\"]", "Array[]"},
        {"parse_json", "[\"[ ]\"]", "Array[]"},
        {"parse_json", "[\"{ }\"]", "Dict{}"},
        {"parse_json", "[5]", "!parse_json expects string as argument 1, got int"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void bad_text_is_named_with_its_place(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", "unexpected end of text at line 1 column 1"},
        {"[1,\n 2,\n x]", "expected a value at line 3 column 2"},
        {"[1 2]", "expected ',' or ']' at line 1 column 4"},
        {"[1,]", "expected a value at line 1 column 4"},
        {"{\"a\":1,}", "expected a string as key at line 1 column 8"},
        {"{\"a\" 1}", "expected ':' at line 1 column 6"},
        {"{\"a\":1 \"b\":2}", "expected ',' or '}' at line 1 column 8"},
        {"{a:1}", "expected a string as key at line 1 column 2"},
        {"[\"\xC3\xA9\xC3\xA9\", tru]", "expected a value at line 1 column 8"},
        {"01", "number with a leading zero at line 1 column 1"},
        {"-", "unexpected end of text at line 1 column 2"},
        {"-x", "expected a digit at line 1 column 2"},
        {"1.", "unexpected end of text at line 1 column 3"},
        {"1.e3", "expected a digit at line 1 column 3"},
        {"1e+", "unexpected end of text at line 1 column 4"},
        {".5", "expected a value at line 1 column 1"},
        {"+5", "expected a value at line 1 column 1"},
        {"NaN", "expected a value at line 1 column 1"},
        {"1 1", "unexpected text after the value at line 1 column 3"},
        {"\"abc", "unexpected end of text at line 1 column 5"},
        {"\"a\nb\"", "control character in a string at line 1 column 3"},
        {"\"a\\x\"", "invalid escape at line 1 column 3"},
        {"\"\\u12g4\"", "invalid \\u escape at line 1 column 2"},
        {"\"\\ud800\"", "lone surrogate at line 1 column 2"},
        {"\"\\ud800\\u0041\"", "lone surrogate at line 1 column 2"},
        {"\"\\udc00\"", "lone surrogate at line 1 column 2"},
        {"[1] // no", "unexpected text after the value at line 1 column 5"},
        {"'a'", "expected a value at line 1 column 1"},
    };
    lib_test *t = *state;
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_value text = rf_string_from(t->isolate, cases[i].text);
        char *got = lib_text(t, lib_call(t, "parse_json", &text, 1));
        rf_buffer want = RF_BUFFER_INIT;
        rf_buffer_format(&want, "!JSON parse error: %s", cases[i].want);
        if (strcmp(got, want.data) != 0)
            fail_msg("%s\n  is     %s\n  wanted %s", cases[i].text, got, want.data);
        rf_buffer_release(&want);
        rf_free(got);
    }
}

static rf_value nested_text(lib_test *t, unsigned depth)
{
    rf_buffer text = RF_BUFFER_INIT;
    for (unsigned i = 0; i < depth; i++) rf_buffer_append_text(&text, i % 2 ? "{\"k\":" : "[");
    rf_buffer_append_text(&text, "1");
    for (unsigned i = depth; i-- > 0;) rf_buffer_append_text(&text, i % 2 ? "}" : "]");
    return rf_string_take_buffer(t->isolate, &text);
}

static void nesting_ends_at_128_levels(void **state)
{
    lib_test *t = *state;
    rf_value text = nested_text(t, 128);
    rf_value again = rf_copy(text);
    rf_value v = lib_call(t, "parse_json", &text, 1);
    assert_int_equal(v.head, RF_ARRAY);
    rf_value deeper = rf_array_from(t->isolate, &v, 1);
    rf_value back = lib_call(t, "to_json", &v, 1);
    assert_true(rf_string_equal(back.as.string, again.as.string));
    rf_release(t->isolate, back);
    rf_release(t->isolate, again);
    char *got = lib_text(t, lib_call(t, "to_json", &deeper, 1));
    assert_string_equal(got, "!to_json: nesting over 128 levels");
    rf_free(got);
    text = nested_text(t, 129);
    got = lib_text(t, lib_call(t, "parse_json", &text, 1));
    assert_non_null(strstr(got, "!JSON parse error: nesting over 128 levels at line 1 column"));
    rf_free(got);
    text = nested_text(t, 2000000);
    got = lib_text(t, lib_call(t, "parse_json", &text, 1));
    assert_non_null(strstr(got, "nesting over 128 levels"));
    rf_free(got);
}

static void writing_sorts_keys_and_keeps_kinds(void **state)
{
    static const lib_case cases[] = {
        {"to_json", "[{\"b\":1,\"a\":[true,null]}]", "String(\"{\"a\":[true,null],\"b\":1}\")"},
        {"to_json", "[{\"10\":1,\"9\":2,\"a\":3}]", "String(\"{\"10\":1,\"9\":2,\"a\":3}\")"},
        {"to_json",
         "[[1.0,0.1,1e16,1.2345e-7,0.00001,1000000000000000.0,-0.0,123456.789,1."
         "7976931348623157e308,5e-324]]",
         "String(\"[1.0,0.1,1e16,1.2345e-7,0.00001,1000000000000000.0,-0.0,123456.789,1."
         "7976931348623157e308,5e-324]\")"},
        {"to_json", "[\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001/\\u00e9\"]",
         "String(\"\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001/\xC3\xA9\"\")"},
        {"to_json", "[{}]", "String(\"{}\")"},
        {"to_json_pretty", "[[1]]", "String(\"[\n  1\n]\")"},
        {"to_json_pretty", "[{\"k\":{\"a\":[],\"b\":{}},\"l\":[1,[2]]}]",
         "String(\"{\n  \"k\": {\n    \"a\": [],\n    \"b\": {}\n  },\n  \"l\": [\n    1,\n    [\n "
         "     2\n    ]\n  ]\n}\")"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void check_json(lib_test *t, rf_value v, const char *want)
{
    char *got = lib_text(t, lib_call(t, "to_json", &v, 1));
    assert_string_equal(got, want);
    rf_free(got);
}

static void other_kinds_become_json_or_raise(void **state)
{
    lib_test *t = *state;
    check_json(t, rf_wrap_value(t->isolate, RF_SOME, rf_int(1)), "String(\"1\")");
    check_json(t, rf_none(), "String(\"null\")");
    rf_value list = lib_value(t, "[3,1]");
    check_json(t, lib_call(t, "Set", &list, 1), "String(\"[3,1]\")");
    list = lib_value(t, "[3,1]");
    check_json(t, lib_call(t, "Queue", &list, 1), "String(\"[3,1]\")");
    check_json(t, rf_wrap_value(t->isolate, RF_OK_WRAP, rf_int(1)),
               "!to_json cannot write result as JSON");
    check_json(t, rf_float(__builtin_nan("")), "!to_json cannot write NaN as JSON");
    check_json(t, rf_float(-__builtin_inf()), "!to_json cannot write -inf as JSON");
    check_json(t, rf_bytes_new(t->isolate, "a", 1), "!to_json cannot write bytes as JSON");
    check_json(t, rf_copy(t->isolate->builtin_values[0]), "!to_json cannot write function as JSON");
}

/* ---- round trips ---- */

typedef struct generator {
    lib_test *t;
    uint64_t state;
} generator;

static uint32_t pick(generator *g, uint32_t below)
{
    g->state = g->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(g->state >> 33) % below;
}

static rf_value make_string(generator *g)
{
    static const char *const parts[] = {
        "a", "\"", "\\", "\n", "\x01", "\xC3\xA9", "\xF0\x9F\x98\x80", "/", "12", " "};
    rf_buffer text = RF_BUFFER_INIT;
    for (uint32_t n = pick(g, 6); n > 0; n--)
        rf_buffer_append_text(&text, parts[pick(g, RF_COUNT_OF(parts))]);
    return rf_string_take_buffer(g->t->isolate, &text);
}

static double make_float(generator *g)
{
    union {
        uint64_t bits;
        double number;
    } u = {.bits = (uint64_t)pick(g, UINT32_MAX) << 32 | pick(g, UINT32_MAX)};
    return u.number - u.number == 0 ? u.number : 0.5;
}

static rf_value make_value(generator *g, unsigned depth)
{
    rf_isolate *isolate = g->t->isolate;
    switch (pick(g, depth ? 8 : 6)) {
    case 0: return rf_null();
    case 1: return rf_bool(pick(g, 2));
    case 2: return rf_int((int64_t)((uint64_t)pick(g, UINT32_MAX) << 33 | pick(g, UINT32_MAX)));
    case 3: return rf_int((int64_t)pick(g, 100) - 50);
    case 4: return rf_float(make_float(g));
    case 5: return make_string(g);
    case 6: {
        rf_value a = rf_array_new(isolate, 0);
        for (uint32_t n = pick(g, 5); n > 0; n--)
            rf_array_push(isolate, a.as.array, make_value(g, depth - 1));
        return a;
    }
    default: {
        rf_value d = rf_dict_new(isolate, 0);
        for (uint32_t n = pick(g, 5); n > 0; n--) {
            rf_value key = make_string(g);
            rf_dict_set(isolate, d.as.dict, rf_key_from_string(key.as.string),
                        make_value(g, depth - 1));
            rf_release(isolate, key);
        }
        return d;
    }
    }
}

static void what_was_written_reads_back_the_same(void **state)
{
    generator g = {*state, 42};
    rf_isolate *isolate = g.t->isolate;
    for (int round = 0; round < 3000; round++) {
        rf_value v = make_value(&g, 4);
        rf_value first = rf_copy(v), second = rf_copy(v);
        rf_value text = lib_call(g.t, "to_json", &first, 1),
                 pretty = lib_call(g.t, "to_json_pretty", &second, 1);
        assert_false(rf_is_raised(text));
        rf_value again = rf_copy(text);
        rf_value back = lib_call(g.t, "parse_json", &text, 1),
                 back_too = lib_call(g.t, "parse_json", &pretty, 1);
        assert_int_equal(rf_equal(isolate, v, back), 1);
        assert_int_equal(rf_equal(isolate, v, back_too), 1);
        rf_value text_again =
            lib_call(g.t, "to_json", &back, 1); /* the same kinds, to the last digit */
        assert_true(rf_string_equal(again.as.string, text_again.as.string));
        rf_release(isolate, v);
        rf_release(isolate, again);
        rf_release(isolate, back_too);
        rf_release(isolate, text_again);
    }
}

static void damaged_text_never_crashes(void **state)
{
    generator g = {*state, 7};
    for (int round = 0; round < 3000; round++) {
        rf_value v = make_value(&g, 4);
        rf_value text = lib_call(g.t, "to_json", &v, 1);
        rf_string *s = text.as.string;
        char *copy = rf_strndup(s->text, s->size);
        for (uint32_t n = pick(&g, 3) + 1; n > 0 && s->size; n--)
            copy[pick(&g, s->size)] = "[]{}\",:\\0e-. tn"[pick(&g, 15)];
        char *got = lib_text(g.t, rf_json_parse(g.t->isolate, copy, s->size));
        rf_free(got);
        rf_free(copy);
        rf_release(g.t->isolate, text);
    }
}

/* ---- CSV ---- */

static void csv_reads_numbers_and_quotes(void **state)
{
    static const lib_case cases[] = {
        {"parse_csv", "[\"n,a\\nx,1\"]", "Array[Dict{a: Int(1), n: String(\"x\")}]"},
        {"parse_csv", "[\"a\\r\\n007\\r\\n-1.5e2\\rtrue\\n\\ninf\\nnan\\n 7\\n1.\"]",
         "Array[Dict{a: Int(7)}, Dict{a: Float(-150)}, Dict{a: String(\"true\")}, Dict{a: "
         "String(\"inf\")}, "
         "Dict{a: String(\"nan\")}, Dict{a: String(\" 7\")}, Dict{a: Float(1)}]"},
        {"parse_csv", "[\"a,b\\n\\\"x,\\\"\\\"y\\\"\\\"\\n2\\\",\\n\"]",
         "Array[Dict{a: String(\"x,\"y\"\n2\"), b: String(\"\")}]"},
        {"parse_csv", "[\"a\\n9223372036854775808\"]",
         "Array[Dict{a: Float(9223372036854776000)}]"},
        {"parse_csv", "[\"a,b\"]", "Array[]"},
        {"parse_csv", "[\"\"]", "Array[]"},
        {"parse_csv", "[\"\\n\\n\"]", "Array[]"},
        {"parse_csv", "[\"a,b\\n1\"]", "!CSV parse error: record 2 has 1 fields, the header has 2"},
        {"parse_csv", "[\"a\\n1,2\"]", "!CSV parse error: record 2 has 2 fields, the header has 1"},
        {"parse_csv", "[\"a\\n\\\"open\"]", "Array[Dict{a: String(\"open\")}]"},
        {"parse_csv", "[1]", "!parse_csv expects string as argument 1, got int"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void csv_writes_what_is_needed(void **state)
{
    static const lib_case cases[] = {
        {"to_csv", "[[{\"a\":1,\"b\":\"x,y\"}]]", "String(\"a,b\n1,\"x,y\"\n\")"},
        {"to_csv", "[[{\"b\":null,\"a\":true},{\"a\":1.5,\"c\":9},{\"b\":[1],\"a\":\"q\\\"\"}]]",
         "String(\"a,b\ntrue,\n1.5,\n\"q\"\"\",\n\")"},
        {"to_csv", "[[[1,\"a\\nb\"],[]]]", "String(\"1,\"a\nb\"\n\n\")"},
        {"to_csv", "[[[null]]]", "String(\"\"\"\n\")"},
        {"to_csv", "[[]]", "!to_csv expects at least one row"},
        {"to_csv", "[[1]]",
         "!to_csv expects rows that are all dicts or all arrays, got int as row 1"},
        {"to_csv", "[[{},[]]]",
         "!to_csv expects rows that are all dicts or all arrays, got array as row 2"},
        {"to_csv", "[5]", "!to_csv expects array as argument 1, got int"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lib_test_setup, lib_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(parsing_follows_rfc_8259),         TEST(bad_text_is_named_with_its_place),
        TEST(nesting_ends_at_128_levels),       TEST(writing_sorts_keys_and_keeps_kinds),
        TEST(other_kinds_become_json_or_raise), TEST(what_was_written_reads_back_the_same),
        TEST(damaged_text_never_crashes),       TEST(csv_reads_numbers_and_quotes),
        TEST(csv_writes_what_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
