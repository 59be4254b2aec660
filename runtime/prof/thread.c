/* Draining: pending times meet the stack they belong to.
 *
 * Stacks are interned as a tree of the engine's own words (function, place, tier), so a frame is named only when its
 * place is seen for the first time under its parent.  The stack drained last is remembered by depth: what the new one
 * has in common with it costs two comparisons a frame. */
#include "prof/thread.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "prof/sampler.h"

#include <stdio.h>
#include <string.h>

typedef struct tree_node {
    uint32_t parent, stack; /* stack: in thread->found */
    rf_prof_place place;
    uint8_t tier;
} tree_node;

typedef struct path_step {
    rf_prof_place place;
    uint32_t node;
} path_step;

struct rf_prof_tree {
    RF_VECTOR(tree_node) nodes; /* node 0: the root */
    uint32_t *slots, mask;
    RF_VECTOR(path_step) last; /* outermost first */
};

/* ---- the tree ---- */

static uint64_t hash_node(uint32_t parent, rf_prof_place place, uint8_t tier)
{
    uint64_t hash = parent * 0x9e3779b97f4a7c15u ^ (uintptr_t)place.code;
    hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9u ^ (uintptr_t)place.at;
    hash = (hash ^ hash >> 32) * 0x94d049bb133111ebu ^ tier;
    return hash ^ hash >> 31;
}

static void put_slot(struct rf_prof_tree *tree, uint32_t node)
{
    const tree_node *n = &tree->nodes.data[node];
    uint32_t slot = (uint32_t)hash_node(n->parent, n->place, n->tier) & tree->mask;
    while (tree->slots[slot]) slot = (slot + 1) & tree->mask;
    tree->slots[slot] = node;
}

static void grow(struct rf_prof_tree *tree)
{
    rf_free(tree->slots);
    tree->mask = tree->mask * 2 + 1;
    tree->slots = rf_alloc_array_zero(uint32_t, tree->mask + 1u);
    for (uint32_t i = 1; i < tree->nodes.count; i++) put_slot(tree, i);
}

enum { ROOM = 48 };

/* room: for a name that is made up. */
static void name_state(rf_prof_thread *thread, uint32_t state, char room[ROOM], rf_prof_named *out)
{
    static const char *const fixed[RF_TIER_COUNT] = {
        [RF_TIER_FREE] = "free", [RF_TIER_COLLECT] = "gc",     [RF_TIER_ALLOC] = "alloc", [RF_TIER_COMPILE] = "jit-compile",
        [RF_TIER_EXIT] = "deopt", [RF_TIER_IO] = "io",         [RF_TIER_SLEEP] = "sleep", [RF_TIER_LOCK] = "lock",
        [RF_TIER_AWAIT] = "await", [RF_TIER_PARSE] = "parse",  [RF_TIER_PROFILER] = "profiler"};
    const rf_prof_tier tier = rf_prof_state_tier(state);
    const uint32_t detail = rf_prof_state_detail(state);
    *out = (rf_prof_named){.kind = RF_FUNC_RUNTIME, .tier = tier, .name = fixed[tier] ? fixed[tier] : "runtime"};
    if (tier == RF_TIER_BUILTIN) {
        rf_prof_tier waits = RF_TIER_BUILTIN;
        out->kind = RF_FUNC_BUILTIN;
        out->name = thread->source.builtin(thread->source.context, detail, &waits);
        if (state & RF_PROF_IDLE) out->tier = waits;
    } else if (tier == RF_TIER_FREE) {
        if (detail) snprintf(room, ROOM, "free %s", thread->source.kind_name(detail));
        if (detail) out->name = room;
    } else if (detail && detail < thread->texts.count) {
        out->kind = tier == RF_TIER_REGEX ? RF_FUNC_REGEX : RF_FUNC_RUNTIME;
        out->name = thread->texts.data[detail];
    }
}

