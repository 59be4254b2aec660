#include "lib_test.h"

#include "lib/inspect.h"
#include "lib/json.h"
#include "lib/state.h"
#include "modules/loader.h"
#include "sched/sched.h"
#include "value/intern.h"

/* These tests run without engine and loader: no prelude. */
rf_module *rf_loader_prelude(rf_isolate *isolate)
{
    rf_raise(isolate, "no prelude here");
    return NULL;
}

static void write_output(void *context, int stream, const char *bytes, size_t size)
{
    lib_test *t = context;
    rf_buffer_append(stream == 1 ? &t->out : &t->err, bytes, size);
}

static void flush_output(void *context)
{
    (void)context;
}

static rf_value call(rf_isolate *isolate, rf_value callee, const rf_value *args, uint32_t arg_count)
{
    rf_value window[8];
    for (uint32_t i = 0; i < arg_count; i++) window[i] = rf_copy(args[i]);
    rf_value result = rf_builtin_call(isolate, callee.as.function->builtin, window, arg_count);
    for (uint32_t i = 0; i < arg_count; i++) rf_release(isolate, window[i]);
    return result;
}

static void trace(rf_isolate *isolate, rf_trace *out)
{
    (void)isolate;
    *out = (rf_trace){.file = "test", .pos = {1, 1}};
}

static const rf_engine test_engine = {.name = "test", .call = call, .trace = trace};

/* Interned strings live as long as their isolate. */
static uint64_t count_objects(const rf_isolate *isolate)
{
    return isolate->heap.object_count - isolate->interned->count;
}

lib_test *lib_test_new(void)
{
    lib_test *t = rf_new(lib_test);
    t->host = (rf_host){.context = t, .write = write_output, .flush = flush_output, .capabilities = UINT32_MAX,
                        .max_call_depth = 10000};
    t->isolate = rf_isolate_new(&t->host);
    t->isolate->engine = &test_engine;
    rf_lib_attach(t->isolate);
    rf_sched_new(t->isolate);
    t->objects = count_objects(t->isolate);
    return t;
}

void lib_test_free(lib_test *t)
{
    rf_sched_free(t->isolate->sched);
    rf_store(t->isolate, &t->isolate->lib->process_result, rf_unset()); /* declarations kept for the next use */
    rf_store(t->isolate, &t->isolate->lib->arg_parser, rf_unset());
    rf_heap_collect(t->isolate);
    const uint64_t left = count_objects(t->isolate);
    assert_int_equal(left, t->objects);
    rf_lib_detach(t->isolate);
    rf_isolate_free(t->isolate);
    rf_buffer_release(&t->out);
    rf_buffer_release(&t->err);
    rf_free(t);
}

void lib_test_settle(lib_test *t)
{
    t->objects = count_objects(t->isolate);
}

int lib_test_setup(void **state)
{
    *state = lib_test_new();
    return 0;
}

int lib_test_teardown(void **state)
{
    lib_test_free(*state);
    return 0;
}

rf_value lib_value(lib_test *t, const char *json)
{
    rf_value v = rf_json_parse(t->isolate, json, strlen(json));
    if (rf_is_raised(v)) fail_msg("not JSON: %s", json);
    return v;
}

rf_value lib_call(lib_test *t, const char *name, rf_value *args, uint32_t count)
{
    const int32_t number = rf_builtin_find(t->isolate, name, strlen(name), true);
    if (number < 0) fail_msg("no built-in called %s", name);
    rf_value result = rf_builtin_call(t->isolate, &t->isolate->builtins[number], args, count);
    for (uint32_t i = 0; i < count; i++) rf_release(t->isolate, args[i]);
    return result;
}

char *lib_text(lib_test *t, rf_value v)
{
    rf_buffer text = RF_BUFFER_INIT;
    if (rf_is_raised(v)) {
        rf_value error = rf_take_error(t->isolate);
        rf_buffer_format(&text, "!%s", error.as.error->message.as.string->text);
        rf_release(t->isolate, error);
    } else {
        rf_buffer_append_text(&text, "");
        assert_true(rf_inspect_deep(t->isolate, v, &text));
        rf_release(t->isolate, v);
    }
    return rf_buffer_take(&text);
}

void lib_check(lib_test *t, const lib_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        rf_value list = lib_value(t, cases[i].args);
        rf_value args[8];
        const uint32_t arg_count = list.as.array->length;
        assert_true(arg_count <= 8);
        for (uint32_t k = 0; k < arg_count; k++) args[k] = rf_array_get(list.as.array, k);
        rf_release(t->isolate, list);
        char *text = lib_text(t, lib_call(t, cases[i].name, args, arg_count));
        if (strcmp(text, cases[i].want) != 0)
            fail_msg("%s(%s)\n  is     %s\n  wanted %s", cases[i].name, cases[i].args, text, cases[i].want);
        rf_free(text);
    }
}
