/* Pools of database connections (BUILTINS 27).
 *
 * A task that finds no connection waits for a promise, which the next release resolves with one;
 * other tasks go on meanwhile.  The state of a pool is counted by its handle and by the connections
 * it has lent. */
#include "lib/database.h"

#include "lib/args.h"
#include "lib/builtins.h"
#include "sched/sched.h"
#include "value/dict.h"
#include "value/string.h"

#include "base/alloc.h"
#include "base/vector.h"

#include <string.h>

typedef struct waiter { /* a task in db_pool_acquire */
    rf_db_pool *pool;
    rf_value promise;
    rf_timer_entry *timer;
    struct waiter *next;
} waiter;

struct rf_db_pool {
    unsigned references;
    char *target;
    int64_t most; /* connections */
    double timeout_s;
    int64_t in_use;
    RF_VECTOR(rf_value) idle; /* oldest first */
    waiter *first_waiter;
    bool is_closed;
};

static void drop_pool(rf_db_pool *pool)
{
    if (--pool->references) return;
    rf_vector_release(&pool->idle);
    rf_free(pool->target);
    rf_free(pool);
}

static void close_pool(rf_isolate *isolate, rf_db_pool *pool)
{
    pool->is_closed = true;
    pool->in_use = 0;
    for (size_t i = 0; i < pool->idle.count; i++) rf_release(isolate, pool->idle.data[i]);
    pool->idle.count = 0;
}

static void free_handle(rf_isolate *isolate, rf_handle *handle)
{
    close_pool(isolate, handle->data);
    drop_pool(handle->data);
}

static void inspect_handle(rf_isolate *isolate, rf_handle *handle, rf_buffer *out)
{
    (void)isolate, (void)handle;
    rf_buffer_append_text(out, "DatabasePool");
}

static const rf_handle_type pool_type = {
    .type_name = "databasepool", .free = free_handle, .inspect = inspect_handle};

static rf_db_pool *want_pool(rf_isolate *isolate, const char *name, const rf_value *args)
{
    if (args[0].head == RF_HANDLE && args[0].as.handle->type == &pool_type)
        return args[0].as.handle->data;
    rf_args_wrong(isolate, name, 0, "databasepool", args[0]);
    return NULL;
}

static rf_db_pool *want_open_pool(rf_isolate *isolate, const char *name, const rf_value *args)
{
    rf_db_pool *pool = want_pool(isolate, name, args);
    if (pool && pool->is_closed) {
        rf_raise(isolate, "%s: the pool is closed", name);
        return NULL;
    }
    return pool;
}

/* ---- db_pool ---- */

static rf_value entry(rf_isolate *isolate, const rf_dict *config, const char *name)
{
    rf_value key = rf_string_intern(isolate, name, strlen(name));
    return rf_dict_peek(config, rf_key_from_string(key.as.string));
}

/* The whole number of an entry; false after raising. */
static bool read_count(rf_isolate *isolate, const rf_dict *config, const char *name, int64_t *out)
{
    const rf_value v = entry(isolate, config, name);
    if (v.head == RF_UNSET) return true;
    if (v.head == RF_INT && v.as.i >= 0) {
        *out = v.as.i;
        return true;
    }
    if (v.head == RF_INT)
        rf_raise(isolate, "db_pool: '%s' must not be negative, got %lld", name, (long long)v.as.i);
    else
        rf_raise(isolate, "db_pool expects int as '%s', got %s", name, rf_type_name(v));
    return false;
}

static bool read_config(rf_isolate *isolate, const rf_value *args, rf_db_pool *pool)
{
    const rf_dict *config = args[2].as.dict;
    int64_t least = 5;
    if (!read_count(isolate, config, "min_connections", &least) ||
        !read_count(isolate, config, "max_connections", &pool->most))
        return false;
    const rf_value timeout = entry(isolate, config, "connection_timeout");
    if (timeout.head == RF_INT || timeout.head == RF_FLOAT) {
        pool->timeout_s = timeout.head == RF_INT ? (double)timeout.as.i : timeout.as.d;
    } else if (timeout.head != RF_UNSET) {
        rf_raise(isolate, "db_pool expects number as 'connection_timeout', got %s",
                 rf_type_name(timeout));
        return false;
    }
    if (!(pool->timeout_s >= 0)) {
        rf_raise(isolate, "db_pool: 'connection_timeout' must not be negative");
        return false;
    }
    if (pool->most == 0) {
        rf_raise(isolate, "db_pool: 'max_connections' must be at least 1, got 0");
        return false;
    }
    const bool has_least = entry(isolate, config, "min_connections").head != RF_UNSET;
    if (has_least && least > pool->most) {
        rf_raise(isolate, "db_pool: min_connections %lld is more than max_connections %lld",
                 (long long)least, (long long)pool->most);
        return false;
    }
    return true;
}

rf_value rf_lib_db_pool(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    const char *target;
    if (!rf_args_string(isolate, "db_pool", args, 0) ||
        !rf_args_string(isolate, "db_pool", args, 1) ||
        (arg_count > 2 && !rf_args_want(isolate, "db_pool", args, 2, RF_KIND(RF_DICT), "dict")) ||
        !rf_database_target(isolate, "db_pool", args, 2, &target))
        return rf_raised();
    rf_db_pool *pool = rf_new(rf_db_pool);
    pool->references = 1;
    pool->target = rf_strdup(target);
    pool->most = 20;
    pool->timeout_s = 30;
    if (arg_count < 3 || read_config(isolate, args, pool))
        return rf_handle_new(isolate, &pool_type, pool);
    drop_pool(pool);
    return rf_raised();
}

/* ---- acquiring ---- */

