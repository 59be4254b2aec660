/* Arrays with element kinds (RUNTIME 5).  The kind is in object.info and invisible to programs. */
#ifndef RF_VALUE_ARRAY_H
#define RF_VALUE_ARRAY_H

#include "value/isolate.h"

typedef enum rf_array_kind {
    RF_ARRAY_EMPTY, /* no element yet: the first store decides */
    RF_ARRAY_INTS,
    RF_ARRAY_FLOATS,
    RF_ARRAY_BOOLS,
    RF_ARRAY_VALUES
} rf_array_kind;

typedef struct rf_array {
    rf_object object;
    uint32_t length, capacity; /* in elements */
    union {
        void *data;
        int64_t *ints;
        double *floats;
        uint8_t *bools;
        rf_value *values; /* owned references */
    } as;
} rf_array;

/* The head of what an array of ints or floats holds. */
_Static_assert(RF_ARRAY_INTS + 2 == RF_INT && RF_ARRAY_FLOATS + 2 == RF_FLOAT, "kinds in the order of tags");
static inline uint64_t rf_array_head(unsigned kind) { return kind + 2; }

/* sets, queues and stacks: see collection.h */

rf_value rf_array_new(rf_isolate *isolate, size_t capacity);           /* EMPTY kind */
/* Array of the given values, retained (borrowed source); the kind is narrowed. */
rf_value rf_array_from(rf_isolate *isolate, const rf_value *values, size_t count);
/* [a, b], which are stolen. */
rf_value rf_array_new_pair(rf_isolate *isolate, rf_value a, rf_value b);
rf_value rf_array_new_ints(rf_isolate *isolate, size_t length);        /* INTS, elements uninitialised */
/* Element, new reference; index < length. */
static inline rf_value rf_array_get(const rf_array *a, uint32_t index)
{
    switch (a->object.info) {
    case RF_ARRAY_INTS: return rf_int(a->as.ints[index]);
    case RF_ARRAY_FLOATS: return rf_float(a->as.floats[index]);
    case RF_ARRAY_BOOLS: return rf_bool(a->as.bools[index]);
    default: return rf_copy(a->as.values[index]);
    }
}
/* Element without a new reference (borrows from the array). */
static inline rf_value rf_array_peek(const rf_array *a, uint32_t index)
{
    switch (a->object.info) {
    case RF_ARRAY_INTS: return rf_int(a->as.ints[index]);
    case RF_ARRAY_FLOATS: return rf_float(a->as.floats[index]);
    case RF_ARRAY_BOOLS: return rf_bool(a->as.bools[index]);
    default: return a->as.values[index];
    }
}
/* The functions below change `a` in place: the caller has made it unique (rf_array_unique). v is stolen.
 * They return false after raising "Collection too large". */
bool rf_array_push_slow(rf_isolate *isolate, rf_array *a, rf_value v);
static inline bool rf_array_push(rf_isolate *isolate, rf_array *a, rf_value v)
{
    if (RF_LIKELY(a->length < a->capacity)) {
        if (a->object.info == RF_ARRAY_INTS && v.head == RF_INT) {
            a->as.ints[a->length++] = v.as.i;
            return true;
        }
        if (a->object.info == RF_ARRAY_VALUES && v.head >= RF_HEAP_FIRST) {
            a->as.values[a->length].head = v.head;
            a->as.values[a->length++].as = v.as;
            return true;
        }
    }
    return rf_array_push_slow(isolate, a, v);
}
/* Appends v, a number or bool, count times, with room for one more.  False: not done, elements are of another kind or there
 * would be too many; nothing is raised. */
bool rf_array_fill(rf_isolate *isolate, rf_array *a, rf_value v, size_t count);
void rf_array_set(rf_isolate *isolate, rf_array *a, uint32_t index, rf_value v); /* index < length; steals v */
bool rf_array_insert(rf_isolate *isolate, rf_array *a, uint32_t index, rf_value v);
rf_value rf_array_remove(rf_isolate *isolate, rf_array *a, uint32_t index);      /* the element, moved out */
bool rf_array_extend(rf_isolate *isolate, rf_array *a, const rf_array *more);    /* a may be == more */
void rf_array_truncate(rf_isolate *isolate, rf_array *a, uint32_t length);
bool rf_array_reserve(rf_isolate *isolate, rf_array *a, size_t capacity);
void rf_array_widen(rf_isolate *isolate, rf_array *a);                           /* to VALUES */
/* Makes *slot (an ARRAY value) the only owner of its array, copying shallowly when shared; returns it. */
rf_array *rf_array_copy_slot(rf_isolate *isolate, rf_value *slot);
static inline rf_array *rf_array_unique(rf_isolate *isolate, rf_value *slot)
{
    return RF_LIKELY(slot->as.array->object.count == 1) ? slot->as.array : rf_array_copy_slot(isolate, slot);
}
rf_value rf_array_slice(rf_isolate *isolate, const rf_array *a, uint32_t from, uint32_t to);
/* An index value (LANGUAGE 6.6): int, or finite float truncated; negative counts from the end.  False when it is not
 * in 0..length-1 (or of another type). */
bool rf_index_normalise(rf_value index, uint32_t length, uint32_t *out);

#endif
