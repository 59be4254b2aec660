/* Cache files: whatever happened to one, reading it stays within it and no piece comes out other than it went in.  Every
 * second input has its hashes made right again, as whoever forges a file would. */
#include "fuzz/edit.h"
#include "fuzz/replay.h"
#include "jit/pack.h"

#include <string.h>

static const rf_hash128 build = {1, 2};
static const char text[] = "what native code might be, if it were longer";

static void make(rf_buffer *out)
{
    rf_pack pack = {.maker = {.build = build}};
    for (uint64_t i = 0; i < 4; i++) rf_pack_put(&pack, (rf_hash128){i, i}, text + i, sizeof text - 8);
    rf_pack_write(&pack, out);
    rf_pack_release(&pack);
}

static void seal(rf_buffer *file)
{
    rf_pack_header header;
    memcpy(&header, file->data, sizeof header);
    size_t index = header.count * sizeof(rf_pack_entry);
    if (index > file->size - sizeof header) index = file->size - sizeof header;
    header.hash = rf_pack_hash_head(&header, file->data + sizeof header, index);
    memcpy(file->data, &header, sizeof header);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    rf_buffer file = RF_BUFFER_INIT;
    rf_pack pack;
    make(&file);
    const bool is_forged = size > 0 && bytes[0] & 1;
    const bool is_cut = size > 2 && bytes[0] & 2;
    fuzz_edit(&file, 0, file.size, bytes + (size > 0), size - (size > 0));
    if (is_forged) seal(&file);
    if (is_cut) file.size = (bytes[1] | (size_t)bytes[2] << 8) % (file.size + 1);
    if (rf_pack_read(&pack, &file, build)) {
        unsigned sum = 0;
        for (size_t i = 0; i < pack.items.count; i++) {
            bool is_damaged;
            const rf_pack_item *item = rf_pack_find(&pack, pack.items.data[i].key, &is_damaged);
            for (uint32_t k = 0; item && k < item->size; k++) sum += (unsigned char)item->bytes[k];
            const uint64_t number = pack.items.data[i].key.low;
            if (item && !is_forged && number < 4) FUZZ_CHECK(memcmp(item->bytes, text + number, sizeof text - 8) == 0);
        }
        FUZZ_CHECK(sum < UINT32_MAX);
    }
    rf_pack_release(&pack);
    return 0;
}
