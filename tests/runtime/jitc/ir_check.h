/* What the tests of passes say: functions in short words, and what becomes of them. */
#ifndef RUFF_TEST_IR_CHECK_H
#define RUFF_TEST_IR_CHECK_H

#include "jitc/ir.h"

typedef void ir_pass(rf_ir_function *f);

/* The function gets versions; behind the pass it is sound and its blocks print so. */
void assert_ir_becomes(rf_ir_function *f, ir_pass *pass, const char *expected);
/* So does what the pass leaves as it is. */
void assert_ir_stays(rf_ir_function *f, ir_pass *pass);

typedef rf_ir_function *ir_maker(rf_ir_unit *unit, uint64_t seed, uint32_t blocks);

/* `ssa`, then the passes up to NULL, on functions made by chance: each is sound, and all do the same.  How many of `count` the
 * last pass has changed. */
unsigned assert_ir_chance(ir_maker *make, ir_pass *const *passes, unsigned count);

static inline rf_ir_expr *ir_i64(rf_ir_function *f, int64_t i)
{
    return rf_ir_int(f, RF_IR_I64, i);
}
static inline rf_ir_expr *ir_as(rf_ir_function *f, uint8_t type, rf_ir_expr *e)
{
    return rf_ir_unary(f, RF_IR_CAST, type, e);
}
static inline rf_ir_expr *ir_not(rf_ir_function *f, rf_ir_expr *e)
{
    return rf_ir_unary(f, RF_IR_NOT, RF_IR_BOOL, e);
}
/* A variable that the block gives the value of a parameter of its own. */
rf_ir_place *ir_given(rf_ir_function *f, rf_ir_block *b, uint8_t type, const char *name);
/* C: rf_native_deopt_self(NULL, i, 0); which shows what i is */
void ir_show(rf_ir_function *f, rf_ir_block *b, rf_ir_expr *i);
/* An exit that returns i. */
rf_ir_block *ir_exit(rf_ir_function *f, int64_t i);

#endif
