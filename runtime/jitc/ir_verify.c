/* What the intermediate form promises, tested: after each pass, in builds with assertions.
 *
 * That the version read is the one that reaches there, by all ways, says that its definition dominates the read, too, and that
 * versions of a variable do not overlap: gcc is given variables, and would read another one. */
#include "jitc/ir.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { UNDEFINED = 0, CONFLICT = UINT32_MAX - 1, NOT_KNOWN = UINT32_MAX };

typedef struct verifier {
    const rf_ir_function *f;
    const char *defect;     /* the first one found */
    const rf_ir_block **blocks; /* reached ones */
    uint32_t block_count;
    const rf_ir_block *block;
    const void **trees;     /* all expressions */
    size_t tree_count, tree_capacity;
    /* with versions: */
    uint32_t *wide;         /* by variable: its number among those read in other blocks than assigned, and one */
    uint32_t *current;      /* by variable: what reaches the statement looked at */
    uint32_t *assigned_in;  /* by variable: the block, and one */
    uint32_t wide_count;
    uint32_t *reaching;     /* the end of a block, by wide variable */
} verifier;

static void require(verifier *v, bool holds, const char *defect)
{
    if (!holds && !v->defect) v->defect = defect;
}

/* ---- types ---- */

static const uint8_t field_owners[RF_IR_FIELDS] = {
#define RF_IR_FIELD(name, owner, text, type) RF_IR_##owner,
#include "jitc/ir_field.def"
#undef RF_IR_FIELD
};

static bool is_pointer(uint8_t type)
{
    return type >= RF_IR_TO;
}

static bool is_int(uint8_t type)
{
    return type >= RF_IR_BOOL && type <= RF_IR_I128;
}

static bool is_number(uint8_t type)
{
    return is_int(type) || type == RF_IR_F64;
}

/* May what is of one type be put where another one is wanted? As in C, what any pointer fits in does not fit itself in others. */
static bool fits(uint8_t wanted, uint8_t given)
{
    return wanted == given || (wanted == RF_IR_POINTER && is_pointer(given));
}

static void verify_place(verifier *v, const rf_ir_place *p)
{
    switch (p->form) {
    case RF_IR_VARIABLE:
        require(v, p->variable < v->f->variable_count, "a place is a variable that does not exist");
        require(v, v->defect || p->type == v->f->variables[p->variable].type, "a place has another type than its variable");
        return;
    case RF_IR_ELEMENT:
        require(v, p->base && p->index, "an element has no base or no index");
        if (v->defect) return;
        require(v, p->base->type == p->type + RF_IR_TO, "the base of an element is no pointer to its type");
        require(v, is_int(p->index->type), "an index is no int");
        return;
    case RF_IR_MEMORY: require(v, p->base && is_pointer(p->base->type), "the base of memory is no pointer"); return;
    case RF_IR_FIELD_OF:
        require(v, (p->of != NULL) != (p->base != NULL), "a field is of none or of two");
        require(v, p->field < RF_IR_FIELDS, "a field does not exist");
        if (v->defect) return;
        require(v, (p->of ? p->of->type + RF_IR_TO : p->base->type) == field_owners[p->field] + RF_IR_TO, "a field is of another type");
        if (p->of) verify_place(v, p->of);
        return;
    default: require(v, false, "a place has no form");
    }
}

static void verify_call(verifier *v, const rf_ir_expr *e)
{
    static const uint8_t builtin[] = {RF_IR_POINTER, RF_IR_POINTER, RF_IR_U32};
    const rf_ir_call *c = e->call;
    const uint8_t *params = builtin;
    uint32_t count = RF_COUNT_OF(builtin);
    uint8_t result = RF_IR_VALUE;
    if (c->outside) {
        params = c->outside->params;
        count = c->outside->count;
        result = c->outside->result;
    } else if (c->inside) {
        params = c->inside->params;
        count = c->inside->param_count;
        result = c->inside->result;
    } else {
        require(v, c->through && c->through->type == RF_IR_BUILTIN + RF_IR_TO, "a call goes through what is no function");
    }
    require(v, e->type == result, "a call has another type than the result of its function");
    require(v, c->count == count, "a call gives more or less than the function takes");
    for (uint32_t i = 0; !v->defect && i < count; i++) require(v, fits(params[i], c->args[i]->type), "an argument is of another type");
}

