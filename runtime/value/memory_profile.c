/* What the memory instrument needs to know of values: types, cycles, who keeps what alive. */
#include "value/memory_profile.h"

#include "value/isolate.h"
#include "value/object.h"

#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

enum { FRAME_KIND = RF_TAG_COUNT };

static inline rf_allocation_note *note_of(const void *block)
{
    return rf_allocation_note_of(block);
}

/* Constants of units and the like are no blocks of the heap, and nobody leaks them. */
static bool is_noted(const rf_object *o)
{
    return o->count >= 0;
}

/* ---- what allocations ask ---- */

static const void *where(void *context)
{
    rf_isolate *isolate = context;
    return isolate->engine && isolate->engine->where ? isolate->engine->where(isolate, NULL) : NULL;
}

static void place(void *context, rf_allocation_place *out)
{
    rf_isolate *isolate = context;
    rf_where here = {0};
    isolate->engine->where(isolate, &here);
    *out = (rf_allocation_place){.function = rf_strdup(rf_func_profile_name(here.func)),
                                 .file = rf_strdup(here.func->unit->path),
                                 .function_line = here.func->pos.line,
                                 .line = here.pos.line};
}

static const char *type(void *context, unsigned kind, const void *block)
{
    (void)context;
    if (kind == FRAME_KIND) return "call frame";
    if (kind == RF_STRUCT && block && ((const rf_struct *)block)->layout->def->decl)
        return ((const rf_struct *)block)->layout->def->decl->name->text;
    if (kind == RF_ENUM && block && ((const rf_enum *)block)->def->decl)
        return ((const rf_enum *)block)->def->decl->name->text;
    if (kind == RF_HANDLE) return "handle";
    if (kind == RF_GENERATOR) return "generator";
    return rf_type_name((rf_value){.head = kind});
}

static void sample(void *context, uint64_t bytes)
{
    rf_isolate *isolate = context;
    isolate->host->memory_profile->sample(isolate, bytes);
}

void rf_memory_profile_start(rf_isolate *isolate)
{
    if (!isolate->host || !isolate->host->memory_profile) return;
    const rf_allocation_owner owner = {.context = isolate,
                                       .where = where,
                                       .place = place,
                                       .type = type,
                                       .sample = isolate->host->memory_profile->sample ? sample : NULL};
    isolate->heap.allocations = rf_allocations_new(&owner);
    isolate->heap.small_limit = 0;
}

/* ---- what the heap tells ---- */

void rf_heap_note_copy(rf_isolate *isolate, const rf_object *object)
{
    if (is_noted(object))
        rf_allocation_copy(isolate->heap.allocations, object, object->kind,
                           rf_allocation_size(object) + rf_object_buffer_size(object));
}

void rf_heap_note_share(rf_isolate *isolate, rf_object *object)
{
    rf_allocation_share(isolate->heap.allocations, object);
}

void rf_heap_note_store(rf_isolate *isolate, rf_cell *cell)
{
    rf_allocation_share(isolate->heap.allocations, cell);
}

/* ---- leaks ---- */

static uint32_t place_func(rf_profile *profile, const rf_allocation_place *made)
{
    if (!made->file) return 0;
    return rf_profile_func(profile, RF_FUNC_SCRIPT, made->function, rf_profile_file(profile, made->file),
                           made->function_line);
}

const char *rf_memory_profile_type(rf_isolate *isolate, const rf_object *o)
{
    return type(isolate, o->kind, o);
}

