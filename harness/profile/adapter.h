/* A profiled pass of one variant: the profiler of its language, its output as a profile of ours.
 *
 * Timed processes are never profiled ones; this is a process of its own. */
#ifndef PROFILE_ADAPTER_H
#define PROFILE_ADAPTER_H

#include "prof/profile.h"
#include "run/tool.h"
#include "run/variant.h"

typedef struct profile_job {
    const suite_catalog *suite;
    const run_variant *variant; /* ready and built */
    run_input input;
    uint64_t hz; /* 0: the profiler's own rate */
    int64_t timeout_ns;
    const char *scratch; /* a directory for what profilers write */
    run_interrupt *interrupt; /* may be NULL */
} profile_job;

typedef struct profile_adapter {
    const char *language, *tool, *needs;
    /* Fills out, which is initialised; RUFF_E_IO with a message when the program or the tool
     * fails. */
    ruff_status (*run)(run_launcher *launcher, const profile_job *job, rf_profile *out,
                       ruff_error *err);
} profile_adapter;

/* NULL when nothing can profile the language. */
const profile_adapter *profile_find_adapter(const char *language);
/* "ruff, python, go, node", for messages; new. */
char *profile_adapter_names(void);

/* ---- for adapters ---- */

#define PROFILE_ADAPTER(language, tool, needs)                                                     \
    ruff_status profile_run_##language(run_launcher *launcher, const profile_job *job,             \
                                       rf_profile *out, ruff_error *err);
#include "profile/adapter.def"
#undef PROFILE_ADAPTER

/* Runs argv (ends with NULL) in the variant's directory and environment. */
RF_MUST_USE ruff_status profile_run_tool(run_launcher *launcher, const profile_job *job,
                                         const char *const *argv, rf_buffer *out, ruff_error *err);
/* What the run was, where a profiler does not say. */
void profile_describe(rf_profile *out, const profile_job *job, const char *tool, double hz);
/* A function of a program; those outside of the benchmark's directory are of the language. */
uint32_t profile_add_func(rf_profile *out, const profile_job *job, const char *name,
                          const char *path, uint32_t line);
/* Adds to the sample of the stack, and to the run. */
void profile_add_time(rf_profile *out, uint32_t stack, uint64_t ticks, uint64_t cpu_ns);

#endif