static void verify_binary(verifier *v, const rf_ir_expr *e)
{
    const uint8_t a = e->operands[0]->type, b = e->operands[1]->type;
    require(v, a == b, "operands have different types");
    switch (e->op) {
    case RF_IR_BOTH:
    case RF_IR_EITHER: require(v, a == RF_IR_BOOL && e->type == RF_IR_BOOL, "what is no bool is combined"); break;
    case RF_IR_EQ:
    case RF_IR_NE:
    case RF_IR_LT:
    case RF_IR_LE:
    case RF_IR_GT:
    case RF_IR_GE:
        require(v, is_number(a) || is_pointer(a), "what is no number is compared");
        require(v, e->type == RF_IR_BOOL, "a comparison is no bool");
        break;
    default:
        require(v, e->type == a, "an operation has another type than its operands");
        require(v, is_number(a), "what is no number is calculated with");
    }
}

static void verify_expr(void *context, rf_ir_expr *e)
{
    verifier *v = context;
    const rf_ir_function *f = v->f;
    if (v->tree_count == v->tree_capacity) {
        v->tree_capacity = v->tree_capacity ? v->tree_capacity * 2 : 256;
        v->trees = rf_realloc(v->trees, rf_array_size(v->tree_capacity, sizeof *v->trees));
    }
    v->trees[v->tree_count++] = e;
    if (v->defect) return;
    switch (e->op) {
    case RF_IR_INT: require(v, is_int(e->type) || is_pointer(e->type), "an int is of another type"); break;
    case RF_IR_FLOAT: require(v, e->type == RF_IR_F64, "a float is of another type"); break;
    case RF_IR_OUTSIDE: require(v, is_pointer(e->type), "an address is no pointer"); break;
    case RF_IR_PARAM:
        require(v, e->i >= 0 && e->i < f->param_count && f->params[e->i] == e->type, "a parameter does not exist or is of another type");
        break;
    case RF_IR_READ:
        require(v, e->read.variable < f->variable_count && !f->variables[e->read.variable].is_memory, "what is read is no variable");
        require(v, v->defect || f->variables[e->read.variable].type == e->type, "a variable is read as another type");
        break;
    case RF_IR_LOAD:
    case RF_IR_ADDRESS:
        verify_place(v, e->place);
        require(v, v->defect || !rf_ir_has_versions(f, e->place), "a variable is used as memory");
        require(v, e->type == e->place->type + (e->op == RF_IR_ADDRESS ? RF_IR_TO : 0), "a place is used as another type");
        break;
    case RF_IR_NEG: require(v, is_number(e->type) && e->operands[0]->type == e->type, "what is no number is negated"); break;
    case RF_IR_NOT:
    case RF_IR_LIKELY: require(v, e->type == RF_IR_BOOL && e->operands[0]->type == RF_IR_BOOL, "what is no bool is negated or likely"); break;
    case RF_IR_CAST:
        require(v, is_number(e->type) || is_pointer(e->type), "a cast makes no number");
        require(v, is_number(e->operands[0]->type) || is_pointer(e->operands[0]->type), "what is no number is cast");
        break;
    case RF_IR_CALL: verify_call(v, e); break;
    default: verify_binary(v, e);
    }
}

/* ---- statements and ways ---- */

static void verify_checked(verifier *v, const rf_ir_statement *s)
{
    const uint8_t op = s->value->op;
    require(v, op == RF_IR_ADD || op == RF_IR_SUB || op == RF_IR_MUL, "what is checked is no sum, difference or product");
    require(v, s->value->type == RF_IR_I64 && s->place->type == RF_IR_I64, "what is checked is of another type");
    require(v, rf_ir_has_versions(v->f, s->place), "what is checked is put into memory");
}

static void verify_ways(verifier *v, const rf_ir_statement *s)
{
    const bool has_no = s->kind == RF_IR_BRANCH || s->kind == RF_IR_GUARD || s->kind == RF_IR_CHECKED;
    require(v, (s->yes != NULL) == (has_no || s->kind == RF_IR_JUMP) && (s->no != NULL) == has_no, "a way leads nowhere or is too much");
    if (v->defect || !has_no || s->kind == RF_IR_BRANCH) return;
    require(v, s->no->is_exit, "a guard leaves to what is no exit");
}

