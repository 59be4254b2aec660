/* One function an instruction or family of them; see translate.h.  Nothing may change before the last guess of an
 * instruction has been tested, because a failed guess has the VM do the whole instruction. */
#include "jitc/translate.h"

#include "base/alloc.h"
#include "value/array.h"
#include "value/struct_type.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef rf_translator tr;

enum { DEOPT = 0xFE, EXIT_COST = 25 };

/* ---- short words ---- */

#define T (&t->all->t)
#define GCC (T->gcc)
#define EMITS (t->is_emitting)

static rvalue constant(tr *t, int64_t n)
{
    return EMITS ? gcc_jit_context_new_rvalue_from_long(GCC, T->i64, (long)n) : NULL;
}
static rvalue address(tr *t, uint64_t a)
{
    return EMITS ? gcc_jit_context_new_rvalue_from_ptr(GCC, T->pointer, (void *)(uintptr_t)a) : NULL;
}
static rvalue real(tr *t, double d)
{
    return EMITS ? gcc_jit_context_new_rvalue_from_double(GCC, T->f64, d) : NULL;
}
static rvalue binary(tr *t, enum gcc_jit_binary_op op, rvalue a, rvalue b)
{
    return EMITS ? gcc_jit_context_new_binary_op(GCC, NULL, op, gcc_jit_rvalue_get_type(a), a, b) : NULL;
}
static rvalue test(tr *t, enum gcc_jit_comparison op, rvalue a, rvalue b)
{
    return EMITS ? gcc_jit_context_new_comparison(GCC, NULL, op, a, b) : NULL;
}
static rvalue cast(tr *t, rvalue v, gcc_jit_type *type)
{
    return EMITS ? gcc_jit_context_new_cast(GCC, NULL, v, type) : NULL;
}
static rvalue value_of(lvalue v)
{
    return v ? gcc_jit_lvalue_as_rvalue(v) : NULL;
}
static lvalue variable(tr *t, gcc_jit_type *type, const char *prefix)
{
    if (!EMITS) return NULL;
    char name[32];
    snprintf(name, sizeof name, "%s_%u", prefix, t->name_count++);
    return gcc_jit_function_new_local(t->function, NULL, type, name);
}
static void assign(tr *t, lvalue to, rvalue v)
{
    if (EMITS) gcc_jit_block_add_assignment(t->block, NULL, to, v);
}
static rvalue keep(tr *t, gcc_jit_type *type, rvalue v) /* evaluated now */
{
    lvalue kept = variable(t, type, "k");
    assign(t, kept, v);
    return value_of(kept);
}
static gcc_jit_block *new_block(tr *t)
{
    return EMITS ? gcc_jit_function_new_block(t->function, NULL) : NULL;
}
static void call(tr *t, gcc_jit_function *f, int count, rvalue *args)
{
    if (EMITS) gcc_jit_block_add_eval(t->block, NULL, gcc_jit_context_new_call(GCC, NULL, f, count, args));
}
static rvalue call_value(tr *t, gcc_jit_function *f, int count, rvalue *args)
{
    return EMITS ? gcc_jit_context_new_call(GCC, NULL, f, count, args) : NULL;
}
/* *(type *)((char *)base + offset) */
static lvalue part(tr *t, rvalue base, uint64_t offset, gcc_jit_type *type)
{
    if (!EMITS) return NULL;
    rvalue bytes = gcc_jit_context_new_cast(GCC, NULL, base, gcc_jit_type_get_pointer(T->u8));
    lvalue at = gcc_jit_context_new_array_access(GCC, NULL, bytes, gcc_jit_context_new_rvalue_from_long(GCC, T->i64, (long)offset));
    rvalue typed = gcc_jit_context_new_cast(GCC, NULL, gcc_jit_lvalue_get_address(at, NULL), gcc_jit_type_get_pointer(type));
    return gcc_jit_rvalue_dereference(typed, NULL);
}

/* a value in memory */
static lvalue reg_slot(tr *t, uint32_t reg)
{
    return EMITS ? gcc_jit_context_new_array_access(GCC, NULL, t->R, constant(t, reg)) : NULL;
}
static lvalue slot_head(tr *t, lvalue slot)
{
    return EMITS ? gcc_jit_lvalue_access_field(slot, NULL, T->head) : NULL;
}
static lvalue slot_part(tr *t, lvalue slot, gcc_jit_field *field)
{
    return EMITS ? gcc_jit_lvalue_access_field(gcc_jit_lvalue_access_field(slot, NULL, T->as), NULL, field) : NULL;
}
static lvalue slot_int(tr *t, lvalue slot) { return slot_part(t, slot, T->as_int); }
static lvalue slot_float(tr *t, lvalue slot) { return slot_part(t, slot, T->as_float); }
static lvalue slot_object(tr *t, lvalue slot) { return slot_part(t, slot, T->as_object); }
static rvalue slot_address(tr *t, lvalue slot)
{
    return EMITS ? cast(t, gcc_jit_lvalue_get_address(slot, NULL), T->pointer) : NULL;
}
static lvalue array_part(tr *t, rvalue array, gcc_jit_field *field)
{
    return EMITS ? gcc_jit_rvalue_dereference_field(array, NULL, field) : NULL;
}

/* the variables of a register */
static lvalue own(tr *t, lvalue *list, uint32_t reg, gcc_jit_type *type, const char *prefix)
{
    if (!EMITS) return NULL;
    if (!list[reg]) {
        char name[32];
        snprintf(name, sizeof name, "%s%u", prefix, reg);
        list[reg] = gcc_jit_function_new_local(t->function, NULL, type, name);
    }
    return list[reg];
}
static lvalue int_of(tr *t, uint32_t reg) { return own(t, t->ints, reg, T->i64, "i"); }
static lvalue float_of(tr *t, uint32_t reg) { return own(t, t->floats, reg, T->f64, "d"); }
static lvalue object_of(tr *t, uint32_t reg) { return own(t, t->objects, reg, T->array_pointer, "o"); }

static bool is_number(rf_kind kind) { return kind == RF_KIND_INT || kind == RF_KIND_FLOAT; }
static bool is_in_variable(rf_kind kind) { return kind == RF_KIND_INT || kind == RF_KIND_FLOAT || kind == RF_KIND_BOOL; }
static bool may_count(rf_kind kind) { return kind == RF_KIND_MEMORY || kind == RF_KIND_ARRAY || kind == RF_KIND_STRUCT; }
static int64_t head_of(rf_kind kind)
{
    return kind == RF_KIND_INT ? RF_INT : kind == RF_KIND_FLOAT ? RF_FLOAT : RF_BOOL;
}
static bool is_temp(const tr *t, uint32_t reg) { return reg >= t->s->f.temp_base; }
static const rf_feedback *hints(const tr *t, uint32_t pc) { return &t->s->feedback[pc]; }

/* ---- writing back, leaving ---- */

/* R[reg] = its variable */
static void write_back(tr *t, uint32_t reg, rf_kind kind)
{
    if (!EMITS) return;
    lvalue slot = reg_slot(t, reg);
    assign(t, slot_head(t, slot), constant(t, head_of(kind)));
    if (kind == RF_KIND_FLOAT)
        assign(t, slot_float(t, slot), value_of(float_of(t, reg)));
    else
        assign(t, slot_int(t, slot), value_of(int_of(t, reg)));
}

static void write_back_live(tr *t, const rf_known *state, uint32_t pc)
{
    for (uint32_t i = 0; i < t->s->f.register_count; i++)
        if (is_in_variable(state[i].kind) && rf_source_is_live(t->s, pc, i)) write_back(t, i, state[i].kind);
}

static lvalue context_part(tr *t, size_t offset, gcc_jit_type *type)
{
    return part(t, t->context, offset, type);
}

static rvalue pc_address(tr *t, uint32_t pc)
{
    return address(t, t->s->f.code + (uint64_t)pc * sizeof(rf_instruction));
}

static void save_pc(tr *t, uint32_t pc) /* fp->pc = &code[pc] */
{
    if (EMITS) assign(t, part(t, t->fp, offsetof(rf_frame, pc), T->pointer), pc_address(t, pc));
}

static void return_deopt(tr *t)
{
    if (!EMITS) return;
    lvalue out = variable(t, T->value, "out");
    assign(t, slot_head(t, out), constant(t, DEOPT));
    assign(t, slot_int(t, out), constant(t, 0));
    gcc_jit_block_end_with_return(t->block, NULL, value_of(out));
}

/* Everything that lives is in memory: the VM goes on at pc. */
static void end_in_vm(tr *t, uint32_t pc)
{
    if (!EMITS) return;
    if (t->is_top) {
        save_pc(t, pc);
        gcc_jit_block_end_with_return(t->block, NULL, constant(t, RF_NATIVE_GOES_ON));
        return;
    }
    rvalue args[] = {t->context, address(t, t->s->f.proto), pc_address(t, pc), cast(t, t->R, T->pointer)};
    call(t, T->deopt, 4, args);
    return_deopt(t);
}

static void leave_with(tr *t, const rf_known *state, uint32_t pc, unsigned reason)
{
    if (!EMITS) return;
    assign(t, context_part(t, offsetof(rf_native_context, exit), T->i64),
           constant(t, (int64_t)pc << 8 | t->number << 4 | reason));
    write_back_live(t, state, pc);
    end_in_vm(t, pc);
}

/* Where a failed guess of this instruction goes: as if it had not begun. */
static gcc_jit_block *exit_block(tr *t, unsigned reason)
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

static void branch(tr *t, rvalue condition, gcc_jit_block *yes, gcc_jit_block *no)
{
    if (EMITS) gcc_jit_block_end_with_conditional(t->block, NULL, condition, yes, no);
}

static rvalue likely(tr *t, rvalue condition)
{
    if (!EMITS) return NULL;
    gcc_jit_type *l = gcc_jit_context_get_type(GCC, GCC_JIT_TYPE_LONG);
    rvalue args[] = {cast(t, condition, l), gcc_jit_context_new_rvalue_from_long(GCC, l, 1)};
    return test(t, GCC_JIT_COMPARISON_NE, gcc_jit_context_new_call(GCC, NULL, T->expect, 2, args),
                gcc_jit_context_new_rvalue_from_long(GCC, l, 0));
}

/* if (!condition) leave, before the instruction */
static void guard_for(tr *t, rvalue condition, unsigned reason)
{
    if (!EMITS) return;
    gcc_jit_block *next = new_block(t);
    branch(t, likely(t, condition), next, exit_block(t, reason));
    t->block = next;
}
static void guard(tr *t, rvalue condition) { guard_for(t, condition, RF_EXIT_GUARD); }

static void tell(const tr *t, const char *what, uint64_t count)
{
    if (!t->is_settled || !t->all->unit->request.is_traced || count == 0) return;
    const rf_feedback *h = hints(t, t->at);
    fprintf(stderr, "jit:   %s %s at %u of function %u, %u times (%x %x %x)\n", what, rf_op_infos[t->s->code[t->at].op].name,
            t->at, t->number, h->count, h->seen[0], h->seen[1], h->seen[2]);
}

/* The instruction is left to the VM. */
static void leave_for(tr *t, unsigned reason)
{
    const uint64_t count = hints(t, t->at)->count;
    tell(t, "leaves", count);
    t->losses += count;
    t->gains -= t->gains < count ? t->gains : count;
    if (EMITS) leave_with(t, t->start, t->at, reason);
    t->is_ended = true;
}
static void leave(tr *t) { leave_for(t, RF_EXIT_LEAVES); }

/* ---- ways ---- */

static bool is_same(const rf_known *a, const rf_known *b)
{
    return a->kind == b->kind && a->elements == b->elements && a->layout == b->layout;
}

static rf_known meet(const rf_known *a, const rf_known *b, bool is_live)
{
    if (is_same(a, b)) return *a;
    if (!is_live && !may_count(a->kind) && !may_count(b->kind)) return (rf_known){.kind = RF_KIND_CLEAN};
    return (rf_known){.kind = RF_KIND_MEMORY};
}

