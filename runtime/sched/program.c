/* What the isolates of one VM share: who is quiet, mail between them, the list of workers, a few
 * cells of state.
 *
 * The program is idle when no isolate is active.  An isolate becomes quiet by itself, under the
 * lock, and active again through whoever gives it something to do, also under the lock and before
 * that one can become quiet; so the count of active isolates never reaches zero while a message is
 * on its way. */
#include "sched/task.h"

#include "base/alloc.h"
#include "base/vector.h"

#include <signal.h>

typedef struct shared_part {
    void *memory;
    void (*release)(void *memory);
} shared_part;

struct rf_program {
    pthread_mutex_t lock;
    uint32_t references;
    rf_sched *main; /* the first isolate while it is inside rf_sched_run_main, else NULL */
    rf_sched *first_worker, *last_worker; /* alive, in the order started */
    uint32_t worker_count;
    uint32_t active_count; /* of main and the workers */
    pthread_cond_t worker_ended;
    RF_VECTOR(pthread_t) ended_threads; /* to be joined */
    rf_background_pool *pool;
    rf_channel_list channels;
    pthread_mutex_t shared_lock; /* of parts */
    shared_part parts[RF_SHARED_PARTS];
};

rf_program *rf_program_new(void)
{
    rf_program *program = rf_new(rf_program);
    pthread_mutex_init(&program->lock, NULL);
    pthread_mutex_init(&program->shared_lock, NULL);
    pthread_cond_init(&program->worker_ended, NULL);
    rf_channel_list_init(&program->channels);
    program->references = 1;
    return program;
}

pthread_mutex_t *rf_program_lock(rf_program *program)
{
    pthread_mutex_lock(&program->lock);
    return &program->lock;
}

void rf_program_unlock(rf_program *program)
{
    pthread_mutex_unlock(&program->lock);
}

rf_program *rf_program_share(rf_program *program)
{
    rf_program_lock(program);
    program->references++;
    rf_program_unlock(program);
    return program;
}

void rf_program_drop(rf_program *program)
{
    rf_program_lock(program);
    const bool is_last = --program->references == 0;
    rf_program_unlock(program);
    if (!is_last) return;
    rf_background_pool_free(program->pool);
    for (size_t i = 0; i < RF_SHARED_PARTS; i++) {
        shared_part *part = &program->parts[i];
        if (part->memory && part->release) part->release(part->memory);
        rf_free(part->memory);
    }
    rf_channel_list_release(&program->channels); /* after the parts, which may hold channels */
    rf_vector_release(&program->ended_threads);
    pthread_cond_destroy(&program->worker_ended);
    pthread_mutex_destroy(&program->shared_lock);
    pthread_mutex_destroy(&program->lock);
    rf_free(program);
}

/* ---- quiet and active ---- */

static void notify(rf_sched *sched)
{
    atomic_store_explicit(&sched->has_events, true, memory_order_release);
    pthread_cond_signal(&sched->wake);
}

static void give_verdict(rf_program *program, rf_sched *sched, rf_verdict verdict)
{
    sched->verdict = (uint8_t)verdict;
    rf_program_set_active(program, sched);
    notify(sched);
}

static void despair(rf_program *program, rf_sched *sched)
{
    if (sched->main.state == RF_TASK_AWAITING) give_verdict(program, sched, RF_VERDICT_HOPELESS);
}

/* Every isolate is quiet, which is to say blocked below rf_sched_next: its structures can be read
 * here. */
static void decide(rf_program *program)
{
    for (rf_sched *sched = program->first_worker; sched; sched = sched->next) {
        if (!sched->first_receiver) continue;
        give_verdict(program, sched, RF_VERDICT_NULL);
        return;
    }
    if (program->main && program->main->first_receiver) {
        give_verdict(program, program->main, RF_VERDICT_NULL);
        return;
    }
    for (rf_sched *sched = program->first_worker; sched; sched = sched->next)
        despair(program, sched);
    if (program->main) despair(program, program->main);
}

void rf_program_set_quiet(rf_program *program, rf_sched *sched)
{
    if (sched->is_quiet) return;
    sched->is_quiet = true;
    if (--program->active_count == 0) decide(program);
}

void rf_program_set_active(rf_program *program, rf_sched *sched)
{
    if (!sched->is_quiet) return;
    sched->is_quiet = false;
    program->active_count++;
}

