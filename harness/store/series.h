/* A series of times as a blob: the zigzag varint of each value's difference to the one before. */
#ifndef STORE_SERIES_H
#define STORE_SERIES_H

#include "base/buffer.h"

void store_series_encode(const int64_t *values, size_t count, rf_buffer *out);
/* False when the blob does not hold exactly count values. */
bool store_series_decode(const void *blob, size_t size, size_t count, int64_t *values);

#endif
