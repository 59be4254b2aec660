/* What can be found out before a loop is entered.
 *
 * A register that the instructions of a loop were seen to use as one kind of number or array is tested when the loop is
 * entered and not in each turn; of an array its length and elements are then in variables, and if the loop stores into
 * it, it has one owner from the start.  Whether what was found still holds at the end of a turn is for the analysis to
 * see; if not, the instructions test for themselves as they do elsewhere.  A test that fails leaves before the first
 * instruction of the loop.
 *
 * A loop is quiet if nothing in it runs other code or changes who owns what.  The arrays in cells, captures and module
 * variables that it indexes are the same in all turns: they are tested, and made to have one owner if they are stored
 * into, before the loop, and facts about them stand in all of it (rf_standing).  It may call instances that are quiet, too:
 * those that change nothing outside their frames ("pure"), and its own function, whose variables outside the frame are the
 * same ones if it is the same closure.
 *
 * A loop that only appends one value does so at once (vm/filling.h). */
#include "jitc/families.h"
#include "jitc/objects.h"
#include "jitc/virtual.h"

#include "base/alloc.h"
#include "vm/filling.h"

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

/* The local from which the way to a place begins that is stored into, or worked on in place, by an index; -1: none. */
static int64_t stored_root(const tr *t, uint32_t pc)
{
    const rf_instruction in = t->s->code[pc];
    uint32_t number = UINT32_MAX;
    if (in.op == RF_OP_SETPLACE) number = in.b;
    if (in.op == RF_OP_CALLMETHOD) {
        const int8_t callee = t->s->hints[pc].callees[0];
        if (callee >= 0 && t->all->unit->functions[callee].f.modifies_self) number = t->s->sites[in.b].place;
    }
    if (number >= t->s->f.place_count) return -1;
    const rf_source_place *place = &t->s->places[number];
    const bool is_indexed = place->p.is_usable && place->p.count > 0 && !place->steps[0].is_field;
    return is_indexed && place->p.root == RF_REF_LOCAL && !place->p.is_cell ? (int64_t)place->p.index : -1;
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
    const int64_t root = stored_root(t, pc);
    if (root >= 0) v[root].is_stored_into = true;
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
    rf_ir_block *next = new_block(t), *failed = new_block(t);
    if (request->counts_guards) add_to_part(t, offsetof(rf_native_context, guards), 1);
    if (request->stress) { /* as watch_guard, but the instruction has been carried out: it is left behind it */
        rvalue left = keep(t, RF_IR_I64, add_to_part(t, offsetof(rf_native_context, stress), -1));
        condition = binary(t, RF_IR_BOTH, condition, test(t, RF_IR_GT, left, constant(t, 0)));
    }
    rf_ir_guard(F, t->block, t->here, condition, next, failed);
    mark_exit(failed, pc, RF_EXIT_GUARD);
    t->block = failed;
    leave_with(t, t->now, pc, RF_EXIT_GUARD);
    t->block = next;
}

