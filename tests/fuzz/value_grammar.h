/* Generates programs that pass closures and instances around (fuzz_engines). */
#ifndef TESTS_FUZZ_VALUE_GRAMMAR_H
#define TESTS_FUZZ_VALUE_GRAMMAR_H

#include "fuzz/program_generator.h"

void generate_value_program(choices *source, rf_buffer *out);

#endif
