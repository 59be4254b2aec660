/* Functions of the intermediate form made by chance, which end, are never broken, and leave by exits now and then. */
#ifndef RUFF_TEST_IR_RANDOM_H
#define RUFF_TEST_IR_RANDOM_H

#include "runtime/jitc/ir_eval.h"

enum { IR_RANDOM_PARAMS = 3 }; /* I64, I64, F64 */

/* The same for the same seed; about so many blocks. */
rf_ir_function *ir_random_function(rf_ir_unit *unit, uint64_t seed, uint32_t blocks);
void ir_random_args(uint64_t seed, ir_number args[IR_RANDOM_PARAMS]);

/* The next number of a row that begins with a seed in *state, below limit (SplitMix64). */
static inline uint32_t ir_random_below(uint64_t *state, uint32_t limit)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) % limit);
}

#endif
