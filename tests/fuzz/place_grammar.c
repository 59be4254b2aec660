/* Programs about places and moves: what values, places, methods and closures do to each other.
 *
 * The productions are texts in place_grammar.def; this file walks them and writes the frame of a
 * program: a struct whose methods change and pass parts of self, functions that call earlier ones,
 * a generator, and blocks that run once on module variables and once on locals of a function, since
 * engines keep these in different ways.  `tick` throws when a block has made many calls, so that
 * programs end, and each block starts from fresh values, so that these stay small. */
#include "fuzz/place_grammar.h"

#include "fuzz/grammar.h"

#include <string.h>

static const production productions[] = {
#define PRODUCTION(letter, depth, text) {letter, depth, text},
#include "fuzz/place_grammar.def"
#undef PRODUCTION
};

enum { ROOT_COUNT = 3 };

typedef struct roots { /* names that a scope offers, by type */
    const char *arrays[ROOT_COUNT], *dicts[ROOT_COUNT], *structs[ROOT_COUNT], *numbers[ROOT_COUNT];
} roots;

static const roots variables = {
    {"a0", "a1", "a2"}, {"d0", "d1", "d0"}, {"s0", "s1", "s0"}, {"n0", "n1", "n0"}};
static const roots of_self = {{"self.xs", "a0", "p"},
                              {"self.d", "d0", "self.d"},
                              {"self.sub", "s0", "self"},
                              {"self.n", "n0", "self.n"}};
static const roots of_fields = {
    {"xs", "a1", "p"}, {"d", "d1", "d"}, {"sub", "s1", "sub"}, {"n", "n1", "n"}};
static const roots of_parameters = {
    {"p", "q", "a0"}, {"q", "d0", "p"}, {"p", "s0", "q"}, {"n0", "n1", "n0"}};

typedef struct walker {
    choices *source;
    rf_buffer *out;
    const roots *scope;
    unsigned functions; /* that may be called */
} walker;

static void write_text(walker *w, const char *text, unsigned depth);

static const char *root_of(walker *w, char letter)
{
    const unsigned i = choices_pick(w->source, ROOT_COUNT);
    switch (letter) {
    case 'a': return w->scope->arrays[i];
    case 'd': return w->scope->dicts[i];
    case 's': return w->scope->structs[i];
    case 'n': return w->scope->numbers[i];
    default: return NULL;
    }
}

/* A plain name: the targets of destructuring are no places. */
static const char *name_of(walker *w)
{
    static const char *const names[] = {"a0", "a1", "a2", "d0", "d1", "s1", "n1"};
    return names[choices_pick(w->source, RF_COUNT_OF(names))];
}

static void write_call(walker *w, unsigned depth)
{
    if (!w->functions) {
        rf_buffer_append_text(w->out, "at(1)");
        return;
    }
    rf_buffer_format(w->out, "c%u(", choices_pick(w->source, w->functions));
    write_text(w, "%X, %X)", depth);
}

static void expand(walker *w, char letter, unsigned depth)
{
    const char *root = letter == 'b' ? name_of(w) : root_of(w, letter);
    if (root) {
        rf_buffer_append_text(w->out, root);
        return;
    }
    if (letter == 'c') {
        write_call(w, depth ? depth - 1 : 0);
        return;
    }
    write_text(w, grammar_choose(w->source, productions, RF_COUNT_OF(productions), letter, depth), depth ? depth - 1 : 0);
}

static void write_text(walker *w, const char *text, unsigned depth)
{
    for (; *text; text++) {
        if (*text == '%')
            expand(w, *++text, depth);
        else
            rf_buffer_append(w->out, text, 1);
    }
}

static void write_scope(walker *w, const roots *scope, const char *text, unsigned depth)
{
    w->scope = scope;
    write_text(w, text, depth);
}

