/* Where in a YAML file a value stands.
 *
 * libcyaml loads values and forgets places.  This index reads the file once more as events and
 * remembers the place of every key and value under its path, "benchmarks[2].limits.timeout", so
 * that a finding about a value can point at it. */
#ifndef SUITE_PLACE_H
#define SUITE_PLACE_H

#include "base/vector.h"

typedef struct place_entry {
    char *path;      /* owned */
    const char *key; /* last part of path; borrows path; an index for sequence entries */
    unsigned key_line, key_column; /* 1-based; same as the value for sequence entries */
    unsigned line, column;         /* of the value */
} place_entry;

typedef struct place_index {
    RF_VECTOR(place_entry) entries; /* in order of the file */
} place_index;

/* What can be read is indexed; a syntax error ends it early (libcyaml reports that one). */
void place_index_build(place_index *index, const char *text, size_t size);
/* May return NULL. */
const place_entry *place_index_find(const place_index *index, const char *path);
/* The first key with this name at or after a line; may return NULL. */
const place_entry *place_index_find_key(const place_index *index, const char *key, unsigned line);
/* The first entry whose path stood before; may return NULL. */
const place_entry *place_index_find_repeated(const place_index *index);
void place_index_release(place_index *index);

#endif
