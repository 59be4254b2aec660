/* What the JIT keeps for an isolate; for jit.c and trace.c alone. */
#ifndef RF_JIT_STATE_H
#define RF_JIT_STATE_H

#include "jit/cache.h"
#include "jit/code_map.h"
#include "jit/helper.h"
#include "jit/jit.h"
#include "jit/loader.h"
#include "jit/native.h"
#include "jit/request.h"
#include "prof/profile.h"

enum {
#define RF_JIT_TUNABLE(name, value, meaning) RF_JIT_##name = (value),
#include "jit/tunable.def"
#undef RF_JIT_TUNABLE
};

typedef struct rf_exit_count {
    uint64_t exit;
    uint32_t count;
} rf_exit_count;

typedef struct rf_entry_point { /* native code that begins at one instruction */
    uint32_t pc;
    uint32_t recompiles, version;
    bool is_refused;
    bool is_observed;
    RF_VECTOR(uint16_t) ranges; /* first registers of the state of those that turn around it */
    rf_native_function code; /* NULL: none */
    uint32_t frame_bytes, most_registers;
    uint64_t distrusted[4]; /* registers whose kind at the entry varies */
    uint32_t visits, failures;
    int32_t pause; /* heat until it is looked at again, because visits were too short or there is no code */
    uint64_t ticks;
    uint32_t entries;          /* asked for it while there was other code, for its turn */
    bool wants_better;         /* the code runs, but better is asked for */
    bool wants_outer;          /* if the loop around is no better this code is good enough */
    bool was_entered;
    uint32_t looks;            /* for it in the cache */
    bool is_looked_for;        /* no more looks */
    uint64_t elsewhere_ticks;  /* since when it waits for the function to come by where kept code begins; 0: it does not */
    uint8_t optimisation;
    uint32_t retry;            /* heat until it asks again */
    int64_t wanted_ns;         /* since when it waits for the helper; 0: it does not */
    uint32_t inner_last;       /* the code is that of an inner loop which ends here; 0: it is not */
    uint32_t samples;          /* looks at what the registers hold here */
    uint64_t sampled_ticks;    /* when the first was taken */
    uint8_t *heads;            /* what they held last: heads, or 128 and kinds of arrays; owned, made with the first look */
    rf_exit_count *exits;      /* RF_JIT_EXIT_SLOTS; owned, made with the first exit */
} rf_entry_point;

typedef struct rf_native_proto { /* rf_proto.native */
    uint32_t count;
    bool is_hot; /* or it is only time to look into the cache */
    uint64_t used; /* heat, so far */
    int32_t given; /* heat, when it was last asked about */
    uint32_t stays_at, stays_turns; /* where it comes by while code should begin elsewhere, and how often */
    uint64_t stays_since, stays_ticks; /* ticks: when first and last */
    rf_entry_point *entries[RF_JIT_MOST_ENTRIES]; /* owned */
    RF_VECTOR(rf_layout *) layouts; /* that its native code compares with; their declarations are counted */
} rf_native_proto;

typedef struct rf_jit {
    const rf_isolate *isolate;
    rf_jit_options options;
    ruff_jit_counters counters;
    rf_jit_events events;
    rf_jit_hook hook;
    int32_t heat; /* after which a function is hot */
    rf_code_region region;
    rf_helper helper;
    int64_t started_ns;
    uint64_t not_before_ns; /* after it, a program that was short before is not asked for its processor time again */
    /* the request that is out */
    bool is_asking;
    uint64_t asked_ticks;  /* when a function without native code last came by */
    uint64_t polled_ticks; /* when the helper was last looked at */
    const rf_proto *hottest; /* of those that wait for the helper; NULL: none has come by */
    uint64_t hottest_ticks;  /* when it did last */
    bool is_thrifty; /* one processor, or one of several workers: compiling takes time from the program */
    rf_proto *wanted; /* NULL: the proto is gone */
    rf_binding binding;
    uint32_t wanted_pc, wanted_number, next_number;
    uint8_t wanted_optimisation;
    rf_code_map map; /* for the profiler; empty without one */
    const rf_binding *loading; /* while profiled: what the code that is loaded was made of */
    const uint64_t *loaded_lines; /* its table of lines */
    bool has_told_absence;
    rf_native_function loaded;
    rf_cache cache;
} rf_jit;

/* Notes an event, and says so when it is traced.  what: kind, reason and numbers; the rest is filled in.  proto may be
 * NULL. */
void rf_jit_note(rf_jit *j, rf_jit_event what, const rf_proto *proto, const rf_entry_point *entry);
/* Native code cannot be had any more: one line where that is wanted. */
void rf_jit_tell_absence(rf_jit *j, const char *reason);
void rf_jit_trace_counters(const rf_jit *j);
const char *rf_jit_exit_reason(unsigned reason);

#endif
