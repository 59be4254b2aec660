/* Statements (LANGUAGE 7, 12.3, 13, 14.4). */
#include "base/alloc.h"
#include "interp/eval.h"
#include "modules/loader.h"
#include "sched/sched.h"
#include "value/error_value.h"

rf_completion rf_interp_abrupt(const rf_interp_frame *frame)
{
    return frame->is_returning ? RF_RETURNED : RF_FAILED;
}

/* ---- blocks ---- */

static rf_completion exec_statements(rf_interp_frame *frame, const rf_block *block)
{
    rf_completion completion = RF_COMPLETED;
    for (uint32_t i = 0; completion == RF_COMPLETED && i < block->count; i++)
        completion = rf_interp_exec(frame, block->statements[i]);
    return completion;
}

static rf_completion exec_with_declarations(rf_interp_frame *frame, const rf_block *block)
{
    rf_interp_hoist hoist = {.block = block, .outer = frame->hoisted};
    hoist.objects = rf_alloc_array(rf_value, block->hoisted_count);
    for (uint32_t i = 0; i < block->hoisted_count; i++) hoist.objects[i] = rf_unset();
    frame->hoisted = &hoist;
    const bool is_fine = rf_interp_hoist_declarations(frame, &hoist);
    rf_completion completion = is_fine ? exec_statements(frame, block) : RF_FAILED;
    frame->hoisted = hoist.outer;
    for (uint32_t i = 0; i < block->hoisted_count; i++) rf_release(frame->isolate, hoist.objects[i]);
    rf_free(hoist.objects);
    return completion;
}

rf_completion rf_interp_exec_entered(rf_interp_frame *frame, const rf_block *block)
{
    if (rf_ends_by_interrupt(frame->isolate)) return RF_FAILED;
    return block->hoisted_count ? exec_with_declarations(frame, block) : exec_statements(frame, block);
}

rf_completion rf_interp_exec_block(rf_interp_frame *frame, const rf_block *block)
{
    rf_interp_enter_scope(frame, block->scope);
    return rf_interp_exec_entered(frame, block);
}

/* ---- simple statements ---- */

static rf_completion exec_expression(rf_interp_frame *frame, const rf_node *node)
{
    rf_value v = rf_interp_eval(frame, node->as.operand);
    if (rf_is_raised(v)) return rf_interp_abrupt(frame);
    rf_isolate *isolate = frame->isolate;
    if (node->flag && v.head != RF_NULL && isolate->echo) isolate->echo(isolate, v);
    rf_release(isolate, v);
    return RF_COMPLETED;
}

static rf_completion exec_binding(rf_interp_frame *frame, const rf_node *node)
{
    rf_value v = rf_interp_eval(frame, node->as.bind.value);
    if (rf_is_raised(v)) return rf_interp_abrupt(frame);
    const bool is_fine = node->kind == RF_NODE_DESTRUCTURE
                             ? rf_interp_assign_pattern(frame, node->as.bind.pattern, v)
                             : rf_interp_declare_pattern(frame, node->as.bind.pattern, v);
    rf_release(frame->isolate, v);
    return is_fine ? RF_COMPLETED : RF_FAILED;
}

static rf_completion exec_return(rf_interp_frame *frame, const rf_node *node)
{
    rf_value v = node->as.operand ? rf_interp_eval(frame, node->as.operand) : rf_null();
    if (rf_is_raised(v)) return rf_interp_abrupt(frame);
    rf_store(frame->isolate, &frame->result, v);
    return RF_RETURNED;
}

static rf_completion exec_spawn(rf_interp_frame *frame, const rf_node *node)
{
    rf_value closure = rf_interp_closure(frame, node->as.func);
    frame->pos = node->pos;
    rf_value result = rf_spawn(frame->isolate, closure.as.function);
    rf_release(frame->isolate, closure);
    if (rf_is_raised(result)) return RF_FAILED;
    rf_release(frame->isolate, result);
    return RF_COMPLETED;
}

/* ---- if: `else if` chains do not nest ---- */

/* The `if` of `else if`, or NULL. */
static const rf_node *chained_if(const rf_block *block)
{
    const bool is_chained = block && block->count == 1 && block->hoisted_count == 0 &&
                            block->statements[0]->kind == RF_NODE_IF &&
                            (!block->scope || block->scope->var_count == 0);
    return is_chained ? block->statements[0] : NULL;
}

static rf_completion exec_if(rf_interp_frame *frame, const rf_node *node)
{
    for (;;) {
        rf_value condition = rf_interp_eval(frame, node->as.branch.condition);
        if (rf_is_raised(condition)) return rf_interp_abrupt(frame);
        const bool holds = rf_truthy(condition);
        rf_release(frame->isolate, condition);
        if (holds) return rf_interp_exec_block(frame, node->as.branch.body);
        const rf_block *otherwise = node->as.branch.else_block;
        if (!otherwise) return RF_COMPLETED;
        node = chained_if(otherwise);
        if (!node) return rf_interp_exec_block(frame, otherwise);
    }
}

