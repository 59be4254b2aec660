/* Shared by the resolve_*.c files: scopes and variables while names are being resolved (LANGUAGE 4).
 *
 * The module is walked first, then the functions in the order in which they were met, so that all scopes around a
 * function are complete before its body is looked at: a function sees every variable of the scopes it is defined in,
 * wherever it is declared.  A spawn block is no function in this respect: it is walked in line, only its frame is
 * its own.  `now` counts the events of all walks; comparing two numbers from one walk compares text positions.
 *
 * The same walk notes what closures and frames need: when a variable is written and when closures over it are made
 * (is_cell), and whether a read can come before the first write (may_be_unset). */
#ifndef RF_SYNTAX_RESOLVE_H
#define RF_SYNTAX_RESOLVE_H

#include "syntax/literal_pool.h"

typedef struct resolve_scope resolve_scope;
typedef struct resolve_func resolve_func;

static const uint32_t NEVER = UINT32_MAX;

/* The fields of a struct by name, for its methods with implicit self. */
typedef struct field_table {
    const rf_struct_decl *decl;
    uint32_t *table; /* open addressing, index + 1; NULL while there are few */
    uint32_t capacity;
} field_table;

typedef struct resolve_var {
    rf_var var; /* must be first */
    resolve_scope *scope;
    rf_node *hoisted;       /* the declaration made on block entry */
    bool is_declared;       /* false: of the module, but not reached yet, or only reserved (REPL) */
    bool is_assigned;       /* at this point of the walk a value is certain */
    bool is_written_inside; /* by a nested function */
    bool is_seen_inside;    /* module scope: by a nested function */
    uint32_t declared_at;
    uint32_t assigned_at;   /* when is_assigned became true */
    uint32_t certain_from;  /* closures made after this surely find a value; set when the scope ends */
    uint32_t last_write;
    uint32_t rebound_at;    /* its hoisted declaration is executed as statement */
    uint32_t first_capture; /* no write after this leaves the variable free of cells */
    uint32_t first_closure; /* when the first closure over it is made */
    uint32_t hoist_round, merge_round, merge_count;
    const resolve_func *captured_by; /* the last function that asked, and its capture number */
    uint32_t capture_index;
} resolve_var;

struct resolve_scope {
    resolve_scope *outer;
    resolve_func *walk;     /* the function (or module) whose text it belongs to: spawn blocks excluded */
    resolve_func *frame;    /* the function whose frame holds its variables */
    bool is_home, is_module;
    const field_table *fields; /* the pseudo scope of implicit self; its only variable is self */
    resolve_var *self;
    uint32_t start;         /* `now` at entry */
    resolve_var **vars;     /* in the arena */
    uint32_t count, capacity;
    uint32_t *table;        /* open addressing over vars, index + 1; NULL while there are few */
    uint32_t table_capacity;
};

typedef struct resolve_loop {
    struct resolve_loop *outer;
    uint32_t start;
} resolve_loop;

struct resolve_func {
    rf_func *func;
    resolve_func *outer_walk; /* the walk it was met in */
    resolve_func *outer_frame;
    resolve_scope *scope;     /* around its definition */
    resolve_loop *loop;       /* around its creation, inside outer_frame and beyond */
    uint32_t text_at;         /* where it stands in outer_walk */
    uint32_t made_at;         /* when the closure is made there */
    RF_VECTOR(rf_capture) captures;
    uint32_t *table;          /* open addressing over captures, index + 1 */
    uint32_t table_capacity;
    const field_table *fields; /* METHOD: shared by those of one struct */
};

/* A method called on self itself: it modifies the caller's self if the callee modifies its own. */
typedef struct self_call {
    rf_func *caller, *callee; /* callee: found at the end */
    const rf_symbol *name;
} self_call;

typedef struct noted_ref {
    rf_ref *ref;
    resolve_var *var;
    resolve_func *frame;
    bool is_read;
} noted_ref;

/* How the arms of a branch join: the variables each of them assigned. */
typedef struct flow_merge {
    size_t mark;      /* of the trail, before the arms */
    size_t base;      /* of `merging` */
    uint32_t arms;    /* that can be left at their end */
    bool was_dead;
} flow_merge;

