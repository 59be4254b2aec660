/* Calls (LANGUAGE 6.5, 6.8, 7.8, 9.3, 9.4, 16).
 *
 * A call takes a window of temporaries: R[w] for the callee and later the result, the receiver of a method in R[w+1],
 * then the arguments.  The callee's own registers begin at R[w+1], so nothing is copied.
 *
 * A method called on a place is followed by the code that stores the modified receiver back; the call skips that code
 * when there is nothing to store (rf_site.skip). */
#include "base/alloc.h"
#include "syntax/updater.h"
#include "vm/compile.h"

#include <string.h>

/* ---- arguments ---- */

static void push_args(rf_compiler *c, uint32_t piped, rf_node *const *args, uint32_t count)
{
    if (piped != RF_PUSH) rf_emit_move(c, rf_push_temp(c), piped);
    rf_compile_values(c, args, count);
}

static uint32_t deliver(rf_compiler *c, uint32_t window, uint32_t dest)
{
    rf_pop_temps(c, window + 1);
    if (dest == RF_PUSH) return window;
    rf_emit_move(c, dest, window);
    rf_pop_temps(c, window);
    return dest;
}

/* ---- f(args) ---- */

bool rf_is_plain_call(const rf_node *node)
{
    return node->kind == RF_NODE_CALL && node->as.call.callee->kind == RF_NODE_NAME;
}

static const rf_builtin *builtin_row(const rf_compiler *c, const rf_node *callee)
{
    if (callee->kind != RF_NODE_NAME || callee->as.ref.kind != RF_REF_BUILTIN) return NULL;
    const rf_builtin *row = &c->isolate->builtins[callee->as.ref.index];
    return row->is_constant ? NULL : row;
}

/* The function that a name is known to hold and that can be entered without its closure, or NULL. */
static const rf_func *known_function(const rf_node *callee, uint32_t arg_count)
{
    if (callee->kind != RF_NODE_NAME) return NULL;
    const rf_ref *ref = &callee->as.ref;
    const rf_node *decl = ref->var && !ref->may_be_unset ? ref->var->only_decl : NULL;
    if (!decl || decl->kind != RF_NODE_FUNC_DECL || ref->kind == RF_REF_FIELD) return NULL;
    const rf_func *func = decl->as.func_decl.func;
    const bool is_plain = !func->is_generator && !func->is_async && !func->is_hidden;
    return is_plain && func->capture_count == 0 && func->param_count == arg_count ? func : NULL;
}

/* The row can be called without any of the tests of rf_builtin_call. */
static bool is_plain_row(const rf_builtin *row, uint32_t arg_count)
{
    return row->function && !row->prelude && row->capability == 0 && !row->library &&
           (int32_t)arg_count >= row->min_args && (row->max_args < 0 || (int32_t)arg_count <= row->max_args);
}

/* Emits the call of a callee that is a name; the arguments are in place. */
static void emit_named_call(rf_compiler *c, const rf_node *callee, uint32_t window, uint32_t count, rf_pos pos)
{
    const rf_builtin *row = builtin_row(c, callee);
    const rf_func *func = known_function(callee, count);
    rf_at(c, pos);
    if (row)
        rf_emit(c, is_plain_row(row, count) ? RF_OP_CALLC : RF_OP_CALLBUILTIN, window, count,
                callee->as.ref.index);
    else if (func)
        rf_emit(c, RF_OP_CALLFN, window, count, rf_child_index(c, func));
    else
        rf_emit(c, RF_OP_CALL, window, count, 0);
}

static bool needs_callee(const rf_compiler *c, const rf_node *callee, uint32_t count)
{
    return !builtin_row(c, callee) && !known_function(callee, count);
}

/* len(x), and plain C functions of one local: no window */
static bool compile_short_call(rf_compiler *c, const rf_node *node, uint32_t *dest)
{
    const rf_builtin *row = builtin_row(c, node->as.call.callee);
    if (!row || node->as.call.count != 1 || !is_plain_row(row, 1)) return false;
    const rf_node *arg = node->as.call.args[0];
    const uint32_t mark = c->top;
    const bool is_len = strcmp(row->canonical, "len") == 0;
    if (!is_len && (arg->kind != RF_NODE_NAME || rf_ref_register(c, &arg->as.ref) == RF_PUSH)) return false;
    const uint32_t operand = rf_compile_operand(c, arg, NULL, 0);
    rf_pop_temps(c, mark);
    *dest = rf_dest(c, *dest);
    rf_at(c, node->pos);
    if (is_len)
        rf_emit(c, RF_OP_LEN, *dest, operand, 0);
    else
        rf_emit(c, RF_OP_CALLC1, *dest, operand, node->as.call.callee->as.ref.index);
    return true;
}

