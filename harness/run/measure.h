/* One process of one variant: started, listened to, judged.
 *
 * A result has a time only when its outcome is `ok`; everything else keeps a reason that says what
 * happened, where, and what to do about it. */
#ifndef RUN_MEASURE_H
#define RUN_MEASURE_H

#include "run/launcher.h"
#include "run/protocol.h"
#include "run/variant.h"

typedef enum run_outcome {
#define RUN_OUTCOME(name, word, meaning) RUN_##name,
#include "run/outcome.def"
#undef RUN_OUTCOME
    RUN_OUTCOME_COUNT
} run_outcome;

const char *run_outcome_word(run_outcome outcome);
bool run_outcome_find(const char *word, run_outcome *outcome);

typedef struct run_job {
    const suite_catalog *suite;
    const run_variant *variant; /* RUN_VARIANT_READY, built */
    run_input input;
    const char *expected; /* digest; NULL: any answer will do */
    int64_t timeout_ns;
    uint64_t memory_bytes, cpus;
    bool counters; /* perf events and energy */
    unsigned pad_bytes;
    run_interrupt *interrupt; /* may be NULL */
} run_job;

#define RUN_UNKNOWN (-1)

typedef struct run_result {
    run_outcome outcome;
    char *reason;     /* owned; NULL when ok */
    bool interrupted; /* by the user: nothing of it counts */
    run_exit exit;
    run_sample sample;
    int64_t started_wall_ns; /* UTC since 1970 */
    int64_t wall_ns;         /* start to end of the process */
    int64_t startup_ns;      /* start to @rb; RUN_UNKNOWN without protocol */
    int64_t first_ns,
        cold_ns; /* first iteration; what a process with one iteration would have taken */
    int64_t rss_base_bytes; /* at @rb; RUN_UNKNOWN when it was gone too soon */
    int64_t steal_ns; /* taken by the host from all CPUs meanwhile; RUN_UNKNOWN when not told */
    unsigned pad_bytes;
    run_count energy; /* of all packages meanwhile, in uJ; unavailable unless asked for */
    rf_buffer out, errors;
} run_result;

/* RUFF_E_IO only when the launcher is gone.  Release result with run_result_release in any case. */
RF_MUST_USE ruff_status run_measure(run_launcher *launcher, const run_job *job, run_result *result,
                                    ruff_error *err);
void run_result_release(run_result *result);

#endif
