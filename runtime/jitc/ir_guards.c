/* What is known from a test before is not tested again.
 *
 * Expressions get numbers: those with the same number have the same value.  A walk over the tree of dominators carries what
 * tests that all ways lead by have told about numbers: of two, how they compare; of a bool, what it is; of a sum, that it fits.
 * A number stands for what was computed last: what it is made of is not computed again before the blocks that its block
 * dominates have been left, or it is computed again, too.
 *
 * A load has the number of what was loaded or stored there before, on a way without joins, with nothing in between that may
 * have changed it; else it has one of its own. */
#include "jitc/ir.h"
#include "jitc/ir_push.h"
#include "jitc/ir_spot.h"

#include "base/alloc.h"

#include <string.h>

/* How two values may compare, or what a bool may be. */
enum {
    LESS = 1,
    EQUAL = 2,
    GREATER = 4,
    UNORDERED = 8, /* floats alone */
    ORDERED = LESS | EQUAL | GREATER,
    IS_TRUE = 1,
    IS_FALSE = 2
};

enum { OP_PLACE = RF_IR_OPS, OP_ARGS, OP_FITS, OP_UNIQUE }; /* of nodes, behind those of expressions */

typedef struct node { /* what a number stands for */
    uint8_t op, type, form, field;
    uint32_t a, b, c; /* numbers of operands */
    uint64_t bits;    /* of constants, offsets, pointers that tell functions apart */
    uint32_t next;    /* with the same hash */
} node;

typedef struct fact { /* about how two numbers compare; b is 0: about a bool */
    uint32_t a, b;
    uint8_t may_be;
    uint32_t next; /* with the same hash */
} fact;

typedef struct loaded { /* what lies somewhere */
    uint32_t place, value; /* numbers */
    rf_ir_spot spot;
    bool is_changed;
} loaded;

typedef enum change_kind { FACT_NEW, FACT_MAY_BE, LOADED_NEW, LOADED_CHANGED } change_kind;

typedef struct change { /* to be taken back behind the blocks that a block dominates */
    uint8_t kind, may_be;
    uint32_t index;
} change;

typedef struct end_state { /* by order of block: what is so where it ends */
    uint32_t condition; /* number */
    uint32_t change_count, floor;
} end_state;

enum {
    MOST_LOADED = 64, /* that are looked at: the last ones */
    MOST_DEEP = 8     /* operands of bools that tests tell about */
};

typedef struct knower {
    rf_ir_function *f;
    bool *is_shown;             /* by variable in memory: its address is taken */
    uint32_t *of_version;       /* numbers; 0: none yet */
    node *nodes;
    uint32_t node_count, node_capacity, *node_buckets;
    fact *facts;
    uint32_t fact_count, fact_capacity, *fact_buckets;
    uint32_t bucket_count;      /* a power of 2 */
    loaded *loads;
    uint32_t load_count, load_capacity;
    uint32_t floor;             /* loads below it are of before a join */
    change *changes;
    uint32_t change_count, change_capacity;
    end_state *ends;
    uint32_t rewrite_count;     /* expressions that turned out to be constant */
    bool has_changed_ways;
} knower;

/* ---- numbers ---- */

static uint32_t mix(uint64_t h)
{
    h *= UINT64_C(0x9E3779B97F4A7C15); /* 2^64 / golden ratio */
    return (uint32_t)(h >> 40);
}

static uint32_t hash_of(const node *n)
{
    uint64_t h = n->op | (uint64_t)n->type << 8 | (uint64_t)n->form << 16 | (uint64_t)n->field << 24;
    h = h * 31 + n->a;
    h = h * 31 + n->b;
    h = h * 31 + n->c;
    return mix(h * 31 + (n->op == RF_IR_OUTSIDE ? 0 : n->bits));
}

/* Of what lies outside, bits is where the name is, and a its hash. */
static bool are_same_bits(const node *x, const node *y)
{
    if (x->op != RF_IR_OUTSIDE) return x->bits == y->bits;
    return strcmp((const char *)(uintptr_t)x->bits, (const char *)(uintptr_t)y->bits) == 0;
}

static bool is_same_node(const node *x, const node *y)
{
    return x->op == y->op && x->type == y->type && x->form == y->form && x->field == y->field && x->a == y->a && x->b == y->b &&
           x->c == y->c && are_same_bits(x, y);
}

static uint32_t number_of(knower *k, node n)
{
    uint32_t *bucket = &k->node_buckets[hash_of(&n) & (k->bucket_count - 1)];
    for (uint32_t i = *bucket; i; i = k->nodes[i].next)
        if (is_same_node(&k->nodes[i], &n)) return i;
    n.next = *bucket;
    *bucket = k->node_count;
    RF_IR_PUSH(k->nodes, k->node_count, k->node_capacity, n);
    return k->node_count - 1;
}

