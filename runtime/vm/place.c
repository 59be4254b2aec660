/* Places at run time: reading, storing, and taking out what an update or a method is about to change.
 *
 * The short ways walk arrays, structs and dicts by the registers of the description; everything else, errors included,
 * is left to value/operate.h with the evaluated steps. */
#include "base/alloc.h"
#include "value/dict.h"
#include "value/dict_layout.h"
#include "value/error_value.h"
#include "value/operate.h"
#include "vm/call.h"
#include "vm/place_walk.h"

/* The root variable; NULL after raising that it has no value. */
static inline rf_value *root_of(rf_isolate *isolate, rf_frame *fp, const rf_place_info *place)
{
    rf_value *slot = rf_vm_variable_of(fp, place);
    if (RF_LIKELY(slot->head != RF_UNSET)) return slot;
    rf_raise(isolate, "Undefined variable: %s", place->name->text);
    return NULL;
}

static inline rf_value key_of(const rf_frame *fp, const rf_place_step *step)
{
    return step->field ? rf_object_value(RF_STRING, step->field) : fp->base[step->reg];
}

/* ---- the long way ---- */

enum { FEW = 8 };

static rf_access *make_accesses(const rf_frame *fp, rf_place_info *place, rf_access *few)
{
    rf_access *accesses = place->count <= FEW ? few : rf_alloc_array(rf_access, place->count);
    for (uint32_t i = 0; i < place->count; i++) {
        const rf_place_step *step = &place->steps[i];
        accesses[i] = (rf_access){.is_field = step->field != NULL,
                                  .pos = step->pos,
                                  .key = key_of(fp, step)};
    }
    return accesses;
}

static void free_accesses(rf_access *accesses, const rf_access *few)
{
    if (accesses != few) rf_free(accesses);
}

static bool store_slowly(rf_isolate *isolate, const rf_frame *fp, rf_place_info *place, rf_value *root, rf_value v)
{
    rf_access few[FEW];
    rf_access *accesses = make_accesses(fp, place, few);
    const bool is_stored = rf_set_place(isolate, root, accesses, place->count, v);
    free_accesses(accesses, few);
    return is_stored;
}

/* ---- the short way: every container on the way belongs to the place alone ---- */

/* Stores a field of the struct in *slot, whose only owner it is, where fields of its layout are known to lie; false: v
 * is untouched. */
static RF_ALWAYS_INLINE bool store_known_field(rf_isolate *isolate, const rf_value *slot, rf_place_step *step,
                                               rf_value v)
{
    unsigned kind = RF_FIELD_VALUE;
    if (slot->head != RF_STRUCT || slot->as.o->count != 1) return false;
    void *at = rf_vm_known_field(slot->as.instance, step, &kind);
    if (!at || (kind != RF_FIELD_VALUE && v.head != rf_field_head(kind))) return false;
    if (kind == RF_FIELD_VALUE)
        rf_store(isolate, at, v);
    else
        memcpy(at, &v.as, sizeof v.as);
    return true;
}

/* The same for an element of the array in *slot. */
static RF_ALWAYS_INLINE bool store_owned_element(rf_isolate *isolate, const rf_value *slot, rf_value index, rf_value v)
{
    rf_array *a = slot->as.array;
    if (slot->head != RF_ARRAY || index.head != RF_INT || (uint64_t)index.as.i >= a->length || a->object.count != 1)
        return false;
    if (a->object.info == RF_ARRAY_VALUES)
        rf_store(isolate, &a->as.values[index.as.i], v);
    else if (a->object.info == RF_ARRAY_INTS && v.head == RF_INT)
        a->as.ints[index.as.i] = v.as.i;
    else if (a->object.info == RF_ARRAY_FLOATS && v.head == RF_FLOAT)
        a->as.floats[index.as.i] = v.as.d;
    else
        return false;
    return true;
}

/* ---- the way that copies what is shared ---- */

void rf_vm_expect_layout(rf_place_step *step, rf_layout *layout)
{
    step->layout = layout;
    step->offset = layout->offsets[step->field_index];
    step->field_kind = layout->kinds[step->field_index];
}

