/* Storing into places: `bodies[i].x := v`.  The way is walked as the VM walks it (vm/place.c): each container on it gets
 * to be the only owner of what it holds before something in it changes. */
#include "jitc/families.h"
#include "jitc/objects.h"

typedef struct walk {
    const rf_source_place *place;
    lvalue slot;   /* what was reached lies here */
    rf_way way;
    uint32_t operand, parent;
} walk;

/* Where the variable lies. */
static bool start(tr *t, walk *w)
{
    const rf_wire_place *p = &w->place->p;
    lvalue slot = NULL;
    if (!p->is_usable) return false;
    w->operand = p->index;
    if (p->root == RF_REF_LOCAL) {
        w->way = p->is_cell ? RF_WAY_CELL : RF_WAY_REGISTER;
        slot = reg_slot(t, p->index);
    } else if (p->root == RF_REF_CAPTURE) {
        w->way = p->is_cell ? RF_WAY_CAPTURE_CELL : RF_WAY_CAPTURE;
        if (!p->is_cell && t->running.kind == RF_KIND_VIRTUAL) return false;
        slot = rf_capture_slot(t, p->index);
    } else {
        if (p->is_cell) return false;
        w->way = RF_WAY_MODULE;
        if (EMITS) slot = part(t, rf_base_address(t, RF_WIRE_BASE_SLOTS, t->number, 0), (uint64_t)p->index * sizeof(rf_value), RF_IR_VALUE);
    }
    if (p->is_cell && EMITS)
        slot = part(t, keep(t, RF_IR_POINTER, value_of(t, slot_object(t, slot))), offsetof(rf_cell, value), RF_IR_VALUE);
    w->slot = slot;
    return true;
}

/* Is what is stored what the way begins with?  It has one owner until it is counted: the VM does that first. */
static bool is_into_itself(const walk *w, uint32_t value)
{
    return w->way == RF_WAY_REGISTER && w->operand == value;
}

/* What a step needs to find in the slot before it. */
static object needed(const rf_wire_step *step, unsigned elements)
{
    if (step->is_field) return (object){.kind = RF_KIND_STRUCT, .layout = step->layout};
    return (object){.kind = RF_KIND_ARRAY, .elements = elements};
}

/* if (o->p->count != 1) o->p = copy(slot) */
static void make_own(tr *t, object *o, lvalue slot)
{
    rf_ir_block *shared = new_block(t), *next = new_block(t);
    lvalue p = variable(t, RF_IR_OBJECT, "p");
    assign(t, p, o->p);
    branch(t, likely(t, test(t, RF_IR_EQ, value_of(t, array_part(t, o->p, RF_IR_COUNT)),
                             number(t, RF_IR_I32, 1))),
           next, shared);
    t->block = shared;
    rvalue args[] = {t->context, slot_address(t, slot)};
    const rf_ir_extern *copy = o->kind == RF_KIND_STRUCT ? RF_FN(struct_copy) : RF_FN(array_copy);
    assign(t, p, cast(t, call_value(t, copy, 2, args), RF_IR_OBJECT));
    jump(t, next);
    t->block = next;
    o->p = value_of(t, p);
}

/* R[reg], with which a way begins, has been entered: it is the only owner of this. */
static void learn_root(tr *t, uint32_t reg, const object *o)
{
    rf_known *k = &t->now[reg];
    const bool is_array = o->kind == RF_KIND_ARRAY, is_known = is_array && k->kind == o->kind && k->elements == o->elements;
    const bool has_header = is_known && k->has_header, was_own = is_known && k->is_own;
    if (k->kind == RF_KIND_LENT) return;
    *k = (rf_known){.kind = (uint8_t)o->kind, .elements = (uint8_t)o->elements, .layout = o->layout, .is_own = is_array};
    if (has_header && was_own)
        k->has_header = true;
    else if (has_header)
        load_header(t, reg); /* it may be a copy */
}