static void queue(tr *t, uint32_t pc)
{
    if (t->is_queued[pc]) return;
    t->is_queued[pc] = true;
    t->work[t->work_count++] = pc;
}

static void flow(tr *t, uint32_t pc)
{
    const uint32_t count = t->s->f.register_count;
    if (t->is_settled) { /* the kinds are final: which instructions are really reached? */
        if (!t->before[pc] || t->is_reached[pc]) return; /* not known yet: there will be another round */
        t->is_reached[pc] = true;
        queue(t, pc);
        return;
    }
    if (!t->before[pc]) {
        t->before[pc] = rf_alloc_array(rf_known, count);
        for (uint32_t i = 0; i < count; i++) {
            t->before[pc][i] = t->now[i];
            if (is_in_variable(t->now[i].kind) && !rf_source_is_live(t->s, pc, i))
                t->before[pc][i] = (rf_known){.kind = RF_KIND_CLEAN};
        }
        queue(t, pc);
        return;
    }
    bool has_changed = false;
    for (uint32_t i = 0; i < count; i++) {
        const rf_known m = meet(&t->before[pc][i], &t->now[i], rf_source_is_live(t->s, pc, i));
        if (is_same(&m, &t->before[pc][i])) continue;
        t->before[pc][i] = m;
        has_changed = true;
    }
    if (has_changed) queue(t, pc);
}

/* On the way to pc: what is expected in memory there goes there. */
static void adapt(tr *t, uint32_t pc)
{
    const rf_known *then = t->before[pc];
    for (uint32_t i = 0; i < t->s->f.register_count; i++)
        if (is_in_variable(t->now[i].kind) && then[i].kind == RF_KIND_MEMORY) write_back(t, i, t->now[i].kind);
}

static void go(tr *t, uint32_t pc)
{
    if (EMITS) {
        adapt(t, pc);
        gcc_jit_block_end_with_jump(t->block, NULL, t->blocks[pc]);
    } else {
        flow(t, pc);
    }
    t->is_ended = true;
}

static void go_if(tr *t, rvalue condition, uint32_t yes, uint32_t no)
{
    gcc_jit_block *a = new_block(t), *b = new_block(t);
    branch(t, condition, a, b);
    t->block = a;
    go(t, yes);
    t->block = b;
    go(t, no);
}

static uint32_t jump_target(const tr *t) { return (uint32_t)rf_op_jump_target(t->s->code, t->at); }

/* ---- reading registers ---- */

static bool was_only(uint32_t seen, unsigned tag)
{
    return (seen & ((1u << RF_SEEN_ARRAY_SHIFT) - 1)) == 1u << tag;
}

static rf_kind guessed(const tr *t, uint32_t seen)
{
    if (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST) return RF_KIND_MEMORY;
    if (was_only(seen, RF_INT)) return RF_KIND_INT;
    if (was_only(seen, RF_FLOAT)) return RF_KIND_FLOAT;
    if (was_only(seen, RF_BOOL)) return RF_KIND_BOOL;
    return RF_KIND_MEMORY;
}

static void load_variable(tr *t, uint32_t reg, rf_kind kind, lvalue slot)
{
    if (kind == RF_KIND_FLOAT)
        assign(t, float_of(t, reg), value_of(slot_float(t, slot)));
    else
        assign(t, int_of(t, reg), value_of(slot_int(t, slot)));
}

/* The kind of the operand in field `index` of the instruction, guessed and tested if it is in memory. */
static rf_kind operand(tr *t, uint32_t reg, unsigned index)
{
    rf_known *k = &t->now[reg];
    if (k->kind != RF_KIND_MEMORY) return k->kind;
    const rf_kind kind = guessed(t, hints(t, t->at)->seen[index]);
    if (kind == RF_KIND_MEMORY) return kind;
    lvalue slot = reg_slot(t, reg);
    guard(t, test(t, GCC_JIT_COMPARISON_EQ, value_of(slot_head(t, slot)), constant(t, head_of(kind))));
    load_variable(t, reg, kind, slot);
    *k = (rf_known){.kind = (uint8_t)kind};
    return kind;
}

static rvalue as_int(tr *t, uint32_t reg) { return value_of(int_of(t, reg)); }
static rvalue as_float(tr *t, uint32_t reg)
{
    if (!EMITS) return NULL;
    return t->now[reg].kind == RF_KIND_FLOAT ? value_of(float_of(t, reg)) : cast(t, as_int(t, reg), T->f64);
}

/* A temporary that is read dies. */
static void use(tr *t, uint32_t reg)
{
    if (is_temp(t, reg) && is_in_variable(t->now[reg].kind)) t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
}

/* ---- writing registers ---- */

static rvalue counts(tr *t, rvalue head) /* (uint8_t)head >= RF_HEAP_FIRST */
{
    return EMITS ? test(t, GCC_JIT_COMPARISON_GE, cast(t, head, T->u8),
                        gcc_jit_context_new_rvalue_from_int(GCC, T->u8, RF_HEAP_FIRST))
                 : NULL;
}

/* if (counts(slot)) release(slot) */
static void release_slot(tr *t, lvalue slot)
{
    if (!EMITS) return;
    gcc_jit_block *yes = new_block(t), *next = new_block(t);
    rvalue held = counts(t, value_of(slot_head(t, slot)));
    gcc_jit_block_end_with_conditional(t->block, NULL, held, yes, next);
    t->block = yes;
    rvalue args[] = {t->context, slot_address(t, slot)};
    call(t, T->release, 2, args);
    gcc_jit_block_end_with_jump(yes, NULL, next);
    t->block = next;
}

static void release_old(tr *t, uint32_t reg) /* what R[reg] held, before it is written */
{
    if (may_count(t->now[reg].kind) && !is_temp(t, reg)) release_slot(t, reg_slot(t, reg));
}

static void put_int(tr *t, uint32_t reg, rvalue v, rf_kind kind)
{
    assign(t, int_of(t, reg), v);
    release_old(t, reg);
    t->now[reg] = (rf_known){.kind = (uint8_t)kind};
}
static void put_float(tr *t, uint32_t reg, rvalue v)
{
    assign(t, float_of(t, reg), v);
    release_old(t, reg);
    t->now[reg] = (rf_known){.kind = RF_KIND_FLOAT};
}
static void put_bool(tr *t, uint32_t reg, rvalue condition) { put_int(t, reg, cast(t, condition, T->i64), RF_KIND_BOOL); }

/* R[reg] = head, bits; owned */
static void put_value(tr *t, uint32_t reg, rvalue head, rvalue bits)
{
    release_old(t, reg);
    lvalue slot = reg_slot(t, reg);
    assign(t, slot_head(t, slot), head);
    assign(t, slot_object(t, slot), bits);
    t->now[reg] = (rf_known){.kind = RF_KIND_MEMORY};
}

/* if (counts) object->count++ unless immortal */
static void retain(tr *t, rvalue head, rvalue bits)
{
    if (!EMITS) return;
    gcc_jit_block *yes = new_block(t), *mortal = new_block(t), *next = new_block(t);
    branch(t, counts(t, head), yes, next);
    t->block = yes;
    rvalue object = keep(t, T->array_pointer, cast(t, bits, T->array_pointer));
    lvalue count = array_part(t, object, T->a_count);
    branch(t, test(t, GCC_JIT_COMPARISON_GE, value_of(count), gcc_jit_context_zero(GCC, T->i32)), mortal, next);
    t->block = mortal;
    assign(t, count, binary(t, GCC_JIT_BINARY_OP_PLUS, value_of(count), gcc_jit_context_one(GCC, T->i32)));
    gcc_jit_block_end_with_jump(mortal, NULL, next);
    t->block = next;
}

/* ---- values on their way ---- */

typedef struct loaded { /* out of a container, not yet owned */
    rf_kind kind;
    rvalue v;     /* INT, BOOL, FLOAT */
    lvalue slot;  /* MEMORY: where it lies */
} loaded;

/* R[a] = the loaded value; guesses its kind when it lies in memory */
static void deliver(tr *t, uint32_t a, loaded from, uint32_t seen)
{
    if (from.kind == RF_KIND_MEMORY) {
        const rf_kind kind = guessed(t, seen);
        if (kind != RF_KIND_MEMORY) {
            guard(t, test(t, GCC_JIT_COMPARISON_EQ, EMITS ? value_of(slot_head(t, from.slot)) : NULL, constant(t, head_of(kind))));
            from.kind = kind;
            from.v = !EMITS ? NULL : kind == RF_KIND_FLOAT ? value_of(slot_float(t, from.slot)) : value_of(slot_int(t, from.slot));
        }
    }
    if (from.kind == RF_KIND_FLOAT) {
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

/* *slot = R[reg], which is used; what was there is released. */
static void store_operand(tr *t, lvalue slot, uint32_t reg)
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
    if (EMITS) {
        lvalue from = reg_slot(t, reg);
        head = keep(t, T->i64, value_of(slot_head(t, from)));
        bits = keep(t, T->pointer, value_of(slot_object(t, from)));
        if (is_temp(t, reg))
            assign(t, slot_head(t, from), constant(t, RF_UNSET));
        else
            retain(t, head, bits);
        release_slot(t, slot);
        assign(t, slot_head(t, slot), head);
        assign(t, slot_object(t, slot), bits);
    }
    if (is_temp(t, reg)) t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
}

/* ---- the long way ---- */

static void flush_one(void *context, uint32_t reg, rf_access_kind access)
{
    tr *t = context;
    if (access != RF_ACCESS_DEF && is_in_variable(t->now[reg].kind)) write_back(t, reg, t->now[reg].kind);
}

static void forget_one(void *context, uint32_t reg, rf_access_kind access)
{
    tr *t = context;
    switch (access) {
    case RF_ACCESS_PEEK: break;
    case RF_ACCESS_USE: if (is_temp(t, reg)) t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN}; break;
    case RF_ACCESS_TAKE: t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN}; break;
    default: t->now[reg] = (rf_known){.kind = RF_KIND_MEMORY}; break;
    }
}

static bool looks_around(unsigned op) /* reads registers it does not name */
{
    return op == RF_OP_SETPLACE || op == RF_OP_GETPLACE || op == RF_OP_ADDPLACE || op == RF_OP_CLOSURE ||
           op == RF_OP_STRUCTDECL;
}

static bool changes_around(unsigned op)
{
    return op == RF_OP_SETPLACE || op == RF_OP_GETPLACE || op == RF_OP_ADDPLACE;
}

/* Calls the C function that carries out the instruction; its outcome (1: done, 2: jumps). Ends by leaving in a light
 * function, where a raise would miss the frames. */
static rvalue execute(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    if (!t->is_top) {
        leave(t);
        return NULL;
    }
    tell(t, "long way of", hints(t, t->at)->count);
    t->gains -= t->gains < hints(t, t->at)->count ? t->gains : hints(t, t->at)->count;
    if (looks_around(in.op)) {
        for (uint32_t i = 0; i < t->s->f.register_count; i++)
            if (is_in_variable(t->now[i].kind)) write_back(t, i, t->now[i].kind);
    } else if (EMITS) {
        rf_op_visit_registers(t->s->shape, in, false, flush_one, t);
    }
    /* what a release of the old value would find */
    const rf_op_info *info = &rf_op_infos[in.op];
    if (info->operands[0] == RF_OPERAND_DEF && is_in_variable(t->now[in.a].kind)) write_back(t, in.a, t->now[in.a].kind);
    save_pc(t, t->at + 1);
    rvalue outcome = NULL;
    if (EMITS) {
        rvalue args[] = {t->context, t->fp, constant(t, t->at)};
        outcome = keep(t, T->i64, call_value(t, T->execute, 3, args));
        gcc_jit_block *next = new_block(t), *raised = new_block(t);
        branch(t, likely(t, test(t, GCC_JIT_COMPARISON_NE, outcome, constant(t, 0))), next, raised);
        t->block = raised;
        for (uint32_t i = 0; i < t->s->f.register_count; i++)
            if (is_in_variable(t->now[i].kind)) write_back(t, i, t->now[i].kind);
        gcc_jit_block_end_with_return(raised, NULL, constant(t, RF_NATIVE_RAISED));
        t->block = next;
    }
    if (changes_around(in.op))
        for (uint32_t i = 0; i < t->s->f.register_count; i++)
            if (may_count(t->now[i].kind)) t->now[i] = (rf_known){.kind = RF_KIND_MEMORY};
    rf_op_visit_registers(t->s->shape, in, false, forget_one, t);
    return outcome;
}

