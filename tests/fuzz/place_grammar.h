/* Random programs about places and moves: nested places with effects in their indexes, methods on parts of self, captured
 * roots, closures and generators that hold containers, patterns that bind parts.  Every program ends. */
#ifndef TESTS_FUZZ_PLACE_GRAMMAR_H
#define TESTS_FUZZ_PLACE_GRAMMAR_H

#include "fuzz/program_generator.h"

void generate_place_program(choices *source, rf_buffer *out);

#endif
