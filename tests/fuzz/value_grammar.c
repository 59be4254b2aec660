/* Programs about values that live shortly: closures and instances that are made in a loop, passed on, returned, changed and
 * dropped, and now and then kept, compared or in the way of an error.  The productions are texts in value_grammar.def; here is
 * what they call and the functions around them. */
#include "fuzz/value_grammar.h"

#include "fuzz/grammar.h"

static const production productions[] = {
#define PRODUCTION(letter, depth, text) {letter, depth, text},
#include "fuzz/value_grammar.def"
#undef PRODUCTION
};

static const grammar_root roots[] = {{'n', {"n0", "n1"}}, {'f', {"f0", "given"}}, {'v', {"v0", "v1"}}, {'p', {"p0", "p1"}}};
static const grammar words = {productions, RF_COUNT_OF(productions), roots, RF_COUNT_OF(roots)};

static const char declarations[] =
    "func mix(a, b) {\n    if type(b) != \"int\" { return (a * 7 + 1) % 1000003 }\n    return (a * 31 + b % 1000) % 1000003\n}\n"
    "func add(n) { return |v| v + n }\n"
    "func compose(f, g) { return |v| g(f(v)) }\n"
    "func twice(f) { return |v| f(f(v)) }\n"
    "func hold(f) { return || f }\n"
    "func either(c, f, g) {\n    if c == 3 { return f }\n    return |v| g(v) - c\n}\n"
    "func counter(n) {\n    k := n\n    return func(v) {\n        k := k + 1\n        return k + v\n    }\n}\n"
    "func apply(f, v) { return f(v) }\n"
    "func total(f, n) {\n    if n < 1 { return f(0) }\n    return f(n) + total(f, n - 1)\n}\n"
    "struct Vec {\n    x, y\n"
    "    func plus(self, o) { return Vec { x: self.x + o.x, y: self.y + o.y } }\n"
    "    func size(self) { return self.x + self.y * 2 }\n"
    "    func shift(self, k) { return |v| v + self.x * k }\n"
    "    func scale(self, k) {\n        self.x := self.x * k % 100003\n        self.y := 1 + self.y\n    }\n"
    "    func bump(self, k) {\n        self.x := self.x - k\n        if self.y == 3 { self.y := 0 }\n        return 100 / self.x\n    }\n"
    "    func op_add(self, o) { return self.plus(o) }\n}\n"
    "struct Pair {\n    a, b = 1, c = \"s\"\n"
    "    func sum(self) { return self.a.x + self.b }\n"
    "    func move(self, by) {\n        self.a := self.a.plus(by)\n        self.b += 1\n    }\n}\n"
    "func swap(v) { return Vec { x: v.y, y: v.x } }\n"
    "func larger(v, w) {\n    if v.x > w.x { return v }\n    w.x := 4\n    return w\n}\n";

static void write_function(choices *source, rf_buffer *out, unsigned index)
{
    rf_buffer_format(out, "func run%u(size, first) {\n", index);
    rf_buffer_append_text(out, "n0 := size n1 := 1 f0 := add(size) given := first v0 := Vec { x: size, y: 2 } v1 := v0\n"
                               "p0 := Pair { a: v0 } p1 := p0 fs := [] vs := []\n"
                               "for i in range(size) {\nif i % 2 == 0 { f0 := add(i) given := first }\n"); /* or they double in each turn */
    grammar_write_statements(&words, source, out, 3, 5, 3);
    rf_buffer_append_text(out, "}\nprint(v0, v1, p0, p1, len(fs), vs)\nreturn [n0, n1, f0(1), given(2)]\n}\n");
    grammar_write_runs(source, out, index, (const char *const[]){"compose(add(1), add(2))", "add(5)"}, "");
}

void generate_value_program(choices *source, rf_buffer *out)
{
    rf_buffer_append_text(out, declarations);
    for (unsigned i = 0; i < 2; i++) write_function(source, out, i);
}
