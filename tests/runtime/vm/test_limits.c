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
                                   "return [v0, v59999, w(1), v59997, v49151, v49152]\n}\nprint(f(5))\n");
    expect_output(*state, &source, "[[0], [59999, 5], [[59998], 1], [59998], [49151], [49152]]\n");
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

static void what_does_not_fit_raises_where_it_is_called(void **state)
{
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "func f(o) {\n");
    repeat(&source, "o.a#\n", 66000);
    rf_buffer_append_text(&source, "}\ntry { f({}) } except e { print(e.message, e.stack) }\nprint(\"on\")\n");
    expect_output(*state, &source,
                  "Function 'f' is too large: it needs more than 65535 registers, constants or call sites; split it "
                  "[f]\non\n");
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
        cmocka_unit_test_setup_teardown(what_does_not_fit_raises_where_it_is_called, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(deep_recursion_crosses_segments, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
