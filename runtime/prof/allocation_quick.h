/* What every block of a measured program passes: inline in the heap, and nothing but counting.
 *
 * Blocks of one size that a site makes are a group: they have a free list and counts of their own, so that bytes need no
 * counting and the note of a cell is written once, when the cell is cut.  The group is found by instruction, kind and size
 * in a direct-mapped cache.  The peak and what happens now and then (allocation.c) are distances that count down, so each
 * is one subtraction and the sign it leaves. */
#ifndef RF_PROF_ALLOCATION_QUICK_H
#define RF_PROF_ALLOCATION_QUICK_H

#include "prof/allocation.h"

#include <string.h>

enum {
    RF_ALLOCATION_GRAIN = 16,
    RF_ALLOCATION_SMALL = 512, /* bytes of the largest block that is a cell of a page */
    RF_ALLOCATION_LARGE,         /* stands for all sizes above */
    RF_ALLOCATION_SIZES = 1024,  /* that a key has room for */
    RF_ALLOCATION_CACHE = 2048,
    RF_ALLOCATION_LIVES = 32 /* powers of two of the distance in allocations, modulo 2^31 */
};

typedef struct rf_allocation_cell { /* free; behind a note, which still tells its group */
    struct rf_allocation_cell *next;
} rf_allocation_cell;

typedef struct rf_allocation_group { /* of blocks of one size, or of all large ones, that a site makes */
    rf_allocation_cell *free;
    uint64_t is_quick; /* its blocks are given back quickly: not before the type is known, and no large ones */
    uint64_t allocs;
    uint64_t lives[RF_ALLOCATION_LIVES]; /* released blocks: 0, 1, 2-3, 4-7, ... allocations later */
    struct rf_allocation_group *next;    /* of the site */
    struct rf_allocation_site *site;
    uint32_t size;  /* of a block, or RF_ALLOCATION_LARGE */
    uint32_t cells; /* of the page last cut */
    bool is_buffer;
} rf_allocation_group;

typedef struct rf_allocation_entry {
    uint64_t key; /* instruction, kind and size */
    void *found;  /* the group */
} rf_allocation_entry;

typedef struct rf_allocation_quick { /* the beginning of rf_allocations */
    const void *running;
    int64_t to_peak;   /* bytes that may be allocated without a higher peak; below 0 while it is raised */
    int64_t to_event;  /* bytes until something is to be done */
    uint32_t sequence; /* of the last allocation, from 1 on, modulo 2^32 */
    rf_allocation_entry cache[RF_ALLOCATION_CACHE];
} rf_allocation_quick;

/* The same with whatever is not quick. */
void *rf_allocation_take_slowly(rf_allocations *allocations, size_t size, uint64_t mark);
void rf_allocation_give_slowly(rf_allocation_quick *quick, void *block, size_t size);
/* The peak is higher, and size is not yet counted for the event; so much was allocated that something is to be done.
 * Both give the block back. */
void *rf_allocation_peaked(rf_allocation_quick *quick, size_t size, void *block);
void *rf_allocation_event(rf_allocation_quick *quick, size_t size, void *block);

static inline uint64_t rf_allocation_mark(unsigned kind)
{
    return RF_ALLOCATION_MARK((uint64_t)kind);
}

/* What a size adds to a key: above kinds the size itself, below a distance that keeps sizes and instructions apart. */
static inline uint64_t rf_allocation_size_mark(size_t size)
{
    return size * (((uint64_t)1 << 54) + 59 * sizeof(uint64_t));
}
_Static_assert((uint64_t)RF_ALLOCATION_SIZES << 54 == 0, "the highest bits of a key are a size");

static inline unsigned rf_allocation_kind(uint64_t mark)
{
    return (unsigned)(mark >> RF_ALLOCATION_MARK_SHIFT) | (unsigned)(mark & 1) * RF_ALLOCATION_BUFFER;
}

static inline uint64_t rf_allocation_key(const void *where, uint64_t mark)
{
    return (uint64_t)(uintptr_t)where + mark;
}

/* Instructions lie 8 bytes apart: what is left of a key is a distance in bytes, without a shift. */
static RF_ALWAYS_INLINE rf_allocation_entry *rf_allocation_entry_of(rf_allocation_quick *quick, uint64_t key)
{
    const size_t at = key & (RF_ALLOCATION_CACHE - 1) * sizeof key;
    return (rf_allocation_entry *)(void *)((char *)quick->cache + sizeof *quick->cache / sizeof key * at);
}

