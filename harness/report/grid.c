#include "report/grid.h"

#include "base/utf8.h"

#include <string.h>

enum { COLUMNS_MAX = 16 };

/* Columns left and right of the decimal point; right-aligned text is all left of it. */
typedef struct extent {
    size_t before, after;
} extent;

void report_grid_add(report_grid *grid, report_style style, const char *text)
{
    report_cell cell = {rf_strdup(text), style, false};
    rf_vector_push(&grid->cells, cell);
}

void report_grid_span(report_grid *grid, report_style style, const char *text)
{
    report_cell cell = {rf_strdup(text), style, true};
    rf_vector_push(&grid->cells, cell);
    while (grid->cells.count % grid->column_count) report_grid_add(grid, REPORT_PLAIN, "");
}

static bool is_number(const char *text)
{
    return *text && strspn(text, "0123456789.~") == strlen(text);
}

static extent measure(const char *text, report_align align)
{
    size_t width = report_width(text);
    if (align == REPORT_LEFT) return (extent){0, width};
    const char *point = align == REPORT_DECIMAL && is_number(text) ? strchr(text, '.') : NULL;
    size_t after = point ? strlen(point) : 0;
    return (extent){width - after, after};
}

static void widen(extent *column, extent cell)
{
    if (cell.before > column->before) column->before = cell.before;
    if (cell.after > column->after) column->after = cell.after;
}

static void measure_columns(const report_grid *grid, extent *columns)
{
    for (size_t i = 0; i < grid->cells.count; i++) {
        const report_cell *cell = &grid->cells.data[i];
        if (!cell->spans && i >= grid->column_count)
            widen(&columns[i % grid->column_count],
                  measure(cell->text, grid->align[i % grid->column_count]));
    }
    for (size_t i = 0; i < grid->column_count; i++) { /* headers end where the numbers end */
        size_t width = report_width(grid->cells.data[i].text);
        if (columns[i].before + columns[i].after < width && grid->align[i] == REPORT_LEFT)
            columns[i].after = width;
        if (columns[i].before + columns[i].after < width && grid->align[i] != REPORT_LEFT)
            columns[i].before = width - columns[i].after;
    }
}

/* Spaces before and after the text of a cell. */
static void pad(const report_grid *grid, size_t index, const extent *column, size_t *before,
                size_t *after)
{
    size_t place = index % grid->column_count, width = report_width(grid->cells.data[index].text);
    if (grid->align[place] == REPORT_LEFT || grid->cells.data[index].spans) {
        *before = 0;
        *after =
            column->before + column->after > width ? column->before + column->after - width : 0;
    } else if (index < grid->column_count || !is_number(grid->cells.data[index].text)) {
        *before =
            column->before + column->after > width ? column->before + column->after - width : 0;
        *after = 0;
    } else {
        extent cell = measure(grid->cells.data[index].text, grid->align[place]);
        *before = column->before - cell.before;
        *after = column->after - cell.after;
    }
}

/* At most `width` columns of a text. */
static char *cut(const char *text, size_t width)
{
    size_t count = rf_utf8_count(text, strlen(text));
    return rf_strndup(text, rf_utf8_offset(text, strlen(text), count < width ? count : width));
}

static void print_row(const report_grid *grid, size_t row, const extent *columns,
                      const report_terminal *terminal, rf_buffer *out)
{
    size_t used = 0, owed = 0; /* owed: spaces not yet written, so that no line ends in one */
    for (size_t i = 0; i < grid->column_count; i++) {
        size_t index = row * grid->column_count + i, before, after;
        const report_cell *cell = &grid->cells.data[index];
        pad(grid, index, &columns[i], &before, &after);
        owed += before + (i ? strlen(grid->gap) : 0);
        if (*cell->text && used + owed < terminal->width) {
            report_repeat(out, " ", owed);
            char *text = cut(cell->text, terminal->width - used - owed);
            report_styled(out, terminal, cell->style, text);
            used += owed + report_width(text);
            rf_free(text);
            owed = 0;
        }
        owed += after;
        if (cell->spans) break;
    }
    rf_buffer_append_byte(out, '\n');
}

void report_grid_print(const report_grid *grid, const report_terminal *terminal, rf_buffer *out)
{
    extent columns[COLUMNS_MAX] = {{0, 0}};
    rf_assert(grid->column_count <= COLUMNS_MAX);
    measure_columns(grid, columns);
    size_t width = strlen(grid->gap) * (grid->column_count - 1);
    for (size_t i = 0; i < grid->column_count; i++) width += columns[i].before + columns[i].after;
    if (width > terminal->width) width = terminal->width;
    for (size_t row = 0; row * grid->column_count < grid->cells.count; row++) {
        print_row(grid, row, columns, terminal, out);
        if (row) continue;
        rf_buffer rule = RF_BUFFER_INIT;
        report_repeat(&rule, "─", width);
        report_styled(out, terminal, REPORT_DIM, rule.data ? rule.data : "");
        rf_buffer_append_byte(out, '\n');
        rf_buffer_release(&rule);
    }
}

static void markdown_text(const char *text, rf_buffer *out)
{
    for (; *text; text++) {
        if (*text == '|') rf_buffer_append_byte(out, '\\');
        rf_buffer_append_byte(out, *text == '\n' ? ' ' : *text);
    }
}

void report_grid_markdown(const report_grid *grid, rf_buffer *out)
{
    for (size_t row = 0; row * grid->column_count < grid->cells.count; row++) {
        for (size_t i = 0; i < grid->column_count; i++) {
            rf_buffer_append_text(out, i ? " | " : "| ");
            markdown_text(grid->cells.data[row * grid->column_count + i].text, out);
        }
        rf_buffer_append_text(out, " |\n");
        for (size_t i = 0; row == 0 && i < grid->column_count; i++)
            rf_buffer_append_text(out, grid->align[i] == REPORT_LEFT ? "| --- " : "| ---: ");
        if (row == 0) rf_buffer_append_text(out, "|\n");
    }
}

void report_grid_release(report_grid *grid)
{
    for (size_t i = 0; i < grid->cells.count; i++) rf_free(grid->cells.data[i].text);
    rf_vector_release(&grid->cells);
}
