/* Assignments and update statements (LANGUAGE 5.3, 6.1, 7.8): everything that stores into a place by name.
 *
 * The value that is about to be replaced is given to the operation alone whenever the operation runs no user code:
 * the variable is emptied for the time of the call and gets the old value back when the call raises.  Nobody can see
 * that, and `push(xs, v)`, `xs := push(xs, v)`, `s += t` then need no copy of what they grow. */
#include "interp/update.h"

#include "syntax/updater.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/struct_type.h"

#include <string.h>

/* ---- which calls are update statements ---- */

static uint32_t receiver_bit(rf_value v)
{
    switch (v.head) {
    case RF_ARRAY: return RF_UPDATES_ARRAY;
    case RF_DICT: return RF_UPDATES_DICT;
    case RF_SET: return RF_UPDATES_SET;
    case RF_QUEUE: return RF_UPDATES_QUEUE;
    case RF_STACK: return RF_UPDATES_STACK;
    case RF_STRUCT: {
        const rf_structdef *def = v.as.instance->layout->def;
        const bool is_parser = !def->decl && strcmp(def->name.as.string->text, "ArgParser") == 0;
        return is_parser ? RF_UPDATES_PARSER : 0;
    }
    default: return 0;
    }
}

rf_interp_updating rf_interp_updating_of(rf_value receiver, uint32_t updater, rf_string *name)
{
    const uint32_t bit = updater ? receiver_bit(receiver) : 0;
    if (bit == 0) return RF_INTERP_NO_UPDATE;
    if (bit == RF_UPDATES_DICT && name && rf_dict_has(receiver.as.dict, rf_key_from_string(name)))
        return RF_INTERP_NO_UPDATE;
    if (updater & bit) return RF_INTERP_UPDATE_VALUE;
    return updater & bit << RF_UPDATES_PAIR_SHIFT ? RF_INTERP_UPDATE_PAIR : RF_INTERP_NO_UPDATE;
}

/* ---- carrying them out ---- */

/* A function among the arguments may be called (`sort`), unless the row takes any number of values (`push`). */
static bool runs_no_user_code(const rf_builtin *row, const rf_interp_args *args)
{
    if (!row->function || row->prelude) return false;
    for (uint32_t i = 1; row->max_args >= 0 && i < args->count; i++)
        if (args->values[i].head == RF_FUNCTION) return false;
    return true;
}

/* Calls row with args, of which the first is what place holds; the place keeps it when the call raises. */
static rf_value call_detached(rf_interp_place *place, const rf_builtin *row, rf_interp_args *args)
{
    rf_isolate *isolate = place->frame->isolate;
    const bool is_detached =
        runs_no_user_code(row, args) && rf_interp_place_detach(place, args->values[0]);
    rf_value result = rf_builtin_call(isolate, row, args->values, args->count);
    if (rf_is_raised(result) && is_detached) {
        rf_assert(args->values[0].head != RF_UNSET);
        rf_interp_place_restore(place, rf_take(&args->values[0]));
    }
    return result;
}

/* args[0] is the value of the place. */
static bool update(rf_interp_place *place, const rf_builtin *row, rf_interp_updating updating,
                   rf_interp_args *args)
{
    rf_isolate *isolate = place->frame->isolate;
    rf_value result = call_detached(place, row, args);
    if (rf_is_raised(result)) return false;
    if (updating == RF_INTERP_UPDATE_PAIR) {
        rf_value first = rf_array_get(result.as.array, 0);
        rf_release(isolate, result);
        result = first;
    }
    return rf_interp_place_set(place, result);
}

rf_value rf_interp_update_by_method(rf_interp_place *place, const rf_node *node, rf_interp_updating updating,
                                    rf_interp_args *args)
{
    rf_interp_frame *frame = place->frame;
    if (!rf_interp_place_check_mutable(place)) return rf_raised();
    frame->pos = node->pos;
    const rf_string *name = rf_interp_name(frame, node->as.method.name);
    const rf_method_target target = rf_method_find(frame->isolate, args->values[0], name);
    if (target.kind == RF_METHOD_NONE) return rf_raised();
    rf_assert(target.kind == RF_METHOD_BUILTIN);
    return update(place, target.row, updating, args) ? rf_null() : rf_raised();
}

