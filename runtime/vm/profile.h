/* The VM under the profiler (prof/thread.h): its loop is compiled again so that the sampler can make it stop at the next
 * instruction, and the plain loop knows nothing of it.
 *
 * A profiled loop jumps through a table in the thread's block.  To stop it the hook is put into every entry (prof/sampler.c); the
 * hook books what is pending and puts the labels back.  So a profiled instruction costs nothing more, and a sample is taken
 * between two instructions, when the frames are whole.
 * The tallied loop besides counts where control does not just go on to the next instruction, from which follows how
 * often each one ran; it is used until there are enough samples to do without. */
#ifndef RF_VM_PROFILE_H
#define RF_VM_PROFILE_H

#include "prof/thread.h"
#include "vm/frame.h"
#include "vm/state.h"

enum { RF_VM_LOOP_PROFILED, RF_VM_LOOP_PROFILED_COUNTED, RF_VM_LOOP_TALLIED }; /* rf_prof_thread.jumps */

/* A loop begins: its tables. */
void rf_vm_profile_loop(rf_prof_thread *thread, unsigned loop, const void *const *labels, const void *hook);
/* Instead of the instruction at pc, which comes next: books what is pending.  The instruction that has just run is the
 * one before pc if it saved its position (so the time of a long one is its own), else pc stands for it. */
void rf_vm_profile_hook(rf_isolate *isolate, rf_frame *fp, const rf_instruction *pc, unsigned loop);
/* The instruction before pc still runs, its frames are whole: books what is pending. */
void rf_vm_profile_point(rf_isolate *isolate, rf_frame *fp, const rf_instruction *pc);
/* The counts of an instruction (code_space.h): how often it jumped to where it may jump, and how often control came to it in
 * any other way but from the instruction before or by a call, less how often it left before it, though that one falls
 * through.  A call falls through: where it does not return to the next instruction, that is what has left. */

/* The call that made this frame, if a call did, does not return to where its caller is; nothing unless that is counted. */
static inline void rf_vm_profile_no_return(const rf_vm_state *state, const rf_frame *fp)
{
    if (RF_LIKELY(!state->code.has_counts) || fp->flags & (RF_FRAME_ENTRY | RF_FRAME_GENERATOR | RF_FRAME_NATIVE)) return;
    (*rf_code_arrivals(fp->previous->pc))--;
}

void rf_vm_profile(rf_isolate *isolate, rf_prof_source *source); /* rf_engine.profile */

#endif
