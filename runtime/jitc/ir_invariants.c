/* What gives the same in all turns of a loop is loaded before it.
 *
 *     before: jump to header                              before: same = k->length; jump to header
 *     header: ... guard i < k->length ...                 header: ... guard i < same ...
 *
 * gcc does not know that elements of arrays never lie over values, nor either over headers (ir_spot.c).
 *
 * A load moves if each turn makes it, nothing that the loop stores may change it, and the loop calls nothing.  Before the loop it is
 * made even if there is no turn, so it must be possible there: in the frame, or in what the context leads to; else only if no
 * guard lies between the beginning of the loop and the load, which might be what tells that there is an object.  Comparisons
 * of I64 by order, as loops end with, tell nothing of kinds; where elements end they may tell, so these do not move. */
#include "jitc/ir.h"
#include "jitc/ir_push.h"
#include "jitc/ir_spot.h"

enum { MOST_STORES = 16, MOST_MOVED = 8, MOST_STEPS = 8 };

typedef struct moved {
    rf_ir_expr *load, *read; /* what it was, and what gives it now */
} moved;

typedef struct loop {
    rf_ir_function *f;
    bool *is_shown;
    uint32_t *in;            /* by number of block: the last loop it was found in, by the order of its header, and one */
    rf_ir_block **stack;
    rf_ir_block *header, *before;
    rf_ir_spot stores[MOST_STORES];
    unsigned store_count;
    moved moved[MOST_MOVED];
    unsigned moved_count;
    bool is_first;           /* no guard lies between the beginning of the turn and here */
} loop;

static bool is_in(const loop *l, const rf_ir_block *b)
{
    return l->in[b->number] == l->header->order + 1;
}

/* ---- the loop ---- */

/* It is entered by one way, which is a jump. */
static bool find_entry(loop *l)
{
    bool has_latch = false;
    l->before = NULL;
    for (uint32_t i = 0; i < l->header->predecessor_count; i++) {
        has_latch |= rf_ir_is_latch(l->header, i);
        if (rf_ir_is_latch(l->header, i)) continue;
        if (l->before) return false;
        l->before = l->header->predecessors[i];
    }
    return has_latch && l->before && l->before->last->kind == RF_IR_JUMP;
}

static void enter_block(loop *l, rf_ir_block *b, uint32_t *count)
{
    if (is_in(l, b)) return;
    l->in[b->number] = l->header->order + 1;
    l->stack[(*count)++] = b;
}

/* All blocks from which its beginning is reached again. */
static void find_blocks(loop *l)
{
    uint32_t count = 0;
    l->in[l->header->number] = l->header->order + 1;
    for (uint32_t i = 0; i < l->header->predecessor_count; i++)
        if (rf_ir_is_latch(l->header, i)) enter_block(l, l->header->predecessors[i], &count);
    while (count) {
        const rf_ir_block *b = l->stack[--count];
        for (uint32_t i = 0; i < b->predecessor_count; i++) enter_block(l, b->predecessors[i], &count);
    }
}

/* ---- pointers ---- */

static const rf_ir_expr *definition(const rf_ir_function *f, uint32_t version)
{
    const rf_ir_statement *s = f->versions[version].statement;
    return s && s->kind == RF_IR_ASSIGN ? s->value : NULL;
}

/* What copies and casts are made of: a version, a parameter, or what else it is. */
static const rf_ir_expr *source_of(const rf_ir_function *f, const rf_ir_expr *e)
{
    const rf_ir_expr *source = e;
    for (unsigned steps = 0; e && steps < MOST_STEPS; steps++) {
        if (e->op == RF_IR_READ || e->op == RF_IR_PARAM || e->op == RF_IR_OUTSIDE) source = e;
        if (e->op != RF_IR_READ && e->op != RF_IR_CAST) break;
        e = e->op == RF_IR_READ ? definition(f, e->read.version) : e->operands[0];
    }
    return source;
}

