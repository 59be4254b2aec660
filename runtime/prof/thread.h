/* What one thread of a profiled program tells the sampler, and what it finds out for it.
 *
 * The thread only stores what it does (`state`) and asks on its way whether something is pending; the sampler
 * (sampler.h) books at every tick the time that has passed as pending, and has the thread drain what is pending where it is
 * safe and exact: by a signal that notes what runs and stops it, at the next instruction of the VM or at the end of a
 * built-in, or, in code that has no such places, copies the stack.  A drain walks the thread's own frames and adds the
 * pending times to that stack. */
#ifndef RF_PROF_THREAD_H
#define RF_PROF_THREAD_H

#include "prof/profile.h"

#include <pthread.h>
#include <stdatomic.h>

/* Tier and what it is about: number of a built-in, or of a text (rf_prof_detail).  UNLINKED: of a built-in that the VM's loop
 * calls, which tells so much and no more. */
#define RF_PROF_UNLINKED ((uint32_t)1 << 31)
#define RF_PROF_STATE(tier, detail) ((uint32_t)(tier) | (uint32_t)(detail) << 8)
static inline rf_prof_tier rf_prof_state_tier(uint32_t state) { return (rf_prof_tier)(state & 0x7f); }
static inline uint32_t rf_prof_state_detail(uint32_t state) { return (state & ~RF_PROF_UNLINKED) >> 8; }
enum {
    RF_PROF_IDLE = 0x80, /* of a pending state: the thread used no processor meanwhile */
    RF_PROF_SWITCHING = RF_PROF_STATE(RF_TIER_PROFILER, 0), /* between two tasks: what the thread tells is of neither */
    RF_PROF_CAUGHT = RF_PROF_STATE(RF_TIER_PROFILER, 1) /* of a pending state: the one in which a signal finds the thread */
};

typedef struct rf_prof_place { /* one activation, as the engine that runs it names it; lists are innermost first */
    const void *code; /* the function; NULL: a scope, `at` is its state */
    const void *at;   /* where in it */
} rf_prof_place;

typedef struct rf_prof_named { /* texts are borrowed while the program lives */
    const char *name, *path, *source;
    size_t source_size;
    uint32_t declared, line;
    rf_prof_func_kind kind;
    rf_prof_tier tier;
} rf_prof_named;

/* Something that is no script code and may call script code: on the C stack of whoever does it. */
typedef struct rf_prof_scope {
    struct rf_prof_scope *outer;
    const void *frame; /* innermost frame of the engine when it began */
    uint32_t state, before; /* before: of the thread; an unlinked built-in is the place around this one */
} rf_prof_scope;

static inline rf_prof_place rf_prof_place_of(uint32_t state)
{
    return (rf_prof_place){NULL, (const void *)(uintptr_t)(state & ~RF_PROF_UNLINKED)};
}

/* The scopes that began while frame was the innermost, from *scopes on, which follows them; how many places they fill. */
static inline uint32_t rf_prof_scopes_of(const rf_prof_scope **scopes, const void *frame, rf_prof_place *places, uint32_t capacity)
{
    uint32_t count = 0;
    const rf_prof_scope *scope = *scopes;
    for (; scope && scope->frame == frame && count < capacity; scope = scope->outer) {
        places[count++] = rf_prof_place_of(scope->state);
        if (scope->before & RF_PROF_UNLINKED && count < capacity) places[count++] = rf_prof_place_of(scope->before);
    }
    *scopes = scope;
    return count;
}

typedef struct rf_prof_thread rf_prof_thread;

typedef struct rf_prof_source { /* how the engine answers; all on the thread itself but `name`, `native` and `live_bytes` */
    void *context;
    /* The frames that are active, scopes among them; also called in a signal handler: follows pointers, nothing else. */
    uint32_t (*walk)(void *context, const rf_prof_scope *scopes, rf_prof_place *places, uint32_t capacity);
    const void *(*innermost)(void *context);
    void (*name)(void *context, rf_prof_place place, rf_prof_named *out);
    const char *(*builtin)(void *context, uint32_t number, rf_prof_tier *waits); /* *waits: what it is when idle */
    /* What the native code at address is of: 0, nothing; 1, a function; 2, places[0] that was inlined into places[1].
     * has_frame: `walk` tells that function's activation, too. */
    uint32_t (*native)(void *context, const void *address, rf_prof_place places[2], bool *has_frame);
    /* How many bytes lie between the stack pointer in the native code at address and the end of its return address; 0: unknown. */
    uint32_t (*native_frame)(void *context, const void *address);
    /* Exact counts into the profile, when the thread ends. */
    void (*count)(void *context, rf_prof_thread *thread, rf_profile *profile);
    uint32_t builtin_count;
    const uint32_t *release_depth; /* not 0 while values are released; may be NULL */
    const uint8_t *released_kind;  /* of what the line dropped that is released; may be NULL */
    const char *(*kind_name)(unsigned kind); /* for released_kind; static */
    const bool *is_collecting, *is_allocating; /* may be NULL */
    uint64_t (*live_bytes)(void *context); /* of its values; asked by the sampler; may be NULL */
} rf_prof_source;

