/* The frame of native code: how it reaches the isolate, and what it leaves behind.  Its layout is known to ruff-jitc. */
#ifndef RF_JIT_NATIVE_H
#define RF_JIT_NATIVE_H

#include "jit/wire.h"
#include "vm/jit_hook.h"

typedef struct rf_deopt { /* a call that was native and must become a frame */
    rf_proto *proto;
    const rf_instruction *pc;
    rf_value *base;
    uint32_t flags, detail; /* of the frame; detail: self_register with SELF_LOCAL, skip with SELF_BACK */
} rf_deopt;

typedef struct rf_native_context {
    rf_isolate *isolate;
    rf_vm_task *task;
    rf_frame *fp;
    int64_t room;          /* how many more native calls fit C stack, window and depth */
    uint64_t exit;         /* instruction << 8 | function << 4 | reason */
    rf_deopt *deopts;      /* innermost first */
    uint32_t deopt_count, deopt_capacity;
    int64_t guards;        /* tested so far, where native code counts them */
    int64_t stress;        /* guards until one fails on purpose */
    uint64_t made;         /* closures and instances so far */
} rf_native_context;

typedef int64_t (*rf_native_function)(rf_native_context *context);

/* Address of a function that native code may call, NULL for any other name. */
void *rf_native_symbol(void *context, const char *name);
/* Makes frames of the calls noted in context->deopts. */
void rf_native_push_frames(rf_native_context *context);

#endif
