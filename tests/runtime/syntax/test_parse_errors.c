/* Parse errors, front-end errors and source limits: message, place, code and exit code (LANGUAGE 3.6, 7.9, 21.1). */
#include "probe.h"

#include "base/alloc.h"
#include "support/ruff_test.h"

#include <string.h>

#define PARSE(text) text " (RUFPARSE001, exit 3)"
#define FRONT(text) text " (RUFRUN001, exit 4)"

static void missing_tokens_name_their_context(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"print(1", PARSE("1:8 Expected ')' to close function call arguments but found Eof")},
        {"print(1 2)", PARSE("1:9 Expected ')' to close function call arguments but found '2'")},
        {"E::V(1 2)", PARSE("1:8 Expected ')' to close function call arguments but found '2'")},
        {"f(x := 1)", PARSE("1:5 Expected ')' to close function call arguments but found ':='")},
        {"a.b(1;", PARSE("1:6 Expected ')' to close method call arguments but found ';'")},
        {"a[1", PARSE("1:4 Expected ']' to close index expression but found Eof")},
        {"x := [1 2]", PARSE("1:9 Expected ']' to close array literal but found '2'")},
        {"x := {\"a\": 1 2}", PARSE("1:14 Expected '}' to close dictionary literal but found '2'")},
        {"x := {a}", PARSE("1:8 Expected ':' after dictionary key but found '}'")},
        {"x := P {a: 1 b: 2}", PARSE("1:14 Expected '}' to close struct literal but found 'b'")},
        {"x := P {a: 1, 2}", PARSE("1:15 Expected identifier in struct literal but found '2'")},
        {"x := P {a: 1, b}", PARSE("1:16 Expected ':' after field name but found '}'")},
        {"x := (1", PARSE("1:8 Expected ')' to close parenthesized expression but found Eof")},
        {"func f {", PARSE("1:8 Expected '(' after function name but found '{'")},
        {"func f(a b) {}", PARSE("1:10 Expected ')' to close function parameter list but found 'b'")},
        {"func f(1) {}", PARSE("1:8 Expected ')' to close function parameter list but found '1'")},
        {"f := |a b| 1", PARSE("1:9 Expected '|' to close function parameter list but found 'b'")},
        {"func f()", PARSE("1:9 Expected '{' to start function body but found Eof")},
        {"func f() { x := 1", PARSE("1:18 Expected '}' to close function body but found Eof")},
        {"f := func() -> int\n", PARSE("2:1 Expected '{' to start function body but found Eof")},
        {"if x y", PARSE("1:6 Expected '{' to start if block but found 'y'")},
        {"if x { y", PARSE("1:9 Expected '}' to close if block but found Eof")},
        {"if x { } else y", PARSE("1:15 Expected '{' to start else block but found 'y'")},
        {"if x { } else { y", PARSE("1:18 Expected '}' to close else block but found Eof")},
        {"z := if x { 1 }", PARSE("1:16 Expected 'else' after if block but found Eof")},
        {"z := if x { 1 2 } else { 3 }", PARSE("1:15 Expected '}' to close if block but found '2'")},
        {"while x y", PARSE("1:9 Expected '{' to start while body but found 'y'")},
        {"while x { y", PARSE("1:12 Expected '}' to close while body but found Eof")},
        {"loop x", PARSE("1:6 Expected '{' to start loop body but found 'x'")},
        {"loop { x", PARSE("1:9 Expected '}' to close loop body but found Eof")},
        {"loop while x y", PARSE("1:14 Expected '{' to start loop body but found 'y'")},
        {"for x in y z", PARSE("1:12 Expected '{' to start for loop body but found 'z'")},
        {"for x in y { z", PARSE("1:15 Expected '}' to close for loop body but found Eof")},
        {"for x y", PARSE("1:7 Expected 'in' in for loop but found 'y'")},
        {"for i = 0; i < 3; i += 1 {}", PARSE("1:7 Expected 'in' in for loop but found '='")},
        {"for 1 in y {}", PARSE("1:5 Expected pattern in for loop but found '1'")},
        {"for i := 0 i < 3", PARSE("1:12 Expected ';' in for loop but found 'i'")},
        {"for i := 0; i < 3 {", PARSE("1:19 Expected ';' in for loop but found '{'")},
        {"match x y", PARSE("1:9 Expected '{' to start match body but found 'y'")},
        {"match x { y", PARSE("1:11 Expected '}' to close match body but found 'y'")},
        {"match x { case 1 2", PARSE("1:18 Expected '{' to start match case block but found '2'")},
        {"match x { case 1: { y", PARSE("1:22 Expected '}' to close match case block but found Eof")},
        {"match x { default 2", PARSE("1:19 Expected '{' to start match default block but found '2'")},
        {"match x { default: { y", PARSE("1:23 Expected '}' to close match default block but found Eof")},
        {"try x", PARSE("1:5 Expected '{' to start try block but found 'x'")},
        {"try { x", PARSE("1:8 Expected '}' to close try block but found Eof")},
        {"try { } x", PARSE("1:9 Expected 'except' after try block but found 'x'")},
        {"try { } except e x", PARSE("1:18 Expected '{' to start except block but found 'x'")},
        {"try { } except { x", PARSE("1:19 Expected '}' to close except block but found Eof")},
        {"spawn x", PARSE("1:7 Expected '{' to start spawn block but found 'x'")},
        {"spawn { x", PARSE("1:10 Expected '}' to close spawn block but found Eof")},
        {"struct P x", PARSE("1:10 Expected '{' to start struct body but found 'x'")},
        {"struct P { x: int, 5", PARSE("1:20 Expected '}' to close struct body but found '5'")},
        {"enum E x", PARSE("1:8 Expected '{' to start enum body but found 'x'")},
        {"enum E { A B }", PARSE("1:12 Expected '}' to close enum body but found 'B'")},
        {"enum E { A(int, }", PARSE("1:17 Expected type in type annotation but found '}'")},
        {"test \"t\" x", PARSE("1:10 Expected '{' to start test body but found 'x'")},
        {"test \"t\" { x", PARSE("1:13 Expected '}' to close test body but found Eof")},
        {"test_group \"t\" x", PARSE("1:16 Expected '{' to start test_group body but found 'x'")},
        {"test_group \"t\" { ", PARSE("1:18 Expected '}' to close test_group body but found Eof")},
        {"test_setup { x", PARSE("1:15 Expected '}' to close test_setup block but found Eof")},
        {"test_teardown { x", PARSE("1:18 Expected '}' to close test_teardown block but found Eof")},
        {"{ x", PARSE("1:4 Expected '}' to close block but found Eof")},
        {"let x 5", PARSE("1:7 Expected ':=' in let declaration but found '5'")},
        {"mut x", PARSE("1:6 Expected ':=' in let declaration but found Eof")},
        {"const X\n5", PARSE("2:1 Expected ':=' in const declaration but found '5'")},
        {"import a.b.", PARSE("1:12 Expected identifier after '.' in module path but found Eof")},
        {"from a b", PARSE("1:8 Expected 'import' after module name in from-import statement but found 'b'")},
        {"async x", PARSE("1:7 Expected 'func' after 'async' but found 'x'")},
        {"x := (1\n\n", PARSE("3:1 Expected ')' to close parenthesized expression but found Eof")},
    };
    probe_check_errors(cases, RF_COUNT_OF(cases));
}

