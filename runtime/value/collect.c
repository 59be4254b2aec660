/* The cycle collector: trial deletion (Bacon and Rajan, ECOOP 2001) over the candidates.
 *
 * Values cannot contain themselves, so every cycle passes through a cell, function, generator or
 * promise, and it can only become garbage when one of these loses a reference and lives on: such
 * objects are the candidates.  A collection finds everything reachable from them, takes away the
 * references that come from inside that graph, and what is left with a count has an owner outside;
 * the rest is garbage.  A candidate that lives and is referred to from inside may be part of a cycle
 * whose last owner holds a container of it, and that one's end is seen by nobody: it stays a candidate.
 *
 * Modules are not walked: the loader owns them, and a function would drag in every variable of its
 * module.  The cycle module -> variable -> function -> module is cut by rf_module_clear when the
 * loader goes.
 *
 * Many candidates start a collection, or few when the memory in use has doubled: one dead cycle may hold all of it. */
#include "value/memory_profile.h"
#include "value/object.h"

enum {
    WALKED = 0x40, /* flags: in the graph of this collection */
    LIVE = 0x20,   /* found to be owned from outside */
    INNER = 0x10   /* something in the graph refers to it */
};

typedef struct graph {
    rf_isolate *isolate;
    RF_VECTOR(rf_object *) objects;
    RF_VECTOR(rf_object *) pending; /* live ones whose references are still to be restored */
} graph;

static bool is_walkable(rf_value v)
{
    if (!rf_is_heap(v) || v.as.o->count < 0) return false;
    switch (rf_tag_of(v)) {
    case RF_STRING:
    case RF_BYTES:
    case RF_ENUMDEF:
    case RF_CHANNEL:
    case RF_MODULE:
    case RF_HANDLE: return false;
    default: return true;
    }
}

static void add_object(graph *g, rf_object *o)
{
    if (o->flags & WALKED) return;
    o->flags = (uint8_t)((o->flags | WALKED) & ~(LIVE | INNER));
    rf_vector_push(&g->objects, o);
}

/* A reference from inside: what it leads to is in the graph, and it does not count. */
static void find(void *context, rf_value v)
{
    if (!is_walkable(v)) return;
    add_object(context, v.as.o);
    v.as.o->count--;
    v.as.o->flags |= INNER;
}

static void restore(void *context, rf_value v)
{
    graph *g = context;
    if (!is_walkable(v)) return;
    v.as.o->count++;
    if (v.as.o->flags & LIVE) return;
    v.as.o->flags |= LIVE;
    rf_vector_push(&g->pending, v.as.o);
}

static void add_back(void *context, rf_value v)
{
    (void)context;
    if (is_walkable(v)) v.as.o->count++;
}

static void free_memory(rf_isolate *isolate, rf_object *o)
{
    /* its contents are gone already: this only gives the memory back */
    o->flags &= (uint8_t)~RF_OBJECT_CANDIDATE;
    rf_free_object(isolate, o);
}

/* Takes dead candidates out of the queue; the living ones stay. */
static void sweep_queue(rf_isolate *isolate)
{
    rf_heap *heap = &isolate->heap;
    size_t kept = 0;
    for (size_t i = 0; i < heap->candidates.count; i++) {
        rf_object *o = heap->candidates.data[i];
        if (o->count == 0)
            free_memory(isolate, o);
        else
            heap->candidates.data[kept++] = o;
    }
    heap->candidates.count = kept;
}

static void break_object(rf_isolate *isolate, rf_object *o)
{
    void *object = o;
    switch (o->kind) {
    case RF_CELL: rf_store(isolate, &((rf_cell *)object)->value, rf_unset()); break;
    case RF_FUNCTION: rf_function_drop(isolate, object); break;
    case RF_GENERATOR: rf_generator_drop(isolate, object); break;
    case RF_PROMISE: isolate->sched_hooks->drop_promise(isolate, object); break;
    default: break; /* containers die when the objects that hold them are emptied */
    }
}

