/* The intermediate form of native code: what the translator makes, the passes change, and lower.c gives to gcc.
 *
 * A function is blocks of statements; a statement evaluates trees of expressions, which it owns, where it stands, and the
 * last of a block says where it goes on.  Variables hold numbers and pointers; those of type VALUE, and arrays of them, lie
 * in memory of the function.
 *
 * After the pass `ssa` each assignment to a variable that is no memory makes a version of it, with one definition: a
 * statement, a phi where ways meet, or the entry, where it is undefined.  Versions of a variable never live at the same time, so that
 * the function can be given to gcc as it stands, by its variables: a pass may replace what a version is by something equal,
 * take away what is not needed, and put new variables in; it may not read a version where another one of its variable
 * reaches.
 *
 * A guard goes on in its block or leaves to an exit: a block that knows which instruction of the bytecode the VM carries
 * out next, writes the registers that live there back into the VM's frame and returns.  What it writes back is the exit state. */
#ifndef RF_JITC_IR_H
#define RF_JITC_IR_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum rf_ir_type {
#define RF_IR_TYPE(name, text, bits) RF_IR_##name,
#include "jitc/ir_type.def"
#undef RF_IR_TYPE
    RF_IR_TYPES,
    RF_IR_TO = 0x40,                        /* added to a type: a pointer to it; twice: to a pointer */
    RF_IR_POINTER = RF_IR_VOID + RF_IR_TO,  /* to anything */
    RF_IR_VALUES = RF_IR_VALUE + RF_IR_TO,
    RF_IR_OBJECT = RF_IR_ARRAY + RF_IR_TO   /* arrays, instances, and what else begins like them */
} rf_ir_type;

typedef enum rf_ir_op {
#define RF_IR_OP(name, text, operands, is_pure) RF_IR_##name,
#include "jitc/ir_op.def"
#undef RF_IR_OP
    RF_IR_OPS
} rf_ir_op;

typedef enum rf_ir_field {
#define RF_IR_FIELD(name, owner, text, type) RF_IR_##name,
#include "jitc/ir_field.def"
#undef RF_IR_FIELD
    RF_IR_FIELDS
} rf_ir_field;

enum { RF_IR_MOST_PARAMS = 5 };

typedef struct rf_ir_extern { /* a function of the program or of gcc */
    const char *name;
    uint8_t result, count, params[RF_IR_MOST_PARAMS];
    bool is_pure;             /* its result depends on its arguments alone, and nothing is changed */
} rf_ir_extern;

typedef enum rf_ir_function_name {
#define RF_IR_EXTERN(name, text, result, is_pure, ...) RF_FN_##name,
#include "jitc/ir_extern.def"
#undef RF_IR_EXTERN
    RF_FN_COUNT
} rf_ir_function_name;
extern const rf_ir_extern rf_ir_externs[RF_FN_COUNT];
#define RF_FN(name) (&rf_ir_externs[RF_FN_##name])

typedef struct rf_ir_expr rf_ir_expr;
typedef struct rf_ir_place rf_ir_place;
typedef struct rf_ir_block rf_ir_block;
typedef struct rf_ir_function rf_ir_function;

typedef struct rf_ir_call {
    const rf_ir_extern *outside; /* or */
    rf_ir_function *inside;      /* or, of type BUILTIN | TO: */
    rf_ir_expr *through;
    uint32_t count;
    rf_ir_expr **args;
} rf_ir_call;

struct rf_ir_expr {
    uint8_t op, type; /* rf_ir_op, rf_ir_type */
    union {
        rf_ir_expr *operands[2];
        int64_t i;
        double d;
        const char *name;
        struct { uint32_t variable, version; } read; /* version 0: not known yet (before `ssa`) */
        rf_ir_place *place;
        rf_ir_call *call;
    };
};

typedef enum rf_ir_form {
    RF_IR_VARIABLE,    /* the variable */
    RF_IR_ELEMENT,     /* base[index], base being a pointer to the type */
    RF_IR_MEMORY,      /* *(type *)((char *)base + offset) */
    RF_IR_FIELD_OF,    /* .field of the VALUE at `of`, or ->field of the ARRAY at base, when `of` is NULL */
} rf_ir_form;

