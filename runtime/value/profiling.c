/* Names and life of an isolate in a profile. */
#include "value/profiling.h"

#include "prof/allocation.h"
#include "value/function.h"

#include <string.h>

static rf_prof_tier waiting_tier(const rf_builtin *row)
{
    switch (row->capability) {
    case RF_CAP_CLOCK_BIT: return strcmp(row->canonical, "sleep") == 0 ? RF_TIER_SLEEP : RF_TIER_BUILTIN;
    case RF_CAP_NONE_BIT: /* reading what a user types; printing into a pipe that is full */
        if (strncmp(row->canonical, "shared_", 7) == 0) return RF_TIER_LOCK;
        return strcmp(row->canonical, "input") == 0 || strncmp(row->canonical, "print", 5) == 0 ? RF_TIER_IO
                                                                                                : RF_TIER_BUILTIN;
    case RF_CAP_RANDOM_BIT:
    case RF_CAP_ENV_READ_BIT:
    case RF_CAP_ENV_WRITE_BIT: return RF_TIER_BUILTIN;
    default: return RF_TIER_IO;
    }
}

static const char *builtin_name(void *context, uint32_t number, rf_prof_tier *waits)
{
    const rf_isolate *isolate = context;
    const rf_builtin *row = &isolate->builtins[number < isolate->builtin_count ? number : 0];
    *waits = waiting_tier(row);
    return row->canonical;
}

void rf_profiling_name(const rf_func *func, uint32_t line, rf_prof_tier tier, rf_prof_named *out)
{
    const rf_unit *unit = func->unit;
    const bool is_module = func->kind == RF_FUNC_MODULE;
    const char *name = rf_func_profile_name(func);
    *out = (rf_prof_named){.name = name ? name : "function", .tier = tier};
    if (unit->is_prelude) { /* a built-in that is written in the language */
        out->kind = RF_FUNC_BUILTIN;
        out->tier = RF_TIER_BUILTIN;
        return;
    }
    out->kind = RF_FUNC_SCRIPT;
    out->path = unit->path;
    out->source = unit->source;
    out->source_size = unit->source_size;
    out->declared = is_module ? 1 : func->pos.line;
    out->line = line;
}

static const char *kind_name(unsigned kind)
{
    return kind == RF_HANDLE ? "handle" : kind == RF_GENERATOR ? "generator" : rf_type_name((rf_value){.head = kind});
}

/* For the sampler, while the thread allocates: it adds to the one word as always, and this reads that word as it is. */
__attribute__((no_sanitize("thread")))
static uint64_t live_bytes(void *context)
{
    const rf_heap *heap = &((const rf_isolate *)context)->heap;
    return heap->allocations ? rf_allocations_live(heap->allocations) : *(const volatile size_t *)&heap->live_bytes;
}

void rf_profiling_begin(rf_isolate *isolate)
{
    if (!isolate->host->prof || !isolate->engine->profile) return;
    rf_prof_source source = {.context = isolate,
                             .builtin = builtin_name,
                             .builtin_count = isolate->builtin_count,
                             .release_depth = &isolate->heap.release_depth,
                             .released_kind = &isolate->heap.released_kind,
                             .kind_name = kind_name,
                             .is_collecting = &isolate->heap.is_collecting,
                             .is_allocating = &isolate->heap.is_allocating,
                             .live_bytes = live_bytes};
    isolate->engine->profile(isolate, &source);
    isolate->prof = rf_prof_thread_begin(isolate->host->prof, &source);
}

static void note_builtin_calls(const rf_isolate *isolate, rf_prof_thread *thread)
{
    for (uint32_t i = 0; i < thread->source.builtin_count; i++) {
        if (!thread->builtin_calls[i]) continue;
        const uint32_t func = rf_profile_func(&thread->found, RF_FUNC_BUILTIN, isolate->builtins[i].canonical, 0, 0);
        uint64_t *calls = &thread->found.funcs.data[func].calls;
        *calls = (*calls == RF_PROF_UNKNOWN ? 0 : *calls) + thread->builtin_calls[i];
    }
}

void rf_profiling_end(rf_isolate *isolate)
{
    if (!isolate->prof) return;
    rf_prof_thread_end(isolate->prof);
    note_builtin_calls(isolate, isolate->prof);
    isolate->prof = NULL;
}
