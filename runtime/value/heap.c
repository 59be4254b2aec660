/* Blocks and large memory behind the inline allocation of isolate.h.
 *
 * Blocks grow from 64 KiB to 1 MiB, so an idle program stays small; a refill cuts a run of cells in
 * address order, so that objects made one after the other lie side by side.  Memory of a block goes
 * back only with the isolate: cells are reused through the free list of their class. */
#include "value/isolate.h"

#include "prof/allocation_quick.h"

#include "base/alloc.h"

#include <string.h>

enum { FIRST_BLOCK = 64 * 1024, LARGEST_BLOCK = 1024 * 1024, REFILL_CELLS = 16 };

void rf_heap_init(rf_heap *heap)
{
    memset(heap, 0, sizeof *heap);
    heap->small_limit = RF_HEAP_SMALL;
    heap->collect_at = RF_HEAP_LEAST_QUEUE;
    heap->collect_bytes = RF_HEAP_LEAST_BYTES;
}

void rf_heap_release(rf_heap *heap)
{
    for (size_t i = 0; i < heap->blocks.count; i++) rf_free(heap->blocks.data[i]);
    rf_pages_release(&heap->pages);
    rf_vector_release(&heap->blocks);
    rf_vector_release(&heap->work);
    rf_vector_release(&heap->candidates);
    rf_allocations_free(heap->allocations);
#ifdef RF_STRESS
    rf_heap_stress_release(heap);
#endif
    memset(heap, 0, sizeof *heap);
}

static inline void note_peak(rf_heap *heap)
{
    if (heap->live_bytes > heap->peak_bytes) heap->peak_bytes = heap->live_bytes;
}

/* The sampler reads it meanwhile. */
static inline void tell_allocating(rf_heap *heap, bool is_allocating)
{
    __atomic_store_n(&heap->is_allocating, is_allocating, __ATOMIC_RELAXED);
}

static void add_block(rf_heap *heap)
{
    size_t size = (size_t)FIRST_BLOCK << (heap->blocks.count < 4 ? 2 * heap->blocks.count : 8);
    if (size > LARGEST_BLOCK) size = LARGEST_BLOCK;
    tell_allocating(heap, true);
    char *block = rf_alloc(size);
    tell_allocating(heap, false);
    rf_vector_push(&heap->blocks, block);
    /* malloc aligns to 16, which is what a cell needs */
    heap->bump = block;
    heap->bump_end = block + size;
}

void *rf_heap_refill(rf_isolate *isolate, size_t class_index)
{
    rf_heap *heap = &isolate->heap;
    size_t size = (class_index ? class_index : 1) * RF_HEAP_GRAIN;
    note_peak(heap);
    if ((size_t)(heap->bump_end - heap->bump) < size) add_block(heap);
    size_t count = (size_t)(heap->bump_end - heap->bump) / size;
    if (count > REFILL_CELLS) count = REFILL_CELLS;
    char *first = heap->bump;
    heap->bump += count * size;
    rf_free_cell *next = NULL;
    for (size_t i = count; --i > 0;) {
        rf_free_cell *cell = (rf_free_cell *)(void *)(first + i * size);
        cell->next = next;
        next = cell;
    }
    heap->free[class_index] = next;
    return first;
}

/* Whether a large block is in pages: where each object is to be seen by tools, none is. */
static inline bool in_pages(size_t size)
{
#ifdef RF_HEAP_EXACT
    (void)size;
    return false;
#else
    return size >= RF_PAGES_LEAST;
#endif
}

static RF_NOINLINE void *alloc_large(rf_heap *heap, size_t size, uint64_t mark)
{
    tell_allocating(heap, true);
    void *memory;
    if (heap->allocations) {
        memory = rf_allocation_take_slowly(heap->allocations, size, mark);
    } else {
        heap->live_bytes += size;
        note_peak(heap);
        memory = in_pages(size) ? rf_pages_take(&heap->pages, size) : rf_alloc(size);
    }
    tell_allocating(heap, false);
    return memory;
}

_Static_assert((int)RF_HEAP_BUFFER == (int)RF_ALLOCATION_BUFFER && (int)RF_TAG_COUNT <= (int)RF_ALLOCATION_KINDS &&
                   RF_HEAP_MARK(1 | RF_HEAP_BUFFER) == RF_ALLOCATION_MARK(1 | RF_ALLOCATION_BUFFER),
               "kinds are handed on");
_Static_assert((int)RF_HEAP_SMALL == (int)RF_ALLOCATION_SMALL, "what is no large block is a cell there, too");

/* By small_limit small blocks come here only when they are noted, but in builds where all do. */
static inline bool is_large(const rf_heap *heap, size_t size)
{
#ifdef RF_HEAP_EXACT
    if (!heap->allocations) return true;
#endif
    (void)heap;
    return size > RF_HEAP_SMALL;
}

void *rf_heap_alloc_slow(rf_isolate *isolate, size_t size, uint64_t mark)
{
    if (RF_UNLIKELY(is_large(&isolate->heap, size))) return alloc_large(&isolate->heap, size, mark);
    return rf_allocation_take_quickly(isolate->heap.allocations, size, mark);
}

void rf_heap_free_slow(rf_isolate *isolate, void *memory, size_t size)
{
    if (RF_LIKELY(isolate->heap.allocations != NULL)) { /* or the block is large */
        rf_allocation_give_quickly(isolate->heap.allocations, memory, size);
        return;
    }
    isolate->heap.live_bytes -= size;
#ifdef RF_STRESS
    rf_heap_quarantine(&isolate->heap, memory, size);
#else
    if (in_pages(size))
        rf_pages_give(&isolate->heap.pages, memory);
    else
        rf_free(memory);
#endif
}

#ifndef RF_STRESS
/* From base/alloc to pages, or back. */
static void *move_between(rf_heap *heap, void *memory, size_t old_size, size_t new_size)
{
    if (in_pages(new_size)) {
        void *moved = rf_pages_take(&heap->pages, new_size);
        memcpy(moved, memory, old_size);
        rf_free(memory);
        return moved;
    }
    void *moved = rf_alloc(new_size);
    memcpy(moved, memory, new_size);
    rf_pages_give(&heap->pages, memory);
    return moved;
}
#endif

static void *resize(rf_isolate *isolate, void *memory, size_t old_size, size_t new_size)
{
    rf_heap *heap = &isolate->heap;
    if (RF_UNLIKELY(heap->allocations != NULL))
        return rf_allocation_resize(heap->allocations, memory, old_size, new_size);
#ifndef RF_STRESS
    if (old_size > RF_HEAP_SMALL && new_size > RF_HEAP_SMALL) {
        heap->live_bytes += new_size - old_size;
        note_peak(heap);
        if (in_pages(old_size) == in_pages(new_size))
            return in_pages(new_size) ? rf_pages_resize(memory, new_size) : rf_realloc(memory, new_size);
        return move_between(heap, memory, old_size, new_size);
    }
#endif
    void *moved = rf_heap_alloc(isolate, new_size, RF_UNSET);
    memcpy(moved, memory, old_size < new_size ? old_size : new_size);
    rf_heap_free(isolate, memory, old_size);
    return moved;
}

void *rf_heap_resize(rf_isolate *isolate, void *memory, size_t old_size, size_t new_size)
{
    tell_allocating(&isolate->heap, true);
    void *moved = resize(isolate, memory, old_size, new_size);
    tell_allocating(&isolate->heap, false);
    return moved;
}
