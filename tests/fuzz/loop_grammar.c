/* Programs of loops that count up and down and index arrays and strings by what they count with: bounds, ends and signs are
 * met and missed, what is indexed is swapped, shared, shortened or becomes of another kind meanwhile, and counts overflow.
 * The productions are texts in loop_grammar.def; here is what is around them. */
#include "fuzz/loop_grammar.h"

#include "fuzz/grammar.h"

static const production productions[] = {
#define PRODUCTION(letter, depth, text) {letter, depth, text},
#include "fuzz/loop_grammar.def"
#undef PRODUCTION
};

static const grammar_root roots[] = {{'a', {"a", "b"}}, {'s', {"s", "t"}}, {'v', {"i", "j"}}};
static const grammar words = {productions, RF_COUNT_OF(productions), roots, RF_COUNT_OF(roots)};

static const char declarations[] =
    "func mix(a, b) {\n    if type(b) != \"int\" { return (a * 7 + 1) % 1000003 }\n    return (a * 31 + b % 1000) % 1000003\n}\n"
    "func least(a, b) {\n    if a < b { return a }\n    return b\n}\n"
    "struct Box { n, items }\n"
    "outside := [5, 4, 3, 2, 1]\n"
    "func shorten() {\n    outside := [6, 7]\n}\n";

static void write_function(choices *source, rf_buffer *out, unsigned index)
{
    rf_buffer_format(out, "func run%u(size) {\n", index);
    rf_buffer_append_text(out, "out := 0 a := [] b := [] s := \"\" t := \"\" box := null\n"
                               "for turn in range(size) {\n"
                               "n := turn % 7 i := 0 j := n k := 1 fuel := 40\n"
                               "if turn % 3 == 0 { a := [n, 8, 1, 7, 3, 5] b := range(5) s := \"abcabc\" t := \"abdabcx\" }\n"
                               "if turn % 4 == 0 { box := Box { n: n, items: range(6) } outside := [1, 2, 3, 4, 5, 6] }\n"
                               "try {\n");
    grammar_write_statements(&words, source, out, 1, 3, 3);
    rf_buffer_append_text(out, "} except e { out := mix(out, len(e.message)) }\n"
                               "out := mix(out, i) out := mix(out, j)\n"
                               "}\nprint(a, b, s, t, box, outside)\nreturn out\n}\n");
    grammar_write_runs(source, out, index, NULL, "");
}

void generate_loop_program(choices *source, rf_buffer *out)
{
    rf_buffer_append_text(out, declarations);
    for (unsigned i = 0; i < 2; i++) write_function(source, out, i);
}
