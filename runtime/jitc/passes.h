/* What is done to the intermediate form between making it and giving it to gcc. */
#ifndef RF_JITC_PASSES_H
#define RF_JITC_PASSES_H

#include "jitc/ir.h"

/* All passes over each function; behind pass number `shown` (jit/pass.def) each is printed to out, unless that is NULL.  Builds
 * with assertions look after each pass whether the form keeps what it promises. */
void rf_ir_run_passes(rf_ir_unit *unit, size_t shown, rf_buffer *out);

#endif
