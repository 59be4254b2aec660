/* The vocabulary of translation: gcc expressions in short words, leaving native code, ways between
 * instructions, reading and writing registers.  Nothing here may be called for its value while a
 * function is only analysed (emit.h). */
#ifndef RF_JITC_CORE_H
#define RF_JITC_CORE_H

#include "jitc/dump.h"
#include "jitc/translate.h"
#include "jitc/virtual.h"

#include "base/alloc.h"
#include "value/array.h"
#include "value/function.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef rf_translator tr;

enum { RF_DEOPT_HEAD = 0xFE }; /* head of what a native call returns when it goes on in the VM */
enum { RF_MARK_SHIFT = 32 };   /* of `marked` in the head that a light method returns */
enum { OUTCOME_RAISED, OUTCOME_DONE, OUTCOME_JUMPS, OUTCOME_LEAVES }; /* of jit/operations.c */

/* ---- short words ---- */

#define F     (t->function)
#define EMITS (t->is_emitting)

static inline rvalue number(tr *t, uint8_t type, int64_t n)
{
    return EMITS ? rf_ir_int(F, type, n) : NULL;
}
static inline rvalue constant(tr *t, int64_t n)
{
    return number(t, RF_IR_I64, n);
}
static inline rvalue real(tr *t, double d)
{
    return EMITS ? rf_ir_float(F, d) : NULL;
}
static inline rvalue binary(tr *t, rf_ir_op op, rvalue a, rvalue b)
{
    return EMITS ? rf_ir_binary(F, op, a, b) : NULL;
}
static inline rvalue test(tr *t, rf_ir_op op, rvalue a, rvalue b)
{
    return binary(t, op, a, b);
}
static inline rvalue unary(tr *t, rf_ir_op op, rvalue a)
{
    return EMITS ? rf_ir_unary(F, op, a->type, a) : NULL;
}
static inline rvalue cast(tr *t, rvalue v, uint8_t type)
{
    return EMITS ? rf_ir_unary(F, RF_IR_CAST, type, v) : NULL;
}
static inline rvalue value_of(tr *t, lvalue v)
{
    return v ? rf_ir_value_of(F, v) : NULL;
}
static inline rvalue address_of(tr *t, lvalue v)
{
    return EMITS ? rf_ir_address_of(F, v) : NULL;
}
static inline lvalue element(tr *t, rvalue base, rvalue index)
{
    return EMITS ? rf_ir_element(F, base, index) : NULL;
}
/* *(type *)((char *)base + offset) */
static inline lvalue part(tr *t, rvalue base, uint64_t offset, uint8_t type)
{
    return EMITS ? rf_ir_memory(F, base, offset, type) : NULL;
}
/* Of an object of the request, or NULL; any other binds the code to this run. */
rvalue rf_address(tr *t, uint64_t a);
/* form: RF_WIRE_BASE_... of function `number` */
rvalue rf_base_address(tr *t, const char *form, uint32_t number, uint64_t offset);
/* The function that carries out instructions like this, if there is one (direct.def). */
const rf_ir_extern *rf_direct(unsigned op);

static inline lvalue variable(tr *t, uint8_t type, const char *prefix)
{
    if (!EMITS) return NULL;
    char name[32];
    snprintf(name, sizeof name, "%s_%u", prefix, t->name_count++);
    return rf_ir_variable_new(F, type, 0, name);
}
static inline void assign(tr *t, lvalue to, rvalue v)
{
    if (EMITS) rf_ir_assign(F, t->block, t->here, to, v);
}
static inline rvalue keep(tr *t, uint8_t type, rvalue v) /* evaluated now */
{
    lvalue kept = variable(t, type, "k");
    assign(t, kept, v);
    return value_of(t, kept);
}
static inline rf_ir_block *new_block(tr *t)
{
    return EMITS ? rf_ir_block_new(F) : NULL;
}
static inline void jump_from(tr *t, rf_ir_block *from, rf_ir_block *to)
{
    if (EMITS) rf_ir_jump(F, from, t->here, to);
}
static inline void jump(tr *t, rf_ir_block *to)
{
    jump_from(t, t->block, to);
}
void rf_tell_calls(rf_translator *t); /* while profiled: how often it called others; where it returns */
static inline void return_value(tr *t, rvalue v)
{
    if (EMITS) rf_tell_calls(t);
    if (EMITS) rf_ir_return(F, t->block, t->here, v);
}
static inline rvalue call_value(tr *t, const rf_ir_extern *f, uint32_t count, rvalue *args)
{
    return EMITS ? rf_ir_call_outside(F, f, count, args) : NULL;
}
static inline void call(tr *t, const rf_ir_extern *f, uint32_t count, rvalue *args)
{
    if (EMITS) rf_ir_eval(F, t->block, t->here, rf_ir_call_outside(F, f, count, args));
}

