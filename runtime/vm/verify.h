/* Checks compiled code: operands in range, jumps to instructions, temporaries written once and read once on every way.
 * In builds with assertions only; a failure is a defect of the compiler. */
#ifndef RF_VM_VERIFY_H
#define RF_VM_VERIFY_H

#include "vm/chunk.h"

/* NULL when the code is sound, else what is wrong with it: new text (rf_free). */
char *rf_vm_find_fault(const rf_proto *proto);
static inline void rf_vm_verify(const rf_proto *proto)
{
#ifdef RF_ASSERTS
    rf_assert(!rf_vm_find_fault(proto));
#else
    (void)proto;
#endif
}

#endif
