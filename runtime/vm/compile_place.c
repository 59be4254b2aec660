/* Variables, places and assignment (LANGUAGE 4, 5.3, 6.1). */
#include "base/alloc.h"
#include "vm/compile.h"

#include <string.h>

/* ---- variables ---- */

uint32_t rf_ref_register(const rf_compiler *c, const rf_ref *ref)
{
    const bool is_plain = ref->kind == RF_REF_LOCAL && !ref->is_cell && rf_is_direct(c, ref->index);
    return is_plain ? ref->index : RF_PUSH;
}

bool rf_ref_is_constant(const rf_ref *ref)
{
    if (ref->kind == RF_REF_FIELD) return false;
    return ref->kind == RF_REF_BUILTIN || (ref->var && ref->var->is_const);
}

bool rf_ref_is_self(const rf_ref *ref)
{
    const rf_var *var = ref->var;
    return var && var->home == RF_HOME_LOCAL && var->slot == 0 && var->func->has_self;
}

void rf_emit_named(rf_compiler *c, rf_op op, const rf_symbol *name, rf_pos pos)
{
    rf_at(c, pos);
    rf_emit(c, op, rf_name_constant(c, name), 0, 0);
}

/* A cell that is a local, in a register: its own or a temporary. */
static uint32_t cell_register(rf_compiler *c, uint32_t slot)
{
    if (rf_is_direct(c, slot)) return slot;
    const uint32_t reg = rf_push_temp(c);
    rf_emit_wide(c, RF_OP_GETWIDE, reg, rf_wide_register(slot));
    return reg;
}

static void drop_cell(rf_compiler *c, uint32_t cell)
{
    if (!rf_is_temp(c, cell)) return;
    rf_emit_drop(c, cell, cell + 1);
    rf_pop_temps(c, cell);
}

static void load_local(rf_compiler *c, const rf_ref *ref, uint32_t dest)
{
    if (ref->is_cell) {
        const uint32_t cell = cell_register(c, ref->index);
        const bool is_checked = ref->may_be_unset && !rf_is_temp(c, cell);
        rf_emit(c, is_checked ? RF_OP_GETCELL_CHECKED : RF_OP_GETCELL, dest, cell, 0);
        drop_cell(c, cell);
    } else if (rf_is_direct(c, ref->index)) {
        rf_emit_move(c, dest, ref->index);
    } else {
        rf_emit_wide(c, RF_OP_GETWIDE, dest, rf_wide_register(ref->index));
    }
}

static void load_capture(rf_compiler *c, const rf_ref *ref, uint32_t dest)
{
    const rf_op op = ref->is_cell ? (ref->may_be_unset ? RF_OP_GETCAPCELL_CHECKED : RF_OP_GETCAPCELL)
                                  : (ref->may_be_unset ? RF_OP_GETCAPTURE_CHECKED : RF_OP_GETCAPTURE);
    rf_emit_wide(c, op, dest, ref->index);
}

/* The instance of an implicit self, in a register that is only looked at. */
static uint32_t self_register(rf_compiler *c, const rf_ref *ref)
{
    if (ref->self_kind == RF_REF_LOCAL && !ref->is_cell && rf_is_direct(c, ref->index)) return ref->index;
    const uint32_t reg = rf_push_temp(c);
    if (ref->self_kind == RF_REF_LOCAL)
        load_local(c, ref, reg);
    else
        rf_emit_wide(c, ref->is_cell ? RF_OP_GETCAPCELL : RF_OP_GETCAPTURE, reg, ref->index);
    return reg;
}

static void load_field(rf_compiler *c, const rf_ref *ref, uint32_t dest)
{
    const uint32_t self = self_register(c, ref);
    rf_emit(c, RF_OP_GETOWN, dest, self, ref->field);
    drop_cell(c, self);
}

static void emit_check(rf_compiler *c, const rf_ref *ref, uint32_t reg)
{
    rf_emit(c, RF_OP_CHECK, reg, rf_name_constant(c, ref->name), 0);
}

/* Variables without a number of their own are checked after they were read. */
static bool is_checked_apart(const rf_compiler *c, const rf_ref *ref)
{
    return ref->may_be_unset && ref->kind == RF_REF_LOCAL && !rf_is_direct(c, ref->index);
}