static void missing_parts_name_what_is_expected(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"x := ", PARSE("1:6 Expected expression but found Eof")},
        {"x := )", PARSE("1:6 Expected expression but found ')'")},
        {"}", PARSE("1:1 Expected expression but found '}'")},
        {"f(,)", PARSE("1:3 Expected expression but found ','")},
        {"f(...xs)", PARSE("1:3 Expected expression but found '...'")},
        {"[,]", PARSE("1:2 Expected expression but found ','")},
        {"1 + ;", PARSE("1:5 Expected expression but found ';'")},
        {"throw\n1", PARSE("2:1 Expected expression but found '1'")},
        {"x := else", PARSE("1:6 Expected expression but found 'else'")},
        {"x := .5", PARSE("1:6 Expected expression but found '.'")},
        {"let 5 := 1", PARSE("1:5 Expected pattern in let declaration but found '5'")},
        {"let if := 1", PARSE("1:5 Expected pattern in let declaration but found 'if'")},
        {"const [a, 5] := 1", PARSE("1:11 Expected pattern in const declaration but found '5'")},
        {"match x { case + }", PARSE("1:16 Expected pattern in match case but found '+'")},
        {"match x { case -y { } }", PARSE("1:17 Expected pattern after '-' but found 'y'")},
        {"let x: := 5", PARSE("1:8 Expected type in type annotation but found ':='")},
        {"func f() -> { }", PARSE("1:13 Expected type in type annotation but found '{'")},
        {"match x { case \"a${1}\": y }", PARSE("1:16 Expected string literal in pattern but found '\"a${1}\"'")},
        {"test \"a${1}\" { }", PARSE("1:6 Expected string literal after 'test' but found '\"a${1}\"'")},
        {"a.5", PARSE("1:3 Expected identifier after '.' but found '5'")},
        {"a?.(", PARSE("1:4 Expected identifier after '?.' but found '('")},
        {"E::5", PARSE("1:4 Expected identifier after '::' but found '5'")},
        {"struct 5", PARSE("1:8 Expected identifier after 'struct' but found '5'")},
        {"struct _ {}", PARSE("1:8 Expected identifier after 'struct' but found '_'")},
        {"enum match {}", PARSE("1:6 Expected identifier after 'enum' but found 'match'")},
        {"func _() {}", PARSE("1:6 Expected identifier after 'func' but found '_'")},
        {"func 5() {}", PARSE("1:6 Expected identifier after 'func' but found '5'")},
        {"async func* g() {}", PARSE("1:11 Expected identifier after 'func' but found '*'")},
        {"x := async func*() {}", PARSE("1:16 Expected '(' after 'func' but found '*'")},
        {"x := func f() {}", PARSE("1:11 Expected '(' after 'func' but found 'f'")},
        {"struct S { func 5() {} }", PARSE("1:17 Expected identifier after 'func' but found '5'")},
        {"import 5", PARSE("1:8 Expected identifier after 'import' but found '5'")},
        {"import if", PARSE("1:8 Expected identifier after 'import' but found 'if'")},
        {"from a import", PARSE("1:14 Expected identifier after 'import' but found Eof")},
        {"[...] := x", PARSE("1:5 Expected expression but found ']'")},
        {"'a\nb' c", "ok"},
        {"f('a\nb' c)", PARSE("2:4 Expected ')' to close function call arguments but found 'c'")},
        {"x := (y 'a\nb')", PARSE("1:9 Expected ')' to close parenthesized expression but found ''a\nb''")},
    };
    probe_check_errors(cases, RF_COUNT_OF(cases));
}

