/* C stacks: mapped, with guard pages, switched by a few instructions.
 *
 * Deep recursion in C (the interpreter, callbacks of built-ins) continues on further segments:
 * whoever makes a call of a user function from C tests rf_stack_is_low and, if so, goes through
 * rf_stack_call, which runs the function on a fresh segment and comes back.  So no legal program
 * overflows a stack (LANGUAGE 21.2).
 *
 * Everything here belongs to one thread at a time: that of the isolate.  Its own stack counts as
 * the first segment. */
#ifndef RF_SCHED_STACK_H
#define RF_SCHED_STACK_H

#include "value/isolate.h"

typedef struct rf_stack rf_stack; /* a coroutine: own stack and saved registers */

/* What must fit below isolate->stack_limit: one activation of a user function with everything that
 * runs in it before the next test (256 nested expressions in 128 nested blocks, or a built-in
 * written in C). */
#if defined(__has_feature) /* clang's spelling of gcc's macros */
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__ 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RF_STACK_MARGIN ((size_t)2 << 20)
#elif defined(__OPTIMIZE__)
#define RF_STACK_MARGIN ((size_t)512 << 10)
#else
#define RF_STACK_MARGIN ((size_t)1 << 20)
#endif

static inline bool rf_stack_is_low(const rf_isolate *isolate)
{
    return (char *)__builtin_frame_address(0) < isolate->stack_limit;
}
/* Runs function(context) on a new segment, then returns. */
void rf_stack_call(rf_isolate *isolate, void (*function)(void *context), void *context);

/* Coroutines, used for tasks and for the interpreter's generators. The stack comes from a pool of
 * the isolate. */
rf_stack *rf_stack_new(rf_isolate *isolate, void (*entry)(void *context), void *context);
/* Switches to `stack` until it calls rf_stack_leave or its entry returns; true while it has not
 * ended. */
bool rf_stack_enter(rf_isolate *isolate, rf_stack *stack);
void rf_stack_leave(rf_isolate *isolate,
                    rf_stack *stack); /* called on `stack`: back to the one that entered */
void rf_stack_free(rf_isolate *isolate, rf_stack *stack); /* ended or never to be entered again */

/* ---- for the scheduler: any stack may continue any other ---- */

/* The stack that runs now; the thread's own when nothing else was entered. */
rf_stack *rf_stack_running(rf_isolate *isolate);
/* Continues `to` (new or left earlier); returns when somebody continues the stack that called. */
void rf_stack_switch(rf_isolate *isolate, rf_stack *to);
/* When the entry of `stack` returns, `next` continues and `stack` goes back to the pool. */
void rf_stack_end_at(rf_stack *stack, rf_stack *next);

/* Takes the bounds of the calling thread's stack for isolate->stack_limit; made again when an
 * isolate changes thread. */
void rf_stack_attach(rf_isolate *isolate);
/* Unmaps the pooled stacks.  A stack freed afterwards is unmapped at once. */
void rf_stack_detach(rf_isolate *isolate);

#endif