/* a value in memory */
static inline lvalue reg_slot(tr *t, uint32_t reg)
{
    return EMITS ? element(t, t->R, constant(t, reg)) : NULL;
}
static inline lvalue slot_head(tr *t, lvalue slot)
{
    return EMITS ? rf_ir_value_field(F, slot, RF_IR_HEAD) : NULL;
}
static inline lvalue slot_part(tr *t, lvalue slot, rf_ir_field field)
{
    return EMITS ? rf_ir_value_field(F, slot, field) : NULL;
}
static inline lvalue slot_int(tr *t, lvalue slot)
{
    return slot_part(t, slot, RF_IR_AS_INT);
}
static inline lvalue slot_float(tr *t, lvalue slot)
{
    return slot_part(t, slot, RF_IR_AS_FLOAT);
}
static inline lvalue slot_object(tr *t, lvalue slot)
{
    return slot_part(t, slot, RF_IR_AS_OBJECT);
}
static inline rvalue slot_address(tr *t, lvalue slot)
{
    return EMITS ? cast(t, address_of(t, slot), RF_IR_POINTER) : NULL;
}
static inline lvalue part_of_closure(tr *t, rvalue closure, uint32_t capture)
{
    return part(t, closure, offsetof(rf_function, captures) + capture * sizeof(rf_value), RF_IR_VALUE);
}
static inline lvalue array_part(tr *t, rvalue array, rf_ir_field field)
{
    return EMITS ? rf_ir_array_field(F, array, field) : NULL;
}

/* the variables of a register */
static inline lvalue own(tr *t, lvalue *list, uint32_t reg, uint8_t type, const char *prefix)
{
    if (!EMITS) return NULL;
    if (!list[reg]) {
        char name[32];
        snprintf(name, sizeof name, "%s%u", prefix, reg);
        list[reg] = rf_ir_variable_new(F, type, 0, name);
    }
    return list[reg];
}
static inline lvalue int_of(tr *t, uint32_t reg)
{
    return own(t, t->ints, reg, RF_IR_I64, "i");
}
static inline lvalue float_of(tr *t, uint32_t reg)
{
    return own(t, t->floats, reg, RF_IR_F64, "d");
}
static inline lvalue object_of(tr *t, uint32_t reg)
{
    return own(t, t->objects, reg, RF_IR_OBJECT, "o");
}

static inline lvalue length_variable(tr *t, uint32_t reg)
{
    return own(t, t->lengths, reg, RF_IR_I64, "n");
}
static inline lvalue data_variable(tr *t, uint32_t reg)
{
    return own(t, t->datas, reg, RF_IR_POINTER, "e");
}

/* Of the range whose state is in R[reg .. reg+4): the number behind the last one, and that up to which its turns have been
 * seen to be within bounds, which the pass `limits` lowers. */
static inline lvalue end_variable(tr *t, uint32_t reg)
{
    return own(t, t->ends, reg, RF_IR_I64, "end");
}
static inline lvalue limit_variable(tr *t, uint32_t reg)
{
    return own(t, t->limits, reg, RF_IR_I64, "limit");
}

static inline bool is_number(rf_kind kind)
{
    return kind == RF_KIND_INT || kind == RF_KIND_FLOAT;
}
static inline bool is_in_variable(rf_kind kind)
{
    return kind == RF_KIND_INT || kind == RF_KIND_FLOAT || kind == RF_KIND_BOOL;
}
static inline bool may_count(rf_kind kind)
{
    return kind == RF_KIND_MEMORY || kind >= RF_KIND_ARRAY;
}
static inline bool is_character(const rf_known *k) /* needs no counting */
{
    return k->kind == RF_KIND_STRING && k->elements == 1;
}
static inline int64_t head_of(rf_kind kind)
{
    return kind == RF_KIND_INT ? RF_INT : kind == RF_KIND_FLOAT ? RF_FLOAT : RF_BOOL;
}
static inline bool is_temp(const tr *t, uint32_t reg)
{
    return reg >= t->s->f.temp_base;
}
static inline const rf_wire_hint *hints(const tr *t, uint32_t pc)
{
    return &t->s->hints[pc];
}
/* Does what the instruction after `last` does with R[code[last].a], a part of what R[b] holds, need no owner? */
bool rf_lends_part(const tr *t, uint32_t last);
static inline bool has_frame(const tr *t)
{
    return t->is_top || t->is_framed;
}
/* The body of a generator cannot do this instruction, which needs a frame (generators.c). */
void rf_generator_needs_frame(tr *t);
/* The body of a generator stops before the instruction at pc: all that lives is in memory. */
void rf_suspend_generator(tr *t, uint32_t pc);

/* What comes needs a frame; false: this instance has none yet, another round will tell. */
static inline bool needs_frame(tr *t)
{
    if (has_frame(t)) return true;
    if (t->is_generator) {
        rf_generator_needs_frame(t);
        return false;
    }
    rf_needs_closure(t); /* the frame has it */
    t->is_framed = true;
    t->all->has_changed = true;
    return false;
}

/* ---- writing back, leaving ---- */

/* R[reg] = its variable */
static inline void write_back(tr *t, uint32_t reg, rf_kind kind)
{
    if (!EMITS) return;
    lvalue slot = reg_slot(t, reg);
    assign(t, slot_head(t, slot), constant(t, head_of(kind)));
    if (kind == RF_KIND_FLOAT)
        assign(t, slot_float(t, slot), value_of(t, float_of(t, reg)));
    else
        assign(t, slot_int(t, slot), value_of(t, int_of(t, reg)));
}

static inline void branch(tr *t, rvalue condition, rf_ir_block *yes, rf_ir_block *no)
{
    if (EMITS) rf_ir_branch(F, t->block, t->here, condition, yes, no);
}

static inline rvalue counts(tr *t, rvalue head) /* (uint8_t)head >= RF_HEAP_FIRST */
{
    return EMITS ? test(t, RF_IR_GE, cast(t, head, RF_IR_U8),
                        number(t, RF_IR_U8, RF_HEAP_FIRST))
                 : NULL;
}

