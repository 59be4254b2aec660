/* Executable memory near the runtime's own code, written before it can run, never both at once. */
#ifndef RF_JIT_CODE_REGION_H
#define RF_JIT_CODE_REGION_H

#include "base/base.h"

typedef struct rf_code_region {
    char *start;      /* reserved address space; NULL: none to be had */
    size_t size;
    size_t used;      /* whole pages */
    size_t page_size;
} rf_code_region;

/* Reserves size bytes within 1 GiB of the runtime, so that relative calls reach it, and runs what it makes in the first page.
 * False: not possible here. */
bool rf_code_region_open(rf_code_region *region, size_t size);
void rf_code_region_close(rf_code_region *region);
/* Writable memory for size bytes, whole pages; NULL when the region is full or the system refuses. */
void *rf_code_region_take(rf_code_region *region, size_t size);
/* From now on readable and executable, no longer writable.  False: the system refuses; the memory stays unusable. */
bool rf_code_region_seal(rf_code_region *region, void *memory, size_t size);

#endif
