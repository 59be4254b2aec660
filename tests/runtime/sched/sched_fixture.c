#include "sched_fixture.h"

#include "value/string.h"

static void write_output(void *context, int stream, const char *bytes, size_t size)
{
    fixture *f = context;
    pthread_mutex_lock(&f->lock);
    rf_buffer_append(stream == 1 ? &f->out : &f->err, bytes, size);
    pthread_mutex_unlock(&f->lock);
}

static void flush_output(void *context)
{
    (void)context;
}

static rf_value call(rf_isolate *isolate, rf_value callee, const rf_value *args, uint32_t arg_count)
{
    assert_int_equal(arg_count, 0);
    (void)args;
    return callee.as.function->builtin->function(isolate, &callee, 0);
}

static rf_value run_closure(rf_isolate *isolate, rf_function *closure)
{
    rf_value callee = rf_object_value(RF_FUNCTION, closure);
    return call(isolate, callee, NULL, 0);
}

static const rf_engine test_engine = {.name = "test", .call = call, .run_closure = run_closure};

static rf_isolate *make_isolate(const rf_host *host, const rf_builtin *rows, uint32_t count)
{
    rf_isolate *isolate = rf_isolate_new(host);
    isolate->engine = &test_engine;
    isolate->builtins = rows;
    isolate->builtin_count = count;
    isolate->builtin_values = rf_alloc_array(rf_value, count);
    for (uint32_t i = 0; i < count; i++) {
        isolate->builtin_values[i] = rf_builtin_value_new(isolate, &rows[i]);
        isolate->builtin_values[i].as.o->count = -1;
    }
    return isolate;
}

static rf_isolate *new_worker(rf_isolate *parent)
{
    rf_isolate *worker = make_isolate(parent->host, parent->builtins, parent->builtin_count);
    rf_sched_new_worker(worker, parent);
    return worker;
}

static void free_worker(rf_isolate *worker)
{
    rf_sched_free(worker->sched);
    rf_isolate_free(worker);
}

fixture *fixture_new(const rf_builtin *rows, uint32_t count)
{
    fixture *f = rf_new(fixture);
    pthread_mutex_init(&f->lock, NULL);
    f->host = (rf_host){.context = f,
                        .write = write_output,
                        .flush = flush_output,
                        .scheduler_timeout_ms = 60000,
                        .new_worker = new_worker,
                        .free_worker = free_worker};
    f->isolate = make_isolate(&f->host, rows, count);
    rf_sched_new(f->isolate);
    f->object_count = f->isolate->heap.object_count;
    return f;
}

void fixture_free(fixture *f)
{
    rf_isolate *isolate = f->isolate;
    rf_sched_free(isolate->sched);
    rf_store(isolate, &isolate->error, rf_unset());
    rf_heap_collect(isolate);
    assert_int_equal(isolate->heap.object_count, f->object_count);
    rf_isolate_free(isolate);
    rf_buffer_release(&f->out);
    rf_buffer_release(&f->err);
    pthread_mutex_destroy(&f->lock);
    rf_free(f);
}

rf_value fixture_function(fixture *f, const rf_builtin *row, void *code)
{
    rf_value function = rf_builtin_value_new(f->isolate, row);
    function.as.function->code = code;
    function.as.o->count = 1; /* built-ins proper live as long as their isolate */
    return function;
}

rf_value fixture_async(fixture *f, rf_async_body body, void *code)
{
    static const rf_builtin row = {.name = "f", .canonical = "f", .max_args = -1};
    rf_value function = fixture_function(f, &row, code);
    rf_value promise = rf_async_call(f->isolate, function.as.function, NULL, 0, body);
    rf_release(f->isolate, function);
    return promise;
}

rf_value fixture_run(fixture *f, rf_value (*main_body)(rf_isolate *isolate, void *context),
                     void *context)
{
    return rf_sched_run_main(f->isolate, main_body, context);
}

const char *fixture_error(fixture *f)
{
    static char text[200];
    rf_value error = rf_take_error(f->isolate);
    assert_int_equal(error.head, RF_ERROR);
    strncpy(text, error.as.error->message.as.string->text, sizeof text - 1);
    rf_release(f->isolate, error);
    return text;
}

const char *fixture_output(fixture *f, int stream)
{
    static char text[2000];
    rf_buffer *buffer = stream == 1 ? &f->out : &f->err;
    strncpy(text, buffer->data ? buffer->data : "", sizeof text - 1);
    rf_buffer_clear(buffer);
    if (buffer->data) buffer->data[0] = '\0';
    return text;
}
