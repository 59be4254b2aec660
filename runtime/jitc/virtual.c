/* See virtual.h.  Leaves are kept by register and number, a variable for each of the three ways to hold one: an int, a
 * float, a whole value. */
#include "jitc/virtual.h"

#include "jitc/core.h"
#include "jitc/families.h"

#include "base/alloc.h"
#include "value/function.h"

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

gcc_jit_type *rf_leaf_type(tr *t, rf_known leaf)
{
    gcc_jit_type *types[LEAF_CLASSES] = {T->i64, T->f64, T->value};
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
        *at = gcc_jit_function_new_local(t->function, NULL, rf_leaf_type(t, leaf), name);
    }
    return *at;
}

/* *slot = the leaf, as memory has it */
static void box_leaf(tr *t, lvalue slot, lvalue leaf, rf_known known)
{
    if (class_of(known) == LEAF_VALUE) {
        assign(t, slot_head(t, slot), value_of(slot_head(t, leaf)));
        assign(t, slot_object(t, slot), value_of(slot_object(t, leaf)));
        return;
    }
    assign(t, slot_head(t, slot), constant(t, head_of(known.kind)));
    assign(t, class_of(known) == LEAF_FLOAT ? slot_float(t, slot) : slot_int(t, slot), value_of(leaf));
}

void rf_virtual_copy(tr *t, uint32_t to, uint32_t to_first, uint32_t from, uint32_t first, rf_known k)
{
    for (uint32_t i = 0; EMITS && i < rf_leaves_of(t, k); i++) {
        const rf_known leaf = rf_virtual_leaf(t, k, i);
        assign(t, rf_leaf(t, to, to_first + i, leaf), value_of(rf_leaf(t, from, first + i, leaf)));
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
        retain(t, EMITS ? value_of(slot_head(t, slot)) : NULL, EMITS ? value_of(slot_object(t, slot)) : NULL);
    }
}

void rf_virtual_retain(tr *t, uint32_t reg, rf_known k)
{
    retain_leaves(t, reg, 0, k);
}

void rf_virtual_drop(tr *t, uint32_t reg)
{
    const rf_known k = t->now[reg];
    for (uint32_t i = 0; EMITS && !k.is_lent && i < rf_leaves_of(t, k); i++) {
        const rf_known leaf = rf_virtual_leaf(t, k, i);
        if (!leaf_counts(leaf)) continue;
        lvalue dying = variable(t, T->value, "dying");
        assign(t, dying, value_of(rf_leaf(t, reg, i, leaf)));
        release_slot(t, dying);
    }
    t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
}

/* ---- making ---- */

/* The object of the leaves from number `first` on. */
static rvalue build(tr *t, uint32_t reg, uint32_t first, rf_known k)
{
    const rf_virtual *shape = rf_virtual_of(t, k);
    rvalue inner[RF_MOST_PARTS] = {NULL};
    for (uint32_t i = 0; i < shape->part_count; i++) /* before their owner, whose parts are filled in at once */
        if (shape->parts[i].kind == RF_KIND_VIRTUAL)
            inner[i] = build(t, reg, first + rf_virtual_first_leaf(t, k, i), shape->parts[i]);
    rvalue args[] = {t->context, base_address(t, RF_WIRE_BASE_PROTO, (uint32_t)shape->layout, 0)};
    rvalue p = keep(t, T->pointer, call_value(t, T->closure_bare, 2, args));
    for (uint32_t i = 0; i < shape->part_count; i++) {
        const rf_known part = shape->parts[i];
        lvalue slot = part_of_closure(t, p, i);
        if (part.kind == RF_KIND_VIRTUAL) {
            assign(t, slot_head(t, slot), constant(t, RF_FUNCTION));
            assign(t, slot_object(t, slot), inner[i]);
        } else {
            box_leaf(t, slot, rf_leaf(t, reg, first + rf_virtual_first_leaf(t, k, i), part), part);
        }
    }
    return p;
}

void rf_virtual_into(tr *t, uint32_t reg, rf_known k, lvalue slot)
{
    if (!EMITS) return;
    if (k.is_lent) rf_virtual_retain(t, reg, k);
    rvalue p = build(t, reg, 0, k);
    assign(t, slot_head(t, slot), constant(t, RF_FUNCTION));
    assign(t, slot_object(t, slot), p);
}

