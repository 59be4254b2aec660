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

enum { RF_MOST_OBJECTS = 90 }; /* that have names, so that room is left for the names of functions' parts */
enum { RF_DEOPT_HEAD = 0xFE }; /* head of what a native call returns when it goes on in the VM */
enum { RF_MARK_SHIFT = 32 };   /* of `marked` in the head that a light method returns */
enum { OUTCOME_RAISED, OUTCOME_DONE, OUTCOME_JUMPS, OUTCOME_LEAVES }; /* of jit/operations.c */

/* ---- short words ---- */

#define T     (&t->all->t)
#define GCC   (T->gcc)
#define EMITS (t->is_emitting)

static inline rvalue constant(tr *t, int64_t n)
{
    return EMITS ? gcc_jit_context_new_rvalue_from_long(GCC, T->i64, (long)n) : NULL;
}
/* Of an object of the request, or NULL; any other binds the code to this run. */
static inline rvalue address(tr *t, uint64_t a)
{
    if (!EMITS) return NULL;
    const rf_unit_request *unit = t->all->unit;
    for (uint32_t i = 0; a && i < unit->request.object_count; i++) {
        if (unit->objects[i] != a || T->outside_count >= RF_MOST_OBJECTS) continue;
        char name[32];
        snprintf(name, sizeof name, RF_WIRE_OBJECT, i);
        return rf_emit_outside(T, name);
    }
    if (a) t->all->is_bound = true;
    return gcc_jit_context_new_rvalue_from_ptr(GCC, T->pointer, (void *)(uintptr_t)a);
}
/* form: RF_WIRE_BASE_... of function `number` */
static inline rvalue base_address(tr *t, const char *form, uint32_t number, uint64_t offset)
{
    if (!EMITS) return NULL;
    char name[32];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(name, sizeof name, form, number);
#pragma GCC diagnostic pop
    rvalue base = rf_emit_outside(T, name);
    if (offset == 0) return base;
    rvalue bytes =
        gcc_jit_context_new_cast(GCC, NULL, base, gcc_jit_type_get_pointer(T->u8));
    lvalue at = gcc_jit_context_new_array_access(
        GCC, NULL, bytes, gcc_jit_context_new_rvalue_from_long(GCC, T->i64, (long)offset));
    return gcc_jit_context_new_cast(GCC, NULL, gcc_jit_lvalue_get_address(at, NULL), T->pointer);
}
static inline rvalue real(tr *t, double d)
{
    return EMITS ? gcc_jit_context_new_rvalue_from_double(GCC, T->f64, d) : NULL;
}
static inline rvalue binary(tr *t, enum gcc_jit_binary_op op, rvalue a, rvalue b)
{
    return EMITS ? gcc_jit_context_new_binary_op(GCC, NULL, op, gcc_jit_rvalue_get_type(a), a, b)
                 : NULL;
}
static inline rvalue test(tr *t, enum gcc_jit_comparison op, rvalue a, rvalue b)
{
    return EMITS ? gcc_jit_context_new_comparison(GCC, NULL, op, a, b) : NULL;
}
static inline rvalue cast(tr *t, rvalue v, gcc_jit_type *type)
{
    return EMITS ? gcc_jit_context_new_cast(GCC, NULL, v, type) : NULL;
}
static inline rvalue value_of(lvalue v)
{
    return v ? gcc_jit_lvalue_as_rvalue(v) : NULL;
}
static inline lvalue variable(tr *t, gcc_jit_type *type, const char *prefix)
{
    if (!EMITS) return NULL;
    char name[32];
    snprintf(name, sizeof name, "%s_%u", prefix, t->name_count++);
    return gcc_jit_function_new_local(t->function, NULL, type, name);
}
static inline void assign(tr *t, lvalue to, rvalue v)
{
    if (EMITS) gcc_jit_block_add_assignment(t->block, t->here, to, v);
}
static inline rvalue keep(tr *t, gcc_jit_type *type, rvalue v) /* evaluated now */
{
    lvalue kept = variable(t, type, "k");
    assign(t, kept, v);
    return value_of(kept);
}
static inline gcc_jit_block *new_block(tr *t)
{
    return EMITS ? gcc_jit_function_new_block(t->function, NULL) : NULL;
}
static inline void call(tr *t, gcc_jit_function *f, int count, rvalue *args)
{
    if (EMITS)
        gcc_jit_block_add_eval(t->block, t->here, gcc_jit_context_new_call(GCC, NULL, f, count, args));
}
static inline rvalue call_value(tr *t, gcc_jit_function *f, int count, rvalue *args)
{
    return EMITS ? gcc_jit_context_new_call(GCC, NULL, f, count, args) : NULL;
}
/* *(type *)((char *)base + offset) */
static inline lvalue part(tr *t, rvalue base, uint64_t offset, gcc_jit_type *type)
{
    if (!EMITS) return NULL;
    rvalue bytes = gcc_jit_context_new_cast(GCC, NULL, base, gcc_jit_type_get_pointer(T->u8));
    lvalue at = gcc_jit_context_new_array_access(
        GCC, NULL, bytes, gcc_jit_context_new_rvalue_from_long(GCC, T->i64, (long)offset));
    rvalue typed = gcc_jit_context_new_cast(GCC, NULL, gcc_jit_lvalue_get_address(at, NULL),
                                            gcc_jit_type_get_pointer(type));
    return gcc_jit_rvalue_dereference(typed, NULL);
}

