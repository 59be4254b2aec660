/* An isolate with the built-ins attached, and calls of them written as JSON. */
#ifndef LIB_TEST_H
#define LIB_TEST_H

#include "support/ruff_test.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "lib/builtins.h"
#include "value/array.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/format.h"
#include "value/isolate.h"
#include "value/operate.h"

#include <stdio.h>
#include <string.h>

typedef struct lib_test {
    rf_host host;
    rf_isolate *isolate;
    rf_buffer out, err;     /* what was written to the two streams */
    uint64_t objects;       /* live after attaching */
} lib_test;

lib_test *lib_test_new(void);
/* Fails the test when values are left. */
void lib_test_free(lib_test *t);
/* What lives now may stay: caches. */
void lib_test_settle(lib_test *t);
int lib_test_setup(void **state);    /* *state: a lib_test */
int lib_test_teardown(void **state);

/* The value that the JSON text describes, new. */
rf_value lib_value(lib_test *t, const char *json);
/* Result of the built-in called with args (released here), new. */
rf_value lib_call(lib_test *t, const char *name, rf_value *args, uint32_t count);
/* Deep inspect form of v (released here), or "!MESSAGE" when v is RAISED; new, rf_free. */
char *lib_text(lib_test *t, rf_value v);

typedef struct lib_case {
    const char *name; /* of the built-in */
    const char *args; /* a JSON array */
    const char *want; /* deep form of the result, or "!MESSAGE" */
} lib_case;
void lib_check(lib_test *t, const lib_case *cases, size_t count);
#define LIB_CHECK(t, cases) lib_check(t, cases, sizeof(cases) / sizeof *(cases))

#endif