struct rf_ir_place {
    uint8_t form, type, field; /* rf_ir_form, rf_ir_type, rf_ir_field */
    uint32_t variable;
    uint64_t offset;
    rf_ir_expr *base, *index;
    rf_ir_place *of;
};

typedef enum rf_ir_statement_kind {
    RF_IR_ASSIGN,  /* place = value */
    RF_IR_EVAL,    /* value, a call, for what it does */
    /* the last of a block: */
    RF_IR_JUMP,    /* to yes */
    RF_IR_BRANCH,  /* value: to yes, else to no */
    RF_IR_GUARD,   /* value: to yes, else leave by no, an exit */
    RF_IR_CHECKED, /* place, an I64 variable, = value, which is ADD, SUB or MUL of I64; to yes, if it does not overflow, else leave by
                      no, an exit, where the place holds nothing that may be read */
    RF_IR_RETURN   /* value */
} rf_ir_statement_kind;

typedef struct rf_ir_statement {
    uint8_t kind;
    uint32_t version;  /* that it makes of place->variable; 0: none, it is memory, or before `ssa` */
    uint32_t position; /* of the instruction of bytecode it belongs to, and one; 0: none */
    rf_ir_place *place;
    rf_ir_expr *value;
    rf_ir_block *yes, *no;
    struct rf_ir_statement *next;
} rf_ir_statement;

typedef struct rf_ir_phi {
    uint32_t variable, version;
    uint32_t *args; /* versions, by predecessor */
    struct rf_ir_phi *next;
} rf_ir_phi;

struct rf_ir_block {
    uint32_t number;
    rf_ir_statement *first, *last;
    bool is_exit;               /* and then: */
    uint32_t exit_pc, exit_reason;
    /* from `ssa` on: */
    bool is_reached;
    rf_ir_phi *phis;
    rf_ir_block **predecessors; /* a block that comes here by both of its ways is there twice */
    uint32_t predecessor_count;
    rf_ir_block *dominator;     /* immediate; NULL: the entry */
    rf_ir_block *dominated, *next_dominated; /* the blocks whose dominator it is, in reverse postorder, and the list it is itself in */
    uint32_t dominator_enter, dominator_leave; /* when a walk over the tree of them comes and goes */
    uint32_t order;             /* in reverse postorder */
    rf_ir_block *next;
};

typedef struct rf_ir_variable {
    const char *name;
    uint8_t type;
    uint32_t elements;  /* of an array of type in memory; 0: it is no array */
    bool is_memory;     /* VALUE or an array: it has no versions, and is read by LOAD */
} rf_ir_variable;

typedef struct rf_ir_version { /* number 0 is none */
    uint32_t variable;
    rf_ir_block *block;         /* where it is defined */
    rf_ir_statement *statement; /* or */
    rf_ir_phi *phi;             /* or, neither: undefined at the entry */
} rf_ir_version;

typedef struct rf_ir_chunk rf_ir_chunk;

struct rf_ir_function {
    const char *name;
    uint8_t result;
    bool is_entry;              /* called from outside */
    uint32_t number;            /* of the function of the program it is made of */
    uint32_t param_count, param_capacity;
    uint8_t *params;            /* types */
    rf_ir_variable *variables;
    uint32_t variable_count, variable_capacity;
    rf_ir_version *versions;
    uint32_t version_count, version_capacity;
    rf_ir_block *first, *last;  /* the first is the entry */
    uint32_t block_count;
    rf_ir_block **reached;      /* from `ssa` on: those the entry leads to, in reverse postorder */
    uint32_t reached_count;
    bool is_ssa;
    rf_ir_chunk *memory;        /* all of it but the arrays above */
    void *lowered;              /* of lower.c */
    rf_ir_function *next;
};

typedef struct rf_ir_unit { /* what is compiled at once */
    rf_ir_function *first, *last;
} rf_ir_unit;

