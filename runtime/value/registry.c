#include "value/registry.h"

#include "base/alloc.h"

#include <sys/random.h>

typedef struct entry {
    uint64_t key;
    rf_object *object; /* NULL: free */
} entry;

struct rf_registry {
    entry *entries; /* open addressing, linear probing; at most half full */
    size_t mask, count;
    uint64_t next_identity;
};

enum { FIRST_ENTRIES = 16 };

void rf_registry_init(rf_isolate *isolate)
{
    struct rf_registry *registry = rf_new(struct rf_registry);
    registry->entries = rf_alloc_array_zero(entry, FIRST_ENTRIES);
    registry->mask = FIRST_ENTRIES - 1;
    /* Identities must differ between isolates that know nothing of each other, hence a random start
     * of 64 bits. */
    uint64_t start = 0;
    if (getrandom(&start, sizeof start, GRND_NONBLOCK) != (ssize_t)sizeof start)
        start = (uint64_t)(uintptr_t)isolate * UINT64_C(0x9e3779b97f4a7c15);
    registry->next_identity = start;
    isolate->registry = registry;
}

void rf_registry_release(rf_isolate *isolate)
{
    if (!isolate->registry) return;
    rf_free(isolate->registry->entries);
    rf_free(isolate->registry);
    isolate->registry = NULL;
}

uint64_t rf_registry_new_identity(rf_isolate *isolate)
{
    return isolate->registry->next_identity++;
}

static size_t home(const struct rf_registry *registry, uint64_t key)
{
    return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & registry->mask;
}

static void place(struct rf_registry *registry, uint64_t key, rf_object *object)
{
    size_t at = home(registry, key);
    while (registry->entries[at].object) at = (at + 1) & registry->mask;
    registry->entries[at] = (entry){key, object};
}

void rf_registry_add(rf_isolate *isolate, uint64_t key, rf_object *object)
{
    struct rf_registry *registry = isolate->registry;
    if (++registry->count > registry->mask / 2) {
        entry *old = registry->entries;
        size_t old_mask = registry->mask;
        registry->mask = old_mask * 2 + 1;
        registry->entries = rf_alloc_array_zero(entry, registry->mask + 1);
        for (size_t i = 0; i <= old_mask; i++)
            if (old[i].object) place(registry, old[i].key, old[i].object);
        rf_free(old);
    }
    place(registry, key, object);
}

rf_object *rf_registry_find(rf_isolate *isolate, uint64_t key, uint8_t kind)
{
    const struct rf_registry *registry = isolate->registry;
    for (size_t at = home(registry, key);; at = (at + 1) & registry->mask) {
        const entry *e = &registry->entries[at];
        if (!e->object) return NULL;
        if (e->key == key && e->object->kind == kind) return e->object;
    }
}

void rf_registry_remove(rf_isolate *isolate, uint64_t key, const rf_object *object)
{
    struct rf_registry *registry = isolate->registry;
    size_t at = home(registry, key);
    while (registry->entries[at].object != object) {
        if (!registry->entries[at].object) return;
        at = (at + 1) & registry->mask;
    }
    registry->count--;
    registry->entries[at].object = NULL;
    /* Close the gap: whatever follows without a gap may have been displaced past this slot. */
    for (at = (at + 1) & registry->mask; registry->entries[at].object;
         at = (at + 1) & registry->mask) {
        entry moved = registry->entries[at];
        registry->entries[at].object = NULL;
        place(registry, moved.key, moved.object);
    }
}
