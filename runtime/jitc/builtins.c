/* Built-ins that are plain C (CALLC, CALLC1): a machine instruction, the entry of a dict, or a call of the function in the
 * table of built-ins, whose arguments lie in the window. */
#include "jitc/families.h"
#include "jitc/objects.h"
#include "jitc/strings.h"

#include "prof/thread.h"

/* ---- numbers ---- */

static void square_root_or_amount(tr *t, uint32_t reg, bool is_root)
{
    rvalue x = keep(t, RF_IR_F64, as_float(t, reg));
    if (is_root) guard(t, test(t, RF_IR_GE, x, real(t, 0.0))); /* the VM knows what is to be said */
    rvalue r = keep(t, RF_IR_F64, call_value(t, is_root ? RF_FN(sqrt) : RF_FN(fabs), 1, &x));
    use(t, reg);
    put_float(t, t->s->code[t->at].a, r);
    lvalue calls = t->instead[!is_root].calls;
    if (calls) assign(t, calls, binary(t, RF_IR_ADD, value_of(t, calls), constant(t, 1)));
}

/* A bool, or whether the number is negative. */
static void is_before(tr *t, uint32_t reg)
{
    const rf_kind kind = t->now[reg].kind;
    rvalue zero = kind == RF_KIND_FLOAT ? real(t, 0.0) : constant(t, 0);
    rvalue v = !EMITS ? NULL : kind == RF_KIND_FLOAT ? as_float(t, reg) : as_int(t, reg);
    const rf_ir_op op = kind == RF_KIND_BOOL ? RF_IR_NE : RF_IR_LT;
    rvalue holds = keep(t, RF_IR_BOOL, test(t, op, v, zero));
    use(t, reg);
    put_bool(t, t->s->code[t->at].a, holds);
}

/* ---- plain calls ---- */

/* result = built-in c (R[a+1 .. a+b]); the arguments stay */
static void call_plainly(tr *t, lvalue result)
{
    const rf_instruction in = t->s->code[t->at];
    rvalue isolate = keep(t, RF_IR_POINTER, value_of(t, context_part(t, offsetof(rf_native_context, isolate), RF_IR_POINTER)));
    rvalue table = value_of(t, part(t, isolate, offsetof(rf_isolate, builtins), RF_IR_POINTER));
    const uint64_t offset = in.c * sizeof(rf_builtin) + offsetof(rf_builtin, function);
    rvalue function = keep(t, RF_IR_BUILTIN + RF_IR_TO, value_of(t, part(t, table, offset, RF_IR_BUILTIN + RF_IR_TO)));
    rvalue args[] = {isolate, slot_address(t, reg_slot(t, in.a + 1u)),
                     number(t, RF_IR_U32, in.b)};
    assign(t, result, EMITS ? rf_ir_call_through(F, function, 3, args) : NULL);
}

static void raise_if_raised(tr *t, lvalue result)
{
    raise_unless(t, test(t, RF_IR_NE, value_of(t, slot_head(t, result)), constant(t, RF_RAISED)));
}

/* ---- for the profiler, as BEGIN_BUILTIN and END_BUILTIN of the VM's loops ---- */

static void tell_state(tr *t, rvalue prof, uint32_t state)
{
    assign(t, part(t, prof, offsetof(rf_prof_thread, state), RF_IR_U32), number(t, RF_IR_U32, state));
}

rvalue rf_prof_block(tr *t)
{
    rvalue isolate = value_of(t, context_part(t, offsetof(rf_native_context, isolate), RF_IR_POINTER));
    return keep(t, RF_IR_POINTER, value_of(t, part(t, isolate, offsetof(rf_isolate, prof), RF_IR_POINTER)));
}

lvalue rf_builtin_calls(tr *t, rvalue prof, uint32_t builtin)
{
    return part(t, prof, offsetof(rf_prof_thread, builtin_calls) + builtin * sizeof(uint64_t), RF_IR_I64);
}

/* NULL: nobody is profiled. */
static rvalue begin_builtin(tr *t, uint32_t builtin)
{
    if (!t->all->unit->request.is_profiled) return NULL;
    rvalue prof = rf_prof_block(t);
    lvalue calls = rf_builtin_calls(t, prof, builtin);
    assign(t, calls, binary(t, RF_IR_ADD, value_of(t, calls), constant(t, 1)));
    tell_state(t, prof, RF_PROF_STATE(RF_TIER_BUILTIN, builtin) | RF_PROF_UNLINKED);
    return prof;
}

static void end_builtin(tr *t, rvalue prof)
{
    if (!prof) return;
    rf_ir_block *drain = new_block(t), *next = new_block(t);
    lvalue has_pending = part(t, prof, offsetof(rf_prof_thread, has_pending), RF_IR_U8);
    branch(t, likely(t, test(t, RF_IR_EQ, value_of(t, has_pending), number(t, RF_IR_U8, 0))), next, drain);
    t->block = drain;
    call(t, RF_FN(prof_drain), 1, &prof);
    jump(t, next);
    t->block = next;
    tell_state(t, prof, RF_PROF_STATE(RF_TIER_JIT, 0));
}

