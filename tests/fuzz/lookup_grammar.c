/* Programs that look at things without keeping them: functions that walk trees down to null, dicts that are read, changed and
 * emptied by short and long keys and walked while they change, lists of functions that are called at one place, and points
 * with operators and implicit self.  The productions are texts in lookup_grammar.def; here is what they call. */
#include "fuzz/lookup_grammar.h"

#include "fuzz/grammar.h"

static const production productions[] = {
#define PRODUCTION(letter, depth, text) {letter, depth, text},
#include "fuzz/lookup_grammar.def"
#undef PRODUCTION
};

static const grammar_root roots[] = {
    {'n', {"n0", "n1"}}, {'t', {"t0", "t1"}}, {'d', {"d0", "d1"}}, {'g', {"g0", "given"}}, {'p', {"p0", "p1"}}};
static const grammar words = {productions, RF_COUNT_OF(productions), roots, RF_COUNT_OF(roots)};

static const char declarations[] =
    "kept := []\n"
    "func mix(a, b) {\n    if type(b) != \"int\" { return (a * 7 + 1) % 1000003 }\n    return (a * 31 + b % 1000) % 1000003\n}\n"
    "struct Node {\n    key\n    left = null\n    right = null\n}\n"
    "func sum(t) {\n    if t == null { return 0 }\n    return (t.key + sum(t.left) + sum(t.right)) % 1000003\n}\n"
    "func depth(t) {\n    if t == null { return 0 }\n    a := depth(t.left)\n    b := depth(t.right)\n"
    "    if a > b { return a + 1 }\n    return b + 1\n}\n"
    "func least(t, n) {\n    while t != null {\n        if t.key < n { n := t.key }\n        t := t.left\n    }\n    return n\n}\n"
    "func both(t, u) {\n    if t == null || u == null { return 1 }\n    return (t.key - u.key + both(t.left, u.right)) % 1009\n}\n"
    "func find(t, key) {\n    if t == null { return -1 }\n    if t.key == key { return key }\n"
    "    if key < t.key { return find(t.left, key) }\n    return find(t.right, key)\n}\n"
    "func left(t) {\n    if t == null { return t }\n    return t.left\n}\n"
    "func insert(t, key) {\n    if t == null { return Node { key: key } }\n    if key < t.key {\n"
    "        return Node { key: t.key, left: insert(t.left, key), right: t.right }\n    }\n"
    "    t.right := insert(t.right, key)\n    if depth(t) > 5 { return null }\n    return t\n}\n"
    "func grow(n) {\n    if n < 1 { return null }\n    return Node { key: n, left: grow(n - 1), right: grow(n - 1) }\n}\n"
    "func mirror(t) {\n    if t == null { return null }\n    return Node { key: t.key, left: mirror(t.right), right: mirror(t.left) }\n}\n"
    "func depth_of(v) { return depth(grow(v % 3)) }\n"
    "func adder(n) { return |v| v + n }\n"
    "func all(fs, v) {\n    if level > 3 { return v }\n    level += 1\n    for f in fs { v := f(v) % 100003 }\n    level -= 1\n    return v\n}\n"
    "level := 0\n"
    "struct Point {\n    x = 0\n    y = 0\n"
    "    func size() { return x * 3 + y }\n"
    "    func to(o) { return x - o.x + y - o.y }\n"
    "    func shift(k) {\n        x += k\n        if x > 1000 { x := 0 }\n        y := size() % 100\n    }\n"
    "    func op_add(self, o) { return Point { x: (self.x + o.x) % 1009, y: self.y } }\n"
    "    func op_lt(self, o) { return self.x < o.x }\n}\n";

static void write_function(choices *source, rf_buffer *out, unsigned index)
{
    rf_buffer_format(out, "func run%u(size, given) {\n", index);
    rf_buffer_append_text(out, "level := 0 n0 := size n1 := 1 t0 := grow(3) t1 := null d0 := {\"a\": 1} d1 := {} key := \"key1\"\n"
                               "g0 := [|v| v + 2, |v| v * 3 % 101] p0 := Point { x: size } p1 := p0\n"
                               "for i in range(size) {\n"
                               "if i % 8 == 7 { t0 := grow(2) t1 := null level := 0 g0 := [|v| v + 2, |v| v * 3 % 101] }\n" /* bounded */
                               "func again(k) {\nif k % 5 == 0 || level > 3 { return k }\nlevel += 1\n");
    grammar_write(&words, source, out, "%S\n", 2);
    rf_buffer_append_text(out, "r := mix(again(k - 1), k)\nlevel -= 1\nreturn r\n}\n");
    grammar_write_statements(&words, source, out, 3, 5, 3);
    rf_buffer_append_text(out, "}\nprint(t0, t1, d0, d1, p0, p1, len(g0), len(kept))\nreturn [n0, n1]\n}\n");
    static const char *const given[] = {"[adder(3)]", "[|v| v + 1, adder(2), depth_of, |v| 7 - v]"};
    grammar_write_runs(source, out, index, given, ", len(kept)");
}

void generate_lookup_program(choices *source, rf_buffer *out)
{
    rf_buffer_append_text(out, declarations);
    for (unsigned i = 0; i < 2; i++) write_function(source, out, i);
}
