/* The tree: what the parser builds and the resolver annotates; both engines walk it, neither changes it.
 *
 * Everything here lives in the arena of its rf_unit and is immutable once rf_resolve has returned, so workers on
 * other threads may share it.  Text of names and literals is interned in the unit: `rf_symbol.literal` and the
 * literal numbers of nodes index the unit's literal pool, of which every isolate makes its own values
 * (rf_module.literals). */
#ifndef RF_SYNTAX_AST_H
#define RF_SYNTAX_AST_H

#include "base/arena.h"
#include "base/base.h"

typedef struct rf_pos {
    uint32_t line, column; /* 1-based, column in characters */
} rf_pos;

typedef struct rf_unit rf_unit;
typedef struct rf_node rf_node;
typedef struct rf_func rf_func;
typedef struct rf_var rf_var;
typedef struct rf_block rf_block;
typedef struct rf_pattern rf_pattern;
typedef struct rf_type_note rf_type_note; /* an annotation (LANGUAGE 15); only check reads it */

/* An interned name: equal names of one unit are one pointer. */
typedef struct rf_symbol {
    uint32_t literal; /* index in the unit's literal pool */
    uint32_t size;    /* bytes */
    char text[];      /* NUL-terminated UTF-8 */
} rf_symbol;

/* ---- variables and references (LANGUAGE 4), filled in by resolve.c ---- */

typedef enum rf_var_home {
    RF_HOME_LOCAL, /* slot of the frame of var->func */
    RF_HOME_MODULE /* slot of the module (rf_module.slots): every module variable that a nested function, an
                      export or a later REPL input can see; the others are locals of the module's function */
} rf_var_home;

struct rf_var {
    const rf_symbol *name;
    rf_pos pos;           /* of the declaring token */
    rf_func *func;        /* the function whose frame or module whose slots hold it */
    uint32_t slot;
    uint8_t home;         /* rf_var_home */
    bool is_const;
    bool is_param;
    bool is_captured;     /* a nested function refers to it (locals only) */
    bool is_cell;         /* the frame slot holds an rf_cell that owns the value: captured and assigned after the
                             capture may have happened; otherwise closures copy the value */
    bool is_exported;
    bool is_receiver;     /* a method call has a place of this variable as receiver, so that a modifying method may
                             store into it (LANGUAGE 9.4); not counted in write_count */
    bool is_reserved;     /* REPL: read by a function, not declared so far; a later input may do that */
    bool needs_reset;     /* a read may come before the first assignment of a scope's entry, so scope entry must
                             store UNSET (cells are always made anew) */
    int32_t builtin;      /* module variable that starts out holding this built-in; -1 if none */
    uint32_t write_count; /* declarations, assignments to it or to a part of it, update statements in the text */
    rf_node *only_decl;   /* the func/struct/enum declaration that is the only write, else NULL: a constant */
};

typedef enum rf_ref_kind {
    RF_REF_NONE,    /* nothing: reading, and storing except in `_ := e`, raises Undefined variable */
    RF_REF_LOCAL,   /* index: slot of the running frame */
    RF_REF_CAPTURE, /* index: capture of the running closure */
    RF_REF_MODULE,  /* index: slot of the module */
    RF_REF_BUILTIN, /* index: built-in number (read only) */
    RF_REF_FIELD    /* implicit self (LANGUAGE 9.3): field `field` of the instance held by ... */
} rf_ref_kind;

typedef struct rf_ref {
    uint8_t kind;      /* rf_ref_kind */
    uint8_t self_kind; /* FIELD: RF_REF_LOCAL or RF_REF_CAPTURE, where self is found at `index` */
    bool may_be_unset; /* the read must test for UNSET and raise Undefined variable */
    bool is_cell;      /* LOCAL/CAPTURE (or the self of FIELD): the slot holds a cell */
    uint32_t index;
    uint32_t field;    /* FIELD: index in the struct's declared fields */
    rf_var *var;       /* NULL for NONE and BUILTIN; for FIELD the self variable */
    const rf_symbol *name;
} rf_ref;