/* if (counts) object->count++ unless immortal */
static inline void count_up(tr *t, rvalue head, rvalue bits)
{
    if (!EMITS) return;
    rf_ir_block *yes = new_block(t), *mortal = new_block(t), *next = new_block(t);
    branch(t, counts(t, head), yes, next);
    t->block = yes;
    rvalue object = keep(t, RF_IR_OBJECT, cast(t, bits, RF_IR_OBJECT));
    lvalue count = array_part(t, object, RF_IR_COUNT);
    branch(t, test(t, RF_IR_GE, value_of(t, count), number(t, RF_IR_I32, 0)),
           mortal, next);
    t->block = mortal;
    assign(t, count,
           binary(t, RF_IR_ADD, value_of(t, count), number(t, RF_IR_I32, 1)));
    jump_from(t, mortal, next);
    t->block = next;
}

/* What is lent to R[reg], which is k, gets it as one more owner. */
static inline void own_lent(tr *t, uint32_t reg, rf_known k)
{
    if (!EMITS) return;
    if (k.kind == RF_KIND_VIRTUAL) {
        rf_virtual_retain(t, reg, k);
        return;
    }
    lvalue slot = reg_slot(t, reg);
    count_up(t, value_of(t, slot_head(t, slot)), value_of(t, slot_object(t, slot)));
}

/* R[reg] = the instance that is lent to it, with an owner of its own; a self in place leaves its place for it. */
static inline void own_instance(tr *t, uint32_t reg, rf_known k)
{
    if (!EMITS) return;
    lvalue slot = reg_slot(t, reg);
    rvalue p = cast(t, value_of(t, object_of(t, reg)), RF_IR_POINTER);
    assign(t, slot_head(t, slot), constant(t, RF_STRUCT));
    assign(t, slot_object(t, slot), p);
    if (!k.is_in_place) count_up(t, constant(t, RF_STRUCT), p);
}

static inline void write_back_live(tr *t, const rf_known *state, uint32_t pc)
{
    for (uint32_t i = 0; i < t->s->f.register_count; i++) {
        if (is_in_variable(state[i].kind) && rf_source_is_live(t->s, pc, i)) write_back(t, i, state[i].kind);
        if (state[i].kind == RF_KIND_VIRTUAL)
            rf_virtual_into(t, i, state[i], reg_slot(t, i));
        else if (state[i].kind == RF_KIND_LENT) {
            if (state[i].is_in_place || rf_source_is_live(t->s, pc, i)) own_instance(t, i, state[i]);
        }
        else if (state[i].is_lent)
            own_lent(t, i, state[i]);
    }
}

static inline lvalue context_part(tr *t, size_t offset, uint8_t type)
{
    return part(t, t->context, offset, type);
}

static inline rvalue pc_address(tr *t, uint32_t pc)
{
    return rf_base_address(t, RF_WIRE_BASE_CODE, t->number, (uint64_t)pc * sizeof(rf_instruction));
}

static inline void save_pc(tr *t, uint32_t pc) /* fp->pc = &code[pc] */
{
    if (EMITS) assign(t, part(t, t->fp, offsetof(rf_frame, pc), RF_IR_POINTER), pc_address(t, pc));
}

/* return head, which is no value but an outcome */
static inline void return_head(tr *t, int64_t head)
{
    if (!EMITS) return;
    lvalue out = variable(t, RF_IR_VALUE, "out");
    assign(t, slot_head(t, out), constant(t, head));
    assign(t, slot_int(t, out), constant(t, 0));
    return_value(t, value_of(t, out));
}

/* Everything that lives is in memory: the VM goes on at pc. */
static inline void end_in_vm(tr *t, uint32_t pc)
{
    if (!EMITS) return;
    if (has_frame(t)) save_pc(t, pc);
    if (t->is_top) {
        return_value(t, constant(t, RF_NATIVE_GOES_ON));
        return;
    }
    if (t->is_generator) rf_suspend_generator(t, pc);
    if (t->is_framed || t->is_generator) {
        return_head(t, RF_DEOPT_HEAD);
        return;
    }
    rvalue args[] = {t->context, rf_base_address(t, RF_WIRE_BASE_PROTO, t->number, 0), pc_address(t, pc),
                     cast(t, t->R, RF_IR_POINTER),
                     t->marked ? binary(t, RF_IR_MUL, value_of(t, t->marked), constant(t, RF_FRAME_MARKED))
                               : constant(t, 0)};
    call(t, RF_FN(deopt), 5, args);
    return_head(t, RF_DEOPT_HEAD);
}

/* An error is in flight; the frame's position is that of the instruction. */
static inline void end_raised(tr *t)
{
    if (!EMITS) return;
    for (uint32_t i = 0; i < t->s->f.register_count; i++) {
        if (is_in_variable(t->now[i].kind)) write_back(t, i, t->now[i].kind);
        if (t->now[i].kind == RF_KIND_VIRTUAL)
            rf_virtual_into(t, i, t->now[i], reg_slot(t, i));
        else if (t->now[i].kind == RF_KIND_LENT)
            own_instance(t, i, t->now[i]);
        else if (t->now[i].is_lent)
            own_lent(t, i, t->now[i]);
    }
    if (t->is_top)
        return_value(t, constant(t, RF_NATIVE_RAISED));
    else
        return_head(t, RF_RAISED);
}

