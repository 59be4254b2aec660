/* See virtual.h.  Leaves are kept by register and number, a variable for each of the three ways to hold one: an int, a
 * float, a whole value. */
#include "jitc/virtual.h"

#include "jitc/core.h"
#include "jitc/families.h"

#include "base/alloc.h"
#include "value/function.h"
#include "value/struct_type.h"

/* ---- shapes ---- */

rf_known rf_virtual_made(const tr *t, rf_known k)
{
    const rf_virtual *shape = rf_virtual_of(t, k);
    return (rf_known){.kind = (uint8_t)shape->kind, .layout = shape->layout};
}

uint32_t rf_virtual_first_leaf(const tr *t, rf_known k, uint32_t part)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i < part; i++) first += rf_leaves_of(t, rf_virtual_of(t, k)->parts[i]);
    return first;
}

rf_known rf_virtual_leaf(const tr *t, rf_known k, uint32_t index)
{
    while (k.kind == RF_KIND_VIRTUAL) {
        const rf_virtual *shape = rf_virtual_of(t, k);
        uint32_t part = 0;
        for (; index >= rf_leaves_of(t, shape->parts[part]); part++) index -= rf_leaves_of(t, shape->parts[part]);
        k = shape->parts[part];
    }
    return k;
}

static bool is_same_shape(const rf_virtual *a, const rf_virtual *b)
{
    if (a->kind != b->kind || a->layout != b->layout || a->part_count != b->part_count) return false;
    for (uint32_t i = 0; i < a->part_count; i++)
        if (!is_same(&a->parts[i], &b->parts[i])) return false;
    return true;
}

/* Of that shape; MEMORY: it is too large, or there are too many. */
static rf_known virtual_of(tr *t, rf_virtual *shape)
{
    rf_compilation *c = t->all;
    shape->depth = 1;
    shape->leaf_count = 0;
    for (uint32_t i = 0; i < shape->part_count; i++) {
        const rf_known part = shape->parts[i];
        shape->leaf_count += rf_leaves_of(t, part);
        if (part.kind == RF_KIND_VIRTUAL && rf_virtual_of(t, part)->depth >= shape->depth)
            shape->depth = rf_virtual_of(t, part)->depth + 1;
    }
    if (shape->depth > RF_MOST_DEPTH || shape->leaf_count > RF_MOST_LEAVES) return (rf_known){.kind = RF_KIND_MEMORY};
    for (uint32_t i = 0; i < c->virtual_count; i++)
        if (is_same_shape(&c->virtuals[i], shape)) return (rf_known){.kind = RF_KIND_VIRTUAL, .layout = i};
    if (c->virtual_count == RF_MOST_VIRTUALS) return (rf_known){.kind = RF_KIND_MEMORY};
    c->virtuals[c->virtual_count] = *shape;
    return (rf_known){.kind = RF_KIND_VIRTUAL, .layout = c->virtual_count++};
}

static bool have_same_parts(const rf_virtual *a, const rf_virtual *b)
{
    return a->kind == b->kind && a->layout == b->layout && a->part_count == b->part_count;
}

rf_known rf_virtual_meet(tr *t, rf_known a, rf_known b)
{
    const bool are_virtual = a.kind == RF_KIND_VIRTUAL && b.kind == RF_KIND_VIRTUAL;
    if (are_virtual && have_same_parts(rf_virtual_of(t, a), rf_virtual_of(t, b))) {
        rf_virtual both = *rf_virtual_of(t, a);
        for (uint32_t i = 0; i < both.part_count; i++)
            both.parts[i] = meet(t, &both.parts[i], &rf_virtual_of(t, b)->parts[i], true);
        const rf_known k = virtual_of(t, &both);
        if (k.kind == RF_KIND_VIRTUAL) return k;
    }
    const rf_known x = a.kind == RF_KIND_VIRTUAL ? rf_virtual_made(t, a) : a;
    const rf_known y = b.kind == RF_KIND_VIRTUAL ? rf_virtual_made(t, b) : b;
    if (x.kind == y.kind && x.layout == y.layout) return (rf_known){.kind = x.kind, .layout = x.layout};
    return (rf_known){.kind = RF_KIND_MEMORY};
}

/* ---- variables ---- */

typedef enum leaf_class { LEAF_INT, LEAF_FLOAT, LEAF_VALUE, LEAF_CLASSES } leaf_class;

static leaf_class class_of(rf_known leaf)
{
    return leaf.kind == RF_KIND_FLOAT ? LEAF_FLOAT : is_in_variable(leaf.kind) ? LEAF_INT : LEAF_VALUE;
}

uint8_t rf_leaf_type(rf_known leaf)
{
    uint8_t types[LEAF_CLASSES] = {RF_IR_I64, RF_IR_F64, RF_IR_VALUE};
    return types[class_of(leaf)];
}

lvalue rf_leaf(tr *t, uint32_t reg, uint32_t index, rf_known leaf)
{
    if (!EMITS) return NULL;
    if (!t->leaves[reg]) t->leaves[reg] = rf_alloc_array_zero(lvalue, RF_MOST_LEAVES * LEAF_CLASSES);
    lvalue *at = &t->leaves[reg][index * LEAF_CLASSES + class_of(leaf)];
    if (!*at) {
        char name[32];
        snprintf(name, sizeof name, "v%u_%u_%u", reg, index, (unsigned)class_of(leaf));
        *at = rf_ir_variable_new(F, rf_leaf_type(leaf), 0, name);
    }
    return *at;
}

/* *slot = the leaf, as memory has it */
static void box_leaf(tr *t, lvalue slot, lvalue leaf, rf_known known)
{
    if (class_of(known) == LEAF_VALUE) {
        assign(t, slot_head(t, slot), value_of(t, slot_head(t, leaf)));
        assign(t, slot_object(t, slot), value_of(t, slot_object(t, leaf)));
        return;
    }
    assign(t, slot_head(t, slot), constant(t, head_of(known.kind)));
    assign(t, class_of(known) == LEAF_FLOAT ? slot_float(t, slot) : slot_int(t, slot), value_of(t, leaf));
}

