/* Calls and returns.
 *
 * A known callee is translated too and called as a C function.  Usually it needs no frame ("light"): if it cannot go on
 * it notes where it was and returns DEOPT; each caller does the same, and in the end all of them are made frames of the
 * VM (jit/operations.c).  A callee that may raise, or calls what is not known, is "framed": its caller pushes the frame
 * first, so when it cannot go on there is nothing to make.  Anything else is called as the VM would call it. */
#include "jitc/families.h"
#include "jitc/lent.h"
#include "jitc/objects.h"

/* ---- arguments and callees ---- */

static rf_known known_argument(const tr *t, uint32_t reg)
{
    rf_known k = t->now[reg];
    k.has_header = k.is_own = k.is_lent = false; /* that is in this function's variables */
    if (k.kind == RF_KIND_FUNCTION) k.elements = 0;
    return k.kind == RF_KIND_CLEAN ? (rf_known){.kind = RF_KIND_MEMORY} : k;
}

typedef struct callee { /* one of those that an instruction calls */
    tr *t;
    uint32_t number;
} callee;

typedef enum self_way { /* where the receiver of a method is and goes */
    SELF_NONE,      /* no method, or it does not modify self: an argument as others */
    SELF_TAKEN,     /* from the local self_register and back */
    SELF_BACK       /* is in the window, its place may give it up meanwhile; store-back code follows */
} self_way;

typedef struct call_site {
    uint32_t window, count; /* R[window] gets the result, arguments behind it */
    bool has_closure;       /* R[window] holds what is called */
    bool is_certain;        /* ... and it is known to be that */
    uint32_t next;          /* where it goes on */
    self_way self;
    uint32_t self_register, flags, skip; /* of the callee's frame */
    rvalue frame;           /* NULL: it has none, and then */
    lvalue frame_flags;     /* of a method with self: those a frame would have, the callee's own not among them */
    rvalue marked;          /* it has modified self */
    lvalue area, self_area; /* for the leaves of a virtual result, of a virtual self */
    rf_known lent;          /* LENT: that is how the method gets self; CLEAN: it owns it */
    lvalue place;           /* where self stands that is lent in place; NULL: in self_register */
    callee callees[RF_WIRE_CALLEES];
    unsigned callee_count;
    bool calls_others;
} call_site;

static const rf_wire_function *function_of(const tr *t, uint32_t number)
{
    return &t->all->unit->functions[number].f;
}

/* Is self shared with closures? */
static bool wraps_self(const rf_source *s)
{
    for (uint32_t pc = 0; pc < s->f.code_count; pc++)
        if (s->code[pc].op == RF_OP_WRAPCELL && s->code[pc].a == 0) return true;
    return false;
}

static void look_for_param(void *context, uint32_t reg, rf_access_kind access)
{
    int64_t *param = context;
    (void)access;
    if (reg == *param) *param = -1;
}

/* Does the function only look at fields of this parameter, and whether it is null?  Then its caller may lend it what stays
 * where it is meanwhile: a part of what a local of the caller holds, which nobody can change as long as the call lasts. */
static bool may_borrow(const tr *t, uint32_t number, uint32_t param)
{
    const rf_source *s = &t->all->unit->functions[number];
    if (!s->f.is_callable || s->f.has_handlers || s->f.is_generator || param >= s->f.param_count) return false;
    for (uint32_t pc = 0; pc < s->f.code_count; pc++) {
        const rf_instruction in = s->code[pc];
        const bool is_field = (in.op == RF_OP_GETFIELD || in.op == RF_OP_CHAIN_GETFIELD) && in.b == param && in.a != param;
        if (is_field || (rf_is_null_test(s, in) && in.a == param)) continue;
        if (looks_around(in.op) || in.op == RF_OP_GETPLACE || in.op == RF_OP_ADDPLACE || in.op == RF_OP_PUSHPLACE ||
            in.op == RF_OP_CALLLOCAL)
            return false;
        int64_t untouched = param;
        rf_op_visit_registers(s->shape, in, false, look_for_param, &untouched);
        if (untouched < 0) return false;
    }
    return true;
}

bool rf_lends_part(const tr *t, uint32_t last)
{
    const uint32_t reg = t->s->code[last].a;
    if (t->is_generator || !is_temp(t, reg) || last + 1 >= t->s->f.code_count) return false;
    const rf_instruction first = t->s->code[t->at], next = t->s->code[last + 1];
    if (rf_is_null_test(t->s, next) && next.a == reg) return !(hints(t, last + 1)->flags & RF_FEEDBACK_DISTRUST);
    const int8_t number = hints(t, last + 1)->callees[0];
    const bool is_of_local = first.op == RF_OP_GETFIELD && !is_temp(t, first.b) && t->now[first.b].kind == RF_KIND_STRUCT;
    return is_of_local && next.op == RF_OP_CALLFN && number >= 0 && reg > next.a && reg <= next.a + (uint32_t)next.b &&
           function_of(t, (uint32_t)number)->param_count == next.b && may_borrow(t, (uint32_t)number, reg - next.a - 1);
}

static bool add_callee(tr *t, call_site *site, uint32_t number)
{
    if (t->is_generator) return false; /* the callee's window would have to be on the stack */
    const rf_wire_function *f = function_of(t, number);
    if (!f->is_callable || f->param_count != site->count || site->count > RF_MOST_PARAMS ||
        (f->has_captures && !site->has_closure))
        return false;
    if (site->self != SELF_NONE && wraps_self(&t->all->unit->functions[number])) return false;
    rf_known arguments[RF_MOST_PARAMS], running = {.kind = RF_KIND_CLEAN};
    for (uint32_t i = 0; i < site->count; i++)
        arguments[i] = known_argument(t, site->window + 1 + i);
    for (uint32_t i = 0; i < site->count; i++) arguments[i].is_lent = t->now[site->window + 1 + i].is_lent;
    if (site->lent.kind == RF_KIND_LENT) arguments[0] = site->lent;
    if (site->lent.is_in_place && t->all->moves_self[number]) return false;
    if (f->has_captures && t->now[site->window].kind == RF_KIND_VIRTUAL) {
        if (f->has_handlers || t->all->needs_closure[number]) return false;
        running = known_argument(t, site->window);
    }
    const int32_t instance = rf_compilation_instance(t->all, number, arguments, site->count,
                                                     site->self != SELF_NONE, running);
    if (instance < 0) return false;
    tr *other = &t->all->instances[instance];
    if (site->lent.is_in_place && other->is_framed) return false;
    t->all->is_used[instance] = true;
    if (other->number == t->number) {
        t->all->recurses = true;
        t->all->has_changed |= !other->makes_result && other == t;
        other->makes_result |= other == t;
    }
    for (uint32_t i = 0; i < site->count && !EMITS; i++) {
        rf_known *p = &other->params[i];
        rf_known m = p->kind == RF_KIND_CLEAN ? arguments[i] : meet(t, p, &arguments[i], true);
        m.is_lent = arguments[i].is_lent;
        if (!is_same(&m, p)) t->all->has_changed = true;
        *p = m;
    }
    if (other->is_framed) needs_frame(t);
    site->callees[site->callee_count++] = (callee){other, number};
    return true;
}

