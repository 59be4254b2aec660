/* Tasks, promises, channels, timers, background operations, workers (LANGUAGE 14, RUNTIME 15).
 *
 * Within an isolate one task runs at a time, each on its own C stack; it gives way only in rf_await on a pending
 * promise and in a waiting receive.  Background work (sleep, async file reads, ...) is done by timers of the
 * isolate's loop or by a helper thread, which posts a completion. */
#ifndef RF_SCHED_SCHED_H
#define RF_SCHED_SCHED_H

#include "value/function.h"

typedef struct rf_task rf_task;
typedef struct rf_sched rf_sched;

typedef enum rf_promise_state { RF_PROMISE_PENDING, RF_PROMISE_RESOLVED, RF_PROMISE_REJECTED } rf_promise_state;

typedef struct rf_promise {
    rf_object object;
    uint8_t state;
    bool is_handled;  /* awaited or taken over: not reported when rejected */
    rf_value result;  /* value or error */
    void *waiters;    /* private to sched/ */
} rf_promise;

typedef struct rf_channel {
    rf_object object;
    struct rf_channel_core *core; /* shared between isolates, counted atomically */
} rf_channel;

rf_sched *rf_sched_new(rf_isolate *isolate);
void rf_sched_free(rf_sched *sched);
/* Runs entry as the main task of the isolate, then all other tasks, workers and background work to their end as
 * LANGUAGE 14.3 says.  Result of entry; RAISED also for "Scheduler timed out". */
rf_value rf_sched_run_main(rf_isolate *isolate, rf_value (*entry)(rf_isolate *isolate, void *context),
                           void *context);

rf_value rf_promise_new(rf_isolate *isolate);                                    /* pending */
void rf_promise_resolve(rf_isolate *isolate, rf_promise *promise, rf_value v);   /* steals; a promise is followed */
void rf_promise_reject(rf_isolate *isolate, rf_promise *promise, rf_value error);
/* `await v` (borrowed). */
rf_value rf_await(rf_isolate *isolate, rf_value v);
/* An async function is called: runs `body` (args borrowed, arity already checked by the engine) as a new task at once,
 * up to its first suspension; the promise. */
rf_value rf_async_call(rf_isolate *isolate, rf_function *function, const rf_value *args, uint32_t arg_count,
                       rf_value (*body)(rf_isolate *isolate, rf_function *function, const rf_value *args,
                                        uint32_t arg_count));
/* `spawn { }`: closure of kind RF_FUNC_SPAWN; copies what it needs and starts the worker. RAISED or null. */
rf_value rf_spawn(rf_isolate *isolate, rf_function *closure);

/* Background operations: `work` runs on a helper thread and must not touch the isolate; `finish` runs on the isolate's
 * thread later and settles the promise.  Frees `context` itself in finish. */
rf_value rf_background(rf_isolate *isolate, void (*work)(void *context),
                       void (*finish)(rf_isolate *isolate, rf_promise *promise, void *context), void *context);
/* Promise that resolves with v (stolen) after ms. */
rf_value rf_timer(rf_isolate *isolate, double ms, rf_value v);

rf_value rf_channel_new(rf_isolate *isolate);
rf_value rf_channel_send(rf_isolate *isolate, rf_channel *channel, rf_value v); /* true or RAISED */
rf_value rf_channel_receive(rf_isolate *isolate, rf_channel *channel);

#endif
