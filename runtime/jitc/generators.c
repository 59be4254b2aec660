/* Generators: `for` that resumes a body which is known, and the body.
 *
 * The body is a C function that runs in the registers which the suspended generator keeps (vm/call.h), so no frame is
 * pushed and nothing is copied: it goes on where the generator was suspended, and returns what it yields, UNSET when it
 * has ended, or DEOPT when it cannot go on.  Then the generator is suspended before the instruction in question and its
 * consumer before the FORNEXT, as if that had not begun; so whole chains of generators leave with nothing to be made: the
 * VM resumes them as it always does.  What needs a frame in a body is left to the VM; a body that comes by such an
 * instruction often is not run here at all. */
#include "jitc/families.h"
#include "jitc/objects.h"

#include "vm/call.h"

enum { RARELY = 8 }; /* yields for one instruction that the VM carries out */

static lvalue state_of(tr *t, rvalue generator)
{
    return part(t, generator, offsetof(rf_generator, state), RF_IR_U8);
}

static rvalue state(tr *t, rf_generator_state s)
{
    return EMITS ? number(t, RF_IR_U8, s) : NULL;
}

static lvalue position_of(tr *t)
{
    return part(t, t->kept, offsetof(rf_suspended, pc), RF_IR_POINTER);
}

/* ---- the body ---- */

static uint64_t yield_count(const tr *t)
{
    uint64_t count = 0;
    for (uint32_t pc = 0; pc < t->s->f.code_count; pc++)
        if (t->s->code[pc].op == RF_OP_YIELD) count += hints(t, pc)->count;
    return count;
}

void rf_generator_needs_frame(tr *t)
{
    if (t->is_left[t->at]) return;
    t->is_left[t->at] = true;
    t->all->has_changed = true;
    if (hints(t, t->at)->count * (uint64_t)RARELY > yield_count(t)) t->is_unfit = true;
}

/* The VM goes on at pc. */
void rf_suspend_generator(tr *t, uint32_t pc)
{
    assign(t, position_of(t), pc_address(t, pc));
    assign(t, state_of(t, t->generator), state(t, RF_GENERATOR_SUSPENDED));
}

static bool goes_on_behind(const tr *t, uint32_t pc)
{
    return t->s->code[pc].op == RF_OP_YIELD && hints(t, pc)->count > 0;
}

/* When the body is resumed at pc nothing is known of its registers: the VM may have run it meanwhile. */
static void forget_registers(tr *t, uint32_t pc)
{
    for (uint32_t i = 0; i < t->s->f.register_count; i++) {
        const bool is_live = rf_source_is_live(t->s, pc, i);
        if (is_in_variable(t->now[i].kind) && is_live) write_back(t, i, t->now[i].kind);
        t->now[i] = (rf_known){.kind = is_live || !is_temp(t, i) ? RF_KIND_MEMORY : RF_KIND_CLEAN};
    }
}

void rf_flow_from_yields(tr *t)
{
    for (uint32_t pc = 0; pc + 1 < t->s->f.code_count; pc++) {
        if (!goes_on_behind(t, pc)) continue;
        t->at = pc;
        forget_registers(t, pc + 1);
        flow(t, pc + 1);
    }
}

void rf_do_yield(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    if (!t->is_generator) {
        leave(t);
        return;
    }
    operand(t, in.a, 0);
    const rf_kind kind = is_in_variable(t->now[in.a].kind) ? t->now[in.a].kind : RF_KIND_MEMORY;
    if (!EMITS) {
        const rf_known known = {.kind = (uint8_t)kind};
        const rf_known m = t->result.kind == RF_KIND_CLEAN ? known : meet(t, &t->result, &known, true);
        if (!is_same(&m, &t->result)) t->all->has_changed = true;
        t->result = m;
    }
    lvalue out = variable(t, RF_IR_VALUE, "out"), slot = reg_slot(t, in.a);
    if (EMITS) {
        if (kind == RF_KIND_FLOAT) {
            assign(t, slot_float(t, out), value_of(t, float_of(t, in.a)));
        } else if (is_in_variable(kind)) {
            assign(t, slot_int(t, out), as_int(t, in.a));
        } else {
            assign(t, slot_object(t, out), value_of(t, slot_object(t, slot)));
        }
        assign(t, slot_head(t, out), is_in_variable(kind) ? constant(t, head_of(kind)) : value_of(t, slot_head(t, slot)));
    }
    t->now[in.a] = (rf_known){.kind = RF_KIND_CLEAN};
    forget_registers(t, t->at + 1);
    if (EMITS) {
        assign(t, slot_head(t, slot), constant(t, RF_NULL));
        rf_suspend_generator(t, t->at + 1);
        return_value(t, value_of(t, out));
    } else {
        flow(t, t->at + 1);
    }
    t->is_ended = true;
}