static void verify_statement(verifier *v, rf_ir_statement *s)
{
    const bool has_place = s->kind == RF_IR_ASSIGN || s->kind == RF_IR_CHECKED;
    const bool has_value = s->kind != RF_IR_JUMP && !(s->kind == RF_IR_RETURN && v->f->result == RF_IR_VOID);
    require(v, (s->place != NULL) == has_place && (s->value != NULL) == has_value, "a statement has too much or too little");
    if (v->defect) return;
    rf_ir_visit_statement(s, verify_expr, v);
    if (s->place) verify_place(v, s->place);
    if (v->defect) return;
    switch (s->kind) {
    case RF_IR_ASSIGN: require(v, fits(s->place->type, s->value->type), "what is assigned is of another type"); break;
    case RF_IR_EVAL: require(v, s->value->op == RF_IR_CALL, "what is evaluated is no call"); break;
    case RF_IR_BRANCH:
    case RF_IR_GUARD: require(v, s->value->type == RF_IR_BOOL, "a condition is no bool"); break;
    case RF_IR_CHECKED: verify_checked(v, s); break;
    case RF_IR_RETURN: require(v, !s->value || fits(v->f->result, s->value->type), "what is returned is of another type"); break;
    default: require(v, s->kind == RF_IR_JUMP, "a statement is of no kind");
    }
    verify_ways(v, s);
}

static void verify_blocks(verifier *v)
{
    for (uint32_t i = 0; i < v->block_count; i++) {
        const rf_ir_block *b = v->block = v->blocks[i];
        const rf_ir_statement *last = NULL;
        for (rf_ir_statement *s = b->first; s; last = s, s = s->next) {
            require(v, !last || !rf_ir_ends(last), "a statement stands behind the end of its block");
            verify_statement(v, s);
        }
        require(v, last && rf_ir_ends(last), "a block has no end");
        require(v, last == b->last, "the last statement of a block is another one");
    }
}

static void find_reached(verifier *v)
{
    bool *is_reached = rf_alloc_array_zero(bool, v->f->block_count + 1);
    v->blocks = rf_alloc_array(const rf_ir_block *, v->f->block_count + 1);
    if (v->f->first) {
        v->blocks[v->block_count++] = v->f->first;
        is_reached[v->f->first->number] = true;
    }
    for (uint32_t i = 0; i < v->block_count; i++) {
        const rf_ir_statement *end = v->blocks[i]->last;
        const rf_ir_block *ways[] = {end ? end->yes : NULL, end ? end->no : NULL};
        for (int k = 0; k < 2; k++) {
            if (!ways[k] || is_reached[ways[k]->number]) continue;
            is_reached[ways[k]->number] = true;
            v->blocks[v->block_count++] = ways[k];
        }
    }
    rf_free(is_reached);
}

static int compare_addresses(const void *a, const void *b)
{
    const uintptr_t x = (uintptr_t)*(const void *const *)a, y = (uintptr_t)*(const void *const *)b;
    return (x > y) - (x < y);
}

/* Else a pass that changes one changes the other. */
static void verify_owners(verifier *v)
{
    if (v->tree_count) qsort(v->trees, v->tree_count, sizeof *v->trees, compare_addresses);
    for (size_t i = 1; i < v->tree_count; i++) require(v, v->trees[i - 1] != v->trees[i], "an expression stands in two places");
}

/* ---- what `ssa` found of the ways ---- */

static bool comes_from(const rf_ir_block *b, const rf_ir_block *predecessor)
{
    for (uint32_t i = 0; i < b->predecessor_count; i++)
        if (b->predecessors[i] == predecessor) return true;
    return false;
}

