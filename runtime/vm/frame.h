/* Tasks and frames.
 *
 * A task has a register stack in segments and a chain of frames.  A frame is a window of registers; the callee's window
 * starts at the arguments in its caller's, R[-1] is where its result goes.  Frames are linked both ways and reused, so
 * a call takes the next one and a return goes to the previous. */
#ifndef RF_VM_FRAME_H
#define RF_VM_FRAME_H

#include "vm/state.h"

typedef struct rf_frame {
    const rf_instruction *pc; /* next instruction; up to date while something else runs or raises */
    rf_value *base;           /* R[0] */
    rf_proto *proto;          /* NULL: the root of the task */
    rf_function *function;    /* borrowed from R[-1]; NULL when the function has no captures */
    struct rf_frame *previous, *next;
    uint32_t index;           /* frames below */
    uint32_t flags;           /* RF_FRAME_...: a return with flags takes the slow way */
    rf_generator *generator;  /* GENERATOR: counted */
    rf_value *home;           /* MOVED: where the result goes, the window having moved to another segment */
    uint32_t self_register;   /* SELF_LOCAL, RESULT_LOCAL: the caller's register */
    uint32_t skip;            /* SKIP, SELF_BACK: store-back code to skip when there is nothing to store */
} rf_frame;

enum {
    RF_FRAME_ENTRY = 1,        /* entered from C: its return leaves rf_vm_run */
    RF_FRAME_HIDDEN = 2,       /* does not count for the depth */
    RF_FRAME_MOVED = 4,        /* first window of a segment */
    RF_FRAME_GENERATOR = 8,
    RF_FRAME_MARKED = 16,      /* self was modified (LANGUAGE 9.4) */
    RF_FRAME_SELF_BACK = 32,   /* a modified self stays in R[0] for the caller's store-back code */
    RF_FRAME_SELF_LOCAL = 64,  /* a modified self goes to the caller's self_register */
    RF_FRAME_SELF_TAKEN = 128, /* self was moved in: it goes back even unmodified */
    RF_FRAME_MARKS_CALLER = 256, /* storing self back modifies the caller's self */
    RF_FRAME_RESULT_BACK = 512,  /* update statement: the result is stored by the caller's store-back code */
    RF_FRAME_RESULT_LOCAL = 1024, /* update statement: the result goes to self_register */
    RF_FRAME_RESULT_FIRST = 4096, /* with one of these two: the first element of the result */
    RF_FRAME_SKIP = 8192,         /* the caller goes on `skip` instructions later */
    RF_FRAME_RESULT_REG = 2048,   /* overloaded operator: the result goes to self_register */
    RF_FRAME_NATIVE = 16384       /* its caller is native code that runs a loop for it: when it is done, the loop is left */
};

typedef struct rf_segment {
    struct rf_segment *previous, *next;
    rf_value *end;
    rf_value values[];
} rf_segment;

struct rf_vm_task {
    rf_frame *fp;          /* innermost frame */
    rf_value *limit;       /* end of the running segment */
    uint32_t frame_limit;  /* highest index a visible frame may have */
    uint32_t hidden_count; /* active frames that do not count */
    rf_segment *segment;
    void *memory;          /* that the first segment is in */
    rf_frame root;
    rf_frame last;         /* next of the newest frame: index too high for any test */
    RF_VECTOR(rf_frame *) chunks;
};

rf_vm_task *rf_vm_task_new(rf_isolate *isolate);
/* Releases what its frames still hold. */
void rf_vm_task_free(rf_isolate *isolate, rf_vm_task *task);

/* The place that the method call running in caller got its receiver from. */
static inline rf_place_info *rf_vm_receiver_place(const rf_frame *caller)
{
    return rf_site_place(caller->proto, &caller->proto->sites[caller->pc[-1].b]);
}

/* The first register above everything in use: where a window entered from C puts its result. */
static inline rf_value *rf_vm_top(const rf_vm_task *task)
{
    const rf_frame *fp = task->fp;
    return fp->proto ? fp->base + fp->proto->register_count : fp->base;
}

/* Pushes a frame for proto whose arguments are at window[1 ..]; window[0] gets the result.  NULL after raising (depth).
 * The caller's pc has been saved. */
rf_frame *rf_vm_push_frame(rf_isolate *isolate, rf_vm_task *task, rf_proto *proto, rf_function *function,
                           rf_value *window, uint32_t flags);
/* Room for count registers at the top of the stack: window[0] for the result and the arguments to be put behind it.  It
 * may lie in a new segment, which the frame pushed on it must then leave: *flags gets RF_FRAME_MOVED. */
rf_value *rf_vm_reserve(rf_isolate *isolate, rf_vm_task *task, uint32_t count, uint32_t *flags);
/* Gives up a reserved window on which no frame was pushed. */
void rf_vm_unreserve(rf_vm_task *task, uint32_t flags);
/* Releases registers first .. count of the frame. */
void rf_vm_release_registers(rf_isolate *isolate, rf_frame *fp, uint32_t first, uint32_t count);
/* The frame is done: bookkeeping of segments and depth; task->fp becomes its caller. */
void rf_vm_pop_frame(rf_vm_task *task);
/* Calls of user functions active in the task, without those of whoever started it. */
static inline uint32_t rf_vm_own_depth(const rf_vm_task *task) { return task->fp->index - task->hidden_count; }

void rf_vm_trace(rf_isolate *isolate, rf_trace *out);
const void *rf_vm_where(rf_isolate *isolate, rf_where *out);

#endif
