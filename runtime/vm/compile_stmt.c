/* Statements, blocks, loops (LANGUAGE 4.5, 7, 11.1, 12.3, 13). */
#include "base/alloc.h"
#include "vm/compile.h"

/* ---- scopes and declarations ---- */

static bool is_argument(const rf_func *func, const rf_var *var)
{
    return var->slot < func->param_count + func->has_self;
}

/* The register of a variable, or a temporary that put_variable moves to its place. */
static uint32_t variable_register(rf_compiler *c, const rf_var *var)
{
    return rf_is_direct(c, var->slot) ? var->slot : rf_push_temp(c);
}

static void put_variable(rf_compiler *c, const rf_var *var, uint32_t reg)
{
    if (reg == var->slot && rf_is_direct(c, var->slot)) return;
    rf_emit_wide(c, RF_OP_SETWIDE, reg, rf_wide_register(var->slot));
    rf_pop_temps(c, reg);
}

void rf_enter_scope(rf_compiler *c, const rf_scope *scope, const rf_var *except)
{
    if (!scope) return;
    for (uint32_t i = 0; i < scope->var_count; i++) {
        const rf_var *var = scope->vars[i];
        if (var->home != RF_HOME_LOCAL || var == except) continue;
        if (is_argument(c->func, var)) {
            if (var->is_cell) rf_emit(c, RF_OP_WRAPCELL, var->slot, 0, 0);
            continue;
        }
        if (!var->is_cell && !var->needs_reset && var->builtin < 0) continue;
        const uint32_t reg = variable_register(c, var);
        if (var->builtin >= 0) {
            rf_emit(c, RF_OP_GETBUILTIN, reg, (uint32_t)var->builtin, 0);
            if (var->is_cell) rf_emit(c, RF_OP_WRAPCELL, reg, 0, 0);
        } else {
            rf_emit(c, var->is_cell ? RF_OP_NEWCELL : RF_OP_UNSET, reg, !var->is_cell, 0);
        }
        put_variable(c, var, reg);
    }
}

static const rf_ref *declared_ref(const rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_FUNC_DECL: return &node->as.func_decl.ref;
    case RF_NODE_STRUCT_DECL: return &node->as.struct_decl.ref;
    default: return &node->as.enum_decl.ref;
    }
}

static void emit_declared(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    rf_at(c, node->pos);
    if (node->kind == RF_NODE_FUNC_DECL)
        rf_emit_closure(c, node->as.func_decl.func, dest);
    else
        rf_emit(c, node->kind == RF_NODE_STRUCT_DECL ? RF_OP_STRUCTDECL : RF_OP_ENUMDECL, dest,
                rf_literal_index(c, node), 0);
}

/* Keeps the object in the temporary for the statement that binds it again; the last of a great many go to wide registers. */
static void keep_hoisted(rf_compiler *c, const rf_node *node, uint32_t object)
{
    rf_hoisted entry = {node, object};
    if (c->hoisted.count >= 256) {
        entry.reg = rf_wide_register(RF_LOCAL_LIMIT + c->wide_count++);
        rf_emit_wide(c, RF_OP_SETWIDE, object, entry.reg);
        rf_pop_temps(c, object);
    }
    rf_vector_push(&c->hoisted, entry);
}

/* Makes the object of a declaration and binds its name; a register keeps it when the statement has to bind again. */
static void hoist(rf_compiler *c, const rf_node *node)
{
    const rf_ref *ref = declared_ref(node);
    if (node->flag) {
        rf_emit_named(c, RF_OP_DUPLICATE, ref->name, node->pos);
        return;
    }
    const bool is_only = ref->var && ref->var->only_decl == node;
    const uint32_t own = rf_ref_register(c, ref);
    if (is_only && own != RF_PUSH) {
        emit_declared(c, node, own);
        return;
    }
    const uint32_t object = rf_push_temp(c);
    emit_declared(c, node, object);
    if (is_only) {
        rf_declare_ref(c, ref, object);
        rf_pop_temps(c, object);
        return;
    }
    const uint32_t copy = rf_push_temp(c);
    rf_emit(c, RF_OP_COPY, copy, object, 0);
    rf_declare_ref(c, ref, copy);
    rf_pop_temps(c, copy);
    keep_hoisted(c, node, object);
}

