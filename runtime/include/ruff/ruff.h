/* libruff: the Ruff scripting language as a library.
 *
 *     ruff_vm *vm = NULL;
 *     ruff_error err = RUFF_ERROR_INIT;
 *     if (ruff_vm_new(NULL, &vm, &err) == RUFF_OK && ruff_run(vm, source, size, "hello.ruff", &err) != RUFF_OK)
 *         fputs(err.report, stderr);
 *     ruff_error_release(&err);
 *     ruff_vm_free(vm);
 *
 * One thread uses a VM at a time; several VMs may live in one process.
 *
 * SPDX-License-Identifier: MIT */
#ifndef RUFF_H
#define RUFF_H

#include "ruff/error.h"
#include "ruff/value.h"
#include "ruff/version.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ruff_engine {
    RUFF_ENGINE_JIT,        /**< the VM with native code where that is available; the default */
    RUFF_ENGINE_VM,         /**< the bytecode VM alone */
    RUFF_ENGINE_INTERPRETER /**< the tree-walking interpreter */
} ruff_engine;

/** What a program may touch (LANGUAGE 18.10): bits for ruff_config.capabilities. */
typedef enum ruff_capability {
    RUFF_CAN_READ_FILES = 1 << 1,
    RUFF_CAN_WRITE_FILES = 1 << 2,
    RUFF_CAN_DELETE_FILES = 1 << 3,
    RUFF_CAN_EXEC = 1 << 4,
    RUFF_CAN_SHELL = 1 << 5,
    RUFF_CAN_READ_ENV = 1 << 6,
    RUFF_CAN_WRITE_ENV = 1 << 7,
    RUFF_CAN_CONNECT = 1 << 8,
    RUFF_CAN_SERVE = 1 << 9,
    RUFF_CAN_DATABASE = 1 << 10,
    RUFF_CAN_CLOCK = 1 << 11,
    RUFF_CAN_RANDOM = 1 << 12,
    RUFF_CAN_EVERYTHING = 0x1FFE
} ruff_capability;

typedef enum ruff_stream { RUFF_STDOUT = 1, RUFF_STDERR = 2 } ruff_stream;

/** Receives what a program prints, one indivisible piece a call; workers call it from their threads, never two at
 *  the same time. */
typedef void (*ruff_write_function)(void *context, ruff_stream stream, const char *bytes, size_t size);

typedef enum ruff_overflow {
    RUFF_OVERFLOW_ERROR, /**< integer overflow raises */
    RUFF_OVERFLOW_WRAP   /**< it wraps modulo 2^64 (LANGUAGE 21.4) */
} ruff_overflow;

typedef enum ruff_report {
    RUFF_REPORT_TEXT, /**< ruff_error.report as LANGUAGE 12.5 */
    RUFF_REPORT_JSON  /**< as LANGUAGE 12.6, for errors at run time */
} ruff_report;

typedef enum ruff_globals {
    RUFF_GLOBALS_KEEP,   /**< ruff_global_get() finds every module-level variable */
    RUFF_GLOBALS_PRIVATE /**< those that no function mentions may live in registers: faster top-level loops */
} ruff_globals;

/** What is said about native code on standard error. */
typedef enum ruff_jit_notice {
    RUFF_JIT_SILENT,  /**< nothing */
    RUFF_JIT_ABSENCE, /**< one line when there can be none, and why */
    RUFF_JIT_TRACE    /**< that, a line for each event, and the counters at the end */
} ruff_jit_notice;

/** Whether native code is kept in files for the next run of the program. */
typedef enum ruff_jit_cache {
    RUFF_JIT_CACHE_OFF,
    RUFF_JIT_CACHE_READ, /**< used, never written */
    RUFF_JIT_CACHE_ON
} ruff_jit_cache;

