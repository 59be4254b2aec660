/* How far the phis at heads of loops can get.
 *
 * Where each turn adds something of a known interval, and one that counts by ones is in a known interval, that tells how
 * many turns there were, and so what was added in all:
 *
 *   for i in range(n) { sum += i }     i and the turns that are left, sum: each of them tells of the others
 *
 * Sums are cut off at 64 bits, so what comes out holds as far as it stays within them.
 *
 * Where nothing counts, time does: MOST is how many additions no program lives to carry out, 2^60, which take seven years
 * at 5 a nanosecond.  What begins with 0 and is counted up by ones needs no check of overflow. */
#include "jitc/ir_ranges.h"

static const rf_interval no_turns = {0, 0};
#define MOST ((rf_wide)1 << 60)

/* ---- what a turn adds ---- */

typedef struct addition { /* what lies between a phi and what comes back to it */
    ranges *p;
    uint32_t phi;         /* its version */
    const rf_ir_block *head;
    unsigned budget;      /* of definitions that may be looked through */
    rf_interval once;     /* what one of the additions adds */
} addition;

enum { MOST_DEFINITIONS = 24 };

static bool is_reached(const ranges *p, const rf_ir_block *b)
{
    return p->blocks[b->number].is_reached;
}

static bool added_by(addition *a, uint32_t version, rf_interval *out);

static bool added_by_expr(addition *a, rf_ir_expr *e, rf_interval *out)
{
    switch (e->op) {
    case RF_IR_READ: return added_by(a, e->read.version, out);
    case RF_IR_CAST: {
        const uint8_t from = e->operands[0]->type;
        return (from == RF_IR_I64 || from == RF_IR_U64) && (e->type == RF_IR_I64 || e->type == RF_IR_U64) &&
               added_by_expr(a, e->operands[0], out);
    }
    case RF_IR_ADD:
    case RF_IR_SUB:
        if (e->type != RF_IR_I64 && e->type != RF_IR_U64) return false;
        for (unsigned i = 0; i < (e->op == RF_IR_ADD ? 2 : 1); i++) {
            if (!added_by_expr(a, e->operands[i], out)) continue;
            const rf_interval more = rf_ranges_as_signed(a->p, e->operands[1 - i]);
            a->once = rf_interval_join(a->once, e->op == RF_IR_ADD ? more : rf_interval_exact(RF_IR_SUB, no_turns, more));
            *out = rf_interval_exact(e->op, *out, more);
            return true;
        }
        return false;
    default: return false;
    }
}

static bool added_by_phi(addition *a, const rf_ir_block *b, const rf_ir_phi *phi, rf_interval *out)
{
    range_phi *known = a->p->versions[phi->version].phi;
    const bool is_head = a->p->blocks[b->number].is_head;
    if (is_head && (!known || !known->has_growth)) return false;
    *out = RF_INTERVAL_EMPTY;
    for (uint32_t i = 0; i < b->predecessor_count; i++) {
        rf_interval of_argument;
        if (b->predecessors[i]->order >= b->order) continue; /* an inner loop, of which it is known what all turns add */
        if (!is_reached(a->p, b->predecessors[i])) continue;
        if (!added_by(a, phi->args[i], &of_argument)) return false;
        *out = rf_interval_join(*out, of_argument);
    }
    if (is_head) {
        *out = rf_interval_exact(RF_IR_ADD, *out, known->growth);
        a->once = rf_interval_join(a->once, known->once);
        known->outer = a->phi;
    }
    return true;
}

static bool added_by(addition *a, uint32_t version, rf_interval *out)
{
    version = a->p->versions[version].same;
    if (version == a->phi) {
        *out = no_turns;
        return true;
    }
    const rf_ir_version *v = &a->p->f->versions[version];
    if (!a->budget || !v->block || v->block->order < a->head->order) return false;
    a->budget--;
    if (v->phi) return v->block != a->head && added_by_phi(a, v->block, v->phi, out);
    return v->statement && v->statement->value && added_by_expr(a, v->statement->value, out);
}

