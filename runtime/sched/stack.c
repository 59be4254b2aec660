/* Mapped stacks and how control moves between them.
 *
 * A stack that does not run is its saved stack pointer; which one runs is known by the pool, so
 * that a switch needs only its target.  The descriptor lies at the upper end of the mapping it
 * describes: one page touched is all that a small coroutine costs.  Memory below is committed by
 * use.
 *
 * Two sizes: coroutines are many and small, segments for deep recursion few and large.  Either kind
 * continues on a further segment when it runs low. */
#include "sched/stack.h"

#include "base/alloc.h"
#include "sched/context.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

enum {
    KEPT_COROUTINES = 256, /* mapped stacks a pool keeps for the next coroutine */
    KEPT_SEGMENTS = 2,
    /* A guard page splits a mapping in two and the system limits their number (65,530): a program
     * with very many tasks goes without guards on the later ones.  They are the second line of
     * defence behind stack_limit. */
    GUARDED_STACKS = 16384
};

#define COROUTINE_SIZE (2 * RF_STACK_MARGIN)
#define SEGMENT_SIZE   (32 * RF_STACK_MARGIN)

struct rf_stack {
    void *saved;  /* context while it does not run */
    char *bottom; /* lowest usable byte */
    char *top;
    char *limit;   /* isolate->stack_limit for it, kept while it does not run */
    void *mapping; /* NULL: the thread's own stack */
    size_t mapping_size;
    rf_isolate *isolate;
    rf_stack *caller; /* whom rf_stack_leave and the end of entry continue */
    rf_stack *next;   /* in the pool */
    void (*entry)(void *context);
    void *context;
    bool has_ended;
    bool frees_itself;
    bool is_guarded;
#ifdef __SANITIZE_ADDRESS__
    void *fake_stack;
#endif
#ifdef __SANITIZE_THREAD__
    void *fiber;
#endif
};

typedef struct stack_list {
    rf_stack *first;
    size_t count;
} stack_list;

struct rf_stack_pool {
    rf_stack thread; /* the thread's own stack */
    pthread_t owner; /* the thread it belongs to */
    rf_stack *running;
    rf_stack *ended; /* a stack that freed itself: pooled by whoever runs next */
    stack_list coroutines, segments;
    size_t guarded_count;
};

/* ---- telling the sanitizers ---- */

static void announce_switch(rf_stack *from, rf_stack *to)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(from->has_ended ? NULL : &from->fake_stack, to->bottom,
                                   (size_t)(to->top - to->bottom));
#endif
#ifdef __SANITIZE_THREAD__
    __tsan_switch_to_fiber(to->fiber, 0);
#endif
    (void)from;
    (void)to;
}

static void announce_arrival(rf_stack *here)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(here->fake_stack, NULL, NULL);
    here->fake_stack = NULL;
#endif
    (void)here;
}

static void announce_new(rf_stack *stack)
{
#ifdef __SANITIZE_ADDRESS__
    stack->fake_stack = NULL;
#endif
#ifdef __SANITIZE_THREAD__
    stack->fiber = __tsan_create_fiber(0);
#endif
    (void)stack;
}

static void announce_end(rf_stack *stack)
{
#ifdef __SANITIZE_ADDRESS__
    /* frames that never returned would leave their red zones behind */
    __asan_unpoison_memory_region(stack->saved, (size_t)(stack->top - (char *)stack->saved));
#endif
#ifdef __SANITIZE_THREAD__
    __tsan_destroy_fiber(stack->fiber);
#endif
    (void)stack;
}

/* ---- mappings ---- */

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static rf_stack *map_stack(struct rf_stack_pool *pool, size_t size)
{
    const size_t page = page_size();
    char *mapping = mmap(NULL, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (mapping == MAP_FAILED) rf_out_of_memory();
    const bool is_guarded =
        pool && pool->guarded_count < GUARDED_STACKS && mprotect(mapping, page, PROT_NONE) == 0;
    if (is_guarded) pool->guarded_count++;
    rf_stack *stack = (rf_stack *)(mapping + size - ((sizeof(rf_stack) + 63) & ~(size_t)63));
    *stack = (rf_stack){.mapping = mapping,
                        .mapping_size = size,
                        .bottom = is_guarded ? mapping + page : mapping,
                        .top = (char *)stack,
                        .is_guarded = is_guarded};
    return stack;
}

static void unmap_stack(struct rf_stack_pool *pool, rf_stack *stack)
{
    if (stack->is_guarded && pool) pool->guarded_count--;
    munmap(stack->mapping, stack->mapping_size);
}

static rf_stack *take_stack(struct rf_stack_pool *pool, stack_list *list, size_t size)
{
    rf_stack *stack = list->first;
    if (!stack) return map_stack(pool, size);
    list->first = stack->next;
    list->count--;
    return stack;
}

static void give_back(struct rf_stack_pool *pool, stack_list *list, size_t kept, rf_stack *stack)
{
    announce_end(stack);
    if (list->count >= kept) {
        unmap_stack(pool, stack);
        return;
    }
    stack->next = list->first;
    list->first = stack;
    list->count++;
}

static void unmap_all(struct rf_stack_pool *pool, stack_list *list)
{
    while (list->first) {
        rf_stack *stack = list->first;
        list->first = stack->next;
        unmap_stack(pool, stack);
    }
    list->count = 0;
}

/* ---- the pool ---- */

static void measure_thread_stack(struct rf_stack_pool *pool)
{
    pthread_attr_t attributes;
    void *bottom = NULL;
    size_t size = 0, guard = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &bottom, &size);
        pthread_attr_getguardsize(&attributes, &guard);
        pthread_attr_destroy(&attributes);
    }
    pool->owner = pthread_self();
    pool->thread.bottom = (char *)bottom + guard;
    pool->thread.top = (char *)bottom + size;
    /* too small to be of use: everything runs on segments */
    const bool is_tiny = size < guard + RF_STACK_MARGIN + 4 * page_size();
    pool->thread.limit = is_tiny ? pool->thread.top : pool->thread.bottom + RF_STACK_MARGIN;
