/* What can be found out before a loop is entered.
 *
 * A register that the instructions of a loop were seen to use as one kind of number or array is tested when the loop is
 * entered and not in each turn; of an array its length and elements are then in variables, and if the loop stores into
 * it, it has one owner from the start.  Whether what was found still holds at the end of a turn is for the analysis to
 * see; if not, the instructions test for themselves as they do elsewhere.  A test that fails leaves before the first
 * instruction of the loop. */
#include "jitc/families.h"
#include "jitc/objects.h"

#include "base/alloc.h"

typedef struct votes { /* about one register in one loop */
    rf_known kind;
    bool is_seen, is_vetoed, is_read, is_written, is_stored_into;
} votes;

static void vote(votes *v, rf_known kind)
{
    if (v->is_seen && (v->kind.kind != kind.kind || v->kind.elements != kind.elements)) v->is_vetoed = true;
    v->kind = kind;
    v->is_seen = true;
}

static void vote_for_array(votes *v, uint32_t seen)
{
    const int elements = only_elements(seen);
    if (was_only(seen, RF_STRING))
        vote(v, (rf_known){.kind = RF_KIND_STRING});
    else if (elements < 0)
        v->is_vetoed = true;
    else
        vote(v, (rf_known){.kind = RF_KIND_ARRAY, .elements = (uint8_t)elements});
}

/* The operand that is indexed: its field, or -1. */
static int array_field(unsigned op)
{
    switch (op) {
    case RF_OP_GETINDEX:
    case RF_OP_CHAIN_GETINDEX:
    case RF_OP_GETINDEXI:
    case RF_OP_CHAIN_GETINDEXI:
    case RF_OP_LEN: return 1;
    case RF_OP_SETINDEX:
    case RF_OP_FORNEXT: return 0;
    default: return -1;
    }
}

typedef struct scan {
    const tr *t;
    votes *votes;
    unsigned op;
} scan;

static void note_access(void *context, uint32_t reg, rf_access_kind access)
{
    scan *s = context;
    const bool is_loop_state = s->op == RF_OP_FORNEXT || s->op == RF_OP_SETINDEX;
    votes *v = &s->votes[reg];
    if (access == RF_ACCESS_DEF && !v->is_read) v->is_vetoed = true; /* what it holds before the loop does not matter */
    if (access != RF_ACCESS_DEF) v->is_read = true;
    if (access == RF_ACCESS_PEEK || (access == RF_ACCESS_USE && !is_temp(s->t, reg))) return;
    if (access == RF_ACCESS_MOD && is_loop_state) return;
    v->is_written = true;
}

static void look_at_instruction(const tr *t, uint32_t pc, votes *v)
{
    const rf_instruction in = t->s->code[pc];
    const rf_wire_hint *hint = &t->s->hints[pc];
    const rf_op_info *info = &rf_op_infos[in.op];
    const uint32_t regs[3] = {in.a, in.b, in.c};
    const int array = array_field(in.op);
    scan s = {t, v, in.op};
    rf_op_visit_registers(t->s->shape, in, false, note_access, &s);
    for (int i = 0; i < 3; i++) {
        const unsigned kind = info->operands[i];
        const bool is_read = kind == RF_OPERAND_USE || kind == RF_OPERAND_PEEK || kind == RF_OPERAND_MOD;
        if (i == array) {
            vote_for_array(&v[regs[i]], hint->seen[i]);
            v[regs[i]].is_stored_into |= in.op == RF_OP_SETINDEX;
        } else if (is_read && !is_temp(t, regs[i])) {
            const uint32_t seen = hint->seen[i];
            if (was_only(seen, RF_INT)) vote(&v[regs[i]], (rf_known){.kind = RF_KIND_INT});
            else if (was_only(seen, RF_FLOAT)) vote(&v[regs[i]], (rf_known){.kind = RF_KIND_FLOAT});
            else if (was_only(seen, RF_BOOL)) vote(&v[regs[i]], (rf_known){.kind = RF_KIND_BOOL});
            else if (was_only(seen, RF_STRING)) vote(&v[regs[i]], (rf_known){.kind = RF_KIND_STRING});
            else if (in.op != RF_OP_COPY) v[regs[i]].is_vetoed = true;
        }
    }
}

static void make_plan(tr *t, rf_loop *loop)
{
    const uint32_t count = t->s->f.register_count;
    votes *v = rf_alloc_array_zero(votes, count);
    loop->plan = rf_alloc_array_zero(rf_known, count);
    loop->is_written = rf_alloc_array_zero(bool, count);
    look_at_instruction(t, loop->last, v); /* many loops begin with it: it may give the loop variable its value */
    for (uint32_t pc = loop->first; pc < loop->last; pc++)
        if (t->s->hints[pc].count > 0) look_at_instruction(t, pc, v);
    for (uint32_t i = 0; i < count; i++) {
        loop->is_written[i] = v[i].is_written;
        if (!v[i].is_seen || v[i].is_vetoed) continue;
        const bool is_array = v[i].kind.kind == RF_KIND_ARRAY;
        if (is_array && v[i].is_written) continue;
        loop->plan[i] = v[i].kind;
        loop->plan[i].has_header = is_array;
        loop->plan[i].is_own = is_array && v[i].is_stored_into;
    }
    rf_free(v);
}