/* Number of the field that step names in the struct, -1 when it has none; remembered for its layout. */
static int32_t field_of(rf_isolate *isolate, rf_place_step *step, const rf_struct *s)
{
    rf_layout *layout = s->layout;
    if (RF_LIKELY(step->def == layout->def)) return (int32_t)step->field_index;
    const int32_t field = rf_structdef_find_field(layout->def, step->field);
    if (field < 0) return field;
    rf_retain_object(&layout->def->object);
    if (step->def) rf_release_object(isolate, &step->def->object);
    step->def = layout->def;
    step->field_index = (uint32_t)field;
    rf_vm_expect_layout(step, layout);
    return field;
}

/* Where a step leads to in *slot, which becomes the only owner of its container; NULL: take the long way. */
static rf_value *step_into(rf_isolate *isolate, const rf_frame *fp, rf_value *slot, rf_place_step *step)
{
    rf_value *part = rf_vm_owned_part(fp, slot, step);
    if (RF_LIKELY(part)) return part;
    const rf_value index = key_of(fp, step);
    rf_key key;
    if (slot->head == RF_DICT && step->field)
        return rf_dict_named(rf_dict_unique(isolate, slot), step->field, &step->entry);
    if (slot->head == RF_DICT && rf_key_from_value(index, &key))
        return rf_dict_find_slot(rf_dict_unique(isolate, slot), key);
    if (step->field) {
        if (slot->head != RF_STRUCT) return NULL;
        const int32_t field = field_of(isolate, step, slot->as.instance);
        if (field < 0) return NULL;
        return rf_struct_slot(rf_struct_unique(isolate, slot), (uint32_t)field);
    }
    if (slot->head != RF_ARRAY || index.head != RF_INT) return NULL;
    const rf_array *a = slot->as.array;
    if ((uint64_t)index.as.i >= a->length || a->object.info != RF_ARRAY_VALUES) return NULL;
    return &rf_array_unique(isolate, slot)->as.values[index.as.i];
}

/* The container of the last step. */
static rf_value *container_of(rf_isolate *isolate, const rf_frame *fp, rf_place_info *place, rf_value *slot)
{
    for (uint32_t i = 0; slot && i + 1 < place->count; i++) slot = step_into(isolate, fp, slot, &place->steps[i]);
    return slot;
}

/* Stores an element of the array in *slot; false: it has no such element, v is untouched. */
static bool store_element(rf_isolate *isolate, rf_value *slot, rf_value index, rf_value v)
{
    if (index.head != RF_INT || (uint64_t)index.as.i >= slot->as.array->length) return false;
    rf_array_set(isolate, rf_array_unique(isolate, slot), (uint32_t)index.as.i, v);
    return true;
}

/* Stores a field of the struct in *slot; false: it has no such field, v is untouched. */
static bool store_field(rf_isolate *isolate, rf_value *slot, rf_place_step *step, rf_value v)
{
    const int32_t field = field_of(isolate, step, slot->as.instance);
    if (field < 0) return false;
    rf_struct_unique(isolate, slot);
    rf_struct_set(isolate, slot, (uint32_t)field, v);
    return true;
}

/* ---- storing ---- */

static bool store_part(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, rf_value *root, rf_value v)
{
    rf_place_step *last = &place->steps[place->count - 1];
    rf_value *slot = container_of(isolate, fp, place, root);
    if (slot && last->field) {
        if (slot->head == RF_STRUCT && store_field(isolate, slot, last, v)) return true;
    } else if (slot && slot->head == RF_ARRAY) {
        if (store_element(isolate, slot, fp->base[last->reg], v)) return true;
    }
    return store_slowly(isolate, fp, place, root, v);
}

static RF_NOINLINE bool store_anyhow(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, rf_value v)
{
    if (place->count == 0) { /* giving back what was detached: the root may be empty */
        rf_store(isolate, rf_vm_variable_of(fp, place), v);
        return true;
    }
    rf_value *root = root_of(isolate, fp, place);
    if (!root) {
        rf_release(isolate, v);
        return false;
    }
    const bool is_claimed = rf_vm_claim_for(isolate, fp, place, fp->pc, &v);
    const bool is_stored = store_part(isolate, fp, place, root, v);
    if (is_claimed && !is_stored) rf_vm_unclaim_self(isolate, fp);
    return is_stored;
}

rf_value *rf_vm_owned_entry(const rf_frame *fp, const rf_value *slot, rf_place_step *step)
{
    rf_key key;
    if (slot->head != RF_DICT || slot->as.o->count != 1) return NULL;
    if (step->field) return rf_dict_named(slot->as.dict, step->field, &step->entry);
    return rf_key_from_value(fp->base[step->reg], &key) ? rf_dict_find_slot(slot->as.dict, key) : NULL;
}