/* Numbers of pointers: of the version, or of the parameter; others have none, and are like no other. */
static uint32_t base_number(const loop *l, const rf_ir_expr *base, uint32_t other)
{
    const rf_ir_expr *e = source_of(l->f, base);
    if (e->op == RF_IR_READ) return e->read.version;
    return UINT32_MAX - (e->op == RF_IR_PARAM ? (uint32_t)e->i : l->f->param_count + other);
}

static rf_ir_spot spot_of(const loop *l, const rf_ir_place *place, uint32_t other)
{
    rf_ir_spot at = rf_ir_spot_of(place);
    while (place->of) place = place->of;
    if (place->base) at.base = base_number(l, place->base, other);
    return at;
}

/* Is there always something it points to: does it come from a parameter, by pointers in headers? */
static bool is_sound(const rf_ir_function *f, const rf_ir_expr *e, unsigned depth)
{
    e = source_of(f, e);
    if (e->op == RF_IR_READ) e = definition(f, e->read.version);
    while (e && e->op == RF_IR_CAST) e = e->operands[0];
    if (!e || depth == MOST_STEPS) return false;
    if (e->op == RF_IR_PARAM || e->op == RF_IR_OUTSIDE) return true;
    if (e->op == RF_IR_ADDRESS)
        return e->place->form == RF_IR_VARIABLE || (e->place->form == RF_IR_MEMORY && is_sound(f, e->place->base, depth + 1));
    return e->op == RF_IR_LOAD && e->place->form == RF_IR_MEMORY && e->type == RF_IR_POINTER && is_sound(f, e->place->base, depth + 1);
}

static bool can_be_made(const loop *l, const rf_ir_place *place)
{
    while (place->of) place = place->of;
    if (place->form == RF_IR_VARIABLE) return true;
    if (place->form == RF_IR_ELEMENT) return place->index->op == RF_IR_INT && is_sound(l->f, place->base, 0);
    return l->is_first || is_sound(l->f, place->base, 0);
}

/* ---- what the loop does ---- */

static bool add_store(loop *l, const rf_ir_statement *s)
{
    if (l->store_count == MOST_STORES) return false;
    l->stores[l->store_count] = spot_of(l, s->place, 1 + l->store_count);
    l->store_count++;
    return true;
}

static bool find_stores(loop *l)
{
    l->store_count = l->moved_count = 0;
    for (uint32_t i = l->header->order; i < l->f->reached_count; i++) {
        const rf_ir_block *b = l->f->reached[i];
        if (!is_in(l, b)) continue;
        for (const rf_ir_statement *s = b->first; s; s = s->next) {
            if (s->value && rf_ir_does_something(s->value)) return false;
            if (s->kind == RF_IR_ASSIGN && !s->version && !add_store(l, s)) return false;
        }
    }
    return true;
}

static bool is_changed(const loop *l, const rf_ir_place *place)
{
    const rf_ir_spot at = spot_of(l, place, 0);
    for (unsigned i = 0; i < l->store_count; i++)
        if (rf_ir_may_change(l->is_shown, &l->stores[i], &at)) return true;
    return false;
}

/* ---- moving ---- */

static rf_ir_expr *before_loop(loop *l, const rf_ir_expr *e, unsigned depth);

static bool place_before_loop(loop *l, rf_ir_place *p, unsigned depth)
{
    if (p->of && !place_before_loop(l, p->of, depth)) return false;
    if (p->base && !(p->base = before_loop(l, p->base, depth))) return false;
    return !p->index || (p->index = before_loop(l, p->index, depth));
}

static bool operands_before_loop(loop *l, rf_ir_expr *e, unsigned depth)
{
    for (unsigned i = 0; i < rf_ir_op_operands[e->op]; i++)
        if (!(e->operands[i] = before_loop(l, e->operands[i], depth))) return false;
    return true;
}