uint32_t rf_compile_call(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    const rf_node *callee = node->as.call.callee;
    const uint32_t count = node->as.call.count;
    if (compile_short_call(c, node, &dest)) return dest;
    const uint32_t window =
        needs_callee(c, callee, count) ? rf_compile(c, callee, RF_PUSH) : rf_push_temp(c);
    push_args(c, RF_PUSH, node->as.call.args, count);
    emit_named_call(c, callee, window, count, node->pos);
    return deliver(c, window, dest);
}

uint32_t rf_apply_call(rf_compiler *c, const rf_node *node, uint32_t reg, uint32_t mark, uint32_t dest)
{
    rf_assert(reg == mark);
    (void)reg;
    push_args(c, RF_PUSH, node->as.call.args, node->as.call.count);
    rf_at(c, node->pos);
    rf_emit(c, RF_OP_CALL, mark, node->as.call.count, 0);
    return deliver(c, mark, dest);
}

/* ---- x.m(args) ---- */

static uint32_t method_site(rf_compiler *c, const rf_node *node, uint32_t piped, uint32_t place, unsigned flags)
{
    const rf_site site = {.name = rf_symbol_string(c, node->as.method.name),
                          .arg_count = (uint16_t)(node->as.method.count + (piped != RF_PUSH)),
                          .updater = (uint16_t)node->as.method.updater,
                          .place = place,
                          .flags = (uint8_t)flags};
    return rf_site_index(c, site);
}

static void emit_method_call(rf_compiler *c, const rf_node *node, uint32_t mark, uint32_t piped)
{
    rf_emit(c, RF_OP_MOVE, rf_push_temp(c), mark, 0);
    push_args(c, piped, node->as.method.args, node->as.method.count);
    rf_at(c, node->pos);
    rf_emit(c, RF_OP_CALLMETHOD, mark, method_site(c, node, piped, RF_NO_PLACE, 0), 0);
    rf_pop_temps(c, mark + 1);
}

uint32_t rf_apply_method(rf_compiler *c, const rf_node *node, uint32_t mark, uint32_t dest)
{
    uint32_t when_null = 0;
    if (node->flag) when_null = rf_emit_jump(c, RF_OP_JNULL, mark, 0);
    c->branch_depth += node->flag;
    emit_method_call(c, node, mark, RF_PUSH);
    c->branch_depth -= node->flag;
    if (node->flag) rf_patch(c, when_null, rf_here(c)); /* the null receiver is the result */
    return deliver(c, mark, dest);
}

static unsigned place_flags(const rf_compiler *c, const rf_place *place)
{
    unsigned flags = 0;
    if (rf_place_may_empty(c, place)) flags |= RF_SITE_MAY_EMPTY;
    if (rf_ref_is_constant(&place->root)) flags |= RF_SITE_CONST_ROOT;
    if (rf_ref_is_self(&place->root)) flags |= RF_SITE_MARKS_SELF;
    return flags;
}

/* The receiver is a local whose register the call may use directly. */
static bool is_local_receiver(const rf_compiler *c, const rf_node *node)
{
    const rf_place *place = node->as.method.place;
    const uint32_t own = rf_ref_register(c, &place->root);
    return place->count == 0 && own != RF_PUSH && !rf_ref_is_constant(&place->root) &&
           !rf_any_may_store(node->as.method.args, node->as.method.count, own);
}

static void check_receiver(rf_compiler *c, const rf_place *place)
{
    if (!place->root.may_be_unset) return;
    rf_at(c, place->pos);
    rf_emit(c, RF_OP_CHECK, place->root.index, rf_name_constant(c, place->root.name), 0);
}