static uint32_t unique(knower *k, uint8_t type) /* a value like no other */
{
    RF_IR_PUSH(k->nodes, k->node_count, k->node_capacity, (node){.op = OP_UNIQUE, .type = type});
    return k->node_count - 1;
}

static uint32_t number_of_version(knower *k, uint32_t version, uint8_t type)
{
    if (!k->of_version[version]) k->of_version[version] = unique(k, type);
    return k->of_version[version];
}

/* ---- facts ---- */

static uint32_t *fact_bucket(knower *k, uint32_t a, uint32_t b)
{
    return &k->fact_buckets[mix((uint64_t)a << 32 | b) & (k->bucket_count - 1)];
}

static fact *find_fact(knower *k, uint32_t a, uint32_t b)
{
    for (uint32_t i = *fact_bucket(k, a, b); i; i = k->facts[i].next)
        if (k->facts[i].a == a && k->facts[i].b == b) return &k->facts[i];
    return NULL;
}

static void learn_pair(knower *k, uint32_t a, uint32_t b, unsigned may_be)
{
    fact *known = find_fact(k, a, b);
    if (known) {
        if ((known->may_be & may_be) == known->may_be) return;
        RF_IR_PUSH(k->changes, k->change_count, k->change_capacity,
             (change){.kind = FACT_MAY_BE, .may_be = known->may_be, .index = (uint32_t)(known - k->facts)});
        known->may_be &= (uint8_t)may_be;
        return;
    }
    uint32_t *bucket = fact_bucket(k, a, b);
    const fact new = {a, b, (uint8_t)may_be, *bucket};
    *bucket = k->fact_count;
    RF_IR_PUSH(k->changes, k->change_count, k->change_capacity, (change){.kind = FACT_NEW, .index = k->fact_count});
    RF_IR_PUSH(k->facts, k->fact_count, k->fact_capacity, new);
}

static unsigned swap(unsigned may_be) /* of b and a */
{
    return (may_be & (EQUAL | UNORDERED)) | (may_be & LESS ? GREATER : 0) | (may_be & GREATER ? LESS : 0);
}

/* How a and b compare if the comparison holds. */
static unsigned holding(unsigned op)
{
    switch (op) {
    case RF_IR_EQ: return EQUAL;
    case RF_IR_NE: return LESS | GREATER | UNORDERED;
    case RF_IR_LT: return LESS;
    case RF_IR_LE: return LESS | EQUAL;
    case RF_IR_GT: return GREATER;
    default: return GREATER | EQUAL;
    }
}

static unsigned universe(const knower *k, uint32_t number)
{
    return k->nodes[number].type == RF_IR_F64 ? ORDERED | UNORDERED : ORDERED;
}

static bool has_sign(uint8_t type)
{
    return type == RF_IR_I32 || type == RF_IR_I64;
}

/* How a and b may compare. */
static unsigned relation(knower *k, uint32_t a, uint32_t b)
{
    const node *x = &k->nodes[a], *y = &k->nodes[b];
    if (a == b) return universe(k, a) & (EQUAL | UNORDERED);
    if (x->op == RF_IR_INT && y->op == RF_IR_INT && x->type == y->type) {
        const bool is_less = has_sign(x->type) ? (int64_t)x->bits < (int64_t)y->bits : x->bits < y->bits;
        return is_less ? LESS : GREATER;
    }
    const fact *known = a < b ? find_fact(k, a, b) : find_fact(k, b, a);
    if (!known) return universe(k, a);
    return a < b ? known->may_be : swap(known->may_be);
}

/* A bool cast to an int and compared with a constant: as if the number were the bool's; true: the bool's negation. */
typedef struct about_bool {
    uint32_t flag; /* 0: it is not about one */
    bool is_negated;
} about_bool;

static about_bool comparison_of_bool(const knower *k, const node *n)
{
    const node *a = &k->nodes[n->a], *b = &k->nodes[n->b];
    if (n->op != RF_IR_EQ && n->op != RF_IR_NE) return (about_bool){0};
    if (a->op != RF_IR_CAST || k->nodes[a->a].type != RF_IR_BOOL || b->op != RF_IR_INT || b->bits > 1) return (about_bool){0};
    return (about_bool){a->a, (n->op == RF_IR_NE) == (b->bits == 1)};
}

