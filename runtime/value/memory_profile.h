/* The memory instrument of one VM: its isolates note what they allocate (prof/allocation.h), and what they found comes
 * together in one profile when each ends. */
#ifndef RF_VALUE_MEMORY_PROFILE_H
#define RF_VALUE_MEMORY_PROFILE_H

#include "prof/allocation.h"
#include "value/value.h"

#include <pthread.h>

typedef struct rf_memory_profile { /* in rf_host; kept by who runs the program */
    pthread_mutex_t lock;
    rf_profile *profile;
    /* A stack of the running task is worth keeping: bytes were allocated since the last; may be NULL. */
    void (*sample)(rf_isolate *isolate, uint64_t bytes);
} rf_memory_profile;

/* From the first allocation of the isolate on; nothing when its host has no memory profile. */
void rf_memory_profile_start(rf_isolate *isolate);
/* The program has ended and its variables still stand: the findings go to the profile, and what variables keep alive is
 * reachable, not leaked. */
void rf_memory_profile_over(rf_isolate *isolate, const rf_value *modules, size_t count);
/* The program is stopped anywhere, in a copy of its process: what was found so far goes to the profile. */
void rf_memory_profile_so_far(rf_isolate *isolate);
/* Objects that only refer to each other were found by the collector, about to be freed (memory_cycles.c). */
void rf_memory_profile_cycles(rf_isolate *isolate, rf_object *const *dead, size_t count);
/* Everything was released: what is left is a leak of the runtime. */
void rf_memory_profile_native(rf_isolate *isolate);

/* Adds to the entry of that verdict and path; steals path. */
void rf_memory_profile_add_leak(rf_isolate *isolate, rf_prof_verdict verdict, const rf_object *o, uint64_t count,
                                uint64_t bytes, char *path);
const char *rf_memory_profile_type(rf_isolate *isolate, const rf_object *o); /* as reports show it; borrowed */

#endif
