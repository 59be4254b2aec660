/* Channels, promises and tasks as built-ins (BUILTINS 32). */
#include "lib/concurrency.h"

#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/prelude.h"
#include "sched/sched.h"
#include "value/array.h"

#include "base/alloc.h"

/* ---- channels ---- */

rf_value rf_lib_channel(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args;
    (void)arg_count;
    return rf_channel_new(isolate);
}

rf_value rf_lib_channel_send(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return rf_channel_send(isolate, args[0].as.channel, args[1]);
}

rf_value rf_lib_channel_receive(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return rf_channel_receive(isolate, args[0].as.channel);
}

/* ---- the default for `limit` ---- */

enum { FIRST_POOL_SIZE = 256 };

/* The number in force; becomes n when that is not 0. */
static int64_t exchange_pool_size(rf_isolate *isolate, int64_t n)
{
    int64_t *size = rf_shared_lock(isolate, RF_SHARED_TASK_POOL, sizeof *size, NULL);
    const int64_t old = *size ? *size : FIRST_POOL_SIZE;
    if (n) *size = n;
    rf_shared_unlock(isolate);
    return old;
}

bool rf_concurrency_limit(rf_isolate *isolate, const char *name, const rf_value *args,
                          uint32_t arg_count, uint32_t index, int64_t *limit)
{
    if (index >= arg_count) {
        *limit = exchange_pool_size(isolate, 0);
        return true;
    }
    if (!rf_args_int(isolate, name, args, index, limit)) return false;
    if (*limit > 0) return true;
    rf_raise(isolate, "%s expects a positive int as argument %u, got %lld", name, index + 1,
             (long long)*limit);
    return false;
}

rf_value rf_lib_set_task_pool_size(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    int64_t n;
    if (!rf_concurrency_limit(isolate, "set_task_pool_size", args, arg_count, 0, &n))
        return rf_raised();
    return rf_int(exchange_pool_size(isolate, n));
}

rf_value rf_lib_get_task_pool_size(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args;
    (void)arg_count;
    return rf_int(exchange_pool_size(isolate, 0));
}

/* ---- time ---- */

rf_value rf_lib_async_sleep(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t ms;
    if (!rf_args_int(isolate, "async_sleep", args, 0, &ms)) return rf_raised();
    if (ms < 0)
        return rf_raise(isolate, "async_sleep expects a time that is not negative, got %lld",
                        (long long)ms);
    return rf_timer(isolate, (double)ms, rf_null());
}

typedef struct timeout { /* counted by its timer and by the observer of the promise */
    unsigned references;
    rf_promise *result;    /* counted */
    rf_timer_entry *timer; /* NULL once it has fired or was stopped */
    rf_value error;        /* made by the call */
    int64_t ms;
} timeout;

static void drop_timeout(rf_isolate *isolate, void *context)
{
    timeout *t = context;
    if (--t->references) return;
    rf_release_object(isolate, &t->result->object);
    rf_release(isolate, t->error);
    rf_free(t);
}

static void fire_timeout(rf_isolate *isolate, void *context)
{
    timeout *t = context;
    t->timer = NULL;
    rf_value message = rf_string_format(isolate, "Timeout after %lldms", (long long)t->ms);
    rf_promise_reject(isolate, t->result,
                      rf_error_with_message(isolate, rf_take(&t->error), message));
    drop_timeout(isolate, t);
}

static void settle_in_time(rf_isolate *isolate, rf_promise *promise, void *context)
{
    timeout *t = context;
    if (t->timer) {
        rf_timer_entry *timer = t->timer;
        t->timer = NULL;
        rf_timer_stop(isolate, timer);
        if (promise->state == RF_PROMISE_RESOLVED)
            rf_promise_resolve(isolate, t->result, rf_copy(promise->result));
        else
            rf_promise_reject(isolate, t->result, rf_copy(promise->result));
    }
    drop_timeout(isolate, t);
}

