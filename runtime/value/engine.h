/* What value/, lib/ and sched/ need of an engine: the call hook and its neighbours.  interp/ and vm/ each fill one
 * table; nothing below them knows which one runs. */
#ifndef RF_VALUE_ENGINE_H
#define RF_VALUE_ENGINE_H

#include "syntax/ast.h"
#include "value/value.h"

struct rf_function;
struct rf_generator;
struct rf_module;
struct rf_prof_source;

typedef struct rf_trace { /* where the running task is, for errors (LANGUAGE 12.5) */
    const char *file;     /* borrowed from the unit */
    rf_pos pos;           /* of the innermost frame that is not in the prelude; 0,0 outside any code */
    const char **names;   /* display names of the visible frames, outermost first; new (rf_free) */
    uint32_t count;
} rf_trace;

typedef struct rf_where {
    const struct rf_func *func;
    rf_pos pos;
} rf_where;

/* As profiles call it. */
static inline const char *rf_func_profile_name(const rf_func *func)
{
    return func->kind == RF_FUNC_MODULE ? "main" : func->kind == RF_FUNC_SPAWN ? "spawn block" : func->display_name;
}

typedef struct rf_engine {
    const char *name; /* "interp", "vm" */
    /* Calls any callable value with borrowed args.  Checks arity, depth and callability with their errors.
     * RAISED on failure. */
    rf_value (*call)(rf_isolate *isolate, rf_value callee, const rf_value *args, uint32_t arg_count);
    /* Calls a method's function with self (borrowed); modifications of self are dropped. */
    rf_value (*call_method)(rf_isolate *isolate, rf_value method, rf_value self, const rf_value *args,
                            uint32_t arg_count);
    /* One step of a generator: the yielded value (new), UNSET when finished, RAISED. */
    rf_value (*generator_next)(rf_isolate *isolate, struct rf_generator *generator);
    /* The generator is being freed unfinished: drop its frame; no user code runs. */
    void (*generator_free)(rf_isolate *isolate, struct rf_generator *generator);
    /* The references a suspended generator's frame holds, for the cycle collector. */
    void (*generator_visit)(rf_isolate *isolate, struct rf_generator *generator,
                            void (*visit)(void *context, rf_value value), void *context);
    /* Runs the top level of a module; UNSET/NULL or RAISED. */
    rf_value (*run_module)(rf_isolate *isolate, struct rf_module *module);
    /* Runs function `func` of a module (spawn body, test) as the first frame of the running task; captures already
     * in the closure. */
    rf_value (*run_closure)(rf_isolate *isolate, struct rf_function *closure);
    /* Position and names of the running task.  Fills out; names may be NULL when count is 0. */
    void (*trace)(rf_isolate *isolate, rf_trace *out);
    /* The same for profiles: an address that stands for the innermost operation outside the prelude, NULL outside any
     * code; out (may be NULL) gets what it is. */
    const void *(*where)(rf_isolate *isolate, rf_where *out);
    /* A module is being freed: release the code compiled for its functions. */
    void (*release_module)(rf_isolate *isolate, struct rf_module *module);
    /* Engine data of a task (register stack), kept by sched/, which may use that of an ended task, which has no frame
     * left, for another one.  NULL in task_switch: outside of any run. */
    void *(*task_new)(rf_isolate *isolate);
    void (*task_free)(rf_isolate *isolate, void *engine_data);
    void (*task_switch)(rf_isolate *isolate, void *from, void *to); /* the running task changes */
    /* How the profiler looks at what runs here (prof/thread.h). */
    void (*profile)(rf_isolate *isolate, struct rf_prof_source *source);
    void (*isolate_start)(rf_isolate *isolate);  /* sets engine_state */
    void (*isolate_stop)(rf_isolate *isolate);
} rf_engine;

#endif