static inline const void *rf_allocation_pointer_at(const void *at)
{
    const void *pointer;
    memcpy(&pointer, at, sizeof pointer);
    return pointer;
}

/* The key of what runs. */
static RF_ALWAYS_INLINE uint64_t rf_allocation_key_now(const rf_allocation_quick *quick, uint64_t mark)
{
    return rf_allocation_key(rf_allocation_pointer_at(rf_allocation_pointer_at(quick->running)), mark);
}

/* So many bytes more live, or less; negative: more than ever.  The sampler reads it meanwhile; a plain subtraction is one
 * instruction where an atomic load and store are three, and it leaves the sign. */
static RF_ALWAYS_INLINE int64_t rf_allocation_add_live(rf_allocation_quick *quick, int64_t bytes)
{
#ifdef __SANITIZE_THREAD__
    const int64_t to_peak = quick->to_peak - bytes;
    __atomic_store_n(&quick->to_peak, to_peak, __ATOMIC_RELAXED);
    return to_peak;
#else
    return quick->to_peak -= bytes;
#endif
}

/* Its number, and no link: one store where the bytes lie so. */
static RF_ALWAYS_INLINE void rf_allocation_number(rf_allocation_note *note, uint32_t sequence)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const uint64_t both = sequence;
    memcpy((char *)note + offsetof(rf_allocation_note, sequence), &both, sizeof both);
#else
    note->sequence = sequence;
    note->link = 0;
#endif
}
_Static_assert(offsetof(rf_allocation_note, link) == offsetof(rf_allocation_note, sequence) + 4, "the link is behind the number");

/* Counts a block. */
static RF_ALWAYS_INLINE void *rf_allocation_begin(rf_allocation_quick *quick, rf_allocation_group *group, void *block, size_t size)
{
    group->allocs++;
    rf_allocation_number(rf_allocation_note_of(block), ++quick->sequence);
    if (RF_UNLIKELY(rf_allocation_add_live(quick, (int64_t)size) < 0)) return rf_allocation_peaked(quick, size, block);
    if (RF_UNLIKELY((quick->to_event -= (int64_t)size) < 0)) return rf_allocation_event(quick, size, block);
    return block;
}

/* At most RF_ALLOCATION_SMALL bytes. */
static RF_ALWAYS_INLINE void *rf_allocation_take_quickly(rf_allocations *allocations, size_t size, uint64_t mark)
{
    rf_allocation_quick *quick = (rf_allocation_quick *)(void *)allocations;
    const uint64_t key = rf_allocation_key_now(quick, mark + rf_allocation_size_mark(size));
    const rf_allocation_entry *entry = rf_allocation_entry_of(quick, key);
    if (RF_UNLIKELY(entry->key != key)) return rf_allocation_take_slowly(allocations, size, mark);
    rf_allocation_group *group = entry->found;
    rf_allocation_cell *cell = group->free;
    if (RF_UNLIKELY(!cell)) return rf_allocation_take_slowly(allocations, size, mark);
    group->free = cell->next;
    return rf_allocation_begin(quick, group, cell, size);
}

static inline void rf_allocation_give_cell(rf_allocation_group *group, void *block)
{
    rf_allocation_cell *cell = block;
    cell->next = group->free;
    group->free = cell;
}

static inline void rf_allocation_end(rf_allocation_quick *quick, const rf_allocation_note *note, rf_allocation_group *group,
                                     size_t size)
{
    const uint32_t odd = 2 * (quick->sequence - note->sequence) + 1;
    group->lives[63 - (int64_t)__builtin_clzll(odd)]++; /* of 64 bits: what is subtracted needs no conversion */
    rf_allocation_add_live(quick, -(int64_t)size);
}

static inline void rf_allocation_give_quickly(rf_allocations *allocations, void *block, size_t size)
{
    rf_allocation_quick *quick = (rf_allocation_quick *)(void *)allocations;
    const rf_allocation_note *note = rf_allocation_note_of(block);
    rf_allocation_group *group = note->group;
    if (RF_UNLIKELY(!group->is_quick)) {
        rf_allocation_give_slowly(quick, block, size);
        return;
    }
    rf_allocation_end(quick, note, group, size);
    rf_allocation_give_cell(group, block);
}

#endif