void rf_memory_profile_add_leak(rf_isolate *isolate, rf_prof_verdict verdict, const rf_object *o, uint64_t count,
                                uint64_t bytes, char *path)
{
    rf_memory_profile *memory = isolate->host->memory_profile;
    const rf_allocation_place *made = rf_allocation_made(isolate->heap.allocations, o);
    pthread_mutex_lock(&memory->lock);
    rf_profile *profile = memory->profile;
    rf_prof_leak *found = NULL;
    for (size_t i = 0; i < profile->leaks.count && !found; i++) {
        rf_prof_leak *leak = &profile->leaks.data[i];
        if (leak->verdict == verdict && leak->path && strcmp(leak->path, path) == 0) found = leak;
    }
    if (found) {
        rf_free(path);
    } else {
        const rf_prof_leak leak = {.verdict = verdict, .func = place_func(profile, made), .line = made->line,
                                   .type = rf_strdup(type(isolate, o->kind, o)), .path = path};
        rf_vector_push(&profile->leaks, leak);
        found = &rf_vector_last(&profile->leaks);
    }
    found->count += count;
    found->bytes += rf_allocation_size(o);
    found->retained_bytes += bytes;
    pthread_mutex_unlock(&memory->lock);
}

/* ---- reachable at the end ---- */

typedef struct walk {
    rf_isolate *isolate;
    RF_VECTOR(rf_object *) pending;
    uint64_t bytes, count;
} walk;

static void reach(void *context, rf_value v)
{
    walk *w = context;
    if (!rf_is_heap(v) || rf_tag_of(v) == RF_MODULE || !is_noted(v.as.o) || note_of(v.as.o)->link == RF_ALLOCATION_ALIVE)
        return;
    note_of(v.as.o)->link = RF_ALLOCATION_ALIVE;
    w->bytes += rf_allocation_size(v.as.o) + rf_object_buffer_size(v.as.o);
    w->count++;
    rf_vector_push(&w->pending, v.as.o);
}

static void add_root(walk *w, rf_value v, const char *name)
{
    const unsigned tag = rf_tag_of(v);
    if (!rf_is_heap(v) || !is_noted(v.as.o) || tag == RF_MODULE || tag == RF_STRUCTDEF || tag == RF_ENUMDEF) return;
    w->bytes = w->count = 0;
    reach(w, v);
    while (w->pending.count) rf_object_visit(w->isolate, rf_vector_pop(&w->pending), reach, w);
    if (!w->count || (w->count == 1 && tag == RF_FUNCTION)) return; /* a declaration is no data */
    rf_buffer path = RF_BUFFER_INIT;
    rf_buffer_format(&path, "global %s", name);
    rf_memory_profile_add_leak(w->isolate, RF_LEAK_REACHABLE, v.as.o, w->count, w->bytes, rf_buffer_take(&path));
}

void rf_memory_profile_over(rf_isolate *isolate, const rf_value *modules, size_t count)
{
    if (!isolate->heap.allocations) return;
    rf_memory_profile *memory = isolate->host->memory_profile;
    pthread_mutex_lock(&memory->lock);
    rf_allocations_finish(isolate->heap.allocations, memory->profile);
    pthread_mutex_unlock(&memory->lock);
    walk w = {.isolate = isolate};
    for (size_t i = 0; i < count; i++) {
        const rf_module *m = modules[i].as.module;
        if (!m->unit || m->unit->is_prelude) continue;
        for (uint32_t slot = 0; slot < m->slot_count; slot++)
            if (m->unit->module_vars.data[slot])
                add_root(&w, m->slots[slot], m->unit->module_vars.data[slot]->name->text);
    }
    rf_vector_release(&w.pending);
}

void rf_memory_profile_so_far(rf_isolate *isolate)
{
    if (isolate->heap.allocations)
        rf_allocations_finish_early(isolate->heap.allocations, isolate->host->memory_profile->profile);
}

static void add_native(void *context, void *block, unsigned kind)
{
    rf_object *o = block;
    if (kind < RF_TAG_COUNT && is_noted(o)) rf_memory_profile_add_leak(context, RF_LEAK_NATIVE, o, 1, rf_allocation_size(o), rf_strdup("native"));
}

void rf_memory_profile_native(rf_isolate *isolate)
{
    if (isolate->heap.allocations) rf_allocation_each(isolate->heap.allocations, add_native, isolate);
}
