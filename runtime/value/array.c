/* Arrays whose elements are stored unboxed while they are all ints, all floats or all bools.
 *
 * A store of another type turns the array into VALUES once and for good; only an array that is
 * empty may take a new kind, so there is no going to and fro.  An EMPTY array has no memory: its
 * capacity is a promise kept at the first store, when the size of an element is known. */
#include "value/array.h"

#include "value/error_value.h"
#include "value/object.h"

#include <string.h>

enum { LEAST_CAPACITY = 4 };
#define LARGEST_LENGTH ((size_t)INT32_MAX) /* LANGUAGE 21.2 */

static const uint8_t element_sizes[] = {
    [RF_ARRAY_EMPTY] = 0, [RF_ARRAY_INTS] = sizeof(int64_t),    [RF_ARRAY_FLOATS] = sizeof(double),
    [RF_ARRAY_BOOLS] = 1, [RF_ARRAY_VALUES] = sizeof(rf_value),
};

static inline size_t size_of(const rf_array *a, size_t count)
{
    return count * element_sizes[a->object.info];
}

static inline rf_array_kind kind_for(rf_value v)
{
    switch (v.head) {
    case RF_INT: return RF_ARRAY_INTS;
    case RF_FLOAT: return RF_ARRAY_FLOATS;
    case RF_BOOL: return RF_ARRAY_BOOLS;
    default: return RF_ARRAY_VALUES;
    }
}

static bool raise_too_large(rf_isolate *isolate)
{
    rf_raise(isolate, "Collection too large");
    return false;
}

static inline rf_array *allocate(rf_isolate *isolate, rf_array_kind kind, size_t length, size_t capacity)
{
    rf_array *a = rf_object_new(isolate, sizeof *a, RF_ARRAY, kind);
    a->length = (uint32_t)length;
    a->capacity = (uint32_t)capacity;
    size_t size = size_of(a, capacity);
    a->as.data = size ? rf_heap_alloc(isolate, size, RF_ARRAY) : NULL;
    return a;
}

/* ---- making and ending ---- */

rf_value rf_array_new(rf_isolate *isolate, size_t capacity)
{
    if (capacity > LARGEST_LENGTH) capacity = LARGEST_LENGTH;
    return rf_object_value(RF_ARRAY, allocate(isolate, RF_ARRAY_EMPTY, 0, capacity));
}

rf_value rf_array_new_ints(rf_isolate *isolate, size_t length)
{
    if (length > LARGEST_LENGTH) return rf_raise(isolate, "Collection too large");
    return rf_object_value(RF_ARRAY, allocate(isolate, RF_ARRAY_INTS, length, length));
}

/* Writes v, which is of the array's kind or goes into VALUES; steals v. */
static inline void write(rf_array *a, size_t index, rf_value v)
{
    switch ((rf_array_kind)a->object.info) {
    case RF_ARRAY_INTS: a->as.ints[index] = v.as.i; break;
    case RF_ARRAY_FLOATS: a->as.floats[index] = v.as.d; break;
    case RF_ARRAY_BOOLS: a->as.bools[index] = (uint8_t)v.as.i; break;
    case RF_ARRAY_VALUES:
        a->as.values[index].head = v.head;
        a->as.values[index].as = v.as;
        break;
    case RF_ARRAY_EMPTY: break;
    }
}

rf_value rf_array_from(rf_isolate *isolate, const rf_value *values, size_t count)
{
    if (count > LARGEST_LENGTH) return rf_raise(isolate, "Collection too large");
    if (!count) return rf_array_new(isolate, 0);
    rf_array_kind kind = kind_for(values[0]);
    for (size_t i = 1; kind != RF_ARRAY_VALUES && i < count; i++)
        if (values[i].head != values[0].head) kind = RF_ARRAY_VALUES;
    rf_array *a = allocate(isolate, kind, count, count);
    for (size_t i = 0; i < count; i++) write(a, i, rf_copy(values[i]));
    return rf_object_value(RF_ARRAY, a);
}

rf_value rf_array_new_pair(rf_isolate *isolate, rf_value a, rf_value b)
{
    rf_array *pair = allocate(isolate, a.head == b.head ? kind_for(a) : RF_ARRAY_VALUES, 2, 2);
    write(pair, 0, a);
    write(pair, 1, b);
    return rf_object_value(RF_ARRAY, pair);
}

/* Of kinds that are part of no cycle, what has other owners is counted down and no more is asked. */
static inline void release_element(rf_isolate *isolate, rf_value v)
{
    _Static_assert(RF_STRING == RF_HEAP_FIRST && RF_FUNCTION == RF_ERROR + 1, "cycles begin with functions");
    const uint8_t kind = (uint8_t)(rf_tag_of(v) - RF_STRING);
    if (RF_LIKELY(kind <= RF_ERROR - RF_STRING && v.as.o->count > 1))
        v.as.o->count--;
    else
        rf_release(isolate, v);
}