static rf_value lend(rf_db_pool *pool, rf_value connection)
{
    *rf_database_owner(connection.as.handle->data) = pool;
    pool->references++;
    pool->in_use++;
    return connection;
}

static void unlink_waiter(rf_db_pool *pool, waiter *w)
{
    waiter **at = &pool->first_waiter;
    while (*at && *at != w) at = &(*at)->next;
    if (*at) *at = w->next;
}

static void free_waiter(rf_isolate *isolate, waiter *w)
{
    unlink_waiter(w->pool, w);
    drop_pool(w->pool);
    rf_release(isolate, w->promise);
    rf_free(w);
}

static void drop_waiter(rf_isolate *isolate, void *context)
{
    free_waiter(isolate, context);
}

static void fail_waiter(rf_isolate *isolate, void *context)
{
    waiter *w = context;
    rf_raise(isolate, "db_pool_acquire: no connection became free within %g seconds",
             w->pool->timeout_s);
    rf_promise_reject(isolate, w->promise.as.promise, rf_take_error(isolate));
    free_waiter(isolate, w);
}

/* Gives the task that has waited longest a connection, or what it is to be raised. */
static void serve_waiter(rf_isolate *isolate, rf_db_pool *pool, rf_value connection)
{
    waiter *w = pool->first_waiter;
    if (rf_is_raised(connection))
        rf_promise_reject(isolate, w->promise.as.promise, rf_take_error(isolate));
    else
        rf_promise_resolve(isolate, w->promise.as.promise, lend(pool, connection));
    rf_timer_stop(isolate, w->timer); /* frees w */
}

static rf_value wait_for_connection(rf_isolate *isolate, rf_db_pool *pool)
{
    waiter *w = rf_new(waiter);
    *w = (waiter){.pool = pool, .promise = rf_promise_new(isolate)};
    pool->references++;
    rf_value promise = rf_copy(w->promise);
    waiter **last = &pool->first_waiter;
    while (*last) last = &(*last)->next;
    *last = w;
    w->timer = rf_timer_start(isolate, pool->timeout_s * 1000, fail_waiter, drop_waiter, w);
    rf_value connection = rf_await(isolate, promise);
    rf_release(isolate, promise);
    return connection;
}

rf_value rf_lib_db_pool_acquire(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_db_pool *pool = want_open_pool(isolate, "db_pool_acquire", args);
    if (!pool) return rf_raised();
    if (pool->idle.count) {
        rf_value oldest = pool->idle.data[0];
        memmove(pool->idle.data, pool->idle.data + 1, --pool->idle.count * sizeof *pool->idle.data);
        return lend(pool, oldest);
    }
    if (pool->in_use >= pool->most) return wait_for_connection(isolate, pool);
    rf_value connection = rf_database_open(isolate, "db_pool_acquire", pool->target);
    return rf_is_raised(connection) ? connection : lend(pool, connection);
}

/* ---- giving back ---- */

/* A connection less is in use and none came back: somebody who waits may have a new one.  This may
 * happen in the middle of unwinding, so an error in flight is kept. */
static void replace_connection(rf_isolate *isolate, rf_db_pool *pool)
{
    if (pool->is_closed) return;
    pool->in_use--;
    if (!pool->first_waiter) return;
    rf_value in_flight = rf_take(&isolate->error);
    serve_waiter(isolate, pool, rf_database_open(isolate, "db_pool_acquire", pool->target));
    rf_store(isolate, &isolate->error, in_flight);
}

void rf_db_pool_lost(rf_isolate *isolate, rf_db_pool *pool)
{
    if (isolate->sched) replace_connection(isolate, pool);
    drop_pool(pool);
}

rf_value rf_lib_db_pool_release(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_db_pool *pool = want_open_pool(isolate, "db_pool_release", args);
    rf_database *db = pool ? rf_database_want(isolate, "db_pool_release", args, 1) : NULL;
    if (!db) return rf_raised();
    rf_db_pool **owner = rf_database_owner(db);
    if (*owner != pool)
        return rf_raise(isolate, "db_pool_release: the connection is not lent by this pool");
    *owner = NULL;
    if (rf_database_is_closed(db)) {
        replace_connection(isolate, pool);
    } else {
        rf_database_rollback_open(db);
        pool->in_use--;
        if (pool->first_waiter)
            serve_waiter(isolate, pool, rf_copy(args[1]));
        else
            rf_vector_push(&pool->idle, rf_copy(args[1]));
    }
    drop_pool(pool);
    return rf_bool(true);
}

static void put(rf_isolate *isolate, rf_value dict, const char *name, int64_t n)
{
    rf_value key = rf_string_intern(isolate, name, strlen(name));
    rf_dict_set(isolate, dict.as.dict, rf_key_from_string(key.as.string), rf_int(n));
}

rf_value rf_lib_db_pool_stats(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const rf_db_pool *pool = want_pool(isolate, "db_pool_stats", args);
    if (!pool) return rf_raised();
    const int64_t available = (int64_t)pool->idle.count;
    rf_value stats = rf_dict_new(isolate, 4);
    put(isolate, stats, "available", available);
    put(isolate, stats, "in_use", pool->in_use);
    put(isolate, stats, "total", available + pool->in_use);
    put(isolate, stats, "max", pool->most);
    return stats;
}

rf_value rf_lib_db_pool_close(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_db_pool *pool = want_pool(isolate, "db_pool_close", args);
    if (!pool) return rf_raised();
    close_pool(isolate, pool);
    while (pool->first_waiter) {
        rf_raise(isolate, "db_pool_acquire: the pool is closed");
        serve_waiter(isolate, pool, rf_raised());
    }
    return rf_bool(true);
}
