/* Interrupting a program in the VM: the counting loop looks for it instead of counting heat (jit_hook.h). */
#ifndef RF_VM_INTERRUPT_H
#define RF_VM_INTERRUPT_H

#include "value/isolate.h"

/* From now on calls and turns of loops look at host->interrupted every now and then; there is no native code.  Before
 * any code was compiled, in an isolate without JIT. */
void rf_vm_watch_interrupts(rf_isolate *isolate);

#endif
