/* A unit: one source text with everything the front end knows about it.
 *
 * rf_unit_load does lexing, parsing and resolving in one call; all problems come back as a ruff_error with the
 * complete report text of LANGUAGE 2.9, 3.6 or 7.9 and the exit code (3 or 4). */
#ifndef RF_SYNTAX_UNIT_H
#define RF_SYNTAX_UNIT_H

#include "base/buffer.h"
#include "base/vector.h"
#include "syntax/ast.h"

typedef struct rf_literal { /* one entry of the literal pool: text (interned, unique in the unit) */
    const char *text;
    uint32_t size;
} rf_literal;

/* One test for `ruff test-run` (LANGUAGE 20), in source order, groups flattened. */
typedef struct rf_test {
    const char *name;
    rf_func *func; /* RF_FUNC_TEST; its body holds one TEST_PHASES node: declarations of the groups around it, the
                      set-up, the body, the tear-down, all in the one frame (each test has its own copy of them) */
    uint32_t setup_count, teardown_count;
} rf_test;

struct rf_unit {
    rf_arena arena;
    const char *path;     /* as shown in messages: the command line's spelling, "<stdin>", "<repl>", ... */
    const char *source;   /* borrowed from the arena, normalised line ends not applied */
    size_t source_size;
    rf_func *main;        /* RF_FUNC_MODULE */
    RF_VECTOR(rf_func *) funcs;       /* by id; funcs.data[0] is main */
    RF_VECTOR(rf_literal) literals;
    RF_VECTOR(rf_var *) module_vars;  /* by module slot */
    RF_VECTOR(rf_var *) exports;      /* module variables exported, in source order */
    RF_VECTOR(const rf_symbol *) undefined_exports; /* `export name` of a name without variable */
    RF_VECTOR(rf_test) tests;         /* only when loaded with with_tests */
    uint32_t statement_count;         /* top level */
    bool is_prelude;      /* functions are hidden; names starting with __ reach the internal built-ins */
    bool has_inner_import; /* some function or spawn block imports */
    bool has_open_import; /* `import m` whose exports were not known: names may be undefined at check time */
};

/* How the resolver learns about the world outside the text. */
typedef struct rf_front {
    void *context;
    /* number of the built-in called name, or -1 */
    int32_t (*find_builtin)(void *context, const char *name, size_t size);
    /* exported names of module `path` as imported from `unit` (so that `import m` can be resolved by text); calls
     * add for each.  NULL, or false as result: unknown, the import binds nothing statically. */
    bool (*module_exports)(void *context, const rf_unit *unit, const char *path,
                           void (*add)(void *sink, const char *name, size_t size), void *sink);
    /* name of built-in `number`, "" when programs cannot reach it, NULL when there are not so many: for suggestions
     * of `ruff check`; may be NULL */
    const char *(*builtin_name)(void *context, uint32_t number);
} rf_front;

typedef struct rf_unit_options {
    const char *path;
    bool with_tests;  /* test declarations become unit->tests; otherwise they are parsed, resolved and dropped */
    bool is_prelude;
    bool keeps_variables; /* every module variable gets a module slot: an embedding program reads them afterwards */
    bool is_repl;     /* as keeps_variables, and expression statements get `flag` */
    rf_unit *previous; /* REPL: the unit of the last input; the new one has its module variables in the same slots and
                          adds its own.  What a function reads and nothing declares gets a slot too (is_reserved),
                          so that a later input can define it */
} rf_unit_options;

/* Lexes, parses and resolves source (UTF-8, size bytes, borrowed for the call).  On success *out is new: free with
 * rf_unit_free, after everything that runs it has gone.  RUFF_E_SYNTAX with err->report otherwise: it begins with
 * [RUFLEX (message and place are those of the first error), [RUFPARSE or [RUFRUN (front-end errors, exit code 4). */
RF_MUST_USE ruff_status rf_unit_load(const char *source, size_t size, const rf_unit_options *options,
                                     const rf_front *front, rf_unit **out, ruff_error *err);
void rf_unit_free(rf_unit *unit);

/* The exported names of source without resolving it (for rf_front.module_exports); false when it does not parse. */
bool rf_unit_scan_exports(const char *source, size_t size,
                          void (*add)(void *sink, const char *name, size_t size), void *sink);

#endif