typedef struct rf_capture {
    rf_ref source; /* LOCAL or CAPTURE, seen from the enclosing function where the closure is made */
    rf_var *var;
} rf_capture;

/* One lexical scope.  Entering it makes a fresh cell for every var with is_cell and stores UNSET in those with
 * needs_reset.  Parameters, loop variables, pattern names and `except e` belong to the scope of the body block. */
typedef struct rf_scope {
    rf_var **vars;
    uint32_t var_count;
} rf_scope;

struct rf_block {
    rf_node **statements;
    uint32_t count;
    rf_node **hoisted; /* the first func/struct/enum declaration of each name, in source order (LANGUAGE 4.5):
                          made on entry, after scope entry */
    uint32_t hoisted_count;
    rf_scope *scope;
    rf_pos open, close; /* the braces */
};

/* ---- functions ---- */

typedef enum rf_func_kind {
    RF_FUNC_MODULE,   /* the top level of a unit */
    RF_FUNC_DECLARED, /* func name() */
    RF_FUNC_EXPR,     /* func() {} or a lambda: <anonymous function> */
    RF_FUNC_METHOD,
    RF_FUNC_DEFAULT,  /* the default expression of a struct field: no parameters, hidden */
    RF_FUNC_SPAWN,    /* body of spawn: its captures are copied into the worker */
    RF_FUNC_TEST      /* one test: set-up, body, tear-down in one frame */
} rf_func_kind;

typedef struct rf_param {
    const rf_symbol *name; /* NULL for _ */
    rf_var *var;           /* NULL for _ */
    rf_pos pos;
    rf_type_note *type;
} rf_param;

struct rf_func {
    uint8_t kind; /* rf_func_kind */
    bool is_generator, is_async;
    bool is_lambda;      /* |x| e: body is one return statement */
    bool is_hidden;      /* not in call stacks, not counted in the depth: prelude functions, defaults, modules */
    bool has_self;       /* frame slot 0 is self (methods of either style) */
    bool explicit_self;  /* self is written as the first parameter (not counted in params) */
    bool modifies_self;  /* some statement of it may assign self or a part of it (statically) */
    uint32_t id;         /* index in unit->funcs */
    const rf_symbol *name;    /* declared name, NULL for expressions */
    const char *display_name; /* as in messages and traces: "f", "Struct.m", "<anonymous function>" */
    rf_unit *unit;
    rf_func *parent;     /* the function around it; NULL for the module */
    struct rf_struct_decl *owner; /* methods and defaults */
    rf_param *params;    /* without self; parameter i is in frame slot i + has_self */
    uint32_t param_count;
    uint32_t slot_count; /* frame slots: self, parameters, all locals */
    rf_var **vars;       /* by slot; NULL for `_` parameters */
    rf_capture *captures;
    uint32_t capture_count;
    rf_block *body;
    rf_type_note *return_type;
    rf_pos pos, end;     /* of the name or `func`/`|`; of the closing brace */
};

/* ---- places (LANGUAGE 3.1, 5.3) ---- */

typedef struct rf_step {
    bool is_field;
    rf_pos pos;             /* the `[` or the name after the `.` */
    const rf_symbol *field; /* is_field */
    rf_node *index;         /* !is_field */
} rf_step;

typedef struct rf_place {
    rf_ref root;
    rf_pos pos;      /* of the root name */
    rf_step *steps;
    uint32_t count;
} rf_place;

/* ---- patterns (LANGUAGE 3.2) ---- */

typedef enum rf_pattern_kind {
    RF_PATTERN_DISCARD, /* _ */
    RF_PATTERN_NAME,    /* binds ref */
    RF_PATTERN_ARRAY,
    RF_PATTERN_DICT,
    RF_PATTERN_LITERAL, /* match only */
    RF_PATTERN_VARIANT  /* match only */
} rf_pattern_kind;

