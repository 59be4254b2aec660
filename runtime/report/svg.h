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

/* What stands around the graph of one run.  Each may be NULL: the script's path, nothing more, no description. */
typedef struct rf_svg_words {
    const char *title, *note, *about;
} rf_svg_words;

/* diff and words may be NULL. */
void rf_report_append_svg(rf_buffer *out, const rf_profile *profile, const rf_call_tree *tree, const rf_svg_diff *diff,
                          const rf_svg_words *words);
/* The graph of one run. */
void rf_report_svg_with(rf_buffer *out, const rf_profile *profile, const rf_svg_words *words);

#endif