static void load_unchecked(rf_compiler *c, const rf_ref *ref, uint32_t dest)
{
    switch (ref->kind) {
    case RF_REF_LOCAL: load_local(c, ref, dest); break;
    case RF_REF_CAPTURE: load_capture(c, ref, dest); break;
    case RF_REF_BUILTIN: rf_emit(c, RF_OP_GETBUILTIN, dest, ref->index, 0); break;
    case RF_REF_FIELD: load_field(c, ref, dest); break;
    default: rf_assert(!"a variable"); break;
    }
}

uint32_t rf_load_ref(rf_compiler *c, const rf_ref *ref, rf_pos pos, uint32_t dest)
{
    dest = rf_dest(c, dest);
    rf_at(c, pos);
    const uint32_t own = rf_ref_register(c, ref);
    if (ref->kind == RF_REF_NONE) {
        rf_emit_named(c, RF_OP_UNDEFINED, ref->name, pos);
    } else if (ref->kind == RF_REF_MODULE) {
        rf_emit_wide(c, ref->may_be_unset ? RF_OP_GETMODULE_CHECKED : RF_OP_GETMODULE, dest, ref->index);
    } else if (is_checked_apart(c, ref)) {
        const uint32_t reg = rf_push_temp(c);
        load_unchecked(c, ref, reg);
        emit_check(c, ref, reg);
        rf_emit_move(c, dest, reg);
        rf_pop_temps(c, reg);
    } else {
        if (own != RF_PUSH && ref->may_be_unset) emit_check(c, ref, own);
        load_unchecked(c, ref, dest);
    }
    return dest;
}

void rf_emit_mark(rf_compiler *c, const rf_ref *ref, bool always)
{
    if (!rf_ref_is_self(ref)) return;
    const unsigned kind = ref->kind == RF_REF_FIELD ? ref->self_kind : ref->kind;
    if (ref->is_cell && kind == RF_REF_CAPTURE) {
        rf_emit_wide(c, RF_OP_MARKCAPTURE, 0, ref->index);
    } else if (ref->is_cell) {
        rf_emit(c, RF_OP_MARKCELL, ref->index, 0, 0);
    } else if (!c->self_marked) {
        rf_emit(c, RF_OP_MARKSELF, 0, 0, 0);
        c->self_marked = always && c->branch_depth == 0;
    }
}

/* Moves a temporary or copies a local. */
static void store_variable(rf_compiler *c, const rf_ref *ref, uint32_t reg)
{
    switch (ref->kind) {
    case RF_REF_LOCAL:
        if (ref->is_cell) {
            const uint32_t cell = cell_register(c, ref->index);
            rf_emit(c, RF_OP_SETCELL, cell, reg, 0);
            drop_cell(c, cell);
        } else if (rf_is_direct(c, ref->index)) {
            rf_emit_move(c, ref->index, reg);
        } else {
            rf_emit_wide(c, RF_OP_SETWIDE, reg, rf_wide_register(ref->index));
        }
        break;
    case RF_REF_CAPTURE: rf_emit_wide(c, RF_OP_SETCAPCELL, reg, ref->index); break;
    case RF_REF_MODULE: rf_emit_wide(c, RF_OP_SETMODULE, reg, ref->index); break;
    default: rf_assert(!"a variable"); break;
    }
}

static void store_own_field(rf_compiler *c, const rf_ref *ref, rf_pos pos, uint32_t reg)
{
    if (ref->self_kind == RF_REF_LOCAL && !ref->is_cell && rf_is_direct(c, ref->index)) {
        rf_emit(c, RF_OP_SETOWN, ref->index, reg, ref->field);
        rf_emit_mark(c, ref, true);
        return;
    }
    const rf_place syntax = {.root = *ref, .pos = pos};
    rf_open_place place;
    rf_place_open(c, &place, &syntax, NULL, 0);
    rf_place_describe(c, &place);
    rf_place_store(c, &place, reg, true);
    rf_place_close(c, &place);
}

void rf_declare_ref(rf_compiler *c, const rf_ref *ref, uint32_t reg)
{
    store_variable(c, ref, reg);
    rf_emit_mark(c, ref, true);
}

void rf_store_ref(rf_compiler *c, const rf_ref *ref, rf_pos pos, uint32_t reg)
{
    if (rf_ref_is_constant(ref))
        rf_emit_named(c, RF_OP_REASSIGNS, ref->name, pos);
    else if (ref->kind == RF_REF_FIELD)
        store_own_field(c, ref, pos, reg);
    else
        rf_declare_ref(c, ref, reg);
}

