/* Expressions (LANGUAGE 6): one function a kind of node.
 *
 * Operators, calls and accesses nest to the left without limit (`a + b + c ...`, `x.f().g()...`): rf_interp_eval walks
 * down such a spine in a loop, evaluates what it rests on, and applies one node after the other on the way back.  All
 * other nesting is bounded by the parser (LANGUAGE 21.1). */
#include "base/alloc.h"
#include "interp/eval.h"
#include "sched/sched.h"
#include "value/error_value.h"
#include "value/format.h"
#include "value/operate.h"

/* ---- nodes that apply something to the value of their left part, which is stolen ---- */

static rf_value apply_binary(rf_interp_frame *frame, const rf_node *node, rf_value left)
{
    rf_isolate *isolate = frame->isolate;
    rf_value right = rf_interp_eval(frame, node->as.binary.right);
    rf_value result = right;
    if (!rf_is_raised(right)) {
        frame->pos = node->pos;
        result = rf_binary(isolate, node->op, left, right);
        rf_release(isolate, right);
    }
    rf_release(isolate, left);
    return result;
}

/* `&&` when stops_at is false, `||` when it is true. */
static rf_value apply_logic(rf_interp_frame *frame, const rf_node *node, rf_value left, bool stops_at)
{
    const bool first = rf_truthy(left);
    rf_release(frame->isolate, left);
    if (first == stops_at) return rf_bool(first);
    rf_value right = rf_interp_eval(frame, node->as.binary.right);
    if (rf_is_raised(right)) return right;
    const bool second = rf_truthy(right);
    rf_release(frame->isolate, right);
    return rf_bool(second);
}

static rf_value apply_coalesce(rf_interp_frame *frame, const rf_node *node, rf_value left)
{
    return left.head == RF_NULL ? rf_interp_eval(frame, node->as.binary.right) : left;
}

/* Is node a call that is not in parentheses?  These move the start of what they enclose to the left. */
static bool is_written_call(const rf_node *node)
{
    const rf_node *first = node->kind == RF_NODE_CALL     ? node->as.call.callee
                           : node->kind == RF_NODE_METHOD ? node->as.method.receiver
                                                          : NULL;
    return first && first->start.line == node->start.line && first->start.column == node->start.column;
}

static rf_value apply_pipe(rf_interp_frame *frame, const rf_node *node, rf_value left)
{
    rf_isolate *isolate = frame->isolate;
    const rf_node *right = node->as.binary.right;
    const bool is_call = is_written_call(right);
    if (is_call && right->kind == RF_NODE_METHOD) {
        if (right->as.method.place) return rf_interp_eval_place_method(frame, right, left);
        rf_value receiver = rf_interp_eval(frame, right->as.method.receiver);
        if (!rf_is_raised(receiver)) return rf_interp_eval_method(frame, right, receiver, left);
        rf_release(isolate, left);
        return receiver;
    }
    rf_value callee = rf_interp_eval(frame, is_call ? right->as.call.callee : right);
    if (rf_is_raised(callee)) {
        rf_release(isolate, left);
        return callee;
    }
    if (is_call) return rf_interp_eval_call(frame, right, callee, left);
    frame->pos = node->pos;
    rf_value result = rf_interp_invoke(isolate, callee, &left, 1);
    rf_release(isolate, left);
    rf_release(isolate, callee);
    return result;
}

static rf_value apply_field(rf_interp_frame *frame, const rf_node *node, rf_value object)
{
    const rf_string *name = rf_interp_name(frame, node->as.field.name);
    frame->pos = node->pos;
    rf_value result = node->flag ? rf_get_field_optional(frame->isolate, object, name)
                                 : rf_get_field(frame->isolate, object, name);
    rf_release(frame->isolate, object);
    return result;
}

