/* Calls that are more than pushing a frame, and the ways back.  Everything here leaves fp->pc to be reloaded. */
#ifndef RF_VM_CALL_H
#define RF_VM_CALL_H

#include "vm/frame.h"

typedef enum rf_outcome {
    RF_CALL_RAISED,
    RF_CALL_DONE,   /* the result is in window[0], the arguments are gone */
    RF_CALL_PUSHED  /* a frame was pushed: go on there */
} rf_outcome;

/* Calls window[0] with window[1 .. count]. */
rf_outcome rf_vm_call(rf_isolate *isolate, rf_vm_task *task, rf_value *window, uint32_t count);
/* Calls a built-in with window[1 .. count]; flags for the frame if it is a prelude function. */
rf_outcome rf_vm_call_row(rf_isolate *isolate, rf_vm_task *task, const rf_builtin *row, rf_value *window,
                          uint32_t count, uint32_t flags, uint32_t skip);
/* CALLMETHOD: receiver in window[1].  Goes on behind the store-back code, or in it with the receiver in window[1]. */
rf_outcome rf_vm_call_method(rf_isolate *isolate, rf_vm_task *task, rf_site *site, rf_value *window);
/* CALLLOCAL: receiver in the local reg. */
rf_outcome rf_vm_call_local(rf_isolate *isolate, rf_vm_task *task, rf_site *site, rf_value *window, uint32_t reg);
/* UPDATE, and PUSH to something that is no array. */
rf_outcome rf_vm_update(rf_isolate *isolate, rf_vm_task *task, rf_site *site, rf_value *window);
rf_outcome rf_vm_push_slow(rf_isolate *isolate, rf_vm_task *task, rf_site *site, uint32_t reg, uint32_t value);
/* Return with flags.  reg: of the result, RF_NO_RESULT for null.  True: the frame was entered from C, *out is the
 * result; or from native code, which finds the result where it belongs. */
#define RF_NO_RESULT UINT32_MAX
bool rf_vm_return(rf_isolate *isolate, rf_vm_task *task, uint32_t reg, uint32_t live, rf_value *out);
/* A method is about to store into that field of self (stored: what, if that is known) and will do nothing else that could
 * be noticed before it returns, `next` being the instruction that follows: the place it was called on gives up its
 * reference now, so that what self holds is not shared.  False: self stays as it is.  When the change turns out to be
 * impossible, unclaim undoes that. */
bool rf_vm_claim_self(rf_isolate *isolate, rf_frame *fp, const rf_instruction *next, uint32_t field,
                      rf_value stored);
/* The same for a place, if it is a part of self.  stored: NULL when an array there only grows. */
bool rf_vm_claim_for(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, const rf_instruction *next,
                     const rf_value *stored);
/* foresight.c */
bool rf_vm_ends_quietly(const rf_frame *fp, const rf_instruction *next, uint32_t field, rf_value stored);
void rf_vm_unclaim_self(rf_isolate *isolate, rf_frame *fp);
/* An error is in flight.  True: a handler of task->fp goes on; false: the frame entered from C or native code is gone. */
bool rf_vm_unwind(rf_isolate *isolate, rf_vm_task *task);

/* ---- from C (engine.c) ---- */

rf_value rf_vm_run(rf_isolate *isolate, rf_vm_task *task); /* dispatch.c: until the frame entered from C returns */
rf_value rf_vm_enter_closure(rf_isolate *isolate, rf_function *closure, const rf_value *self, const rf_value *args,
                             uint32_t count);
rf_value rf_vm_enter_proto(rf_isolate *isolate, rf_proto *proto, rf_function *closure);
rf_value rf_vm_engine_call(rf_isolate *isolate, rf_value callee, const rf_value *args, uint32_t count);
rf_value rf_vm_engine_call_method(rf_isolate *isolate, rf_value method, rf_value self, const rf_value *args,
                                  uint32_t count);

/* Calls an async function with borrowed arguments: the promise. */
rf_value rf_vm_call_async(rf_isolate *isolate, rf_vm_task *task, rf_function *function, const rf_value *self,
                          const rf_value *args, uint32_t count);

/* ---- generator.c ---- */

typedef struct rf_suspended { /* generator->frame: where it goes on, and its registers (layout: ruff-jitc) */
    const rf_instruction *pc;
    uint32_t live; /* registers that are kept */
    uint32_t capacity;
    rf_value registers[];
} rf_suspended;

/* Resumes generator in a frame with these flags.  DONE: it has ended. */
rf_outcome rf_vm_resume(rf_isolate *isolate, rf_vm_task *task, rf_generator *generator, uint32_t flags);
/* YIELD: as rf_vm_return. */
bool rf_vm_yield(rf_isolate *isolate, rf_vm_task *task, uint32_t reg, uint32_t live, rf_value *out);
/* For native code, which runs the body in the registers that are kept: all of them are there, the position too.  False:
 * it runs, or has ended.  proto: of its body, compiled. */
bool rf_vm_open_generator(rf_isolate *isolate, rf_generator *generator, const rf_proto *proto);
void rf_vm_finish_generator(rf_isolate *isolate, rf_generator *generator);
rf_value rf_vm_generator_next(rf_isolate *isolate, rf_generator *generator);
void rf_vm_generator_free(rf_isolate *isolate, rf_generator *generator);
void rf_vm_generator_visit(rf_isolate *isolate, rf_generator *generator,
                           void (*visit)(void *context, rf_value value), void *context);

/* ---- place.c ---- */

/* If the place still holds the very object `held`, drops the place's reference (leaving a placeholder), so that the
 * holder can change the object without copying it; then something must be stored back. */
bool rf_vm_detach(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, rf_value held);
bool rf_vm_store_place(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, rf_value v); /* steals v */
/* Appends v (stolen when 1) to the array that the place holds: 1; 0: it holds none, or reading it raises; -1: raised. */
int rf_vm_push_place(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, rf_value v);
rf_value rf_vm_read_place(rf_isolate *isolate, rf_frame *fp, rf_place_info *place);

#endif
