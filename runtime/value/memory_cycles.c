/* Garbage cycles as leaks: which of the collector's findings belong together, and the chain of names that holds them.
 *
 * Objects of one collection that refer to each other in any direction are one cycle: sets joined by union.  An object finds
 * its number in the note in front of it.  The chain is the shortest from the object made first back to it, and each link of
 * it is told by the name the program has for it: a captured variable, a field, a key. */
#include "value/memory_profile.h"

#include "value/isolate.h"
#include "value/object.h"

#include "base/buffer.h"

#include <string.h>

enum {
    PATH_LIMIT = 6,  /* objects of a cycle that are named */
    NAMED_KEYS = 16 /* entries of a dict whose keys are told: with more of them they are data */
};

typedef struct cycles {
    rf_isolate *isolate;
    rf_object *const *dead;
    uint32_t *parent;  /* of the union */
    uint32_t *stored;  /* by number: the place where a cell got its value, 0: unknown */
    uint32_t *reached_from; /* by number: in the search for a chain */
    uint32_t *queue;
    size_t count, queued;
    uint32_t at;
} cycles;

static rf_allocation_note *note_of(const rf_object *o)
{
    return rf_allocation_note_of(o);
}

static uint32_t root_of(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

/* The number of a dead object; count for others. */
static uint32_t number_of(const cycles *c, rf_value v)
{
    if (!rf_is_heap(v) || v.as.o->count < 0) return (uint32_t)c->count;
    const uint32_t number = note_of(v.as.o)->link;
    return number < c->count && c->dead[number] == v.as.o ? number : (uint32_t)c->count;
}

static void join(void *context, rf_value v)
{
    cycles *c = context;
    const uint32_t number = number_of(c, v);
    if (number < c->count) c->parent[root_of(c->parent, number)] = root_of(c->parent, c->at);
}

/* ---- the chain ---- */

static void reach(void *context, rf_value v)
{
    cycles *c = context;
    const uint32_t number = number_of(c, v);
    if (number == c->count || c->reached_from[number] != UINT32_MAX) return;
    c->reached_from[number] = c->at;
    c->queue[c->queued++] = number;
}

/* Numbers from first around to it, backwards from the last to first; 0: it is not part of a cycle itself.  Breadth
 * first; what was reached is forgotten afterwards. */
static uint32_t find_chain(cycles *c, uint32_t first, uint32_t *chain, uint32_t capacity)
{
    uint32_t length = 0;
    c->queued = 0;
    c->at = first;
    rf_object_visit(c->isolate, c->dead[first], reach, c);
    for (size_t i = 0; i < c->queued && c->reached_from[first] == UINT32_MAX; i++) {
        c->at = c->queue[i];
        rf_object_visit(c->isolate, c->dead[c->at], reach, c);
    }
    if (c->reached_from[first] != UINT32_MAX) {
        uint32_t at = first;
        do {
            at = c->reached_from[at];
            if (length < capacity) chain[length] = at;
            length++;
        } while (at != first);
    }
    for (size_t i = 0; i < c->queued; i++) c->reached_from[c->queue[i]] = UINT32_MAX;
    return length;
}

/* ---- names ---- */

static bool is_it(rf_value v, const rf_object *o)
{
    return rf_is_heap(v) && v.as.o == o;
}

static void append_place(rf_buffer *out, const char *before, const rf_allocation_place *place)
{
    if (!place->file) return;
    const char *file = strrchr(place->file, '/');
    rf_buffer_format(out, "%s%s:%u", before, file ? file + 1 : place->file, place->line);
}

static void name_object(const cycles *c, uint32_t number, rf_buffer *out)
{
    const rf_object *o = c->dead[number];
    rf_buffer_append_text(out, o->kind == RF_FUNCTION ? rf_function_display_name((const rf_function *)o)
                               : o->kind == RF_CELL   ? "variable"
                                                      : rf_memory_profile_type(c->isolate, o));
    append_place(out, " (", rf_allocation_made(c->isolate->heap.allocations, o));
    rf_buffer_append_byte(out, ')');
}

static void name_captured(const rf_function *f, const rf_object *o, rf_buffer *out)
{
    for (uint32_t i = 0; f->func && i < f->capture_count; i++) {
        if (!is_it(f->captures[i], o)) continue;
        rf_buffer_format(out, " .%s", f->func->captures[i].var->name->text);
        return;
    }
}

static void name_field(const rf_struct *s, const rf_object *o, rf_buffer *out)
{
    const rf_structdef *def = s->layout->def;
    for (uint32_t i = 0; i < def->field_count; i++) {
        if (!is_it(rf_struct_peek(s, i), o)) continue;
        rf_buffer_format(out, " .%s", def->field_names[i].as.string->text);
        return;
    }
}

static void name_entry(const rf_dict *d, const rf_object *o, rf_buffer *out)
{
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_count(d) <= NAMED_KEYS && rf_dict_next(d, &at, &key, &value);) {
        if (!is_it(value, o) || !key.string) continue;
        rf_buffer_format(out, " [\"%.*s\"]", (int)(key.string->size < 40 ? key.string->size : 40), key.string->text);
        return;
    }
    rf_buffer_append_text(out, " []");
}