/* The same, of what is there before the loop; NULL: it is not the same in all turns.  Loads in it have moved. */
static rf_ir_expr *before_loop(loop *l, const rf_ir_expr *e, unsigned depth)
{
    if (depth == MOST_STEPS || e->op == RF_IR_LOAD || e->op == RF_IR_CALL) return NULL;
    if (e->op == RF_IR_READ && is_in(l, l->f->versions[e->read.version].block)) {
        const rf_ir_expr *from = definition(l->f, e->read.version);
        return from ? before_loop(l, from, depth + 1) : NULL;
    }
    rf_ir_expr *copy = rf_ir_copy(l->f, e);
    if (copy->op == RF_IR_ADDRESS) return place_before_loop(l, copy->place, depth) ? copy : NULL;
    return operands_before_loop(l, copy, depth) ? copy : NULL;
}

static rf_ir_expr *add_before(loop *l, rf_ir_expr *load)
{
    rf_ir_function *f = l->f;
    rf_ir_place *same = rf_ir_variable_new(f, load->type, 0, "same");
    rf_ir_statement *s = rf_ir_alloc(f, sizeof *s), *last = l->before->last, *previous = l->before->first;
    *s = (rf_ir_statement){.kind = RF_IR_ASSIGN, .position = last->position, .place = same, .value = load, .next = last};
    s->version = rf_ir_version_new(f, (rf_ir_version){.variable = same->variable, .block = l->before, .statement = s});
    if (previous == last) {
        l->before->first = s;
    } else {
        while (previous->next != last) previous = previous->next;
        previous->next = s;
    }
    rf_ir_expr *read = rf_ir_value_of(f, same);
    read->read.version = s->version;
    return read;
}

static rf_ir_expr *moved_before(const loop *l, const rf_ir_expr *load)
{
    for (unsigned i = 0; i < l->moved_count; i++)
        if (rf_ir_is_same(l->moved[i].load, load)) return l->moved[i].read;
    return NULL;
}

/* Operands come first: those that are loads have moved, if they do. */
static void look_at(void *context, rf_ir_expr *e)
{
    loop *l = context;
    if (e->op != RF_IR_LOAD || e->type == RF_IR_VALUE || !can_be_made(l, e->place) || is_changed(l, e->place)) return;
    rf_ir_expr *load = rf_ir_copy(l->f, e);
    if (!place_before_loop(l, load->place, 0)) return;
    rf_ir_expr *read = moved_before(l, load);
    if (!read) {
        if (l->moved_count == MOST_MOVED) return;
        read = add_before(l, load);
        l->moved[l->moved_count++] = (moved){load, read};
    }
    *e = *read;
}

static bool is_of_kinds(const rf_ir_block *b) /* may it be known by its end what things are? */
{
    const rf_ir_statement *s = b->last;
    if (s->kind == RF_IR_JUMP || s->kind == RF_IR_CHECKED) return false;
    return !s->value || s->value->op < RF_IR_LT || s->value->op > RF_IR_GE || s->value->operands[0]->type != RF_IR_I64;
}

static void move_loads(loop *l)
{
    l->is_first = true;
    for (uint32_t i = l->header->order; i < l->f->reached_count; i++) {
        rf_ir_block *b = l->f->reached[i];
        if (!is_in(l, b)) continue;
        if (rf_ir_is_in_each_turn(l->header, b))
            for (rf_ir_statement *s = b->first; s; s = s->next) rf_ir_visit_statement(s, look_at, l);
        l->is_first &= !is_of_kinds(b);
    }
}

void rf_ir_invariants(rf_ir_function *f)
{
    loop l = {.f = f,
              .is_shown = rf_ir_shown(f),
              .in = rf_alloc_array_zero(uint32_t, f->block_count + 1),
              .stack = rf_alloc_array_zero(rf_ir_block *, f->block_count + 1)};
    for (uint32_t i = f->reached_count; i--;) { /* inner loops first */
        l.header = f->reached[i];
        if (!find_entry(&l)) continue;
        find_blocks(&l);
        if (find_stores(&l)) move_loads(&l);
    }
    rf_free(l.is_shown);
    rf_free(l.in);
    rf_free(l.stack);
}
