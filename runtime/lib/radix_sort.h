/* Sorting 64-bit keys by their digits. */
#ifndef RF_LIB_RADIX_SORT_H
#define RF_LIB_RADIX_SORT_H

#include "base/base.h"

/* Ascending as unsigned numbers; one pass over the keys for each byte in which they differ. */
void rf_radix_sort(uint64_t *keys, size_t count);

#endif