/* ---- places that are read and stored ---- */

static bool is_plain_local(const rf_compiler *c, const rf_node *node)
{
    return node->kind == RF_NODE_NAME && rf_ref_register(c, &node->as.ref) != RF_PUSH &&
           !node->as.ref.may_be_unset;
}

/* Is the register of a local good for the index until the place is stored? */
static bool index_stays(const rf_compiler *c, const rf_place *syntax, uint32_t step, rf_node *const *after,
                        uint32_t after_count)
{
    const rf_node *index = syntax->steps[step].index;
    if (!is_plain_local(c, index)) return false;
    const uint32_t slot = index->as.ref.index;
    for (uint32_t i = step + 1; i < syntax->count; i++)
        if (!syntax->steps[i].is_field && rf_may_store(syntax->steps[i].index, slot)) return false;
    /* a method may also store its modified self into the index variable: it is the root then */
    if (syntax->root.kind == RF_REF_LOCAL && syntax->root.index == slot) return false;
    return !rf_any_may_store(after, after_count, slot);
}

void rf_place_open(rf_compiler *c, rf_open_place *place, const rf_place *syntax, rf_node *const *after,
                   uint32_t after_count)
{
    *place = (rf_open_place){.syntax = syntax, .mark = c->top, .info = RF_NO_PLACE};
    place->regs = rf_alloc_array(uint32_t, syntax->count + 1);
    for (uint32_t i = 0; i < syntax->count; i++) {
        const rf_step *step = &syntax->steps[i];
        if (step->is_field)
            place->regs[i] = 0;
        else if (index_stays(c, syntax, i, after, after_count))
            place->regs[i] = step->index->as.ref.index;
        else
            place->regs[i] = rf_push_temp(c);
    }
}

static void eval_index(rf_compiler *c, const rf_open_place *place, uint32_t i)
{
    const rf_step *step = &place->syntax->steps[i];
    if (!step->is_field && rf_is_temp(c, place->regs[i])) rf_compile(c, step->index, place->regs[i]);
}

void rf_place_indexes(rf_compiler *c, rf_open_place *place)
{
    for (uint32_t i = 0; i < place->syntax->count; i++) eval_index(c, place, i);
}

/* dest = object.field or object[index]; a temporary object dies, the index stays. */
static void read_step(rf_compiler *c, const rf_open_place *place, uint32_t i, uint32_t object, uint32_t dest)
{
    const rf_step *step = &place->syntax->steps[i];
    const bool is_temp = rf_is_temp(c, object);
    if (step->is_field) {
        rf_at(c, step->pos);
        const uint32_t site =
            rf_site_index(c, (rf_site){.name = rf_symbol_string(c, step->field), .place = RF_NO_PLACE});
        rf_emit(c, is_temp ? RF_OP_GETFIELD_T : RF_OP_GETFIELD, dest, object, site);
        return;
    }
    eval_index(c, place, i);
    uint32_t index = place->regs[i];
    int32_t small;
    rf_at(c, step->pos);
    if (rf_is_small_int(step->index, &small)) {
        rf_emit(c, is_temp ? RF_OP_GETINDEXI_T : RF_OP_GETINDEXI, dest, object, (uint16_t)small);
        return;
    }
    const uint32_t mark = c->top;
    if (rf_is_temp(c, index)) {
        index = rf_push_temp(c);
        rf_emit(c, RF_OP_COPY, index, place->regs[i], 0);
    }
    rf_emit(c, is_temp ? RF_OP_GETINDEX_T : RF_OP_GETINDEX, dest, object, index);
    rf_pop_temps(c, mark);
}

void rf_place_read(rf_compiler *c, rf_open_place *place, uint32_t dest)
{
    const rf_place *syntax = place->syntax;
    const uint32_t own = rf_ref_register(c, &syntax->root);
    uint32_t object = own;
    if (own == RF_PUSH || syntax->count == 0)
        object = rf_load_ref(c, &syntax->root, syntax->pos, dest);
    else if (syntax->root.may_be_unset) {
        rf_at(c, syntax->pos);
        rf_emit(c, RF_OP_CHECK, own, rf_name_constant(c, syntax->root.name), 0);
    }
    for (uint32_t i = 0; i < syntax->count; i++) {
        read_step(c, place, i, object, dest);
        object = dest;
    }
}