enum { RF_PROF_LOOPS = 3, RF_PROF_PAGE = 4096, RF_PROF_STATE_IN_PAGE = 0x7c0, RF_PROF_MOST_FRAMES = 1 << 16, RF_PROF_MOST_NATIVE = 4096,
       RF_PROF_MOST_STACK = 1 << 15 };

/* A visit to native code: where such code can be, and where the C stack was when it began. */
typedef struct rf_prof_native {
    const char *code, *code_end, *stack_top;
    uint32_t before; /* state */
} rf_prof_native;

typedef struct rf_prof_pending {
    uint32_t state, label;
    uint64_t at_ns, ticks, cpu_ns, wall_ns;
} rf_prof_pending;

/* What a piece of the profiler's own work takes. Reading the thread's clock twice takes longer than most pieces, so one in a
 * few is measured and counts for those behind it. */
typedef struct rf_prof_price {
    uint64_t ns;
    uint32_t piece;
} rf_prof_price;

struct rf_prof_thread {
    /* What each loop of the VM jumps through, by opcode: its labels, or its hook everywhere; by whoever stops it, and by itself.
     * Each begins a page (vm/code_space.h). */
    _Alignas(RF_PROF_PAGE) _Atomic(const void *) jumps[RF_PROF_LOOPS][RF_PROF_PAGE / sizeof(void *)];
    char apart[RF_PROF_STATE_IN_PAGE]; /* what is told has its place in a page, too */

    /* by the thread */
    _Alignas(64) _Atomic uint32_t state;
    atomic_bool has_pending; /* by the sampler, or for it in a signal handler; the thread clears it */
    atomic_bool is_exact_over; /* by the sampler: instructions need no longer be counted */
    bool is_quiet;             /* neither samples nor counts are wanted of it */
    rf_prof_scope *scopes;
    rf_prof_native native; /* the visit under way */
    atomic_bool is_native; /* there is one */
    _Atomic uint32_t label; /* task that runs */
    _Atomic uint32_t caught; /* state in which a signal found it; CAUGHT: none since */
    uint32_t reach, random; /* instructions that the VM's hook lets pass before it books (vm/profile.c) */
    const void *const *labels[RF_PROF_LOOPS];
    _Atomic(const void *) hooks[RF_PROF_LOOPS]; /* NULL: that loop never ran */
    uint32_t jump_count;
    _Atomic uint64_t stolen_ns; /* time of the profiler in this thread */
    rf_prof_price drain_price, copy_price, stop_price;
    uint64_t calls, tallied_calls; /* in loops of the VM; by source.count */
    bool is_tallied;               /* it began in the loop that counts exactly; by source.count */
    rf_prof_source source;
    struct rf_prof_session *session;

    void *memory; /* that the block is in */

    /* by the sampler */
    _Alignas(64) uint64_t last_wall_ns, last_cpu_ns, last_stolen_ns;
    pthread_t thread;
    clockid_t cpu_clock;
    bool is_ended;
    atomic_bool is_signalled; /* the signal is on its way */
    uint32_t number;

    /* a copy of the stack, made by the signal handler */
    atomic_bool is_copied; /* and not yet read */
    uint32_t copy_count, address_count, stack_size;
    rf_prof_place *copy;
    const void **addresses; /* in native code, innermost first */
    const void **stack;     /* words of the C stack, from what the first of them finds there on */

    pthread_mutex_t lock; /* of the rest */
    RF_VECTOR(rf_prof_pending) pending;
    RF_VECTOR(char *) texts; /* by detail; owned */
    RF_VECTOR(uint64_t) amounts; /* by detail: bytes that a pattern looked at; the thread's own */
    rf_profile found;
    uint32_t last_stack, last_slice; /* booked last */
    uint64_t slice_ns;
    rf_prof_place *places;
    struct rf_prof_tree *tree;

    uint64_t builtin_calls[]; /* by the thread; by number */
};

/* ---- for engines and built-ins, on the thread itself ---- */

