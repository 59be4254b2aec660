/* A figure in characters, for terminals and for machines without gnuplot. */
#include "report/figure.h"

#include "report/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MARGIN_MOST = 24, HEIGHT = 12 };

typedef struct canvas {
    size_t width, height;
    const char **glyphs; /* width * height, NULL is empty */
} canvas;

typedef struct frame_of {
    const figure_panel *panel;
    double x_low, x_high, y_low, y_high;
    canvas canvas;
} frame_of;

static const char *const glyphs[] = {"┼", "●", "■", "▲", "◆", "▼", "○", "□", "△"};

static size_t column_of(const frame_of *it, double x)
{
    return (size_t)lround(figure_place(it->panel->x.scale, it->x_low, it->x_high, x) *
                          (double)(it->canvas.width - 1));
}

static size_t row_of(const frame_of *it, double y)
{
    if (it->panel->y.scale == FIGURE_NAMES) {
        size_t place = y < 1 ? 1 : (size_t)lround(y);
        return place > it->canvas.height ? 0 : it->canvas.height - place;
    }
    double at = figure_place(it->panel->y.scale, it->y_low, it->y_high, y);
    return it->canvas.height - 1 - (size_t)lround(at * (double)(it->canvas.height - 1));
}

static void put(frame_of *it, size_t column, size_t row, const char *glyph, bool over)
{
    const char **place = &it->canvas.glyphs[row * it->canvas.width + column];
    if (over || !*place) *place = glyph;
}

static void draw_span(frame_of *it, const figure_point *point, const char *glyph)
{
    if (!(point->low < point->high)) return;
    for (size_t c = column_of(it, point->low); c <= column_of(it, point->high); c++)
        put(it, c, row_of(it, point->y), glyph, false);
}

static void draw_line(frame_of *it, const figure_series *series, const char *glyph)
{
    for (size_t i = 0; i < series->points.count; i++) {
        const figure_point *a = &series->points.data[i];
        put(it, column_of(it, a->x), row_of(it, a->y), glyph, false);
        if (i + 1 == series->points.count) break;
        const figure_point *b = a + 1;
        size_t from = column_of(it, a->x), to = column_of(it, b->x);
        for (size_t c = from + 1; c < to; c++) {
            double part = (double)(c - from) / (double)(to - from);
            double y = series->mark == FIGURE_STEPS ? a->y : a->y + (b->y - a->y) * part;
            put(it, c, row_of(it, y), "·", false);
        }
    }
}

static void draw_series(frame_of *it, const figure_series *series, size_t index)
{
    static const char *const fills[] = {"░", "▒", "▓", "█"};
    const char *glyph = glyphs[series->color % RF_COUNT_OF(glyphs)];
    if (series->mark == FIGURE_LINE || series->mark == FIGURE_STEPS) draw_line(it, series, glyph);
    for (size_t i = 0; i < series->points.count; i++) {
        const figure_point *point = &series->points.data[i];
        if (series->mark == FIGURE_POINTS) {
            draw_span(it, point, "─");
            put(it, column_of(it, point->x), row_of(it, point->y), glyph, true);
        } else if (series->mark == FIGURE_BOXES) {
            draw_span(it, point, fills[index % RF_COUNT_OF(fills)]);
        } else if (series->mark == FIGURE_BAND) {
            size_t top = row_of(it, point->high), bottom = row_of(it, point->low);
            for (size_t r = top; r <= bottom; r++) put(it, column_of(it, point->x), r, "░", false);
        } else if (series->mark == FIGURE_RULE) {
            for (size_t r = 0; r < it->canvas.height; r++)
                put(it, column_of(it, point->x), r, "│", false);
        }
    }
}

static const char *tic(double value, char out[REPORT_NUMBER_SIZE])
{
    snprintf(out, REPORT_NUMBER_SIZE, "%.3g", value);
    return out;
}

static void print_margin(const frame_of *it, size_t row, size_t margin, rf_buffer *out)
{
    char number[REPORT_NUMBER_SIZE] = "";
    const char *text = number;
    size_t names = it->panel->y.names.count;
    if (names)
        text = it->panel->y.names.data[names - 1 - row];
    else if (row == 0)
        tic(it->y_high, number);
    else if (row == it->canvas.height - 1)
        tic(it->y_low, number);
    size_t wide = report_width(text);
    if (wide > margin) { /* the end of a name tells more than its start */
        rf_buffer_format(out, "%.*s", (int)margin, text);
        wide = margin;
    } else {
        rf_buffer_append_text(out, text);
    }
    report_repeat(out, " ", margin - wide);
    rf_buffer_append_text(out, names ? " ├" : " │");
}

static void print_x_axis(const frame_of *it, size_t margin, rf_buffer *out)
{
    char low[REPORT_NUMBER_SIZE], high[REPORT_NUMBER_SIZE];
    const char *label = it->panel->x.label ? it->panel->x.label : "";
    const figure_axis *x = &it->panel->x;
    const char *first = x->names.count ? x->names.data[0] : tic(it->x_low, low);
    const char *last = x->names.count ? rf_vector_last(&x->names) : tic(it->x_high, high);
    size_t used = report_width(first) + report_width(last);
    report_repeat(out, " ", margin + 2);
    rf_buffer_append_text(out, first);
    if (used + report_width(label) + 4 <= it->canvas.width) {
        size_t gap = it->canvas.width - used - report_width(label);
        report_repeat(out, " ", gap / 2);
        rf_buffer_append_text(out, label);
        report_repeat(out, " ", gap - gap / 2);
    } else {
        report_repeat(out, " ", it->canvas.width > used ? it->canvas.width - used : 1);
    }
    rf_buffer_format(out, "%s\n", last);
}

