/* Readable code. */
#ifndef RF_VM_DISASSEMBLE_H
#define RF_VM_DISASSEMBLE_H

#include "base/buffer.h"
#include "vm/chunk.h"

void rf_vm_disassemble(rf_isolate *isolate, const rf_proto *proto, bool with_feedback, rf_buffer *out);

#endif