/* Fills the graph, the candidates first, and leaves in each object's count what comes from outside of it, then gives the
 * living ones their counts back.  The number of candidates. */
static size_t mark_garbage(graph *g)
{
    rf_heap *heap = &g->isolate->heap;
    const size_t candidates = heap->candidates.count;
    for (size_t i = 0; i < heap->candidates.count; i++) {
        heap->candidates.data[i]->flags &= (uint8_t)~RF_OBJECT_CANDIDATE;
        add_object(g, heap->candidates.data[i]);
    }
    heap->candidates.count = 0;
    for (size_t i = 0; i < g->objects.count; i++)
        rf_object_visit(g->isolate, g->objects.data[i], find, g);
    for (size_t i = 0; i < g->objects.count; i++) {
        rf_object *o = g->objects.data[i];
        if (o->count == 0 || (o->flags & LIVE)) continue;
        o->flags |= LIVE;
        rf_vector_push(&g->pending, o);
        while (g->pending.count)
            rf_object_visit(g->isolate, rf_vector_pop(&g->pending), restore, g);
    }
    return candidates;
}

static inline size_t live_bytes(const rf_heap *heap)
{
    return RF_UNLIKELY(heap->allocations != NULL) ? rf_allocations_live(heap->allocations) : heap->live_bytes;
}

void rf_heap_collect(rf_isolate *isolate)
{
    rf_heap *heap = &isolate->heap;
    if (heap->is_collecting) return;
    __atomic_store_n(&heap->is_collecting, true, __ATOMIC_RELAXED); /* the sampler reads it */
    sweep_queue(isolate);
    graph g = {.isolate = isolate};
    const size_t candidates = mark_garbage(&g);
    size_t dead = 0;
    for (size_t i = 0; i < g.objects.count; i++) {
        rf_object *o = g.objects.data[i];
        const bool is_dead = !(o->flags & LIVE), is_inner = o->flags & INNER;
        o->flags &= (uint8_t) ~(WALKED | LIVE | INNER);
        if (is_dead)
            g.objects.data[dead++] = o;
        else if (i < candidates && is_inner)
            rf_add_candidate(isolate, o);
    }
    size_t living = g.objects.count - dead;
    if (RF_UNLIKELY(heap->allocations != NULL)) rf_memory_profile_cycles(isolate, g.objects.data, dead);
    for (size_t i = 0; i < dead; i++) rf_object_visit(isolate, g.objects.data[i], add_back, &g);
    for (size_t i = 0; i < dead; i++)
        g.objects.data[i]->count++; /* held while the cycles are cut */
    for (size_t i = 0; i < dead; i++) break_object(isolate, g.objects.data[i]);
    for (size_t i = 0; i < dead; i++) rf_release_object(isolate, g.objects.data[i]);
    rf_vector_release(&g.objects);
    rf_vector_release(&g.pending);
    __atomic_store_n(&heap->is_collecting, false, __ATOMIC_RELAXED);
    sweep_queue(isolate); /* those that cutting the cycles put there */
    /* What was walked in vain is paid for by waiting for as many new candidates: constant cost for
     * each. */
    heap->collect_at =
        heap->candidates.count + (living > RF_HEAP_LEAST_QUEUE ? living : RF_HEAP_LEAST_QUEUE);
    heap->collect_bytes = 2 * live_bytes(heap) + RF_HEAP_LEAST_BYTES;
#ifdef RF_STRESS
    rf_heap_verify(isolate);
#endif
}

void rf_add_candidate(rf_isolate *isolate, rf_object *object)
{
    rf_heap *heap = &isolate->heap;
    object->flags |= RF_OBJECT_CANDIDATE;
    rf_vector_push(&heap->candidates, object);
    const bool is_large = live_bytes(heap) >= heap->collect_bytes;
    if (RF_LIKELY(heap->candidates.count < heap->collect_at && !is_large) || heap->release_depth || heap->is_collecting)
        return;
    sweep_queue(isolate);
    if (is_large || heap->candidates.count >= heap->collect_at / 2) rf_heap_collect(isolate);
}
