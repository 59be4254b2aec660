/* Calling a function of the prelude from C. */
#ifndef RF_LIB_PRELUDE_H
#define RF_LIB_PRELUDE_H

#include "value/value.h"

/* Result of the prelude's exported function of that name; args are borrowed. */
rf_value rf_prelude_call(rf_isolate *isolate, const char *name, const rf_value *args,
                         uint32_t arg_count);

#endif
