/* What code the compiler makes: golden listings for the shapes that speed rests on, and one program that needs every
 * opcode. */
#include "listing.h"

#include "base/alloc.h"
#include "vm/opcode.h"

#include <string.h>

static void recursion_is_a_handful_of_instructions(void **state)
{
    listing_expect(*state, "func fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }", "fib",
                   "JNLTI r0 #2 -> 2\n"
                   "RETURN r0 1\n"
                   "SUBI r2 r0 #1\n"
                   "CALLFN r1 1 <fib>\n"
                   "SUBI r3 r0 #2\n"
                   "CALLFN r2 1 <fib>\n"
                   "ADD r1 r1 r2\n"
                   "RETURN r1 1\n"
                   "RETURNNULL 1\n");
}

static void a_range_that_is_iterated_builds_no_array(void **state)
{
    listing_expect(*state, "func f(n) { s := 0 for i in range(n) { s := s + i * 2 } return s }", "f",
                   "LOADI r1 #0\n"
                   "MOVE r3 r0\n"
                   "RANGEPREP r3 1 -> 5\n"
                   "MULI r7 r2 #2\n"
                   "ADD r1 r1 r7\n"
                   "RANGENEXT r3 r2 -> 3\n"
                   "RETURN r1 3\n"
                   "RETURNNULL 3\n");
}

static void a_shadowed_range_is_called(void **state)
{
    program *p = *state;
    listing_load(p, "func range(n) { return [7] }\nfunc f() { for i in range(3) { print(i) } }");
    assert_int_equal(listing_count(p, "f", RF_OP_RANGEPREP), 0);
    assert_int_equal(listing_count(p, "f", RF_OP_CALLFN), 1);
}

static void pairs_of_a_dict_are_not_made(void **state)
{
    program *p = *state;
    listing_load(p, "func f(d) { for [k, v] in items(d) { } }\nfunc g(d) { for pair in items(d) { } for [k] in items(d) { } }");
    assert_int_equal(listing_count(p, "f", RF_OP_ENTRYVALUE), 1);
    assert_int_equal(listing_count(p, "f", RF_OP_ITEM), 0);
    assert_int_equal(listing_count(p, "g", RF_OP_ENTRIES), 0);
}

static void pushing_to_a_local_is_one_instruction(void **state)
{
    listing_expect(*state, "func f(xs, v) { push(xs, v) xs.push(v) return xs }", "f",
                   "PUSH r0 r1 .push/1 skip 1\n"
                   "DROP r2 1\n"
                   "PUSH r0 r1 .push/1 skip 1\n"
                   "DROP r2 1\n"
                   "RETURN r0 2\n"
                   "RETURNNULL 2\n");
}

static void pushing_to_a_place_is_tried_first(void **state)
{
    listing_expect(*state, "struct B { xs = [], func add(self, v) { self.xs.push(v) } }", "B.add",
                   "PUSHPLACE r1 <r0.xs> -> 7\n"
                   "GETFIELD r3 r0 .xs\n"
                   "MOVE r4 r1\n"
                   "CALLMETHOD r2 .push/1 <r0.xs> skip 2\n"
                   "SETPLACE r3 <r0.xs>\n"
                   "MARKSELF\n"
                   "DROP r2 1\n"
                   "RETURNNULL 2\n");
}

static void a_variable_that_is_replaced_is_moved(void **state)
{
    listing_expect(*state, "func f(xs, v) { xs := insert(xs, 0, v) return xs }", "f",
                   "MOVE r3 r0\n"
                   "LOADI r4 #0\n"
                   "MOVE r5 r1\n"
                   "CALLC r2 3 insert\n"
                   "MOVE r0 r2\n"
                   "RETURN r0 2\n"
                   "RETURNNULL 2\n");
}

static void a_variable_that_a_handler_can_see_is_not_moved(void **state)
{
    program *p = *state;
    listing_load(p, "func g(xs) { return xs }\n"
                    "func f(xs) { try { xs := g(xs) } except { } return xs }");
    char *listing = listing_of(p, "f");
    assert_non_null(strstr(listing, "COPY r2 r0\n"));
    rf_free(listing);
}

static void sums_of_texts_are_joined_at_once(void **state)
{
    listing_expect(*state, "func f(a, b) { return \"a=\" + a + \", b=\" + b }", "f",
                   "LOADK r2 \"a=\"\n"
                   "MOVE r3 r0\n"
                   "LOADK r4 \", b=\"\n"
                   "MOVE r5 r1\n"
                   "CONCAT r2 r2 4\n"
                   "RETURN r2 2\n"
                   "RETURNNULL 2\n");
}

static void what_calls_come_after_is_text_by_then(void **state)
{
    program *p = *state;
    listing_load(p, "func g() { return 1 }\nfunc f(a) { return \"x\" + a + g() }");
    assert_int_equal(listing_count(p, "f", RF_OP_TEXT), 1);
}