static void assignments_need_a_place_and_one_operator(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"f() := 1", PARSE("1:5 Invalid assignment target")},
        {"(a) := 1", PARSE("1:5 Invalid assignment target")},
        {"(a).b := 1", PARSE("1:7 Invalid assignment target")},
        {"(a.b)[0] := 1", PARSE("1:10 Invalid assignment target")},
        {"a?.b := 1", PARSE("1:6 Invalid assignment target")},
        {"a.f().b := 1", PARSE("1:9 Invalid assignment target")},
        {"5 = 1", PARSE("1:3 Invalid assignment target")},
        {"a + b += 1", PARSE("1:7 Invalid assignment target")},
        {"[a, 1] := x", PARSE("1:8 Invalid assignment target")},
        {"Result::Ok := x", PARSE("1:12 Invalid assignment target")},
        {"a := b := 1", PARSE("1:8 Chained assignment is not supported; split the assignment into separate statements")},
        {"a = b += 1", PARSE("1:7 Chained assignment is not supported; split the assignment into separate statements")},
        {"let a := b = 1",
         PARSE("1:12 Chained assignment is not supported; split the assignment into separate statements")},
        {"[a] := b := 1", PARSE("1:10 Chained assignment is not supported; split the assignment into separate statements")},
        {"x: int := y := 1",
         PARSE("1:13 Chained assignment is not supported; split the assignment into separate statements")},
        {"[...a, b] := x", PARSE("1:2 Rest element must be the last element of a pattern")},
        {"let {...a, b} := x", PARSE("1:6 Rest element must be the last element of a pattern")},
        {"let [...a, ...b] := x", PARSE("1:6 Rest element must be the last element of a pattern")},
        {"for [...a, b] in x {}", PARSE("1:6 Rest element must be the last element of a pattern")},
        {"[...a, b]", "ok"},
    };
    probe_check_errors(cases, RF_COUNT_OF(cases));
}

