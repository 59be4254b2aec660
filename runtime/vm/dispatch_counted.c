/* The interpreter loop that counts heat; see jit_hook.h. */
#define RF_VM_LOOP rf_vm_run_counted
#define RF_VM_COUNTS
#include "vm/dispatch.c"