static uint32_t call_on_local(rf_compiler *c, const rf_node *node, uint32_t piped, uint32_t dest)
{
    const rf_place *place = node->as.method.place;
    const uint32_t own = place->root.index;
    uint32_t when_null = 0;
    check_receiver(c, place);
    if (node->flag) when_null = rf_emit_jump(c, RF_OP_JNULL, own, 0);
    const uint32_t window = rf_push_temps(c, 2);
    push_args(c, piped, node->as.method.args, node->as.method.count);
    rf_at(c, node->pos);
    rf_emit(c, RF_OP_CALLLOCAL, window, method_site(c, node, piped, RF_NO_PLACE, place_flags(c, place)), own);
    rf_pop_temps(c, window + 1);
    if (node->flag) {
        const uint32_t end = rf_emit_jump(c, RF_OP_JMP, 0, 0);
        rf_patch(c, when_null, rf_here(c));
        if (piped != RF_PUSH) rf_emit_drop(c, piped, piped + 1);
        rf_emit(c, RF_OP_LOADNULL, window, 0, 0);
        rf_patch(c, end, rf_here(c));
    }
    return deliver(c, window, dest);
}

/* Emits what stores R[self] back, behind the call at pc `call` that `site` describes. */
static void emit_store_back(rf_compiler *c, const rf_open_place *place, uint32_t site, uint32_t call, uint32_t self)
{
    const rf_ref *root = &place->syntax->root;
    if (rf_ref_is_constant(root))
        rf_emit_named(c, RF_OP_MUTATES, root->name, place->syntax->pos);
    else
        rf_place_store(c, place, self, false);
    rf_site_finish(c, site, call);
}

/* The result in R[window] replaces the index temporaries of the place. */
static uint32_t close_call(rf_compiler *c, rf_open_place *place, uint32_t window, uint32_t dest)
{
    const uint32_t mark = place->mark;
    rf_pop_temps(c, window + 1);
    rf_place_close(c, place);
    if (mark == window) return deliver(c, window, dest);
    rf_pop_temps(c, mark);
    dest = rf_dest(c, dest);
    rf_emit(c, RF_OP_MOVE, dest, window, 0);
    return dest;
}

static uint32_t call_on_place(rf_compiler *c, const rf_node *node, uint32_t piped, uint32_t dest)
{
    const rf_place *syntax = node->as.method.place;
    const bool is_storable = syntax->root.kind != RF_REF_BUILTIN && syntax->root.kind != RF_REF_NONE;
    uint32_t when_null = 0;
    rf_open_place place;
    rf_place_open(c, &place, syntax, node->as.method.args, node->as.method.count);
    const uint32_t window = rf_push_temps(c, 2);
    rf_place_read(c, &place, window + 1);
    if (node->flag) when_null = rf_emit_jump(c, RF_OP_JNULL, window + 1, 0);
    push_args(c, piped, node->as.method.args, node->as.method.count);
    if (is_storable) rf_place_describe(c, &place);
    const uint32_t site = method_site(c, node, piped, place.info, place_flags(c, syntax));
    rf_at(c, node->pos);
    const uint32_t call = rf_emit(c, RF_OP_CALLMETHOD, window, site, 0);
    rf_pop_temps(c, window + 2);
    if (is_storable) emit_store_back(c, &place, site, call, window + 1);
    if (node->flag) {
        const uint32_t end = rf_emit_jump(c, RF_OP_JMP, 0, 0);
        rf_patch(c, when_null, rf_here(c));
        if (piped != RF_PUSH) rf_emit_drop(c, piped, piped + 1);
        rf_emit(c, RF_OP_MOVE, window, window + 1, 0);
        rf_patch(c, end, rf_here(c));
    }
    return close_call(c, &place, window, dest);
}

uint32_t rf_compile_place_method(rf_compiler *c, const rf_node *node, uint32_t piped, uint32_t dest)
{
    c->branch_depth++; /* what the call stores back it stores perhaps */
    const uint32_t reg = is_local_receiver(c, node) ? call_on_local(c, node, piped, dest)
                                                    : call_on_place(c, node, piped, dest);
    c->branch_depth--;
    return reg;
}

/* ---- update statements ---- */

