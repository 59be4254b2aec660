/* Programs too long to be written by hand (LANGUAGE 21). */
#include "support/program.h"

#include "base/alloc.h"
#include "base/buffer.h"

#include <string.h>

/* head, then link repeated count times, then tail; new. */
static char *chain(const char *head, const char *link, size_t count, const char *tail)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_append_text(&text, head);
    for (size_t i = 0; i < count; i++) rf_buffer_append_text(&text, link);
    rf_buffer_append_text(&text, tail);
    return rf_buffer_take(&text);
}

typedef struct chain_case {
    const char *head, *link;
    size_t count;
    const char *tail, *out;
} chain_case;

static void chains_to_the_left_do_not_nest(void **state)
{
    static const chain_case cases[] = {
        {"x := 1\nprint(x", " + x", 100000, ")", "100001\n"},
        {"x := 1\nprint(x", " && x", 100000, ")", "true\n"},
        {"x := 0\nprint(x", " || x", 100000, ")", "false\n"},
        {"print(null", " ?? null", 100000, " ?? 7)", "7\n"},
        {"func f() { return f }\nprint(f", "()", 100000, ")", "<function f>\n"},
        {"func f(x) { return x + 1 }\nprint(0", " |> f", 100000, ")", "100000\n"},
        {"x := {}\nprint(x", "?.a", 100000, ")", "null\n"},
        {"x := [1]\nprint(x", ".reverse()", 50000, ")", "[1]\n"},
        {"struct S { func m(self) { return self } }\ns := S {}\nprint(s", ".m()", 100000, ")", "S {}\n"},
        {"func f() { return Ok(Ok(1)) }\nprint(f()", "? ", 2, ")", "1\n"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        char *source = chain(cases[i].head, cases[i].link, cases[i].count, cases[i].tail);
        program_prints(*state, source, cases[i].out);
        rf_free(source);
    }
}

static void chains_of_else_do_not_nest(void **state)
{
    char *source =
        chain("x := 0\nif x { print(1) }", " else if x { print(2) }", 20000, " else { print(\"last\") }");
    program_prints(*state, source, "last\n");
    rf_free(source);
    source = chain("x := 0\nprint(", "if x { 1 } else ", 20000, "{ 5 })");
    program_prints(*state, source, "5\n");
    rf_free(source);
}

static void a_place_may_have_many_steps(void **state)
{
    char *source = chain("x := {}\n", "x := {\"a\": x}\n", 3000, "x");
    char *whole = chain(source, ".a", 2999, ".b := 5\nx");
    rf_free(source);
    source = chain(whole, ".a", 2999, ".b += 1\nprint(x");
    rf_free(whole);
    whole = chain(source, ".a", 2999, ".b)");
    program_prints(*state, whole, "6\n");
    rf_free(source);
    rf_free(whole);
}

static void the_depth_limit_can_be_a_million(void **state)
{
    program *p = *state;
    p->isolate->max_depth = 1000000;
    program_prints(p,
                   "func f(n) { return if n == 0 { 0 } else { 1 + f(n - 1) } }\n"
                   "print(f(999999))\n"
                   "try { f(1000000) } except e { print(e.message, len(e.stack)) }\n",
                   "999999\nMaximum call stack depth of 1000000 exceeded while calling f 1000000\n");
}

static void the_call_that_exceeds_the_depth_is_blamed(void **state)
{
    program *p = *state;
    p->isolate->max_depth = 3;
    program_prints(p, "func f() { return [1].map(|x| g()) }\nfunc g() {\n    f()\n}\nf()",
                   "[RUFRUN001] [runtime] Runtime Error: Maximum call stack depth of 3 exceeded while "
                   "calling f\n  --> main.ruff:3:5\n\nCall stack:\n  0 at g\n  1 at <anonymous "
                   "function>\n  2 at f\n");
}

static void every_kind_of_call_counts_and_gives_back(void **state)
{
    program *p = *state;
    p->isolate->max_depth = 16;
    static const char source[] =
        "struct S {\n"
        "    v = make()\n"
        "    func m(self) { return 1 }\n"
        "    func op_add(self, o) { return 2 }\n"
        "    func bad(self) { throw 1 }\n"
        "}\n"
        "func make() { return 3 }\n"
        "func* g() { yield 1 yield make() }\n"
        "async func a() { return make() }\n"
        "for i in 100 {\n"
        "    s := S {}\n"
        "    s.m() + (s + 1) + g().collect()[0] + [1].map(|x| x)[0] + await a()\n"
        "    for x in g() { break }\n"
        "    try { s.bad() } except { }\n"
        "}\n"
        "func down(n) { return if n == 1 { 1 } else { 1 + down(n - 1) } }\n"
        "print(down(16))\n";
    program_prints(p, source, "16\n");
    assert_int_equal(p->isolate->depth, 0);
}

static void nesting_at_the_limits_of_the_grammar_runs_at_any_depth(void **state)
{
    char *parens = chain("", "(1 + [", 128, "1");
    char *body = chain(parens, "][0])", 128, "");
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f(n) {\n    if n > 0 { return f(n - 1) }\n");
    for (int i = 0; i < 126; i++) rf_buffer_append_text(&source, "if true { ");
    rf_buffer_format(&source, "return %s", body);
    for (int i = 0; i < 126; i++) rf_buffer_append_text(&source, " }");
    rf_buffer_append_text(&source, "\n}\nfor i in 100 { f(i * 90) }\nprint(f(9999))\n");
    program_prints(*state, source.data, "129\n");
    rf_buffer_release(&source);
    rf_free(body);
    rf_free(parens);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(chains_to_the_left_do_not_nest, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(chains_of_else_do_not_nest, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(a_place_may_have_many_steps, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(the_depth_limit_can_be_a_million, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(the_call_that_exceeds_the_depth_is_blamed, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(every_kind_of_call_counts_and_gives_back, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(nesting_at_the_limits_of_the_grammar_runs_at_any_depth,
                                        program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
