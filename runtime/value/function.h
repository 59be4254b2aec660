/* Functions, cells, modules, generators, and the table row of a built-in. */
#ifndef RF_VALUE_FUNCTION_H
#define RF_VALUE_FUNCTION_H

#include "syntax/unit.h"
#include "value/string.h"

typedef enum rf_function_kind { /* object.info of rf_function */
    RF_FUNCTION_CLOSURE,
    RF_FUNCTION_BUILTIN,
    RF_FUNCTION_BOUND /* method with its instance */
} rf_function_kind;

typedef struct rf_cell { /* a captured variable */
    rf_object object;
    rf_value value;
} rf_cell;

typedef struct rf_function {
    rf_object object;
    const rf_func *func;          /* CLOSURE, BOUND */
    struct rf_module *module;     /* CLOSURE: counted */
    const struct rf_builtin *builtin; /* BUILTIN */
    void *code;                   /* CLOSURE: the engine's code of func, borrowed from it; may be NULL */
    rf_value self;                /* BOUND: the instance; method: */
    rf_value method;              /* BOUND: the closure */
    uint32_t capture_count;
    uint32_t unused;
    rf_value captures[];          /* values or CELLs */
} rf_function;

typedef rf_value (*rf_builtin_function)(rf_isolate *isolate, rf_value *args, uint32_t arg_count);

/* receiver types of the extension step of BUILTINS 3 (which method calls reach a function): bit 1 << tag */
typedef struct rf_builtin {
    const char *name;       /* as written by programs */
    const char *canonical;  /* equal to name unless this row is an alias */
    int16_t min_args, max_args; /* of the args window, so of a method with its receiver; max -1: no limit */
    uint8_t capability;     /* RF_CAP_x_BIT, 0: none */
    uint8_t tier;           /* 'A', 'B', 'C' */
    bool is_constant;
    bool is_internal;       /* __name: reachable from the prelude only; or a method row */
    bool is_method;         /* "Channel.send": reached by rf_method_find alone; arity messages do not count the
                               receiver (BUILTINS 2.2) */
    uint32_t receivers;     /* 1 << rf_tag of receivers for which x.name(...) is name(x, ...) */
    rf_builtin_function function; /* NULL: prelude or host function, or unavailable */
    rf_value (*host)(rf_isolate *isolate, const struct rf_builtin *row, rf_value *args, uint32_t arg_count);
                            /* function of an embedding program, called when `function` is NULL; see context */
    void *context;
    const char *prelude;    /* name of the prelude function that implements it, else NULL */
    const char *library;    /* unavailable in this build: what it needs ("" when no library); else NULL */
    const char *signature;  /* "push(a: array, v, ...) -> array" */
    const char *doc;        /* one line */
} rf_builtin;

/* Convention for functions: `args` is a window the callee may take values out of (rf_take leaves UNSET); the caller
 * releases what is left.  So a builtin that receives the only reference may change it in place.  The result is new.
 * Arity and capability are checked by the caller with rf_builtin_call. */

/* Calls a builtin row: availability, capability, arity, then the function (C) or the prelude function (through the
 * engine).  `args` as above. */
rf_value rf_builtin_call(rf_isolate *isolate, const rf_builtin *row, rf_value *args, uint32_t arg_count);
/* The function (borrowed) that implements a row with `prelude` set; UNSET after raising.  Engines push its frame
 * directly so that callbacks need no C recursion.  lib/prelude.c. */
rf_value rf_prelude_function(rf_isolate *isolate, const rf_builtin *row);
/* Source text of the prelude (lib/prelude.ruff, embedded at build time), for modules/loader.c. */
extern const char rf_prelude_source[];
extern const size_t rf_prelude_size;
/* Number of the builtin called name, -1 when there is none; internal ones only when with_internal. */
int32_t rf_builtin_find(rf_isolate *isolate, const char *name, size_t size, bool with_internal);
/* raises the arity error for row (RAISED) */
rf_value rf_raise_arity(rf_isolate *isolate, const char *name, int min, int max, uint32_t got);

/* How x.name(args) is carried out when x is not a struct instance with such a method (LANGUAGE 16); lib/methods.c. */
typedef enum rf_method_kind {
    RF_METHOD_NONE,    /* raised: the error is set */
    RF_METHOD_BUILTIN, /* call row with the receiver as first argument */
    RF_METHOD_VALUE    /* call `callee` (new) with args alone: dict entry, module export, struct field */
} rf_method_kind;
typedef struct rf_method_target {
    rf_method_kind kind;
    const rf_builtin *row;
    rf_value callee;
} rf_method_target;
/* receiver of any type but a struct instance that has a method or field of that name (and built-in structs such as
 * ArgParser go here).  Filled in by lib/ at start-up through isolate->find_method... declared here, defined in lib/. */
