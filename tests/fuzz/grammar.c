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
