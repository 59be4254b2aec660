#include "syntax/walk.h"

#include "base/vector.h"

typedef struct walker {
    RF_VECTOR(rf_node *) spine; /* links of left-leaning chains whose left side is being visited */
    const rf_visitor *visitor;
} walker;

static void walk_expression(walker *w, rf_node *node);
static void walk_statement(walker *w, rf_node *node);

static void enter(const walker *w, rf_node *node)
{
    if (w->visitor->enter) w->visitor->enter(w->visitor->context, node);
}

static void leave(const walker *w, rf_node *node)
{
    if (w->visitor->leave) w->visitor->leave(w->visitor->context, node);
}

static void walk_block(walker *w, rf_block *block)
{
    if (w->visitor->block) w->visitor->block(w->visitor->context, block);
    for (uint32_t i = 0; i < block->count; i++) walk_statement(w, block->statements[i]);
}

static void walk_func(walker *w, rf_func *func)
{
    if (w->visitor->enter_func) w->visitor->enter_func(w->visitor->context, func);
    walk_block(w, func->body);
    if (w->visitor->leave_func) w->visitor->leave_func(w->visitor->context, func);
}

/* ---- expressions ---- */

static void walk_list(walker *w, rf_node **nodes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) walk_expression(w, nodes[i]);
}

static void walk_entries(walker *w, rf_entry *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].key) walk_expression(w, entries[i].key);
        walk_expression(w, entries[i].value);
    }
}

static rf_node *left_of(const rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_BINARY: case RF_NODE_AND: case RF_NODE_OR: case RF_NODE_COALESCE: case RF_NODE_PIPE:
        return node->as.binary.left;
    case RF_NODE_CALL: return node->as.call.callee;
    case RF_NODE_METHOD: return node->as.method.receiver;
    case RF_NODE_FIELD: return node->as.field.object;
    case RF_NODE_INDEX: return node->as.index.object;
    case RF_NODE_TRY_OP: return node->as.operand;
    default: return NULL;
    }
}

static void walk_rest(walker *w, rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_CALL: walk_list(w, node->as.call.args, node->as.call.count); break;
    case RF_NODE_METHOD: walk_list(w, node->as.method.args, node->as.method.count); break;
    case RF_NODE_INDEX: walk_expression(w, node->as.index.index); break;
    case RF_NODE_FIELD: case RF_NODE_TRY_OP: break;
    default: walk_expression(w, node->as.binary.right); break;
    }
}

static void walk_conditional(walker *w, rf_node *node)
{
    for (bool is_first = true; node->kind == RF_NODE_IF_EXPR; node = node->as.if_expr.else_value, is_first = false) {
        if (!is_first) enter(w, node);
        walk_expression(w, node->as.if_expr.condition);
        walk_expression(w, node->as.if_expr.then_value);
        if (!is_first) leave(w, node);
    }
    walk_expression(w, node);
}

static void walk_leaf(walker *w, rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_ARRAY: case RF_NODE_INTERP: walk_list(w, node->as.list.items, node->as.list.count); break;
    case RF_NODE_DICT: walk_entries(w, node->as.dict.entries, node->as.dict.count); break;
    case RF_NODE_STRUCT_LIT: walk_entries(w, node->as.instance.entries, node->as.instance.count); break;
    case RF_NODE_ENUM_VALUE: walk_list(w, node->as.variant.args, node->as.variant.count); break;
    case RF_NODE_SPREAD: case RF_NODE_UNARY: case RF_NODE_AWAIT: case RF_NODE_YIELD: case RF_NODE_THROW:
        if (node->as.operand) walk_expression(w, node->as.operand);
        break;
    case RF_NODE_IF_EXPR: walk_conditional(w, node); break;
    case RF_NODE_FUNC: walk_func(w, node->as.func); break;
    default: break;
    }
}

static void walk_expression(walker *w, rf_node *node)
{
    size_t base = w->spine.count;
    enter(w, node);
    for (rf_node *left; (left = left_of(node)); node = left) {
        rf_vector_push(&w->spine, node);
        enter(w, left);
    }
    walk_leaf(w, node);
    leave(w, node);
    while (w->spine.count > base) {
        rf_node *link = rf_vector_pop(&w->spine);
        walk_rest(w, link);
        leave(w, link);
    }
}

/* ---- statements ---- */