static void test_head(tr *t, uint32_t reg, int64_t head, uint32_t pc)
{
    if (EMITS)
        guard_way(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, reg_slot(t, reg))), constant(t, head)), pc);
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
            rvalue p = keep(t, RF_IR_OBJECT,
                            cast(t, value_of(t, slot_object(t, reg_slot(t, reg))), RF_IR_OBJECT));
            guard_way(t, info_is(t, p, plan->elements), pc);
            assign(t, object_of(t, reg), p);
        }
        touch(t, reg);
        *k = (rf_known){.kind = RF_KIND_ARRAY, .elements = plan->elements};
    }
    if (k->kind != RF_KIND_ARRAY || k->elements != plan->elements) return;
    if (plan->is_own && !k->is_own) {
        make_unique(t, reg, RF_FN(array_copy));
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

/* ---- quiet loops ---- */

static bool runs_code(unsigned op)
{
    switch (op) {
    case RF_OP_CALL:
    case RF_OP_CALLFN:
    case RF_OP_CALLBUILTIN:
    case RF_OP_CALLMETHOD:
    case RF_OP_CALLLOCAL:
    case RF_OP_UPDATE: return true;
    default: return false;
    }
}

/* The array that is stored into by the place, or read at pc; false: none that is known to be of one kind. */
static bool standing_at(const tr *t, uint32_t pc, rf_standing *s)
{
    const rf_instruction in = t->s->code[pc];
    if (in.op == RF_OP_SETPLACE) {
        const rf_source_place *place = &t->s->places[in.b];
        const rf_wire_place *p = &place->p;
        const bool is_module = p->root != RF_REF_LOCAL && p->root != RF_REF_CAPTURE;
        if (p->count == 0 || place->steps[0].is_field || p->root == RF_REF_LOCAL || (is_module && p->is_cell)) return false;
        *s = (rf_standing){.operand = p->index, .is_stored_into = true};
        s->way = is_module ? RF_WAY_MODULE : p->is_cell ? RF_WAY_CAPTURE_CELL : RF_WAY_CAPTURE;
        return true;
    }
    switch (in.op) {
    case RF_OP_CHAIN_GETMODULE: *s = (rf_standing){.way = RF_WAY_MODULE, .operand = (uint32_t)in.wide}; break;
    case RF_OP_CHAIN_GETCAPTURE: *s = (rf_standing){.way = RF_WAY_CAPTURE, .operand = in.b}; break;
    case RF_OP_CHAIN_GETCAPCELL: *s = (rf_standing){.way = RF_WAY_CAPTURE_CELL, .operand = in.b}; break;
    case RF_OP_GETCAPCELL:
    case RF_OP_GETCAPCELL_CHECKED:
        *s = (rf_standing){.way = RF_WAY_CAPTURE_CELL, .operand = in.b, .is_running = true};
        return t->s->hints[pc].count > 0 && rf_calls_running(t, pc, in.a);
    default: return false;
    }
    if (pc + 1 >= t->s->f.code_count || t->s->hints[pc + 1].count == 0) return false;
    const rf_instruction next = t->s->code[pc + 1];
    const int elements = only_elements(t->s->hints[pc + 1].seen[1]);
    if ((next.op != RF_OP_GETINDEX_T && next.op != RF_OP_GETINDEXI_T) || next.b != in.a || elements < 0) return false;
    s->elements = (uint32_t)elements;
    return true;
}

static rf_standing *find_standing(rf_loop *loop, const rf_standing *like)
{
    for (uint32_t i = 0; i < loop->standing_count; i++)
        if (loop->standing[i].way == like->way && loop->standing[i].operand == like->operand) return &loop->standing[i];
    return NULL;
}

/* Is a number stored in the variable itself, in code[first .. last]? */
static bool is_overwritten(const tr *t, const rf_standing *s, uint32_t first, uint32_t last)
{
    for (uint32_t pc = first; pc <= last; pc++) {
        const rf_instruction in = t->s->code[pc];
        if (in.op == RF_OP_SETMODULE && s->way == RF_WAY_MODULE && (uint32_t)in.wide == s->operand) return true;
        if (in.op == RF_OP_SETCAPCELL && s->way == RF_WAY_CAPTURE_CELL && in.b == s->operand) return true;
    }
    return false;
}

/* Only what is read in the loop: what it is is known from there. Stores: of the whole function, if the loop calls it. */
static void note_standing(const tr *t, rf_loop *loop, bool calls_itself)
{
    rf_standing s;
    const uint32_t first = calls_itself ? 0 : loop->first, last = calls_itself ? t->s->f.code_count - 1 : loop->last;
    loop->standing_count = 0;
    for (uint32_t pc = loop->first; pc <= loop->last; pc++) {
        if (!t->is_reached[pc] || !standing_at(t, pc, &s) || s.is_stored_into) continue;
        const rf_standing *known = find_standing(loop, &s);
        if (known && (known->elements != s.elements || known->is_running != s.is_running)) loop->is_quiet = false;
        if (known || loop->standing_count == RF_MOST_STANDING || is_overwritten(t, &s, first, last)) continue;
        loop->standing[loop->standing_count++] = s;
    }
    for (uint32_t pc = first; pc <= last; pc++) {
        if ((!t->is_reached[pc] && !calls_itself) || !standing_at(t, pc, &s) || !s.is_stored_into) continue;
        rf_standing *known = find_standing(loop, &s);
        if (known && !known->is_running) known->is_stored_into = true;
    }
}

/* Does the instruction call only what keeps quiet? */
static bool is_quiet_call(const tr *t, uint32_t pc)
{
    uint32_t callees = t->callees[pc];
    if (!callees) return false;
    for (uint32_t i = 0; callees; callees >>= 1, i++) {
        const tr *other = &t->all->instances[i];
        const bool is_itself = other->number == t->number && t->calls_itself[pc];
        if ((callees & 1) && !other->is_pure && !(is_itself && other->is_quiet)) return false;
    }
    return true;
}

static bool calls_itself(const tr *t, uint32_t pc)
{
    if (!runs_code(t->s->code[pc].op)) return false;
    for (uint32_t callees = t->callees[pc], i = 0; callees; callees >>= 1, i++)
        if ((callees & 1) && t->all->instances[i].number == t->number) return true;
    return false;
}

/* Does the instruction, which is reached, leave alone what stands? */
static bool is_quiet_at(const tr *t, uint32_t pc)
{
    return !t->is_noisy[pc] && (!runs_code(t->s->code[pc].op) || is_quiet_call(t, pc));
}

/* Does it store in what lies outside the frame? */
static bool stores_outside(const tr *t, uint32_t pc)
{
    const rf_instruction in = t->s->code[pc];
    return in.op == RF_OP_SETMODULE || in.op == RF_OP_SETCAPCELL ||
           (in.op == RF_OP_SETPLACE && t->s->places[in.b].p.root != RF_REF_LOCAL);
}

static bool calls_pure_ones(const tr *t, uint32_t pc)
{
    if (!runs_code(t->s->code[pc].op)) return true;
    for (uint32_t callees = t->callees[pc], i = 0; callees; callees >>= 1, i++)
        if ((callees & 1) && !t->all->instances[i].is_pure) return false;
    return true;
}

/* What is said of the instance, as long as what is said of those it calls is so. */
static void judge(tr *t)
{
    for (uint32_t pc = 0; pc < t->s->f.code_count && t->is_quiet; pc++) {
        t->is_pure &= !stores_outside(t, pc); /* also where it does not get to: its loops may take that into account */
        if (!t->is_reached[pc]) continue;
        t->is_quiet = is_quiet_at(t, pc);
        t->is_pure &= calls_pure_ones(t, pc);
    }
    t->is_pure &= t->is_quiet;
}

static void find_quiet_instances(rf_compilation *c)
{
    for (uint32_t i = 0; i < c->instance_count; i++) {
        tr *t = &c->instances[i];
        t->is_quiet = t->is_pure = c->is_used[i] && !t->is_framed && !t->is_generator && !t->gives_self;
    }
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (uint32_t i = 0; i < c->instance_count; i++) {
            tr *t = &c->instances[i];
            const bool was_quiet = t->is_quiet, was_pure = t->is_pure;
            if (was_quiet) judge(t);
            has_changed |= was_quiet != t->is_quiet || was_pure != t->is_pure;
        }
    }
}

