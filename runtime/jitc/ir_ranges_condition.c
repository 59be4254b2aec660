/* What is known behind a condition that holds, or fails. */
#include "jitc/ir_ranges.h"

/* ---- versions ---- */

void rf_ranges_undo(ranges *p, size_t mark)
{
    while (p->undo.count > mark) {
        const range_undo *undo = &rf_vector_pop(&p->undo);
        p->versions[undo->version].now = undo->now;
        p->versions[undo->version].facts = undo->facts;
        p->facts.count -= undo->is_fact;
    }
}

static void keep(ranges *p, uint32_t version, bool is_fact)
{
    const range_version *v = &p->versions[version];
    const range_undo undo = {version, is_fact, v->facts, v->now};
    rf_vector_push(&p->undo, undo);
}

static bool narrow(ranges *p, uint32_t version, rf_interval to)
{
    range_version *v = &p->versions[version];
    const rf_interval now = rf_interval_meet(v->now, to);
    if (rf_interval_is_empty(now)) {
        p->is_contradiction = true;
        return false;
    }
    if (rf_interval_has(now, v->now)) return false;
    keep(p, version, false);
    v->now = now;
    return true;
}

void rf_ranges_add_fact(ranges *p, uint32_t version, uint32_t other, int64_t more)
{
    if (version == other) return;
    const range_fact fact = {other, more, p->versions[version].facts};
    keep(p, version, true);
    rf_vector_push(&p->facts, fact);
    p->versions[version].facts = (uint32_t)p->facts.count;
}

static range_linear linear_of(const ranges *p, uint32_t version)
{
    const range_version *v = rf_ranges_version(p, version);
    return v->base ? (range_linear){v->base, v->offset} : (range_linear){(uint32_t)(v - p->versions), 0};
}

/* first + what that many turns add, unless that may be cut off */
static void narrow_by_turns(ranges *p, uint32_t version, rf_interval turns)
{
    const range_phi *phi = p->versions[version].phi;
    const rf_interval at = rf_interval_exact(RF_IR_ADD, phi->first, rf_interval_exact(RF_IR_MUL, turns, phi->step));
    if (rf_interval_has(rf_interval_of_type(RF_IR_I64), at)) narrow(p, version, at);
}

/* It is limit - counter, where that is no less than what an int can be.  The counter, being above 0, began so: it has not come
 * down across the end of ints, or the turns would not be known. */
static void add_limit(ranges *p, uint32_t version, rf_interval counter)
{
    const range_phi *phi = p->versions[version].phi;
    const rf_interval limit = rf_ranges_of_version(p, phi->limit);
    if (counter.lo < 1 || limit.lo - counter.hi < INT64_MIN) return;
    const range_linear l = linear_of(p, phi->limit);
    rf_ranges_add_fact(p, version, l.base, l.offset - 1);
}

/* A phi that counts tells how often the loop was gone round, and with that how far the others of its block can be. */
static void narrow_beside(ranges *p, uint32_t counter)
{
    const range_version *v = &p->versions[counter];
    rf_interval turns;
    if (!v->phi || !rf_ranges_turns(v->phi, v->now, &turns)) return;
    for (const rf_ir_phi *other = p->f->versions[counter].block->phis; other; other = other->next) {
        const range_phi *phi = p->versions[other->version].phi;
        if (other->version == counter || !phi || !phi->has_step) continue;
        narrow_by_turns(p, other->version, turns);
        if (phi->limit && phi->counter == counter) add_limit(p, other->version, v->now);
    }
}

static void refine_expr(ranges *p, rf_ir_expr *e, rf_interval to);

/* The x of (i64)(((u64)x >> 63) + INT64_MAX), which is INT64_MIN if x is negative, or NULL (ir_limits.c). */
static rf_ir_expr *looked_at_sign_of(rf_ir_expr *e)
{
    if (e->op != RF_IR_CAST || e->type != RF_IR_I64 || e->operands[0]->op != RF_IR_ADD || e->operands[0]->type != RF_IR_U64) return NULL;
    const rf_ir_expr *sign = e->operands[0]->operands[0], *most = e->operands[0]->operands[1];
    if (most->op != RF_IR_INT || most->i != INT64_MAX || sign->op != RF_IR_SHR || sign->operands[0]->op != RF_IR_CAST) return NULL;
    const rf_ir_expr *by = sign->operands[1];
    rf_ir_expr *x = sign->operands[0]->operands[0];
    return by->op == RF_IR_INT && by->i == 63 && x->type == RF_IR_I64 ? x : NULL;
}

