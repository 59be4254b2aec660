/* The rules of `ruff lint` and their fixes (LANGUAGE 18.8). */
#include "probe.h"

#include "syntax/lint.h"

#include "base/alloc.h"
#include "support/ruff_test.h"

#include <string.h>

typedef struct lint_case {
    const char *source, *issues, *fixed; /* fixed NULL: as the source */
} lint_case;

static void check(const lint_case *cases, size_t count)
{
    const probe_options options = {.with_tests = true};
    rf_front front = probe_front();
    for (size_t i = 0; i < count; i++) {
        rf_unit *unit = probe_load(cases[i].source, &options);
        rf_lint_report report = {0};
        rf_buffer issues = RF_BUFFER_INIT, fixed = RF_BUFFER_INIT;
        rf_lint(unit, &front, &report);
        rf_buffer_append_text(&issues, "");
        for (size_t k = 0; k < report.issues.count; k++) {
            const rf_lint_issue *issue = &report.issues.data[k];
            rf_buffer_format(&issues, "%s%s %u:%u %s%s%s", k ? "|" : "",
                             issue->severity == RF_LINT_ERROR ? "error" : issue->rule, issue->pos.line,
                             issue->pos.column, issue->message, issue->fix ? " => " : "", issue->fix ? issue->fix : "");
        }
        rf_lint_apply(&report, cases[i].source, strlen(cases[i].source), &fixed);
        if (strcmp(issues.data, cases[i].issues) != 0)
            fail_msg("%s\nexpected: %s\nactual:   %s", cases[i].source, cases[i].issues, issues.data);
        assert_string_equal(fixed.data, cases[i].fixed ? cases[i].fixed : cases[i].source);
        rf_buffer_release(&issues);
        rf_buffer_release(&fixed);
        rf_lint_report_release(&report);
        rf_unit_free(unit);
    }
}

#define UNUSED(place, name) "unused-variable " place " Variable '" name "' is never used"

static void variables_that_nothing_reads_are_reported(void **state)
{
    (void)state;
    static const lint_case cases[] = {
        {"let x := 1", UNUSED("1:5", "x") " => _x", "let _x := 1"},
        {"x := 1\n  x := 2 x += 1 x[0] := 3", UNUSED("1:1", "x") " => _x", "_x := 1\n  _x := 2 _x += 1 _x[0] := 3"},
        {"func f() { a := 1 const b := 2 return b }", UNUSED("1:12", "a") " => _a",
         "func f() { _a := 1 const b := 2 return b }"},
        {"let {k, m: [n, ...r]} := print(1) print(n)", UNUSED("1:6", "k") " => _k|" UNUSED("1:19", "r") " => _r",
         "let {k: _k, m: [n, ..._r]} := print(1) print(n)"},
        {"\"\xC3\xA9\" a := 1", UNUSED("1:5", "a") " => _a", "\"\xC3\xA9\" _a := 1"},
        {"# \xC3\xA9\r\nb := 1\rc := b", UNUSED("3:1", "c") " => _c", "# \xC3\xA9\r\nb := 1\r_c := b"},
        /* the new name must be free */
        {"x := 1 print(_x)", UNUSED("1:1", "x"), NULL},
        {"_x := 1", "", NULL},
        /* x {k: _k} would be a struct literal */
        {"print(1) {k} := print(2)", UNUSED("1:11", "k"), NULL},
        {"export x := 1 y := 2 export y", "", NULL},
        {"x := [] push(x, 1)", "", NULL},
        {"x := 1 func f() { return x }", "", NULL},
        {"func f(a) {} struct S { b } enum E { A } import geo", "", NULL},
        {"for i in 3 {} try {} except e {} match 1 { case x: 2 }", "", NULL},
    };
    check(cases, RF_COUNT_OF(cases));
}

static void what_tests_use_is_used(void **state)
{
    (void)state;
    static const lint_case cases[] = {
        {"x := 1 test \"t\" { print(x) }", "", NULL},
        {"test_setup { a := 1 b := 2 } test \"1\" { print(a) } test \"2\" {}", UNUSED("1:21", "b") " => _b",
         "test_setup { a := 1 _b := 2 } test \"1\" { print(a) } test \"2\" {}"},
    };
    check(cases, RF_COUNT_OF(cases));
}