/* The container in w->slot, with one owner. */
static object enter(tr *t, walk *w, object wanted)
{
    if (w->way == RF_WAY_REGISTER && t->now[w->operand].kind == RF_KIND_LENT) { /* a self in place, which has one owner */
        wanted.p = value_of(t, object_of(t, w->operand));
        wanted.fact = register_fact(t, w->operand, &wanted);
        return wanted;
    }
    const rf_fact *f = find_fact(t, w->parent, w->way, w->operand);
    const rf_known *k = w->way == RF_WAY_REGISTER ? &t->now[w->operand] : f ? &f->known : NULL;
    const bool is_known =
        k && k->kind == wanted.kind && k->elements == wanted.elements && k->layout == wanted.layout;
    if (is_known && w->way == RF_WAY_REGISTER && k->is_own) {
        wanted.p = value_of(t, object_of(t, w->operand));
        wanted.fact = register_fact(t, w->operand, &wanted);
        if (k->has_header) wanted.length = value_of(t, length_variable(t, w->operand));
        if (k->has_header) wanted.data = value_of(t, data_variable(t, w->operand));
        return wanted;
    }
    if (is_known && f && f->is_own) {
        wanted.p = f->p;
        wanted.length = f->length;
        wanted.data = f->data;
        wanted.fact = f->id;
        return wanted;
    }
    if (is_known) {
        wanted.p = w->way == RF_WAY_REGISTER ? value_of(t, object_of(t, w->operand)) : f->p;
    } else {
        const bool is_struct = wanted.kind == RF_KIND_STRUCT;
        guard(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, w->slot)),
                      constant(t, is_struct ? RF_STRUCT : RF_ARRAY)));
        wanted.p = keep(t, RF_IR_OBJECT, cast(t, value_of(t, slot_object(t, w->slot)), RF_IR_OBJECT));
        guard(t, is_struct ? layout_is(t, wanted.p, wanted.layout) : info_is(t, wanted.p, wanted.elements));
    }
    make_own(t, &wanted, w->slot);
    if (w->way == RF_WAY_REGISTER) {
        assign(t, object_of(t, w->operand), wanted.p);
        learn_root(t, w->operand, &wanted);
    }
    wanted.fact = note_object(t, w->parent, w->way, w->operand, &wanted, true);
    return wanted;
}

/* Where a step leads to in o. */
static lvalue step_into(tr *t, walk *w, const object *o, const rf_wire_step *step)
{
    w->parent = o->fact;
    if (step->is_field) {
        w->way = RF_WAY_FIELD;
        w->operand = step->offset;
        uint8_t type = step->field_kind == RF_FIELD_VALUE   ? RF_IR_VALUE
                             : step->field_kind == RF_FIELD_FLOAT ? RF_IR_F64
                                                                  : RF_IR_I64;
        return part(t, o->p, offsetof(rf_struct, data) + step->offset, type);
    }
    w->way = RF_WAY_INDEX;
    w->operand = step->reg;
    check_index_once(t, o, as_int(t, step->reg), RF_WAY_BOUND, step->reg);
    return element_at(t, o, as_int(t, step->reg));
}

static rf_kind kind_of_field(uint32_t field_kind)
{
    return field_kind == RF_FIELD_INT     ? RF_KIND_INT
           : field_kind == RF_FIELD_FLOAT ? RF_KIND_FLOAT
           : field_kind == RF_FIELD_BOOL  ? RF_KIND_BOOL
                                          : RF_KIND_MEMORY;
}

static unsigned elements_for(rf_kind value)
{
    return value == RF_KIND_INT     ? RF_ARRAY_INTS
           : value == RF_KIND_FLOAT ? RF_ARRAY_FLOATS
           : value == RF_KIND_BOOL  ? RF_ARRAY_BOOLS
                                    : RF_ARRAY_VALUES;
}

/* Can all steps be taken here, and does the value fit the last one? */
static bool is_possible(tr *t, const rf_source_place *place, rf_kind value)
{
    const uint32_t count = place->p.count;
    if (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST) return false;
    for (uint32_t i = 0; i < count; i++) {
        const rf_wire_step *step = &place->steps[i];
        const bool is_last = i + 1 == count;
        if (!step->is_field) {
            if (t->now[step->reg].kind != RF_KIND_INT) return false;
            continue;
        }
        if (!step->layout) return false;
        if (!is_last && step->field_kind != RF_FIELD_VALUE) return false;
        if (is_last && step->field_kind != RF_FIELD_VALUE && kind_of_field(step->field_kind) != value)
            return false;
    }
    const rf_wire_place *p = &place->p;
    const rf_kind root = p->root == RF_REF_LOCAL ? t->now[p->index].kind : RF_KIND_MEMORY;
    if (root == RF_KIND_LENT)
        return t->now[p->index].is_in_place && place->steps[0].is_field && place->steps[0].layout == t->now[p->index].layout;
    return root == RF_KIND_MEMORY || root == RF_KIND_ARRAY || root == RF_KIND_STRUCT;
}