/* a value in memory */
static inline lvalue reg_slot(tr *t, uint32_t reg)
{
    return EMITS ? gcc_jit_context_new_array_access(GCC, NULL, t->R, constant(t, reg)) : NULL;
}
static inline lvalue slot_head(tr *t, lvalue slot)
{
    return EMITS ? gcc_jit_lvalue_access_field(slot, NULL, T->head) : NULL;
}
static inline lvalue slot_part(tr *t, lvalue slot, gcc_jit_field *field)
{
    return EMITS ? gcc_jit_lvalue_access_field(gcc_jit_lvalue_access_field(slot, NULL, T->as), NULL,
                                               field)
                 : NULL;
}
static inline lvalue slot_int(tr *t, lvalue slot)
{
    return slot_part(t, slot, T->as_int);
}
static inline lvalue slot_float(tr *t, lvalue slot)
{
    return slot_part(t, slot, T->as_float);
}
static inline lvalue slot_object(tr *t, lvalue slot)
{
    return slot_part(t, slot, T->as_object);
}
static inline rvalue slot_address(tr *t, lvalue slot)
{
    return EMITS ? cast(t, gcc_jit_lvalue_get_address(slot, NULL), T->pointer) : NULL;
}
static inline lvalue part_of_closure(tr *t, rvalue closure, uint32_t capture)
{
    return part(t, closure, offsetof(rf_function, captures) + capture * sizeof(rf_value), T->value);
}
static inline lvalue array_part(tr *t, rvalue array, gcc_jit_field *field)
{
    return EMITS ? gcc_jit_rvalue_dereference_field(array, NULL, field) : NULL;
}

/* the variables of a register */
static inline lvalue own(tr *t, lvalue *list, uint32_t reg, gcc_jit_type *type, const char *prefix)
{
    if (!EMITS) return NULL;
    if (!list[reg]) {
        char name[32];
        snprintf(name, sizeof name, "%s%u", prefix, reg);
        list[reg] = gcc_jit_function_new_local(t->function, NULL, type, name);
    }
    return list[reg];
}
static inline lvalue int_of(tr *t, uint32_t reg)
{
    return own(t, t->ints, reg, T->i64, "i");
}
static inline lvalue float_of(tr *t, uint32_t reg)
{
    return own(t, t->floats, reg, T->f64, "d");
}
static inline lvalue object_of(tr *t, uint32_t reg)
{
    return own(t, t->objects, reg, T->array_pointer, "o");
}

static inline lvalue length_variable(tr *t, uint32_t reg)
{
    return own(t, t->lengths, reg, T->i64, "n");
}
static inline lvalue data_variable(tr *t, uint32_t reg)
{
    return own(t, t->datas, reg, T->pointer, "e");
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
        assign(t, slot_float(t, slot), value_of(float_of(t, reg)));
    else
        assign(t, slot_int(t, slot), value_of(int_of(t, reg)));
}

