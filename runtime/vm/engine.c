/* The engine table: how the rest of the runtime reaches the VM (value/engine.h). */
#include "vm/vm.h"

#include "base/alloc.h"
#include "prof/allocation.h"
#include "sched/stack.h"
#include "value/error_value.h"
#include "vm/call.h"
#include "vm/compile.h"
#include "vm/jit_hook.h"
#include "vm/later.h"
#include "vm/profile.h"

/* ---- entering code from C ---- */

typedef struct entry {
    rf_isolate *isolate;
    rf_proto *proto;
    rf_function *closure; /* NULL: the top level of a module */
    const rf_value *self; /* NULL: no method */
    const rf_value *args;
    uint32_t count;
    rf_value result;
} entry;

static void run_entry(void *context)
{
    entry *e = context;
    rf_isolate *isolate = e->isolate;
    rf_vm_task *task = rf_vm_state_of(isolate)->task;
    uint32_t flags = RF_FRAME_ENTRY;
    if (!e->proto->is_compiled) rf_compile_proto(isolate, e->proto);
    rf_value *window = rf_vm_reserve(isolate, task, e->proto->register_count, &flags);
    const uint32_t reserved = flags;
    if (e->closure) {
        rf_retain_object(&e->closure->object);
        window[0] = rf_object_value(RF_FUNCTION, e->closure);
    }
    rf_value *at = window + 1;
    if (e->self) *at++ = rf_copy(*e->self);
    for (uint32_t i = 0; i < e->count; i++) *at++ = rf_copy(e->args[i]);
    if (rf_vm_push_frame(isolate, task, e->proto, e->closure, window, flags)) {
        e->result = rf_vm_run(isolate, task);
        return;
    }
    for (rf_value *slot = window; slot < at; slot++) rf_store(isolate, slot, rf_unset());
    rf_vm_unreserve(task, reserved);
    e->result = rf_raised();
}

static rf_value enter(entry *e)
{
    if (rf_stack_is_low(e->isolate))
        rf_stack_call(e->isolate, run_entry, e);
    else
        run_entry(e);
    return e->result;
}

rf_value rf_vm_enter_closure(rf_isolate *isolate, rf_function *closure, const rf_value *self, const rf_value *args,
                             uint32_t count)
{
    entry e = {.isolate = isolate,
               .proto = rf_vm_closure_proto(isolate, closure),
               .closure = closure,
               .self = self,
               .args = args,
               .count = count};
    return enter(&e);
}

rf_value rf_vm_enter_proto(rf_isolate *isolate, rf_proto *proto, rf_function *closure)
{
    entry e = {.isolate = isolate, .proto = proto, .closure = closure};
    return enter(&e);
}

static rf_value call_closure(rf_isolate *isolate, rf_function *function, const rf_value *self, const rf_value *args,
                             uint32_t count)
{
    const rf_func *func = function->func;
    if (count != func->param_count)
        return rf_raise_arity(isolate, func->display_name, (int)func->param_count, (int)func->param_count, count);
    if (func->is_generator) return rf_generator_new(isolate, function, args, count);
    if (func->is_async)
        return rf_vm_call_async(isolate, rf_vm_state_of(isolate)->task, function, self, args, count);
    return rf_vm_enter_closure(isolate, function, self, args, count);
}

/* Copies, because a built-in may take its arguments. */
static rf_value call_row(rf_isolate *isolate, const rf_builtin *row, const rf_value *args, uint32_t count)
{
    rf_value few[8];
    rf_value *copies = count <= RF_COUNT_OF(few) ? few : rf_alloc_array(rf_value, count);
    for (uint32_t i = 0; i < count; i++) copies[i] = rf_copy(args[i]);
    rf_value result = rf_builtin_call(isolate, row, copies, count);
    for (uint32_t i = 0; i < count; i++) rf_release(isolate, copies[i]);
    if (copies != few) rf_free(copies);
    return result;
}