static void long_way(tr *t) { execute(t); }

static void long_jump(tr *t)
{
    rvalue outcome = execute(t);
    if (t->is_ended) return;
    go_if(t, test(t, GCC_JIT_COMPARISON_EQ, outcome, constant(t, 2)), jump_target(t), t->at + 1);
}

/* ---- arithmetic ---- */

static bool constant_kind(const tr *t, uint32_t index, rf_kind *kind, const rf_wire_constant **k)
{
    *k = &t->s->constants[index];
    *kind = (*k)->head == RF_INT ? RF_KIND_INT : (*k)->head == RF_FLOAT ? RF_KIND_FLOAT : RF_KIND_MEMORY;
    return *kind != RF_KIND_MEMORY;
}

typedef struct operand_value { rf_kind kind; rvalue i, d; bool is_constant; int64_t value; } operand_value;

static operand_value of_int(tr *t, int64_t n)
{
    return (operand_value){.kind = RF_KIND_INT, .i = constant(t, n), .d = real(t, (double)n), .is_constant = true, .value = n};
}
static operand_value of_register(tr *t, uint32_t reg, unsigned index)
{
    operand_value n = {.kind = operand(t, reg, index)};
    if (n.kind == RF_KIND_INT || n.kind == RF_KIND_BOOL) n.i = as_int(t, reg);
    if (is_number(n.kind)) n.d = as_float(t, reg);
    return n;
}
static operand_value of_constant(tr *t, uint32_t index)
{
    const rf_wire_constant *k;
    operand_value n = {.kind = RF_KIND_MEMORY};
    if (!constant_kind(t, index, &n.kind, &k)) return n;
    if (n.kind == RF_KIND_INT) return of_int(t, (int64_t)k->bits);
    double d;
    memcpy(&d, &k->bits, sizeof d);
    n.d = real(t, d);
    return n;
}

static rvalue checked(tr *t, gcc_jit_function *f, enum gcc_jit_binary_op plain, rvalue a, rvalue b)
{
    if (!EMITS) return NULL;
    lvalue result = variable(t, T->i64, "r");
    if (t->all->unit->request.wraps) {
        gcc_jit_type *u = gcc_jit_context_get_type(GCC, GCC_JIT_TYPE_UNSIGNED_LONG_LONG);
        return keep(t, T->i64, cast(t, binary(t, plain, cast(t, a, u), cast(t, b, u)), T->i64));
    }
    rvalue args[] = {a, b, gcc_jit_lvalue_get_address(result, NULL)};
    rvalue overflows = keep(t, T->boolean, call_value(t, f, 3, args));
    guard_for(t, test(t, GCC_JIT_COMPARISON_EQ, overflows, gcc_jit_context_zero(GCC, T->boolean)), RF_EXIT_GUARD);
    return value_of(result);
}

static bool arithmetic(tr *t, rf_op_kind op, uint32_t a, operand_value x, operand_value y, uint32_t used1, uint32_t used2)
{
    if (!is_number(x.kind) || !is_number(y.kind)) return false;
    rvalue r = NULL;
    const bool on_ints = x.kind == RF_KIND_INT && y.kind == RF_KIND_INT;
    if (on_ints) {
        switch (op) {
        case RF_OPER_ADD: r = checked(t, T->add_overflow, GCC_JIT_BINARY_OP_PLUS, x.i, y.i); break;
        case RF_OPER_SUB: r = checked(t, T->sub_overflow, GCC_JIT_BINARY_OP_MINUS, x.i, y.i); break;
        case RF_OPER_MUL: r = checked(t, T->mul_overflow, GCC_JIT_BINARY_OP_MULT, x.i, y.i); break;
        default:
            if (y.is_constant && (y.value == 0 || y.value == -1)) return false;
            if (!y.is_constant) {
                guard(t, test(t, GCC_JIT_COMPARISON_NE, y.i, constant(t, 0)));
                guard(t, test(t, GCC_JIT_COMPARISON_NE, y.i, constant(t, -1)));
            }
            r = binary(t, op == RF_OPER_DIV ? GCC_JIT_BINARY_OP_DIVIDE : GCC_JIT_BINARY_OP_MODULO, x.i, y.i);
            break;
        }
    } else {
        switch (op) {
        case RF_OPER_ADD: r = binary(t, GCC_JIT_BINARY_OP_PLUS, x.d, y.d); break;
        case RF_OPER_SUB: r = binary(t, GCC_JIT_BINARY_OP_MINUS, x.d, y.d); break;
        case RF_OPER_MUL: r = binary(t, GCC_JIT_BINARY_OP_MULT, x.d, y.d); break;
        default:
            guard(t, test(t, GCC_JIT_COMPARISON_NE, y.d, real(t, 0.0)));
            if (op == RF_OPER_DIV) {
                r = binary(t, GCC_JIT_BINARY_OP_DIVIDE, x.d, y.d);
            } else if (EMITS) {
                rvalue args[] = {x.d, y.d};
                r = call_value(t, T->fmod, 2, args);
            }
            break;
        }
    }
    if (used1 != UINT32_MAX) use(t, used1);
    if (used2 != UINT32_MAX) use(t, used2);
    if (on_ints)
        put_int(t, a, r, RF_KIND_INT);
    else
        put_float(t, a, r);
    return true;
}

static void do_binary(tr *t, rf_op_kind op, unsigned form)
{
    const rf_instruction in = t->s->code[t->at];
    operand_value x = form == 3 ? of_constant(t, in.b) : of_register(t, in.b, 1);
    operand_value y = form == 1 ? of_int(t, (int16_t)in.c) : form == 2 ? of_constant(t, in.c) : of_register(t, in.c, 2);
    if (!arithmetic(t, op, in.a, x, y, form == 3 ? UINT32_MAX : in.b, form == 0 || form == 3 ? in.c : UINT32_MAX))
        long_way(t);
}

static rvalue negated(tr *t, rvalue condition)
{
    return EMITS ? gcc_jit_context_new_unary_op(GCC, NULL, GCC_JIT_UNARY_OP_LOGICAL_NEGATE, T->boolean, condition) : NULL;
}

/* rf_floats_equal */
static rvalue floats_equal(tr *t, rvalue a, rvalue b)
{
    if (!EMITS) return NULL;
    rvalue x = keep(t, T->f64, a), y = keep(t, T->f64, b);
    rvalue difference = keep(t, T->f64, binary(t, GCC_JIT_BINARY_OP_MINUS, x, y));
    rvalue below = test(t, GCC_JIT_COMPARISON_LT, difference, real(t, 2.220446049250313e-16));
    rvalue above = test(t, GCC_JIT_COMPARISON_GT, difference, real(t, -2.220446049250313e-16));
    rvalue near = gcc_jit_context_new_binary_op(GCC, NULL, GCC_JIT_BINARY_OP_LOGICAL_AND, T->boolean, below, above);
    return gcc_jit_context_new_binary_op(GCC, NULL, GCC_JIT_BINARY_OP_LOGICAL_OR, T->boolean,
                                         test(t, GCC_JIT_COMPARISON_EQ, x, y), near);
}

/* x op y; false when it is no matter of numbers of one kind (the VM knows) */
static bool comparison(tr *t, rf_op_kind op, operand_value x, operand_value y, rvalue *holds)
{
    static const enum gcc_jit_comparison tests[] = {[RF_OPER_EQ] = GCC_JIT_COMPARISON_EQ, [RF_OPER_NE] = GCC_JIT_COMPARISON_NE,
        [RF_OPER_LT] = GCC_JIT_COMPARISON_LT, [RF_OPER_LE] = GCC_JIT_COMPARISON_LE,
        [RF_OPER_GT] = GCC_JIT_COMPARISON_GT, [RF_OPER_GE] = GCC_JIT_COMPARISON_GE};
    const bool is_equality = op == RF_OPER_EQ || op == RF_OPER_NE;
    if (x.kind == RF_KIND_INT && y.kind == RF_KIND_INT) {
        *holds = test(t, tests[op], x.i, y.i);
        return true;
    }
    if (is_equality && x.kind == RF_KIND_BOOL && y.kind == RF_KIND_BOOL) {
        *holds = test(t, tests[op], x.i, y.i);
        return true;
    }
    if (!is_number(x.kind) || !is_number(y.kind)) return false;
    if (x.kind != y.kind && !(x.kind == RF_KIND_FLOAT && y.is_constant)) return false;
    if (is_equality) {
        *holds = floats_equal(t, x.d, y.d);
        if (op == RF_OPER_NE) *holds = negated(t, *holds);
    } else {
        *holds = test(t, tests[op], x.d, y.d);
    }
    return true;
}

static void do_compare(tr *t, rf_op_kind op)
{
    const rf_instruction in = t->s->code[t->at];
    rvalue holds = NULL;
    operand_value x = of_register(t, in.b, 1), y = of_register(t, in.c, 2);
    if (!comparison(t, op, x, y, &holds)) {
        long_way(t);
        return;
    }
    holds = keep(t, T->boolean, holds);
    use(t, in.b);
    use(t, in.c);
    put_bool(t, in.a, holds);
}

static void do_compare_jump(tr *t, rf_op_kind op, unsigned form, bool sense)
{
    const rf_instruction in = t->s->code[t->at];
    rvalue holds = NULL;
    operand_value x = of_register(t, in.a, 0);
    operand_value y = form == 0 ? of_register(t, in.b, 1) : form == 1 ? of_int(t, (int16_t)in.b) : of_constant(t, in.b);
    if (!comparison(t, op, x, y, &holds)) {
        long_jump(t);
        return;
    }
    holds = keep(t, T->boolean, holds);
    use(t, in.a);
    if (form == 0) use(t, in.b);
    if (sense)
        go_if(t, holds, jump_target(t), t->at + 1);
    else
        go_if(t, holds, t->at + 1, jump_target(t));
}

static void do_truth_jump(tr *t, bool sense)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_kind kind = operand(t, in.a, 0);
    if (kind != RF_KIND_BOOL && kind != RF_KIND_INT) {
        long_jump(t);
        return;
    }
    rvalue holds = keep(t, T->boolean, test(t, GCC_JIT_COMPARISON_NE, as_int(t, in.a), constant(t, 0)));
    use(t, in.a);
    if (sense)
        go_if(t, holds, jump_target(t), t->at + 1);
    else
        go_if(t, holds, t->at + 1, jump_target(t));
}

/* ---- arrays and instances ---- */

typedef struct object { rf_kind kind; unsigned elements; uint64_t layout; rvalue p; } object;

static int only_elements(uint32_t seen)
{
    if (!was_only(seen, RF_ARRAY)) return -1;
    const uint32_t kinds = seen >> RF_SEEN_ARRAY_SHIFT;
    for (int i = RF_ARRAY_INTS; i <= RF_ARRAY_VALUES; i++)
        if (kinds == 1u << i || kinds == ((1u << i) | 1u << RF_ARRAY_EMPTY)) return i;
    return -1;
}

static rvalue info_is(tr *t, rvalue p, unsigned elements)
{
    return EMITS ? test(t, GCC_JIT_COMPARISON_EQ, value_of(array_part(t, p, T->a_info)),
                        gcc_jit_context_new_rvalue_from_int(GCC, T->u16, (int)elements))
                 : NULL;
}

