/* What the end of an isolate needs of builtin.c; the rest is in function.h. */
#ifndef RF_VALUE_BUILTIN_H
#define RF_VALUE_BUILTIN_H

#include "value/function.h"

/* frees every value of isolate->builtin_values and the array */
void rf_builtin_values_free(rf_isolate *isolate);
void rf_builtin_index_free(rf_isolate *isolate);

#endif
