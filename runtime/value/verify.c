/* Stress builds only: every live object is known, freed memory is poisoned and kept back, counts
 * can be checked. */
#include "value/object.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUARANTINE_SLOTS = 4096, POISON = 0xDB, FIRST_SLOTS = 1024 };

typedef struct freed {
    unsigned char *memory;
    size_t size;
} freed;

struct rf_stress {
    rf_object **slots; /* open addressing by address; at most half full */
    uint32_t *seen;    /* during a verification: references found, by slot */
    size_t mask, count;
    freed quarantine[QUARANTINE_SLOTS];
    size_t next;
};

static _Noreturn void fail(const char *what, const void *object)
{
    fprintf(stderr, "heap verification: %s (%p)\n", what, object);
    abort();
}

static struct rf_stress *get(rf_heap *heap)
{
    if (!heap->stress) {
        heap->stress = rf_new(struct rf_stress);
        heap->stress->slots = rf_alloc_array_zero(rf_object *, FIRST_SLOTS);
        heap->stress->mask = FIRST_SLOTS - 1;
    }
    return heap->stress;
}

static size_t home(const struct rf_stress *stress, const rf_object *object)
{
    return (size_t)((uint64_t)(uintptr_t)object * UINT64_C(0x9e3779b97f4a7c15) >> 24) &
           stress->mask;
}

static size_t find(const struct rf_stress *stress, const rf_object *object)
{
    size_t at = home(stress, object);
    while (stress->slots[at] && stress->slots[at] != object) at = (at + 1) & stress->mask;
    return at;
}

void rf_heap_track(rf_isolate *isolate, rf_object *object)
{
    struct rf_stress *stress = get(&isolate->heap);
    if (++stress->count > stress->mask / 2) {
        rf_object **old = stress->slots;
        size_t old_mask = stress->mask;
        stress->mask = old_mask * 2 + 1;
        stress->slots = rf_alloc_array_zero(rf_object *, stress->mask + 1);
        for (size_t i = 0; i <= old_mask; i++)
            if (old[i]) stress->slots[find(stress, old[i])] = old[i];
        rf_free(old);
    }
    stress->slots[find(stress, object)] = object;
}

void rf_heap_untrack(rf_isolate *isolate, rf_object *object)
{
    struct rf_stress *stress = get(&isolate->heap);
    size_t at = find(stress, object);
    if (!stress->slots[at]) fail("freed twice, or never made", object);
    stress->slots[at] = NULL;
    stress->count--;
    for (at = (at + 1) & stress->mask; stress->slots[at]; at = (at + 1) & stress->mask) {
        rf_object *moved = stress->slots[at];
        stress->slots[at] = NULL;
        stress->slots[find(stress, moved)] = moved;
    }
}

static void discard(freed *slot)
{
    for (size_t i = 0; i < slot->size; i++)
        if (slot->memory[i] != POISON) fail("written after it was freed", slot->memory);
    rf_free(slot->memory);
    slot->memory = NULL;
    slot->size = 0;
}

void rf_heap_quarantine(rf_heap *heap, void *memory, size_t size)
{
    struct rf_stress *stress = get(heap);
    freed *slot = &stress->quarantine[stress->next++ % QUARANTINE_SLOTS];
    discard(slot);
    memset(memory, POISON, size);
    *slot = (freed){memory, size};
}

void rf_heap_stress_release(rf_heap *heap)
{
    struct rf_stress *stress = heap->stress;
    if (!stress) return;
    for (size_t i = 0; i < QUARANTINE_SLOTS; i++) discard(&stress->quarantine[i]);
    rf_free(stress->slots);
    rf_free(stress);
}

static void count_reference(void *context, rf_value v)
{
    struct rf_stress *stress = context;
    if (!rf_is_heap(v) || v.as.o->count < 0) return;
    size_t at = find(stress, v.as.o);
    if (!stress->slots[at]) fail("reference to freed memory", v.as.o);
    stress->seen[at]++;
}

void rf_heap_verify(rf_isolate *isolate)
{
    struct rf_stress *stress = get(&isolate->heap);
    stress->seen = rf_alloc_array_zero(uint32_t, stress->mask + 1);
    for (size_t i = 0; i <= stress->mask; i++)
        if (stress->slots[i]) rf_object_visit(isolate, stress->slots[i], count_reference, stress);
    for (size_t i = 0; i <= stress->mask; i++) {
        const rf_object *o = stress->slots[i];
        if (o && o->count >= 0 && stress->seen[i] > (uint32_t)o->count) fail("counted too low", o);
    }
    rf_free(stress->seen);
    stress->seen = NULL;
}