static rvalue layout_is(tr *t, rvalue p, uint64_t layout)
{
    return EMITS ? test(t, GCC_JIT_COMPARISON_EQ, value_of(part(t, p, offsetof(rf_struct, layout), T->pointer)), address(t, layout))
                 : NULL;
}

/* The value in slot is what was seen: an array of one kind (layout 0) or an instance of layout. */
static bool look_at(tr *t, lvalue slot, uint32_t seen, uint64_t layout, object *out)
{
    if (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST) return false;
    const int elements = only_elements(seen);
    const bool is_struct = layout && was_only(seen, RF_STRUCT);
    if (elements < 0 && !is_struct) return false;
    *out = (object){.kind = is_struct ? RF_KIND_STRUCT : RF_KIND_ARRAY,
                    .elements = is_struct ? 0 : (unsigned)elements,
                    .layout = is_struct ? layout : 0};
    if (!EMITS) return true;
    guard(t, test(t, GCC_JIT_COMPARISON_EQ, value_of(slot_head(t, slot)), constant(t, is_struct ? RF_STRUCT : RF_ARRAY)));
    out->p = keep(t, T->array_pointer, cast(t, value_of(slot_object(t, slot)), T->array_pointer));
    guard(t, is_struct ? layout_is(t, out->p, layout) : info_is(t, out->p, out->elements));
    return true;
}

static bool object_in(tr *t, uint32_t reg, uint32_t seen, uint64_t layout, object *out)
{
    rf_known *k = &t->now[reg];
    if (k->kind == RF_KIND_ARRAY || (k->kind == RF_KIND_STRUCT && k->layout == layout)) {
        *out = (object){k->kind, k->elements, k->layout, value_of(object_of(t, reg))};
        return true;
    }
    if (k->kind != RF_KIND_MEMORY && k->kind != RF_KIND_STRUCT) return false;
    if (!look_at(t, reg_slot(t, reg), seen, layout, out)) return false;
    assign(t, object_of(t, reg), out->p);
    *k = (rf_known){.kind = (uint8_t)out->kind, .elements = (uint8_t)out->elements, .layout = out->layout};
    return true;
}

static rvalue unsigned_of(tr *t, rvalue v)
{
    return EMITS ? cast(t, v, gcc_jit_context_get_type(GCC, GCC_JIT_TYPE_UNSIGNED_LONG_LONG)) : NULL;
}

static rvalue length_of(tr *t, rvalue p)
{
    return EMITS ? cast(t, value_of(array_part(t, p, T->a_length)), T->i64) : NULL;
}

static lvalue element_at(tr *t, const object *o, rvalue index)
{
    if (!EMITS) return NULL;
    gcc_jit_type *types[] = {NULL, T->i64, T->f64, T->u8, T->value};
    rvalue data = cast(t, value_of(array_part(t, o->p, T->a_data)), gcc_jit_type_get_pointer(types[o->elements]));
    return gcc_jit_context_new_array_access(GCC, NULL, data, index);
}

static loaded load_element(tr *t, const object *o, rvalue index)
{
    lvalue at = element_at(t, o, index);
    switch (o->elements) {
    case RF_ARRAY_INTS: return (loaded){.kind = RF_KIND_INT, .v = value_of(at)};
    case RF_ARRAY_FLOATS: return (loaded){.kind = RF_KIND_FLOAT, .v = value_of(at)};
    case RF_ARRAY_BOOLS: return (loaded){.kind = RF_KIND_BOOL, .v = EMITS ? cast(t, value_of(at), T->i64) : NULL};
    default: return (loaded){.kind = RF_KIND_MEMORY, .slot = at};
    }
}

/* an index within the array, or leave */
static void check_index(tr *t, const object *o, rvalue index)
{
    guard(t, test(t, GCC_JIT_COMPARISON_LT, unsigned_of(t, index), unsigned_of(t, length_of(t, o->p))));
}

static loaded load_field(tr *t, const object *o, const rf_wire_site *site)
{
    const uint64_t offset = offsetof(rf_struct, data) + site->offset;
    switch (site->field_kind) {
    case RF_FIELD_INT: return (loaded){.kind = RF_KIND_INT, .v = value_of(part(t, o->p, offset, T->i64))};
    case RF_FIELD_BOOL: return (loaded){.kind = RF_KIND_BOOL, .v = value_of(part(t, o->p, offset, T->i64))};
    case RF_FIELD_FLOAT: return (loaded){.kind = RF_KIND_FLOAT, .v = value_of(part(t, o->p, offset, T->f64))};
    default: return (loaded){.kind = RF_KIND_MEMORY, .slot = part(t, o->p, offset, T->value)};
    }
}

/* ---- chains: xs[i][j], bodies[i].x, self.items[0] ----
 * All instructions of a chain are one here: a guess that fails leaves before the first, nothing having changed. */

static bool is_suffix(rf_instruction in, uint32_t reg)
{
    return (in.op == RF_OP_GETINDEX_T || in.op == RF_OP_GETINDEXI_T || in.op == RF_OP_GETFIELD_T || in.op == RF_OP_LEN) &&
           in.b == reg && (in.op != RF_OP_GETINDEX_T || in.c != reg);
}

/* A part of o, as instruction pc says (any GETINDEX, GETINDEXI, GETFIELD, LEN).  Typed index operands only. */
static bool load_part(tr *t, const object *o, uint32_t pc, loaded *out)
{
    const rf_instruction in = t->s->code[pc];
    switch (in.op) {
    case RF_OP_GETINDEX:
    case RF_OP_GETINDEX_T:
    case RF_OP_CHAIN_GETINDEX:
        if (o->kind != RF_KIND_ARRAY || t->now[in.c].kind != RF_KIND_INT) return false;
        check_index(t, o, as_int(t, in.c));
        *out = load_element(t, o, as_int(t, in.c));
        return true;
    case RF_OP_GETINDEXI:
    case RF_OP_GETINDEXI_T:
    case RF_OP_CHAIN_GETINDEXI:
        if (o->kind != RF_KIND_ARRAY || (int16_t)in.c < 0) return false;
        check_index(t, o, constant(t, (int16_t)in.c));
        *out = load_element(t, o, constant(t, (int16_t)in.c));
        return true;
    case RF_OP_GETFIELD:
    case RF_OP_GETFIELD_T:
    case RF_OP_CHAIN_GETFIELD:
        if (o->kind != RF_KIND_STRUCT || o->layout != t->s->sites[in.c].layout) return false;
        *out = load_field(t, o, &t->s->sites[in.c]);
        return true;
    case RF_OP_LEN:
        if (o->kind != RF_KIND_ARRAY) return false;
        *out = (loaded){.kind = RF_KIND_INT, .v = length_of(t, o->p)};
        return true;
    default: return false;
    }
}

static bool has_index(unsigned op) { return op == RF_OP_GETINDEX || op == RF_OP_GETINDEX_T || op == RF_OP_CHAIN_GETINDEX; }
static uint64_t layout_for(const tr *t, rf_instruction in)
{
    const bool is_field = in.op == RF_OP_GETFIELD || in.op == RF_OP_GETFIELD_T || in.op == RF_OP_CHAIN_GETFIELD || in.op == RF_OP_SETFIELD;
    return is_field ? t->s->sites[in.c].layout : 0;
}

/* Will the index operand of pc be an int?  Tests it if it is in memory. */
static bool settle_index(tr *t, uint32_t pc)
{
    const rf_instruction in = t->s->code[pc];
    if (!has_index(in.op)) return true;
    rf_known *k = &t->now[in.c];
    if (k->kind == RF_KIND_INT) return true;
    if (k->kind != RF_KIND_MEMORY || guessed(t, hints(t, pc)->seen[2]) != RF_KIND_INT) return false;
    lvalue slot = reg_slot(t, in.c);
    guard(t, test(t, GCC_JIT_COMPARISON_EQ, EMITS ? value_of(slot_head(t, slot)) : NULL, constant(t, RF_INT)));
    load_variable(t, in.c, RF_KIND_INT, slot);
    *k = (rf_known){.kind = RF_KIND_INT};
    return true;
}

/* Goes on from a loaded value along the chain; the last part is delivered. False: not possible this way. */
static bool follow_chain(tr *t, loaded from, uint32_t pc)
{
    uint32_t last = pc;
    const uint32_t reg = t->s->code[pc].a;
    for (;; pc++) {
        const bool goes_on = is_temp(t, reg) && pc + 1 < t->s->f.code_count && is_suffix(t->s->code[pc + 1], reg);
        last = pc;
        if (!goes_on) break;
        object o;
        const rf_instruction next = t->s->code[pc + 1];
        if (from.kind != RF_KIND_MEMORY || hints(t, pc + 1)->count == 0) return false;
        if (!look_at(t, from.slot, hints(t, pc + 1)->seen[1], layout_for(t, next), &o)) return false;
        if (!settle_index(t, pc + 1) || !load_part(t, &o, pc + 1, &from)) return false;
        if (next.a != reg) {
            last = pc + 1;
            break;
        }
    }
    for (uint32_t i = t->at; i <= last; i++)
        if (has_index(t->s->code[i].op)) use(t, t->s->code[i].c);
    deliver(t, t->s->code[last].a, from, hints(t, last)->result);
    if (!t->is_ended) go(t, last + 1);
    return true;
}

/* Will all of the chain work?  Decided before anything is emitted: a half-done attempt must leave no trace. */
static bool try_chain(tr *t, bool (*start)(tr *, loaded *))
{
    const bool emits = t->is_emitting;
    const uint32_t count = t->s->f.register_count;
    rf_known *before = rf_alloc_array(rf_known, count);
    memcpy(before, t->now, count * sizeof *before);
    const uint64_t gains = t->gains, losses = t->losses;
    t->is_emitting = false;
    loaded from = {0};
    bool works = start(t, &from);
    uint32_t pc = t->at;
    const uint32_t reg = t->s->code[pc].a;
    while (works && is_temp(t, reg) && pc + 1 < t->s->f.code_count && is_suffix(t->s->code[pc + 1], reg)) {
        object o;
        const rf_instruction next = t->s->code[pc + 1];
        works = from.kind == RF_KIND_MEMORY && hints(t, pc + 1)->count > 0 &&
                look_at(t, from.slot, hints(t, pc + 1)->seen[1], layout_for(t, next), &o) && settle_index(t, pc + 1) &&
                load_part(t, &o, pc + 1, &from);
        pc++;
        if (next.a != reg) break;
    }
    t->is_emitting = emits;
    t->is_ended = false;
    memcpy(t->now, before, count * sizeof *before);
    t->gains = gains;
    t->losses = losses;
    rf_free(before);
    if (!works) return false;
    from = (loaded){0};
    start(t, &from);
    return follow_chain(t, from, t->at);
}

static bool start_access(tr *t, loaded *out) /* of R[b] */
{
    const rf_instruction in = t->s->code[t->at];
    object o;
    if (!settle_index(t, t->at)) return false;
    return object_in(t, in.b, hints(t, t->at)->seen[1], layout_for(t, in), &o) && load_part(t, &o, t->at, out);
}

