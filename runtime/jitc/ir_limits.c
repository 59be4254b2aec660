/* Bounds in loops over ranges: up to a limit that is found before the loop, what its turns index is within bounds.
 *
 * The translator makes of a range by 1, with limit = end before the loop:
 *
 *     header: branch next < limit to more else out
 *     more:   i = next, next = i + 1 ...
 *     out:    guard next >= end to behind the loop else exit    (the VM goes on with the range)
 *
 * A guard (u64)(i + c) < (u64)n in the loop, by which each turn comes, with the same length n in all of them, holds in every
 * turn that begins with 0 <= next < n - c.  So limit = min(end, n - c) makes it needless, and the turn in which it would
 * fail is left before it begins.  The length may be what the loop has copied of one before it (ir_invariants.c). */
#include "jitc/ir.h"

enum { MOST_LENGTHS = 8, MOST_STEPS = 16 };

typedef struct length {
    const rf_ir_expr *read;
    int64_t added; /* to what is compared with it, at most */
} length;

typedef struct range {
    rf_ir_function *f;
    rf_ir_block *header;
    const rf_ir_phi *next;
    rf_ir_statement *limit; /* limit = end, before the loop */
    const rf_ir_expr *first; /* the read of what next is then */
    length lengths[MOST_LENGTHS];
    unsigned length_count, limit_reads;
} range;

/* ---- what versions are made of ---- */

static const rf_ir_expr *definition(const rf_ir_function *f, uint32_t version)
{
    const rf_ir_statement *s = f->versions[version].statement;
    return s && (s->kind == RF_IR_ASSIGN || s->kind == RF_IR_CHECKED) ? s->value : NULL;
}

/* The version that a read one is a copy of, plus *added. */
static uint32_t source_of(const rf_ir_function *f, uint32_t version, int64_t *added)
{
    *added = 0;
    for (unsigned steps = 0; steps < MOST_STEPS; steps++) {
        const rf_ir_expr *e = definition(f, version);
        if (e && e->op == RF_IR_ADD && e->operands[0]->op == RF_IR_READ && e->operands[1]->op == RF_IR_INT) {
            if (e->operands[1]->i < 0 || e->operands[1]->i > UINT16_MAX) return version;
            *added += e->operands[1]->i;
            e = e->operands[0];
        }
        if (!e || e->op != RF_IR_READ) return version;
        version = e->read.version;
    }
    return version;
}

/* Is it (i64) of a u32 in memory, as lengths are?  Of phis: all that come together are. */
static bool is_length(const rf_ir_function *f, uint32_t version, unsigned depth)
{
    int64_t added;
    version = source_of(f, version, &added);
    const rf_ir_expr *e = definition(f, version);
    const rf_ir_phi *phi = f->versions[version].phi;
    if (added) return false;
    if (e) return e->op == RF_IR_CAST && e->type == RF_IR_I64 && e->operands[0]->type == RF_IR_U32;
    if (!phi || depth == 0) return false;
    for (uint32_t i = 0; i < f->versions[version].block->predecessor_count; i++)
        if (phi->args[i] != version && !is_length(f, phi->args[i], depth - 1)) return false;
    return true;
}

/* ---- the loop ---- */

static const rf_ir_phi *phi_of(const rf_ir_block *b, uint32_t version)
{
    for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next)
        if (phi->version == version) return phi;
    return NULL;
}

static bool compares_reads(const rf_ir_expr *e, rf_ir_op op)
{
    return e && e->op == op && e->operands[0]->op == RF_IR_READ && e->operands[1]->op == RF_IR_READ;
}

/* out: guard next >= end */
static bool leaves_at_limit(const rf_ir_block *header, const rf_ir_expr *end)
{
    const rf_ir_block *out = header->last->no;
    const rf_ir_statement *s = out->last;
    return out->predecessor_count == 1 && s->kind == RF_IR_GUARD && compares_reads(s->value, RF_IR_GE) &&
           rf_ir_is_same(s->value->operands[0], header->last->value->operands[0]) && rf_ir_is_same(s->value->operands[1], end);
}

