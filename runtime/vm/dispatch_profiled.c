/* The interpreter loop that the profiler can stop; see profile.h. */
#define RF_VM_LOOP rf_vm_run_profiled
#define RF_VM_PROFILES RF_VM_LOOP_PROFILED
#include "vm/dispatch.c"