static bool start_variable(tr *t, loaded *out) /* a cell, capture or module variable */
{
    const rf_instruction in = t->s->code[t->at];
    lvalue slot = NULL;
    if (!t->is_top && in.op != RF_OP_GETMODULE && in.op != RF_OP_GETMODULE_CHECKED && in.op != RF_OP_CHAIN_GETMODULE &&
        in.op != RF_OP_GETCELL && in.op != RF_OP_GETCELL_CHECKED && in.op != RF_OP_CHAIN_GETCELL)
        return false;
    if (EMITS) {
        rvalue function = NULL;
        switch (in.op) {
        case RF_OP_GETMODULE:
        case RF_OP_GETMODULE_CHECKED:
        case RF_OP_CHAIN_GETMODULE:
            slot = part(t, address(t, t->s->f.slots + (uint64_t)in.wide * sizeof(rf_value)), 0, T->value);
            break;
        case RF_OP_GETCELL:
        case RF_OP_GETCELL_CHECKED:
        case RF_OP_CHAIN_GETCELL:
            slot = part(t, keep(t, T->pointer, value_of(slot_object(t, reg_slot(t, in.b)))), offsetof(rf_cell, value), T->value);
            break;
        default:
            function = keep(t, T->pointer, value_of(part(t, t->fp, offsetof(rf_frame, function), T->pointer)));
            slot = part(t, function, offsetof(rf_function, captures) + in.b * sizeof(rf_value), T->value);
            if (in.op == RF_OP_GETCAPCELL || in.op == RF_OP_GETCAPCELL_CHECKED || in.op == RF_OP_CHAIN_GETCAPCELL)
                slot = part(t, keep(t, T->pointer, value_of(slot_object(t, slot))), offsetof(rf_cell, value), T->value);
            break;
        }
        const bool is_unchecked = in.op == RF_OP_GETMODULE || in.op == RF_OP_GETCELL || in.op == RF_OP_GETCAPCELL || in.op == RF_OP_GETCAPTURE;
        if (!is_unchecked) guard(t, test(t, GCC_JIT_COMPARISON_NE, value_of(slot_head(t, slot)), constant(t, RF_UNSET)));
    }
    *out = (loaded){.kind = RF_KIND_MEMORY, .slot = slot};
    return true;
}

static void do_access(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const bool is_temp_object = in.op == RF_OP_GETINDEX_T || in.op == RF_OP_GETINDEXI_T || in.op == RF_OP_GETFIELD_T ||
                                (in.op == RF_OP_LEN && is_temp(t, in.b));
    if (is_temp_object || !try_chain(t, start_access)) long_way(t);
}

static void do_variable(tr *t)
{
    loaded from;
    if (try_chain(t, start_variable)) return;
    if (start_variable(t, &from)) /* no chain, then */
        deliver(t, t->s->code[t->at].a, from, hints(t, t->at)->result);
    else
        leave(t);
}

static void make_unique(tr *t, uint32_t reg, gcc_jit_function *copy)
{
    if (!EMITS) return;
    gcc_jit_block *shared = new_block(t), *next = new_block(t);
    rvalue count = value_of(array_part(t, value_of(object_of(t, reg)), T->a_count));
    branch(t, likely(t, test(t, GCC_JIT_COMPARISON_EQ, count, gcc_jit_context_one(GCC, T->i32))), next, shared);
    t->block = shared;
    rvalue args[] = {t->context, slot_address(t, reg_slot(t, reg))};
    assign(t, object_of(t, reg), cast(t, call_value(t, copy, 2, args), T->array_pointer));
    gcc_jit_block_end_with_jump(t->block, NULL, next);
    t->block = next;
}

static rf_kind kind_of_elements(unsigned elements)
{
    return elements == RF_ARRAY_INTS ? RF_KIND_INT : elements == RF_ARRAY_FLOATS ? RF_KIND_FLOAT
           : elements == RF_ARRAY_BOOLS ? RF_KIND_BOOL : RF_KIND_MEMORY;
}

static void store_scalar(tr *t, lvalue at, unsigned elements, uint32_t reg)
{
    if (!EMITS) return;
    if (elements == RF_ARRAY_FLOATS)
        assign(t, at, value_of(float_of(t, reg)));
    else
        assign(t, at, elements == RF_ARRAY_BOOLS ? cast(t, as_int(t, reg), T->u8) : as_int(t, reg));
}

static void do_set_index(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    object o;
    const rf_kind index = operand(t, in.b, 1), value = operand(t, in.c, 2);
    if (index != RF_KIND_INT || !object_in(t, in.a, hints(t, t->at)->seen[0], 0, &o) || o.kind != RF_KIND_ARRAY) {
        long_way(t);
        return;
    }
    const rf_kind wanted = kind_of_elements(o.elements);
    if (wanted != RF_KIND_MEMORY && wanted != value) {
        long_way(t);
        return;
    }
    check_index(t, &o, as_int(t, in.b));
    if (wanted == RF_KIND_MEMORY && may_count(value)) /* an array stored into itself is copied first */
        guard(t, test(t, GCC_JIT_COMPARISON_NE, EMITS ? value_of(slot_object(t, reg_slot(t, in.c))) : NULL, cast(t, o.p, T->pointer)));
    make_unique(t, in.a, T->array_copy);
    if (EMITS) o.p = value_of(object_of(t, in.a));
    lvalue at = element_at(t, &o, as_int(t, in.b));
    if (wanted == RF_KIND_MEMORY) {
        store_operand(t, at, in.c);
    } else {
        store_scalar(t, at, o.elements, in.c);
        use(t, in.c);
    }
    use(t, in.b);
}

static void do_set_field(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_wire_site *site = &t->s->sites[in.c];
    object o;
    const rf_kind value = operand(t, in.b, 1);
    const rf_kind wanted = site->field_kind == RF_FIELD_INT     ? RF_KIND_INT
                           : site->field_kind == RF_FIELD_FLOAT ? RF_KIND_FLOAT
                           : site->field_kind == RF_FIELD_BOOL  ? RF_KIND_BOOL
                                                                : RF_KIND_MEMORY;
    if ((wanted != RF_KIND_MEMORY && wanted != value) ||
        !object_in(t, in.a, hints(t, t->at)->seen[0], site->layout, &o) || o.kind != RF_KIND_STRUCT) {
        long_way(t);
        return;
    }
    if (wanted == RF_KIND_MEMORY && may_count(value))
        guard(t, test(t, GCC_JIT_COMPARISON_NE, EMITS ? value_of(slot_object(t, reg_slot(t, in.b))) : NULL, cast(t, o.p, T->pointer)));
    make_unique(t, in.a, T->struct_copy);
    if (EMITS) o.p = value_of(object_of(t, in.a));
    const uint64_t offset = offsetof(rf_struct, data) + site->offset;
    if (wanted == RF_KIND_MEMORY) {
        store_operand(t, part(t, o.p, offset, T->value), in.b);
        return;
    }
    if (EMITS) {
        if (wanted == RF_KIND_FLOAT)
            assign(t, part(t, o.p, offset, T->f64), value_of(float_of(t, in.b)));
        else
            assign(t, part(t, o.p, offset, T->i64), as_int(t, in.b));
    }
    use(t, in.b);
}

/* boxed = R[reg], which is used */
static lvalue boxed_operand(tr *t, uint32_t reg)
{
    const rf_kind kind = t->now[reg].kind;
    lvalue boxed = variable(t, T->value, "boxed");
    if (!EMITS) return NULL;
    if (is_in_variable(kind)) {
        assign(t, slot_head(t, boxed), constant(t, head_of(kind)));
        if (kind == RF_KIND_FLOAT)
            assign(t, slot_float(t, boxed), value_of(float_of(t, reg)));
        else
            assign(t, slot_int(t, boxed), as_int(t, reg));
        return boxed;
    }
    lvalue from = reg_slot(t, reg);
    rvalue head = keep(t, T->i64, value_of(slot_head(t, from)));
    rvalue bits = keep(t, T->pointer, value_of(slot_object(t, from)));
    if (is_temp(t, reg))
        assign(t, slot_head(t, from), constant(t, RF_UNSET));
    else
        retain(t, head, bits);
    assign(t, slot_head(t, boxed), head);
    assign(t, slot_object(t, boxed), bits);
    return boxed;
}

static rvalue both(tr *t, rvalue a, rvalue b)
{
    return EMITS ? gcc_jit_context_new_binary_op(GCC, NULL, GCC_JIT_BINARY_OP_LOGICAL_AND, T->boolean, a, b) : NULL;
}

/* push(R[a], R[b]): then the next instruction is skipped.  Short way: only owner, room, same kind of elements; the
 * first push to an empty array decides its kind, so nothing is assumed of it. */
static void do_push(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_kind value = operand(t, in.b, 1);
    const rf_kind known = t->now[in.a].kind;
    const bool is_known = known == RF_KIND_ARRAY;
    if (!is_known && (known != RF_KIND_MEMORY || !was_only(hints(t, t->at)->seen[0], RF_ARRAY))) {
        leave(t);
        return;
    }
    const unsigned elements = value == RF_KIND_INT     ? RF_ARRAY_INTS
                              : value == RF_KIND_FLOAT ? RF_ARRAY_FLOATS
                              : value == RF_KIND_BOOL  ? RF_ARRAY_BOOLS
                                                       : RF_ARRAY_VALUES;
    object o = {.kind = RF_KIND_ARRAY, .elements = elements};
    gcc_jit_block *fast = new_block(t), *slow = t->is_top ? new_block(t) : NULL, *next = new_block(t);
    if (EMITS) {
        lvalue slot = reg_slot(t, in.a);
        if (!is_known) guard(t, test(t, GCC_JIT_COMPARISON_EQ, value_of(slot_head(t, slot)), constant(t, RF_ARRAY)));
        o.p = keep(t, T->array_pointer, cast(t, value_of(slot_object(t, slot)), T->array_pointer));
        rvalue length = value_of(array_part(t, o.p, T->a_length));
        rvalue has_room = test(t, GCC_JIT_COMPARISON_LT, length, value_of(array_part(t, o.p, T->a_capacity)));
        rvalue is_own = test(t, GCC_JIT_COMPARISON_EQ, value_of(array_part(t, o.p, T->a_count)), gcc_jit_context_one(GCC, T->i32));
        rvalue is_short = both(t, both(t, is_own, info_is(t, o.p, elements)), has_room);
        if (elements == RF_ARRAY_VALUES) /* a number among values may make them an array of numbers */
            is_short = both(t, is_short, counts(t, value_of(slot_head(t, reg_slot(t, in.b)))));
        branch(t, likely(t, is_short), fast, t->is_top ? slow : exit_block(t, RF_EXIT_ROOM));
        t->block = fast;
        lvalue at = element_at(t, &o, length_of(t, o.p));
        if (elements == RF_ARRAY_VALUES) {
            lvalue boxed = boxed_operand(t, in.b);
            assign(t, at, value_of(boxed));
        } else {
            store_scalar(t, at, elements, in.b);
        }
        assign(t, array_part(t, o.p, T->a_length), binary(t, GCC_JIT_BINARY_OP_PLUS, length, gcc_jit_context_one(GCC, T->u32)));
        gcc_jit_block_end_with_jump(t->block, NULL, next);
        if (t->is_top) {
            t->block = slow;
            lvalue boxed = boxed_operand(t, in.b);
            save_pc(t, t->at + 1);
            rvalue args[] = {t->context, slot_address(t, slot), slot_address(t, boxed)};
            rvalue fits = keep(t, T->i64, call_value(t, T->array_push, 3, args));
            gcc_jit_block *raised = new_block(t);
            branch(t, likely(t, test(t, GCC_JIT_COMPARISON_NE, fits, constant(t, 0))), next, raised);
            t->block = raised;
            for (uint32_t i = 0; i < t->s->f.register_count; i++)
                if (is_in_variable(t->now[i].kind)) write_back(t, i, t->now[i].kind);
            gcc_jit_block_end_with_return(raised, NULL, constant(t, RF_NATIVE_RAISED));
        }
        t->block = next;
    }
    use(t, in.b);
    if (is_temp(t, in.b)) t->now[in.b] = (rf_known){.kind = RF_KIND_CLEAN};
    t->now[in.a] = (rf_known){.kind = RF_KIND_MEMORY};
    go(t, t->at + 2);
}

/* ---- loops ---- */