/* Statements mostly come in the order of what was hoisted. */
static const rf_hoisted *find_hoisted(rf_compiler *c, const rf_node *node)
{
    if (c->next_hoisted >= c->hoisted.count || c->hoisted.data[c->next_hoisted].node != node)
        for (c->next_hoisted = 0; c->next_hoisted < c->hoisted.count; c->next_hoisted++)
            if (c->hoisted.data[c->next_hoisted].node == node) break;
    return c->next_hoisted < c->hoisted.count ? &c->hoisted.data[c->next_hoisted++] : NULL;
}

static void compile_declaration(rf_compiler *c, const rf_node *node)
{
    const rf_ref *ref = declared_ref(node);
    if (node->flag) {
        rf_emit_named(c, RF_OP_DUPLICATE, ref->name, node->pos);
        return;
    }
    if (ref->var && ref->var->only_decl == node) return;
    const uint32_t object = rf_push_temp(c);
    const rf_hoisted *kept = find_hoisted(c, node);
    if (!kept)
        emit_declared(c, node, object);
    else if (kept->reg >= RF_WIDE_BASE)
        rf_emit_wide(c, RF_OP_GETWIDE, object, kept->reg);
    else
        rf_emit(c, RF_OP_COPY, object, kept->reg, 0);
    rf_declare_ref(c, ref, object);
    rf_pop_temps(c, object);
}

void rf_compile_entered(rf_compiler *c, const rf_block *block)
{
    const uint32_t mark = c->top;
    const size_t outer = c->hoisted.count;
    for (uint32_t i = 0; i < block->hoisted_count; i++) hoist(c, block->hoisted[i]);
    for (uint32_t i = 0; i < block->count; i++) rf_compile_statement(c, block->statements[i]);
    rf_emit_drop(c, mark, c->top);
    rf_pop_temps(c, mark);
    c->hoisted.count = outer;
}

void rf_compile_block(rf_compiler *c, const rf_block *block)
{
    rf_enter_scope(c, block->scope, NULL);
    rf_compile_entered(c, block);
}

/* ---- if ---- */

/* The `if` of `else if`, or NULL. */
static const rf_node *chained_if(const rf_block *block)
{
    const bool is_chained = block && block->count == 1 && block->hoisted_count == 0 &&
                            block->statements[0]->kind == RF_NODE_IF &&
                            (!block->scope || block->scope->var_count == 0);
    return is_chained ? block->statements[0] : NULL;
}

static void compile_if(rf_compiler *c, const rf_node *node)
{
    rf_jumps done = {0};
    c->branch_depth++;
    while (node) {
        rf_jumps otherwise = {0};
        rf_compile_jump(c, node->as.branch.condition, false, &otherwise);
        rf_compile_block(c, node->as.branch.body);
        const rf_block *else_block = node->as.branch.else_block;
        if (else_block) rf_vector_push(&done, rf_emit_jump(c, RF_OP_JMP, 0, 0));
        rf_patch_all(c, &otherwise, rf_here(c));
        node = chained_if(else_block);
        if (!node && else_block) rf_compile_block(c, else_block);
    }
    c->branch_depth--;
    rf_patch_all(c, &done, rf_here(c));
}

/* ---- loops ---- */

static void open_loop(rf_compiler *c, rf_loop *loop, uint32_t break_top)
{
    *loop = (rf_loop){.outer = c->loop, .break_top = break_top, .continue_top = c->top};
    c->loop = loop;
    c->branch_depth++;
}

static void close_loop(rf_compiler *c, rf_loop *loop)
{
    rf_patch_all(c, &loop->breaks, rf_here(c));
    c->loop = loop->outer;
    c->branch_depth--;
}