static void store_scalar_field(tr *t, lvalue at, rf_kind value, uint32_t reg)
{
    if (value == RF_KIND_FLOAT)
        assign(t, at, value_of(t, float_of(t, reg)));
    else
        assign(t, at, as_int(t, reg));
}

/* if (!condition) goto other */
static void unless(tr *t, rvalue condition, rf_ir_block *other)
{
    rf_ir_block *next = new_block(t);
    branch(t, likely(t, condition), next, other);
    t->block = next;
}

/* Where a step leads to, if the container in slot belongs to the place alone. */
static lvalue step_owned(tr *t, lvalue slot, const rf_wire_step *step, rf_ir_block *other)
{
    object o = needed(step, RF_ARRAY_VALUES);
    unless(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, container_head(o.kind))), other);
    o.p = keep(t, RF_IR_OBJECT, cast(t, value_of(t, slot_object(t, slot)), RF_IR_OBJECT));
    unless(t, test(t, RF_IR_EQ, value_of(t, array_part(t, o.p, RF_IR_COUNT)), number(t, RF_IR_I32, 1)), other);
    unless(t, step->is_field ? layout_is(t, o.p, o.layout) : info_is(t, o.p, o.elements), other);
    if (step->is_field) return part(t, o.p, offsetof(rf_struct, data) + step->offset, RF_IR_VALUE);
    rvalue index = as_int(t, step->reg);
    unless(t, test(t, RF_IR_LT, unsigned_of(t, index), unsigned_of(t, length_of(t, &o))), other);
    return element_at(t, &o, index);
}

/* Does the place begin with what is in memory? */
static bool begins_in_memory(const tr *t, const walk *w)
{
    const rf_kind kind = w->way == RF_WAY_REGISTER ? t->now[w->operand].kind : RF_KIND_MEMORY;
    return kind == RF_KIND_MEMORY || kind == RF_KIND_ARRAY || kind == RF_KIND_STRUCT || kind == RF_KIND_DICT;
}

/* Are the kinds of what the first steps are taken in known? */
static bool knows_steps(const tr *t, const rf_source_place *place, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const rf_wire_step *step = &place->steps[i];
        const bool is_known = step->is_field ? step->layout && step->field_kind == RF_FIELD_VALUE
                                             : t->now[step->reg].kind == RF_KIND_INT;
        if (!is_known) return false;
    }
    return true;
}

bool rf_take_from_place(tr *t, const rf_wire_site *site, uint32_t window, rf_ir_block *other)
{
    if (!EMITS || site->place >= t->s->f.place_count) return false;
    walk w = {.place = &t->s->places[site->place]};
    if (w.place->p.count == 0) return false;
    if (!knows_steps(t, w.place, w.place->p.count) || !start(t, &w)) return false;
    lvalue slot = w.slot;
    for (uint32_t i = 0; i < w.place->p.count; i++) slot = step_owned(t, slot, &w.place->steps[i], other);
    rvalue p = keep(t, RF_IR_POINTER, value_of(t, slot_object(t, reg_slot(t, window))));
    unless(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, RF_STRUCT)), other);
    unless(t, test(t, RF_IR_EQ, value_of(t, slot_object(t, slot)), p), other);
    assign(t, slot_head(t, slot), constant(t, RF_NULL));
    assign(t, slot_int(t, slot), constant(t, 0));
    lvalue count = array_part(t, cast(t, p, RF_IR_OBJECT), RF_IR_COUNT); /* the window's is left */
    assign(t, count, binary(t, RF_IR_SUB, value_of(t, count), number(t, RF_IR_I32, 1)));
    return true;
}

bool rf_has_way_to(tr *t, const rf_wire_site *site)
{
    if (site->place >= t->s->f.place_count) return false;
    const rf_source_place *place = &t->s->places[site->place];
    const rf_wire_place *p = &place->p;
    if (!p->is_usable || p->is_cell || p->root != RF_REF_LOCAL || p->count == 0) return false;
    const rf_wire_step *last = &place->steps[p->count - 1];
    return is_possible(t, place, RF_KIND_MEMORY) && (!last->is_field || last->field_kind == RF_FIELD_VALUE);
}

