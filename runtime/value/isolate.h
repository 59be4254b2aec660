/* An isolate: one heap and everything that belongs to it.  The main program is one, each spawned worker is another;
 * nothing mutable is shared between two (RUNTIME 15), so nothing here needs atomics. */
#ifndef RF_VALUE_ISOLATE_H
#define RF_VALUE_ISOLATE_H

#include "base/buffer.h"
#include "syntax/unit.h"
#include "value/engine.h"
#include "value/heap.h"
#include "value/value.h"

#include <stdatomic.h>

/* What a program may touch (LANGUAGE 18.10). */
enum {
#define RF_CAPABILITY(name, text, flag) RF_CAP_##name##_BIT,
#include "value/capability.def"
#undef RF_CAPABILITY
    RF_CAP_COUNT
};

struct rf_jit_code;

typedef struct rf_host { /* process-wide settings, shared by all isolates of one VM, immutable while it runs */
    void *context;
    /* writes one indivisible unit to standard output (1) or standard error (2) of the program; workers call it too */
    void (*write)(void *context, int stream, const char *bytes, size_t size);
    void (*flush)(void *context);
    const char *const *args; /* of the program (args()) */
    int arg_count;
    uint32_t capabilities;   /* bit RF_CAP_x_BIT set: allowed */
    bool wrap_integers;      /* --int-overflow=wrap */
    struct rf_memory_profile *memory_profile; /* of all its isolates (memory_profile.h); NULL: not measured */
    uint32_t max_call_depth; /* default 10,000 */
    int64_t scheduler_timeout_ms;
    const char *entry_path;  /* of the entry script, for module search; may be NULL */
    bool is_repl;
    const atomic_int *interrupted; /* set by a signal: what runs is to end as by exit(130); NULL: never */
    /* An isolate for a worker of parent, on the parent's thread: engine, built-ins, loader with the same units, and
     * rf_sched_new_worker; NULL: no workers.  free_worker undoes it, on the worker's thread. */
    struct rf_isolate *(*new_worker)(struct rf_isolate *parent);
    void (*free_worker)(struct rf_isolate *worker);
    struct rf_prof_session *prof; /* that every isolate takes part in (profiling.h); NULL: not profiled */
    /* exit() in a worker, output flushed: ends the process at once. NULL: the main task ends with exit instead. */
    void (*end_process)(void *context, int code);
    void *end_context;
    /* Native code was loaded, while profiled; on the isolate's thread.  NULL: nobody wants to know. */
    void (*code_loaded)(void *context, const struct rf_jit_code *code);
    void *code_context;
} rf_host;

/* How sched/ takes part in the life of the objects it defines; filled in by it, NULL where there is no scheduler. */
typedef struct rf_sched_hooks {
    /* the count of a promise reached zero: release what it holds and its memory (rf_object_free) */
    void (*free_promise)(rf_isolate *isolate, struct rf_promise *promise);
    /* the references it holds, for the cycle collector; drop releases them and leaves the promise empty */
    void (*visit_promise)(rf_isolate *isolate, struct rf_promise *promise,
                          void (*visit)(void *context, rf_value value), void *context);
    void (*drop_promise)(rf_isolate *isolate, struct rf_promise *promise);
    void (*free_channel)(rf_isolate *isolate, struct rf_channel *channel);
    /* channels in packets travel as their core: share adds one count, drop removes it, adopt turns the counted core
     * into a channel of this isolate (new; steals the count) */
    void *(*share_channel)(struct rf_channel *channel);
    void (*drop_core)(void *core);
    rf_value (*adopt_channel)(rf_isolate *isolate, void *core);
    bool (*same_channel)(const struct rf_channel *a, const struct rf_channel *b); /* one core: == (LANGUAGE 5.8) */
    /* one task waits for what another does: a new pending promise, its end, and `await` of it (a result to release) */
    rf_value (*new_promise)(rf_isolate *isolate);
    void (*resolve_promise)(rf_isolate *isolate, struct rf_promise *promise, rf_value v);
    rf_value (*await_promise)(rf_isolate *isolate, rf_value promise);
    /* rf_stack_call, for the few recursions of value/ that are as deep as the data */
    void (*stack_call)(rf_isolate *isolate, void (*function)(void *context), void *context);
} rf_sched_hooks;

typedef enum rf_test_phase { RF_PHASE_NONE, RF_PHASE_SETUP, RF_PHASE_BODY } rf_test_phase; /* TEST_PHASES */

