/* Functions of the intermediate form made by chance, which end, are never broken, and leave by exits now and then. */
#ifndef RUFF_TEST_IR_RANDOM_H
#define RUFF_TEST_IR_RANDOM_H

#include "runtime/jitc/ir_eval.h"

enum { IR_RANDOM_PARAMS = 3 }; /* I64, I64, F64 */

/* The same for the same seed; about so many blocks. */
rf_ir_function *ir_random_function(rf_ir_unit *unit, uint64_t seed, uint32_t blocks);
void ir_random_args(uint64_t seed, ir_number args[IR_RANDOM_PARAMS]);

#endif
