/* What ints can be, and what that makes needless: checks of overflow, of bounds and of divisors, and other tests.
 *
 * The function is walked over as its tree of dominators, so that each version has an interval before it is used, and what
 * the conditions on the way say of it is known below them and forgotten beside them.  Ways that no condition lets pass
 * are not gone.  Phis join what comes to them.  At heads of loops they begin with what comes first and grow from sweep
 * to sweep, by leaps, until they are all that comes (Cousot and Cousot, POPL 1977; Wegman and Zadeck, TOPLAS 1991);
 * then they shrink to it in a few more sweeps, which are right after each, and the last one rewrites.  Between them it is
 * found out what turns of loops add (ir_ranges_loop.c).
 *
 * Beside its interval, a version may be another one and a number, and have facts: that it is at most another one and a
 * number.  These are said of versions as they are where the walk is: what is defined above a block was so, when control
 * last came by there. */
#include "jitc/ir_ranges.h"

#include "base/alloc.h"
#include "base/base.h"

enum {
    FEW_GROWING = 3,  /* sweeps, in which ways that cannot be gone are not */
    MOST_GROWING = 6, /* sweeps, after which phis at heads of loops may be anything */
    NARROWING = 2     /* sweeps */
};

/* ---- copies ---- */

static uint32_t find_same(ranges *p, uint32_t version)
{
    while (p->versions[version].same != version) {
        p->versions[version].same = p->versions[p->versions[version].same].same;
        version = p->versions[version].same;
    }
    return version;
}

/* The one version that a phi is, whichever way is gone; 0: there is none. */
static uint32_t only_argument(ranges *p, const rf_ir_block *b, const rf_ir_phi *phi)
{
    const uint32_t self = find_same(p, phi->version);
    uint32_t only = 0;
    for (uint32_t i = 0; i < b->predecessor_count; i++) {
        const uint32_t argument = find_same(p, phi->args[i]);
        if (argument == self || argument == only) continue;
        if (only) return 0;
        only = argument;
    }
    return only;
}

static void find_copies_in(ranges *p, const rf_ir_block *b)
{
    for (const rf_ir_phi *phi = b->phis; phi && !b->is_exit; phi = phi->next) {
        const uint32_t only = only_argument(p, b, phi);
        if (only) p->versions[find_same(p, phi->version)].same = only;
    }
    for (const rf_ir_statement *s = b->first; s; s = s->next) {
        if (s->kind != RF_IR_ASSIGN || !s->version || s->value->op != RF_IR_READ || s->value->type != s->place->type) continue;
        p->versions[s->version].same = find_same(p, s->value->read.version);
    }
}

/* Twice, for loops: what comes back to a phi may be it itself. */
static void find_copies(ranges *p)
{
    for (unsigned turn = 0; turn < 2; turn++)
        for (uint32_t i = 0; i < p->f->reached_count; i++) find_copies_in(p, p->f->reached[i]);
    for (uint32_t v = 1; v < p->f->version_count; v++) p->versions[v].same = find_same(p, v);
}

/* ---- phis ---- */

static void grow(ranges *p, range_phi *phi, uint8_t type, rf_interval comes)
{
    const rf_interval joined = rf_interval_join(phi->taken, comes);
    if (!rf_interval_is_empty(phi->taken) && rf_interval_has(phi->taken, joined)) return;
    p->is_changed = true;
    if (p->is_pessimistic)
        phi->taken = rf_interval_of_type(type);
    else if (rf_interval_is_empty(phi->taken))
        phi->taken = comes;
    else
        phi->taken = rf_interval_widen(type, phi->taken, joined);
}

/* What comes back was there before, and all turns added no more than they can. */
static void narrow(const ranges *p, range_phi *phi, rf_interval comes, bool *is_monotone)
{
    rf_interval now = rf_interval_meet(phi->taken, comes);
    *is_monotone = false;
    if (phi->has_growth) {
        const rf_interval grown = rf_interval_exact(RF_IR_ADD, phi->first, phi->growth);
        *is_monotone = rf_interval_has(rf_interval_of_type(RF_IR_I64), grown);
        now = rf_interval_meet(now, rf_ranges_grown(p, phi));
    }
    if (!rf_interval_is_empty(now)) phi->taken = now;
}