void rf_virtual_copy(tr *t, uint32_t to, uint32_t to_first, uint32_t from, uint32_t first, rf_known k)
{
    for (uint32_t i = 0; EMITS && i < rf_leaves_of(t, k); i++) {
        const rf_known leaf = rf_virtual_leaf(t, k, i);
        assign(t, rf_leaf(t, to, to_first + i, leaf), value_of(t, rf_leaf(t, from, first + i, leaf)));
    }
}

/* ---- counting ---- */

static bool leaf_counts(rf_known leaf)
{
    return may_count(leaf.kind) && !is_character(&leaf);
}

static void retain_leaves(tr *t, uint32_t reg, uint32_t first, rf_known k)
{
    for (uint32_t i = 0; i < rf_leaves_of(t, k); i++) {
        const rf_known leaf = rf_virtual_leaf(t, k, i);
        if (!leaf_counts(leaf)) continue;
        lvalue slot = rf_leaf(t, reg, first + i, leaf);
        retain(t, EMITS ? value_of(t, slot_head(t, slot)) : NULL, EMITS ? value_of(t, slot_object(t, slot)) : NULL);
    }
}

/* Each instance owns a reference to its declaration, of which native code that knows its layout has one, too. */
static void count_declarations(tr *t, rf_known k, bool is_up)
{
    if (!EMITS || k.kind != RF_KIND_VIRTUAL) return;
    const rf_virtual *shape = rf_virtual_of(t, k);
    for (uint32_t i = 0; i < shape->part_count; i++) count_declarations(t, shape->parts[i], is_up);
    if (shape->kind != RF_KIND_STRUCT) return;
    rvalue def = keep(t, RF_IR_OBJECT, cast(t, rf_address(t, shape->def), RF_IR_OBJECT));
    lvalue count = array_part(t, def, RF_IR_COUNT);
    rf_ir_block *mortal = new_block(t), *next = new_block(t);
    branch(t, test(t, RF_IR_GE, value_of(t, count), number(t, RF_IR_I32, 0)), mortal, next);
    t->block = mortal;
    assign(t, count, binary(t, is_up ? RF_IR_ADD : RF_IR_SUB, value_of(t, count),
                            number(t, RF_IR_I32, 1)));
    jump(t, next);
    t->block = next;
}

/* Leaves of R[reg] from number `first` on, those of a k, get one more owner. */
static void retain_part(tr *t, uint32_t reg, uint32_t first, rf_known k)
{
    retain_leaves(t, reg, first, k);
    count_declarations(t, k, true);
}

void rf_virtual_retain(tr *t, uint32_t reg, rf_known k)
{
    retain_part(t, reg, 0, k);
}

/* Gives up what leaves of R[reg] from number `first` on hold, those of a k. */
static void drop_part(tr *t, uint32_t reg, uint32_t first, rf_known k)
{
    for (uint32_t i = 0; EMITS && i < rf_leaves_of(t, k); i++) {
        const rf_known leaf = rf_virtual_leaf(t, k, i);
        if (!leaf_counts(leaf)) continue;
        lvalue dying = variable(t, RF_IR_VALUE, "dying");
        assign(t, dying, value_of(t, rf_leaf(t, reg, first + i, leaf)));
        release_slot(t, dying);
    }
    count_declarations(t, k, false);
}

void rf_virtual_drop(tr *t, uint32_t reg)
{
    const rf_known k = t->now[reg];
    if (!k.is_lent) drop_part(t, reg, 0, k);
    t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
}

/* ---- making ---- */

static int64_t made_head(const tr *t, rf_known k)
{
    return rf_virtual_of(t, k)->kind == RF_KIND_STRUCT ? RF_STRUCT : RF_FUNCTION;
}

static rvalue build(tr *t, uint32_t reg, uint32_t first, rf_known k);

/* *slot = what leaves of R[reg] from number `first` on hold, as memory has it. */
static void box_part(tr *t, lvalue slot, uint32_t reg, uint32_t first, rf_known k)
{
    if (k.kind != RF_KIND_VIRTUAL) {
        box_leaf(t, slot, rf_leaf(t, reg, first, k), k);
        return;
    }
    rvalue p = build(t, reg, first, k);
    assign(t, slot_head(t, slot), constant(t, made_head(t, k)));
    assign(t, slot_object(t, slot), p);
}

static uint32_t size_of_fields(const rf_virtual *shape)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < shape->part_count; i++) size += shape->fields[i].kind == RF_FIELD_VALUE ? (uint32_t)sizeof(rf_value) : 8;
    return size;
}

static rvalue new_closure(tr *t, uint32_t number)
{
    rvalue args[] = {t->context, rf_base_address(t, RF_WIRE_BASE_PROTO, number, 0)};
    return keep(t, RF_IR_POINTER, call_value(t, RF_FN(closure_bare), 2, args));
}

/* The object of the leaves from number `first` on. */
static rvalue build(tr *t, uint32_t reg, uint32_t first, rf_known k)
{
    const rf_virtual *shape = rf_virtual_of(t, k);
    lvalue inner[RF_MOST_PARTS] = {NULL};
    for (uint32_t i = 0; i < shape->part_count; i++) { /* before their owner, whose parts are filled in at once */
        if (shape->parts[i].kind != RF_KIND_VIRTUAL) continue;
        inner[i] = variable(t, RF_IR_VALUE, "inner");
        box_part(t, inner[i], reg, first + rf_virtual_first_leaf(t, k, i), shape->parts[i]);
    }
    const bool is_struct = shape->kind == RF_KIND_STRUCT;
    rvalue p = is_struct ? cast(t, rf_new_instance(t, shape->layout, size_of_fields(shape)), RF_IR_POINTER)
                         : new_closure(t, (uint32_t)shape->layout);
    for (uint32_t i = 0; i < shape->part_count; i++) {
        const rf_known part_known = shape->parts[i];
        const uint64_t offset = offsetof(rf_struct, data) + shape->fields[i].offset;
        const uint32_t leaf = first + rf_virtual_first_leaf(t, k, i);
        lvalue slot = is_struct ? part(t, p, offset, RF_IR_VALUE) : part_of_closure(t, p, i);
        if (inner[i])
            assign(t, slot, value_of(t, inner[i]));
        else if (is_struct && shape->fields[i].kind != RF_FIELD_VALUE)
            assign(t, part(t, p, offset, rf_leaf_type(part_known)), value_of(t, rf_leaf(t, reg, leaf, part_known)));
        else
            box_leaf(t, slot, rf_leaf(t, reg, leaf, part_known), part_known);
    }
    return p;
}