static uint32_t stack_of(rf_prof_thread *thread, uint32_t parent, rf_prof_place place, uint8_t tier)
{
    char room[ROOM];
    rf_prof_named named = {0};
    rf_profile *found = &thread->found;
    if (place.code) {
        thread->source.name(thread->source.context, place, &named);
        if (tier != RF_TIER_COUNT) named.tier = (rf_prof_tier)tier;
    } else {
        name_state(thread, (uint32_t)(uintptr_t)place.at, room, &named);
    }
    const uint32_t file = named.path ? rf_profile_file(found, named.path) : 0;
    if (file && !found->files.data[file].text && named.source)
        rf_profile_set_text(found, file, named.source, named.source_size);
    const uint32_t func = rf_profile_func(found, named.kind, named.name, file, named.declared);
    const uint32_t frame = rf_profile_frame(found, func, named.line, named.tier);
    return rf_profile_stack(found, thread->tree->nodes.data[parent].stack, frame);
}

/* tier: RF_TIER_COUNT for what the engine says. */
static uint32_t child(rf_prof_thread *thread, uint32_t parent, rf_prof_place place, uint8_t tier)
{
    struct rf_prof_tree *tree = thread->tree;
    for (uint32_t slot = (uint32_t)hash_node(parent, place, tier) & tree->mask; tree->slots[slot];
         slot = (slot + 1) & tree->mask) {
        const tree_node *n = &tree->nodes.data[tree->slots[slot]];
        if (n->parent == parent && n->tier == tier && n->place.code == place.code && n->place.at == place.at)
            return tree->slots[slot];
    }
    const tree_node node = {parent, stack_of(thread, parent, place, tier), place, tier};
    rf_vector_push(&tree->nodes, node);
    const uint32_t added = (uint32_t)tree->nodes.count - 1;
    if (added * 2 > tree->mask)
        grow(tree);
    else
        put_slot(tree, added);
    return added;
}

/* The node of places[0 .. count), innermost first, without the leaf's own tier. */
static uint32_t node_of(rf_prof_thread *thread, const rf_prof_place *places, uint32_t count)
{
    struct rf_prof_tree *tree = thread->tree;
    uint32_t depth = 0, node = 0;
    while (depth < count && depth < tree->last.count) {
        const rf_prof_place *place = &places[count - 1 - depth];
        const path_step *step = &tree->last.data[depth];
        if (step->place.code != place->code || step->place.at != place->at) break;
        node = step->node;
        depth++;
    }
    tree->last.count = depth;
    for (; depth < count; depth++) {
        const rf_prof_place place = places[count - 1 - depth];
        node = child(thread, node, place, RF_TIER_COUNT);
        rf_vector_push(&tree->last, ((path_step){place, node}));
    }
    return node;
}

/* ---- pending times ---- */

static bool is_code(rf_prof_tier tier)
{
    return tier <= RF_TIER_INLINED;
}

/* The stack of pending time: which part of the places counts and what is innermost. */
static uint32_t pending_node(rf_prof_thread *thread, uint32_t state, const rf_prof_place *places, uint32_t count)
{
    const rf_prof_tier tier = rf_prof_state_tier(state);
    const uint32_t plain = state & ~(uint32_t)RF_PROF_IDLE;
    const rf_prof_place leaf = {NULL, (const void *)(uintptr_t)state};
    uint32_t scopes = 0;
    if (tier != RF_TIER_FREE && tier != RF_TIER_COLLECT && tier != RF_TIER_ALLOC)
        while (scopes < count && !places[scopes].code &&
               (is_code(tier) || (uint32_t)(uintptr_t)places[scopes].at != plain))
            scopes++;
    places += scopes;
    count -= scopes;
    if (is_code(tier)) {
        if (count == 0) return child(thread, 0, (rf_prof_place){NULL, (const void *)(uintptr_t)RF_PROF_STATE(RF_TIER_PARSE, 0)}, RF_TIER_COUNT);
        const bool is_native = tier == RF_TIER_JIT || tier == RF_TIER_INLINED;
        if (!is_native) return node_of(thread, places, count);
        return child(thread, node_of(thread, places + 1, count - 1), places[0], (uint8_t)tier);
    }
    if (count && !places[0].code && (uint32_t)(uintptr_t)places[0].at == plain) { /* the scope itself */
        places++;
        count--;
    }
    return child(thread, node_of(thread, places, count), leaf, RF_TIER_COUNT);
}

