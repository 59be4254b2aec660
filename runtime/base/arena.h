/* Memory freed all at once: tokens, the tree, compile scratch. */
#ifndef RF_BASE_ARENA_H
#define RF_BASE_ARENA_H

#include "base/base.h"

typedef struct rf_arena_block rf_arena_block;

typedef struct rf_arena {
    rf_arena_block *blocks; /* newest first */
    char *next, *end;
} rf_arena;

#define RF_ARENA_INIT {NULL, NULL, NULL}

void *rf_arena_alloc(rf_arena *arena, size_t size);  /* zeroed, 16-byte aligned; lives as long as the arena */
char *rf_arena_copy(rf_arena *arena, const char *bytes, size_t size); /* NUL-terminated copy */
void rf_arena_release(rf_arena *arena);
#define rf_arena_new(arena, T) ((T *)rf_arena_alloc((arena), sizeof(T)))
#define rf_arena_array(arena, T, count) ((T *)rf_arena_alloc((arena), rf_array_size((count), sizeof(T))))

#endif