void rf_virtual_into(tr *t, uint32_t reg, rf_known k, lvalue slot)
{
    if (!EMITS) return;
    if (k.is_lent) rf_virtual_retain(t, reg, k);
    box_part(t, slot, reg, 0, k);
}

void rf_virtual_make(tr *t, uint32_t reg)
{
    noise(t);
    tell(t, "makes an object for", hints(t, t->at)->count);
    rf_virtual_into(t, reg, t->now[reg], reg_slot(t, reg));
    t->now[reg] = rf_virtual_made(t, t->now[reg]);
    if (EMITS && t->now[reg].kind == RF_KIND_STRUCT)
        assign(t, object_of(t, reg), cast(t, value_of(t, slot_object(t, reg_slot(t, reg))), RF_IR_OBJECT));
}

void rf_virtual_make_first(tr *t, uint32_t reg)
{
    rf_virtual_make(t, reg);
    t->start[reg] = t->now[reg];
    t->exit_count = 0; /* those made so far make it */
}

/* ---- less is known ---- */

typedef struct reshaping {
    lvalue to[RF_MOST_LEAVES];
    rvalue v[RF_MOST_LEAVES];
    uint32_t count;
} reshaping;

/* A part of R[reg], whose leaves begin with number `first`, for a part of which less is known, at number to. */
static void reshape_part(tr *t, reshaping *r, uint32_t reg, uint32_t first, rf_known from, uint32_t to, rf_known then)
{
    if (from.kind == RF_KIND_VIRTUAL && then.kind == RF_KIND_VIRTUAL) {
        const uint32_t count = rf_virtual_of(t, from)->part_count;
        for (uint32_t i = 0; i < count; i++)
            reshape_part(t, r, reg, first + rf_virtual_first_leaf(t, from, i), rf_virtual_of(t, from)->parts[i],
                         to + rf_virtual_first_leaf(t, then, i), rf_virtual_of(t, then)->parts[i]);
        return;
    }
    rvalue v = NULL;
    if (class_of(then) != LEAF_VALUE) {
        v = keep(t, rf_leaf_type(then), value_of(t, rf_leaf(t, reg, first, from)));
    } else {
        lvalue boxed = variable(t, RF_IR_VALUE, "boxed");
        if (EMITS) box_part(t, boxed, reg, first, from);
        v = value_of(t, boxed);
    }
    r->to[r->count] = rf_leaf(t, reg, to, then);
    r->v[r->count++] = v;
}

void rf_virtual_become(tr *t, uint32_t reg, rf_known then)
{
    const rf_known k = t->now[reg];
    if (then.kind != RF_KIND_VIRTUAL) {
        rf_virtual_make(t, reg);
        t->now[reg] = then;
        return;
    }
    t->now[reg] = then;
    if (!EMITS) return;
    if (k.is_lent && !then.is_lent) rf_virtual_retain(t, reg, k);
    if (k.layout == then.layout) return;
    reshaping r = {.count = 0};
    reshape_part(t, &r, reg, 0, k, 0, then);
    for (uint32_t i = 0; i < r.count; i++) assign(t, r.to[i], r.v[i]);
}

void rf_virtual_adapt(tr *t, uint32_t reg, uint32_t pc, rf_known then)
{
    const rf_known k = t->now[reg];
    if (rf_source_is_live(t->s, pc, reg) || then.kind == RF_KIND_VIRTUAL) {
        rf_virtual_become(t, reg, then);
    } else {
        rf_virtual_drop(t, reg);
        if (then.kind != RF_KIND_CLEAN) assign(t, slot_head(t, reg_slot(t, reg)), constant(t, RF_UNSET));
    }
    t->now[reg] = k;
}

/* ---- instructions that know nothing of it ---- */

typedef struct lending { /* of what `lender` holds to `borrower` */
    uint32_t lender, borrower;
    bool is_over; /* an instruction gives the lender another value, or does anything with the borrower */
} lending;

static void look_for_end(void *context, uint32_t reg, rf_access_kind access)
{
    lending *l = context;
    if (reg == l->lender && access != RF_ACCESS_PEEK && access != RF_ACCESS_USE) l->is_over = true;
    if (reg == l->borrower) l->is_over = true;
}

/* Instructions that leave registers alone that they do not name, and go on to the next. */
static bool is_simple(unsigned op)
{
    return op == RF_OP_COPY || op == RF_OP_MOVE || op == RF_OP_LOADK || op == RF_OP_LOADI || op == RF_OP_LOADBOOL ||
           op == RF_OP_LOADNULL || (op >= RF_OP_ADD && op <= RF_OP_KDIV) || op == RF_OP_GETCAPTURE ||
           op == RF_OP_GETCAPTURE_CHECKED || op == RF_OP_GETCAPCELL || op == RF_OP_GETCAPCELL_CHECKED ||
           op == RF_OP_GETCELL || op == RF_OP_GETCELL_CHECKED || op == RF_OP_GETINDEX || op == RF_OP_GETINDEXI ||
           op == RF_OP_GETFIELD || op == RF_OP_CALL || op == RF_OP_CALLFN;
}

enum { FARTHEST_CALL = 12 }; /* instructions from a loan to the call */

