/* The region is reserved once, without access, at a distance that rel32 covers; pages are committed as they are taken. */
#include "jit/code_region.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TRIES = 64 };
static const size_t step = (size_t)16 << 20;

static size_t whole_pages(const rf_code_region *region, size_t size)
{
    return (size + region->page_size - 1) & ~(region->page_size - 1);
}

static bool reserve(rf_code_region *region, size_t size)
{
    const uintptr_t here = (uintptr_t)&reserve;
    region->page_size = (size_t)sysconf(_SC_PAGESIZE);
    size = whole_pages(region, size);
    for (size_t i = 1; i <= TRIES; i++) {
        for (int side = 0; side < 2; side++) {
            const uintptr_t hint = (side ? here - i * step - size : here + i * step) & ~(uintptr_t)(region->page_size - 1);
            void *at = mmap((void *)hint, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            if (at == MAP_FAILED) continue;
            const uintptr_t low = (uintptr_t)at < here ? (uintptr_t)at : here;
            const uintptr_t high = (uintptr_t)at + size > here ? (uintptr_t)at + size : here;
            if (high - low < (size_t)1 << 30) {
                region->start = at;
                region->size = size;
                region->used = 0;
                return true;
            }
            munmap(at, size);
        }
    }
    region->start = NULL;
    return false;
}

void rf_code_region_close(rf_code_region *region)
{
    if (region->start) munmap(region->start, region->size);
    region->start = NULL;
}

void *rf_code_region_take(rf_code_region *region, size_t size)
{
    size = whole_pages(region, size);
    if (!region->start || size == 0 || size > region->size - region->used) return NULL;
    void *memory = region->start + region->used;
    if (mprotect(memory, size, PROT_READ | PROT_WRITE) != 0) return NULL;
    region->used += size;
    return memory;
}

bool rf_code_region_seal(rf_code_region *region, void *memory, size_t size)
{
    __builtin___clear_cache(memory, (char *)memory + size);
    return mprotect(memory, whole_pages(region, size), PROT_READ | PROT_EXEC) == 0;
}

/* Runs a function made in the region's first page, which is then free again. */
static bool can_run(rf_code_region *region)
{
#ifdef __x86_64__
    static const uint8_t code[] = {0xB8, 42, 0, 0, 0, 0xC3}; /* mov eax, 42; ret */
    int (*function)(void);
    void *memory = rf_code_region_take(region, sizeof code);
    if (!memory) return false;
    memcpy(memory, code, sizeof code);
    memcpy(&function, &memory, sizeof function);
    region->used = 0;
    return rf_code_region_seal(region, memory, sizeof code) && function() == 42;
#else
    (void)region;
    return false; /* the loader knows x86-64 relocations only */
#endif
}

bool rf_code_region_open(rf_code_region *region, size_t size)
{
    if (!reserve(region, size)) return false;
    if (!can_run(region)) rf_code_region_close(region);
    return region->start != NULL;
}
