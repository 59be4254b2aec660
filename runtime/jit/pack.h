/* A pack: the native code kept for one program, as bytes.  A header says which runtime and which tools made it, an index
 * names the pieces; both are covered by one hash and each piece by its own.  Nothing is believed: whatever does not fit
 * is refused. */
#ifndef RF_JIT_PACK_H
#define RF_JIT_PACK_H

#include "base/buffer.h"
#include "base/vector.h"
#include "jit/hash.h"

enum {
    RF_PACK_TOOLS = 3,       /* helper, assembler, libgccjit */
    RF_PACK_MOST_ITEMS = 256,
    RF_PACK_MOST_BYTES = 4 << 20
};

typedef struct rf_pack_tool { /* a file that took part, as it was */
    char path[256];
    uint64_t size;
    int64_t changed_ns;
} rf_pack_tool;

typedef struct rf_pack_maker {
    rf_hash128 build; /* of the runtime */
    rf_pack_tool tools[RF_PACK_TOOLS];
} rf_pack_maker;

typedef struct rf_pack_item {
    rf_hash128 key, hash; /* hash: of the bytes */
    const char *bytes;    /* not checked yet, unless it is owned */
    uint32_t size;
    char *owned;          /* bytes when they are the item's; NULL: they lie in what was read */
} rf_pack_item;

typedef struct rf_pack {
    rf_pack_maker maker;
    uint32_t start_ms; /* before which the program was at its end already: no time to ask for native code; 0: not known */
    rf_buffer read; /* what the items point into; owned */
    RF_VECTOR(rf_pack_item) items; /* oldest first */
} rf_pack;

/* Layout of the file: header, index of count entries, then the bytes of the items, each at its offset. */
typedef struct rf_pack_header {
    char magic[8];
    uint32_t format, page_size, count, start_ms;
    uint64_t size;   /* of the whole file */
    rf_hash128 hash; /* rf_pack_hash_head */
    rf_pack_maker maker;
} rf_pack_header;

typedef struct rf_pack_entry {
    rf_hash128 key, hash;
    uint64_t offset;
    uint32_t size, unused;
} rf_pack_entry;

/* Of the header, with 0 for the hash, and the size bytes of the index. */
rf_hash128 rf_pack_hash_head(const rf_pack_header *header, const void *index, size_t size);
void rf_pack_release(rf_pack *pack);
/* Takes the bytes over in any case.  False: they are no pack of this build; the pack is then empty. */
bool rf_pack_read(rf_pack *pack, rf_buffer *bytes, rf_hash128 build);
/* The item of that key whose bytes are what they were; NULL: none.  *is_damaged: there is one, but it changed. */
const rf_pack_item *rf_pack_find(const rf_pack *pack, rf_hash128 key, bool *is_damaged);
/* Replaces an item of the same key; bytes are copied. */
void rf_pack_put(rf_pack *pack, rf_hash128 key, const void *bytes, size_t size);
bool rf_pack_remove(rf_pack *pack, rf_hash128 key);
/* The file; the oldest items are left out when there are too many or too large ones. */
void rf_pack_write(const rf_pack *pack, rf_buffer *out);

#endif
