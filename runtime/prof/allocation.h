/* The memory instrument: exact counts of what each line allocates, frees, grows and copies.
 *
 * While it is on, every block of the heap comes from here and has a note in front, with the site that made it and when;
 * so a release finds its counts without a search.  A site is a line and a kind of object.  The line is known by the
 * address of the instruction (or tree node) that runs; what function and line that is is asked once, when the
 * instruction allocates for the first time.  Small blocks lie in pages of cells of one size, so that the live ones
 * can be walked without a list.  One instrument serves one isolate and is not thread safe; rf_allocations_finish adds
 * its findings to a profile. */
#ifndef RF_PROF_ALLOCATION_H
#define RF_PROF_ALLOCATION_H

#include "prof/profile.h"

typedef struct rf_allocation_note { /* in front of a block; keeps it aligned to 16 */
    struct rf_allocation_group *group; /* of allocation_quick.h */
    uint32_t sequence;              /* number of its allocation, from 1 on, modulo 2^32 */
    uint32_t link;                  /* place that took a second reference or stored into it, 0 unknown; then who looks for what lives, or RF_ALLOCATION_ALIVE */
} rf_allocation_note;
#define RF_ALLOCATION_ALIVE UINT32_MAX /* link of what lived at the end of the program */

/* Where something was allocated. */
typedef struct rf_allocation_place {
    char *function; /* its name; "main" for the top level of a file; new (rf_free) */
    char *file;     /* new; NULL outside any file */
    uint32_t function_line, line;
} rf_allocation_place;

typedef struct rf_allocation_owner {
    void *context;
    const void *(*where)(void *context); /* what runs now; NULL outside any code */
    void (*place)(void *context, rf_allocation_place *out); /* the same in words */
    /* the type of an object's block by its kind, as reports show it; static or kept by the program; block NULL: of an
     * object that has memory of its own */
    const char *(*type)(void *context, unsigned kind, const void *block);
    /* a stack is worth keeping: some bytes (drawn with a mean of 64 KiB) were allocated since the last; may be NULL */
    void (*sample)(void *context, uint64_t bytes);
} rf_allocation_owner;

typedef struct rf_allocations rf_allocations;

rf_allocations *rf_allocations_new(const rf_allocation_owner *owner);
void rf_allocations_free(rf_allocations *allocations); /* and all small blocks */

/* Where what runs can be read without asking: `running` is the address of a pointer to a pointer, neither of them NULL;
 * the latter stands for `where` when it was that once.  NULL: nowhere. */
void rf_allocation_follow(rf_allocations *allocations, const void *running);

/* A block of size bytes for an object of that kind, below RF_ALLOCATION_KINDS, or with RF_ALLOCATION_BUFFER for the memory of one. */
enum { RF_ALLOCATION_BUFFER = 0x80, RF_ALLOCATION_MARK_SHIFT = 48, RF_ALLOCATION_KINDS = 63 };
/* What a kind adds to the address of an instruction, so that the sum is a key (allocation_quick.h): above all addresses the
 * kind itself, below as many instructions (of 8 bytes) on, so that the kinds of one have entries of their own; buffers are
 * odd. */
#define RF_ALLOCATION_MARK(kind)                                                                                                   \
    (((kind) & 0x7f) * (((uint64_t)1 << RF_ALLOCATION_MARK_SHIFT) + 8) + ((kind) >> 7) * (uint64_t)(128 * 8 + 1))
void *rf_allocation_take(rf_allocations *allocations, size_t size, unsigned kind);
void rf_allocation_give(rf_allocations *allocations, void *block, size_t size);
void *rf_allocation_resize(rf_allocations *allocations, void *block, size_t old_size, size_t new_size);
/* The running line copies the container in this block, because somebody else holds a reference to it too. */
void rf_allocation_copy(rf_allocations *allocations, const void *block, unsigned kind, uint64_t bytes);
/* The running line takes a second reference to it, or stores into it. */
void rf_allocation_share(rf_allocations *allocations, const void *block);

static inline rf_allocation_note *rf_allocation_note_of(const void *block)
{
    return (rf_allocation_note *)(uintptr_t)block - 1;
}
uint64_t rf_allocation_size(const void *block);
/* Bytes of all live blocks; also from another thread, nearly so. */
uint64_t rf_allocations_live(const rf_allocations *allocations);
/* Calls visit for every live block that is an object. */
void rf_allocation_each(rf_allocations *allocations, void (*visit)(void *context, void *block, unsigned kind),
                        void *context);
/* Function and line of the place that made the block. */
const rf_allocation_place *rf_allocation_made(const rf_allocations *allocations, const void *block);
/* Of that number, as rf_allocation_share left it in the note. */
const rf_allocation_place *rf_allocation_place_at(const rf_allocations *allocations, uint32_t number);

/* Adds sites, growing sites, totals and peak to the profile. */
void rf_allocations_finish(rf_allocations *allocations, rf_profile *profile);
/* The same while the program is stopped anywhere: the newest objects may not be filled in, so they are not looked at. */
void rf_allocations_finish_early(rf_allocations *allocations, rf_profile *profile);

#endif
