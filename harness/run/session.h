/* Carrying out a plan: slot after slot, whoever watches is told about each.
 *
 * This room does not know the store; the observer writes a result down before the next child
 * starts, so nothing finished is ever lost. */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include "run/measure.h"
#include "run/plan.h"

typedef struct run_settings {
    uint64_t iterations; /* most iterations of a process */
    int64_t budget_ms;   /* a process stops after this much iteration time */
    uint64_t jit_iterations; /* the same for variants that compile while they run; 0: no difference */
    int64_t jit_budget_ms;
    int64_t timeout_ns;  /* of a process; 0: the benchmark's own */
    uint64_t cpus;       /* 0: no pinning */
    bool counters;       /* perf events and energy */
    int64_t deadline_ns; /* monotonic; 0: none */
} run_settings;

/* What a process of the variant is given. */
run_input run_settings_input(const run_settings *settings, const run_variant *variant,
                             const run_param *param);

typedef struct run_observer {
    void *context;
    void (*begins)(void *context, size_t seq, const run_slot *slot);
    /* A failure ends the session. */
    ruff_status (*ends)(void *context, size_t seq, const run_slot *slot, const run_result *result,
                        ruff_error *err);
    ruff_status (*skipped)(void *context, size_t seq, const run_slot *slot, ruff_error *err);
} run_observer;

typedef enum run_finish {
    RUN_FINISHED,
    RUN_INTERRUPTED, /* by a signal: what was running does not count */
    RUN_TIME_UP      /* deadline reached between two slots */
} run_finish;

/* A cell whose process timed out, or failed twice in a row, is given up: its other slots are
 * skipped. */
RF_MUST_USE ruff_status run_session(run_launcher *launcher, const suite_catalog *suite,
                                    const run_plan *plan, const run_settings *settings,
                                    run_interrupt *interrupt, const run_observer *observer,
                                    run_finish *finish, ruff_error *err);

#endif
