/* The register-bytecode VM. */
#ifndef RF_VM_VM_H
#define RF_VM_VM_H

#include "base/buffer.h"
#include "value/engine.h"
#include "value/function.h"

extern const rf_engine rf_vm_engine;

/* Compiles every function of the module without running it (check, dump); *instructions gets their number. */
void rf_vm_compile_all(rf_isolate *isolate, rf_module *module, uint64_t *instructions);
/* What runs from now on is observed, up to two thousand million instructions. */
void rf_vm_observe_all(rf_isolate *isolate);
/* Readable listing of the module's code; with_feedback adds feedback words. */
void rf_vm_dump(rf_isolate *isolate, rf_module *module, bool with_feedback, rf_buffer *out);

#endif
