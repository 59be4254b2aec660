/* Selectors, quantities, templates, suggestions. */
#include "support/ruff_test.h"

#include "suite/nearest.h"
#include "suite/quantity.h"
#include "suite/selector.h"
#include "suite/template.h"

static void selectors_match_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *text, *benchmark, *language, *mode;
        bool takes_benchmark, takes_variant;
    } cases[] = {
        {"fib", "fib", "go", "", true, true},
        {"fib", "fibs", "go", "", false, true},
        {"fib*", "fibs", "go", "", true, true},
        {"{fib,sort}", "sort", "go", "", true, true},
        {"{fib,sort}", "sorted", "go", "", false, true},
        {"fib@go", "fib", "go", "", true, true},
        {"fib@go", "fib", "node", "", true, false},
        {"fib/large@ruff:vm", "fib", "ruff", "vm", true, true},
        {"fib/large@ruff:vm", "fib", "ruff", "interp", true, false},
        {"fib@ruff", "fib", "ruff", "interp", true, true},
        {"*@{ruff:jit,node}", "any", "node", "", true, true},
        {"*@{ruff:jit,node}", "any", "ruff", "vm", true, false},
        {"@ruff:*", "any", "ruff", "vm", true, true},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        suite_selector selector;
        assert_int_equal(selector_parse(&selector, cases[i].text, NULL), RUFF_OK);
        assert_int_equal(selector_takes_benchmark(&selector, cases[i].benchmark),
                         cases[i].takes_benchmark);
        assert_int_equal(selector_takes_variant(&selector, cases[i].language, cases[i].mode),
                         cases[i].takes_variant);
        selector_release(&selector);
    }
}

static void broken_selectors_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"",        "/",         "/large", "fib/",     "fib@",
                                        "fib@:vm", "fib@ruff:", "fib@{}", "fib@{,go}"};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        suite_selector selector;
        assert_int_equal(selector_parse(&selector, cases[i], NULL), RUFF_E_SYNTAX);
    }
}

static void quantities_need_their_unit_and_nothing_else(void **state)
{
    (void)state;
    int64_t ns;
    uint64_t bytes, count;
    double part;
    assert_true(quantity_parse_duration("1.5s", &ns) && ns == 1500000000);
    assert_true(quantity_parse_duration("200ms", &ns) && ns == 200000000);
    assert_true(quantity_parse_duration("2h", &ns) && ns == 7200000000000);
    assert_false(quantity_parse_duration("5", &ns));
    assert_false(quantity_parse_duration("-5s", &ns));
    assert_false(quantity_parse_duration("1e3s", &ns));
    assert_false(quantity_parse_duration("99999999999999h", &ns));
    assert_false(quantity_parse_duration("1.2.3s", &ns));
    assert_true(quantity_parse_bytes("2GiB", &bytes) && bytes == (uint64_t)2 << 30);
    assert_true(quantity_parse_bytes("512", &bytes) && bytes == 512);
    assert_false(quantity_parse_bytes("2 GiB", &bytes));
    assert_true(quantity_parse_fraction("2%", &part) && part > 0.0199 && part < 0.0201);
    assert_false(quantity_parse_fraction("two", &part));
    assert_true(quantity_parse_count("9223372036854775807", &count));
    assert_false(quantity_parse_count("9223372036854775808", &count));
    assert_false(quantity_parse_count("", &count));
    assert_false(quantity_parse_count("+1", &count));
}

static void templates_expand_into_words_and_never_split(void **state)
{
    (void)state;
    char *words[] = {(char *)"run", (char *)"{mode}", (char *)"{src}", (char *)"n={size}",
                     (char *)"{\"a\": 1}"};
    char *mode[] = {(char *)"--fast", (char *)"-O {size}"};
    template_values values = {
        .text = {[TEMPLATE_src] = "a b.c", [TEMPLATE_size] = "3"}, .mode = mode, .mode_count = 2};
    template_words out = {0};
    template_expand(words, RF_COUNT_OF(words), &values, &out);
    static const char *const wanted[] = {"run", "--fast", "-O 3", "a b.c", "n=3", "{\"a\": 1}"};
    assert_int_equal(out.count, RF_COUNT_OF(wanted));
    for (size_t i = 0; i < out.count; i++) assert_string_equal(out.data[i], wanted[i]);
    assert_null(out.data[out.count]);
    template_words_release(&out);
}

static void suggestions_are_near_or_none(void **state)
{
    (void)state;
    static const char *const names[] = {"fibonacci", "array_ops", "sort"};
    assert_string_equal(nearest_name("fibonaci", names, 3), "fibonacci");
    assert_string_equal(nearest_name("arrayops", names, 3), "array_ops");
    assert_null(nearest_name("quicksilver", names, 3));
    assert_null(nearest_name("", names, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selectors_match_what_they_say),
        cmocka_unit_test(broken_selectors_are_refused),
        cmocka_unit_test(quantities_need_their_unit_and_nothing_else),
        cmocka_unit_test(templates_expand_into_words_and_never_split),
        cmocka_unit_test(suggestions_are_near_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