static void code_behind_a_jump_is_reported(void **state)
{
    (void)state;
    static const lint_case cases[] = {
        {"func f() { return 1 print(2) print(3) }", "unreachable-code 1:21 Unreachable code after 'return'", NULL},
        {"loop { break print(1) }", "unreachable-code 1:14 Unreachable code after 'break'", NULL},
        {"loop { continue; print(1) }", "unreachable-code 1:18 Unreachable code after 'continue'", NULL},
        {"throw 1\nprint(1)", "unreachable-code 2:1 Unreachable code after 'throw'", NULL},
        {"func f() { return g() func g() {} }", "", NULL},
        {"func f() { if print(1) { return } print(2) }", "", NULL},
    };
    check(cases, RF_COUNT_OF(cases));
}

static void evident_mismatches_are_errors(void **state)
{
    (void)state;
    static const lint_case cases[] = {
        {"print(\"a\" - 1)", "error 1:11 Invalid binary operation: string - int", NULL},
        {"print([1] * 2, null < 1, {} + 1)",
         "error 1:11 Invalid binary operation: array * int|error 1:21 Invalid binary operation: null < int|error 1:29 "
         "Invalid binary operation: dict + int",
         NULL},
        {"print(\"a\" + 1, 1 + \"a\", [1] + [2], \"-\" * 3, \"a\" < \"b\", null == 1)", "", NULL},
        {"func f(a: int) { return a } print(f(\"x\"))",
         "error 1:37 Type mismatch: function 'f' parameter 'a' expects int but got string", NULL},
        {"unheard_of()", "", NULL},
    };
    check(cases, RF_COUNT_OF(cases));
}

static void forgotten_failures_are_reported(void **state)
{
    (void)state;
    static const lint_case cases[] = {
        {"match print(1) { case Ok(v): print(v) }",
         "missing-error-handling-pattern 1:1 match handles 'Ok' but not 'Err'", NULL},
        {"match print(1) { case Option::Some(v): print(v) }",
         "missing-error-handling-pattern 1:1 match handles 'Some' but not 'None'", NULL},
        {"match print(1) { case Ok(v): print(v) case Err(_): 1 }", "", NULL},
        {"match print(1) { case Ok(v): print(v) default: 1 }", "", NULL},
        {"match print(1) { case Some(v): print(v) case _: 1 }", "", NULL},
        {"match print(1) { case 1: 2 }", "", NULL},
    };
    check(cases, RF_COUNT_OF(cases));
}

#define AGAIN(place, name) "let-reassigned " place " let variable '" name "' is assigned again; declare it with mut => mut"

static void reassigned_lets_should_be_mut(void **state)
{
    (void)state;
    static const lint_case cases[] = {
        {"let x := 1 x := 2 print(x)", AGAIN("1:5", "x"), "mut x := 1 x := 2 print(x)"},
        {"let x := 1 x += 2 print(x)", AGAIN("1:5", "x"), "mut x := 1 x += 2 print(x)"},
        {"let x := 1 let x := 2 print(x)", AGAIN("1:5", "x"), "mut x := 1 let x := 2 print(x)"},
        {"let [a, b] := print(1); [a, b] := [b, a] print(a)", AGAIN("1:6", "a") "|" AGAIN("1:9", "b"),
         "mut [a, b] := print(1); [a, b] := [b, a] print(a)"},
        {"let x := 1 func f() { x := x + 1 } print(x)", AGAIN("1:5", "x"), "mut x := 1 func f() { x := x + 1 } print(x)"},
        {"let x := [1] x[0] := 2 push(x, 3) print(x)", "", NULL},
        {"let mut x := 1 x := 2 print(x)", "", NULL},
        {"mut x := 1 x := 2 print(x)", "", NULL},
        {"let x := 1 if x { let x := 2 print(x) }", "", NULL},
    };
    check(cases, RF_COUNT_OF(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variables_that_nothing_reads_are_reported),
        cmocka_unit_test(what_tests_use_is_used),
        cmocka_unit_test(code_behind_a_jump_is_reported),
        cmocka_unit_test(evident_mismatches_are_errors),
        cmocka_unit_test(forgotten_failures_are_reported),
        cmocka_unit_test(reassigned_lets_should_be_mut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
