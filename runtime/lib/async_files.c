/* Files read and written in the background (BUILTINS 32).
 *
 * A call makes one batch of operations, of which at most `limit` are under way; the outcome depends
 * on neither the limit nor on which operation ends first: of several failures the one of the lowest
 * index counts. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/utf8.h"
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/concurrency.h"
#include "lib/os.h"
#include "sched/sched.h"
#include "value/array.h"

#include <string.h>

typedef enum direction { READING, WRITING } direction;

typedef struct batch batch;

typedef struct operation {
    batch *whole;
    uint32_t index;
    char *path;
    rf_buffer bytes; /* read, or to be written */
    int failure;     /* errno value */
    bool is_text;    /* READING: valid UTF-8 */
} operation;

struct batch {
    direction direction;
    bool is_single; /* async_read_file: the result is no array, messages name no index */
    uint32_t count, started, ended;
    operation *operations;
    rf_promise *result; /* counted */
    rf_value error;     /* made by the call */
};

/* ---- on the helper thread ---- */

static void perform(void *context)
{
    operation *op = context;
    if (op->whole->direction == WRITING) {
        op->failure = rf_os_replace_file(op->path, op->bytes.data, op->bytes.size, RF_OS_REPLACE);
        return;
    }
    op->failure = rf_os_read_file(op->path, &op->bytes);
    op->is_text = !op->failure && rf_utf8_valid(op->bytes.data, op->bytes.size, NULL);
}

/* ---- on the isolate's thread ---- */

static void free_batch(rf_isolate *isolate, batch *b)
{
    for (uint32_t i = 0; i < b->count; i++) {
        rf_free(b->operations[i].path);
        rf_buffer_release(&b->operations[i].bytes);
    }
    rf_free(b->operations);
    rf_release(isolate, b->error);
    rf_release_object(isolate, &b->result->object);
    rf_free(b);
}

static bool has_failed(const operation *op)
{
    return op->failure || (op->whole->direction == READING && !op->is_text);
}

static void reject(rf_isolate *isolate, batch *b, const operation *op)
{
    char text[256];
    rf_buffer message = RF_BUFFER_INIT;
    rf_buffer_format(&message, "Failed to %s file '%s'", b->direction == READING ? "read" : "write",
                     op->path);
    if (!b->is_single) rf_buffer_format(&message, " at index %u", op->index);
    rf_buffer_format(&message, ": %s",
                     op->failure ? rf_os_error_text(op->failure, text, sizeof text)
                                 : "not valid UTF-8");
    rf_value error = rf_error_with_message(isolate, rf_take(&b->error),
                                           rf_string_take_buffer(isolate, &message));
    rf_promise_reject(isolate, b->result, error);
}

static rf_value result_of(rf_isolate *isolate, operation *op)
{
    return op->whole->direction == WRITING ? rf_bool(true)
                                           : rf_string_take_buffer(isolate, &op->bytes);
}

static void conclude(rf_isolate *isolate, batch *b)
{
    for (uint32_t i = 0; i < b->count; i++) {
        if (!has_failed(&b->operations[i])) continue;
        reject(isolate, b, &b->operations[i]);
        return;
    }
    if (b->is_single) {
        rf_promise_resolve(isolate, b->result, result_of(isolate, &b->operations[0]));
        return;
    }
    rf_value results = rf_array_new(isolate, b->count);
    for (uint32_t i = 0; i < b->count; i++)
        rf_array_push(isolate, results.as.array, result_of(isolate, &b->operations[i]));
    rf_promise_resolve(isolate, b->result, results);
}

static void finish(rf_isolate *isolate, rf_promise *promise, void *context);

static void start_next(rf_isolate *isolate, batch *b)
{
    rf_release(isolate, rf_background(isolate, perform, finish, &b->operations[b->started++]));
}

static void finish(rf_isolate *isolate, rf_promise *promise, void *context)
{
    batch *b = ((operation *)context)->whole;
    rf_promise_resolve(isolate, promise, rf_null()); /* of the operation; nobody holds it */
    b->ended++;
    if (b->started < b->count) start_next(isolate, b);
    if (b->ended < b->count) return;
    conclude(isolate, b);
    free_batch(isolate, b);
}

