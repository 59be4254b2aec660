/* Constants and copies: a walk over the tree of dominators, so that definitions are simple before what reads them.
 *
 * A read of a version that is constant becomes the constant.  One of a copy becomes a read of what was copied, and a test of
 * a bool that was cast to a number becomes a read of the bool, if the version still reaches: that is known of a variable's only
 * version, and of one that was read or assigned before on a way without joins. */
#include "jitc/ir.h"
#include "jitc/ir_push.h"

#include "base/alloc.h"

typedef struct reaching { /* the version of a variable that reaches, if it is of this stretch */
    uint32_t version, stretch;
} reaching;

typedef struct shadowed {
    uint32_t variable;
    reaching was;
} shadowed;

/* By order of block: what is true where it ends. */
typedef struct end_state {
    uint32_t stretch, shadowed_count;
} end_state;

typedef struct folder {
    rf_ir_function *f;
    /* by version: */
    uint32_t *same_as;            /* that it is the same as, by a phi that joins nothing; itself */
    const rf_ir_expr **constants; /* INT or FLOAT that it is */
    uint32_t *read_count;
    /* by variable: */
    uint32_t *definition_count;
    reaching *reaching;
    shadowed *shadowed;           /* to come back behind the blocks that a block dominates */
    uint32_t shadowed_count, shadowed_capacity;
    uint32_t stretch, stretch_count; /* blocks in a row without joins */
    end_state *ends;
    bool has_changed_ways;
} folder;

/* ---- phis that join nothing ---- */

static uint32_t origin(folder *w, uint32_t version)
{
    while (w->same_as[version] != version) {
        w->same_as[version] = w->same_as[w->same_as[version]];
        version = w->same_as[version];
    }
    return version;
}

/* The only version that comes in, but the phi's own; 0: there are several. */
static uint32_t only_arg(folder *w, const rf_ir_phi *phi, uint32_t count)
{
    uint32_t only = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t arg = origin(w, phi->args[i]);
        if (arg == phi->version || arg == only) continue;
        if (only) return 0;
        only = arg;
    }
    return only;
}

static bool drop_phis_of(folder *w, rf_ir_block *b)
{
    bool is_changed = false;
    for (rf_ir_phi **at = &b->phis; *at;) {
        const uint32_t only = only_arg(w, *at, b->predecessor_count);
        if (!only) {
            at = &(*at)->next;
            continue;
        }
        w->same_as[(*at)->version] = only;
        w->f->versions[(*at)->version].phi = NULL;
        *at = (*at)->next;
        is_changed = true;
    }
    return is_changed;
}

static void rename_read(void *context, rf_ir_expr *e)
{
    if (e->op == RF_IR_READ) e->read.version = origin(context, e->read.version);
}

static void rename_block(folder *w, rf_ir_block *b)
{
    for (rf_ir_phi *phi = b->phis; phi; phi = phi->next)
        for (uint32_t i = 0; i < b->predecessor_count; i++) phi->args[i] = origin(w, phi->args[i]);
    for (rf_ir_statement *s = b->first; s; s = s->next) rf_ir_visit_statement(s, rename_read, w);
}

/* Versions of one variable: the one that stays reaches wherever the phi's did. */
static void drop_phis(folder *w)
{
    const rf_ir_function *f = w->f;
    bool is_changed = true, has_dropped = false;
    for (uint32_t v = 0; v < f->version_count; v++) w->same_as[v] = v;
    while (is_changed) {
        is_changed = false;
        for (uint32_t i = 0; i < f->reached_count; i++) is_changed |= drop_phis_of(w, f->reached[i]);
        has_dropped |= is_changed;
    }
    if (!has_dropped) return;
    for (uint32_t i = 0; i < f->reached_count; i++) rename_block(w, f->reached[i]);
}

/* ---- which versions reach ---- */

static void reach(folder *w, uint32_t variable, uint32_t version)
{
    reaching *at = &w->reaching[variable];
    if (at->version == version && at->stretch == w->stretch) return;
    RF_IR_PUSH(w->shadowed, w->shadowed_count, w->shadowed_capacity, (shadowed){variable, *at});
    *at = (reaching){version, w->stretch};
}

/* Does it reach, where its definition leads by? */
static bool reaches(const folder *w, const rf_ir_expr *read)
{
    const reaching *at = &w->reaching[read->read.variable];
    const rf_ir_version *v = &w->f->versions[read->read.version];
    if (w->definition_count[read->read.variable] == 1 && (v->statement || v->phi)) return true;
    return at->version == read->read.version && at->stretch == w->stretch;
}

static void enter(folder *w, const rf_ir_block *b)
{
    w->stretch = ++w->stretch_count;
    if (!b->dominator) return;
    const end_state *end = &w->ends[b->dominator->order];
    while (w->shadowed_count > end->shadowed_count) {
        const shadowed *back = &w->shadowed[--w->shadowed_count];
        w->reaching[back->variable] = back->was;
    }
    if (b->predecessor_count == 1) w->stretch = end->stretch;
}