void rf_virtual_make(tr *t, uint32_t reg)
{
    noise(t);
    rf_virtual_into(t, reg, t->now[reg], reg_slot(t, reg));
    t->now[reg] = rf_virtual_made(t, t->now[reg]);
}

void rf_virtual_make_first(tr *t, uint32_t reg)
{
    rf_virtual_make(t, reg);
    t->start[reg] = t->now[reg];
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
        v = keep(t, rf_leaf_type(t, then), value_of(rf_leaf(t, reg, first, from)));
    } else {
        lvalue boxed = variable(t, T->value, "boxed");
        if (from.kind == RF_KIND_VIRTUAL) {
            rvalue p = build(t, reg, first, from);
            assign(t, slot_head(t, boxed), constant(t, RF_FUNCTION));
            assign(t, slot_object(t, boxed), p);
        } else {
            box_leaf(t, boxed, rf_leaf(t, reg, first, from), from);
        }
        v = value_of(boxed);
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

/* Is what is copied from a local to the temporary `to` only called, natively, while the local keeps it? Then it needs no
 * owner of its own: its register lends it. */
bool rf_is_only_called(const tr *t, uint32_t to, uint32_t from)
{
    enum { FARTHEST = 12 };
    const bool has_lender = from != UINT32_MAX;
    if (t->is_generator || !is_temp(t, to) || (has_lender && is_temp(t, from))) return false;
    for (uint32_t pc = t->at + 1; pc < t->s->f.code_count && pc <= t->at + FARTHEST; pc++) {
        const rf_instruction in = t->s->code[pc];
        const rf_wire_hint *hint = hints(t, pc);
        if (in.op == RF_OP_CALL && in.a == to)
            return !t->owns_callee[pc] && !hint->calls_others && hint->callees[0] >= 0;
        lending l = {.lender = from, .borrower = to};
        if (has_lender && t->now[from].kind == RF_KIND_VIRTUAL && !rf_source_is_live(t->s, pc, from)) return false;
        rf_op_visit_registers(t->s->shape, in, false, look_for_end, &l);
        if (l.is_over || !is_simple(in.op)) return false;
    }
    return false;
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

static bool wants_all_made(const tr *t, rf_instruction in)
{
    return in.op == RF_OP_CLOSURE ? hints(t, t->at)->callees[0] < 0 : looks_around(in.op);
}

void rf_virtual_prepare(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    bool is_any = false;
    for (uint32_t i = 0; i < t->s->f.register_count && !is_any; i++) is_any = is_virtual(t, i);
    if (!is_any) return;
    if (wants_all_made(t, in))
        for (uint32_t i = 0; i < t->s->f.register_count; i++)
            if (is_virtual(t, i)) rf_virtual_make_first(t, i);
    switch (in.op) {
    case RF_OP_UNSET:
    case RF_OP_DROP:
    case RF_OP_RETURN:
    case RF_OP_RETURNNULL:
    case RF_OP_JNULL:
    case RF_OP_JNOTNULL:
    case RF_OP_CHECK:
    case RF_OP_CALL:
    case RF_OP_CALLFN:
    case RF_OP_CALLBUILTIN: return;
    case RF_OP_COPY:
        if (is_virtual(t, in.b) && !rf_is_only_called(t, in.a, in.b)) rf_virtual_make_first(t, in.b);
        break;
    case RF_OP_MOVE:
    case RF_OP_CLOSURE: break;
    default: rf_op_visit_registers(t->s->shape, in, false, prepare_register, t); return;
    }
    if (!is_temp(t, in.a) && (in.op == RF_OP_CLOSURE || in.a != in.b)) prepare_register(t, in.a, RF_ACCESS_DEF);
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

static bool is_function(const tr *t, rf_known k)
{
    return k.kind == RF_KIND_VIRTUAL && rf_virtual_of(t, k)->kind == RF_KIND_FUNCTION;
}

bool rf_virtual_capture(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const bool is_capture = in.op == RF_OP_GETCAPTURE || in.op == RF_OP_GETCAPTURE_CHECKED || in.op == RF_OP_CHAIN_GETCAPTURE;
    if (!is_capture || rf_capture_known(t, in.b).kind != RF_KIND_VIRTUAL) return false;
    rf_known part = rf_capture_known(t, in.b);
    if (!rf_is_only_called(t, in.a, UINT32_MAX)) { /* another round */
        wants_capture_made(t, in.b);
        part = rf_virtual_made(t, part);
    } else {
        rf_virtual_copy(t, in.a, 0, rf_running(t), rf_virtual_first_leaf(t, t->running, in.b), part);
        part.is_lent = true;
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
    if (k.kind == RF_KIND_VIRTUAL) { /* local: it dies, or wants_capture_made has another round */
        if (source.is_local) rf_virtual_copy(t, to, first, reg, 0, k);
    } else if (is_in_variable(k.kind) && source.is_local) {
        assign(t, leaf, value_of(k.kind == RF_KIND_FLOAT ? float_of(t, reg) : int_of(t, reg)));
    } else {
        lvalue slot = source.is_local ? reg_slot(t, reg) : rf_capture_slot(t, reg);
        assign(t, leaf, value_of(slot));
        if (leaf_counts(k)) retain_leaves(t, to, first, k);
    }
    if (k.kind == RF_KIND_VIRTUAL && source.is_local) t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
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

/* ---- calls ---- */

int rf_leaf_parameters(tr *t, rf_known k, gcc_jit_param **params)
{
    const uint32_t count = rf_leaves_of(t, k);
    for (uint32_t i = 0; i < count; i++)
        params[i] = gcc_jit_context_new_param(GCC, NULL, rf_leaf_type(t, rf_virtual_leaf(t, k, i)), "v");
    return (int)count;
}

int rf_leaf_arguments(tr *t, uint32_t reg, rf_known k, rvalue *args)
{
    const uint32_t count = rf_leaves_of(t, k);
    for (uint32_t i = 0; i < count; i++) args[i] = value_of(rf_leaf(t, reg, i, rf_virtual_leaf(t, k, i)));
    return (int)count;
}

int rf_receive_leaves(tr *t, uint32_t reg, rf_known k, int first)
{
    const uint32_t count = rf_leaves_of(t, k);
    for (uint32_t i = 0; i < count; i++) {
        rvalue param = gcc_jit_param_as_rvalue(gcc_jit_function_get_param(t->function, first + (int)i));
        assign(t, rf_leaf(t, reg, i, rf_virtual_leaf(t, k, i)), param);
    }
    return (int)count;
}

lvalue rf_result_area(tr *t, rf_known result)
{
    if (!EMITS || result.kind != RF_KIND_VIRTUAL || rf_leaves_of(t, result) == 0) return NULL;
    gcc_jit_type *type = gcc_jit_context_new_array_type(GCC, NULL, T->value, (int)rf_leaves_of(t, result));
    return variable(t, type, "area");
}

static lvalue in_area(tr *t, rvalue area, uint32_t index)
{
    return gcc_jit_context_new_array_access(GCC, NULL, area, constant(t, index));
}

rvalue rf_area_address(tr *t, lvalue area)
{
    return gcc_jit_lvalue_get_address(in_area(t, value_of(area), 0), NULL);
}

void rf_leaves_out(tr *t, uint32_t reg, rf_known k, rvalue area)
{
    for (uint32_t i = 0; i < rf_leaves_of(t, k); i++) {
        const rf_known leaf = rf_virtual_leaf(t, k, i);
        lvalue slot = in_area(t, area, i), from = rf_leaf(t, reg, i, leaf);
        if (class_of(leaf) == LEAF_VALUE)
            assign(t, slot, value_of(from));
        else
            assign(t, class_of(leaf) == LEAF_FLOAT ? slot_float(t, slot) : slot_int(t, slot), value_of(from));
    }
}

void rf_leaves_in(tr *t, uint32_t reg, rf_known k, lvalue area)
{
    for (uint32_t i = 0; i < rf_leaves_of(t, k); i++) {
        const rf_known leaf = rf_virtual_leaf(t, k, i);
        lvalue slot = in_area(t, value_of(area), i);
        rvalue v = class_of(leaf) == LEAF_VALUE   ? value_of(slot)
                   : class_of(leaf) == LEAF_FLOAT ? value_of(slot_float(t, slot))
                                                  : value_of(slot_int(t, slot));
        assign(t, rf_leaf(t, reg, i, leaf), v);
    }
}
