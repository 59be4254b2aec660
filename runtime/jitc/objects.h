/* Arrays and instances in native code: telling their kinds, their parts, and facts about them.
 *
 * A fact is what a way through variables and containers led to: `bodies` is an array at p, `bodies[i]` an instance at
 * q.  Facts hold along a straight line of instructions, until something is stored where they came from, an index
 * changes, or code runs that may do anything.  `is_own`: everything on the way has one owner, so that it may be
 * changed in place. */
#ifndef RF_JITC_OBJECTS_H
#define RF_JITC_OBJECTS_H

#include "jitc/core.h"

#include "value/struct_type.h"

/* ---- arrays and instances ---- */

typedef struct object {
    rf_kind kind;
    unsigned elements;
    uint64_t layout;
    rvalue p;
    uint32_t fact; /* id, 0: none */
    rvalue length, data; /* NULL: to be read */
} object;

static inline int only_elements(uint32_t seen)
{
    if (!was_only(seen, RF_ARRAY)) return -1;
    const uint32_t kinds = seen >> RF_SEEN_ARRAY_SHIFT;
    for (int i = RF_ARRAY_INTS; i <= RF_ARRAY_VALUES; i++)
        if (kinds == 1u << i || kinds == ((1u << i) | 1u << RF_ARRAY_EMPTY)) return i;
    return -1;
}

static inline rvalue layout_is(tr *t, rvalue p, uint64_t layout)
{
    return EMITS ? test(t, RF_IR_EQ,
                        value_of(t, part(t, p, offsetof(rf_struct, layout), RF_IR_POINTER)),
                        rf_address(t, layout))
                 : NULL;
}

/* Is it, by what was seen, a string or a dict?  MEMORY: neither. */
static inline rf_kind other_container(uint32_t seen)
{
    return was_only(seen, RF_STRING) ? RF_KIND_STRING : was_only(seen, RF_DICT) ? RF_KIND_DICT : RF_KIND_MEMORY;
}

static inline int64_t container_head(rf_kind kind)
{
    return kind == RF_KIND_STRUCT   ? RF_STRUCT
           : kind == RF_KIND_STRING ? RF_STRING
           : kind == RF_KIND_DICT   ? RF_DICT
                                    : RF_ARRAY;
}

/* In place of a layout: only the length is wanted, so arrays of any kind will do; their `elements` is EMPTY then. */
#define ONLY_LENGTH UINT64_MAX

/* The value in slot is what was seen: an array of one kind, a string or a dict (layout 0), or an instance of layout. */
static inline bool look_at(tr *t, lvalue slot, uint32_t seen, uint64_t layout, object *out)
{
    if (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST) return false;
    const rf_kind other = other_container(seen);
    const bool is_any = layout == ONLY_LENGTH && was_only(seen, RF_ARRAY);
    if (layout == ONLY_LENGTH) layout = 0;
    if (other != RF_KIND_MEMORY || is_any) {
        *out = (object){.kind = is_any ? RF_KIND_ARRAY : other, .elements = RF_ARRAY_EMPTY};
        if (!EMITS) return true;
        guard(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, container_head(out->kind))));
        out->p = keep(t, RF_IR_OBJECT, cast(t, value_of(t, slot_object(t, slot)), RF_IR_OBJECT));
        return true;
    }
    const int elements = only_elements(seen);
    const bool is_struct = layout && was_only(seen, RF_STRUCT);
    if (elements < 0 && !is_struct) return false;
    *out = (object){.kind = is_struct ? RF_KIND_STRUCT : RF_KIND_ARRAY,
                    .elements = is_struct ? 0 : (unsigned)elements,
                    .layout = is_struct ? layout : 0};
    if (!EMITS) return true;
    guard(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)),
                  constant(t, is_struct ? RF_STRUCT : RF_ARRAY)));
    out->p = keep(t, RF_IR_OBJECT, cast(t, value_of(t, slot_object(t, slot)), RF_IR_OBJECT));
    guard(t, is_struct ? layout_is(t, out->p, layout) : info_is(t, out->p, out->elements));
    return true;
}

/* ---- facts ---- */

static inline rf_fact *find_fact(tr *t, uint32_t parent, rf_way way, uint32_t operand)
{
    for (uint32_t i = 0; i < t->fact_count; i++) {
        rf_fact *f = &t->facts[i];
        if (f->parent == parent && f->way == way && f->operand == operand) return f;
    }
    return NULL;
}

static inline rf_fact *add_fact(tr *t, uint32_t parent, rf_way way, uint32_t operand)
{
    rf_fact *f = find_fact(t, parent, way, operand);
    if (!f) {
        if (t->fact_count == RF_MOST_FACTS) forget_facts(t);
        f = &t->facts[t->fact_count++];
    }
    *f = (rf_fact){.way = way, .operand = operand, .parent = parent, .id = ++t->fact_ids};
    return f;
}

