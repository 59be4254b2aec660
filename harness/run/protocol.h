/* Runner protocol 1: what a benchmark program prints about itself.
 *
 *     @rb 1 ruff            protocol and language, when set-up is complete
 *     @clock 41             measured resolution of its clock in ns
 *     @i 1834021 6765       an iteration: nanoseconds and digest
 *     @c jit.compiled 3     a counter
 *     @end 10               number of iterations; without it the report is not whole.  What the runtime of the
 *                           language counts by itself may follow as further @c lines
 *
 * Other lines are ordinary output.  A program that prints no @rb may give NAME_MS=12.5 and
 * NAME_CHECKSUM=x lines (level plain); failing that, its whole output but for @c lines is the digest
 * and its time is the harness's (level none). */
#ifndef RUN_PROTOCOL_H
#define RUN_PROTOCOL_H

#include "base/vector.h"

typedef enum run_level { RUN_LEVEL_NONE, RUN_LEVEL_PLAIN, RUN_LEVEL_FULL } run_level;

typedef struct run_counter {
    char *name; /* owned */
    int64_t value;
} run_counter;

typedef struct run_sample {
    run_level level;
    int64_t clock_ns;         /* 0: not told */
    RF_VECTOR(int64_t) times; /* ns; empty for level none */
    char *digest;             /* of the first iteration; owned */
    char *other_digest;       /* the first that differs from it, else NULL; owned */
    size_t other_iteration;   /* its number, from 1 */
    RF_VECTOR(run_counter) counters;
} run_sample;

/* Reads the standard output of a program.  RUFF_E_SYNTAX: the report is broken or not whole; the
 * message names the line.  The sample then holds what was read. */
RF_MUST_USE ruff_status run_protocol_parse(const char *text, size_t size, run_sample *sample,
                                           ruff_error *err);
/* Whether what was printed so far holds a complete "@rb" line.  *scanned starts as 0 and says where
 * the next call, with more text, has to go on. */
bool run_protocol_has_started(const char *text, size_t size, size_t *scanned);
void run_sample_release(run_sample *sample);

#endif
