/* Programs whose loops call their own function, another closure of it, and functions that only look or also store, over
 * arrays of the outer function and of the module.  Rarely, somewhere in the depth, an array is shared, resized, replaced, gets
 * an element of another kind or stops being an array, or a function gets another value.  The productions are texts in
 * recursion_grammar.def; here is what is around them. */
#include "fuzz/recursion_grammar.h"

#include "fuzz/grammar.h"

static const production productions[] = {
#define PRODUCTION(letter, depth, text) {letter, depth, text},
#include "fuzz/recursion_grammar.def"
#undef PRODUCTION
};

static const grammar_root roots[] = {{'a', {"xs", "shared"}}};
static const grammar words = {productions, RF_COUNT_OF(productions), roots, RF_COUNT_OF(roots)};

static void write_function(choices *source, rf_buffer *out, unsigned index)
{
    rf_buffer_format(out, "func run%u(size) {\nn := 0 xs := [1, 2, 3, 4] kept := xs calls := 0\n", index);
    rf_buffer_append_text(out, "func look(i) { return (xs[0] + shared[1]) * 2 + i }\nfunc poke(k) {\n");
    if (choices_pick(source, 2)) rf_buffer_append_text(out, "xs[1] := k\n");
    if (choices_pick(source, 2)) rf_buffer_append_text(out, "shared[0] := xs[1] % 1009\n");
    rf_buffer_append_text(out, "n := (n + 1) % 100003\nreturn xs[1]\n}\n"
                               "next := |v| v + 1\n"
                               "func make(by) {\nfunc walk(k) {\ncalls += 1\nsum := by\n"
                               "if k < 1 || calls > 400 {\ni := 0\n");
    grammar_write_statements(&words, source, out, 0, 2, 1);
    rf_buffer_append_text(out, "return sum % 1009\n}\n");
    rf_buffer_append_text(out, choices_pick(source, 2) ? "for i in range(2) {\n" : "for i in range(k, 4) {\n");
    grammar_write_statements(&words, source, out, 1, 3, 2);
    grammar_write(&words, source, out, "%C\n", 1);
    grammar_write_statements(&words, source, out, 1, 3, 2);
    rf_buffer_append_text(out, "}\ni := 0\n");
    grammar_write_statements(&words, source, out, 0, 2, 1);
    rf_buffer_append_text(out, "return sum % 1009\n}\nreturn walk\n}\n"
                               "log := []\nfor turn in range(size) {\ncalls := 0\nn := turn\nwalk := make(turn % 3)\n"
                               "if turn % 4 == 1 { next := make(5) }\n"
                               "try { push(log, walk(1 + turn % 3)) } except e { push(log, e.message) }\n"
                               "if turn % 5 == 4 { print(xs, shared, kept, n, log) log := [] }\n"
                               "if turn % 3 == 2 { xs := [turn, 2, 3, 4] shared := [4, 3, 2, 1] kept := null }\n}\n"
                               "return [xs, shared, kept, n]\n}\n");
    grammar_write_runs(source, out, index, NULL, ", len(shared)");
}

void generate_recursion_program(choices *source, rf_buffer *out)
{
    rf_buffer_append_text(out, "shared := [5, 6, 7, 8]\n");
    for (unsigned i = 0; i < 2; i++) write_function(source, out, i);
}
