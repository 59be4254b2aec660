/* What native code is asked for first. */
#ifndef RF_JIT_CHOICE_H
#define RF_JIT_CHOICE_H

#include "jit/state.h"

/* Where the native code for a function that is hot at pc should begin, from what was observed: at its start if it is
 * called often, else at the outermost loop around pc that turned.  Code that begins further inside would be entered more
 * often, and a loop that is entered in its middle is no loop to the compiler.  Where there is such code already only the
 * way to it is missing: the start again. */
uint32_t rf_jit_best_entry(const rf_proto *proto, uint32_t pc);

/* The loop that begins at pc inside another one; last is 0 if there is none.  Native code that begins there does not go
 * beyond it. */
typedef struct rf_loop_range { uint32_t first, last; } rf_loop_range;
rf_loop_range rf_jit_inner_loop(const rf_proto *proto, uint32_t pc);

/* The frame is at the entry, for which native code is wanted: looks which of its registers always hold the same kind
 * there.  True: enough was seen. */
bool rf_jit_sample(rf_entry_point *entry, const rf_frame *fp, uint64_t now_ticks);

/* What registers hold at the entry that its code does not read is of no interest: all but the parameters at the start of
 * the function, and what an inner loop does not touch. */
void rf_jit_distrust_unused(rf_entry_point *entry, const rf_proto *proto);

/* A generator whose body is mostly left to yield; native code of whoever resumes it runs it too. */
bool rf_jit_yields_often(const rf_proto *proto);

/* Were values of several kinds seen?  Then observing again does not help. */
bool rf_jit_is_mixed(const rf_feedback *seen);

/* proto, which waits for the helper, has come by; false: another function that does is hotter and comes by often. */
bool rf_jit_has_turn(rf_jit *j, const rf_proto *proto, uint64_t now_ticks);
/* It waits no more, or is gone. */
void rf_jit_lose_turn(rf_jit *j, const rf_proto *proto);

#endif
