/* What is shown of a compilation (ruff dump). */
#ifndef RF_JITC_DUMP_H
#define RF_JITC_DUMP_H

#include "jitc/translate.h"

/* Notes a way out of native code: where the VM goes on, why, and what is written back for it. */
void rf_dump_exit(rf_translator *t, const rf_known *state, uint32_t pc, unsigned reason);

#endif