struct rf_isolate {
    rf_heap heap;
    rf_value error;           /* the error in flight while RF_RAISED travels; UNSET otherwise */
    const rf_engine *engine;  /* how calls are made */
    void *engine_state;       /* private to the engine */
    const rf_host *host;
    struct rf_task *task;     /* the running task (sched/) */
    struct rf_sched *sched;   /* tasks, timers, background operations of this isolate */
    struct rf_stack_pool *stacks; /* C stacks of this isolate (sched/stack.h); made at first use */
    const struct rf_builtin *builtins; /* the table of lib/, by number */
    uint32_t builtin_count;
    rf_value *builtin_values; /* by number: the function or constant, immortal; rf_alloc, freed with the isolate */
    struct rf_builtin_index *builtin_index; /* builtin.c: name to number, made at the first rf_builtin_find */
    struct rf_loader *loader; /* modules of this isolate (capi/loader) */
    struct rf_module *prelude; /* evaluated prelude.ruff, NULL until first needed */
    uint32_t depth;           /* active calls of user functions in the running task */
    uint32_t max_depth;
    uint32_t compare_depth;   /* data levels above the comparison that runs now: sets within sets (equality.c) */
    bool wrap_integers;
    rf_pos blame;             /* position of the next raise when not 0: overrides engine->trace, then reset */
    char *stack_limit;        /* C stack of the running task: below this a call moves to a new segment (sched/stack.h) */
    int exit_code;            /* set with exit_requested */
    bool exit_requested;      /* exit(n) was called: RAISED travels but no `except` catches it */
    bool abandoning;          /* a generator or task is being unwound: likewise not catchable */
    struct rf_intern *interned; /* intern.c */
    struct rf_registry *registry; /* registry.c: declarations and modules by identity, for transfer */
    const rf_sched_hooks *sched_hooks;
    /* a module arrived from another isolate and is new here (slots filled): the loader takes note; may be NULL */
    void (*adopt_module)(rf_isolate *isolate, struct rf_module *module);
    /* the evaluated modules that a worker must get with the variables of its body, because code in it may import them
       (LANGUAGE 13.4: once per process), borrowed; may be NULL */
    const rf_value *(*list_modules)(rf_isolate *isolate, uint32_t *count);
    rf_buffer scratch;          /* text under construction, kept to save allocations; take it out while using it */
    struct rf_prof_thread *prof; /* what its thread tells the profiler; NULL: not profiled */
    struct rf_lib_state *lib;   /* private to lib/: regex cache, random state, ... */
    uint8_t failed_phase;       /* rf_test_phase in which the running test's first error was raised */
    void (*echo)(rf_isolate *isolate, rf_value value); /* REPL: value of an expression statement (borrowed) */
};

/* New isolate with its constants; engine, host, builtins and loader are set by the caller before running code. */
rf_isolate *rf_isolate_new(const rf_host *host);
void rf_isolate_free(rf_isolate *isolate); /* releases every value it owns; NULL is allowed */

/* ---- object memory, inline ---- */

/* kind: also with RF_HEAP_BUFFER */
static RF_ALWAYS_INLINE void *rf_heap_take(rf_isolate *isolate, size_t size, unsigned kind)
{
#ifdef RF_HEAP_EXACT
    return rf_heap_alloc_slow(isolate, size, RF_HEAP_MARK(kind));
#else
    rf_heap *heap = &isolate->heap;
    if (RF_UNLIKELY(size > heap->small_limit)) return rf_heap_alloc_slow(isolate, size, RF_HEAP_MARK(kind));
    size_t index = (size + RF_HEAP_GRAIN - 1) / RF_HEAP_GRAIN;
    heap->live_bytes += size;
    rf_free_cell *cell = heap->free[index];
    if (RF_UNLIKELY(!cell)) return rf_heap_refill(isolate, index);
    heap->free[index] = cell->next;
    return cell;
#endif
}

/* Asks for the cell that the next allocation of such a size, RF_HEAP_SMALL at most, will take, so that it need not wait
 * for it: where many live, cells that came back have long left the caches. */
static inline void rf_heap_fetch_next(const rf_isolate *isolate, size_t size)
{
    __builtin_prefetch(isolate->heap.free[(size + RF_HEAP_GRAIN - 1) / RF_HEAP_GRAIN], 1);
}

/* Uninitialised memory of size bytes that an object of this kind owns. */
static inline void *rf_heap_alloc(rf_isolate *isolate, size_t size, unsigned kind)
{
    return rf_heap_take(isolate, size, kind | RF_HEAP_BUFFER);
}

static inline void rf_heap_free(rf_isolate *isolate, void *memory, size_t size)
{
#ifdef RF_HEAP_EXACT
    rf_heap_free_slow(isolate, memory, size);
#else
    rf_heap *heap = &isolate->heap;
    if (RF_UNLIKELY(size > heap->small_limit)) {
        rf_heap_free_slow(isolate, memory, size);
        return;
    }
    size_t index = (size + RF_HEAP_GRAIN - 1) / RF_HEAP_GRAIN;
    rf_free_cell *cell = memory;
    heap->live_bytes -= size;
    cell->next = heap->free[index];
    heap->free[index] = cell;
#endif
}

/* A container is copied because somebody else holds it too. */
static inline void rf_heap_copying(rf_isolate *isolate, const rf_object *object)
{
    if (RF_UNLIKELY(isolate->heap.allocations != NULL)) rf_heap_note_copy(isolate, object);
}

/* Memory of an object with its header filled in (count 1); the rest is uninitialised. */
static inline void *rf_object_new(rf_isolate *isolate, size_t size, rf_tag kind, unsigned info)
{
    isolate->heap.object_count++; /* first, so that no slow way has to keep the isolate for it */
    rf_object *object = rf_heap_take(isolate, size, kind);
    *object = (rf_object){.count = 1, .kind = (uint8_t)kind, .flags = 0, .info = (uint16_t)info};
#ifdef RF_STRESS
    rf_heap_track(isolate, object);
#endif
    return object;
}

static inline void rf_object_free(rf_isolate *isolate, void *object, size_t size)
{
    isolate->heap.object_count--;
#ifdef RF_STRESS
    rf_heap_untrack(isolate, object);
#endif
    rf_heap_free(isolate, object, size);
}

#endif