static void find_callees(tr *t, call_site *site)
{
    const rf_wire_hint *hint = hints(t, t->at);
    rf_known what = t->now[site->window];
    if (what.kind == RF_KIND_VIRTUAL) what = rf_virtual_made(t, what);
    site->callee_count = 0;
    if (site->has_closure && what.kind == RF_KIND_FUNCTION) {
        site->is_certain = add_callee(t, site, (uint32_t)what.layout);
        site->calls_others = !site->is_certain;
        return;
    }
    site->calls_others = hint->calls_others;
    for (unsigned i = 0; i < RF_WIRE_CALLEES; i++)
        if (hint->callees[i] >= 0 && !add_callee(t, site, (uint32_t)hint->callees[i]))
            site->calls_others = true;
}

/* What quiet loops and instances want to know of a call (loops.c). */
static void note_callees(tr *t, const call_site *site)
{
    uint32_t called = 0;
    if (EMITS) return;
    for (unsigned i = 0; i < site->callee_count; i++) called |= 1u << (site->callees[i].t - t->all->instances);
    for (uint32_t i = 1; i <= site->count; i++)
        if (!is_in_variable(t->now[site->window + i].kind)) called = 0;
    const rf_known *closure = &t->now[site->window];
    if (site->has_closure && closure->kind != RF_KIND_FUNCTION) called = 0;
    t->callees[t->at] = site->calls_others ? 0 : called;
    t->calls_itself[t->at] = site->has_closure ? closure->elements == 1 : !function_of(t, t->number)->has_captures;
}

static void write_back_all(tr *t)
{
    for (uint32_t i = 0; i < t->s->f.register_count; i++)
        if (is_in_variable(t->now[i].kind)) write_back(t, i, t->now[i].kind);
}

/* ---- a call of a native function ---- */

/* The callee's frame; its caller's position is saved. */
static rvalue push_frame(tr *t, const call_site *site, const callee *to, rvalue closure, rvalue task)
{
    const rf_wire_function *f = function_of(t, to->number);
    /* C: next = fp->next; if (next->index > task->frame_limit) leave */
    rvalue next = keep(t, RF_IR_POINTER, value_of(t, part(t, t->fp, offsetof(rf_frame, next), RF_IR_POINTER)));
    guard_for(t, test(t, RF_IR_LE, value_of(t, part(t, next, offsetof(rf_frame, index), RF_IR_U32)),
                      value_of(t, part(t, task, offsetof(rf_vm_task, frame_limit), RF_IR_U32))),
              RF_EXIT_ROOM);
    save_pc(t, site->next);
    assign(t, part(t, next, offsetof(rf_frame, proto), RF_IR_POINTER),
           rf_base_address(t, RF_WIRE_BASE_PROTO, to->number, 0));
    assign(t, part(t, next, offsetof(rf_frame, function), RF_IR_POINTER), closure ? closure : rf_address(t, 0));
    assign(t, part(t, next, offsetof(rf_frame, base), RF_IR_POINTER),
           cast(t, address_of(t, reg_slot(t, site->window + 1)), RF_IR_POINTER));
    assign(t, part(t, next, offsetof(rf_frame, flags), RF_IR_U32),
           number(t, RF_IR_U32, (int)(site->flags | (f->is_hidden ? RF_FRAME_HIDDEN : 0u))));
    if (site->self == SELF_TAKEN)
        assign(t, part(t, next, offsetof(rf_frame, self_register), RF_IR_U32),
               number(t, RF_IR_U32, site->self_register));
    if (site->self == SELF_BACK)
        assign(t, part(t, next, offsetof(rf_frame, skip), RF_IR_U32),
               number(t, RF_IR_U32, site->skip));
    assign(t, part(t, task, offsetof(rf_vm_task, fp), RF_IR_POINTER), next);
    return next;
}

/* A hidden frame does not count for the depth. */
static void count_hidden(tr *t, rvalue task, rf_ir_op op)
{
    const size_t offsets[] = {offsetof(rf_vm_task, hidden_count), offsetof(rf_vm_task, frame_limit)};
    for (unsigned i = 0; i < RF_COUNT_OF(offsets); i++) {
        lvalue at = part(t, task, offsets[i], RF_IR_U32);
        assign(t, at, binary(t, op, value_of(t, at), number(t, RF_IR_U32, 1)));
    }
}

static void pass_arguments(tr *t, const call_site *site, const callee *to, rvalue *args, int *count)
{
    for (uint32_t i = 0; i < site->count; i++) {
        const uint32_t reg = site->window + 1 + i;
        const rf_kind wanted = to->t->params[i].kind, kind = t->now[reg].kind;
        if (wanted == RF_KIND_LENT)
            args[(*count)++] = value_of(t, object_of(t, reg));
        else if (wanted == RF_KIND_VIRTUAL)
            *count += rf_leaf_arguments(t, reg, t->now[reg], args + *count);
        else if (wanted == RF_KIND_FLOAT)
            args[(*count)++] = value_of(t, float_of(t, reg));
        else if (is_in_variable(wanted))
            args[(*count)++] = as_int(t, reg);
        else if (is_in_variable(kind))
            write_back(t, reg, kind);
    }
}

/* *to = *from, which is left unset */
static void move_value(tr *t, lvalue to, lvalue from)
{
    assign(t, slot_head(t, to), value_of(t, slot_head(t, from)));
    assign(t, slot_object(t, to), value_of(t, slot_object(t, from)));
    assign(t, slot_head(t, from), constant(t, RF_UNSET));
}

