/* What the VM knows of native code: nothing but this table, filled by whoever attaches a compiler (jit/).
 *
 * Without a table the plain loop runs and nothing is counted.  With one, the counting loop lowers the heat of a function
 * at each call and backward jump; below zero it asks `hot`, which may run native code, or have the observing loop look
 * at what passes through the registers for a while.  Until native code may be made the plain loop runs all the same, which
 * is left when it is time (later.h).  Turns of a range are counted some at a time, before they run (opcode.h). */
#ifndef RF_VM_JIT_HOOK_H
#define RF_VM_JIT_HOOK_H

#include "prof/thread.h"
#include "vm/call.h"

typedef enum rf_hot_outcome {
    RF_HOT_GOES_ON, /* task->fp and its pc say where */
    RF_HOT_RAISED,  /* an error is in flight */
    RF_HOT_OTHER_LOOP /* the loop is to be left: something is to be observed, or heat is counted later */
} rf_hot_outcome;

typedef struct rf_jit_hook {
    int32_t first_heat; /* of a new proto */
    /* The running frame is at the start of its function or of a loop turn, its pc saved. */
    rf_hot_outcome (*hot)(rf_isolate *isolate, rf_vm_task *task);
    /* The proto is about to be freed. */
    void (*forget)(rf_isolate *isolate, rf_proto *proto);
    /* The isolate ends, its protos are gone. */
    void (*stop)(rf_isolate *isolate);
    /* What the native code at address is of (rf_prof_source.native); also on other threads. */
    uint32_t (*places_at)(rf_isolate *isolate, const void *address, rf_prof_place places[2], bool *has_frame);
    /* How large the frame of the code at address is there (rf_prof_source.native_frame); also on other threads. */
    uint32_t (*frame_at)(rf_isolate *isolate, const void *address);
} rf_jit_hook;

/* What was seen at one instruction (rf_proto.feedback): kinds of the values in the registers it names before it ran,
 * kinds of its result.  Only hints: native code tests whatever it relies on. */
enum { RF_SEEN_CALLEES = 4 };
typedef struct rf_feedback {
    uint32_t seen[3]; /* by operand field that names a register: RF_SEEN_... and 1 << tag */
    uint32_t result;  /* of the value written to R[a] */
    uint32_t count;   /* how often it ran while observed */
    uint32_t flags;   /* private to the compiler */
    rf_proto *callees[RF_SEEN_CALLEES]; /* code of the closures that CALL called, of the generators that FORNEXT resumed */
    bool calls_others;                  /* it called something else too */
} rf_feedback;

enum {
    RF_SEEN_ARRAY_SHIFT = 25, /* of 1 << rf_array_kind */
    RF_SEEN_WRAPPED = 1u << 24
};

enum { RF_VM_OTHER_LOOP = 0xFE }; /* head of what a loop returns when it is left for another one */

rf_value rf_vm_run_plain(rf_isolate *isolate, rf_vm_task *task);
rf_value rf_vm_run_counted(rf_isolate *isolate, rf_vm_task *task);
rf_value rf_vm_run_observed(rf_isolate *isolate, rf_vm_task *task);
/* What profile.h says; counted: counting heat. */
rf_value rf_vm_run_profiled(rf_isolate *isolate, rf_vm_task *task);
rf_value rf_vm_run_profiled_counted(rf_isolate *isolate, rf_vm_task *task);
rf_value rf_vm_run_tallied(rf_isolate *isolate, rf_vm_task *task);
rf_value rf_vm_run_noted(rf_isolate *isolate, rf_vm_task *task); /* for the memory instrument alone */

/* Notes what the instruction at pc finds in its registers and what the one before left. */
void rf_vm_observe(rf_frame *fp, const rf_instruction *pc);
/* The kind of a value as feedback has it. */
uint32_t rf_vm_kind_of(rf_value v);
/* Kinds of what the registers that the instruction at pc reads held while it was observed, with that of
 * its result, and of what they hold now, with that of the part it is about to read. */
void rf_vm_name_operands(const rf_frame *fp, const rf_instruction *pc, rf_buffer *observed, rf_buffer *now);
/* The instruction that a CHAIN_... starts as. */
unsigned rf_vm_unchained(unsigned op);

#endif
