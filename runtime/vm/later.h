/* Heat is counted later (jit_hook.h).
 *
 * Until native code may be made nothing is gained by counting, so a program with a compiler runs in the plain loop, which
 * asks nobody, and costs what it costs without one.  A thread sleeps until it is time.  Then it exchanges the labels that the
 * plain loop jumps to: each instruction leads to a handler that leaves the loop if it belongs to an isolate whose time has
 * come, and carries out the instruction otherwise.  When all loops of that isolate which ran then have been left, the
 * labels are put back. */
#ifndef RF_VM_LATER_H
#define RF_VM_LATER_H

#include "vm/frame.h"
#include "vm/state.h"

typedef struct rf_later rf_later; /* rf_vm_state.later */

/* The plain loop and what it jumps through; told by rf_vm_run_plain without task. */
typedef struct rf_plain_loop {
    const void **now;           /* per opcode, where it leads now */
    const void *const *labels;  /* where it leads by itself, and behind these the handler that may leave */
} rf_plain_loop;
extern rf_plain_loop rf_vm_plain_loop;

/* From the next loop that begins on nothing is counted, until after_ns have passed and this thread has used used_ns of
 * processor time altogether.  Once for an isolate.  False: it is counted on, as it is while the plain loop has to ask because a
 * loop of another isolate that is to be left waits for something. */
bool rf_vm_count_later(rf_isolate *isolate, uint64_t after_ns, uint64_t used_ns);
/* Is nothing counted at present? */
bool rf_vm_counts_later(const rf_vm_state *state);
/* rf_vm_run_plain, until the task is done or it is time. */
rf_value rf_vm_run_uncounted(rf_isolate *isolate, rf_vm_task *task);
/* Is the plain loop to be left before pc?  Then the task is ready for the counting one. */
bool rf_vm_is_time_to_count(rf_isolate *isolate, rf_vm_task *task, const rf_instruction *pc);
/* The isolate ends. */
void rf_vm_forget_later(rf_vm_state *state);

/* The plain loop has taken all turns of the ranges in this frame at once: they are joined again. */
void rf_vm_join_all_turns(const rf_frame *fp);
/* A range around instruction pc: the first register of its state; -1: no more.  *last: where the search begins, pc at
 * first, and goes on. */
int32_t rf_vm_range_around(const rf_proto *proto, uint32_t pc, uint32_t *last);
/* The turns that may run now are joined with those behind them, so that the next one is counted. */
static inline void rf_vm_join_turns(rf_value *state)
{
    state[RF_RANGE_LEFT].as.i += state[RF_RANGE_TURNS].as.i;
    state[RF_RANGE_TURNS].as.i = 0;
}

#endif