/* Does next become 1 more in each turn, and begins with what `first` reads? */
static bool counts(const range *r)
{
    bool has_latch = false;
    for (uint32_t i = 0; i < r->header->predecessor_count; i++) {
        int64_t added = 0;
        const uint32_t arg = r->next->args[i];
        if (!rf_ir_is_latch(r->header, i)) {
            if (arg != r->first->read.version) return false;
            continue;
        }
        has_latch = true;
        if (source_of(r->f, arg, &added) != r->next->version || added != 1) return false;
    }
    return has_latch;
}

static void count_read(void *context, rf_ir_expr *e)
{
    range *r = context;
    if (e->op == RF_IR_READ && e->read.version == r->limit->version) r->limit_reads++;
}

/* Is the limit read by the test alone?  To anything else it is the end. */
static bool is_limit_alone(range *r)
{
    for (uint32_t i = 0; i < r->f->reached_count; i++) {
        const rf_ir_block *b = r->f->reached[i];
        for (rf_ir_statement *s = b->first; s; s = s->next) rf_ir_visit_statement(s, count_read, r);
        for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next)
            for (uint32_t p = 0; p < b->predecessor_count; p++) r->limit_reads += phi->args[p] == r->limit->version;
    }
    return r->limit_reads == 1;
}

static bool find_range(rf_ir_function *f, rf_ir_block *header, range *r)
{
    const rf_ir_statement *test = header->last;
    if (test->kind != RF_IR_BRANCH || !compares_reads(test->value, RF_IR_LT) || test->yes->predecessor_count != 1) return false;
    const rf_ir_version *limit = &f->versions[test->value->operands[1]->read.version];
    const rf_ir_phi *next = phi_of(header, test->value->operands[0]->read.version);
    if (!next || !limit->statement || limit->statement->kind != RF_IR_ASSIGN || limit->block == header) return false;
    const rf_ir_expr *end = limit->statement->value;
    if (end->op != RF_IR_READ || !leaves_at_limit(header, end)) return false;
    const rf_ir_expr *sum = definition(f, end->read.version); /* next + what is left */
    if (!sum || sum->op != RF_IR_ADD || sum->operands[0]->op != RF_IR_READ || f->versions[end->read.version].statement->next != limit->statement)
        return false;
    *r = (range){.f = f, .header = header, .next = next, .limit = limit->statement, .first = sum->operands[0]};
    return counts(r) && is_limit_alone(r);
}

/* ---- bounds ---- */

static bool is_in_each_turn(const range *r, const rf_ir_block *b)
{
    return rf_ir_dominates(r->header->last->yes, b) && rf_ir_is_in_each_turn(r->header, b);
}

/* Is it there where the limit is found?  Then it is what its variable holds there: it does so in the loop.  The limit is found last
 * in its block, which it is if that leads to the loop alone: nothing else reads it. */
static bool is_before_limit(const range *r, uint32_t version)
{
    const rf_ir_version *v = &r->f->versions[version];
    rf_ir_block *at = r->f->versions[r->limit->version].block;
    if (v->block != at || !v->statement) return rf_ir_dominates(v->block, at);
    const rf_ir_statement *s = at->first;
    while (s != v->statement && s != r->limit) s = s->next;
    return s == v->statement || (at->last->kind == RF_IR_JUMP && at->last->yes == r->header);
}

static void find_limit_last(const range *r)
{
    rf_ir_block *at = r->f->versions[r->limit->version].block;
    rf_ir_statement **link = &at->first;
    if (at->last->kind != RF_IR_JUMP || at->last->yes != r->header) return;
    while (*link != r->limit) link = &(*link)->next;
    *link = r->limit->next;
    while (*link != at->last) link = &(*link)->next;
    *link = r->limit;
    r->limit->next = at->last;
}

/* (u64)read of the type, or NULL */
static const rf_ir_expr *cast_read(const rf_ir_expr *e, uint8_t type)
{
    const bool is_cast = e->op == RF_IR_CAST && e->type == RF_IR_U64 && e->operands[0]->op == RF_IR_READ;
    return is_cast && e->operands[0]->type == type ? e->operands[0] : NULL;
}

