/* Struct instances and their layouts.
 *
 * A declaration begins with a layout in which every field is a whole value.  While the first
 * instances are filled it notes what goes into each field; from the ninth on, fields that held only
 * ints, only floats or only bools take eight bytes instead of sixteen.  A value that does not fit
 * moves its instance to a layout in which that one field is a value again, and new instances use
 * that one: at most one step for each field.  When layouts become many, instances go back to the
 * first. */
#include "value/layout.h"

#include "value/object.h"

#include "base/alloc.h"

#include <string.h>

enum { OBSERVED_INSTANCES = 8, MANY_LAYOUTS = 8 };

/* ---- layouts ---- */

static rf_layout *add_layout(rf_structdef *def, const uint8_t *kinds)
{
    rf_layout *layout = rf_new(rf_layout);
    uint8_t *own_kinds = rf_alloc_array(uint8_t, def->field_count);
    uint32_t *offsets = rf_alloc_array(uint32_t, 2 * (size_t)def->field_count);
    uint32_t size = 0;
    for (uint32_t i = 0; i < def->field_count; i++) {
        own_kinds[i] = kinds[i];
        offsets[i] = size;
        size += kinds[i] == RF_FIELD_VALUE ? (uint32_t)sizeof(rf_value) : 8;
        if (kinds[i] == RF_FIELD_VALUE) offsets[def->field_count + layout->value_count++] = offsets[i];
    }
    layout->def = def;
    layout->field_count = def->field_count;
    layout->data_size = size;
    layout->kinds = own_kinds;
    layout->offsets = offsets;
    def->layouts =
        rf_realloc(def->layouts, rf_array_size(def->layout_count + 1, sizeof *def->layouts));
    def->layouts[def->layout_count++] = layout;
    return layout;
}

void rf_layout_init(rf_structdef *def)
{
    def->seen = rf_alloc_array_zero(uint8_t, def->field_count);
    def->layout = add_layout(def, def->seen); /* RF_FIELD_VALUE is 0 */
    def->layout->is_observed = true;
    def->first = rf_alloc_array(rf_struct *, RF_FIRST_INSTANCES);
}

void rf_layout_release(rf_structdef *def)
{
    for (uint32_t i = 0; i < def->layout_count; i++) {
        rf_free((void *)(uintptr_t)def->layouts[i]->kinds);
        rf_free((void *)(uintptr_t)def->layouts[i]->offsets);
        rf_free(def->layouts[i]);
    }
    rf_free(def->layouts);
    rf_free(def->first);
    rf_free(def->seen);
}

static inline rf_field_kind kind_of(rf_value v)
{
    switch (v.head) {
    case RF_INT: return RF_FIELD_INT;
    case RF_FLOAT: return RF_FIELD_FLOAT;
    case RF_BOOL: return RF_FIELD_BOOL;
    default: return RF_FIELD_VALUE;
    }
}

/* ---- the end of observation ---- */

static void *part_of(rf_struct *s, const rf_layout *layout, uint32_t field)
{
    return s->data + layout->offsets[field];
}

/* From the first layout to a compact one, in the same memory: no field moves up. */
static void rewrite(rf_struct *s, rf_layout *layout)
{
    rf_layout *first = s->layout;
    for (uint32_t i = 0; i < layout->field_count; i++) /* one may be in the making */
        if (layout->kinds[i] != RF_FIELD_VALUE && ((rf_value *)part_of(s, first, i))->head != rf_field_head(layout->kinds[i]))
            return;
    for (uint32_t i = 0; i < layout->field_count; i++) {
        const rf_value v = *(rf_value *)part_of(s, first, i);
        if (layout->kinds[i] == RF_FIELD_VALUE)
            *(rf_value *)part_of(s, layout, i) = v;
        else
            *(uint64_t *)part_of(s, layout, i) = v.as.bits;
    }
    s->layout = layout;
    s->object.info = RF_STRUCT_ROOMY;
}

/* Enough was seen: the layout of further instances. */
static void end_observation(rf_structdef *def)
{
    uint8_t *kinds = def->seen; /* turned from bits into kinds */
    bool is_compact = false;
    for (uint32_t i = 0; i < def->field_count; i++) {
        uint8_t kind = kinds[i] == 1 << RF_FIELD_INT     ? RF_FIELD_INT
                       : kinds[i] == 1 << RF_FIELD_FLOAT ? RF_FIELD_FLOAT
                       : kinds[i] == 1 << RF_FIELD_BOOL  ? RF_FIELD_BOOL
                                                         : RF_FIELD_VALUE;
        kinds[i] = kind;
        if (kind != RF_FIELD_VALUE) is_compact = true;
    }
    def->layouts[0]->is_observed = false;
    if (is_compact) def->layout = add_layout(def, kinds);
    for (uint32_t i = 0; i < def->first_count && is_compact; i++) rewrite(def->first[i], def->layout);
    def->first_count = 0;
    rf_free(def->first);
    def->first = NULL;
}