extern const char *const rf_ir_op_texts[RF_IR_OPS];
extern const uint8_t rf_ir_op_operands[RF_IR_OPS];
extern const bool rf_ir_op_is_pure[RF_IR_OPS];

/* ---- making (ir.c); what is returned belongs to the function ---- */

rf_ir_function *rf_ir_function_new(rf_ir_unit *unit, const char *name, uint8_t result);
void rf_ir_unit_release(rf_ir_unit *unit);
void *rf_ir_alloc(rf_ir_function *f, size_t size); /* zero */
uint32_t rf_ir_param(rf_ir_function *f, uint8_t type); /* its number */
rf_ir_place *rf_ir_variable_new(rf_ir_function *f, uint8_t type, uint32_t elements, const char *name);
rf_ir_block *rf_ir_block_new(rf_ir_function *f);

rf_ir_expr *rf_ir_int(rf_ir_function *f, uint8_t type, int64_t i);
rf_ir_expr *rf_ir_float(rf_ir_function *f, double d);
rf_ir_expr *rf_ir_outside(rf_ir_function *f, const char *name);
rf_ir_expr *rf_ir_param_value(rf_ir_function *f, uint32_t number);
rf_ir_expr *rf_ir_unary(rf_ir_function *f, rf_ir_op op, uint8_t type, rf_ir_expr *a);
rf_ir_expr *rf_ir_binary(rf_ir_function *f, rf_ir_op op, rf_ir_expr *a, rf_ir_expr *b); /* comparisons are BOOL */
rf_ir_expr *rf_ir_value_of(rf_ir_function *f, rf_ir_place *place);
rf_ir_expr *rf_ir_address_of(rf_ir_function *f, rf_ir_place *place);
rf_ir_expr *rf_ir_call_outside(rf_ir_function *f, const rf_ir_extern *outside, uint32_t count, rf_ir_expr *const *args);
rf_ir_expr *rf_ir_call_inside(rf_ir_function *f, rf_ir_function *inside, uint32_t count, rf_ir_expr *const *args);
rf_ir_expr *rf_ir_call_through(rf_ir_function *f, rf_ir_expr *through, uint32_t count, rf_ir_expr *const *args);

rf_ir_place *rf_ir_element(rf_ir_function *f, rf_ir_expr *base, rf_ir_expr *index);
rf_ir_place *rf_ir_memory(rf_ir_function *f, rf_ir_expr *base, uint64_t offset, uint8_t type);
rf_ir_place *rf_ir_value_field(rf_ir_function *f, rf_ir_place *of, rf_ir_field field);
rf_ir_place *rf_ir_array_field(rf_ir_function *f, rf_ir_expr *base, rf_ir_field field);

/* Each appends to a block that has not ended; trees are copied, so that they may be used again. */
void rf_ir_assign(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_place *place, rf_ir_expr *value);
void rf_ir_eval(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_expr *call);
void rf_ir_jump(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_block *to);
void rf_ir_branch(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_expr *condition, rf_ir_block *yes, rf_ir_block *no);
void rf_ir_guard(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_expr *condition, rf_ir_block *next, rf_ir_block *exit);
void rf_ir_checked(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_place *result, rf_ir_op op, rf_ir_expr *x, rf_ir_expr *y,
                   rf_ir_block *next, rf_ir_block *exit);
void rf_ir_return(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_expr *value);
/* The CHECKED at the end of the block does not overflow: it assigns and goes on.  Call rf_ir_ways_changed behind it. */
void rf_ir_checked_fits(rf_ir_function *f, rf_ir_block *b);

uint32_t rf_ir_version_new(rf_ir_function *f, rf_ir_version version); /* its number */

/* ---- looking (ir.c) ---- */

