/* The store of units: a list under a lock, counted by the loaders that use it. */
#include "modules/unit_store.h"

#include "base/alloc.h"

#include <pthread.h>

typedef struct stored {
    rf_unit *unit;
    char *file, *root; /* NULL: not a module's */
    rf_file_stamp stamp;
} stored;

struct rf_unit_store {
    pthread_mutex_t lock; /* guards all of this */
    uint32_t count;
    RF_VECTOR(stored) units;
    rf_unit *prelude;     /* owned */
};

rf_unit_store *rf_unit_store_new(void)
{
    rf_unit_store *store = rf_new(rf_unit_store);
    pthread_mutex_init(&store->lock, NULL);
    store->count = 1;
    return store;
}

rf_unit_store *rf_unit_store_share(rf_unit_store *store)
{
    pthread_mutex_lock(&store->lock);
    store->count++;
    pthread_mutex_unlock(&store->lock);
    return store;
}

void rf_unit_store_release(rf_unit_store *store)
{
    pthread_mutex_lock(&store->lock);
    const bool is_last = --store->count == 0;
    pthread_mutex_unlock(&store->lock);
    if (!is_last) return;
    for (size_t i = 0; i < store->units.count; i++) {
        rf_unit_free(store->units.data[i].unit);
        rf_free(store->units.data[i].file);
        rf_free(store->units.data[i].root);
    }
    rf_unit_free(store->prelude);
    rf_vector_release(&store->units);
    pthread_mutex_destroy(&store->lock);
    rf_free(store);
}

void rf_unit_store_add(rf_unit_store *store, rf_unit *unit, const rf_unit_origin *origin)
{
    stored entry = {.unit = unit};
    if (origin) {
        entry.file = rf_strdup(origin->file);
        entry.root = rf_strdup(origin->root);
        entry.stamp = origin->stamp;
    }
    pthread_mutex_lock(&store->lock);
    rf_vector_push(&store->units, entry);
    pthread_mutex_unlock(&store->lock);
}

bool rf_unit_store_find(rf_unit_store *store, const rf_unit *unit, rf_unit_origin *origin)
{
    bool is_found = false;
    pthread_mutex_lock(&store->lock);
    for (size_t i = 0; i < store->units.count && !is_found; i++) {
        const stored *entry = &store->units.data[i];
        if (entry->unit != unit || !entry->file) continue;
        *origin = (rf_unit_origin){.file = entry->file, .root = entry->root, .stamp = entry->stamp};
        is_found = true;
    }
    pthread_mutex_unlock(&store->lock);
    return is_found;
}

rf_unit *rf_unit_store_prelude(rf_unit_store *store)
{
    pthread_mutex_lock(&store->lock);
    rf_unit *prelude = store->prelude;
    pthread_mutex_unlock(&store->lock);
    return prelude;
}

rf_unit *rf_unit_store_set_prelude(rf_unit_store *store, rf_unit *unit)
{
    pthread_mutex_lock(&store->lock);
    if (!store->prelude) store->prelude = unit;
    rf_unit *kept = store->prelude;
    pthread_mutex_unlock(&store->lock);
    if (kept != unit) rf_unit_free(unit);
    return kept;
}