static void interpolations_must_be_one_expression(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"\"${}\"", PARSE("1:4 Invalid interpolated string expression")},
        {"\"${1 +}\"", PARSE("1:7 Invalid interpolated string expression")},
        {"\"${f(1}\"", PARSE("1:7 Invalid interpolated string expression")},
        {"\"${a b}\"", PARSE("1:6 Invalid interpolated string expression")},
        {"\"${a := 1}\"", PARSE("1:6 Invalid interpolated string expression")},
        {"\"x${1}y${}\"", PARSE("1:10 Invalid interpolated string expression")},
        {"\"${f(])}\"", PARSE("1:6 Expected expression but found ']'")},
    };
    probe_check_errors(cases, RF_COUNT_OF(cases));
}

static void lambda_braces_that_look_like_a_dict_are_refused(void **state)
{
    (void)state;
#define LAMBDA PARSE("1:10 Lambda body in braces is a block; write ({...}) to return a dict")
    static const probe_case cases[] = {
        {"f := |x| {a: 1}", LAMBDA},
        {"f := |x| {\"a\": 1}", LAMBDA},
        {"f := |x| {\"a${x}\": 1}", LAMBDA},
        {"f := |x| {1: 1}", LAMBDA},
        {"f := |x| {if: 1}", LAMBDA},
        {"f := |x| {...x}", LAMBDA},
        {"f := |x| {a: b}", LAMBDA},
        {"f := |x| {n: int := 1}", "ok"},
        {"f := |x| {n: Array<int> = 1 }", "ok"},
        {"f := |x| {}", "ok"},
        {"f := |x| ({a: 1})", "ok"},
        {"f := || { x }", "ok"},
    };
    probe_check_errors(cases, RF_COUNT_OF(cases));
}

static void front_end_errors_come_before_running(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"break", FRONT("1:1 break can only be used inside a loop")},
        {"x := 1\n  continue", FRONT("2:3 continue can only be used inside a loop")},
        {"loop { f := func() { break } }", FRONT("1:22 break can only be used inside a loop")},
        {"loop { spawn { break } }", FRONT("1:16 break can only be used inside a loop")},
        {"test \"t\" { continue }", FRONT("1:12 continue can only be used inside a loop")},
        {"loop { if x { break } match y { case 1: continue } }", "ok"},
        {"for i := 0; i < 3; i += 1 { break }", "ok"},
        {"yield 1", FRONT("1:1 yield can only be used inside a generator function")},
        {"func f() { yield }", FRONT("1:12 yield can only be used inside a generator function")},
        {"func* g() { f := || yield 1 }", FRONT("1:21 yield can only be used inside a generator function")},
        {"func* g() { spawn { yield 1 } }", FRONT("1:21 yield can only be used inside a generator function")},
        {"func* g() { x := 1 + (yield 2) }", "ok"},
        {"func f(a, b, a) {}", FRONT("1:14 Duplicate declaration in the same scope: a")},
        {"func f(_, _) {}", "ok"},
        {"f := |a, a| 1", FRONT("1:10 Duplicate declaration in the same scope: a")},
        {"struct S { a, b, a }", FRONT("1:18 Duplicate declaration in the same scope: a")},
        {"struct S { func a() {} b a: int }", FRONT("1:26 Duplicate declaration in the same scope: a")},
        {"match x { case [a, {k: a}]: 1 }", FRONT("1:24 Duplicate declaration in the same scope: a")},
        {"match x { case [a, ...a]: 1 }", FRONT("1:23 Duplicate declaration in the same scope: a")},
        {"match x { case [_, _]: 1 }", "ok"},
        {"[a, a] := [1, 2] let [b, b] := a", "ok"},
        {"struct S { func* m() {} }", FRONT("1:18 Generator methods are not supported for structs: S.m")},
        {"func f(self) {}", FRONT("1:8 self can only be the first parameter of a struct method")},
        {"struct S { func m(a, self) {} }", FRONT("1:22 self can only be the first parameter of a struct method")},
        {"struct S { func m(self, self) {} }", FRONT("1:25 self can only be the first parameter of a struct method")},
        {"struct S { func m(self) { func(self) {} } }",
         FRONT("1:32 self can only be the first parameter of a struct method")},
        {"if x { export y := 1 }", FRONT("1:8 export can only be used at module top level")},
        {"func f() { pub func g() {} }", FRONT("1:12 export can only be used at module top level")},
        {"test_group \"g\" { export x := 1 }", FRONT("1:18 export can only be used at module top level")},
        {"if x { test \"t\" {} }", FRONT("1:8 test declarations can only appear at top level or in a test_group")},
        {"test \"t\" { test_setup {} }",
         FRONT("1:12 test declarations can only appear at top level or in a test_group")},
        {"func f() { test_group \"t\" {} }",
         FRONT("1:12 test declarations can only appear at top level or in a test_group")},
        /* the first one by its blamed token, wherever it was noticed */
        {"func f(a, a) { break }", FRONT("1:11 Duplicate declaration in the same scope: a")},
        {"struct S { a func m() { break } a }", FRONT("1:25 break can only be used inside a loop")},
        {"break func f(a, a) {}", FRONT("1:1 break can only be used inside a loop")},
        /* a parse error wins */
        {"break )", PARSE("1:7 Expected expression but found ')'")},
    };
    probe_check_errors(cases, RF_COUNT_OF(cases));
}

