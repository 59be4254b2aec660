/* Background operations: a few threads that do blocking work for all isolates of a program.
 *
 * An operation is a piece of mail: when its work is done it is posted to the isolate that began it,
 * whose thread opens it between two tasks. */
#include "sched/task.h"

#include "base/alloc.h"

#include <signal.h>

enum { MOST_THREADS = 8 };

typedef struct operation {
    rf_mail mail; /* first */
    struct operation *next;
    void (*work)(void *context);
    void (*finish)(rf_isolate *isolate, rf_promise *promise, void *context);
    void *context;
    rf_promise *promise; /* counted; touched by the isolate's thread only */
    rf_sched *sched;
} operation;

struct rf_background_pool {
    pthread_mutex_t lock;
    pthread_cond_t has_work;
    operation *first, *last;
    uint32_t waiting_count; /* operations in the queue */
    uint32_t idle_count;    /* threads without work */
    uint32_t thread_count;
    pthread_t threads[MOST_THREADS];
    bool is_closing;
};

rf_background_pool *rf_background_pool_new(void)
{
    rf_background_pool *pool = rf_new(rf_background_pool);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->has_work, NULL);
    return pool;
}

static operation *take_operation(rf_background_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->idle_count++;
    while (!pool->first && !pool->is_closing) pthread_cond_wait(&pool->has_work, &pool->lock);
    pool->idle_count--;
    operation *op = pool->first;
    if (op) {
        pool->first = op->next;
        if (!pool->first) pool->last = NULL;
        pool->waiting_count--;
    }
    pthread_mutex_unlock(&pool->lock);
    return op;
}

static void *run_thread(void *context)
{
    rf_background_pool *pool = context;
    operation *op;
    while ((op = take_operation(pool))) {
        op->work(op->context);
        rf_program_post(op->sched->program, op->sched, &op->mail);
    }
    return NULL;
}

/* Lock held.  Without any thread at all the work is done by the caller, see rf_background. */
static void start_thread(rf_background_pool *pool)
{
    if (pool->thread_count == MOST_THREADS) return;
    if (rf_thread_start(&pool->threads[pool->thread_count], run_thread, pool) == 0)
        pool->thread_count++;
}

void rf_background_pool_free(rf_background_pool *pool)
{
    if (!pool) return;
    pthread_mutex_lock(&pool->lock);
    pool->is_closing = true;
    pthread_cond_broadcast(&pool->has_work);
    pthread_mutex_unlock(&pool->lock);
    for (uint32_t i = 0; i < pool->thread_count; i++) pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->has_work);
    pthread_mutex_destroy(&pool->lock);
    rf_free(pool);
}

static bool enqueue(rf_background_pool *pool, operation *op)
{
    pthread_mutex_lock(&pool->lock);
    if (pool->idle_count <= pool->waiting_count) start_thread(pool);
    const bool is_served = pool->thread_count > 0;
    if (is_served) {
        if (pool->last)
            pool->last->next = op;
        else
            pool->first = op;
        pool->last = op;
        pool->waiting_count++;
        pthread_cond_signal(&pool->has_work);
    }
    pthread_mutex_unlock(&pool->lock);
    return is_served;
}

static void complete(rf_isolate *isolate, rf_mail *mail)
{
    operation *op = (operation *)mail;
    isolate->sched->background_count--;
    op->finish(isolate, op->promise, op->context);
    rf_release_object(isolate, &op->promise->object);
    rf_free(op);
}

rf_value rf_background(rf_isolate *isolate, void (*work)(void *context),
                       void (*finish)(rf_isolate *isolate, rf_promise *promise, void *context),
                       void *context)
{
    rf_sched *sched = isolate->sched;
    rf_value promise = rf_promise_new(isolate);
    operation *op = rf_new(operation);
    *op = (operation){.mail.open = complete,
                      .work = work,
                      .finish = finish,
                      .context = context,
                      .promise = rf_copy(promise).as.promise,
                      .sched = sched};
    sched->background_count++;
    if (!enqueue(rf_program_pool(sched->program), op)) {
        work(context);
        rf_program_post(sched->program, sched, &op->mail);
    }
    return promise;
}