static inline void branch(tr *t, rvalue condition, gcc_jit_block *yes, gcc_jit_block *no)
{
    if (EMITS) gcc_jit_block_end_with_conditional(t->block, t->here, condition, yes, no);
}

static inline rvalue counts(tr *t, rvalue head) /* (uint8_t)head >= RF_HEAP_FIRST */
{
    return EMITS ? test(t, GCC_JIT_COMPARISON_GE, cast(t, head, T->u8),
                        gcc_jit_context_new_rvalue_from_int(GCC, T->u8, RF_HEAP_FIRST))
                 : NULL;
}

/* if (counts) object->count++ unless immortal */
static inline void count_up(tr *t, rvalue head, rvalue bits)
{
    if (!EMITS) return;
    gcc_jit_block *yes = new_block(t), *mortal = new_block(t), *next = new_block(t);
    branch(t, counts(t, head), yes, next);
    t->block = yes;
    rvalue object = keep(t, T->array_pointer, cast(t, bits, T->array_pointer));
    lvalue count = array_part(t, object, T->a_count);
    branch(t, test(t, GCC_JIT_COMPARISON_GE, value_of(count), gcc_jit_context_zero(GCC, T->i32)),
           mortal, next);
    t->block = mortal;
    assign(t, count,
           binary(t, GCC_JIT_BINARY_OP_PLUS, value_of(count), gcc_jit_context_one(GCC, T->i32)));
    gcc_jit_block_end_with_jump(mortal, t->here, next);
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
    count_up(t, value_of(slot_head(t, slot)), value_of(slot_object(t, slot)));
}