static void compile_leave(rf_compiler *c, bool is_break)
{
    rf_loop *loop = c->loop;
    rf_emit_drop(c, is_break ? loop->break_top : loop->continue_top, c->top);
    const uint32_t jump = rf_emit_jump(c, RF_OP_JMP, 0, 0);
    if (is_break)
        rf_vector_push(&loop->breaks, jump);
    else
        rf_vector_push(&loop->continues, jump);
}

/* while and loop: the test is at the end, entered by a jump */
static void compile_while(rf_compiler *c, const rf_node *node)
{
    const rf_node *condition = node->as.branch.condition;
    rf_loop loop;
    uint32_t to_test = 0;
    if (condition) to_test = rf_emit_jump(c, RF_OP_JMP, 0, 0);
    open_loop(c, &loop, c->top);
    const uint32_t start = rf_here(c);
    rf_compile_block(c, node->as.branch.body);
    rf_patch_all(c, &loop.continues, rf_here(c));
    if (condition) {
        rf_patch(c, to_test, rf_here(c));
        rf_jumps again = {0};
        rf_compile_jump(c, condition, true, &again);
        rf_patch_all(c, &again, start);
    } else {
        rf_patch(c, rf_emit_jump(c, RF_OP_JMP, 0, 0), start);
    }
    close_loop(c, &loop);
}

static void compile_for_c(rf_compiler *c, const rf_node *node)
{
    rf_enter_scope(c, node->as.for_c.scope, NULL);
    rf_compile_statement(c, node->as.for_c.init);
    rf_loop loop;
    const uint32_t to_test = rf_emit_jump(c, RF_OP_JMP, 0, 0);
    open_loop(c, &loop, c->top);
    const uint32_t start = rf_here(c);
    rf_compile_block(c, node->as.for_c.body);
    rf_patch_all(c, &loop.continues, rf_here(c));
    rf_compile_statement(c, node->as.for_c.step);
    rf_patch(c, to_test, rf_here(c));
    rf_jumps again = {0};
    rf_compile_jump(c, node->as.for_c.condition, true, &again);
    rf_patch_all(c, &again, start);
    close_loop(c, &loop);
}

enum { LOOP_STATE = 4 };

/* for [key, value] in items(d): the dict is walked itself, and no pairs are made. */
static bool walks_entries(const rf_compiler *c, const rf_node *iterable, const rf_pattern *pattern)
{
    return pattern->kind == RF_PATTERN_ARRAY && pattern->count == 2 && !pattern->rest && rf_is_items_call(c, iterable);
}

/* The start of a for: state registers, jump to the test. */
static uint32_t compile_iterable(rf_compiler *c, const rf_node *iterable, bool is_range, bool is_dict, uint32_t state)
{
    uint32_t jump;
    if (is_range) {
        for (uint32_t i = 0; i < iterable->as.call.count; i++)
            rf_compile(c, iterable->as.call.args[i], RF_PUSH);
        rf_at(c, iterable->pos);
        jump = rf_emit_jump(c, RF_OP_RANGEPREP, state, iterable->as.call.count);
    } else {
        rf_compile(c, is_dict ? iterable->as.call.args[0] : iterable, RF_PUSH);
        rf_at(c, is_dict ? iterable->pos : iterable->start);
        if (is_dict) rf_emit(c, RF_OP_ENTRIES, state, 0, 0);
        rf_at(c, iterable->start);
        jump = rf_emit_jump(c, RF_OP_FORPREP, state, 0);
    }
    rf_pop_temps(c, state);
    return jump;
}