/* What is the least of some is above lo: all of them are. */
static void refine_least(ranges *p, rf_ir_expr *e, rf_wide lo)
{
    rf_ir_expr *x = looked_at_sign_of(e);
    if (e->op == RF_IR_MIN) {
        refine_least(p, e->operands[0], lo);
        refine_least(p, e->operands[1], lo);
    } else if (x) {
        refine_expr(p, x, (rf_interval){0, INT64_MAX});
    } else if (e->op == RF_IR_READ) {
        refine_expr(p, e, (rf_interval){lo, INT64_MAX});
    }
}

void rf_ranges_refine(ranges *p, uint32_t version, rf_interval to)
{
    const uint32_t same = p->versions[version].same, base = p->versions[same].base;
    if (narrow(p, same, to)) {
        rf_ir_expr *least = rf_ranges_definition(p, same);
        narrow_beside(p, same);
        if (least && least->op == RF_IR_MIN && p->versions[same].now.lo > INT64_MIN) refine_least(p, least, p->versions[same].now.lo);
    }
    if (base && narrow(p, base, rf_interval_exact(RF_IR_SUB, to, rf_interval_one(p->versions[same].offset)))) narrow_beside(p, base);
}

/* ---- expressions ---- */

/* The interval of what is cast, when that of the cast is known: it is the same number, or differs by the size of the type. */
static bool cast_back(ranges *p, rf_ir_expr *e, rf_interval *to)
{
    rf_ir_expr *from = e->operands[0];
    if (!rf_interval_is_type(from->type) || e->type == RF_IR_BOOL) return false;
    if (rf_interval_has(rf_interval_of_type(e->type), rf_ranges_peek(p, from))) return true;
    const bool are_bits = (e->type == RF_IR_U64 && from->type == RF_IR_I64) || (e->type == RF_IR_I64 && from->type == RF_IR_U64);
    if (are_bits) *to = rf_interval_wrap(from->type, *to);
    return are_bits;
}

static void refine_expr(ranges *p, rf_ir_expr *e, rf_interval to)
{
    if (rf_interval_is_empty(to)) {
        p->is_contradiction = true;
        return;
    }
    range_linear l;
    if (e->op == RF_IR_CAST) {
        if (cast_back(p, e, &to)) refine_expr(p, e->operands[0], to);
    } else if (e->op == RF_IR_READ) {
        rf_ranges_refine(p, e->read.version, to);
    } else if (rf_ranges_linear(p, e, &l) && l.base) {
        rf_ranges_refine(p, l.base, rf_interval_exact(RF_IR_SUB, to, rf_interval_one(l.offset)));
    }
}

static rf_interval without(rf_interval a, rf_interval b)
{
    if (!rf_interval_is_one(b)) return a;
    return (rf_interval){a.lo + (a.lo == b.lo), a.hi - (a.hi == b.lo)};
}

/* a is at most b - less. */
static void order(rf_interval *a, rf_interval *b, int less)
{
    const rf_interval before = *a;
    if (b->hi != RF_WIDE_MIN && a->hi > b->hi - less) a->hi = b->hi - less;
    if (before.lo != RF_WIDE_MAX && b->lo < before.lo + less) b->lo = before.lo + less;
}

static void compare_intervals(uint8_t op, rf_interval *a, rf_interval *b)
{
    const rf_interval x = *a;
    switch (op) {
    case RF_IR_EQ: *a = *b = rf_interval_meet(x, *b); break;
    case RF_IR_NE:
        *a = without(x, *b);
        *b = without(*b, x);
        break;
    case RF_IR_LT: order(a, b, 1); break;
    case RF_IR_LE: order(a, b, 0); break;
    case RF_IR_GT: order(b, a, 1); break;
    default: order(b, a, 0); break;
    }
}