static rf_place_info *new_info(const rf_compiler *c, const rf_ref *root, uint32_t count)
{
    rf_place_info *info = rf_alloc_zero(sizeof *info + rf_array_size(count, sizeof info->steps[0]));
    info->root = root->kind == RF_REF_FIELD ? root->self_kind : root->kind;
    info->is_cell = root->is_cell;
    info->index = root->index;
    info->name = root->name;
    info->is_constant = rf_ref_is_constant(root);
    info->is_self = info->root == RF_REF_LOCAL && !info->is_cell && info->index == 0 && c->func->has_self;
    info->count = count;
    return info;
}

static bool is_same_step(const rf_place_step *a, const rf_place_step *b)
{
    return a->field == b->field && a->reg == b->reg && a->pos.line == b->pos.line &&
           a->pos.column == b->pos.column;
}

static bool is_same_info(const rf_place_info *a, const rf_place_info *b)
{
    if (a->root != b->root || a->index != b->index || a->is_cell != b->is_cell || a->count != b->count ||
        a->marks_self)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!is_same_step(&a->steps[i], &b->steps[i])) return false;
    return true;
}

/* Adds info, unless it is the one before once more: a long list of `xs.push(...)` needs one. */
static uint32_t place_index(rf_compiler *c, rf_place_info *info)
{
    if (c->chunk.places.count && is_same_info(rf_vector_last(&c->chunk.places), info))
        rf_free(info);
    else
        rf_vector_push(&c->chunk.places, info);
    return (uint32_t)c->chunk.places.count - 1;
}

void rf_place_describe(rf_compiler *c, rf_open_place *place)
{
    const rf_place *syntax = place->syntax;
    const bool is_field = syntax->root.kind == RF_REF_FIELD;
    rf_place_info *info = new_info(c, &syntax->root, syntax->count + is_field);
    if (info->root == RF_REF_LOCAL && !rf_is_direct(c, info->index))
        info->index = rf_wide_register(info->index);
    uint32_t at = 0;
    if (is_field)
        info->steps[at++] =
            (rf_place_step){.field = rf_symbol_string(c, syntax->root.name), .pos = syntax->pos};
    for (uint32_t i = 0; i < syntax->count; i++) {
        const rf_step *step = &syntax->steps[i];
        info->steps[at++] = (rf_place_step){
            .field = step->is_field ? rf_symbol_string(c, step->field) : NULL,
            .reg = place->regs[i],
            .pos = step->pos};
    }
    place->info = place_index(c, info);
}

void rf_place_store(rf_compiler *c, const rf_open_place *place, uint32_t reg, bool marks_always)
{
    const rf_place *syntax = place->syntax;
    rf_at(c, syntax->pos);
    if (syntax->count == 0 && syntax->root.kind != RF_REF_FIELD)
        store_variable(c, &syntax->root, reg);
    else
        rf_emit(c, RF_OP_SETPLACE, reg, place->info, 0);
    rf_emit_mark(c, &syntax->root, marks_always);
}

/* The index temporaries die; the place may be read no more. */
void rf_place_close(rf_compiler *c, rf_open_place *place)
{
    uint32_t end = place->mark;
    for (uint32_t i = 0; i < place->syntax->count; i++)
        if (!place->syntax->steps[i].is_field && rf_is_temp(c, place->regs[i])) end = place->regs[i] + 1;
    rf_emit_drop(c, place->mark, end);
    rf_pop_temps(c, place->mark);
    rf_free(place->regs);
}

/* Nobody but the running frame can look at the place while a call runs, and nobody will after the call has raised. */
bool rf_place_may_empty(const rf_compiler *c, const rf_place *syntax)
{
    const rf_ref *root = &syntax->root;
    const unsigned kind = root->kind == RF_REF_FIELD ? root->self_kind : root->kind;
    return kind == RF_REF_LOCAL && !root->is_cell && root->var && !root->var->is_const &&
           c->try_depth == 0 && c->func->kind != RF_FUNC_TEST;
}

/* ---- assignment ---- */

static bool is_discard(const rf_place *place)
{
    return place->count == 0 && strcmp(place->root.name->text, "_") == 0;
}

static bool names_root(const rf_node *node, const rf_ref *root)
{
    return node->kind == RF_NODE_NAME && node->as.ref.var && node->as.ref.var == root->var &&
           node->as.ref.kind == root->kind && (root->kind != RF_REF_FIELD || node->as.ref.field == root->field);
}

