/* The argument `limit` of the built-ins that run several background operations (BUILTINS 32). */
#ifndef RF_LIB_CONCURRENCY_H
#define RF_LIB_CONCURRENCY_H

#include "value/value.h"

/* args[index] as a positive int, or the task pool size when there is no such argument; false after
 * raising. */
bool rf_concurrency_limit(rf_isolate *isolate, const char *name, const rf_value *args,
                          uint32_t arg_count, uint32_t index, int64_t *limit);

#endif
