/* Closures and instances that are not made because they die where native code sees it.
 *
 * A register of kind VIRTUAL holds none of them in memory: its parts are in variables of the native function, each part a
 * number, a value that is owned as memory would own it, or virtual itself.  What these are is its shape; equal shapes have
 * one number in a compilation.  A virtual closure is called with its parts as parameters, an argument and a result are
 * passed on by their parts.  It is made where anything else wants it, and where native code is left.
 *
 * Functions are equal only to themselves, so a virtual function is in one register or in one closure.  A second one is
 * lent: it is only called.  Where an instruction would make a copy, the function is made first.  A capture of which a
 * callee makes copies is noted in made_captures, and made before it is captured.  Instances are values: a copy of a virtual
 * one is another virtual one, and a field that is stored into is a part that is assigned; fields hold functions that are
 * made. */
#ifndef RF_JITC_VIRTUAL_H
#define RF_JITC_VIRTUAL_H

#include "jitc/translate.h"

#include "base/base.h"

/* ---- what is known ---- */

static inline const rf_virtual *rf_virtual_of(const rf_translator *t, rf_known k)
{
    return &t->all->virtuals[k.layout];
}
static inline uint32_t rf_leaves_of(const rf_translator *t, rf_known k)
{
    return k.kind == RF_KIND_VIRTUAL ? rf_virtual_of(t, k)->leaf_count : 1;
}
/* What it is when it has been made. */
rf_known rf_virtual_made(const rf_translator *t, rf_known k);
/* What is known of leaf `index`. */
rf_known rf_virtual_leaf(const rf_translator *t, rf_known k, uint32_t index);
/* Number of the first leaf of a part. */
uint32_t rf_virtual_first_leaf(const rf_translator *t, rf_known k, uint32_t part);
/* What holds of both; MEMORY: nothing. */
rf_known rf_virtual_meet(rf_translator *t, rf_known a, rf_known b);

/* ---- variables ---- */

/* The variable of leaf `index` of R[reg]; reg register_count: of the closure that runs. */
rf_ir_place *rf_leaf(rf_translator *t, uint32_t reg, uint32_t index, rf_known leaf);
uint8_t rf_leaf_type(rf_known leaf);
static inline uint32_t rf_running(const rf_translator *t) /* register of the closure that runs */
{
    return t->s->f.register_count;
}

/* ---- code ---- */

/* *slot = the object of R[reg], which is made, and owns what a lent one does not. */
void rf_virtual_into(rf_translator *t, uint32_t reg, rf_known k, rf_ir_place *slot);
/* R[reg] is made. */
void rf_virtual_make(rf_translator *t, uint32_t reg);
/* The same before the instruction has begun: it begins with the object. */
void rf_virtual_make_first(rf_translator *t, uint32_t reg);
/* Gives up what the leaves hold, unless they are lent; the register is CLEAN. */
void rf_virtual_drop(rf_translator *t, uint32_t reg);
/* Each leaf gets one more owner. */
void rf_virtual_retain(rf_translator *t, uint32_t reg, rf_known k);
/* Leaves of `to` = leaves of `from` from number `first` on, of shape k. */
void rf_virtual_copy(rf_translator *t, uint32_t to, uint32_t to_first, uint32_t from, uint32_t first, rf_known k);
/* R[reg] becomes what `then` says: a shape of which less is known, or made. */
void rf_virtual_become(rf_translator *t, uint32_t reg, rf_known then);
/* On the way to pc, where `then` is expected of R[reg]; what is known here stays. */
void rf_virtual_adapt(rf_translator *t, uint32_t reg, uint32_t pc, rf_known then);
/* What the instruction at hand wants made is made, and what it overwrites is dropped. */
void rf_virtual_prepare(rf_translator *t);

/* ---- instructions ---- */

/* CLOSURE, a = R[a] of function `number`; false: nothing was done. */
bool rf_virtual_closure(rf_translator *t, uint32_t number);
/* GETCAPTURE of a virtual capture; false: it is none. */
bool rf_virtual_capture(rf_translator *t);
/* MAKESTRUCT; false: nothing was done, and no operand is virtual. */
bool rf_virtual_struct(rf_translator *t, const rf_source_literal *literal);
/* GETFIELD, SETFIELD of a virtual instance; false: it is none, or is none any more. */
bool rf_virtual_get_field(rf_translator *t);
bool rf_virtual_set_field(rf_translator *t);
bool rf_virtual_has_layout(const rf_translator *t, rf_known k, uint64_t layout);
/* Where a capture of the running closure lies, if it lies in memory or a variable of a whole value. */
rf_ir_place *rf_capture_slot(rf_translator *t, uint32_t index);
rf_known rf_capture_known(const rf_translator *t, uint32_t index);
/* The code needs the closure that runs: another round, in which callers make it. */
void rf_needs_closure(rf_translator *t);
/* Does what a temporary gets now only get called, natively?  from: the register it comes from, which must keep it. */
bool rf_is_only_called(const rf_translator *t, uint32_t to, uint32_t from);
/* The same for what the FORNEXT at hand gives its variable, which the loop keeps. */
bool rf_loop_only_calls(const rf_translator *t);
/* Does a temporary get a function only to call it natively, which was always the code that runs? */
bool rf_calls_running(const rf_translator *t, uint32_t pc, uint32_t to);
/* The same for what an instruction looks at that needs no owner of it; from: UINT32_MAX for a constant. */
bool rf_is_only_looked_at(const rf_translator *t, uint32_t to, uint32_t from);
/* An instruction wants to own its operand, which may be lent: it is counted before it begins. */
void rf_own_first(rf_translator *t, uint32_t reg);

/* A call passes leaves as parameters, and gets the leaves of a result in an area of the caller. */
void rf_leaf_parameters(rf_translator *t, rf_known k);
int rf_leaf_arguments(rf_translator *t, uint32_t reg, rf_known k, rf_ir_expr **args);
int rf_receive_leaves(rf_translator *t, uint32_t reg, rf_known k, int first);
rf_ir_place *rf_result_area(rf_translator *t, rf_known result); /* an array, or NULL */
rf_ir_expr *rf_area_address(rf_translator *t, rf_ir_place *area);
void rf_leaves_out(rf_translator *t, uint32_t reg, rf_known k, rf_ir_expr *area);
void rf_leaves_in(rf_translator *t, uint32_t reg, rf_known k, rf_ir_place *area);

#endif