static void accesses_form_chains(void **state)
{
    listing_expect(*state, "func f(m, i) { return m[i][0].x }", "f",
                   "CHAIN_GETINDEX r2 r0 r1\n"
                   "GETINDEXI_T r2 r2 #0\n"
                   "GETFIELD_T r2 r2 .x\n"
                   "RETURN r2 2\n"
                   "RETURNNULL 2\n");
}

static void stores_into_parts_are_one_instruction(void **state)
{
    listing_expect(*state, "func f(m, i, v) { m[i] := v m.x := v m[i][i] := v }", "f",
                   "SETINDEX r0 r1 r2\n"
                   "SETFIELD r0 r2 .x\n"
                   "SETPLACE r2 <r0[r1][r1]>\n"
                   "RETURNNULL 3\n");
}

static void swapping_builds_no_array(void **state)
{
    program *p = *state;
    listing_load(p, "func f(a, b) { [a, b] := [b, a] return a }");
    assert_int_equal(listing_count(p, "f", RF_OP_NEWARRAY), 0);
    assert_int_equal(listing_count(p, "f", RF_OP_ITEM), 0);
}

static void constants_are_part_of_instructions(void **state)
{
    listing_expect(*state,
                   "func f(x) { if x > 1.5 && x != \"a\" { return 2.0 * x / 100000 } return 1 - x }", "f",
                   "JNGTK r0 1.5 -> 5\n"
                   "JNNEK r0 \"a\" -> 5\n"
                   "KMUL r1 2 r0\n"
                   "DIVK r1 r1 100000\n"
                   "RETURN r1 1\n"
                   "KSUB r1 1 r0\n"
                   "RETURN r1 1\n"
                   "RETURNNULL 1\n");
}

static void methods_on_places_are_followed_by_their_store(void **state)
{
    listing_expect(*state, "func f(xs, i) { xs[i].bump(2) }", "f",
                   "GETINDEX r3 r0 r1\n"
                   "LOADI r4 #2\n"
                   "CALLMETHOD r2 .bump/1 <r0[r1]> skip 1\n"
                   "SETPLACE r3 <r0[r1]>\n"
                   "DROP r2 1\n"
                   "RETURNNULL 2\n");
}

static void a_dict_of_constant_keys_is_one_instruction(void **state)
{
    listing_expect(*state, "func f(x) { return {at: x, \"size\": 2} }", "f",
                   "MOVE r2 r0\n"
                   "LOADI r3 #2\n"
                   "NEWRECORD r1 2 literal 0\n"
                   "RETURN r1 1\n"
                   "RETURNNULL 1\n");
    program *p = *state;
    listing_load(p, "func f(x) { return [{a: x, a: 2}, {\"1\": x}, {(x): 1}, {a: 1, ...x}, {}] }");
    assert_int_equal(listing_count(p, "f", RF_OP_NEWRECORD), 0);
    assert_int_equal(listing_count(p, "f", RF_OP_NEWDICT), 5);
}

/* ---- every opcode ---- */