/* Do all turns add to it, as the last sweep found, and nothing of the sums was cut off? */
static bool only_rises(const ranges *p, const rf_ir_block *b, const rf_ir_phi *at)
{
    for (uint32_t i = 0; i < b->predecessor_count; i++) {
        if (b->predecessors[i]->order < b->order) continue;
        const range_version *v = rf_ranges_version(p, at->args[i]);
        if (p->versions[at->args[i]].same != at->version && (v->base != at->version || v->offset < 0)) return false;
    }
    return true;
}

/* It only grows, or only shrinks, from what it begins with, if that is one version. */
static void add_facts_of_head(ranges *p, const rf_ir_block *b, const rf_ir_phi *at, bool rises, bool falls)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i < b->predecessor_count; i++) {
        if (b->predecessors[i]->order >= b->order) continue;
        if (first) return;
        first = at->args[i];
    }
    const range_version *v = rf_ranges_version(p, first);
    const uint32_t base = v->base ? v->base : p->versions[first].same;
    if (falls) rf_ranges_add_fact(p, at->version, base, v->offset);
    if (rises) rf_ranges_add_fact(p, base, at->version, -v->offset);
}

static void visit_phi(ranges *p, const rf_ir_block *b, const rf_ir_phi *at)
{
    range_version *v = &p->versions[at->version];
    range_phi *phi = v->phi;
    const uint8_t type = p->f->variables[at->variable].type;
    rf_interval comes = rf_interval_join(phi->entry, phi->back);
    bool is_monotone = false;
    if (rf_interval_is_empty(comes)) comes = rf_interval_of_type(type);
    phi->first = phi->entry;
    phi->entry = phi->back = RF_INTERVAL_EMPTY;
    v->now = comes;
    if (!p->blocks[b->number].is_head) return;
    if (p->phase == RANGES_GROW)
        grow(p, phi, type, comes);
    else
        narrow(p, phi, comes, &is_monotone);
    v->now = phi->taken;
    if (p->phase != RANGES_GROW)
        add_facts_of_head(p, b, at, (is_monotone && phi->growth.lo == 0) || only_rises(p, b, at), is_monotone && phi->growth.hi == 0);
}

/* ---- ways ---- */

static bool is_asked(const rf_ir_statement *s)
{
    return (s->kind == RF_IR_BRANCH || s->kind == RF_IR_GUARD) && s->yes != s->no;
}

/* Control goes on from `from`, whose last statement is s, to `to`: can it? */
static bool can_go(ranges *p, const rf_ir_statement *s, const rf_ir_block *to)
{
    if (!is_asked(s)) return true;
    rf_ranges_assume(p, s->value, to == s->yes);
    return !p->is_contradiction;
}

/* Ways that cannot be gone yet are gone, too, with nothing known of their condition, when phis have not grown up soon: each
 * loop that a later one waits for would cost a sweep. */
static bool is_gone_anyway(ranges *p, size_t mark)
{
    if (!p->goes_anyway) return false;
    rf_ranges_undo(p, mark);
    return true;
}

static void bring(const ranges *p, const rf_ir_block *from, const rf_ir_block *to, bool is_back)
{
    for (uint32_t i = 0; i < to->predecessor_count; i++) {
        if (to->predecessors[i] != from) continue;
        for (const rf_ir_phi *at = to->phis; at; at = at->next) {
            range_phi *phi = p->versions[at->version].phi;
            if (!phi) continue;
            rf_interval *into = is_back ? &phi->back : &phi->entry;
            *into = rf_interval_join(*into, rf_ranges_of_version(p, at->args[i]));
        }
    }
}

static void go(ranges *p, const rf_ir_block *from, const rf_ir_statement *s, const rf_ir_block *to)
{
    range_block *at = &p->blocks[to->number];
    const bool is_back = from->order >= to->order;
    const size_t mark = p->undo.count;
    const bool brings = to->phis && !to->is_exit;
    if (!brings || can_go(p, s, to) || is_gone_anyway(p, mark)) {
        if (is_back && at->has_side_entry && !at->is_reached) p->is_changed = true;
        *(is_back ? &at->comes_back : &at->comes) = true;
        if (brings) bring(p, from, to, is_back);
    }
    rf_ranges_undo(p, mark);
}

