#include "fuzz/edit.h"

#include <string.h>

enum { GROUP = 4 };

void fuzz_edit(rf_buffer *file, size_t start, size_t end, const uint8_t *bytes, size_t size)
{
    for (; size >= GROUP && end > start; bytes += GROUP, size -= GROUP) {
        const size_t at = start + (bytes[0] | (size_t)bytes[1] << 8) % (end - start);
        char *place = file->data + at;
        const size_t left = end - at;
        const uint64_t large = bytes[3] & 1 ? UINT64_MAX >> (bytes[3] >> 2) : (uint64_t)1 << (bytes[3] >> 2);
        switch (bytes[2] % 6) {
        case 0: *place = (char)bytes[3]; break;
        case 1: *place = (char)(*place ^ 1 << bytes[3] % 8); break;
        case 2: memset(place, bytes[3] & 1 ? 0xFF : 0, left < 8 ? left : 8); break;
        case 3: memcpy(place, &large, left < 8 ? left : 8); break;
        case 4: *place = (char)(*place + (int8_t)bytes[3]); break;
        default: { /* the same again somewhere else */
            const size_t from = start + bytes[3] * (size_t)16 % (end - start), most = end - from < left ? end - from : left;
            memmove(place, file->data + from, most < 16 ? most : 16);
            break;
        }
        }
    }
}