static void do_range_prep(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    bool are_ints = in.b <= 2;
    for (uint32_t i = 0; i < in.b && are_ints; i++)
        are_ints = (i == 0 ? operand(t, in.a, 0) : t->now[in.a + i].kind) == RF_KIND_INT;
    if (!are_ints) {
        execute(t);
        if (t->is_ended) return;
        for (uint32_t i = 0; i < 4; i++) {
            load_variable(t, in.a + i, RF_KIND_INT, reg_slot(t, in.a + i));
            t->now[in.a + i] = (rf_known){.kind = RF_KIND_INT};
        }
        go(t, jump_target(t));
        return;
    }
    /* count = start < stop ? stop - start : 0, at most INT32_MAX */
    rvalue start = keep(t, T->i64, in.b == 1 ? constant(t, 0) : as_int(t, in.a));
    rvalue stop = keep(t, T->i64, as_int(t, in.b == 2 ? in.a + 1u : in.a));
    lvalue count = variable(t, T->i64, "count");
    if (EMITS) {
        gcc_jit_type *u = gcc_jit_context_get_type(GCC, GCC_JIT_TYPE_UNSIGNED_LONG_LONG);
        gcc_jit_block *some = new_block(t), *none = new_block(t), *next = new_block(t);
        branch(t, test(t, GCC_JIT_COMPARISON_LT, start, stop), some, none);
        t->block = none;
        assign(t, count, constant(t, 0));
        gcc_jit_block_end_with_jump(none, NULL, next);
        t->block = some;
        assign(t, count, cast(t, binary(t, GCC_JIT_BINARY_OP_MINUS, cast(t, stop, u), cast(t, start, u)), T->i64));
        gcc_jit_block_end_with_jump(some, NULL, next);
        t->block = next;
        guard(t, test(t, GCC_JIT_COMPARISON_LE, unsigned_of(t, value_of(count)), unsigned_of(t, constant(t, INT32_MAX))));
    }
    put_int(t, in.a, start, RF_KIND_INT);
    put_int(t, in.a + 1, value_of(count), RF_KIND_INT);
    put_int(t, in.a + 2, constant(t, 1), RF_KIND_INT);
    put_int(t, in.a + 3, constant(t, 0), RF_KIND_INT);
    go(t, jump_target(t));
}

static void do_range_next(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    for (uint32_t i = 0; i < 3; i++) {
        rf_known *k = &t->now[in.a + i];
        if (k->kind == RF_KIND_INT) continue;
        if (k->kind != RF_KIND_MEMORY) {
            leave(t);
            return;
        }
        load_variable(t, in.a + i, RF_KIND_INT, reg_slot(t, in.a + i)); /* the state of a range is always ints */
        *k = (rf_known){.kind = RF_KIND_INT};
    }
    gcc_jit_block *more = new_block(t), *end = new_block(t);
    branch(t, test(t, GCC_JIT_COMPARISON_GT, as_int(t, in.a + 1), constant(t, 0)), more, end);
    t->block = end;
    rf_known *kept = rf_alloc_array(rf_known, t->s->f.register_count);
    memcpy(kept, t->now, t->s->f.register_count * sizeof *kept);
    for (uint32_t i = 0; i < 4; i++) t->now[in.a + i] = (rf_known){.kind = RF_KIND_CLEAN};
    go(t, t->at + 1);
    memcpy(t->now, kept, t->s->f.register_count * sizeof *kept);
    rf_free(kept);
    t->is_ended = false;
    t->block = more;
    rvalue i = keep(t, T->i64, as_int(t, in.a));
    if (EMITS) {
        gcc_jit_type *u = gcc_jit_context_get_type(GCC, GCC_JIT_TYPE_UNSIGNED_LONG_LONG);
        assign(t, int_of(t, in.a + 1), binary(t, GCC_JIT_BINARY_OP_MINUS, as_int(t, in.a + 1), constant(t, 1)));
        assign(t, int_of(t, in.a), cast(t, binary(t, GCC_JIT_BINARY_OP_PLUS, cast(t, i, u), cast(t, as_int(t, in.a + 2), u)), T->i64));
    }
    put_int(t, in.b, i, RF_KIND_INT);
    go(t, jump_target(t));
}

/* for x in an array */
static void do_for_next(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    object o;
    rf_known *position = &t->now[in.a + 1];
    if (!object_in(t, in.a, hints(t, t->at)->seen[0], 0, &o) || o.kind != RF_KIND_ARRAY ||
        (position->kind != RF_KIND_INT && position->kind != RF_KIND_MEMORY)) {
        leave(t);
        return;
    }
    if (position->kind == RF_KIND_MEMORY) {
        load_variable(t, in.a + 1, RF_KIND_INT, reg_slot(t, in.a + 1));
        *position = (rf_known){.kind = RF_KIND_INT};
    }
    rvalue i = keep(t, T->i64, as_int(t, in.a + 1));
    gcc_jit_block *more = new_block(t), *end = new_block(t);
    branch(t, test(t, GCC_JIT_COMPARISON_LT, unsigned_of(t, i), unsigned_of(t, length_of(t, o.p))), more, end);
    t->block = end;
    rf_known *kept = rf_alloc_array(rf_known, t->s->f.register_count);
    memcpy(kept, t->now, t->s->f.register_count * sizeof *kept);
    release_slot(t, reg_slot(t, in.a));
    for (uint32_t k = 0; k < 4; k++) t->now[in.a + k] = (rf_known){.kind = RF_KIND_CLEAN};
    go(t, t->at + 1);
    memcpy(t->now, kept, t->s->f.register_count * sizeof *kept);
    rf_free(kept);
    t->is_ended = false;
    t->block = more;
    loaded from = load_element(t, &o, i);
    deliver(t, in.b, from, 0);
    assign(t, int_of(t, in.a + 1), binary(t, GCC_JIT_BINARY_OP_PLUS, i, constant(t, 1)));
    go(t, jump_target(t));
}

/* ---- calls ---- */

static rf_known known_argument(const tr *t, uint32_t reg)
{
    rf_known k = t->now[reg];
    if (!is_in_variable(k.kind)) k = (rf_known){.kind = RF_KIND_MEMORY};
    return k;
}

static bool is_light_callee(const tr *t, int32_t number, uint32_t count)
{
    if (number < 0) return false;
    const rf_wire_function *f = &t->all->unit->functions[number].f;
    return f->is_light && f->param_count == count && count <= RF_COUNT_OF(((tr *)0)->params);
}

static void do_call_function(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const int32_t number = t->s->children[in.c];
    if (!is_light_callee(t, number, in.b)) {
        leave(t);
        return;
    }
    tr *callee = &t->all->light[number];
    t->all->is_light_used[number] = true;
    t->has_light_calls = true;
    for (uint32_t i = 0; i < in.b && !EMITS; i++) {
        const rf_known k = known_argument(t, in.a + 1 + i);
        rf_known *p = &callee->params[i];
        const rf_known m = p->kind == RF_KIND_CLEAN ? k : meet(p, &k, true);
        if (!is_same(&m, p)) t->all->has_changed = true;
        *p = m;
    }
    if (callee->result == RF_KIND_CLEAN) { /* not known yet: another round will tell */
        t->is_ended = true;
        if (EMITS) leave_with(t, t->start, t->at, RF_EXIT_LEAVES);
        return;
    }
    rvalue result_head = NULL, result_bits = NULL, result_float = NULL, result_object = NULL;
    if (EMITS) {
        guard_for(t, test(t, GCC_JIT_COMPARISON_GT, t->room, constant(t, 0)), RF_EXIT_ROOM);
        rvalue args[3 + RF_COUNT_OF(t->params)];
        int count = 0;
        args[count++] = t->context;
        args[count++] = gcc_jit_lvalue_get_address(reg_slot(t, in.a + 1u), NULL);
        args[count++] = binary(t, GCC_JIT_BINARY_OP_MINUS, t->room, constant(t, 1));
        for (uint32_t i = 0; i < in.b; i++) {
            const rf_known k = t->now[in.a + 1 + i];
            const rf_kind wanted = callee->params[i].kind;
            if (wanted == RF_KIND_FLOAT)
                args[count++] = value_of(float_of(t, in.a + 1 + i));
            else if (is_in_variable(wanted))
                args[count++] = as_int(t, in.a + 1 + i);
            else if (is_in_variable(k.kind))
                write_back(t, in.a + 1 + i, k.kind);
        }
        lvalue result = variable(t, T->value, "result");
        assign(t, result, gcc_jit_context_new_call(GCC, NULL, callee->function, count, args));
        result_head = value_of(slot_head(t, result));
        result_bits = value_of(slot_int(t, result));
        result_float = value_of(slot_float(t, result));
        result_object = value_of(slot_object(t, result));
    }
    for (uint32_t i = 0; i <= in.b; i++) t->now[in.a + i] = (rf_known){.kind = RF_KIND_CLEAN};
    if (EMITS) {
        gcc_jit_block *next = new_block(t), *lost = new_block(t);
        branch(t, likely(t, test(t, GCC_JIT_COMPARISON_NE, result_head, constant(t, DEOPT))), next, lost);
        t->block = lost; /* the callee goes on in the VM, and this function behind the call */
        write_back_live(t, t->now, t->at + 1);
        end_in_vm(t, t->at + 1);
        t->block = next;
    }
    if (callee->result == RF_KIND_FLOAT)
        put_float(t, in.a, result_float);
    else if (is_in_variable(callee->result))
        put_int(t, in.a, result_bits, callee->result);
    else
        put_value(t, in.a, result_head, result_object);
}

static void do_return(tr *t, bool has_value)
{
    const rf_instruction in = t->s->code[t->at];
    if (t->is_top) {
        leave(t);
        return;
    }
    if (has_value) operand(t, in.a, 0);
    const rf_kind kind = has_value && is_in_variable(t->now[in.a].kind) ? t->now[in.a].kind : RF_KIND_MEMORY;
    if (!EMITS) {
        const rf_kind m = t->result == RF_KIND_CLEAN || t->result == kind ? kind : RF_KIND_MEMORY;
        if (m != t->result) t->all->has_changed = true;
        t->result = m;
        t->is_ended = true;
        return;
    }
    lvalue out = variable(t, T->value, "out");
    if (!has_value) {
        assign(t, slot_head(t, out), constant(t, RF_NULL));
        assign(t, slot_int(t, out), constant(t, 0));
    } else if (is_in_variable(kind)) {
        assign(t, slot_head(t, out), constant(t, head_of(kind)));
        if (kind == RF_KIND_FLOAT)
            assign(t, slot_float(t, out), value_of(float_of(t, in.a)));
        else
            assign(t, slot_int(t, out), as_int(t, in.a));
    } else {
        lvalue slot = reg_slot(t, in.a);
        assign(t, slot_head(t, out), value_of(slot_head(t, slot)));
        assign(t, slot_object(t, out), value_of(slot_object(t, slot)));
        assign(t, slot_head(t, slot), constant(t, RF_UNSET));
    }
    for (uint32_t i = 0; i < in.b && i < t->s->f.register_count; i++)
        if (may_count(t->now[i].kind)) release_slot(t, reg_slot(t, i));
    gcc_jit_block_end_with_return(t->block, NULL, value_of(out));
    t->is_ended = true;
}

/* ---- moves and the rest ---- */

static void do_copy(tr *t, bool is_move)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_known from = t->now[in.b];
    if (in.a == in.b) return;
    if (from.kind == RF_KIND_FLOAT) {
        put_float(t, in.a, value_of(float_of(t, in.b)));
    } else if (is_in_variable(from.kind)) {
        put_int(t, in.a, as_int(t, in.b), from.kind);
    } else {
        lvalue slot = reg_slot(t, in.b);
        rvalue head = keep(t, T->i64, EMITS ? value_of(slot_head(t, slot)) : NULL);
        rvalue bits = keep(t, T->pointer, EMITS ? value_of(slot_object(t, slot)) : NULL);
        if (is_move)
            assign(t, slot_head(t, slot), constant(t, RF_UNSET));
        else
            retain(t, head, bits);
        put_value(t, in.a, head, bits);
        if (from.kind == RF_KIND_ARRAY || from.kind == RF_KIND_STRUCT) {
            assign(t, object_of(t, in.a), value_of(object_of(t, in.b)));
            t->now[in.a] = from;
        }
    }
    if (is_move) t->now[in.b] = (rf_known){.kind = RF_KIND_CLEAN};
}