static void compile_for_in(rf_compiler *c, const rf_node *node)
{
    const rf_node *iterable = node->as.for_in.iterable;
    const rf_pattern *pattern = node->as.for_in.pattern;
    const rf_block *body = node->as.for_in.body;
    const bool is_range = rf_is_range_call(c, iterable);
    const bool is_dict = walks_entries(c, iterable, pattern);
    const rf_pattern *first = is_dict ? pattern->items[0] : pattern;
    const uint32_t state = c->top;
    const uint32_t to_test = compile_iterable(c, iterable, is_range, is_dict, state);
    rf_push_temps(c, LOOP_STATE);
    rf_loop loop;
    open_loop(c, &loop, state);
    const bool is_plain = first->kind == RF_PATTERN_NAME && !first->is_duplicate && !rf_ref_is_self(&first->ref);
    const uint32_t own = is_plain ? rf_ref_register(c, &first->ref) : RF_PUSH;
    const uint32_t element = rf_dest(c, own);
    const uint32_t start = rf_here(c);
    rf_enter_scope(c, body->scope, own == RF_PUSH ? NULL : first->ref.var);
    if (own == RF_PUSH) rf_bind_pattern(c, first, element, true);
    if (is_dict) rf_bind_entry_value(c, pattern->items[1], state);
    rf_pop_temps(c, loop.continue_top);
    rf_compile_entered(c, body);
    rf_patch_all(c, &loop.continues, rf_here(c));
    rf_patch(c, to_test, rf_here(c));
    rf_at(c, is_range ? iterable->pos : iterable->start);
    rf_patch(c, rf_emit_jump(c, is_range ? RF_OP_RANGENEXT : RF_OP_FORNEXT, state, element), start);
    rf_pop_temps(c, state);
    close_loop(c, &loop);
}

/* ---- try ---- */

static void add_handler(rf_compiler *c, uint32_t start, uint32_t end, uint32_t level)
{
    const rf_handler handler = {.start = start, .end = end, .target = rf_here(c), .level = level};
    if (start < end) rf_vector_push(&c->chunk.handlers, handler);
}

static void compile_handler(rf_compiler *c, const rf_node *node)
{
    const rf_block *handler = node->as.try_.handler;
    const uint32_t error = rf_push_temp(c);
    rf_emit(c, RF_OP_CATCH, error, 0, 0);
    rf_enter_scope(c, handler->scope, NULL);
    if (node->as.try_.has_name)
        rf_declare_ref(c, &node->as.try_.name, error);
    else
        rf_emit_drop(c, error, error + 1);
    rf_pop_temps(c, error);
    rf_compile_entered(c, handler);
}

static void compile_try(rf_compiler *c, const rf_node *node)
{
    c->branch_depth++;
    c->try_depth++;
    const uint32_t start = rf_here(c);
    rf_compile_block(c, node->as.try_.body);
    const uint32_t end = rf_here(c);
    c->try_depth--;
    const uint32_t around = rf_emit_jump(c, RF_OP_JMP, 0, 0);
    add_handler(c, start, end, c->top);
    compile_handler(c, node);
    rf_patch(c, around, rf_here(c));
    c->branch_depth--;
}

/* ---- tests (LANGUAGE 20.2) ---- */

/* A statement or block in which `return` only ends it. */
static void compile_returning(rf_compiler *c, const rf_node *statement, const rf_block *block)
{
    rf_jumps ends = {0};
    rf_jumps *outer = c->phase_end;
    c->phase_end = &ends;
    c->phase_top = c->top;
    if (statement)
        rf_compile_statement(c, statement);
    else
        rf_compile_block(c, block);
    c->phase_end = outer;
    rf_patch_all(c, &ends, rf_here(c));
}

/* Declarations or body. */
static uint32_t compile_phase(rf_compiler *c, const rf_block *block)
{
    if (block) compile_returning(c, NULL, block);
    return rf_here(c);
}

/* One block for each set-up. */
static uint32_t compile_setups(rf_compiler *c, const rf_block *block)
{
    for (uint32_t i = 0; block && i < block->count; i++) compile_returning(c, block->statements[i], NULL);
    return rf_here(c);
}