/* R[reg] = the instance that is lent to it, with an owner of its own; a self in place leaves its place for it. */
static inline void own_instance(tr *t, uint32_t reg, rf_known k)
{
    if (!EMITS) return;
    lvalue slot = reg_slot(t, reg);
    rvalue p = cast(t, value_of(object_of(t, reg)), T->pointer);
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

static inline lvalue context_part(tr *t, size_t offset, gcc_jit_type *type)
{
    return part(t, t->context, offset, type);
}

static inline rvalue pc_address(tr *t, uint32_t pc)
{
    return base_address(t, RF_WIRE_BASE_CODE, t->number, (uint64_t)pc * sizeof(rf_instruction));
}

static inline void save_pc(tr *t, uint32_t pc) /* fp->pc = &code[pc] */
{
    if (EMITS) assign(t, part(t, t->fp, offsetof(rf_frame, pc), T->pointer), pc_address(t, pc));
}

/* return head, which is no value but an outcome */
static inline void return_head(tr *t, int64_t head)
{
    if (!EMITS) return;
    lvalue out = variable(t, T->value, "out");
    assign(t, slot_head(t, out), constant(t, head));
    assign(t, slot_int(t, out), constant(t, 0));
    gcc_jit_block_end_with_return(t->block, t->here, value_of(out));
}

/* Everything that lives is in memory: the VM goes on at pc. */
static inline void end_in_vm(tr *t, uint32_t pc)
{
    if (!EMITS) return;
    if (has_frame(t)) save_pc(t, pc);
    if (t->is_top) {
        gcc_jit_block_end_with_return(t->block, t->here, constant(t, RF_NATIVE_GOES_ON));
        return;
    }
    if (t->is_generator) rf_suspend_generator(t, pc);
    if (t->is_framed || t->is_generator) {
        return_head(t, RF_DEOPT_HEAD);
        return;
    }
    rvalue args[] = {t->context, base_address(t, RF_WIRE_BASE_PROTO, t->number, 0), pc_address(t, pc),
                     cast(t, t->R, T->pointer),
                     t->marked ? binary(t, GCC_JIT_BINARY_OP_MULT, value_of(t->marked), constant(t, RF_FRAME_MARKED))
                               : constant(t, 0)};
    call(t, T->deopt, 5, args);
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
        gcc_jit_block_end_with_return(t->block, t->here, constant(t, RF_NATIVE_RAISED));
    else
        return_head(t, RF_RAISED);
}

static inline void leave_with(tr *t, const rf_known *state, uint32_t pc, unsigned reason)
{
    if (!EMITS) return;
    if (t->all->unit->request.dumps & RF_WIRE_DUMP_EXITS) rf_dump_exit(t, state, pc, reason);
    assign(t, context_part(t, offsetof(rf_native_context, exit), T->i64),
           constant(t, (int64_t)pc << 8 | t->number << 4 | reason));
    write_back_live(t, state, pc);
    end_in_vm(t, pc);
}

/* Where a failed guess of this instruction goes: as if it had not begun. */
static inline gcc_jit_block *exit_block(tr *t, unsigned reason)
{
    for (unsigned i = 0; i < t->exit_count; i++)
        if (t->exits[i].reason == reason) return t->exits[i].block;
    gcc_jit_block *here = t->block, *exit = new_block(t);
    t->block = exit;
    leave_with(t, t->start, t->at, reason);
    t->block = here;
    t->exits[t->exit_count++] = (rf_exit_block){exit, reason};
    return exit;
}

static inline rvalue likely(tr *t, rvalue condition)
{
    if (!EMITS) return NULL;
    gcc_jit_type *l = gcc_jit_context_get_type(GCC, GCC_JIT_TYPE_LONG);
    rvalue args[] = {cast(t, condition, l), gcc_jit_context_new_rvalue_from_long(GCC, l, 1)};
    return test(t, GCC_JIT_COMPARISON_NE, gcc_jit_context_new_call(GCC, NULL, T->expect, 2, args),
                gcc_jit_context_new_rvalue_from_long(GCC, l, 0));
}

/* context->part += by; its new value */
static inline rvalue add_to_part(tr *t, size_t offset, int64_t by)
{
    lvalue at = context_part(t, offset, T->i64);
    assign(t, at, binary(t, GCC_JIT_BINARY_OP_PLUS, value_of(at), constant(t, by)));
    return value_of(at);
}

/* For the profiler and for tests: counts the guard, has every so many fail. */
static inline void watch_guard(tr *t, unsigned reason)
{
    const rf_wire_request *request = &t->all->unit->request;
    if (request->counts_guards) add_to_part(t, offsetof(rf_native_context, guards), 1);
    if (!request->stress || reason != RF_EXIT_GUARD) return; /* ROOM may be what a call has answered */
    /* if (--context->stress <= 0) leave */
    rvalue left = add_to_part(t, offsetof(rf_native_context, stress), -1);
    gcc_jit_block *next = new_block(t);
    branch(t, test(t, GCC_JIT_COMPARISON_GT, left, constant(t, 0)), next, exit_block(t, reason));
    t->block = next;
}

/* if (!condition) leave, before the instruction */
static inline void guard_for(tr *t, rvalue condition, unsigned reason)
{
    if (!EMITS) return;
    gcc_jit_block *next = new_block(t);
    watch_guard(t, reason);
    branch(t, likely(t, condition), next, exit_block(t, reason));
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
        gcc_jit_block_end_with_jump(t->block, t->here, t->blocks[pc]);
    } else {
        flow(t, pc);
    }
    t->is_ended = true;
}

static inline void go_if(tr *t, rvalue condition, uint32_t yes, uint32_t no)
{
    gcc_jit_block *a = new_block(t), *b = new_block(t);
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
        assign(t, float_of(t, reg), value_of(slot_float(t, slot)));
    else
        assign(t, int_of(t, reg), value_of(slot_int(t, slot)));
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
          test(t, GCC_JIT_COMPARISON_EQ, value_of(slot_head(t, slot)), constant(t, head_of(kind))));
    load_variable(t, reg, kind, slot);
    *k = (rf_known){.kind = (uint8_t)kind};
    return kind;
}

