/* Strings and dicts in native code.
 *
 * Characters of ASCII strings are objects that exist once and are never counted (value/intern.h): taking one out of a
 * string and comparing it needs no call.  Entries of dicts are looked for by a function, without counting either. */
#ifndef RF_JITC_STRINGS_H
#define RF_JITC_STRINGS_H

#include "jitc/objects.h"

#include "value/dict_layout.h"
#include "value/intern.h"
#include "value/string.h"

static inline rvalue string_size(tr *t, rvalue p)
{
    return EMITS ? value_of(part(t, p, offsetof(rf_string, size), T->u32)) : NULL;
}

static inline rvalue string_length(tr *t, rvalue p) /* in characters */
{
    return EMITS ? value_of(part(t, p, offsetof(rf_string, length), T->u32)) : NULL;
}

/* p->text[index] as a string; leaves if p is not all ASCII or has no such character */
static inline rvalue character_at(tr *t, rvalue p, rvalue index)
{
    if (!EMITS) return NULL;
    gcc_jit_type *u = gcc_jit_context_get_type(GCC, GCC_JIT_TYPE_UNSIGNED_LONG_LONG);
    rvalue length = keep(t, T->u32, string_length(t, p));
    guard(t, test(t, GCC_JIT_COMPARISON_EQ, length, string_size(t, p)));
    guard(t, test(t, GCC_JIT_COMPARISON_LT, cast(t, index, u), cast(t, length, u)));
    rvalue text = cast(t, gcc_jit_lvalue_get_address(part(t, p, offsetof(rf_string, text), T->u8), NULL),
                       gcc_jit_type_get_pointer(T->u8));
    rvalue byte = value_of(gcc_jit_context_new_array_access(GCC, NULL, text, index));
    rvalue isolate = value_of(context_part(t, offsetof(rf_native_context, isolate), T->pointer));
    rvalue interned = value_of(part(t, isolate, offsetof(rf_isolate, interned), T->pointer));
    rvalue ascii = cast(t, gcc_jit_lvalue_get_address(part(t, interned, offsetof(rf_intern, ascii), T->pointer), NULL),
                        gcc_jit_type_get_pointer(T->pointer));
    return keep(t, T->pointer, value_of(gcc_jit_context_new_array_access(GCC, NULL, ascii, cast(t, byte, T->i64))));
}

/* Is the operand in field `index` of the instruction a string? Tests what is guessed. */
static inline bool is_string_operand(tr *t, uint32_t reg, unsigned index)
{
    rf_known *k = &t->now[reg];
    if (k->kind == RF_KIND_STRING) return true;
    const rf_wire_hint *hint = hints(t, t->at);
    if (k->kind != RF_KIND_MEMORY || !was_only(hint->seen[index], RF_STRING) || (hint->flags & RF_FEEDBACK_DISTRUST))
        return false;
    guard(t, test(t, GCC_JIT_COMPARISON_EQ, EMITS ? value_of(slot_head(t, reg_slot(t, reg))) : NULL,
                  constant(t, RF_STRING)));
    *k = (rf_known){.kind = RF_KIND_STRING};
    return true;
}

/* The object in a register that is known to hold one. */
static inline rvalue object_at(tr *t, uint32_t reg)
{
    return EMITS ? keep(t, T->pointer, value_of(slot_object(t, reg_slot(t, reg)))) : NULL;
}

/* C: a == b || (a->size == b->size && a->text[0] == b->text[0] && rf_native_same_text(a, b)) */
static inline rvalue strings_equal(tr *t, rvalue a, rvalue b)
{
    if (!EMITS) return NULL;
    lvalue equal = variable(t, T->boolean, "equal");
    gcc_jit_block *differ = new_block(t), *deep = new_block(t), *next = new_block(t);
    assign(t, equal, test(t, GCC_JIT_COMPARISON_EQ, a, b));
    branch(t, value_of(equal), next, differ);
    t->block = differ;
    rvalue sizes = test(t, GCC_JIT_COMPARISON_EQ, string_size(t, a), string_size(t, b));
    rvalue firsts = test(t, GCC_JIT_COMPARISON_EQ, value_of(part(t, a, offsetof(rf_string, text), T->u8)),
                         value_of(part(t, b, offsetof(rf_string, text), T->u8)));
    branch(t, gcc_jit_context_new_binary_op(GCC, NULL, GCC_JIT_BINARY_OP_LOGICAL_AND, T->boolean, sizes, firsts), deep,
           next);
    t->block = deep;
    rvalue args[] = {a, b};
    assign(t, equal, test(t, GCC_JIT_COMPARISON_NE, call_value(t, T->same_text, 2, args), constant(t, 0)));
    gcc_jit_block_end_with_jump(t->block, t->here, next);
    t->block = next;
    return value_of(equal);
}

/* A temporary that holds a value dies behind the last test of its instruction. */
static inline void drop_value(tr *t, uint32_t reg)
{
    if (!is_temp(t, reg)) return;
    const rf_known k = t->now[reg];
    if (may_count(k.kind) && !is_character(&k)) release_register(t, reg);
    touch(t, reg);
    t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
}

/* Moves what a temporary holds out of it, to be released later; NULL: nothing to release. */
static inline lvalue take_dying(tr *t, uint32_t reg)
{
    const rf_known k = t->now[reg];
    lvalue dying = NULL;
    if (!is_temp(t, reg)) return NULL;
    if (EMITS && may_count(k.kind) && !is_character(&k)) {
        dying = variable(t, T->value, "dying");
        assign(t, dying, value_of(reg_slot(t, reg)));
        assign(t, slot_head(t, reg_slot(t, reg)), constant(t, RF_UNSET));
    }
    touch(t, reg);
    t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
    return dying;
}

/* ---- dicts ---- */

/* An entry, by name or by a register; leaves if it is missing. */
static inline lvalue entry_of(tr *t, gcc_jit_function *find, rvalue p, rvalue key)
{
    if (!EMITS) return NULL;
    rvalue args[] = {cast(t, p, T->pointer), key};
    lvalue entry = variable(t, T->value, "entry");
    assign(t, entry, call_value(t, find, 2, args));
    guard(t, test(t, GCC_JIT_COMPARISON_NE, value_of(slot_head(t, entry)), constant(t, RF_UNSET)));
    return entry;
}

#endif
