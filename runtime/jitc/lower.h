/* From the intermediate form to gcc's. */
#ifndef RF_JITC_LOWER_H
#define RF_JITC_LOWER_H

#include "jitc/ir.h"

#include <libgccjit.h>

/* All functions of the unit into gcc.  first_lines: by function of the program, the line that its first instruction has in
 * the line table; NULL: no lines are wanted. */
void rf_lower(const rf_ir_unit *unit, const uint32_t *first_lines, gcc_jit_context *gcc);

#endif