static rf_value apply_index(rf_interp_frame *frame, const rf_node *node, rf_value object)
{
    rf_isolate *isolate = frame->isolate;
    rf_value index = rf_interp_eval(frame, node->as.index.index);
    rf_value result = index;
    if (!rf_is_raised(index)) {
        frame->pos = node->pos;
        result = rf_get_index(isolate, object, index);
        rf_release(isolate, index);
    }
    rf_release(isolate, object);
    return result;
}

/* `?` on Err or None outside any function (LANGUAGE 10.4) */
static rf_value raise_unhandled(rf_interp_frame *frame, rf_value v)
{
    rf_isolate *isolate = frame->isolate;
    if (v.head == RF_NONE) return rf_raise(isolate, "Unhandled None");
    rf_value content = rf_unwrap_value(v);
    rf_value text = rf_to_string(isolate, content);
    rf_release(isolate, content);
    if (rf_is_raised(text)) return text;
    rf_value message = rf_string_concat(isolate, rf_string_from(isolate, "Unhandled Err: "), text);
    rf_release(isolate, text);
    return rf_is_raised(message) ? message : rf_raise_string(isolate, message);
}

static rf_value apply_try(rf_interp_frame *frame, const rf_node *node, rf_value v)
{
    const unsigned wrap = rf_wrap_of(v);
    rf_value result = rf_raised();
    frame->pos = node->pos;
    if (wrap == RF_SOME || wrap == RF_OK_WRAP) {
        result = rf_unwrap_value(v);
    } else if (wrap != RF_ERR_WRAP && v.head != RF_NONE) {
        rf_raise(frame->isolate, "Try operator (?) can only be used on Result or Option values");
    } else if (node->flag) {
        raise_unhandled(frame, v);
    } else {
        frame->is_returning = true;
        rf_store(frame->isolate, &frame->result, v);
        return result;
    }
    rf_release(frame->isolate, v);
    return result;
}

/* The left part of a node that applies something to it; NULL for all other nodes. */
static const rf_node *left_part(const rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_BINARY:
    case RF_NODE_AND:
    case RF_NODE_OR:
    case RF_NODE_COALESCE:
    case RF_NODE_PIPE: return node->as.binary.left;
    case RF_NODE_FIELD: return node->as.field.object;
    case RF_NODE_INDEX: return node->as.index.object;
    case RF_NODE_CALL: return node->as.call.callee;
    case RF_NODE_METHOD: return node->as.method.place ? NULL : node->as.method.receiver;
    case RF_NODE_TRY_OP: return node->as.operand;
    default: return NULL;
    }
}

static rf_value apply(rf_interp_frame *frame, const rf_node *node, rf_value left)
{
    switch (node->kind) {
    case RF_NODE_BINARY: return apply_binary(frame, node, left);
    case RF_NODE_AND: return apply_logic(frame, node, left, false);
    case RF_NODE_OR: return apply_logic(frame, node, left, true);
    case RF_NODE_COALESCE: return apply_coalesce(frame, node, left);
    case RF_NODE_PIPE: return apply_pipe(frame, node, left);
    case RF_NODE_FIELD: return apply_field(frame, node, left);
    case RF_NODE_INDEX: return apply_index(frame, node, left);
    case RF_NODE_CALL: return rf_interp_eval_call(frame, node, left, rf_unset());
    case RF_NODE_METHOD: return rf_interp_eval_method(frame, node, left, rf_unset());
    default: return apply_try(frame, node, left);
    }
}

/* ---- all other nodes ---- */

static rf_value eval_name(rf_interp_frame *frame, const rf_node *node)
{
    return rf_interp_read(frame, &node->as.ref, node->pos);
}

static rf_value eval_unary(rf_interp_frame *frame, const rf_node *node)
{
    rf_value v = rf_interp_eval(frame, node->as.operand);
    if (rf_is_raised(v)) return v;
    frame->pos = node->pos;
    rf_value result = rf_unary(frame->isolate, node->op, v);
    rf_release(frame->isolate, v);
    return result;
}

