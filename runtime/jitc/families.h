/* Families of instructions: each translates the one at t->at.  Nothing may change before the last
 * guess of an instruction has been tested, because a failed guess has the VM do the whole
 * instruction. */
#ifndef RF_JITC_FAMILIES_H
#define RF_JITC_FAMILIES_H

#include "jitc/translate.h"

/* ---- numbers.c; form: 0 registers, 1 with an int, 2 with a constant, 3 constant on the left ----
 */

void rf_do_binary(rf_translator *t, rf_op_kind op, unsigned form);
void rf_do_compare(rf_translator *t, rf_op_kind op);
void rf_do_compare_jump(rf_translator *t, rf_op_kind op, unsigned form, bool sense);
void rf_do_truth_jump(rf_translator *t, bool sense);
void rf_do_load_constant(rf_translator *t);
void rf_do_negate(rf_translator *t);
void rf_do_truth(rf_translator *t, bool negates);
void rf_do_add_place(rf_translator *t);
void rf_do_not_equal_jump(rf_translator *t);

/* ---- access.c ---- */

void rf_do_access(rf_translator *t);
void rf_do_variable(rf_translator *t);
void rf_do_set_index(rf_translator *t);
void rf_do_set_field(rf_translator *t);
void rf_do_push(rf_translator *t);
/* While emitting; moves: R[reg] is unset then, as it dies. */
void rf_push_into(rf_translator *t, rf_ir_place *slot, uint32_t reg, bool moves);
/* Is R[reg], which an instruction without a frame stores, moved because it is not read behind it, at pc? */
bool rf_is_moved(const rf_translator *t, uint32_t reg, uint32_t pc);
void rf_do_range_prep(rf_translator *t);
void rf_do_range_next(rf_translator *t);
void rf_do_for_next(rf_translator *t);
void rf_do_store_variable(rf_translator *t);
void rf_do_item(rf_translator *t);
void rf_do_entry_value(rf_translator *t);

/* ---- places.c ---- */

void rf_do_set_place(rf_translator *t);
void rf_do_push_place(rf_translator *t);
/* Moves the instance that R[window] shares with the place of site out of the place; goes to `other` where the way there is
 * not as it was seen. False: nothing was emitted, it cannot be done here. */
bool rf_take_from_place(rf_translator *t, const rf_wire_site *site, uint32_t window, rf_ir_block *other);
/* Is the way to the place of site, in a local, known, and may an instance lie there that works in place? */
bool rf_has_way_to(rf_translator *t, const rf_wire_site *site);
/* The instance of layout in the place, of which it becomes the only owner, and the slot there; else leaves. */
rf_ir_expr *rf_go_to(rf_translator *t, const rf_wire_site *site, uint64_t layout, rf_ir_place **slot);

/* ---- loops.c ---- */

void rf_find_loops(rf_translator *t);
/* Where native code for the loop that goes on at pc begins: at its test, so that gcc sees the loops as they are written; at
 * pc, if that is not possible. */
uint32_t rf_begin_of_loop(const rf_translator *t, uint32_t pc);
/* Is the instruction at pc a RANGENEXT that counts by 1? */
bool rf_counts_by_one(const rf_translator *t, uint32_t pc);
void rf_find_quiet(rf_compilation *c); /* instances and loops, once the kinds are known */
/* At a RANGEPREP whose loop only appends: does it for all turns but the last and lowers count.  How many; NULL: none. */
rf_ir_expr *rf_fill_by_loop(rf_translator *t, rf_ir_place *count);

/* ---- structs.c ---- */

void rf_do_make_struct(rf_translator *t);
void rf_do_new_array(rf_translator *t);
/* An instance whose fields are to be filled in at once; while emitting. */
rf_ir_expr *rf_new_instance(rf_translator *t, uint64_t layout, uint32_t data_size);

/* ---- builtins.c ---- */

void rf_do_builtin(rf_translator *t);
/* An UPDATE that removes an entry of a dict in a local or a field: the short way.  What is emitted behind it is the other. */
void rf_remove_entry(rf_translator *t);
bool rf_do_text_and_int(rf_translator *t); /* CONCAT of a string and an int; false: of anything else */

/* ---- generators.c ---- */

void rf_do_yield(rf_translator *t);
void rf_do_for_prep(rf_translator *t);
void rf_do_generator_next(rf_translator *t); /* FORNEXT of anything but an array */
/* The body of a generator: where it goes on, in analysis; its beginning, ending with the block that starts it; its end. */
void rf_flow_from_yields(rf_translator *t);
void rf_resume_body(rf_translator *t);
void rf_end_generator(rf_translator *t);

/* ---- calls.c ---- */

/* The call as the VM makes it: its outcome, NULL when another round will tell; what it changed is in memory. */
rf_ir_expr *rf_call_generically(rf_translator *t);

void rf_do_call(rf_translator *t);
rvalue rf_prof_block(rf_translator *t);                                         /* what the isolate's thread tells, while profiled */
lvalue rf_builtin_calls(rf_translator *t, rvalue prof, uint32_t builtin);        /* how often it called that one */
void rf_begin_calls(rf_translator *t); /* while profiled: at the beginning of the code */
void rf_do_other_call(rf_translator *t);
void rf_do_closure(rf_translator *t);
void rf_do_cell(rf_translator *t, bool is_wrap);
void rf_do_mark_self(rf_translator *t);
/* Is what tells that self was modified a variable? Else it is in the frame, which is needed then. */
bool rf_can_mark(rf_translator *t);
void rf_mark_self(rf_translator *t); /* while emitting: the frame's self counts as modified */
void rf_do_return(rf_translator *t, bool has_value);

#endif
