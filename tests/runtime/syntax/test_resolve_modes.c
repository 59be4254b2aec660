/* The REPL, tests, exports and the prelude (LANGUAGE 13.3, 19, 20). */
#include "probe.h"

#include "syntax/updater.h"

#include "base/alloc.h"
#include "support/ruff_test.h"

#include <string.h>

static void repl_variables_are_module_slots(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"x := 1 func f() { return y + len + x } x f",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:f M1:x M2:y(reserved) M3:len(reserved)\n"
         "  hoist f\n"
         "  assign x@M1 := 1\n"
         "  func f@M0 #1\n"
         "  show x@M1\n"
         "  show f@M0\n"
         "#1 f() slots=0\n"
         "  return (+ (+ y@M2? len@M3?) x@M1?)\n"},
        {"if a { b := 1 }",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:b\n"
         "  if a@-\n"
         "    assign b@M0 := 1\n"},
        {"func f() { push(xs, 1) q := later z.a := 1 }",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:f M1:xs(reserved) M2:later(reserved) M3:z(reserved)\n"
         "  hoist f\n"
         "  func f@M0 #1\n"
         "#1 f() slots=1\n"
         "  scope L0:q\n"
         "  update push xs@M1? updates=1 1\n"
         "  assign q@L0 := later@M2?\n"
         "  assign z@M3?.a := 1\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), &(probe_options){.is_repl = true});
}

static void tests_own_all_their_code(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"x := 1 test_setup { a := x } test \"t\" { a := a + 1 f(a) } test_teardown { f(a) }",
         "#0 <module>() slots=0 hidden\n"
         "  scope M0:x\n"
         "  assign x@M0 := 1\n"
         "#1 <anonymous function>() slots=1 hidden\n"
         "  scope L0:a!\n"
         "  test\n"
         "  decls\n"
         "  setup\n"
         "    block\n"
         "      assign a@L0 := x@M0?\n"
         "  body\n"
         "    assign a@L0 := (+ a@L0? 1)\n"
         "    eval (call f@- a@L0)\n"
         "  teardown\n"
         "    block\n"
         "      eval (call f@- a@L0?)\n"
         "test \"t\" #1\n"},
        {"test_group \"g\" { func h() { return b } const K := 1 test_setup { b := K } test \"1\" { b h() K } "
         "test_group \"i\" { test_setup { c := b } test_setup { d := 1 } test \"2\" { func h() {} b d } "
         "test_teardown { d } } test_teardown { b } }",
         "#0 <module>() slots=0 hidden\n"
         "#1 <anonymous function>() slots=3 hidden\n"
         "  scope L0:h! L1:K!= L2:b~\n"
         "  test\n"
         "  decls\n"
         "    hoist h\n"
         "    func h@L0 #3\n"
         "    const K@L1 := 1\n"
         "  setup\n"
         "    block\n"
         "      assign b@L2~ := K@L1?\n"
         "  body\n"
         "    eval b@L2~?\n"
         "    eval (call h@L0?)\n"
         "    eval K@L1?\n"
         "  teardown\n"
         "    block\n"
         "      eval b@L2~?\n"
         "#2 <anonymous function>() slots=4 hidden\n"
         "  scope L0:h L1:K!= L2:b~ L3:d!\n"
         "  test\n"
         "  decls\n"
         "    hoist h\n"
         "    func h@L0 #4\n"
         "    const K@L1 := 1\n"
         "  setup\n"
         "    block\n"
         "      assign b@L2~ := K@L1?\n"
         "    block\n"
         "      assign d@L3 := 1\n"
         "  body\n"
         "    hoist h\n"
         "    func h@L0 #5\n"
         "    eval b@L2~?\n"
         "    eval d@L3?\n"
         "  teardown\n"
         "    block\n"
         "      eval d@L3?\n"
         "    block\n"
         "      eval b@L2~?\n"
         "#3 h() slots=0\n"
         "  captures b@L2~\n"
         "  return b@C0~?\n"
         "#4 h() slots=0\n"
         "  captures b@L2~\n"
         "  return b@C0~?\n"
         "#5 h() slots=0\n"
         "test \"1\" #1\n"
         "test \"2\" #2\n"},
        {"test \"t\" { func f() { return y } y := 1 x? }",
         "#0 <module>() slots=0 hidden\n"
         "#1 <anonymous function>() slots=2 hidden\n"
         "  scope L0:f L1:y~\n"
         "  test\n"
         "  decls\n"
         "  setup\n"
         "  body\n"
         "    hoist f\n"
         "    func f@L0 #2\n"
         "    assign y@L1~ := 1\n"
         "    eval (try! x@-)\n"
         "  teardown\n"
         "#2 f() slots=0\n"
         "  captures y@L1~\n"
         "  return y@C0~?\n"
         "test \"t\" #1\n"},
    };
    probe_check_dumps(cases, RF_COUNT_OF(cases), &(probe_options){.with_tests = true});
}