/* ---- limits ---- */

static char *nest(const char *before, const char *open, size_t count, const char *middle, const char *close,
                  const char *after)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_append_text(&text, before);
    for (size_t i = 0; i < count; i++) rf_buffer_append_text(&text, open);
    rf_buffer_append_text(&text, middle);
    for (size_t i = 0; i < count; i++) rf_buffer_append_text(&text, close);
    rf_buffer_append_text(&text, after);
    return rf_buffer_take(&text);
}

static void expect_error(char *source, const char *expected)
{
    char *actual = probe_error(source, strlen(source));
    if (strcmp(actual, expected) != 0) fail_msg("%.80s...\nexpected: %s\nactual:   %s", source, expected, actual);
    rf_free(actual);
    rf_free(source);
}

typedef struct nest_case {
    const char *before, *open, *middle, *close, *after;
    unsigned first_column, width; /* of the blamed token in the first and from one to the next */
} nest_case;

static void check_nesting(const nest_case *cases, size_t count, size_t limit, const char *message)
{
    for (size_t i = 0; i < count; i++) {
        nest_case one = cases[i];
        expect_error(nest(one.before, one.open, limit, one.middle, one.close, one.after), "ok");
        rf_buffer expected = RF_BUFFER_INIT;
        rf_buffer_format(&expected, "1:%zu %s (RUFPARSE001, exit 3)", one.first_column + limit * one.width, message);
        expect_error(nest(one.before, one.open, limit + 1, one.middle, one.close, one.after), expected.data);
        rf_buffer_release(&expected);
    }
}

static void expressions_nest_256_deep(void **state)
{
    (void)state;
    static const nest_case cases[] = {
        {"x := ", "(", "1", ")", "", 6, 1},
        {"x := ", "[", "1", "]", "", 6, 1},
        {"x := ", "{a:", "1", "}", "", 6, 3},
        {"x := ", "f(", "1", ")", "", 7, 2},
        {"x := ", "a.f(", "1", ")", "", 9, 4},
        {"x := ", "a[", "1", "]", "", 7, 2},
        {"x := ", "E::V(", "1", ")", "", 10, 5},
        {"x := ", "S{a:", "1", "}", "", 7, 4},
        {"x := ", "- ", "1", "", "", 6, 2},
        {"x := ", "not ", "1", "", "", 6, 4},
        {"x := ", "await ", "1", "", "", 6, 6},
        {"", "throw ", "1", "", "", 1, 6},
        {"x := ", "|a| ", "1", "", "", 6, 4},
        {"x := ", "|| ", "1", "", "", 6, 3},
        {"x := ", "if 1{", "1", "}else{2}", "", 10, 5},
        {"x := ", "\"${", "1", "}\"", "", 7, 3},
        {"x := ", "if ", "1", "{2}else{3}", "", 6, 3},
    };
    check_nesting(cases, RF_COUNT_OF(cases), 256, "Maximum expression nesting depth of 256 exceeded while parsing expression");
}

