/* Tasks: starting, suspending, ending (LANGUAGE 14.1 to 14.3).
 *
 * A task has a C stack of its own.  An async call switches to it at once; its first suspension
 * switches back to the caller, later ones to whatever rf_sched_next says.  Whoever gives way looks
 * for the next task itself, on its own stack, so continuing another task is one switch and
 * continuing itself none.  The main task runs on the stack of the thread. */
#include "sched/task.h"

#include "base/alloc.h"

enum { KEPT_TASKS = 64 }; /* ended ones, with their engine data, for the next async calls */

static void wake_task(rf_isolate *isolate, rf_waiter *waiter)
{
    waiter->promise = NULL;
    rf_task_make_runnable(isolate, (rf_task *)waiter);
}

void rf_task_make_runnable(rf_isolate *isolate, rf_task *task)
{
    rf_sched *sched = isolate->sched;
    task->state = RF_TASK_ACTIVE;
    task->next = NULL;
    if (sched->last_runnable)
        sched->last_runnable->next = task;
    else
        sched->first_runnable = task;
    sched->last_runnable = task;
}

/* ---- switching ---- */

static void task_entry(void *context);

/* Makes `to` the running task; what follows is a switch to its stack. */
static void select_task(rf_isolate *isolate, rf_task *to)
{
    rf_task *from = isolate->task;
    if (RF_UNLIKELY(isolate->prof != NULL)) rf_prof_leave_task(isolate->prof, &from->prof);
    if (isolate->engine && isolate->engine->task_switch)
        isolate->engine->task_switch(isolate, from->engine_data, to->engine_data);
    if (RF_UNLIKELY(isolate->prof != NULL)) rf_prof_go_on(isolate->prof, &to->prof);
    isolate->task = to;
    isolate->depth = to->depth;
    if (!to->stack) to->stack = to->base = rf_stack_new(isolate, task_entry, to);
}

static void continue_task(rf_isolate *isolate, rf_task *to)
{
    isolate->task->stack = rf_stack_running(isolate);
    select_task(isolate, to);
    rf_stack_switch(isolate, to->stack);
}

/* Did something end the running task from outside while it was suspended? */
static bool may_go_on(rf_isolate *isolate, rf_task *task)
{
    if (isolate->exit_requested) return false;
    if (!task->is_cancelled) return true;
    isolate->abandoning = true;
    return false;
}

bool rf_task_suspend(rf_isolate *isolate)
{
    rf_task *task = isolate->task;
    if (task->is_cancelled || isolate->exit_requested) {
        rf_task_stop_waiting(isolate, task);
        return may_go_on(isolate, task);
    }
    rf_task *next = task->starter;
    task->depth = isolate->depth;
    if (next) {
        task->starter = NULL;
        task->depth -= task->base_depth;
    } else {
        next = rf_sched_next(isolate);
    }
    if (next != task) continue_task(isolate, next);
    return may_go_on(isolate, task);
}

/* ---- life ---- */

static rf_task *new_task(rf_isolate *isolate, rf_function *function, rf_async_body body)
{
    rf_sched *sched = isolate->sched;
    rf_task *task = sched->free_tasks;
    void *engine_data = NULL;
    if (task) {
        sched->free_tasks = task->next;
        sched->free_task_count--;
        engine_data = task->engine_data;
    } else {
        task = rf_alloc(sizeof *task);
        if (isolate->engine && isolate->engine->task_new)
            engine_data = isolate->engine->task_new(isolate);
    }
    rf_retain_object(&function->object);
    *task = (rf_task){.waiter.wake = wake_task,
                      .isolate = isolate,
                      .engine_data = engine_data,
                      .promise = rf_promise_new(isolate).as.promise,
                      .function = function,
                      .body = body,
                      .answer = rf_unset(),
                      .older = sched->newest};
    if (isolate->prof) rf_prof_task_begin(isolate->prof, &task->prof, rf_function_display_name(function));
    if (sched->newest)
        sched->newest->newer = task;
    else
        sched->oldest = task;
    sched->newest = task;
    sched->task_count++;
    return task;
}

static void free_memory(rf_isolate *isolate, rf_task *task)
{
    if (isolate->engine && isolate->engine->task_free)
        isolate->engine->task_free(isolate, task->engine_data);
    rf_free(task);
}

/* The engine has left the task already; its data, with no frame left, waits with it for the next
 * one. */
static void free_task(rf_isolate *isolate, rf_task *task)
{
    rf_sched *sched = isolate->sched;
    if (task->watch) *task->watch = NULL;
    if (task->older)
        task->older->newer = task->newer;
    else
        sched->oldest = task->newer;
    if (task->newer)
        task->newer->older = task->older;
    else
        sched->newest = task->older;
    sched->task_count--;
    rf_release_object(isolate, &task->promise->object);
    if (sched->free_task_count == KEPT_TASKS) {
        free_memory(isolate, task);
        return;
    }
    task->next = sched->free_tasks;
    sched->free_tasks = task;
    sched->free_task_count++;
}

static void settle_outcome(rf_isolate *isolate, rf_task *task, rf_value result)
{
    if (!rf_is_raised(result)) {
        rf_promise_resolve(isolate, task->promise, result);
    } else if (isolate->exit_requested || isolate->abandoning) {
        rf_store(isolate, &isolate->error, rf_unset());
        isolate->abandoning = false;
    } else {
        rf_promise_reject(isolate, task->promise, rf_take_error(isolate));
    }
}