/* Slices of this thread become as long as those of the session. */
static void adjust_slices(rf_prof_thread *thread, uint64_t slice_ns)
{
    while (thread->slice_ns < slice_ns) {
        thread->last_slice /= 2;
        rf_profile_join_slices(&thread->found);
        thread->slice_ns *= 2;
    }
}

static void book(rf_prof_thread *thread, const rf_prof_pending *p, const rf_prof_place *places, uint32_t count)
{
    const uint32_t node = pending_node(thread, p->state, places, count);
    const rf_prof_sample sample = {.stack = thread->tree->nodes.data[node].stack,
                                   .thread = thread->number,
                                   .slice = (uint32_t)(p->at_ns / thread->slice_ns),
                                   .label = p->label,
                                   .ticks = p->ticks,
                                   .cpu_ns = p->cpu_ns,
                                   .wall_ns = p->wall_ns};
    rf_profile_add(&thread->found, &sample);
    thread->last_stack = sample.stack;
    thread->last_slice = sample.slice;
}

/* What a signal found since the last time; before one came, what runs. */
static uint32_t take_caught(rf_prof_thread *thread)
{
    const uint32_t caught = atomic_exchange_explicit(&thread->caught, RF_PROF_CAUGHT, memory_order_relaxed);
    return caught != RF_PROF_CAUGHT ? caught : atomic_load_explicit(&thread->state, memory_order_relaxed) & ~RF_PROF_UNLINKED;
}

static void book_pending(rf_prof_thread *thread, uint32_t caught, const rf_prof_place *places, uint32_t count)
{
    for (size_t i = 0; i < thread->pending.count; i++) {
        rf_prof_pending *p = &thread->pending.data[i];
        if (p->state == RF_PROF_CAUGHT) p->state = caught;
        book(thread, p, places, count);
    }
    thread->pending.count = 0;
}

uint32_t rf_prof_walk(const rf_prof_thread *thread, rf_prof_place *places, uint32_t capacity)
{
    const uint32_t state = atomic_load_explicit(&thread->state, memory_order_relaxed);
    uint32_t count = 0;
    if (state & RF_PROF_UNLINKED) places[count++] = rf_prof_place_of(state);
    return count + thread->source.walk(thread->source.context, thread->scopes, places + count, capacity - count);
}

void rf_prof_note_allocation(rf_prof_thread *thread, uint64_t bytes)
{
    pthread_mutex_lock(&thread->lock);
    const uint32_t count = rf_prof_walk(thread, thread->places, RF_PROF_MOST_FRAMES);
    if (count) {
        const uint32_t node = node_of(thread, thread->places, count);
        const rf_prof_sample sample = {.stack = thread->tree->nodes.data[node].stack,
                                       .thread = thread->number,
                                       .slice = thread->last_slice,
                                       .label = atomic_load_explicit(&thread->label, memory_order_relaxed),
                                       .alloc_count = 1,
                                       .alloc_bytes = bytes};
        rf_profile_add(&thread->found, &sample);
    }
    pthread_mutex_unlock(&thread->lock);
}

int64_t rf_prof_begin_piece(rf_prof_price *price)
{
    enum { PIECES = 8 };
    return price->piece++ % PIECES ? 0 : rf_clock_thread_cpu_ns();
}

uint64_t rf_prof_end_piece(rf_prof_price *price, int64_t began)
{
    if (began) price->ns = (uint64_t)(rf_clock_thread_cpu_ns() - began);
    return price->ns;
}

void rf_prof_drain(rf_prof_thread *thread)
{
    const int64_t began = rf_prof_begin_piece(&thread->drain_price);
    pthread_mutex_lock(&thread->lock);
    atomic_store_explicit(&thread->has_pending, false, memory_order_relaxed);
    if (thread->pending.count) {
        const uint32_t count = rf_prof_walk(thread, thread->places, RF_PROF_MOST_FRAMES);
        book_pending(thread, take_caught(thread), thread->places, count);
    }
    pthread_mutex_unlock(&thread->lock);
    atomic_fetch_add_explicit(&thread->stolen_ns, rf_prof_end_piece(&thread->drain_price, began), memory_order_relaxed);
}

