/* Generates programs whose loops call functions over arrays outside of them (fuzz_engines). */
#ifndef TESTS_FUZZ_RECURSION_GRAMMAR_H
#define TESTS_FUZZ_RECURSION_GRAMMAR_H

#include "fuzz/program_generator.h"

void generate_recursion_program(choices *source, rf_buffer *out);

#endif
