/* Native code from run to run: what is kept for this program, how it is named, and when it may be used again. */
#ifndef RF_JIT_CACHE_H
#define RF_JIT_CACHE_H

#include "jit/binding.h"
#include "jit/cache_folder.h"
#include "jit/pack.h"
#include "ruff/ruff.h"

typedef struct rf_cache {
    ruff_jit_cache mode;
    const char *path; /* of the folder; NULL: the user's; owned */
    uint64_t most_bytes;
    bool is_open, has_changed; /* is_open: it was tried */
    bool is_profiled;          /* its native code has lines, and is kept apart */
    bool makes_all;            /* its native code makes every object, because they are counted, and is kept apart */
    bool was_odd;              /* something there was not believed */
    rf_cache_folder folder;
    char name[40]; /* of the pack; "": the program has none */
    rf_pack pack;
    const rf_unit *hashed; /* the unit whose text was hashed last, and that hash; within one call */
    size_t hashed_size;
    rf_hash128 hash;
    RF_VECTOR(rf_hash128) dropped; /* what the file may still hold */
} rf_cache;

/* What is kept beside the object. */
typedef struct rf_cached {
    uint32_t status; /* rf_wire_status; without object unless COMPILED */
    uint32_t frame_bytes, most_registers, optimisation;
    uint32_t function_count, object_count;
} rf_cached;

typedef enum rf_cache_outcome {
    RF_CACHE_MISS,
    RF_CACHE_NOT_YET, /* it is there, but what it needs has not been seen in this run so far */
    RF_CACHE_HIT
} rf_cache_outcome;

void rf_cache_init(rf_cache *cache, ruff_jit_cache mode, const char *path, uint64_t most_bytes);
/* Writes what is new. Number of packs that had to go for it. */
unsigned rf_cache_close(rf_cache *cache);
/* Native code of proto from instruction entry on.  HIT: *cached, the object (borrowed until the next call on the cache), and
 * *binding (to be released in any case). */
rf_cache_outcome rf_cache_find(rf_cache *cache, const rf_isolate *isolate, rf_proto *proto, uint32_t entry, rf_cached *cached,
                               rf_binding *binding, const uint8_t **object, size_t *size);
/* Is there something about code that begins at entry?  Whether it can be used is another question. */
bool rf_cache_has(rf_cache *cache, const rf_isolate *isolate, const rf_proto *proto, uint32_t entry);
/* Is nothing kept for the program? */
bool rf_cache_is_empty(const rf_cache *cache);
/* Keeps an object, or that there is none.  False: it is of no use to another run. library: path of libgccjit. */
bool rf_cache_add(rf_cache *cache, const rf_isolate *isolate, uint32_t entry, const rf_cached *cached,
                  const rf_binding *binding, const void *object, size_t size, const char *library);
/* The program's runs end before native code asked for sooner than this can be there; 0: not known. */
uint32_t rf_cache_start_ms(const rf_cache *cache);
void rf_cache_note_start(rf_cache *cache, const rf_isolate *isolate, uint32_t ms);
/* It did not prove good. */
void rf_cache_drop(rf_cache *cache, const rf_isolate *isolate, const rf_proto *proto, uint32_t entry);

#endif
