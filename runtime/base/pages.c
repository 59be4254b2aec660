#include "base/pages.h"

#include "base/alloc.h"

#include <sys/mman.h>

#define HUGE ((size_t)2 * 1024 * 1024)  /* where huge pages have another size, blocks are merely aligned */
#define GRAIN ((size_t)64 * 1024)       /* a multiple of every page size in use */
enum { HEADER = RF_PAGES_HEADER, MOST_WASTED = 8 }; /* a spare block is at most so many times what is asked for */

/* In front of the memory. */
typedef struct block {
    size_t mapped; /* bytes, this header included */
} block;

static inline size_t rounded(size_t size, size_t grain)
{
    return (size + grain - 1) / grain * grain;
}

static inline block *block_of(void *memory)
{
    return (block *)(void *)((char *)memory - HEADER);
}

static inline void *memory_of(block *b)
{
    return (char *)b + HEADER;
}

static void unmap(void *start, size_t size)
{
    if (size) munmap(start, size);
}

/* Address space for `size` bytes that starts at a multiple of HUGE. */
static void *map_aligned(size_t size, int protection)
{
    char *start = mmap(NULL, size + HUGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) rf_out_of_memory();
    char *aligned = start + (HUGE - (uintptr_t)start % HUGE) % HUGE;
    unmap(start, (size_t)(aligned - start));
    unmap(aligned + size, (size_t)(start + HUGE - aligned));
    return aligned;
}

static void *map_block(size_t mapped)
{
    block *b = map_aligned(mapped, PROT_READ | PROT_WRITE);
    madvise(b, mapped, MADV_HUGEPAGE); /* a kernel without them: 4 KiB pages */
    b->mapped = mapped;
    return memory_of(b);
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
    void *memory = take_spare(pages, size + HEADER);
    return memory ? memory : map_block(rounded(size + HEADER, GRAIN));
}

void *rf_pages_take_growing(rf_pages *pages, size_t size)
{
    void *memory = take_spare(pages, size + HEADER);
    return memory ? memory : map_block(rounded(size + HEADER, HUGE));
}

void *rf_pages_resize(void *memory, size_t size)
{
    block *b = block_of(memory);
    size_t need = rounded(size + HEADER, HUGE), mapped = b->mapped;
    if (size + HEADER <= mapped && need > mapped / 4) return memory;
    block *moved = mremap(b, mapped, need, 0);
    if (moved == MAP_FAILED) {
        void *target = map_aligned(need, PROT_NONE);
        moved = mremap(b, mapped, need, MREMAP_MAYMOVE | MREMAP_FIXED, target);
        if (moved == MAP_FAILED) rf_out_of_memory();
    }
    moved->mapped = need;
    return memory_of(moved);
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
    /* not the first huge page, which holds the header: it would be taken apart */
    if (b->mapped > HUGE) madvise((char *)b + HUGE, b->mapped - HUGE, MADV_FREE);
    pages->spares[pages->spare_count++] = memory;
    pages->spare_bytes += b->mapped;
}

void rf_pages_release(rf_pages *pages)
{
    while (pages->spare_count) drop_spare(pages);
}
