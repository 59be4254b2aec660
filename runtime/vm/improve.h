/* What the finished code is improved by: moves of locals at their last use (RUNTIME 3), chains of accesses. */
#ifndef RF_VM_IMPROVE_H
#define RF_VM_IMPROVE_H

#include "vm/chunk.h"

/* Which registers are live before each instruction: *words words of bits for each; rf_free. */
uint64_t *rf_vm_live_registers(const rf_proto *proto, uint32_t *words);
/* Turns COPY from a local that nobody reads afterwards into MOVE, so that what is passed on is not shared. */
void rf_vm_move_dying_locals(rf_proto *proto);
/* Marks the starts of chains (opcode.def): an access whose result is only looked at by the next instruction. */
void rf_vm_mark_chains(rf_proto *proto);

#endif
