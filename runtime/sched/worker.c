/* Workers (LANGUAGE 14.4): an isolate on a thread of its own that runs a copy of a spawn body. */
#include "sched/task.h"

#include "base/alloc.h"
#include "base/error.h"
#include "value/error_value.h"
#include "value/profiling.h"
#include "value/transfer.h"

#include <signal.h>
#include <unistd.h>

typedef struct worker {
    rf_isolate *isolate;
    rf_packet *packet; /* the closure of the body with everything it reaches, then modules that it
                          may import */
    uint32_t value_count;
} worker;

int rf_thread_start(pthread_t *thread, void *(*run)(void *context), void *context)
{
    /* signals are for the thread that started the program */
    sigset_t all, before;
    pthread_attr_t attributes;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 8 * RF_STACK_MARGIN);
    const int failure = pthread_create(thread, &attributes, run, context);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

static rf_value run_body(rf_isolate *isolate, void *context)
{
    return isolate->engine->run_closure(isolate, context);
}

static void report_error(rf_isolate *isolate)
{
    rf_value error = rf_take_error(isolate);
    rf_buffer report = RF_BUFFER_INIT;
    rf_error_report(isolate, error.as.error, &report);
    isolate->host->flush(isolate->host->context);
    isolate->host->write(isolate->host->context, 2, report.data, report.size);
    rf_buffer_release(&report);
    rf_release(isolate, error);
}

static void exit_program(rf_isolate *isolate)
{
    const rf_host *host = isolate->host;
    host->flush(host->context);
    if (host->end_process)
        host->end_process(host->end_context, isolate->exit_code & 0xFF);
    else
        rf_program_ask_exit(isolate->sched->program, isolate->exit_code);
}

/* One packet, so that body and modules share what both reach. */
static void pack_body(worker *w, rf_isolate *from, rf_function *closure)
{
    uint32_t module_count = 0;
    const rf_value *modules = from->list_modules ? from->list_modules(from, &module_count) : NULL;
    w->value_count = module_count + 1;
    rf_value *values = rf_alloc_array(rf_value, w->value_count);
    values[0] = rf_object_value(RF_FUNCTION, closure);
    for (uint32_t i = 0; i < module_count; i++) values[i + 1] = modules[i];
    w->packet = rf_packet_pack(from, values, w->value_count, NULL);
    rf_free(values);
}

/* The closure, new; the modules stay with the loader. */
static rf_value open_body(const worker *w)
{
    rf_value *values = rf_alloc_array(rf_value, w->value_count);
    rf_packet_open(w->isolate, w->packet, values);
    const rf_value closure = values[0];
    for (uint32_t i = 1; i < w->value_count; i++) rf_release(w->isolate, values[i]);
    rf_free(values);
    return closure;
}

static void *run_worker(void *context)
{
    worker *w = context;
    rf_isolate *isolate = w->isolate;
    const rf_host *host = isolate->host;
    rf_stack_attach(isolate);
    rf_profiling_begin(isolate);
    rf_value closure = open_body(w);
    rf_free(w);
    rf_value result = rf_sched_run_main(isolate, run_body, closure.as.function);
    if (!rf_is_raised(result))
        rf_release(isolate, result);
    else if (isolate->exit_requested)
        exit_program(isolate);
    else if (isolate->error.head == RF_ERROR) /* else it was stopped */
        report_error(isolate);
    rf_release(isolate, closure);
    rf_profiling_end(isolate);
    rf_program *program = rf_program_share(isolate->sched->program);
    rf_program_remove_worker(program, isolate->sched);
    host->free_worker(isolate);
    rf_program_drop(program);
    return NULL;
}

rf_value rf_spawn(rf_isolate *isolate, rf_function *closure)
{
    const rf_host *host = isolate->host;
    if (!host->new_worker) return rf_raise(isolate, "Workers are not available here");
    rf_program *program = isolate->sched->program;
    rf_program_join_ended_threads(program);
    worker *w = rf_new(worker);
    w->isolate = host->new_worker(isolate);
    pack_body(w, isolate, closure);
    rf_sched *sched = w->isolate->sched;
    pthread_t thread;
    rf_program_add_worker(program, sched);
    const int failure = rf_thread_start(&thread, run_worker, w);
    if (!failure) return rf_null();
    char text[256];
    rf_program_cancel_worker(program, sched);
    rf_packet_free(w->packet);
    host->free_worker(w->isolate);
    rf_free(w);
    return rf_raise(isolate, "Cannot start a worker: %s",
                    rf_os_error_text(failure, text, sizeof text));
}