static bool is_push(const rf_node *node)
{
    const rf_symbol *name = node->as.method.name;
    return !node->flag && node->as.method.count == 1 && (node->as.method.updater & RF_UPDATES_ARRAY) &&
           (strcmp(name->text, "push") == 0 || strcmp(name->text, "append") == 0);
}

static void emit_push(rf_compiler *c, const rf_place *place, const rf_node *value, rf_site site, rf_pos pos)
{
    const uint32_t mark = c->top;
    check_receiver(c, place);
    const uint32_t operand = rf_compile_operand(c, value, NULL, 0);
    const uint32_t window = rf_push_temps(c, 3);
    site.window = (uint16_t)window;
    site.skip = 1;
    rf_at(c, pos);
    const uint32_t index = rf_site_index(c, site);
    if (index >= RF_PAGE_SIZE) rf_emit_page(c, index / RF_PAGE_SIZE);
    rf_emit(c, RF_OP_PUSH, place->root.index, operand, index % RF_PAGE_SIZE);
    rf_emit_drop(c, window, window + 1); /* skipped when it was a push */
    if (index >= RF_PAGE_SIZE) rf_emit_page(c, 0);
    rf_pop_temps(c, mark);
}

/* Evaluating it has no effect and cannot raise, so it may be done before the receiver is read, and twice. */
static bool is_harmless(const rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_NULL_LIT:
    case RF_NODE_BOOL:
    case RF_NODE_INT:
    case RF_NODE_FLOAT:
    case RF_NODE_STRING:
    case RF_NODE_FUNC: return true;
    case RF_NODE_NAME: return node->as.ref.kind != RF_REF_NONE && !node->as.ref.may_be_unset;
    case RF_NODE_ARRAY:
        for (uint32_t i = 0; i < node->as.list.count; i++)
            if (node->as.list.items[i]->kind == RF_NODE_SPREAD || !is_harmless(node->as.list.items[i]))
                return false;
        return node->as.list.count <= 8;
    default: return false;
    }
}

/* Tries to append to an array in place; falls through to the general way when there is none.  The jump to be patched to
 * the end of that, or NOT_TRIED. */
#define NOT_TRIED UINT32_MAX

static uint32_t try_push_place(rf_compiler *c, const rf_place *syntax, const rf_node *value, rf_pos pos)
{
    const rf_ref *root = &syntax->root;
    const bool is_variable = root->kind == RF_REF_LOCAL || root->kind == RF_REF_CAPTURE ||
                             root->kind == RF_REF_MODULE || root->kind == RF_REF_FIELD;
    if (!is_variable || rf_ref_is_constant(root) || !is_harmless(value)) return NOT_TRIED;
    if (rf_ref_is_self(root) && root->is_cell) return NOT_TRIED;
    const uint32_t mark = c->top;
    rf_open_place place;
    rf_place_open(c, &place, syntax, NULL, 0);
    uint32_t jump = NOT_TRIED;
    if (c->top == mark) { /* no index has to be computed */
        rf_place_describe(c, &place);
        rf_vector_last(&c->chunk.places)->marks_self = rf_ref_is_self(root);
        const uint32_t operand = rf_compile_operand(c, value, NULL, 0);
        rf_at(c, pos);
        jump = rf_emit_jump(c, RF_OP_PUSHPLACE, operand, place.info);
        if (rf_is_temp(c, operand)) rf_emit_drop(c, operand, operand + 1);
    }
    rf_pop_temps(c, mark);
    rf_free(place.regs);
    return jump;
}

void rf_compile_update_method(rf_compiler *c, const rf_node *node)
{
    const rf_place *place = node->as.method.place;
    if (is_push(node) && is_local_receiver(c, node) && !rf_ref_is_self(&place->root)) {
        const rf_site site = {.name = rf_symbol_string(c, node->as.method.name),
                              .arg_count = 1,
                              .updater = (uint16_t)node->as.method.updater,
                              .place = RF_NO_PLACE,
                              .flags = (uint8_t)place_flags(c, place),
                              .builtin = RF_NO_BUILTIN};
        emit_push(c, place, node->as.method.args[0], site, node->pos);
        return;
    }
    const uint32_t mark = c->top;
    const uint32_t pushed = is_push(node) ? try_push_place(c, place, node->as.method.args[0], node->pos) : NOT_TRIED;
    const uint32_t result = rf_compile_place_method(c, node, RF_PUSH, RF_PUSH);
    rf_emit_drop(c, result, result + 1);
    rf_pop_temps(c, mark);
    if (pushed != NOT_TRIED) rf_patch(c, pushed, rf_here(c));
}