/** Choices for a new VM.  Start from ruff_config_default(). */
typedef struct ruff_config {
    ruff_engine engine;
    ruff_overflow overflow;
    ruff_report report;
    ruff_globals globals;
    uint32_t capabilities;        /**< ruff_capability bits */
    uint32_t max_call_depth;      /**< active calls of user functions, 16 to 1,000,000 */
    int64_t scheduler_timeout_ms; /**< for tasks left over when the main program ends */
    const char *const *args;      /**< what args() answers; borrowed for the life of the VM */
    int arg_count;
    ruff_write_function write;    /**< NULL: the process's standard output and error */
    void *write_context;
    ruff_jit_notice jit_notice;
    ruff_jit_cache jit_cache;     /**< off in ruff_config_default() */
    const char *jit_cache_folder; /**< NULL: "ruff/jit" in the user's cache folder; borrowed for ruff_vm_new() */
    int jit_counts_guards;        /**< makes ruff_jit_counters.guards_passed exact, at a price */
} ruff_config;

RUFF_API ruff_config ruff_config_default(void);

/** Makes a VM.  @param config  NULL for the defaults; copied.  @param[out] vm  new, ruff_vm_free().
 *  @return RUFF_OK or RUFF_E_MISUSE. */
RUFF_API ruff_status ruff_vm_new(const ruff_config *config, ruff_vm **vm, ruff_error *err);
/** Frees the VM and every module in it; NULL is allowed.  Waits for the workers (`spawn`) that still run, so a worker that
 *  never ends is waited for without end. */
RUFF_API void ruff_vm_free(ruff_vm *vm);

/** Runs a whole program: lexes, parses, resolves, executes, waits for its tasks and workers.
 *
 *  Global variables of the program stay readable with ruff_global_get() until the next run.
 *  @param source  UTF-8, borrowed for the call; @p size in bytes.  @param name  the path messages show.
 *  @return RUFF_OK; RUFF_E_SYNTAX; RUFF_E_RUNTIME (uncaught error); RUFF_E_EXIT (err->exit_code holds the argument of
 *  exit()); RUFF_E_MISUSE.  Details and the printable report in @p err. */
RUFF_API ruff_status ruff_run(ruff_vm *vm, const char *source, size_t size, const char *name, ruff_error *err);

/** Lexes, parses, resolves and compiles without executing.  @param[out] statements, instructions  may be NULL. */
RUFF_API ruff_status ruff_check(ruff_vm *vm, const char *source, size_t size, const char *name,
                                uint64_t *statements, uint64_t *instructions, ruff_error *err);

/** What native code did in a VM; in nanoseconds, bytes or plain numbers. */
typedef struct ruff_jit_counters {
#define RUFF_JIT_COUNTER(name, unit, meaning) uint64_t name;
#include "ruff/jit_counter.def"
#undef RUFF_JIT_COUNTER
} ruff_jit_counters;

/** @param[out] counters  what has been counted so far, workers not included.  @return 0 when the VM has no JIT. */
RUFF_API int ruff_jit_counters_get(const ruff_vm *vm, ruff_jit_counters *counters);
/** Why no VM of this process can have native code: "as not found"; NULL when it can. */
RUFF_API const char *ruff_jit_unavailable(void);

/** Value of a module-level variable of the program last run; NULL when there is none. */
RUFF_API ruff_value *ruff_global_get(ruff_vm *vm, const char *name);

/** Calls a function value.  @param[out] result  new; NULL when not wanted; untouched on failure. */
RUFF_API ruff_status ruff_call(ruff_vm *vm, const ruff_value *function, const ruff_value *const *args,
                               size_t arg_count, ruff_value **result, ruff_error *err);

/** A function of the embedding program.  Returns a new value (NULL for null), or NULL after ruff_host_raise(). */
typedef ruff_value *(*ruff_host_function)(ruff_vm *vm, void *context, const ruff_value *const *args,
                                          size_t arg_count);
/** Predefines @p name for programs run later in this VM; a program may shadow it like any built-in.
 *  @param max_args  -1 for no limit.  @param name  copied. */
RUFF_API ruff_status ruff_define(ruff_vm *vm, const char *name, int min_args, int max_args,
                                 ruff_host_function function, void *context, ruff_error *err);
/** Makes the running host function raise @p message when it returns NULL. */
RUFF_API void ruff_host_raise(ruff_vm *vm, const char *message);

#ifdef __cplusplus
}
#endif
#endif