void rf_structdef_settle(rf_structdef *def)
{
    if (def->layout->is_observed && def->observed_count > 0) end_observation(def);
}

static void note_first(rf_structdef *def, rf_struct *s)
{
    if (def->first_count < RF_FIRST_INSTANCES) def->first[def->first_count++] = s;
}

static void forget_first(rf_structdef *def, const rf_struct *s)
{
    for (uint32_t i = 0; i < def->first_count; i++)
        if (def->first[i] == s) {
            def->first[i] = def->first[--def->first_count];
            return;
        }
}

/* The layout in which `field` is a value and all else as in this one. */
static rf_layout *widen(rf_layout *layout, uint32_t field)
{
    rf_structdef *def = layout->def;
    uint8_t *kinds = def->seen;
    memcpy(kinds, layout->kinds, def->field_count);
    kinds[field] = RF_FIELD_VALUE;
    rf_layout *wider = NULL;
    for (uint32_t i = 0; i < def->layout_count && !wider; i++)
        if (memcmp(def->layouts[i]->kinds, kinds, def->field_count) == 0) wider = def->layouts[i];
    if (!wider) wider = def->layout_count < MANY_LAYOUTS ? add_layout(def, kinds) : def->layouts[0];
    if (def->layout == layout) def->layout = wider;
    return wider;
}

/* ---- instances: each counts its declaration ---- */

static size_t memory_size(const rf_struct *s)
{
    const rf_layout *layout = s->object.info == RF_STRUCT_ROOMY ? s->layout->def->layouts[0] : s->layout;
    return sizeof(rf_struct) + layout->data_size;
}

static rf_struct *allocate(rf_isolate *isolate, rf_layout *layout)
{
    rf_struct *s = rf_object_new(isolate, sizeof(rf_struct) + layout->data_size, RF_STRUCT, 0);
    s->layout = layout;
    rf_retain_object(&layout->def->object);
    if (RF_UNLIKELY(layout->is_observed)) note_first(layout->def, s);
    return s;
}

/* The i-th of the fields that are values. */
static inline rf_value *value_at(rf_struct *s, uint32_t i)
{
    return (rf_value *)(void *)(s->data + s->layout->offsets[s->layout->field_count + i]);
}

/* Puts v, which fits, into a field that holds nothing. */
static inline void put(rf_struct *s, uint32_t field, rf_value v)
{
    void *at = s->data + s->layout->offsets[field];
    if (s->layout->kinds[field] == RF_FIELD_VALUE) {
        rf_value *slot = at;
        slot->head = v.head;
        slot->as = v.as;
    } else {
        *(uint64_t *)at = v.as.bits;
    }
}

rf_value rf_struct_new(rf_isolate *isolate, rf_structdef *def)
{
    if (def->layout->is_observed && ++def->observed_count > OBSERVED_INSTANCES)
        end_observation(def);
    rf_struct *s = allocate(isolate, def->layout);
    if (!s->layout->value_count)
        memset(s->data, 0, s->layout->data_size);
    else
        for (uint32_t i = 0; i < def->field_count; i++) put(s, i, rf_null());
    return rf_object_value(RF_STRUCT, s);
}

/* The instance in *slot, which has one owner, in another layout. */
static void move(rf_isolate *isolate, rf_value *slot, rf_layout *layout)
{
    rf_struct *from = slot->as.instance, *to = allocate(isolate, layout);
    for (uint32_t i = 0; i < layout->field_count; i++) put(to, i, rf_struct_peek(from, i));
    slot->as.instance = to;
    rf_object_free(isolate, from, memory_size(from)); /* its fields have moved */
    rf_release_object(isolate, &layout->def->object);
}

void rf_struct_set(rf_isolate *isolate, rf_value *slot, uint32_t field, rf_value v)
{
    rf_struct *s = slot->as.instance;
    rf_layout *layout = s->layout;
    rf_field_kind kind = kind_of(v);
    if (layout->kinds[field] == RF_FIELD_VALUE) {
        if (RF_UNLIKELY(layout->is_observed)) layout->def->seen[field] |= (uint8_t)(1 << kind);
        rf_store(isolate, (rf_value *)(void *)(s->data + layout->offsets[field]), v);
        return;
    }
    if (RF_UNLIKELY(layout->kinds[field] != kind)) move(isolate, slot, widen(layout, field));
    put(slot->as.instance, field, v);
}

rf_value rf_struct_take(rf_isolate *isolate, rf_value *slot, uint32_t field)
{
    (void)isolate;
    rf_value v = rf_struct_peek(slot->as.instance, field);
    rf_value *at = rf_struct_slot(slot->as.instance, field);
    if (at) *at = rf_null();
    return v;
}