static inline void leave_with(tr *t, const rf_known *state, uint32_t pc, unsigned reason)
{
    if (!EMITS) return;
    if (t->all->unit->request.dumps & RF_WIRE_DUMP_EXITS) rf_dump_exit(t, state, pc, reason);
    assign(t, context_part(t, offsetof(rf_native_context, exit), RF_IR_I64),
           constant(t, (int64_t)pc << 8 | t->number << 4 | reason));
    write_back_live(t, state, pc);
    end_in_vm(t, pc);
}

static inline void mark_exit(rf_ir_block *b, uint32_t pc, unsigned reason)
{
    if (!b) return;
    b->is_exit = true;
    b->exit_pc = pc;
    b->exit_reason = reason;
}

/* Where a failed guess of this instruction goes: as if it had not begun. */
static inline rf_ir_block *exit_block(tr *t, unsigned reason)
{
    for (unsigned i = 0; i < t->exit_count; i++)
        if (t->exits[i].reason == reason) return t->exits[i].block;
    rf_ir_block *here = t->block, *exit = new_block(t);
    mark_exit(exit, t->at, reason);
    t->block = exit;
    leave_with(t, t->start, t->at, reason);
    t->block = here;
    t->exits[t->exit_count++] = (rf_exit_block){exit, reason};
    return exit;
}

static inline rvalue likely(tr *t, rvalue condition)
{
    return unary(t, RF_IR_LIKELY, condition);
}

/* context->part += by; its new value */
static inline rvalue add_to_part(tr *t, size_t offset, int64_t by)
{
    lvalue at = context_part(t, offset, RF_IR_I64);
    assign(t, at, binary(t, RF_IR_ADD, value_of(t, at), constant(t, by)));
    return value_of(t, at);
}

/* For the profiler and for tests: counts the guard, has every so many fail. */
static inline void watch_guard(tr *t, unsigned reason)
{
    const rf_wire_request *request = &t->all->unit->request;
    if (request->counts_guards) add_to_part(t, offsetof(rf_native_context, guards), 1);
    if (!request->stress || reason != RF_EXIT_GUARD) return; /* ROOM may be what a call has answered */
    /* if (--context->stress <= 0) leave */
    rvalue left = add_to_part(t, offsetof(rf_native_context, stress), -1);
    rf_ir_block *next = new_block(t);
    branch(t, test(t, RF_IR_GT, left, constant(t, 0)), next, exit_block(t, reason));
    t->block = next;
}

/* if (!condition) leave, before the instruction */
static inline void guard_for(tr *t, rvalue condition, unsigned reason)
{
    if (!EMITS) return;
    rf_ir_block *next = new_block(t);
    watch_guard(t, reason);
    rf_ir_guard(F, t->block, t->here, condition, next, exit_block(t, reason));
    t->block = next;
}
static inline void guard(tr *t, rvalue condition)
{
    guard_for(t, condition, RF_EXIT_GUARD);
}

static inline void tell(const tr *t, const char *what, uint64_t count)
{
    if (!t->is_settled || !t->all->unit->request.is_traced || count == 0) return;
    const rf_wire_hint *h = hints(t, t->at);
    fprintf(stderr, "jit:   %s %s at %u of function %u, %u times (%x %x %x)\n", what,
            rf_op_infos[t->s->code[t->at].op].name, t->at, t->number, h->count, h->seen[0],
            h->seen[1], h->seen[2]);
}

/* The instruction is left to the VM. */
static inline void leave_for(tr *t, unsigned reason)
{
    const uint64_t count = hints(t, t->at)->count;
    tell(t, "leaves", count);
    t->losses += count;
    t->gains -= t->gains < count ? t->gains : count;
    if (EMITS) leave_with(t, t->start, t->at, reason);
    t->is_ended = true;
}
static inline void leave(tr *t)
{
    leave_for(t, RF_EXIT_LEAVES);
}

/* ---- facts (objects.h) ---- */

static inline void noise(tr *t) /* what this instruction does is not done in quiet loops */
{
    if (t->is_settled) t->is_noisy[t->at] = true;
}
static inline void forget_facts(tr *t) /* anything may happen */
{
    noise(t);
    t->fact_count = 0;
}
static inline void disown_facts(tr *t) /* something gets one more owner */
{
    noise(t);
    for (uint32_t i = 0; i < t->fact_count; i++) t->facts[i].is_own = false;
    for (uint32_t i = 0; i < t->s->f.register_count; i++) t->now[i].is_own = false;
}
static inline void forget_variable(tr *t, rf_way way, uint32_t operand) /* a number is stored in it */
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < t->fact_count; i++) /* what hangs on it cannot be found any more */
        if (t->facts[i].parent || t->facts[i].way != way || t->facts[i].operand != operand) t->facts[kept++] = t->facts[i];
    t->fact_count = kept;
}
static inline bool is_about(const rf_fact *f, uint32_t reg)
{
    return f->operand == reg && (f->way == RF_WAY_INDEX || f->way == RF_WAY_BOUND || f->way == RF_WAY_REGISTER ||
                                 f->way == RF_WAY_CELL);
}
static inline void touch(tr *t, uint32_t reg) /* R[reg] gets another value */
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < t->fact_count; i++)
        if (!is_about(&t->facts[i], reg)) t->facts[kept++] = t->facts[i];
    t->fact_count = kept;
}

/* On the way to pc: what loops that begin there want to find in registers (loops.c). */
void rf_enter_loops(tr *t, uint32_t pc);
/* Where ways meet: what still holds because pc is in quiet loops (loops.c). */
void rf_keep_standing(tr *t, uint32_t pc);
/* Behind a call: what still holds because it is a quiet one, in quiet loops; the registers from `first` on are others. */
void rf_forget_around_call(tr *t, uint32_t first);