/* The native call for which alone the temporary `to` gets its value at `at`, while `from` stays as it is; NULL: none. */
static const rf_wire_hint *call_behind(const tr *t, uint32_t at, uint32_t to, uint32_t from)
{
    const bool has_lender = from != UINT32_MAX;
    if (t->is_generator || !is_temp(t, to)) return NULL;
    for (uint32_t pc = at + 1; pc < t->s->f.code_count && pc <= at + FARTHEST_CALL; pc++) {
        const rf_instruction in = t->s->code[pc];
        const rf_wire_hint *hint = hints(t, pc);
        if (in.op == RF_OP_CALL && in.a == to)
            return !t->owns_callee[pc] && !hint->calls_others && hint->callees[0] >= 0 ? hint : NULL;
        lending l = {.lender = from, .borrower = to};
        if (has_lender && t->now[from].kind == RF_KIND_VIRTUAL && !rf_source_is_live(t->s, pc, from)) return NULL;
        rf_op_visit_registers(t->s->shape, in, false, look_for_end, &l);
        if (l.is_over || !is_simple(in.op)) return NULL;
    }
    return NULL;
}

/* Is what is copied from a local to the temporary `to` only called, natively, while the local keeps it? Then it needs no
 * owner of its own: its register lends it. */
bool rf_is_only_called(const tr *t, uint32_t to, uint32_t from)
{
    if (from != UINT32_MAX && is_temp(t, from)) return false;
    return call_behind(t, t->at, to, from);
}

/* Is the variable of the FORNEXT at hand only moved to a temporary that is only called?  Then the loop lends it what it
 * keeps in its array. */
bool rf_loop_only_calls(const tr *t)
{
    const rf_instruction next = t->s->code[t->at];
    const uint32_t first = jump_target(t);
    if (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST) return false;
    for (uint32_t pc = first; pc < t->at && pc <= first + FARTHEST_CALL; pc++) {
        const rf_instruction in = t->s->code[pc];
        if (in.op == RF_OP_MOVE && in.b == next.b) return call_behind(t, pc, in.a, next.a);
        lending l = {.lender = next.a, .borrower = next.b};
        rf_op_visit_registers(t->s->shape, in, false, look_for_end, &l);
        if (l.is_over || !is_simple(in.op)) return false;
    }
    return false;
}

bool rf_calls_running(const tr *t, uint32_t pc, uint32_t to)
{
    if (t->running.kind == RF_KIND_VIRTUAL || (hints(t, pc)->flags & RF_FEEDBACK_DISTRUST)) return false;
    const rf_wire_hint *hint = call_behind(t, pc, to, UINT32_MAX);
    return hint && hint->callees[0] == (int)t->number && hint->callees[1] < 0;
}

/* Instructions that look at an operand which they do not own, or own it first (rf_own_first). */
static bool looks_at(const tr *t, uint32_t pc, uint32_t reg)
{
    const rf_instruction in = t->s->code[pc];
    const unsigned builtin = hints(t, pc)->builtin;
    if (in.op == RF_OP_CONCAT) return in.c == 2 && in.b == reg;
    return in.op == RF_OP_CALLC && (builtin == RF_WIRE_GET || builtin == RF_WIRE_HAS_KEY) && (reg == in.a + 1u || reg == in.a + 2u);
}

bool rf_is_only_looked_at(const tr *t, uint32_t to, uint32_t from)
{
    enum { FARTHEST = 6 };
    if (t->is_generator || !is_temp(t, to) || (from != UINT32_MAX && is_temp(t, from))) return false;
    for (uint32_t pc = t->at + 1; pc < t->s->f.code_count && pc <= t->at + FARTHEST; pc++) {
        const rf_instruction in = t->s->code[pc];
        if (looks_at(t, pc, to)) return true;
        lending l = {.lender = from, .borrower = to};
        rf_op_visit_registers(t->s->shape, in, false, look_for_end, &l);
        if (l.is_over || !is_simple(in.op) || in.op == RF_OP_CALL || in.op == RF_OP_CALLFN) return false;
    }
    return false;
}

void rf_own_first(tr *t, uint32_t reg)
{
    if (!t->now[reg].is_lent) return;
    own_lent(t, reg, t->now[reg]);
    t->now[reg].is_lent = false;
    t->start[reg] = t->now[reg];
    t->exit_count = 0; /* those made so far own it themselves */
}

static bool is_virtual(const tr *t, uint32_t reg)
{
    return reg < t->s->f.register_count && t->now[reg].kind == RF_KIND_VIRTUAL;
}

static void prepare_register(void *context, uint32_t reg, rf_access_kind access)
{
    tr *t = context;
    if (!is_virtual(t, reg)) return;
    if (access != RF_ACCESS_DEF || rf_source_is_live(t->s, t->at, reg)) {
        rf_virtual_make_first(t, reg);
        return;
    }
    rf_virtual_drop(t, reg);
    t->start[reg] = t->now[reg];
}

static bool is_function(const tr *t, rf_known k)
{
    return k.kind == RF_KIND_VIRTUAL && rf_virtual_of(t, k)->kind == RF_KIND_FUNCTION;
}

static void make_if_virtual(tr *t, uint32_t reg)
{
    if (is_virtual(t, reg)) rf_virtual_make_first(t, reg);
}

static void make_all(tr *t)
{
    for (uint32_t i = 0; i < t->s->f.register_count; i++) make_if_virtual(t, i);
}

/* What the walk to a place looks at. */
static void make_place(tr *t, uint32_t index)
{
    if (index >= t->s->f.place_count) {
        make_all(t);
        return;
    }
    const rf_source_place *place = &t->s->places[index];
    if (place->p.root == RF_REF_LOCAL) make_if_virtual(t, place->p.index);
    for (uint32_t i = 0; i < place->p.count; i++)
        if (!place->steps[i].is_field) make_if_virtual(t, place->steps[i].reg);
}

/* A local that the instruction gives another value, without reading it. */
static void prepare_overwritten(tr *t, uint32_t reg, uint32_t read)
{
    if (!is_temp(t, reg) && reg != read) prepare_register(t, reg, RF_ACCESS_DEF);
}

