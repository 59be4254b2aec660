/* The memory instrument: exact counts of what each line allocates, frees, grows and copies.
 *
 * While it is on, the heap puts a note in front of every block, with the line that made it and when; so a free finds
 * its line without a search and costs a few nanoseconds (PROFILER 4.4).  A line is known by the address of the
 * instruction (or tree node) that runs, which the heap's owner tells through `where`; what function and line that is
 * is asked once, through `place`, when the line allocates for the first time.  One instrument serves one isolate and
 * is not thread safe; rf_allocations_finish adds its findings to a profile. */
#ifndef RF_PROF_ALLOCATION_H
#define RF_PROF_ALLOCATION_H

#include "prof/profile.h"

typedef struct rf_allocation_note { /* in front of a block; keeps it aligned to 16 */
    struct rf_allocation_note *next, *previous; /* all live blocks */
    uint64_t sequence;                          /* number of its allocation */
    uint64_t size;
    uint32_t site;
    uint32_t shared_by;                         /* place that took a second reference; 0 unknown */
    uint32_t mark;                              /* for who walks the live objects; 0 at first */
} rf_allocation_note;

enum { RF_ALLOCATION_NOTE_SIZE = (sizeof(rf_allocation_note) + 15) / 16 * 16 };

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
    /* the type of an object's block by its kind, as reports show it; static or kept by the program */
    const char *(*type)(void *context, unsigned kind, const void *block);
    /* a stack is worth keeping: some bytes (drawn with a mean of 64 KiB) were allocated since the last; may be NULL */
    void (*sample)(void *context, uint64_t bytes);
} rf_allocation_owner;

typedef struct rf_allocations rf_allocations;

rf_allocations *rf_allocations_new(const rf_allocation_owner *owner);
void rf_allocations_free(rf_allocations *allocations);

/* A block of size bytes for an object of that kind begins, or for the memory of one (is_buffer): fills its note. */
void rf_allocation_begin(rf_allocations *allocations, rf_allocation_note *note, uint64_t size, unsigned kind,
                         bool is_buffer);
void rf_allocation_end(rf_allocations *allocations, rf_allocation_note *note);
/* The block was resized: its note is a copy of the old one at a new address, or the same. */
void rf_allocation_resize(rf_allocations *allocations, rf_allocation_note *note, uint64_t new_size);
/* The running line copies the container of this note, because somebody else holds a reference to it too. */
void rf_allocation_copy(rf_allocations *allocations, const rf_allocation_note *note, unsigned kind, uint64_t bytes);
/* The running line takes a second reference to it. */
void rf_allocation_share(rf_allocations *allocations, rf_allocation_note *note);

uint64_t rf_allocation_live_bytes(const rf_allocations *allocations);
/* Calls visit for every live block that is an object. */
void rf_allocation_each(rf_allocations *allocations, void (*visit)(void *context, void *block, unsigned kind),
                        void *context);
/* Function and line of the place that made the block. */
const rf_allocation_place *rf_allocation_made(const rf_allocations *allocations, const rf_allocation_note *note);

/* Adds sites, growing sites, totals and peak to the profile. */
void rf_allocations_finish(rf_allocations *allocations, rf_profile *profile);
/* The same while the program is stopped anywhere: the newest objects may not be filled in, so they are not looked at. */
void rf_allocations_finish_early(rf_allocations *allocations, rf_profile *profile);

#endif