bool rf_vm_store_place(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, rf_value v)
{
    if (RF_UNLIKELY(place->count == 0)) return store_anyhow(isolate, fp, place, v);
    rf_place_step *step = place->steps, *last = step + place->count - 1;
    const rf_value *slot = rf_vm_variable_of(fp, place);
    for (; step < last; step++) {
        slot = rf_vm_owned_part(fp, slot, step);
        if (RF_UNLIKELY(!slot)) return store_anyhow(isolate, fp, place, v);
    }
    const rf_value index = key_of(fp, step);
    rf_key key;
    const bool is_stored = RF_LIKELY(step->field != NULL) ? store_known_field(isolate, slot, step, v)
                                                          : store_owned_element(isolate, slot, index, v);
    if (RF_LIKELY(is_stored)) return true;
    if (slot->head == RF_DICT && slot->as.o->count == 1) {
        rf_value *entry = step->field ? rf_dict_named(slot->as.dict, step->field, &step->entry) : NULL;
        if (entry) {
            rf_store(isolate, entry, v);
            return true;
        }
        if (rf_key_from_value(index, &key)) return rf_dict_set(isolate, slot->as.dict, key, v);
    }
    return store_anyhow(isolate, fp, place, v);
}

int rf_vm_push_place(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, rf_value v)
{
    const rf_instruction *behind = fp->pc + (int16_t)fp->pc[-1].c;
    rf_value *slot = rf_vm_variable_of(fp, place);
    const bool is_claimed = rf_vm_claim_for(isolate, fp, place, behind, NULL);
    int outcome = 0;
    for (uint32_t i = 0; slot && i < place->count; i++) slot = step_into(isolate, fp, slot, &place->steps[i]);
    if (slot && slot->head == RF_ARRAY) {
        if (place->marks_self) fp->flags |= RF_FRAME_MARKED;
        outcome = rf_array_push(isolate, rf_array_unique(isolate, slot), v) ? 1 : -1;
    }
    if (is_claimed && outcome <= 0) rf_vm_unclaim_self(isolate, fp);
    return outcome;
}

/* ---- reading ---- */

/* What a step leads to, borrowed; UNSET: only the general rules can tell. */
static inline rf_value peek_part(rf_isolate *isolate, const rf_frame *fp, rf_value at, rf_place_step *step)
{
    const rf_value index = key_of(fp, step);
    rf_key key;
    if (step->field && at.head == RF_STRUCT) {
        const int32_t field = field_of(isolate, step, at.as.instance);
        return field < 0 ? rf_unset() : rf_struct_peek(at.as.instance, (uint32_t)field);
    }
    if (step->field && at.head == RF_DICT) {
        const rf_value *entry = rf_dict_named(at.as.dict, step->field, &step->entry);
        return entry ? *entry : rf_unset();
    }
    if (at.head == RF_ARRAY && index.head == RF_INT && (uint64_t)index.as.i < at.as.array->length)
        return rf_array_peek(at.as.array, (uint32_t)index.as.i);
    return at.head == RF_DICT && rf_key_from_value(index, &key) ? rf_dict_peek(at.as.dict, key) : rf_unset();
}

rf_value rf_vm_read_place(rf_isolate *isolate, rf_frame *fp, rf_place_info *place)
{
    const rf_value *root = root_of(isolate, fp, place);
    if (!root) return rf_raised();
    rf_value at = *root;
    for (uint32_t i = 0; at.head != RF_UNSET && i < place->count; i++) at = peek_part(isolate, fp, at, &place->steps[i]);
    if (RF_LIKELY(at.head != RF_UNSET)) return rf_copy(at);
    rf_access few[FEW];
    rf_access *accesses = make_accesses(fp, place, few);
    rf_value v = rf_get_place(isolate, *root, accesses, place->count);
    free_accesses(accesses, few);
    return v;
}

/* ---- taking out ---- */

static bool is_same(rf_value a, rf_value b)
{
    return a.head == b.head && a.as.o == b.as.o;
}

static bool can_be_stored_into(rf_value container)
{
    return container.head == RF_ARRAY || container.head == RF_DICT || container.head == RF_STRUCT;
}

