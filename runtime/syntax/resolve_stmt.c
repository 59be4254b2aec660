/* Names in statements: scopes of blocks, hoisting, declarations, and the flow of control for flow.c. */
#include "syntax/resolve.h"

#include "syntax/place.h"
#include "syntax/updater.h"

static void resolve_statement(resolver *r, rf_node **slot);

/* ---- patterns ---- */

typedef enum bind_style { BIND_LET, BIND_CONST, BIND_ASSIGN } bind_style;

typedef struct binder {
    bind_style style;
    rf_node *value;          /* BIND_ASSIGN: the right-hand side */
    uint32_t mention_round;
} binder;

static void bind_pattern(resolver *r, rf_pattern *pattern, binder *b)
{
    switch ((rf_pattern_kind)pattern->kind) {
    case RF_PATTERN_NAME:
        if (b->style == BIND_ASSIGN)
            rf_resolve_assign(r, &pattern->ref, pattern->pos, b->value, &b->mention_round);
        else
            pattern->is_duplicate =
                rf_resolve_bind(r, r->scope, &pattern->ref, pattern->pos, b->style == BIND_CONST);
        break;
    case RF_PATTERN_DICT:
        for (uint32_t i = 0; i < pattern->count; i++) bind_pattern(r, pattern->keys[i].pattern, b);
        break;
    default:
        for (uint32_t i = 0; i < pattern->count; i++) bind_pattern(r, pattern->items[i], b);
        break;
    }
    if (pattern->rest) bind_pattern(r, pattern->rest, b);
}

static void bind_names(resolver *r, rf_pattern *pattern)
{
    bind_pattern(r, pattern, &(binder){.style = BIND_LET});
}

/* ---- hoisting ---- */

static rf_ref *declared_ref(rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_FUNC_DECL: return &node->as.func_decl.ref;
    case RF_NODE_STRUCT_DECL: return &node->as.struct_decl.ref;
    case RF_NODE_ENUM_DECL: return &node->as.enum_decl.ref;
    default: return NULL;
    }
}

static void meet_functions(resolver *r, rf_node *node)
{
    if (node->kind == RF_NODE_FUNC_DECL) rf_resolve_meet(r, node->as.func_decl.func);
    if (node->kind != RF_NODE_STRUCT_DECL) return;
    rf_struct_decl *decl = node->as.struct_decl.decl;
    for (uint32_t i = 0; i < decl->field_count; i++)
        if (decl->fields[i].default_func) rf_resolve_meet(r, decl->fields[i].default_func);
    const field_table *fields = rf_resolve_index_fields(r, decl);
    for (uint32_t i = 0; i < decl->method_count; i++) rf_resolve_meet(r, decl->methods[i])->fields = fields;
}

static void set_text_position(resolver *r, const rf_func *func)
{
    r->funcs.data[func->id]->text_at = ++r->now;
}

static void set_text_positions(resolver *r, const rf_node *node)
{
    if (node->kind == RF_NODE_FUNC_DECL) set_text_position(r, node->as.func_decl.func);
    if (node->kind != RF_NODE_STRUCT_DECL) return;
    const rf_struct_decl *decl = node->as.struct_decl.decl;
    for (uint32_t i = 0; i < decl->field_count; i++)
        if (decl->fields[i].default_func) set_text_position(r, decl->fields[i].default_func);
    for (uint32_t i = 0; i < decl->method_count; i++) set_text_position(r, decl->methods[i]);
}

static rf_node *unwrap_export(rf_node *node)
{
    return node->kind == RF_NODE_EXPORT && node->as.operand ? node->as.operand : node;
}

static void declare_hoisted(resolver *r, rf_node *node, uint32_t round)
{
    rf_ref *ref = declared_ref(node);
    resolve_var *var = rf_resolve_lookup(r->scope, ref->name);
    if (!var) var = rf_resolve_add_var(r, r->scope, ref->name, node->pos);
    if (var->is_declared && var->var.is_const) { /* of an earlier REPL input */
        node->flag = true;
        return;
    }
    rf_resolve_declare(r, var, node->pos);
    var->hoist_round = round;
    if (!var->hoisted) var->hoisted = node;
}

