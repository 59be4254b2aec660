/* What happened in a series: steps (S19), drift (S20), and whether the newest point is a surprise
 * (S21). */
#ifndef HISTORY_DETECT_H
#define HISTORY_DETECT_H

#include "history/series.h"
#include "stats/rank.h"
#include "stats/steps.h"
#include "stats/trend.h"

typedef struct history_change {
    bool is_drift;
    size_t index; /* first point of the new level; of a drift, the first point of the epoch */
    double before, after; /* values */
    stats_ratio ratio;    /* after / before, with an interval (S5) */
    double p;
    int64_t id;     /* in the store; 0 unless it is there */
    char state[16]; /* open, blessed, fixed, dismissed; "" unless it is in the store */
} history_change;

typedef struct history_findings {
    RF_VECTOR(history_change) changes; /* in order of commits */
    stats_prediction newest;
    bool has_newest;
} history_findings;

/* delta: changes up to this are of no interest. */
void history_detect(const history_series *series, double delta, history_findings *findings);
/* Looks up what the store knows about the changes; with store also writes down the new ones. */
RF_MUST_USE ruff_status history_match_changes(store_db *db, const history_series *series,
                                              history_findings *findings, bool store,
                                              ruff_error *err);
void history_findings_release(history_findings *findings);

#endif
