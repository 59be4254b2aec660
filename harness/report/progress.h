/* The live screen of a running session, on standard error and only for a terminal. */
#ifndef REPORT_PROGRESS_H
#define REPORT_PROGRESS_H

#include "report/terminal.h"
#include "run/session.h"

typedef struct report_progress report_progress;

/* NULL when the terminal cannot show it or quiet was asked for; every function takes that. */
report_progress *report_progress_new(const run_plan *plan, const report_terminal *terminal);
void report_progress_begin(report_progress *progress, size_t seq);
void report_progress_end(report_progress *progress, size_t seq, const run_result *result);
/* Removes it from the screen. */
void report_progress_free(report_progress *progress);

#endif
