/* What moved between two sides, each one or several profiles of the same program.
 *
 * Functions are the same when their kind, file name and name are; tiers are ignored, and lines too when the sources differ,
 * so that a function that moved in its file or from the VM to native code is compared with itself.  Shares of CPU time are tested: two proportions
 * for one run a side; the variance between runs when both sides have several; the false-discovery rate is 5 % over the
 * functions and over the stacks. */
#ifndef RF_REPORT_PROFILE_DIFF_H
#define RF_REPORT_PROFILE_DIFF_H

#include "report/call_tree.h"

#include "base/buffer.h"

typedef struct rf_diff_side {
    const rf_profile *const *profiles;
    size_t count;
    const char *title; /* "41" or "before"; borrowed */
} rf_diff_side;

/* One function. */
typedef struct rf_diff_row {
    uint32_t func;                      /* of the union */
    double before_ns, after_ns;         /* self, mean of the runs */
    double before_share, after_share;
    double low, high;                   /* 95 % interval of the difference of the shares */
    double p, q;                        /* raw, adjusted */
    uint64_t before_calls, after_calls; /* of the first run; RF_PROF_UNKNOWN */
    uint64_t before_instructions, after_instructions;
} rf_diff_row;

typedef struct rf_profile_diff {
    rf_profile united;          /* stacks of both; samples of thread 0 are before, of thread 1 after, summed over runs */
    rf_call_tree tree;          /* of united */
    double *before_ns, *after_ns; /* self time of each node, mean of the runs */
    double *node_q, *func_q;      /* adjusted p of the node's total, of the function's self time */
    double *node_p;
    RF_VECTOR(rf_diff_row) rows; /* by size of the change, largest first */
    double all_before_ns, all_after_ns;
    uint64_t before_ticks, after_ticks;
    size_t before_runs, after_runs;
    char *title; /* owned */
} rf_profile_diff;

enum { RF_DIFF_MARKS_PERCENT = 5 };

/* NULL when they can be compared, else a text that names every field that differs and both values; new. */
char *rf_profile_diff_obstacle(const rf_diff_side *before, const rf_diff_side *after);
void rf_profile_diff_init(rf_profile_diff *diff, const rf_diff_side *before, const rf_diff_side *after);
void rf_profile_diff_release(rf_profile_diff *diff);
static inline bool rf_diff_is_significant(double q) { return q < RF_DIFF_MARKS_PERCENT / 100.0; }

/* .html, .svg: the union picture; .txt, .folded: two columns of microseconds, before and after. */
RF_MUST_USE bool rf_profile_diff_write(const rf_profile_diff *diff, const char *path, char **error);
/* For people; all: rows that are not significant too. */
void rf_profile_diff_text(const rf_profile_diff *diff, const rf_diff_side *before, const rf_diff_side *after, bool all, rf_buffer *out);
void rf_profile_diff_json(const rf_profile_diff *diff, const rf_diff_side *before, const rf_diff_side *after, rf_buffer *out);

/* The same program under several engines, line by line: milliseconds of each, and how many times faster than the first. */
void rf_profile_lines_text(const rf_profile *const *profiles, size_t count, rf_buffer *out);
void rf_profile_lines_json(const rf_profile *const *profiles, size_t count, rf_buffer *out);

#endif