static void learn_at(knower *k, uint32_t number, bool is_true, unsigned depth)
{
    const node n = k->nodes[number];
    if (depth == MOST_DEEP) return;
    learn_pair(k, number, 0, is_true ? IS_TRUE : IS_FALSE);
    if (n.op == RF_IR_NOT) learn_at(k, n.a, !is_true, depth + 1);
    if (n.op == (is_true ? RF_IR_BOTH : RF_IR_EITHER)) {
        learn_at(k, n.a, is_true, depth + 1);
        learn_at(k, n.b, is_true, depth + 1);
    }
    if (!rf_ir_is_comparison(n.op)) return;
    const about_bool of = comparison_of_bool(k, &n);
    if (of.flag) learn_at(k, of.flag, is_true != of.is_negated, depth + 1);
    const unsigned may_be = is_true ? holding(n.op) : universe(k, n.a) & ~holding(n.op);
    learn_pair(k, n.a < n.b ? n.a : n.b, n.a < n.b ? n.b : n.a, n.a < n.b ? may_be : swap(may_be));
}

/* IS_TRUE, IS_FALSE, or both: not known. */
static unsigned truth_at(knower *k, uint32_t number, unsigned depth)
{
    enum { UNKNOWN = IS_TRUE | IS_FALSE };
    static const uint8_t negated[] = {[IS_TRUE] = IS_FALSE, [IS_FALSE] = IS_TRUE, [UNKNOWN] = UNKNOWN};
    const node *n = &k->nodes[number];
    if (depth == MOST_DEEP) return UNKNOWN;
    if (n->op == RF_IR_INT) return n->bits ? IS_TRUE : IS_FALSE;
    const fact *known = find_fact(k, number, 0);
    if (known && known->may_be) return known->may_be;
    if (n->op == RF_IR_NOT) return negated[truth_at(k, n->a, depth + 1)];
    if (n->op == RF_IR_BOTH || n->op == RF_IR_EITHER) {
        const unsigned decides = n->op == RF_IR_BOTH ? IS_FALSE : IS_TRUE;
        const unsigned a = truth_at(k, n->a, depth + 1), b = truth_at(k, n->b, depth + 1);
        return a == decides || b == decides ? decides : a == UNKNOWN || b == UNKNOWN ? UNKNOWN : negated[decides];
    }
    if (!rf_ir_is_comparison(n->op)) return UNKNOWN;
    const about_bool of = comparison_of_bool(k, n);
    if (of.flag) {
        const unsigned flag = truth_at(k, of.flag, depth + 1);
        return of.is_negated ? negated[flag] : flag;
    }
    const unsigned may_be = relation(k, n->a, n->b);
    if (!may_be) return UNKNOWN; /* never reached */
    return !(may_be & ~holding(n->op)) ? IS_TRUE : !(may_be & holding(n->op)) ? IS_FALSE : UNKNOWN;
}

/* ---- what lies in memory ---- */

static uint32_t number_expr(knower *k, rf_ir_expr *e);

static rf_ir_spot spot_of(knower *k, rf_ir_place *place)
{
    const rf_ir_place *root = place;
    while (root->of) root = root->of;
    rf_ir_spot at = rf_ir_spot_of(place);
    if (root->base) at.base = number_expr(k, root->base);
    if (root->form == RF_IR_ELEMENT) {
        const uint32_t number = number_expr(k, root->index);
        const node *index = &k->nodes[number];
        at.has_index = index->op == RF_IR_INT;
        at.index = (int64_t)index->bits;
    }
    return at;
}

static uint32_t number_place(knower *k, rf_ir_place *p)
{
    node n = {.op = OP_PLACE, .type = p->type, .form = p->form, .field = p->field, .bits = p->offset};
    if (p->form == RF_IR_VARIABLE) n.bits = p->variable;
    if (p->base) n.a = number_expr(k, p->base);
    if (p->index) n.b = number_expr(k, p->index);
    if (p->of) n.c = number_place(k, p->of);
    return number_of(k, n);
}

static uint32_t first_load(const knower *k)
{
    const uint32_t last = k->load_count > MOST_LOADED ? k->load_count - MOST_LOADED : 0;
    return last > k->floor ? last : k->floor;
}

/* Something is stored; to is NULL: anywhere that others know of. */
static void change_memory(knower *k, const rf_ir_spot *to)
{
    for (uint32_t i = first_load(k); i < k->load_count; i++) {
        loaded *l = &k->loads[i];
        const bool is_own = l->spot.root == RF_IR_VARIABLE && !k->is_shown[l->spot.variable];
        if (l->is_changed || (to ? !rf_ir_may_change(k->is_shown, to, &l->spot) : is_own)) continue;
        l->is_changed = true;
        RF_IR_PUSH(k->changes, k->change_count, k->change_capacity, (change){.kind = LOADED_CHANGED, .index = i});
    }
}

