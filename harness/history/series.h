/* One line of history: a benchmark on one input in one variant on one machine, a point a commit. */
#ifndef HISTORY_SERIES_H
#define HISTORY_SERIES_H

#include "base/vector.h"
#include "store/db.h"

typedef struct history_point {
    int64_t commit_id, session; /* the newest session of the commit */
    char *sha, *subject;        /* owned */
    int64_t commit_ns;
    bool dirty;
    double value, low, high; /* median over the sessions of the commit; of the newest session */
    size_t sessions;
    size_t epoch; /* 1 is the oldest */
    char *cause;  /* what changed when an epoch begins here: \"source, flags\"; owned, else NULL */
} history_point;

typedef struct history_series {
    char *benchmark, *language, *mode, *param, *machine; /* owned */
    int64_t project_id, machine_id, metric_id;
    size_t epochs;
    bool cpu_clock; /* times are CPU time, at the first point */
    RF_VECTOR(history_point) points; /* oldest first */
} history_series;

typedef RF_VECTOR(history_series) history_list;

typedef struct history_filter {
    const char *metric; /* "iteration" */
    const char *branch; /* NULL: any */
    int64_t since_ns;
} history_filter;

/* All series that the filter leaves. */
RF_MUST_USE ruff_status history_load(store_db *db, const history_filter *filter, history_list *list,
                                     ruff_error *err);
/* Fills in the causes of the epochs of a series. */
RF_MUST_USE ruff_status history_explain_epochs(store_db *db, history_series *series,
                                               ruff_error *err);
void history_list_release(history_list *list);
/* "nested_loops@ruff:vm", with the size unless it is the default; new. */
char *history_series_name(const history_series *series);

#endif