static void verify_predecessors(verifier *v)
{
    uint64_t ways = 0, predecessors = 0;
    require(v, v->block_count == v->f->reached_count, "more or fewer blocks are reached than is known");
    require(v, !v->f->first->predecessor_count, "a way leads to the entry");
    for (uint32_t i = 0; !v->defect && i < v->block_count; i++) {
        const rf_ir_block *b = v->blocks[i];
        require(v, b->is_reached && b->order < v->f->reached_count && v->f->reached[b->order] == b, "a block has no place in the order");
        require(v, (b == v->f->first) == !b->dominator, "a block has no dominator");
        const rf_ir_block *to[] = {b->last->yes, b->last->no};
        for (int k = 0; k < 2; k++) {
            if (!to[k]) continue;
            ways++;
            require(v, comes_from(to[k], b), "a way leads to a block that does not know of it");
        }
        predecessors += b->predecessor_count;
        for (uint32_t k = 0; !v->defect && k < b->predecessor_count; k++) {
            const rf_ir_statement *end = b->predecessors[k]->last;
            require(v, b->predecessors[k]->is_reached && (end->yes == b || end->no == b), "a predecessor goes elsewhere");
            require(v, rf_ir_dominates(b->dominator, b->predecessors[k]), "a block is reached around its dominator");
        }
    }
    require(v, ways == predecessors, "a way is known twice or not at all");
}

/* ---- versions ---- */

static void verify_version(verifier *v, uint32_t number, uint32_t variable, const rf_ir_statement *s, const rf_ir_phi *phi)
{
    require(v, number && number < v->f->version_count, "a definition has no version");
    if (v->defect) return;
    const rf_ir_version *version = &v->f->versions[number];
    require(v, version->variable == variable && version->statement == s && version->phi == phi && version->block == v->block,
            "a version is defined elsewhere");
}

static void verify_definitions(verifier *v)
{
    for (uint32_t i = 0; !v->defect && i < v->block_count; i++) {
        v->block = v->blocks[i];
        for (const rf_ir_phi *phi = v->block->phis; phi; phi = phi->next) {
            require(v, phi->variable < v->f->variable_count && !v->f->variables[phi->variable].is_memory, "a phi is of no variable");
            verify_version(v, phi->version, phi->variable, NULL, phi);
        }
        for (const rf_ir_statement *s = v->block->first; s; s = s->next) {
            if (rf_ir_has_versions(v->f, s->place))
                verify_version(v, s->version, s->place->variable, s, NULL);
            else
                require(v, !s->version, "what makes no version has one");
        }
    }
}

static void make_wide(verifier *v, uint32_t variable)
{
    if (!v->wide[variable]) v->wide[variable] = ++v->wide_count;
}

static void find_wide_read(void *context, rf_ir_expr *e)
{
    verifier *v = context;
    if (e->op == RF_IR_READ && v->assigned_in[e->read.variable] != v->block->order + 1) make_wide(v, e->read.variable);
}

static void find_wide(verifier *v)
{
    for (uint32_t i = 0; i < v->block_count; i++) {
        v->block = v->blocks[i];
        for (const rf_ir_phi *phi = v->block->phis; phi; phi = phi->next) make_wide(v, phi->variable);
        for (rf_ir_statement *s = v->block->first; s; s = s->next) {
            rf_ir_visit_statement(s, find_wide_read, v);
            if (s->version) v->assigned_in[s->place->variable] = v->block->order + 1;
        }
    }
}

static uint32_t *reaching_end(const verifier *v, const rf_ir_block *b)
{
    return v->reaching + (size_t)b->order * v->wide_count;
}

/* What reaches its first statement, into `reaches`. */
static void enter_block(const verifier *v, const rf_ir_block *b, uint32_t *reaches)
{
    for (uint32_t w = 0; w < v->wide_count; w++) reaches[w] = b->predecessor_count ? NOT_KNOWN : UNDEFINED;
    for (uint32_t i = 0; i < b->predecessor_count; i++) {
        const uint32_t *more = reaching_end(v, b->predecessors[i]);
        for (uint32_t w = 0; w < v->wide_count; w++) {
            if (more[w] == NOT_KNOWN || more[w] == reaches[w]) continue;
            reaches[w] = reaches[w] == NOT_KNOWN ? more[w] : CONFLICT;
        }
    }
    for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next) reaches[v->wide[phi->variable] - 1] = phi->version;
}

