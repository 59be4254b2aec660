/* Call and method-call expressions (LANGUAGE 6.5, 6.8, 9.3, 9.4, 16). */
#include "base/alloc.h"
#include "interp/eval.h"
#include "interp/place.h"
#include "interp/update.h"
#include "value/error_value.h"
#include "value/struct_type.h"

/* ---- arguments ---- */

void rf_interp_args_init(rf_interp_args *args, rf_isolate *isolate, uint32_t capacity)
{
    args->isolate = isolate;
    args->count = 0;
    args->values = capacity <= RF_COUNT_OF(args->few) ? args->few : rf_alloc_array(rf_value, capacity);
}

void rf_interp_args_add(rf_interp_args *args, rf_value v)
{
    args->values[args->count++] = v;
}

bool rf_interp_args_eval(rf_interp_args *args, rf_interp_frame *frame, rf_node *const *nodes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        rf_value v = rf_interp_eval(frame, nodes[i]);
        if (rf_is_raised(v)) return false;
        rf_interp_args_add(args, v);
    }
    return true;
}

void rf_interp_args_release(rf_interp_args *args)
{
    for (uint32_t i = 0; i < args->count; i++) rf_release(args->isolate, args->values[i]);
    if (args->values != args->few) rf_free(args->values);
}

/* ---- f(args) ---- */

rf_value rf_interp_eval_call(rf_interp_frame *frame, const rf_node *node, rf_value callee, rf_value piped)
{
    rf_isolate *isolate = frame->isolate;
    rf_interp_args args;
    rf_interp_args_init(&args, isolate, node->as.call.count + 1);
    if (piped.head != RF_UNSET) rf_interp_args_add(&args, piped);
    rf_value result = rf_raised();
    if (rf_interp_args_eval(&args, frame, node->as.call.args, node->as.call.count)) {
        frame->pos = node->pos;
        result = rf_interp_invoke(isolate, callee, args.values, args.count);
    }
    rf_interp_args_release(&args);
    rf_release(isolate, callee);
    return result;
}

/* ---- x.m(args): a method of the receiver's struct, else whatever LANGUAGE 16 finds ---- */

/* The declared method that receiver.name(...) calls, borrowed; NULL when there is none. */
static rf_function *declared_method(rf_value receiver, const rf_string *name)
{
    if (receiver.head != RF_STRUCT) return NULL;
    const rf_structdef *def = receiver.as.instance->layout->def;
    const int32_t index = rf_structdef_find_method(def, name);
    return index < 0 ? NULL : def->methods[index].as.function;
}

/* The field that receiver.name(...) calls when there is no method of that name, new; UNSET when there is none. */
static rf_value callable_field(rf_value receiver, const rf_string *name)
{
    if (receiver.head != RF_STRUCT) return rf_unset();
    const int32_t index = rf_structdef_find_field(receiver.as.instance->layout->def, name);
    return index < 0 ? rf_unset() : rf_struct_get(receiver.as.instance, (uint32_t)index);
}

/* args->values[0] is the receiver. */
static rf_value call_undeclared(rf_interp_frame *frame, const rf_string *name, rf_interp_args *args)
{
    rf_isolate *isolate = frame->isolate;
    rf_method_target target = {.kind = RF_METHOD_VALUE, .callee = callable_field(args->values[0], name)};
    if (target.callee.head == RF_UNSET) target = rf_method_find(isolate, args->values[0], name);
    if (target.kind == RF_METHOD_NONE) return rf_raised();
    if (target.kind == RF_METHOD_BUILTIN)
        return rf_builtin_call(isolate, target.row, args->values, args->count);
    rf_value result = rf_interp_invoke(isolate, target.callee, args->values + 1, args->count - 1);
    rf_release(isolate, target.callee);
    return result;
}