/* Registers that the instruction does not name. */
static void prepare_around(tr *t, rf_instruction in)
{
    switch (in.op) {
    case RF_OP_SETPLACE:
    case RF_OP_GETPLACE:
    case RF_OP_PUSHPLACE: make_place(t, in.b); break;
    case RF_OP_ADDPLACE:
        if (!is_number(t->now[in.a].kind) || t->now[in.a].kind != t->now[in.b].kind) make_place(t, in.c);
        break;
    case RF_OP_CALLMETHOD:
        if (t->s->sites[in.b].skip) make_place(t, t->s->sites[in.b].place);
        break;
    case RF_OP_UPDATE: make_place(t, t->s->sites[in.b].place); break;
    case RF_OP_CLOSURE:
        if (hints(t, t->at)->callees[0] < 0) make_all(t);
        break;
    case RF_OP_STRUCTDECL:
    case RF_OP_ENUMDECL: make_all(t); break;
    default: break;
    }
}

/* Does the instruction know what to do with a virtual receiver? */
static bool knows_receiver(const tr *t, rf_instruction in)
{
    return in.op == RF_OP_CALLLOCAL || t->s->sites[in.b].skip == 0;
}

void rf_virtual_prepare(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    bool is_any = false;
    for (uint32_t i = 0; i < t->s->f.register_count && !is_any; i++) is_any = is_virtual(t, i);
    if (!is_any) return;
    prepare_around(t, in);
    switch (in.op) {
    case RF_OP_UNSET:
    case RF_OP_DROP:
    case RF_OP_RETURN:
    case RF_OP_RETURNNULL:
    case RF_OP_JNULL:
    case RF_OP_JNOTNULL:
    case RF_OP_CHECK:
    case RF_OP_MAKESTRUCT:
    case RF_OP_SETFIELD:
    case RF_OP_CALL:
    case RF_OP_CALLFN:
    case RF_OP_CALLBUILTIN: return;
    case RF_OP_CALLMETHOD:
    case RF_OP_CALLLOCAL:
        if (!knows_receiver(t, in)) break;
        return;
    case RF_OP_COPY:
        if (is_virtual(t, in.b) && is_function(t, t->now[in.b]) && !rf_is_only_called(t, in.a, in.b))
            rf_virtual_make_first(t, in.b);
        prepare_overwritten(t, in.a, in.b);
        return;
    case RF_OP_MOVE:
    case RF_OP_GETFIELD:
    case RF_OP_GETFIELD_T:
    case RF_OP_CHAIN_GETFIELD: prepare_overwritten(t, in.a, in.b); return;
    case RF_OP_CLOSURE: prepare_overwritten(t, in.a, UINT32_MAX); return;
    default: break;
    }
    rf_op_visit_registers(t->s->shape, in, false, prepare_register, t);
}

/* ---- closures ---- */

rf_known rf_capture_known(const tr *t, uint32_t index)
{
    if (t->running.kind != RF_KIND_VIRTUAL) return (rf_known){.kind = RF_KIND_MEMORY};
    return rf_virtual_of(t, t->running)->parts[index];
}

lvalue rf_capture_slot(tr *t, uint32_t index)
{
    if (!EMITS) return NULL;
    if (t->running.kind != RF_KIND_VIRTUAL) return part_of_closure(t, t->closure, index);
    return rf_leaf(t, rf_running(t), rf_virtual_first_leaf(t, t->running, index), rf_capture_known(t, index));
}

/* Callees make copies of capture `index` of what runs: it is made before it is captured. */
static void wants_capture_made(tr *t, uint32_t index)
{
    t->all->made_captures[t->number] |= 1u << index;
    t->all->has_changed = true;
}

bool rf_virtual_capture(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const bool is_capture = in.op == RF_OP_GETCAPTURE || in.op == RF_OP_GETCAPTURE_CHECKED || in.op == RF_OP_CHAIN_GETCAPTURE;
    if (!is_capture || rf_capture_known(t, in.b).kind != RF_KIND_VIRTUAL) return false;
    rf_known part = rf_capture_known(t, in.b);
    const uint32_t first = rf_virtual_first_leaf(t, t->running, in.b);
    const bool is_lent = is_function(t, part);
    if (is_lent && !rf_is_only_called(t, in.a, UINT32_MAX)) { /* another round */
        wants_capture_made(t, in.b);
        part = rf_virtual_made(t, part);
    } else {
        if (!is_lent) retain_part(t, rf_running(t), first, part);
        rf_virtual_copy(t, in.a, 0, rf_running(t), first, part);
        part.is_lent = is_lent;
    }
    release_old(t, in.a);
    touch(t, in.a);
    t->now[in.a] = part;
    return true;
}

static bool is_wanted(const tr *t)
{
    return !t->is_generator && !t->all->unit->request.makes_all;
}

static bool dies_here(const tr *t, uint32_t reg)
{
    const bool is_self = t->gives_self && reg == 0;
    return !is_self && t->at + 1 < t->s->f.code_count && !rf_source_is_live(t->s, t->at + 1, reg);
}

static rf_known of_value(rf_known k) /* what stays true of a value wherever it is */
{
    k.has_header = k.is_own = k.is_lent = false;
    return k;
}

/* Can the closure take this capture as it is? What is to be made first is made. */
static bool prepare_source(tr *t, rf_wire_capture source, bool is_made)
{
    if (!source.is_local) {
        if (source.index >= t->s->f.capture_count) return false;
        if (is_function(t, rf_capture_known(t, source.index))) wants_capture_made(t, source.index);
        return true;
    }
    if (source.index >= t->s->f.register_count || source.index == t->s->code[t->at].a) return false;
    const rf_known k = t->now[source.index];
    if (k.kind == RF_KIND_CLEAN || k.is_lent) return false;
    if (is_function(t, k) && (is_made || !dies_here(t, source.index))) rf_virtual_make_first(t, source.index);
    return true;
}

static rf_known source_known(tr *t, rf_wire_capture source)
{
    if (source.is_local) return of_value(t->now[source.index]);
    const rf_known k = rf_capture_known(t, source.index);
    return is_function(t, k) ? rf_virtual_made(t, k) : k;
}