/* ---- ways ---- */

static inline bool is_same(const rf_known *a, const rf_known *b)
{
    return a->kind == b->kind && a->elements == b->elements && a->layout == b->layout &&
           a->has_header == b->has_header && a->is_own == b->is_own && a->is_lent == b->is_lent &&
           a->is_in_place == b->is_in_place && a->lender == b->lender;
}

static inline rf_known meet(tr *t, const rf_known *a, const rf_known *b, bool is_live)
{
    if (a->kind == RF_KIND_LENT || b->kind == RF_KIND_LENT) {
        if (is_same(a, b)) return *a;
        if (!is_live && !may_count(a->kind) && !may_count(b->kind)) return (rf_known){.kind = RF_KIND_CLEAN};
        const bool are_instances = (a->kind == RF_KIND_LENT || a->kind == RF_KIND_STRUCT) &&
                                   (b->kind == RF_KIND_LENT || b->kind == RF_KIND_STRUCT);
        if (are_instances && a->layout == b->layout) return (rf_known){.kind = RF_KIND_STRUCT, .layout = a->layout};
        return (rf_known){.kind = RF_KIND_MEMORY};
    }
    if (a->kind == b->kind && a->elements == b->elements && a->layout == b->layout) {
        rf_known both = *a;
        both.has_header &= b->has_header;
        both.is_own &= b->is_own;
        both.is_lent &= b->is_lent;
        return both;
    }
    if (a->kind == RF_KIND_STRING && b->kind == RF_KIND_STRING) return (rf_known){.kind = RF_KIND_STRING};
    if (a->kind == RF_KIND_FUNCTION && b->kind == RF_KIND_FUNCTION && a->layout == b->layout)
        return (rf_known){.kind = RF_KIND_FUNCTION, .layout = a->layout, .is_lent = a->is_lent && b->is_lent};
    if (!is_live && !may_count(a->kind) && !may_count(b->kind))
        return (rf_known){.kind = RF_KIND_CLEAN};
    if (is_live && (a->kind == RF_KIND_VIRTUAL || b->kind == RF_KIND_VIRTUAL)) return rf_virtual_meet(t, *a, *b);
    return (rf_known){.kind = RF_KIND_MEMORY};
}

static inline void queue(tr *t, uint32_t pc)
{
    if (t->is_queued[pc]) return;
    t->is_queued[pc] = true;
    t->work[t->work_count++] = pc;
}

/* On the way to pc: R[reg], if it lives there; what is lent to a register that is dead is nobody's. */
static inline rf_known known_at(const tr *t, uint32_t reg, uint32_t pc)
{
    const rf_known k = t->now[reg];
    const bool is_over = k.kind == RF_KIND_LENT && !k.is_in_place && !rf_source_is_live(t->s, pc, reg);
    return is_over ? (rf_known){.kind = RF_KIND_CLEAN} : k;
}

static inline void flow(tr *t, uint32_t pc)
{
    const uint32_t count = t->s->f.register_count;
    rf_enter_loops(t, pc);
    if (t->is_settled) { /* the kinds are final: which instructions are really reached? */
        if (!t->before[pc]) return; /* not known yet: there will be another round */
        if (t->is_reached[pc]) {
            t->ways_to[pc]++;
            return;
        }
        t->ways_to[pc]++;
        t->is_reached[pc] = true;
        queue(t, pc);
        return;
    }
    if (!t->before[pc]) {
        t->before[pc] = rf_alloc_array(rf_known, count);
        for (uint32_t i = 0; i < count; i++) {
            t->before[pc][i] = known_at(t, i, pc);
            if ((is_in_variable(t->now[i].kind) || t->now[i].kind == RF_KIND_VIRTUAL) && !rf_source_is_live(t->s, pc, i))
                t->before[pc][i] = (rf_known){.kind = RF_KIND_CLEAN};
        }
        queue(t, pc);
        return;
    }
    bool has_changed = false;
    for (uint32_t i = 0; i < count; i++) {
        const rf_known k = known_at(t, i, pc);
        const rf_known m = meet(t, &t->before[pc][i], &k, rf_source_is_live(t->s, pc, i));
        if (is_same(&m, &t->before[pc][i])) continue;
        t->before[pc][i] = m;
        has_changed = true;
    }
    if (has_changed) queue(t, pc);
}

/* On the way to pc: what is expected in memory there goes there. */
static inline void adapt(tr *t, uint32_t pc)
{
    const rf_known *then = t->before[pc];
    for (uint32_t i = 0; i < t->s->f.register_count; i++) {
        if (is_in_variable(t->now[i].kind) && then[i].kind == RF_KIND_MEMORY) write_back(t, i, t->now[i].kind);
        if (t->now[i].kind == RF_KIND_VIRTUAL)
            rf_virtual_adapt(t, i, pc, then[i]);
        else if (t->now[i].kind == RF_KIND_LENT) {
            if (then[i].kind != RF_KIND_LENT && rf_source_is_live(t->s, pc, i)) own_instance(t, i, t->now[i]);
        }
        else if (t->now[i].is_lent && !then[i].is_lent)
            own_lent(t, i, t->now[i]);
    }
}