static void note_loaded(knower *k, loaded what)
{
    RF_IR_PUSH(k->changes, k->change_count, k->change_capacity, (change){.kind = LOADED_NEW, .index = k->load_count});
    RF_IR_PUSH(k->loads, k->load_count, k->load_capacity, what);
}

static uint32_t number_load(knower *k, rf_ir_expr *e)
{
    const uint32_t place = number_place(k, e->place);
    if (e->type == RF_IR_VALUE || rf_ir_does_something(e)) return unique(k, e->type); /* whole values are not tested */
    for (uint32_t i = k->load_count; i-- > first_load(k);)
        if (k->loads[i].place == place && !k->loads[i].is_changed) return k->loads[i].value;
    const uint32_t value = unique(k, e->type);
    note_loaded(k, (loaded){.place = place, .value = value, .spot = spot_of(k, e->place)});
    return value;
}

/* ---- expressions ---- */

static uint32_t number_call(knower *k, rf_ir_expr *e)
{
    const rf_ir_call *call = e->call;
    uint32_t args = 0;
    if (call->through) number_expr(k, call->through);
    for (uint32_t i = 0; i < call->count; i++)
        args = number_of(k, (node){.op = OP_ARGS, .a = args, .b = number_expr(k, call->args[i])});
    if (!call->outside || !call->outside->is_pure) return unique(k, e->type);
    return number_of(k, (node){.op = RF_IR_CALL, .type = e->type, .a = args, .bits = (uint64_t)(uintptr_t)call->outside});
}

static uint32_t number_outside(knower *k, const rf_ir_expr *e)
{
    uint32_t h = 0;
    for (const char *c = e->name; *c; c++) h = h * 31 + (unsigned char)*c;
    return number_of(k, (node){.op = RF_IR_OUTSIDE, .type = e->type, .a = h, .bits = (uint64_t)(uintptr_t)e->name});
}

static uint32_t number_leaf(knower *k, rf_ir_expr *e)
{
    node n = {.op = e->op, .type = e->type};
    switch (e->op) {
    case RF_IR_INT:
    case RF_IR_PARAM: n.bits = (uint64_t)e->i; break;
    case RF_IR_FLOAT: memcpy(&n.bits, &e->d, sizeof n.bits); break;
    case RF_IR_OUTSIDE: return number_outside(k, e);
    case RF_IR_READ: return number_of_version(k, e->read.version, e->type);
    case RF_IR_LOAD: return number_load(k, e);
    case RF_IR_ADDRESS:
        if (rf_ir_does_something(e)) return unique(k, e->type);
        n.a = number_place(k, e->place);
        break;
    default: return number_call(k, e);
    }
    return number_of(k, n);
}

static uint32_t number_tree(knower *k, rf_ir_expr *e)
{
    const unsigned count = rf_ir_op_operands[e->op];
    if (count == 0) return number_leaf(k, e);
    const uint32_t before = k->rewrite_count;
    node n = {.op = e->op, .type = e->type};
    n.a = number_expr(k, e->operands[0]);
    if (count == 2) n.b = number_expr(k, e->operands[1]);
    if (k->rewrite_count != before) {
        rf_ir_simplify(e);
        return number_tree(k, e);
    }
    if (e->op == RF_IR_LIKELY) return n.a;
    return number_of(k, n);
}

/* The number of its value; bools that are known become constants. */
static uint32_t number_expr(knower *k, rf_ir_expr *e)
{
    const uint32_t number = number_tree(k, e);
    if (e->type != RF_IR_BOOL || e->op == RF_IR_INT || rf_ir_does_something(e)) return number;
    const unsigned truth = truth_at(k, number, 0);
    if (truth == (IS_TRUE | IS_FALSE)) return number;
    *e = (rf_ir_expr){.op = RF_IR_INT, .type = RF_IR_BOOL, .i = truth == IS_TRUE};
    k->rewrite_count++;
    return number_leaf(k, e);
}

/* ---- statements ---- */

static void store(knower *k, rf_ir_statement *s, uint32_t value)
{
    const rf_ir_spot to = spot_of(k, s->place);
    const uint32_t place = number_place(k, s->place);
    change_memory(k, &to);
    if (s->value->type != RF_IR_VALUE) note_loaded(k, (loaded){.place = place, .value = value, .spot = to});
}

static void assign(knower *k, rf_ir_statement *s)
{
    const bool does_something = rf_ir_does_something(s->value);
    if (does_something) change_memory(k, NULL);
    const uint32_t value = number_expr(k, s->value);
    if (does_something) change_memory(k, NULL);
    if (!s->place) return;
    if (s->version)
        k->of_version[s->version] = value;
    else
        store(k, s, value);
}