static bool is_same_index(const rf_node *a, const rf_node *b)
{
    if (a->kind != b->kind) return false;
    if (a->kind == RF_NODE_INT) return a->as.integer == b->as.integer;
    if (a->kind == RF_NODE_STRING) return a->as.literal == b->as.literal;
    return a->kind == RF_NODE_NAME && a->as.ref.var && a->as.ref.var == b->as.ref.var;
}

bool rf_reads_place(const rf_node *node, const rf_place *place)
{
    for (uint32_t i = place->count; i-- > 0;) {
        const rf_step *step = &place->steps[i];
        if (step->is_field) {
            if (node->kind != RF_NODE_FIELD || node->flag || node->as.field.name != step->field) return false;
            node = node->as.field.object;
        } else {
            if (node->kind != RF_NODE_INDEX || !is_same_index(node->as.index.index, step->index)) return false;
            node = node->as.index.object;
        }
    }
    return names_root(node, &place->root);
}

/* Evaluating the indexes gives the same before and after the value is evaluated, and has no effect. */
static bool has_steady_indexes(const rf_compiler *c, const rf_place *syntax, rf_node *const *after, uint32_t after_count)
{
    for (uint32_t i = 0; i < syntax->count; i++) {
        const rf_step *step = &syntax->steps[i];
        if (!step->is_field && step->index->kind != RF_NODE_INT && step->index->kind != RF_NODE_STRING &&
            !index_stays(c, syntax, i, after, after_count))
            return false;
    }
    return true;
}

bool rf_place_open_early(rf_compiler *c, rf_open_place *place, const rf_place *syntax, rf_node *const *after,
                         uint32_t after_count)
{
    const rf_ref *root = &syntax->root;
    if (root->kind == RF_REF_NONE || rf_ref_is_constant(root) ||
        !has_steady_indexes(c, syntax, after, after_count))
        return false;
    rf_place_open(c, place, syntax, after, after_count);
    rf_place_indexes(c, place);
    rf_place_describe(c, place);
    return true;
}

static bool compile_growing_sum(rf_compiler *c, const rf_node *node);

static void assign_variable(rf_compiler *c, const rf_node *node)
{
    const rf_place *syntax = &node->as.assign.place;
    const rf_ref *root = &syntax->root;
    const uint32_t mark = c->top;
    const uint32_t own = rf_ref_register(c, root);
    if (is_discard(syntax)) {
        rf_compile_discard(c, node->as.assign.value);
    } else if (rf_ref_is_constant(root)) {
        rf_compile_discard(c, node->as.assign.value);
        rf_emit_named(c, RF_OP_REASSIGNS, root->name, syntax->pos);
    } else if (own != RF_PUSH) {
        rf_compile(c, node->as.assign.value, own);
        rf_emit_mark(c, root, true);
    } else if (!compile_growing_sum(c, node) && !rf_compile_updating_assign(c, node)) {
        const uint32_t value = rf_compile_operand(c, node->as.assign.value, NULL, 0);
        rf_at(c, syntax->pos);
        rf_store_ref(c, root, syntax->pos, value);
    }
    rf_pop_temps(c, mark);
}

/* The root is a local with one step: its own instructions with inline caches. */
static bool is_simple_step(const rf_compiler *c, const rf_place *syntax)
{
    return syntax->count == 1 && rf_ref_register(c, &syntax->root) != RF_PUSH;
}

static void check_root(rf_compiler *c, const rf_place *syntax)
{
    if (!syntax->root.may_be_unset) return;
    rf_at(c, syntax->pos);
    rf_emit(c, RF_OP_CHECK, syntax->root.index, rf_name_constant(c, syntax->root.name), 0);
}

/* root.field := reg, root[index] := reg; the temporaries die. */
static void store_simple_step(rf_compiler *c, const rf_open_place *place, uint32_t reg)
{
    const rf_place *syntax = place->syntax;
    const rf_step *step = &syntax->steps[0];
    check_root(c, syntax);
    rf_at(c, step->pos);
    if (step->is_field) {
        const uint32_t site =
            rf_site_index(c, (rf_site){.name = rf_symbol_string(c, step->field), .place = RF_NO_PLACE});
        rf_emit(c, RF_OP_SETFIELD, syntax->root.index, reg, site);
    } else {
        rf_emit(c, RF_OP_SETINDEX, syntax->root.index, place->regs[0], reg);
    }
    rf_emit_mark(c, &syntax->root, true);
}