/* Leaves of R[to] from number `first` on = what the source holds, known as k. */
static void take_source(tr *t, rf_wire_capture source, uint32_t to, uint32_t first, rf_known k)
{
    const uint32_t reg = source.index;
    lvalue leaf = k.kind == RF_KIND_VIRTUAL ? NULL : rf_leaf(t, to, first, k);
    if (k.kind == RF_KIND_VIRTUAL) { /* a function dies here, or wants_capture_made has another round */
        const bool dies = source.is_local && dies_here(t, reg);
        const uint32_t from = source.is_local ? 0 : rf_virtual_first_leaf(t, t->running, reg);
        rf_virtual_copy(t, to, first, source.is_local ? reg : rf_running(t), from, k);
        if (!dies) retain_part(t, to, first, k);
        if (dies) t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
    } else if (is_in_variable(k.kind) && source.is_local) {
        assign(t, leaf, value_of(t, k.kind == RF_KIND_FLOAT ? float_of(t, reg) : int_of(t, reg)));
    } else {
        lvalue slot = source.is_local ? reg_slot(t, reg) : rf_capture_slot(t, reg);
        assign(t, leaf, value_of(t, slot));
        if (leaf_counts(k)) retain_leaves(t, to, first, k);
    }
}

bool rf_virtual_closure(tr *t, uint32_t number)
{
    const rf_source *child = &t->all->unit->functions[number];
    const uint32_t count = child->f.capture_count, reg = t->s->code[t->at].a;
    rf_virtual shape = {.kind = RF_KIND_FUNCTION, .layout = number, .part_count = count};
    if (!is_wanted(t) || count > RF_MOST_PARTS) return false;
    for (uint32_t i = 0; i < count; i++)
        if (!prepare_source(t, child->captures[i], t->all->made_captures[number] >> i & 1)) return false;
    for (uint32_t i = 0; i < count; i++) shape.parts[i] = source_known(t, child->captures[i]);
    rf_known k = virtual_of(t, &shape);
    if (k.kind != RF_KIND_VIRTUAL) { /* too large: what it captures is made */
        for (uint32_t i = 0; i < count; i++)
            if (child->captures[i].is_local && is_virtual(t, child->captures[i].index))
                rf_virtual_make_first(t, child->captures[i].index);
        for (uint32_t i = 0; i < count; i++) shape.parts[i] = source_known(t, child->captures[i]);
        k = virtual_of(t, &shape);
        if (k.kind != RF_KIND_VIRTUAL) return false;
    }
    for (uint32_t i = 0; i < count; i++)
        take_source(t, child->captures[i], reg, rf_virtual_first_leaf(t, k, i), shape.parts[i]);
    release_old(t, reg);
    touch(t, reg);
    t->now[reg] = k;
    return true;
}

void rf_needs_closure(tr *t)
{
    if (t->running.kind != RF_KIND_VIRTUAL || t->all->needs_closure[t->number]) return;
    t->all->needs_closure[t->number] = true;
    t->all->has_changed = true;
}

/* ---- instances ---- */

bool rf_virtual_has_layout(const tr *t, rf_known k, uint64_t layout)
{
    return k.kind == RF_KIND_VIRTUAL && layout && rf_virtual_of(t, k)->kind == RF_KIND_STRUCT &&
           rf_virtual_of(t, k)->layout == layout;
}

static rf_kind kind_of_field(uint32_t field_kind)
{
    return field_kind == RF_FIELD_INT     ? RF_KIND_INT
           : field_kind == RF_FIELD_FLOAT ? RF_KIND_FLOAT
           : field_kind == RF_FIELD_BOOL  ? RF_KIND_BOOL
                                          : RF_KIND_MEMORY;
}

/* What a field is that gets this entry or default; *fits: it can. */
static rf_known field_known(const tr *t, uint32_t window, const rf_wire_field *field, bool *fits)
{
    const rf_kind wanted = kind_of_field(field->kind);
    rf_known k = {.kind = RF_KIND_MEMORY};
    if (field->entry >= 0)
        k = of_value(t->now[window + 1 + (uint32_t)field->entry]);
    else if (field->head == RF_INT || field->head == RF_FLOAT || field->head == RF_BOOL)
        k.kind = field->head == RF_INT ? RF_KIND_INT : field->head == RF_FLOAT ? RF_KIND_FLOAT : RF_KIND_BOOL;
    if (wanted == RF_KIND_MEMORY) return k;
    *fits &= k.kind == wanted || (k.kind == RF_KIND_MEMORY && field->entry >= 0);
    return (rf_known){.kind = (uint8_t)wanted}; /* what is in memory is tested */
}

static rf_known instance_known(tr *t, uint32_t window, const rf_source_literal *literal)
{
    rf_virtual shape = {.kind = RF_KIND_STRUCT,
                        .layout = literal->l.layout,
                        .def = literal->l.def,
                        .part_count = literal->l.field_count};
    bool fits = true;
    for (uint32_t i = 0; i < shape.part_count; i++) {
        const rf_wire_field *field = &literal->fields[i];
        shape.parts[i] = field_known(t, window, field, &fits);
        shape.fields[i].offset = field->offset;
        shape.fields[i].kind = field->kind;
    }
    return fits ? virtual_of(t, &shape) : (rf_known){.kind = RF_KIND_MEMORY};
}

/* Leaf `index` of R[reg], known as k = a constant */
static void put_default(tr *t, uint32_t reg, uint32_t index, rf_known k, const rf_wire_field *field)
{
    if (!EMITS) return;
    lvalue leaf = rf_leaf(t, reg, index, k);
    double d;
    memcpy(&d, &field->bits, sizeof d);
    if (class_of(k) == LEAF_VALUE) {
        assign(t, slot_head(t, leaf), constant(t, (int64_t)field->head));
        assign(t, slot_int(t, leaf), constant(t, (int64_t)field->bits));
    } else {
        assign(t, leaf, class_of(k) == LEAF_FLOAT ? real(t, d) : constant(t, (int64_t)field->bits));
    }
}

