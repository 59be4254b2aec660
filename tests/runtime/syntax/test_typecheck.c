/* The warnings of `ruff check` (LANGUAGE 15). */
#include "probe.h"

#include "syntax/typecheck.h"

#include "base/alloc.h"
#include "support/ruff_test.h"

#include <string.h>

static void append_warning(void *context, const rf_type_warning *warning)
{
    rf_buffer *out = context;
    rf_buffer_format(out, "%s%u:%u %s", out->size ? "|" : "", warning->pos.line, warning->pos.column, warning->message);
}

static void check(const probe_case *cases, size_t count)
{
    rf_front front = probe_front();
    for (size_t i = 0; i < count; i++) {
        rf_unit *unit = probe_load(cases[i].source, NULL);
        rf_buffer text = RF_BUFFER_INIT;
        rf_buffer_append_text(&text, "");
        rf_unit_find_mismatches(unit, &front, append_warning, &text);
        if (strcmp(text.data, cases[i].expected) != 0)
            fail_msg("%s\nexpected: %s\nactual:   %s", cases[i].source, cases[i].expected, text.data);
        rf_buffer_release(&text);
        rf_unit_free(unit);
    }
}

#define VARIABLE(name, declared, value)                                                                                \
    "Type mismatch: variable '" name "' declared as " declared " but assigned " value

static void initialisers_must_fit(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"let age: int := \"x\"", "1:5 " VARIABLE("age", "int", "string")},
        {"age: int := 2.5", "1:1 " VARIABLE("age", "int", "float")},
        {"const A: string = 1", "1:7 " VARIABLE("A", "string", "int")},
        {"let a: float := 1", ""},
        {"let a: float := true", "1:5 " VARIABLE("a", "float", "bool")},
        {"let a: any := 1 let b: Unheard := 2 let c: any? := 3", ""},
        {"let a: int? := null let b: int? := 1 let c: int? := \"\"", "1:42 " VARIABLE("c", "int?", "string")},
        {"let a: int | string := 1 let b: int | string := []", "1:30 " VARIABLE("b", "int | string", "array")},
        {"let a: int[] := [] let b: Array<int>?[] := {}", "1:24 " VARIABLE("b", "Array<int>?[]", "dict")},
        {"let a: Dict<string, int> := {} let b: dict := 1", "1:36 " VARIABLE("b", "dict", "int")},
        {"let a: func(int, A<B>) -> R? := |x| x let b: func := 1", "1:43 " VARIABLE("b", "func", "int")},
        {"let a: func() -> func(int) -> int := 1", "1:5 " VARIABLE("a", "func() -> func(int) -> int", "int")},
        {"let a: Option<int> := None let b: Option<int> := Ok(1)", "1:32 " VARIABLE("b", "Option<int>", "Result")},
        {"let a: null := null let b: bool := null", "1:25 " VARIABLE("b", "bool", "null")},
        {"struct P { x } enum E { A } let a: P := P {} let b: P := E::A let c: E := 1",
         "1:50 " VARIABLE("b", "P", "E") "|1:67 " VARIABLE("c", "E", "int")},
        /* what is not evident is not reported */
        {"let a: int := f let b: int := len(1) let c: int := x.y let d: int := x[0]", ""},
    };
    check(cases, RF_COUNT_OF(cases));
}

static void evidence_comes_from_arithmetic_and_declarations(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"let a: string := 1 + 2 * 3", "1:5 " VARIABLE("a", "string", "int")},
        {"let a: int := 1 + 2.0", "1:5 " VARIABLE("a", "int", "float")},
        {"let a: int := \"n\" + 1", "1:5 " VARIABLE("a", "int", "string")},
        {"let a: int := \"-\" * 3", "1:5 " VARIABLE("a", "int", "string")},
        {"let a: int := [1] + [2]", "1:5 " VARIABLE("a", "int", "array")},
        {"let a: int := 1 < 2 let b: int := not 1 let c: int := a && b let d: string := -1",
         "1:5 " VARIABLE("a", "int", "bool") "|1:25 " VARIABLE("b", "int", "bool") "|1:45 "
         VARIABLE("c", "int", "bool") "|1:66 " VARIABLE("d", "string", "int")},
        {"let a: int := x + 1 let b: int := x < 1", ""},
        {"struct P { x } let a: int := P {} + 1 let b: bool := P {} == 1", ""},
        {"let a: int := 1 let b: string := a", "1:21 " VARIABLE("b", "string", "int")},
        {"func f(a: int) { let b: string := a }", "1:22 " VARIABLE("b", "string", "int")},
        {"func f() -> int { return 1 } let a: string := f()", "1:34 " VARIABLE("a", "string", "int")},
        {"func* f() -> int {} async func g() -> int {} let a: string := f() let b: string := g()", ""},
        {"let a: int := 1 a := \"x\" a += \"y\" a += 1 a[0] := \"\"",
         "1:17 " VARIABLE("a", "int", "string") "|1:26 " VARIABLE("a", "int", "string")},
        {"func f() { a := \"x\" } a: int := 1", ""},
        {"a: int := 1 func f() { a := \"x\" }", "1:24 " VARIABLE("a", "int", "string")},
    };
    check(cases, RF_COUNT_OF(cases));
}