/* Declares what the block declares and notes the making of each first one, in order. */
static void hoist(resolver *r, rf_block *block)
{
    uint32_t count = 0, round = ++r->hoist_round;
    for (uint32_t i = 0; i < block->count; i++) {
        rf_node *node = unwrap_export(block->statements[i]);
        if (!declared_ref(node)) continue;
        declare_hoisted(r, node, round);
        count++;
    }
    if (!count) return;
    block->hoisted = rf_arena_array(&r->unit->arena, rf_node *, count);
    for (uint32_t i = 0; i < block->count; i++) {
        rf_node *node = unwrap_export(block->statements[i]);
        rf_ref *ref = declared_ref(node);
        if (!ref || node->flag) continue;
        resolve_var *var = rf_resolve_lookup(r->scope, ref->name);
        if (var->hoist_round != round) continue; /* a second one of this name */
        var->hoist_round = 0;
        block->hoisted[block->hoisted_count++] = node;
        rf_resolve_refer(r, ref, var);
        meet_functions(r, node);
        rf_resolve_note_write(r, var);
        rf_flow_assign(r, var);
    }
}

static bool is_hoisted(const rf_ref *ref)
{
    return ref->var != NULL;
}

static void resolve_declaration(resolver *r, rf_node *node)
{
    rf_ref *ref = declared_ref(node);
    if (node->flag) {
        rf_resolve_refer(r, ref, rf_resolve_lookup(r->scope, ref->name));
        meet_functions(r, node);
    } else if (is_hoisted(ref)) {
        set_text_positions(r, node);
        ((resolve_var *)(void *)ref->var)->rebound_at = ++r->now;
    } else {
        resolve_var *var = rf_resolve_lookup(r->scope, ref->name);
        rf_resolve_refer(r, ref, var);
        meet_functions(r, node);
        rf_resolve_note_write(r, var);
    }
}

/* ---- assignments and calls ---- */

static void resolve_assignment(resolver *r, rf_node *node)
{
    rf_place *place = &node->as.assign.place;
    uint32_t mention_round = 0;
    if (node->op == RF_OPER_NONE) rf_resolve_expression(r, node->as.assign.value);
    for (uint32_t i = 0; i < place->count; i++)
        if (!place->steps[i].is_field) rf_resolve_expression(r, place->steps[i].index);
    if (node->op == RF_OPER_NONE && !place->count) {
        rf_resolve_assign(r, &place->root, place->pos, node->as.assign.value, &mention_round);
        return;
    }
    rf_resolve_read(r, &place->root);
    if (node->op != RF_OPER_NONE) rf_resolve_expression(r, node->as.assign.value);
    if (place->root.var) rf_resolve_note_write(r, (resolve_var *)(void *)place->root.var);
}

static bool same_pos(rf_pos a, rf_pos b)
{
    return a.line == b.line && a.column == b.column;
}

/* The place that an updater called as a function changes; the name must still mean the built-in. */
static bool is_update_call(resolver *r, const rf_node *call, uint32_t *updater)
{
    const rf_node *callee = call->as.call.callee;
    if (call->kind != RF_NODE_CALL || callee->kind != RF_NODE_NAME || callee->flag || !call->as.call.count) return false;
    if (!same_pos(callee->start, callee->pos) || !same_pos(call->start, callee->pos)) return false;
    const rf_symbol *name = callee->as.ref.name;
    *updater = rf_updater_find(name->text, name->size, false);
    if (!*updater || rf_resolve_builtin(r, name) < 0) return false;
    found_name found = rf_resolve_find(r, name);
    return !found.var || (!found.fields && found.var->var.is_reserved);
}

/* The UPDATE node that replaces an expression statement, NULL when it is an ordinary call. */
static rf_node *make_update(resolver *r, const rf_node *statement)
{
    const rf_node *call = statement->as.operand;
    uint32_t updater;
    if (!is_update_call(r, call, &updater)) return NULL;
    const rf_place *place = rf_place_of(&r->unit->arena, call->as.call.args[0]);
    if (!place) return NULL;
    rf_node *node = rf_arena_new(&r->unit->arena, rf_node);
    const rf_symbol *name = call->as.call.callee->as.ref.name;
    node->kind = RF_NODE_UPDATE;
    node->op = RF_OPER_NONE;
    node->flag = statement->flag;
    node->pos = call->pos;
    node->start = statement->start;
    node->as.update.place = *place;
    node->as.update.builtin = rf_resolve_builtin(r, name);
    node->as.update.name = name;
    node->as.update.args = call->as.call.args + 1;
    node->as.update.count = call->as.call.count - 1;
    node->as.update.updater = updater;
    return node;
}

