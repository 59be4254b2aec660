/* Versions of variables: static single assignment form.
 *
 * Phis stand in the dominance frontiers of the blocks that assign (Cytron and others, TOPLAS 1991), where the variable
 * lives.  Most variables are read in the block that assigns them and nowhere else: only the others are looked at by block. */
#include "jitc/ir.h"
#include "jitc/ir_push.h"

#include "base/alloc.h"

enum { WORD_BITS = 64 };

typedef struct first_use { /* of a variable in a block: an assignment, or a read before any */
    uint32_t variable, block, next; /* the next of the variable, and one */
} first_use;

typedef struct frontier {
    uint32_t block, next; /* and one */
} frontier;

typedef struct shadowed {
    uint32_t variable, version;
} shadowed;

/* Blocks are numbered in reverse postorder. */
typedef struct ssa {
    rf_ir_function *f;
    uint32_t block;            /* the one looked at */
    /* by variable: */
    uint32_t *assigned_in, *read_in; /* the last block found to do so, and one */
    uint32_t *wide;            /* its number among those that live across blocks, and one */
    uint32_t *current;         /* the version that reaches the statement looked at; 0: undefined */
    uint32_t *undefined;       /* its version that is; 0: not needed so far */
    first_use *assignments, *reads;
    uint32_t assignment_count, assignment_capacity, read_count, read_capacity;
    /* by wide variable: */
    uint32_t wide_count, words;
    uint32_t *variables;
    uint32_t *first_assignment; /* and one */
    uint64_t *live, *assigned;  /* sets of them, by block: live where it begins, assigned in it */
    frontier *frontiers;
    uint32_t frontier_count, frontier_capacity;
    uint32_t *first_frontier;   /* by block; and one */
    shadowed *shadowed;         /* versions that ended where another one began, to come back behind the blocks it reaches */
    uint32_t shadowed_count, shadowed_capacity;
} ssa;

/* ---- which variables live across blocks ---- */

static void note_read(void *context, rf_ir_expr *e)
{
    ssa *s = context;
    const uint32_t variable = e->read.variable;
    if (e->op != RF_IR_READ || s->assigned_in[variable] == s->block + 1 || s->read_in[variable] == s->block + 1) return;
    s->read_in[variable] = s->block + 1;
    RF_IR_PUSH(s->reads, s->read_count, s->read_capacity, (first_use){variable, s->block, 0});
}

static void note_assignment(ssa *s, uint32_t variable)
{
    if (s->assigned_in[variable] == s->block + 1) return;
    s->assigned_in[variable] = s->block + 1;
    RF_IR_PUSH(s->assignments, s->assignment_count, s->assignment_capacity, (first_use){variable, s->block, 0});
}

static void find_wide(ssa *s)
{
    rf_ir_function *f = s->f;
    for (s->block = 0; s->block < f->reached_count; s->block++)
        for (rf_ir_statement *t = f->reached[s->block]->first; t; t = t->next) {
            rf_ir_visit_statement(t, note_read, s);
            if (rf_ir_has_versions(f, t->place)) note_assignment(s, t->place->variable);
        }
    for (uint32_t i = 0; i < s->read_count; i++) s->wide[s->reads[i].variable] = 1;
    s->variables = rf_alloc_array(uint32_t, f->variable_count + 1);
    for (uint32_t v = 0; v < f->variable_count; v++) {
        if (!s->wide[v]) continue;
        s->variables[s->wide_count++] = v;
        s->wide[v] = s->wide_count;
    }
    s->words = (s->wide_count + WORD_BITS - 1) / WORD_BITS;
}

/* ---- where they live ---- */

static bool has(const ssa *s, const uint64_t *sets, uint32_t block, uint32_t wide)
{
    return sets[(size_t)block * s->words + wide / WORD_BITS] >> wide % WORD_BITS & 1;
}

static void put(const ssa *s, uint64_t *sets, uint32_t block, uint32_t wide)
{
    sets[(size_t)block * s->words + wide / WORD_BITS] |= UINT64_C(1) << wide % WORD_BITS;
}

