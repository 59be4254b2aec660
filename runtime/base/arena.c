#include "base/arena.h"

#include "base/alloc.h"

#include <string.h>

struct rf_arena_block {
    rf_arena_block *older;
    size_t size;
};

enum { BLOCK_SIZE = 32 * 1024, ALIGNMENT = 16 };

void *rf_arena_alloc(rf_arena *arena, size_t size)
{
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (size > (size_t)(arena->end - arena->next)) {
        size_t payload = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE;
        rf_arena_block *block = rf_alloc(sizeof *block + ALIGNMENT + payload);
        char *start = (char *)(((uintptr_t)(block + 1) + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1));
        block->size = payload;
        block->older = arena->blocks;
        arena->blocks = block;
        if (payload == size && size != BLOCK_SIZE) return memset(start, 0, size);
        arena->next = start;
        arena->end = start + payload;
    }
    void *memory = arena->next;
    arena->next += size;
    return memset(memory, 0, size);
}

char *rf_arena_copy(rf_arena *arena, const char *bytes, size_t size)
{
    char *copy = rf_arena_alloc(arena, size + 1);
    if (size) memcpy(copy, bytes, size);
    return copy;
}

void rf_arena_release(rf_arena *arena)
{
    for (rf_arena_block *block = arena->blocks, *older; block; block = older) {
        older = block->older;
        rf_free(block);
    }
    *arena = (rf_arena)RF_ARENA_INIT;
}
