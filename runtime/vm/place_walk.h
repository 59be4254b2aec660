/* Walking a place whose containers have one owner each: what place.c and the dispatch loop do without calls. */
#ifndef RF_VM_PLACE_WALK_H
#define RF_VM_PLACE_WALK_H

#include "value/array.h"
#include "value/struct_type.h"
#include "vm/frame.h"

/* The root variable, which may have no value. */
static RF_ALWAYS_INLINE rf_value *rf_vm_variable_of(rf_frame *fp, const rf_place_info *place)
{
    rf_value *slot = place->root == RF_REF_LOCAL     ? &fp->base[place->index]
                     : place->root == RF_REF_CAPTURE ? &fp->function->captures[place->index]
                                                     : &fp->proto->slots[place->index];
    return place->is_cell ? &slot->as.cell->value : slot;
}

/* From now on the step expects instances of this layout of the same declaration. */
void rf_vm_expect_layout(rf_place_step *step, rf_layout *layout);

/* Where the step's field is in the struct and what it holds (rf_field_kind); NULL: not known. */
static RF_ALWAYS_INLINE void *rf_vm_known_field(rf_struct *s, rf_place_step *step, unsigned *kind)
{
    rf_layout *layout = s->layout;
    if (RF_LIKELY(layout == step->layout)) {
        *kind = step->field_kind;
        return s->data + step->offset;
    }
    if (layout->def != step->def) return NULL;
    if (layout == step->def->layout) rf_vm_expect_layout(step, layout);
    *kind = layout->kinds[step->field_index]; /* made at another time */
    return s->data + layout->offsets[step->field_index];
}

/* The entry of a dict that has no other owner; NULL: there is none that keeps a whole value. */
rf_value *rf_vm_owned_entry(const rf_frame *fp, const rf_value *slot, rf_place_step *step);

/* What a step leads to; NULL: it has to be looked for, or something must be copied first. */
static RF_ALWAYS_INLINE rf_value *rf_vm_owned_part(const rf_frame *fp, const rf_value *slot, rf_place_step *step)
{
    if (step->field) {
        unsigned kind = RF_FIELD_VALUE;
        if (slot->head != RF_STRUCT) return rf_vm_owned_entry(fp, slot, step);
        if (slot->as.o->count != 1) return NULL;
        rf_value *part = rf_vm_known_field(slot->as.instance, step, &kind);
        return kind == RF_FIELD_VALUE ? part : NULL;
    }
    if (slot->head == RF_DICT) return rf_vm_owned_entry(fp, slot, step);
    const rf_value *index = &fp->base[step->reg];
    const rf_array *a = slot->as.array;
    if (slot->head != RF_ARRAY || index->head != RF_INT || (uint64_t)index->as.i >= a->length) return NULL;
    return a->object.info == RF_ARRAY_VALUES && a->object.count == 1 ? &a->as.values[index->as.i] : NULL;
}

/* Where the place, of at least one step, keeps its value as a payload alone or whole (*head is what it must have then,
 * or 0); NULL as above. */
static RF_ALWAYS_INLINE void *rf_vm_owned_payload(rf_frame *fp, rf_place_info *place, uint64_t *head)
{
    rf_place_step *step = place->steps, *last = step + place->count - 1;
    const rf_value *slot = rf_vm_variable_of(fp, place);
    for (; step < last; step++) {
        slot = rf_vm_owned_part(fp, slot, step);
        if (RF_UNLIKELY(!slot)) return NULL;
    }
    *head = 0;
    if (step->field) {
        unsigned kind = RF_FIELD_VALUE;
        if (slot->head != RF_STRUCT) return rf_vm_owned_entry(fp, slot, step);
        if (slot->as.o->count != 1) return NULL;
        void *at = rf_vm_known_field(slot->as.instance, step, &kind);
        *head = kind == RF_FIELD_VALUE ? 0 : rf_field_head(kind);
        return at;
    }
    if (slot->head == RF_DICT) return rf_vm_owned_entry(fp, slot, step);
    const rf_value *index = &fp->base[step->reg];
    const rf_array *a = slot->as.array;
    if (slot->head != RF_ARRAY || index->head != RF_INT || (uint64_t)index->as.i >= a->length || a->object.count != 1)
        return NULL;
    if (a->object.info == RF_ARRAY_VALUES) return &a->as.values[index->as.i];
    *head = rf_array_head(a->object.info);
    return a->object.info == RF_ARRAY_BOOLS ? NULL : a->as.ints + index->as.i;
}

/* Stores a value that counts nothing; false: nothing has happened. */
static RF_ALWAYS_INLINE bool rf_vm_store_plain(rf_frame *fp, rf_place_info *place, rf_value v)
{
    uint64_t head;
    if (RF_UNLIKELY(place->count == 0)) return false;
    void *at = rf_vm_owned_payload(fp, place, &head);
    if (RF_UNLIKELY(!at)) return false;
    if (head == 0) {
        rf_value *slot = at;
        if ((uint8_t)slot->head >= RF_HEAP_FIRST) return false;
        slot->head = v.head;
        slot->as = v.as;
        return true;
    }
    if (RF_UNLIKELY(head != v.head)) return false;
    memcpy(at, &v.as, sizeof v.as);
    return true;
}

#endif