static void walk_place(walker *w, const rf_place *place)
{
    for (uint32_t i = 0; i < place->count; i++)
        if (!place->steps[i].is_field) walk_expression(w, place->steps[i].index);
}

static void walk_if(walker *w, rf_node *node)
{
    for (;;) {
        walk_expression(w, node->as.branch.condition);
        walk_block(w, node->as.branch.body);
        rf_block *block = node->as.branch.else_block;
        if (!block) return;
        if (block->count != 1 || block->statements[0]->kind != RF_NODE_IF) {
            walk_block(w, block);
            return;
        }
        if (w->visitor->block) w->visitor->block(w->visitor->context, block);
        node = block->statements[0];
        enter(w, node);
    }
}

static void walk_struct(walker *w, const rf_struct_decl *decl)
{
    for (uint32_t i = 0; i < decl->field_count; i++)
        if (decl->fields[i].default_func) walk_func(w, decl->fields[i].default_func);
    for (uint32_t i = 0; i < decl->method_count; i++) walk_func(w, decl->methods[i]);
}

static void walk_match(walker *w, rf_node *node)
{
    walk_expression(w, node->as.match.subject);
    for (uint32_t i = 0; i < node->as.match.count; i++) {
        if (node->as.match.cases[i].guard) walk_expression(w, node->as.match.cases[i].guard);
        walk_block(w, node->as.match.cases[i].body);
    }
    if (node->as.match.default_body) walk_block(w, node->as.match.default_body);
}

static void walk_statement_parts(walker *w, rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_EXPR: walk_expression(w, node->as.operand); break;
    case RF_NODE_RETURN:
        if (node->as.operand) walk_expression(w, node->as.operand);
        break;
    case RF_NODE_EXPORT:
        if (node->as.operand) walk_statement(w, node->as.operand);
        break;
    case RF_NODE_LET: case RF_NODE_CONST: case RF_NODE_DESTRUCTURE: walk_expression(w, node->as.bind.value); break;
    case RF_NODE_ASSIGN:
        walk_place(w, &node->as.assign.place);
        walk_expression(w, node->as.assign.value);
        break;
    case RF_NODE_UPDATE:
        walk_place(w, &node->as.update.place);
        walk_list(w, node->as.update.args, node->as.update.count);
        break;
    case RF_NODE_FUNC_DECL: walk_func(w, node->as.func_decl.func); break;
    case RF_NODE_STRUCT_DECL: walk_struct(w, node->as.struct_decl.decl); break;
    case RF_NODE_IF: walk_if(w, node); break;
    case RF_NODE_WHILE: case RF_NODE_LOOP:
        if (node->as.branch.condition) walk_expression(w, node->as.branch.condition);
        walk_block(w, node->as.branch.body);
        break;
    case RF_NODE_FOR_IN:
        walk_expression(w, node->as.for_in.iterable);
        walk_block(w, node->as.for_in.body);
        break;
    case RF_NODE_FOR_C:
        walk_statement(w, node->as.for_c.init);
        walk_expression(w, node->as.for_c.condition);
        walk_statement(w, node->as.for_c.step);
        walk_block(w, node->as.for_c.body);
        break;
    case RF_NODE_MATCH: walk_match(w, node); break;
    case RF_NODE_TRY:
        walk_block(w, node->as.try_.body);
        walk_block(w, node->as.try_.handler);
        break;
    case RF_NODE_SPAWN: walk_func(w, node->as.func); break;
    case RF_NODE_BLOCK: walk_block(w, node->as.block); break;
    case RF_NODE_TEST_PHASES:
        walk_block(w, node->as.test.decls);
        walk_block(w, node->as.test.setup);
        walk_block(w, node->as.test.body);
        walk_block(w, node->as.test.teardown);
        break;
    default: break;
    }
}

static void walk_statement(walker *w, rf_node *node)
{
    enter(w, node);
    walk_statement_parts(w, node);
    leave(w, node);
}

void rf_walk_func(const rf_visitor *visitor, rf_func *func)
{
    walker w = {.visitor = visitor};
    walk_func(&w, func);
    rf_vector_release(&w.spine);
}

void rf_walk_expression(const rf_visitor *visitor, rf_node *node)
{
    walker w = {.visitor = visitor};
    walk_expression(&w, node);
    rf_vector_release(&w.spine);
}