/* Leaves of R[to] from number `first` on = R[reg], a temporary that dies or a local that is copied, known as k. */
static void take_operand(tr *t, uint32_t to, uint32_t first, uint32_t reg, rf_known k)
{
    if (k.kind == RF_KIND_VIRTUAL) {
        rf_virtual_copy(t, to, first, reg, 0, k);
        if (!is_temp(t, reg)) retain_part(t, to, first, k);
    } else if (is_in_variable(k.kind)) {
        assign(t, rf_leaf(t, to, first, k), value_of(t, k.kind == RF_KIND_FLOAT ? float_of(t, reg) : int_of(t, reg)));
    } else {
        assign(t, rf_leaf(t, to, first, k), value_of(t, reg_slot(t, reg)));
        if (is_temp(t, reg))
            assign(t, slot_head(t, reg_slot(t, reg)), constant(t, RF_UNSET));
        else if (leaf_counts(k))
            retain_leaves(t, to, first, k);
    }
    if (is_temp(t, reg)) t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
}

bool rf_virtual_struct(tr *t, const rf_source_literal *literal)
{
    const rf_instruction in = t->s->code[t->at];
    const uint32_t count = literal->l.field_count;
    const bool is_possible = count > 0 && count <= RF_MOST_PARTS && is_wanted(t) &&
                             t->now[in.a].kind == RF_KIND_MEMORY && !(hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST);
    for (uint32_t i = 1; i <= in.b; i++)
        if (!is_possible || is_function(t, t->now[in.a + i])) make_if_virtual(t, in.a + i);
    if (!is_possible) return false;
    const rf_known k = instance_known(t, in.a, literal);
    if (k.kind != RF_KIND_VIRTUAL) {
        for (uint32_t i = 1; i <= in.b; i++) make_if_virtual(t, in.a + i);
        return false;
    }
    lvalue slot = reg_slot(t, in.a);
    if (EMITS) {
        rvalue def = keep(t, RF_IR_POINTER, value_of(t, slot_object(t, slot)));
        guard(t, test(t, RF_IR_EQ, def, rf_address(t, literal->l.def)));
        guard(t, test(t, RF_IR_EQ, value_of(t, part(t, def, offsetof(rf_structdef, layout), RF_IR_POINTER)),
                      rf_address(t, literal->l.layout)));
    }
    for (uint32_t i = 0; i < count; i++) {
        const rf_known field = rf_virtual_of(t, k)->parts[i];
        const uint32_t reg = in.a + 1 + (uint32_t)literal->fields[i].entry;
        if (literal->fields[i].entry < 0 || !is_in_variable(field.kind) || t->now[reg].kind == field.kind) continue;
        guard(t, test(t, RF_IR_EQ, EMITS ? value_of(t, slot_head(t, reg_slot(t, reg))) : NULL,
                      constant(t, head_of(field.kind))));
        load_variable(t, reg, field.kind, reg_slot(t, reg));
        t->now[reg] = field;
    }
    for (uint32_t i = 0; i < count; i++) {
        const rf_wire_field *field = &literal->fields[i];
        const uint32_t first = rf_virtual_first_leaf(t, k, i);
        const rf_known known = rf_virtual_of(t, k)->parts[i];
        if (field->entry < 0)
            put_default(t, in.a, first, known, field);
        else
            take_operand(t, in.a, first, in.a + 1 + (uint32_t)field->entry, known);
    }
    for (uint32_t i = 1; i <= in.b; i++) t->now[in.a + i] = (rf_known){.kind = RF_KIND_CLEAN};
    assign(t, slot_head(t, slot), constant(t, RF_UNSET)); /* its declaration goes over to the instance */
    touch(t, in.a);
    t->now[in.a] = k;
    return true;
}

/* Number of the field that the site of this instruction is about, or -1. */
static int field_at(const tr *t, rf_known k, const rf_wire_site *site)
{
    if (!rf_virtual_has_layout(t, k, site->layout)) return -1;
    const rf_virtual *shape = rf_virtual_of(t, k);
    for (uint32_t i = 0; i < shape->part_count; i++)
        if (shape->fields[i].offset == site->offset) return (int)i;
    return -1;
}

/* R[a] = a part in memory form, which gets an owner more */
static void get_value(tr *t, uint32_t a, uint32_t reg, uint32_t first, rf_known part, bool is_dying)
{
    lvalue slot = rf_leaf(t, reg, first, part);
    rvalue head = keep(t, RF_IR_I64, EMITS ? value_of(t, slot_head(t, slot)) : NULL);
    rvalue bits = keep(t, RF_IR_POINTER, EMITS ? value_of(t, slot_object(t, slot)) : NULL);
    if (leaf_counts(part)) retain(t, head, bits);
    if (is_dying) rf_virtual_drop(t, reg);
    put_value(t, a, head, bits);
    if (EMITS && (part.kind == RF_KIND_ARRAY || part.kind == RF_KIND_STRUCT))
        assign(t, object_of(t, a), cast(t, bits, RF_IR_OBJECT));
    t->now[a] = part;
}

bool rf_virtual_get_field(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const bool is_field = in.op == RF_OP_GETFIELD || in.op == RF_OP_GETFIELD_T || in.op == RF_OP_CHAIN_GETFIELD;
    if (!is_field || !is_virtual(t, in.b)) return false;
    const rf_known k = t->now[in.b];
    const int field = field_at(t, k, &t->s->sites[in.c]);
    if (field < 0) {
        rf_virtual_make_first(t, in.b);
        return false;
    }
    const rf_known part = rf_virtual_of(t, k)->parts[field];
    const uint32_t first = rf_virtual_first_leaf(t, k, (uint32_t)field);
    const bool is_dying = in.a == in.b || (is_temp(t, in.b) && in.op == RF_OP_GETFIELD_T);
    if (part.kind == RF_KIND_VIRTUAL) {
        retain_part(t, in.b, first, part);
        if (is_dying) rf_virtual_drop(t, in.b);
        release_old(t, in.a);
        rf_virtual_copy(t, in.a, 0, in.b, first, part);
        touch(t, in.a);
        t->now[in.a] = part;
        return true;
    }
    lvalue slot = rf_leaf(t, in.b, first, part);
    loaded from = {.kind = is_in_variable(part.kind) ? part.kind : RF_KIND_MEMORY, .slot = slot, .v = value_of(t, slot)};
    if (part.kind == RF_KIND_MEMORY) settle(t, &from, hints(t, t->at)->result);
    if (from.kind == RF_KIND_MEMORY) {
        get_value(t, in.a, in.b, first, part, is_dying);
        return true;
    }
    rvalue v = keep(t, from.kind == RF_KIND_FLOAT ? RF_IR_F64 : RF_IR_I64, from.v);
    if (is_dying) rf_virtual_drop(t, in.b);
    if (from.kind == RF_KIND_FLOAT)
        put_float(t, in.a, v);
    else
        put_int(t, in.a, v, from.kind);
    return true;
}

