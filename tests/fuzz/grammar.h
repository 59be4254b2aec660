/* What grammars of random programs have in common: productions as texts, listed in a .def file. */
#ifndef TESTS_FUZZ_GRAMMAR_H
#define TESTS_FUZZ_GRAMMAR_H

#include "fuzz/program_generator.h"

typedef struct production {
    char letter;
    unsigned depth; /* that must be left */
    const char *text;
} production;

/* The text of one production of the letter, of those that fit; there is one at depth 0. */
const char *grammar_choose(choices *source, const production *productions, size_t count, char letter, unsigned depth);

#endif