static void resolve_update(resolver *r, rf_node *node)
{
    rf_place *place = &node->as.update.place;
    for (uint32_t i = 0; i < place->count; i++)
        if (!place->steps[i].is_field) rf_resolve_expression(r, place->steps[i].index);
    rf_resolve_read(r, &place->root);
    for (uint32_t i = 0; i < node->as.update.count; i++) rf_resolve_expression(r, node->as.update.args[i]);
    if (place->root.var) rf_resolve_note_write(r, (resolve_var *)(void *)place->root.var);
}

static void resolve_expression_statement(resolver *r, rf_node **slot)
{
    rf_node *node = *slot, *operand = node->as.operand;
    rf_node *update = operand->kind == RF_NODE_CALL ? make_update(r, node) : NULL;
    if (update) {
        *slot = update;
        resolve_update(r, update);
        return;
    }
    if (operand->kind == RF_NODE_METHOD && operand->as.method.place &&
        same_pos(operand->start, operand->as.method.place->pos)) {
        const rf_symbol *name = operand->as.method.name;
        operand->as.method.updater = rf_updater_find(name->text, name->size, true);
    }
    rf_resolve_expression(r, operand);
    if (operand->kind == RF_NODE_THROW) r->is_dead = true;
}

/* ---- modules ---- */

typedef struct export_list {
    resolver *r;
    const rf_node *node;
    RF_VECTOR(rf_import_name) names;
    uint32_t round;
} export_list;

static void add_export(void *sink, const char *name, size_t size)
{
    export_list *list = sink;
    resolver *r = list->r;
    const rf_symbol *symbol = rf_literal_pool_intern(r->pool, name, size)->symbol;
    while (r->mentions.count <= symbol->literal) rf_vector_push(&r->mentions, 0);
    if (r->mentions.data[symbol->literal] == list->round) return; /* exported twice */
    r->mentions.data[symbol->literal] = list->round;
    rf_import_name import = {.name = symbol, .pos = list->node->pos};
    import.ref.name = symbol;
    rf_vector_push(&list->names, import);
}

void rf_resolve_expand_import(resolver *r, rf_node *node)
{
    if (node->flag || node->as.import.is_resolved) return;
    node->as.import.is_resolved = true;
    export_list list = {.r = r, .node = node, .round = ++r->mention_round};
    bool is_known = r->front->module_exports &&
                    r->front->module_exports(r->front->context, r->unit, node->as.import.path, add_export, &list);
    if (is_known) {
        uint32_t count = (uint32_t)list.names.count;
        node->as.import.count = count;
        node->as.import.names = rf_arena_array(&r->unit->arena, rf_import_name, count + 1);
        for (uint32_t i = 0; i < count; i++) {
            node->as.import.names[i] = list.names.data[i];
            if (list.names.data[i].name == node->as.import.module_ref.name) node->as.import.binds_module = false;
        }
    } else {
        r->unit->has_open_import = true;
    }
    rf_vector_release(&list.names);
}

static void resolve_import(resolver *r, rf_node *node)
{
    resolve_scope *home = rf_resolve_home(r);
    if (r->frame != r->funcs.data[0]) r->unit->has_inner_import = true;
    rf_resolve_expand_import(r, node);
    for (uint32_t i = 0; i < node->as.import.count; i++) {
        rf_import_name *name = &node->as.import.names[i];
        rf_resolve_bind(r, home, &name->ref, name->pos, false);
    }
    if (node->as.import.binds_module) rf_resolve_bind(r, home, &node->as.import.module_ref, node->pos, false);
}

static void export_name(resolver *r, const rf_symbol *name)
{
    resolve_var *var = rf_resolve_lookup(r->module, name);
    if (!var || var->var.is_reserved) {
        rf_vector_push(&r->unit->undefined_exports, name);
    } else if (!var->var.is_exported) {
        var->var.is_exported = true;
        rf_vector_push(&r->unit->exports, &var->var);
    }
}

static void export_pattern(resolver *r, const rf_pattern *pattern)
{
    if (pattern->kind == RF_PATTERN_NAME) export_name(r, pattern->ref.name);
    for (uint32_t i = 0; i < pattern->count; i++)
        export_pattern(r, pattern->kind == RF_PATTERN_DICT ? pattern->keys[i].pattern : pattern->items[i]);
    if (pattern->rest) export_pattern(r, pattern->rest);
}

