/* The interpreter loop that the profiler can stop and that counts exactly; see profile.h. */
#define RF_VM_LOOP rf_vm_run_tallied
#define RF_VM_PROFILES RF_VM_LOOP_TALLIED
#define RF_VM_TALLIES
#include "vm/dispatch.c"
