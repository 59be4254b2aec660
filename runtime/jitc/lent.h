/* Instances that are lent: methods and loops work on them where they stand.
 *
 * A register of kind LENT holds an instance in a variable of the native code and nothing in memory.  What keeps the
 * instance alive is somewhere else: in the array that a loop goes through, in the local from which a receiver is read, in
 * the caller of a method.  So it is neither counted nor released.  Where native code is left, or raises, it gets an owner
 * of its own; so it does before an instruction that does more with it than read a field or call a method, and before the
 * register that it was reached from changes.
 *
 * The self of a method that modifies it is lent in place (is_in_place) when the place it stands in is its only owner: a
 * field that is stored into is stored into there.  Where native code is left, the self moves from the place to the frame
 * of the method, which is what the VM does at the beginning of such a call (vm/call.c); the place is emptied by the
 * caller.  Only methods without a frame work in place: they can neither raise nor run other code. */
#ifndef RF_JITC_LENT_H
#define RF_JITC_LENT_H

#include "jitc/core.h"

enum { RF_NO_LENDER = UINT16_MAX };

/* What the instruction at hand does more with than look at gets owners first. */
void rf_lent_prepare(rf_translator *t);
/* May R[reg] be lent on to a method, function `number`, that does not modify it?  A self in place stays without other
 * owners. */
bool rf_lent_on(rf_translator *t, uint32_t reg, uint32_t number);
/* All that the instruction at hand names gets owners: the VM carries it out. */
void rf_lent_own_operands(rf_translator *t);
/* R[reg] gets its own owner, before the instruction has begun. */
void rf_lent_own_first(rf_translator *t, uint32_t reg);
/* On the way to pc the register `lender` gives up what it holds: what is lent from there and lives gets an owner. */
void rf_lent_return(rf_translator *t, uint32_t lender, uint32_t pc);
/* R[reg] = what lies in memory at from, if it is an instance of layout; else leaves. */
void rf_lent_take(rf_translator *t, uint32_t reg, const loaded *from, uint64_t layout, uint32_t lender);
/* The layout of the instances that the FORNEXT at hand may lend to its variable; 0: it is to own them. */
uint64_t rf_lent_by_loop(const rf_translator *t);
/* The layout of the receiver that R[reg] gets now, at pc, from R[lender]; 0: it is no receiver, or may not be lent. */
uint64_t rf_lent_receiver(const rf_translator *t, uint32_t pc, uint32_t reg, uint32_t lender);

#endif