/* Does the place hold `held`, in containers that can be stored into? */
static bool holds(rf_isolate *isolate, rf_value root, const rf_access *accesses, uint32_t count, rf_value held)
{
    rf_value at = rf_copy(root);
    for (uint32_t i = 0; i < count; i++) {
        const rf_value next =
            can_be_stored_into(at) ? rf_get_place(isolate, at, &accesses[i], 1) : rf_unset();
        rf_release(isolate, at);
        if (rf_is_raised(next)) rf_release(isolate, rf_take_error(isolate));
        if (next.head == RF_UNSET || rf_is_raised(next)) return false;
        at = next;
    }
    rf_release(isolate, at);
    return is_same(at, held);
}

static bool detach_slowly(rf_isolate *isolate, const rf_frame *fp, rf_place_info *place, rf_value *root,
                          rf_value held)
{
    rf_access few[FEW];
    rf_access *accesses = make_accesses(fp, place, few);
    const bool is_held = holds(isolate, *root, accesses, place->count, held);
    if (is_held) rf_release(isolate, rf_take_place(isolate, root, accesses, place->count));
    free_accesses(accesses, few);
    return is_held;
}

bool rf_vm_detach(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, rf_value held)
{
    if (!rf_is_heap(held) || place->is_constant) return false;
    rf_value *root = root_of(isolate, fp, place);
    if (!root) {
        rf_release(isolate, rf_take_error(isolate));
        return false;
    }
    if (place->count == 0) {
        if (!is_same(*root, held)) return false;
        rf_store(isolate, root, rf_unset());
        return true;
    }
    rf_value *slot = container_of(isolate, fp, place, root);
    if (slot) slot = step_into(isolate, fp, slot, &place->steps[place->count - 1]);
    if (!slot) return detach_slowly(isolate, fp, place, root, held);
    if (!is_same(*slot, held)) return false;
    rf_store(isolate, slot, rf_null());
    return true;
}

/* ---- taking self from the place that a method was called on ---- */

bool rf_vm_claim_self(rf_isolate *isolate, rf_frame *fp, const rf_instruction *next, uint32_t field,
                      rf_value stored)
{
    const uint32_t way = fp->flags & (RF_FRAME_SELF_BACK | RF_FRAME_SELF_LOCAL | RF_FRAME_SELF_TAKEN);
    if (way != RF_FRAME_SELF_BACK && way != RF_FRAME_SELF_LOCAL) return false;
    const rf_value self = fp->base[0];
    if (self.head != RF_STRUCT || self.as.o->count != 2) return false;
    if (!rf_vm_ends_quietly(fp, next, field, stored)) return false;
    rf_frame *caller = fp->previous;
    if (way == RF_FRAME_SELF_BACK) {
        if (!rf_vm_detach(isolate, caller, rf_vm_receiver_place(caller), self)) return false;
    } else {
        rf_value *local = &caller->base[fp->self_register];
        if (local->head != RF_STRUCT || local->as.o != self.as.o) return false;
        rf_store(isolate, local, rf_unset());
    }
    fp->flags |= RF_FRAME_SELF_TAKEN;
    return true;
}

bool rf_vm_claim_for(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, const rf_instruction *next,
                     const rf_value *stored)
{
    const rf_value self = place->is_self ? fp->base[0] : rf_unset();
    if (self.head != RF_STRUCT || self.as.o->count != 2) return false;
    rf_place_step *first = place->steps;
    int32_t field = -1;
    if (first->field)
        field = field_of(isolate, first, self.as.instance);
    else if (fp->base[first->reg].head == RF_STRING)
        field = rf_structdef_find_field(self.as.instance->layout->def, fp->base[first->reg].as.string);
    if (field < 0) return false;
    const rf_value now = rf_struct_peek(self.as.instance, (uint32_t)field);
    return rf_vm_claim_self(isolate, fp, next, (uint32_t)field, place->count > 1 ? rf_unset() : stored ? *stored : now);
}

void rf_vm_unclaim_self(rf_isolate *isolate, rf_frame *fp)
{
    rf_frame *caller = fp->previous;
    const rf_value self = rf_copy(fp->base[0]);
    fp->flags &= ~(uint32_t)RF_FRAME_SELF_TAKEN;
    if (fp->flags & RF_FRAME_SELF_BACK)
        rf_vm_store_place(isolate, caller, rf_vm_receiver_place(caller), self);
    else
        rf_store(isolate, &caller->base[fp->self_register], self);
}
