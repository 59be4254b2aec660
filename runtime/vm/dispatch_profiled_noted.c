/* The interpreter loop that the profiler can stop, that counts heat, and that tells the memory instrument which line
 * runs; see profile.h and prof/allocation.h. */
#define RF_VM_LOOP rf_vm_run_profiled_noted
#define RF_VM_PROFILES RF_VM_LOOP_PROFILED_NOTED
#define RF_VM_COUNTS
#define RF_VM_NOTES
#include "vm/dispatch.c"