typedef struct rf_pattern_key {
    const rf_symbol *key;
    rf_pattern *pattern; /* for the short form a NAME pattern */
    bool is_short;       /* {k}, not {k: pattern} */
} rf_pattern_key;

struct rf_pattern {
    uint8_t kind;
    bool has_args;      /* VARIANT with parentheses */
    bool is_duplicate;  /* NAME: binding it raises Duplicate declaration in the same scope (LANGUAGE 4.2) */
    rf_pos pos;
    rf_ref ref;         /* NAME */
    rf_pattern **items; /* ARRAY elements, VARIANT payload patterns */
    uint32_t count;
    rf_pattern_key *keys; /* DICT; `count` of them */
    rf_pattern *rest;   /* ARRAY, DICT: NAME or DISCARD after ..., else NULL */
    rf_node *literal;   /* LITERAL: NULL_LIT, BOOL, INT, FLOAT or STRING node */
    const rf_symbol *enum_name; /* VARIANT: E of E::V, else NULL */
    const rf_symbol *variant;
};

/* ---- nodes ---- */

typedef enum rf_node_kind {
#define RF_NODE(name, meaning) RF_NODE_##name,
#include "syntax/ast.def"
#undef RF_NODE
    RF_NODE_COUNT
} rf_node_kind;

/* operators of BINARY, UNARY and compound ASSIGN; order as in operator.def */
typedef enum rf_op_kind {
#define RF_OPERATOR(name, text, method, alias) RF_OPER_##name,
#include "syntax/operator.def"
#undef RF_OPERATOR
    RF_OPER_COUNT,
    RF_OPER_NONE = RF_OPER_COUNT
} rf_op_kind;

typedef struct rf_field_decl {
    const rf_symbol *name;
    rf_pos pos;
    rf_type_note *type;
    rf_func *default_func;    /* RF_FUNC_DEFAULT, NULL when there is no default */
    rf_node *default_literal; /* the default when it is a plain literal (shortcut), else NULL */
} rf_field_decl;

typedef struct rf_struct_decl {
    const rf_symbol *name;
    rf_field_decl *fields;
    uint32_t field_count;
    rf_func **methods;
    uint32_t method_count;
} rf_struct_decl;

typedef struct rf_enum_decl {
    const rf_symbol *name;
    const rf_symbol **variants;
    uint32_t variant_count;
} rf_enum_decl;

typedef struct rf_entry { /* dict entry, struct literal field */
    bool is_spread;       /* value is the spread expression */
    const rf_symbol *word; /* bare word key or field name, NULL when `key` is an expression */
    rf_node *key;
    rf_node *value;
    rf_pos pos;           /* of the key or the ... */
} rf_entry;

typedef struct rf_case {
    rf_pattern *pattern;
    rf_node *guard; /* may be NULL */
    rf_block *body; /* its scope holds the pattern's names */
} rf_case;

typedef struct rf_import_name {
    const rf_symbol *name; /* the export */
    rf_pos pos;
    rf_ref ref;            /* the variable it is bound to */
} rf_import_name;

/* Nodes are allocated to the size of their kind: never copy one.
 *
 * How deep the tree gets.  Brackets, unary operators, functions and the like nest at most 256 deep, blocks 128
 * (LANGUAGE 21.1), so walkers may recurse for those.  Chains do not nest, and a source of 1 MiB can hold a chain of
 * 500,000 links, so walkers must follow them in a loop:
 *   - to the left: BINARY AND OR COALESCE PIPE (left), CALL (callee), METHOD (receiver), FIELD and INDEX (object),
 *     TRY_OP (operand), in any mixture; the other operands of these nest no deeper than the brackets around them
 *     times the 8 operator levels
 *   - to the right: IF_EXPR (else_value), IF (an else_block that holds one IF and nothing else) */