/* ---- get and has_key ---- */

/* C: if (R[a+1] is a dict && R[a+2] is a string) goto fast;  Where it goes else; NULL: that is certain. */
static rf_ir_block *branch_for_entry(tr *t, rf_ir_block *fast)
{
    const uint32_t dict = t->s->code[t->at].a + 1u;
    const rf_kind known[] = {RF_KIND_DICT, RF_KIND_STRING};
    const int64_t heads[] = {RF_DICT, RF_STRING};
    rf_ir_block *slow = NULL;
    for (uint32_t i = 0; i < 2; i++) {
        if (t->now[dict + i].kind == known[i]) continue;
        if (!slow) slow = new_block(t);
        rf_ir_block *next = new_block(t);
        branch(t, likely(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, reg_slot(t, dict + i))), constant(t, heads[i]))),
               next, slow);
        t->block = next;
    }
    jump(t, fast);
    return slow;
}

/* result = the entry, the default, null; or whether there is one */
static void look_up(tr *t, lvalue result, bool gets)
{
    const rf_instruction in = t->s->code[t->at];
    rvalue args[] = {object_at(t, in.a + 1u), object_at(t, in.a + 2u)};
    lvalue entry = variable(t, RF_IR_VALUE, "entry");
    assign(t, entry, call_value(t, RF_FN(dict_string), 2, args));
    rvalue is_there = test(t, RF_IR_NE, value_of(t, slot_head(t, entry)), constant(t, RF_UNSET));
    if (!gets) {
        assign(t, slot_head(t, result), constant(t, RF_INT));
        assign(t, slot_int(t, result), cast(t, is_there, RF_IR_I64));
        return;
    }
    rf_ir_block *found = new_block(t), *missing = new_block(t), *next = new_block(t);
    branch(t, is_there, found, missing);
    t->block = found;
    assign(t, result, value_of(t, entry));
    retain(t, value_of(t, slot_head(t, result)), value_of(t, slot_object(t, result)));
    jump(t, next);
    t->block = missing;
    if (in.b == 3) {
        lvalue fallback = reg_slot(t, in.a + 3u);
        assign(t, result, value_of(t, fallback));
        assign(t, slot_head(t, fallback), constant(t, RF_UNSET));
    } else {
        assign(t, slot_head(t, result), constant(t, RF_NULL));
        assign(t, slot_int(t, result), constant(t, 0));
    }
    jump(t, next);
    t->block = next;
}

/* ---- instructions ---- */

static void call_builtin(tr *t, unsigned builtin)
{
    const rf_instruction in = t->s->code[t->at];
    if (!needs_frame(t)) {
        forget_results(t);
        return;
    }
    flush_operands(t);
    save_pc(t, t->at + 1);
    lvalue result = variable(t, RF_IR_VALUE, "result");
    if (EMITS) {
        const bool looks_up = builtin == RF_WIRE_GET || builtin == RF_WIRE_HAS_KEY;
        rf_ir_block *next = new_block(t);
        rvalue prof = begin_builtin(t, in.c);
        if (looks_up) {
            rf_ir_block *fast = new_block(t), *slow = branch_for_entry(t, fast);
            t->block = fast;
            look_up(t, result, builtin == RF_WIRE_GET);
            jump(t, next);
            t->block = slow;
        }
        if (t->block) {
            call_plainly(t, result);
            if (!prof) raise_if_raised(t, result);
            jump(t, next);
        }
        t->block = next;
        end_builtin(t, prof);
        if (prof) raise_if_raised(t, result);
        for (uint32_t i = 1; i <= in.b; i++)
            if (may_count(t->now[in.a + i].kind)) release_register(t, in.a + i);
        assign(t, reg_slot(t, in.a), value_of(t, result));
    }
    forget_results(t);
    if (builtin != RF_WIRE_HAS_KEY) return;
    load_variable(t, in.a, RF_KIND_INT, reg_slot(t, in.a));
    t->now[in.a] = (rf_known){.kind = RF_KIND_INT};
}

/* Where the dict is that an UPDATE removes an entry of: a local, or a field of an instance in a local. */
typedef struct removal {
    uint32_t local, behind; /* behind the code that stores it back */
    const rf_wire_step *field; /* NULL: the local itself */
    bool marks_self;
} removal;

/* Is it remove(place, key), and is nothing done behind it but to store it there? */
static bool is_removal(const tr *t, removal *r)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_wire_site *site = &t->s->sites[in.b];
    const rf_wire_hint *hint = hints(t, t->at);
    if (hint->builtin != RF_WIRE_REMOVE || hint->flags & RF_FEEDBACK_DISTRUST || t->all->unit->request.is_profiled) return false;
    if (site->skip < 1 || site->place >= t->s->f.place_count || t->at + 1u + site->skip >= t->s->f.code_count) return false;
    const rf_source_place *place = &t->s->places[site->place];
    const rf_instruction *next = &t->s->code[t->at + 1];
    if (!place->p.is_usable || place->p.root != RF_REF_LOCAL || place->p.is_cell) return false;
    *r = (removal){.local = place->p.index, .behind = t->at + 1u + site->skip};
    if (place->p.count == 0)
        return site->skip == 1 && !place->p.marks_self && next->op == RF_OP_MOVE && next->a == r->local && next->b == in.a + 1u;
    const rf_known k = t->now[r->local];
    r->field = &place->steps[0];
    r->marks_self = site->skip == 2;
    return place->p.count == 1 && r->field->is_field && r->field->field_kind == RF_FIELD_VALUE && k.kind == RF_KIND_STRUCT &&
           k.layout == r->field->layout && next->op == RF_OP_SETPLACE && next->a == in.a + 1u && next->b == site->place &&
           (site->skip == 1 || (site->skip == 2 && next[1].op == RF_OP_MARKSELF));
}