/* The first and only function on the stack of a task. */
static void task_entry(void *context)
{
    rf_task *task = context;
    rf_isolate *isolate = task->isolate;
    rf_value result =
        task->body
            ? task->body(isolate, task->function, task->args, task->arg_count)
            : isolate->engine->call(isolate, rf_object_value(RF_FUNCTION, task->function), NULL, 0);
    settle_outcome(isolate, task, result);
    rf_release_object(isolate, &task->function->object);
    rf_task *next = task->starter ? task->starter : rf_sched_next(isolate);
    select_task(isolate, next);
    rf_stack_end_at(task->base, next->stack);
    free_task(isolate, task);
}

rf_value rf_async_call(rf_isolate *isolate, rf_function *function, const rf_value *args,
                       uint32_t arg_count, rf_async_body body)
{
    rf_task *task = new_task(isolate, function, body);
    rf_value promise = rf_copy(rf_object_value(RF_PROMISE, task->promise));
    rf_task *caller = isolate->task;
    caller->depth = isolate->depth;
    task->starter = caller;
    task->depth = task->base_depth = isolate->depth;
    task->args = args;
    task->arg_count = arg_count;
    continue_task(isolate, task);
    if (!isolate->exit_requested) return promise;
    rf_release(isolate, promise);
    return rf_raised();
}

rf_value rf_task_spawn(rf_isolate *isolate, rf_function *function, rf_task **watch)
{
    rf_task *task = new_task(isolate, function, NULL);
    task->watch = watch;
    *watch = task;
    rf_task_make_runnable(isolate, task);
    return rf_copy(rf_object_value(RF_PROMISE, task->promise));
}

void rf_task_unwatch(rf_task *task)
{
    task->watch = NULL;
}

/* ---- ending tasks from outside ---- */

static void leave_run_queue(rf_sched *sched, rf_task *task)
{
    rf_task *before = NULL;
    for (rf_task *at = sched->first_runnable; at; before = at, at = at->next) {
        if (at != task) continue;
        if (before)
            before->next = task->next;
        else
            sched->first_runnable = task->next;
        if (sched->last_runnable == task) sched->last_runnable = before;
        return;
    }
}

void rf_task_stop_waiting(rf_isolate *isolate, rf_task *task)
{
    rf_waiter_remove(isolate, &task->waiter);
    rf_channel_stop_waiting(isolate, task);
    leave_run_queue(isolate->sched, task);
    task->state = RF_TASK_ACTIVE;
}

/* A task that has not begun: only its promise and function go. */
static void discard(rf_isolate *isolate, rf_task *task)
{
    rf_task_stop_waiting(isolate, task);
    rf_release_object(isolate, &task->function->object);
    free_task(isolate, task);
}

void rf_task_cancel(rf_isolate *isolate, rf_task *task)
{
    if (task == isolate->task) {
        task->is_cancelled = true;
    } else if (!task->stack) {
        discard(isolate, task);
    } else if (!task->is_cancelled) {
        const bool is_suspended =
            task->state == RF_TASK_AWAITING || task->state == RF_TASK_RECEIVING;
        task->is_cancelled = true;
        if (!is_suspended) return; /* runnable, or in the middle of an async call */
        rf_task_stop_waiting(isolate, task);
        rf_task_make_runnable(isolate, task);
    }
}

void rf_task_abandon_all(rf_isolate *isolate)
{
    rf_sched *sched = isolate->sched;
    rf_task *caller = isolate->task;
    while (sched->newest) {
        rf_task *task = sched->newest;
        if (!task->stack) {
            discard(isolate, task);
            continue;
        }
        rf_task_stop_waiting(isolate, task);
        task->is_cancelled = true;
        task->starter = caller;
        caller->depth = isolate->depth;
        continue_task(isolate, task);
    }
}

/* ---- the main task ---- */

void rf_task_init_main(rf_isolate *isolate)
{
    rf_task *task = &isolate->sched->main;
    *task = (rf_task){.waiter.wake = wake_task, .isolate = isolate, .answer = rf_unset()};
    isolate->task = task;
}

void rf_task_begin_main(rf_isolate *isolate)
{
    rf_task *task = &isolate->sched->main;
    task->state = RF_TASK_ACTIVE;
    task->is_cancelled = task->is_hopeless = false;
    if (!isolate->engine || !isolate->engine->task_new) return;
    task->engine_data = isolate->engine->task_new(isolate);
    if (isolate->engine->task_switch)
        isolate->engine->task_switch(isolate, NULL, task->engine_data);
}

void rf_task_end_main(rf_isolate *isolate)
{
    rf_task *task = &isolate->sched->main;
    if (!isolate->engine || !isolate->engine->task_new) return;
    if (isolate->engine->task_switch)
        isolate->engine->task_switch(isolate, task->engine_data, NULL);
    if (isolate->engine->task_free) isolate->engine->task_free(isolate, task->engine_data);
    task->engine_data = NULL;
}

void rf_task_free_pool(rf_isolate *isolate)
{
    rf_sched *sched = isolate->sched;
    while (sched->free_tasks) {
        rf_task *task = sched->free_tasks;
        sched->free_tasks = task->next;
        free_memory(isolate, task);
    }
    sched->free_task_count = 0;
}
