/* Native code for the VM: when to ask for it, keeping and running it.  Off unless attached. */
#ifndef RF_JIT_JIT_H
#define RF_JIT_JIT_H

#include "value/isolate.h"

typedef struct rf_jit_options {
    uint32_t heat;    /* calls and loop turns before native code is asked for; 0: the default */
    bool is_waiting;  /* for the helper: deterministic, for tests */
    bool is_traced;   /* one line an event on standard error */
} rf_jit_options;

typedef struct rf_jit_counters {
    uint64_t requested, compiled, recompiled, refused, failed, microseconds, code_bytes, entered;
    uint64_t exits[8]; /* by rf_exit reason (wire.h) */
} rf_jit_counters;

/* For an isolate of the VM engine that has just been started, before it runs anything. */
void rf_jit_attach(rf_isolate *isolate, const rf_jit_options *options);
/* What has happened so far; NULL without JIT. */
const rf_jit_counters *rf_jit_counters_of(const rf_isolate *isolate);

#endif
