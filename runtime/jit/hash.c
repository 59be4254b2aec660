/* MurmurHash3 x64 128 (Austin Appleby, public domain): 16 bytes a round. */
#include "jit/hash.h"

#include <string.h>

static const uint64_t c1 = 0x87C37B91114253D5u, c2 = 0x4CF5AD432745937Fu;

static uint64_t rotate(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

static uint64_t finish(uint64_t k)
{
    k = (k ^ k >> 33) * 0xFF51AFD7ED558CCDu;
    k = (k ^ k >> 33) * 0xC4CEB9FE1A85EC53u;
    return k ^ k >> 33;
}

static uint64_t mixed_low(uint64_t k)
{
    return rotate(k * c1, 31) * c2;
}

static uint64_t mixed_high(uint64_t k)
{
    return rotate(k * c2, 33) * c1;
}

rf_hash128 rf_hash_bytes(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint64_t h1 = 0x52554646, h2 = 0x4A4954, block[2];
    size_t left = size;
    for (; left >= sizeof block; left -= sizeof block, at += sizeof block) {
        memcpy(block, at, sizeof block);
        h1 = (rotate(h1 ^ mixed_low(block[0]), 27) + h2) * 5 + 0x52DCE729;
        h2 = (rotate(h2 ^ mixed_high(block[1]), 31) + h1) * 5 + 0x38495AB5;
    }
    block[0] = block[1] = 0;
    if (left) memcpy(block, at, left);
    h1 ^= mixed_low(block[0]) ^ size;
    h2 ^= mixed_high(block[1]) ^ size;
    h1 += h2;
    h2 += h1;
    h1 = finish(h1);
    h2 = finish(h2);
    h1 += h2;
    h2 += h1;
    return (rf_hash128){h1, h2};
}
