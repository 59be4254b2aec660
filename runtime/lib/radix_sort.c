/* Radix sort by bytes, lowest first.  All eight histograms come from one pass; a byte that is the
 * same in all keys costs nothing more, so small numbers need few passes. */
#include "lib/radix_sort.h"

#include <string.h>

#include "base/alloc.h"

enum { DIGITS = 8, BUCKETS = 256 };

static void count_digits(const uint64_t *keys, size_t count, uint32_t counts[DIGITS][BUCKETS])
{
    memset(counts, 0, sizeof(uint32_t) * DIGITS * BUCKETS);
    for (size_t i = 0; i < count; i++)
        for (unsigned digit = 0; digit < DIGITS; digit++)
            counts[digit][keys[i] >> digit * 8 & 0xFF]++;
}

/* Moves keys to where their digit puts them, in their order. */
static void move_keys(const uint64_t *from, uint64_t *to, size_t count, unsigned shift,
                      const uint32_t counts[BUCKETS])
{
    uint32_t places[BUCKETS], place = 0;
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        places[bucket] = place;
        place += counts[bucket];
    }
    for (size_t i = 0; i < count; i++) to[places[from[i] >> shift & 0xFF]++] = from[i];
}

void rf_radix_sort(uint64_t *keys, size_t count)
{
    uint32_t counts[DIGITS][BUCKETS];
    if (count < 2) return;
    count_digits(keys, count, counts);
    uint64_t *second = rf_alloc_array(uint64_t, count);
    uint64_t *from = keys, *to = second;
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        if (counts[digit][keys[0] >> digit * 8 & 0xFF] == count) continue;
        move_keys(from, to, count, digit * 8, counts[digit]);
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != keys) memcpy(keys, from, count * sizeof *keys);
    rf_free(second);
}