static void find_reaching(verifier *v)
{
    const size_t size = (size_t)v->block_count * v->wide_count;
    uint32_t *reaches = rf_alloc_array(uint32_t, v->wide_count + 1);
    v->reaching = rf_alloc_array(uint32_t, size + 1);
    for (size_t i = 0; i < size; i++) v->reaching[i] = NOT_KNOWN;
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (uint32_t i = 0; i < v->block_count; i++) {
            const rf_ir_block *b = v->f->reached[i];
            enter_block(v, b, reaches);
            for (const rf_ir_statement *s = b->first; s; s = s->next)
                if (s->version && v->wide[s->place->variable]) reaches[v->wide[s->place->variable] - 1] = s->version;
            if (memcmp(reaches, reaching_end(v, b), v->wide_count * sizeof *reaches) == 0) continue;
            memcpy(reaching_end(v, b), reaches, v->wide_count * sizeof *reaches);
            is_changed = true;
        }
    }
    rf_free(reaches);
}

static void verify_use(verifier *v, uint32_t variable, uint32_t number, uint32_t reaches)
{
    require(v, number && number < v->f->version_count, "a read has no version");
    if (v->defect) return;
    const rf_ir_version *version = &v->f->versions[number];
    require(v, version->variable == variable, "a read has a version of another variable");
    if (reaches == UNDEFINED)
        require(v, !version->statement && !version->phi, "a version is read where it is not defined");
    else
        require(v, reaches == number, "a version is read where another one reaches, or none");
}

/* The statement that makes a version, if that may overflow. */
static const rf_ir_statement *checked_of(const verifier *v, uint32_t version)
{
    const rf_ir_statement *s = version < v->f->version_count ? v->f->versions[version].statement : NULL;
    return s && s->kind == RF_IR_CHECKED && s->yes != s->no ? s : NULL;
}

static void verify_read(void *context, rf_ir_expr *e)
{
    verifier *v = context;
    if (e->op != RF_IR_READ) return;
    verify_use(v, e->read.variable, e->read.version, v->current[e->read.variable]);
    const rf_ir_statement *checked = checked_of(v, e->read.version);
    if (checked && checked->no->predecessor_count == 1) require(v, !rf_ir_dominates(checked->no, v->block), "what overflowed is read");
}

static void verify_phi(verifier *v, const rf_ir_phi *phi)
{
    const rf_ir_block *b = v->block;
    for (uint32_t i = 0; !v->defect && i < b->predecessor_count; i++) {
        verify_use(v, phi->variable, phi->args[i], reaching_end(v, b->predecessors[i])[v->wide[phi->variable] - 1]);
        const rf_ir_statement *checked = checked_of(v, phi->args[i]);
        require(v, !checked || checked->no != b || checked != b->predecessors[i]->last, "what overflowed is read");
    }
}

static void verify_reads(verifier *v)
{
    uint32_t *reaches = rf_alloc_array(uint32_t, v->wide_count + 1);
    for (uint32_t i = 0; !v->defect && i < v->block_count; i++) {
        v->block = v->blocks[i];
        enter_block(v, v->block, reaches);
        for (uint32_t n = 0; n < v->f->variable_count; n++)
            if (v->wide[n]) v->current[n] = reaches[v->wide[n] - 1];
        for (const rf_ir_phi *phi = v->block->phis; phi; phi = phi->next) verify_phi(v, phi);
        for (rf_ir_statement *s = v->block->first; s; s = s->next) {
            rf_ir_visit_statement(s, verify_read, v);
            if (s->version) v->current[s->place->variable] = s->version;
        }
    }
    rf_free(reaches);
}

static void verify_versions(verifier *v)
{
    verify_definitions(v);
    if (v->defect) return;
    v->wide = rf_alloc_array_zero(uint32_t, v->f->variable_count + 1);
    v->current = rf_alloc_array_zero(uint32_t, v->f->variable_count + 1);
    v->assigned_in = rf_alloc_array_zero(uint32_t, v->f->variable_count + 1);
    find_wide(v);
    find_reaching(v);
    verify_reads(v);
    rf_free(v->wide);
    rf_free(v->current);
    rf_free(v->assigned_in);
    rf_free(v->reaching);
}

const char *rf_ir_verify(const rf_ir_function *f)
{
    verifier v = {.f = f};
    find_reached(&v);
    require(&v, v.block_count, "a function has no entry");
    verify_blocks(&v);
    if (!v.defect) verify_owners(&v);
    if (f->is_ssa && !v.defect) verify_predecessors(&v);
    if (f->is_ssa && !v.defect) verify_versions(&v);
    rf_free(v.blocks);
    rf_free(v.trees);
    return v.defect;
}
