/* Ctrl-C and SIGTERM while measuring: noticed between and during children, never fatal by
 * themselves. */
#ifndef RUN_INTERRUPT_H
#define RUN_INTERRUPT_H

#include "base/base.h"

#include <signal.h>

typedef struct run_interrupt {
    int fd;        /* signalfd, for poll; -1 when closed */
    sigset_t mask; /* of before */
    bool requested;
} run_interrupt;

/* From here to run_interrupt_close SIGINT, SIGTERM and SIGHUP are read from fd instead of being
 * delivered. */
RF_MUST_USE ruff_status run_interrupt_open(run_interrupt *interrupt, ruff_error *err);
bool run_interrupt_check(run_interrupt *interrupt); /* true once one has come */
void run_interrupt_close(run_interrupt *interrupt);

#endif
