/* The folder of packs.  It must be ours alone: whoever could write there could have us run his code.  Anything odd means
 * that there is no cache. */
#ifndef RF_JIT_CACHE_FOLDER_H
#define RF_JIT_CACHE_FOLDER_H

#include "base/buffer.h"

typedef enum rf_folder_use {
    RF_FOLDER_READ, /* root's will do too */
    RF_FOLDER_USE,  /* it must be there */
    RF_FOLDER_MAKE  /* it is made, private */
} rf_folder_use;

typedef struct rf_cache_folder {
    int file; /* descriptor of the folder; -1: there is none */
    rf_folder_use use;
} rf_cache_folder;

/* path NULL: ruff/jit in the user's cache folder.  False: not to be trusted or not to be had. */
bool rf_cache_folder_open(rf_cache_folder *folder, const char *path, rf_folder_use use);
void rf_cache_folder_close(rf_cache_folder *folder);
/* The whole of a regular file of ours of at most `most` bytes. *is_odd: there is something else of that name. */
bool rf_cache_folder_read(const rf_cache_folder *folder, const char *name, size_t most, rf_buffer *out, bool *is_odd);
/* Replaces the file at once or not at all. */
bool rf_cache_folder_write(const rf_cache_folder *folder, const char *name, const rf_buffer *bytes);
/* Removes the oldest packs but `kept` until the rest is no larger than `most` bytes, and what interrupted writers left.
 * Number of packs removed. */
unsigned rf_cache_folder_trim(const rf_cache_folder *folder, uint64_t most, const char *kept);

#endif
