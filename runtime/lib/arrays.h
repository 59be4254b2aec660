/* What other modules use of arrays.c. */
#ifndef RF_LIB_ARRAYS_H
#define RF_LIB_ARRAYS_H

#include "value/array.h"

enum { RF_ARRAY_ABSENT = -1, RF_ARRAY_RAISED = -2 };

/* Index of the first element equal to v (BUILTINS 2.7), ABSENT, or RAISED (nesting limit). */
int64_t rf_array_find(rf_isolate *isolate, const rf_array *a, rf_value v);
/* Pushes v (stolen) to the array in *out; on failure releases *out, sets it to RAISED and returns
 * false. */
bool rf_array_gather(rf_isolate *isolate, rf_value *out, rf_value v);
/* start, start + step, ... before stop; step is not 0.  RAISED: too many. */
rf_value rf_array_of_range(rf_isolate *isolate, int64_t start, int64_t stop, int64_t step);

#endif
