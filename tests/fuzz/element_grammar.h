/* Generates programs whose methods work on instances in arrays, fields and locals (fuzz_engines). */
#ifndef TESTS_FUZZ_ELEMENT_GRAMMAR_H
#define TESTS_FUZZ_ELEMENT_GRAMMAR_H

#include "fuzz/program_generator.h"

void generate_element_program(choices *source, rf_buffer *out);

#endif
