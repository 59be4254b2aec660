/* The scheduler of an isolate: its beginning and end, and the run of a program on it. */
#include "sched/task.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "value/error_value.h"
#include "value/string.h"

#include <time.h>

static const rf_sched_hooks hooks = {.free_promise = rf_promise_free,
                                     .visit_promise = rf_promise_visit,
                                     .drop_promise = rf_promise_drop,
                                     .free_channel = rf_channel_free,
                                     .share_channel = rf_channel_share,
                                     .drop_core = rf_channel_drop_core,
                                     .adopt_channel = rf_channel_adopt,
                                     .same_channel = rf_channel_same,
                                     .new_promise = rf_promise_new,
                                     .resolve_promise = rf_promise_resolve,
                                     .await_promise = rf_await,
                                     .stack_call = rf_stack_call};

static rf_sched *new_sched(rf_isolate *isolate, rf_program *program)
{
    rf_sched *sched = rf_new(rf_sched);
    sched->isolate = isolate;
    sched->program = program;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&sched->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    isolate->sched = sched;
    isolate->sched_hooks = &hooks;
    rf_task_init_main(isolate);
    return sched;
}

rf_sched *rf_sched_new(rf_isolate *isolate)
{
    rf_stack_attach(isolate);
    return new_sched(isolate, rf_program_new());
}

rf_sched *rf_sched_new_worker(rf_isolate *isolate, rf_isolate *parent)
{
    rf_sched *sched = new_sched(isolate, rf_program_share(parent->sched->program));
    sched->is_worker = true;
    return sched;
}

/* Operations still under way own memory that only this thread can free. */
static void finish_background(rf_isolate *isolate)
{
    rf_sched *sched = isolate->sched;
    for (;;) {
        pthread_mutex_t *lock = rf_program_lock(sched->program);
        while (sched->background_count && !sched->first_mail) pthread_cond_wait(&sched->wake, lock);
        rf_mail *mail = sched->first_mail;
        sched->first_mail = sched->last_mail = NULL;
        rf_program_unlock(sched->program);
        if (!mail) return;
        while (mail) {
            rf_mail *next = mail->next;
            mail->open(isolate, mail);
            mail = next;
        }
    }
}

void rf_sched_free(rf_sched *sched)
{
    if (!sched) return;
    rf_isolate *isolate = sched->isolate;
    if (!sched->is_worker) {
        rf_program_stop_workers(sched->program);
        rf_program_await_workers(sched->program);
    }
    rf_task_abandon_all(isolate);
    finish_background(isolate);
    rf_timer_drop_all(isolate);
    rf_promise_release_all(isolate);
    rf_task_free_pool(isolate);
    rf_stack_detach(isolate);
    rf_program_drop(sched->program);
    pthread_cond_destroy(&sched->wake);
    rf_free(sched);
    isolate->sched = NULL;
    isolate->task = NULL;
}

uint32_t rf_sched_worker_count(rf_sched *sched)
{
    rf_program_lock(sched->program);
    const uint32_t count = rf_program_worker_count(sched->program);
    rf_program_unlock(sched->program);
    return count;
}

void rf_sched_visit_tasks(const rf_sched *sched, void (*visit)(void *engine_data, void *context), void *context)
{
    for (const rf_task *task = sched->oldest; task; task = task->newer) visit(task->engine_data, context);
}

/* ---- running ---- */

/* The main task has ended normally: lets everything else come to its end.  False after raising, or
 * on exit(). */
static bool wait_for_the_rest(rf_isolate *isolate)
{
    rf_sched *sched = isolate->sched;
    const int64_t timeout_ms =
        isolate->host->scheduler_timeout_ms > 0 ? isolate->host->scheduler_timeout_ms : INT64_MAX;
    const int64_t now_ns = rf_clock_monotonic_ns();
    sched->end_by_ns =
        timeout_ms < (INT64_MAX - now_ns) / 1000000 ? now_ns + timeout_ms * 1000000 : INT64_MAX;
    sched->timed_out = false;
    sched->main.state = RF_TASK_ENDING;
    const bool is_over = rf_task_suspend(isolate);
    sched->main.state = RF_TASK_ACTIVE;
    if (!is_over || !sched->timed_out) return is_over;
    const uint32_t pending =
        sched->task_count + (sched->is_worker ? 0 : rf_sched_worker_count(sched));
    rf_raise(isolate, "Scheduler timed out after %lldms (%u pending)", (long long)timeout_ms,
             pending);
    const char *path = isolate->host->entry_path; /* no operation is to blame: the program is */
    if (path) rf_store(isolate, &isolate->error.as.error->file, rf_string_from(isolate, path));
    return false;
}

/* Tasks that are left can never go on, or the program ends without them. */
static void abandon_the_rest(rf_isolate *isolate)
{
    rf_value error = rf_take(&isolate->error);
    const bool was_abandoning = isolate->abandoning;
    rf_task_abandon_all(isolate);
    rf_timer_drop_all(isolate); /* or the next run would wait for them */
    isolate->abandoning = was_abandoning;
    rf_store(isolate, &isolate->error, error);
}

rf_value rf_sched_run_main(rf_isolate *isolate,
                           rf_value (*entry)(rf_isolate *isolate, void *context), void *context)
{
    rf_sched *sched = isolate->sched;
    if (sched->is_running) return entry(isolate, context);
    rf_stack_attach(isolate);
    sched->is_running = true;
    rf_program_begin_run(sched->program, sched);
    rf_task_begin_main(isolate);
    rf_value result = entry(isolate, context);
    if (!rf_is_raised(result) && !wait_for_the_rest(isolate)) {
        rf_release(isolate, result);
        result = rf_raised();
    }
    abandon_the_rest(isolate);
    if (!isolate->abandoning) rf_promise_report_unhandled(isolate);
    rf_task_end_main(isolate);
    rf_program_end_run(sched->program, sched);
    if (!sched->is_worker) rf_program_join_ended_threads(sched->program);
    sched->is_running = false;
    return result;
}