/* Stores into a place that has been read, and closes it. */
static void store_open_place(rf_compiler *c, rf_open_place *place, uint32_t reg)
{
    const rf_place *syntax = place->syntax;
    if (is_simple_step(c, syntax)) {
        store_simple_step(c, place, reg); /* uses up the index */
        rf_pop_temps(c, place->mark);
        rf_free(place->regs);
        return;
    }
    if (syntax->count == 0)
        rf_store_ref(c, &syntax->root, syntax->pos, reg);
    else
        rf_place_store(c, place, reg, true);
    rf_pop_temps(c, reg);
    rf_place_close(c, place);
}

/* x := x + e for what is not in a register: x may be grown in place. */
static bool compile_growing_sum(rf_compiler *c, const rf_node *node)
{
    const rf_place *syntax = &node->as.assign.place;
    const rf_node *value = node->as.assign.value;
    rf_open_place place;
    if (value->kind != RF_NODE_BINARY || value->op != RF_OPER_ADD || rf_is_immediate(c, RF_OPER_ADD, value->as.binary.right) ||
        !rf_reads_place(value->as.binary.left, syntax) ||
        !rf_place_open_early(c, &place, syntax, &value->as.binary.right, 1))
        return false;
    const uint32_t mark = rf_compile(c, value->as.binary.left, RF_PUSH);
    const uint32_t right = rf_compile_operand(c, value->as.binary.right, NULL, 0);
    rf_at(c, value->pos);
    rf_emit(c, RF_OP_ADDPLACE, mark, right, place.info);
    rf_at(c, syntax->pos);
    store_open_place(c, &place, mark);
    return true;
}

static void assign_part(rf_compiler *c, const rf_node *node)
{
    const rf_place *syntax = &node->as.assign.place;
    if (compile_growing_sum(c, node) || rf_compile_updating_assign(c, node)) return;
    const uint32_t mark = c->top;
    rf_node *indexes[8];
    uint32_t index_count = 0;
    bool all_known = syntax->count <= RF_COUNT_OF(indexes);
    for (uint32_t i = 0; all_known && i < syntax->count; i++)
        if (!syntax->steps[i].is_field) indexes[index_count++] = syntax->steps[i].index;
    const uint32_t value = all_known
                               ? rf_compile_operand(c, node->as.assign.value, indexes, index_count)
                               : rf_compile(c, node->as.assign.value, RF_PUSH);
    if (rf_ref_is_constant(&syntax->root)) {
        rf_emit_named(c, RF_OP_MUTATES, syntax->root.name, syntax->pos);
        rf_pop_temps(c, mark);
        return;
    }
    rf_open_place place;
    rf_place_open(c, &place, syntax, NULL, 0);
    rf_place_indexes(c, &place);
    if (syntax->root.kind == RF_REF_NONE) {
        rf_emit_named(c, RF_OP_UNDEFINED, syntax->root.name, syntax->pos);
    } else if (is_simple_step(c, syntax)) {
        store_simple_step(c, &place, value);
        rf_pop_temps(c, place.mark);
        rf_free(place.regs);
        rf_pop_temps(c, mark);
        return;
    } else {
        rf_place_describe(c, &place);
        rf_place_store(c, &place, value, true);
    }
    rf_place_close(c, &place);
    rf_pop_temps(c, mark);
}

/* ---- compound assignment ---- */

static void compound_local(rf_compiler *c, const rf_node *node, uint32_t own)
{
    const rf_place *syntax = &node->as.assign.place;
    const rf_node *value = node->as.assign.value;
    const uint32_t mark = c->top;
    check_root(c, syntax);
    uint32_t left = own;
    if (rf_may_store(value, own)) {
        left = rf_push_temp(c);
        rf_emit(c, RF_OP_COPY, left, own, 0);
    }
    const bool is_immediate = rf_is_immediate(c, node->op, value);
    const uint32_t right = is_immediate ? 0 : rf_compile_operand(c, value, NULL, 0);
    rf_at(c, node->pos);
    rf_emit_binary(c, node->op, own, left, is_immediate ? value : NULL, right);
    rf_emit_mark(c, &syntax->root, true);
    rf_pop_temps(c, mark);
}

