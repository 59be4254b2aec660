/* Generates programs of loops that count, and index by what they count with (fuzz_engines). */
#ifndef TESTS_FUZZ_LOOP_GRAMMAR_H
#define TESTS_FUZZ_LOOP_GRAMMAR_H

#include "fuzz/program_generator.h"

void generate_loop_program(choices *source, rf_buffer *out);

#endif
