/* C stacks: mapped, with guard pages, switched by a few instructions.
 *
 * Deep recursion in C (the interpreter, callbacks of built-ins) continues on further segments: whoever makes a call
 * of a user function from C tests rf_stack_is_low and, if so, goes through rf_stack_call, which runs the function on
 * a fresh segment and comes back.  So no legal program overflows a stack (LANGUAGE 21.2). */
#ifndef RF_SCHED_STACK_H
#define RF_SCHED_STACK_H

#include "value/isolate.h"

typedef struct rf_stack rf_stack; /* a coroutine: own stack and saved registers */

static inline bool rf_stack_is_low(const rf_isolate *isolate)
{
    return (char *)__builtin_frame_address(0) < isolate->stack_limit;
}
/* Runs function(context) on a new segment, then returns. */
void rf_stack_call(rf_isolate *isolate, void (*function)(void *context), void *context);

/* Coroutines, used for tasks and for the interpreter's generators. The stack comes from a pool of the isolate. */
rf_stack *rf_stack_new(rf_isolate *isolate, void (*entry)(void *context), void *context);
/* Switches to `stack` until it calls rf_stack_leave or its entry returns; true while it has not ended. */
bool rf_stack_enter(rf_isolate *isolate, rf_stack *stack);
void rf_stack_leave(rf_isolate *isolate, rf_stack *stack); /* called on `stack`: back to the one that entered */
void rf_stack_free(rf_isolate *isolate, rf_stack *stack);  /* ended or never to be entered again */

#endif
