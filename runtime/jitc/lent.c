/* See lent.h. */
#include "jitc/lent.h"

#include "jitc/core.h"
#include "jitc/families.h"
#include "jitc/objects.h"

/* ---- owners ---- */

static void note(const tr *t, bool *of_functions)
{
    if (of_functions[t->number]) return;
    of_functions[t->number] = true;
    t->all->has_changed = true;
}

bool rf_lent_on(tr *t, uint32_t reg, uint32_t number)
{
    const rf_known k = t->now[reg];
    if (k.kind != RF_KIND_LENT || k.lender != RF_NO_LENDER || !t->all->owns_self[number]) return true;
    if (k.is_in_place) return false;
    note(t, t->all->owns_self);
    return true;
}

void rf_lent_own_first(tr *t, uint32_t reg)
{
    const rf_known k = t->now[reg];
    if (k.kind != RF_KIND_LENT) return;
    if (k.is_in_place) note(t, t->all->moves_self); /* another round, in which it does not work in place */
    if (k.lender == RF_NO_LENDER && !k.is_in_place) note(t, t->all->owns_self);
    own_instance(t, reg, k);
    disown_facts(t);
    t->now[reg] = t->start[reg] = (rf_known){.kind = RF_KIND_STRUCT, .layout = k.layout};
    t->exit_count = 0; /* those made so far give it one */
}

void rf_lent_return(tr *t, uint32_t lender, uint32_t pc)
{
    for (uint32_t i = 0; i < t->s->f.register_count; i++) {
        const rf_known k = t->now[i];
        if (k.kind != RF_KIND_LENT || k.is_in_place || k.lender != lender) continue;
        const bool is_live = rf_source_is_live(t->s, pc, i);
        if (is_live) own_instance(t, i, k);
        t->now[i] = is_live ? (rf_known){.kind = RF_KIND_STRUCT, .layout = k.layout} : (rf_known){.kind = RF_KIND_CLEAN};
    }
}

void rf_lent_take(tr *t, uint32_t reg, const loaded *from, uint64_t layout, uint32_t lender)
{
    if (EMITS) {
        object o = {.kind = RF_KIND_STRUCT, .layout = layout};
        guard(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, from->slot)), constant(t, RF_STRUCT)));
        o.p = keep(t, RF_IR_OBJECT, cast(t, value_of(t, slot_object(t, from->slot)), RF_IR_OBJECT));
        guard(t, layout_is(t, o.p, layout));
        assign(t, object_of(t, reg), o.p);
        if (from->way != RF_WAY_NONE) note_object(t, from->parent, from->way, from->operand, &o, false);
    }
    release_old(t, reg);
    touch(t, reg);
    t->now[reg] = (rf_known){.kind = RF_KIND_LENT, .layout = layout, .lender = (uint16_t)lender};
}

/* ---- what an instruction does with what is lent ---- */

typedef struct use_of { /* of a loan by an instruction */
    const tr *t;
    uint32_t reg, lender;
    bool stays, is_next, is_moved; /* stays: may not get another value; is_next: a FORNEXT; is_moved: it needs an owner */
} use_of;

static void look(void *context, uint32_t reg, rf_access_kind access)
{
    use_of *u = context;
    if (reg == u->reg && (access != RF_ACCESS_DEF || u->stays)) u->is_moved = true;
    if (reg != u->lender || u->lender == RF_NO_LENDER) return;
    const bool is_kept = access == RF_ACCESS_PEEK || (access == RF_ACCESS_USE && !is_temp(u->t, reg)) ||
                         (access == RF_ACCESS_MOD && u->is_next);
    if (!is_kept) u->is_moved = true;
}

/* Is the place with this number in R[reg]?  One that is not known may be. */
static bool is_within(const tr *t, uint32_t place, uint32_t reg)
{
    if (place >= t->s->f.place_count) return true;
    const rf_wire_place *p = &t->s->places[place].p;
    return p->root == RF_REF_LOCAL && p->index == reg;
}

static bool captures(const tr *t, uint32_t reg)
{
    const int8_t number = hints(t, t->at)->callees[0];
    if (number < 0) return true;
    const rf_source *child = &t->all->unit->functions[number];
    for (uint32_t i = 0; i < child->f.capture_count; i++)
        if (child->captures[i].is_local && child->captures[i].index == reg) return true;
    return false;
}

/* Does the instruction do more with R[reg], or with the lender, than it names? */
static bool reaches(const tr *t, rf_instruction in, uint32_t reg, const rf_known *k, bool by_vm)
{
    uint32_t place;
    switch (in.op) {
    case RF_OP_GETPLACE: place = in.b; break;
    case RF_OP_PUSHPLACE:
    case RF_OP_SETPLACE:
        if (k->is_in_place && !by_vm) return false;
        place = in.b;
        break;
    case RF_OP_ADDPLACE:
        if (is_number(t->now[in.a].kind) && t->now[in.a].kind == t->now[in.b].kind) return false;
        place = in.c;
        break;
    case RF_OP_CALLMETHOD:
        if (t->s->sites[in.b].skip == 0) return false;
        if (!by_vm && (in.a + 1u == reg || k->is_in_place)) return false; /* the call knows what to do with them */
        place = t->s->sites[in.b].place;
        break;
    case RF_OP_UPDATE: place = t->s->sites[in.b].place; break;
    case RF_OP_CLOSURE: return captures(t, reg);
    case RF_OP_STRUCTDECL:
    case RF_OP_ENUMDECL: return true;
    default: return false;
    }
    return is_within(t, place, reg) || (k->lender != RF_NO_LENDER && is_within(t, place, k->lender));
}