static rf_value eval_await(rf_interp_frame *frame, const rf_node *node)
{
    rf_value v = rf_interp_eval(frame, node->as.operand);
    if (rf_is_raised(v)) return v;
    frame->pos = node->pos;
    rf_value result = rf_await(frame->isolate, v);
    rf_release(frame->isolate, v);
    return result;
}

static rf_value eval_yield(rf_interp_frame *frame, const rf_node *node)
{
    rf_value v = node->as.operand ? rf_interp_eval(frame, node->as.operand) : rf_null();
    if (rf_is_raised(v)) return v;
    frame->pos = node->pos;
    return rf_interp_yield(frame, v);
}

static rf_value eval_throw(rf_interp_frame *frame, const rf_node *node)
{
    rf_value v = rf_interp_eval(frame, node->as.operand);
    if (rf_is_raised(v)) return v;
    frame->pos = node->pos;
    return rf_raise_value(frame->isolate, v);
}

/* `else if` chains do not nest */
static rf_value eval_if(rf_interp_frame *frame, const rf_node *node)
{
    for (;;) {
        rf_value condition = rf_interp_eval(frame, node->as.if_expr.condition);
        if (rf_is_raised(condition)) return condition;
        const bool holds = rf_truthy(condition);
        rf_release(frame->isolate, condition);
        if (holds) return rf_interp_eval(frame, node->as.if_expr.then_value);
        if (node->as.if_expr.else_value->kind != RF_NODE_IF_EXPR)
            return rf_interp_eval(frame, node->as.if_expr.else_value);
        node = node->as.if_expr.else_value;
    }
}

static rf_value eval_plain(rf_interp_frame *frame, const rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_NULL_LIT: return rf_null();
    case RF_NODE_BOOL: return rf_bool(node->as.integer);
    case RF_NODE_INT: return rf_int(node->as.integer);
    case RF_NODE_FLOAT: return rf_float(node->as.number);
    case RF_NODE_STRING: return rf_copy(frame->module->literals[node->as.literal]);
    case RF_NODE_INTERP: return rf_interp_eval_interpolation(frame, node);
    case RF_NODE_NAME: return eval_name(frame, node);
    case RF_NODE_ARRAY: return rf_interp_eval_array(frame, node);
    case RF_NODE_DICT: return rf_interp_eval_dict(frame, node);
    case RF_NODE_STRUCT_LIT: return rf_interp_eval_struct(frame, node);
    case RF_NODE_ENUM_VALUE: return rf_interp_eval_enum(frame, node);
    case RF_NODE_UNARY: return eval_unary(frame, node);
    case RF_NODE_METHOD: return rf_interp_eval_place_method(frame, node, rf_unset());
    case RF_NODE_AWAIT: return eval_await(frame, node);
    case RF_NODE_YIELD: return eval_yield(frame, node);
    case RF_NODE_THROW: return eval_throw(frame, node);
    case RF_NODE_IF_EXPR: return eval_if(frame, node);
    case RF_NODE_FUNC: return rf_interp_closure(frame, node->as.func);
    default: rf_assert(!"an expression"); return rf_null();
    }
}

/* ---- the spine ---- */

/* Evaluates node, which has a left part that has one itself, and so on. */
static RF_NOINLINE rf_value eval_spine(rf_interp_frame *frame, const rf_node *node)
{
    RF_VECTOR(const rf_node *) spine = {0};
    for (const rf_node *left = node; left; left = left_part(left)) rf_vector_push(&spine, left);
    rf_value v = eval_plain(frame, rf_vector_pop(&spine));
    while (spine.count && !rf_is_raised(v)) v = apply(frame, rf_vector_pop(&spine), v);
    rf_vector_release(&spine);
    return v;
}

rf_value rf_interp_eval(rf_interp_frame *frame, const rf_node *node)
{
    const rf_node *left = left_part(node);
    if (!left) return eval_plain(frame, node);
    if (left_part(left)) return eval_spine(frame, node);
    rf_value v = eval_plain(frame, left);
    return rf_is_raised(v) ? v : apply(frame, node, v);
}