/* The registers that tell where the receiver's place is. */
static void write_back_place(tr *t)
{
    const rf_wire_site *wire = &t->s->sites[t->s->code[t->at].b];
    if (!EMITS) return;
    if (wire->place >= t->s->f.place_count) {
        write_back_all(t);
        return;
    }
    const rf_source_place *place = &t->s->places[wire->place];
    for (uint32_t i = 0; i < place->p.count; i++) {
        const uint32_t reg = place->steps[i].reg;
        if (!place->steps[i].is_field && reg < t->s->f.register_count && is_in_variable(t->now[reg].kind))
            write_back(t, reg, t->now[reg].kind);
    }
}

/* Moves the receiver out of its place; the flags tell whether it was there. */
static void detach(tr *t, const call_site *site)
{
    const rf_wire_site *wire = &t->s->sites[t->s->code[t->at].b];
    rf_ir_block *slow = new_block(t), *taken = NULL;
    if (rf_take_from_place(t, wire, site->window + 1, slow)) taken = new_block(t);
    jump(t, taken ? taken : slow);
    t->block = slow;
    write_back_place(t);
    rvalue args[] = {t->context, t->fp, constant(t, t->at)};
    rvalue is_taken = keep(t, RF_IR_I64, call_value(t, RF_FN(detach), 3, args));
    rf_ir_block *shared = new_block(t), *next = taken ? taken : new_block(t);
    branch(t, likely(t, test(t, RF_IR_NE, is_taken, constant(t, 0))), next, shared);
    t->block = shared;
    assign(t, site->frame ? part(t, site->frame, offsetof(rf_frame, flags), RF_IR_U32) : site->frame_flags,
           number(t, RF_IR_U32, RF_FRAME_SELF_BACK));
    jump(t, next);
    t->block = next;
}

/* What a light method returns has `marked` in its head. */
static void split_mark(tr *t, call_site *site, lvalue result)
{
    lvalue head = slot_head(t, result);
    rvalue marked = binary(t, RF_IR_SHR, value_of(t, head), constant(t, RF_MARK_SHIFT));
    site->marked = keep(t, RF_IR_BOOL, test(t, RF_IR_NE, marked, constant(t, 0)));
    assign(t, head, binary(t, RF_IR_AND, value_of(t, head), constant(t, UINT32_MAX)));
}

/* The callee goes on in the VM, and this function behind the call. */
static void lose_call(tr *t, const call_site *site)
{
    const rf_known window = t->now[site->window], self = t->now[site->self_register];
    if (site->self == SELF_TAKEN) { /* until it comes back */
        assign(t, slot_head(t, reg_slot(t, site->self_register)), constant(t, RF_UNSET));
        if (site->lent.is_in_place) t->now[site->self_register] = (rf_known){.kind = RF_KIND_CLEAN};
    }
    if (site->place) {
        assign(t, slot_head(t, site->place), constant(t, RF_NULL));
        assign(t, slot_int(t, site->place), constant(t, 0));
    }
    if (site->frame_flags) {
        const uint32_t detail = site->self == SELF_TAKEN ? site->self_register : site->skip;
        rvalue args[] = {t->context, cast(t, value_of(t, site->frame_flags), RF_IR_I64), constant(t, detail)};
        call(t, RF_FN(deopt_self), 3, args);
    }
    if (site->has_closure && window.kind == RF_KIND_VIRTUAL) /* the callee's frame wants it */
        rf_virtual_into(t, site->window, window, reg_slot(t, site->window));
    else if (window.is_lent)
        own_lent(t, site->window, window);
    t->now[site->window] = (rf_known){.kind = RF_KIND_CLEAN};
    write_back_live(t, t->now, site->next);
    end_in_vm(t, site->next);
    t->now[site->window] = window;
    if (site->self == SELF_TAKEN) t->now[site->self_register] = self;
}

/* The frame, or where the flags of a light method's are kept; the receiver leaves where it is. */
static void prepare_callee(tr *t, call_site *site, const callee *to, rvalue closure, rvalue task)
{
    if (to->t->is_framed) {
        site->frame = push_frame(t, site, to, closure, task);
        if (function_of(t, to->number)->is_hidden) count_hidden(t, task, RF_IR_ADD);
    } else if (site->self != SELF_NONE) {
        site->frame_flags = variable(t, RF_IR_U32, "flags");
        assign(t, site->frame_flags, number(t, RF_IR_U32, site->flags));
    }
    if (site->lent.is_in_place) return;
    if (site->self == SELF_TAKEN && t->now[site->window + 1].kind == RF_KIND_VIRTUAL)
        rf_virtual_copy(t, site->window + 1, 0, site->self_register, 0, t->now[site->window + 1]);
    else if (site->self == SELF_TAKEN)
        move_value(t, reg_slot(t, site->window + 1), reg_slot(t, site->self_register));
    if (site->self == SELF_BACK && site->flags & RF_FRAME_SELF_TAKEN) detach(t, site);
}

/* What the caller knows after a call: the arguments are gone, and the registers behind them were those of the callee, whose
 * frame may still want them. */
static void leave_window(tr *t, const call_site *site)
{
    for (uint32_t i = site->window + 1; i < t->s->f.register_count; i++)
        if (i <= site->window + site->count || is_in_variable(t->now[i].kind)) t->now[i] = (rf_known){.kind = RF_KIND_CLEAN};
}

/* ---- for the profiler ---- */

/* The VM counts the calls that it makes.  In memory each of them would wait for the one before, and in the callee gcc would not take its
 * beginning into the caller: the caller counts in variables, and adds them up where it returns. */
void rf_begin_calls(tr *t)
{
    const rf_wire_request *request = &t->all->unit->request;
    for (uint32_t i = 0; request->is_profiled && i < request->function_count; i++) {
        t->calls[i] = variable(t, RF_IR_I64, "calls");
        assign(t, t->calls[i], constant(t, 0));
    }
    for (uint32_t pc = 0; request->is_profiled && pc < t->s->f.code_count; pc++) {
        const unsigned builtin = hints(t, pc)->builtin;
        if (builtin != RF_WIRE_SQRT && builtin != RF_WIRE_ABS) continue;
        const uint32_t which = builtin == RF_WIRE_ABS;
        if (t->instead[which].calls) continue;
        t->instead[which].number = t->s->code[pc].c;
        t->instead[which].calls = variable(t, RF_IR_I64, "calls");
        assign(t, t->instead[which].calls, constant(t, 0));
    }
}