static void write_struct(walker *w)
{
    rf_buffer_append_text(
        w->out,
        "struct N {\n    xs = [1, [2]], d = {\"k\": [7], \"m\": 1}, sub = null, n = tick()\n"
        "    func grow(self, x) { self.xs.push(x) self.n += 1 if self.n % 5 == 4 { throw \"full\" "
        "} "
        "return self.n }\n"
        "    func put(k, v) { d[k] := v xs := xs + [v] return d }\n"
        "    func pass(self, p) { self.sub := c_self(self, self.xs) self.grow(p) return p }\n"
        "    func take(self, other) { other.grow(1) self.sub := other self.xs.push(len(other.xs)) "
        "return other }\n");
    write_scope(w, &of_self, "    func m0(self, p) { tick() %B ; %M ; %B return %X }\n", 2);
    write_scope(w, &of_fields, "    func m1(p) { tick() %B ; %B return %X }\n", 2);
    write_scope(w, &of_self,
                "    func m2(self, p) { tick() try { %B } except e { %B } return p }\n", 2);
    if (choices_pick(w->source, 2))
        write_scope(w, &of_self, "    func op_add(self, p) { tick() %B return self }\n", 2);
    if (choices_pick(w->source, 4) == 0)
        write_scope(w, &of_self, "    func op_eq(self, p) { tick() %B return %X }\n", 2);
    if (choices_pick(w->source, 4) == 0)
        write_scope(w, &of_fields, "    func __neg__() { let p := [1]; tick() %B return xs }\n", 2);
    rf_buffer_append_text(w->out, "}\n");
}

static const char fresh[] =
    "a0 := [1, [2, 3], [4]] a1 := [[5], 6] a2 := [] d0 := {\"k\": [1, [2]], \"m\": {\"k\": [3]}} "
    "d1 := {\"m\": 1, \"k\": []} s0 := N { sub: N { sub: N {} } } s1 := N { xs: [N {}] } "
    "n0 := 0 n1 := 1 text := \"\" fs := [] gens := []";
static const char show[] =
    "print(a0, a1, a2, d0, d1, s0, s1, n0, n1, text, len(fs), len(gens), ticks)";

static void write_block(walker *w, unsigned index)
{
    const bool in_function = choices_pick(w->source, 3) > 0;
    const char *catch = "except e { print(\"E\", e.message, e.line, e.stack) }";
    rf_buffer_append_text(w->out, "ticks := 0\n");
    if (in_function)
        rf_buffer_format(
            w->out,
            "func block%u() {\nlet [a0, a1, a2, d0, d1, s0, s1, n0, n1, text, fs, gens] := []\n",
            index);
    rf_buffer_format(w->out, "%s\n", fresh);
    for (unsigned i = 0, count = 5 + choices_pick(w->source, 4); i < count; i++) {
        write_scope(w, &variables,
                    choices_pick(w->source, 3) ? "try { %T } " : "try { %T\n %T\n %T } ", 3);
        rf_buffer_format(w->out, "%s\n%s\n", catch, show);
    }
    if (in_function) rf_buffer_format(w->out, "}\nblock%u()\n%s\n", index, show);
}

void generate_place_program(choices *source, rf_buffer *out)
{
    walker w = {source, out, &variables, 0};
    rf_buffer_format(
        out,
        "ticks := 0\nfunc tick() { ticks += 1 if ticks > 40 { throw \"tired\" } return ticks %% 3 "
        "}\n"
        "enum E { B }\nfunc ident(x) { return x }\nfunc c_self(s, xs) { xs.push(0) return s }\n"
        "func at(i) { tick() n0 += 1 a0.push(n0) return i %% 3 }\n"
        "func key(i) { tick() d0.m := i return if i == 1 { \"k\" } else { \"m\" } }\n"
        "async func later(x) { tick() await async_sleep(0) a1.push(1) return x }\n");
    for (unsigned i = 0; i < 3; i++) {
        rf_buffer_format(out, "func c%u(p, q) { tick() ", i);
        write_scope(&w, &of_parameters, "%B ; %B return %X }\n", 2);
        w.functions = i + 1;
    }
    write_struct(&w);
    write_scope(&w, &of_parameters,
                "func* gen(p) { let q := {\"k\": p} for e in p { tick() %T ; yield e ; %B ; yield "
                "p } yield q }\n",
                2);
    rf_buffer_format(out, "%s\n", fresh);
    for (unsigned i = 0; i < 4; i++) write_block(&w, i);
}
