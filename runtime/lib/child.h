/* Running other programs: one, or several connected by pipes.  Knows nothing of Ruff values. */
#ifndef RF_LIB_CHILD_H
#define RF_LIB_CHILD_H

#include "base/buffer.h"

typedef enum rf_child_input {
    RF_CHILD_NO_INPUT,
    RF_CHILD_INHERIT_INPUT
} rf_child_input; /* standard input */

typedef struct rf_child_options {
    int64_t timeout_ms;       /* 0: none; kills the programs when it is over */
    size_t max_output_bytes;  /* kept of each stream */
    char *const *environment; /* NULL: our own */
    rf_child_input input;
    bool stops_at_limit; /* kill the programs when a stream exceeds max_output_bytes; else the rest
                            is dropped */
} rf_child_options;

typedef struct rf_child_result {
    int exit_code;    /* of the last program; -1 when killed by a signal */
    int failed_stage; /* the first program that failed, -1: none.  One that is killed because nobody
                         reads its output any more has not failed */
    int failed_code;  /* its exit code */
    rf_buffer out, err; /* of the last program; of all of them */
    bool out_truncated, err_truncated, timed_out;
} rf_child_result;

/* Runs argvs[0..count), the output of each feeding the next, and waits for all.  0, or the errno
 * value of what went wrong before they ran, *failed_stage being the one that could not be started.
 */
int rf_child_run(char *const *const *argvs, int count, const rf_child_options *options,
                 rf_child_result *result);
void rf_child_release(rf_child_result *result);

#endif
