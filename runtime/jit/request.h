/* A request for native code: a function and what it calls, as the helper sees them. */
#ifndef RF_JIT_REQUEST_H
#define RF_JIT_REQUEST_H

#include "base/buffer.h"
#include "jit/native.h"

/* The running frame is at `entry`. distrusted: bits of registers whose kind at the entry varies.  False: the function is of a kind or size that is left to the VM. */
bool rf_request_build(rf_buffer *out, rf_isolate *isolate, const rf_frame *fp, uint32_t entry, uint32_t number,
                      bool is_traced, bool is_forced, const uint64_t *distrusted);

#endif
