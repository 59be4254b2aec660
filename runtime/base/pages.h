/* Large memory straight from the system, laid out for huge pages, with a small reserve.
 *
 * A page that is touched for the first time costs a fault: for 4 KiB pages that is several times what filling them
 * costs.  So large blocks start at a multiple of the huge page and ask for such pages, growing moves page tables and no
 * bytes, and the last blocks given back are kept.  What is kept is marked as free for the system to take.
 *
 * malloc is left alone: the library does not change how its host's memory is managed. */
#ifndef RF_BASE_PAGES_H
#define RF_BASE_PAGES_H

#include "base/base.h"

enum {
    RF_PAGES_LEAST = 1024 * 1024, /* smaller blocks are for alloc.h */
    RF_PAGES_HEADER = 64,         /* bytes that a block takes beside what is asked for */
    RF_PAGES_SPARES = 4,
    RF_PAGES_RESERVE = 64 * 1024 * 1024
};

typedef struct rf_pages {
    void *spares[RF_PAGES_SPARES]; /* the first spare_count */
    uint32_t spare_count;
    size_t spare_bytes;            /* at most RF_PAGES_RESERVE */
} rf_pages;

/* Never NULL: exhaustion ends the process, as in alloc.h.  The memory is aligned to 64 bytes and uninitialised. */
void *rf_pages_take(rf_pages *pages, size_t size);
/* Like take, for what is likely to grow: filled up to whole huge pages. */
void *rf_pages_take_growing(rf_pages *pages, size_t size);
void *rf_pages_resize(void *memory, size_t size); /* contents kept up to the smaller size */
void rf_pages_give(rf_pages *pages, void *memory);
void rf_pages_release(rf_pages *pages); /* the reserve */

#endif