static inline bool rf_ir_ends(const rf_ir_statement *s)
{
    return s->kind >= RF_IR_JUMP;
}
bool rf_ir_has_versions(const rf_ir_function *f, const rf_ir_place *place); /* a variable that is no memory */
/* Does evaluating it do nothing and depend on nothing in memory? */
bool rf_ir_is_pure(const rf_ir_expr *e);
/* Each expression in a tree, operands first; in a place: base and index. */
typedef void rf_ir_visit(void *context, rf_ir_expr *e);
void rf_ir_visit_expr(rf_ir_expr *e, rf_ir_visit *visit, void *context);
void rf_ir_visit_place(rf_ir_place *p, rf_ir_visit *visit, void *context);
void rf_ir_visit_statement(rf_ir_statement *s, rf_ir_visit *visit, void *context);
bool rf_ir_is_same(const rf_ir_expr *a, const rf_ir_expr *b); /* the same operations on the same versions */
/* Does evaluating it do more than give its value? Then it calls a function that is not pure. */
bool rf_ir_does_something(const rf_ir_expr *e);
rf_ir_expr *rf_ir_copy(rf_ir_function *f, const rf_ir_expr *e); /* the whole tree */
static inline bool rf_ir_is_comparison(rf_ir_op op)
{
    return op >= RF_IR_EQ && op <= RF_IR_GE;
}

/* !(a op b) is a rf_ir_negated(op) b, of a comparison of what has an order. */
static inline uint8_t rf_ir_negated(uint8_t op)
{
    switch (op) {
    case RF_IR_EQ: return RF_IR_NE;
    case RF_IR_NE: return RF_IR_EQ;
    case RF_IR_LT: return RF_IR_GE;
    case RF_IR_LE: return RF_IR_GT;
    case RF_IR_GT: return RF_IR_LE;
    default: return RF_IR_LT;
    }
}

/* ---- passes ---- */

void rf_ir_ssa(rf_ir_function *f);    /* ir_ssa.c */
void rf_ir_invariants(rf_ir_function *f); /* ir_invariants.c */
void rf_ir_limits(rf_ir_function *f); /* ir_limits.c */
void rf_ir_fold(rf_ir_function *f);   /* ir_fold.c */
void rf_ir_ranges(rf_ir_function *f); /* ir_ranges.c */
void rf_ir_guards(rf_ir_function *f); /* ir_guards.c */
void rf_ir_sink(rf_ir_function *f);   /* ir_sink.c */
void rf_ir_dead(rf_ir_function *f);   /* ir_dead.c */

/* What the form promises and does not keep, or NULL (ir_verify.c); the text is static. */
const char *rf_ir_verify(const rf_ir_function *f);
/* As text (ir_text.c). */
void rf_ir_print(const rf_ir_function *f, rf_buffer *out);

/* Shared by passes (ir_ways.c): after ways between blocks were taken away: reached blocks, predecessors with their phi arguments,
 * dominators.  A block with phis gets no new predecessors by it. */
void rf_ir_ways_changed(rf_ir_function *f);
/* Does each way to b lead by a?  Of reached blocks; each dominates itself. */
static inline bool rf_ir_dominates(const rf_ir_block *a, const rf_ir_block *b)
{
    return a->dominator_enter <= b->dominator_enter && b->dominator_leave <= a->dominator_leave;
}
/* Does the loop that begins with header come back to it that way? */
static inline bool rf_ir_is_latch(const rf_ir_block *header, uint32_t predecessor)
{
    return rf_ir_dominates(header, header->predecessors[predecessor]);
}
/* Does each turn of it come by b? */
static inline bool rf_ir_is_in_each_turn(const rf_ir_block *header, const rf_ir_block *b)
{
    for (uint32_t i = 0; i < header->predecessor_count; i++)
        if (rf_ir_is_latch(header, i) && !rf_ir_dominates(b, header->predecessors[i])) return false;
    return true;
}
/* The next block of a walk over the tree of dominators, parents first and children in reverse postorder; NULL behind the last. */
static inline rf_ir_block *rf_ir_next_dominated(rf_ir_block *b)
{
    if (b->dominated) return b->dominated;
    while (b && !b->next_dominated) b = b->dominator;
    return b ? b->next_dominated : NULL;
}

/* Simpler ones (ir_constants.c): one operation, whose operands are simple; the way on when the condition of the last
 * statement of a block is constant (true: it was, and is a jump now). */
void rf_ir_simplify(rf_ir_expr *e);
bool rf_ir_simplify_end(rf_ir_statement *s);

#endif