static void tests_are_dropped_unless_asked_for(void **state)
{
    (void)state;
    rf_unit *unit = probe_load("x := 1 test \"t\" { func f() {} } test_group \"g\" { y := 2 test \"u\" {} }", NULL);
    assert_int_equal(unit->tests.count, 0);
    assert_int_equal(unit->funcs.count, 1);
    assert_int_equal(unit->statement_count, 3);
    rf_unit_free(unit);
}

static void setups_and_teardowns_are_counted_from_the_outside_in(void **state)
{
    (void)state;
    rf_unit *unit = probe_load("test_setup { a } test_teardown { b } test_group \"g\" { test \"t\" {} test_setup { c } }"
                               "test \"u\" {}",
                               &(probe_options){.with_tests = true});
    assert_int_equal(unit->tests.count, 2);
    assert_string_equal(unit->tests.data[0].name, "t");
    assert_int_equal(unit->tests.data[0].setup_count, 2);
    assert_int_equal(unit->tests.data[0].teardown_count, 1);
    assert_int_equal(unit->tests.data[1].setup_count, 1);
    assert_true(unit->tests.data[0].func->is_hidden);
    rf_unit_free(unit);
}

/* ---- the REPL ---- */

static char *dump_inputs(const char *const *inputs, size_t count)
{
    rf_unit *units[8] = {0};
    char *dump = NULL;
    for (size_t i = 0; i < count; i++) {
        probe_options options = {.is_repl = true, .previous = i ? units[i - 1] : NULL};
        if (i + 1 == count) dump = probe_dump(inputs[i], &options);
        units[i] = probe_load(inputs[i], &options);
    }
    for (size_t i = 0; i < count; i++) rf_unit_free(units[i]);
    return dump;
}

static void inputs_share_the_slots_of_the_module(void **state)
{
    (void)state;
    static const struct {
        const char *inputs[4];
        size_t count;
        const char *dump;
    } cases[] = {
        {{"x := 1", "x + 1"}, 2, "#0 <module>() slots=0 hidden\n  scope M0:x\n  show (+ x@M0? 1)\n"},
        /* what a function read before is the variable declared later */
        {{"func f() { return later }", "let later := 1"},
         2,
         "#0 <module>() slots=0 hidden\n  scope M0:f M1:later\n  let later@M1 := 1\n"},
        /* an earlier declaration precedes everything */
        {{"x := 1", "func f() { x := 2 }"},
         2,
         "#0 <module>() slots=0 hidden\n  scope M0:x M1:f\n  hoist f\n  func f@M1 #1\n#1 f() slots=0\n  assign x@M0 := 2\n"},
        /* but one that is only read so far does not */
        {{"func f() { return x }", "func g() { x := 2 }"},
         2,
         "#0 <module>() slots=0 hidden\n  scope M0:f M1:x(reserved) M2:g\n  hoist g\n  func g@M2 #1\n#1 g() slots=1\n"
         "  scope L0:x\n  assign x@L0 := 2\n"},
        {{"const a := 1", "const a := 2"},
         2,
         "#0 <module>() slots=0 hidden\n  scope M0:a=\n  const a@M0!duplicate := 2\n"},
        {{"const f := 1", "func f() {}"},
         2,
         "#0 <module>() slots=0 hidden\n  scope M0:f=\n  duplicate func f@M0 #1\n#1 f() slots=0\n"},
        /* a built-in read by a function can still be replaced */
        {{"func f() { return len(1) }", "func len(x) { return x }", "len"},
         3,
         "#0 <module>() slots=0 hidden\n  scope M0:f M1:len\n  show len@M1\n"},
        {{"xs := []", "push(xs, 1)", "if xs { 1 }"},
         3,
         "#0 <module>() slots=0 hidden\n  scope M0:xs\n  if xs@M0?\n    eval 1\n"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        char *dump = dump_inputs(cases[i].inputs, cases[i].count);
        assert_string_equal(dump, cases[i].dump);
        rf_free(dump);
    }
}

static void earlier_variables_keep_their_built_in(void **state)
{
    (void)state;
    rf_unit *first = probe_load("func f() { return len }", &(probe_options){.is_repl = true});
    rf_unit *second = probe_load("f()", &(probe_options){.is_repl = true, .previous = first});
    assert_int_equal(second->module_vars.count, 2);
    assert_string_equal(second->module_vars.data[1]->name->text, "len");
    assert_int_equal(second->module_vars.data[1]->builtin, 3);
    assert_true(second->module_vars.data[1]->is_reserved);
    rf_unit_free(second);
    rf_unit_free(first);
}

/* ---- exports ---- */

static void append_name(void *sink, const char *name, size_t size)
{
    rf_buffer *text = sink;
    rf_buffer_append(text, name, size);
    rf_buffer_append_byte(text, ' ');
}

static void exports_are_found_without_resolving(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"export func f() {} pub let [a, {b, c: d}, ...r] := x export const K = 1 export y := 1 export z export struct S {}"
         "export enum E {} export w[0] := 1 q := 1 export _ := 1 export f()",
         "f a b d r K y z S E w "},
        {"export x := ", NULL},
        {"export break", NULL},
        {"break", NULL},
        {"", ""},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_buffer names = RF_BUFFER_INIT;
        rf_buffer_append_text(&names, "");
        bool is_read = rf_unit_scan_exports(cases[i].source, strlen(cases[i].source), append_name, &names);
        assert_int_equal(is_read, cases[i].expected != NULL);
        if (cases[i].expected) assert_string_equal(names.data, cases[i].expected);
        rf_buffer_release(&names);
    }
}

