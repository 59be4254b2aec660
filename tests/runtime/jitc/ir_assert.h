/* What tests say of functions of the intermediate form. */
#ifndef RUFF_TEST_IR_ASSERT_H
#define RUFF_TEST_IR_ASSERT_H

#include "jitc/ir.h"

void assert_ir_text(const rf_ir_function *f, const char *expected);
void assert_ir_sound(const rf_ir_function *f);
/* Of two that ir_random.h made, the second changed since: they do the same, by variables and by versions. */
void assert_ir_same_outcomes(const rf_ir_function *before, const rf_ir_function *after, uint64_t seed);

#endif
