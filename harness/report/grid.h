/* A plain table: columns aligned on the left, the right or the decimal point, one rule under the
 * header, no boxes. */
#ifndef REPORT_GRID_H
#define REPORT_GRID_H

#include "base/vector.h"
#include "report/terminal.h"

typedef enum report_align { REPORT_LEFT, REPORT_RIGHT, REPORT_DECIMAL } report_align;

typedef struct report_cell {
    char *text; /* owned */
    report_style style;
    bool spans; /* takes the rest of the row; does not widen its column */
} report_cell;

typedef struct report_grid {
    size_t column_count;
    const report_align *align; /* one a column */
    const char *gap;           /* between columns */
    RF_VECTOR(report_cell) cells;
} report_grid;

/* The first column_count cells are the header. */
void report_grid_add(report_grid *grid, report_style style, const char *text);
/* A text over all remaining columns of the row. */
void report_grid_span(report_grid *grid, report_style style, const char *text);
/* Nothing is lost where the terminal is narrow: gaps shrink, long texts of the last column are broken
 * into lines, and columns for which there is no room follow in a table below, beside the first one. */
void report_grid_print(const report_grid *grid, const report_terminal *terminal, rf_buffer *out);
/* The same cells as a Markdown table. */
void report_grid_markdown(const report_grid *grid, rf_buffer *out);
void report_grid_release(report_grid *grid);

#endif
