/* A source runs in the interpreter and in the VM and must print the same, errors with their positions and stacks
 * included.  The cases are where a compiler is tempted to reorder or to look instead of copying. */
#include "support/program.h"

#include "base/alloc.h"
#include "interp/interp.h"
#include "vm/vm.h"

static char *output_in(const rf_engine *engine, const char *source)
{
    program *p = program_new_in(engine);
    program_run(p, source);
    char *text = rf_buffer_take(&p->out);
    program_free(p);
    return text;
}

static void expect_same(const char *source)
{
    char *expected = output_in(&rf_interp_engine, source);
    char *got = output_in(&rf_vm_engine, source);
    assert_non_null(expected);
    assert_string_equal(got, expected);
    rf_free(expected);
    rf_free(got);
}

#define P                                                                                        \
    "struct P { n = 1, xs = [1], func bump(self) { self.n += 10 return self.n }\n"               \
    "    func op_add(self, o) { return self.n + o } func boom(self) { self.n := 99 throw \"boom\" } }\n"

static void operands_keep_the_value_they_had(void **state)
{
    (void)state;
    expect_same(P "func f() { p := P {} print(p.n + p.bump(), [p, p.bump(), p], p.bump() + p.n, p == p) }\nf()");
    expect_same(P "func f() { p := P {} i := 0 xs := [[0, 1], [2, 3]] p += p.bump() print(p) }\nf()");
    expect_same(P "p := P {}\nprint(\"a\" + p + p.bump() + p)\nfunc g() { return p } print(g())");
}

static void places_are_read_before_arguments(void **state)
{
    (void)state;
    expect_same("g := [1]\nfunc f() { g.push(2) return 3 }\ng.push(f())\nprint(g)\npush(g, f())\nprint(g)");
    expect_same("g := [1]\nfunc f() { g := [7] return 0 }\ng[f()] := f()\nprint(g)\ng[0] += f()\nprint(g)");
    expect_same("xs := [[1]]\ntry { xs[9].push(print(\"never\")) } except e { print(e.message, e.line) }");
    expect_same("o := {\"a\": [1]}\ntry { o.b.push(print(\"arg\")) } except e { print(e.message, e.line) }\nprint(o)");
}

static void a_failure_leaves_everything_as_it_was(void **state)
{
    (void)state;
    expect_same(P "func f() { p := P {} try { p.boom() } except e { print(e.message, e.stack) } return p }\nprint(f())");
    expect_same(P "ps := [P {}]\ntry { ps[0].boom() } except { }\nprint(ps)\nps[0].boom()");
    expect_same("xs := [3, 1]\ntry { xs.insert(9, 1) } except e { print(e.message) }\nprint(xs)\nxs.insert(9, 1)");
    expect_same("func f(xs) { try { xs := g(xs) } except { } return xs }\nfunc g(xs) { xs.push(1) throw 1 }\nprint(f([0]))");
}

static void errors_are_blamed_on_the_same_token(void **state)
{
    (void)state;
    static const char *const failing[] = {
        "x := 1 +\n    [2] * 3",
        "x := [1]\nx[\n5] := 2",
        "x := {\"a\": {}}\nx.a.b.c := 1",
        "x := {\"a\": [1]}\nx.a[0]\n    .foo()",
        "f := 3\nprint(f(1,\n2))",
        "func f(a) { }\nfunc g() { return f() }\ng()",
        "for i in\n    null { }",
        "x := None\nx?",
        "const C := [1]\nC\n.push(2)",
        "print(1,\n  nope)",
        "x := if 1 < \"a\" { 1 } else { 2 }",
        "throw\n{\"message\": \"m\"}",
        "[1, 2].map(|v|\n v.foo)",
        "\"${1}${[] - 1}\"",
        "struct S { a }\nS { a: 1, b: 2 }",
        "import nowhere.at_all",
        "func f() { f() }\nf()",
    };
    for (size_t i = 0; i < RF_COUNT_OF(failing); i++) expect_same(failing[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operands_keep_the_value_they_had),
        cmocka_unit_test(places_are_read_before_arguments),
        cmocka_unit_test(a_failure_leaves_everything_as_it_was),
        cmocka_unit_test(errors_are_blamed_on_the_same_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