/* ---- try ---- */

static rf_completion exec_handler(rf_interp_frame *frame, const rf_node *node)
{
    rf_value error = rf_take_error(frame->isolate);
    rf_interp_enter_scope(frame, node->as.try_.handler->scope);
    if (node->as.try_.has_name)
        rf_interp_declare(frame, &node->as.try_.name, error);
    else
        rf_release(frame->isolate, error);
    return rf_interp_exec_entered(frame, node->as.try_.handler);
}

static rf_completion exec_try(rf_interp_frame *frame, const rf_node *node)
{
    frame->try_depth++;
    rf_completion completion = rf_interp_exec_block(frame, node->as.try_.body);
    frame->try_depth--;
    const bool is_caught = completion == RF_FAILED && rf_is_catchable(frame->isolate);
    return is_caught ? exec_handler(frame, node) : completion;
}

/* ---- import ---- */

/* Importing is a declaration: it may assign what its scope already has, but no constant (LANGUAGE 4.2, 13.1). */
static bool bind_import(rf_interp_frame *frame, const rf_ref *ref, rf_pos pos, rf_value v)
{
    if (!ref->var->is_const) {
        rf_interp_declare(frame, ref, v);
        return true;
    }
    rf_release(frame->isolate, v);
    frame->pos = pos;
    rf_raise(frame->isolate, "Duplicate declaration in the same scope: %s", ref->name->text);
    return false;
}

static bool import_names(rf_interp_frame *frame, const rf_node *node, rf_module *module)
{
    rf_isolate *isolate = frame->isolate;
    for (uint32_t i = 0; i < node->as.import.count; i++) {
        const rf_import_name *wanted = &node->as.import.names[i];
        rf_value v = rf_module_get(isolate, module, rf_interp_name(frame, wanted->name));
        if (v.head == RF_UNSET) {
            frame->pos = node->pos;
            rf_raise(isolate, "Symbol '%s' not found in module '%s'", wanted->name->text,
                     node->as.import.path);
            return false;
        }
        if (!bind_import(frame, &wanted->ref, wanted->pos, v)) return false;
    }
    return true;
}

static rf_completion exec_import(rf_interp_frame *frame, const rf_node *node)
{
    frame->pos = node->pos;
    rf_value module = rf_import(frame->isolate, frame->module, node->as.import.path);
    if (rf_is_raised(module)) return RF_FAILED;
    bool is_fine = import_names(frame, node, module.as.module);
    if (is_fine && node->as.import.binds_module)
        is_fine = bind_import(frame, &node->as.import.module_ref, node->pos, rf_copy(module));
    rf_release(frame->isolate, module);
    return is_fine ? RF_COMPLETED : RF_FAILED;
}

/* ---- all statements ---- */

rf_completion rf_interp_exec(rf_interp_frame *frame, const rf_node *node)
{
    frame->pos = node->start; /* for profiles, until an operation of it says more */
    switch (node->kind) {
    case RF_NODE_EXPR: return exec_expression(frame, node);
    case RF_NODE_LET:
    case RF_NODE_CONST:
    case RF_NODE_DESTRUCTURE: return exec_binding(frame, node);
    case RF_NODE_ASSIGN: return rf_interp_exec_assign(frame, node);
    case RF_NODE_UPDATE: return rf_interp_exec_update(frame, node);
    case RF_NODE_FUNC_DECL:
    case RF_NODE_STRUCT_DECL:
    case RF_NODE_ENUM_DECL: return rf_interp_exec_declaration(frame, node);
    case RF_NODE_IMPORT: return exec_import(frame, node);
    case RF_NODE_EXPORT:
        return node->as.operand ? rf_interp_exec(frame, node->as.operand) : RF_COMPLETED;
    case RF_NODE_IF: return exec_if(frame, node);
    case RF_NODE_WHILE:
    case RF_NODE_LOOP: return rf_interp_exec_while(frame, node);
    case RF_NODE_FOR_IN: return rf_interp_exec_for_in(frame, node);
    case RF_NODE_FOR_C: return rf_interp_exec_for_c(frame, node);
    case RF_NODE_MATCH: return rf_interp_exec_match(frame, node);
    case RF_NODE_TRY: return exec_try(frame, node);
    case RF_NODE_SPAWN: return exec_spawn(frame, node);
    case RF_NODE_RETURN: return exec_return(frame, node);
    case RF_NODE_BREAK: return RF_BROKE;
    case RF_NODE_CONTINUE: return RF_CONTINUED;
    case RF_NODE_BLOCK: return rf_interp_exec_block(frame, node->as.block);
    case RF_NODE_TEST_PHASES: return rf_interp_exec_test(frame, node);
    default: rf_assert(!"a statement"); return RF_COMPLETED;
    }
}