/* RETURN, RETURNNULL: what the registers hold, and the result, goes with them. */
void rf_end_generator(tr *t)
{
    if (EMITS) {
        rvalue args[] = {t->context, t->generator};
        call(t, RF_FN(end_generator), 2, args);
        return_head(t, RF_UNSET);
    }
    t->is_ended = true;
}

/* if (at == &code[pc]) goto there */
static void go_on_at(tr *t, rvalue at, uint32_t pc, rf_ir_block *there)
{
    rf_ir_block *next = new_block(t);
    branch(t, test(t, RF_IR_EQ, at, pc_address(t, pc)), there, next);
    t->block = next;
}

/* Goes to where the generator was suspended. */
void rf_resume_body(tr *t)
{
    t->kept = keep(t, RF_IR_POINTER, value_of(t, part(t, t->generator, offsetof(rf_generator, frame), RF_IR_POINTER)));
    t->R = keep(t, RF_IR_VALUES,
                cast(t, address_of(t, part(t, t->kept, offsetof(rf_suspended, registers), RF_IR_VALUE)),
                     RF_IR_VALUES));
    if (t->s->f.has_captures)
        t->closure = keep(t, RF_IR_POINTER, value_of(t, part(t, t->generator, offsetof(rf_generator, function), RF_IR_POINTER)));
    assign(t, state_of(t, t->generator), state(t, RF_GENERATOR_RUNNING));
    rvalue at = keep(t, RF_IR_POINTER, value_of(t, position_of(t)));
    for (uint32_t pc = 0; pc + 1 < t->s->f.code_count; pc++)
        if (goes_on_behind(t, pc) && t->is_reached[pc + 1]) go_on_at(t, at, pc + 1, t->blocks[pc + 1]);
    rf_ir_block *start = new_block(t);
    go_on_at(t, at, 0, start);
    /* at a place that was not seen while it was observed */
    assign(t, context_part(t, offsetof(rf_native_context, exit), RF_IR_I64), constant(t, t->number << 4 | RF_EXIT_COLD));
    assign(t, state_of(t, t->generator), state(t, RF_GENERATOR_SUSPENDED));
    return_head(t, RF_DEOPT_HEAD);
    t->block = start;
}

/* ---- the consumer ---- */

/* The instance for the generators that FORNEXT was seen to resume; NULL: none. */
static tr *body_for(tr *t)
{
    const rf_wire_hint *hint = hints(t, t->at);
    const int8_t number = hint->callees[0];
    const bool is_distrusted = hint->flags & RF_FEEDBACK_DISTRUST;
    if (number < 0 || is_distrusted || !was_only(hint->seen[0], RF_GENERATOR)) return NULL;
    const int32_t instance = rf_compilation_instance(t->all, (uint32_t)number, NULL, 0, false,
                                                     (rf_known){.kind = RF_KIND_CLEAN});
    if (instance < 0 || t->all->instances[instance].is_unfit) return NULL;
    t->all->is_used[instance] = true;
    return &t->all->instances[instance];
}

/* C: if (!(g->state == SUSPENDED && g->frame->live == all) && !rf_native_open_generator(g)) leave */
static void open_generator(tr *t, rvalue g, const tr *body)
{
    rf_ir_block *suspended = new_block(t), *other = new_block(t), *ready = new_block(t);
    branch(t, likely(t, test(t, RF_IR_EQ, value_of(t, state_of(t, g)), state(t, RF_GENERATOR_SUSPENDED))),
           suspended, other);
    t->block = suspended;
    rvalue kept = keep(t, RF_IR_POINTER, value_of(t, part(t, g, offsetof(rf_generator, frame), RF_IR_POINTER)));
    rvalue live = value_of(t, part(t, kept, offsetof(rf_suspended, live), RF_IR_U32));
    rvalue all = number(t, RF_IR_U32, body->s->f.register_count);
    branch(t, likely(t, test(t, RF_IR_EQ, live, all)), ready, other);
    t->block = other;
    rvalue args[] = {t->context, g, rf_base_address(t, RF_WIRE_BASE_PROTO, body->number, 0)};
    rvalue is_open = keep(t, RF_IR_I64, call_value(t, RF_FN(open_generator), 3, args));
    guard(t, test(t, RF_IR_NE, is_open, constant(t, 0)));
    jump(t, ready);
    t->block = ready;
}

