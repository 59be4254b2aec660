/* Places `root step step ...` (LANGUAGE 5.3): reading, storing, and taking a part out to change it.
 *
 * A store walks the path twice: first reading only, so that every error comes in reading order and
 * before anything is copied; then making each level the only owner of its container, so that what
 * is shared with others stays as it is. */
#include "value/operate.h"

#include "value/array.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/struct_type.h"

#include <math.h>

static inline bool is_container(rf_value v)
{
    return v.head == RF_ARRAY || v.head == RF_DICT || v.head == RF_STRUCT;
}

static inline void blame(rf_isolate *isolate, const rf_access *step)
{
    isolate->blame = step->pos;
}

/* The field a step on a struct names, -1 when there is none. */
static int32_t find_field(const rf_struct *s, const rf_access *step)
{
    return step->key.head == RF_STRING
               ? rf_structdef_find_field(s->layout->def, step->key.as.string)
               : -1;
}

/* What a step leads to in an array, dict or struct, borrowed; UNSET when only the general reading
 * rules can tell. */
static rf_value peek(rf_value object, const rf_access *step)
{
    uint32_t at;
    rf_key key;
    int32_t field;
    switch (object.head) {
    case RF_ARRAY:
        if (step->is_field || !rf_index_normalise(step->key, object.as.array->length, &at))
            return rf_unset();
        return rf_array_peek(object.as.array, at);
    case RF_DICT:
        return rf_key_from_value(step->key, &key) ? rf_dict_peek(object.as.dict, key) : rf_unset();
    case RF_STRUCT:
        field = find_field(object.as.instance, step);
        return field < 0 ? rf_unset() : rf_struct_peek(object.as.instance, (uint32_t)field);
    default: return rf_unset();
    }
}

/* The step by the rules of reading: new or RAISED. */
static rf_value read(rf_isolate *isolate, rf_value object, const rf_access *step)
{
    blame(isolate, step);
    rf_value v = step->is_field ? rf_get_field(isolate, object, step->key.as.string)
                                : rf_get_index(isolate, object, step->key);
    isolate->blame = (rf_pos){0, 0};
    return v;
}

rf_value rf_get_place(rf_isolate *isolate, rf_value root, const rf_access *steps, uint32_t count)
{
    rf_value at = root, owned = rf_unset(); /* at borrows from root or from owned */
    for (uint32_t i = 0; i < count; i++) {
        rf_value next = peek(at, &steps[i]);
        if (next.head == RF_UNSET) {
            next = read(isolate, at, &steps[i]);
            rf_store(isolate, &owned, next);
            if (rf_is_raised(next)) return next;
        }
        at = next;
    }
    rf_retain(at);
    rf_release(isolate, owned);
    return at;
}

/* ---- storing ---- */

static bool fail_store(rf_isolate *isolate, const rf_access *step)
{
    blame(isolate, step);
    rf_raise(isolate,
             step->is_field ? "Cannot set field on non-struct value" : "Invalid index assignment");
    return false;
}

static bool check_array(rf_isolate *isolate, const rf_array *a, const rf_access *step)
{
    uint32_t at;
    if (step->is_field) return fail_store(isolate, step);
    if (rf_index_normalise(step->key, a->length, &at)) return true;
    blame(isolate, step);
    if (step->key.head == RF_INT || (step->key.head == RF_FLOAT && isfinite(step->key.as.d)))
        rf_raise_out_of_bounds(isolate, step->key);
    else
        rf_raise(isolate, "Invalid index assignment: unsupported array index type");
    return false;
}

static bool check_struct(rf_isolate *isolate, const rf_struct *s, const rf_access *step)
{
    if (step->key.head != RF_STRING) return fail_store(isolate, step);
    if (find_field(s, step) >= 0) return true;
    blame(isolate, step);
    rf_raise(isolate, "Field not found: %s", step->key.as.string->text);
    return false;
}