static void print_rows(const frame_of *it, size_t margin, rf_buffer *out)
{
    for (size_t row = 0; row < it->canvas.height; row++) {
        size_t owed = 0;
        print_margin(it, row, margin, out);
        for (size_t c = 0; c < it->canvas.width; c++) {
            const char *glyph = it->canvas.glyphs[row * it->canvas.width + c];
            if (!glyph) {
                owed++;
                continue;
            }
            report_repeat(out, " ", owed);
            rf_buffer_append_text(out, glyph);
            owed = 0;
        }
        rf_buffer_append_byte(out, '\n');
    }
}

static void print_key(const figure_panel *panel, const report_terminal *terminal, rf_buffer *out)
{
    size_t column = 0;
    for (size_t s = 0; s < panel->series.count; s++) {
        const figure_series *series = &panel->series.data[s];
        static const char *const fills[] = {"░", "▒", "▓", "█"};
        bool boxes = series->mark == FIGURE_BOXES;
        if (!*series->name || series->mark == FIGURE_LABELS) continue;
        size_t wide = report_width(series->name) + 4;
        if (column && column + wide > terminal->width) {
            rf_buffer_append_byte(out, '\n');
            column = 0;
        }
        rf_buffer_format(out, "%s%s %s", column ? "  " : "",
                         boxes ? fills[s % 4] : glyphs[series->color % RF_COUNT_OF(glyphs)],
                         series->name);
        column += wide;
    }
    if (column) rf_buffer_append_byte(out, '\n');
}

static void print_plot(const figure_panel *panel, const report_terminal *terminal, rf_buffer *out)
{
    frame_of it = {.panel = panel};
    size_t margin = 8;
    if (!figure_range(panel, false, &it.x_low, &it.x_high) ||
        !figure_range(panel, true, &it.y_low, &it.y_high))
        return;
    for (size_t i = 0; i < panel->y.names.count; i++)
        if (report_width(panel->y.names.data[i]) > margin)
            margin = report_width(panel->y.names.data[i]);
    if (margin > MARGIN_MOST) margin = MARGIN_MOST;
    it.canvas = (canvas){.width = terminal->width - margin - 3,
                         .height = panel->y.names.count ? panel->y.names.count : HEIGHT};
    it.canvas.glyphs = rf_alloc_array_zero(const char *, it.canvas.width *it.canvas.height + 1);
    size_t boxes = 0;
    for (size_t s = 0; s < panel->series.count; s++)
        draw_series(&it, &panel->series.data[s], boxes = s);
    print_rows(&it, margin, out);
    print_x_axis(&it, margin, out);
    print_key(panel, terminal, out);
    rf_free(it.canvas.glyphs);
}

/* Cells as a table: places of y are its columns, so that long lists of benchmarks run down the
 * page. */
static void print_cells(const figure_panel *panel, const report_terminal *terminal, rf_buffer *out)
{
    size_t margin = 0, wide = 6, columns = panel->y.names.count, room;
    for (size_t i = 0; i < panel->x.names.count; i++)
        if (report_width(panel->x.names.data[i]) > margin)
            margin = report_width(panel->x.names.data[i]);
    for (size_t i = 0; i < columns; i++)
        if (report_width(panel->y.names.data[i]) + 1 > wide)
            wide = report_width(panel->y.names.data[i]) + 1;
    room = terminal->width > margin + wide ? (terminal->width - margin) / wide : 1;
    if (room > columns) room = columns;
    for (size_t line = 0; line <= panel->x.names.count; line++) {
        const char *name = line ? panel->x.names.data[line - 1] : "";
        rf_buffer_format(out, "%s", name);
        report_repeat(out, " ", margin - report_width(name));
        for (size_t c = 0; c < room; c++) {
            const char *text = line ? "" : panel->y.names.data[columns - 1 - c];
            const figure_series *cells = &panel->series.data[0];
            for (size_t i = 0; i < cells->points.count && line; i++)
                if ((size_t)lround(cells->points.data[i].x) == line &&
                    (size_t)lround(cells->points.data[i].y) == columns - c)
                    text = cells->points.data[i].label;
            report_repeat(out, " ", wide > report_width(text) ? wide - report_width(text) : 1);
            rf_buffer_append_text(out, text);
        }
        rf_buffer_append_byte(out, '\n');
    }
}

void figure_text(const figure *it, const report_terminal *terminal, rf_buffer *out)
{
    rf_buffer title = RF_BUFFER_INIT;
    report_wrap(&title, it->title, 0, 0, terminal->width);
    report_styled(out, terminal, REPORT_BOLD, title.data);
    rf_buffer_clear(&title);
    report_wrap(&title, it->subtitle, 0, 0, terminal->width);
    report_styled(out, terminal, REPORT_DIM, title.data);
    rf_buffer_release(&title);
    for (size_t p = 0; p < it->panels.count; p++) {
        const figure_panel *panel = &it->panels.data[p];
        rf_buffer_append_byte(out, '\n');
        if (it->panels.count > 1 && panel->title) rf_buffer_format(out, "%s\n", panel->title);
        if (panel->series.count && panel->series.data[0].mark == FIGURE_CELLS)
            print_cells(panel, terminal, out);
        else
            print_plot(panel, terminal, out);
    }
}
