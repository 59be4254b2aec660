/* Inputs of one growing module (LANGUAGE 19). */
#include "support/program.h"

static void inputs(program *p, const char *const (*cases)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        program_input(p, cases[i][0]);
        program_expect(p, cases[i][1]);
    }
}
#define INPUTS(p, cases) inputs(p, cases, RF_COUNT_OF(cases))

static void values_of_expression_statements_are_shown(void **state)
{
    static const char *const cases[][2] = {
        {"1 + 1", "=> 2\n"},
        {"\"a\\n\"", "=> \"a\\n\"\n"},
        {"null", ""},
        {"print(5)", "5\n"},
        {"x := [1, \"s\"]", ""},
        {"x", "=> [1, \"s\"]\n"},
        {"push(x, 2)", ""},
        {"x.push(3)", ""},
        {"x.len()", "=> 4\n"},
        {"(push(x, 9))", "=> [1, \"s\", 2, 3, 9]\n"},
        {"1\n2", "=> 1\n=> 2\n"},
        {"if true { 5 }", ""},
        {"let y := 3", ""},
        {"func f() { 7 }", ""},
        {"f()", ""},
        {"n := 5", ""},
        {"merge(n, {})", "=> {}\n"}, /* no update statement: n is no dict */
        {"n", "=> 5\n"},
    };
    INPUTS(*state, cases);
}

static void names_persist_and_may_be_declared_later(void **state)
{
    static const char *const cases[][2] = {
        {"func area() { return side * side }", ""},
        {"try { area() } except e { print(e.message) }", "Undefined variable: side\n"},
        {"side := 4", ""},
        {"area()", "=> 16\n"},
        {"func grow() { side := side + 1 }", ""},
        {"grow() grow()", ""},
        {"side", "=> 6\n"},
        {"func area() { return \"new\" }", ""},
        {"area()", "=> \"new\"\n"},
        {"struct P { x: int func m(self) { return self.x } }", ""},
        {"p := P { x: 3 }", ""},
        {"p.m()", "=> 3\n"},
        {"let side := \"again\"", ""},
        {"side", "=> \"again\"\n"},
    };
    INPUTS(*state, cases);
}

static void an_error_keeps_what_was_assigned_before(void **state)
{
    static const char *const cases[][2] = {
        {"a := 1 b := 2 throw \"x\" c := 3",
         "[RUFRUN001] [runtime] Runtime Error: x\n  --> <repl>:1:15\n"},
        {"a + b", "=> 3\n"},
        {"c", "[RUFRUN001] [runtime] Runtime Error: Undefined variable: c\n  --> <repl>:1:1\n"},
        {"print(", "[RUFPARSE001] [parser] error: Expected expression but found Eof\n  --> <repl>:1:7\n"
                   "  = help: Fix the parse error and rerun Ruff.\n"},
        {"a := a + 10", ""},
        {"a", "=> 11\n"},
        {"struct C { xs = [] func bad(self) { self.xs.push(1) throw \"bad\" } }", ""},
        {"k := C {}", ""},
        {"k.bad()", "[RUFRUN001] [runtime] Runtime Error: bad\n  --> <repl>:1:53\n\nCall stack:\n  0 at C.bad\n"},
        {"k", "=> C { xs: [] }\n"},
        {"const K := 1", ""},
        {"K := 2", "[RUFRUN001] [runtime] Runtime Error: Cannot reassign const binding: K\n  --> <repl>:1:1\n"},
        {"const K := 3", "[RUFRUN001] [runtime] Runtime Error: Duplicate declaration in the same scope: K\n"
                         "  --> <repl>:1:7\n"},
        {"K", "=> 1\n"},
    };
    INPUTS(*state, cases);
}

static void closures_of_earlier_inputs_go_on_working(void **state)
{
    static const char *const cases[][2] = {
        {"func counter() { n := 0 return func() { n += 1 return \"n=${n}\" } }", ""},
        {"a := counter()", ""},
        {"a()", "=> \"n=1\"\n"},
        {"other := \"some literal\" more := {\"key\": other}", ""},
        {"a()", "=> \"n=2\"\n"},
        {"func* g() { yield \"one\" yield more.key }", ""},
        {"it := g()", ""},
        {"it.next()", "=> Some(\"one\")\n"},
        {"more := {\"key\": \"changed\"}", ""},
        {"it.next()", "=> Some(\"changed\")\n"},
        {"len := len(\"abc\")", ""},
        {"len", "=> 3\n"},
    };
    INPUTS(*state, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_of_expression_statements_are_shown, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(names_persist_and_may_be_declared_later, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(an_error_keeps_what_was_assigned_before, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(closures_of_earlier_inputs_go_on_working, program_setup,
                                        program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