typedef struct resolver {
    rf_unit *unit;
    const rf_front *front;
    rf_literal_pool *pool;
    bool is_repl;
    bool keeps_variables; /* every module variable has a module slot */
    uint32_t now;
    resolve_func *walk, *frame;
    resolve_scope *scope, *module;
    resolve_loop *loop;
    const rf_symbol *self_symbol, *discard_symbol;
    RF_VECTOR(resolve_func *) funcs;   /* by rf_func.id; those from `next` on are to be walked */
    RF_VECTOR(resolve_var *) vars;     /* all */
    RF_VECTOR(noted_ref) refs;
    RF_VECTOR(self_call) self_calls;
    RF_VECTOR(rf_node *) spine;        /* of left-leaning expressions, see resolve_expr.c */
    RF_VECTOR(int32_t) builtins;       /* by literal: number, -1 none, -2 not asked yet */
    RF_VECTOR(uint32_t) mentions;      /* by literal: the last expression found to mention it */
    uint32_t mention_round;
    RF_VECTOR(uint32_t) shadows;       /* by literal: branch blocks around that declare it (resolve_module.c) */
    RF_VECTOR(resolve_var *) trail;    /* variables in the order in which they became assigned */
    RF_VECTOR(resolve_var *) merging;
    bool is_dead;                      /* this point cannot be reached */
    uint32_t merge_round, hoist_round;
} resolver;

/* ---- scope.c ---- */
resolve_scope *rf_resolve_open_scope(resolver *r, bool is_home); /* becomes r->scope */
rf_scope *rf_resolve_close_scope(resolver *r);                   /* back to the outer one */
rf_scope *rf_resolve_list_scope(resolver *r, const resolve_scope *scope);
resolve_var *rf_resolve_lookup(const resolve_scope *scope, const rf_symbol *name);
/* a new variable of scope (name NULL: not to be found by name) */
resolve_var *rf_resolve_add_var(resolver *r, resolve_scope *scope, const rf_symbol *name, rf_pos pos);
void rf_resolve_declare(resolver *r, resolve_var *var, rf_pos pos);
/* index of the capture of var in func, added when new */
const field_table *rf_resolve_index_fields(resolver *r, const rf_struct_decl *decl);
bool rf_resolve_lookup_field(const field_table *fields, const rf_symbol *name, uint32_t *index);
uint32_t rf_resolve_capture(resolver *r, resolve_func *func, resolve_var *var);
int32_t rf_resolve_builtin(resolver *r, const rf_symbol *name);

/* ---- flow.c ---- */
void rf_flow_assign(resolver *r, resolve_var *var);
void rf_flow_undo(resolver *r, size_t mark);
flow_merge rf_flow_begin(resolver *r);
void rf_flow_end_arm(resolver *r, flow_merge *merge); /* also for an arm that does nothing */
void rf_flow_join(resolver *r, const flow_merge *merge);

/* ---- resolve_name.c ---- */
typedef struct found_name {
    resolve_var *var;    /* NULL: no variable */
    resolve_scope *fields; /* set when it is a field of implicit self: var is that self */
    uint32_t field;
} found_name;
found_name rf_resolve_find(resolver *r, const rf_symbol *name);
void rf_resolve_read(resolver *r, rf_ref *ref);
/* plain assignment; value is the right-hand side */
void rf_resolve_assign(resolver *r, rf_ref *ref, rf_pos pos, rf_node *value, uint32_t *mention_round);
/* let, const and the like: in scope; true when the declaration is a duplicate that raises */
bool rf_resolve_bind(resolver *r, resolve_scope *scope, rf_ref *ref, rf_pos pos, bool is_const);
void rf_resolve_refer(resolver *r, rf_ref *ref, resolve_var *var); /* to store there */
void rf_resolve_note_write(resolver *r, resolve_var *var);
/* the receiver of a method call */
void rf_resolve_note_receiver(resolver *r, const rf_node *method, resolve_var *var);
resolve_scope *rf_resolve_home(resolver *r);

/* ---- resolve_expr.c ---- */
void rf_resolve_expression(resolver *r, rf_node *node);
bool rf_resolve_mentions(resolver *r, rf_node *value, const rf_symbol *name, uint32_t *round);
resolve_func *rf_resolve_meet(resolver *r, rf_func *func); /* notes it for a later walk */

/* ---- resolve_stmt.c ---- */
void rf_resolve_statements(resolver *r, rf_block *block); /* in r->scope, hoisting first */
void rf_resolve_block(resolver *r, rf_block *block, bool is_home);
void rf_resolve_expand_import(resolver *r, rf_node *node);

/* ---- resolve_module.c ---- */
void rf_resolve_find_module_vars(resolver *r, rf_block *block);
void rf_resolve_continue_module(resolver *r, const rf_unit *previous);

/* ---- resolve.c ---- */
void rf_resolve(rf_unit *unit, const rf_front *front, rf_literal_pool *pool, const rf_unit_options *options);

#endif