static void add_to(tr *t, lvalue all, lvalue calls)
{
    assign(t, all, binary(t, RF_IR_ADD, value_of(t, all), value_of(t, calls)));
}

void rf_tell_calls(tr *t)
{
    for (uint32_t i = 0; i < RF_WIRE_MOST_FUNCTIONS && t->calls[i]; i++) {
        lvalue all = part(t, rf_base_address(t, RF_WIRE_BASE_PROTO, i, 0), offsetof(struct rf_proto, native_calls), RF_IR_I64);
        add_to(t, all, t->calls[i]);
    }
    for (uint32_t i = 0; i < RF_COUNT_OF(t->instead); i++)
        if (t->instead[i].calls) add_to(t, rf_builtin_calls(t, rf_prof_block(t), t->instead[i].number), t->instead[i].calls);
}

static void count_call(tr *t, uint32_t number)
{
    if (t->calls[number]) assign(t, t->calls[number], binary(t, RF_IR_ADD, value_of(t, t->calls[number]), constant(t, 1)));
}

/* Calls. The arguments are gone then, and the result is where the callee left it: in `result`. */
static void call_native(tr *t, call_site *site, const callee *to, lvalue result)
{
    const rf_wire_function *f = function_of(t, to->number);
    rvalue closure = NULL, task = NULL;
    if (!t->is_top) /* where there was room for some calls */
        guard_for(t, test(t, RF_IR_GT, t->room, constant(t, 0)), RF_EXIT_ROOM);
    site->frame = NULL;
    const bool is_virtual = f->has_captures && t->now[site->window].kind == RF_KIND_VIRTUAL;
    if (f->has_captures && !is_virtual) closure = keep(t, RF_IR_POINTER, value_of(t, slot_object(t, reg_slot(t, site->window))));
    if (to->t->is_framed)
        task = keep(t, RF_IR_POINTER, value_of(t, context_part(t, offsetof(rf_native_context, task), RF_IR_POINTER)));
    prepare_callee(t, site, to, closure, task);
    rvalue args[RF_MOST_NATIVE_PARAMS];
    int count = 0;
    args[count++] = t->context;
    args[count++] = address_of(t, reg_slot(t, site->window + 1));
    args[count++] = binary(t, RF_IR_SUB, t->room, constant(t, 1));
    if (is_virtual) count += rf_leaf_arguments(t, site->window, t->now[site->window], args + count);
    if (closure) args[count++] = closure;
    if (site->frame) args[count++] = site->frame;
    pass_arguments(t, site, to, args, &count);
    site->area = rf_result_area(t, to->t->result);
    if (site->area) args[count++] = rf_area_address(t, site->area);
    site->self_area = rf_result_area(t, to->t->self);
    if (site->self_area) args[count++] = rf_area_address(t, site->self_area);
    count_call(t, to->number);
    assign(t, result, EMITS ? rf_ir_call_inside(F, to->t->function, (uint32_t)count, args) : NULL);
    leave_window(t, site);
    rf_forget_around_call(t, site->window);
    rvalue head = value_of(t, slot_head(t, result));
    if (site->frame) raise_unless(t, test(t, RF_IR_NE, head, constant(t, RF_RAISED)));
    rf_ir_block *next = new_block(t), *lost = new_block(t);
    branch(t, likely(t, test(t, RF_IR_NE, head, constant(t, RF_DEOPT_HEAD))), next, lost);
    t->block = lost;
    lose_call(t, site);
    t->block = next;
    if (site->frame_flags) split_mark(t, site, result);
    if (!site->frame) return;
    assign(t, part(t, task, offsetof(rf_vm_task, fp), RF_IR_POINTER), t->fp);
    if (f->is_hidden) count_hidden(t, task, RF_IR_SUB);
}

/* ---- calls as the VM makes them ---- */

rvalue rf_call_generically(tr *t)
{
    if (!needs_frame(t)) {
        forget_results(t);
        return NULL;
    }
    tell(t, "general call of", hints(t, t->at)->count);
    flush_operands(t);
    rvalue outcome = NULL;
    if (EMITS) {
        rvalue args[] = {t->context, t->fp, constant(t, t->at)};
        outcome = keep(t, RF_IR_I64, call_value(t, RF_FN(native_call), 3, args));
        /* LEAVES: nothing has happened */
        guard_for(t, test(t, RF_IR_NE, outcome, constant(t, OUTCOME_LEAVES)), RF_EXIT_ROOM);
        raise_unless(t, test(t, RF_IR_NE, outcome, constant(t, OUTCOME_RAISED)));
    }
    forget_results(t);
    return outcome;
}

/* ---- results ---- */

/* What is known of the results of all callees; CLEAN: another round will tell. */
static rf_known common_result(tr *t, const call_site *site)
{
    rf_known common = site->callees[0].t->result;
    for (unsigned i = 0; i < site->callee_count; i++) {
        const rf_known *other = &site->callees[i].t->result;
        if (other->kind == RF_KIND_CLEAN) return *other;
        common = meet(t, &common, other, true);
    }
    if (site->calls_others && !is_in_variable(common.kind)) common = (rf_known){.kind = RF_KIND_MEMORY};
    return common;
}

/* Is the result, which may be anything, given up by the next instruction? */
static bool is_dropped(const tr *t, const call_site *site)
{
    const uint32_t pc = site->next + (site->lent.is_in_place && site->self == SELF_BACK ? site->skip : 0);
    if (site->calls_others || pc >= t->s->f.code_count) return false;
    const rf_instruction in = t->s->code[pc];
    return in.op == RF_OP_DROP && in.a <= site->window && site->window < in.a + (uint32_t)in.b;
}