static inline uint32_t note_object(tr *t, uint32_t parent, rf_way way, uint32_t operand, const object *o,
                                   bool is_own)
{
    rf_fact *f = add_fact(t, parent, way, operand);
    f->known = (rf_known){.kind = (uint8_t)o->kind, .elements = (uint8_t)o->elements, .layout = o->layout};
    f->p = o->p;
    f->is_own = is_own;
    return f->id;
}

/* look_at, but what is known already is not tested again. */
static inline bool look_along(tr *t, const loaded *from, uint32_t seen, uint64_t layout, object *out)
{
    if (!EMITS || from->way == RF_WAY_NONE) return look_at(t, from->slot, seen, layout, out);
    const rf_fact *f = find_fact(t, from->parent, from->way, from->operand);
    object wanted = {0};
    t->is_emitting = false;
    const bool is_possible = look_at(t, NULL, seen, layout, &wanted);
    t->is_emitting = true;
    if (!is_possible) return false;
    const bool is_length = layout == ONLY_LENGTH && wanted.kind == RF_KIND_ARRAY;
    if (f && f->known.kind == wanted.kind && (is_length || f->known.elements == wanted.elements) &&
        f->known.layout == wanted.layout) {
        *out = wanted;
        out->elements = f->known.elements;
        out->p = f->p;
        out->length = f->length;
        out->data = f->data;
        out->fact = f->id;
        return true;
    }
    if (!look_at(t, from->slot, seen, layout, out)) return false;
    if (is_length) return true;
    out->fact = note_object(t, from->parent, from->way, from->operand, out, false);
    return true;
}

/* The fact about an array or instance in a register. */
static inline uint32_t register_fact(tr *t, uint32_t reg, const object *o)
{
    if (!EMITS) return 0;
    const rf_fact *f = find_fact(t, 0, RF_WAY_REGISTER, reg);
    return f ? f->id : note_object(t, 0, RF_WAY_REGISTER, reg, o, false);
}

static inline bool object_in(tr *t, uint32_t reg, uint32_t seen, uint64_t layout, object *out)
{
    rf_known *k = &t->now[reg];
    const bool is_instance = (k->kind == RF_KIND_STRUCT || k->kind == RF_KIND_LENT) && k->layout == layout;
    if (k->kind == RF_KIND_ARRAY || is_instance) {
        *out = (object){.kind = is_instance ? RF_KIND_STRUCT : RF_KIND_ARRAY,
                        .elements = k->elements,
                        .layout = k->layout,
                        .p = value_of(t, object_of(t, reg))};
        out->fact = register_fact(t, reg, out);
        if (k->has_header) {
            out->length = value_of(t, length_variable(t, reg));
            out->data = value_of(t, data_variable(t, reg));
        }
        return true;
    }
    if (k->kind == RF_KIND_STRING || k->kind == RF_KIND_DICT) {
        *out = (object){.kind = k->kind};
        if (EMITS) out->p = keep(t, RF_IR_OBJECT, cast(t, value_of(t, slot_object(t, reg_slot(t, reg))), RF_IR_OBJECT));
        return true;
    }
    if (k->kind != RF_KIND_MEMORY && k->kind != RF_KIND_STRUCT) return false;
    if (!look_at(t, reg_slot(t, reg), seen, layout, out)) return false;
    if (layout == ONLY_LENGTH && out->kind == RF_KIND_ARRAY) return true; /* of no use to others */
    if (out->kind == RF_KIND_STRING || out->kind == RF_KIND_DICT) {
        *k = (rf_known){.kind = (uint8_t)out->kind, .is_lent = k->is_lent};
        return true;
    }
    assign(t, object_of(t, reg), out->p);
    out->fact = EMITS ? note_object(t, 0, RF_WAY_REGISTER, reg, out, false) : 0;
    *k = (rf_known){.kind = (uint8_t)out->kind,
                    .elements = (uint8_t)out->elements,
                    .is_lent = k->is_lent,
                    .layout = out->layout};
    return true;
}

static inline rvalue unsigned_of(tr *t, rvalue v)
{
    return EMITS ? cast(t, v, RF_IR_U64)
                 : NULL;
}

static inline rvalue length_at(tr *t, rvalue p)
{
    return EMITS ? cast(t, value_of(t, array_part(t, p, RF_IR_LENGTH)), RF_IR_I64) : NULL;
}

static inline rvalue length_of(tr *t, const object *o)
{
    return o->length ? o->length : length_at(t, o->p);
}