rvalue rf_go_to(tr *t, const rf_wire_site *site, uint64_t layout, lvalue *slot)
{
    walk w = {.place = &t->s->places[site->place]};
    start(t, &w);
    if (!EMITS) {
        const object first = needed(w.place->steps, RF_ARRAY_VALUES);
        learn_root(t, w.operand, &first);
        return NULL;
    }
    for (uint32_t i = 0; i < w.place->p.count; i++) {
        const object o = enter(t, &w, needed(&w.place->steps[i], RF_ARRAY_VALUES));
        w.slot = step_into(t, &w, &o, &w.place->steps[i]);
    }
    *slot = w.slot;
    return enter(t, &w, (object){.kind = RF_KIND_STRUCT, .layout = layout}).p;
}

/* `self.slots[key] := v`, a dict and a string by what they are when it runs: moves or copies R[a] into the entry and goes
 * on.  What is emitted next is the other way. */
static void set_entry_in_place(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    walk w = {.place = &t->s->places[in.b]};
    const uint32_t count = w.place->p.count;
    if (count < 2 || !has_frame(t) || w.place->steps[count - 1].is_field) return;
    const uint32_t key = w.place->steps[count - 1].reg;
    if (t->now[key].kind != RF_KIND_STRING && t->now[key].kind != RF_KIND_MEMORY) return;
    if (!knows_steps(t, w.place, count - 1) || !start(t, &w) || is_into_itself(&w, in.a) || !begins_in_memory(t, &w)) return;
    const rf_known before = t->now[in.a];
    const bool is_scalar = is_in_variable(before.kind);
    rf_ir_block *other = new_block(t);
    if (EMITS) {
        for (uint32_t i = 0; i + 1 < count; i++) w.slot = step_owned(t, w.slot, &w.place->steps[i], other);
        unless(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, w.slot)), constant(t, RF_DICT)), other);
        if (t->now[key].kind == RF_KIND_MEMORY)
            unless(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, reg_slot(t, key))), constant(t, RF_STRING)), other);
        lvalue from = reg_slot(t, in.a), moved = variable(t, RF_IR_VALUE, "moved");
        if (is_scalar) write_back(t, in.a, before.kind);
        assign(t, moved, value_of(t, from));
        if (!is_scalar && is_temp(t, in.a)) assign(t, slot_head(t, from), constant(t, RF_UNSET));
        if (!is_scalar && !is_temp(t, in.a)) count_up(t, value_of(t, slot_head(t, moved)), value_of(t, slot_object(t, moved)));
        save_pc(t, t->at + 1);
        rvalue args[] = {t->context, slot_address(t, w.slot), value_of(t, slot_object(t, reg_slot(t, key))), slot_address(t, moved)};
        raise_unless(t, test(t, RF_IR_NE, call_value(t, RF_FN(dict_set), 4, args), constant(t, 0)));
    }
    forget_facts(t);
    share(t, in.a);
    if (is_temp(t, in.a)) t->now[in.a] = (rf_known){.kind = RF_KIND_CLEAN};
    go(t, t->at + 1);
    t->is_ended = false;
    t->now[in.a] = before;
    t->block = other;
}

/* place b = R[a] */
void rf_do_set_place(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    walk w = {.place = &t->s->places[in.b]};
    const rf_kind value = operand(t, in.a, 0);
    const uint32_t count = w.place->p.count;
    if (count == 0 || !is_possible(t, w.place, value) || !start(t, &w) || is_into_itself(&w, in.a)) {
        set_entry_in_place(t);
        long_way(t);
        return;
    }
    const rf_wire_step *last = &w.place->steps[count - 1];
    const object first = needed(w.place->steps, count > 1 ? RF_ARRAY_VALUES : elements_for(value));
    if (!EMITS) {
        if (w.way == RF_WAY_REGISTER) learn_root(t, w.operand, &first);
        if (last->is_field ? last->field_kind == RF_FIELD_VALUE : elements_for(value) == RF_ARRAY_VALUES) {
            noise(t);
            share(t, in.a);
        }
        if (is_temp(t, in.a)) t->now[in.a] = (rf_known){.kind = RF_KIND_CLEAN};
        return;
    }
    for (uint32_t i = 0; i + 1 < count; i++) {
        const object o = enter(t, &w, needed(&w.place->steps[i], RF_ARRAY_VALUES));
        w.slot = step_into(t, &w, &o, &w.place->steps[i]);
    }
    const object o = enter(t, &w, needed(last, elements_for(value)));
    lvalue at = step_into(t, &w, &o, last);
    const bool is_scalar = last->is_field ? last->field_kind != RF_FIELD_VALUE : o.elements != RF_ARRAY_VALUES;
    if (!is_scalar) {
        forget_facts(t);
        store_operand(t, at, in.a);
    } else if (last->is_field) {
        store_scalar_field(t, at, value, in.a);
    } else {
        store_scalar(t, at, o.elements, in.a);
    }
    use(t, in.a);
}