static void function_bodies_count_with_what_is_around_them(void **state)
{
    (void)state;
    /* 100 functions and 156 parentheses are 256 */
    rf_buffer text = RF_BUFFER_INIT;
    for (int i = 0; i < 100; i++) rf_buffer_append_text(&text, "func(){x:=");
    char *inner = nest("", "(", 156, "1", ")", "");
    rf_buffer_append_text(&text, inner);
    rf_free(inner);
    for (int i = 0; i < 100; i++) rf_buffer_append_text(&text, "}");
    expect_error(rf_buffer_take(&text), "ok");
    for (int i = 0; i < 100; i++) rf_buffer_append_text(&text, "func(){x:=");
    inner = nest("", "(", 157, "1", ")", "");
    rf_buffer_append_text(&text, inner);
    rf_free(inner);
    for (int i = 0; i < 100; i++) rf_buffer_append_text(&text, "}");
    expect_error(rf_buffer_take(&text),
                 PARSE("1:1157 Maximum expression nesting depth of 256 exceeded while parsing expression"));
}

static void blocks_nest_128_deep(void **state)
{
    (void)state;
    static const struct {
        nest_case one;
        const char *place;
    } cases[] = {
        {{"", "{", "", "}", "", 1, 1}, "block"},
        {{"", "if x {", "", "}", "", 6, 6}, "if block"},
        {{"", "while x {", "", "}", "", 9, 9}, "while body"},
        {{"", "loop {", "", "}", "", 6, 6}, "loop body"},
        {{"", "for x in y {", "", "}", "", 12, 12}, "for loop body"},
        {{"", "func f() {", "", "}", "", 10, 10}, "function body"},
        {{"", "try {", "", "} except {}", "", 5, 5}, "try block"},
        {{"", "spawn {", "", "}", "", 7, 7}, "spawn block"},
        {{"", "match x{case 1:", "y", "}", "", 8, 15}, "match body"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_buffer message = RF_BUFFER_INIT;
        rf_buffer_format(&message, "Maximum block nesting depth of 128 exceeded while parsing %s", cases[i].place);
        check_nesting(&cases[i].one, 1, 128, message.data);
        rf_buffer_release(&message);
    }
    expect_error(nest("", "if x {} else {", 127, "if x {} else {}", "}", ""), "ok");
    expect_error(nest("", "if x {} else {", 128, "if x {} else {}", "}", ""),
                 PARSE("1:1798 Maximum block nesting depth of 128 exceeded while parsing if block"));
    expect_error(nest("", "{", 127, "struct S {}", "}", ""), "ok");
    expect_error(nest("", "{", 128, "struct S {}", "}", ""),
                 PARSE("1:138 Maximum block nesting depth of 128 exceeded while parsing struct body"));
    expect_error(nest("", "{", 128, "enum E {}", "}", ""),
                 PARSE("1:136 Maximum block nesting depth of 128 exceeded while parsing enum body"));
    expect_error(nest("", "test_group \"g\" {", 128, "test \"t\" {}", "}", ""),
                 PARSE("1:2058 Maximum block nesting depth of 128 exceeded while parsing test body"));
    expect_error(nest("", "{", 127, "match x { case 1: {} }", "}", ""),
                 PARSE("1:146 Maximum block nesting depth of 128 exceeded while parsing match case block"));
    expect_error(nest("", "{", 127, "match x { default: {} }", "}", ""),
                 PARSE("1:147 Maximum block nesting depth of 128 exceeded while parsing match default block"));
}

static void patterns_and_types_nest_256_deep(void **state)
{
    (void)state;
    static const nest_case patterns[] = {
        {"let ", "[", "a", "]", " := 1", 5, 1},
        {"let ", "{a:", "b", "}", " := 1", 5, 3},
        {"", "[", "a", "]", " := 1", 1, 1},
        {"match x { case ", "[", "a", "]", ": 1 }", 16, 1},
        {"match x { case ", "V(", "a", ")", ": 1 }", 17, 2},
        {"for ", "[", "a", "]", " in 1 {}", 5, 1},
    };
    check_nesting(patterns, RF_COUNT_OF(patterns), 256,
                  "Maximum expression nesting depth of 256 exceeded while parsing pattern");
    static const nest_case types[] = {
        {"let x: ", "A<", "b", ">", " := 1", 9, 2},
        {"let x: ", "func(", "b", ")", " := 1", 12, 5},
    };
    check_nesting(types, RF_COUNT_OF(types), 256, "Maximum expression nesting depth of 256 exceeded while parsing type");
}

static void literals_hold_4096_elements(void **state)
{
    (void)state;
    expect_error(nest("x := [", "1,", 4096, "", "", "]"), "ok");
    expect_error(nest("x := [", "1,", 4097, "", "", "]"),
                 PARSE("1:8199 Array literal exceeds maximum element count of 4096"));
    expect_error(nest("x := {", "a:1,", 4096, "", "", "}"), "ok");
    expect_error(nest("x := {", "a:1,", 4097, "", "", "}"),
                 PARSE("1:16391 Dictionary literal exceeds maximum item count of 4096"));
}

static void other_lists_hold_32767(void **state)
{
    (void)state;
    static const struct {
        const char *open, *item, *close, *message;
    } lists[] = {
        {"f(", "1,", ")", "1:65537 Argument list exceeds maximum argument count of 32767"},
        {"s.f(", "1,", ")", "1:65539 Argument list exceeds maximum argument count of 32767"},
        {"E::A(", "1,", ")", "1:65540 Argument list exceeds maximum argument count of 32767"},
        {"func f(", "_,", ") {}", "1:65542 Parameter list exceeds maximum parameter count of 32767"},
        {"x := func(", "_,", ") {}", "1:65545 Parameter list exceeds maximum parameter count of 32767"},
        {"x := |", "_,", "| 1", "1:65541 Parameter list exceeds maximum parameter count of 32767"},
        {"x := S{", "a:1,", "}", "1:131076 Struct literal exceeds maximum field count of 32767"},
        {"let [", "_,", "] := 1", "1:65540 Pattern exceeds maximum element count of 32767"},
        {"[", "_,", "] := 1", "1:65536 Pattern exceeds maximum element count of 32767"},
        {"let {", "a:_,", "} := 1", "1:131074 Pattern exceeds maximum element count of 32767"},
        {"match 1 { case [", "_,", "]: 1 }", "1:65551 Pattern exceeds maximum element count of 32767"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(lists); i++) {
        expect_error(nest(lists[i].open, lists[i].item, 32767, "", "", lists[i].close), "ok");
        rf_buffer message = RF_BUFFER_INIT;
        rf_buffer_format(&message, PARSE("%s"), lists[i].message);
        expect_error(nest(lists[i].open, lists[i].item, 32768, "", "", lists[i].close), message.data);
        rf_buffer_release(&message);
    }
    expect_error(nest("match 1 { case A(_", ",_", 32766, "", "", "): 1 }"), "ok");
    expect_error(nest("match 1 { case A(_", ",_", 32767, "", "", "): 1 }"),
                 PARSE("1:65552 Pattern exceeds maximum element count of 32767"));
}

static void places_hold_16384_indexes(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after, *place;
    } places[] = {{"x", " := 1", "1:49154"}, {"x", ".push(1)", "1:49154"}, {"push(x", ", 1)", "1:49159"}, {"a.x", " += 1", "1:49156"}};
    for (size_t i = 0; i < RF_COUNT_OF(places); i++) {
        expect_error(nest(places[i].before, "[0]", 16384, "", "", places[i].after), "ok");
        rf_buffer message = RF_BUFFER_INIT;
        rf_buffer_format(&message, PARSE("%s Place exceeds maximum index count of 16384"), places[i].place);
        expect_error(nest(places[i].before, "[0]", 16385, "", "", places[i].after), message.data);
        rf_buffer_release(&message);
    }
    /* together with those of the places around it */
    expect_error(nest("x[x", "[0]", 8192, "", "", ".pop()][0] := 1"), "ok");
    char *outer = nest("y", "[0]", 8192, "", "", "[x");
    expect_error(nest(outer, "[0]", 8192, "", "", ".pop()] := 1"), "ok");
    expect_error(nest(outer, "[0]", 8193, "", "", ".pop()] := 1"),
                 PARSE("1:49156 Place exceeds maximum index count of 16384"));
    rf_free(outer);
}

static void sources_hold_a_mebibyte(void **state)
{
    (void)state;
    expect_error(nest("", " ", 1048576, "", "", ""), "ok");
    expect_error(nest("", " ", 1048577, "", "", ""),
                 PARSE("1:1 Source size 1048577 bytes exceeds maximum allowed 1048576 bytes"));
}

static void long_chains_do_not_nest(void **state)
{
    (void)state;
    static const struct {
        const char *before, *link, *after;
    } cases[] = {
        {"x := 1", "+1", ""}, {"x := 1", "??1", ""}, {"x := a", ".b", ""}, {"x := a", "[0]", ""},
        {"x := f", "()", ""}, {"x := a", "? ", ""}, {"x := a", ".b()", ""}, {"x := 1", " and 1", ""},
        {"x := ", "if a{b}else ", "if a{b}else{c}"}, {"if a{}", "else if a{}", ""}, {"x: A", "? ", " := 1"},
        {"x: A", "[]", " := 1"}, {"x: ", "func()->", "A := 1"}, {"x: A", "|A", " := 1"}, {"x := 1", "|>f", ""},
        {"a", ".b", " := 1"}, {"x := 1", "*1", " == 2"}, {"import a", ".b", ""}, {"", ";", ""},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        size_t count = 1000000 / strlen(cases[i].link);
        char *source = nest(cases[i].before, cases[i].link, count, "", "", cases[i].after);
        char *dump = probe_dump(source, NULL);
        if (!strstr(dump, "#0 <module>()")) fail_msg("%s...: %.200s", cases[i].link, dump);
        rf_free(dump);
        rf_free(source);
    }
}

static void reports_have_the_documented_form(void **state)
{
    (void)state;
    static const struct {
        const char *source, *report;
    } cases[] = {
        {"\"\\q\" @", "[RUFLEX005] [lexer] error: Invalid escape sequence: \\q\n  --> t.ruff:1:3\n"
                    "  = help: Fix the lexical error in source and run again.\n"
                    "[RUFLEX001] [lexer] error: Invalid character: '@'\n  --> t.ruff:1:6\n"
                    "  = help: Fix the lexical error in source and run again.\n"},
        {"print(1", "[RUFPARSE001] [parser] error: Expected ')' to close function call arguments but found Eof\n"
                    "  --> t.ruff:1:8\n  = help: Fix the parse error and rerun Ruff.\n"},
        {"break", "[RUFRUN001] [runtime] Runtime Error: break can only be used inside a loop\n  --> t.ruff:1:1\n"},
    };
    rf_front front = probe_front();
    rf_unit_options options = {.path = "t.ruff"};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_unit *unit = NULL;
        ruff_error err = RUFF_ERROR_INIT;
        assert_int_equal(rf_unit_load(cases[i].source, strlen(cases[i].source), &options, &front, &unit, &err),
                         RUFF_E_SYNTAX);
        assert_string_equal(err.report, cases[i].report);
        assert_string_equal(err.file, "t.ruff");
        ruff_error_release(&err);
    }
}