static inline rvalue as_int(tr *t, uint32_t reg)
{
    return value_of(int_of(t, reg));
}
static inline rvalue as_float(tr *t, uint32_t reg)
{
    if (!EMITS) return NULL;
    return t->now[reg].kind == RF_KIND_FLOAT ? value_of(float_of(t, reg))
                                             : cast(t, as_int(t, reg), T->f64);
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
    gcc_jit_block *yes = new_block(t), *plain = new_block(t), *living = new_block(t), *other = new_block(t),
                  *next = new_block(t);
    rvalue tag = keep(t, T->u8, cast(t, value_of(slot_head(t, slot)), T->u8));
    branch(t, test(t, GCC_JIT_COMPARISON_GE, tag, gcc_jit_context_new_rvalue_from_int(GCC, T->u8, RF_HEAP_FIRST)), yes,
           next);
    t->block = yes;
    branch(t, test(t, GCC_JIT_COMPARISON_LE, tag, gcc_jit_context_new_rvalue_from_int(GCC, T->u8, RF_ERROR)), plain,
           other);
    t->block = plain;
    rvalue object = cast(t, value_of(slot_object(t, slot)), T->array_pointer);
    rvalue count = keep(t, T->i32, value_of(array_part(t, object, T->a_count)));
    branch(t, test(t, GCC_JIT_COMPARISON_GT, count, gcc_jit_context_one(GCC, T->i32)), living, other);
    t->block = living;
    assign(t, array_part(t, object, T->a_count),
           binary(t, GCC_JIT_BINARY_OP_MINUS, count, gcc_jit_context_one(GCC, T->i32)));
    assign(t, slot_head(t, slot), constant(t, RF_UNSET));
    gcc_jit_block_end_with_jump(t->block, t->here, next);
    t->block = other;
    rvalue args[] = {t->context, slot_address(t, slot)};
    call(t, T->release, 2, args);
    gcc_jit_block_end_with_jump(t->block, t->here, next);
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
    put_int(t, reg, cast(t, condition, T->i64), RF_KIND_BOOL);
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
    guard(t, test(t, GCC_JIT_COMPARISON_EQ, EMITS ? value_of(slot_head(t, from->slot)) : NULL, constant(t, head_of(kind))));
    from->kind = kind;
    from->v = !EMITS                  ? NULL
              : kind == RF_KIND_FLOAT ? value_of(slot_float(t, from->slot))
                                      : value_of(slot_int(t, from->slot));
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
        rvalue head = keep(t, T->i64, EMITS ? value_of(slot_head(t, from.slot)) : NULL);
        rvalue bits = keep(t, T->pointer, EMITS ? value_of(slot_object(t, from.slot)) : NULL);
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
    rvalue head = keep(t, T->i64, EMITS ? value_of(slot_head(t, from.slot)) : NULL);
    put_value(t, a, head, EMITS ? value_of(slot_object(t, from.slot)) : NULL);
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
                assign(t, slot_float(t, slot), value_of(float_of(t, reg)));
            else
                assign(t, slot_int(t, slot), value_of(int_of(t, reg)));
        }
        use(t, reg);
        return;
    }
    rvalue head = NULL, bits = NULL;
    share(t, reg);
    if (EMITS) {
        lvalue from = reg_slot(t, reg);
        head = keep(t, T->i64, value_of(slot_head(t, from)));
        bits = keep(t, T->pointer, value_of(slot_object(t, from)));
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
    return EMITS ? test(t, GCC_JIT_COMPARISON_EQ, value_of(array_part(t, p, T->a_info)),
                        gcc_jit_context_new_rvalue_from_int(GCC, T->u16, (int)elements))
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
    gcc_jit_block *next = new_block(t), *raised = new_block(t);
    branch(t, likely(t, condition), next, raised);
    t->block = raised;
    end_raised(t);
    t->block = next;
}

/* The instruction by the function of the VM that is just for it (direct.def); false: there is none. */
static inline bool execute_directly(tr *t)
{
    bool raises;
    const rf_instruction *in = &t->s->code[t->at];
    gcc_jit_function *direct = rf_emit_direct(T, in->op, &raises);
    if (!direct) return false;
    int64_t bits;
    memcpy(&bits, in, sizeof bits);
    rvalue args[] = {value_of(context_part(t, offsetof(rf_native_context, isolate), T->pointer)), t->fp, constant(t, bits)};
    if (raises)
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
        outcome = keep(t, T->i64, call_value(t, T->execute, 3, args));
        raise_unless(t, test(t, GCC_JIT_COMPARISON_NE, outcome, constant(t, OUTCOME_RAISED)));
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
    go_if(t, test(t, GCC_JIT_COMPARISON_EQ, outcome, constant(t, OUTCOME_JUMPS)), jump_target(t),
          t->at + 1);
}

#endif
