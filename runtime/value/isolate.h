/* An isolate: one heap and everything that belongs to it.  The main program is one, each spawned worker is another;
 * nothing mutable is shared between two (RUNTIME 15), so nothing here needs atomics. */
#ifndef RF_VALUE_ISOLATE_H
#define RF_VALUE_ISOLATE_H

#include "base/buffer.h"
#include "syntax/unit.h"
#include "value/engine.h"
#include "value/heap.h"
#include "value/value.h"

/* What a program may touch (LANGUAGE 18.10). */
enum {
#define RF_CAPABILITY(name, text, flag) RF_CAP_##name##_BIT,
#include "value/capability.def"
#undef RF_CAPABILITY
    RF_CAP_COUNT
};

typedef struct rf_host { /* process-wide settings, shared by all isolates of one VM, immutable while it runs */
    void *context;
    /* writes one indivisible unit to standard output (1) or standard error (2) of the program; workers call it too */
    void (*write)(void *context, int stream, const char *bytes, size_t size);
    void (*flush)(void *context);
    const char *const *args; /* of the program (args()) */
    int arg_count;
    uint32_t capabilities;   /* bit RF_CAP_x_BIT set: allowed */
    bool wrap_integers;      /* --int-overflow=wrap */
    uint32_t max_call_depth; /* default 10,000 */
    int64_t scheduler_timeout_ms;
    const char *entry_path;  /* of the entry script, for module search; may be NULL */
    bool is_repl;
} rf_host;

struct rf_isolate {
    rf_heap heap;
    rf_value error;           /* the error in flight while RF_RAISED travels; UNSET otherwise */
    const rf_engine *engine;  /* how calls are made */
    void *engine_state;       /* private to the engine */
    const rf_host *host;
    struct rf_task *task;     /* the running task (sched/) */
    struct rf_sched *sched;   /* tasks, timers, background operations of this isolate */
    const struct rf_builtin *builtins; /* the table of lib/, by number */
    uint32_t builtin_count;
    rf_value *builtin_values; /* by number: the function or constant, immortal */
    struct rf_loader *loader; /* modules of this isolate (capi/loader) */
    struct rf_module *prelude; /* evaluated prelude.ruff, NULL until first needed */
    uint32_t depth;           /* active calls of user functions in the running task */
    uint32_t max_depth;
    bool wrap_integers;
    rf_pos blame;             /* position of the next raise when not 0: overrides engine->trace, then reset */
    char *stack_limit;        /* C stack of the running task: below this a call moves to a new segment (sched/stack.h) */
    int exit_code;            /* set with exit_requested */
    bool exit_requested;      /* exit(n) was called: RAISED travels but no `except` catches it */
    bool abandoning;          /* a generator or task is being unwound: likewise not catchable */
    struct rf_intern *interned; /* intern.c */
    struct rf_lib_state *lib;   /* private to lib/: regex cache, random state, ... */
    void (*echo)(rf_isolate *isolate, rf_value value); /* REPL: value of an expression statement (borrowed) */
};

/* New isolate with its constants; engine, host, builtins and loader are set by the caller before running code. */
rf_isolate *rf_isolate_new(const rf_host *host);
void rf_isolate_free(rf_isolate *isolate); /* releases every value it owns; NULL is allowed */

#endif