/* R[window] = result, of the kind that all callees have in common */
static void deliver_result(tr *t, const call_site *site, rf_known known, lvalue result, const callee *from)
{
    const uint32_t reg = site->window;
    if (site->has_closure && t->now[reg].kind == RF_KIND_VIRTUAL)
        rf_virtual_drop(t, reg);
    else if (t->now[reg].is_lent)
        assign(t, slot_head(t, reg_slot(t, reg)), constant(t, RF_UNSET));
    else if (site->has_closure)
        release_slot(t, reg_slot(t, reg));
    t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
    if (from->t->result.kind == RF_KIND_VIRTUAL) {
        touch(t, reg);
        t->now[reg] = from->t->result;
        if (EMITS) rf_leaves_in(t, reg, t->now[reg], site->area);
        if (!is_same(&t->now[reg], &known)) rf_virtual_become(t, reg, known);
    } else if (known.kind == RF_KIND_FLOAT) {
        put_float(t, reg, EMITS ? value_of(t, slot_float(t, result)) : NULL);
    } else if (is_in_variable(known.kind)) {
        put_int(t, reg, EMITS ? value_of(t, slot_int(t, result)) : NULL, known.kind);
    } else if (known.kind == RF_KIND_MEMORY && is_dropped(t, site)) {
        if (from->t->gives_value) release_slot(t, result);
        touch(t, reg);
    } else {
        put_value(t, reg, EMITS ? value_of(t, slot_head(t, result)) : NULL,
                  EMITS ? value_of(t, slot_object(t, result)) : NULL);
        if (EMITS && (known.kind == RF_KIND_ARRAY || known.kind == RF_KIND_STRUCT))
            assign(t, object_of(t, reg), cast(t, value_of(t, slot_object(t, result)), RF_IR_OBJECT));
        t->now[reg] = known;
    }
}

/* The result of a general call in a window, where others have one of that kind. */
static void agree(tr *t, const call_site *site, rf_kind kind)
{
    if (!is_in_variable(kind) || !EMITS) return;
    lvalue slot = reg_slot(t, site->window);
    rf_ir_block *same = new_block(t), *other = new_block(t);
    branch(t, likely(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, head_of(kind)))),
           same, other);
    t->block = other; /* the VM goes on behind the call */
    leave_with(t, t->now, site->next, RF_EXIT_GUARD);
    t->block = same;
    load_variable(t, site->window, kind, slot);
}

/* ---- instructions ---- */

/* if (R[window] is this closure) */
static void branch_to(tr *t, const callee *to, rvalue code, rf_ir_block *yes, rf_ir_block *no)
{
    branch(t, test(t, RF_IR_EQ, code, rf_base_address(t, RF_WIRE_BASE_PROTO, to->number, 0)), yes, no);
}

static void emit_ways(tr *t, call_site *site, rf_known result_kind)
{
    const uint32_t count = t->s->f.register_count;
    rf_known *before = rf_alloc_array(rf_known, count), *after = rf_alloc_array(rf_known, count);
    memcpy(before, t->now, count * sizeof *before);
    rf_ir_block *join = new_block(t), *others = site->calls_others ? new_block(t) : NULL;
    rvalue code = NULL;
    if (site->has_closure && !site->is_certain) {
        lvalue slot = reg_slot(t, site->window);
        rf_ir_block *is_function = new_block(t);
        branch(t, likely(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, RF_FUNCTION))),
               is_function, others ? others : exit_block(t, RF_EXIT_GUARD));
        t->block = is_function;
        code = keep(t, RF_IR_POINTER, value_of(t, part(t, value_of(t, slot_object(t, slot)), offsetof(rf_function, code),
                                                 RF_IR_POINTER)));
    }
    for (unsigned i = 0; i < site->callee_count; i++) {
        rf_ir_block *next = NULL;
        memcpy(t->now, before, count * sizeof *before);
        if (code) {
            const bool is_last = i + 1 == site->callee_count;
            rf_ir_block *this = new_block(t);
            next = !is_last ? new_block(t) : others ? others : exit_block(t, RF_EXIT_GUARD);
            branch_to(t, &site->callees[i], code, this, next);
            t->block = this;
        }
        lvalue result = variable(t, RF_IR_VALUE, "result");
        call_native(t, site, &site->callees[i], result);
        deliver_result(t, site, result_kind, result, &site->callees[i]);
        jump(t, join);
        memcpy(after, t->now, count * sizeof *after);
        t->block = next;
        if (!code) break;
    }
    if (others) {
        memcpy(t->now, before, count * sizeof *before);
        t->block = others;
        rf_call_generically(t);
        agree(t, site, result_kind.kind);
        jump(t, join);
    }
    memcpy(t->now, after, count * sizeof *after);
    t->block = join;
    rf_free(before);
    rf_free(after);
}

/* What the call has virtual is made; false: nothing is. */
static bool make_operands(tr *t, const call_site *site)
{
    bool is_any = false;
    for (uint32_t i = site->has_closure ? 0 : 1; i <= site->count; i++) {
        if (t->now[site->window + i].kind != RF_KIND_VIRTUAL) continue;
        rf_virtual_make_first(t, site->window + i);
        is_any = true;
    }
    return is_any;
}

static void own_arguments(tr *t, const call_site *site)
{
    for (uint32_t i = 1; i <= site->count; i++) rf_own_first(t, site->window + i);
}

/* CALL, CALLFN, CALLBUILTIN */
void rf_do_call(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    call_site site = {
        .window = in.a, .count = in.b, .has_closure = in.op == RF_OP_CALL, .next = t->at + 1};
    if (in.op != RF_OP_CALLFN) own_arguments(t, &site);
    find_callees(t, &site);
    const bool may_be_general = site.callee_count == 0 || (site.calls_others && site.has_closure);
    if (may_be_general && make_operands(t, &site)) find_callees(t, &site);
    if (t->now[in.a].is_lent && (site.callee_count == 0 || site.calls_others)) { /* another round, and it is not */
        t->owns_callee[t->at] = true;
        t->all->has_changed = true;
    }
    if (site.callee_count == 0) {
        own_arguments(t, &site);
        rf_call_generically(t);
        return;
    }
    if (in.op != RF_OP_CALL) site.calls_others = false;
    note_callees(t, &site);
    const rf_known known = common_result(t, &site);
    if (known.kind == RF_KIND_CLEAN) { /* another round will tell */
        t->is_ended = true;
        if (EMITS) leave_with(t, t->start, t->at, RF_EXIT_LEAVES);
        return;
    }
    if (site.calls_others) needs_frame(t);
    if (EMITS) {
        emit_ways(t, &site, known);
        return;
    }
    leave_window(t, &site);
    deliver_result(t, &site, known, NULL, &site.callees[0]);
}

/* Calls that may skip store-back code, as the VM makes them. */
static void call_and_skip(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const uint32_t skip = t->s->sites[in.b].skip;
    rvalue outcome = rf_call_generically(t);
    if (skip == 0) return;
    rf_ir_block *skips = new_block(t), *stores = new_block(t);
    branch(t, test(t, RF_IR_EQ, outcome, constant(t, OUTCOME_JUMPS)), skips, stores);
    t->block = skips;
    go(t, t->at + 1 + skip);
    t->block = stores; /* they find the receiver in the window */
    t->now[in.a + 1] = (rf_known){.kind = RF_KIND_MEMORY};
    go(t, t->at + 1);
}