static inline void go(tr *t, uint32_t pc)
{
    if (EMITS) {
        rf_enter_loops(t, pc);
        adapt(t, pc);
        t->went[1] = t->went[0];
        t->went[0] = pc;
        jump(t, t->blocks[pc]);
    } else {
        flow(t, pc);
    }
    t->is_ended = true;
}

static inline void go_if(tr *t, rvalue condition, uint32_t yes, uint32_t no)
{
    rf_ir_block *a = new_block(t), *b = new_block(t);
    const size_t size = t->s->f.register_count * sizeof *t->now;
    rf_known *kept = rf_alloc(size); /* the way into a loop may change what is known */
    memcpy(kept, t->now, size);
    branch(t, condition, a, b);
    t->block = a;
    go(t, yes);
    memcpy(t->now, kept, size);
    rf_free(kept);
    t->block = b;
    go(t, no);
}

static inline uint32_t jump_target(const tr *t)
{
    return (uint32_t)rf_op_jump_target(t->s->code, t->at);
}

/* ---- reading registers ---- */

static inline bool was_only(uint32_t seen, unsigned tag)
{
    return (seen & ((1u << RF_SEEN_ARRAY_SHIFT) - 1)) == 1u << tag;
}

static inline rf_kind guessed(const tr *t, uint32_t seen)
{
    if (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST) return RF_KIND_MEMORY;
    if (was_only(seen, RF_INT)) return RF_KIND_INT;
    if (was_only(seen, RF_FLOAT)) return RF_KIND_FLOAT;
    if (was_only(seen, RF_BOOL)) return RF_KIND_BOOL;
    return RF_KIND_MEMORY;
}

static inline void load_variable(tr *t, uint32_t reg, rf_kind kind, lvalue slot)
{
    if (kind == RF_KIND_FLOAT)
        assign(t, float_of(t, reg), value_of(t, slot_float(t, slot)));
    else
        assign(t, int_of(t, reg), value_of(t, slot_int(t, slot)));
}

/* The kind of the operand in field `index` of the instruction, guessed and tested if it is in
 * memory. */
static inline rf_kind operand(tr *t, uint32_t reg, unsigned index)
{
    rf_known *k = &t->now[reg];
    if (k->kind != RF_KIND_MEMORY) return k->kind;
    const rf_kind kind = guessed(t, hints(t, t->at)->seen[index]);
    if (kind == RF_KIND_MEMORY) return kind;
    lvalue slot = reg_slot(t, reg);
    guard(t,
          test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, head_of(kind))));
    load_variable(t, reg, kind, slot);
    *k = (rf_known){.kind = (uint8_t)kind};
    return kind;
}

static inline rvalue as_int(tr *t, uint32_t reg)
{
    return value_of(t, int_of(t, reg));
}
static inline rvalue as_float(tr *t, uint32_t reg)
{
    if (!EMITS) return NULL;
    return t->now[reg].kind == RF_KIND_FLOAT ? value_of(t, float_of(t, reg))
                                             : cast(t, as_int(t, reg), RF_IR_F64);
}

/* A temporary that is read dies. */
static inline void use(tr *t, uint32_t reg)
{
    if (is_temp(t, reg) && is_in_variable(t->now[reg].kind))
        t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
}

/* ---- writing registers ---- */

/* Gives up what the slot holds, which is unset then; objects that live on and cannot be part of a cycle without a call. */
static inline void release_slot(tr *t, lvalue slot)
{
    /* C: if (counts(slot->head)) {
     *        if ((uint8_t)slot->head <= RF_ERROR && object->count > 1) object->count--, slot->head = RF_UNSET;
     *        else rf_native_release(context, slot); } */
    _Static_assert(RF_FUNCTION == RF_ERROR + 1, "cycles begin with functions");
    if (!EMITS) return;
    rf_ir_block *yes = new_block(t), *plain = new_block(t), *living = new_block(t), *other = new_block(t),
                  *next = new_block(t);
    rvalue tag = keep(t, RF_IR_U8, cast(t, value_of(t, slot_head(t, slot)), RF_IR_U8));
    branch(t, test(t, RF_IR_GE, tag, number(t, RF_IR_U8, RF_HEAP_FIRST)), yes,
           next);
    t->block = yes;
    branch(t, test(t, RF_IR_LE, tag, number(t, RF_IR_U8, RF_ERROR)), plain,
           other);
    t->block = plain;
    rvalue object = cast(t, value_of(t, slot_object(t, slot)), RF_IR_OBJECT);
    rvalue count = keep(t, RF_IR_I32, value_of(t, array_part(t, object, RF_IR_COUNT)));
    branch(t, test(t, RF_IR_GT, count, number(t, RF_IR_I32, 1)), living, other);
    t->block = living;
    assign(t, array_part(t, object, RF_IR_COUNT),
           binary(t, RF_IR_SUB, count, number(t, RF_IR_I32, 1)));
    assign(t, slot_head(t, slot), constant(t, RF_UNSET));
    jump(t, next);
    t->block = other;
    rvalue args[] = {t->context, slot_address(t, slot)};
    call(t, RF_FN(release), 2, args);
    jump(t, next);
    t->block = next;
}

/* What R[reg] holds dies: it is given up, or was lent. */
static inline void release_register(tr *t, uint32_t reg)
{
    if (t->now[reg].is_lent)
        assign(t, slot_head(t, reg_slot(t, reg)), constant(t, RF_UNSET));
    else
        release_slot(t, reg_slot(t, reg));
}

