/* The last events of the JIT of one isolate, as the JIT notes them; read after the run. */
#ifndef RF_PROF_JIT_EVENT_H
#define RF_PROF_JIT_EVENT_H

#include "base/base.h"

typedef enum rf_jit_event_kind {
#define RF_JIT_EVENT(name, text, meaning) RF_JIT_EVENT_##name,
#include "prof/jit_event.def"
#undef RF_JIT_EVENT
    RF_JIT_EVENT_COUNT
} rf_jit_event_kind;

typedef struct rf_jit_event {
    rf_jit_event_kind kind;
    int64_t at_ns;            /* monotonic clock */
    const char *function, *file, *reason; /* copied; NULL: none */
    const char *expected, *seen; /* deopt: kinds of what its instruction reads, as observed and now; copied; NULL: none */
    uint32_t left_line;          /* deopt: that of the instruction; 0: none */
    uint32_t line, pc;        /* of the function's declaration; instruction the native code begins with */
    uint32_t version;         /* of its native code, from 1 */
    uint8_t tier, optimisation; /* rf_prof_tier it runs in from now on; level of the compiler */
    uint64_t duration_ns, queue_ns, children_cpu_ns, code_bytes; /* 0: of no meaning for the kind */
} rf_jit_event;

typedef struct rf_jit_events { /* a ring: the newest overwrite the oldest */
    rf_jit_event *ring; /* NULL before the first */
    uint64_t count;     /* ever noted */
} rf_jit_events;

enum { RF_JIT_EVENTS_KEPT = 1024 };

void rf_jit_events_release(rf_jit_events *events);
/* Copies the event with its texts; at_ns 0: now.  The copy, valid until the ring comes round. */
const rf_jit_event *rf_jit_events_add(rf_jit_events *events, const rf_jit_event *event);
/* How many can be read, and the one of that age, 0 being the oldest. */
uint32_t rf_jit_events_kept(const rf_jit_events *events);
const rf_jit_event *rf_jit_events_at(const rf_jit_events *events, uint32_t index);
const char *rf_jit_event_name(rf_jit_event_kind kind);

#endif
