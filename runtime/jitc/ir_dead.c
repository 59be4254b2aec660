/* What nobody needs: assignments to versions that nothing reads but what is not needed itself, blocks that only jump on, and
 * jumps to what nothing else leads to.
 *
 * Needed is what is stored in memory, given to calls that do something, decides where to go on, or is returned, and what those
 * are computed from. */
#include "jitc/ir.h"

#include "base/alloc.h"

typedef struct marker {
    rf_ir_function *f;
    bool *is_needed; /* by version */
    uint32_t *work;  /* needed ones, what they are computed from is not marked yet */
    uint32_t work_count;
    bool has_changed_ways, has_dropped_condition;
} marker;

/* ---- marks ---- */

static void need(marker *m, uint32_t version)
{
    if (m->is_needed[version]) return;
    m->is_needed[version] = true;
    m->work[m->work_count++] = version;
}

static void need_read(void *context, rf_ir_expr *e)
{
    if (e->op == RF_IR_READ) need(context, e->read.version);
}

/* Does it only give a version its value? */
static bool only_assigns(const rf_ir_statement *s)
{
    return s->kind == RF_IR_ASSIGN && s->version && !rf_ir_does_something(s->value);
}

/* The call that is all the expression does, or NULL: there are several. */
static rf_ir_expr *only_call(rf_ir_expr *e)
{
    while (e->op != RF_IR_CALL) {
        const unsigned count = rf_ir_op_operands[e->op];
        const bool does_first = count && rf_ir_does_something(e->operands[0]);
        if (count == 0 || (count == 2 && does_first && rf_ir_does_something(e->operands[1]))) return NULL;
        e = e->operands[does_first ? 0 : 1];
    }
    return e;
}

/* What of a statement is evaluated even if its version is not needed. */
static void need_anyway(marker *m, rf_ir_statement *s)
{
    if (only_assigns(s)) return;
    rf_ir_expr *call = s->kind == RF_IR_ASSIGN && s->version ? only_call(s->value) : NULL;
    if (call)
        rf_ir_visit_expr(call, need_read, m);
    else
        rf_ir_visit_statement(s, need_read, m);
}

static void need_sources(marker *m, uint32_t version)
{
    const rf_ir_version *v = &m->f->versions[version];
    if (v->statement) rf_ir_visit_statement(v->statement, need_read, m);
    if (v->phi)
        for (uint32_t i = 0; i < v->block->predecessor_count; i++) need(m, v->phi->args[i]);
}

static void mark(marker *m)
{
    for (uint32_t i = 0; i < m->f->reached_count; i++)
        for (rf_ir_statement *s = m->f->reached[i]->first; s; s = s->next) need_anyway(m, s);
    while (m->work_count) need_sources(m, m->work[--m->work_count]);
}

/* ---- taking away ---- */

static void forget(marker *m, uint32_t version)
{
    m->f->versions[version].statement = NULL;
    m->f->versions[version].phi = NULL;
}

/* C: unneeded = (type)call(); becomes call(); */
static void drop_result(marker *m, rf_ir_statement *s)
{
    rf_ir_expr *call = only_call(s->value);
    if (!call) return;
    forget(m, s->version);
    s->kind = RF_IR_EVAL;
    s->place = NULL;
    s->version = 0;
    s->value = call;
}

static void sweep_statements(marker *m, rf_ir_block *b)
{
    for (rf_ir_statement **at = &b->first; *at;) { /* the last one, which decides where to go on, stays */
        rf_ir_statement *s = *at;
        const bool is_needed = s->kind == RF_IR_EVAL ? rf_ir_does_something(s->value)
                                                     : !only_assigns(s) || m->is_needed[s->version];
        if (!is_needed) {
            if (s->version) forget(m, s->version);
            *at = s->next;
            continue;
        }
        if (s->kind == RF_IR_ASSIGN && s->version && !m->is_needed[s->version]) drop_result(m, s);
        at = &s->next;
    }
}

static void sweep_phis(marker *m, rf_ir_block *b)
{
    for (rf_ir_phi **at = &b->phis; *at;) {
        if (m->is_needed[(*at)->version]) {
            at = &(*at)->next;
            continue;
        }
        forget(m, (*at)->version);
        *at = (*at)->next;
    }
}

/* ---- blocks that only jump on ---- */