static void resolve_export(resolver *r, rf_node *node)
{
    rf_node *inner = node->as.operand;
    if (inner->kind == RF_NODE_EXPR && inner->as.operand->kind == RF_NODE_NAME && !inner->as.operand->flag) {
        export_name(r, inner->as.operand->as.ref.name);
        node->as.operand = NULL;
        return;
    }
    resolve_statement(r, &node->as.operand);
    rf_ref *ref = declared_ref(inner);
    if (ref) export_name(r, ref->name);
    if (inner->kind == RF_NODE_LET || inner->kind == RF_NODE_CONST) export_pattern(r, inner->as.bind.pattern);
    if (inner->kind == RF_NODE_ASSIGN && inner->as.assign.place.root.name != r->discard_symbol)
        export_name(r, inner->as.assign.place.root.name);
}

/* ---- branches ---- */

static bool is_link(const rf_block *block)
{
    return block->count == 1 && block->statements[0]->kind == RF_NODE_IF;
}

static void resolve_if(resolver *r, rf_node *node)
{
    flow_merge merge = rf_flow_begin(r);
    for (;;) {
        rf_resolve_expression(r, node->as.branch.condition);
        rf_resolve_block(r, node->as.branch.body, false);
        rf_flow_end_arm(r, &merge);
        rf_block *block = node->as.branch.else_block;
        if (!block || !is_link(block)) {
            if (block) rf_resolve_block(r, block, false);
            rf_flow_end_arm(r, &merge);
            break;
        }
        block->scope = rf_arena_new(&r->unit->arena, rf_scope); /* an IF declares nothing */
        node = block->statements[0];
    }
    rf_flow_join(r, &merge);
}

static void resolve_match(resolver *r, rf_node *node)
{
    rf_resolve_expression(r, node->as.match.subject);
    flow_merge merge = rf_flow_begin(r);
    for (uint32_t i = 0; i < node->as.match.count; i++) {
        rf_case *arm = &node->as.match.cases[i];
        rf_resolve_open_scope(r, false);
        bind_names(r, arm->pattern);
        if (arm->guard) rf_resolve_expression(r, arm->guard);
        rf_resolve_statements(r, arm->body);
        arm->body->scope = rf_resolve_close_scope(r);
        rf_flow_end_arm(r, &merge);
    }
    if (node->as.match.default_body) rf_resolve_block(r, node->as.match.default_body, false);
    rf_flow_end_arm(r, &merge);
    rf_flow_join(r, &merge);
}

static void resolve_try(resolver *r, rf_node *node)
{
    flow_merge merge = rf_flow_begin(r);
    rf_resolve_block(r, node->as.try_.body, true);
    rf_flow_end_arm(r, &merge);
    rf_resolve_open_scope(r, true);
    if (node->as.try_.has_name) rf_resolve_bind(r, r->scope, &node->as.try_.name, node->pos, false);
    rf_resolve_statements(r, node->as.try_.handler);
    node->as.try_.handler->scope = rf_resolve_close_scope(r);
    rf_flow_end_arm(r, &merge);
    rf_flow_join(r, &merge);
}

/* ---- loops ---- */

typedef struct loop_state {
    resolve_loop loop;
    size_t mark;
    bool was_dead;
} loop_state;

static void begin_loop(resolver *r, loop_state *state)
{
    resolve_loop *loop = rf_arena_new(&r->unit->arena, resolve_loop); /* functions met inside keep it */
    loop->outer = r->loop;
    loop->start = ++r->now;
    r->loop = loop;
    state->mark = r->trail.count;
    state->was_dead = r->is_dead;
}

static void end_loop(resolver *r, const loop_state *state)
{
    rf_flow_undo(r, state->mark);
    r->is_dead = state->was_dead;
    r->loop = r->loop->outer;
}

static void resolve_while(resolver *r, rf_node *node)
{
    loop_state state;
    begin_loop(r, &state);
    if (node->as.branch.condition) rf_resolve_expression(r, node->as.branch.condition);
    rf_resolve_block(r, node->as.branch.body, true);
    end_loop(r, &state);
}

static void resolve_for_in(resolver *r, rf_node *node)
{
    loop_state state;
    rf_resolve_expression(r, node->as.for_in.iterable);
    begin_loop(r, &state);
    rf_resolve_open_scope(r, true);
    bind_names(r, node->as.for_in.pattern);
    rf_resolve_statements(r, node->as.for_in.body);
    node->as.for_in.body->scope = rf_resolve_close_scope(r);
    end_loop(r, &state);
}

