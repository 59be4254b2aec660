/* Two stored points side by side: sessions, or variants of sessions.  They share no blocks, so
 * ratios are unpaired (S5, `historical`) and only made between comparable things. */
#ifndef COMPARE_DIFF_H
#define COMPARE_DIFF_H

#include "compare/table.h"

typedef struct compare_side {
    const store_results *results;
    const char *language, *mode; /* NULL: every variant, matched by name; mode NULL: any */
} compare_side;

typedef struct compare_diff_row {
    char *name;     /* nested_loops@ruff:vm, or nested_loops: go / node; owned */
    char *obstacle; /* why the two are not compared: "source changed"; owned, NULL when they are */
    bool cpu_clock; /* one of the two, or both, time iterations in CPU time */
    double before, after;
    stats_ratio ratio; /* after / before */
    stats_verdict verdict;
} compare_diff_row;

typedef struct compare_diff {
    RF_VECTOR(compare_diff_row) rows;
    RF_VECTOR(char *) reasons; /* why the sessions are not comparable as a whole; each owned */
    compare_measure measure;
    double margin;
} compare_diff;

/* force compares in spite of obstacles. */
void compare_diff_build(compare_diff *diff, const compare_side *before, const compare_side *after,
                        compare_measure measure, double margin, double alpha, bool force);
bool compare_diff_has_changes(const compare_diff *diff);
void compare_diff_release(compare_diff *diff);

#endif