static bool is_push_call(const rf_compiler *c, const rf_node *node)
{
    const char *name = c->isolate->builtins[node->as.update.builtin].canonical;
    return strcmp(name, "push") == 0 && node->as.update.count == 1 && !node->flag;
}

static bool is_local_push(const rf_compiler *c, const rf_node *node)
{
    const rf_place *place = &node->as.update.place;
    const uint32_t own = rf_ref_register(c, &place->root);
    return is_push_call(c, node) && place->count == 0 && own != RF_PUSH && !rf_ref_is_constant(&place->root) && !rf_ref_is_self(&place->root) &&
           !rf_any_may_store(node->as.update.args, node->as.update.count, own);
}

void rf_compile_update(rf_compiler *c, const rf_node *node)
{
    const rf_place *syntax = &node->as.update.place;
    rf_site info = {.name = rf_symbol_string(c, node->as.update.name),
                    .arg_count = (uint16_t)node->as.update.count,
                    .updater = (uint16_t)node->as.update.updater,
                    .place = RF_NO_PLACE,
                    .flags = (uint8_t)(place_flags(c, syntax) | (node->flag ? RF_SITE_ECHO : 0)),
                    .builtin = (uint16_t)node->as.update.builtin};
    if (is_local_push(c, node)) {
        emit_push(c, syntax, node->as.update.args[0], info, node->pos);
        return;
    }
    const uint32_t mark = c->top;
    const uint32_t pushed =
        is_push_call(c, node) ? try_push_place(c, syntax, node->as.update.args[0], node->pos) : NOT_TRIED;
    rf_open_place place;
    rf_place_open(c, &place, syntax, node->as.update.args, node->as.update.count);
    const uint32_t window = rf_push_temps(c, 2);
    rf_place_read(c, &place, window + 1);
    push_args(c, RF_PUSH, node->as.update.args, node->as.update.count);
    const bool is_storable = syntax->root.kind != RF_REF_BUILTIN && syntax->root.kind != RF_REF_NONE;
    if (is_storable) rf_place_describe(c, &place);
    info.place = place.info;
    const uint32_t site = rf_site_index(c, info);
    rf_at(c, node->pos);
    const uint32_t call = rf_emit(c, RF_OP_UPDATE, window, site, 0);
    rf_pop_temps(c, window + 2);
    c->branch_depth++;
    if (is_storable) emit_store_back(c, &place, site, call, window + 1);
    c->branch_depth--;
    const uint32_t result = close_call(c, &place, window, RF_PUSH);
    rf_emit_drop(c, result, result + 1);
    rf_pop_temps(c, mark);
    if (pushed != NOT_TRIED) rf_patch(c, pushed, rf_here(c));
}

bool rf_compile_updating_assign(rf_compiler *c, const rf_node *node)
{
    const rf_place *syntax = &node->as.assign.place;
    const rf_node *value = node->as.assign.value;
    if (!rf_is_plain_call(value) || value->as.call.count == 0) return false;
    const rf_ref *callee = &value->as.call.callee->as.ref;
    rf_node *const *args = value->as.call.args;
    const uint32_t count = value->as.call.count;
    rf_open_place place;
    if (callee->kind != RF_REF_BUILTIN || !rf_updater_find(callee->name->text, callee->name->size, false) ||
        !rf_reads_place(args[0], syntax) || !rf_place_open_early(c, &place, syntax, args + 1, count - 1))
        return false;
    const uint32_t window = rf_push_temp(c);
    push_args(c, RF_PUSH, args, count);
    const uint32_t site = rf_site_index(c, (rf_site){.name = rf_symbol_string(c, callee->name),
                                                     .arg_count = (uint16_t)(count - 1),
                                                     .place = place.info,
                                                     .flags = RF_SITE_ASSIGNS,
                                                     .builtin = (uint16_t)callee->index});
    rf_at(c, value->pos);
    const uint32_t call = rf_emit(c, RF_OP_UPDATE, window, site, 0);
    rf_pop_temps(c, window + 2);
    emit_store_back(c, &place, site, call, window + 1);
    rf_emit_drop(c, window, window + 1);
    rf_pop_temps(c, window);
    rf_place_close(c, &place);
    return true;
}