rf_value rf_lib_async_timeout(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t ms;
    if (!rf_args_want(isolate, "async_timeout", args, 0, RF_KIND(RF_PROMISE), "promise") ||
        !rf_args_int(isolate, "async_timeout", args, 1, &ms))
        return rf_raised();
    if (ms <= 0)
        return rf_raise(isolate, "async_timeout expects a positive time, got %lld", (long long)ms);
    rf_value result = rf_promise_new(isolate);
    timeout *t = rf_new(timeout);
    *t = (timeout){.references = 2,
                   .result = rf_copy(result).as.promise,
                   .error = rf_error_here(isolate),
                   .ms = ms};
    t->timer = rf_timer_start(isolate, (double)ms, fire_timeout, drop_timeout, t);
    rf_promise_observe(isolate, args[0].as.promise, settle_in_time, drop_timeout, t);
    return result;
}

/* ---- many promises as one ---- */

typedef struct gathering { /* counted by every promise it waits for and by the call that makes it */
    unsigned references;
    uint32_t waiting; /* promises not yet resolved */
    uint32_t count;
    bool keeps_values;  /* else the result is null */
    rf_promise *result; /* counted */
    rf_value error;     /* made by the call */
    rf_value *values;
} gathering;

typedef struct member { /* one promise of a gathering */
    gathering *whole;
    uint32_t index;
} member;

static void drop_gathering(rf_isolate *isolate, gathering *g)
{
    if (--g->references) return;
    for (uint32_t i = 0; i < g->count; i++) rf_release(isolate, g->values[i]);
    rf_free(g->values);
    rf_release(isolate, g->error);
    rf_release_object(isolate, &g->result->object);
    rf_free(g);
}

static void drop_member(rf_isolate *isolate, void *context)
{
    member *m = context;
    drop_gathering(isolate, m->whole);
    rf_free(m);
}

static void resolve_if_complete(rf_isolate *isolate, gathering *g)
{
    if (g->waiting) return;
    rf_promise_resolve(isolate, g->result,
                       g->keeps_values ? rf_array_from(isolate, g->values, g->count) : rf_null());
}

static void settle_member(rf_isolate *isolate, rf_promise *promise, void *context)
{
    member *m = context;
    gathering *g = m->whole;
    if (promise->state == RF_PROMISE_RESOLVED) {
        g->values[m->index] = rf_copy(promise->result);
        g->waiting--;
        resolve_if_complete(isolate, g);
    } else if (g->error.head == RF_ERROR) { /* the first */
        const rf_string *cause = promise->result.as.error->message.as.string;
        rf_buffer message = RF_BUFFER_INIT;
        rf_buffer_format(&message, "Promise %u rejected: ", m->index);
        rf_buffer_append(&message, cause->text, cause->size);
        rf_promise_reject(isolate, g->result,
                          rf_error_with_message(isolate, rf_take(&g->error),
                                                rf_string_take_buffer(isolate, &message)));
    }
    drop_member(isolate, m);
}

/* Promise of the elements of an array, of which those that are promises are waited for. */
static rf_value gather(rf_isolate *isolate, const rf_array *elements, bool keeps_values)
{
    rf_value result = rf_promise_new(isolate);
    gathering *g = rf_new(gathering);
    *g = (gathering){.references = 1,
                     .count = elements->length,
                     .keeps_values = keeps_values,
                     .result = rf_copy(result).as.promise,
                     .error = rf_error_here(isolate),
                     .values = rf_alloc_array(rf_value, elements->length)};
    for (uint32_t i = 0; i < g->count; i++) {
        const rf_value v = rf_array_peek(elements, i);
        const bool is_promise = v.head == RF_PROMISE;
        g->values[i] = is_promise ? rf_unset() : rf_copy(v);
        g->waiting += is_promise;
    }
    for (uint32_t i = 0; i < g->count; i++) {
        const rf_value v = rf_array_peek(elements, i);
        if (v.head != RF_PROMISE) continue;
        member *m = rf_new(member);
        *m = (member){g, i};
        g->references++;
        rf_promise_observe(isolate, v.as.promise, settle_member, drop_member, m);
    }
    resolve_if_complete(isolate, g);
    drop_gathering(isolate, g);
    return result;
}

