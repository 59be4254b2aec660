/* The deep inspect form that debug() prints (BUILTINS 33). */
#ifndef RF_LIB_INSPECT_H
#define RF_LIB_INSPECT_H

#include "base/buffer.h"
#include "value/value.h"

/* Appends the form of v; false after raising the nesting limit. */
bool rf_inspect_deep(rf_isolate *isolate, rf_value v, rf_buffer *out);

#endif