static bool only_jumps(const rf_ir_function *f, const rf_ir_block *b)
{
    const rf_ir_statement *s = b->first;
    return b != f->first && !b->is_exit && !b->phis && s->kind == RF_IR_JUMP && !s->yes->phis;
}

/* Where one comes from b: behind what only jumps on.  Those on the way are not gone through again; of a circle, one is left. */
static rf_ir_block *target_of(const rf_ir_function *f, rf_ir_block *b)
{
    rf_ir_block *to = b;
    for (uint32_t steps = 0; only_jumps(f, to) && steps < f->reached_count; steps++) to = to->first->yes;
    for (uint32_t steps = 0; b != to && only_jumps(f, b) && steps < f->reached_count; steps++) {
        rf_ir_block *next = b->first->yes;
        b->first->yes = to;
        b = next;
    }
    return to;
}

static void skip_jumps(marker *m)
{
    rf_ir_function *f = m->f;
    for (uint32_t i = 0; i < f->reached_count; i++) {
        rf_ir_statement *s = f->reached[i]->last;
        if (!s->yes) continue;
        rf_ir_block *yes = target_of(f, s->yes), *no = s->no ? target_of(f, s->no) : NULL;
        m->has_changed_ways |= yes != s->yes || no != s->no;
        s->yes = yes;
        s->no = no;
        if (s->kind != RF_IR_BRANCH || yes != no || rf_ir_does_something(s->value)) continue;
        s->kind = RF_IR_JUMP;
        s->value = NULL;
        s->no = NULL;
        m->has_changed_ways = m->has_dropped_condition = true;
    }
}

/* ---- blocks that one jump leads to ---- */

static bool is_continued(const rf_ir_block *b)
{
    const rf_ir_block *next = b->last->yes;
    return b->last->kind == RF_IR_JUMP && next->predecessor_count == 1 && !next->phis && !next->is_exit;
}

static void rename_predecessor(rf_ir_block *b, const rf_ir_block *was, rf_ir_block *is)
{
    if (!b || !b->phis) return; /* they are found anew */
    for (uint32_t i = 0; i < b->predecessor_count; i++)
        if (b->predecessors[i] == was) b->predecessors[i] = is;
}

/* The jump becomes the first statement of where it leads to, which the others stand behind. */
static void take_in_next(rf_ir_function *f, rf_ir_block *b)
{
    rf_ir_statement *jump = b->last;
    rf_ir_block *next = jump->yes;
    *jump = *next->first;
    b->last = next->first == next->last ? jump : next->last;
    if (jump->version) f->versions[jump->version].statement = jump;
    for (const rf_ir_statement *s = jump; s; s = s->next)
        if (s->version) f->versions[s->version].block = b;
    rename_predecessor(b->last->yes, next, b);
    rename_predecessor(b->last->no, next, b);
    next->is_reached = false;
}

static void join_blocks(rf_ir_function *f)
{
    bool is_changed = false;
    for (uint32_t i = 0; i < f->reached_count; i++) {
        rf_ir_block *b = f->reached[i];
        for (; b->is_reached && is_continued(b); is_changed = true) take_in_next(f, b);
    }
    if (is_changed) rf_ir_ways_changed(f);
}

static void take_away(marker *m)
{
    rf_ir_function *f = m->f;
    m->has_changed_ways = m->has_dropped_condition = false;
    for (uint32_t v = 0; v < f->version_count; v++) m->is_needed[v] = false;
    mark(m);
    for (uint32_t i = 0; i < f->reached_count; i++) {
        sweep_phis(m, f->reached[i]);
        sweep_statements(m, f->reached[i]);
    }
    skip_jumps(m);
    if (m->has_changed_ways) rf_ir_ways_changed(f);
}

void rf_ir_dead(rf_ir_function *f)
{
    enum { MOST_ROUNDS = 4 }; /* each may empty the blocks that a branch goes to, so that its condition is vain in the next one */
    marker m = {.f = f, .is_needed = rf_alloc_array(bool, f->version_count), .work = rf_alloc_array(uint32_t, f->version_count)};
    m.has_dropped_condition = true;
    for (unsigned round = 0; round < MOST_ROUNDS && m.has_dropped_condition; round++) take_away(&m);
    join_blocks(f);
    rf_free(m.is_needed);
    rf_free(m.work);
}
