/* A request to ruff-jitc made by hand. */
#ifndef SUPPORT_WIRE_REQUEST_H
#define SUPPORT_WIRE_REQUEST_H

#include "base/buffer.h"
#include "jit/wire.h"

/* For `return R[0] + 1`: the header, and in out what follows it. */
void wire_request_build(rf_buffer *out, rf_wire_request *request);

#endif
