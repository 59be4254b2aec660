/* Updates keep the object they update (RUNTIME 3): a variable's array, dict or instance is the same one before and
 * after, however it is reached, so nothing was copied. */
#include "listing.h"

#include "base/buffer.h"

#include <string.h>

static rf_object *object_of(program *p, const char *name)
{
    const rf_module *module = p->module.as.module;
    for (size_t i = 0; i < module->unit->module_vars.count; i++)
        if (strcmp(module->unit->module_vars.data[i]->name->text, name) == 0) return module->slots[i].as.o;
    fail_msg("no variable %s", name);
    return NULL;
}

/* After `before` has run, `update` must leave the object in x where it was. */
static void expect_same_object(program *p, const char *before, const char *update)
{
    program_input(p, before);
    rf_object *object = object_of(p, "x");
    program_input(p, update);
    if (object_of(p, "x") != object) fail_msg("copied by: %s", update);
    rf_buffer_clear(&p->out);
}

static void updates_of_variables_copy_nothing(void **state)
{
    static const char *const cases[][2] = {
        {"x := [1, 2]", "x[0] := 5"},
        {"x := [1, 2]", "x[0] += 5"},
        {"x := [1, 2]", "x.push(3)"},
        {"x := [1, 2]", "push(x, 3)"},
        {"x := [1, 2]", "x := push(x, 3)"},
        {"x := [1, 2]", "x += [3]"},
        {"x := [1, 2]", "x := x + [3]"},
        {"x := [2, 1]", "x.reverse()"},
        {"x := {\"a\": 1}", "x.a := 2"},
        {"x := {\"a\": 1}", "x[\"b\"] := 2"},
        {"x := {\"a\": 1}", "x.a += 2"},
        {"x := [[1], [2]]", "x[0][0] := 9"},
        {"x := [[1], [2]]", "x[1].push(9)"},
        {"x := {\"a\": {\"b\": [1]}}", "x.a.b.push(2)"},
        {"x := {\"a\": {\"b\": [1]}}", "x.a.b[0] += 2"},
        {"struct S { n = 0, xs = [] } x := S {}", "x.n += 1"},
        {"struct S { n = 0, xs = [] } x := S {}", "x.xs.push(1)"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) expect_same_object(*state, cases[i][0], cases[i][1]);
}

static void updates_in_functions_copy_nothing(void **state)
{
    static const char *const bodies[] = {
        "x[0] := 5", "x.push(3)", "push(x, 3)", "x := x + [3]", "x += [3]",
        "try { x.push(3) } except { }", "f := func() { x.push(3) } f()",
    };
    for (size_t i = 0; i < RF_COUNT_OF(bodies); i++) {
        rf_buffer update = RF_BUFFER_INIT;
        rf_buffer_format(&update, "func change() { %s } change() change()", bodies[i]);
        expect_same_object(*state, "x := [1, 2]", update.data);
        rf_buffer_release(&update);
    }
}

/* The time of what is quadratic when something is copied: 60,000 steps would copy gigabytes. */
static void growing_is_linear(void **state)
{
    static const char *const bodies[] = {
        "xs := [] for i in 60000 { xs.push(i) } return len(xs)",
        "xs := [] for i in 60000 { xs := push(xs, i) } return len(xs)",
        "s := \"\" for i in 60000 { s := s + \"x\" } return len(s)",
        "s := \"\" for i in 60000 { s += i % 10 } return len(s)",
        "s := \"\" for i in 30000 { s := s + i % 10 + \"x\" } return len(s)",
        "s := \"\" for i in 30000 { s := \"${s}${i % 10}x\" } return len(s)",
        "xs := [] for i in 30000 { xs := xs + [i] + [i] } return len(xs)",
        "s := \"\" f := func() { s += \"x\" } for i in 60000 { f() } return len(s)",
        "d := {} for i in 60000 { d[\"k${i}\"] := i } return len(d)",
        "d := {\"xs\": []} for i in 60000 { d.xs.push(i) } return len(d.xs)",
        "d := {\"s\": \"\"} for i in 60000 { d.s += \"x\" } return len(d.s)",
        "b := Bag {} for i in 60000 { b.add(i) } return len(b.xs)",
        "b := Bag {} for i in 60000 { b.twice(i) } return len(b.xs) / 2",
        "bs := [Bag {}] for i in 60000 { bs[0].add(i) } return len(bs[0].xs)",
        "b := Bag {} for i in 60000 { b.own(i) } return len(b.xs)",
        "xs := [] for i in 60000 { xs := grown(xs, i) } return len(xs)",
        "for i in 60000 { g := push(g, i) } return len(g)",
        "for i in 60000 { g.push(i) } return len(g)",
        "for i in 60000 { g += [i] } return len(g)",
        "for i in 60000 { t := t + \"x\" } return len(t)",
        "b := Bag {} f := func(i) { b.add(i) } for i in 60000 { f(i) } return len(b.xs)",
        "b := Bag {} f := func(i) { b.add_sum(i) } for i in 60000 { f(i) } return len(b.xs)",
        "b := Bag {} f := func(i) { b.set(i) } for i in 60000 { f(i) } return len(b.d)",
        "b := Bag {} f := func(i) { b.swap(i) } b.xs := range(60000) for i in 60000 { f(i) } return b.xs[0]",
        "b := Bag {} for i in 60000 { try { b.add(i) } except { } } return len(b.xs)",
        "for i in 60000 { bag.add(i) } return len(bag.xs)",
        "d := {\"b\": Bag {}} f := func(i) { d.b.add(i) } for i in 60000 { f(i) } return len(d.b.xs)",
        "b := Bag {} for i in 60000 { b.xs := push(b.xs, i) } return len(b.xs)",
        "b := Bag {} for i in 60000 { b.xs := b.xs + [i] } return len(b.xs)",
        "b := Bag {} for i in 60000 { b.grow(i) } return len(b.xs)",
        "b := Bag {} for i in 60000 { b.grow_own(i) } return len(b.xs)",
        "d := {\"s\": \"\"} for i in 60000 { d.s := d.s + \"x\" } return len(d.s)",
        "ds := [[\"\"]] for i in 60000 { ds[0][0] := ds[0][0] + \"x\" } return len(ds[0][0])",
        "b := Bag {} f := func(i) { b.add_count(i) } for i in 60000 { f(i) } return b.n",
        "b := Bag {} f := func(i) { b.count_add(i) } for i in 60000 { f(i) } return len(b.xs)",
        "b := Bag {} f := func(i) { b.count_set(i) } for i in 60000 { f(i) } return len(b.d)",
        "b := Bag {} f := func(i) { b.add_largest(i) } for i in 60000 { f(i) } return b.n + 1",
        "b := Bag {} f := func(i) { b.own_count(i) } for i in 60000 { f(i) } return b.n",
        "for i in 60000 { bag.add_text(i) } return bag.n",
        "b := Bag {} f := func(i) { b.xs.push(i) } for i in 60000 { f(i) } return len(b.xs)",
        "b := Bag {} f := func(i) { b.d[i] := i } for i in 60000 { f(i) } return len(b.d)",
    };
    for (size_t i = 0; i < RF_COUNT_OF(bodies); i++) {
        rf_buffer source = RF_BUFFER_INIT;
        rf_buffer_format(&source,
                         "struct Bag { xs = [], d = {}, n = 0, t = \"\", func add(self, v) { self.xs.push(v) }\n"
                         "    func add_count(self, v) { self.xs.push(v) self.n += 1 }\n"
                         "    func count_add(self, v) { self.n += 1 self.xs.push(v) }\n"
                         "    func count_set(self, v) { self.n += 1 self.d[v] := v self.t := v }\n"
                         "    func add_largest(self, v) { self.xs.push(v) if v > self.n { self.n := v } }\n"
                         "    func own_count(v) { xs.push(v) n := len(xs) }\n"
                         "    func add_text(self, v) { self.xs.push(v) self.t += \"x\" + v self.n := len(self.xs) }\n"
                         "    func twice(self, v) { self.add(v) self.add(v) }\n"
                         "    func own(v) { xs.push(v) }\n"
                         "    func add_sum(self, v) { self.xs.push(v + 1) }\n"
                         "    func set(self, v) { self.d[v] := v }\n"
                         "    func swap(self, v) { self.xs[0] := v + 1 }\n"
                         "    func grow(self, v) { self.xs := push(self.xs, v) }\n"
                         "    func grow_own(v) { xs := push(xs, v) } }\n"
                         "g := []\nt := \"\"\nbag := Bag {}\n"
                         "func grown(xs, v) { xs.push(v) return xs }\n"
                         "func f() { %s }\nprint(f())\n",
                         bodies[i]);
        program_prints(*state, source.data, "60000\n");
        rf_buffer_release(&source);
    }
}

/* A method on a receiver that others can look at takes it when nothing can be noticed any more, and only then. */
static void receivers_hold_the_old_value_until_the_method_returns(void **state)
{
    program_prints(*state,
                   "struct Bag { xs = [], n = 0,\n"
                   "    func add(self, v) { self.xs.push(v) }\n"
                   "    func add_and_look(self, v, look) { self.xs.push(v) return look() }\n"
                   "    func add_and_fail(self, v) { self.xs.push(v) throw \"no\" }\n"
                   "    func put(self, i, v) { self.xs[i] := v }\n"
                   "    func put_nowhere(self) { self.n[0] := 1 }\n"
                   "    func hold(self) { self.xs.push(self) } }\n"
                   "func run() {\n"
                   "    b := Bag {} look := func() { return len(b.xs) }\n"
                   "    b.add(1) kept := b b.add(2)\n"
                   "    print(look(), len(kept.xs), b.add_and_look(3, look), look())\n"
                   "    try { b.add_and_fail(4) } except e { print(e.message, look()) }\n"
                   "    try { b.put(9, 0) } except e { print(e.message, look()) }\n"
                   "    try { b.put_nowhere() } except e { print(e.message, look()) }\n"
                   "    b.put(-1, 7) b.hold() print(b.xs[2], len(b.xs), len(b.xs[3].xs))\n"
                   "}\nrun()\n",
                   "2 1 2 3\nno 3\nIndex out of bounds: 9 3\nInvalid index assignment 3\n7 4 3\n");
}

static void what_others_hold_is_copied(void **state)
{
    program_prints(*state,
                   "x := [1, [2]] y := x x[0] := 9 x[1].push(3) print(x, y)\n"
                   "func f(a) { a.push(1) return a } print(f(x), x)\n"
                   "for v in x { x.push(v) } print(x)\n"
                   "z := [x, x] z[0].push(0) print(len(z[0]), len(z[1]), len(x))\n",
                   "[9, [2, 3]] [1, [2]]\n[9, [2, 3], 1] [9, [2, 3]]\n[9, [2, 3], 9, [2, 3]]\n5 4 4\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(updates_of_variables_copy_nothing, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(updates_in_functions_copy_nothing, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(growing_is_linear, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(receivers_hold_the_old_value_until_the_method_returns, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(what_others_hold_is_copied, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