static inline void release_old(tr *t, uint32_t reg) /* what R[reg] held, before it is written */
{
    if (may_count(t->now[reg].kind) && !is_temp(t, reg) && !is_character(&t->now[reg])) release_slot(t, reg_slot(t, reg));
}

static inline void put_int(tr *t, uint32_t reg, rvalue v, rf_kind kind)
{
    assign(t, int_of(t, reg), v);
    release_old(t, reg);
    touch(t, reg);
    t->now[reg] = (rf_known){.kind = (uint8_t)kind};
}
static inline void put_float(tr *t, uint32_t reg, rvalue v)
{
    assign(t, float_of(t, reg), v);
    release_old(t, reg);
    touch(t, reg);
    t->now[reg] = (rf_known){.kind = RF_KIND_FLOAT};
}
static inline void put_bool(tr *t, uint32_t reg, rvalue condition)
{
    put_int(t, reg, cast(t, condition, RF_IR_I64), RF_KIND_BOOL);
}

/* R[reg] = head, bits; owned */
static inline void put_value(tr *t, uint32_t reg, rvalue head, rvalue bits)
{
    release_old(t, reg);
    lvalue slot = reg_slot(t, reg);
    assign(t, slot_head(t, slot), head);
    assign(t, slot_object(t, slot), bits);
    touch(t, reg);
    t->now[reg] = (rf_known){.kind = RF_KIND_MEMORY};
}

static inline void retain(tr *t, rvalue head, rvalue bits)
{
    disown_facts(t);
    count_up(t, head, bits);
}

/* R[reg] is stored somewhere: it stays, then, and what it holds has one more owner, if it is no temporary. */
static inline void share(tr *t, uint32_t reg)
{
    if (!is_temp(t, reg) && !is_in_variable(t->now[reg].kind)) disown_facts(t);
}

/* ---- values on their way ---- */

typedef struct loaded { /* out of a container, not yet owned */
    rf_kind kind;
    rvalue v;    /* INT, BOOL, FLOAT; STRING: of one character */
    lvalue slot; /* MEMORY: where it lies */
    rf_way way;  /* that led there */
    uint32_t operand, parent;
} loaded;

/* Guesses the kind of what lies in memory: the last test of an instruction. */
static inline void settle(tr *t, loaded *from, uint32_t seen)
{
    const rf_kind kind = from->kind == RF_KIND_MEMORY ? guessed(t, seen) : RF_KIND_MEMORY;
    if (kind == RF_KIND_MEMORY) return;
    guard(t, test(t, RF_IR_EQ, EMITS ? value_of(t, slot_head(t, from->slot)) : NULL, constant(t, head_of(kind))));
    from->kind = kind;
    from->v = !EMITS                  ? NULL
              : kind == RF_KIND_FLOAT ? value_of(t, slot_float(t, from->slot))
                                      : value_of(t, slot_int(t, from->slot));
}

/* R[a] = the loaded value */
static inline void deliver(tr *t, uint32_t a, loaded from, uint32_t seen)
{
    settle(t, &from, seen);
    if (from.kind == RF_KIND_STRING) {
        put_value(t, a, constant(t, RF_STRING), from.v);
        t->now[a] = (rf_known){.kind = RF_KIND_STRING, .elements = 1};
    } else if (from.kind == RF_KIND_FLOAT) {
        put_float(t, a, from.v);
    } else if (from.kind != RF_KIND_MEMORY) {
        put_int(t, a, from.v, from.kind);
    } else {
        rvalue head = keep(t, RF_IR_I64, EMITS ? value_of(t, slot_head(t, from.slot)) : NULL);
        rvalue bits = keep(t, RF_IR_POINTER, EMITS ? value_of(t, slot_object(t, from.slot)) : NULL);
        retain(t, head, bits);
        put_value(t, a, head, bits);
    }
}

/* The same of what stays where it is until the next instruction has looked at it. */
static inline void deliver_or_lend(tr *t, uint32_t a, loaded from, bool is_lent)
{
    if (!is_lent || from.kind != RF_KIND_MEMORY) {
        deliver(t, a, from, 0);
        return;
    }
    rvalue head = keep(t, RF_IR_I64, EMITS ? value_of(t, slot_head(t, from.slot)) : NULL);
    put_value(t, a, head, EMITS ? value_of(t, slot_object(t, from.slot)) : NULL);
    t->now[a].is_lent = true;
}

/* *slot = R[reg], which is used; what was there is released. */
static inline void store_operand(tr *t, lvalue slot, uint32_t reg)
{
    const rf_kind kind = t->now[reg].kind;
    if (is_in_variable(kind)) {
        release_slot(t, slot);
        if (EMITS) {
            assign(t, slot_head(t, slot), constant(t, head_of(kind)));
            if (kind == RF_KIND_FLOAT)
                assign(t, slot_float(t, slot), value_of(t, float_of(t, reg)));
            else
                assign(t, slot_int(t, slot), value_of(t, int_of(t, reg)));
        }
        use(t, reg);
        return;
    }
    rvalue head = NULL, bits = NULL;
    share(t, reg);
    if (EMITS) {
        lvalue from = reg_slot(t, reg);
        head = keep(t, RF_IR_I64, value_of(t, slot_head(t, from)));
        bits = keep(t, RF_IR_POINTER, value_of(t, slot_object(t, from)));
        if (is_temp(t, reg))
            assign(t, slot_head(t, from), constant(t, RF_UNSET));
        else
            count_up(t, head, bits);
        release_slot(t, slot);
        assign(t, slot_head(t, slot), head);
        assign(t, slot_object(t, slot), bits);
    }
    if (is_temp(t, reg)) t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
}

