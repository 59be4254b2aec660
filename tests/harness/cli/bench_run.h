/* Runs ruffbench as a user does and keeps what it said. */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include "support/ruff_test.h"

#include "base/buffer.h"

typedef struct bench_run {
    int code;
    rf_buffer out, err;
} bench_run;

/* A shell command line; $B is ruffbench with the peers suite and a database of this test's own in
 * $T. */
void bench(bench_run *run, const char *command);
void bench_release(bench_run *run);
/* Group set-up and tear-down: the directory $T. */
int bench_set_up(void **state);
int bench_tear_down(void **state);

#define assert_bench(run, command, wanted)                                                         \
    do {                                                                                           \
        bench(run, command);                                                                       \
        if ((run)->code != (wanted)) print_error("%s%s", (run)->out.data, (run)->err.data);        \
        assert_int_equal((run)->code, wanted);                                                     \
    } while (0)
#define assert_has(buffer, text)                                                                   \
    do {                                                                                           \
        if (!strstr((buffer).data, text)) print_error("no `%s` in:\n%s", text, (buffer).data);     \
        assert_non_null(strstr((buffer).data, text));                                              \
    } while (0)
#define assert_lacks(buffer, text)                                                                 \
    do {                                                                                           \
        if (strstr((buffer).data, text)) print_error("`%s` in:\n%s", text, (buffer).data);         \
        assert_null(strstr((buffer).data, text));                                                  \
    } while (0)

#endif
