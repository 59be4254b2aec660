/* The engine table: how the rest of the runtime reaches the interpreter (value/engine.h). */
#include "base/alloc.h"
#include "interp/eval.h"
#include "interp/interp.h"
#include "prof/thread.h"
#include "sched/stack.h"

/* Script code runs, entered from C. */
static uint32_t begin_code(const rf_isolate *isolate)
{
    return isolate->prof ? rf_prof_run_code(isolate->prof, RF_TIER_AST) : 0;
}

static void end_code(const rf_isolate *isolate, uint32_t before)
{
    if (isolate->prof) rf_prof_resume(isolate->prof, before);
}

/* A window of copies, because a callee may take its arguments. */
static void copy_args(rf_interp_args *window, rf_isolate *isolate, const rf_value *args, uint32_t count)
{
    rf_interp_args_init(window, isolate, count);
    for (uint32_t i = 0; i < count; i++) rf_interp_args_add(window, rf_copy(args[i]));
}

static rf_value call_value(rf_isolate *isolate, rf_value callee, const rf_value *args, uint32_t count)
{
    rf_interp_args window;
    copy_args(&window, isolate, args, count);
    const uint32_t before = begin_code(isolate);
    rf_value result = rf_interp_invoke(isolate, callee, window.values, window.count);
    end_code(isolate, before);
    rf_interp_args_release(&window);
    return result;
}

static rf_value call_method(rf_isolate *isolate, rf_value method, rf_value self, const rf_value *args,
                            uint32_t count)
{
    rf_interp_args window;
    copy_args(&window, isolate, args, count);
    const uint32_t before = begin_code(isolate);
    rf_value result = rf_interp_invoke_method(isolate, method.as.function, rf_copy(self), window.values,
                                              window.count, NULL);
    end_code(isolate, before);
    rf_interp_args_release(&window);
    return result;
}

typedef struct body { /* of a module, spawn block or test */
    rf_isolate *isolate;
    const rf_func *func;
    rf_module *module;
    rf_function *closure;
    rf_value result;
} body;

static void run_body(void *context)
{
    body *b = context;
    rf_interp_frame *frame = rf_interp_frame_new(b->isolate, b->func, b->module, b->closure);
    rf_interp_frame_push(frame);
    b->result = rf_interp_run_body(frame);
    rf_interp_frame_pop(frame);
    rf_interp_frame_free(frame);
}

static rf_value run(rf_isolate *isolate, const rf_func *func, rf_module *module, rf_function *closure)
{
    body b = {.isolate = isolate, .func = func, .module = module, .closure = closure};
    const uint32_t before = begin_code(isolate);
    if (rf_stack_is_low(isolate)) /* modules import modules */
        rf_stack_call(isolate, run_body, &b);
    else
        run_body(&b);
    end_code(isolate, before);
    return b.result;
}

static rf_value run_module(rf_isolate *isolate, rf_module *module)
{
    return run(isolate, module->unit->main, module, NULL);
}

static rf_value run_closure(rf_isolate *isolate, rf_function *closure)
{
    return run(isolate, closure->func, closure->module, closure);
}

static void release_module(rf_isolate *isolate, rf_module *module)
{
    (void)isolate; /* the tree is the code */
    (void)module;
}

static void *task_new(rf_isolate *isolate)
{
    (void)isolate;
    return rf_new(rf_interp_state);
}

static void task_free(rf_isolate *isolate, void *engine_data)
{
    (void)isolate;
    rf_free(engine_data);
}

/* The frames of the running task hang from engine_state, those of a waiting one from its own data. */
static void task_switch(rf_isolate *isolate, void *from, void *to)
{
    rf_interp_state *running = rf_interp_state_of(isolate);
    if (from) *(rf_interp_state *)from = *running;
    *running = to ? *(rf_interp_state *)to : (rf_interp_state){.frame = NULL};
}

static void isolate_start(rf_isolate *isolate)
{
    isolate->engine_state = rf_new(rf_interp_state);
}

static void isolate_stop(rf_isolate *isolate)
{
    rf_free(isolate->engine_state);
    isolate->engine_state = NULL;
}

static rf_value generator_next(rf_isolate *isolate, rf_generator *generator)
{
    const uint32_t before = begin_code(isolate);
    const rf_value value = rf_interp_generator_next(isolate, generator);
    end_code(isolate, before);
    return value;
}

const rf_engine rf_interp_engine = {
    .name = "interp",
    .call = call_value,
    .call_method = call_method,
    .generator_next = generator_next,
    .generator_free = rf_interp_generator_free,
    .generator_visit = rf_interp_generator_visit,
    .run_module = run_module,
    .run_closure = run_closure,
    .trace = rf_interp_trace,
    .where = rf_interp_where,
    .release_module = release_module,
    .task_new = task_new,
    .task_free = task_free,
    .task_switch = task_switch,
    .profile = rf_interp_profile,
    .isolate_start = isolate_start,
    .isolate_stop = isolate_stop,
};