/* The slot with the dict: in the instance, which becomes the local's own. */
static lvalue slot_of_removal(tr *t, const removal *r)
{
    if (!r->field) return reg_slot(t, r->local);
    make_unique(t, r->local, RF_FN(struct_copy));
    return part(t, value_of(t, object_of(t, r->local)), offsetof(rf_struct, data) + r->field->offset, RF_IR_VALUE);
}

static bool is_in_memory(const tr *t, uint32_t reg)
{
    return t->now[reg].kind == RF_KIND_MEMORY || t->now[reg].kind == RF_KIND_DICT || t->now[reg].kind == RF_KIND_STRING;
}

void rf_remove_entry(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    removal r;
    if (!is_removal(t, &r) || !has_frame(t)) return;
    const uint32_t dict = in.a + 1u, key = in.a + 2u;
    const bool is_int = t->now[key].kind == RF_KIND_INT;
    if ((!r.field && !is_in_memory(t, r.local)) || !is_in_memory(t, dict) || (!is_in_memory(t, key) && !is_int)) return;
    rf_own_first(t, dict);
    rf_own_first(t, key);
    if (is_int) write_back(t, key, RF_KIND_INT);
    const size_t size = t->s->f.register_count * sizeof *t->now;
    rf_known *before = rf_alloc(size);
    rf_ir_block *done = new_block(t), *other = new_block(t);
    lvalue slot = slot_of_removal(t, &r);
    memcpy(before, t->now, size);
    /* C: if (rf_native_dict_remove(context, slot, &R[a+1])) R[a] = null, goto behind the store; */
    rvalue args[] = {t->context, EMITS ? slot_address(t, slot) : NULL, EMITS ? slot_address(t, reg_slot(t, dict)) : NULL};
    rvalue is_done = call_value(t, RF_FN(dict_remove), 3, args);
    branch(t, EMITS ? likely(t, test(t, RF_IR_NE, is_done, constant(t, 0))) : NULL, done, other);
    t->block = done;
    forget_facts(t);
    if (r.marks_self && EMITS) rf_mark_self(t);
    if (!r.field) t->now[r.local] = (rf_known){.kind = RF_KIND_DICT};
    t->now[dict] = t->now[key] = (rf_known){.kind = RF_KIND_CLEAN};
    put_value(t, in.a, constant(t, RF_NULL), rf_address(t, 0));
    go(t, r.behind);
    t->is_ended = false;
    memcpy(t->now, before, size);
    rf_free(before);
    t->block = other;
}

bool rf_do_text_and_int(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    if (in.c != 2) return false;
    /* what is lent has other owners: it could not be appended to in place */
    if (!t->now[in.b].is_lent || t->now[in.b].kind != RF_KIND_STRING || t->now[in.b + 1].kind != RF_KIND_INT) {
        rf_own_first(t, in.b);
        return false;
    }
    if (!needs_frame(t)) {
        forget_results(t);
        return true;
    }
    save_pc(t, t->at + 1);
    rvalue args[] = {t->context, object_at(t, in.b), EMITS ? as_int(t, in.b + 1u) : NULL};
    rvalue p = keep(t, RF_IR_POINTER, call_value(t, RF_FN(text_and_int), 3, args));
    raise_unless(t, EMITS ? test(t, RF_IR_NE, p, rf_address(t, 0)) : NULL);
    disown_facts(t);
    drop_value(t, in.b);
    t->now[in.b] = (rf_known){.kind = RF_KIND_CLEAN};
    use(t, in.b + 1u);
    put_value(t, in.a, constant(t, RF_STRING), p);
    t->now[in.a] = (rf_known){.kind = RF_KIND_STRING};
    return true;
}

void rf_do_builtin(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const unsigned builtin = hints(t, t->at)->builtin;
    const bool is_one = in.op == RF_OP_CALLC1;
    const uint32_t reg = is_one ? in.b : in.a + 1u;
    const bool is_numeric = builtin == RF_WIRE_SQRT || builtin == RF_WIRE_ABS;
    if (is_numeric && is_number(operand(t, reg, is_one ? 1 : 0)))
        square_root_or_amount(t, reg, builtin == RF_WIRE_SQRT);
    else if (builtin == RF_WIRE_IS_BEFORE && is_in_variable(t->now[reg].kind))
        is_before(t, reg);
    else if (is_one)
        long_way(t);
    else
        call_builtin(t, builtin);
}