void rf_prof_add_pending(rf_prof_thread *thread, const rf_prof_pending *p, uint64_t slice_ns)
{
    adjust_slices(thread, slice_ns);
    for (size_t i = thread->pending.count; i-- > 0;) {
        rf_prof_pending *old = &thread->pending.data[i];
        if (old->state != p->state || old->label != p->label || old->at_ns / slice_ns != p->at_ns / slice_ns) continue;
        old->ticks += p->ticks;
        old->cpu_ns += p->cpu_ns;
        old->wall_ns += p->wall_ns;
        return;
    }
    rf_vector_push(&thread->pending, *p);
}

/* How many of the functions found[0 .. count), innermost first, that `host` has inlined are among the engine's frames: those
 * have some as soon as native code is about to be given up.  The lines of those frames and of the host's are old, what was
 * found tells the present ones. */
static uint32_t join_frames(rf_prof_place *frames, uint32_t frame_count, const rf_prof_place *found, uint32_t count, rf_prof_place host)
{
    for (uint32_t joined = 0; joined <= count && joined < frame_count; joined++) {
        if (frames[joined].code != host.code) continue;
        const rf_prof_place *theirs = found + count - joined;
        for (uint32_t i = 0; i < joined; i++)
            if (frames[i].code != theirs[i].code) return 0;
        memcpy(frames, theirs, joined * sizeof *frames);
        frames[joined] = host;
        return joined;
    }
    return 0;
}

/* Of the chain of native activations; a return address is behind its call.  The last may be any word of the stack. */
static const void *address_of(const rf_prof_thread *thread, uint32_t index)
{
    return (const void *)((uintptr_t)thread->addresses[index] - (index > 0));
}

/* Places of the native code among the addresses that the engine has no frames of, innermost first.  is_inlined: the
 * innermost place is. */
static uint32_t native_places(rf_prof_thread *thread, rf_prof_place *frames, uint32_t frame_count, rf_prof_place *out, bool *is_inlined)
{
    uint32_t count = 0;
    bool has_frame = false;
    for (uint32_t i = 0; i < thread->address_count && !has_frame; i++) {
        rf_prof_place here[2];
        const uint32_t found = thread->source.native(thread->source.context, address_of(thread, i), here, &has_frame);
        if (!found) break;
        if (i == 0) *is_inlined = found == 2;
        if (found == 2) out[count++] = here[0];
        if (has_frame)
            count -= join_frames(frames, frame_count, out, count, here[found - 1]);
        else
            out[count++] = here[found - 1];
    }
    return count;
}

static uint32_t add_native(rf_prof_thread *thread, rf_prof_place *places, uint32_t count, bool *is_inlined)
{
    rf_prof_place *last = places + RF_PROF_MOST_FRAMES + 1; /* room for what is found */
    const uint32_t found = native_places(thread, places, count, last, is_inlined);
    memmove(places + found, places, count * sizeof *places);
    memmove(places, last, found * sizeof *places);
    return count + found;
}

/* The chain of native activations, in the copy of the C stack: each frame ends with the address where its caller goes on. */
static void follow_frames(rf_prof_thread *thread)
{
    for (uint32_t at = 0; thread->address_count && thread->address_count < RF_PROF_MOST_NATIVE;) {
        const void *address = address_of(thread, thread->address_count - 1);
        const uint32_t words = thread->source.native_frame(thread->source.context, address) / sizeof(void *);
        if (!words || words > thread->stack_size - at) return;
        at += words;
        thread->addresses[thread->address_count++] = thread->stack[at - 1];
    }
}

void rf_prof_take_copy(rf_prof_thread *thread)
{
    uint32_t count = thread->copy_count, caught = take_caught(thread);
    rf_prof_place *places = thread->copy;
    bool is_inlined = false;
    if (thread->source.native_frame) follow_frames(thread);
    if (rf_prof_state_tier(caught) == RF_TIER_JIT && count && thread->source.native)
        count = add_native(thread, places, count, &is_inlined);
    if (is_inlined) caught = RF_PROF_STATE(RF_TIER_INLINED, 0);
    book_pending(thread, caught, places, count);
    atomic_store_explicit(&thread->is_copied, false, memory_order_release);
}

/* ---- details, tasks ---- */

