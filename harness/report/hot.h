/* Where the time of a variant goes, from a stored profile: what charts and pages say of it.  Who reads profiles fills it
 * (harness/cli); this room only shows it. */
#ifndef REPORT_HOT_H
#define REPORT_HOT_H

#include "base/vector.h"

#include <stdint.h>

typedef struct report_hot_function {
    char *name;   /* owned */
    double share; /* of CPU time, this function innermost; 0..1 */
} report_hot_function;

typedef struct report_hot {
    char *benchmark, *size, *variant, *commit; /* owned; commit "" when unknown */
    int64_t profile, session;                  /* session 0: none */
    uint64_t ticks;
    double cpu_seconds;
    RF_VECTOR(report_hot_function) functions; /* the largest shares, largest first */
} report_hot;

typedef struct report_hot_list {
    RF_VECTOR(report_hot) list;
} report_hot_list;

/* "fibonacci/default@ruff:vm, profile 4, session 1, commit 92a406611"; new. */
char *report_hot_origin(const report_hot *it);
void report_hot_release(report_hot *it);
void report_hot_list_release(report_hot_list *it);

#endif
