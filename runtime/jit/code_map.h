/* Which function a piece of native code belongs to, for the profiler: filled by the isolate's thread, asked by the
 * sampler's. */
#ifndef RF_JIT_CODE_MAP_H
#define RF_JIT_CODE_MAP_H

#include "base/vector.h"
#include "vm/chunk.h"

#include <pthread.h>

typedef struct rf_code_range { /* up to the next one */
    const char *start;
    const rf_proto *proto; /* NULL: no code of a function from here on */
} rf_code_range;

typedef struct rf_code_map {
    pthread_mutex_t lock;
    RF_VECTOR(rf_code_range) ranges; /* by address */
} rf_code_map;

void rf_code_map_init(rf_code_map *map);
void rf_code_map_release(rf_code_map *map);
void rf_code_map_add(rf_code_map *map, const void *start, const rf_proto *proto);
/* NULL: none. */
const rf_proto *rf_code_map_find(rf_code_map *map, const void *address);
/* The proto goes. */
void rf_code_map_forget(rf_code_map *map, const rf_proto *proto);

#endif
