/* Object memory: size classes of 16 bytes up to 512 with free lists, per isolate; larger blocks from base/alloc,
 * those of RF_PAGES_LEAST bytes and more from base/pages.
 *
 * Sizes are given back at free time, so objects carry none.  rf_heap_alloc, rf_heap_free and rf_object_new are inline
 * at the end of isolate.h, where the isolate is complete.  In stress and address-sanitizer builds every allocation is
 * its own block (RF_HEAP_EXACT), so that the tools see each object. */
#ifndef RF_VALUE_HEAP_H
#define RF_VALUE_HEAP_H

#include "base/base.h"
#include "base/pages.h"
#include "base/vector.h"

typedef struct rf_isolate rf_isolate;
typedef struct rf_object rf_object;

enum { RF_HEAP_GRAIN = 16, RF_HEAP_SMALL = 512, RF_HEAP_CLASSES = RF_HEAP_SMALL / RF_HEAP_GRAIN + 1 };

#if defined(RF_STRESS) || defined(__SANITIZE_ADDRESS__)
#define RF_HEAP_EXACT
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RF_HEAP_EXACT
#endif
#endif

/* Candidates that are worth a collection; live bytes that are, however few candidates there are. */
#ifdef RF_STRESS
enum { RF_HEAP_LEAST_QUEUE = 300, RF_HEAP_LEAST_BYTES = 64 * 1024 };
#else
enum { RF_HEAP_LEAST_QUEUE = 10000, RF_HEAP_LEAST_BYTES = 16 * 1024 * 1024 };
#endif

typedef struct rf_free_cell {
    struct rf_free_cell *next;
} rf_free_cell;

typedef struct rf_heap {
    rf_free_cell *free[RF_HEAP_CLASSES]; /* by (size + 15) / 16 */
    size_t small_limit;        /* RF_HEAP_SMALL; 0 when every allocation is noted, so that all take the slow way */
    char *bump, *bump_end;
    RF_VECTOR(void *) blocks;
    rf_pages pages;                    /* memory of RF_PAGES_LEAST bytes and more */
    RF_VECTOR(rf_object *) work;       /* objects whose count is zero, not yet freed (release.c) */
    uint32_t release_depth;            /* nested rf_free_object calls */
    uint8_t released_kind;             /* of the object that the outermost of them frees; for the profiler */
    bool is_collecting;
    bool is_allocating;                /* more than a cell of a free list; for the profiler */
    RF_VECTOR(rf_object *) candidates; /* possible roots of dead cycles */
    size_t collect_at;                 /* candidate count that starts a collection; grows with what one walks */
    size_t collect_bytes;              /* live bytes that start one; the same */
    size_t live_bytes;                 /* what objects and their buffers hold; not kept while allocations are noted */
    size_t peak_bytes;                 /* its largest value, to within a few cells: taken at refills */
    uint64_t object_count;             /* live objects, kept in all builds: the leak tests read it */
    struct rf_allocations *allocations; /* the memory instrument (prof/allocation.h); NULL when it is off */
#ifdef RF_STRESS
    struct rf_stress *stress;          /* verify.c: all live objects, and freed memory kept back */
#endif
} rf_heap;

void rf_heap_init(rf_heap *heap);
void rf_heap_release(rf_heap *heap); /* gives all blocks back; objects in them are gone */
void *rf_heap_refill(rf_isolate *isolate, size_t class_index);
/* The slow ways: large blocks, and all blocks when they are noted: as an object of that kind, or with RF_HEAP_BUFFER as
 * memory of one.  The mark of a kind is a constant where the kind is, so that those who note need not compute it. */
enum { RF_HEAP_BUFFER = 0x80 };
#define RF_HEAP_MARK(kind) (((kind) & 0x7f) * (((uint64_t)1 << 48) + 8) + ((kind) >> 7) * (uint64_t)(128 * 8 + 1))
void *rf_heap_alloc_slow(rf_isolate *isolate, size_t size, uint64_t mark);
void rf_heap_free_slow(rf_isolate *isolate, void *memory, size_t size);
/* Memory of old_size bytes moved to new_size; contents kept up to the smaller. */
void *rf_heap_resize(rf_isolate *isolate, void *memory, size_t old_size, size_t new_size);

/* While allocations are noted: the running code copies a container because it is shared, or takes a second reference
 * to one (that is no constant). */
void rf_heap_note_copy(rf_isolate *isolate, const rf_object *object);
void rf_heap_note_share(rf_isolate *isolate, rf_object *object);
struct rf_cell;
void rf_heap_note_store(rf_isolate *isolate, struct rf_cell *cell); /* assigns to the variable whose cell that is */

/* Trial deletion over the candidates: frees garbage cycles.  Called by rf_add_candidate when the queue is long, and
 * at the end of a run so that leaks are real. */
void rf_heap_collect(rf_isolate *isolate);

#ifdef RF_STRESS
void rf_heap_track(rf_isolate *isolate, rf_object *object);
void rf_heap_untrack(rf_isolate *isolate, rf_object *object);
/* Poisons freed memory and keeps it back for a while, so that a late write is found. */
void rf_heap_quarantine(rf_heap *heap, void *memory, size_t size);
void rf_heap_stress_release(rf_heap *heap);
/* Every object is counted at least as often as other objects refer to it; ends the process when not. */
void rf_heap_verify(rf_isolate *isolate);
#endif

#endif
