/* Moves of locals at their last use (RUNTIME 3). */
#ifndef RF_VM_LIVENESS_H
#define RF_VM_LIVENESS_H

#include "vm/chunk.h"

/* Turns COPY from a local that nobody reads afterwards into MOVE, so that what is passed on is not shared. */
void rf_vm_move_dying_locals(rf_proto *proto);

#endif