void rf_program_post(rf_program *program, rf_sched *to, rf_mail *mail)
{
    rf_program_lock(program);
    mail->next = NULL;
    if (to->last_mail)
        to->last_mail->next = mail;
    else
        to->first_mail = mail;
    to->last_mail = mail;
    rf_program_set_active(program, to);
    notify(to);
    rf_program_unlock(program);
}

/* ---- members ---- */

void rf_program_begin_run(rf_program *program, rf_sched *sched)
{
    if (sched->is_worker) return; /* counted since it was spawned */
    rf_program_lock(program);
    program->main = sched;
    program->active_count++;
    rf_program_unlock(program);
}

void rf_program_end_run(rf_program *program, rf_sched *sched)
{
    if (sched->is_worker) return;
    rf_program_lock(program);
    rf_program_set_active(program, sched);
    program->active_count--;
    program->main = NULL;
    rf_program_unlock(program);
}

uint32_t rf_program_worker_count(const rf_program *program)
{
    return program->worker_count;
}

void rf_program_add_worker(rf_program *program, rf_sched *sched)
{
    rf_program_lock(program);
    sched->next = NULL;
    if (program->last_worker)
        program->last_worker->next = sched;
    else
        program->first_worker = sched;
    program->last_worker = sched;
    program->worker_count++;
    program->active_count++;
    rf_program_unlock(program);
}

static void unlink_worker(rf_program *program, rf_sched *sched)
{
    rf_sched *before = NULL;
    for (rf_sched *at = program->first_worker; at != sched; at = at->next) before = at;
    if (before)
        before->next = sched->next;
    else
        program->first_worker = sched->next;
    if (program->last_worker == sched) program->last_worker = before;
}

void rf_program_remove_worker(rf_program *program, rf_sched *sched)
{
    rf_program_lock(program);
    unlink_worker(program, sched);
    program->worker_count--;
    rf_vector_push(&program->ended_threads, pthread_self());
    pthread_cond_broadcast(&program->worker_ended);
    if (program->main) notify(program->main); /* which may have been waiting for this one */
    rf_program_set_active(program, sched);
    if (--program->active_count == 0) decide(program);
    rf_program_unlock(program);
}

void rf_program_cancel_worker(rf_program *program, rf_sched *sched)
{
    rf_program_lock(program);
    unlink_worker(program, sched);
    program->worker_count--;
    program->active_count--;
    rf_program_unlock(program);
}

void rf_program_join_ended_threads(rf_program *program)
{
    rf_program_lock(program);
    while (program->ended_threads.count) {
        pthread_t thread = rf_vector_pop(&program->ended_threads);
        rf_program_unlock(program);
        pthread_join(thread, NULL);
        rf_program_lock(program);
    }
    rf_program_unlock(program);
}

void rf_program_stop_workers(rf_program *program)
{
    rf_program_lock(program);
    for (rf_sched *sched = program->first_worker; sched; sched = sched->next) {
        sched->is_stopped = true;
        rf_program_set_active(program, sched);
        notify(sched);
    }
    rf_program_unlock(program);
}

void rf_program_await_workers(rf_program *program)
{
    rf_program_lock(program);
    while (program->worker_count) pthread_cond_wait(&program->worker_ended, &program->lock);
    rf_program_unlock(program);
    rf_program_join_ended_threads(program);
}

void rf_program_ask_exit(rf_program *program, int code)
{
    rf_program_lock(program);
    rf_sched *main = program->main;
    if (main) {
        main->is_exit_asked = true;
        main->exit_code = code;
        rf_program_set_active(program, main);
        notify(main);
    }
    rf_program_unlock(program);
}

rf_background_pool *rf_program_pool(rf_program *program)
{
    rf_program_lock(program);
    if (!program->pool) program->pool = rf_background_pool_new();
    rf_background_pool *pool = program->pool;
    rf_program_unlock(program);
    return pool;
}

rf_channel_list *rf_program_channels(rf_program *program)
{
    return &program->channels;
}

/* ---- shared state ---- */

void *rf_shared_lock(rf_isolate *isolate, rf_shared_part part, size_t size,
                     void (*release)(void *memory))
{
    rf_program *program = isolate->sched->program;
    pthread_mutex_lock(&program->shared_lock);
    shared_part *shared = &program->parts[part];
    if (!shared->memory) *shared = (shared_part){rf_alloc_zero(size), release};
    return shared->memory;
}

void rf_shared_unlock(rf_isolate *isolate)
{
    pthread_mutex_unlock(&isolate->sched->program->shared_lock);
}