/* One block for each tear-down; whatever one raises, the next runs. */
static void compile_teardowns(rf_compiler *c, const rf_block *block)
{
    for (uint32_t i = 0; block && i < block->count; i++) {
        const uint32_t start = rf_here(c);
        compile_returning(c, block->statements[i], NULL);
        const uint32_t end = rf_here(c);
        const uint32_t around = rf_emit_jump(c, RF_OP_JMP, 0, 0);
        add_handler(c, start, end, c->top);
        const uint32_t ignored = rf_push_temp(c);
        rf_emit(c, RF_OP_CATCH, ignored, 0, 0);
        rf_emit_drop(c, ignored, ignored + 1);
        rf_pop_temps(c, ignored);
        rf_patch(c, around, rf_here(c));
    }
}

/* Code that catches what start .. end raises and remembers the phase. */
static void catch_phase(rf_compiler *c, uint32_t start, uint32_t end, uint32_t error, rf_test_phase phase,
                        rf_jumps *to_teardown)
{
    if (start == end) return;
    add_handler(c, start, end, error);
    rf_emit(c, RF_OP_CATCH, error, 0, 0);
    rf_emit_wide(c, RF_OP_LOADI, error + 1, phase);
    rf_vector_push(to_teardown, rf_emit_jump(c, RF_OP_JMP, 0, 0));
}

/* Two temporaries remember what goes on after the tear-down: the error in flight or null, and its phase. */
static void compile_test(rf_compiler *c, const rf_node *node)
{
    rf_jumps to_teardown = {0};
    const uint32_t error = rf_push_temps(c, 2);
    rf_emit(c, RF_OP_LOADNULL, error, 0, 0);
    rf_emit_wide(c, RF_OP_LOADI, error + 1, RF_PHASE_NONE);
    const uint32_t start = rf_here(c);
    const uint32_t setup = compile_phase(c, node->as.test.decls);
    const uint32_t body = compile_setups(c, node->as.test.setup);
    const uint32_t end = compile_phase(c, node->as.test.body);
    rf_vector_push(&to_teardown, rf_emit_jump(c, RF_OP_JMP, 0, 0));
    catch_phase(c, start, setup, error, RF_PHASE_NONE, &to_teardown);
    catch_phase(c, setup, body, error, RF_PHASE_SETUP, &to_teardown);
    catch_phase(c, body, end, error, RF_PHASE_BODY, &to_teardown);
    rf_patch_all(c, &to_teardown, rf_here(c));
    compile_teardowns(c, node->as.test.teardown);
    const uint32_t passed = rf_emit_jump(c, RF_OP_JNULL, error, 0);
    rf_emit(c, RF_OP_RERAISE, error, error + 1, 0);
    rf_patch(c, passed, rf_here(c));
    rf_emit_drop(c, error, error + 2);
    rf_pop_temps(c, error);
}

/* ---- import ---- */

static void bind_import(rf_compiler *c, const rf_ref *ref, rf_pos pos, uint32_t reg)
{
    rf_at(c, pos);
    if (ref->var->is_const)
        rf_emit_named(c, RF_OP_DUPLICATE, ref->name, pos);
    else
        rf_declare_ref(c, ref, reg);
}

static void compile_import(rf_compiler *c, const rf_node *node)
{
    const uint32_t module = rf_push_temp(c);
    rf_at(c, node->pos);
    rf_value path = rf_string_from(c->isolate, node->as.import.path);
    rf_emit(c, RF_OP_IMPORT, module, rf_constant(c, path), 0);
    for (uint32_t i = 0; i < node->as.import.count; i++) {
        const rf_import_name *wanted = &node->as.import.names[i];
        const uint32_t value = rf_push_temp(c);
        const uint32_t literal = rf_literal_index(c, node);
        c->chunk.literals.data[c->chunk.literals.count - 1].variant = i;
        rf_at(c, node->pos);
        rf_emit(c, RF_OP_IMPORTNAME, value, module, literal);
        bind_import(c, &wanted->ref, wanted->pos, value);
        rf_pop_temps(c, value);
    }
    if (node->as.import.binds_module)
        bind_import(c, &node->as.import.module_ref, node->pos, module);
    else
        rf_emit_drop(c, module, module + 1);
    rf_release(c->isolate, path);
    rf_pop_temps(c, module);
}