void rf_find_loops(tr *t)
{
    const uint32_t count = t->s->f.code_count;
    for (uint32_t pc = 0; pc < count; pc++) {
        const int64_t target = rf_op_jump_target(t->s->code, pc);
        t->loop_count += target >= 0 && target <= pc && t->s->hints[pc].count > 0;
    }
    t->loops = rf_alloc_array_zero(rf_loop, t->loop_count + 1);
    uint32_t found = 0;
    for (uint32_t pc = 0; pc < count; pc++) {
        const int64_t target = rf_op_jump_target(t->s->code, pc);
        if (target < 0 || target > pc || t->s->hints[pc].count == 0) continue;
        t->loops[found] = (rf_loop){.first = (uint32_t)target, .last = pc};
        make_plan(t, &t->loops[found++]);
    }
}

static void guard_way(tr *t, rvalue condition, uint32_t pc)
{
    if (!EMITS) return;
    const rf_wire_request *request = &t->all->unit->request;
    gcc_jit_block *next = new_block(t), *failed = new_block(t);
    if (request->counts_guards) add_to_part(t, offsetof(rf_native_context, guards), 1);
    if (request->stress) { /* as watch_guard, but the instruction has been carried out: it is left behind it */
        rvalue left = keep(t, T->i64, add_to_part(t, offsetof(rf_native_context, stress), -1));
        condition = gcc_jit_context_new_binary_op(GCC, t->here, GCC_JIT_BINARY_OP_LOGICAL_AND, T->boolean, condition,
                                                  test(t, GCC_JIT_COMPARISON_GT, left, constant(t, 0)));
    }
    branch(t, likely(t, condition), next, failed);
    t->block = failed;
    leave_with(t, t->now, pc, RF_EXIT_GUARD);
    t->block = next;
}

static void test_head(tr *t, uint32_t reg, int64_t head, uint32_t pc)
{
    if (EMITS)
        guard_way(t, test(t, GCC_JIT_COMPARISON_EQ, value_of(slot_head(t, reg_slot(t, reg))), constant(t, head)), pc);
}

/* R[reg] as the loop wants it, on the way to pc. */
static void prepare(tr *t, uint32_t reg, const rf_known *plan, uint32_t pc)
{
    rf_known *k = &t->now[reg];
    if (is_in_variable(plan->kind)) {
        if (k->kind != RF_KIND_MEMORY) return;
        test_head(t, reg, head_of(plan->kind), pc);
        load_variable(t, reg, plan->kind, reg_slot(t, reg));
        *k = (rf_known){.kind = plan->kind};
        return;
    }
    if (plan->kind == RF_KIND_STRING) {
        if (k->kind != RF_KIND_MEMORY) return;
        test_head(t, reg, RF_STRING, pc);
        *k = (rf_known){.kind = RF_KIND_STRING};
        return;
    }
    if (k->kind == RF_KIND_MEMORY) {
        test_head(t, reg, RF_ARRAY, pc);
        if (EMITS) {
            rvalue p = keep(t, T->array_pointer,
                            cast(t, value_of(slot_object(t, reg_slot(t, reg))), T->array_pointer));
            guard_way(t, info_is(t, p, plan->elements), pc);
            assign(t, object_of(t, reg), p);
        }
        touch(t, reg);
        *k = (rf_known){.kind = RF_KIND_ARRAY, .elements = plan->elements};
    }
    if (k->kind != RF_KIND_ARRAY || k->elements != plan->elements) return;
    if (plan->is_own && !k->is_own) {
        make_unique(t, reg, T->array_copy);
        k->is_own = true;
        k->has_header = false;
    }
    if (!k->has_header) load_header(t, reg);
}

/* A local that is dead where a loop begins and gets a value in each turn: what it holds goes now, not at the first turn. */
static void empty(tr *t, const rf_loop *loop, uint32_t reg)
{
    const rf_known k = t->now[reg];
    if (is_temp(t, reg) || !loop->is_written[reg] || !may_count(k.kind)) return;
    if (!is_character(&k)) release_slot(t, reg_slot(t, reg));
    touch(t, reg);
    t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
}

static bool is_inside(const rf_loop *loop, uint32_t pc)
{
    return pc >= loop->first && pc <= loop->last;
}

void rf_enter_loops(tr *t, uint32_t pc)
{
    for (uint32_t i = 0; i < t->loop_count; i++) {
        const rf_loop *loop = &t->loops[i];
        if (!is_inside(loop, pc) || is_inside(loop, t->at)) continue;
        if (hints(t, pc)->flags & RF_FEEDBACK_DISTRUST) continue;
        for (uint32_t reg = 0; reg < t->s->f.register_count; reg++) {
            /* once it was found that it does not hold to the end of a turn, it is left alone */
            const bool is_lost = t->before[pc] && t->before[pc][reg].kind == RF_KIND_MEMORY;
            if (!rf_source_is_live(t->s, pc, reg)) empty(t, loop, reg);
            if (loop->plan[reg].kind == RF_KIND_CLEAN || is_lost || !rf_source_is_live(t->s, pc, reg)) continue;
            rf_known plan = loop->plan[reg];
            if (t->before[pc]) plan.is_own &= t->before[pc][reg].is_own;
            prepare(t, reg, &plan, pc);
        }
    }
}