static void find_quiet_loops(tr *t)
{
    for (uint32_t i = 0; i < t->loop_count; i++) {
        rf_loop *loop = &t->loops[i];
        bool is_recursive = false;
        loop->is_quiet = true;
        for (uint32_t pc = loop->first; pc <= loop->last && loop->is_quiet; pc++) {
            if (!t->is_reached[pc]) continue;
            const bool is_distrusted = hints(t, pc)->flags & RF_FEEDBACK_DISTRUST; /* rf_enter_loops does nothing then */
            if (is_distrusted || !is_quiet_at(t, pc)) loop->is_quiet = false;
            is_recursive |= calls_itself(t, pc);
        }
        if (loop->is_quiet) note_standing(t, loop, is_recursive);
    }
}

void rf_find_quiet(rf_compilation *c)
{
    find_quiet_instances(c);
    find_quiet_loops(&c->top);
    for (uint32_t i = 0; i < c->instance_count; i++)
        if (c->is_used[i]) find_quiet_loops(&c->instances[i]);
}

/* Number of the variables for it, -1: too many. */
static int standing_variables(tr *t, const rf_standing *s)
{
    for (uint32_t i = 0; i < t->standing_count; i++)
        if (t->standing[i].way == s->way && t->standing[i].operand == s->operand) return (int)i;
    if (t->standing_count == RF_COUNT_OF(t->standing)) return -1;
    const uint32_t i = t->standing_count++;
    t->standing[i].way = s->way;
    t->standing[i].operand = s->operand;
    t->standing[i].p = variable(t, RF_IR_OBJECT, "sp");
    t->standing[i].length = variable(t, RF_IR_I64, "sn");
    t->standing[i].data = variable(t, RF_IR_POINTER, "se");
    return (int)i;
}

