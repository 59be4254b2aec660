#include "vm/code_space.h"

#include "base/alloc.h"

#include <string.h>
#include <sys/mman.h>

#define GRAIN ((size_t)64 * 1024) /* memory is made usable in such pieces; a multiple of every page size in use */
#define MAPPED (RF_CODE_ARRIVALS + RF_CODE_SPAN + GRAIN)

/* One word in front of each block: what is given back at the end takes those before with it that already were. */
typedef struct header {
    uint32_t before; /* words of the block before, its header included; 0: there is none */
    bool is_free;
} header;

_Static_assert(sizeof(header) == sizeof(rf_instruction), "a header is a word");

/* The bytes from .. to of the code, or of the counts that are so far behind it. */
static void make_usable(const rf_code_span *span, size_t behind, size_t from, size_t to)
{
    const size_t first = (behind + from) / GRAIN * GRAIN, end = (behind + to + GRAIN - 1) / GRAIN * GRAIN;
    if (mprotect(span->start + first, end - first, PROT_READ | PROT_WRITE) != 0) rf_out_of_memory();
}

static void make_counts_usable(const rf_code_span *span, size_t from, size_t to)
{
    make_usable(span, RF_CODE_JUMPS, from, to);
    make_usable(span, RF_CODE_ARRIVALS, from, to);
}

static rf_code_span *span_with_room(rf_code_space *space, size_t size)
{
    rf_code_span *last = space->spans.count ? &space->spans.data[space->spans.count - 1] : NULL;
    if (last && size <= RF_CODE_SPAN - last->used) return last;
    char *start = mmap(NULL, MAPPED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED || size > RF_CODE_SPAN - RF_CODE_IN_PAGE) rf_out_of_memory();
    rf_vector_push(&space->spans, ((rf_code_span){.start = start, .used = RF_CODE_IN_PAGE}));
    return &space->spans.data[space->spans.count - 1];
}

rf_instruction *rf_code_take(rf_code_space *space, size_t count)
{
    const size_t size = rf_array_size(count + 1, sizeof(rf_instruction));
    rf_code_span *span = span_with_room(space, size);
    if (span->used + size > span->ready) {
        const size_t ready = (span->used + size + GRAIN - 1) / GRAIN * GRAIN;
        make_usable(span, 0, span->ready, ready);
        if (space->has_counts) make_counts_usable(span, span->ready, ready);
        span->ready = ready;
    }
    header *h = (header *)(void *)(span->start + span->used);
    *h = (header){.before = span->last};
    span->last = (uint32_t)(count + 1);
    span->used += size;
    rf_instruction *code = (rf_instruction *)(void *)(h + 1);
    if (space->has_counts) { /* of what was there before */
        memset(rf_code_jumps(code), 0, count * sizeof(uint64_t));
        memset(rf_code_arrivals(code), 0, count * sizeof(uint64_t));
    }
    return code;
}

static rf_code_span *span_of(rf_code_space *space, const void *address)
{
    rf_code_span *span = space->spans.data;
    while ((uintptr_t)address - (uintptr_t)span->start >= RF_CODE_SPAN) span++;
    return span;
}

void rf_code_give(rf_code_space *space, rf_instruction *code)
{
    if (!code) return;
    rf_code_span *span = span_of(space, code);
    header *h = (header *)(void *)code - 1;
    h->is_free = true;
    while (span->last && (h = (header *)(void *)(span->start + span->used) - span->last)->is_free) {
        span->used -= span->last * sizeof *h;
        span->last = h->before;
    }
}

void rf_code_count(rf_code_space *space)
{
    if (space->has_counts) return;
    space->has_counts = true;
    for (size_t i = 0; i < space->spans.count; i++)
        make_counts_usable(&space->spans.data[i], 0, space->spans.data[i].ready);
}

void rf_code_release(rf_code_space *space)
{
    for (size_t i = 0; i < space->spans.count; i++) munmap(space->spans.data[i].start, MAPPED);
    rf_vector_release(&space->spans);
}
