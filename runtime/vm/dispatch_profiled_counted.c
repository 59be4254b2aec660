/* The interpreter loop that the profiler can stop and that counts heat; see profile.h and jit_hook.h. */
#define RF_VM_LOOP rf_vm_run_profiled_counted
#define RF_VM_PROFILES RF_VM_LOOP_PROFILED_COUNTED
#define RF_VM_COUNTS
#include "vm/dispatch.c"