/* Resumes it: what it answers.  Nothing has changed in this function when it cannot go on. */
static lvalue resume(tr *t, uint32_t reg, const tr *body)
{
    if (!EMITS) return NULL;
    lvalue slot = reg_slot(t, reg), result = variable(t, RF_IR_VALUE, "result");
    guard(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, RF_GENERATOR)));
    rvalue g = keep(t, RF_IR_POINTER, value_of(t, slot_object(t, slot)));
    rvalue function = value_of(t, part(t, g, offsetof(rf_generator, function), RF_IR_POINTER));
    guard(t, test(t, RF_IR_EQ, value_of(t, part(t, function, offsetof(rf_function, code), RF_IR_POINTER)),
                  rf_base_address(t, RF_WIRE_BASE_PROTO, body->number, 0)));
    guard_for(t, test(t, RF_IR_GT, t->room, constant(t, 0)), RF_EXIT_ROOM);
    open_generator(t, g, body);
    rvalue args[] = {t->context, g, binary(t, RF_IR_SUB, t->room, constant(t, 1))};
    assign(t, result, EMITS ? rf_ir_call_inside(F, body->function, 3, args) : NULL);
    return result;
}

static void put_result(tr *t, uint32_t reg, rf_kind kind, lvalue result)
{
    if (kind == RF_KIND_FLOAT)
        put_float(t, reg, EMITS ? value_of(t, slot_float(t, result)) : NULL);
    else if (is_in_variable(kind))
        put_int(t, reg, EMITS ? value_of(t, slot_int(t, result)) : NULL, kind);
    else
        put_value(t, reg, EMITS ? value_of(t, slot_head(t, result)) : NULL, EMITS ? value_of(t, slot_object(t, result)) : NULL);
}

/* Not an array, and no generator whose body is known. */
static void next_generally(tr *t)
{
    rvalue outcome = rf_call_generically(t);
    go_if(t, EMITS ? test(t, RF_IR_EQ, outcome, constant(t, OUTCOME_JUMPS)) : NULL, jump_target(t), t->at + 1);
}

void rf_do_generator_next(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    tr *body = t->now[in.a].kind == RF_KIND_MEMORY ? body_for(t) : NULL;
    if (!body) {
        next_generally(t);
        return;
    }
    const rf_kind kind = body->result.kind;
    if (kind == RF_KIND_CLEAN) { /* another round will tell; or it was never seen to yield */
        t->is_ended = true;
        if (EMITS) leave_with(t, t->start, t->at, RF_EXIT_COLD);
        return;
    }
    forget_facts(t);
    lvalue result = resume(t, in.a, body);
    rvalue head = EMITS ? value_of(t, slot_head(t, result)) : NULL;
    rf_ir_block *some = new_block(t), *other = new_block(t), *end = new_block(t);
    if (EMITS) {
        rf_ir_block *lost = new_block(t);
        if (is_in_variable(kind)) {
            branch(t, likely(t, test(t, RF_IR_EQ, head, constant(t, head_of(kind)))), some, other);
        } else {
            rf_ir_block *more = new_block(t);
            branch(t, likely(t, test(t, RF_IR_NE, head, constant(t, RF_DEOPT_HEAD))), more, other);
            t->block = more;
            branch(t, likely(t, test(t, RF_IR_NE, head, constant(t, RF_UNSET))), some, end);
        }
        t->block = other;
        branch(t, test(t, RF_IR_EQ, head, constant(t, RF_UNSET)), end, lost);
        t->block = lost; /* context->exit says where and why */
        write_back_live(t, t->start, t->at);
        end_in_vm(t, t->at);
    }
    const size_t size = t->s->f.register_count * sizeof *t->now;
    rf_known *kept = rf_alloc(size);
    memcpy(kept, t->now, size);
    t->block = end;
    release_slot(t, reg_slot(t, in.a));
    for (uint32_t i = 0; i < 4; i++) t->now[in.a + i] = (rf_known){.kind = RF_KIND_CLEAN};
    go(t, t->at + 1);
    memcpy(t->now, kept, size);
    rf_free(kept);
    t->is_ended = false;
    t->block = some;
    put_result(t, in.b, kind, result);
    go(t, jump_target(t));
}

/* Of what is iterated as it is: R[a + 1 .. a + 3] = 0 */
void rf_do_for_prep(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const uint32_t seen = hints(t, t->at)->seen[0];
    const bool is_array = was_only(seen, RF_ARRAY), is_generator = was_only(seen, RF_GENERATOR);
    const rf_kind kind = t->now[in.a].kind;
    const bool is_known = kind == RF_KIND_ARRAY;
    if (!is_known && (kind != RF_KIND_MEMORY || !(is_array || is_generator) ||
                      (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST))) {
        long_way(t);
        if (!t->is_ended) go(t, jump_target(t));
        return;
    }
    if (!is_known && EMITS)
        guard(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, reg_slot(t, in.a))),
                      constant(t, is_array ? RF_ARRAY : RF_GENERATOR)));
    for (uint32_t i = 1; i < 4; i++) put_int(t, in.a + i, constant(t, 0), RF_KIND_INT);
    go(t, jump_target(t));
}
