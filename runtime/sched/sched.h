/* Tasks, promises, channels, timers, background operations, workers (LANGUAGE 14, RUNTIME 15).
 *
 * Within an isolate one task runs at a time, each on its own C stack; it gives way only in rf_await
 * on a pending promise and in a waiting receive.  Background work (sleep, async file reads, ...) is
 * done by timers of the isolate's loop or by a helper thread, which posts a completion.
 *
 * What an engine must know: between the call and the return of rf_await, rf_channel_receive and
 * rf_async_call other tasks run, and isolate->depth of the running task may have become smaller by
 * what its starter had (LANGUAGE 21.2), so depth is changed relatively and read again afterwards.
 * The argument values of an async body are valid until its first suspension: it binds them to its
 * frame first. */
#ifndef RF_SCHED_SCHED_H
#define RF_SCHED_SCHED_H

#include "value/function.h"

typedef struct rf_task rf_task;
typedef struct rf_sched rf_sched;

typedef enum rf_promise_state {
    RF_PROMISE_PENDING,
    RF_PROMISE_RESOLVED,
    RF_PROMISE_REJECTED
} rf_promise_state;

typedef struct rf_promise {
    rf_object object;
    uint8_t state;
    bool is_handled; /* awaited or taken over: not reported when rejected */
    rf_value result; /* value or error */
    void *waiters;   /* private to sched/ */
} rf_promise;

typedef struct rf_channel {
    rf_object object;
    struct rf_channel_core *core; /* shared between isolates, counted atomically */
} rf_channel;

/* The scheduler of the first isolate of a VM; sets isolate->sched and sched_hooks. */
rf_sched *rf_sched_new(rf_isolate *isolate);
/* The scheduler of an isolate made for a worker by host->new_worker. */
rf_sched *rf_sched_new_worker(rf_isolate *isolate, rf_isolate *parent);
/* Unwinds what is left, waits for background operations and, for the first isolate, for the threads
 * of workers, which end at their next suspension.  Needs the engine, so it comes before
 * engine->isolate_stop.  NULL is allowed. */
void rf_sched_free(rf_sched *sched);
/* Runs entry as the main task of the isolate, then all other tasks, workers and background work to
 * their end as LANGUAGE 14.3 says.  Result of entry; RAISED also for "Scheduler timed out".  Called
 * again from inside: only entry. */
rf_value rf_sched_run_main(rf_isolate *isolate,
                           rf_value (*entry)(rf_isolate *isolate, void *context), void *context);
/* Workers still running: a process that ends by an error or exit() does not wait for them. */
uint32_t rf_sched_worker_count(rf_sched *sched);
/* What the engine made for each unfinished task but the main one. */
void rf_sched_visit_tasks(const rf_sched *sched, void (*visit)(void *engine_data, void *context), void *context);

/* ---- promises ---- */

rf_value rf_promise_new(rf_isolate *isolate); /* pending */
void rf_promise_resolve(rf_isolate *isolate, rf_promise *promise,
                        rf_value v); /* steals; a promise is followed */
void rf_promise_reject(rf_isolate *isolate, rf_promise *promise, rf_value error); /* steals */
/* `await v` (borrowed). */
rf_value rf_await(rf_isolate *isolate, rf_value v);
/* Takes the outcome of promise over: settled(promise, context) is called once, now if it is settled
 * already, and owns context; drop frees context when the promise never settles. */
void rf_promise_observe(rf_isolate *isolate, rf_promise *promise,
                        void (*settled)(rf_isolate *isolate, rf_promise *promise, void *context),
                        void (*drop)(rf_isolate *isolate, void *context), void *context);
/* An error value with the position and stack of the running call, to be given its message when a
 * promise is rejected later: rf_error_with_message steals both. */
rf_value rf_error_here(rf_isolate *isolate);
rf_value rf_error_with_message(rf_isolate *isolate, rf_value error, rf_value message);

/* ---- tasks ---- */

typedef rf_value (*rf_async_body)(rf_isolate *isolate, rf_function *function, const rf_value *args,
                                  uint32_t arg_count);
/* An async function is called: runs `body` (args borrowed, arity already checked by the engine) as
 * a new task at once, up to its first suspension; the promise. */
rf_value rf_async_call(rf_isolate *isolate, rf_function *function, const rf_value *args,
                       uint32_t arg_count, rf_async_body body);
/* A task that calls function() when it gets its turn; the promise of its result.  *watch points to
 * the task until it has ended, then becomes NULL; the holder clears it with rf_task_unwatch before
 * it goes. */
rf_value rf_task_spawn(rf_isolate *isolate, rf_function *function, rf_task **watch);
void rf_task_unwatch(rf_task *task);
/* The task unwinds at its next suspension, at once when it is suspended.  Its promise stays
 * pending. */
void rf_task_cancel(rf_isolate *isolate, rf_task *task);
/* `spawn { }`: closure of kind RF_FUNC_SPAWN; copies what it needs and starts the worker. RAISED or
 * null. */
rf_value rf_spawn(rf_isolate *isolate, rf_function *closure);

/* ---- background operations ---- */

/* `work` runs on a helper thread and must not touch the isolate; `finish` runs on the isolate's
 * thread later and settles the promise.  Frees `context` itself in finish. */
rf_value rf_background(rf_isolate *isolate, void (*work)(void *context),
                       void (*finish)(rf_isolate *isolate, rf_promise *promise, void *context),
                       void *context);
/* Promise that resolves with v (stolen) after ms. */
rf_value rf_timer(rf_isolate *isolate, double ms, rf_value v);
/* A timer of any other purpose.  fire runs on the isolate's thread and owns context; drop frees
 * context when the timer is stopped or the isolate ends before. */
typedef struct rf_timer_entry rf_timer_entry;
rf_timer_entry *rf_timer_start(rf_isolate *isolate, double ms,
                               void (*fire)(rf_isolate *isolate, void *context),
                               void (*drop)(rf_isolate *isolate, void *context), void *context);
void rf_timer_stop(rf_isolate *isolate, rf_timer_entry *entry); /* not after it has fired */

/* ---- channels ---- */

rf_value rf_channel_new(rf_isolate *isolate);
rf_value rf_channel_send(rf_isolate *isolate, rf_channel *channel, rf_value v); /* true or RAISED */
rf_value rf_channel_receive(rf_isolate *isolate, rf_channel *channel);

/* ---- state shared by all isolates of a VM ---- */

typedef enum rf_shared_part {
    RF_SHARED_CELLS,
    RF_SHARED_RANDOM,
    RF_SHARED_TASK_POOL,
    RF_SHARED_ENVIRONMENT,
    RF_SHARED_KV,
    RF_SHARED_PARTS
} rf_shared_part;
/* The memory of a part: size zeroed bytes at first; locked until rf_shared_unlock.  release (may be
 * NULL) is called on it when the VM ends; the memory is freed after it. */
void *rf_shared_lock(rf_isolate *isolate, rf_shared_part part, size_t size,
                     void (*release)(void *memory));
void rf_shared_unlock(rf_isolate *isolate);

#endif
