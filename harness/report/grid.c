#include "report/grid.h"

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

/* ---- lines ---- */

/* Columns 0 and first to end - 1 of a table. */
typedef struct part {
    size_t first, end;
} part;

typedef struct layout {
    const report_grid *grid;
    const report_terminal *terminal;
    extent columns[COLUMNS_MAX];
    size_t gap;
} layout;

static size_t column_width(const layout *it, size_t i)
{
    return it->columns[i].before + it->columns[i].after;
}

static size_t table_width(const layout *it, part which)
{
    size_t width = column_width(it, 0);
    for (size_t i = which.first; i < which.end; i++) width += it->gap + column_width(it, i);
    return width;
}

/* Bytes of the words that fit into `room` columns; a longer word is broken. */
static size_t take_line(const char *text, size_t room)
{
    size_t taken = 0;
    for (size_t at = 0; text[at];) {
        at += strspn(text + at, " ");
        at += strcspn(text + at, " ");
        if (report_width_of(text, at) > room) break;
        taken = at;
    }
    size_t broken = report_fit(text, room);
    return taken ? taken : broken ? broken : report_fit(text, 2); /* at least a letter */
}

/* A text from column `at` on, in as many lines as it needs below each other. */
static void print_lines(const layout *it, const report_cell *cell, size_t at, rf_buffer *out)
{
    const size_t width = it->terminal->width;
    size_t room = width > at + 1 ? width - at : 1;
    for (const char *text = cell->text; *text;) {
        size_t size = report_width(text) > room ? take_line(text, room) : strlen(text);
        char *line = rf_strndup(text, size);
        report_styled(out, it->terminal, cell->style, line);
        rf_free(line);
        text += size + strspn(text + size, " ");
        if (!*text) break;
        rf_buffer_append_byte(out, '\n');
        report_repeat(out, " ", at);
    }
}

/* A row that has nothing to say in a later part is left out there. */
static bool says_something(const layout *it, size_t row, part which)
{
    const report_cell *cells = it->grid->cells.data + row * it->grid->column_count;
    if (!row || which.first == 1) return true;
    for (size_t i = which.first; i < which.end; i++)
        if (*cells[i].text) return true;
    return false;
}

static void print_row(const layout *it, size_t row, part which, rf_buffer *out)
{
    const report_grid *grid = it->grid;
    size_t used = 0, owed = 0; /* owed: spaces not yet written, so that no line ends in one */
    for (size_t i = 0; i < which.end; i = i ? i + 1 : which.first) {
        size_t index = row * grid->column_count + i, before, after;
        const report_cell *cell = &grid->cells.data[index];
        pad(grid, index, &it->columns[i], &before, &after);
        owed += before + (i ? it->gap : 0);
        if (*cell->text && i == 0 && report_width(cell->text) > column_width(it, 0) && !cell->spans) {
            rf_buffer cut = RF_BUFFER_INIT;
            report_append_cut(&cut, cell->text, column_width(it, 0));
            report_styled(out, it->terminal, cell->style, cut.data);
            rf_buffer_release(&cut);
            used = column_width(it, 0);
        } else if (*cell->text) {
            report_repeat(out, " ", owed);
            print_lines(it, cell, used + owed, out);
            used += owed + report_width(cell->text);
            owed = 0;
        }
        owed += after;
        if (cell->spans) break;
    }
    rf_buffer_append_byte(out, '\n');
}

/* ---- parts ---- */

/* The columns from `first` on that stand beside the first one.  The last column of a table may be
 * broken into lines where it has room for a few words. */
static part part_from(const layout *it, size_t first)
{
    enum { FEW_WORDS = 20 };
    const size_t count = it->grid->column_count, width = it->terminal->width;
    part which = {first, first};
    while (which.end < count && table_width(it, (part){first, which.end + 1}) <= width) which.end++;
    bool breaks = which.end + 1 == count && it->grid->align[which.end] == REPORT_LEFT &&
                  table_width(it, which) + it->gap + FEW_WORDS <= width;
    if (breaks || (which.end == first && which.end < count)) which.end++;
    return which;
}

static void print_part(const layout *it, part which, rf_buffer *out)
{
    const report_grid *grid = it->grid;
    size_t width = table_width(it, which);
    if (width > it->terminal->width) width = it->terminal->width;
    for (size_t row = 0; row * grid->column_count < grid->cells.count; row++) {
        if (!says_something(it, row, which)) continue;
        print_row(it, row, which, out);
        if (row) continue;
        rf_buffer rule = RF_BUFFER_INIT;
        report_repeat(&rule, "─", width);
        report_styled(out, it->terminal, REPORT_DIM, rule.data ? rule.data : "");
        rf_buffer_append_byte(out, '\n');
        rf_buffer_release(&rule);
    }
}

void report_grid_print(const report_grid *grid, const report_terminal *terminal, rf_buffer *out)
{
    layout it = {.grid = grid, .terminal = terminal, .gap = strlen(grid->gap)};
    rf_assert(grid->column_count <= COLUMNS_MAX);
    measure_columns(grid, it.columns);
    const part all = {1, grid->column_count};
    const size_t saved = it.gap ? (it.gap - 1) * (grid->column_count - 1) : 0;
    if (table_width(&it, all) > terminal->width && table_width(&it, all) - saved <= terminal->width)
        it.gap = 1;
    const size_t most = terminal->width * 3 / 5; /* of a name, where numbers need room beside it */
    if (table_width(&it, all) > terminal->width && column_width(&it, 0) > most)
        it.columns[0] = (extent){0, most};
    for (part which = part_from(&it, 1);; which = part_from(&it, which.end)) {
        if (which.first > 1) rf_buffer_append_byte(out, '\n');
        print_part(&it, which, out);
        if (which.end >= grid->column_count) break;
    }
}

/* ---- Markdown ---- */

static void markdown_text(const char *text, rf_buffer *out)
{
    for (; *text; text++) {
        if (*text == '|') rf_buffer_append_byte(out, '\\');
        if (*text == '<')
            rf_buffer_append_text(out, "&lt;");
        else
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