/* ---- simple statements ---- */

static void compile_return(rf_compiler *c, const rf_node *node)
{
    if (c->phase_end) {
        if (node->as.operand) rf_compile_discard(c, node->as.operand);
        rf_emit_drop(c, c->phase_top, c->top);
        rf_vector_push(c->phase_end, rf_emit_jump(c, RF_OP_JMP, 0, 0));
        return;
    }
    const uint32_t mark = c->top;
    const uint32_t live = c->releases_all ? RF_OPERAND_LIMIT : mark;
    if (!node->as.operand) {
        rf_at(c, node->pos);
        rf_emit(c, RF_OP_RETURNNULL, 0, live, 0);
        return;
    }
    const uint32_t value = rf_compile_operand(c, node->as.operand, NULL, 0);
    rf_at(c, node->pos);
    rf_emit(c, RF_OP_RETURN, value, live, 0);
    rf_pop_temps(c, mark);
}

static void compile_expression(rf_compiler *c, const rf_node *node)
{
    const rf_node *value = node->as.operand;
    if (value->kind == RF_NODE_METHOD && value->as.method.updater && value->as.method.place && !node->flag) {
        rf_compile_update_method(c, value);
    } else if (node->flag) {
        const uint32_t mark = rf_compile(c, value, RF_PUSH);
        rf_at(c, node->pos);
        rf_emit(c, RF_OP_ECHO, mark, 0, 0);
        rf_pop_temps(c, mark);
    } else {
        rf_compile_discard(c, value);
    }
}

static void compile_spawn(rf_compiler *c, const rf_node *node)
{
    const uint32_t closure = rf_push_temp(c);
    rf_at(c, node->pos);
    rf_emit_closure(c, node->as.func, closure);
    rf_emit(c, RF_OP_SPAWN, closure, 0, 0);
    rf_pop_temps(c, closure);
}

void rf_compile_statement(rf_compiler *c, const rf_node *node)
{
    rf_at(c, node->pos);
    switch (node->kind) {
    case RF_NODE_EXPR: compile_expression(c, node); break;
    case RF_NODE_LET:
    case RF_NODE_CONST:
    case RF_NODE_DESTRUCTURE: rf_compile_binding(c, node); break;
    case RF_NODE_ASSIGN: rf_compile_assign(c, node); break;
    case RF_NODE_UPDATE: rf_compile_update(c, node); break;
    case RF_NODE_FUNC_DECL:
    case RF_NODE_STRUCT_DECL:
    case RF_NODE_ENUM_DECL: compile_declaration(c, node); break;
    case RF_NODE_IMPORT: compile_import(c, node); break;
    case RF_NODE_EXPORT:
        if (node->as.operand) rf_compile_statement(c, node->as.operand);
        break;
    case RF_NODE_IF: compile_if(c, node); break;
    case RF_NODE_WHILE:
    case RF_NODE_LOOP: compile_while(c, node); break;
    case RF_NODE_FOR_IN: compile_for_in(c, node); break;
    case RF_NODE_FOR_C: compile_for_c(c, node); break;
    case RF_NODE_MATCH: rf_compile_match(c, node); break;
    case RF_NODE_TRY: compile_try(c, node); break;
    case RF_NODE_SPAWN: compile_spawn(c, node); break;
    case RF_NODE_RETURN: compile_return(c, node); break;
    case RF_NODE_BREAK: compile_leave(c, true); break;
    case RF_NODE_CONTINUE: compile_leave(c, false); break;
    case RF_NODE_BLOCK: rf_compile_block(c, node->as.block); break;
    case RF_NODE_TEST_PHASES: compile_test(c, node); break;
    default: rf_assert(!"a statement"); break;
    }
}