/* ---- statements ---- */

/* It is at most each of those of which it is the least. */
static void add_facts_of_least(ranges *p, uint32_t version, rf_ir_expr *e)
{
    range_linear l;
    if (e->op == RF_IR_MIN) {
        add_facts_of_least(p, version, e->operands[0]);
        add_facts_of_least(p, version, e->operands[1]);
    } else if (rf_ranges_linear(p, e, &l) && l.base) {
        rf_ranges_add_fact(p, version, l.base, l.offset);
    }
}

static void define(ranges *p, const rf_ir_statement *s, rf_interval is, bool is_sum)
{
    range_version *v = &p->versions[s->version];
    range_linear l;
    v->now = is;
    v->base = 0;
    if (v->same != s->version) return;
    if (s->value->op == RF_IR_MIN && p->phase != RANGES_GROW) add_facts_of_least(p, s->version, s->value);
    if (!(is_sum ? rf_ranges_linear_sum(p, s->value, &l) : rf_ranges_linear(p, s->value, &l)) || l.base == s->version) return;
    v->base = l.base;
    v->offset = l.offset;
}

static bool is_of_ints(const ranges *p, const rf_ir_statement *s)
{
    return s->version && rf_interval_is_type(p->f->variables[s->place->variable].type);
}

static void visit_statement(ranges *p, rf_ir_statement *s)
{
    if (!p->rewrites && !is_of_ints(p, s)) return;
    const rf_interval is = rf_ranges_of(p, s->value);
    if (is_of_ints(p, s))
        define(p, s, is, false);
    else if (s->place)
        rf_ranges_of_place(p, s->place);
}

static void jump_instead(ranges *p, rf_ir_statement *s, rf_ir_block *to)
{
    s->kind = RF_IR_JUMP;
    s->yes = to;
    s->no = NULL;
    s->value = NULL;
    p->has_new_ways = true;
}

/* A sum that cannot overflow needs no check. */
static void assign_instead(ranges *p, rf_ir_block *b, rf_ir_statement *s)
{
    rf_ir_block *to = s->yes;
    s->kind = RF_IR_ASSIGN;
    s->yes = s->no = NULL;
    rf_ir_jump(p->f, b, s->position, to);
    p->has_new_ways = true;
}

static void visit_checked(ranges *p, rf_ir_block *b, rf_ir_statement *s)
{
    const rf_interval all = rf_interval_of_type(RF_IR_I64), x = rf_ranges_of(p, s->value->operands[0]),
                      y = rf_ranges_of(p, s->value->operands[1]);
    rf_interval sum = rf_interval_exact(s->value->op, x, y);
    rf_ir_block *yes = s->yes, *no = s->no;
    const bool is_safe = rf_interval_has(all, sum);
    sum = rf_interval_meet(sum, all);
    const bool is_possible = !rf_interval_is_empty(sum);
    define(p, s, is_possible ? sum : all, true);
    if (is_safe && p->rewrites) {
        assign_instead(p, b, s);
        rf_ranges_of(p, s->value);
    }
    if (is_possible || p->goes_anyway) go(p, b, b->last, yes);
    if (!is_safe) go(p, b, b->last, no);
}

/* The x of a guard (u64)x < (u64)n of two ints, or NULL. */
static const rf_ir_expr *indexed(const rf_ir_statement *s)
{
    if (s->kind != RF_IR_GUARD || s->value->op != RF_IR_LT) return NULL;
    for (unsigned i = 0; i < 2; i++) {
        const rf_ir_expr *e = s->value->operands[i];
        if (e->op != RF_IR_CAST || e->type != RF_IR_U64 || e->operands[0]->op != RF_IR_READ || e->operands[0]->type != RF_IR_I64) return NULL;
    }
    return s->value->operands[0]->operands[0];
}

/* What control comes to behind the guard s without doing anything or meeting others, or NULL. */
static rf_ir_statement *next_end(rf_ir_statement *s)
{
    const rf_ir_block *b;
    do {
        b = s->yes;
        if (b->predecessor_count != 1) return NULL;
        for (s = b->first; s != b->last; s = s->next)
            if (s->kind != RF_IR_ASSIGN || !s->version || rf_ir_does_something(s->value)) return NULL;
    } while (s->kind == RF_IR_JUMP);
    return s;
}