static void twenty_lexical_errors_are_reported(void **state)
{
    (void)state;
    char *source = nest("", "@\n", 30, "", "", "");
    rf_front front = probe_front();
    rf_unit_options options = {.path = "t.ruff"};
    rf_unit *unit = NULL;
    ruff_error err = RUFF_ERROR_INIT;
    assert_int_equal(rf_unit_load(source, strlen(source), &options, &front, &unit, &err), RUFF_E_SYNTAX);
    size_t count = 0;
    for (const char *at = err.report; (at = strstr(at, "RUFLEX001")); at++) count++;
    assert_int_equal(count, 20);
    assert_non_null(strstr(err.report, "t.ruff:20:1"));
    ruff_error_release(&err);
    rf_free(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_tokens_name_their_context),
        cmocka_unit_test(missing_parts_name_what_is_expected),
        cmocka_unit_test(assignments_need_a_place_and_one_operator),
        cmocka_unit_test(interpolations_must_be_one_expression),
        cmocka_unit_test(lambda_braces_that_look_like_a_dict_are_refused),
        cmocka_unit_test(front_end_errors_come_before_running),
        cmocka_unit_test(expressions_nest_256_deep),
        cmocka_unit_test(function_bodies_count_with_what_is_around_them),
        cmocka_unit_test(blocks_nest_128_deep),
        cmocka_unit_test(patterns_and_types_nest_256_deep),
        cmocka_unit_test(literals_hold_4096_elements),
        cmocka_unit_test(other_lists_hold_32767),
        cmocka_unit_test(places_hold_16384_indexes),
        cmocka_unit_test(sources_hold_a_mebibyte),
        cmocka_unit_test(long_chains_do_not_nest),
        cmocka_unit_test(reports_have_the_documented_form),
        cmocka_unit_test(twenty_lexical_errors_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