static void arguments_and_results_must_fit(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"func f(a: int, b) {} f(\"x\", 1)", "1:24 Type mismatch: function 'f' parameter 'a' expects int but got string"},
        {"func f(a) {} f() f(1) f(1, 2)",
         "1:14 Type mismatch: function 'f' expects 1 arguments but got 0|1:23 Type mismatch: function 'f' expects 1 "
         "arguments but got 2"},
        {"func f(a: int, b: string) {} 1 |> f(2) \"x\" |> f(\"y\") 3 |> f",
         "1:37 Type mismatch: function 'f' parameter 'b' expects string but got int|1:40 Type mismatch: function 'f' "
         "parameter 'a' expects int but got string|1:59 Type mismatch: function 'f' expects 2 arguments but got 1"},
        {"func f(a) {} 1 |> f() |> f() 1 |> (f())", "1:36 Type mismatch: function 'f' expects 1 arguments but got 0"},
        {"func f() -> int { if a { return \"x\" } return 1 }",
         "1:26 Type mismatch: function 'f' declared to return int but returns string"},
        {"struct S { func m() -> int { return \"x\" } }",
         "1:30 Type mismatch: function 'S.m' declared to return int but returns string"},
        {"func f() -> int { return func() -> string { return 1 } }",
         "1:19 Type mismatch: function 'f' declared to return int but returns func|1:45 Type mismatch: function "
         "'<anonymous function>' declared to return string but returns int"},
        {"func f() {} 1 |> f(1) |> f(1)", "1:18 Type mismatch: function 'f' expects 0 arguments but got 2|1:26 Type "
                                         "mismatch: function 'f' expects 0 arguments but got 2"},
        {"func* g() -> int { return \"x\" }", ""},
        /* a function that is reassigned may be another one */
        {"func f(a) {} f := 1 f()", ""},
        {"func f(f) { f() }", ""},
    };
    check(cases, RF_COUNT_OF(cases));
}

static void unknown_functions_are_named_with_a_suggestion(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"prnt(1)", "1:1 Undefined function 'prnt' (did you mean 'print'?)"},
        {"func total(a) {} totle(1)", "1:18 Undefined function 'totle' (did you mean 'total'?)"},
        {"zzzzzz()", "1:1 Undefined function 'zzzzzz'"},
        {"1 |> prnt 1 |> lne(2)",
         "1:6 Undefined function 'prnt' (did you mean 'print'?)|1:16 Undefined function 'lne' (did you mean 'len'?)"},
        {"x() x := 1", ""},
        {"import elsewhere foo()", ""},
        {"foo.bar() Result::Ok(1)", ""},
    };
    check(cases, RF_COUNT_OF(cases));
}

static void append_text(void *context, const char *text)
{
    rf_buffer_append_text(context, text);
}

static void texts_have_the_documented_form(void **state)
{
    (void)state;
    rf_front front = probe_front();
    rf_unit *unit = probe_load("\n  let age: int := \"x\"", NULL);
    rf_buffer text = RF_BUFFER_INIT;
    rf_unit_typecheck(unit, &front, append_text, &text);
    assert_string_equal(text.data, "warning: Type mismatch: variable 'age' declared as int but assigned string\n"
                                   "  --> t.ruff:2:7\n");
    rf_buffer_release(&text);
    rf_unit_free(unit);
}

static void long_chains_are_checked_without_recursion(void **state)
{
    (void)state;
    rf_buffer source = RF_BUFFER_INIT;
    rf_buffer_append_text(&source, "let a: string := 1");
    for (int i = 0; i < 200000; i++) rf_buffer_append_text(&source, "+1");
    rf_front front = probe_front();
    rf_unit *unit = probe_load(source.data, NULL);
    rf_buffer_clear(&source);
    rf_unit_find_mismatches(unit, &front, append_warning, &source);
    assert_string_equal(source.data, "1:5 " VARIABLE("a", "string", "int"));
    rf_buffer_release(&source);
    rf_unit_free(unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initialisers_must_fit),
        cmocka_unit_test(evidence_comes_from_arithmetic_and_declarations),
        cmocka_unit_test(arguments_and_results_must_fit),
        cmocka_unit_test(unknown_functions_are_named_with_a_suggestion),
        cmocka_unit_test(texts_have_the_documented_form),
        cmocka_unit_test(long_chains_are_checked_without_recursion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