static batch *new_batch(rf_isolate *isolate, direction d, uint32_t count)
{
    batch *b = rf_new(batch);
    *b = (batch){.direction = d,
                 .count = count,
                 .operations = rf_alloc_array_zero(operation, count),
                 .result = rf_promise_new(isolate).as.promise,
                 .error = rf_error_here(isolate)};
    for (uint32_t i = 0; i < count; i++) b->operations[i].whole = b, b->operations[i].index = i;
    return b;
}

static rf_value start_batch(rf_isolate *isolate, batch *b, int64_t limit)
{
    rf_value promise = rf_copy(rf_object_value(RF_PROMISE, b->result));
    if (!b->count) {
        conclude(isolate, b);
        free_batch(isolate, b);
        return promise;
    }
    while (b->started < b->count && b->started < limit) start_next(isolate, b);
    return promise;
}

static void set_text(operation *op, rf_value text)
{
    rf_buffer_append(&op->bytes, text.as.string->text, text.as.string->size);
}

/* ---- the built-ins ---- */

rf_value rf_lib_async_read_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "async_read_file", args, 0);
    if (!path) return rf_raised();
    batch *b = new_batch(isolate, READING, 1);
    b->is_single = true;
    b->operations[0].path = rf_strdup(path);
    return start_batch(isolate, b, 1);
}

rf_value rf_lib_async_write_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path =
        rf_os_path_and(isolate, "async_write_file", args, RF_KIND(RF_STRING), "string");
    if (!path) return rf_raised();
    batch *b = new_batch(isolate, WRITING, 1);
    b->is_single = true;
    b->operations[0].path = rf_strdup(path);
    set_text(&b->operations[0], args[1]);
    return start_batch(isolate, b, 1);
}

/* Every element a string, paths without NUL; false after raising. */
static bool check_strings(rf_isolate *isolate, const char *name, const rf_array *strings,
                          bool are_paths)
{
    for (uint32_t i = 0; i < strings->length; i++) {
        const rf_value v = rf_array_peek(strings, i);
        if (v.head != RF_STRING) {
            rf_raise(isolate, "%s expects strings, got %s at index %u", name, rf_type_name(v), i);
            return false;
        }
        if (are_paths && strlen(v.as.string->text) != v.as.string->size) {
            rf_raise(isolate, "%s: the path at index %u contains a NUL character", name, i);
            return false;
        }
    }
    return true;
}

static void set_paths(batch *b, const rf_array *paths)
{
    for (uint32_t i = 0; i < b->count; i++)
        b->operations[i].path = rf_strdup(rf_array_peek(paths, i).as.string->text);
}

rf_value rf_lib_async_read_files(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    int64_t limit;
    if (!rf_args_array(isolate, "async_read_files", args, 0) ||
        !rf_concurrency_limit(isolate, "async_read_files", args, arg_count, 1, &limit) ||
        !check_strings(isolate, "async_read_files", args[0].as.array, true))
        return rf_raised();
    batch *b = new_batch(isolate, READING, args[0].as.array->length);
    set_paths(b, args[0].as.array);
    return start_batch(isolate, b, limit);
}

rf_value rf_lib_async_write_files(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    static const char name[] = "async_write_files";
    int64_t limit;
    if (!rf_args_array(isolate, name, args, 0) || !rf_args_array(isolate, name, args, 1) ||
        !rf_concurrency_limit(isolate, name, args, arg_count, 2, &limit))
        return rf_raised();
    const rf_array *paths = args[0].as.array, *texts = args[1].as.array;
    if (paths->length != texts->length)
        return rf_raise(isolate, "%s expects as many texts as paths, got %u and %u", name,
                        texts->length, paths->length);
    if (!check_strings(isolate, name, paths, true) || !check_strings(isolate, name, texts, false))
        return rf_raised();
    batch *b = new_batch(isolate, WRITING, paths->length);
    set_paths(b, paths);
    for (uint32_t i = 0; i < b->count; i++) set_text(&b->operations[i], rf_array_peek(texts, i));
    return start_batch(isolate, b, limit);
}
