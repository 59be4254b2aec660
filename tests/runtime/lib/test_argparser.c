/* The argument parser: BUILTINS 22. */
#include "host_test.h"

#include "value/struct_type.h"

static rf_value new_parser(host_test *t)
{
    return lib_call(t->lib, "arg_parser", NULL, 0);
}

/* p.add_argument(...) with arguments as JSON; replaces *parser unless it raises. */
static rf_value add(host_test *t, rf_value *parser, const char *args)
{
    rf_value list = lib_value(t->lib, args), window[16] = {rf_copy(*parser)};
    const uint32_t count = list.as.array->length;
    for (uint32_t i = 0; i < count; i++) window[i + 1] = rf_array_get(list.as.array, i);
    rf_release(t->lib->isolate, list);
    rf_value result = lib_call(t->lib, "ArgParser.add_argument", window, count + 1);
    if (rf_is_raised(result)) return result;
    rf_store(t->lib->isolate, parser, result);
    return rf_null();
}

static void add_all(host_test *t, rf_value *parser)
{
    host_expect_value(
        t,
        add(t, parser, "[\"--port\", \"short\", \"-p\", \"type\", \"int\", \"default\", \"80\"]"),
        "Null");
    host_expect_value(t, add(t, parser, "[\"--name\", \"-n\", \"help\", \"who it is\"]"), "Null");
    host_expect_value(
        t, add(t, parser, "[\"--verbose\", \"-v\", \"type\", \"bool\", \"colour\", 5]"), "Null");
    host_expect_value(t, add(t, parser, "[\"--ratio\", \"type\", \"float\"]"), "Null");
}

static void parse(host_test *t, rf_value parser, const char *const *words, int count,
                  const char *want)
{
    t->lib->host.args = words;
    t->lib->host.arg_count = count;
    host_expect_value(t, HOST_VALUES(t, "ArgParser.parse", rf_copy(parser)), want);
}

#define PARSE(t, parser, want, ...)                                                                \
    parse(t, parser, (const char *const[]){__VA_ARGS__},                                           \
          sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), want)

static void options_become_a_dict(void **state)
{
    host_test *t = *state;
    rf_value parser = new_parser(t);
    add_all(t, &parser);
    parse(t, parser, NULL, 0,
          "Dict{_name: Null, _port: Int(80), _ratio: Null, _verbose: Bool(false), name: Null, "
          "port: Int(80), "
          "ratio: Null, verbose: Bool(false)}");
    PARSE(t, parser,
          "Dict{_name: String(\"-x\"), _port: Int(-5), _positional: Array[String(\"in\"), "
          "String(\"out\")], "
          "_ratio: Float(0.5), _verbose: Bool(true), name: String(\"-x\"), port: Int(-5), ratio: "
          "Float(0.5), "
          "verbose: Bool(true)}",
          "in", "-p", "-5", "--name", "-x", "-v", "out", "--ratio", "0.5");
    rf_release(t->lib->isolate, parser);
}

static void what_does_not_fit_is_named(void **state)
{
    host_test *t = *state;
    rf_value parser = new_parser(t);
    add_all(t, &parser);
    PARSE(t, parser, "!Unknown option: --nope", "--nope");
    PARSE(t, parser, "!Unknown option: --port=8", "--port=8");
    PARSE(t, parser, "!Unknown option: -", "-");
    PARSE(t, parser, "!Option --name requires a value", "--name");
    PARSE(t, parser, "!Option -p requires int, got 'x'", "-p", "x");
    PARSE(t, parser, "!Option --ratio requires float, got ''", "--ratio", "");
    host_expect_value(t, add(t, &parser, "[\"--must\", \"required\", true]"), "Null");
    PARSE(t, parser, "!Required option --must is missing", "-v");
    rf_release(t->lib->isolate, parser);
}

static void bad_descriptions_are_refused(void **state)
{
    host_test *t = *state;
    rf_value parser = new_parser(t);
    host_expect_value(t, add(t, &parser, "[\"--a\", \"type\"]"),
                      "!ArgParser.add_argument: the key \"type\" has no value");
    host_expect_value(t, add(t, &parser, "[5]"),
                      "!ArgParser.add_argument expects string as argument 1, got int");
    host_expect_value(t, add(t, &parser, "[]"),
                      "!ArgParser.add_argument expects at least 1 arguments, got 0");
    host_expect_value(t, add(t, &parser, "[\"--a\", \"type\", \"number\"]"),
                      "!ArgParser.add_argument: unknown type 'number'");
    host_expect_value(t, add(t, &parser, "[\"--a\", \"default\", 80]"),
                      "!ArgParser.add_argument expects string as \"default\", got int");
    host_expect_value(t, add(t, &parser, "[\"--a\", \"required\", \"yes\"]"),
                      "!ArgParser.add_argument expects bool as \"required\", got string");
    parse(t, parser, NULL, 0, "Dict{}");
    rf_release(t->lib->isolate, parser);
}

static void defaults_are_converted(void **state)
{
    host_test *t = *state;
    rf_value parser = new_parser(t);
    host_expect_value(t, add(t, &parser, "[\"--b\", \"type\", \"bool\", \"default\", \"true\"]"),
                      "Null");
    host_expect_value(t, add(t, &parser, "[\"--i\", \"type\", \"int\", \"default\", \"x\"]"),
                      "Null");
    host_expect_value(t, add(t, &parser, "[\"--f\", \"type\", \"float\", \"default\", \"x\"]"),
                      "Null");
    parse(t, parser, NULL, 0,
          "Dict{_b: Bool(true), _f: Float(0), _i: Int(0), b: Bool(true), f: Float(0), i: Int(0)}");
    rf_release(t->lib->isolate, parser);
}

static void help_lists_the_options(void **state)
{
    host_test *t = *state;
    rf_isolate *isolate = t->lib->isolate;
    rf_value parser = new_parser(t);
    add_all(t, &parser);
    host_expect_value(t, add(t, &parser, "[\"--must\", \"required\", true]"), "Null");
    rf_struct_set(isolate, &parser, 1, host_string(t, "tool"));
    rf_struct_set(isolate, &parser, 2, host_string(t, "Does things."));
    rf_value help = HOST_VALUES(t, "ArgParser.help", rf_copy(parser));
    assert_string_equal(help.as.string->text, "tool\n\nDoes things.\n\nOptions:\n"
                                              "  -p, --port <int> [default: 80]\n"
                                              "  -n, --name <string>\n"
                                              "        who it is\n"
                                              "  -v, --verbose\n"
                                              "      --ratio <float>\n"
                                              "      --must <string> (required)\n");
    rf_release(isolate, help);
    rf_release(isolate, parser);
}

static void a_parser_is_a_value(void **state)
{
    host_test *t = *state;
    rf_value parser = new_parser(t), copy = rf_copy(parser);
    host_expect_value(t, add(t, &parser, "[\"--a\"]"), "Null");
    parse(t, copy, NULL, 0, "Dict{}");
    parse(t, parser, NULL, 0, "Dict{_a: Null, a: Null}");
    rf_release(t->lib->isolate, parser);
    rf_release(t->lib->isolate, copy);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_test_setup, host_test_teardown)
    const struct CMUnitTest tests[] = {
        TEST(options_become_a_dict),        TEST(what_does_not_fit_is_named),
        TEST(bad_descriptions_are_refused), TEST(defaults_are_converted),
        TEST(help_lists_the_options),       TEST(a_parser_is_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
