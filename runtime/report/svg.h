/* A flame graph as SVG, of one run or of the difference of two. */
#ifndef RF_REPORT_SVG_H
#define RF_REPORT_SVG_H

#include "report/call_tree.h"

#include "base/buffer.h"

/* For each node of the tree, by its number, with what is below it; borrowed. */
typedef struct rf_svg_diff {
    const double *before_ns, *after_ns, *q;
    double scale; /* of before, so that both sides are equally long */
    const char *title;
} rf_svg_diff;

/* diff may be NULL. */
void rf_report_append_svg(rf_buffer *out, const rf_profile *profile, const rf_call_tree *tree, const rf_svg_diff *diff);

#endif