/* ---- reads ---- */

static const rf_ir_expr *definition(const folder *w, const rf_ir_expr *read) /* what is assigned to the version, or NULL */
{
    const rf_ir_statement *s = w->f->versions[read->read.version].statement;
    return s && s->kind == RF_IR_ASSIGN ? s->value : NULL;
}

static void fold_read(folder *w, rf_ir_expr *e)
{
    reach(w, e->read.variable, e->read.version);
    const rf_ir_expr *constant = w->constants[e->read.version], *from = definition(w, e);
    if (constant ? constant->type != e->type : !from || from->op != RF_IR_READ || from->type != e->type || !reaches(w, from)) return;
    w->read_count[e->read.version]--;
    *e = constant ? *constant : *from;
    if (!constant) w->read_count[e->read.version]++;
}

/* Pure, small, and of versions that reach. */
static bool is_at_hand(const folder *w, const rf_ir_expr *e)
{
    if (e->op == RF_IR_READ) return reaches(w, e);
    return e->op == RF_IR_INT || e->op == RF_IR_FLOAT || e->op == RF_IR_PARAM;
}

static bool is_comparison_at_hand(const folder *w, const rf_ir_expr *e)
{
    return rf_ir_is_comparison(e->op) && is_at_hand(w, e->operands[0]) && is_at_hand(w, e->operands[1]);
}

static void count_read(void *context, rf_ir_expr *e)
{
    folder *w = context;
    if (e->op == RF_IR_READ) w->read_count[e->read.version]++;
}

static void take_copy(folder *w, rf_ir_expr *e, const rf_ir_expr *of) /* e, a read, becomes it */
{
    w->read_count[e->read.version]--;
    *e = *rf_ir_copy(w->f, of);
    rf_ir_visit_expr(e, count_read, w);
}

/* C: n = (long long)flag; ... n != 0: the flag, or the comparison that it is. */
static void look_through_cast(folder *w, rf_ir_expr *e)
{
    rf_ir_expr *a = e->operands[0];
    const rf_ir_expr *cast = a->op == RF_IR_READ ? definition(w, a) : NULL;
    if (!cast || cast->op != RF_IR_CAST || e->operands[1]->op != RF_IR_INT) return;
    const rf_ir_expr *flag = cast->operands[0];
    if (flag->type != RF_IR_BOOL || !(is_at_hand(w, flag) || is_comparison_at_hand(w, flag))) return;
    take_copy(w, a, cast);
    rf_ir_simplify(e);
}

static void fold_expr(void *context, rf_ir_expr *e)
{
    folder *w = context;
    if (e->op == RF_IR_READ) {
        fold_read(w, e);
        return;
    }
    rf_ir_simplify(e);
    if (rf_ir_is_comparison(e->op)) look_through_cast(w, e);
}

/* ---- the last statement of a block ---- */

static bool fits(const rf_ir_expr *e) /* sum, difference or product of constants */
{
    const rf_ir_expr *a = e->operands[0], *b = e->operands[1];
    int64_t result;
    if (b->op != RF_IR_INT) return false;
    if (b->i == 0 || (b->i == 1 && e->op == RF_IR_MUL)) return true;
    if (a->op != RF_IR_INT) return false;
    return e->op == RF_IR_ADD   ? !__builtin_add_overflow(a->i, b->i, &result)
           : e->op == RF_IR_SUB ? !__builtin_sub_overflow(a->i, b->i, &result)
                                : !__builtin_mul_overflow(a->i, b->i, &result);
}

/* C: if it is known to fit, place = value; goto yes; */
static void fold_checked(folder *w, rf_ir_block *b)
{
    rf_ir_expr *e = b->last->value;
    for (unsigned i = 0; i < 2; i++) rf_ir_visit_expr(e->operands[i], fold_expr, w);
    rf_ir_expr *first = e->operands[0];
    if (first->op == RF_IR_INT && e->operands[1]->op != RF_IR_INT && e->op != RF_IR_SUB) {
        e->operands[0] = e->operands[1];
        e->operands[1] = first;
    }
    if (!fits(e)) return;
    rf_ir_simplify(e);
    rf_ir_checked_fits(w->f, b);
    w->has_changed_ways = true;
}