static lvalue standing_slot(tr *t, const rf_standing *s)
{
    if (s->way == RF_WAY_MODULE)
        return part(t, rf_base_address(t, RF_WIRE_BASE_SLOTS, t->number, 0), (uint64_t)s->operand * sizeof(rf_value), RF_IR_VALUE);
    lvalue slot = rf_capture_slot(t, s->operand);
    if (s->way == RF_WAY_CAPTURE) return slot;
    return part(t, keep(t, RF_IR_POINTER, value_of(t, slot_object(t, slot))), offsetof(rf_cell, value), RF_IR_VALUE);
}

/* Before the loop, on the way to pc. */
static void establish(tr *t, const rf_standing *s, uint32_t pc)
{
    const int i = standing_variables(t, s);
    if (i < 0) return;
    lvalue slot = standing_slot(t, s);
    if (s->is_running) {
        guard_way(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, RF_FUNCTION)), pc);
        guard_way(t, test(t, RF_IR_EQ, value_of(t, slot_object(t, slot)), t->closure), pc);
        return;
    }
    guard_way(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, RF_ARRAY)), pc);
    assign(t, t->standing[i].p, cast(t, value_of(t, slot_object(t, slot)), RF_IR_OBJECT));
    rvalue p = value_of(t, t->standing[i].p);
    guard_way(t, info_is(t, p, s->elements), pc);
    if (s->is_stored_into) {
        rf_ir_block *shared = new_block(t), *next = new_block(t);
        branch(t, likely(t, test(t, RF_IR_EQ, value_of(t, array_part(t, p, RF_IR_COUNT)),
                                 number(t, RF_IR_I32, 1))), next, shared);
        t->block = shared;
        rvalue args[] = {t->context, slot_address(t, slot)};
        assign(t, t->standing[i].p, cast(t, call_value(t, RF_FN(array_copy), 2, args), RF_IR_OBJECT));
        jump(t, next);
        t->block = next;
    }
    assign(t, t->standing[i].length, length_at(t, p));
    assign(t, t->standing[i].data, value_of(t, array_part(t, p, RF_IR_DATA)));
}