/* Where the array that the steps of w lead to lies.  Self in place has one owner, and so gets all on the way; else each
 * container has to have one already, or `other` is where it goes on, NULL: in the VM. */
static lvalue place_of_array(tr *t, walk *w, bool is_in_place, rf_ir_block *other)
{
    rf_ir_block *away = other || is_in_place ? other : exit_block(t, RF_EXIT_GUARD);
    for (uint32_t i = 0; i < w->place->p.count; i++) {
        const rf_wire_step *step = &w->place->steps[i];
        if (!is_in_place) {
            w->slot = step_owned(t, w->slot, step, away);
            continue;
        }
        const object o = enter(t, w, needed(step, RF_ARRAY_VALUES));
        w->slot = step_into(t, w, &o, step);
    }
    rvalue is_array = test(t, RF_IR_EQ, value_of(t, slot_head(t, w->slot)), constant(t, RF_ARRAY));
    if (other)
        unless(t, is_array, other);
    else
        guard(t, is_array);
    return w->slot;
}

/* Appends R[a] to the array in the place and goes to c.  When a container on the way is not what was seen, or has another
 * owner: without a frame native code is left; with one what is emitted next is the other way, as the VM knows how self is
 * taken from there without copying it.  False: nothing was emitted. */
static bool push_to_place(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    walk w = {.place = &t->s->places[in.b]};
    const bool is_doubtful = hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST;
    if (!knows_steps(t, w.place, w.place->p.count) || !start(t, &w)) return false;
    if (is_into_itself(&w, in.a) || (w.place->p.count == 0 && w.way == RF_WAY_REGISTER)) return false;
    const bool is_in_place = w.way == RF_WAY_REGISTER && t->now[w.operand].kind == RF_KIND_LENT;
    if (is_in_place ? !is_possible(t, w.place, RF_KIND_MEMORY) : !begins_in_memory(t, &w)) return false;
    const bool wants_line = t->all->unit->request.makes_all; /* an allocation that is measured is that of the frame's line */
    if ((is_doubtful || wants_line) && !needs_frame(t)) return false; /* doubtful: shared too often */
    operand(t, in.a, 0);
    if (w.place->p.marks_self && !rf_can_mark(t)) return false;
    const bool is_light = !has_frame(t), moves = rf_is_moved(t, in.a, jump_target(t));
    const size_t size = t->s->f.register_count * sizeof *t->now;
    rf_known *before = rf_alloc(size);
    rf_ir_block *other = is_light ? NULL : new_block(t);
    memcpy(before, t->now, size);
    if (EMITS) {
        rf_push_into(t, place_of_array(t, &w, is_in_place, other), in.a, moves);
        if (w.place->p.marks_self) rf_mark_self(t);
    }
    forget_facts(t);
    share(t, in.a);
    use(t, in.a);
    if (moves) t->now[in.a] = (rf_known){.kind = RF_KIND_CLEAN};
    go(t, jump_target(t));
    if (!is_light) {
        t->is_ended = false;
        memcpy(t->now, before, size);
        t->block = other;
    }
    rf_free(before);
    return true;
}

/* if place b holds an array: append R[a], go to c; else R[a] lives on */
void rf_do_push_place(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    push_to_place(t);
    if (t->is_ended) return;
    rvalue outcome = execute(t);
    if (t->is_ended) return;
    rf_ir_block *pushed = new_block(t), *kept_on = new_block(t);
    branch(t, likely(t, test(t, RF_IR_EQ, outcome, constant(t, OUTCOME_JUMPS))), pushed, kept_on);
    t->block = kept_on;
    const rf_known kept = t->now[in.a];
    if (is_temp(t, in.a)) t->now[in.a] = (rf_known){.kind = RF_KIND_MEMORY};
    go(t, t->at + 1);
    t->now[in.a] = kept;
    t->block = pushed;
    go(t, jump_target(t));
}