/* Is the receiver in reg, which is guessed, an instance of the layout that the site knows? Tests it. */
static bool has_layout(tr *t, uint32_t reg, uint64_t layout)
{
    rf_known *k = &t->now[reg];
    const bool is_instance = k->kind == RF_KIND_STRUCT || k->kind == RF_KIND_LENT;
    if ((is_instance && k->layout == layout) || rf_virtual_has_layout(t, *k, layout)) return true;
    if (k->kind != RF_KIND_MEMORY && k->kind != RF_KIND_STRUCT) return false;
    if (EMITS) {
        lvalue slot = reg_slot(t, reg);
        guard(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, RF_STRUCT)));
        rvalue p = keep(t, RF_IR_OBJECT, cast(t, value_of(t, slot_object(t, slot)), RF_IR_OBJECT));
        guard(t, layout_is(t, p, layout));
        assign(t, object_of(t, reg), p);
    }
    *k = (rf_known){.kind = RF_KIND_STRUCT, .layout = layout};
    return true;
}

/* What the site says of the receiver; false: to be called as the VM does. */
static bool settle_self(tr *t, call_site *site, const rf_wire_site *wire, uint32_t receiver)
{
    const int8_t number = hints(t, t->at)->callees[0];
    const uint32_t may_empty = wire->flags & RF_SITE_MAY_EMPTY;
    if (number < 0 || !wire->call_layout || (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST)) return false;
    const bool is_local = t->s->code[t->at].op == RF_OP_CALLLOCAL;
    if (function_of(t, (uint32_t)number)->modifies_self && (is_local || wire->skip)) {
        if (is_local && !may_empty) return false;
        site->self = is_local ? SELF_TAKEN : SELF_BACK;
        site->flags = is_local ? RF_FRAME_SELF_LOCAL | RF_FRAME_SELF_TAKEN
                               : RF_FRAME_SELF_BACK | (may_empty ? RF_FRAME_SELF_TAKEN : 0u);
        if (is_local && (wire->flags & RF_SITE_MARKS_SELF)) site->flags |= RF_FRAME_MARKS_CALLER;
    } else if (!is_local) {
        site->next += wire->skip;
    }
    return has_layout(t, receiver, wire->call_layout);
}

/* The receiver is copied into the window of a method that does not modify it. */
static void copy_self(tr *t, uint32_t to, uint32_t from)
{
    if (t->now[from].kind == RF_KIND_VIRTUAL) {
        rf_virtual_retain(t, from, t->now[from]);
        rf_virtual_copy(t, to, 0, from, 0, t->now[from]);
    } else if (EMITS) {
        lvalue slot = reg_slot(t, from), window = reg_slot(t, to);
        rvalue head = keep(t, RF_IR_I64, value_of(t, slot_head(t, slot)));
        rvalue bits = keep(t, RF_IR_POINTER, value_of(t, slot_object(t, slot)));
        retain(t, head, bits);
        assign(t, slot_head(t, window), head);
        assign(t, slot_object(t, window), bits);
        assign(t, object_of(t, to), value_of(t, object_of(t, from)));
    }
}

/* The flags of the callee's frame & bit, after its return; those a light one would have had. */
static rvalue has_flag(tr *t, const call_site *site, int bit)
{
    rvalue flags = value_of(t, site->frame ? part(t, site->frame, offsetof(rf_frame, flags), RF_IR_U32) : site->frame_flags);
    return test(t, RF_IR_NE,
                binary(t, RF_IR_AND, flags, number(t, RF_IR_U32, bit)),
                number(t, RF_IR_U32, 0));
}

static rvalue is_modified(tr *t, const call_site *site)
{
    return site->frame ? has_flag(t, site, RF_FRAME_MARKED) : site->marked;
}

bool rf_can_mark(tr *t)
{
    return (t->gives_self && !t->is_framed) || needs_frame(t);
}

void rf_mark_self(tr *t)
{
    if (t->marked) {
        assign(t, t->marked, constant(t, 1));
        return;
    }
    lvalue flags = part(t, t->fp, offsetof(rf_frame, flags), RF_IR_U32);
    assign(t, flags, binary(t, RF_IR_OR, value_of(t, flags),
                            number(t, RF_IR_U32, RF_FRAME_MARKED)));
}

/* Self returns to its local; if it was modified, so was the self of this method, if that is what the local is. */
static void return_self(tr *t, const call_site *site)
{
    const rf_known self = site->callees[0].t->self;
    if (self.kind == RF_KIND_VIRTUAL)
        rf_leaves_in(t, site->self_register, self, site->self_area);
    else if (!site->lent.is_in_place)
        move_value(t, reg_slot(t, site->self_register), reg_slot(t, site->window + 1));
    if (!(site->flags & RF_FRAME_MARKS_CALLER)) return;
    rf_ir_block *modified = new_block(t), *next = new_block(t);
    branch(t, is_modified(t, site), modified, next);
    t->block = modified;
    rf_mark_self(t);
    jump(t, next);
    t->block = next;
}

/* Self is in the window: modified, so the code that follows stores it, or to be put back where it was taken. */
static void go_on_with_self(tr *t, const call_site *site)
{
    const uint32_t reg = site->window + 1;
    rf_ir_block *modified = new_block(t), *same = new_block(t);
    branch(t, EMITS ? is_modified(t, site) : NULL, modified, same);
    t->block = same;
    if (EMITS) {
        rf_ir_block *taken = new_block(t), *copied = new_block(t), *next = new_block(t);
        branch(t, has_flag(t, site, RF_FRAME_SELF_TAKEN), taken, copied);
        t->block = taken;
        write_back_place(t);
        rvalue args[] = {t->context, t->fp, constant(t, t->at)};
        call(t, RF_FN(give_back), 3, args);
        jump(t, next);
        t->block = copied;
        release_slot(t, reg_slot(t, reg));
        jump(t, next);
        t->block = next;
    }
    go(t, site->next + site->skip);
    t->block = modified;
    t->now[reg] = (rf_known){.kind = RF_KIND_MEMORY};
    go(t, site->next);
}

