/* Charts by gnuplot: a data file, a script that draws it, and the SVG.  All three are kept, so that a figure can be
 * redrawn without measuring again. */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "compare/set.h"
#include "run/launcher.h"

typedef struct report_chart {
    char *script, *svg; /* paths, owned; svg NULL when it could not be drawn */
    char *note;         /* why not, and what to do; owned, NULL when it was */
} report_chart;

/* The ratio dot plot of one table, as DIRECTORY/NAME.{dat,gp,svg}. */
RF_MUST_USE ruff_status report_chart_ratio(run_launcher *launcher, const compare_set *set, const compare_table *table,
                                           const char *directory, report_chart *chart, ruff_error *err);
void report_chart_release(report_chart *chart);

#endif
