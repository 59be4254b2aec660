#include "store/series.h"

static void append_varint(rf_buffer *out, uint64_t number)
{
    for (; number >= 0x80; number >>= 7) rf_buffer_append_byte(out, (char)(number | 0x80));
    rf_buffer_append_byte(out, (char)number);
}

void store_series_encode(const int64_t *values, size_t count, rf_buffer *out)
{
    uint64_t before = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t step = (uint64_t)values[i] - before; /* wraps, as decoding does */
        append_varint(out, step << 1 ^ (step >> 63 ? UINT64_MAX : 0));
        before = (uint64_t)values[i];
    }
}

bool store_series_decode(const void *blob, size_t size, size_t count, int64_t *values)
{
    const unsigned char *at = blob, *end = at + size;
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t number = 0;
        unsigned shift = 0;
        for (bool more = true; more; shift += 7, at++) {
            if (at == end || shift > 63) return false;
            number |= (uint64_t)(*at & 0x7f) << shift;
            more = *at & 0x80;
        }
        value += number >> 1 ^ (number & 1 ? UINT64_MAX : 0);
        values[i] = (int64_t)value;
    }
    return at == end;
}
