#include "run/session.h"

#include "base/clock.h"

enum { GIVE_UP_AFTER = 2 };

run_input run_settings_input(const run_settings *settings, const run_variant *variant,
                             const run_param *param)
{
    run_input input = {param->size, param->seed, settings->iterations, settings->budget_ms};
    const bool jit = variant->language->jit || (variant->mode && variant->mode->jit);
    if (jit && settings->jit_iterations) input.iterations = settings->jit_iterations;
    if (jit && settings->jit_budget_ms) input.budget_ms = settings->jit_budget_ms;
    return input;
}

static run_job job_for(const suite_catalog *suite, const run_plan *plan,
                       const run_settings *settings, size_t seq, run_interrupt *interrupt)
{
    const run_cell *cell = &plan->cells.data[plan->slots.data[seq].cell];
    return (run_job){
        .suite = suite,
        .variant = cell->variant,
        .input = run_settings_input(settings, cell->variant, cell->param),
        .expected = cell->param->expected,
        .timeout_ns = settings->timeout_ns ? settings->timeout_ns : cell->param->timeout_ns,
        .memory_bytes = cell->param->memory_bytes,
        .cpus = settings->cpus,
        .counters = settings->counters,
        .pad_bytes = run_plan_pad_bytes(plan, seq),
        .interrupt = interrupt};
}

static void count_failure(unsigned *failures, run_outcome outcome)
{
    if (outcome == RUN_OK)
        *failures = 0;
    else
        *failures += outcome == RUN_TIMEOUT ? GIVE_UP_AFTER : 1;
}

ruff_status run_session(run_launcher *launcher, const suite_catalog *suite, const run_plan *plan,
                        const run_settings *settings, run_interrupt *interrupt,
                        const run_observer *observer, run_finish *finish, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    unsigned *failures = rf_alloc_array_zero(unsigned, plan->cells.count + 1);
    *finish = RUN_FINISHED;
    for (size_t seq = 0; seq < plan->slots.count && !status && *finish == RUN_FINISHED; seq++) {
        const run_slot *slot = &plan->slots.data[seq];
        if (slot->done || slot->elsewhere) continue;
        if (failures[slot->cell] >= GIVE_UP_AFTER) {
            status = observer->skipped(observer->context, seq, slot, err);
        } else if (run_interrupt_check(interrupt)) {
            *finish = RUN_INTERRUPTED;
        } else if (settings->deadline_ns && rf_clock_monotonic_ns() >= settings->deadline_ns) {
            *finish = RUN_TIME_UP;
        } else {
            run_result result;
            run_job job = job_for(suite, plan, settings, seq, interrupt);
            observer->begins(observer->context, seq, slot);
            status = run_measure(launcher, &job, &result, err);
            if (!status && result.interrupted) *finish = RUN_INTERRUPTED;
            if (!status && !result.interrupted) {
                count_failure(&failures[slot->cell], result.outcome);
                status = observer->ends(observer->context, seq, slot, &result, err);
            }
            run_result_release(&result);
        }
    }
    rf_free(failures);
    return status;
}
