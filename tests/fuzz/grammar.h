/* What grammars of random programs have in common: productions as texts, listed in a .def file, and how they are written. */
#ifndef TESTS_FUZZ_GRAMMAR_H
#define TESTS_FUZZ_GRAMMAR_H

#include "fuzz/program_generator.h"

typedef struct production {
    char letter;
    unsigned depth; /* that must be left */
    const char *text;
} production;

/* Variables that a letter stands for. */
enum { GRAMMAR_NAMES = 2 };
typedef struct grammar_root {
    char letter;
    const char *names[GRAMMAR_NAMES];
} grammar_root;

typedef struct grammar {
    const production *productions;
    size_t production_count;
    const grammar_root *roots;
    size_t root_count;
} grammar;

/* The text of one production of the letter, of those that fit; there is one at depth 0. */
const char *grammar_choose(choices *source, const production *productions, size_t count, char letter, unsigned depth);
/* Writes the text; a % and a letter in it stand for one of the variables or productions of that letter. */
void grammar_write(const grammar *g, choices *source, rf_buffer *out, const char *text, unsigned depth);
/* So many statements, %S, or up to `more` more. */
void grammar_write_statements(const grammar *g, choices *source, rf_buffer *out, unsigned least, unsigned more,
                              unsigned depth);
/* Calls of run<index> by growing sizes; passed: one of two further arguments, may be NULL; shown: what is printed of an error
 * besides its message and stack. */
void grammar_write_runs(choices *source, rf_buffer *out, unsigned index, const char *const passed[2], const char *shown);

#endif
