/* 128-bit hashes, to notice damage and to tell programs apart; not against an enemy. */
#ifndef RF_JIT_HASH_H
#define RF_JIT_HASH_H

#include "base/base.h"

typedef struct rf_hash128 { uint64_t low, high; } rf_hash128;

rf_hash128 rf_hash_bytes(const void *bytes, size_t size);
static inline bool rf_hash_equals(rf_hash128 a, rf_hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

#endif