static void unknown_modules_leave_names_open(void **state)
{
    (void)state;
    rf_unit *unit = probe_load("import elsewhere", NULL);
    assert_true(unit->has_open_import);
    rf_unit_free(unit);
    unit = probe_load("import geo from elsewhere import a", NULL);
    assert_false(unit->has_open_import);
    rf_unit_free(unit);
}

/* ---- what engines rely on ---- */

static void prelude_functions_are_hidden(void **state)
{
    (void)state;
    rf_unit *unit = probe_load("func map(a, f) { return |x| f(x) }", &(probe_options){.is_prelude = true});
    for (size_t i = 0; i < unit->funcs.count; i++) assert_true(unit->funcs.data[i]->is_hidden);
    /* hoisting gives `map` its value before anything can read it, so it never holds the built-in */
    assert_int_equal(unit->main->body->scope->vars[0]->builtin, -1);
    rf_unit_free(unit);
}

static void functions_know_their_slots_and_parents(void **state)
{
    (void)state;
    rf_unit *unit = probe_load("func f(a, _, b) { c := 1 return || c }", NULL);
    const rf_func *f = unit->funcs.data[1], *inner = unit->funcs.data[2];
    assert_int_equal(f->slot_count, 4);
    assert_ptr_equal(f->vars[0], f->params[0].var);
    assert_null(f->vars[1]);
    assert_null(f->params[1].var);
    assert_ptr_equal(f->vars[2], f->params[2].var);
    assert_string_equal(f->vars[3]->name->text, "c");
    assert_ptr_equal(inner->parent, f);
    assert_ptr_equal(f->parent, unit->main);
    assert_null(unit->main->parent);
    assert_true(inner->is_lambda);
    rf_unit_free(unit);
}

static void declarations_never_reassigned_are_constants(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        bool is_constant;
    } cases[] = {
        {"func f() {}", true},           {"func f() { f() }", true}, {"func f() {} f := 1", false},
        {"func f() {} func f() {}", false}, {"struct f {}", true},      {"func f() {} func g() { f := 2 }", false},
        {"enum f { A }", true},          {"f := 1", false},          {"func f() {} f[0] := 1", false},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_unit *unit = probe_load(cases[i].source, NULL);
        const rf_scope *scope = unit->main->body->scope;
        for (uint32_t v = 0; v < scope->var_count; v++)
            if (strcmp(scope->vars[v]->name->text, "f") == 0)
                assert_int_equal(scope->vars[v]->only_decl != NULL, cases[i].is_constant);
        rf_unit_free(unit);
    }
}

static void updaters_depend_on_the_form(void **state)
{
    (void)state;
    assert_int_equal(rf_updater_find("push", 4, false), RF_UPDATES_ARRAY);
    assert_int_equal(rf_updater_find("push", 4, true), RF_UPDATES_ARRAY | RF_UPDATES_STACK);
    assert_int_equal(rf_updater_find("remove", 6, true),
                     RF_UPDATES_ARRAY | RF_UPDATES_SET | RF_UPDATES_DICT << RF_UPDATES_PAIR_SHIFT);
    assert_int_equal(rf_updater_find("remove", 6, false),
                     RF_UPDATES_ARRAY | RF_UPDATES_DICT << RF_UPDATES_PAIR_SHIFT);
    assert_int_equal(rf_updater_find("pop", 3, false), RF_UPDATES_ARRAY << RF_UPDATES_PAIR_SHIFT);
    assert_int_equal(rf_updater_find("add_argument", 12, true), RF_UPDATES_PARSER);
    assert_int_equal(rf_updater_find("add_argument", 12, false), 0);
    assert_int_equal(rf_updater_find("len", 3, true), 0);
    assert_int_equal(rf_updater_find("pus", 3, true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repl_variables_are_module_slots),
        cmocka_unit_test(tests_own_all_their_code),
        cmocka_unit_test(tests_are_dropped_unless_asked_for),
        cmocka_unit_test(setups_and_teardowns_are_counted_from_the_outside_in),
        cmocka_unit_test(inputs_share_the_slots_of_the_module),
        cmocka_unit_test(earlier_variables_keep_their_built_in),
        cmocka_unit_test(exports_are_found_without_resolving),
        cmocka_unit_test(unknown_modules_leave_names_open),
        cmocka_unit_test(prelude_functions_are_hidden),
        cmocka_unit_test(functions_know_their_slots_and_parents),
        cmocka_unit_test(declarations_never_reassigned_are_constants),
        cmocka_unit_test(updaters_depend_on_the_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