rf_value rf_lib_promise_all(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    int64_t limit;
    if (!rf_args_array(isolate, "promise_all", args, 0) ||
        !rf_concurrency_limit(isolate, "promise_all", args, arg_count, 1, &limit))
        return rf_raised();
    const rf_array *promises = args[0].as.array;
    for (uint32_t i = 0; i < promises->length; i++) {
        const rf_value v = rf_array_peek(promises, i);
        if (v.head != RF_PROMISE)
            return rf_raise(isolate, "promise_all expects promises, got %s at index %u",
                            rf_type_name(v), i);
    }
    return gather(isolate, promises, true);
}

/* The calls happen here, in order, as `map` makes them; only what they started goes on in the
 * background. */
static rf_value call_for_each(rf_isolate *isolate, const char *name, rf_value *args,
                              uint32_t arg_count, bool keeps_values)
{
    int64_t limit;
    if (!rf_args_array(isolate, name, args, 0) || !rf_args_callable(isolate, name, args, 1) ||
        !rf_concurrency_limit(isolate, name, args, arg_count, 2, &limit))
        return rf_raised();
    rf_value results = rf_prelude_call(isolate, "map", args, 2);
    if (rf_is_raised(results)) return results;
    rf_value promise = gather(isolate, results.as.array, keeps_values);
    rf_release(isolate, results);
    return promise;
}

rf_value rf_lib_parallel_map(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    return call_for_each(isolate, "parallel_map", args, arg_count, true);
}

rf_value rf_lib_par_each(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    return call_for_each(isolate, "par_each", args, arg_count, false);
}

/* ---- tasks ---- */

typedef struct task_handle {
    rf_task *task;       /* NULL once it has ended */
    rf_promise *promise; /* of its result; counted */
    bool is_cancelled, is_consumed;
} task_handle;

static void free_task_handle(rf_isolate *isolate, rf_handle *handle)
{
    task_handle *h = handle->data;
    if (h->task) rf_task_unwatch(h->task);
    rf_release_object(isolate, &h->promise->object);
    rf_free(h);
}

static void inspect_task_handle(rf_isolate *isolate, rf_handle *handle, rf_buffer *out)
{
    (void)isolate;
    const task_handle *h = handle->data;
    rf_buffer_append_text(out, h->is_cancelled ? "TaskHandle(Cancelled)" : "TaskHandle(Running)");
}

static const rf_handle_type task_handle_type = {
    .type_name = "taskhandle", .free = free_task_handle, .inspect = inspect_task_handle};

static task_handle *want_task_handle(rf_isolate *isolate, const char *name, const rf_value *args)
{
    if (args[0].head == RF_HANDLE && args[0].as.handle->type == &task_handle_type)
        return args[0].as.handle->data;
    rf_args_wrong(isolate, name, 0, "taskhandle", args[0]);
    return NULL;
}

rf_value rf_lib_spawn_task(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_callable(isolate, "spawn_task", args, 0)) return rf_raised();
    task_handle *h = rf_new(task_handle);
    h->promise = rf_task_spawn(isolate, args[0].as.function, &h->task).as.promise;
    return rf_handle_new(isolate, &task_handle_type, h);
}

static rf_value rejected(rf_isolate *isolate, const char *message)
{
    rf_value promise = rf_promise_new(isolate);
    rf_value error =
        rf_error_with_message(isolate, rf_error_here(isolate), rf_string_from(isolate, message));
    rf_promise_reject(isolate, promise.as.promise, error);
    return promise;
}

rf_value rf_lib_await_task(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    task_handle *h = want_task_handle(isolate, "await_task", args);
    if (!h) return rf_raised();
    if (h->is_consumed) return rejected(isolate, "Task handle already consumed");
    h->is_consumed = true;
    if (h->is_cancelled) return rejected(isolate, "Task was cancelled");
    return rf_copy(rf_object_value(RF_PROMISE, h->promise));
}

rf_value rf_lib_cancel_task(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    task_handle *h = want_task_handle(isolate, "cancel_task", args);
    if (!h) return rf_raised();
    if (h->is_consumed) return rf_bool(false);
    h->is_cancelled = true;
    h->promise->is_handled = true; /* its outcome is of no interest any more */
    if (h->task) rf_task_cancel(isolate, h->task);
    return rf_bool(true);
}
