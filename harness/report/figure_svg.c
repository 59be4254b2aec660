/* A figure as SVG for a page that has its own colours: small enough to have one for every
 * benchmark. */
#include "report/figure.h"

#include "report/markup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MARGIN_RIGHT = 16 };

typedef struct view {
    const figure_panel *panel;
    double left, top, width, height; /* of the plot */
    double x_low, x_high, y_low, y_high;
} view;

void report_markup_text(rf_buffer *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<': rf_buffer_append_text(out, "&lt;"); break;
        case '>': rf_buffer_append_text(out, "&gt;"); break;
        case '&': rf_buffer_append_text(out, "&amp;"); break;
        case '"': rf_buffer_append_text(out, "&quot;"); break;
        default: rf_buffer_append_byte(out, *text);
        }
    }
}

static double at_x(const view *it, double x)
{
    return it->left + it->width * figure_place(it->panel->x.scale, it->x_low, it->x_high, x);
}

static double at_y(const view *it, double y)
{
    return it->top + it->height * (1 - figure_place(it->panel->y.scale, it->y_low, it->y_high, y));
}

static void text_at(rf_buffer *out, double x, double y, const char *anchor, const char *text)
{
    rf_buffer_format(out, "<text x=%.0f y=%.0f%s%s>", x, y, *anchor ? " class=" : "", anchor);
    report_markup_text(out, text);
    rf_buffer_append_text(out, "</text>");
}

static void draw_x_axis(const view *it, rf_buffer *out)
{
    double tics[FIGURE_TICS_MOST];
    char text[32];
    size_t count = it->panel->x.scale == FIGURE_NAMES
                       ? 0
                       : figure_tics(it->panel->x.scale, it->x_low, it->x_high, tics);
    for (size_t i = 0; i < count; i++) {
        double x = at_x(it, tics[i]);
        rf_buffer_format(out, "<path class=g d='M%.1f %.0fV%.0f'/>", x, it->top,
                         it->top + it->height);
        snprintf(text, sizeof text, "%g", fabs(tics[i]) < 1e-12 ? 0 : tics[i]);
        text_at(out, x, it->top + it->height + 13, "m", text);
    }
    if (it->panel->x.label)
        text_at(out, it->left + it->width, it->top + it->height + 26, "e", it->panel->x.label);
}

static void draw_y_axis(const view *it, rf_buffer *out)
{
    double tics[FIGURE_TICS_MOST];
    char text[32];
    for (size_t i = 0; i < it->panel->y.names.count; i++)
        text_at(out, it->left - 6, at_y(it, (double)i + 1) + 4, "e", it->panel->y.names.data[i]);
    size_t count =
        it->panel->y.names.count ? 0 : figure_tics(it->panel->y.scale, it->y_low, it->y_high, tics);
    for (size_t i = 0; i < count; i++) {
        double y = at_y(it, tics[i]);
        rf_buffer_format(out, "<path class=g d='M%.0f %.1fH%.0f'/>", it->left, y,
                         it->left + it->width);
        snprintf(text, sizeof text, "%g", tics[i]);
        text_at(out, it->left - 6, y + 4, "e", text);
    }
    if (it->panel->y.label) text_at(out, 2, it->top - 5, "", it->panel->y.label);
}

static void draw_path(const view *it, const figure_series *series, rf_buffer *out)
{
    rf_buffer_format(out, "<path class='l s%u' d='", series->color);
    for (size_t i = 0; i < series->points.count; i++) {
        double x = at_x(it, series->points.data[i].x), y = at_y(it, series->points.data[i].y);
        if (i && series->mark == FIGURE_STEPS)
            rf_buffer_format(out, "H%.1fV%.1f", x, y);
        else
            rf_buffer_format(out, "%c%.1f %.1f", i ? 'L' : 'M', x, y);
    }
    rf_buffer_append_text(out, "'/>");
}