static void release_range(rf_isolate *isolate, rf_array *a, uint32_t from, uint32_t to)
{
    if (a->object.info != RF_ARRAY_VALUES) return;
    const rf_value *values = a->as.values;
    for (uint32_t i = from; i < to; i++) release_element(isolate, values[i]);
}

static inline void free_data(rf_isolate *isolate, rf_array *a)
{
    size_t size = size_of(a, a->capacity);
    if (size) rf_heap_free(isolate, a->as.data, size);
}

size_t rf_array_buffer_size(const rf_array *a)
{
    return size_of(a, a->capacity);
}

void rf_array_free(rf_isolate *isolate, rf_array *a)
{
    release_range(isolate, a, 0, a->length);
    free_data(isolate, a);
    rf_object_free(isolate, a, sizeof *a);
}

void rf_array_visit(rf_array *a, rf_visitor visit, void *context)
{
    if (a->object.info != RF_ARRAY_VALUES) return;
    for (uint32_t i = 0; i < a->length; i++) visit(context, a->as.values[i]);
}

/* ---- room and kind ---- */

static void set_capacity(rf_isolate *isolate, rf_array *a, size_t capacity)
{
    if (a->object.info != RF_ARRAY_EMPTY)
        a->as.data = a->as.data ? rf_heap_resize(isolate, a->as.data, size_of(a, a->capacity),
                                                 size_of(a, capacity))
                                : rf_heap_alloc(isolate, size_of(a, capacity), RF_ARRAY);
    a->capacity = (uint32_t)capacity;
}

bool rf_array_reserve(rf_isolate *isolate, rf_array *a, size_t capacity)
{
    if (capacity <= a->capacity) return true;
    if (capacity > LARGEST_LENGTH) return raise_too_large(isolate);
    set_capacity(isolate, a, capacity);
    return true;
}

/* Room for `more` further elements, growing by half at least: appends are amortised O(1). */
static bool grow(rf_isolate *isolate, rf_array *a, size_t more)
{
    size_t need = (size_t)a->length + more;
    if (RF_LIKELY(need <= a->capacity)) return true;
    if (need > LARGEST_LENGTH) return raise_too_large(isolate);
    size_t capacity = (size_t)a->capacity + a->capacity / 2;
    if (capacity < LEAST_CAPACITY) capacity = LEAST_CAPACITY;
    if (capacity < need) capacity = need;
    if (capacity > LARGEST_LENGTH) capacity = LARGEST_LENGTH;
    set_capacity(isolate, a, capacity);
    return true;
}

/* The array has no elements: it becomes one of `kind`, keeping its promise of room. */
static void become(rf_isolate *isolate, rf_array *a, rf_array_kind kind)
{
    free_data(isolate, a);
    a->object.info = (uint16_t)kind;
    a->as.data = a->capacity ? rf_heap_alloc(isolate, size_of(a, a->capacity), RF_ARRAY) : NULL;
}

void rf_array_widen(rf_isolate *isolate, rf_array *a)
{
    if (a->object.info == RF_ARRAY_VALUES) return;
    if (!a->length) {
        become(isolate, a, RF_ARRAY_VALUES);
        return;
    }
    rf_value *values = rf_heap_alloc(isolate, a->capacity * sizeof(rf_value), RF_ARRAY);
    for (uint32_t i = 0; i < a->length; i++) values[i] = rf_array_peek(a, i);
    free_data(isolate, a);
    a->object.info = RF_ARRAY_VALUES;
    a->as.values = values;
}

static void fit(rf_isolate *isolate, rf_array *a, rf_value v)
{
    rf_array_kind kind = kind_for(v);
    if (RF_LIKELY(a->object.info == kind)) return;
    if (!a->length)
        become(isolate, a, kind);
    else
        rf_array_widen(isolate, a);
}

/* ---- changing ---- */

bool rf_array_push_slow(rf_isolate *isolate, rf_array *a, rf_value v)
{
    if (a->length && a->object.info == kind_for(v)) {
        if (!grow(isolate, a, 1)) goto failed;
    } else {
        if (a->length == a->capacity && !grow(isolate, a, 1)) goto failed;
        fit(isolate, a, v);
    }
    write(a, a->length++, v);
    return true;
failed:
    rf_release(isolate, v);
    return false;
}

