/* One benchmark on one input: every variant with its numbers, and its ratio to a reference.
 *
 * This is what all formats print; nothing is computed after it. */
#ifndef COMPARE_TABLE_H
#define COMPARE_TABLE_H

#include "compare/measure.h"
#include "stats/drift.h"
#include "stats/gate.h"
#include "stats/interval.h"
#include "stats/modes.h"
#include "stats/outliers.h"
#include "stats/planning.h"
#include "stats/effect.h"

typedef struct compare_options {
    compare_measure measure; /* that ratios are about */
    double margin, alpha;
    const char *reference; /* label; NULL chooses */
    size_t pilot;          /* blocks of the pilot in a two-stage plan (S12); 0: one stage */
} compare_options;

#define COMPARE_OPTIONS_DEFAULT                                                                    \
    {                                                                                              \
        .measure = COMPARE_STEADY, .margin = 0.02, .alpha = 0.05                                   \
    }

typedef struct compare_estimate {
    stats_interval interval; /* unit of the measure */
    size_t count;            /* processes; 0: not measured, the rest is unset */
    double mad, least, most;
    run_counter_status status; /* why there is none, or how it was counted */
} compare_estimate;

typedef enum compare_state {
    COMPARE_REFERENCE,
    COMPARE_MEASURED, /* has a ratio and a verdict */
    COMPARE_ALONE,    /* has numbers, but shares too few blocks with the reference */
    COMPARE_UNRANKED, /* no steady state: a ratio, but no verdict */
    COMPARE_FAILED,   /* not one process was ok: no numbers at all */
    COMPARE_ABSENT    /* not run: missing or not built; outcome and reason say why */
} compare_state;

typedef struct compare_row {
    int64_t variant;                         /* id in the store; 0 when absent */
    char *label, *language, *mode, *version; /* owned */
    compare_state state;
    size_t counts[RUN_OUTCOME_COUNT]; /* processes by outcome */
    size_t skipped;
    run_outcome outcome; /* of the first that was not ok; RUN_OK when all were */
    char *reason;        /* its reason; owned, "" */
    compare_estimate estimates[COMPARE_MEASURE_COUNT];
    stats_warmup_summary warmup;
    stats_ratio ratio,
        robust; /* row / reference, in options.measure; S3 and S4, or S5 twice when unpaired */
    bool unpaired;
    bool fragile; /* S3 and S4 disagree */
    stats_verdict verdict;
    stats_more more; /* S13, when unsure */
    stats_wins wins;
    double cliffs;
    double autocorrelation; /* lag 1, of the differences from block to block (S15); 0 unpaired */
    stats_outliers outliers; /* among the processes, in options.measure */
    stats_levels levels;
    size_t iterations; /* timed in all */
    bool cpu_clock;    /* first and steady are CPU time, not wall time */
    double cpus;       /* median of CPU time over wall time; 0: not known */
} compare_row;

/* Two modes of one language. */
typedef struct compare_pair {
    int64_t first, second; /* variants */
    stats_ratio ratio;     /* first / second */
    bool fragile;
    stats_verdict verdict; /* for the first */
} compare_pair;

typedef struct compare_table {
    char *benchmark, *size_label, *unit, *answer; /* owned; answer "" when no process was ok */
    uint64_t size, seed;
    int64_t param;
    size_t blocks; /* that the plan has */
    bool whole;    /* no program times itself: the process is all there is, and has no iterations */
    compare_options options;
    size_t reference; /* row; SIZE_MAX when nothing can be the reference */
    stats_drift drift;
    RF_VECTOR(compare_row) rows;   /* ranked: fastest first, then failed, then absent */
    RF_VECTOR(compare_pair) pairs; /* of modes of the same language, each pair once */
} compare_table;

/* The table of one parameter set of a session. */
void compare_table_build(compare_table *table, const store_results *results, int64_t param,
                         const compare_options *options);
/* A variant that was to be compared but could not run. */
void compare_table_add_absent(compare_table *table, const char *label, const char *language,
                              const char *mode, run_outcome outcome, const char *reason);
void compare_table_release(compare_table *table);
/* Row of a variant. */
const compare_row *compare_table_row(const compare_table *table, int64_t variant);
size_t compare_row_processes(const compare_row *row);

#endif