/* B(place, args...) with everything evaluated. */
static bool update_by_function(rf_interp_place *place, const rf_node *node, rf_interp_args *args)
{
    rf_interp_frame *frame = place->frame;
    rf_isolate *isolate = frame->isolate;
    const rf_builtin *row = &isolate->builtins[node->as.update.builtin];
    const rf_interp_updating updating =
        rf_interp_updating_of(args->values[0], node->as.update.updater, NULL);
    if (updating != RF_INTERP_NO_UPDATE && !rf_interp_place_check_mutable(place)) return false;
    frame->pos = node->pos;
    if (updating != RF_INTERP_NO_UPDATE) return update(place, row, updating, args);
    rf_value result = rf_builtin_call(isolate, row, args->values, args->count);
    if (rf_is_raised(result)) return false;
    const bool prints = node->flag && isolate->echo && result.head != RF_NULL;
    if (prints) isolate->echo(isolate, result);
    rf_release(isolate, result);
    return true;
}

rf_completion rf_interp_exec_update(rf_interp_frame *frame, const rf_node *node)
{
    rf_interp_place place;
    rf_interp_args args;
    rf_interp_place_init(&place, frame, &node->as.update.place);
    rf_interp_args_init(&args, frame->isolate, node->as.update.count + 1);
    rf_value v = rf_interp_place_eval_reading(&place);
    bool is_done = false;
    if (!rf_is_raised(v)) {
        rf_interp_args_add(&args, v);
        is_done = rf_interp_args_eval(&args, frame, node->as.update.args, node->as.update.count) &&
                  update_by_function(&place, node, &args);
    }
    rf_interp_args_release(&args);
    rf_interp_place_release(&place);
    return is_done ? RF_COMPLETED : rf_interp_abrupt(frame);
}

/* ---- assignment ---- */

/* Joining b to a cannot fail and runs no user code: a may be grown in place. */
static bool can_grow(rf_value a, rf_value b)
{
    const uint32_t limit = 1u << 30;
    if (a.head == RF_STRING && a.as.string->size < limit)
        return b.head == RF_STRING ? b.as.string->size < limit : b.head < RF_HEAP_FIRST;
    return a.head == RF_ARRAY && b.head == RF_ARRAY && a.as.array->length < limit &&
           b.as.array->length < limit;
}

/* a op b for a place that holds a (stolen). */
static rf_value operate(rf_interp_place *place, const rf_node *node, rf_op_kind op, rf_value a, rf_value b)
{
    rf_interp_frame *frame = place->frame;
    rf_isolate *isolate = frame->isolate;
    frame->pos = node->pos;
    if (op == RF_OPER_ADD && place->count == 0 && can_grow(a, b)) {
        rf_interp_place_detach(place, a);
        return rf_add_stealing(isolate, a, b);
    }
    rf_value result = rf_binary(isolate, op, a, b);
    rf_release(isolate, a);
    return result;
}

static bool assign_compound(rf_interp_place *place, const rf_node *node)
{
    rf_interp_frame *frame = place->frame;
    rf_isolate *isolate = frame->isolate;
    if (!rf_interp_place_eval(place)) return false;
    rf_value old = rf_interp_place_get(place);
    if (rf_is_raised(old)) return false;
    rf_value right = rf_interp_eval(frame, node->as.assign.value);
    const rf_place *syntax = place->syntax;
    const char *verb = syntax->count ? "mutate" : "reassign";
    if (rf_is_raised(right) || !rf_interp_check_const(frame, &syntax->root, syntax->pos, verb)) {
        rf_release(isolate, old);
        rf_release(isolate, right);
        return false;
    }
    rf_value result = operate(place, node, node->op, old, right);
    rf_release(isolate, right);
    return !rf_is_raised(result) && rf_interp_place_set(place, result);
}