static void find_step(ranges *p, const rf_ir_block *head, const rf_ir_phi *phi)
{
    range_phi *known = p->versions[phi->version].phi;
    addition a = {p, phi->version, head, MOST_DEFINITIONS, no_turns};
    known->has_step = known->has_growth = false;
    known->step = RF_INTERVAL_EMPTY;
    for (uint32_t i = 0; i < head->predecessor_count; i++) {
        rf_interval added;
        if (head->predecessors[i]->order < head->order || !is_reached(p, head->predecessors[i])) continue;
        if (!added_by(&a, phi->args[i], &added)) return;
        known->step = rf_interval_join(known->step, added);
    }
    known->has_step = !rf_interval_is_empty(known->step);
    known->once = a.once;
}

/* ---- how often it goes round ---- */

bool rf_ranges_turns(const range_phi *q, rf_interval now, rf_interval *turns)
{
    if (!q->has_step || rf_interval_is_empty(q->first)) return false;
    if (rf_interval_is(q->step, 1))
        *turns = rf_interval_exact(RF_IR_SUB, now, q->first);
    else if (rf_interval_is(q->step, -1))
        *turns = rf_interval_exact(RF_IR_SUB, q->first, now);
    else
        return false;
    if (turns->lo < INT64_MIN) return false; /* that many may stand for as many less 2^64 */
    if (turns->lo < 0) turns->lo = 0;
    return turns->lo <= turns->hi;
}

/* ---- limits ---- */

static rf_ir_expr *without_casts(rf_ir_expr *e)
{
    while (e && e->op == RF_IR_CAST && (e->type == RF_IR_I64 || e->type == RF_IR_U64) &&
           (e->operands[0]->type == RF_IR_I64 || e->operands[0]->type == RF_IR_U64))
        e = e->operands[0];
    return e;
}

static uint32_t forward_argument(const rf_ir_block *head, const rf_ir_phi *phi)
{
    uint32_t argument = 0;
    for (uint32_t i = 0; i < head->predecessor_count; i++) {
        if (head->predecessors[i]->order >= head->order) continue;
        if (argument) return 0;
        argument = phi->args[i];
    }
    return argument;
}

/* What a count begins with, where it is above 0: as `start < stop ? stop - start : 0`, the one of the two. */
static uint32_t positive_argument(const ranges *p, uint32_t version)
{
    version = p->versions[version].same;
    const rf_ir_version *v = &p->f->versions[version];
    if (!v->phi || p->blocks[v->block->number].is_head) return version;
    uint32_t positive = 0;
    for (uint32_t i = 0; i < v->block->predecessor_count; i++) {
        const uint32_t argument = p->versions[v->phi->args[i]].same;
        if (!is_reached(p, v->block->predecessors[i]) || rf_ranges_of_version(p, argument).hi <= 0 || argument == positive) continue;
        if (positive) return 0;
        positive = argument;
    }
    return positive;
}

static bool is_same_start(ranges *p, rf_ir_expr *e, uint32_t start)
{
    if (e->op == RF_IR_READ && p->versions[e->read.version].same == p->versions[start].same) return true;
    const rf_interval a = rf_ranges_as_signed(p, e), b = rf_ranges_of_version(p, start);
    return rf_interval_is_one(a) && rf_interval_is(b, a.lo);
}

/* The version `stop` of a count of stop - start turns, or 0. */
static uint32_t limit_of(ranges *p, uint32_t count, uint32_t start)
{
    rf_ir_expr *e = without_casts(rf_ranges_definition(p, count));
    if (!e || e->op != RF_IR_SUB) return rf_interval_is(rf_ranges_of_version(p, start), 0) ? count : 0;
    rf_ir_expr *stop = without_casts(e->operands[0]), *from = without_casts(e->operands[1]);
    return stop->op == RF_IR_READ && stop->type == RF_IR_I64 && is_same_start(p, from, start) ? stop->read.version : 0;
}

/* All ways to where the count was chosen lead by it: it still is what was counted with. */
static bool is_made_before(const ranges *p, uint32_t version, const rf_ir_block *chosen)
{
    return rf_ir_dominates(p->f->versions[p->versions[version].same].block, chosen);
}

