/* Native code for the VM: when to ask for it, keeping and running it.  Off unless attached. */
#ifndef RF_JIT_JIT_H
#define RF_JIT_JIT_H

#include "base/buffer.h"
#include "prof/jit_event.h"
#include "ruff/ruff.h"
#include "value/isolate.h"

enum { /* parts that tests take away */
    RF_JIT_PART_MEMORY = 1,    /* that can be executed */
    RF_JIT_PART_HELPER = 2,    /* the program ruff-jitc */
    RF_JIT_PART_ASSEMBLER = 4,
    RF_JIT_PART_FOLDER = 8,    /* for temporary files */
    RF_JIT_PART_PROCESS = 16   /* new processes */
};

typedef struct rf_jit_options {
    uint32_t heat;          /* calls and loop turns before native code is asked for; 0: the default */
    bool is_waiting;        /* for the helper: deterministic, for tests */
    bool is_patient;        /* waits, otherwise as usual: to measure what is made apart from when */
    ruff_jit_notice notice;
    bool counts_guards;
    uint32_t stress;        /* every so many guards one fails on purpose; 0: none */
    uint32_t optimisation;  /* of the compiler: 1, 2; 0: as it thinks best */
    uint32_t later_us;      /* for which nothing is counted from the first hot function on, for tests; 0: as long as it is of no use */
    uint32_t patience_ms;   /* 0: the default */
    uint64_t region_bytes;  /* room for native code; 0: the default */
    uint32_t without;       /* RF_JIT_PART_... */
    ruff_jit_cache cache;
    const char *cache_folder; /* NULL: the user's; borrowed for the call */
    uint64_t cache_bytes;     /* 0: the default */
    /* dumps wanted (RF_WIRE_DUMP_...), appended to *dump with a heading for each piece of native code */
    uint32_t dumps, dump_pass; /* dump_pass: of RF_WIRE_DUMP_IR, number of the pass (pass.def) */
    rf_buffer *dump;
} rf_jit_options;

/* What the environment says: RUFF_JIT=off (then false), and for tests RF_JIT_HOT, RF_JIT_SYNC, RF_JIT_STRESS, RF_JIT_OPT,
 * RF_JIT_LATER_US, RF_JIT_WITHOUT, RF_JIT_PATIENCE_MS, RF_JIT_CACHE_BYTES, RF_JIT_REGION_BYTES. */
bool rf_jit_options_read(rf_jit_options *options);
/* For an isolate of the VM engine that has just been started, before it runs anything. */
void rf_jit_attach(rf_isolate *isolate, const rf_jit_options *options);
/* The same for a worker of parent, on the parent's thread. */
void rf_jit_attach_worker(rf_isolate *worker, const rf_isolate *parent);
/* Why there is no native code: "ruff-jitc not found"; NULL when all parts seem to be there. */
const char *rf_jit_unavailable(uint32_t without);

/* A function of native code that was loaded while it is profiled (rf_host.code_loaded). */
typedef struct rf_jit_line { /* from this address on; file is borrowed from the unit */
    const void *address;
    const char *file;
    uint32_t line;
} rf_jit_line;
typedef struct rf_jit_code {
    const char *function; /* as profiles call it */
    const void *start;
    size_t size, line_count;
    const rf_jit_line *lines;
} rf_jit_code;

/* What has happened so far; NULL without JIT. */
const ruff_jit_counters *rf_jit_counters_of(const rf_isolate *isolate);
const rf_jit_events *rf_jit_events_of(const rf_isolate *isolate);

#endif