/* array->info == elements */
static inline rvalue info_is(tr *t, rvalue p, unsigned elements)
{
    return EMITS ? test(t, RF_IR_EQ, value_of(t, array_part(t, p, RF_IR_INFO)),
                        number(t, RF_IR_U16, elements))
                 : NULL;
}

/* ---- the long way ---- */

static inline void flush_one(void *context, uint32_t reg, rf_access_kind access)
{
    tr *t = context;
    if (access != RF_ACCESS_DEF && is_in_variable(t->now[reg].kind))
        write_back(t, reg, t->now[reg].kind);
}

static inline void forget_one(void *context, uint32_t reg, rf_access_kind access)
{
    tr *t = context;
    switch (access) {
    case RF_ACCESS_PEEK: break;
    case RF_ACCESS_USE:
        if (is_temp(t, reg)) t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
        break;
    case RF_ACCESS_TAKE: t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN}; break;
    default: t->now[reg] = (rf_known){.kind = RF_KIND_MEMORY}; break;
    }
}

static inline bool changes_around(unsigned op) /* what a place names, too */
{
    return op == RF_OP_SETPLACE || op == RF_OP_GETPLACE || op == RF_OP_ADDPLACE || op == RF_OP_PUSHPLACE ||
           op == RF_OP_UPDATE || op == RF_OP_CALLMETHOD;
}

/* Is it a jump that compares R[a] with null? */
static inline bool rf_is_null_test(const rf_source *s, rf_instruction in)
{
    return (in.op == RF_OP_JEQK || in.op == RF_OP_JNEK || in.op == RF_OP_JNEQK || in.op == RF_OP_JNNEK) &&
           s->constants[in.b].head == RF_NULL;
}

static inline bool looks_around(unsigned op) /* reads registers it does not name */
{
    return changes_around(op) || op == RF_OP_CLOSURE || op == RF_OP_STRUCTDECL || op == RF_OP_ENUMDECL;
}

void rf_lent_own_operands(tr *t); /* lent.h */

/* What the C function that carries out the instruction looks at goes to memory. */
static inline void flush_operands(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    rf_lent_own_operands(t);
    if (looks_around(in.op)) {
        for (uint32_t i = 0; i < t->s->f.register_count; i++)
            if (is_in_variable(t->now[i].kind)) write_back(t, i, t->now[i].kind);
    } else if (EMITS) {
        rf_op_visit_registers(t->s->shape, in, false, flush_one, t);
    }
    /* what a release of the old value would find */
    const rf_op_info *info = &rf_op_infos[in.op];
    if (info->operands[0] == RF_OPERAND_DEF && is_in_variable(t->now[in.a].kind))
        write_back(t, in.a, t->now[in.a].kind);
}

/* Which registers it has changed. */
static inline void forget_results(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    disown_facts(t);
    forget_facts(t);
    if (changes_around(in.op))
        for (uint32_t i = 0; i < t->s->f.register_count; i++)
            if (may_count(t->now[i].kind)) t->now[i] = (rf_known){.kind = RF_KIND_MEMORY};
    rf_op_visit_registers(t->s->shape, in, false, forget_one, t);
}

static inline void raise_unless(tr *t, rvalue condition)
{
    if (!EMITS) return;
    rf_ir_block *next = new_block(t), *raised = new_block(t);
    branch(t, likely(t, condition), next, raised);
    t->block = raised;
    end_raised(t);
    t->block = next;
}

/* The instruction by the function of the VM that is just for it (direct.def); false: there is none. */
static inline bool execute_directly(tr *t)
{
    const rf_instruction *in = &t->s->code[t->at];
    const rf_ir_extern *direct = rf_direct(in->op);
    if (!direct) return false;
    int64_t bits;
    memcpy(&bits, in, sizeof bits);
    rvalue args[] = {value_of(t, context_part(t, offsetof(rf_native_context, isolate), RF_IR_POINTER)), t->fp, constant(t, bits)};
    if (direct->result == RF_IR_BOOL) /* whether it went well */
        raise_unless(t, call_value(t, direct, 3, args));
    else
        call(t, direct, 3, args);
    return true;
}

/* Calls the C function that carries out the instruction; its outcome (1: done, 2: jumps), NULL if it never jumps. */
static inline rvalue execute(tr *t)
{
    if (!needs_frame(t)) {
        forget_results(t);
        return NULL;
    }
    tell(t, "long way of", hints(t, t->at)->count);
    t->gains -= t->gains < hints(t, t->at)->count ? t->gains : hints(t, t->at)->count;
    flush_operands(t);
    save_pc(t, t->at + 1);
    rvalue outcome = NULL;
    if (EMITS && !execute_directly(t)) {
        rvalue args[] = {t->context, t->fp, constant(t, t->at)};
        outcome = keep(t, RF_IR_I64, call_value(t, RF_FN(execute), 3, args));
        raise_unless(t, test(t, RF_IR_NE, outcome, constant(t, OUTCOME_RAISED)));
    }
    forget_results(t);
    return outcome;
}

static inline void long_way(tr *t)
{
    execute(t);
}

static inline void long_jump(tr *t)
{
    rvalue outcome = execute(t);
    go_if(t, test(t, RF_IR_EQ, outcome, constant(t, OUTCOME_JUMPS)), jump_target(t),
          t->at + 1);
}

#endif
