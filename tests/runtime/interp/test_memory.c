/* Whatever way a program ends, nothing of it is left: program_free counts the objects. */
#include "support/program.h"

#include <string.h>

typedef struct leak_case {
    const char *source, *out;
} leak_case;

static void run_cases(program *p, const leak_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) program_prints(p, cases[i].source, cases[i].out);
}

static void errors_release_what_was_under_way(void **state)
{
    static const leak_case cases[] = {
        {"func f(x) { throw [x] }\n"
         "try { [1, [2], f([3])] } except e { print(e.message) }\n"
         "try { {\"a\": [1], \"b\": f(1)} } except e { print(e.message) }\n"
         "try { \"${[1]} ${f(2)}\" } except e { print(e.message) }\n"
         "try { [1].map(|x| f([x])) } except e { print(e.message) }\n",
         "[[3]]\n[1]\n[2]\n[[1]]\n"},
        {"struct S { a, b, c = [9], func m(self, x) { self.a := [x] throw \"m\" } }\n"
         "func f() { throw \"f\" }\n"
         "try { S { a: [1], b: f() } } except e { print(e.message) }\n"
         "try { S { ...S { a: [1] }, nope: 1 } } except e { print(e.message) }\n"
         "s := S { a: [[1]] }\n"
         "try { s.m([2]) } except e { print(e.message, s.a) }\n"
         "xs := [s]\n"
         "try { xs[0].m([2]) } except e { print(e.message, xs[0].a) }\n"
         "try { xs[f()].m([2]) } except e { print(e.message) }\n"
         "try { xs[0].m(f()) } except e { print(e.message) }\n",
         "f\nUnknown field 'nope' for struct S\nm [[1]]\nm [[1]]\nf\nf\n"},
        {"xs := [[1], [2]]\n"
         "func f() { throw \"f\" }\n"
         "try { xs[0][f()] := [1] } except e { print(e.message) }\n"
         "try { xs[0][5] := [1] } except e { print(e.message) }\n"
         "try { xs[0][0] += f() } except e { print(e.message) }\n"
         "try { xs[0] += null } except e { print(e.message) }\n"
         "try { push(xs[0], f()) } except e { print(e.message) }\n"
         "try { xs[0].insert(7, [1]) } except e { print(\"insert\") }\n"
         "try { for [a, b] in [[1, f()]] { } } except e { print(e.message) }\n"
         "try { match [[1]] { case [[x]] if f(): print(x) } } except e { print(e.message) }\n"
         "print(xs)\n",
         "f\nIndex out of bounds: 5\nf\nInvalid binary operation: array + null\nf\ninsert\nf\nf\n[[1], [2]]\n"},
        {"func f(r) { return [[1], {\"k\": r?}, \"${[2]}\"] }\n"
         "print(f(Err([3])), f(Ok([4])))\n"
         "func g(xs) { for x in xs { for y in [x] { try { return [y, y?] } except { } } } }\n"
         "print(g([None]), g([Some([5])]))\n",
         "Err([3]) [[1], {\"k\": [4]}, [2]]\nNone [Some([5]), [5]]\n"},
    };
    run_cases(*state, cases, RF_COUNT_OF(cases));
}

static void cycles_through_closures_are_collected(void **state)
{
    program_prints(*state,
                   "func make(n) {\n"
                   "    self_ref := null\n"
                   "    big := [n, n]\n"
                   "    self_ref := func() { return [self_ref, big] }\n"
                   "    return n\n"
                   "}\n"
                   "sum := 0\n"
                   "for i in 30000 { sum += make(i) }\n"
                   "print(sum)\n",
                   "449985000\n");
}

static void uncaught_errors_and_exit_leave_nothing(void **state)
{
    program_prints(*state, "func f(x) { xs := [x, [x]] throw xs }\nf({\"a\": [1]})",
                   "[RUFRUN001] [runtime] Runtime Error: [{\"a\": [1]}, [{\"a\": [1]}]]\n"
                   "  --> main.ruff:1:28\n\nCall stack:\n  0 at f\n");
    program_prints(*state, "func f(x) { xs := [x] try { exit(xs[0]) } except { } }\n[1, [2], f(7)]", "exit 7\n");
}

static void declarations_and_methods_are_released(void **state)
{
    program_prints(*state,
                   "func make(k) {\n"
                   "    struct S { v = [k], func get(self) { return [self.v, k] } }\n"
                   "    enum E { A, B }\n"
                   "    s := S {}\n"
                   "    get := s.get\n"
                   "    return [s, E::A(k), E::B, get, S, E]\n"
                   "}\n"
                   "print(make(1)[3](), make(2)[1])\n",
                   "[[1], 1] E::A(2)\n");
}

static void tasks_and_promises_are_released(void **state)
{
    program_prints(*state,
                   "async func slow(x) { await async_sleep(1) return [x] }\n"
                   "async func bad(x) { await async_sleep(1) throw [x] }\n"
                   "async func never() { held := [1, [2]] await hang[0] }\n"
                   "hang := []\n"
                   "async func waits() { await async_sleep(0) await hang[0] }\n"
                   "push(hang, waits())\n"
                   "never()\n"
                   "print(await slow([1]))\n"
                   "try { await bad([2]) } except e { print(e.value) }\n",
                   "[[1]]\n[[2]]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(errors_release_what_was_under_way, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(cycles_through_closures_are_collected, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(uncaught_errors_and_exit_leave_nothing, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(declarations_and_methods_are_released, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(tasks_and_promises_are_released, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
