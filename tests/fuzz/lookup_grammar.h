/* Generates programs that look things up in trees, dicts and lists of functions (fuzz_engines). */
#ifndef TESTS_FUZZ_LOOKUP_GRAMMAR_H
#define TESTS_FUZZ_LOOKUP_GRAMMAR_H

#include "fuzz/program_generator.h"

void generate_lookup_program(choices *source, rf_buffer *out);

#endif
