/* The interpreter loop that the profiler can stop and that counts every instruction, and that tells the memory
 * instrument which line runs; see profile.h and prof/allocation.h. */
#define RF_VM_LOOP rf_vm_run_tallied
#define RF_VM_PROFILES RF_VM_LOOP_TALLIED
#define RF_VM_TALLIES
#define RF_VM_NOTES
#include "vm/dispatch.c"
