#include "fuzz/grammar.h"

const char *grammar_choose(choices *source, const production *productions, size_t count, char letter, unsigned depth)
{
    unsigned fitting = 0;
    for (size_t i = 0; i < count; i++) fitting += productions[i].letter == letter && productions[i].depth <= depth;
    unsigned chosen = choices_pick(source, fitting);
    for (size_t i = 0; i < count; i++)
        if (productions[i].letter == letter && productions[i].depth <= depth && chosen-- == 0) return productions[i].text;
    return "";
}

static void expand(const grammar *g, choices *source, rf_buffer *out, char letter, unsigned depth)
{
    for (size_t i = 0; i < g->root_count; i++) {
        if (g->roots[i].letter != letter) continue;
        rf_buffer_append_text(out, g->roots[i].names[choices_pick(source, GRAMMAR_NAMES)]);
        return;
    }
    const char *text = grammar_choose(source, g->productions, g->production_count, letter, depth);
    grammar_write(g, source, out, text, depth ? depth - 1 : 0);
}

void grammar_write(const grammar *g, choices *source, rf_buffer *out, const char *text, unsigned depth)
{
    for (; *text; text++) {
        if (*text == '%' && text[1] != ' ')
            expand(g, source, out, *++text, depth);
        else
            rf_buffer_append(out, text, 1);
    }
}

void grammar_write_statements(const grammar *g, choices *source, rf_buffer *out, unsigned least, unsigned more, unsigned depth)
{
    for (unsigned i = 0, count = least + choices_pick(source, more + 1); i < count; i++)
        grammar_write(g, source, out, "%S\n", depth);
}

void grammar_write_runs(choices *source, rf_buffer *out, unsigned index, const char *const passed[2], const char *shown)
{
    for (unsigned size = 3; size < 60; size += 28) {
        rf_buffer_format(out, "try { print(run%u(%u", index, size);
        if (passed) rf_buffer_format(out, ", %s", passed[choices_pick(source, 2)]);
        rf_buffer_format(out, ")) } except e { print(e.message, e.stack%s) }\n", shown);
    }
}