/* ---- x |> f ---- */

/* Is node a call that is not in parentheses?  These move the start of what they enclose to the left. */
static bool is_written_call(const rf_node *node)
{
    const rf_node *first = node->kind == RF_NODE_CALL     ? node->as.call.callee
                           : node->kind == RF_NODE_METHOD ? node->as.method.receiver
                                                          : NULL;
    return first && first->start.line == node->start.line && first->start.column == node->start.column;
}

/* f(x, ...): the piped value is in R[window + 1], the first argument; the callee is evaluated after it. */
static void pipe_into_call(rf_compiler *c, const rf_node *node, uint32_t window)
{
    const rf_node *right = node->as.binary.right;
    const bool is_call = is_written_call(right);
    const rf_node *callee = is_call ? right->as.call.callee : right;
    const uint32_t count = 1 + (is_call ? right->as.call.count : 0);
    const bool is_named = callee->kind == RF_NODE_NAME;
    if (!is_named || needs_callee(c, callee, count)) rf_compile(c, callee, window);
    if (is_call) push_args(c, RF_PUSH, right->as.call.args, right->as.call.count);
    const rf_pos pos = is_call ? right->pos : right->start;
    if (is_named) {
        emit_named_call(c, callee, window, count, pos);
        return;
    }
    rf_at(c, pos);
    rf_emit(c, RF_OP_CALL, window, count, 0);
}

static void pipe_into_method(rf_compiler *c, const rf_node *method, uint32_t piped)
{
    uint32_t result;
    if (method->as.method.place) {
        result = rf_compile_place_method(c, method, piped, RF_PUSH);
    } else {
        result = rf_compile(c, method->as.method.receiver, RF_PUSH);
        uint32_t end = 0;
        if (method->flag) { /* the piped value has to die on both ways */
            const uint32_t call = rf_emit_jump(c, RF_OP_JNOTNULL, result, 0);
            rf_emit_drop(c, piped, piped + 1);
            end = rf_emit_jump(c, RF_OP_JMP, 0, 0);
            rf_patch(c, call, rf_here(c));
        }
        emit_method_call(c, method, result, piped);
        if (method->flag) rf_patch(c, end, rf_here(c)); /* the null receiver is the result */
    }
    rf_emit(c, RF_OP_MOVE, piped, result, 0);
    rf_pop_temps(c, piped + 1);
}

uint32_t rf_compile_pipe(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    RF_VECTOR(const rf_node *) nodes = {0};
    for (; node->kind == RF_NODE_PIPE; node = node->as.binary.left) rf_vector_push(&nodes, node);
    const uint32_t mark = c->top;
    rf_compile(c, node, RF_PUSH);
    while (nodes.count) {
        const rf_node *pipe = rf_vector_pop(&nodes);
        if (pipe->as.binary.right->kind == RF_NODE_METHOD && is_written_call(pipe->as.binary.right)) {
            pipe_into_method(c, pipe->as.binary.right, mark);
            continue;
        }
        rf_emit(c, RF_OP_MOVE, rf_push_temp(c), mark, 0);
        pipe_into_call(c, pipe, mark);
        rf_pop_temps(c, mark + 1);
    }
    rf_vector_release(&nodes);
    return deliver(c, mark, dest);
}

/* ---- what `for` knows: range(...), items(...) ---- */

static bool is_call_of(const rf_compiler *c, const rf_node *node, const char *name, uint32_t least, uint32_t most)
{
    if (!rf_is_plain_call(node) || node->as.call.count < least || node->as.call.count > most) return false;
    const rf_builtin *row = builtin_row(c, node->as.call.callee);
    return row && strcmp(row->canonical, name) == 0;
}

bool rf_is_range_call(const rf_compiler *c, const rf_node *node)
{
    return is_call_of(c, node, "range", 1, 3);
}

bool rf_is_items_call(const rf_compiler *c, const rf_node *node)
{
    return is_call_of(c, node, "items", 1, 1);
}