/* What is read before it is assigned; and the lists of assignments. */
static void sort_uses(ssa *s)
{
    for (uint32_t i = 0; i < s->read_count; i++) put(s, s->live, s->reads[i].block, s->wide[s->reads[i].variable] - 1);
    for (uint32_t i = s->assignment_count; i--;) {
        first_use *a = &s->assignments[i];
        if (!s->wide[a->variable]) continue;
        const uint32_t wide = s->wide[a->variable] - 1;
        put(s, s->assigned, a->block, wide);
        a->next = s->first_assignment[wide];
        s->first_assignment[wide] = i + 1;
    }
}

static bool add_live(ssa *s, uint32_t block, const rf_ir_block *way)
{
    if (!way) return false;
    uint64_t *here = s->live + (size_t)block * s->words, added = 0;
    const uint64_t *there = s->live + (size_t)way->order * s->words, *assigned = s->assigned + (size_t)block * s->words;
    for (uint32_t i = 0; i < s->words; i++) {
        const uint64_t more = there[i] & ~assigned[i] & ~here[i];
        here[i] |= more;
        added |= more;
    }
    return added != 0;
}

static void find_live(ssa *s)
{
    const size_t size = (size_t)s->f->reached_count * s->words;
    s->live = rf_alloc_array_zero(uint64_t, size);
    s->assigned = rf_alloc_array_zero(uint64_t, size);
    s->first_assignment = rf_alloc_array_zero(uint32_t, s->wide_count);
    sort_uses(s);
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (uint32_t i = s->f->reached_count; i--;) {
            const rf_ir_statement *end = s->f->reached[i]->last;
            if (!end) continue;
            is_changed |= add_live(s, i, end->yes);
            is_changed |= add_live(s, i, end->no);
        }
    }
}

/* ---- phis ---- */

static void find_frontiers(ssa *s)
{
    const rf_ir_function *f = s->f;
    s->first_frontier = rf_alloc_array_zero(uint32_t, f->reached_count);
    for (uint32_t i = 1; i < f->reached_count; i++) {
        const rf_ir_block *b = f->reached[i];
        if (b->predecessor_count < 2) continue;
        for (uint32_t k = 0; k < b->predecessor_count; k++)
            for (const rf_ir_block *up = b->predecessors[k]; up != b->dominator; up = up->dominator) {
                uint32_t *first = &s->first_frontier[up->order];
                if (*first && s->frontiers[*first - 1].block == i) break; /* and so those above it */
                RF_IR_PUSH(s->frontiers, s->frontier_count, s->frontier_capacity, (frontier){i, *first});
                *first = s->frontier_count;
            }
    }
}

static void add_phi(ssa *s, rf_ir_block *b, uint32_t variable)
{
    rf_ir_phi *phi = rf_ir_alloc(s->f, sizeof *phi);
    *phi = (rf_ir_phi){.variable = variable, .args = rf_ir_alloc(s->f, b->predecessor_count * sizeof *phi->args), .next = b->phis};
    b->phis = phi;
}

static void place_phis(ssa *s)
{
    const uint32_t block_count = s->f->reached_count;
    uint32_t *has_phi = rf_alloc_array_zero(uint32_t, block_count); /* for the wide variable, and one */
    uint32_t *work = rf_alloc_array(uint32_t, (size_t)block_count * 2);
    for (uint32_t wide = s->wide_count; wide--;) {
        uint32_t count = 0;
        for (uint32_t i = s->first_assignment[wide]; i; i = s->assignments[i - 1].next) work[count++] = s->assignments[i - 1].block;
        while (count)
            for (uint32_t i = s->first_frontier[work[--count]]; i; i = s->frontiers[i - 1].next) {
                const uint32_t block = s->frontiers[i - 1].block;
                if (has_phi[block] == wide + 1 || !has(s, s->live, block, wide)) continue;
                has_phi[block] = wide + 1;
                add_phi(s, s->f->reached[block], s->variables[wide]);
                work[count++] = block;
            }
    }
    rf_free(work);
    rf_free(has_phi);
}

/* ---- versions ---- */

static uint32_t current_version(ssa *s, uint32_t variable)
{
    if (s->current[variable]) return s->current[variable];
    if (!s->undefined[variable])
        s->undefined[variable] = rf_ir_version_new(s->f, (rf_ir_version){.variable = variable, .block = s->f->first});
    return s->undefined[variable];
}

static uint32_t new_version(ssa *s, rf_ir_version version)
{
    RF_IR_PUSH(s->shadowed, s->shadowed_count, s->shadowed_capacity, (shadowed){version.variable, s->current[version.variable]});
    return s->current[version.variable] = rf_ir_version_new(s->f, version);
}

