/* What every block of a measured program passes: inline in the heap, and nothing but counting.
 *
 * The site of an instruction is kept in a direct-mapped cache, a note holds the site itself.  The peak and what happens
 * now and then (allocation.c) are distances that count down, so each is one subtraction and the sign it leaves. */
#ifndef RF_PROF_ALLOCATION_QUICK_H
#define RF_PROF_ALLOCATION_QUICK_H

#include "prof/allocation.h"

#include <string.h>

enum {
    RF_ALLOCATION_GRAIN = 16,
    RF_ALLOCATION_SMALL = 512, /* bytes of the largest block that is a cell of a page */
    RF_ALLOCATION_CLASSES = RF_ALLOCATION_SMALL / RF_ALLOCATION_GRAIN + 1,
    RF_ALLOCATION_CACHE = 1024,
    RF_ALLOCATION_LIVES = 33, /* powers of two of the distance in allocations, modulo 2^32 */
    /* a note's word: address of the site, one bit for buffers, 15 bits of size */
    RF_ALLOCATION_SIZE_BITS = 16,
    RF_ALLOCATION_IS_BUFFER = 1 << 15
};

typedef struct rf_allocation_counts { /* of a site */
    const char *type; /* NULL until an object of it was looked at */
    uint64_t quick;   /* bytes of the largest block that is given back quickly: none until the type is known */
    uint64_t allocs, bytes, freed_bytes;
    uint64_t lives[RF_ALLOCATION_LIVES]; /* released blocks: 0, 1, 2-3, 4-7, ... allocations later */
} rf_allocation_counts;

typedef struct rf_allocation_cell { /* free; behind a note, which may still tell what was there */
    struct rf_allocation_cell *next;
} rf_allocation_cell;

typedef struct rf_allocation_quick { /* the beginning of rf_allocations */
    rf_allocation_cell *free[RF_ALLOCATION_CLASSES]; /* first: no addition to find one */
    const void *running;
    int64_t to_peak;   /* bytes that may be allocated without a higher peak; below 0 while it is raised */
    int64_t to_event;  /* bytes until something is to be done */
    uint32_t sequence; /* of the last allocation, from 1 on, modulo 2^32 */
    uint64_t keys[RF_ALLOCATION_CACHE];  /* instruction and kind */
    uint64_t words[RF_ALLOCATION_CACHE]; /* of a note of size 0; apart from the keys, so that one offset leads to both */
} rf_allocation_quick;

/* The same with whatever is not quick. */
void *rf_allocation_take_slowly(rf_allocations *allocations, size_t size, uint64_t mark);
void rf_allocation_give_slowly(rf_allocation_quick *quick, void *block, size_t size);
/* The peak is higher, and size is not yet counted for the event; so much was allocated that something is to be done.
 * Both give the block back. */
void *rf_allocation_peaked(rf_allocation_quick *quick, size_t size, void *block);
void *rf_allocation_event(rf_allocation_quick *quick, size_t size, void *block);

static inline size_t rf_allocation_class(size_t size)
{
    return (size + RF_ALLOCATION_GRAIN - 1) / RF_ALLOCATION_GRAIN;
}

/* What a kind adds to the address of an instruction, so that the sum is a key: above all addresses the kind itself, below
 * as many instructions (of 8 bytes) on, so that the kinds of one have entries of their own. */
static inline uint64_t rf_allocation_mark(unsigned kind)
{
    return kind * RF_ALLOCATION_MARK;
}

static inline unsigned rf_allocation_kind(uint64_t mark)
{
    return (unsigned)(mark >> RF_ALLOCATION_MARK_SHIFT);
}

static inline uint64_t rf_allocation_key(const void *where, uint64_t mark)
{
    return (uint64_t)(uintptr_t)where + mark;
}

/* Instructions lie 8 bytes apart, as entries do: what is left of a key is a distance in bytes, without a shift. */
static inline uint64_t *rf_allocation_entry(uint64_t *table, uint64_t key)
{
    return (uint64_t *)(void *)((char *)table + (key & (RF_ALLOCATION_CACHE - 1) * sizeof *table));
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

static inline rf_allocation_counts *rf_allocation_counts_of(const rf_allocation_note *note)
{
    return (rf_allocation_counts *)(uintptr_t)(note->site_and_size >> RF_ALLOCATION_SIZE_BITS);
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

/* Notes and counts a block; word: of its note. */
static RF_ALWAYS_INLINE void *rf_allocation_begin(rf_allocation_quick *quick, void *block, uint64_t word, size_t size)
{
    rf_allocation_counts *counts = (rf_allocation_counts *)(uintptr_t)(word >> RF_ALLOCATION_SIZE_BITS);
    rf_allocation_note *note = rf_allocation_note_of(block);
    counts->allocs++;
    counts->bytes += size;
    note->site_and_size = word;
    rf_allocation_number(note, ++quick->sequence);
    if (RF_UNLIKELY(rf_allocation_add_live(quick, (int64_t)size) < 0)) return rf_allocation_peaked(quick, size, block);
    if (RF_UNLIKELY((quick->to_event -= (int64_t)size) < 0)) return rf_allocation_event(quick, size, block);
    return block;
}

/* At most RF_ALLOCATION_SMALL bytes. */
static RF_ALWAYS_INLINE void *rf_allocation_take_quickly(rf_allocations *allocations, size_t size, uint64_t mark)
{
    rf_allocation_quick *quick = (rf_allocation_quick *)(void *)allocations;
    const uint64_t key = rf_allocation_key_now(quick, mark);
    if (RF_UNLIKELY(*rf_allocation_entry(quick->keys, key) != key)) return rf_allocation_take_slowly(allocations, size, mark);
    const size_t class = rf_allocation_class(size);
    rf_allocation_cell *cell = quick->free[class];
    if (RF_UNLIKELY(!cell)) return rf_allocation_take_slowly(allocations, size, mark);
    quick->free[class] = cell->next;
    return rf_allocation_begin(quick, cell, *rf_allocation_entry(quick->words, key) | size, size);
}

static inline void rf_allocation_give_cell(rf_allocation_quick *quick, void *block, size_t size)
{
    rf_allocation_cell *cell = block;
    const size_t class = rf_allocation_class(size);
    cell->next = quick->free[class];
    quick->free[class] = cell;
}

static inline void rf_allocation_end(rf_allocation_quick *quick, const rf_allocation_note *note,
                                     rf_allocation_counts *counts, size_t size)
{
    const uint64_t life = quick->sequence - note->sequence; /* modulo 2^32 */
    counts->lives[63u ^ (unsigned)__builtin_clzll(2 * life + 1)]++;
    counts->freed_bytes += size;
    rf_allocation_add_live(quick, -(int64_t)size);
}

static inline void rf_allocation_give_quickly(rf_allocations *allocations, void *block, size_t size)
{
    rf_allocation_quick *quick = (rf_allocation_quick *)(void *)allocations;
    const rf_allocation_note *note = rf_allocation_note_of(block);
    rf_allocation_counts *counts = rf_allocation_counts_of(note);
    if (RF_UNLIKELY(size > counts->quick)) {
        rf_allocation_give_slowly(quick, block, size);
        return;
    }
    rf_allocation_end(quick, note, counts, size);
    rf_allocation_give_cell(quick, block, size);
}

#endif
