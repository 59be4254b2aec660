/* An isolate with the built-ins and no engine, for targets that call them directly. */
#ifndef TESTS_FUZZ_LIB_ISOLATE_H
#define TESTS_FUZZ_LIB_ISOLATE_H

#include "value/isolate.h"

rf_isolate *fuzz_isolate_new(void);
void fuzz_isolate_free(rf_isolate *isolate);
/* Result of the built-in; args are released.  An error that it raised is dropped: UNSET. */
rf_value fuzz_call(rf_isolate *isolate, const char *name, rf_value *args, uint32_t count);

#endif