rf_method_target rf_method_find(rf_isolate *isolate, rf_value receiver, const rf_string *name);

typedef struct rf_module {
    rf_object object;
    rf_unit *unit;          /* shared, immutable; kept alive by the loader */
    rf_value name;          /* full dotted name of the first import; "" for the entry script */
    rf_value *slots;        /* module variables */
    uint32_t slot_count;
    rf_value *literals;     /* strings of the unit's literal pool, interned */
    uint32_t literal_count;
    bool is_evaluated;
    void *protos;           /* of the VM: the code made for it */
    rf_value *names;        /* of the slots when unit is NULL (rf_module_new_builtin), interned strings */
    rf_value *exported;     /* by unit->exports: the values at the end of its evaluation (LANGUAGE 13.3); NULL before
                               rf_module_seal */
} rf_module;

typedef struct rf_generator {
    rf_object object;
    rf_function *function; /* counted: the closure whose body it runs */
    void *frame;           /* engine's; NULL before the first step and after the end */
    rf_value *args;        /* before the first step: the bound arguments */
    uint32_t arg_count;
    uint8_t state;         /* rf_generator_state */
    bool is_iterator;      /* made by the prelude: type name "iterator", displays <iterator> */
    bool was_uncounted;    /* engine's: resumed while no heat was counted */
} rf_generator;

typedef enum rf_generator_state { RF_GENERATOR_NEW, RF_GENERATOR_SUSPENDED, RF_GENERATOR_RUNNING, RF_GENERATOR_DONE }
    rf_generator_state;

typedef struct rf_handle_type { /* host handles */
    const char *type_name;
    void (*free)(rf_isolate *isolate, struct rf_handle *handle);
    /* field of that name, new; UNSET when there is none */
    rf_value (*get_field)(rf_isolate *isolate, struct rf_handle *handle, const rf_string *name);
    /* appends what debug() shows, "Database(type: sqlite)" (BUILTINS 33); NULL: <unknown> */
    void (*inspect)(rf_isolate *isolate, struct rf_handle *handle, rf_buffer *out);
} rf_handle_type;
typedef struct rf_handle {
    rf_object object;
    const rf_handle_type *type;
    void *data;
} rf_handle;

rf_value rf_cell_new(rf_isolate *isolate, rf_value value); /* CELL value; steals value */
/* captures are uninitialised: the caller fills them at once. Retains module. */
rf_value rf_closure_new(rf_isolate *isolate, const rf_func *func, rf_module *module);
rf_value rf_bound_new(rf_isolate *isolate, rf_value method, rf_value self); /* retains both */
/* The function value of a row, immortal: made once for isolate->builtin_values (aliases may share it). */
rf_value rf_builtin_value_new(rf_isolate *isolate, const rf_builtin *row);
/* New module object for unit with literals made, slots UNSET (or the builtin they start with). */
rf_value rf_module_new(rf_isolate *isolate, rf_unit *unit, rf_value name);
/* A module without source whose slots are its exports: values are moved in, names are texts. */
rf_value rf_module_new_builtin(rf_isolate *isolate, const char *name, const char *const *names, const rf_value *values,
                               uint32_t count);
/* Empties the variables, so that functions in them no longer keep the module alive: when its isolate ends. */
void rf_module_clear(rf_isolate *isolate, rf_module *module);
/* REPL: make room after unit grew the module scope; the module now runs `unit`. */
void rf_module_extend(rf_isolate *isolate, rf_module *module, rf_unit *unit);
/* The evaluation is over: the exports keep the values that their variables have now. */
void rf_module_seal(rf_isolate *isolate, rf_module *module);
/* Exported value by name, new; UNSET when there is no such export. */
rf_value rf_module_get(rf_isolate *isolate, rf_module *module, const rf_string *name);
/* args are retained. */
rf_value rf_generator_new(rf_isolate *isolate, rf_function *function, const rf_value *args, uint32_t arg_count);
rf_value rf_handle_new(rf_isolate *isolate, const rf_handle_type *type, void *data);
const char *rf_function_display_name(const rf_function *function); /* as in arity messages and traces */

#endif