/* Puts the receiver (stolen), the piped value and the written arguments into args. */
static bool eval_method_args(rf_interp_args *args, rf_interp_frame *frame, const rf_node *node,
                             rf_value receiver, rf_value piped)
{
    rf_interp_args_init(args, frame->isolate, node->as.method.count + 2);
    rf_interp_args_add(args, receiver);
    if (piped.head != RF_UNSET) rf_interp_args_add(args, piped);
    if (!rf_interp_args_eval(args, frame, node->as.method.args, node->as.method.count)) return false;
    frame->pos = node->pos;
    return true;
}

static bool is_skipped(const rf_node *node, rf_value receiver)
{
    return node->flag && receiver.head == RF_NULL;
}

rf_value rf_interp_eval_method(rf_interp_frame *frame, const rf_node *node, rf_value receiver, rf_value piped)
{
    if (is_skipped(node, receiver)) {
        rf_release(frame->isolate, piped);
        return rf_null();
    }
    rf_interp_args args;
    rf_value result = rf_raised();
    if (eval_method_args(&args, frame, node, receiver, piped)) {
        const rf_string *name = rf_interp_name(frame, node->as.method.name);
        rf_function *method = declared_method(receiver, name);
        result = method ? rf_interp_invoke_method(frame->isolate, method, rf_take(&args.values[0]),
                                                  args.values + 1, args.count - 1, NULL)
                        : call_undeclared(frame, name, &args);
    }
    rf_interp_args_release(&args);
    return result;
}

/* A method of a struct called on a place: self goes in and, when it was modified, back out (LANGUAGE 9.4).  When
 * nobody can look at the place meanwhile, the instance itself is moved in and out, so that it is not copied. */
static rf_value call_method_on_place(rf_interp_frame *frame, rf_interp_place *place, rf_function *method,
                                     rf_interp_args *args)
{
    rf_isolate *isolate = frame->isolate;
    if (method->func->is_async)
        return rf_interp_invoke_method(isolate, method, rf_take(&args->values[0]), args->values + 1,
                                       args->count - 1, NULL);
    const bool may_move = method->func->modifies_self &&
                          method->func->param_count == args->count - 1 &&
                          rf_interp_place_is_private(place);
    const bool is_moved = may_move && rf_interp_place_detach(place, args->values[0]);
    rf_interp_self_result self;
    rf_value result = rf_interp_invoke_method(isolate, method, rf_take(&args->values[0]),
                                              args->values + 1, args->count - 1, &self);
    if (rf_is_raised(result)) return result;
    bool is_done = true;
    if (self.is_modified && rf_interp_place_check_mutable(place))
        is_done = rf_interp_place_set(place, rf_take(&self.value));
    else if (self.is_modified)
        is_done = false;
    else if (is_moved)
        is_done = rf_interp_place_restore(place, rf_take(&self.value));
    rf_release(isolate, self.value);
    if (is_done) return result;
    rf_release(isolate, result);
    return rf_raised();
}

rf_value rf_interp_eval_place_method(rf_interp_frame *frame, const rf_node *node, rf_value piped)
{
    rf_interp_place place;
    rf_interp_place_init(&place, frame, node->as.method.place);
    rf_value receiver = rf_interp_place_eval_reading(&place);
    if (rf_is_raised(receiver) || is_skipped(node, receiver)) {
        rf_interp_place_release(&place);
        rf_release(frame->isolate, piped);
        return receiver;
    }
    rf_interp_args args;
    rf_value result = rf_raised();
    if (eval_method_args(&args, frame, node, receiver, piped)) {
        rf_string *name = rf_interp_name(frame, node->as.method.name);
        rf_function *method = declared_method(receiver, name);
        const rf_interp_updating updating =
            rf_interp_updating_of(receiver, node->as.method.updater, name);
        if (method)
            result = call_method_on_place(frame, &place, method, &args);
        else if (updating != RF_INTERP_NO_UPDATE)
            result = rf_interp_update_by_method(&place, node, updating, &args);
        else
            result = call_undeclared(frame, name, &args);
    }
    rf_interp_args_release(&args);
    rf_interp_place_release(&place);
    return result;
}
