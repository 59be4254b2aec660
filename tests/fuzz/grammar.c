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
