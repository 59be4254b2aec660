/* The long ways of instructions: what the dispatch loop leaves out.  They read operands as the instruction says (a
 * temporary dies, a local stays) and return false after raising. */
#ifndef RF_VM_SLOW_H
#define RF_VM_SLOW_H

#include "value/dict.h"
#include "vm/call.h"

/* ---- arith.c ---- */

/* R[a] = R[b] op right; c is the register of right, or RF_NO_RESULT when it is no register. */
bool rf_vm_binary(rf_isolate *isolate, rf_frame *fp, rf_op_kind op, uint32_t a, uint32_t b, rf_value right,
                  uint32_t c);
/* R[a] = K[b] op R[c] */
bool rf_vm_constant_left(rf_isolate *isolate, rf_frame *fp, rf_op_kind op, rf_instruction in);
/* 1, 0, or -1 after raising: R[b] op right. */
int rf_vm_compare(rf_isolate *isolate, rf_frame *fp, rf_op_kind op, uint32_t b, rf_value right, uint32_t c);
bool rf_vm_unary(rf_isolate *isolate, rf_frame *fp, rf_op_kind op, uint32_t a, uint32_t b);
bool rf_vm_add_place(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_concat(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_text(rf_isolate *isolate, rf_value *slot);
bool rf_vm_truth(rf_isolate *isolate, rf_frame *fp, uint32_t reg); /* truthiness; a temporary dies */

/* ---- access.c ---- */

bool rf_vm_get_index(rf_isolate *isolate, rf_frame *fp, uint32_t a, uint32_t b, rf_value index, uint32_t c);
bool rf_vm_set_index(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
/* From now on the site expects instances of this layout of the same declaration. */
void rf_vm_renew_site(rf_site *site, rf_layout *layout);
bool rf_vm_get_field(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_opt_field(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_set_field(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
void rf_vm_set_own(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_length(rf_isolate *isolate, rf_frame *fp, rf_instruction in);

/* ---- build.c ---- */

void rf_vm_closure(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
/* A closure of proto, made by code with these registers whose own captures are those of `running`. */
rf_value rf_vm_new_closure(rf_isolate *isolate, rf_proto *proto, const rf_value *base, const rf_function *running);
void rf_vm_struct_decl(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
void rf_vm_enum_decl(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
void rf_vm_new_array(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
void rf_vm_unpack(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_extend(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_spread(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_dict_key(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_dict_set(rf_isolate *isolate, rf_frame *fp, uint32_t a, rf_value key, uint32_t key_reg, uint32_t c);
bool rf_vm_dict_spread(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_struct_check(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_field_check(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_spread_check(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_make_struct(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_enum_check(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
void rf_vm_make_enum(rf_isolate *isolate, rf_frame *fp, rf_instruction in);

/* ---- iterate.c ---- */

bool rf_vm_for_prep(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_range_prep(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
/* The next turns of a range, of which some are left, are counted before they run; R[b] = the number of the first.  Is the
 * function hot? What was counted before has run. */
bool rf_vm_count_turns(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
/* The same without counting: all of them.  False. */
bool rf_vm_take_turns(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
/* All turns but the last of a loop that only appends (filling.h); next: behind its RANGEPREP, which has been carried out. */
void rf_vm_fill(rf_isolate *isolate, rf_frame *fp, const rf_instruction *next);
/* PUSHED: a generator runs.  DONE: *jumps tells whether there was an element. */
rf_outcome rf_vm_for_next(rf_isolate *isolate, rf_vm_task *task, rf_instruction in, bool *jumps);

/* ---- pattern.c ---- */

void rf_vm_item(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
void rf_vm_item_rest(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
void rf_vm_entry(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_entry_rest(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
void rf_vm_payload(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
void rf_vm_entries(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
void rf_vm_entry_value(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_is_array_of(rf_value v, uint32_t code);
bool rf_vm_has_entries(rf_isolate *isolate, const rf_frame *fp, rf_value v, const rf_pattern *pattern);
bool rf_vm_is_variant(rf_value v, const rf_pattern *pattern);

/* ---- control.c ---- */

void rf_vm_raise_undefined(rf_isolate *isolate, rf_value name);
/* Undefined variable: what the checked read `in` found unset. */
void rf_vm_raise_unset(rf_isolate *isolate, const rf_frame *fp, rf_instruction in);
bool rf_vm_try(rf_isolate *isolate, rf_frame *fp, rf_instruction in, bool *returns);
bool rf_vm_import(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_vm_import_name(rf_isolate *isolate, rf_frame *fp, rf_instruction in);

/* ---- operands ---- */

/* The operand is used up: a temporary gives up what it holds. */
static inline void rf_vm_use(rf_isolate *isolate, rf_frame *fp, uint32_t reg)
{
    if (reg >= fp->proto->temp_base && reg != UINT32_MAX) rf_store(isolate, &fp->base[reg], rf_unset());
}
/* The operand as a new reference: a temporary is moved out of, a local copied. */
static inline rf_value rf_vm_take_operand(rf_frame *fp, uint32_t reg)
{
    rf_value *slot = &fp->base[reg];
    return reg >= fp->proto->temp_base ? rf_take(slot) : rf_copy(*slot);
}

static inline void rf_vm_new_record(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *values = &fp->base[in.a + 1u];
    const rf_value record = rf_dict_new_record(isolate, fp->proto->literals[in.c].shape, values);
    for (uint32_t i = 0; i < in.b; i++) values[i] = rf_unset(); /* moved */
    fp->base[in.a] = record; /* the start of a window: nothing is there */
}

#endif