/* Can something be stored in the object by this step?  Raises when not. */
static bool check_store(rf_isolate *isolate, rf_value object, const rf_access *step)
{
    switch (object.head) {
    case RF_ARRAY: return check_array(isolate, object.as.array, step);
    case RF_STRUCT: return check_struct(isolate, object.as.instance, step);
    case RF_DICT:
        if (step->key.head == RF_STRING || step->key.head == RF_INT) return true;
        blame(isolate, step);
        rf_raise(isolate, "Invalid index assignment: unsupported dictionary key type");
        return false;
    default: return fail_store(isolate, step);
    }
}

/* Walks to the container of the last step.  *out borrows from root; false: raised. */
static bool check_path(rf_isolate *isolate, rf_value root, const rf_access *steps, uint32_t count)
{
    rf_value at = root;
    for (uint32_t i = 0; i + 1 < count; i++) {
        rf_value next = peek(at, &steps[i]);
        if (next.head != RF_UNSET) {
            at = next;
            continue;
        }
        next = read(isolate, at, &steps[i]);
        if (rf_is_raised(next)) return false;
        /* Something made just now (a character, a bound method, null for a missing entry, a part of
         * what is no container): nothing can be stored through it, and whatever the rest of the
         * path is, it fails. */
        bool was_container = is_container(at);
        if (!was_container) {
            rf_release(isolate, next);
            return fail_store(isolate, &steps[i]);
        }
        bool is_fine = check_path(isolate, next, steps + i + 1, count - i - 1);
        rf_release(isolate, next);
        return is_fine;
    }
    return check_store(isolate, at, &steps[count - 1]);
}

/* Makes *slot the only owner of its container; where the step leads to in it, NULL for an unboxed
 * part. */
static rf_value *enter(rf_isolate *isolate, rf_value *slot, const rf_access *step)
{
    uint32_t at = 0;
    rf_key key;
    if (slot->head == RF_ARRAY) {
        rf_array *a = rf_array_unique(isolate, slot);
        rf_index_normalise(step->key, a->length, &at);
        return a->object.info == RF_ARRAY_VALUES ? &a->as.values[at] : NULL;
    }
    if (slot->head == RF_DICT) {
        rf_key_from_value(step->key, &key);
        return rf_dict_find_slot(rf_dict_unique(isolate, slot), key);
    }
    rf_struct *s = rf_struct_unique(isolate, slot);
    return rf_struct_slot(s, (uint32_t)find_field(s, step));
}

static bool store(rf_isolate *isolate, rf_value *slot, const rf_access *step, rf_value v)
{
    uint32_t at = 0;
    rf_key key;
    if (slot->head == RF_ARRAY) {
        rf_array *a = rf_array_unique(isolate, slot);
        rf_index_normalise(step->key, a->length, &at);
        rf_array_set(isolate, a, at, v);
        return true;
    }
    if (slot->head == RF_DICT) {
        rf_key_from_value(step->key, &key);
        blame(isolate, step);
        bool is_fine = rf_dict_set(isolate, rf_dict_unique(isolate, slot), key, v);
        isolate->blame = (rf_pos){0, 0};
        return is_fine;
    }
    rf_struct *s = rf_struct_unique(isolate, slot);
    rf_struct_set(isolate, slot, (uint32_t)find_field(s, step), v);
    return true;
}

bool rf_set_place(rf_isolate *isolate, rf_value *root, const rf_access *steps, uint32_t count,
                  rf_value v)
{
    if (!check_path(isolate, *root, steps, count)) {
        rf_release(isolate, v);
        return false;
    }
    rf_value *slot = root;
    for (uint32_t i = 0; i + 1 < count; i++) slot = enter(isolate, slot, &steps[i]);
    return store(isolate, slot, &steps[count - 1], v);
}

/* ---- taking ---- */

rf_value rf_take_place(rf_isolate *isolate, rf_value *root, const rf_access *steps, uint32_t count)
{
    rf_value at = *root;
    for (uint32_t i = 0; i < count; i++) {
        at = peek(at, &steps[i]);
        /* not a part that can be changed in place: read it, and let the store fail or not */
        if (at.head == RF_UNSET) return rf_get_place(isolate, *root, steps, count);
    }
    if (!rf_is_heap(at)) return at;
    rf_value *slot = root;
    for (uint32_t i = 0; i < count; i++) slot = enter(isolate, slot, &steps[i]);
    rf_value v = *slot;
    *slot = rf_null();
    return v;
}
