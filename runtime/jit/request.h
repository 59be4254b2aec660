/* A request for native code: a function and what it calls, as the helper sees them. */
#ifndef RF_JIT_REQUEST_H
#define RF_JIT_REQUEST_H

#include "base/buffer.h"
#include "jit/binding.h"
#include "jit/native.h"

/* Fills out with the request for native code from where the running frame is, and *binding with what its names mean.  `wish`
 * holds entry, number and what is wanted; distrusted: bits of registers whose kind at the entry varies.  False: the function
 * is of a kind or size that is left to the VM; *binding is to be released in any case. */
bool rf_request_build(rf_buffer *out, rf_isolate *isolate, const rf_frame *fp, const rf_wire_request *wish,
                      const uint64_t *distrusted, rf_binding *binding);

#endif