/* Is the version there where b ends, and its variable holds it? It does where it is read in the block behind. */
static bool is_there(const ranges *p, uint32_t version, const rf_ir_block *b)
{
    return rf_ir_dominates(p->f->versions[version].block, b);
}

/* guard (u64)x < (u64)n, then guard (u64)y < (u64)n, where 0 <= x <= y: y is tested first, so x need not be.  What it leaves by then
 * is the exit of x, from where the VM comes to y. */
static void test_higher_first(ranges *p, const rf_ir_block *b, rf_ir_statement *s)
{
    const rf_ir_expr *x = indexed(s);
    rf_ir_statement *other = x ? next_end(s) : NULL;
    const rf_ir_expr *y = other ? indexed(other) : NULL;
    range_linear low, high;
    if (!y || !is_there(p, y->read.version, b)) return;
    const rf_ir_expr *n = s->value->operands[1]->operands[0], *m = other->value->operands[1]->operands[0];
    if (rf_ranges_version(p, n->read.version) != rf_ranges_version(p, m->read.version) || !is_there(p, m->read.version, b)) return;
    if (rf_ranges_of_version(p, x->read.version).lo < 0 || !rf_ranges_linear(p, s->value->operands[0]->operands[0], &low)) return;
    if (!rf_ranges_linear(p, other->value->operands[0]->operands[0], &high) || !rf_ranges_not_above(p, low, high, 0)) return;
    s->value = other->value;
    other->value = rf_ir_int(p->f, RF_IR_BOOL, 1);
}

/* Is the condition known because one of its ways cannot be gone? */
static rf_interval answer(ranges *p, const rf_ir_statement *s)
{
    const size_t mark = p->undo.count;
    const bool can_hold = can_go(p, s, s->yes);
    rf_ranges_undo(p, mark);
    const bool can_fail = can_go(p, s, s->no);
    rf_ranges_undo(p, mark);
    return can_hold == can_fail ? RF_INTERVAL_BOOL : rf_interval_one(can_hold);
}

static void visit_condition(ranges *p, const rf_ir_block *b, rf_ir_statement *s)
{
    if (p->rewrites) test_higher_first(p, b, s);
    rf_interval is = rf_ranges_of(p, s->value);
    if (p->rewrites && is_asked(s)) {
        if (!rf_interval_is_one(is)) is = answer(p, s);
        if (rf_interval_is_one(is) && !rf_ir_does_something(s->value)) jump_instead(p, s, is.lo ? s->yes : s->no);
    }
    if (s->kind == RF_IR_JUMP) {
        go(p, b, s, s->yes);
        return;
    }
    if (is.hi == 1 || p->goes_anyway) go(p, b, s, s->yes);
    if (is.lo == 0 || p->goes_anyway) go(p, b, s, s->no);
}

static void visit_end(ranges *p, rf_ir_block *b, rf_ir_statement *s)
{
    switch (s->kind) {
    case RF_IR_JUMP: go(p, b, s, s->yes); break;
    case RF_IR_BRANCH:
    case RF_IR_GUARD: visit_condition(p, b, s); break;
    case RF_IR_CHECKED: visit_checked(p, b, s); break;
    default:
        if (s->value && p->rewrites) rf_ranges_of(p, s->value);
    }
}

/* ---- sweeps ---- */

static bool enter(ranges *p, const rf_ir_block *b)
{
    range_block *at = &p->blocks[b->number];
    const size_t mark = p->undo.count;
    at->is_reached = b == p->f->first || at->comes || (at->comes_back && at->has_side_entry);
    at->comes = at->comes_back = false;
    if (!at->is_reached || (b->is_exit && p->phase != RANGES_REWRITE)) return false;
    if (b->predecessor_count == 1) at->is_reached = can_go(p, b->predecessors[0]->last, b) || is_gone_anyway(p, mark);
    return at->is_reached;
}

static void visit(ranges *p, rf_ir_block *b)
{
    for (const rf_ir_phi *at = b->phis; at; at = at->next)
        if (p->versions[at->version].phi) visit_phi(p, b, at);
    for (rf_ir_statement *s = b->first, *next; s; s = next) {
        next = s->next;
        if (rf_ir_ends(s))
            visit_end(p, b, s);
        else
            visit_statement(p, s);
    }
}