/* How the object refers to the next one; nothing where the program has no name for it. */
static void name_link(const rf_object *from, const rf_object *to, rf_buffer *out)
{
    const void *object = from;
    switch ((rf_tag)from->kind) {
    case RF_FUNCTION: name_captured(object, to, out); break;
    case RF_STRUCT: name_field(object, to, out); break;
    case RF_DICT: name_entry(object, to, out); break;
    case RF_ARRAY:
    case RF_QUEUE:
    case RF_STACK: rf_buffer_append_text(out, " []"); break;
    default: break;
    }
}

/* "f (list.ruff:17) .back, set at list.ruff:18 -> g (list.ruff:18) .there": cells are the variables of the functions that
 * captured them, and no steps of their own. */
static char *name_chain(const cycles *c, const uint32_t *chain, uint32_t length)
{
    rf_buffer out = RF_BUFFER_INIT;
    uint32_t named = 0;
    rf_buffer_append_text(&out, "");
    for (uint32_t i = length; i-- > 0 && named <= PATH_LIMIT;) {
        const rf_object *o = c->dead[chain[i]], *next = c->dead[chain[i ? i - 1 : length - 1]];
        if (o->kind == RF_CELL && length > 1) {
            const uint32_t stored = c->stored[chain[i]];
            if (stored) append_place(&out, ", set at ", rf_allocation_place_at(c->isolate->heap.allocations, stored));
            continue;
        }
        if (named) rf_buffer_append_text(&out, " -> ");
        if (named++ == PATH_LIMIT) {
            rf_buffer_append_text(&out, "...");
            break;
        }
        name_object(c, chain[i], &out);
        name_link(o, next, &out);
    }
    return rf_buffer_take(&out);
}

static char *name_cycle(cycles *c, uint32_t first)
{
    enum { CAPACITY = 64 };
    uint32_t chain[CAPACITY];
    uint32_t length = find_chain(c, first, chain, CAPACITY);
    if (length > CAPACITY) { /* its end, which is the beginning of the cycle, is not there */
        chain[0] = first;
        length = 1;
    }
    if (length == 0) chain[length++] = first;
    return name_chain(c, chain, length);
}

/* ---- all ---- */

/* Cells are told by who captured them, so a chain begins with another object where there is one. */
static bool comes_before(const rf_object *a, const rf_object *b)
{
    if ((a->kind == RF_CELL) != (b->kind == RF_CELL)) return b->kind == RF_CELL;
    return note_of(a)->sequence < note_of(b)->sequence;
}

static void add_cycles(cycles *c)
{
    uint32_t *first = rf_alloc_array(uint32_t, c->count);
    uint64_t *bytes = rf_alloc_array_zero(uint64_t, c->count);
    for (uint32_t i = 0; i < c->count; i++) first[i] = i;
    for (uint32_t i = 0; i < c->count; i++) {
        const uint32_t root = root_of(c->parent, i);
        bytes[root] += rf_allocation_size(c->dead[i]) + rf_object_buffer_size(c->dead[i]);
        if (comes_before(c->dead[i], c->dead[first[root]])) first[root] = i;
    }
    for (uint32_t i = 0; i < c->count; i++)
        if (root_of(c->parent, i) == i)
            rf_memory_profile_add_leak(c->isolate, RF_LEAK_UNREACHABLE, c->dead[first[i]], 1, bytes[i], name_cycle(c, first[i]));
    rf_free(first);
    rf_free(bytes);
}

void rf_memory_profile_cycles(rf_isolate *isolate, rf_object *const *dead, size_t count)
{
    if (!count || !isolate->heap.allocations) return;
    for (size_t i = 0; i < count; i++)
        if (note_of(dead[i])->link == RF_ALLOCATION_ALIVE) return; /* no leak: it is only taken down */
    cycles c = {.isolate = isolate,
                .dead = dead,
                .count = count,
                .parent = rf_alloc_array(uint32_t, count),
                .stored = rf_alloc_array(uint32_t, count),
                .reached_from = rf_alloc_array(uint32_t, count),
                .queue = rf_alloc_array(uint32_t, count)};
    for (uint32_t i = 0; i < count; i++) {
        c.stored[i] = dead[i]->kind == RF_CELL ? note_of(dead[i])->link : 0;
        note_of(dead[i])->link = i;
        c.parent[i] = i;
        c.reached_from[i] = UINT32_MAX;
    }
    for (c.at = 0; c.at < count; c.at++) rf_object_visit(isolate, dead[c.at], join, &c);
    add_cycles(&c);
    rf_free(c.parent);
    rf_free(c.stored);
    rf_free(c.reached_from);
    rf_free(c.queue);
}
