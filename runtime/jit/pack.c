/* Reading checks everything before it is used; see pack.h for the layout. */
#include "jit/pack.h"

#include "base/alloc.h"

#include <string.h>
#include <unistd.h>

enum { FORMAT = 1 };
static const char magic[8] = "RUFFJIT";

static void release_item(const rf_pack_item *item)
{
    rf_free(item->owned);
}

void rf_pack_release(rf_pack *pack)
{
    for (size_t i = 0; i < pack->items.count; i++) release_item(&pack->items.data[i]);
    rf_vector_release(&pack->items);
    rf_buffer_release(&pack->read);
}

rf_hash128 rf_pack_hash_head(const rf_pack_header *header, const void *index, size_t size)
{
    rf_pack_header plain = *header;
    rf_buffer bytes = RF_BUFFER_INIT;
    plain.hash = (rf_hash128){0, 0};
    rf_buffer_append(&bytes, &plain, sizeof plain);
    rf_buffer_append(&bytes, index, size);
    const rf_hash128 hash = rf_hash_bytes(bytes.data, bytes.size);
    rf_buffer_release(&bytes);
    return hash;
}

static bool is_sound(const rf_pack_header *header, const rf_buffer *bytes, rf_hash128 build)
{
    return memcmp(header->magic, magic, sizeof magic) == 0 && header->format == FORMAT &&
           header->page_size == (uint32_t)sysconf(_SC_PAGESIZE) && header->size == bytes->size &&
           header->count <= RF_PACK_MOST_ITEMS &&
           bytes->size >= sizeof *header + header->count * sizeof(rf_pack_entry) &&
           rf_hash_equals(header->maker.build, build) &&
           rf_hash_equals(header->hash,
                          rf_pack_hash_head(header, bytes->data + sizeof *header, header->count * sizeof(rf_pack_entry)));
}

static bool read_items(rf_pack *pack, const rf_pack_header *header)
{
    const size_t start = sizeof *header + header->count * sizeof(rf_pack_entry);
    for (uint32_t i = 0; i < header->count; i++) {
        rf_pack_entry entry;
        memcpy(&entry, pack->read.data + sizeof *header + i * sizeof entry, sizeof entry);
        if (entry.offset < start || entry.offset > pack->read.size || entry.size > pack->read.size - entry.offset)
            return false;
        const rf_pack_item item = {entry.key, entry.hash, pack->read.data + entry.offset, entry.size, NULL};
        rf_vector_push(&pack->items, item);
    }
    return true;
}

bool rf_pack_read(rf_pack *pack, rf_buffer *bytes, rf_hash128 build)
{
    rf_pack_header header;
    *pack = (rf_pack){.maker.build = build, .read = *bytes};
    *bytes = (rf_buffer)RF_BUFFER_INIT;
    bool is_good = pack->read.size >= sizeof header;
    if (is_good) {
        memcpy(&header, pack->read.data, sizeof header);
        is_good = is_sound(&header, &pack->read, build) && read_items(pack, &header);
    }
    if (is_good) {
        pack->maker = header.maker;
        pack->start_ms = header.start_ms;
        for (size_t i = 0; i < RF_PACK_TOOLS; i++) pack->maker.tools[i].path[sizeof header.maker.tools[i].path - 1] = '\0';
        return true;
    }
    rf_pack_release(pack);
    *pack = (rf_pack){.maker.build = build};
    return false;
}

static rf_pack_item *find(const rf_pack *pack, rf_hash128 key)
{
    for (size_t i = 0; i < pack->items.count; i++)
        if (rf_hash_equals(pack->items.data[i].key, key)) return &pack->items.data[i];
    return NULL;
}

const rf_pack_item *rf_pack_find(const rf_pack *pack, rf_hash128 key, bool *is_damaged)
{
    const rf_pack_item *item = find(pack, key);
    *is_damaged = item && !item->owned && !rf_hash_equals(item->hash, rf_hash_bytes(item->bytes, item->size));
    return *is_damaged ? NULL : item;
}

bool rf_pack_remove(rf_pack *pack, rf_hash128 key)
{
    rf_pack_item *item = find(pack, key);
    if (!item) return false;
    release_item(item);
    const rf_pack_item *end = pack->items.data + pack->items.count;
    memmove(item, item + 1, (size_t)(end - item - 1) * sizeof *item);
    pack->items.count--;
    return true;
}

void rf_pack_put(rf_pack *pack, rf_hash128 key, const void *bytes, size_t size)
{
    if (size > RF_PACK_MOST_BYTES) return;
    char *owned = rf_alloc(size + 1);
    memcpy(owned, bytes, size);
    rf_pack_remove(pack, key);
    const rf_pack_item item = {key, rf_hash_bytes(owned, size), owned, (uint32_t)size, owned};
    rf_vector_push(&pack->items, item);
}

/* Number of the first item that is written. */
static size_t first_kept(const rf_pack *pack)
{
    size_t first = pack->items.count, bytes = 0;
    while (first > 0 && pack->items.count - first < RF_PACK_MOST_ITEMS) {
        bytes += pack->items.data[first - 1].size;
        if (bytes > RF_PACK_MOST_BYTES) break;
        first--;
    }
    return first;
}

void rf_pack_write(const rf_pack *pack, rf_buffer *out)
{
    const size_t first = first_kept(pack), count = pack->items.count - first;
    rf_pack_header header;
    memset(&header, 0, sizeof header); /* what lies between the fields is hashed too */
    memcpy(header.magic, magic, sizeof magic);
    header.format = FORMAT;
    header.page_size = (uint32_t)sysconf(_SC_PAGESIZE);
    header.count = (uint32_t)count;
    header.start_ms = pack->start_ms;
    header.maker = pack->maker;
    uint64_t at = sizeof header + count * sizeof(rf_pack_entry);
    rf_buffer index = RF_BUFFER_INIT;
    for (size_t i = first; i < pack->items.count; i++) {
        const rf_pack_item *item = &pack->items.data[i];
        const rf_pack_entry entry = {.key = item->key, .hash = item->hash, .offset = at, .size = item->size};
        rf_buffer_append(&index, &entry, sizeof entry);
        at += item->size;
    }
    header.size = at;
    header.hash = rf_pack_hash_head(&header, index.data, index.size);
    rf_buffer_append(out, &header, sizeof header);
    rf_buffer_append(out, index.data, index.size);
    for (size_t i = first; i < pack->items.count; i++)
        rf_buffer_append(out, pack->items.data[i].bytes, pack->items.data[i].size);
    rf_buffer_release(&index);
}
