/* Random Ruff programs that end: a grammar walked by choices from a byte string (or a seed), so that the same choices give
 * the same program.
 *
 * Programs are typed enough to run long and hostile in their values: the ends of int64, NaN, -0.0, empty and negative
 * things, aliasing attempts, errors in the middle of place updates, captured variables, deep recursion.  Loops have
 * constant bounds; functions call only functions declared before them, or themselves with a falling counter. */
#ifndef TESTS_FUZZ_PROGRAM_GENERATOR_H
#define TESTS_FUZZ_PROGRAM_GENERATOR_H

#include "base/buffer.h"

typedef struct choices { /* where decisions come from: bytes first, then a generator seeded by them */
    const uint8_t *bytes;
    size_t size, at;
    uint64_t state;
} choices;

choices choices_from_bytes(const uint8_t *bytes, size_t size);
choices choices_from_seed(uint64_t seed);
/* The next decision: a number below count. */
unsigned choices_pick(choices *source, unsigned count);
/* One more decision of the source: the overflow mode of a run. */
bool next_is_wrap(choices *source);
/* Appends a program. */
void generate_program(choices *source, rf_buffer *out);

#endif