/* Is R[reg] no more than read, or the receiver of a call? */
static bool is_looked_at(const tr *t, rf_instruction in, uint32_t reg, const rf_known *k)
{
    switch (in.op) {
    case RF_OP_GETFIELD:
    case RF_OP_CHAIN_GETFIELD: return in.b == reg && t->s->sites[in.c].layout == k->layout;
    case RF_OP_SETFIELD:
        return in.a == reg && in.b != reg && k->is_in_place && t->s->sites[in.c].layout == k->layout;
    case RF_OP_CALLLOCAL: return in.c == reg && t->s->sites[in.b].call_layout == k->layout;
    case RF_OP_CALLMETHOD: return in.a + 1u == reg && t->s->sites[in.b].call_layout == k->layout;
    case RF_OP_UNSET:
    case RF_OP_DROP:
    case RF_OP_JNULL:
    case RF_OP_JNOTNULL:
    case RF_OP_CHECK: return true;
    default: return false;
    }
}

static bool is_moved(const tr *t, rf_instruction in, uint32_t reg, bool by_vm)
{
    const rf_known *k = &t->now[reg];
    if (reaches(t, in, reg, k, by_vm)) return true;
    use_of u = {.t = t,
                .reg = !by_vm && is_looked_at(t, in, reg, k) ? UINT32_MAX : reg,
                .lender = k->lender,
                .stays = k->is_in_place,
                .is_next = in.op == RF_OP_FORNEXT};
    rf_op_visit_registers(t->s->shape, in, false, look, &u);
    return u.is_moved;
}

void rf_lent_prepare(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    for (uint32_t i = 0; i < t->s->f.register_count; i++)
        if (t->now[i].kind == RF_KIND_LENT && is_moved(t, in, i, false)) rf_lent_own_first(t, i);
}

void rf_lent_own_operands(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    for (uint32_t i = 0; i < t->s->f.register_count; i++)
        if (t->now[i].kind == RF_KIND_LENT && is_moved(t, in, i, true)) rf_lent_own_first(t, i);
}

/* ---- who lends ---- */

/* What native code knows of the method that is called at pc on an instance; 0: not enough. */
static uint64_t layout_of_call(const tr *t, uint32_t pc)
{
    const rf_wire_hint *hint = hints(t, pc);
    const bool is_known = hint->callees[0] >= 0 && !(hint->flags & RF_FEEDBACK_DISTRUST);
    return is_known ? t->s->sites[t->s->code[pc].b].call_layout : 0;
}

static uint64_t layout_of_use(const tr *t, uint32_t pc, uint32_t reg)
{
    const rf_instruction in = t->s->code[pc];
    const rf_wire_hint *hint = hints(t, pc);
    if ((in.op == RF_OP_GETFIELD || in.op == RF_OP_CHAIN_GETFIELD) && in.b == reg)
        return was_only(hint->seen[1], RF_STRUCT) && !(hint->flags & RF_FEEDBACK_DISTRUST) ? t->s->sites[in.c].layout : 0;
    if (in.op == RF_OP_CALLLOCAL && in.c == reg) return layout_of_call(t, pc);
    return 0;
}

uint64_t rf_lent_by_loop(const tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_wire_hint *hint = hints(t, t->at);
    if (t->is_generator || in.a >= RF_NO_LENDER || (hint->flags & RF_FEEDBACK_DISTRUST)) return 0;
    for (uint32_t pc = jump_target(t); pc < t->at; pc++) {
        const uint64_t layout = layout_of_use(t, pc, in.b);
        if (layout) return hints(t, pc)->count >= hint->count - hint->count / 8 - 1 ? layout : 0; /* in nearly all turns */
    }
    return 0;
}

/* Instructions that go on to the next, and change no register that they do not name. */
static bool is_simple(unsigned op)
{
    return op == RF_OP_COPY || op == RF_OP_MOVE || op == RF_OP_LOADK || op == RF_OP_LOADI || op == RF_OP_LOADBOOL ||
           op == RF_OP_LOADNULL || (op >= RF_OP_ADD && op <= RF_OP_NEG) || op == RF_OP_GETINDEX ||
           op == RF_OP_GETINDEXI || op == RF_OP_GETFIELD || op == RF_OP_GETCAPTURE || op == RF_OP_GETMODULE ||
           op == RF_OP_CALL || op == RF_OP_CALLFN || op == RF_OP_CALLC || op == RF_OP_CALLC1;
}

uint64_t rf_lent_receiver(const tr *t, uint32_t pc, uint32_t reg, uint32_t lender)
{
    enum { FARTHEST = 16 };
    if (t->is_generator || !is_temp(t, reg) || is_temp(t, lender) || (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST))
        return 0;
    for (uint32_t i = pc + 1; i < t->s->f.code_count && i <= pc + FARTHEST; i++) {
        const rf_instruction in = t->s->code[i];
        if (hints(t, i)->count == 0) return 0;
        if (in.op == RF_OP_CALLMETHOD && in.a + 1u == reg) return layout_of_call(t, i);
        use_of u = {.t = t, .reg = reg, .lender = lender};
        rf_op_visit_registers(t->s->shape, in, false, look, &u);
        if (u.is_moved || in.a == reg || !is_simple(in.op)) return 0;
    }
    return 0;
}
