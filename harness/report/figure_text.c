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

/* The row of each tic, or nothing. */
static const char *tic_of_row(const frame_of *it, size_t row, char out[REPORT_NUMBER_SIZE])
{
    double tics[FIGURE_TICS_MOST];
    size_t count = figure_tics(it->panel->y.scale, it->y_low, it->y_high, tics);
    for (size_t i = 0; i < count; i++) {
        if (row_of(it, tics[i]) != row) continue;
        snprintf(out, REPORT_NUMBER_SIZE, "%g", tics[i]);
        return out;
    }
    return "";
}

static void print_margin(const frame_of *it, size_t row, size_t margin, rf_buffer *out)
{
    char number[REPORT_NUMBER_SIZE];
    size_t names = it->panel->y.names.count;
    const char *text = names ? it->panel->y.names.data[names - 1 - row] : tic_of_row(it, row, number);
    size_t wide = report_width(text);
    if (wide > margin) {
        rf_buffer_format(out, "%.*s", (int)margin, text);
        wide = margin;
    } else {
        rf_buffer_append_text(out, text);
    }
    report_repeat(out, " ", margin - wide);
    rf_buffer_append_text(out, names ? " ├" : " │");
}

static void print_x_label(const frame_of *it, size_t margin, rf_buffer *out)
{
    const char *label = it->panel->x.label;
    if (!label) return;
    size_t width = margin + 2 + it->canvas.width, wide = report_width(label);
    size_t middle = margin + 2 + it->canvas.width / 2;
    size_t at = middle > wide / 2 ? middle - wide / 2 : 0;
    if (at + wide > width) at = width > wide ? width - wide : 0;
    report_repeat(out, " ", at);
    rf_buffer_format(out, "%s\n", label);
}

/* Numbers below their places, as many as have room. */
static void print_x_axis(const frame_of *it, size_t margin, rf_buffer *out)
{
    double tics[FIGURE_TICS_MOST];
    size_t count = it->panel->x.scale == FIGURE_NAMES
                       ? 0
                       : figure_tics(it->panel->x.scale, it->x_low, it->x_high, tics);
    size_t used = 0, width = margin + 2 + it->canvas.width;
    for (size_t i = 0; i < count; i++) {
        char number[REPORT_NUMBER_SIZE];
        size_t size = (size_t)snprintf(number, sizeof number, "%g", tics[i]);
        size_t place = margin + 2 + column_of(it, tics[i]), at = place - (size - 1) / 2;
        if (at + size > width) at = width - size;
        if (used && at < used + 2) continue;
        report_repeat(out, " ", at - used);
        rf_buffer_append_text(out, number);
        used = at + size;
    }
    if (count) rf_buffer_append_byte(out, '\n');
    print_x_label(it, margin, out);
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

static bool is_named(const figure_panel *panel, const char *name)
{
    for (size_t s = 0; s < panel->series.count; s++)
        if (!strcmp(panel->series.data[s].name, name)) return true;
    return false;
}

static void add_key(const char *glyph, const char *name, const report_terminal *terminal, size_t *column, rf_buffer *out)
{
    size_t wide = report_width(name) + 4;
    if (*column && *column + wide - 2 > terminal->width) {
        rf_buffer_append_byte(out, '\n');
        *column = 0;
    }
    rf_buffer_format(out, "%s%s %s", *column ? "  " : "", glyph, name);
    *column += *column ? wide : wide - 2;
}

/* Names of series, and what stands beside their points in a drawing. */
static void print_key(const figure_panel *panel, const report_terminal *terminal, rf_buffer *out)
{
    static const char *const fills[] = {"░", "▒", "▓", "█"};
    size_t column = 0;
    for (size_t s = 0; s < panel->series.count; s++) {
        const figure_series *series = &panel->series.data[s];
        const char *glyph = series->mark == FIGURE_BOXES
                                ? fills[s % RF_COUNT_OF(fills)]
                                : glyphs[series->color % RF_COUNT_OF(glyphs)];
        if (*series->name && series->mark != FIGURE_LABELS) add_key(glyph, series->name, terminal, &column, out);
        for (size_t i = 0; i < series->points.count && series->mark == FIGURE_LABELS; i++)
            if (!is_named(panel, series->points.data[i].label))
                add_key(glyph, series->points.data[i].label, terminal, &column, out);
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
    if (panel->y.label) rf_buffer_format(out, "%s\n", panel->y.label);
    print_rows(&it, margin, out);
    print_x_axis(&it, margin, out);
    print_key(panel, terminal, out);
    rf_free(it.canvas.glyphs);
}

static const char *cell_at(const figure_series *cells, size_t x, size_t y)
{
    for (size_t i = 0; i < cells->points.count; i++)
        if ((size_t)lround(cells->points.data[i].x) == x && (size_t)lround(cells->points.data[i].y) == y)
            return cells->points.data[i].label;
    return "-";
}

static void print_right(const char *text, size_t wide, rf_buffer *out)
{
    report_repeat(out, " ", wide > report_width(text) ? wide - report_width(text) : 1);
    rf_buffer_append_text(out, text);
}

/* Cells as a table; columns that do not fit stand in a second one below. */
static void print_cells(const figure_panel *panel, const report_terminal *terminal, rf_buffer *out)
{
    enum { GAP = 2, LEAST = 4 };
    const figure_axis *x = &panel->x, *y = &panel->y;
    size_t margin = 0;
    for (size_t i = 0; i < y->names.count; i++)
        if (report_width(y->names.data[i]) > margin) margin = report_width(y->names.data[i]);
    for (size_t first = 0, end; first < x->names.count; first = end) {
        size_t used = margin, wide[64] = {0};
        for (end = first; end < x->names.count && end - first < RF_COUNT_OF(wide); end++) {
            size_t name = report_width(x->names.data[end]), own = GAP + (name > LEAST ? name : LEAST);
            if (end > first && used + own > terminal->width) break;
            wide[end - first] = own;
            used += own;
        }
        if (first) rf_buffer_append_byte(out, '\n');
        report_repeat(out, " ", margin);
        for (size_t c = first; c < end; c++) print_right(x->names.data[c], wide[c - first], out);
        rf_buffer_append_byte(out, '\n');
        for (size_t row = y->names.count; row-- > 0;) {
            rf_buffer_append_text(out, y->names.data[row]);
            report_repeat(out, " ", margin - report_width(y->names.data[row]));
            for (size_t c = first; c < end; c++)
                print_right(cell_at(&panel->series.data[0], c + 1, row + 1), wide[c - first], out);
            rf_buffer_append_byte(out, '\n');
        }
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
