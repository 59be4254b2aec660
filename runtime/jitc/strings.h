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
    return EMITS ? value_of(t, part(t, p, offsetof(rf_string, size), RF_IR_U32)) : NULL;
}

static inline rvalue string_length(tr *t, rvalue p) /* in characters */
{
    return EMITS ? value_of(t, part(t, p, offsetof(rf_string, length), RF_IR_U32)) : NULL;
}

/* p->text[index] as a string; leaves if p is not all ASCII or has no such character */
static inline rvalue character_at(tr *t, rvalue p, rvalue index)
{
    if (!EMITS) return NULL;
    uint8_t u = RF_IR_U64;
    rvalue length = keep(t, RF_IR_U32, string_length(t, p));
    guard(t, test(t, RF_IR_EQ, length, string_size(t, p)));
    guard(t, test(t, RF_IR_LT, cast(t, index, u), cast(t, length, u)));
    rvalue text = cast(t, address_of(t, part(t, p, offsetof(rf_string, text), RF_IR_U8)),
                       RF_IR_TO + RF_IR_U8);
    rvalue byte = value_of(t, element(t, text, index));
    rvalue isolate = value_of(t, context_part(t, offsetof(rf_native_context, isolate), RF_IR_POINTER));
    rvalue interned = value_of(t, part(t, isolate, offsetof(rf_isolate, interned), RF_IR_POINTER));
    rvalue ascii = cast(t, address_of(t, part(t, interned, offsetof(rf_intern, ascii), RF_IR_POINTER)),
                        RF_IR_TO + RF_IR_POINTER);
    return keep(t, RF_IR_POINTER, value_of(t, element(t, ascii, cast(t, byte, RF_IR_I64))));
}

/* Is the operand in field `index` of the instruction a string? Tests what is guessed. */
static inline bool is_string_operand(tr *t, uint32_t reg, unsigned index)
{
    rf_known *k = &t->now[reg];
    if (k->kind == RF_KIND_STRING) return true;
    const rf_wire_hint *hint = hints(t, t->at);
    if (k->kind != RF_KIND_MEMORY || !was_only(hint->seen[index], RF_STRING) || (hint->flags & RF_FEEDBACK_DISTRUST))
        return false;
    guard(t, test(t, RF_IR_EQ, EMITS ? value_of(t, slot_head(t, reg_slot(t, reg))) : NULL,
                  constant(t, RF_STRING)));
    *k = (rf_known){.kind = RF_KIND_STRING};
    return true;
}

/* The object in a register that is known to hold one. */
static inline rvalue object_at(tr *t, uint32_t reg)
{
    return EMITS ? keep(t, RF_IR_POINTER, value_of(t, slot_object(t, reg_slot(t, reg)))) : NULL;
}

/* C: a == b || (a->size == b->size && a->text[0] == b->text[0] && rf_native_same_text(a, b)) */
static inline rvalue strings_equal(tr *t, rvalue a, rvalue b)
{
    if (!EMITS) return NULL;
    lvalue equal = variable(t, RF_IR_BOOL, "equal");
    rf_ir_block *differ = new_block(t), *deep = new_block(t), *next = new_block(t);
    assign(t, equal, test(t, RF_IR_EQ, a, b));
    branch(t, value_of(t, equal), next, differ);
    t->block = differ;
    rvalue sizes = test(t, RF_IR_EQ, string_size(t, a), string_size(t, b));
    rvalue firsts = test(t, RF_IR_EQ, value_of(t, part(t, a, offsetof(rf_string, text), RF_IR_U8)),
                         value_of(t, part(t, b, offsetof(rf_string, text), RF_IR_U8)));
    branch(t, binary(t, RF_IR_BOTH, sizes, firsts), deep,
           next);
    t->block = deep;
    rvalue args[] = {a, b};
    assign(t, equal, test(t, RF_IR_NE, call_value(t, RF_FN(same_text), 2, args), constant(t, 0)));
    jump(t, next);
    t->block = next;
    return value_of(t, equal);
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
        dying = variable(t, RF_IR_VALUE, "dying");
        assign(t, dying, value_of(t, reg_slot(t, reg)));
        assign(t, slot_head(t, reg_slot(t, reg)), constant(t, RF_UNSET));
    }
    touch(t, reg);
    t->now[reg] = (rf_known){.kind = RF_KIND_CLEAN};
    return dying;
}

/* ---- dicts ---- */

/* An entry, by name or by a register; leaves if it is missing. */
static inline lvalue entry_of(tr *t, const rf_ir_extern *find, rvalue p, rvalue key)
{
    if (!EMITS) return NULL;
    rvalue args[] = {cast(t, p, RF_IR_POINTER), key};
    lvalue entry = variable(t, RF_IR_VALUE, "entry");
    assign(t, entry, call_value(t, find, 2, args));
    guard(t, test(t, RF_IR_NE, value_of(t, slot_head(t, entry)), constant(t, RF_UNSET)));
    return entry;
}

#endif