/* The read of what there is of a length before the limit, or NULL: what the loop has copied of it, say. */
static const rf_ir_expr *length_before(const range *r, const rf_ir_expr *e)
{
    const bool is_small = cast_read(e, RF_IR_U32) != NULL;
    const rf_ir_expr *n = is_small ? cast_read(e, RF_IR_U32) : cast_read(e, RF_IR_I64);
    for (unsigned steps = 0; n && n->op == RF_IR_READ && steps < MOST_STEPS; steps++) {
        if (is_before_limit(r, n->read.version)) return is_small || is_length(r->f, n->read.version, 4) ? n : NULL;
        n = definition(r->f, n->read.version);
    }
    return NULL;
}

static bool add_length(range *r, const rf_ir_expr *n, int64_t added)
{
    for (unsigned i = 0; i < r->length_count; i++) {
        if (r->lengths[i].read->read.version != n->read.version) continue;
        if (r->lengths[i].added < added) r->lengths[i].added = added;
        return true;
    }
    if (r->length_count == MOST_LENGTHS) return false;
    r->lengths[r->length_count++] = (length){n, added};
    return true;
}

/* The guard at the end of the block, if it is one of bounds that the limit can take over. */
static bool take_over(range *r, rf_ir_block *b)
{
    const rf_ir_statement *s = b->last;
    if (s->kind != RF_IR_GUARD || s->value->op != RF_IR_LT) return false;
    const rf_ir_expr *x = cast_read(s->value->operands[0], RF_IR_I64), *n = length_before(r, s->value->operands[1]);
    int64_t added;
    return x && n && source_of(r->f, x->read.version, &added) == r->next->version && is_in_each_turn(r, b) && add_length(r, n, added);
}

static rf_ir_expr *read_length(rf_ir_function *f, const length *n)
{
    rf_ir_expr *e = rf_ir_copy(f, n->read);
    if (e->type != RF_IR_I64) e = rf_ir_unary(f, RF_IR_CAST, RF_IR_I64, e);
    return n->added ? rf_ir_binary(f, RF_IR_SUB, e, rf_ir_int(f, RF_IR_I64, n->added)) : e;
}

/* C: first < 0 ? INT64_MIN : INT64_MAX; gcc takes for granted that sums of signed ints stay in their type. */
static rf_ir_expr *none_if_negative(rf_ir_function *f, const rf_ir_expr *first)
{
    rf_ir_expr *bits = rf_ir_unary(f, RF_IR_CAST, RF_IR_U64, rf_ir_copy(f, first));
    rf_ir_expr *sign = rf_ir_binary(f, RF_IR_SHR, bits, rf_ir_int(f, RF_IR_U64, 63));
    return rf_ir_unary(f, RF_IR_CAST, RF_IR_I64, rf_ir_binary(f, RF_IR_ADD, sign, rf_ir_int(f, RF_IR_U64, INT64_MAX)));
}

static bool is_negative(const range *r)
{
    const rf_ir_expr *e = definition(r->f, r->first->read.version);
    return !e || e->op != RF_IR_INT || e->i < 0;
}

static void lower_limit(range *r)
{
    rf_ir_expr *least = r->limit->value;
    for (unsigned i = 0; i < r->length_count; i++) least = rf_ir_binary(r->f, RF_IR_MIN, least, read_length(r->f, &r->lengths[i]));
    if (is_negative(r)) least = rf_ir_binary(r->f, RF_IR_MIN, least, none_if_negative(r->f, r->first));
    r->limit->value = least;
    find_limit_last(r);
}

void rf_ir_limits(rf_ir_function *f)
{
    bool has_changed = false;
    range r;
    for (uint32_t i = 0; i < f->reached_count; i++) {
        if (!find_range(f, f->reached[i], &r)) continue;
        for (rf_ir_block *b = r.header->last->yes; b; b = rf_ir_next_dominated(b)) {
            if (!rf_ir_dominates(r.header->last->yes, b)) break;
            if (!take_over(&r, b)) continue;
            b->last->value = rf_ir_int(f, RF_IR_BOOL, 1);
            has_changed |= rf_ir_simplify_end(b->last);
        }
        if (r.length_count) lower_limit(&r);
    }
    if (has_changed) rf_ir_ways_changed(f);
}