/* A bool that only the branch right behind reads is what it was assigned; before: the statement in front of the assignment. */
static void take_in(folder *w, rf_ir_block *b, rf_ir_statement *before, rf_ir_statement *assignment)
{
    rf_ir_expr *read = b->last->value;
    while (read->op == RF_IR_NOT || read->op == RF_IR_LIKELY) read = read->operands[0];
    if (read->op != RF_IR_READ || !definition(w, read)) return;
    if (is_comparison_at_hand(w, definition(w, read))) {
        take_copy(w, read, definition(w, read));
    } else if (assignment && assignment->version == read->read.version && w->read_count[assignment->version] == 1) {
        w->f->versions[assignment->version].statement = NULL;
        *read = *assignment->value;
        *(before ? &before->next : &b->first) = b->last;
    } else {
        return;
    }
    rf_ir_visit_expr(b->last->value, fold_expr, w);
}

static void fold_end(folder *w, rf_ir_block *b, rf_ir_statement *before, rf_ir_statement *assignment)
{
    rf_ir_statement *s = b->last;
    if (s->kind != RF_IR_BRANCH && s->kind != RF_IR_GUARD) return;
    take_in(w, b, before, assignment);
    if (rf_ir_simplify_end(s)) w->has_changed_ways = true;
}

/* ---- blocks ---- */

static const rf_ir_expr *constant_of_phi(const folder *w, const rf_ir_phi *phi, uint32_t count)
{
    const rf_ir_expr *constant = w->constants[phi->args[0]];
    for (uint32_t i = 1; constant && i < count; i++) {
        const rf_ir_expr *other = w->constants[phi->args[i]];
        if (!other || !rf_ir_is_same(constant, other)) return NULL;
    }
    return constant;
}

static void define(folder *w, const rf_ir_statement *s)
{
    reach(w, s->place->variable, s->version);
    if (s->kind == RF_IR_ASSIGN && (s->value->op == RF_IR_INT || s->value->op == RF_IR_FLOAT)) w->constants[s->version] = s->value;
}

static void fold_block(folder *w, rf_ir_block *b)
{
    for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next) {
        w->constants[phi->version] = constant_of_phi(w, phi, b->predecessor_count);
        reach(w, phi->variable, phi->version);
    }
    rf_ir_statement *before = NULL, *last = NULL;
    for (rf_ir_statement *s = b->first; s; s = s->next) {
        if (s->kind == RF_IR_CHECKED)
            fold_checked(w, b);
        else
            rf_ir_visit_statement(s, fold_expr, w);
        if (s == b->last) fold_end(w, b, before, last);
        if (s->version) define(w, s);
        before = last;
        last = s;
    }
}

/* ---- the function ---- */

static void count_reads(folder *w)
{
    rf_ir_function *f = w->f;
    for (uint32_t v = 0; v < f->version_count; v++) w->read_count[v] = 0;
    for (uint32_t i = 0; i < f->reached_count; i++) {
        for (const rf_ir_phi *phi = f->reached[i]->phis; phi; phi = phi->next)
            for (uint32_t k = 0; k < f->reached[i]->predecessor_count; k++) w->read_count[phi->args[k]]++;
        for (rf_ir_statement *s = f->reached[i]->first; s; s = s->next) rf_ir_visit_statement(s, count_read, w);
    }
}

static void count_definitions(folder *w)
{
    const rf_ir_function *f = w->f;
    for (uint32_t i = 0; i < f->variable_count; i++) w->definition_count[i] = 0;
    for (uint32_t v = 1; v < f->version_count; v++)
        if (f->versions[v].statement || f->versions[v].phi) w->definition_count[f->versions[v].variable]++;
}

static void fold_once(folder *w)
{
    w->has_changed_ways = false;
    w->shadowed_count = 0;
    drop_phis(w);
    count_reads(w);
    count_definitions(w);
    for (rf_ir_block *b = w->f->first; b; b = rf_ir_next_dominated(b)) {
        enter(w, b);
        fold_block(w, b);
        w->ends[b->order] = (end_state){w->stretch, w->shadowed_count};
    }
    if (w->has_changed_ways) rf_ir_ways_changed(w->f);
}

void rf_ir_fold(rf_ir_function *f)
{
    enum { MOST_ROUNDS = 4 }; /* each may take ways away, so that phis of the next one join nothing */
    folder w = {.f = f,
                .same_as = rf_alloc_array(uint32_t, f->version_count),
                .constants = rf_alloc_array_zero(const rf_ir_expr *, f->version_count),
                .read_count = rf_alloc_array(uint32_t, f->version_count),
                .definition_count = rf_alloc_array(uint32_t, f->variable_count + 1),
                .reaching = rf_alloc_array_zero(reaching, f->variable_count + 1),
                .ends = rf_alloc_array(end_state, f->reached_count)};
    w.has_changed_ways = true;
    for (unsigned round = 0; round < MOST_ROUNDS && w.has_changed_ways; round++) fold_once(&w);
    drop_phis(&w);
    void *const lists[] = {w.same_as, w.constants, w.read_count, w.definition_count, w.reaching, w.shadowed, w.ends};
    for (size_t i = 0; i < RF_COUNT_OF(lists); i++) rf_free(lists[i]);
}