/* Is phi, which goes up by ones, below something as long as the counter, which goes down by ones, is above 0? */
static void find_limit(ranges *p, const rf_ir_block *head, const rf_ir_phi *phi, const rf_ir_phi *counter)
{
    const uint32_t start = forward_argument(head, phi), count = forward_argument(head, counter);
    const uint32_t positive = start && count ? positive_argument(p, count) : 0;
    const uint32_t limit = positive ? limit_of(p, positive, start) : 0;
    const rf_ir_block *chosen = p->f->versions[p->versions[count].same].block;
    const bool is_number = start && rf_interval_is_one(rf_ranges_of_version(p, start));
    if (!limit || !is_made_before(p, limit, chosen) || !(is_number || is_made_before(p, start, chosen))) return;
    range_phi *known = p->versions[phi->version].phi;
    known->counter = counter->version;
    known->limit = limit;
}

/* ---- heads ---- */

static bool is_followed(const ranges *p, const rf_ir_phi *phi)
{
    return p->versions[phi->version].phi && p->f->variables[phi->variable].type == RF_IR_I64;
}

static bool has_step(const ranges *p, const rf_ir_phi *phi)
{
    return is_followed(p, phi) && p->versions[phi->version].phi->has_step;
}

/* How often the loop is gone round at most, by what counts in it. */
static rf_wide most_turns(const ranges *p, const rf_ir_block *head)
{
    rf_wide most = MOST;
    rf_interval turns;
    for (const rf_ir_phi *phi = head->phis; phi; phi = phi->next)
        if (is_followed(p, phi) && rf_ranges_turns(p->versions[phi->version].phi, p->versions[phi->version].now, &turns) && turns.hi < most)
            most = turns.hi;
    return most;
}

static rf_interval unless_cut_off(rf_interval a)
{
    const rf_interval all = rf_interval_of_type(RF_IR_I64);
    return rf_interval_has(all, a) ? a : all;
}

rf_interval rf_ranges_grown(const ranges *p, const range_phi *phi)
{
    const rf_interval grown = unless_cut_off(rf_interval_exact(RF_IR_ADD, phi->first, phi->growth));
    const range_phi *outer = phi->outer ? p->versions[phi->outer].phi : NULL;
    if (!outer || !outer->has_growth) return grown;
    const rf_interval in_all = rf_interval_exact(RF_IR_MUL, (rf_interval){0, MOST}, outer->once);
    return rf_interval_meet(grown, unless_cut_off(rf_interval_exact(RF_IR_ADD, outer->first, in_all)));
}

static void find_growth(ranges *p, const rf_ir_phi *at, rf_wide turns)
{
    range_version *v = &p->versions[at->version];
    range_phi *phi = v->phi;
    phi->has_growth = true;
    phi->growth = rf_interval_meet(rf_interval_exact(RF_IR_MUL, (rf_interval){0, turns}, phi->step),
                                   rf_interval_exact(RF_IR_MUL, (rf_interval){0, MOST}, phi->once));
    const rf_interval now = rf_interval_meet(v->now, rf_ranges_grown(p, phi));
    if (!rf_interval_is_empty(now)) v->now = phi->taken = now; /* which others may add */
}

static void find_growths_at(ranges *p, const rf_ir_block *head)
{
    for (const rf_ir_phi *phi = head->phis; phi; phi = phi->next)
        if (is_followed(p, phi)) find_step(p, head, phi);
    const rf_wide turns = most_turns(p, head);
    for (const rf_ir_phi *phi = head->phis; phi; phi = phi->next)
        if (has_step(p, phi)) find_growth(p, phi, turns);
    for (const rf_ir_phi *phi = head->phis; phi; phi = phi->next) {
        if (!has_step(p, phi) || rf_interval_is_one(p->versions[phi->version].phi->step)) continue;
        find_step(p, head, phi); /* of less, perhaps, now that the others have grown */
        if (has_step(p, phi)) find_growth(p, phi, turns);
    }
    for (const rf_ir_phi *phi = head->phis; phi; phi = phi->next) {
        if (!has_step(p, phi) || !rf_interval_is(p->versions[phi->version].phi->step, 1)) continue;
        for (const rf_ir_phi *other = head->phis; other; other = other->next)
            if (has_step(p, other) && rf_interval_is(p->versions[other->version].phi->step, -1)) find_limit(p, head, phi, other);
    }
}

void rf_ranges_find_growths(ranges *p)
{
    for (uint32_t i = p->f->reached_count; i--;) { /* inner loops first */
        const rf_ir_block *b = p->f->reached[i];
        if (p->blocks[b->number].is_head && p->blocks[b->number].is_reached) find_growths_at(p, b);
    }
}