/* What a place names may have changed. */
static void forget_objects(tr *t)
{
    for (uint32_t i = 0; i < t->s->f.register_count; i++)
        if (may_count(t->now[i].kind)) t->now[i] = (rf_known){.kind = RF_KIND_MEMORY};
}

/* What the call has virtual is made: it is called as the VM does. */
static void make_window(tr *t, const call_site *site, uint32_t receiver)
{
    if (t->now[receiver].kind == RF_KIND_VIRTUAL) rf_virtual_make_first(t, receiver);
    for (uint32_t i = 1; i <= site->count; i++)
        if (t->now[site->window + i].kind == RF_KIND_VIRTUAL) rf_virtual_make_first(t, site->window + i);
}

/* Is nothing done behind the call but to store self back, and to note that the self of this method is modified by that? */
static bool stores_back_only(const tr *t, const call_site *site, const rf_wire_site *wire)
{
    const rf_instruction *next = &t->s->code[site->next];
    if (site->next + site->skip >= t->s->f.code_count || next->op != RF_OP_SETPLACE) return false;
    if (next->a != site->window + 1 || next->b != wire->place) return false;
    return site->skip == 1 || (site->skip == 2 && next[1].op == RF_OP_MARKSELF);
}

/* Can the method work on the receiver where it stands? */
static bool find_lent_callee(tr *t, call_site *site, const rf_wire_site *wire, uint32_t receiver)
{
    const uint32_t number = (uint32_t)hints(t, t->at)->callees[0];
    const bool is_local = receiver != site->window + 1;
    if (t->now[receiver].kind != RF_KIND_LENT && (t->now[receiver].kind != RF_KIND_STRUCT || !is_local)) return false;
    rf_known lent = {.kind = RF_KIND_LENT, .layout = wire->call_layout, .lender = RF_NO_LENDER};
    if (site->self == SELF_NONE) {
        if (!rf_lent_on(t, receiver, number)) return false;
    } else if (site->self == SELF_TAKEN) {
        if (!t->now[receiver].is_in_place) rf_lent_own_first(t, receiver); /* a copy is modified */
        lent.is_in_place = true;
    } else {
        if (!(site->flags & RF_FRAME_SELF_TAKEN) || !stores_back_only(t, site, wire) || !rf_has_way_to(t, wire)) return false;
        lent.is_in_place = true;
    }
    site->lent = lent;
    if (add_callee(t, site, number)) return true;
    site->lent = (rf_known){.kind = RF_KIND_CLEAN};
    return false;
}

/* R[window + 1] = the instance as it is lent to the method. */
static void lend_receiver(tr *t, call_site *site, const rf_wire_site *wire, uint32_t receiver)
{
    rvalue p = NULL;
    if (site->self == SELF_BACK) {
        p = rf_go_to(t, wire, wire->call_layout, &site->place);
    } else {
        if (site->self == SELF_TAKEN && t->now[receiver].kind == RF_KIND_STRUCT) make_unique(t, receiver, RF_FN(struct_copy));
        p = value_of(t, object_of(t, receiver));
    }
    assign(t, object_of(t, site->window + 1), p);
    t->now[site->window + 1] = site->lent;
}

/* Behind a call of a method that worked in place: it is as if self had been stored there. */
static void go_on_in_place(tr *t, const call_site *site)
{
    if (site->skip == 2) {
        rf_ir_block *modified = new_block(t), *next = new_block(t);
        rf_can_mark(t);
        branch(t, EMITS ? is_modified(t, site) : NULL, modified, next);
        t->block = modified;
        if (EMITS) {
            rf_mark_self(t);
            jump(t, next);
        }
        t->block = next;
    }
    go(t, site->next + site->skip);
}

/* CALLMETHOD, CALLLOCAL, UPDATE */
void rf_do_other_call(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_wire_site *wire = &t->s->sites[in.b];
    const bool is_local = in.op == RF_OP_CALLLOCAL;
    call_site site = {.window = in.a,
                      .count = wire->arg_count + 1u,
                      .next = t->at + 1,
                      .self_register = in.c,
                      .skip = wire->skip};
    const uint32_t receiver = is_local ? in.c : in.a + 1u;
    if (in.op == RF_OP_UPDATE || !settle_self(t, &site, wire, receiver)) {
        rf_lent_own_operands(t);
        make_window(t, &site, receiver);
        if (in.op == RF_OP_UPDATE) rf_remove_entry(t);
        call_and_skip(t);
        return;
    }
    const bool is_lent = find_lent_callee(t, &site, wire, receiver);
    if (!is_lent) rf_lent_own_operands(t);
    if (is_local) t->now[in.a + 1] = t->now[receiver];
    const rf_known receiver_kind = t->now[receiver];
    if (!is_lent && !add_callee(t, &site, (uint32_t)hints(t, t->at)->callees[0])) {
        if (is_local) t->now[in.a + 1] = (rf_known){.kind = RF_KIND_CLEAN};
        make_window(t, &site, receiver);
        call_and_skip(t);
        return;
    }
    if (site.self == SELF_BACK && !is_lent) needs_frame(t);
    if (site.flags & RF_FRAME_MARKS_CALLER) rf_can_mark(t);
    const rf_known known = common_result(t, &site);
    if (known.kind == RF_KIND_CLEAN) { /* another round will tell */
        t->is_ended = true;
        if (EMITS) leave_with(t, t->start, t->at, RF_EXIT_LEAVES);
        return;
    }
    lvalue result = variable(t, RF_IR_VALUE, "result");
    if (is_lent) lend_receiver(t, &site, wire, receiver);
    if (EMITS) {
        if (is_local && site.self == SELF_NONE && !is_lent) copy_self(t, in.a + 1, receiver);
        if (site.self == SELF_TAKEN && !is_lent) t->now[receiver] = (rf_known){.kind = RF_KIND_MEMORY};
        call_native(t, &site, &site.callees[0], result);
        if (site.self == SELF_TAKEN) return_self(t, &site);
    }
    leave_window(t, &site);
    const rf_known self = site.callees[0].t->self;
    if (is_local && site.self == SELF_TAKEN && !is_lent)
        t->now[receiver] = self.kind == RF_KIND_VIRTUAL ? self : (rf_known){.kind = RF_KIND_MEMORY};
    else if (is_local)
        t->now[receiver] = receiver_kind;
    if (site.self == SELF_BACK && !is_lent) forget_objects(t);
    deliver_result(t, &site, known, result, &site.callees[0]);
    if (site.self == SELF_BACK && is_lent)
        go_on_in_place(t, &site);
    else if (site.self == SELF_BACK)
        go_on_with_self(t, &site);
    else
        go(t, site.next);
}