#ifdef __SANITIZE_THREAD__
    pool->thread.fiber = __tsan_get_current_fiber();
#endif
}

void rf_stack_attach(rf_isolate *isolate)
{
    struct rf_stack_pool *pool = isolate->stacks;
    if (pool && pthread_equal(pool->owner, pthread_self())) return;
    if (!pool) {
        pool = rf_new(struct rf_stack_pool);
        pool->running = &pool->thread;
        pool->thread.isolate = isolate;
        isolate->stacks = pool;
    }
    measure_thread_stack(pool);
    isolate->stack_limit = pool->thread.limit;
}

void rf_stack_detach(rf_isolate *isolate)
{
    struct rf_stack_pool *pool = isolate->stacks;
    if (!pool) return;
    unmap_all(pool, &pool->coroutines);
    unmap_all(pool, &pool->segments);
    rf_free(pool);
    isolate->stacks = NULL;
    isolate->stack_limit = NULL;
}

static struct rf_stack_pool *pool_of(rf_isolate *isolate)
{
    if (RF_UNLIKELY(!isolate->stacks)) rf_stack_attach(isolate);
    return isolate->stacks;
}

/* ---- switching ---- */

static void pool_ended(struct rf_stack_pool *pool)
{
    rf_stack *ended = pool->ended;
    pool->ended = NULL;
    give_back(pool, &pool->coroutines, KEPT_COROUTINES, ended);
}

static void switch_to(rf_isolate *isolate, struct rf_stack_pool *pool, rf_stack *to)
{
    rf_stack *from = pool->running;
    from->limit = isolate->stack_limit;
    isolate->stack_limit = to->limit;
    pool->running = to;
    announce_switch(from, to);
    rf_context_switch(&from->saved, to->saved);
    announce_arrival(from);
    if (pool->ended) pool_ended(pool);
}

/* The first and only function of a mapped stack. */
static void run_entry(void *argument)
{
    rf_stack *self = argument;
    struct rf_stack_pool *pool = self->isolate->stacks;
    announce_arrival(self);
    if (pool->ended) pool_ended(pool);
    self->entry(self->context);
    self->has_ended = true;
    if (self->frees_itself) pool->ended = self;
    switch_to(self->isolate, pool, self->caller);
}

static void prepare(rf_isolate *isolate, rf_stack *stack, void (*entry)(void *context),
                    void *context)
{
    stack->isolate = isolate;
    stack->entry = entry;
    stack->context = context;
    stack->caller = NULL;
    stack->has_ended = false;
    stack->frees_itself = false;
    stack->limit = stack->bottom + RF_STACK_MARGIN;
    announce_new(stack);
    stack->saved = rf_context_make(stack->bottom, stack->top, run_entry, stack);
}

void rf_stack_call(rf_isolate *isolate, void (*function)(void *context), void *context)
{
    struct rf_stack_pool *pool = pool_of(isolate);
    rf_stack *segment = take_stack(pool, &pool->segments, SEGMENT_SIZE);
    prepare(isolate, segment, function, context);
    segment->caller = pool->running;
    switch_to(isolate, pool, segment);
    give_back(pool, &pool->segments, KEPT_SEGMENTS, segment);
}

rf_stack *rf_stack_new(rf_isolate *isolate, void (*entry)(void *context), void *context)
{
    struct rf_stack_pool *pool = pool_of(isolate);
    rf_stack *stack = take_stack(pool, &pool->coroutines, COROUTINE_SIZE);
    prepare(isolate, stack, entry, context);
    return stack;
}

bool rf_stack_enter(rf_isolate *isolate, rf_stack *stack)
{
    struct rf_stack_pool *pool = isolate->stacks;
    stack->caller = pool->running;
    switch_to(isolate, pool, stack);
    return !stack->has_ended;
}

void rf_stack_leave(rf_isolate *isolate, rf_stack *stack)
{
    switch_to(isolate, isolate->stacks, stack->caller);
}

void rf_stack_free(rf_isolate *isolate, rf_stack *stack)
{
    struct rf_stack_pool *pool = isolate->stacks;
    if (pool) {
        give_back(pool, &pool->coroutines, KEPT_COROUTINES, stack);
        return;
    }
    announce_end(stack);
    unmap_stack(NULL, stack);
}

rf_stack *rf_stack_running(rf_isolate *isolate)
{
    return pool_of(isolate)->running;
}

void rf_stack_switch(rf_isolate *isolate, rf_stack *to)
{
    switch_to(isolate, isolate->stacks, to);
}

void rf_stack_end_at(rf_stack *stack, rf_stack *next)
{
    stack->caller = next;
    stack->frees_itself = true;
}
