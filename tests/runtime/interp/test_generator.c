/* Generators that are not run to their end (LANGUAGE 11.3): nothing of them is left and none of their code runs. */
#include "support/program.h"

#include "base/alloc.h"

static void abandoned_in_the_middle_of_anything(void **state)
{
    static const char *const bodies[] = {
        "x := [1, [2], yield 1]",
        "x := {\"a\": [1], \"b\": yield 1}",
        "x := \"${[1]} ${yield 1}\"",
        "x := [1] + [2] + (yield 1)",
        "x := len([[1], yield 1])",
        "x := [[1]][yield 1]",
        "xs := [[1]] xs[0][yield 1] := [2]",
        "xs := [[1]] xs[0][0] += yield 1",
        "xs := [[1]] push(xs[0], yield 1)",
        "xs := [[1]] xs[0].push(yield 1)",
        "for a in [[1], [2]] { for b in {\"k\": [3]} { yield b } }",
        "for i := [1]; true; i := [2] { yield i }",
        "match [[1]] { case [y] if (yield y): print(y) }",
        "match [[1]] { case [y]: yield y }",
        "try { try { yield [1] } except e { print(\"inner\") } } except e { print(\"outer\") }",
        "try { throw [1] } except e { yield e }",
        "func inner() { return [1] } yield inner yield inner()",
        "struct S { a, b } x := S { a: [1], b: yield 1 }",
        "enum E { A } x := E::A([1], yield 1)",
        "[a, b] := [[1], yield 1]",
        "f := |v| [v, n] yield f",
        "[1] |> (|v| v)(yield 1)",
        "return [[1], yield 1]",
        "if true { let held := [n] if held { yield held } }",
        "for v in other() { yield v }",
        "yield [1].iter().map(|v| [v]).next()",
    };
    for (size_t i = 0; i < RF_COUNT_OF(bodies); i++) {
        rf_buffer source = RF_BUFFER_INIT;
        rf_buffer_format(&source,
                         "func* other() { held := [[1]] yield held print(\"never\") }\n"
                         "func* g(n) { local := [n]; %s; print(\"never\") }\n"
                         "a := g([5])\na.next()\n"
                         "b := g([6])\nb.next()\nb := null\n"
                         "for x in g([7]) { break }\n"
                         "func f() { c := g([8]) c.next() return 1 }\nf()\n",
                         bodies[i]);
        program_prints(*state, source.data, "");
        rf_buffer_release(&source);
    }
}

static void unfinished_generators_in_cycles_are_collected(void **state)
{
    program_prints(*state,
                   "func* g(box) { held := [box, box] me := null\n"
                   "    look := func() { return [me, held] }\n"
                   "    me := look\n"
                   "    yield look yield held }\n"
                   "func make(i) { it := g([i]) it.next() hold := null\n"
                   "    hold := func() { return [hold, it] } return i }\n"
                   "sum := 0\n"
                   "for i in 25000 { sum += make(i) }\n"
                   "print(sum)\n",
                   "312487500\n");
}

static void an_error_in_flight_survives_the_end_of_a_generator(void **state)
{
    program_prints(*state,
                   "func* g() { try { yield 1 } except e { print(\"never\") } }\n"
                   "func f() { it := g() it.next() throw \"kept\" }\n"
                   "try { f() } except e { print(e.message, e.stack) }\n"
                   "for x in g() { try { throw \"inside\" } except e { print(e.message) break } }\n",
                   "kept [f]\ninside\n");
}

static void generators_are_stepped_from_different_depths_and_tasks(void **state)
{
    program_prints(*state,
                   "func* count() { n := 0 loop { n += 1 yield n } }\n"
                   "it := count()\n"
                   "func deep(n) { return if n == 0 { it.next().value } else { deep(n - 1) } }\n"
                   "print(deep(0), deep(5000), deep(1))\n"
                   "async func task(turns) { for _ in turns { await async_sleep(0) } return it.next().value }\n"
                   "a := task(2)\nb := task(1)\n"
                   "print(it.next().value, await a, await b)\n"
                   "func* awaiting() { yield await async_sleep(1) yield it.next().value }\n"
                   "print(awaiting().collect(), it.next())\n",
                   "1 2 3\n4 6 5\n[null, 7] Some(8)\n");
}

static void many_live_generators_share_no_state(void **state)
{
    program_prints(*state,
                   "func* g(n) { for i in 3 { yield n * 10 + i } }\n"
                   "all := []\n"
                   "for i in 3000 { push(all, g(i)) }\n"
                   "sum := 0\n"
                   "for round in 4 { for it in all { sum += match_value(it.next()) } }\n"
                   "func match_value(v) { match v { case Some(x): return x  default: return 0 } }\n"
                   "print(sum)\n",
                   "134964000\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(abandoned_in_the_middle_of_anything, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(unfinished_generators_in_cycles_are_collected, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(an_error_in_flight_survives_the_end_of_a_generator, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(generators_are_stepped_from_different_depths_and_tasks, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(many_live_generators_share_no_state, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
