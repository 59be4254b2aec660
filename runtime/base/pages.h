/* Large memory straight from the system, with a reserve.
 *
 * A page that is touched for the first time costs a fault, several times what filling it costs, so the last blocks given
 * back are kept and used again.  Growing moves page tables and no bytes.
 *
 * malloc is left alone: the library does not change how its host's memory is managed. */
#ifndef RF_BASE_PAGES_H
#define RF_BASE_PAGES_H

#include "base/base.h"

enum {
    RF_PAGES_LEAST = 1024 * 1024, /* smaller blocks are for alloc.h */
    RF_PAGES_SPARES = 16,
    RF_PAGES_RESERVE = 64 * 1024 * 1024
};

typedef struct rf_pages {
    void *spares[RF_PAGES_SPARES]; /* the first spare_count */
    uint32_t spare_count;
    size_t spare_bytes;            /* at most RF_PAGES_RESERVE */
} rf_pages;

/* Never NULL: exhaustion ends the process, as in alloc.h.  The memory is aligned to 64 bytes and uninitialised. */
void *rf_pages_take(rf_pages *pages, size_t size);
void *rf_pages_resize(void *memory, size_t size); /* contents kept up to the smaller size */
void rf_pages_give(rf_pages *pages, void *memory);
void rf_pages_release(rf_pages *pages); /* the reserve */

#endif
