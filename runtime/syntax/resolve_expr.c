/* Names in expressions.  Left-leaning chains are walked with a stack of their own: see ast.h on depth. */
#include "syntax/resolve.h"

#include <string.h>

resolve_func *rf_resolve_meet(resolver *r, rf_func *func)
{
    resolve_func *met = rf_arena_new(&r->unit->arena, resolve_func);
    met->func = func;
    met->outer_walk = r->walk;
    met->outer_frame = r->frame;
    met->scope = r->scope;
    met->loop = r->loop;
    met->text_at = met->made_at = ++r->now;
    func->parent = r->frame->func;
    func->id = (uint32_t)r->funcs.count;
    rf_vector_push(&r->funcs, met);
    return met;
}

/* The next operand down the left side of node, NULL when it does not lean to the left. */
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

static void resolve_list(resolver *r, rf_node **nodes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) rf_resolve_expression(r, nodes[i]);
}

static void resolve_entries(resolver *r, rf_entry *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].key) rf_resolve_expression(r, entries[i].key);
        rf_resolve_expression(r, entries[i].value);
    }
}

/* what is at the lower end of the left side */
static void resolve_leaf(resolver *r, rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_NAME:
        if (node->flag) {
            int32_t builtin = rf_resolve_builtin(r, node->as.ref.name);
            node->as.ref.kind = builtin < 0 ? RF_REF_NONE : RF_REF_BUILTIN;
            node->as.ref.index = builtin < 0 ? 0 : (uint32_t)builtin;
        } else {
            rf_resolve_read(r, &node->as.ref);
        }
        break;
    case RF_NODE_ARRAY: case RF_NODE_INTERP: resolve_list(r, node->as.list.items, node->as.list.count); break;
    case RF_NODE_DICT: resolve_entries(r, node->as.dict.entries, node->as.dict.count); break;
    case RF_NODE_STRUCT_LIT:
        rf_resolve_read(r, &node->as.instance.ref);
        resolve_entries(r, node->as.instance.entries, node->as.instance.count);
        break;
    case RF_NODE_ENUM_VALUE:
        rf_resolve_read(r, &node->as.variant.ref);
        resolve_list(r, node->as.variant.args, node->as.variant.count);
        break;
    case RF_NODE_SPREAD: case RF_NODE_UNARY: case RF_NODE_AWAIT: case RF_NODE_YIELD: case RF_NODE_THROW:
        if (node->as.operand) rf_resolve_expression(r, node->as.operand);
        break;
    case RF_NODE_IF_EXPR:
        for (; node->kind == RF_NODE_IF_EXPR; node = node->as.if_expr.else_value) {
            rf_resolve_expression(r, node->as.if_expr.condition);
            rf_resolve_expression(r, node->as.if_expr.then_value);
        }
        rf_resolve_expression(r, node);
        break;
    case RF_NODE_FUNC: rf_resolve_meet(r, node->as.func); break;
    default: break;
    }
}

/* the other operands of a node whose left side is done; leaf is at its lower end */
static void resolve_rest(resolver *r, rf_node *node, const rf_node *leaf)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_CALL: resolve_list(r, node->as.call.args, node->as.call.count); break;
    case RF_NODE_METHOD: {
        rf_place *place = node->as.method.place;
        if (place) { /* then the leaf is its root */
            place->root = leaf->as.ref;
            if (place->root.var)
                rf_vector_push(&r->refs, ((noted_ref){&place->root, (resolve_var *)(void *)place->root.var, r->frame, true}));
        }
        resolve_list(r, node->as.method.args, node->as.method.count);
        if (place && place->root.var) rf_resolve_note_receiver(r, node, (resolve_var *)(void *)place->root.var);
        break;
    }
    case RF_NODE_FIELD: case RF_NODE_TRY_OP: break;
    case RF_NODE_INDEX: rf_resolve_expression(r, node->as.index.index); break;
    default: rf_resolve_expression(r, node->as.binary.right); break;
    }
}

void rf_resolve_expression(resolver *r, rf_node *node)
{
    size_t base = r->spine.count;
    for (rf_node *left; (left = left_of(node)); node = left) rf_vector_push(&r->spine, node);
    resolve_leaf(r, node);
    while (r->spine.count > base) {
        rf_node *link = rf_vector_pop(&r->spine);
        resolve_rest(r, link, node);
    }
}

/* ---- does an expression mention a name? ---- */

static void mark_mention(resolver *r, const rf_symbol *name)
{
    while (r->mentions.count <= name->literal) rf_vector_push(&r->mentions, 0);
    r->mentions.data[name->literal] = r->mention_round;
}

static void mark_mentions(resolver *r, const rf_node *node);

static void mark_list(resolver *r, rf_node **nodes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) mark_mentions(r, nodes[i]);
}

static void mark_entries(resolver *r, const rf_entry *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].key) mark_mentions(r, entries[i].key);
        mark_mentions(r, entries[i].value);
    }
}

/* Everything but the left side; bodies of nested functions do not count. */
static void mark_node(resolver *r, const rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_NAME:
        if (!node->flag) mark_mention(r, node->as.ref.name);
        break;
    case RF_NODE_ARRAY: case RF_NODE_INTERP: mark_list(r, node->as.list.items, node->as.list.count); break;
    case RF_NODE_DICT: mark_entries(r, node->as.dict.entries, node->as.dict.count); break;
    case RF_NODE_STRUCT_LIT:
        mark_mention(r, node->as.instance.ref.name);
        mark_entries(r, node->as.instance.entries, node->as.instance.count);
        break;
    case RF_NODE_ENUM_VALUE:
        mark_mention(r, node->as.variant.ref.name);
        mark_list(r, node->as.variant.args, node->as.variant.count);
        break;
    case RF_NODE_SPREAD: case RF_NODE_UNARY: case RF_NODE_AWAIT: case RF_NODE_YIELD: case RF_NODE_THROW:
        if (node->as.operand) mark_mentions(r, node->as.operand);
        break;
    case RF_NODE_IF_EXPR:
        for (; node->kind == RF_NODE_IF_EXPR; node = node->as.if_expr.else_value) {
            mark_mentions(r, node->as.if_expr.condition);
            mark_mentions(r, node->as.if_expr.then_value);
        }
        mark_mentions(r, node);
        break;
    case RF_NODE_BINARY: case RF_NODE_AND: case RF_NODE_OR: case RF_NODE_COALESCE: case RF_NODE_PIPE:
        mark_mentions(r, node->as.binary.right);
        break;
    case RF_NODE_CALL: mark_list(r, node->as.call.args, node->as.call.count); break;
    case RF_NODE_METHOD: mark_list(r, node->as.method.args, node->as.method.count); break;
    case RF_NODE_INDEX: mark_mentions(r, node->as.index.index); break;
    default: break;
    }
}

static void mark_mentions(resolver *r, const rf_node *node)
{
    for (; node; node = left_of(node)) mark_node(r, node);
}

bool rf_resolve_mentions(resolver *r, rf_node *value, const rf_symbol *name, uint32_t *round)
{
    if (!*round) {
        *round = ++r->mention_round;
        mark_mentions(r, value);
    }
    return name->literal < r->mentions.count && r->mentions.data[name->literal] == *round;
}
