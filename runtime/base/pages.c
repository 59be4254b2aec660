#include "base/pages.h"

#include <sys/mman.h>

#define GRAIN ((size_t)64 * 1024)       /* a multiple of every page size in use */
enum { HEADER = 64, MOST_WASTED = 16 }; /* a block has at most so many times what is asked for */

/* In front of the memory. */
typedef struct block {
    size_t mapped; /* bytes, this header included */
} block;

static inline size_t rounded(size_t size)
{
    return (size + HEADER + GRAIN - 1) / GRAIN * GRAIN;
}

static inline block *block_of(void *memory)
{
    return (block *)(void *)((char *)memory - HEADER);
}

/* The block that mmap or mremap has made. */
static void *made(void *start, size_t mapped)
{
    if (start == MAP_FAILED) rf_out_of_memory();
    block *b = start;
    b->mapped = mapped;
    return (char *)start + HEADER;
}

static void *take_spare(rf_pages *pages, size_t need)
{
    uint32_t best = pages->spare_count;
    size_t best_size = need * MOST_WASTED + 1;
    for (uint32_t i = 0; i < pages->spare_count; i++) {
        size_t mapped = block_of(pages->spares[i])->mapped;
        if (mapped >= need && mapped < best_size) {
            best = i;
            best_size = mapped;
        }
    }
    if (best == pages->spare_count) return NULL;
    void *memory = pages->spares[best];
    pages->spares[best] = pages->spares[--pages->spare_count];
    pages->spare_bytes -= best_size;
    return memory;
}

void *rf_pages_take(rf_pages *pages, size_t size)
{
    const size_t need = rounded(size);
    void *memory = take_spare(pages, need);
    if (memory) return memory;
    return made(mmap(NULL, need, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), need);
}

void *rf_pages_resize(void *memory, size_t size)
{
    block *b = block_of(memory);
    const size_t need = rounded(size);
    if (need <= b->mapped && b->mapped <= need * MOST_WASTED) return memory;
    return made(mremap(b, b->mapped, need, MREMAP_MAYMOVE), need);
}

/* Gives the smallest spare back to the system. */
static void drop_spare(rf_pages *pages)
{
    uint32_t least = 0;
    for (uint32_t i = 1; i < pages->spare_count; i++)
        if (block_of(pages->spares[i])->mapped < block_of(pages->spares[least])->mapped) least = i;
    block *b = block_of(pages->spares[least]);
    pages->spares[least] = pages->spares[--pages->spare_count];
    pages->spare_bytes -= b->mapped;
    munmap(b, b->mapped);
}

void rf_pages_give(rf_pages *pages, void *memory)
{
    block *b = block_of(memory);
    if (b->mapped > RF_PAGES_RESERVE) {
        munmap(b, b->mapped);
        return;
    }
    if (pages->spare_count == RF_PAGES_SPARES) drop_spare(pages);
    while (pages->spare_bytes + b->mapped > RF_PAGES_RESERVE) drop_spare(pages);
    pages->spares[pages->spare_count++] = memory;
    pages->spare_bytes += b->mapped;
}

void rf_pages_release(rf_pages *pages)
{
    while (pages->spare_count) drop_spare(pages);
}