static uint32_t number_fits(knower *k, const rf_ir_statement *s)
{
    const rf_ir_expr *e = s->value;
    return number_of(k, (node){.op = OP_FITS, .type = RF_IR_BOOL, .a = number_expr(k, e->operands[0]), .b = number_expr(k, e->operands[1]),
                               .bits = e->op});
}

static void end_block(knower *k, rf_ir_block *b)
{
    rf_ir_statement *s = b->last;
    end_state *end = &k->ends[b->order];
    end->condition = 0;
    if (s->kind == RF_IR_CHECKED) {
        end->condition = number_fits(k, s);
        k->of_version[s->version] = number_of(k, (node){.op = s->value->op, .type = s->value->type,
                                                        .a = k->nodes[end->condition].a, .b = k->nodes[end->condition].b});
        if (truth_at(k, end->condition, 0) != IS_TRUE) return;
        rf_ir_checked_fits(k->f, b);
        k->has_changed_ways = true;
        return;
    }
    if (!s->value) return;
    const bool does_something = rf_ir_does_something(s->value);
    if (does_something) change_memory(k, NULL);
    number_expr(k, s->value);
    if (rf_ir_simplify_end(s))
        k->has_changed_ways = true;
    else
        end->condition = number_expr(k, s->value); /* which may be the negation of what it was, with its ways swapped */
    if (does_something) change_memory(k, NULL);
}

/* ---- blocks ---- */

static void take_back(knower *k, uint32_t change_count)
{
    while (k->change_count > change_count) {
        const change *c = &k->changes[--k->change_count];
        switch ((change_kind)c->kind) {
        case FACT_NEW: {
            const fact *f = &k->facts[--k->fact_count];
            *fact_bucket(k, f->a, f->b) = f->next;
            break;
        }
        case FACT_MAY_BE: k->facts[c->index].may_be = c->may_be; break;
        case LOADED_NEW: k->load_count--; break;
        case LOADED_CHANGED: k->loads[c->index].is_changed = false; break;
        }
    }
}

/* What is known where b begins. */
static void enter(knower *k, const rf_ir_block *b)
{
    if (!b->dominator) return;
    const end_state *end = &k->ends[b->dominator->order];
    const rf_ir_statement *s = b->dominator->last;
    take_back(k, end->change_count);
    k->floor = b->predecessor_count == 1 ? end->floor : k->load_count;
    if (b->predecessor_count == 1 && end->condition && s->no) learn_at(k, end->condition, s->yes == b, 0);
}

static void look_at_block(knower *k, rf_ir_block *b)
{
    for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next) number_of_version(k, phi->version, k->f->variables[phi->variable].type);
    for (rf_ir_statement *s = b->first; s != b->last; s = s->next) assign(k, s);
    end_block(k, b);
    k->ends[b->order].change_count = k->change_count;
    k->ends[b->order].floor = k->floor;
}

/* ---- the function ---- */

static void prepare(knower *k)
{
    uint32_t statement_count = 0;
    for (uint32_t i = 0; i < k->f->reached_count; i++)
        for (const rf_ir_statement *s = k->f->reached[i]->first; s; s = s->next) statement_count++;
    for (k->bucket_count = 64; k->bucket_count < statement_count * 2;) k->bucket_count *= 2;
    k->node_buckets = rf_alloc_array_zero(uint32_t, k->bucket_count);
    k->fact_buckets = rf_alloc_array_zero(uint32_t, k->bucket_count);
    unique(k, RF_IR_VOID); /* number 0, and fact 0, are none */
    RF_IR_PUSH(k->facts, k->fact_count, k->fact_capacity, (fact){0});
}

void rf_ir_guards(rf_ir_function *f)
{
    knower k = {.f = f,
                .is_shown = rf_ir_shown(f),
                .of_version = rf_alloc_array_zero(uint32_t, f->version_count),
                .ends = rf_alloc_array(end_state, f->reached_count)};
    prepare(&k);
    for (rf_ir_block *b = f->first; b; b = rf_ir_next_dominated(b)) {
        enter(&k, b);
        look_at_block(&k, b);
    }
    if (k.has_changed_ways) rf_ir_ways_changed(f);
    void *const lists[] = {k.is_shown, k.of_version, k.nodes, k.node_buckets, k.facts, k.fact_buckets, k.loads, k.changes, k.ends};
    for (size_t i = 0; i < RF_COUNT_OF(lists); i++) rf_free(lists[i]);
}