/* What runs, innermost first; also in a signal handler.  Returns how many places. */
uint32_t rf_prof_walk(const rf_prof_thread *thread, rf_prof_place *places, uint32_t capacity);
/* Adds what is pending to the stack that runs. */
void rf_prof_drain(rf_prof_thread *thread);
/* Around a piece of the profiler's work in the thread; returns what it takes, in ns. */
int64_t rf_prof_begin_piece(rf_prof_price *price);
uint64_t rf_prof_end_piece(rf_prof_price *price, int64_t began);
/* Bytes were allocated since the last time: they count for the stack that runs. */
void rf_prof_note_allocation(rf_prof_thread *thread, uint64_t bytes);
/* The number of a text, for states; the same text has one number. */
uint32_t rf_prof_detail(rf_prof_thread *thread, const char *text, size_t size);
/* Bytes that were searched with the pattern of that number. */
static inline void rf_prof_note_bytes(rf_prof_thread *thread, uint32_t detail, uint64_t bytes)
{
    while (thread->amounts.count <= detail) rf_vector_push(&thread->amounts, 0);
    thread->amounts.data[detail] += bytes;
}

/* By the thread itself, at every call of a built-in; the sampler reads it.  gcc would keep the address of an atomic store in a
 * register of its own. */
static inline void rf_prof_tell(rf_prof_thread *thread, uint32_t state)
{
#ifdef __SANITIZE_THREAD__
    atomic_store_explicit(&thread->state, state, memory_order_release);
#else
    atomic_signal_fence(memory_order_release);
    *(volatile uint32_t *)&thread->state = state;
#endif
}

static inline void rf_prof_enter(rf_prof_thread *thread, rf_prof_scope *scope, uint32_t state)
{
    scope->before = atomic_load_explicit(&thread->state, memory_order_relaxed);
    scope->state = state;
    scope->frame = thread->source.innermost(thread->source.context);
    scope->outer = thread->scopes;
    atomic_signal_fence(memory_order_release);
    thread->scopes = scope;
    rf_prof_tell(thread, state);
}

static inline void rf_prof_leave(rf_prof_thread *thread, const rf_prof_scope *scope)
{
    if (RF_UNLIKELY(atomic_load_explicit(&thread->has_pending, memory_order_relaxed))) rf_prof_drain(thread);
    thread->scopes = scope->outer;
    rf_prof_tell(thread, scope->before);
}

/* Script code runs, entered from C; what it was before comes back with rf_prof_resume. */
static inline uint32_t rf_prof_run_code(rf_prof_thread *thread, rf_prof_tier tier)
{
    if (RF_UNLIKELY(atomic_load_explicit(&thread->has_pending, memory_order_relaxed))) rf_prof_drain(thread);
    const uint32_t before = atomic_load_explicit(&thread->state, memory_order_relaxed);
    rf_prof_tell(thread, RF_PROF_STATE(tier, 0));
    return before;
}

static inline void rf_prof_resume(rf_prof_thread *thread, uint32_t before)
{
    if (RF_UNLIKELY(atomic_load_explicit(&thread->has_pending, memory_order_relaxed))) rf_prof_drain(thread);
    rf_prof_tell(thread, before);
}

static inline void rf_prof_set_native(rf_prof_thread *thread, rf_prof_native visit)
{
    thread->native = visit;
    atomic_store_explicit(&thread->is_native, visit.code != NULL, memory_order_relaxed);
}

/* Native code is entered, and left; *visit is what it was before. */
static inline void rf_prof_enter_native(rf_prof_thread *thread, rf_prof_native *visit, const char *code, size_t size,
                                        const void *stack_top)
{
    *visit = thread->native; /* a signal between finds another top of the same stack at worst */
    const uint32_t before = atomic_load_explicit(&thread->state, memory_order_relaxed);
    rf_prof_set_native(thread, (rf_prof_native){code, code + size, stack_top, before});
    rf_prof_run_code(thread, RF_TIER_JIT);
}

static inline void rf_prof_leave_native(rf_prof_thread *thread, const rf_prof_native *visit)
{
    rf_prof_resume(thread, thread->native.before);
    rf_prof_set_native(thread, *visit);
}

/* Another task of the thread goes on: its scopes and state are its own.  Between leaving one and going on with the other
 * the engine changes frames, and whoever looks meanwhile sees that. */
typedef struct rf_prof_task {
    rf_prof_scope *scopes;
    rf_prof_native native;
    uint32_t state, label;
} rf_prof_task;
/* A task that the running one starts: labelled by whose it is, "main task > load". */
void rf_prof_task_begin(rf_prof_thread *thread, rf_prof_task *task, const char *name);
void rf_prof_leave_task(rf_prof_thread *thread, rf_prof_task *from);
void rf_prof_go_on(rf_prof_thread *thread, const rf_prof_task *to);

/* ---- for the sampler ---- */

void rf_prof_thread_init(rf_prof_thread *thread, const rf_prof_source *source);
void rf_prof_thread_release(rf_prof_thread *thread);
/* Time under a state, the lock held. */
void rf_prof_add_pending(rf_prof_thread *thread, const rf_prof_pending *pending, uint64_t slice_ns);
/* Adds what is pending to the copied stack, the lock held. */
void rf_prof_take_copy(rf_prof_thread *thread);

#endif