/* Evaluates the right side and gives reg = reg op it.  Constants raise in between. */
static void apply_compound(rf_compiler *c, const rf_node *node, const rf_open_place *place, uint32_t reg)
{
    const rf_place *syntax = place->syntax;
    const rf_node *value = node->as.assign.value;
    const uint32_t mark = c->top;
    if (rf_ref_is_constant(&syntax->root)) {
        rf_compile_discard(c, value);
        rf_emit_named(c, syntax->count ? RF_OP_MUTATES : RF_OP_REASSIGNS, syntax->root.name, syntax->pos);
        return;
    }
    int32_t small;
    const bool is_sum = node->op == RF_OPER_ADD && !rf_is_small_int(value, &small);
    const bool is_immediate = !is_sum && rf_is_immediate(c, node->op, value);
    const uint32_t right = is_immediate ? 0 : rf_compile_operand(c, value, NULL, 0);
    rf_at(c, node->pos);
    if (is_sum)
        rf_emit(c, RF_OP_ADDPLACE, reg, right, place->info);
    else
        rf_emit_binary(c, node->op, reg, reg, is_immediate ? value : NULL, right);
    rf_pop_temps(c, mark);
}

static bool all_indexes_stay(const rf_compiler *c, const rf_open_place *place)
{
    for (uint32_t i = 0; i < place->syntax->count; i++)
        if (!place->syntax->steps[i].is_field && rf_is_temp(c, place->regs[i])) return false;
    return true;
}

/* dest = root.field or root[index]; the index stays. */
static void read_simple_step(rf_compiler *c, const rf_open_place *place, uint32_t dest)
{
    const rf_place *syntax = place->syntax;
    const bool is_in_temp = !syntax->steps[0].is_field && rf_is_temp(c, place->regs[0]);
    if (!is_in_temp) {
        read_step(c, place, 0, syntax->root.index, dest);
        return;
    }
    const uint32_t index = rf_push_temp(c);
    rf_at(c, syntax->steps[0].pos);
    rf_emit(c, RF_OP_COPY, index, place->regs[0], 0);
    rf_emit(c, RF_OP_GETINDEX, dest, syntax->root.index, index);
    rf_pop_temps(c, index);
}

/* dest = present value of a place whose indexes have been evaluated. */
static void read_open_place(rf_compiler *c, rf_open_place *place, uint32_t dest)
{
    const rf_place *syntax = place->syntax;
    if (syntax->count == 0 && syntax->root.kind != RF_REF_FIELD) {
        rf_load_ref(c, &syntax->root, syntax->pos, dest);
    } else if (is_simple_step(c, syntax)) {
        check_root(c, syntax);
        read_simple_step(c, place, dest);
    } else if (syntax->root.kind == RF_REF_BUILTIN || all_indexes_stay(c, place)) {
        rf_place_read(c, place, dest);
    } else {
        rf_at(c, syntax->pos);
        rf_emit(c, RF_OP_GETPLACE, dest, place->info, 0);
    }
}

static void compound_place(rf_compiler *c, const rf_node *node)
{
    const rf_place *syntax = &node->as.assign.place;
    rf_node *const value = node->as.assign.value;
    rf_open_place place;
    rf_place_open(c, &place, syntax, &value, 1);
    rf_place_indexes(c, &place);
    if (syntax->root.kind == RF_REF_NONE) {
        rf_emit_named(c, RF_OP_UNDEFINED, syntax->root.name, syntax->pos);
        rf_place_close(c, &place);
        return;
    }
    rf_place_describe(c, &place);
    const uint32_t reg = rf_push_temp(c);
    read_open_place(c, &place, reg);
    apply_compound(c, node, &place, reg);
    if (rf_ref_is_constant(&syntax->root))
        rf_place_close(c, &place);
    else
        store_open_place(c, &place, reg);
}

void rf_compile_assign(rf_compiler *c, const rf_node *node)
{
    const rf_place *syntax = &node->as.assign.place;
    const uint32_t own = rf_ref_register(c, &syntax->root);
    if (node->op == RF_OPER_NONE) {
        if (syntax->count)
            assign_part(c, node);
        else
            assign_variable(c, node);
    } else if (syntax->count == 0 && own != RF_PUSH && !rf_ref_is_constant(&syntax->root)) {
        compound_local(c, node, own);
    } else {
        compound_place(c, node);
    }
}