struct rf_node {
    uint8_t kind;  /* rf_node_kind */
    uint8_t op;    /* rf_op_kind */
    bool flag;     /* meaning by kind, see ast.def */
    rf_pos pos;    /* the token blamed when this operation fails (LANGUAGE 12.5) */
    rf_pos start;  /* first token of the construct */
    union {
        int64_t integer;
        double number;
        uint32_t literal; /* STRING: index in the literal pool */
        rf_ref ref;       /* NAME */
        struct { rf_node **items; uint32_t count; } list;               /* ARRAY (SPREAD items), INTERP */
        struct { rf_entry *entries; uint32_t count; } dict;             /* DICT */
        struct { rf_ref ref; rf_entry *entries; uint32_t count; } instance; /* STRUCT_LIT */
        struct { rf_ref ref; const rf_symbol *variant; rf_node **args; uint32_t count; } variant; /* ENUM_VALUE;
                    ref is the enum's name; flag: parentheses given; built-in paths (Result::Ok ...) are resolved
                    by the parser to NAME (flag: skip declarations, always the built-in) or CALL nodes */
        struct { rf_node *left, *right; } binary;  /* BINARY AND OR COALESCE PIPE */
        rf_node *operand;                          /* UNARY TRY AWAIT YIELD THROW SPREAD EXPR RETURN (may be NULL) */
        struct { rf_node *callee; rf_node **args; uint32_t count; } call;
        struct { rf_node *receiver; const rf_symbol *name; rf_node **args; uint32_t count;
                 rf_place *place;      /* the receiver when it is a place, else NULL */
                 uint32_t updater;     /* statement position: RF_UPDATER bits of the receiver types for which
                                          this is an update statement (updater.h), else 0 */
        } method;                                  /* METHOD; flag: ?. */
        struct { rf_node *object; const rf_symbol *name; } field;       /* FIELD; flag: ?. */
        struct { rf_node *object, *index; } index;
        struct { rf_node *condition, *then_value, *else_value; } if_expr;
        rf_func *func;                             /* FUNC (expression), SPAWN, TEST */
        struct { rf_pattern *pattern; rf_node *value; rf_type_note *type; } bind; /* LET CONST DESTRUCTURE */
        struct { rf_place place; rf_node *value; rf_type_note *type; } assign;    /* ASSIGN, op NONE when plain */
        struct { rf_place place; int32_t builtin; const rf_symbol *name; rf_node **args; uint32_t count;
                 uint32_t updater; } update;       /* UPDATE: push(place, args...), args without the place */
        struct { rf_func *func; rf_ref ref; } func_decl;                /* flag: duplicate (raises) */
        struct { rf_struct_decl *decl; rf_ref ref; } struct_decl;       /* flag: duplicate */
        struct { rf_enum_decl *decl; rf_ref ref; } enum_decl;           /* flag: duplicate */
        struct { const char *path;            /* dotted */
                 rf_import_name *names; uint32_t count; /* from: as written; import: the static exports */
                 rf_ref module_ref; bool binds_module;  /* import: the last segment */
                 bool is_resolved;                      /* for the resolver */
        } import;                                  /* flag: from-import.  Binding into a variable that is_const
                    raises Duplicate declaration in the same scope (LANGUAGE 4.2) */
        struct { rf_node *condition; rf_block *body; rf_block *else_block; } branch; /* IF (else if: a block that
                    holds one IF), WHILE, LOOP (condition NULL) */
        struct { rf_pattern *pattern; rf_node *iterable; rf_block *body; } for_in;
        struct { rf_node *init, *condition, *step; rf_block *body; rf_scope *scope; } for_c;
        struct { rf_node *subject; rf_case *cases; uint32_t count; rf_block *default_body; } match;
        struct { rf_block *body; rf_block *handler; rf_ref name; bool has_name; } try_;
        rf_block *block;                           /* BLOCK */
        struct { rf_block *decls, *setup, *body, *teardown; } test; /* TEST_PHASES; see unit.h.  The scope of all
                    four is that of the function's body (theirs are empty); setup and teardown hold one BLOCK for each
                    set-up and tear-down, again with empty scope: a return ends only that one */
    } as;
};

#endif