static void do_load_constant(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const operand_value n = of_constant(t, (uint32_t)in.wide);
    if (n.kind == RF_KIND_INT) {
        put_int(t, in.a, n.i, RF_KIND_INT);
    } else if (n.kind == RF_KIND_FLOAT) {
        put_float(t, in.a, n.d);
    } else {
        lvalue slot = part(t, address(t, t->s->f.constants + (uint64_t)in.wide * sizeof(rf_value)), 0, T->value);
        deliver(t, in.a, (loaded){.kind = RF_KIND_MEMORY, .slot = slot}, 0);
    }
}

static void do_unset(tr *t, bool is_drop)
{
    const rf_instruction in = t->s->code[t->at];
    for (uint32_t i = in.a; i < in.a + (uint32_t)in.b; i++) {
        if (may_count(t->now[i].kind)) release_slot(t, reg_slot(t, i));
        t->now[i] = (rf_known){.kind = RF_KIND_CLEAN};
        if (is_drop) continue;
        if (EMITS) assign(t, slot_head(t, reg_slot(t, i)), constant(t, RF_UNSET));
        t->now[i] = (rf_known){.kind = RF_KIND_MEMORY};
    }
}

static void do_null_jump(tr *t, bool sense)
{
    const rf_instruction in = t->s->code[t->at];
    if (t->now[in.a].kind != RF_KIND_MEMORY) {
        go(t, sense ? t->at + 1 : jump_target(t));
        return;
    }
    rvalue is_null = EMITS ? test(t, GCC_JIT_COMPARISON_EQ, value_of(slot_head(t, reg_slot(t, in.a))), constant(t, RF_NULL)) : NULL;
    if (sense)
        go_if(t, is_null, jump_target(t), t->at + 1);
    else
        go_if(t, is_null, t->at + 1, jump_target(t));
}

static void do_store_variable(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    uint32_t reg = in.a;
    lvalue slot = NULL;
    if (!t->is_top && in.op == RF_OP_SETCAPCELL) {
        leave(t);
        return;
    }
    if (in.op == RF_OP_SETMODULE) {
        slot = part(t, address(t, t->s->f.slots + (uint64_t)in.wide * sizeof(rf_value)), 0, T->value);
    } else if (in.op == RF_OP_SETCELL) {
        reg = in.b;
        if (EMITS)
            slot = part(t, keep(t, T->pointer, value_of(slot_object(t, reg_slot(t, in.a)))), offsetof(rf_cell, value), T->value);
    } else if (EMITS) {
        rvalue function = keep(t, T->pointer, value_of(part(t, t->fp, offsetof(rf_frame, function), T->pointer)));
        lvalue capture = part(t, function, offsetof(rf_function, captures) + in.b * sizeof(rf_value), T->value);
        slot = part(t, keep(t, T->pointer, value_of(slot_object(t, capture))), offsetof(rf_cell, value), T->value);
    }
    store_operand(t, slot, reg);
}

static void do_negate(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_kind kind = operand(t, in.b, 1);
    if (kind == RF_KIND_INT) {
        guard(t, test(t, GCC_JIT_COMPARISON_NE, as_int(t, in.b), constant(t, INT64_MIN)));
        rvalue r = keep(t, T->i64, EMITS ? gcc_jit_context_new_unary_op(GCC, NULL, GCC_JIT_UNARY_OP_MINUS, T->i64, as_int(t, in.b)) : NULL);
        use(t, in.b);
        put_int(t, in.a, r, RF_KIND_INT);
    } else if (kind == RF_KIND_FLOAT) {
        rvalue r = keep(t, T->f64, EMITS ? gcc_jit_context_new_unary_op(GCC, NULL, GCC_JIT_UNARY_OP_MINUS, T->f64, as_float(t, in.b)) : NULL);
        use(t, in.b);
        put_float(t, in.a, r);
    } else {
        long_way(t);
    }
}

static void do_truth(tr *t, bool negates)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_kind kind = operand(t, in.b, 1);
    if (kind != RF_KIND_BOOL && (negates || kind != RF_KIND_INT)) {
        long_way(t);
        return;
    }
    rvalue holds = keep(t, T->boolean, test(t, negates ? GCC_JIT_COMPARISON_EQ : GCC_JIT_COMPARISON_NE, as_int(t, in.b), constant(t, 0)));
    use(t, in.b);
    put_bool(t, in.a, holds);
}

static void do_check(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    if (t->now[in.a].kind != RF_KIND_MEMORY) return;
    guard(t, EMITS ? test(t, GCC_JIT_COMPARISON_NE, value_of(slot_head(t, reg_slot(t, in.a))), constant(t, RF_UNSET)) : NULL);
}

/* R[a] += R[b], where R[a] was read from a place */
static void do_add_place(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const operand_value x = of_register(t, in.a, 0), y = of_register(t, in.b, 1);
    if (x.kind != y.kind || !arithmetic(t, RF_OPER_ADD, in.a, x, y, in.b, UINT32_MAX)) long_way(t);
}

static void do_not_equal_jump(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const operand_value x = of_register(t, in.a, 0), y = of_constant(t, in.b);
    if (x.kind != RF_KIND_INT || y.kind != RF_KIND_INT) {
        long_jump(t);
        return;
    }
    go_if(t, test(t, GCC_JIT_COMPARISON_NE, x.i, y.i), jump_target(t), t->at + 1);
}

#define ARITHMETIC(name)                                                                         \
    case RF_OP_##name: do_binary(t, RF_OPER_##name, 0); break;                                   \
    case RF_OP_##name##I: do_binary(t, RF_OPER_##name, 1); break;                                \
    case RF_OP_##name##K: do_binary(t, RF_OPER_##name, 2); break;
#define COMPARISON(name)                                                                         \
    case RF_OP_##name: do_compare(t, RF_OPER_##name); break;                                     \
    case RF_OP_J##name: do_compare_jump(t, RF_OPER_##name, 0, true); break;                      \
    case RF_OP_J##name##I: do_compare_jump(t, RF_OPER_##name, 1, true); break;                   \
    case RF_OP_J##name##K: do_compare_jump(t, RF_OPER_##name, 2, true); break;                   \
    case RF_OP_JN##name: do_compare_jump(t, RF_OPER_##name, 0, false); break;                    \
    case RF_OP_JN##name##I: do_compare_jump(t, RF_OPER_##name, 1, false); break;                 \
    case RF_OP_JN##name##K: do_compare_jump(t, RF_OPER_##name, 2, false); break;

static void instruction(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    switch (in.op) {
    case RF_OP_COPY: do_copy(t, false); break;
    case RF_OP_MOVE: do_copy(t, true); break;
    case RF_OP_LOADK: do_load_constant(t); break;
    case RF_OP_LOADI: put_int(t, in.a, constant(t, in.wide), RF_KIND_INT); break;
    case RF_OP_LOADBOOL: put_int(t, in.a, constant(t, in.b), RF_KIND_BOOL); break;
    case RF_OP_LOADNULL: put_value(t, in.a, constant(t, RF_NULL), address(t, 0)); break;
    case RF_OP_UNSET: do_unset(t, false); break;
    case RF_OP_DROP: do_unset(t, true); break;
    case RF_OP_CHECK: do_check(t); break;
        ARITHMETIC(ADD) ARITHMETIC(SUB) ARITHMETIC(MUL) ARITHMETIC(DIV) ARITHMETIC(MOD)
    case RF_OP_KADD: do_binary(t, RF_OPER_ADD, 3); break;
    case RF_OP_KSUB: do_binary(t, RF_OPER_SUB, 3); break;
    case RF_OP_KMUL: do_binary(t, RF_OPER_MUL, 3); break;
    case RF_OP_KDIV: do_binary(t, RF_OPER_DIV, 3); break;
        COMPARISON(EQ) COMPARISON(NE) COMPARISON(LT) COMPARISON(LE) COMPARISON(GT) COMPARISON(GE)
    case RF_OP_NEG: do_negate(t); break;
    case RF_OP_NOT: do_truth(t, true); break;
    case RF_OP_TRUTH: do_truth(t, false); break;
    case RF_OP_ADDPLACE: do_add_place(t); break;
    case RF_OP_JMP: go(t, jump_target(t)); break;
    case RF_OP_JTRUE: do_truth_jump(t, true); break;
    case RF_OP_JFALSE: do_truth_jump(t, false); break;
    case RF_OP_JNULL: do_null_jump(t, true); break;
    case RF_OP_JNOTNULL: do_null_jump(t, false); break;
    case RF_OP_JNOTEQUAL: do_not_equal_jump(t); break;
    case RF_OP_GETMODULE:
    case RF_OP_GETMODULE_CHECKED:
    case RF_OP_CHAIN_GETMODULE:
    case RF_OP_GETCELL:
    case RF_OP_GETCELL_CHECKED:
    case RF_OP_CHAIN_GETCELL:
    case RF_OP_GETCAPTURE:
    case RF_OP_GETCAPTURE_CHECKED:
    case RF_OP_CHAIN_GETCAPTURE:
    case RF_OP_GETCAPCELL:
    case RF_OP_GETCAPCELL_CHECKED:
    case RF_OP_CHAIN_GETCAPCELL: do_variable(t); break;
    case RF_OP_SETMODULE:
    case RF_OP_SETCELL:
    case RF_OP_SETCAPCELL: do_store_variable(t); break;
    case RF_OP_GETINDEX:
    case RF_OP_GETINDEXI:
    case RF_OP_GETINDEX_T:
    case RF_OP_GETINDEXI_T:
    case RF_OP_CHAIN_GETINDEX:
    case RF_OP_CHAIN_GETINDEXI:
    case RF_OP_GETFIELD:
    case RF_OP_GETFIELD_T:
    case RF_OP_CHAIN_GETFIELD:
    case RF_OP_LEN: do_access(t); break;
    case RF_OP_SETINDEX: do_set_index(t); break;
    case RF_OP_SETFIELD: do_set_field(t); break;
    case RF_OP_PUSH: do_push(t); break;
    case RF_OP_RANGEPREP: do_range_prep(t); break;
    case RF_OP_RANGENEXT: do_range_next(t); break;
    case RF_OP_FORNEXT: do_for_next(t); break;
    case RF_OP_FORPREP:
        execute(t);
        if (!t->is_ended) go(t, jump_target(t));
        break;
    case RF_OP_CALLFN: do_call_function(t); break;
    case RF_OP_RETURN: do_return(t, true); break;
    case RF_OP_RETURNNULL: do_return(t, false); break;
    case RF_OP_JNOTARRAY:
    case RF_OP_JNOTENTRIES:
    case RF_OP_JNOTVARIANT: long_jump(t); break;
#define LONG(name) case RF_OP_##name:
    LONG(NEWCELL) LONG(WRAPCELL) LONG(GETBUILTIN) LONG(CONCAT) LONG(TEXT) LONG(NEWARRAY) LONG(EXTEND) LONG(SPREAD)
    LONG(NEWDICT) LONG(DICTKEY) LONG(DICTSET) LONG(DICTPUT) LONG(DICTSPREAD) LONG(OPTFIELD) LONG(GETOWN) LONG(SETOWN)
    LONG(CHAIN_GETOWN) LONG(SETPLACE) LONG(GETPLACE) LONG(CALLC) LONG(CALLC1) LONG(CLOSURE) LONG(STRUCTDECL)
    LONG(ENUMDECL) LONG(STRUCTCHECK) LONG(FIELDCHECK) LONG(SPREADCHECK) LONG(MAKESTRUCT) LONG(ENUMCHECK)
    LONG(MAKEENUM) LONG(ITEM) LONG(ITEMREST) LONG(ENTRY) LONG(ENTRYREST) LONG(PAYLOAD)
        long_way(t);
        break;
#undef LONG
    default: leave(t); break;
    }
    if (!t->is_ended) go(t, t->at + 1);
}

