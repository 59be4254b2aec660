/* Limits that a profile must keep, for use in CI.  A gate file has one limit a line:
 *
 *     # comment
 *     allocs <= 1100                 of the whole program
 *     calls "tokenize" <= 2000       of the functions of that name
 *     share "push" <= 12.5
 *
 * The metrics are those of gate_metric.def. */
#ifndef RF_REPORT_PROFILE_GATE_H
#define RF_REPORT_PROFILE_GATE_H

#include "prof/profile.h"

#include "base/buffer.h"

typedef struct rf_gate_limit {
    size_t metric;   /* row of gate_metric.def */
    char *function;  /* NULL: the whole program; owned */
    double most;
    unsigned line;   /* in the file */
} rf_gate_limit;

typedef struct rf_gate {
    char *path; /* owned */
    RF_VECTOR(rf_gate_limit) limits;
} rf_gate;

/* False with *error (new) naming file and line when it cannot be read; release the gate in any case. */
RF_MUST_USE bool rf_gate_read(const char *path, rf_gate *gate, char **error);
void rf_gate_release(rf_gate *gate);
/* The limits that are broken, one line each, and a summary line; how many are broken. */
size_t rf_gate_check(const rf_gate *gate, const rf_profile *profile, rf_buffer *out);
/* A gate file with what this profile has of every metric that is equal from run to run, of the program and of its largest
 * functions. */
void rf_gate_write(const rf_profile *profile, rf_buffer *out);

#endif
