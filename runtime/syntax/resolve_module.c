/* The variables of the module scope, found before the walk: code above a declaration reads the variable too
 * (LANGUAGE 4.4 rule 3).
 *
 * Only the module's own statements and the branch blocks among them can declare one.  Whether a plain assignment in a
 * branch block does depends on what that block itself has declared above it; `shadows` counts such names. */
#include "syntax/resolve.h"

static void find_in_block(resolver *r, rf_block *block, bool is_branch);

static uint32_t *shadow_count(resolver *r, const rf_symbol *name)
{
    while (r->shadows.count <= name->literal) rf_vector_push(&r->shadows, 0);
    return &r->shadows.data[name->literal];
}

typedef RF_VECTOR(const rf_symbol *) symbol_list;

static void add_module_var(resolver *r, const rf_symbol *name, rf_pos pos)
{
    if (!rf_resolve_lookup(r->module, name)) rf_resolve_add_var(r, r->module, name, pos);
}

/* a declaration confined to its block: of the module, or of a branch block, whose names are listed */
static void declare(resolver *r, symbol_list *branch, const rf_symbol *name, rf_pos pos)
{
    if (!branch) {
        add_module_var(r, name, pos);
        return;
    }
    ++*shadow_count(r, name);
    rf_vector_push(branch, name);
}

static void declare_pattern(resolver *r, symbol_list *branch, const rf_pattern *pattern)
{
    if (pattern->kind == RF_PATTERN_NAME) declare(r, branch, pattern->ref.name, pattern->pos);
    for (uint32_t i = 0; i < pattern->count; i++)
        declare_pattern(r, branch, pattern->kind == RF_PATTERN_DICT ? pattern->keys[i].pattern : pattern->items[i]);
    if (pattern->rest) declare_pattern(r, branch, pattern->rest);
}

static void assign(resolver *r, const rf_symbol *name, rf_pos pos)
{
    if (name == r->discard_symbol || name == r->self_symbol || *shadow_count(r, name)) return;
    add_module_var(r, name, pos);
}

static void assign_pattern(resolver *r, const rf_pattern *pattern)
{
    if (pattern->kind == RF_PATTERN_NAME) assign(r, pattern->ref.name, pattern->pos);
    for (uint32_t i = 0; i < pattern->count; i++)
        assign_pattern(r, pattern->kind == RF_PATTERN_DICT ? pattern->keys[i].pattern : pattern->items[i]);
    if (pattern->rest) assign_pattern(r, pattern->rest);
}

static void find_in_import(resolver *r, rf_node *node)
{
    rf_resolve_expand_import(r, node);
    for (uint32_t i = 0; i < node->as.import.count; i++)
        add_module_var(r, node->as.import.names[i].name, node->as.import.names[i].pos);
    if (node->as.import.binds_module) add_module_var(r, node->as.import.module_ref.name, node->pos);
}

static void find_in_branches(resolver *r, rf_node *node)
{
    for (;;) {
        find_in_block(r, node->as.branch.body, true);
        rf_block *block = node->as.branch.else_block;
        if (!block) return;
        if (block->count != 1 || block->statements[0]->kind != RF_NODE_IF) {
            find_in_block(r, block, true);
            return;
        }
        node = block->statements[0];
    }
}

static void end_branch(resolver *r, symbol_list *branch)
{
    for (size_t i = 0; i < branch->count; i++) --*shadow_count(r, branch->data[i]);
    rf_vector_release(branch);
}

static void find_in_match(resolver *r, rf_node *node)
{
    for (uint32_t i = 0; i < node->as.match.count; i++) {
        symbol_list names = {0};
        declare_pattern(r, &names, node->as.match.cases[i].pattern);
        find_in_block(r, node->as.match.cases[i].body, true);
        end_branch(r, &names);
    }
    if (node->as.match.default_body) find_in_block(r, node->as.match.default_body, true);
}

static void find_in_statement(resolver *r, rf_node *node, symbol_list *branch)
{
    if (node->kind == RF_NODE_EXPORT) node = node->as.operand;
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_LET: case RF_NODE_CONST: declare_pattern(r, branch, node->as.bind.pattern); break;
    case RF_NODE_DESTRUCTURE: assign_pattern(r, node->as.bind.pattern); break;
    case RF_NODE_ASSIGN:
        if (node->op == RF_OPER_NONE && !node->as.assign.place.count)
            assign(r, node->as.assign.place.root.name, node->as.assign.place.pos);
        break;
    case RF_NODE_IMPORT: find_in_import(r, node); break;
    case RF_NODE_IF: find_in_branches(r, node); break;
    case RF_NODE_MATCH: find_in_match(r, node); break;
    case RF_NODE_BLOCK: find_in_block(r, node->as.block, true); break;
    default: break;
    }
}

static void find_in_block(resolver *r, rf_block *block, bool is_branch)
{
    symbol_list names = {0}, *branch = is_branch ? &names : NULL;
    for (uint32_t i = 0; i < block->count; i++) {
        const rf_node *node = block->statements[i];
        if (node->kind == RF_NODE_EXPORT) node = node->as.operand;
        if (node->kind == RF_NODE_FUNC_DECL) declare(r, branch, node->as.func_decl.ref.name, node->pos);
        if (node->kind == RF_NODE_STRUCT_DECL) declare(r, branch, node->as.struct_decl.ref.name, node->pos);
        if (node->kind == RF_NODE_ENUM_DECL) declare(r, branch, node->as.enum_decl.ref.name, node->pos);
    }
    for (uint32_t i = 0; i < block->count; i++) find_in_statement(r, block->statements[i], branch);
    end_branch(r, &names);
}

void rf_resolve_find_module_vars(resolver *r, rf_block *block)
{
    find_in_block(r, block, false);
}

/* REPL: the module goes on with the variables, and the slots, of the last input. */
void rf_resolve_continue_module(resolver *r, const rf_unit *previous)
{
    for (size_t i = 0; i < previous->module_vars.count; i++) {
        const rf_var *old = previous->module_vars.data[i];
        const rf_symbol *name = rf_literal_pool_intern(r->pool, old->name->text, old->name->size)->symbol;
        resolve_var *var = rf_resolve_add_var(r, r->module, name, old->pos);
        var->is_declared = !old->is_reserved;
        var->var.is_reserved = old->is_reserved;
        var->var.is_const = old->is_const;
        var->var.builtin = old->builtin;
        var->var.write_count = old->write_count;
    }
}