static void translate(tr *t, uint32_t pc)
{
    const size_t size = t->s->f.register_count * sizeof *t->now;
    t->at = pc;
    memcpy(t->now, t->before[pc], size);
    memcpy(t->start, t->before[pc], size);
    t->exit_count = 0;
    t->is_ended = false;
    if (EMITS) t->block = t->blocks[pc];
    t->gains += hints(t, pc)->count;
    if (hints(t, pc)->count == 0 && pc != t->entry)
        leave_for(t, RF_EXIT_COLD);
    else
        instruction(t);
}

/* ---- whole functions ---- */

static void set_entry_state(tr *t)
{
    const uint32_t count = t->s->f.register_count;
    for (uint32_t i = 0; i < count; i++) {
        t->now[i] = (rf_known){.kind = RF_KIND_MEMORY};
        if (!t->is_top) {
            t->now[i].kind = RF_KIND_CLEAN;
            if (i < t->s->f.param_count) t->now[i] = t->params[i];
            if (i < t->s->f.param_count && t->params[i].kind == RF_KIND_CLEAN) t->now[i].kind = RF_KIND_MEMORY;
            continue;
        }
        if (!rf_source_is_live(t->s, t->entry, i)) {
            t->now[i].kind = RF_KIND_CLEAN;
            continue;
        }
        const rf_wire_entry *e = &t->all->unit->entry[i];
        if (e->head == RF_INT) t->now[i].kind = RF_KIND_INT;
        if (e->head == RF_FLOAT) t->now[i].kind = RF_KIND_FLOAT;
        if (e->head == RF_BOOL) t->now[i].kind = RF_KIND_BOOL;
        if (e->head == RF_ARRAY && e->array_kind != RF_ARRAY_EMPTY)
            t->now[i] = (rf_known){.kind = RF_KIND_ARRAY, .elements = (uint8_t)e->array_kind};
    }
}

static void start_analysis(tr *t)
{
    for (uint32_t i = 0; i < t->s->f.code_count; i++) {
        rf_free(t->before[i]);
        t->before[i] = NULL;
        t->is_queued[i] = false;
    }
    t->work_count = 0;
    set_entry_state(t);
    flow(t, t->entry);
}

static void run_work(tr *t)
{
    while (t->work_count > 0) {
        const uint32_t pc = t->work[--t->work_count];
        t->is_queued[pc] = false;
        translate(t, pc);
    }
}

static void analyse(tr *t)
{
    start_analysis(t);
    run_work(t);
    t->gains = t->losses = 0; /* once more with the final kinds, each instruction once */
    t->is_settled = true;
    memset(t->is_reached, 0, t->s->f.code_count * sizeof *t->is_reached);
    flow(t, t->entry);
    run_work(t);
    t->is_settled = false;
}

static void init(tr *t, rf_compilation *c, uint32_t number, bool is_top, uint32_t entry)
{
    rf_source *s = &c->unit->functions[number];
    const uint32_t code = s->f.code_count, registers = s->f.register_count;
    *t = (tr){.all = c, .s = s, .number = number, .is_top = is_top, .entry = entry};
    t->before = rf_alloc_array_zero(rf_known *, code);
    t->work = rf_alloc_array_zero(uint32_t, code);
    t->is_queued = rf_alloc_array_zero(bool, code);
    t->is_reached = rf_alloc_array_zero(bool, code);
    t->now = rf_alloc_array_zero(rf_known, registers);
    t->start = rf_alloc_array_zero(rf_known, registers);
    t->blocks = rf_alloc_array_zero(gcc_jit_block *, code);
    t->ints = rf_alloc_array_zero(lvalue, registers);
    t->floats = rf_alloc_array_zero(lvalue, registers);
    t->objects = rf_alloc_array_zero(lvalue, registers);
}

static void release(tr *t)
{
    for (uint32_t i = 0; t->before && i < t->s->f.code_count; i++) rf_free(t->before[i]);
    rf_free(t->before);
    rf_free(t->work);
    rf_free(t->is_queued);
    rf_free(t->is_reached);
    rf_free(t->now);
    rf_free(t->start);
    rf_free(t->blocks);
    rf_free(t->ints);
    rf_free(t->floats);
    rf_free(t->objects);
}

bool rf_compilation_analyse(rf_compilation *c)
{
    const uint32_t count = c->unit->request.function_count;
    init(&c->top, c, 0, true, c->unit->request.entry);
    for (uint32_t i = 0; i < count; i++) init(&c->light[i], c, i, false, 0);
    enum { MOST_ROUNDS = 40 };
    for (unsigned round = 0; round < MOST_ROUNDS; round++) {
        c->has_changed = false;
        memset(c->is_light_used, 0, sizeof c->is_light_used);
        analyse(&c->top);
        for (uint32_t again = 0; again < count; again++)
            for (uint32_t i = 0; i < count; i++)
                if (c->is_light_used[i]) analyse(&c->light[i]);
        if (!c->has_changed) break;
        if (round + 1 == MOST_ROUNDS) return false;
    }
    uint64_t gains = c->top.gains, losses = c->top.losses;
    for (uint32_t i = 0; i < count; i++) {
        if (!c->is_light_used[i]) continue;
        gains += c->light[i].gains;
        losses += c->light[i].losses;
    }
    if (c->top.has_light_calls && c->light[0].s && c->is_light_used[0]) losses = c->light[0].losses;
    return c->unit->request.is_forced || (gains > losses * EXIT_COST && gains > 0);
}

static void make_blocks(tr *t)
{
    for (uint32_t pc = 0; pc < t->s->f.code_count; pc++)
        if (t->is_reached[pc]) t->blocks[pc] = gcc_jit_function_new_block(t->function, NULL);
}

static void emit_body(tr *t)
{
    for (uint32_t pc = 0; pc < t->s->f.code_count; pc++)
        if (t->is_reached[pc]) translate(t, pc);
}

/* A register at the entry is not as it was: nothing happens. The exit tells which. */
static gcc_jit_block *entry_failure(tr *t, uint32_t reg)
{
    gcc_jit_block *here = t->block, *failed = new_block(t);
    t->block = failed;
    assign(t, context_part(t, offsetof(rf_native_context, exit), T->i64), constant(t, (int64_t)reg << 8 | RF_EXIT_ENTRY));
    gcc_jit_block_end_with_return(failed, NULL, constant(t, RF_NATIVE_GOES_ON));
    t->block = here;
    return failed;
}

/* The registers at the entry are as they were, or nothing happens. */
static void emit_top_entry(tr *t)
{
    const uint32_t count = t->s->f.register_count;
    rf_known *entry = t->before[t->entry];
    set_entry_state(t);
    for (uint32_t i = 0; i < count; i++) {
        const rf_known k = t->now[i];
        const bool is_tested = is_in_variable(k.kind) || k.kind == RF_KIND_ARRAY;
        if (!is_tested || is_same(&entry[i], &(rf_known){.kind = RF_KIND_MEMORY})) {
            if (is_tested) t->now[i] = (rf_known){.kind = RF_KIND_MEMORY};
            continue;
        }
        lvalue slot = reg_slot(t, i);
        gcc_jit_block *next = new_block(t);
        gcc_jit_block *failed = entry_failure(t, i);
        branch(t, likely(t, test(t, GCC_JIT_COMPARISON_EQ, value_of(slot_head(t, slot)),
                                 constant(t, k.kind == RF_KIND_ARRAY ? RF_ARRAY : head_of(k.kind)))), next, failed);
        t->block = next;
        if (k.kind != RF_KIND_ARRAY) {
            load_variable(t, i, k.kind, slot);
            continue;
        }
        assign(t, object_of(t, i), cast(t, value_of(slot_object(t, slot)), T->array_pointer));
        next = new_block(t);
        branch(t, likely(t, info_is(t, value_of(object_of(t, i)), k.elements)), next, failed);
        t->block = next;
    }
    for (uint32_t i = 0; i < count; i++) /* dead locals give up what they hold */
        if (t->now[i].kind == RF_KIND_CLEAN && !is_temp(t, i)) release_slot(t, reg_slot(t, i));
    adapt(t, t->entry);
    gcc_jit_block_end_with_jump(t->block, NULL, t->blocks[t->entry]);
}

static void emit_top(tr *t)
{
    char name[32];
    snprintf(name, sizeof name, "ruff_%u", t->all->unit->request.number);
    gcc_jit_param *param = gcc_jit_context_new_param(GCC, NULL, T->pointer, "context");
    t->function = gcc_jit_context_new_function(GCC, NULL, GCC_JIT_FUNCTION_EXPORTED, T->i64, name, 1, &param, 0);
    t->is_emitting = true;
    gcc_jit_block *first = new_block(t);
    make_blocks(t);
    t->block = first;
    t->context = gcc_jit_param_as_rvalue(param);
    t->fp = keep(t, T->pointer, value_of(context_part(t, offsetof(rf_native_context, fp), T->pointer)));
    t->R = keep(t, T->value_pointer, cast(t, value_of(part(t, t->fp, offsetof(rf_frame, base), T->pointer)), T->value_pointer));
    t->room = keep(t, T->i64, value_of(context_part(t, offsetof(rf_native_context, room), T->i64)));
    emit_top_entry(t);
    emit_body(t);
}

static void declare_light(tr *t)
{
    char name[32];
    gcc_jit_param *params[3 + RF_COUNT_OF(t->params)];
    int count = 0;
    params[count++] = gcc_jit_context_new_param(GCC, NULL, T->pointer, "context");
    params[count++] = gcc_jit_context_new_param(GCC, NULL, T->value_pointer, "R");
    params[count++] = gcc_jit_context_new_param(GCC, NULL, T->i64, "room");
    for (uint32_t i = 0; i < t->s->f.param_count; i++)
        if (is_in_variable(t->params[i].kind))
            params[count++] = gcc_jit_context_new_param(GCC, NULL, t->params[i].kind == RF_KIND_FLOAT ? T->f64 : T->i64, "p");
    snprintf(name, sizeof name, "light_%u", t->number);
    t->function = gcc_jit_context_new_function(GCC, NULL, GCC_JIT_FUNCTION_INTERNAL, T->value, name, count, params, 0);
}

static void emit_light(tr *t)
{
    t->is_emitting = true;
    gcc_jit_block *first = new_block(t);
    make_blocks(t);
    t->block = first;
    t->context = gcc_jit_param_as_rvalue(gcc_jit_function_get_param(t->function, 0));
    t->R = gcc_jit_param_as_rvalue(gcc_jit_function_get_param(t->function, 1));
    t->room = gcc_jit_param_as_rvalue(gcc_jit_function_get_param(t->function, 2));
    int count = 3;
    for (uint32_t i = 0; i < t->s->f.param_count; i++) {
        if (!is_in_variable(t->params[i].kind)) continue;
        rvalue p = gcc_jit_param_as_rvalue(gcc_jit_function_get_param(t->function, count++));
        assign(t, t->params[i].kind == RF_KIND_FLOAT ? float_of(t, i) : int_of(t, i), p);
    }
    set_entry_state(t);
    adapt(t, 0);
    gcc_jit_block_end_with_jump(t->block, NULL, t->blocks[0]);
    emit_body(t);
}

void rf_compilation_emit(rf_compilation *c)
{
    const uint32_t count = c->unit->request.function_count;
    for (uint32_t i = 0; i < count; i++)
        if (c->is_light_used[i]) declare_light(&c->light[i]);
    for (uint32_t i = 0; i < count; i++)
        if (c->is_light_used[i]) emit_light(&c->light[i]);
    emit_top(&c->top);
}

void rf_compilation_release(rf_compilation *c)
{
    release(&c->top);
    for (uint32_t i = 0; i < c->unit->request.function_count; i++) release(&c->light[i]);
}
