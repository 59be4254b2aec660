/* The interpreter loop that counts heat and tells the memory instrument which line runs (prof/allocation.h). */
#define RF_VM_LOOP rf_vm_run_noting
#define RF_VM_COUNTS
#define RF_VM_NOTES
#include "vm/dispatch.c"