bool rf_array_fill(rf_isolate *isolate, rf_array *a, rf_value v, size_t count)
{
    const rf_array_kind kind = kind_for(v);
    if (kind == RF_ARRAY_VALUES || (a->length && a->object.info != kind) || count >= LARGEST_LENGTH - a->length) return false;
    grow(isolate, a, count + 1);
    fit(isolate, a, v);
    if (kind == RF_ARRAY_BOOLS)
        memset(a->as.bools + a->length, (int)v.as.i, count);
    else /* ints and floats are as wide */
        for (size_t i = 0; i < count; i++) a->as.ints[a->length + i] = v.as.i;
    a->length += (uint32_t)count;
    return true;
}

void rf_array_set(rf_isolate *isolate, rf_array *a, uint32_t index, rf_value v)
{
    rf_array_kind kind = kind_for(v);
    if (RF_UNLIKELY(a->object.info != kind)) rf_array_widen(isolate, a);
    if (a->object.info == RF_ARRAY_VALUES)
        rf_store(isolate, &a->as.values[index], v);
    else
        write(a, index, v);
}

bool rf_array_insert(rf_isolate *isolate, rf_array *a, uint32_t index, rf_value v)
{
    if (index == a->length) return rf_array_push(isolate, a, v);
    if (!grow(isolate, a, 1)) {
        rf_release(isolate, v);
        return false;
    }
    fit(isolate, a, v);
    char *at = (char *)a->as.data + size_of(a, index);
    memmove(at + size_of(a, 1), at, size_of(a, a->length - index));
    write(a, index, v);
    a->length++;
    return true;
}

rf_value rf_array_remove(rf_isolate *isolate, rf_array *a, uint32_t index)
{
    (void)isolate;
    rf_value v = rf_array_peek(a, index);
    a->length--;
    char *at = (char *)a->as.data + size_of(a, index);
    memmove(at, at + size_of(a, 1), size_of(a, a->length - index));
    return v;
}

bool rf_array_extend(rf_isolate *isolate, rf_array *a, const rf_array *more)
{
    uint32_t count = more->length;
    if (!count) return true;
    if (!grow(isolate, a, count)) return false;
    if (a->object.info != more->object.info) {
        if (!a->length)
            become(isolate, a, more->object.info);
        else
            rf_array_widen(isolate, a);
    }
    if (a->object.info == more->object.info) {
        if (a->object.info == RF_ARRAY_VALUES)
            for (uint32_t i = 0; i < count; i++) rf_retain(more->as.values[i]);
        memcpy((char *)a->as.data + size_of(a, a->length), more->as.data, size_of(a, count));
    } else {
        for (uint32_t i = 0; i < count; i++) a->as.values[a->length + i] = rf_array_get(more, i);
    }
    a->length += count;
    return true;
}

void rf_array_truncate(rf_isolate *isolate, rf_array *a, uint32_t length)
{
    if (length >= a->length) return;
    uint32_t old = a->length;
    a->length = length;
    release_range(isolate, a, length, old);
}

/* ---- copying ---- */

static inline rf_array *copy_of(rf_isolate *isolate, const rf_array *a, uint32_t from, uint32_t count)
{
    rf_array *part = allocate(isolate, a->object.info, count, count);
    memcpy(part->as.data, (const char *)a->as.data + size_of(a, from), size_of(a, count));
    if (part->object.info == RF_ARRAY_VALUES)
        for (uint32_t i = 0; i < count; i++) rf_retain(part->as.values[i]);
    return part;
}

rf_value rf_array_slice(rf_isolate *isolate, const rf_array *a, uint32_t from, uint32_t to)
{
    return from < to ? rf_object_value(RF_ARRAY, copy_of(isolate, a, from, to - from)) : rf_array_new(isolate, 0);
}

rf_array *rf_array_copy_slot(rf_isolate *isolate, rf_value *slot)
{
    rf_array *a = slot->as.array;
    rf_heap_copying(isolate, &a->object);
    rf_array *copy = a->length ? copy_of(isolate, a, 0, a->length) : allocate(isolate, RF_ARRAY_EMPTY, 0, 0);
    slot->as.array = copy;
    if (RF_LIKELY(a->object.count > 1)) /* without asking what it is */
        a->object.count--;
    else
        rf_release_object(isolate, &a->object);
    return copy;
}

bool rf_index_normalise(rf_value index, uint32_t length, uint32_t *out)
{
    int64_t at;
    if (index.head == RF_INT) {
        at = index.as.i;
    } else if (index.head == RF_FLOAT) {
        if (!(index.as.d > -4294967296.0 && index.as.d < 4294967296.0)) return false; /* NaN too */
        at = (int64_t)index.as.d;
    } else {
        return false;
    }
    if (at < 0) at += length; /* INT64_MIN + length does not overflow */
    if (at < 0 || at >= (int64_t)length) return false;
    *out = (uint32_t)at;
    return true;
}
