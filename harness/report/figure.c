#include "report/figure.h"

#include <math.h>
#include <string.h>

static char *copy(const char *text)
{
    return text ? rf_strdup(text) : NULL;
}

figure_panel *figure_add_panel(figure *it, const char *title, const char *x_label, figure_scale x,
                               const char *y_label, figure_scale y)
{
    figure_panel panel = {.title = copy(title),
                          .x = {.label = copy(x_label), .scale = x},
                          .y = {.label = copy(y_label), .scale = y}};
    rf_vector_push(&it->panels, panel);
    return &rf_vector_last(&it->panels);
}

figure_series *figure_add_series(figure_panel *panel, figure_mark mark, unsigned color,
                                 const char *name)
{
    figure_series series = {.name = rf_strdup(name), .mark = mark, .color = color};
    rf_vector_push(&panel->series, series);
    return &rf_vector_last(&panel->series);
}

figure_point *figure_add_point(figure_series *series, double x, double y)
{
    figure_point point = {.x = x, .y = y, .low = x, .high = x};
    rf_vector_push(&series->points, point);
    return &rf_vector_last(&series->points);
}

void figure_add_label(figure_panel *panel, unsigned color, double x, double y, const char *text)
{
    figure_add_point(figure_add_series(panel, FIGURE_LABELS, color, ""), x, y)->label =
        rf_strdup(text);
}

void figure_add_rule(figure_panel *panel, double x)
{
    figure_add_point(figure_add_series(panel, FIGURE_RULE, 0, ""), x, 0);
}

static void release_axis(figure_axis *axis)
{
    rf_free(axis->label);
    for (size_t i = 0; i < axis->names.count; i++) rf_free(axis->names.data[i]);
    rf_vector_release(&axis->names);
}

static void release_panel(figure_panel *panel)
{
    for (size_t s = 0; s < panel->series.count; s++) {
        figure_series *series = &panel->series.data[s];
        for (size_t i = 0; i < series->points.count; i++) rf_free(series->points.data[i].label);
        rf_vector_release(&series->points);
        rf_free(series->name);
    }
    rf_vector_release(&panel->series);
    release_axis(&panel->x);
    release_axis(&panel->y);
    rf_free(panel->title);
}

void figure_release(figure *it)
{
    for (size_t p = 0; p < it->panels.count; p++) release_panel(&it->panels.data[p]);
    rf_vector_release(&it->panels);
    rf_free(it->name);
    rf_free(it->title);
    rf_free(it->subtitle);
    *it = (figure){0};
}

static void widen(double value, figure_scale scale, double *low, double *high)
{
    if (!isfinite(value) || (scale == FIGURE_LOG && value <= 0)) return;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

static void widen_by(const figure_series *series, const figure_point *point, bool vertical,
                     figure_scale scale, double *low, double *high)
{
    bool along_y = series->mark == FIGURE_BAND;
    if (series->mark == FIGURE_RULE && vertical) return;
    if (!(along_y && vertical) && !(series->mark == FIGURE_BOXES && !vertical))
        widen(vertical ? point->y : point->x, scale, low, high);
    if (along_y == vertical && series->mark != FIGURE_RULE && series->mark != FIGURE_LABELS) {
        if (point->low < point->high || series->mark == FIGURE_BOXES) {
            widen(point->low, scale, low, high);
            widen(point->high, scale, low, high);
        }
    }
}

bool figure_range(const figure_panel *panel, bool vertical, double *low, double *high)
{
    const figure_axis *axis = vertical ? &panel->y : &panel->x;
    if (axis->scale == FIGURE_NAMES) {
        *low = 0.4;
        *high = (double)axis->names.count + 0.6;
        return axis->names.count > 0;
    }
    if (axis->scale == FIGURE_SHARE) {
        *low = 0;
        *high = 1;
        return true;
    }
    *low = (double)INFINITY;
    *high = -(double)INFINITY;
    for (size_t s = 0; s < panel->series.count; s++)
        for (size_t i = 0; i < panel->series.data[s].points.count; i++)
            widen_by(&panel->series.data[s], &panel->series.data[s].points.data[i], vertical,
                     axis->scale, low, high);
    if (!isfinite(*low)) return false;
    double room = axis->scale == FIGURE_LOG ? 0.06 * log(*high / *low) : 0.06 * (*high - *low);
    bool labelled = false;
    for (size_t s = 0; s < panel->series.count && !vertical; s++)
        labelled = labelled || panel->series.data[s].mark == FIGURE_LABELS;
    if (axis->scale == FIGURE_LOG) {
        if (room < 0.05) room = 0.05;
        *low /= exp(room);
        *high *=
            exp(labelled ? 2.5 * room : room); /* direct labels stand to the right of their point */
    } else {
        if (room <= 0) room = fmax(fabs(*high) * 0.05, 0.5);
        bool from_zero = *low >= 0 && *low < 0.3 * *high;
        *low = from_zero ? 0 : *low - room;
        *high += labelled ? 2.5 * room : room;
    }
    return true;
}

static size_t log_tics(double low, double high, double tics[FIGURE_TICS_MOST])
{
    static const double factors[] = {1, 2, 5};
    double decades = log10(high / low);
    size_t count = 0, factor_count = decades > 2 ? 1 : RF_COUNT_OF(factors);
    for (double power = floor(log10(low)); power <= log10(high); power += decades > 6 ? 2 : 1)
        for (size_t i = 0; i < factor_count && count < FIGURE_TICS_MOST; i++) {
            double value = pow(10, power) * factors[i];
            if (value >= low && value <= high) tics[count++] = value;
        }
    return count;
}

size_t figure_tics(figure_scale scale, double low, double high, double tics[FIGURE_TICS_MOST])
{
    size_t count = 0;
    if (scale == FIGURE_LOG) {
        count = log_tics(low, high, tics);
        if (count > 1) return count;
    }
    double step = pow(10, floor(log10((high - low) / 4)));
    if ((high - low) / step > 7) step *= (high - low) / step > 14 ? 5 : 2;
    if (scale == FIGURE_WHOLE && step < 1) step = 1;
    count = 0;
    for (double k = ceil(low / step - 1e-9); k * step <= high * (1 + 1e-9) && count < FIGURE_TICS_MOST; k++)
        tics[count++] = k * step + 0.0; /* no -0 */
    return count;
}

double figure_place(figure_scale scale, double low, double high, double value)
{
    double at =
        scale == FIGURE_LOG ? log(value / low) / log(high / low) : (value - low) / (high - low);
    return !isfinite(at) ? 0 : at < 0 ? 0 : at > 1 ? 1 : at;
}

/* Light that a channel of sRGB gives off. */
static double light_of(double channel)
{
    double part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

unsigned figure_shade(double shade, unsigned *ink)
{
    static const double blue[] = {0, 114, 178}, orange[] = {213, 94, 0};
    double part = fmin(1, fabs(shade));
    static const double weights[] = {0.2126, 0.7152, 0.0722}; /* of the eye, by WCAG 2 */
    unsigned color = 0;
    double luminance = 0;
    for (int i = 0; i < 3; i++) {
        double end = shade < 0 ? blue[i] : orange[i];
        double channel = 247 + (end - 247) * part;
        color = color << 8 | (unsigned)lround(channel);
        luminance += weights[i] * light_of(channel);
    }
    *ink = luminance < 0.179 ? 0xffffff : 0x111111; /* whichever stands out more */
    return color;
}
