/* Functions that do not fit 16-bit operands, and stacks that do not fit one segment. */
#include "listing.h"

#include "base/alloc.h"
#include "vm/opcode.h"

/* Appends format with i = 0 .. count. */
static void repeat(rf_buffer *out, const char *format, int count)
{
    for (int i = 0; i < count; i++) {
        const char *at = format;
        for (; *at; at++) {
            if (*at == '#')
                rf_buffer_append_int(out, i);
            else
                rf_buffer_append_byte(out, *at);
        }
    }
}

static void expect_output(program *p, rf_buffer *source, const char *text)
{
    program_prints(p, source->data, text);
    rf_buffer_release(source);
}

static void a_function_may_have_60000_variables(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f(a) {\n");
    repeat(&source, "v#:=[#]\n", 60000);
    rf_buffer_append_text(&source, "w := |x| [v59998, x]\nv59999.push(a)\nv59997[0] += 1\n"
                                   "return [v0, v59999, w(1), v59997, v32767, v32768]\n}\nprint(f(5))\n");
    expect_output(*state, &source, "[[0], [59999, 5], [[59998], 1], [59998], [32767], [32768]]\n");
    assert_true(listing_count(*state, "f", RF_OP_GETWIDE) > 0);
}

static void captured_variables_without_number_are_cells_too(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f() {\n");
    repeat(&source, "v#:=#\n", 50000);
    rf_buffer_append_text(&source, "up := func() { v49999 := v49999 + 1 return v49999 }\nup()\nv49999 += 10\n"
                                   "return [up(), v49999]\n}\nprint(f())\n");
    expect_output(*state, &source, "[50011, 50011]\n");
}

static void a_function_may_have_100000_constants(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f() {\nx := 0\n");
    repeat(&source, "x:=#.5\n", 70000);
    rf_buffer_append_text(&source, "y := x + 0.25\nif x == 70001.75 { y := 0 }\nd := {k: x, \"late\": 1}\n"
                                   "return [x, y, 2.125 * x, d]\n}\nprint(f())\n");
    expect_output(*state, &source, "[69999.5, 69999.75, 148748.9375, {\"k\": 69999.5, \"late\": 1}]\n");
}

static void jumps_may_be_long(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f(n) {\nx := 0\nfor i in range(n) {\nif i < 2 {\nx += i\n");
    repeat(&source, "x:=x+1\n", 20000);
    rf_buffer_append_text(&source, "} else {\nfor v in [7, 8] {\nmatch v {\ncase 7: {\n");
    repeat(&source, "x:=x+2\n", 20000);
    rf_buffer_append_text(&source, "}\ncase [a, b]: { x := a }\ndefault: { x += 5 }\n}\n}\n}\n}\nreturn x\n}\nprint(f(3))\n");
    expect_output(*state, &source, "80006\n");
}

static void a_list_of_statements_may_be_long(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "xs := []\nfunc count() { return len(xs) }\n");
    repeat(&source, "xs.push(1)\n", 70000);
    rf_buffer_append_text(&source, "print(count())\n");
    expect_output(*state, &source, "70000\n");
    rf_buffer_append_text(&source, "func f() {\nxs := []\no := {\"a\": 1}\n");
    repeat(&source, "xs.push(o.a)\n", 70000);
    rf_buffer_append_text(&source, "return len(xs)\n}\nprint(f())\n");
    expect_output(*state, &source, "70000\n");
}

static void literals_may_be_long(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "xs := [");
    repeat(&source, "#, ", 4096);
    rf_buffer_append_text(&source, "]\nprint(len(xs), xs[4095])\ns := \"");
    repeat(&source, "${#}", 3000);
    rf_buffer_append_text(&source, "\"\nprint(len(s))\n");
    expect_output(*state, &source, "4096 4095\n10890\n");
}

/* Everything that looks into a table, behind 66000 entries of each. */
static void tables_may_have_more_entries_than_an_operand_can_name(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "struct S { v, func add(self, x) { self.v += x return self.v } func boom(self) { throw \"b\" } }\n"
                                   "enum E { Q, R }\nfunc plus(a, b) { return a + b }\nfunc f() {\nd := {}\n");
    repeat(&source, "d.k#\n", 66000);
    repeat(&source, "E::Q\n", 66000);
    repeat(&source, "||1\n", 1000);
    rf_buffer_append_text(
        &source,
        "d.s := S { v: 1 }\nprint(d.s.add(2), d.s, E::R, d?.s?.v)\n"
        "try { d.s.boom() } except e { print(e.message, e.line, e.stack) }\n"
        "try { print(d.nosuch.x) } except e { print(e.message) }\n"
        "d.list := []\nd.list.push(5) d.list.push(plus(1, 2)) push(d.list, 9)\nprint(d.list, d.list.pop())\n"
        "xs := []\nxs.push(1) push(xs, 2)\nprint(xs.len(), xs)\n"
        "match d.s { case {v: 4}: print(4) case {v: \"x\"}: print(5) case {w}: print(w) case {v}: print(v) }\n"
        "match E::R { case Q: print(\"Q\") case R: print(\"R\") }\n"
        "{s, list: [first], ...rest} := d\nprint(s, first, len(rest))\n"
        "for i in 3 { d.s.add(i) if d.s.v > 4 { d.last := i continue } d.list.push(i) }\nprint(d.s, d.list, d.last)\n"
        "g := func*() { for i in 2 { yield d.s.v + i } }\nprint([...g()])\n"
        "func late() { return \"late\" }\nprint(late(), d.k65999, (|x| x + 1)(2))\nreturn d.missing }\nprint(f())\n");
    expect_output(*state, &source,
                  "3 S { v: 3 } E::R 3\nb 1 [f, S.boom]\nCannot access field or method 'x' on non-struct value\n"
                  "[5, 3, 9] [[5, 3], 9]\n2 [1, 2]\n3\nR\nS { v: 3 } 5 0\nS { v: 6 } [5, 3, 9, 0, 1] 2\n[6, 7]\n"
                  "late null 3\nnull\n");
}

static void a_function_may_capture_more_variables_than_an_operand_can_name(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f() {\n");
    for (int i = 0; i < 66000; i++)
        rf_buffer_format(&source, i % 4000 == 0 ? "let [v%d" : i % 4000 == 3999 || i == 65999 ? ",v%d]:=[]\n" : ",v%d", i);
    rf_buffer_append_text(&source, "v65998 := 5\nv65999 := 1\nfunc g() {\n");
    repeat(&source, "v#\n", 66000);
    rf_buffer_append_text(&source, "v65999 += v65998\ntry { print(u) } except e { print(e.message) }\nreturn v65999 }\n"
                                   "g()\nprint(g(), v65999)\nlet u := g\nreturn u() }\nprint(f())\n");
    expect_output(*state, &source, "Undefined variable: u\nUndefined variable: u\n11 11\n<function g>\n16\n");
}

static void lists_of_many_arguments_nest(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f(p0");
    repeat(&source, ", q#", 32766);
    rf_buffer_append_text(&source, ") { return p0 + q32765 }\nx := ");
    for (int i = 0; i < 10; i++) {
        rf_buffer_append_text(&source, "f(");
        repeat(&source, "1,", 32766);
    }
    rf_buffer_append_text(&source, "1");
    for (int i = 0; i < 10; i++) rf_buffer_append_text(&source, ")");
    rf_buffer_append_text(&source, "\nprint(x)\n");
    expect_output(*state, &source, "11\n");
}

static void any_number_of_declarations_may_share_a_name(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func* g(n) {\nif n == 0 { return }\nyield f()\n");
    repeat(&source, "func f() { return # }\n", 20000);
    rf_buffer_append_text(&source, "yield f()\nfor x in g(n - 1) { yield x } }\nprint([...g(3)])\n");
    expect_output(*state, &source, "[0, 19999, 0, 19999, 0, 19999]\n");
}

static void a_place_may_have_as_many_indexes_as_the_parser_lets_through(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f(x, i) {\ny");
    repeat(&source, "[-i]", 16384);
    rf_buffer_append_text(&source, " := 1\n}\ny := 0\nfor k in 16384 { y := [y] }\nf(0, 0)\n"
                                   "for k in 16384 { y := y[0] }\nprint(y)\n");
    expect_output(*state, &source, "1\n");
}

/* The most values that can wait at once, beside a great many variables: there are registers for all. */
static void a_place_of_many_indexes_fits_beside_many_variables(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f(x, i) {\n");
    repeat(&source, "v#:=#\n", 33000);
    for (int i = 0; i < 120; i++) rf_buffer_append_text(&source, "g([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, ");
    rf_buffer_append_text(&source, "x");
    repeat(&source, "[i+1]", 16384);
    rf_buffer_append_text(&source, ".pop()");
    for (int i = 0; i < 120; i++) rf_buffer_append_text(&source, "])");
    rf_buffer_append_text(&source, "\n}\ntry { f([], 0) } except e { print(e.message, e.stack) }\nprint(\"on\")\n");
    expect_output(*state, &source, "Undefined variable: g [f]\non\n");
}

static void variables_without_number_survive_what_is_caught(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f() {\n");
    repeat(&source, "v#:=#\n", 33000);
    rf_buffer_append_text(&source,
                          "w := [1]\ng := func() { w.push(2) }\nx := \"x\" + v1\n"
                          "for i in 3 { try { w[9] := 1 } except e { w.push(e.message) g() } }\n"
                          "try { throw [1] } except { x += \"y\" }\n"
                          "print(w, x, v32999)\n}\nf()\n");
    expect_output(*state, &source,
                  "[1, Index out of bounds: 9, 2, Index out of bounds: 9, 2, Index out of bounds: 9, 2] x1y 32999\n");
}

static void deep_recursion_crosses_segments(void **state)
{
    program_prints(*state,
                   "func f(n, a, b) { xs := [n, a] if n == 0 { return xs } ys := f(n - 1, b, a) return [ys[0] + xs[0], ys[1]] }\n"
                   "for i in 3 { print(f(9990, i, 2)) }\n"
                   "struct S { n, func down(self, k) { self.n += k if k > 0 { self.down(k - 1) } return self.n } }\n"
                   "s := S { n: 0 }\n"
                   "print(s.down(4000), s.n)\n"
                   "func g(n) { try { return g(n + 1) } except e { return [n, e.message] } }\n"
                   "print(g(0)[0])\n",
                   "[49905045, 0]\n[49905045, 1]\n[49905045, 2]\n8002000 8002000\n9999\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_function_may_have_60000_variables, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(captured_variables_without_number_are_cells_too, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(a_function_may_have_100000_constants, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(jumps_may_be_long, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(a_list_of_statements_may_be_long, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(literals_may_be_long, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(tables_may_have_more_entries_than_an_operand_can_name, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(a_function_may_capture_more_variables_than_an_operand_can_name, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(a_place_may_have_as_many_indexes_as_the_parser_lets_through, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(a_place_of_many_indexes_fits_beside_many_variables, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(variables_without_number_survive_what_is_caught, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(lists_of_many_arguments_nest, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(any_number_of_declarations_may_share_a_name, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(deep_recursion_crosses_segments, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
