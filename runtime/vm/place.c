/* Places at run time: reading, storing, and taking out what an update or a method is about to change.
 *
 * The short way walks arrays and structs by the registers of the description; everything else, errors included, is
 * left to value/operate.h with the evaluated steps. */
#include "base/alloc.h"
#include "value/array.h"
#include "value/error_value.h"
#include "value/operate.h"
#include "value/struct_type.h"
#include "vm/call.h"

/* The root variable, which may have no value. */
static inline rf_value *variable_of(rf_frame *fp, const rf_place_info *place)
{
    rf_value *slot = place->root == RF_REF_LOCAL     ? &fp->base[place->index]
                     : place->root == RF_REF_CAPTURE ? &fp->function->captures[place->index]
                                                     : &fp->proto->slots[place->index];
    return place->is_cell ? &slot->as.cell->value : slot;
}

/* The same; NULL after raising that it has none. */
static inline rf_value *root_of(rf_isolate *isolate, rf_frame *fp, const rf_place_info *place)
{
    rf_value *slot = variable_of(fp, place);
    if (RF_LIKELY(slot->head != RF_UNSET)) return slot;
    rf_raise(isolate, "Undefined variable: %s", place->name->text);
    return NULL;
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
                                  .key = step->field ? rf_object_value(RF_STRING, step->field) : fp->base[step->reg]};
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

/* ---- the short way ---- */

/* Number of the field that step names in def, -1 when it has none. */
static inline int32_t field_of(rf_isolate *isolate, rf_place_step *step, rf_structdef *def)
{
    if (RF_LIKELY(step->def == def)) return (int32_t)step->field_index;
    const int32_t field = rf_structdef_find_field(def, step->field);
    if (field < 0) return field;
    rf_retain_object(&def->object);
    if (step->def) rf_release_object(isolate, &step->def->object);
    step->def = def;
    step->field_index = (uint32_t)field;
    return field;
}

/* Where a step leads to in *slot, which becomes the only owner of its container; NULL: take the long way. */
static inline rf_value *step_into(rf_isolate *isolate, const rf_frame *fp, rf_value *slot, rf_place_step *step)
{
    if (step->field) {
        if (slot->head != RF_STRUCT) return NULL;
        const int32_t field = field_of(isolate, step, slot->as.instance->layout->def);
        if (field < 0) return NULL;
        return rf_struct_slot(rf_struct_unique(isolate, slot), (uint32_t)field);
    }
    const rf_value index = fp->base[step->reg];
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

/* ---- storing ---- */

/* Stores an element of the array in *slot; false: it has no such element, v is untouched. */
static inline bool store_element(rf_isolate *isolate, rf_value *slot, rf_value index, rf_value v)
{
    if (index.head != RF_INT || (uint64_t)index.as.i >= slot->as.array->length) return false;
    rf_array *a = rf_array_unique(isolate, slot);
    if (a->object.info == RF_ARRAY_VALUES)
        rf_store(isolate, &a->as.values[index.as.i], v);
    else if (a->object.info == RF_ARRAY_INTS && v.head == RF_INT)
        a->as.ints[index.as.i] = v.as.i;
    else
        rf_array_set(isolate, a, (uint32_t)index.as.i, v);
    return true;
}

/* Stores a field of the struct in *slot; false: it has no such field, v is untouched. */
static bool store_field(rf_isolate *isolate, rf_value *slot, rf_place_step *step, rf_value v)
{
    const int32_t found = field_of(isolate, step, slot->as.instance->layout->def);
    if (found < 0) return false;
    rf_struct *s = rf_struct_unique(isolate, slot);
    const uint32_t field = (uint32_t)found;
    char *at = s->data + s->layout->offsets[field];
    const unsigned kind = s->layout->kinds[field];
    if (kind == RF_FIELD_VALUE)
        rf_store(isolate, (rf_value *)(void *)at, v);
    else if (kind == RF_FIELD_FLOAT && v.head == RF_FLOAT)
        *(double *)(void *)at = v.as.d;
    else if (kind == RF_FIELD_INT && v.head == RF_INT)
        *(int64_t *)(void *)at = v.as.i;
    else
        rf_struct_set(isolate, slot, field, v);
    return true;
}

bool rf_vm_store_place(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, rf_value v)
{
    if (place->count == 0) { /* giving back what was detached: the root may be empty */
        rf_store(isolate, variable_of(fp, place), v);
        return true;
    }
    rf_value *root = root_of(isolate, fp, place);
    if (!root) {
        rf_release(isolate, v);
        return false;
    }
    rf_place_step *last = &place->steps[place->count - 1];
    rf_value *slot = place->count == 1 ? root : container_of(isolate, fp, place, root);
    if (slot && !last->field) {
        if (slot->head == RF_ARRAY && store_element(isolate, slot, fp->base[last->reg], v)) return true;
    } else if (slot && slot->head == RF_STRUCT && store_field(isolate, slot, last, v)) {
        return true;
    }
    return store_slowly(isolate, fp, place, root, v);
}

int rf_vm_push_place(rf_isolate *isolate, rf_frame *fp, rf_place_info *place, rf_value v)
{
    rf_value *slot = variable_of(fp, place);
    for (uint32_t i = 0; slot && i < place->count; i++) slot = step_into(isolate, fp, slot, &place->steps[i]);
    if (!slot || slot->head != RF_ARRAY) return 0;
    if (place->marks_self) fp->flags |= RF_FRAME_MARKED;
    return rf_array_push(isolate, rf_array_unique(isolate, slot), v) ? 1 : -1;
}

/* ---- reading ---- */

rf_value rf_vm_read_place(rf_isolate *isolate, rf_frame *fp, rf_place_info *place)
{
    const rf_value *root = root_of(isolate, fp, place);
    if (!root) return rf_raised();
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