static void name_read(void *context, rf_ir_expr *e)
{
    if (e->op == RF_IR_READ) e->read.version = current_version(context, e->read.variable);
}

static void give_args(ssa *s, const rf_ir_block *to, uint32_t place)
{
    for (rf_ir_phi *phi = to->phis; phi; phi = phi->next) phi->args[place] = current_version(s, phi->variable);
}

/* Places of a block among the predecessors of those it goes to: by block, of `yes` and `no`. */
static uint32_t *find_places(const rf_ir_function *f)
{
    uint32_t *places = rf_alloc_array(uint32_t, (size_t)f->reached_count * 2);
    uint32_t *count = rf_alloc_array_zero(uint32_t, f->reached_count);
    for (uint32_t i = 0; i < f->reached_count; i++) {
        const rf_ir_statement *end = f->reached[i]->last;
        if (end && end->yes) places[2 * i] = count[end->yes->order]++;
        if (end && end->no) places[2 * i + 1] = count[end->no->order]++;
    }
    rf_free(count);
    return places;
}

static void name_block(ssa *s, rf_ir_block *b, const uint32_t *places)
{
    for (rf_ir_phi *phi = b->phis; phi; phi = phi->next)
        phi->version = new_version(s, (rf_ir_version){.variable = phi->variable, .block = b, .phi = phi});
    for (rf_ir_statement *t = b->first; t; t = t->next) {
        rf_ir_visit_statement(t, name_read, s);
        if (rf_ir_has_versions(s->f, t->place))
            t->version = new_version(s, (rf_ir_version){.variable = t->place->variable, .block = b, .statement = t});
    }
    if (b->last && b->last->yes) give_args(s, b->last->yes, places[2 * b->order]);
    if (b->last && b->last->no) give_args(s, b->last->no, places[2 * b->order + 1]);
}

/* Each block behind its dominator: what is current there reaches it, but for phis. */
static void name_versions(ssa *s)
{
    rf_ir_function *f = s->f;
    uint32_t *places = find_places(f);
    uint32_t *marks = rf_alloc_array(uint32_t, f->reached_count); /* what was shadowed where a block began */
    for (rf_ir_block *b = f->first, *next; b; b = next) {
        marks[b->order] = s->shadowed_count;
        name_block(s, b, places);
        next = b->dominated;
        while (!next && b) {
            while (s->shadowed_count > marks[b->order]) {
                const shadowed *back = &s->shadowed[--s->shadowed_count];
                s->current[back->variable] = back->version;
            }
            next = b->next_dominated;
            b = b->dominator;
        }
    }
    rf_free(marks);
    rf_free(places);
}

/* Nothing leads to the entry, so that what is undefined there is so once. */
static void free_the_entry(rf_ir_function *f)
{
    if (!f->first->predecessor_count) return;
    rf_ir_block *entry = rf_ir_alloc(f, sizeof *entry);
    entry->number = f->block_count++;
    rf_ir_jump(f, entry, 0, f->first);
    entry->next = f->first;
    f->first = entry;
    rf_ir_ways_changed(f);
}

void rf_ir_ssa(rf_ir_function *f)
{
    rf_assert(!f->is_ssa);
    rf_ir_ways_changed(f);
    free_the_entry(f);
    ssa s = {.f = f,
             .assigned_in = rf_alloc_array_zero(uint32_t, f->variable_count + 1),
             .read_in = rf_alloc_array_zero(uint32_t, f->variable_count + 1),
             .wide = rf_alloc_array_zero(uint32_t, f->variable_count + 1),
             .current = rf_alloc_array_zero(uint32_t, f->variable_count + 1),
             .undefined = rf_alloc_array_zero(uint32_t, f->variable_count + 1)};
    find_wide(&s);
    if (s.wide_count) {
        find_live(&s);
        find_frontiers(&s);
        place_phis(&s);
    }
    name_versions(&s);
    f->is_ssa = true;
    void *const lists[] = {s.assigned_in, s.read_in, s.wide, s.current, s.undefined, s.assignments, s.reads, s.variables, s.first_assignment,
                           s.live, s.assigned, s.frontiers, s.first_frontier, s.shadowed};
    for (size_t i = 0; i < RF_COUNT_OF(lists); i++) rf_free(lists[i]);
}
