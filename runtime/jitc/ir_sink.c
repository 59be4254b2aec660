/* What only exits need is computed there: a pure expression whose version is read in exits alone takes the place of the reads,
 * if what it reads still reaches there.  gcc moves such a computation to one place; exits are many. */
#include "jitc/ir.h"

#include "base/alloc.h"

#include <string.h>

enum { NONE = UINT32_MAX, SEVERAL = UINT32_MAX - 1, MOST_VARIABLES = 64 };

typedef struct sinker {
    rf_ir_function *f;
    bool *is_cold;           /* by number of block: behind an exit */
    bool *is_needed_outside; /* by version: read where it is not cold, or by a phi */
    uint32_t *reaching[MOST_VARIABLES]; /* by order of block: the version at its beginning */
    uint32_t variables[MOST_VARIABLES], variable_count;
    bool is_read_here;       /* of the visit */
    uint32_t *at;            /* the same: versions by index of variable, at the statement */
} sinker;

/* ---- which versions are candidates ---- */

static void note_read(void *context, rf_ir_expr *e)
{
    sinker *k = context;
    if (e->op == RF_IR_READ && !k->is_read_here) k->is_needed_outside[e->read.version] = true;
}

static void find_reads(sinker *k)
{
    rf_ir_function *f = k->f;
    for (uint32_t i = 0; i < f->reached_count; i++) {
        rf_ir_block *b = f->reached[i];
        k->is_cold[b->number] = b->is_exit || (b->dominator && k->is_cold[b->dominator->number]);
        k->is_read_here = k->is_cold[b->number];
        for (rf_ir_statement *s = b->first; s; s = s->next) rf_ir_visit_statement(s, note_read, k);
        for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next)
            for (uint32_t p = 0; p < b->predecessor_count; p++) k->is_needed_outside[phi->args[p]] = true;
    }
}

/* What the version is computed by where it is not cold, if that can be done elsewhere. */
static const rf_ir_expr *sinkable(const sinker *k, uint32_t version)
{
    const rf_ir_version *v = &k->f->versions[version];
    const rf_ir_statement *s = v->statement;
    if (!s || s->kind != RF_IR_ASSIGN || k->is_needed_outside[version] || k->is_cold[v->block->number]) return NULL;
    const bool is_small = s->value->op == RF_IR_ADD || s->value->op == RF_IR_SUB;
    if (!is_small || s->value->type != RF_IR_I64) return NULL;
    for (unsigned i = 0; i < 2; i++)
        if (s->value->operands[i]->op != RF_IR_READ && s->value->operands[i]->op != RF_IR_INT) return NULL;
    return s->value;
}

static uint32_t index_of(const sinker *k, uint32_t variable)
{
    uint32_t i = 0;
    while (i < k->variable_count && k->variables[i] != variable) i++;
    return i;
}

static void add_variable(sinker *k, uint32_t variable)
{
    if (index_of(k, variable) < k->variable_count || k->variable_count == MOST_VARIABLES) return;
    k->reaching[k->variable_count] = rf_alloc_array(uint32_t, k->f->reached_count);
    k->variables[k->variable_count++] = variable;
}

/* ---- which versions reach ---- */

static uint32_t at_end(const sinker *k, uint32_t index, const rf_ir_block *b)
{
    uint32_t version = k->reaching[index][b->order];
    for (const rf_ir_statement *s = b->first; s; s = s->next)
        if (s->version && s->place->variable == k->variables[index]) version = s->version;
    return version;
}

static uint32_t at_beginning(const sinker *k, uint32_t index, const rf_ir_block *b)
{
    uint32_t version = NONE;
    for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next)
        if (phi->variable == k->variables[index]) return phi->version;
    for (uint32_t i = 0; i < b->predecessor_count; i++) {
        const uint32_t here = at_end(k, index, b->predecessors[i]);
        if (here == NONE) continue;
        if (version != NONE && version != here) return SEVERAL;
        version = here;
    }
    return b->predecessor_count ? version : SEVERAL; /* nothing that was assigned reaches the entry */
}

/* From the least known down: NONE, a version, SEVERAL. */
static void find_reaching(sinker *k, uint32_t index)
{
    const rf_ir_function *f = k->f;
    for (uint32_t i = 0; i < f->reached_count; i++) k->reaching[index][i] = NONE;
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (uint32_t i = 0; i < f->reached_count; i++) {
            const uint32_t version = at_beginning(k, index, f->reached[i]);
            is_changed |= version != k->reaching[index][i];
            k->reaching[index][i] = version;
        }
    }
}

/* ---- the exits ---- */

static bool still_reaches(const sinker *k, const rf_ir_expr *e)
{
    if (e->op != RF_IR_READ) return true;
    const uint32_t index = index_of(k, e->read.variable);
    return index < k->variable_count && k->at[index] == e->read.version;
}

static void replace_read(void *context, rf_ir_expr *e)
{
    sinker *k = context;
    if (e->op != RF_IR_READ) return;
    const rf_ir_expr *instead = sinkable(k, e->read.version);
    if (!instead || !still_reaches(k, instead->operands[0]) || !still_reaches(k, instead->operands[1])) return;
    *e = *rf_ir_copy(k->f, instead);
}

static void replace_in(sinker *k, const rf_ir_block *b)
{
    for (uint32_t i = 0; i < k->variable_count; i++) k->at[i] = k->reaching[i][b->order];
    for (rf_ir_statement *s = b->first; s; s = s->next) {
        rf_ir_visit_statement(s, replace_read, k);
        const uint32_t index = s->version ? index_of(k, s->place->variable) : k->variable_count;
        if (index < k->variable_count) k->at[index] = s->version;
    }
}

void rf_ir_sink(rf_ir_function *f)
{
    uint32_t at[MOST_VARIABLES];
    sinker k = {.f = f, .at = at};
    k.is_cold = rf_alloc_array_zero(bool, f->block_count);
    k.is_needed_outside = rf_alloc_array_zero(bool, f->version_count);
    find_reads(&k);
    for (uint32_t version = 1; version < f->version_count; version++) {
        const rf_ir_expr *e = sinkable(&k, version);
        for (unsigned i = 0; e && i < 2; i++)
            if (e->operands[i]->op == RF_IR_READ) add_variable(&k, e->operands[i]->read.variable);
    }
    for (uint32_t i = 0; i < k.variable_count; i++) find_reaching(&k, i);
    for (uint32_t i = 0; k.variable_count && i < f->reached_count; i++)
        if (k.is_cold[f->reached[i]->number]) replace_in(&k, f->reached[i]);
    for (uint32_t i = 0; i < k.variable_count; i++) rf_free(k.reaching[i]);
    rf_free(k.is_cold);
    rf_free(k.is_needed_outside);
}