void rf_keep_standing(tr *t, uint32_t pc)
{
    for (uint32_t k = 0; EMITS && k < t->loop_count; k++) {
        const rf_loop *loop = &t->loops[k];
        if (!loop->is_quiet || !is_inside(loop, pc)) continue;
        for (uint32_t n = 0; n < loop->standing_count; n++) {
            const rf_standing *s = &loop->standing[n];
            const int i = standing_variables(t, s);
            const rf_fact *known = find_fact(t, 0, s->way, s->operand);
            if (i < 0 || (known && (known->is_own || !s->is_stored_into))) continue;
            rf_fact *f = add_fact(t, 0, s->way, s->operand);
            f->stands = true;
            f->known = (rf_known){.kind = s->is_running ? RF_KIND_FUNCTION : RF_KIND_ARRAY, .elements = (uint8_t)s->elements};
            if (s->is_running) continue;
            f->p = value_of(t, t->standing[i].p);
            f->length = value_of(t, t->standing[i].length);
            f->data = value_of(t, t->standing[i].data);
            f->is_own = s->is_stored_into;
        }
    }
}

void rf_forget_around_call(tr *t, uint32_t first)
{
    if (!EMITS || !is_quiet_call(t, t->at)) {
        forget_facts(t);
        return;
    }
    for (uint32_t reg = first; reg < t->s->f.register_count; reg++) touch(t, reg);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < t->fact_count; i++) {
        const rf_fact f = t->facts[i];
        bool is_kept = f.stands;
        for (uint32_t k = 0; k < kept && (f.way == RF_WAY_BOUND || f.way == RF_WAY_CONSTANT_BOUND); k++)
            is_kept |= f.parent == t->facts[k].id && t->facts[k].stands;
        if (is_kept) t->facts[kept++] = f;
    }
    t->fact_count = kept;
}

/* Is it known already, in a quiet loop around? */
static bool stands(const tr *t, const rf_standing *s)
{
    for (uint32_t k = 0; k < t->loop_count; k++) {
        rf_loop *loop = &t->loops[k];
        if (t->at == UINT32_MAX || !loop->is_quiet || !is_inside(loop, t->at)) continue;
        const rf_standing *known = find_standing(loop, s);
        const bool is_same_object = known && known->elements == s->elements && known->is_running == s->is_running;
        if (is_same_object && (known->is_stored_into || !s->is_stored_into)) return true;
    }
    return false;
}

static void enter_quietly(tr *t, const rf_loop *loop, uint32_t pc)
{
    if (!EMITS || !loop->is_quiet || loop->standing_count == 0) return;
    t->fact_count = 0; /* elements of what is copied get another owner */
    for (uint32_t n = 0; n < loop->standing_count; n++)
        if (!stands(t, &loop->standing[n])) establish(t, &loop->standing[n], pc);
}

bool rf_counts_by_one(const tr *t, uint32_t pc)
{
    const rf_instruction in = t->s->code[pc];
    if (in.op != RF_OP_RANGENEXT) return false;
    const rf_instruction prep = t->s->code[rf_op_jump_target(t->s->code, pc) - 1];
    return prep.op == RF_OP_RANGEPREP && prep.a == in.a && prep.b <= 2;
}

uint32_t rf_begin_of_loop(const tr *t, uint32_t pc)
{
    const rf_wire_entry *registers = t->all->unit->entry;
    /* A test that leaves undoes the VM's turn: where no exits are counted, nothing would end that. */
    if (t->all->unit->request.stress) return pc;
    for (uint32_t i = 0; i < t->loop_count; i++) {
        const uint32_t last = t->loops[i].last, state = t->s->code[last].a;
        const bool goes_on = t->loops[i].first == pc && rf_counts_by_one(t, last);
        if (goes_on && registers[state].head == RF_INT && registers[state + RF_RANGE_LEFT].head == RF_INT) return last;
    }
    return pc;
}

/* The end of a range is at hand in all turns, which need not count then. */
static void find_end(tr *t, const rf_loop *loop)
{
    const uint32_t reg = t->s->code[loop->last].a;
    const uint32_t left = reg + RF_RANGE_LEFT;
    if (!rf_counts_by_one(t, loop->last) || t->now[reg].kind != RF_KIND_INT || t->now[left].kind != RF_KIND_INT) return;
    /* C: end = next + left, limit = end */
    assign(t, end_variable(t, reg), binary(t, RF_IR_ADD, as_int(t, reg), as_int(t, left)));
    assign(t, limit_variable(t, reg), value_of(t, end_variable(t, reg)));
    t->now[left].has_header = true;
}

