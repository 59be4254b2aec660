#include "support/program.h"

#include "base/alloc.h"
#include "lib/builtins.h"
#include "sched/sched.h"
#include "value/error_value.h"
#include "value/format.h"
#include "value/intern.h"

#include <stdio.h>
#include <string.h>

#ifndef PROGRAM_ENGINE /* the VM's tests name theirs */
#define PROGRAM_ENGINE rf_interp_engine
#endif
extern const rf_engine PROGRAM_ENGINE;

static void write_output(void *context, int stream, const char *bytes, size_t size)
{
    program *p = context;
    (void)stream;
    rf_buffer_append(&p->out, bytes, size);
}

static void flush_output(void *context) { (void)context; }

static void echo(rf_isolate *isolate, rf_value value)
{
    program *p = isolate->host->context;
    rf_buffer_append_text(&p->out, "=> ");
    assert_true(rf_inspect_repl(isolate, value, &p->out));
    rf_buffer_append_byte(&p->out, '\n');
}

/* Live objects that something owns: interned strings live as long as the isolate. */
static uint64_t owned_objects(const rf_isolate *isolate)
{
    return isolate->heap.object_count - isolate->interned->count;
}

program *program_new(void)
{
    return program_new_in(&PROGRAM_ENGINE);
}

program *program_new_in(const rf_engine *engine)
{
    program *p = rf_new(program);
    p->host = (rf_host){.context = p,
                        .write = write_output,
                        .flush = flush_output,
                        .capabilities = UINT32_MAX,
                        .max_call_depth = 10000,
                        .scheduler_timeout_ms = 60000};
    rf_isolate *isolate = rf_isolate_new(&p->host);
    p->isolate = isolate;
    p->module = rf_unset();
    isolate->engine = engine;
    rf_lib_attach(isolate);
    rf_sched_new(isolate);
    isolate->loader = rf_loader_new(isolate);
    isolate->engine->isolate_start(isolate);
    p->objects = owned_objects(isolate);
    return p;
}

void program_free(program *p)
{
    rf_isolate *isolate = p->isolate;
    rf_loader *loader = isolate->loader;
    rf_store(isolate, &p->module, rf_unset());
    rf_heap_collect(isolate);
    rf_loader_clear(loader);
    rf_sched_free(isolate->sched);
    isolate->engine->isolate_stop(isolate);
    assert_int_equal(owned_objects(isolate), p->objects);
    rf_lib_detach(isolate);
    rf_isolate_free(isolate);
    rf_loader_free(loader);
    rf_buffer_release(&p->out);
    rf_free(p);
}

int program_setup(void **state)
{
    *state = program_new();
    return 0;
}

int program_teardown(void **state)
{
    program_free(*state);
    return 0;
}

static void append_error(program *p)
{
    rf_isolate *isolate = p->isolate;
    if (isolate->exit_requested) {
        rf_buffer_format(&p->out, "exit %d\n", isolate->exit_code);
        isolate->exit_requested = false;
        return;
    }
    rf_value error = rf_take_error(isolate);
    rf_error_report(isolate, error.as.error, &p->out);
    rf_release(isolate, error);
}

static bool load(program *p, const char *source, const rf_unit_options *options)
{
    ruff_error err = RUFF_ERROR_INIT;
    rf_value module;
    if (rf_loader_load_main(p->isolate, source, strlen(source), options, &module, &err) == RUFF_OK) {
        rf_store(p->isolate, &p->module, module);
        return true;
    }
    rf_buffer_append_text(&p->out, err.report);
    ruff_error_release(&err);
    return false;
}

static rf_value run_module(rf_isolate *isolate, void *context)
{
    return isolate->engine->run_module(isolate, context);
}

static void run_loaded(program *p)
{
    rf_value result = rf_sched_run_main(p->isolate, run_module, p->module.as.module);
    if (rf_is_raised(result))
        append_error(p);
    else
        rf_release(p->isolate, result);
}

void program_run(program *p, const char *source)
{
    const rf_unit_options options = {.path = "main.ruff"};
    if (load(p, source, &options)) run_loaded(p);
}

void program_input(program *p, const char *source)
{
    p->host.is_repl = true;
    p->isolate->echo = echo;
    rf_unit *previous = p->module.head == RF_MODULE ? p->module.as.module->unit : NULL;
    const rf_unit_options options = {.path = "<repl>", .is_repl = true, .previous = previous};
    if (load(p, source, &options)) run_loaded(p);
}

typedef struct test_request {
    rf_module *module;
    const rf_func *func;
} test_request;

static rf_value perform_test(rf_isolate *isolate, void *context)
{
    const test_request *request = context;
    rf_value closure = rf_closure_new(isolate, request->func, request->module);
    rf_value result = isolate->engine->run_closure(isolate, closure.as.function);
    rf_release(isolate, closure);
    return result;
}

static void report_test(program *p, const char *name, rf_value result)
{
    rf_isolate *isolate = p->isolate;
    rf_buffer_format(&p->out, "%s: ", name);
    if (!rf_is_raised(result)) {
        rf_release(isolate, result);
        rf_buffer_append_text(&p->out, "passed\n");
        return;
    }
    rf_value error = rf_take_error(isolate);
    rf_buffer_format(&p->out, "%s%s\n", isolate->failed_phase == RF_PHASE_SETUP ? "[setup] " : "",
                     error.as.error->message.as.string->text);
    rf_release(isolate, error);
}

void program_tests(program *p, const char *source)
{
    const rf_unit_options options = {.path = "main.ruff", .with_tests = true};
    if (!load(p, source, &options)) return;
    run_loaded(p);
    rf_module *module = p->module.as.module;
    for (size_t i = 0; i < module->unit->tests.count; i++) {
        const rf_test *test = &module->unit->tests.data[i];
        test_request request = {module, test->func};
        p->isolate->failed_phase = RF_PHASE_NONE;
        report_test(p, test->name, rf_sched_run_main(p->isolate, perform_test, &request));
    }
}

void program_expect(program *p, const char *text)
{
    assert_string_equal(p->out.data ? p->out.data : "", text);
    rf_buffer_clear(&p->out);
    if (p->out.data) p->out.data[0] = 0;
}

void program_prints(program *p, const char *source, const char *text)
{
    program_run(p, source);
    program_expect(p, text);
}
