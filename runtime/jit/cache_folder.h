/* The folder of packs.  It must be ours alone: whoever could write there could have us run his code.  Anything odd means
 * that there is no cache. */
#ifndef RF_JIT_CACHE_FOLDER_H
#define RF_JIT_CACHE_FOLDER_H

#include "base/buffer.h"

typedef struct rf_cache_folder {
    int file; /* descriptor of the folder; -1: there is none */
    bool is_read_only;
} rf_cache_folder;

/* path NULL: ruff/jit in the user's cache folder.  Made, private, if it is to be written.  False: not to be trusted or not
 * to be had. */
bool rf_cache_folder_open(rf_cache_folder *folder, const char *path, bool is_read_only);
void rf_cache_folder_close(rf_cache_folder *folder);
/* The whole of a regular file of ours of at most `most` bytes. *is_odd: there is something else of that name. */
bool rf_cache_folder_read(const rf_cache_folder *folder, const char *name, size_t most, rf_buffer *out, bool *is_odd);
/* Replaces the file at once or not at all. */
bool rf_cache_folder_write(const rf_cache_folder *folder, const char *name, const rf_buffer *bytes);
/* Removes the oldest packs but `kept` until the rest is no larger than `most` bytes, and what interrupted writers left.
 * Number of packs removed. */
unsigned rf_cache_folder_trim(const rf_cache_folder *folder, uint64_t most, const char *kept);

#endif
