/* The scheduler from inside: what task.c, loop.c, promise.c, timer.c, channel.c, worker.c and
 * background.c share.
 *
 * An isolate's tasks, promises, timers and run queue belong to its thread alone.  What crosses
 * threads - mail, the count of isolates with nothing to do, the list of workers - is in the
 * rf_program that all isolates of one VM share, and is touched under its lock. */
#ifndef RF_SCHED_TASK_H
#define RF_SCHED_TASK_H

#include "prof/thread.h"
#include "sched/sched.h"
#include "sched/stack.h"
#include "base/vector.h"
#include "value/error_value.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- waiting for a promise ---- */

typedef struct rf_waiter {
    struct rf_waiter *next; /* circular; promise->waiters is the last one */
    rf_promise *promise;    /* the one waited for: counted while it waits, NULL otherwise */
    void (*wake)(rf_isolate *isolate,
                 struct rf_waiter *waiter); /* promise is settled; the waiter is off its list */
} rf_waiter;

void rf_waiter_add(rf_waiter *waiter, rf_promise *promise);
void rf_waiter_remove(rf_isolate *isolate,
                      rf_waiter *waiter); /* does nothing when it does not wait */

/* ---- tasks ---- */

typedef enum rf_task_state {
    RF_TASK_ACTIVE,    /* running, runnable or in the middle of starting another */
    RF_TASK_AWAITING,  /* in rf_await */
    RF_TASK_RECEIVING, /* in rf_channel_receive */
    RF_TASK_ENDING     /* a main task whose body has ended: waits for the rest */
} rf_task_state;

struct rf_task {
    rf_waiter waiter; /* first: the promise it awaits */
    rf_isolate *isolate;
    rf_stack *stack;  /* continue here; NULL: not started */
    rf_stack *base;   /* its own stack; NULL for a main task, which has the thread's */
    rf_task *starter; /* who called it and gets control at its first suspension; NULL afterwards */
    uint32_t depth;   /* isolate->depth while it does not run */
    uint32_t base_depth; /* part of depth that belongs to starter */
    rf_prof_task prof;   /* its part of the thread's block while it does not run */
    uint8_t state;       /* rf_task_state */
    bool is_cancelled;   /* unwinds at the next suspension */
    bool is_hopeless;    /* woken to raise "Promise never resolved" */
    void *engine_data;
    rf_promise *promise;   /* gets its outcome; counted; NULL for a main task */
    rf_function *function; /* what it runs: counted; body NULL: called through the engine without
                              arguments */
    rf_async_body body;
    const rf_value *args; /* valid until the first suspension */
    uint32_t arg_count;
    struct rf_receiver *receiver; /* RECEIVING */
    rf_value answer;              /* what the receive yields */
    rf_task **watch;              /* set to NULL when the task ends */
    rf_task *next;                /* in the run queue */
    rf_task *older, *newer;       /* all unfinished tasks but the main one, in order of creation */
};

/* ---- timers ---- */

void rf_timer_fire_due(rf_isolate *isolate, int64_t now_ns);
int64_t rf_timer_next_ns(const rf_sched *sched); /* INT64_MAX when there is none */
void rf_timer_drop_all(rf_isolate *isolate);

/* ---- mail: what other threads have for an isolate ---- */

typedef struct rf_mail {
    struct rf_mail *next;
    /* on the isolate's thread; frees the mail */
    void (*open)(rf_isolate *isolate, struct rf_mail *mail);
} rf_mail;

/* ---- the scheduler of one isolate ---- */

typedef struct rf_program rf_program;

/* What an idle program decided for an isolate. */
typedef enum rf_verdict {
    RF_VERDICT_NONE,
    RF_VERDICT_NULL,    /* the task that waits longest in receive gets null */
    RF_VERDICT_HOPELESS /* the main task's await is hopeless */
} rf_verdict;

struct rf_sched {
    rf_isolate *isolate;
    rf_program *program; /* counted */
    rf_task main;
    rf_task *first_runnable, *last_runnable;
    rf_task *oldest, *newest; /* unfinished tasks but main */
    uint32_t task_count;
    rf_task *free_tasks; /* ended ones */
    uint32_t free_task_count;
    /* tasks in receive, longest waiting first */
    struct rf_receiver *first_receiver, *last_receiver;
    RF_VECTOR(rf_timer_entry *) timers; /* heap */
    uint64_t timer_sequence;
    uint32_t background_count;        /* operations under way */
    RF_VECTOR(rf_promise *) settling; /* settled, their waiters not yet woken */
    bool is_settling;
    RF_VECTOR(rf_promise *) rejections; /* rejected before anybody waited, in order */
    size_t tidy_at; /* count of rejections at which those since handled are taken out */
    struct rf_reaction *reactions;
    int64_t end_by_ns; /* ENDING: when the scheduler timeout is over */
    bool timed_out;
    bool is_running; /* inside rf_sched_run_main */

