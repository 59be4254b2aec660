/* Calling: arity, depth, frames, methods, closures (LANGUAGE 6.8, 8, 9.3, 21.2). */
#include "base/alloc.h"
#include "interp/eval.h"
#include "sched/sched.h"
#include "sched/stack.h"
#include "value/error_value.h"

/* ---- running a body ---- */

rf_value rf_interp_run_body(rf_interp_frame *frame)
{
    switch (rf_interp_exec_block(frame, frame->func->body)) {
    case RF_RETURNED: return rf_take(&frame->result);
    case RF_FAILED: return rf_raised();
    default: return rf_null();
    }
}

typedef struct call {
    rf_isolate *isolate;
    rf_function *closure;
    rf_value self;  /* UNSET: not a method */
    rf_value *args; /* moved into the frame */
    uint32_t count;
    rf_interp_self_result *back;
    rf_value result;
} call;

static void give_self_back(call *c, rf_interp_frame *frame)
{
    c->back->is_modified = rf_interp_self_was_modified(frame);
    rf_value *slot = &frame->slots[0];
    c->back->value = slot->head == RF_CELL ? rf_copy(slot->as.cell->value) : rf_take(slot);
}

static void run_call(void *context)
{
    call *c = context;
    rf_function *closure = c->closure;
    rf_interp_frame *frame = rf_interp_frame_new(c->isolate, closure->func, closure->module, closure);
    rf_value *slot = frame->slots;
    if (closure->func->has_self) *slot++ = rf_take(&c->self);
    for (uint32_t i = 0; i < c->count; i++) slot[i] = rf_take(&c->args[i]);
    rf_interp_frame_push(frame);
    c->result = rf_interp_run_body(frame);
    if (c->back && !rf_is_raised(c->result)) give_self_back(c, frame);
    rf_interp_frame_pop(frame);
    rf_interp_frame_free(frame);
}

static rf_value run_on_stack(call *c)
{
    if (rf_stack_is_low(c->isolate))
        rf_stack_call(c->isolate, run_call, c);
    else
        run_call(c);
    return c->result;
}

bool rf_interp_check_depth(rf_isolate *isolate, const rf_func *func)
{
    if (rf_ends_by_interrupt(isolate)) return false;
    if (!rf_interp_is_visible(func) || isolate->depth < isolate->max_depth) return true;
    rf_raise(isolate, "Maximum call stack depth of %u exceeded while calling %s", isolate->max_depth,
             func->display_name);
    return false;
}

/* ---- the sorts of functions ---- */

/* The body of an async call: `args` holds self first when the function is a method. */
static rf_value run_async_body(rf_isolate *isolate, rf_function *closure, const rf_value *args, uint32_t count)
{
    const uint32_t self_count = closure->func->has_self;
    rf_interp_args window;
    rf_interp_args_init(&window, isolate, count);
    for (uint32_t i = self_count; i < count; i++) rf_interp_args_add(&window, rf_copy(args[i]));
    call c = {.isolate = isolate,
              .closure = closure,
              .self = self_count ? rf_copy(args[0]) : rf_unset(),
              .args = window.values,
              .count = window.count};
    rf_value result = run_on_stack(&c);
    rf_interp_args_release(&window);
    return result;
}

static rf_value call_async(call *c)
{
    rf_interp_args window;
    rf_interp_args_init(&window, c->isolate, c->count + 1);
    if (c->closure->func->has_self) rf_interp_args_add(&window, rf_take(&c->self));
    for (uint32_t i = 0; i < c->count; i++) rf_interp_args_add(&window, rf_take(&c->args[i]));
    rf_value promise =
        rf_async_call(c->isolate, c->closure, window.values, window.count, run_async_body);
    rf_interp_args_release(&window);
    return promise;
}

static rf_value call_closure(call *c)
{
    const rf_func *func = c->closure->func;
    if (c->count != func->param_count)
        return rf_raise_arity(c->isolate, func->display_name, (int)func->param_count,
                              (int)func->param_count, c->count);
    if (func->is_generator) return rf_generator_new(c->isolate, c->closure, c->args, c->count);
    if (!rf_interp_check_depth(c->isolate, func)) return rf_raised();
    return func->is_async ? call_async(c) : run_on_stack(c);
}

rf_value rf_interp_invoke_method(rf_isolate *isolate, rf_function *method, rf_value self, rf_value *args,
                                 uint32_t count, rf_interp_self_result *back)
{
    if (back) *back = (rf_interp_self_result){.value = rf_unset()};
    call c = {.isolate = isolate,
              .closure = method,
              .self = self,
              .args = args,
              .count = count,
              .back = back};
    rf_value result = call_closure(&c);
    rf_release(isolate, c.self);
    return result;
}

rf_value rf_interp_invoke(rf_isolate *isolate, rf_value callee, rf_value *args, uint32_t count)
{
    if (callee.head != RF_FUNCTION)
        return rf_raise(isolate, "Cannot call non-function; the value being called is not callable. "
                                 "Pass a function, closure, or imported callable value instead.");
    rf_function *function = callee.as.function;
    switch (function->object.info) {
    case RF_FUNCTION_BUILTIN: return rf_builtin_call(isolate, function->builtin, args, count);
    case RF_FUNCTION_BOUND:
        return rf_interp_invoke_method(isolate, function->method.as.function, rf_copy(function->self),
                                       args, count, NULL);
    default: {
        call c = {
            .isolate = isolate, .closure = function, .self = rf_unset(), .args = args, .count = count};
        return call_closure(&c);
    }
    }
}

/* ---- closures ---- */

static rf_value capture(rf_interp_frame *frame, const rf_ref *source)
{
    return rf_copy(source->kind == RF_REF_LOCAL ? frame->slots[source->index]
                                                : frame->closure->captures[source->index]);
}

rf_value rf_interp_closure(rf_interp_frame *frame, const rf_func *func)
{
    rf_value closure = rf_closure_new(frame->isolate, func, frame->module);
    for (uint32_t i = 0; i < func->capture_count; i++)
        closure.as.function->captures[i] = capture(frame, &func->captures[i].source);
    return closure;
}
