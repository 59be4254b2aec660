/* Promises: settling, awaiting, taking over, and the report of rejections nobody saw.
 *
 * Settling wakes the waiters in the order they came.  Waking may settle further promises; those
 * wait in sched->settling until the outermost call gets to them, so a chain of any length needs no
 * C recursion. */
#include "sched/task.h"

#include "base/alloc.h"
#include "value/error_value.h"

enum { FIRST_TIDY = 64 };

typedef struct rf_reaction {
    rf_waiter waiter; /* first */
    void (*settled)(rf_isolate *isolate, rf_promise *promise, void *context);
    void (*drop)(rf_isolate *isolate, void *context);
    void *context;
    struct rf_reaction *previous,
        *next; /* all of the isolate, so that none is left over at its end */
} rf_reaction;

rf_value rf_promise_new(rf_isolate *isolate)
{
    rf_promise *promise = rf_object_new(isolate, sizeof *promise, RF_PROMISE, 0);
    promise->state = RF_PROMISE_PENDING;
    promise->is_handled = false;
    promise->result = rf_unset();
    promise->waiters = NULL;
    return rf_object_value(RF_PROMISE, promise);
}

/* A waiter counts its promise, so a promise that is freed has none. */
void rf_promise_free(rf_isolate *isolate, rf_promise *promise)
{
    rf_release(isolate, promise->result);
    rf_object_free(isolate, promise, sizeof *promise);
}

void rf_promise_visit(rf_isolate *isolate, rf_promise *promise,
                      void (*visit)(void *context, rf_value value), void *context)
{
    (void)isolate;
    visit(context, promise->result);
}

void rf_promise_drop(rf_isolate *isolate, rf_promise *promise)
{
    rf_store(isolate, &promise->result, rf_unset());
}

/* ---- waiters ---- */

void rf_waiter_add(rf_waiter *waiter, rf_promise *promise)
{
    rf_retain_object(&promise->object);
    waiter->promise = promise;
    rf_waiter *last = promise->waiters;
    if (last) {
        waiter->next = last->next;
        last->next = waiter;
    } else {
        waiter->next = waiter;
    }
    promise->waiters = waiter;
}

static void unlink_after(rf_promise *promise, rf_waiter *before)
{
    rf_waiter *waiter = before->next;
    before->next = waiter->next;
    if (promise->waiters == waiter) promise->waiters = before == waiter ? NULL : before;
}

void rf_waiter_remove(rf_isolate *isolate, rf_waiter *waiter)
{
    rf_promise *promise = waiter->promise;
    if (!promise) return;
    rf_waiter *before = promise->waiters;
    while (before->next != waiter) before = before->next;
    unlink_after(promise, before);
    waiter->promise = NULL;
    rf_release_object(isolate, &promise->object);
}

static void wake_all(rf_isolate *isolate, rf_promise *promise)
{
    rf_waiter *last;
    while ((last = promise->waiters)) {
        rf_waiter *first = last->next;
        unlink_after(promise, last);
        first->wake(isolate, first);
        rf_release_object(isolate, &promise->object);
    }
}

/* ---- settling ---- */

static void note_rejection(rf_isolate *isolate, rf_promise *promise)
{
    rf_sched *sched = isolate->sched;
    if (sched->rejections.count >= sched->tidy_at) {
        size_t kept = 0;
        for (size_t i = 0; i < sched->rejections.count; i++) {
            rf_promise *old = sched->rejections.data[i];
            if (old->is_handled)
                rf_release_object(isolate, &old->object);
            else
                sched->rejections.data[kept++] = old;
        }
        sched->rejections.count = kept;
        sched->tidy_at = kept * 2 > FIRST_TIDY ? kept * 2 : FIRST_TIDY;
    }
    rf_retain_object(&promise->object);
    rf_vector_push(&sched->rejections, promise);
}

static void settle(rf_isolate *isolate, rf_promise *promise, rf_promise_state state,
                   rf_value result)
{
    if (promise->state != RF_PROMISE_PENDING) {
        rf_release(isolate, result);
        return;
    }
    rf_sched *sched = isolate->sched;
    promise->state = (uint8_t)state;
    promise->result = result;
    if (state == RF_PROMISE_REJECTED && !promise->is_handled) note_rejection(isolate, promise);
    if (!promise->waiters) return;
    rf_retain_object(&promise->object);
    rf_vector_push(&sched->settling, promise);
    if (sched->is_settling) return;
    sched->is_settling = true;
    for (size_t i = 0; i < sched->settling.count; i++) {
        rf_promise *next = sched->settling.data[i];
        wake_all(isolate, next);
        rf_release_object(isolate, &next->object);
    }
    sched->settling.count = 0;
    sched->is_settling = false;
}

static void drop_follower(rf_isolate *isolate, void *context)
{
    rf_promise *follower = context;
    rf_release_object(isolate, &follower->object);
}