/* R[a] = a new object of this head, which shares what it was made of */
static void put_new(tr *t, uint32_t reg, int64_t head, rvalue p)
{
    disown_facts(t);
    forget_facts(t);
    put_value(t, reg, constant(t, head), p);
}

void rf_do_closure(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const int8_t number = hints(t, t->at)->callees[0];
    if (number < 0) {
        execute(t);
        return;
    }
    if (rf_virtual_closure(t, (uint32_t)number)) return;
    for (uint32_t i = 0; i < t->s->f.register_count; i++)
        if (t->now[i].kind == RF_KIND_VIRTUAL) rf_virtual_make_first(t, i);
    rf_needs_closure(t);
    write_back_all(t);
    rvalue p = NULL;
    if (EMITS) {
        rvalue args[] = {t->context, rf_base_address(t, RF_WIRE_BASE_PROTO, (uint32_t)number, 0),
                         cast(t, t->R, RF_IR_POINTER), t->s->f.has_captures ? t->closure : rf_address(t, 0)};
        p = keep(t, RF_IR_POINTER, call_value(t, RF_FN(closure_new), 4, args));
    }
    put_new(t, in.a, RF_FUNCTION, p);
    t->now[in.a] = (rf_known){.kind = RF_KIND_FUNCTION, .layout = (uint64_t)number};
}

/* NEWCELL: R[a] = an unset cell; WRAPCELL: R[a] = a cell that R[a] moves into */
void rf_do_cell(tr *t, bool is_wrap)
{
    const uint32_t reg = t->s->code[t->at].a;
    rvalue p = NULL;
    if (is_wrap && is_in_variable(t->now[reg].kind)) write_back(t, reg, t->now[reg].kind);
    if (EMITS) {
        rvalue args[] = {t->context, is_wrap ? slot_address(t, reg_slot(t, reg)) : rf_address(t, 0)};
        p = keep(t, RF_IR_POINTER, call_value(t, RF_FN(cell_new), 2, args));
    }
    if (is_wrap) t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
    put_new(t, reg, RF_CELL, p);
}

void rf_do_mark_self(tr *t)
{
    if (rf_can_mark(t) && EMITS) rf_mark_self(t);
}

static void learn_self(tr *t)
{
    const rf_known self = known_argument(t, 0);
    const rf_known m = t->self.kind == RF_KIND_CLEAN ? self : meet(t, &t->self, &self, true);
    if (!is_same(&m, &t->self)) t->all->has_changed = true;
    t->self = m;
}

/* Self goes back to the caller: from R[0], or by its leaves. */
static void give_self(tr *t)
{
    if (t->now[0].kind != RF_KIND_VIRTUAL) return;
    rf_virtual_become(t, 0, t->self);
    if (t->self.kind == RF_KIND_VIRTUAL) rf_leaves_out(t, 0, t->self, t->self_area);
}

void rf_do_return(tr *t, bool has_value)
{
    const rf_instruction in = t->s->code[t->at];
    if (t->is_top) {
        leave(t);
        return;
    }
    if (t->is_generator) {
        rf_end_generator(t);
        return;
    }
    t->gives_value |= has_value;
    const bool is_self = has_value && t->gives_self && in.a == 0;
    if (is_self && t->now[0].kind == RF_KIND_VIRTUAL) rf_virtual_make(t, 0); /* it is returned twice */
    if (has_value && t->makes_result && t->now[in.a].kind == RF_KIND_VIRTUAL) rf_virtual_make(t, in.a);
    if (has_value) operand(t, in.a, 0);
    const rf_known known = has_value ? known_argument(t, in.a) : (rf_known){.kind = RF_KIND_MEMORY};
    const rf_kind kind = known.kind;
    if (!EMITS) {
        const rf_known m = t->result.kind == RF_KIND_CLEAN ? known : meet(t, &t->result, &known, true);
        if (!is_same(&m, &t->result)) t->all->has_changed = true;
        t->result = m;
        if (t->gives_self) learn_self(t);
        t->is_ended = true;
        return;
    }
    lvalue out = variable(t, RF_IR_VALUE, "out");
    if (kind == RF_KIND_VIRTUAL && t->result.kind != RF_KIND_VIRTUAL) rf_virtual_make(t, in.a);
    if (has_value && t->now[in.a].kind == RF_KIND_VIRTUAL) {
        rf_virtual_become(t, in.a, t->result);
        rf_leaves_out(t, in.a, t->result, t->area);
        t->now[in.a] = (rf_known){.kind = RF_KIND_CLEAN};
        assign(t, slot_head(t, out), constant(t, RF_FUNCTION));
        assign(t, slot_int(t, out), constant(t, 0));
    } else if (!has_value) {
        assign(t, slot_head(t, out), constant(t, RF_NULL));
        assign(t, slot_int(t, out), constant(t, 0));
    } else if (is_in_variable(kind)) {
        assign(t, slot_head(t, out), constant(t, head_of(kind)));
        if (kind == RF_KIND_FLOAT)
            assign(t, slot_float(t, out), value_of(t, float_of(t, in.a)));
        else
            assign(t, slot_int(t, out), as_int(t, in.a));
    } else {
        lvalue slot = reg_slot(t, in.a);
        assign(t, slot_head(t, out), value_of(t, slot_head(t, slot)));
        assign(t, slot_object(t, out), value_of(t, slot_object(t, slot)));
        if (is_self)
            retain(t, value_of(t, slot_head(t, out)), value_of(t, slot_object(t, out)));
        else
            assign(t, slot_head(t, slot), constant(t, RF_UNSET));
    }
    if (t->gives_self) give_self(t);
    if (t->marked)
        assign(t, slot_head(t, out),
               binary(t, RF_IR_OR, value_of(t, slot_head(t, out)),
                      binary(t, RF_IR_SHL, value_of(t, t->marked), constant(t, RF_MARK_SHIFT))));
    for (uint32_t i = t->gives_self ? 1 : 0; i < in.b && i < t->s->f.register_count; i++)
        if (may_count(t->now[i].kind))
            release_register(t, i);
        else if (t->now[i].kind == RF_KIND_VIRTUAL)
            rf_virtual_drop(t, i);
    return_value(t, value_of(t, out));
    t->is_ended = true;
}