static void fact_between(ranges *p, range_linear a, range_linear b, int64_t more)
{
    rf_ranges_add_fact(p, a.base, b.base, b.offset - a.offset + more);
}

static void add_facts(ranges *p, uint8_t op, rf_ir_expr *a, rf_ir_expr *b)
{
    range_linear x, y;
    if (op == RF_IR_NE || !rf_ranges_linear(p, a, &x) || !rf_ranges_linear(p, b, &y) || !x.base || !y.base) return;
    const bool is_strict = op == RF_IR_LT || op == RF_IR_GT;
    if (op != RF_IR_GT && op != RF_IR_GE) fact_between(p, x, y, -is_strict);
    if (op != RF_IR_LT && op != RF_IR_LE) fact_between(p, y, x, -is_strict);
}

static void assume(ranges *p, rf_ir_expr *e, bool holds);

/* e, which is 0 or 1, is a bool in an int, or was assigned one. */
static void assume_bool_in(ranges *p, rf_ir_expr *e, rf_interval is)
{
    if (!rf_interval_is(is, 0) && !rf_interval_is(is, 1)) return;
    if (e->op == RF_IR_READ) e = rf_ranges_definition(p, e->read.version);
    while (e && e->op == RF_IR_CAST && e->type != RF_IR_BOOL && rf_interval_is_type(e->operands[0]->type)) {
        if (e->operands[0]->type == RF_IR_BOOL) assume(p, e->operands[0], is.lo == 1);
        e = e->operands[0]->op == RF_IR_CAST ? e->operands[0] : NULL;
    }
}

static void assume_comparison(ranges *p, rf_ir_expr *e, bool holds)
{
    rf_ir_expr *x = e->operands[0], *y = e->operands[1];
    if (!rf_interval_is_type(x->type)) return;
    const uint8_t op = holds ? e->op : rf_ir_negated(e->op);
    rf_interval a = rf_ranges_peek(p, x), b = rf_ranges_peek(p, y);
    const bool are_small = a.lo >= 0 && a.hi <= 1 && rf_interval_is_one(b);
    compare_intervals(op, &a, &b);
    refine_expr(p, x, a);
    refine_expr(p, y, b);
    if (p->is_contradiction) return;
    if (p->phase != RANGES_GROW) add_facts(p, op, x, y);
    if (are_small) assume_bool_in(p, x, a);
}

static void assume_both(ranges *p, rf_ir_expr *e, bool holds)
{
    rf_ir_expr *a = e->operands[0], *b = e->operands[1];
    if (holds == (e->op == RF_IR_BOTH)) {
        assume(p, a, holds);
        assume(p, b, holds);
    } else if (rf_interval_is(rf_ranges_peek(p, a), !holds)) { /* so it is the other one that decides */
        assume(p, b, holds);
    } else if (rf_interval_is(rf_ranges_peek(p, b), !holds)) {
        assume(p, a, holds);
    }
}

static void assume(ranges *p, rf_ir_expr *e, bool holds)
{
    if (p->is_contradiction || !p->budget || !rf_interval_is_type(e->type)) return;
    p->budget--;
    rf_ir_expr *definition;
    switch (e->op) {
    case RF_IR_NOT: assume(p, e->operands[0], !holds); return;
    case RF_IR_LIKELY: assume(p, e->operands[0], holds); return;
    case RF_IR_BOTH:
    case RF_IR_EITHER: assume_both(p, e, holds); return;
    case RF_IR_READ:
        definition = rf_ranges_definition(p, e->read.version);
        rf_ranges_refine(p, e->read.version, rf_interval_one(holds));
        if (definition) assume(p, definition, holds);
        return;
    case RF_IR_CAST:
        if (e->operands[0]->type == RF_IR_BOOL) assume(p, e->operands[0], holds);
        return;
    default:
        if (rf_ir_is_comparison(e->op)) assume_comparison(p, e, holds);
    }
}

enum { BUDGET = 32 };

void rf_ranges_assume(ranges *p, rf_ir_expr *condition, bool holds)
{
    const bool rewrites = p->rewrites;
    p->rewrites = false;
    p->budget = BUDGET;
    p->is_contradiction = false;
    assume(p, condition, holds);
    p->rewrites = rewrites;
}
