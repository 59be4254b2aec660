/* Which task goes on, and what to do when none can (LANGUAGE 14.1).
 *
 * rf_sched_next runs on the stack of whoever gave way.  Runnable tasks come first in, first out;
 * mail from other threads and due timers are looked at before each choice; with nothing to do the
 * thread sleeps under the program's lock, as quiet if no timer or background operation of its own
 * is pending. */
#include "sched/task.h"

#include "base/clock.h"

#include <time.h>

static rf_task *pop_runnable(rf_sched *sched)
{
    rf_task *task = sched->first_runnable;
    if (!task) return NULL;
    sched->first_runnable = task->next;
    if (!task->next) sched->last_runnable = NULL;
    return task;
}

static void carry_out(rf_isolate *isolate, rf_verdict verdict)
{
    rf_sched *sched = isolate->sched;
    if (verdict == RF_VERDICT_NULL && sched->first_receiver) rf_channel_answer_null(isolate);
    if (verdict == RF_VERDICT_HOPELESS && sched->main.state == RF_TASK_AWAITING) {
        rf_waiter_remove(isolate, &sched->main.waiter);
        sched->main.is_hopeless = true;
        rf_task_make_runnable(isolate, &sched->main);
    }
}

/* What other threads left for this isolate. */
static void take_events(rf_isolate *isolate)
{
    rf_sched *sched = isolate->sched;
    rf_program_lock(sched->program);
    atomic_store_explicit(&sched->has_events, false, memory_order_relaxed);
    rf_mail *mail = sched->first_mail;
    sched->first_mail = sched->last_mail = NULL;
    const rf_verdict verdict = (rf_verdict)sched->verdict;
    sched->verdict = RF_VERDICT_NONE;
    const bool is_stopped = sched->is_stopped, is_exit_asked = sched->is_exit_asked;
    rf_program_unlock(sched->program);

    if (is_stopped) sched->main.is_cancelled = true;
    if (is_exit_asked) {
        isolate->exit_code = sched->exit_code;
        isolate->exit_requested = true;
    }
    while (mail) {
        rf_mail *next = mail->next;
        mail->open(isolate, mail);
        mail = next;
    }
    carry_out(isolate, verdict);
}

/* The body of the main task has ended and no other task can ever go on.  Lock held. */
static bool is_over(const rf_sched *sched)
{
    if (sched->main.state != RF_TASK_ENDING || sched->first_receiver) return false;
    return sched->is_worker || rf_program_worker_count(sched->program) == 0;
}

enum { LOOKS_FOR_INTERRUPT_NS = 50000000 }; /* a signal cannot wake a condition */

static void sleep_until(rf_sched *sched, int64_t until_ns, pthread_mutex_t *lock)
{
    if (until_ns == INT64_MAX) {
        pthread_cond_wait(&sched->wake, lock);
        return;
    }
    const struct timespec until = {.tv_sec = (time_t)(until_ns / 1000000000),
                                   .tv_nsec = (long)(until_ns % 1000000000)};
    pthread_cond_timedwait(&sched->wake, lock, &until);
}

/* Sleeps until there is something to look at; false when the main task is to end instead. */
static bool wait_for_events(rf_isolate *isolate)
{
    rf_sched *sched = isolate->sched;
    rf_program *program = sched->program;
    bool goes_on = true;
    pthread_mutex_t *lock = rf_program_lock(program);
    while (goes_on && !sched->first_mail && !sched->verdict && !sched->is_stopped &&
           !sched->is_exit_asked && !rf_is_interrupted(isolate)) {
        const int64_t timer_ns = rf_timer_next_ns(sched);
        if (timer_ns != INT64_MAX && timer_ns <= rf_clock_monotonic_ns()) break;
        const bool is_ending = sched->main.state == RF_TASK_ENDING;
        if (is_ending && sched->end_by_ns <= rf_clock_monotonic_ns()) break;
        if (timer_ns == INT64_MAX && !sched->background_count) {
            if ((goes_on = !is_over(sched)) == false) break;
            rf_program_set_quiet(program, sched);
            if (sched->verdict) break;
        }
        int64_t until_ns = is_ending && sched->end_by_ns < timer_ns ? sched->end_by_ns : timer_ns;
        if (isolate->host->interrupted) {
            const int64_t look_ns = rf_clock_monotonic_ns() + LOOKS_FOR_INTERRUPT_NS;
            if (look_ns < until_ns) until_ns = look_ns;
        }
        rf_prof_scope scope;
        if (isolate->prof) rf_prof_enter(isolate->prof, &scope, RF_PROF_STATE(RF_TIER_AWAIT, 0));
        sleep_until(sched, until_ns, lock);
        if (isolate->prof) rf_prof_leave(isolate->prof, &scope);
    }
    rf_program_set_active(program, sched);
    rf_program_unlock(program);
    return goes_on;
}

/* The main task has to go on whatever it waits for: its program ends. */
static bool must_unwind(const rf_isolate *isolate)
{
    return isolate->exit_requested || isolate->sched->main.is_cancelled;
}

rf_task *rf_sched_next(rf_isolate *isolate)
{
    rf_sched *sched = isolate->sched;
    for (;;) {
        if (atomic_load_explicit(&sched->has_events, memory_order_acquire)) take_events(isolate);
        if (sched->timers.count) rf_timer_fire_due(isolate, rf_clock_monotonic_ns());
        if (rf_ends_by_interrupt(isolate) || must_unwind(isolate)) {
            rf_task_stop_waiting(isolate, &sched->main);
            return &sched->main;
        }
        if (sched->main.state == RF_TASK_ENDING && sched->end_by_ns <= rf_clock_monotonic_ns()) {
            sched->timed_out = true;
            return &sched->main;
        }
        rf_task *task = pop_runnable(sched);
        if (task) return task;
        if (!wait_for_events(isolate)) return &sched->main;
    }
}