/* Leaves of R[reg], a k, from number `from` on move to number `to` on. */
static void move_leaves(tr *t, uint32_t reg, rf_known k, uint32_t from, uint32_t to)
{
    rvalue kept[RF_MOST_LEAVES] = {NULL};
    const uint32_t count = rf_leaves_of(t, k);
    if (from == to || !EMITS) return;
    for (uint32_t i = from; i < count; i++) {
        const rf_known leaf = rf_virtual_leaf(t, k, i);
        kept[i] = keep(t, rf_leaf_type(leaf), value_of(t, rf_leaf(t, reg, i, leaf)));
    }
    for (uint32_t i = from; i < count; i++)
        assign(t, rf_leaf(t, reg, to + i - from, rf_virtual_leaf(t, k, i)), kept[i]);
}

bool rf_virtual_set_field(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_wire_site *site = &t->s->sites[in.c];
    if (!is_virtual(t, in.a)) {
        make_if_virtual(t, in.b);
        return false;
    }
    const rf_known k = t->now[in.a];
    const int field = field_at(t, k, site);
    rf_virtual shape = *rf_virtual_of(t, k);
    if (is_function(t, t->now[in.b])) rf_virtual_make_first(t, in.b);
    rf_known then = {.kind = RF_KIND_MEMORY};
    if (field >= 0 && in.a != in.b) {
        rf_known value = of_value(t->now[in.b]);
        if (value.kind == RF_KIND_MEMORY) value.kind = (uint8_t)guessed(t, hints(t, t->at)->seen[1]);
        const rf_kind wanted = kind_of_field(shape.fields[field].kind);
        shape.parts[field] = value;
        if (wanted == RF_KIND_MEMORY || wanted == value.kind) then = virtual_of(t, &shape);
    }
    if (then.kind != RF_KIND_VIRTUAL) {
        rf_virtual_make_first(t, in.a);
        make_if_virtual(t, in.b);
        return false;
    }
    operand(t, in.b, 1);
    const uint32_t first = rf_virtual_first_leaf(t, k, (uint32_t)field);
    const rf_known old = rf_virtual_of(t, k)->parts[field], new = shape.parts[field];
    drop_part(t, in.a, first, old);
    move_leaves(t, in.a, k, first + rf_leaves_of(t, old), first + rf_leaves_of(t, new));
    take_operand(t, in.a, first, in.b, new);
    t->now[in.a] = then;
    return true;
}

/* ---- calls ---- */

void rf_leaf_parameters(tr *t, rf_known k)
{
    for (uint32_t i = 0; i < rf_leaves_of(t, k); i++) rf_ir_param(F, rf_leaf_type(rf_virtual_leaf(t, k, i)));
}

int rf_leaf_arguments(tr *t, uint32_t reg, rf_known k, rvalue *args)
{
    const uint32_t count = rf_leaves_of(t, k);
    for (uint32_t i = 0; i < count; i++) args[i] = value_of(t, rf_leaf(t, reg, i, rf_virtual_leaf(t, k, i)));
    return (int)count;
}

int rf_receive_leaves(tr *t, uint32_t reg, rf_known k, int first)
{
    const uint32_t count = rf_leaves_of(t, k);
    for (uint32_t i = 0; i < count; i++) {
        rvalue param = rf_ir_param_value(F, (uint32_t)first + i);
        assign(t, rf_leaf(t, reg, i, rf_virtual_leaf(t, k, i)), param);
    }
    return (int)count;
}

lvalue rf_result_area(tr *t, rf_known result)
{
    if (!EMITS || result.kind != RF_KIND_VIRTUAL || rf_leaves_of(t, result) == 0) return NULL;
    return rf_ir_variable_new(F, RF_IR_VALUE, rf_leaves_of(t, result), "area");
}

static lvalue in_area(tr *t, rvalue area, uint32_t index)
{
    return element(t, area, constant(t, index));
}

rvalue rf_area_address(tr *t, lvalue area)
{
    return address_of(t, area);
}

void rf_leaves_out(tr *t, uint32_t reg, rf_known k, rvalue area)
{
    for (uint32_t i = 0; i < rf_leaves_of(t, k); i++) {
        const rf_known leaf = rf_virtual_leaf(t, k, i);
        lvalue slot = in_area(t, area, i), from = rf_leaf(t, reg, i, leaf);
        if (class_of(leaf) == LEAF_VALUE)
            assign(t, slot, value_of(t, from));
        else
            assign(t, class_of(leaf) == LEAF_FLOAT ? slot_float(t, slot) : slot_int(t, slot), value_of(t, from));
    }
}

void rf_leaves_in(tr *t, uint32_t reg, rf_known k, lvalue area)
{
    for (uint32_t i = 0; i < rf_leaves_of(t, k); i++) {
        const rf_known leaf = rf_virtual_leaf(t, k, i);
        lvalue slot = in_area(t, address_of(t, area), i);
        rvalue v = class_of(leaf) == LEAF_VALUE   ? value_of(t, slot)
                   : class_of(leaf) == LEAF_FLOAT ? value_of(t, slot_float(t, slot))
                                                  : value_of(t, slot_int(t, slot));
        assign(t, rf_leaf(t, reg, i, leaf), v);
    }
}