    /* under the program's lock */
    rf_sched *next; /* in the program's list: workers in the order started */
    rf_mail *first_mail, *last_mail;
    pthread_cond_t wake;
    bool is_worker;
    bool is_quiet;      /* nothing runnable and no background operation */
    uint8_t verdict;    /* rf_verdict */
    bool is_stopped;    /* a worker that must end: the program has */
    bool is_exit_asked; /* a worker called exit(): the main task ends with exit_code */
    int exit_code;
    atomic_bool has_events; /* mail, verdict or stop: look under the lock */
};

void rf_task_make_runnable(rf_isolate *isolate, rf_task *task);
/* Suspends the running task until it is made runnable again.  False: it must unwind, RAISED without
 * an error. */
bool rf_task_suspend(rf_isolate *isolate);
void rf_task_init_main(rf_isolate *isolate);
void rf_task_begin_main(rf_isolate *isolate); /* gives the main task its engine data */
void rf_task_end_main(rf_isolate *isolate);
/* Unwinds every task but the main one, without running user code. */
void rf_task_abandon_all(rf_isolate *isolate);
void rf_task_free_pool(rf_isolate *isolate);
/* Takes a task out of whatever it waits in. */
void rf_task_stop_waiting(rf_isolate *isolate, rf_task *task);

/* The task to continue; waits for one.  loop.c */
rf_task *rf_sched_next(rf_isolate *isolate);

/* promise.c */
void rf_promise_report_unhandled(rf_isolate *isolate);
void rf_promise_release_all(rf_isolate *isolate);
void rf_promise_free(rf_isolate *isolate, rf_promise *promise);
void rf_promise_visit(rf_isolate *isolate, rf_promise *promise,
                      void (*visit)(void *context, rf_value value), void *context);
void rf_promise_drop(rf_isolate *isolate, rf_promise *promise);

/* channel.c */
typedef struct rf_channel_list { /* the channels of a program */
    pthread_mutex_t lock;
    struct rf_channel_core *first;
    struct rf_channel_core *doomed; /* without references, to be freed */
    bool is_freeing;
} rf_channel_list;

void rf_channel_list_init(rf_channel_list *list);
/* Empties all queues, which lets go of the channels that only queues refer to; the others live on
 * until their isolate lets go of them, and hold no message again. */
void rf_channel_list_release(rf_channel_list *list);
void rf_channel_free(rf_isolate *isolate, rf_channel *channel);
void *rf_channel_share(rf_channel *channel);
void rf_channel_drop_core(void *core);
rf_value rf_channel_adopt(rf_isolate *isolate, void *core);
bool rf_channel_same(const rf_channel *a, const rf_channel *b);
void rf_channel_answer_null(rf_isolate *isolate); /* to the first receiver */
void rf_channel_stop_waiting(rf_isolate *isolate, rf_task *task);

/* ---- the program: all isolates of one VM ---- */

rf_program *rf_program_new(void);
rf_program *rf_program_share(rf_program *program);
void rf_program_drop(rf_program *program);             /* frees it with its last isolate */
pthread_mutex_t *rf_program_lock(rf_program *program); /* the mutex, for waiting */
void rf_program_unlock(rf_program *program);
void rf_program_post(rf_program *program, rf_sched *to, rf_mail *mail); /* takes the lock */
/* Lock held.  The isolate has nothing to do: when that is true of all, the program is idle
 * (LANGUAGE 14.1) and somebody gets a verdict. */
void rf_program_set_quiet(rf_program *program, rf_sched *sched);
void rf_program_set_active(rf_program *program, rf_sched *sched);
uint32_t rf_program_worker_count(const rf_program *program); /* lock held */
void rf_program_begin_run(rf_program *program,
                          rf_sched *sched); /* the main isolate counts from here ... */
void rf_program_end_run(rf_program *program, rf_sched *sched); /* ... to here */
void rf_program_add_worker(rf_program *program, rf_sched *sched);
void rf_program_cancel_worker(rf_program *program,
                              rf_sched *sched); /* its thread could not be started */
/* The worker has ended; its thread, which called, will be joined. */
void rf_program_remove_worker(rf_program *program, rf_sched *sched);
void rf_program_join_ended_threads(rf_program *program);
void rf_program_stop_workers(rf_program *program); /* asks them to end */
void rf_program_await_workers(
    rf_program *program); /* waits until they have, and joins their threads */
void rf_program_ask_exit(rf_program *program, int code);

/* background.c */
typedef struct rf_background_pool rf_background_pool;
rf_background_pool *rf_background_pool_new(void);
void rf_background_pool_free(rf_background_pool *pool); /* finishes what is queued */
rf_background_pool *rf_program_pool(rf_program *program);
rf_channel_list *rf_program_channels(rf_program *program);

/* A thread without signals and with a stack the isolates can use; 0 or an errno value.  worker.c */
int rf_thread_start(pthread_t *thread, void *(*run)(void *context), void *context);

#endif
