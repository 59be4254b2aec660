/* Tests of the modules that touch the machine: a lib_test in a temporary directory of its own,
 * which is the working directory while it runs. */
#ifndef HOST_TEST_H
#define HOST_TEST_H

#include "lib_test.h"

typedef struct host_test {
    lib_test *lib;
    char directory[64];
    int descriptors; /* open before the test */
} host_test;

int host_test_setup(void **state);
int host_test_teardown(void **state); /* fails the test when descriptors are left open */

void host_write(const char *path, const void *bytes, size_t size);
void host_write_text(const char *path, const char *text);
char *host_read(const char *path); /* whole file, NUL-terminated; new, rf_free */

/* Deep form of NAME called with the elements of the JSON array args (lib_text), new; rf_free. */
char *host_call(host_test *t, const char *name, const char *args);
/* Asserts it. */
void host_expect(host_test *t, const char *name, const char *args, const char *want);
/* The result of a call with arguments given as values (released). */
#define HOST_VALUES(t, name, ...)                                                                  \
    lib_call((t)->lib, (name), (rf_value[]){__VA_ARGS__},                                          \
             sizeof((rf_value[]){__VA_ARGS__}) / sizeof(rf_value))
rf_value host_string(host_test *t, const char *text);
rf_value host_bytes(host_test *t, const void *bytes, size_t size);
/* Asserts the deep form of v (released), or "!MESSAGE". */
void host_expect_value(host_test *t, rf_value v, const char *want);

#endif