static const char every_opcode[] =
    "from missing import thing\n"
    "g := 0\n"
    "func touch() { g := g + [1] touch() return g[0] }\n"
    "func cells(a) {\n"
    "    x := [a] y := print f := func() { x := [x[0], x] return [a[0], a, y] } push(a, x) a[0] := 1\n"
    "    if a { z := 1 } g := func() { z := 2 return [z, y[0], helper, outer] }\n"
    "    func helper() { return outer } func outer() { return [helper, a] }\n"
    "    return [x, x[0], z, len(x)]\n"
    "}\n"
    "func counter() { n := 0 m := 5 h := later return func() { n := n + 1 return [n, m, h] } later := 1 }\n"
    "func late() { f := func() { return [soon, soon] } soon := 1 return f }\n"
    "func unset(c) { if c { u := 1 } return u }\n"
    "func again() { for i in 3 { if i { later := later0 } later0 := i } }\n"
    "func arith(a, b) {\n"
    "    c := a + b c := a - b c := a * b c := a / b c := a % b c := a + 1 c := a - 1 c := a * 1 c := a / 1 c := a % 2\n"
    "    c := a + 1.5 c := a - 1.5 c := a * 1.5 c := a / 1.5 c := a % 1.5 c := 1 + a c := 1 - a c := 1 * a c := 1 / a\n"
    "    c := -a c := !a c := a == b c := a != b c := a < b c := a <= b c := a > b c := a >= b c := a && b\n"
    "    return [null, true, undefined_name]\n"
    "}\n"
    "func jumps(a, b) {\n"
    "    while a == b { a := 1 } while a != b { a := 1 } while a < b { a := 1 } while a <= b { a := 1 }\n"
    "    while a > b { a := 1 } while a >= b { a := 1 }\n"
    "    if a == b { a := 1 } if a != b { a := 1 } if a < b { a := 1 } if a <= b { a := 1 } if a > b { a := 1 }\n"
    "    if a >= b { a := 1 }\n"
    "    while a == 1 { a := 1 } while a != 1 { a := 1 } while a < 1 { a := 1 } while a <= 1 { a := 1 }\n"
    "    while a > 1 { a := 1 } while a >= 1 { a := 1 }\n"
    "    if a == 1 { a := 1 } if a != 1 { a := 1 } if a < 1 { a := 1 } if a <= 1 { a := 1 } if a > 1 { a := 1 }\n"
    "    if a >= 1 { a := 1 }\n"
    "    while a == \"\" { a := 1 } while a != \"\" { a := 1 } while a < \"\" { a := 1 } while a <= \"\" { a := 1 }\n"
    "    while a > \"\" { a := 1 } while a >= \"\" { a := 1 }\n"
    "    if a == \"\" { a := 1 } if a != \"\" { a := 1 } if a < \"\" { a := 1 } if a <= \"\" { a := 1 }\n"
    "    if a > \"\" { a := 1 } if a >= \"\" { a := 1 }\n"
    "    while a { a := 1 } if a { a := 1 }\n"
    "    return a?.x() ?? b\n"
    "}\n"
    "func build(a, f) {\n"
    "    c := [...a, 1] c := {\"k\": a, (a): 1, ...a} c := {k: a} c := \"t\" + a + f(1) c := a?.x c := len(a)\n"
    "    c := a[0] c := f()[0] c := a[f] c := f()[f] c := a.x c := f().x c := abs(a) c := str(f())\n"
    "    c := P { x: 1, ...a } c := Nope { x: 1 } c := E::A(1)\n"
    "    c := sort_by_key(a) c := map(a, f) c := a.len()\n"
    "    c := a[0][1] c := a[f][1] c := a.x.y\n"
    "    push(a, 1) a[0] := 1 a.sort() a[f()].x := 1 a[f()].x += 1 a[0].sort() push(a[0], 1) g += \"x\"\n"
    "}\n"
    "struct P {\n"
    "    x\n"
    "    func own() { x := x + x.y return x }\n"
    "    func mark(self) { self.x := 1 }\n"
    "    func cell(self) { f := func() { self.x := 2 } f() self.x := 3 }\n"
    "    func kept(self) { f := func() { return self } self := 1 return f }\n"
    "}\n"
    "enum E { A }\n"
    "const K := [1]\n"
    "func refused() { K := 2 }\n"
    "func refused_part() { K[0] := 2 }\n"
    "func refused_twice() { const a := 1 const a := 2 }\n"
    "func loops(a) { for x in a { } for i in range(3) { } for [k, v] in items(a) { } [u, [v], ...w] := a {k, ...r} := a return u }\n"
    "func matches(a) {\n"
    "    match a { case 1: { } case [x, y]: { } case {k: 1, ...r}: { } case Some(z): { } }\n"
    "}\n"
    "func* gen() { yield 1 }\n"
    "func ends(a) { try { throw a } except e { } return a? }\n"
    "async func waits(a) { await a }\n"
    "spawn { print(g) }\n"
    "Some(1)?\n"
    "1 + 1\n"
    "test \"t\" { print(1) }\n";

static void note_opcodes(const rf_proto *proto, bool *seen)
{
    for (uint32_t pc = 0; pc < proto->code_count; pc++) seen[proto->code[pc].op] = true;
}

/* Opcodes that need a function of many thousand variables, constants or lines: test_limits.c. */
static bool is_for_giants(unsigned op)
{
    return op == RF_OP_GETWIDE || op == RF_OP_SETWIDE || op == RF_OP_TOOLARGE || op == RF_OP_EXTEND ||
           op == RF_OP_PAGE || op == RF_OP_UNPACK;
}

static void every_opcode_is_used(void **state)
{
    program *p = *state;
    bool seen[RF_OP_COUNT] = {false};
    rf_module *module = listing_load(p, every_opcode);
    for (size_t i = 0; i < module->unit->funcs.count; i++)
        note_opcodes(listing_proto_of(p, module->unit->funcs.data[i]), seen);
    seen[RF_OP_ECHO] = true; /* REPL */
    for (unsigned op = 0; op < RF_OP_COUNT; op++)
        if (!seen[op] && !is_for_giants(op)) print_error("unused: %s\n", rf_op_infos[op].name);
    for (unsigned op = 0; op < RF_OP_COUNT; op++) assert_true(seen[op] || is_for_giants(op));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(recursion_is_a_handful_of_instructions, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(a_range_that_is_iterated_builds_no_array, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(pairs_of_a_dict_are_not_made, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(a_shadowed_range_is_called, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(pushing_to_a_local_is_one_instruction, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(pushing_to_a_place_is_tried_first, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(a_variable_that_is_replaced_is_moved, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(a_variable_that_a_handler_can_see_is_not_moved, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(sums_of_texts_are_joined_at_once, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(what_calls_come_after_is_text_by_then, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(accesses_form_chains, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(stores_into_parts_are_one_instruction, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(swapping_builds_no_array, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(constants_are_part_of_instructions, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(methods_on_places_are_followed_by_their_store, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(a_dict_of_constant_keys_is_one_instruction, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(every_opcode_is_used, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