static void draw_points(const view *it, const figure_series *series, rf_buffer *out)
{
    for (size_t i = 0; i < series->points.count; i++) {
        const figure_point *point = &series->points.data[i];
        double x = at_x(it, point->x), y = at_y(it, point->y);
        if (point->low < point->high)
            rf_buffer_format(out, "<path class='l s%u' d='M%.1f %.1fH%.1f'/>", series->color,
                             at_x(it, point->low), y, at_x(it, point->high));
        rf_buffer_format(out, "<circle class='s%u' cx=%.1f cy=%.1f r=3.5>", series->color, x, y);
        if (point->label) {
            rf_buffer_append_text(out, "<title>");
            report_markup_text(out, point->label);
            rf_buffer_append_text(out, "</title>");
        }
        rf_buffer_append_text(out, "</circle>");
    }
}

/* To the right of its point where there is room. */
static void draw_label(const view *it, const figure_point *point, rf_buffer *out)
{
    const double letter = 5.8;
    double x = at_x(it, point->x), y = at_y(it, point->y) - 4;
    bool fits = x + 6 + letter * (double)report_width(point->label) <= it->left + it->width + MARGIN_RIGHT;
    text_at(out, fits ? x + 6 : it->left + it->width + MARGIN_RIGHT, y, fits ? "" : "e", point->label);
}

static void draw_series(const view *it, const figure_series *series, rf_buffer *out)
{
    const figure_point *points = series->points.data;
    if (series->mark == FIGURE_LINE || series->mark == FIGURE_STEPS) draw_path(it, series, out);
    if (series->mark == FIGURE_POINTS) draw_points(it, series, out);
    if (series->mark == FIGURE_BAND && series->points.count) {
        rf_buffer_format(out, "<path class='b s%u' d='", series->color);
        for (size_t i = 0; i < series->points.count; i++)
            rf_buffer_format(out, "%c%.1f %.1f", i ? 'L' : 'M', at_x(it, points[i].x),
                             at_y(it, points[i].high));
        for (size_t i = series->points.count; i-- > 0;)
            rf_buffer_format(out, "L%.1f %.1f", at_x(it, points[i].x), at_y(it, points[i].low));
        rf_buffer_append_text(out, "z'/>");
    }
    for (size_t i = 0; i < series->points.count; i++) {
        if (series->mark == FIGURE_LABELS) draw_label(it, &points[i], out);
        if (series->mark == FIGURE_RULE)
            rf_buffer_format(out, "<path class=r d='M%.1f %.0fV%.0f'/>", at_x(it, points[i].x),
                             it->top, it->top + it->height);
        if (series->mark == FIGURE_BOXES && points[i].low < points[i].high)
            rf_buffer_format(out, "<rect class='s%u' x=%.1f y=%.1f width=%.1f height=10 />",
                             series->color, at_x(it, points[i].low), at_y(it, points[i].y) - 5,
                             at_x(it, points[i].high) - at_x(it, points[i].low));
    }
}

void figure_svg(const figure *it, unsigned width, unsigned height, rf_buffer *out)
{
    if (!it->panels.count) return;
    view seen = {.panel = &it->panels.data[0], .top = 18};
    if (!figure_range(seen.panel, false, &seen.x_low, &seen.x_high) ||
        !figure_range(seen.panel, true, &seen.y_low, &seen.y_high))
        return;
    size_t longest = 6;
    for (size_t i = 0; i < seen.panel->y.names.count; i++)
        if (report_width(seen.panel->y.names.data[i]) > longest)
            longest = report_width(seen.panel->y.names.data[i]);
    seen.left = 10 + 6.6 * (double)longest;
    seen.width = width - seen.left - MARGIN_RIGHT;
    seen.height = height - seen.top - 32;
    rf_buffer_format(out, "<svg viewBox='0 0 %u %u' role=img aria-label=\"", width, height);
    report_markup_text(out, it->title);
    rf_buffer_append_text(out, "\">");
    draw_x_axis(&seen, out);
    draw_y_axis(&seen, out);
    for (size_t s = 0; s < seen.panel->series.count; s++)
        draw_series(&seen, &seen.panel->series.data[s], out);
    rf_buffer_append_text(out, "</svg>");
}
