/* The page: one file that works offline, for one run or for the difference of two. */
#ifndef RF_REPORT_PAGE_H
#define RF_REPORT_PAGE_H

#include "report/call_tree.h"

#include "base/buffer.h"

/* For each node of the call tree, by its number; borrowed. */
typedef struct rf_page_diff {
    const double *before_us, *after_us; /* of the node itself */
    const double *q;                    /* adjusted p of its total */
    const double *func_q;               /* the same by function */
    uint64_t before_ticks, after_ticks;
    const char *title; /* "profile 41 against profile 42" */
} rf_page_diff;

/* diff may be NULL. */
void rf_report_append_page(rf_buffer *out, const rf_profile *profile, const rf_call_tree *tree, const rf_page_diff *diff);

#endif