static void settle_follower(rf_isolate *isolate, rf_promise *promise, void *context)
{
    settle(isolate, context, promise->state, rf_copy(promise->result));
    drop_follower(isolate, context);
}

void rf_promise_resolve(rf_isolate *isolate, rf_promise *promise, rf_value v)
{
    if (v.head != RF_PROMISE) {
        settle(isolate, promise, RF_PROMISE_RESOLVED, v);
        return;
    }
    if (v.as.promise != promise) { /* one that waits for itself is never settled */
        rf_retain_object(&promise->object);
        rf_promise_observe(isolate, v.as.promise, settle_follower, drop_follower, promise);
    }
    rf_release(isolate, v);
}

void rf_promise_reject(rf_isolate *isolate, rf_promise *promise, rf_value error)
{
    settle(isolate, promise, RF_PROMISE_REJECTED, error);
}

/* ---- awaiting ---- */

rf_value rf_await(rf_isolate *isolate, rf_value v)
{
    if (v.head != RF_PROMISE) return rf_copy(v);
    rf_promise *promise = v.as.promise;
    promise->is_handled = true;
    if (promise->state == RF_PROMISE_PENDING) {
        rf_task *task = isolate->task;
        rf_waiter_add(&task->waiter, promise);
        task->state = RF_TASK_AWAITING;
        if (!rf_task_suspend(isolate)) return rf_raised();
        if (task->is_hopeless) {
            task->is_hopeless = false;
            return rf_raise(isolate, "Promise never resolved");
        }
    }
    if (promise->state == RF_PROMISE_REJECTED)
        return rf_raise_error(isolate, rf_copy(promise->result));
    return rf_copy(promise->result);
}

/* ---- taking over ---- */

static void unlink_reaction(rf_sched *sched, rf_reaction *reaction)
{
    if (reaction->previous)
        reaction->previous->next = reaction->next;
    else
        sched->reactions = reaction->next;
    if (reaction->next) reaction->next->previous = reaction->previous;
}

static void wake_reaction(rf_isolate *isolate, rf_waiter *waiter)
{
    rf_reaction *reaction = (rf_reaction *)waiter;
    unlink_reaction(isolate->sched, reaction);
    reaction->settled(isolate, waiter->promise, reaction->context);
    rf_free(reaction);
}

void rf_promise_observe(rf_isolate *isolate, rf_promise *promise,
                        void (*settled)(rf_isolate *isolate, rf_promise *promise, void *context),
                        void (*drop)(rf_isolate *isolate, void *context), void *context)
{
    promise->is_handled = true;
    if (promise->state != RF_PROMISE_PENDING) {
        settled(isolate, promise, context);
        return;
    }
    rf_sched *sched = isolate->sched;
    rf_reaction *reaction = rf_new(rf_reaction);
    *reaction = (rf_reaction){.waiter.wake = wake_reaction,
                              .settled = settled,
                              .drop = drop,
                              .context = context,
                              .next = sched->reactions};
    if (sched->reactions) sched->reactions->previous = reaction;
    sched->reactions = reaction;
    rf_waiter_add(&reaction->waiter, promise);
}

/* ---- errors of promises ---- */

rf_value rf_error_here(rf_isolate *isolate)
{
    rf_raise_string(isolate, rf_null());
    return rf_take_error(isolate);
}

rf_value rf_error_with_message(rf_isolate *isolate, rf_value error, rf_value message)
{
    rf_store(isolate, &error.as.error->message, message);
    return error;
}

/* ---- the end of an isolate ---- */

void rf_promise_report_unhandled(rf_isolate *isolate)
{
    rf_sched *sched = isolate->sched;
    for (size_t i = 0; i < sched->rejections.count; i++) {
        rf_promise *promise = sched->rejections.data[i];
        if (!promise->is_handled) {
            const rf_string *message = promise->result.as.error->message.as.string;
            rf_buffer line = RF_BUFFER_INIT;
            rf_buffer_append_text(&line,
                                  "[RUFRUN001] [runtime] warning: Unhandled promise rejection: ");
            rf_buffer_append(&line, message->text, message->size);
            rf_buffer_append_byte(&line, '\n');
            isolate->host->write(isolate->host->context, 2, line.data, line.size);
            rf_buffer_release(&line);
        }
        rf_release_object(isolate, &promise->object);
    }
    sched->rejections.count = 0;
}

void rf_promise_release_all(rf_isolate *isolate)
{
    rf_sched *sched = isolate->sched;
    while (sched->reactions) {
        rf_reaction *reaction = sched->reactions;
        unlink_reaction(sched, reaction);
        rf_waiter_remove(isolate, &reaction->waiter);
        reaction->drop(isolate, reaction->context);
        rf_free(reaction);
    }
    for (size_t i = 0; i < sched->rejections.count; i++)
        rf_release_object(isolate, &sched->rejections.data[i]->object);
    rf_vector_release(&sched->rejections);
    rf_vector_release(&sched->settling);
}
