/* Queues and stacks: one growing ring of values. */
#include "value/collection.h"

#include "value/error_value.h"
#include "value/object.h"

#include <string.h>

struct rf_sequence {
    rf_object object;
    uint32_t count, first;     /* element i is at (first + i) & (capacity - 1) */
    uint32_t capacity, unused; /* 0 or a power of two */
    rf_value *values;
};

enum { FIRST_CAPACITY = 4 };

static inline uint32_t position(const rf_sequence *s, uint32_t index)
{
    return (s->first + index) & (s->capacity - 1);
}

rf_value rf_sequence_new(rf_isolate *isolate, unsigned tag)
{
    rf_sequence *s = rf_object_new(isolate, sizeof *s, (rf_tag)tag, 0);
    s->count = s->first = s->capacity = s->unused = 0;
    s->values = NULL;
    return rf_object_value(tag, s);
}

uint32_t rf_sequence_count(const rf_sequence *s)
{
    return s->count;
}

rf_value rf_sequence_peek(const rf_sequence *s, uint32_t index)
{
    return s->values[position(s, index)];
}

static void copy_in_order(rf_value *to, const rf_sequence *s)
{
    uint32_t at_end = s->capacity - s->first, head = s->count < at_end ? s->count : at_end;
    if (head) memcpy(to, s->values + s->first, head * sizeof *to);
    if (s->count > head) memcpy(to + head, s->values, (s->count - head) * sizeof *to);
}

static void grow(rf_isolate *isolate, rf_sequence *s)
{
    uint32_t capacity = s->capacity ? s->capacity * 2 : FIRST_CAPACITY;
    rf_value *values = rf_heap_alloc(isolate, capacity * sizeof(rf_value), s->object.kind);
    copy_in_order(values, s);
    if (s->values) rf_heap_free(isolate, s->values, s->capacity * sizeof(rf_value));
    s->values = values;
    s->capacity = capacity;
    s->first = 0;
}

bool rf_sequence_push(rf_isolate *isolate, rf_sequence *s, rf_value v)
{
    if (RF_UNLIKELY(s->count == s->capacity)) {
        if (s->count >= (uint32_t)INT32_MAX) {
            rf_release(isolate, v);
            rf_raise(isolate, "Collection too large");
            return false;
        }
        grow(isolate, s);
    }
    s->values[position(s, s->count++)] = v;
    return true;
}

rf_value rf_sequence_take_front(rf_isolate *isolate, rf_sequence *s)
{
    (void)isolate;
    rf_value v = s->values[s->first];
    s->first = position(s, 1);
    s->count--;
    return v;
}

rf_value rf_sequence_take_back(rf_isolate *isolate, rf_sequence *s)
{
    (void)isolate;
    return s->values[position(s, --s->count)];
}

rf_sequence *rf_sequence_unique(rf_isolate *isolate, rf_value *slot)
{
    rf_sequence *s = slot->as.sequence;
    if (s->object.count == 1) return s;
    rf_heap_copying(isolate, &s->object);
    rf_value copy = rf_sequence_new(isolate, s->object.kind);
    rf_sequence *c = copy.as.sequence;
    c->count = s->count;
    c->capacity = s->capacity;
    if (s->capacity) {
        c->values = rf_heap_alloc(isolate, s->capacity * sizeof(rf_value), s->object.kind);
        copy_in_order(c->values, s);
        for (uint32_t i = 0; i < c->count; i++) rf_retain(c->values[i]);
    }
    rf_store(isolate, slot, copy);
    return c;
}

void rf_sequence_visit(rf_sequence *s, rf_visitor visit, void *context)
{
    for (uint32_t i = 0; i < s->count; i++) visit(context, rf_sequence_peek(s, i));
}

size_t rf_sequence_buffer_size(const rf_sequence *s)
{
    return s->capacity * sizeof(rf_value);
}

void rf_sequence_free(rf_isolate *isolate, rf_sequence *s)
{
    for (uint32_t i = 0; i < s->count; i++) rf_release(isolate, rf_sequence_peek(s, i));
    if (s->values) rf_heap_free(isolate, s->values, s->capacity * sizeof(rf_value));
    rf_object_free(isolate, s, sizeof *s);
}