rf_struct *rf_struct_copy_slot(rf_isolate *isolate, rf_value *slot)
{
    rf_heap_copying(isolate, slot->as.o);
    rf_struct *s = slot->as.instance, *copy = allocate(isolate, s->layout);
    memcpy(copy->data, s->data, s->layout->data_size);
    for (uint32_t i = 0; i < s->layout->value_count; i++) rf_retain(*value_at(copy, i));
    rf_store(isolate, slot, rf_object_value(RF_STRUCT, copy));
    return copy;
}

void rf_struct_visit(rf_struct *s, rf_visitor visit, void *context)
{
    visit(context, rf_object_value(RF_STRUCTDEF, s->layout->def));
    for (uint32_t i = 0; i < s->layout->value_count; i++) visit(context, *value_at(s, i));
}

/* ---- the end ---- */

/* Dead instances of one layout whose memory goes back together. */
typedef struct dead_run {
    rf_layout *layout;
    rf_free_cell *first, *last;
    uint32_t count;
} dead_run;

static void end_run(rf_isolate *isolate, dead_run *run)
{
    if (run->count == 0) return;
    rf_heap *heap = &isolate->heap;
    rf_object *def = &run->layout->def->object;
    const size_t size = sizeof(rf_struct) + run->layout->data_size;
    rf_free_cell **free = &heap->free[(size + RF_HEAP_GRAIN - 1) / RF_HEAP_GRAIN];
    run->last->next = *free;
    *free = run->first;
    heap->live_bytes -= run->count * size;
    heap->object_count -= run->count;
    if (def->count >= 0) def->count -= (int32_t)run->count - 1;
    run->count = 0;
    rf_release_object(isolate, def);
}

static inline void free_alone(rf_isolate *isolate, rf_struct *s, size_t size)
{
    rf_layout *layout = s->layout;
    if (RF_UNLIKELY(layout->is_observed)) forget_first(layout->def, s);
    rf_object_free(isolate, s, size);
    rf_release_object(isolate, &layout->def->object);
}

static inline void free_in_run(rf_isolate *isolate, rf_struct *s, size_t size, dead_run *run)
{
#ifndef RF_HEAP_EXACT
    rf_layout *layout = s->layout;
    if (RF_LIKELY(size == sizeof(rf_struct) + layout->data_size && size <= isolate->heap.small_limit)) {
        if (RF_UNLIKELY(layout->is_observed)) forget_first(layout->def, s);
        rf_free_cell *cell = (rf_free_cell *)(void *)s;
        if (layout != run->layout) {
            end_run(isolate, run);
            run->layout = layout;
        }
        if (run->count++ == 0) run->last = cell;
        cell->next = run->first;
        run->first = cell;
        return;
    }
#else
    (void)run;
#endif
    free_alone(isolate, s, size);
}

/* Does only one field hold this instance, whose memory is that of its layout?  It is no candidate then. */
static inline bool dies_with_owner(rf_value v)
{
    static const rf_object header = {.count = 1, .kind = RF_STRUCT};
    return v.head == RF_STRUCT && memcmp(v.as.o, &header, sizeof header) == 0;
}

/* Gives up what the fields hold.  Instances that end with this one wait for their turn: the header of one points to the
 * next.  The first of those that wait. */
static inline rf_struct *release_fields(rf_isolate *isolate, rf_struct *s, rf_struct *waiting)
{
    const rf_layout *layout = s->layout;
    if (layout->value_count == 0) return waiting;
    const uint32_t *offset = layout->offsets + layout->field_count; /* of the first field that is a value */
    for (const uint32_t *end = offset + layout->value_count; offset < end; offset++) {
        const rf_value v = *(const rf_value *)(const void *)(s->data + *offset);
        if (dies_with_owner(v)) {
            memcpy(v.as.instance, &waiting, sizeof waiting);
            waiting = v.as.instance;
        } else {
            rf_release(isolate, v);
        }
    }
    return waiting;
}

/* Instances that only this one holds end in the same loop, not by recursion.  The last field goes first, so that a tree
 * which is built like the one before finds its cells where that had them. */
void rf_struct_free(rf_isolate *isolate, rf_struct *s)
{
    size_t size = memory_size(s);
    rf_struct *waiting = release_fields(isolate, s, NULL);
    if (!waiting) {
        free_alone(isolate, s, size);
        return;
    }
    dead_run run = {.count = 0};
    free_in_run(isolate, s, size, &run);
    while (waiting) {
        s = waiting;
        memcpy(&waiting, s, sizeof waiting);
        size = sizeof(rf_struct) + s->layout->data_size;
        waiting = release_fields(isolate, s, waiting);
        free_in_run(isolate, s, size, &run);
    }
    end_run(isolate, &run);
}