static bool is_same_variable(const rf_ref *a, const rf_ref *b)
{
    return a->var && a->var == b->var && a->kind == b->kind && a->kind != RF_REF_FIELD;
}

static bool names_root(const rf_node *node, const rf_place *place)
{
    return node->kind == RF_NODE_NAME && is_same_variable(&node->as.ref, &place->root);
}

/* x := B(x, args...) with an updater B */
static bool is_updating_call(const rf_node *value, const rf_place *place)
{
    if (value->kind != RF_NODE_CALL || value->as.call.count == 0 ||
        !names_root(value->as.call.args[0], place))
        return false;
    const rf_node *callee = value->as.call.callee;
    return callee->kind == RF_NODE_NAME && callee->as.ref.kind == RF_REF_BUILTIN &&
           rf_updater_find(callee->as.ref.name->text, callee->as.ref.name->size, false);
}

static rf_value eval_updating_call(rf_interp_place *place, const rf_node *value)
{
    rf_interp_frame *frame = place->frame;
    rf_isolate *isolate = frame->isolate;
    const rf_builtin *row = &isolate->builtins[value->as.call.callee->as.ref.index];
    rf_interp_args args;
    rf_interp_args_init(&args, isolate, value->as.call.count);
    rf_value result = rf_raised();
    if (rf_interp_args_eval(&args, frame, value->as.call.args, value->as.call.count)) {
        frame->pos = value->pos;
        result = call_detached(place, row, &args);
    }
    rf_interp_args_release(&args);
    return result;
}

/* x := x + e */
static bool is_growing_sum(const rf_node *value, const rf_place *place)
{
    return value->kind == RF_NODE_BINARY && value->op == RF_OPER_ADD &&
           names_root(value->as.binary.left, place);
}

static rf_value eval_growing_sum(rf_interp_place *place, const rf_node *value)
{
    rf_interp_frame *frame = place->frame;
    const rf_node *left = value->as.binary.left;
    rf_value a = rf_interp_read(frame, &left->as.ref, left->pos);
    if (rf_is_raised(a)) return a;
    rf_value b = rf_interp_eval(frame, value->as.binary.right);
    if (rf_is_raised(b)) {
        rf_release(frame->isolate, a);
        return b;
    }
    rf_value result = operate(place, value, RF_OPER_ADD, a, b);
    rf_release(frame->isolate, b);
    return result;
}

static rf_value eval_assigned(rf_interp_place *place, const rf_node *value)
{
    const rf_place *syntax = place->syntax;
    const bool may_empty = syntax->count == 0 && syntax->root.var && !syntax->root.var->is_const;
    if (may_empty && is_updating_call(value, syntax)) return eval_updating_call(place, value);
    if (may_empty && is_growing_sum(value, syntax)) return eval_growing_sum(place, value);
    return rf_interp_eval(place->frame, value);
}

static bool is_discard(const rf_place *place)
{
    return place->count == 0 && strcmp(place->root.name->text, "_") == 0;
}

static bool assign_plain(rf_interp_place *place, const rf_node *node)
{
    rf_interp_frame *frame = place->frame;
    const rf_place *syntax = place->syntax;
    rf_value v = eval_assigned(place, node->as.assign.value);
    if (rf_is_raised(v)) return false;
    if (is_discard(syntax)) {
        rf_release(frame->isolate, v);
        return true;
    }
    if (syntax->count == 0) return rf_interp_assign(frame, &syntax->root, syntax->pos, v);
    if (!rf_interp_place_check_mutable(place) || !rf_interp_place_eval(place)) {
        rf_release(frame->isolate, v);
        return false;
    }
    return rf_interp_place_set(place, v);
}

rf_completion rf_interp_exec_assign(rf_interp_frame *frame, const rf_node *node)
{
    rf_interp_place place;
    rf_interp_place_init(&place, frame, &node->as.assign.place);
    const bool is_done = node->op == RF_OPER_NONE ? assign_plain(&place, node)
                                                  : assign_compound(&place, node);
    rf_interp_place_release(&place);
    return is_done ? RF_COMPLETED : rf_interp_abrupt(frame);
}