/* The variables about the array in reg. */
static inline void load_header(tr *t, uint32_t reg)
{
    if (EMITS) {
        rvalue p = value_of(t, object_of(t, reg));
        assign(t, length_variable(t, reg), length_at(t, p));
        assign(t, data_variable(t, reg), value_of(t, array_part(t, p, RF_IR_DATA)));
    }
    t->now[reg].has_header = true;
}

static inline lvalue element_at(tr *t, const object *o, rvalue index)
{
    if (!EMITS) return NULL;
    const uint8_t types[] = {RF_IR_VOID, RF_IR_I64, RF_IR_F64, RF_IR_U8, RF_IR_VALUE};
    rvalue data = cast(t, o->data ? o->data : value_of(t, array_part(t, o->p, RF_IR_DATA)),
                       RF_IR_TO + types[o->elements]);
    return element(t, data, index);
}

static inline loaded load_element(tr *t, const object *o, rvalue index)
{
    lvalue at = element_at(t, o, index);
    switch (o->elements) {
    case RF_ARRAY_INTS: return (loaded){.kind = RF_KIND_INT, .v = value_of(t, at)};
    case RF_ARRAY_FLOATS: return (loaded){.kind = RF_KIND_FLOAT, .v = value_of(t, at)};
    case RF_ARRAY_BOOLS:
        return (loaded){.kind = RF_KIND_BOOL, .v = EMITS ? cast(t, value_of(t, at), RF_IR_I64) : NULL};
    default: return (loaded){.kind = RF_KIND_MEMORY, .slot = at};
    }
}

/* the same, unless it is known: bound tells what `operand` is */
static inline void check_index(tr *t, const object *o, rvalue index);
static inline void check_index_once(tr *t, const object *o, rvalue index, rf_way bound, uint32_t operand)
{
    if (!EMITS || o->fact == 0) {
        check_index(t, o, index);
        return;
    }
    if (find_fact(t, o->fact, bound, operand)) return;
    check_index(t, o, index);
    add_fact(t, o->fact, bound, operand);
}

/* an index within the array, or leave */
static inline void check_index(tr *t, const object *o, rvalue index)
{
    guard(t, test(t, RF_IR_LT, unsigned_of(t, index),
                  unsigned_of(t, length_of(t, o))));
}

static inline loaded load_field(tr *t, const object *o, const rf_wire_site *site)
{
    const uint64_t offset = offsetof(rf_struct, data) + site->offset;
    switch (site->field_kind) {
    case RF_FIELD_INT:
        return (loaded){.kind = RF_KIND_INT, .v = value_of(t, part(t, o->p, offset, RF_IR_I64))};
    case RF_FIELD_BOOL:
        return (loaded){.kind = RF_KIND_BOOL, .v = value_of(t, part(t, o->p, offset, RF_IR_I64))};
    case RF_FIELD_FLOAT:
        return (loaded){.kind = RF_KIND_FLOAT, .v = value_of(t, part(t, o->p, offset, RF_IR_F64))};
    default: return (loaded){.kind = RF_KIND_MEMORY, .slot = part(t, o->p, offset, RF_IR_VALUE)};
    }
}

static inline rf_kind kind_of_elements(unsigned elements)
{
    return elements == RF_ARRAY_INTS     ? RF_KIND_INT
           : elements == RF_ARRAY_FLOATS ? RF_KIND_FLOAT
           : elements == RF_ARRAY_BOOLS  ? RF_KIND_BOOL
                                         : RF_KIND_MEMORY;
}

static inline void store_scalar(tr *t, lvalue at, unsigned elements, uint32_t reg)
{
    if (!EMITS) return;
    if (elements == RF_ARRAY_FLOATS)
        assign(t, at, value_of(t, float_of(t, reg)));
    else
        assign(t, at, elements == RF_ARRAY_BOOLS ? cast(t, as_int(t, reg), RF_IR_U8) : as_int(t, reg));
}

static inline void make_unique(tr *t, uint32_t reg, const rf_ir_extern *copy)
{
    if (!EMITS) return;
    rf_ir_block *shared = new_block(t), *next = new_block(t);
    rvalue count = value_of(t, array_part(t, value_of(t, object_of(t, reg)), RF_IR_COUNT));
    branch(t, likely(t, test(t, RF_IR_EQ, count, number(t, RF_IR_I32, 1))),
           next, shared);
    t->block = shared;
    rvalue args[] = {t->context, slot_address(t, reg_slot(t, reg))};
    assign(t, object_of(t, reg), cast(t, call_value(t, copy, 2, args), RF_IR_OBJECT));
    jump(t, next);
    t->block = next;
}

#endif