static void sweep(ranges *p)
{
    p->is_changed = false;
    p->rewrites = p->phase == RANGES_REWRITE;
    for (rf_ir_block *b = p->f->first; b; b = rf_ir_next_dominated(b)) {
        const uint32_t depth = p->blocks[b->number].depth;
        rf_ranges_undo(p, p->marks[depth]);
        if (enter(p, b))
            visit(p, b);
        else
            rf_ranges_undo(p, p->marks[depth]);
        p->marks[depth + 1] = p->undo.count;
    }
    rf_ranges_undo(p, 0);
    p->rewrites = false;
}

static void find_ranges(ranges *p, bool has_loops)
{
    for (unsigned i = 0; has_loops && (i == 0 || p->is_changed); i++) {
        p->goes_anyway = i >= FEW_GROWING;
        p->is_pessimistic = i >= MOST_GROWING;
        sweep(p);
    }
    p->goes_anyway = false;
    p->phase = RANGES_NARROW;
    for (unsigned i = 0; has_loops && i < NARROWING; i++) {
        sweep(p);
        rf_ranges_find_growths(p);
    }
    p->phase = RANGES_REWRITE;
    sweep(p);
}

/* ---- the pass ---- */

static bool prepare_blocks(ranges *p)
{
    bool has_loops = false;
    for (uint32_t i = 0; i < p->f->reached_count; i++) {
        const rf_ir_block *b = p->f->reached[i];
        range_block *at = &p->blocks[b->number];
        at->depth = b->dominator ? p->blocks[b->dominator->number].depth + 1 : 0;
        for (uint32_t k = 0; k < b->predecessor_count; k++)
            if (b->predecessors[k]->order >= b->order) {
                at->is_head = has_loops = true;
                at->has_side_entry |= !rf_ir_dominates(b, b->predecessors[k]);
            }
    }
    return has_loops;
}

/* Of ints that are no copies and are not in exits, from where nothing goes on. */
static bool is_followed(const ranges *p, const rf_ir_phi *phi)
{
    return rf_interval_is_type(p->f->variables[phi->variable].type) && p->versions[phi->version].same == phi->version;
}

static range_phi *prepare_phis(ranges *p)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->f->reached_count; i++)
        for (const rf_ir_phi *phi = p->f->reached[i]->phis; phi && !p->f->reached[i]->is_exit; phi = phi->next) count += is_followed(p, phi);
    range_phi *phis = rf_alloc_array_zero(range_phi, count + 1);
    for (uint32_t i = 0; i < count; i++) phis[i].entry = phis[i].back = phis[i].first = phis[i].taken = RF_INTERVAL_EMPTY;
    count = 0;
    for (uint32_t i = 0; i < p->f->reached_count; i++)
        for (const rf_ir_phi *phi = p->f->reached[i]->phis; phi && !p->f->reached[i]->is_exit; phi = phi->next)
            if (is_followed(p, phi)) p->versions[phi->version].phi = &phis[count++];
    return phis;
}

void rf_ir_ranges(rf_ir_function *f)
{
    ranges p = {.f = f,
                .versions = rf_alloc_array_zero(range_version, f->version_count),
                .blocks = rf_alloc_array_zero(range_block, f->block_count),
                .marks = rf_alloc_array_zero(size_t, f->block_count + 1)};
    for (uint32_t v = 0; v < f->version_count; v++) {
        const uint8_t type = f->variable_count ? f->variables[f->versions[v].variable].type : (uint8_t)RF_IR_VOID;
        p.versions[v].same = v;
        if (rf_interval_is_type(type)) p.versions[v].now = rf_interval_of_type(type);
    }
    find_copies(&p);
    range_phi *phis = prepare_phis(&p);
    find_ranges(&p, prepare_blocks(&p));
    rf_vector_release(&p.undo);
    rf_vector_release(&p.facts);
    rf_free(phis);
    rf_free(p.versions);
    rf_free(p.blocks);
    rf_free(p.marks);
    if (p.has_new_ways) rf_ir_ways_changed(f);
}