void rf_enter_loops(tr *t, uint32_t pc)
{
    for (uint32_t i = 0; i < t->loop_count; i++) {
        const rf_loop *loop = &t->loops[i];
        if (!is_inside(loop, pc) || is_inside(loop, t->at)) continue;
        if (hints(t, pc)->flags & RF_FEEDBACK_DISTRUST) continue;
        for (uint32_t reg = 0; reg < t->s->f.register_count; reg++) {
            if (t->now[reg].is_lent) continue;
            /* once it was found that it does not hold to the end of a turn, it is left alone */
            const bool is_lost = t->before[pc] && t->before[pc][reg].kind == RF_KIND_MEMORY;
            if (!rf_source_is_live(t->s, pc, reg)) empty(t, loop, reg);
            if (loop->plan[reg].kind == RF_KIND_CLEAN || is_lost || !rf_source_is_live(t->s, pc, reg)) continue;
            rf_known plan = loop->plan[reg];
            if (t->before[pc]) plan.is_own &= t->before[pc][reg].is_own;
            prepare(t, reg, &plan, pc);
        }
        enter_quietly(t, loop, pc);
        find_end(t, loop); /* behind what stands: lengths of arrays that do are limits (jitc/ir_limits.c) */
    }
}

/* ---- loops that only append ---- */

/* Where what is appended can be read; NULL: it is no number or bool. */
static lvalue filling_value(tr *t, const rf_filling *f)
{
    if (f->load && f->load->op == RF_OP_LOADK)
        return part(t, rf_base_address(t, RF_WIRE_BASE_CONSTANTS, t->number, 0), (uint64_t)f->load->wide * sizeof(rf_value), RF_IR_VALUE);
    const rf_kind kind = !f->load                        ? t->now[f->value].kind
                         : f->load->op == RF_OP_LOADBOOL ? RF_KIND_BOOL
                                                         : RF_KIND_INT;
    if (kind == RF_KIND_MEMORY) return reg_slot(t, f->value);
    lvalue boxed = variable(t, RF_IR_VALUE, "filling");
    assign(t, slot_head(t, boxed), constant(t, head_of(kind)));
    if (kind == RF_KIND_FLOAT)
        assign(t, slot_float(t, boxed), value_of(t, float_of(t, f->value)));
    else
        assign(t, slot_int(t, boxed), !f->load                       ? as_int(t, f->value)
                                      : f->load->op == RF_OP_LOADBOOL ? constant(t, f->load->b != 0)
                                                                      : constant(t, f->load->wide));
    return boxed;
}

rvalue rf_fill_by_loop(tr *t, lvalue count)
{
    rf_filling f;
    if (t->all->unit->request.is_profiled || !rf_find_filling(&t->s->code[t->at], &f)) return NULL;
    const rf_kind array = t->now[f.array].kind, value = t->now[f.value].kind;
    if (array != RF_KIND_ARRAY && array != RF_KIND_MEMORY) return NULL;
    if (!f.load && value != RF_KIND_MEMORY && !is_in_variable(value)) return NULL;
    noise(t);
    touch(t, f.array);
    t->now[f.array] = (rf_known){.kind = RF_KIND_MEMORY};
    if (!EMITS) return NULL;
    rvalue args[] = {t->context, slot_address(t, reg_slot(t, f.array)), slot_address(t, filling_value(t, &f)),
                     binary(t, RF_IR_SUB, value_of(t, count), constant(t, 1))};
    rvalue done = keep(t, RF_IR_I64, call_value(t, RF_FN(array_fill), 4, args));
    assign(t, count, binary(t, RF_IR_SUB, value_of(t, count), done));
    return done;
}
