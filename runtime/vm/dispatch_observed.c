/* The interpreter loop that notes what it sees; see jit_hook.h. */
#define RF_VM_LOOP rf_vm_run_observed
#define RF_VM_OBSERVES
#include "vm/dispatch.c"