/* The step stands before the body in the text, but what it assigns is unset in the first turn. */
static void resolve_for_c(resolver *r, rf_node *node)
{
    loop_state state;
    rf_resolve_open_scope(r, true);
    rf_resolve_expression(r, node->as.for_c.init->as.bind.value);
    bind_names(r, node->as.for_c.init->as.bind.pattern);
    begin_loop(r, &state);
    rf_resolve_expression(r, node->as.for_c.condition);
    resolve_statement(r, &node->as.for_c.step);
    rf_flow_undo(r, state.mark);
    r->is_dead = false;
    rf_resolve_block(r, node->as.for_c.body, true);
    end_loop(r, &state);
    node->as.for_c.scope = rf_resolve_close_scope(r);
}

/* ---- spawn and tests ---- */

static void resolve_spawn(resolver *r, rf_node *node)
{
    resolve_func *outer = r->frame;
    bool was_dead = r->is_dead;
    size_t mark = r->trail.count;
    r->frame = rf_resolve_meet(r, node->as.func);
    r->is_dead = false;
    rf_resolve_block(r, node->as.func->body, true);
    rf_flow_undo(r, mark);
    r->is_dead = was_dead;
    r->frame = outer;
}

/* A phase may be cut short, so nothing it assigns is certain in the next one. */
static void resolve_phase(resolver *r, rf_block *block)
{
    size_t mark = r->trail.count;
    block->scope = rf_arena_new(&r->unit->arena, rf_scope);
    rf_resolve_statements(r, block);
    rf_flow_undo(r, mark);
    r->is_dead = false;
}

static void resolve_phases(resolver *r, rf_block *blocks)
{
    blocks->scope = rf_arena_new(&r->unit->arena, rf_scope);
    for (uint32_t i = 0; i < blocks->count; i++) resolve_phase(r, blocks->statements[i]->as.block);
}

static void resolve_test(resolver *r, rf_node *node)
{
    resolve_phase(r, node->as.test.decls);
    resolve_phases(r, node->as.test.setup);
    resolve_phase(r, node->as.test.body);
    resolve_phases(r, node->as.test.teardown);
}

/* ---- all of them ---- */

static void resolve_statement(resolver *r, rf_node **slot)
{
    rf_node *node = *slot;
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_EXPR: resolve_expression_statement(r, slot); break;
    case RF_NODE_LET: case RF_NODE_CONST:
        rf_resolve_expression(r, node->as.bind.value);
        bind_pattern(r, node->as.bind.pattern,
                     &(binder){.style = node->kind == RF_NODE_CONST ? BIND_CONST : BIND_LET});
        break;
    case RF_NODE_DESTRUCTURE:
        rf_resolve_expression(r, node->as.bind.value);
        bind_pattern(r, node->as.bind.pattern, &(binder){.style = BIND_ASSIGN, .value = node->as.bind.value});
        break;
    case RF_NODE_ASSIGN: resolve_assignment(r, node); break;
    case RF_NODE_FUNC_DECL: case RF_NODE_STRUCT_DECL: case RF_NODE_ENUM_DECL: resolve_declaration(r, node); break;
    case RF_NODE_IMPORT: resolve_import(r, node); break;
    case RF_NODE_EXPORT: resolve_export(r, node); break;
    case RF_NODE_IF: resolve_if(r, node); break;
    case RF_NODE_WHILE: case RF_NODE_LOOP: resolve_while(r, node); break;
    case RF_NODE_FOR_IN: resolve_for_in(r, node); break;
    case RF_NODE_FOR_C: resolve_for_c(r, node); break;
    case RF_NODE_MATCH: resolve_match(r, node); break;
    case RF_NODE_TRY: resolve_try(r, node); break;
    case RF_NODE_SPAWN: resolve_spawn(r, node); break;
    case RF_NODE_RETURN:
        if (node->as.operand) rf_resolve_expression(r, node->as.operand);
        r->is_dead = true;
        break;
    case RF_NODE_BREAK: case RF_NODE_CONTINUE: r->is_dead = true; break;
    case RF_NODE_BLOCK: rf_resolve_block(r, node->as.block, false); break;
    case RF_NODE_TEST_PHASES: resolve_test(r, node); break;
    default: break;
    }
}

void rf_resolve_statements(resolver *r, rf_block *block)
{
    hoist(r, block);
    for (uint32_t i = 0; i < block->count; i++) resolve_statement(r, &block->statements[i]);
}

void rf_resolve_block(resolver *r, rf_block *block, bool is_home)
{
    rf_resolve_open_scope(r, is_home);
    rf_resolve_statements(r, block);
    block->scope = rf_resolve_close_scope(r);
}
