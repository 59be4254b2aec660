/* Object memory: size classes of 16 bytes up to 512 with free lists, per isolate; larger blocks from base/alloc.
 *
 * Sizes are given back at free time, so objects carry none. */
#ifndef RF_VALUE_HEAP_H
#define RF_VALUE_HEAP_H

#include "base/base.h"
#include "base/vector.h"

typedef struct rf_isolate rf_isolate;
typedef struct rf_object rf_object;

enum { RF_HEAP_GRAIN = 16, RF_HEAP_SMALL = 512, RF_HEAP_CLASSES = RF_HEAP_SMALL / RF_HEAP_GRAIN + 1 };

typedef struct rf_free_cell {
    struct rf_free_cell *next;
} rf_free_cell;

typedef struct rf_heap {
    rf_free_cell *free[RF_HEAP_CLASSES]; /* by (size + 15) / 16 */
    char *bump, *bump_end;
    RF_VECTOR(void *) blocks;
    RF_VECTOR(rf_object *) work;       /* objects whose count is zero, not yet freed (work-list release) */
    bool is_releasing;
    RF_VECTOR(rf_object *) candidates; /* possible roots of dead cycles */
    size_t collect_at;                 /* candidate count that starts a collection; doubles with survivors */
    size_t live_bytes, peak_bytes;     /* what objects and their buffers hold */
    uint64_t object_count;             /* live objects, kept in all builds: the leak tests read it */
} rf_heap;

void *rf_heap_refill(rf_isolate *isolate, size_t class_index);
void *rf_heap_alloc_large(rf_isolate *isolate, size_t size);
void rf_heap_free_large(rf_isolate *isolate, void *memory, size_t size);

/* Uninitialised memory of size bytes for an object or its buffer. */
static inline void *rf_heap_alloc_in(rf_isolate *isolate, rf_heap *heap, size_t size)
{
    if (RF_UNLIKELY(size > RF_HEAP_SMALL)) return rf_heap_alloc_large(isolate, size);
    size_t index = (size + RF_HEAP_GRAIN - 1) / RF_HEAP_GRAIN;
    rf_free_cell *cell = heap->free[index];
    if (RF_UNLIKELY(!cell)) return rf_heap_refill(isolate, index);
    heap->free[index] = cell->next;
    return cell;
}

static inline void rf_heap_free_in(rf_isolate *isolate, rf_heap *heap, void *memory, size_t size)
{
    if (RF_UNLIKELY(size > RF_HEAP_SMALL)) {
        rf_heap_free_large(isolate, memory, size);
        return;
    }
    size_t index = (size + RF_HEAP_GRAIN - 1) / RF_HEAP_GRAIN;
    rf_free_cell *cell = memory;
    cell->next = heap->free[index];
    heap->free[index] = cell;
}

void *rf_heap_alloc(rf_isolate *isolate, size_t size);
void rf_heap_free(rf_isolate *isolate, void *memory, size_t size);

/* Trial deletion over the candidates: frees garbage cycles.  Called by rf_add_candidate when the queue is long, and
 * at the end of a run so that leaks are real. */
void rf_heap_collect(rf_isolate *isolate);

#endif
