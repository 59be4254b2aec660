/* The interpreter loop for the memory instrument alone: it says where it allocates and what it shares, no more. */
#define RF_VM_LOOP rf_vm_run_noted
#define RF_VM_NOTES
#include "vm/dispatch.c"
