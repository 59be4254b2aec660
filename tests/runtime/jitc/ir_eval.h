/* Evaluates functions of the intermediate form, so that tests can say that a pass changes nothing that shows.
 *
 * Memory is real: pointers are addresses, parameters may point to memory of the test, values and arrays lie as they do in the
 * program.  Calls of functions inside are evaluated; those outside are not carried out, but for arithmetic: their results
 * follow from their names and arguments. */
#ifndef RUFF_TEST_IR_EVAL_H
#define RUFF_TEST_IR_EVAL_H

#include "jitc/ir.h"

__extension__ typedef __int128 ir_wide;

typedef struct ir_number {
    ir_wide i; /* ints, bools, pointers; of VALUE: head, and above it the payload */
    double d;  /* F64 */
} ir_number;

typedef enum ir_eval_by {
    IR_BY_VARIABLES, /* as gcc does: phis are nothing */
    IR_BY_VERSIONS   /* of a function with versions: each holds what it was given, whatever became of its variable */
} ir_eval_by;

typedef enum ir_end {
    IR_RETURNED,
    IR_LEFT,    /* by an exit, which then returned */
    IR_ENDLESS, /* more statements than a test wants to wait for */
    IR_BROKEN   /* what the form forbids */
} ir_end;

typedef struct ir_outcome {
    ir_end end;
    ir_number result;
    uint32_t exit_pc, exit_reason;
    uint64_t trace;         /* of what was stored outside the function's own variables and called, in order */
    uint32_t statements;    /* evaluated */
    bool is_undefined;      /* a variable was read that nothing was assigned to: the outcome tells nothing */
    const char *broken;
} ir_outcome;

ir_outcome ir_eval(const rf_ir_function *f, const ir_number *args, ir_eval_by by);

static inline ir_number ir_int(int64_t i)
{
    return (ir_number){.i = i};
}
static inline ir_number ir_float(double d)
{
    return (ir_number){.d = d};
}
static inline ir_number ir_pointer(void *p)
{
    return (ir_number){.i = (ir_wide)(uintptr_t)p};
}

/* May a pass make the second of the first? It may where the first one's outcome tells nothing, but nothing may be broken. */
bool ir_is_same_outcome(const rf_ir_function *f, const ir_outcome *before, const ir_outcome *after);

#endif