rf_value rf_vm_engine_call(rf_isolate *isolate, rf_value callee, const rf_value *args, uint32_t count)
{
    if (callee.head != RF_FUNCTION)
        return rf_raise(isolate, "Cannot call non-function; the value being called is not callable. "
                                 "Pass a function, closure, or imported callable value instead.");
    rf_function *function = callee.as.function;
    switch (function->object.info) {
    case RF_FUNCTION_BUILTIN: return call_row(isolate, function->builtin, args, count);
    case RF_FUNCTION_BOUND: 
        return call_closure(isolate, function->method.as.function, &function->self, args, count);
    default: return call_closure(isolate, function, NULL, args, count);
    }
}

rf_value rf_vm_engine_call_method(rf_isolate *isolate, rf_value method, rf_value self, const rf_value *args,
                                  uint32_t count)
{
    return call_closure(isolate, method.as.function, &self, args, count);
}

static rf_value run_module(rf_isolate *isolate, rf_module *module)
{
    rf_vm_refresh_slots(module);
    return rf_vm_enter_proto(isolate, rf_vm_proto(isolate, module, module->unit->main), NULL);
}

static rf_value run_closure(rf_isolate *isolate, rf_function *closure)
{
    return rf_vm_enter_proto(isolate, rf_vm_closure_proto(isolate, closure), closure);
}

/* ---- isolates and tasks ---- */

static void release_module(rf_isolate *isolate, rf_module *module)
{
    if (rf_vm_state_of(isolate)) rf_vm_free_protos(isolate, module);
}

static void *task_new(rf_isolate *isolate)
{
    return rf_vm_task_new(isolate);
}

static void task_free(rf_isolate *isolate, void *engine_data)
{
    rf_vm_task_free(isolate, engine_data);
}

/* Tells the memory instrument where the running pc is. */
static inline void follow(rf_isolate *isolate, const rf_vm_state *state)
{
    _Static_assert(offsetof(rf_vm_task, fp) == 0 && offsetof(rf_frame, pc) == 0, "the running pc is **task");
    if (RF_UNLIKELY(isolate->heap.allocations != NULL)) rf_allocation_follow(isolate->heap.allocations, state->task);
}

static void task_switch(rf_isolate *isolate, void *from, void *to)
{
    (void)from; /* a task's frames hang from its own data */
    rf_vm_state *state = rf_vm_state_of(isolate);
    state->task = to ? to : state->home;
    follow(isolate, state);
}

static void isolate_start(rf_isolate *isolate)
{
    rf_vm_state *state = rf_new(rf_vm_state);
    isolate->engine_state = state;
    state->home = rf_vm_task_new(isolate);
    state->task = state->home;
    follow(isolate, state);
}

static void isolate_stop(rf_isolate *isolate)
{
    rf_vm_state *state = rf_vm_state_of(isolate);
    if (isolate->heap.allocations) rf_allocation_follow(isolate->heap.allocations, NULL);
    rf_vm_task_free(isolate, state->home);
    rf_vm_free_all_protos(isolate);
    if (state->jit) state->jit->stop(isolate);
    rf_vm_forget_later(state);
    rf_code_release(&state->code);
    rf_free(state->buckets);
    rf_free(state);
    isolate->engine_state = NULL;
}

const rf_engine rf_vm_engine = {
    .name = "vm",
    .call = rf_vm_engine_call,
    .call_method = rf_vm_engine_call_method,
    .generator_next = rf_vm_generator_next,
    .generator_free = rf_vm_generator_free,
    .generator_visit = rf_vm_generator_visit,
    .run_module = run_module,
    .run_closure = run_closure,
    .trace = rf_vm_trace,
    .where = rf_vm_where,
    .release_module = release_module,
    .task_new = task_new,
    .task_free = task_free,
    .task_switch = task_switch,
    .profile = rf_vm_profile,
    .isolate_start = isolate_start,
    .isolate_stop = isolate_stop,
};
