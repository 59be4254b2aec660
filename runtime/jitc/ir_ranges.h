/* Between the parts of the pass `ranges`; ir_ranges.c tells how they work together. */
#ifndef RF_JITC_IR_RANGES_H
#define RF_JITC_IR_RANGES_H

#include "jitc/ir_interval.h"

#include "base/vector.h"

typedef struct range_phi { /* of ints */
    rf_interval entry, back;   /* what comes by ways forward, in this sweep, and by those back, since the block was visited */
    rf_interval first;         /* the entry of the last visit */
    /* at the head of a loop: */
    rf_interval taken;         /* what it is said to be, which must be all that comes */
    bool has_step, has_growth;
    rf_interval step;          /* what a turn adds to it, beyond which it may be cut off */
    rf_interval once;          /* what one of the additions in that, or in inner loops, adds, or 0 */
    rf_interval growth;        /* what all turns add to its first value */
    uint32_t outer;            /* the phi of an outer loop it is added to for, in whose additions are those to this one; 0: none */
    uint32_t counter, limit;   /* while the version `counter`, a phi of the same block, is above 0, it is less than `limit`; 0: none */
} range_phi;

typedef struct range_version {
    rf_interval now;   /* as far as it is known where the walk is */
    uint32_t same;     /* the version that it is a copy of, or itself */
    uint32_t base;     /* what has a `same` of its own: it is that version's value + offset; 0: nothing known */
    int64_t offset;
    uint32_t facts;    /* index of the first of its facts, and one */
    range_phi *phi;
} range_version;

typedef struct range_fact { /* this version <= other + more */
    uint32_t other;
    int64_t more;
    uint32_t next;
} range_fact;

typedef struct range_undo {
    uint32_t version;
    bool is_fact;
    uint32_t facts;
    rf_interval now;
} range_undo;

typedef struct range_block {
    bool comes, comes_back; /* is there a way to it: forward, in this sweep; back, in the last one */
    bool is_reached;        /* in the last sweep */
    bool is_head;           /* of a loop, into which there may be ways beside the head, so that it is reached by its ways back */
    bool has_side_entry;
    uint32_t depth;         /* in the tree of dominators */
} range_block;

typedef enum range_phase {
    RANGES_GROW,   /* phis at heads of loops begin with what comes first, and grow until they are all that comes */
    RANGES_NARROW, /* they are all that comes, and shrink to it */
    RANGES_REWRITE
} range_phase;

typedef struct ranges {
    rf_ir_function *f;
    range_version *versions;
    range_block *blocks; /* by number */
    range_phase phase;
    bool is_pessimistic;   /* what grows at heads may be anything at once */
    bool goes_anyway;      /* while growing: ways that cannot be gone are gone */
    bool is_changed;       /* while growing: another sweep is needed */
    bool has_new_ways;
    bool is_contradiction; /* what was assumed cannot be */
    bool rewrites;         /* expressions that are evaluated, where they stand */
    uint32_t made;         /* how many expressions became constants */
    uint32_t budget;       /* of expressions that one assumption may look through */
    size_t *marks;         /* by depth: of the undo list, what was known before the blocks there */
    RF_VECTOR(range_undo) undo;
    RF_VECTOR(range_fact) facts;
} ranges;

typedef struct range_linear { /* an expression is base + offset, exactly; base 0: the number */
    uint32_t base;
    int64_t offset;
} range_linear;

static inline range_version *rf_ranges_version(const ranges *p, uint32_t version) /* that it is a copy of */
{
    return &p->versions[p->versions[version].same];
}

/* The expression that a version is assigned, or NULL. */
static inline rf_ir_expr *rf_ranges_definition(const ranges *p, uint32_t version)
{
    const rf_ir_statement *s = p->f->versions[p->versions[version].same].statement;
    return s && s->kind == RF_IR_ASSIGN ? s->value : NULL;
}

/* ---- expressions (ir_ranges_value.c) ---- */

rf_interval rf_ranges_of_version(const ranges *p, uint32_t version);
/* The interval of an expression where the walk is, which may make it simpler; peeking does not. */
rf_interval rf_ranges_of(ranges *p, rf_ir_expr *e);
void rf_ranges_of_place(ranges *p, rf_ir_place *place); /* of the expressions in it, when they are made simpler */
rf_interval rf_ranges_peek(ranges *p, rf_ir_expr *e);
/* Its bits as those of an I64, where e is of I64 or U64. */
rf_interval rf_ranges_as_signed(ranges *p, rf_ir_expr *e);
bool rf_ranges_linear(ranges *p, rf_ir_expr *e, range_linear *out);
/* The same, of a sum that is said not to overflow. */
bool rf_ranges_linear_sum(ranges *p, rf_ir_expr *e, range_linear *out);
/* Is a <= b + more known? */
bool rf_ranges_not_above(const ranges *p, range_linear a, range_linear b, int64_t more);

/* ---- what is assumed (ir_ranges_condition.c) ---- */

void rf_ranges_assume(ranges *p, rf_ir_expr *condition, bool holds);
void rf_ranges_refine(ranges *p, uint32_t version, rf_interval to);
void rf_ranges_add_fact(ranges *p, uint32_t version, uint32_t other, int64_t more); /* version <= other + more */
void rf_ranges_undo(ranges *p, size_t mark);

/* ---- loops (ir_ranges_loop.c) ---- */

/* How far the phis at heads of loops can get, from what is known of all. */
void rf_ranges_find_growths(ranges *p);
/* All that a phi with a growth can be by it. */
rf_interval rf_ranges_grown(const ranges *p, const range_phi *phi);
/* At least how often and at most how often a loop was gone round, when the phi q of its head is in an interval; false: unknown. */
bool rf_ranges_turns(const range_phi *q, rf_interval now, rf_interval *turns);

#endif
