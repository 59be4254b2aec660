/* Programs about instances that are worked on where they stand: methods that change and read self are called on elements
 * of arrays, on fields and on locals, loops look at elements, and now and then somebody else holds what is changed, self
 * goes elsewhere, a field begins to hold something else, or an error comes in between.  The productions are texts in
 * element_grammar.def; here is what is around them. */
#include "fuzz/element_grammar.h"

#include "fuzz/grammar.h"

static const production productions[] = {
#define PRODUCTION(letter, depth, text) {letter, depth, text},
#include "fuzz/element_grammar.def"
#undef PRODUCTION
};

static const grammar_root roots[] = {{'b', {"bs", "cs"}}, {'o', {"o", "p"}}};
static const grammar words = {productions, RF_COUNT_OF(productions), roots, RF_COUNT_OF(roots)};

/* depth 0: it calls none of the others, which call it. */
static void write_method(choices *source, rf_buffer *out, const char *name, unsigned statements, unsigned depth)
{
    rf_buffer_format(out, "    func %s(self, k) {\nn := k %% 5\n", name);
    for (unsigned i = 0, count = 1 + choices_pick(source, statements); i < count; i++) grammar_write(&words, source, out, "%m\n", depth);
    grammar_write(&words, source, out, choices_pick(source, 3) ? "return %e\n    }\n" : "    }\n", 1);
}

static const char declarations[] =
    "kept := []\n"
    "func mix(a, b) {\n    if type(b) != \"int\" { return (a * 7 + 1) % 1000003 }\n    return (a * 31 + b % 1000) % 1000003\n}\n"
    "func copy(xs) {\n    out := []\n    for x in xs { out.push(x) }\n    return out\n}\n"
    "func* walk(bs) {\n    for b in bs {\n        yield b.x\n        b.x := 0\n        yield b.y\n    }\n}\n"
    "struct B {\n    x = 0\n    y = 0\n    zs = []\n    bs = []\n    d = {}\n"
    "    func sum(self) { return self.x * 3 + self.y }\n"
    "    func plus(self, o) { return self.sum() + o.sum() }\n"
    "    func held(self) { return [self] }\n"
    "    func keep(self, bs) {\n        bs.push(self)\n        self.x += 1\n        return bs\n    }\n";

static void write_function(choices *source, rf_buffer *out, unsigned index)
{
    rf_buffer_format(out, "func run%u(size) {\n", index);
    rf_buffer_append_text(out, "n := size all := []\n"
                               "bs := [B { x: 1 }, B { x: 2, y: 5 }, B { y: 3, bs: [B { x: 4 }] }]\ncs := bs\no := bs[1] p := B { x: 9 }\n"
                               "top := B { bs: [B {}, o, p] } rows := [bs, [B { x: 3 }, o, o]] named := {\"b\": B { x: 8 }}\n"
                               "for i in range(size) {\n"
                               "if i % 9 == 8 { bs := [o, p, cs[0]] cs := [B { x: i }, B { y: i }, o] all := [] kept := [] }\n");
    grammar_write_statements(&words, source, out, 2, 4, 3);
    rf_buffer_append_text(out, "}\nprint(len(all), bs, cs, o, p, top, rows, named)\nreturn n\n}\n");
    grammar_write_runs(source, out, index, NULL, ", len(kept)");
}

void generate_element_program(choices *source, rf_buffer *out)
{
    rf_buffer_append_text(out, declarations);
    write_method(source, out, "low", 3, 0);
    write_method(source, out, "go", 4, 2);
    write_method(source, out, "high", 3, 3);
    rf_buffer_append_text(out, "}\n");
    for (unsigned i = 0; i < 2; i++) write_function(source, out, i);
}