uint32_t rf_prof_detail(rf_prof_thread *thread, const char *text, size_t size)
{
    pthread_mutex_lock(&thread->lock);
    uint32_t found = 0;
    for (uint32_t i = 1; i < thread->texts.count && !found; i++)
        if (strlen(thread->texts.data[i]) == size && memcmp(thread->texts.data[i], text, size) == 0) found = i;
    if (!found) {
        rf_vector_push(&thread->texts, rf_strndup(text, size));
        found = (uint32_t)thread->texts.count - 1;
    }
    pthread_mutex_unlock(&thread->lock);
    return found;
}

void rf_prof_task_begin(rf_prof_thread *thread, rf_prof_task *task, const char *name)
{
    enum { LONGEST_LABEL = 160 };
    pthread_mutex_lock(&thread->lock);
    const char *outer = thread->found.labels.data[atomic_load_explicit(&thread->label, memory_order_relaxed)];
    char *label = *outer && strlen(outer) < LONGEST_LABEL ? rf_format_text("%s > %s", outer, name) : rf_strdup(name);
    *task = (rf_prof_task){.label = rf_profile_label(&thread->found, label)};
    rf_free(label);
    pthread_mutex_unlock(&thread->lock);
}

void rf_prof_leave_task(rf_prof_thread *thread, rf_prof_task *from)
{
    if (atomic_load_explicit(&thread->has_pending, memory_order_relaxed)) rf_prof_drain(thread);
    from->scopes = thread->scopes;
    from->native = thread->native;
    from->state = atomic_load_explicit(&thread->state, memory_order_relaxed);
    from->label = atomic_load_explicit(&thread->label, memory_order_relaxed);
    atomic_store_explicit(&thread->state, RF_PROF_SWITCHING, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
}

void rf_prof_go_on(rf_prof_thread *thread, const rf_prof_task *to)
{
    thread->scopes = to->scopes;
    rf_prof_set_native(thread, to->native);
    atomic_store_explicit(&thread->label, to->label, memory_order_release);
    atomic_store_explicit(&thread->state, to->state, memory_order_release);
}

/* ---- life ---- */

void rf_prof_thread_init(rf_prof_thread *thread, const rf_prof_source *source)
{
    memset(thread, 0, sizeof *thread + source->builtin_count * sizeof *thread->builtin_calls);
    thread->source = *source;
    thread->state = RF_PROF_STATE(RF_TIER_PARSE, 0);
    thread->caught = RF_PROF_CAUGHT;
    pthread_mutex_init(&thread->lock, NULL);
    rf_profile_init(&thread->found);
    thread->slice_ns = RF_PROF_SLICE_NS;
    thread->places = rf_alloc_array(rf_prof_place, RF_PROF_MOST_FRAMES + 1);
    thread->copy = rf_alloc_array(rf_prof_place, RF_PROF_MOST_FRAMES + 2 * RF_PROF_MOST_NATIVE + 1);
    thread->addresses = rf_alloc_array(const void *, RF_PROF_MOST_NATIVE);
    thread->stack = rf_alloc_array(const void *, RF_PROF_MOST_STACK);
    rf_vector_push(&thread->texts, rf_strdup(""));
    thread->tree = rf_new(struct rf_prof_tree);
    rf_vector_push(&thread->tree->nodes, ((tree_node){0}));
    thread->tree->mask = 1023;
    thread->tree->slots = rf_alloc_array_zero(uint32_t, thread->tree->mask + 1u);
}

void rf_prof_thread_release(rf_prof_thread *thread)
{
    rf_vector_release(&thread->tree->nodes);
    rf_vector_release(&thread->tree->last);
    rf_free(thread->tree->slots);
    rf_free(thread->tree);
    rf_vector_release(&thread->pending);
    for (size_t i = 0; i < thread->texts.count; i++) rf_free(thread->texts.data[i]);
    rf_vector_release(&thread->texts);
    rf_vector_release(&thread->amounts);
    rf_free(thread->places);
    rf_free(thread->copy);
    rf_free(thread->addresses);
    rf_free(thread->stack);
    rf_profile_release(&thread->found);
    pthread_mutex_destroy(&thread->lock);
}
