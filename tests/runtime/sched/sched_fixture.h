/* An isolate with a scheduler and an engine whose functions are C functions: what tests of sched/
 * run on. */
#ifndef SCHED_FIXTURE_H
#define SCHED_FIXTURE_H

#include "base/alloc.h"
#include "sched/sched.h"
#include "value/error_value.h"

#include "support/ruff_test.h"

#include <pthread.h>
#include <string.h>

typedef struct fixture {
    rf_host host;
    rf_isolate *isolate;
    pthread_mutex_t lock; /* of the output: workers write, too */
    rf_buffer out, err;
    uint64_t object_count; /* before the test */
} fixture;

/* rows[0..count) become the built-ins of the isolate and of its workers; values cross by number. */
fixture *fixture_new(const rf_builtin *rows, uint32_t count);
void fixture_free(fixture *f); /* checks that every object has been released */
/* A function value (new) for row; its C function finds code in args[0].as.function->code. */
rf_value fixture_function(fixture *f, const rf_builtin *row, void *code);
/* Starts body as an async call; body finds code in function->code. */
rf_value fixture_async(fixture *f, rf_async_body body, void *code);
/* Runs main_body as the main task; its result. */
rf_value fixture_run(fixture *f, rf_value (*main_body)(rf_isolate *isolate, void *context),
                     void *context);
/* The message of the error in flight, which is released; valid until the next call. */
const char *fixture_error(fixture *f);
/* What was written, cleared by the call; valid until the next. */
const char *fixture_output(fixture *f, int stream);

#endif
