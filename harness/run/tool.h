/* Running a helper program to its end: a compiler, a version probe, git, gnuplot. */
#ifndef RUN_TOOL_H
#define RUN_TOOL_H

#include "run/launcher.h"

typedef struct run_tool_job {
    const char *const *argv; /* argv[0] is looked for in PATH */
    const char *const *env;  /* NULL: the harness's own */
    const char *directory;
    int64_t timeout_ns;       /* 0: ten seconds */
    run_interrupt *interrupt; /* may be NULL */
} run_tool_job;

/* RUFF_OK when it exited with 0; out holds what it printed.  Otherwise the message names the
 * program and what happened, with the first line it wrote to standard error; errors (may be NULL)
 * receives all of that. */
RF_MUST_USE ruff_status run_tool(run_launcher *launcher, const run_tool_job *job, rf_buffer *out,
                                 rf_buffer *errors, ruff_error *err);
/* "exit status 3", "signal 11 (Segmentation fault)", from a wait status; into text. */
const char *run_describe_status(int wait_status, char *text, size_t size);

#endif
