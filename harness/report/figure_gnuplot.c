/* A figure as a gnuplot script and its data file: the script draws NAME.svg and NAME-dark.svg, or
 * the same as PNG. */
#include "report/figure.h"

#include <math.h>
#include <string.h>

static const char style[] = {
#include "report/chart_style.inc"
};

/* Inside a double-quoted text of gnuplot; every text is set noenhanced, else _ and ^ would be
 * markup. */
static void quote(const char *text, rf_buffer *out)
{
    rf_buffer_append_byte(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') rf_buffer_append_byte(out, '\\');
        rf_buffer_append_byte(out, *text == '\n' ? ' ' : *text);
    }
    rf_buffer_append_byte(out, '"');
}

static void write_data(const figure_series *series, rf_buffer *out)
{
    rf_buffer_format(out, "# %s\n# x\ty\tlow\thigh\tlabel\tcolour\tink\n",
                     *series->name ? series->name : "-");
    for (size_t i = 0; i < series->points.count; i++) {
        const figure_point *point = &series->points.data[i];
        unsigned ink, color = figure_shade(point->shade, &ink);
        rf_buffer_format(out, "%.9g\t%.9g\t%.9g\t%.9g\t", point->x, point->y, point->low,
                         point->high);
        quote(point->label ? point->label : "-", out);
        rf_buffer_format(out, "\t%u\t%u\n", color, ink);
    }
    if (!series->points.count) rf_buffer_append_text(out, "NaN\tNaN\tNaN\tNaN\t\"-\"\t0\t0\n");
    rf_buffer_append_text(out, "\n\n");
}

static bool has_intervals(const figure_series *series)
{
    for (size_t i = 0; i < series->points.count; i++)
        if (series->points.data[i].low < series->points.data[i].high) return true;
    return false;
}

static void plot_series(const figure *it, const figure_panel *panel, const figure_series *series,
                        size_t index, rf_buffer *out)
{
    unsigned style_number = series->color ? series->color : 9;
    rf_buffer_format(out, "'%s.dat' index %zu using ", it->name, index);
    switch (series->mark) {
    case FIGURE_POINTS:
        if (has_intervals(series))
            rf_buffer_format(out, "1:2:3:4 with xerrorbars ls %u", style_number);
        else
            rf_buffer_format(out, "1:2 with points ls %u", style_number);
        break;
    case FIGURE_LINE: rf_buffer_format(out, "1:2 with lines ls %u", style_number); break;
    case FIGURE_STEPS: rf_buffer_format(out, "1:2 with steps ls %u", style_number); break;
    case FIGURE_BAND:
        rf_buffer_format(out, "1:3:4 with filledcurves ls %u fs transparent solid 0.3 noborder",
                         style_number);
        break;
    case FIGURE_BOXES:
        rf_buffer_format(
            out,
            "(($3+$4)/2):2:3:4:($2-0.32):($2+0.32) with boxxyerror ls %u fs solid 0.9 noborder",
            style_number);
        break;
    case FIGURE_CELLS:
        rf_buffer_format(out,
                         "1:2:($1-0.48):($1+0.48):($2-0.46):($2+0.46):6 with boxxyerror fs solid 1 "
                         "noborder lc rgb "
                         "variable notitle, '%s.dat' index %zu using 1:2:5:7 with labels "
                         "noenhanced font 'sans-serif,7' "
                         "tc rgb variable",
                         it->name, index);
        break;
    case FIGURE_LABELS:
        rf_buffer_format(
            out, "1:2:5 with labels left offset 0.6,0.6 noenhanced font 'sans-serif,9' tc ls %u",
            style_number);
        break;
    case FIGURE_RULE: break; /* drawn as an arrow */
    }
    if (*series->name && panel->key) {
        rf_buffer_append_text(out, " title ");
        quote(series->name, out);
    } else {
        rf_buffer_append_text(out, " notitle");
    }
}

/* Whole steps, where a logarithmic axis is hardly curved. */
static void write_even_tics(const char *letter, double low, double high, rf_buffer *out)
{
    static const double factors[] = {1, 2, 5, 10};
    double unit = pow(10, floor(log10((high - low) / 5))), step = 0;
    for (size_t i = 0; i < RF_COUNT_OF(factors) && !(step > 0); i++)
        if ((high - low) / (factors[i] * unit) <= 7) step = factors[i] * unit;
    rf_buffer_format(out, "set %stics (", letter);
    bool first = true;
    for (double k = ceil(low / step); k * step <= high; k++, first = false)
        rf_buffer_format(out, "%s\"%g\" %.9g", first ? "" : ", ", k * step, k * step);
    rf_buffer_append_text(out, ") noenhanced\n");
}

/* A short logarithmic axis would have one tic or none. */
static void write_short_log_tics(const char *letter, double low, double high, rf_buffer *out)
{
    static const double steps[] = {1, 1.5, 2, 3, 5, 7};
    double decade = 1e-9;
    bool fine = high / low < 6, first = true;
    while (decade * 10 <= low) decade *= 10;
    rf_buffer_format(out, "set %stics (", letter);
    for (; decade <= high; decade *= 10)
        for (size_t i = 0; i < RF_COUNT_OF(steps); i++) {
            double value = decade * steps[i];
            if ((!fine && i % 2 == 1) || value < low || value > high) continue;
            rf_buffer_format(out, "%s\"%g\" %.6g", first ? "" : ", ", value, value);
            first = false;
        }
    rf_buffer_append_text(out, ") noenhanced\n");
}

static void write_axis(const figure_panel *panel, bool vertical, bool small, rf_buffer *out)
{
    const figure_axis *axis = vertical ? &panel->y : &panel->x;
    const char *letter = vertical ? "y" : "x";
    double low, high;
    rf_buffer_format(out, "set %slabel ", letter);
    quote(axis->label ? axis->label : "", out);
    rf_buffer_format(out, " noenhanced\n%s logscale %s\n",
                     axis->scale == FIGURE_LOG ? "set" : "unset", letter);
    if (figure_range(panel, vertical, &low, &high))
        rf_buffer_format(out, "set %srange [%.6g:%.6g]\n", letter, low, high);
    if (axis->scale != FIGURE_NAMES) {
        const bool single = axis->scale == FIGURE_WHOLE && high - low < 9;
        rf_buffer_format(out, "set %stics %s norotate noenhanced%s\nset format %s '%s'\n", letter,
                         single ? "1" : "autofreq", small ? " font 'sans-serif,7'" : "", letter,
                         axis->scale == FIGURE_LOG ? "%.10g" : "%g");
        if (axis->scale == FIGURE_LOG && high / low < 3)
            write_even_tics(letter, low, high, out);
        else if (axis->scale == FIGURE_LOG && high / low < 100)
            write_short_log_tics(letter, low, high, out);
        return;
    }
    bool crowded = !vertical && axis->names.count > 9;
    rf_buffer_format(out, "set %stics %s noenhanced%s (", letter,
                     crowded ? "rotate by 60 right" : "norotate",
                     small || axis->names.count > 14 ? " font 'sans-serif,8'" : "");
    for (size_t i = 0; i < axis->names.count; i++) {
        if (i) rf_buffer_append_text(out, ", ");
        quote(axis->names.data[i], out);
        rf_buffer_format(out, " %zu", i + 1);
    }
    rf_buffer_append_text(out, ")\n");
}

static void write_rules(const figure_panel *panel, rf_buffer *out)
{
    rf_buffer_append_text(out, "unset arrow\n");
    for (size_t s = 0; s < panel->series.count; s++)
        for (size_t i = 0;
             panel->series.data[s].mark == FIGURE_RULE && i < panel->series.data[s].points.count;
             i++)
            rf_buffer_format(
                out, "set arrow from %.9g,graph 0 to %.9g,graph 1 nohead back ls 9 lw 0.8\n",
                panel->series.data[s].points.data[i].x, panel->series.data[s].points.data[i].x);
}

static void write_panel(const figure *it, const figure_panel *panel, size_t first_index,
                        rf_buffer *out)
{
    bool small = it->panels.count > 1, any = false;
    bool cells = panel->series.count && panel->series.data[0].mark == FIGURE_CELLS;
    if (small) {
        rf_buffer_append_text(out, "set title ");
        quote(panel->title ? panel->title : "", out);
        rf_buffer_append_text(out, " noenhanced font 'sans-serif,9' offset 0,-0.7\n");
    }
    write_axis(panel, false, small, out);
    write_axis(panel, true, small, out);
    write_rules(panel, out);
    bool horizontal = panel->y.scale == FIGURE_NAMES;
    rf_buffer_format(
        out, "unset grid\n%s%s\n",
        cells        ? ""
        : horizontal ? "set grid x ls 10\n"
                     : "set grid y ls 10\n",
        panel->key ? "set key outside right top Left reverse samplen 1 noenhanced textcolor ls 9"
                   : "unset key");
    size_t index = first_index;
    rf_buffer_append_text(out, "plot ");
    for (size_t s = 0; s < panel->series.count; s++) {
        if (panel->series.data[s].mark == FIGURE_RULE) continue;
        if (any) rf_buffer_append_text(out, ", \\\n     ");
        plot_series(it, panel, &panel->series.data[s], index++, out);
        any = true;
    }
    rf_buffer_append_text(out, any ? "\n" : "1/0 notitle\n");
}

static size_t count_drawn(const figure_panel *panel)
{
    size_t count = 0;
    for (size_t s = 0; s < panel->series.count; s++)
        count += panel->series.data[s].mark != FIGURE_RULE;
    return count;
}

/* Title, and under it the subtitle in one line or two: 112 letters fit. Returns the pixels they take. */
static unsigned write_head(const figure *it, unsigned height, rf_buffer *script)
{
    enum { LINE_MOST = 112, TITLE_AT = 19, SUBTITLE_AT = 40, LINE = 15, ROOM = 36 };
    size_t cut = strlen(it->subtitle);
    if (report_width(it->subtitle) > LINE_MOST)
        for (cut = LINE_MOST; cut > 0 && strncmp(it->subtitle + cut, ", ", 2) != 0;) cut--;
    char *first = rf_strndup(it->subtitle, cut ? cut : strlen(it->subtitle));
    const char *rest = cut && it->subtitle[cut] ? it->subtitle + cut + 2 : "";
    const char *const lines[] = {it->title, first, rest};
    unsigned at = 0;
    for (size_t i = 0; i < RF_COUNT_OF(lines) && (i < 2 || *lines[i]); i++) {
        at = i == 0 ? TITLE_AT : i == 1 ? SUBTITLE_AT : SUBTITLE_AT + LINE;
        rf_buffer_format(script, "set label %zu ", i + 1);
        quote(lines[i], script);
        rf_buffer_format(script,
                         " at screen 0.02,%.4f left front font 'sans-serif,%d' tc ls %d noenhanced\n",
                         1 - (double)at / height, i ? 9 : 13, i ? 11 : 9);
    }
    rf_free(first);
    return at + ROOM;
}

void figure_gnuplot(const figure *it, const char *rebuild, rf_buffer *data, rf_buffer *script)
{
    const unsigned height = it->height ? it->height : 420;
    rf_buffer_format(data, "# %s\n# Made by: %s\n", it->subtitle, rebuild);
    for (size_t p = 0; p < it->panels.count; p++)
        for (size_t s = 0; s < it->panels.data[p].series.count; s++)
            if (it->panels.data[p].series.data[s].mark != FIGURE_RULE)
                write_data(&it->panels.data[p].series.data[s], data);
    rf_buffer_format(script,
                     "# Redraw: gnuplot %s.gp; as PNG: gnuplot -e png=1 %s.gp\n# Made by: %s\n"
                     "if (!exists('png')) png = 0\nheight = %u\ndo for [dark = 0:1] {\n",
                     it->name, it->name, rebuild, height);
    rf_buffer_append(script, style, sizeof style - 1);
    rf_buffer_format(script,
                     "set output '%s'.(dark ? '-dark' : '').(png ? '.png' : '.svg')\n",
                     it->name);
    const unsigned head = write_head(it, height, script);
    bool many = it->panels.count > 1;
    if (many) {
        size_t rows = (it->panels.count + it->columns - 1) / it->columns;
        const bool named = it->panels.data[0].y.scale == FIGURE_NAMES;
        rf_buffer_format(
            script, "set multiplot layout %zu,%zu margins %s,0.97,%.4f,%.4f spacing %s,%.4f\n", rows,
            it->columns, named ? "0.11" : "0.09", 46. / height, 1 - (double)head / height,
            named ? "0.12" : "0.06", 59. / height);
    } else {
        rf_buffer_format(script, "set tmargin at screen %.4f\n", 1 - (double)(head - 6) / height);
    }
    size_t index = 0;
    for (size_t p = 0; p < it->panels.count; p++) {
        write_panel(it, &it->panels.data[p], index, script);
        index += count_drawn(&it->panels.data[p]);
        if (p == 0) rf_buffer_append_text(script, "unset label 1\nunset label 2\nunset label 3\n");
    }
    rf_buffer_append_text(script, many ? "unset multiplot\nset output\nreset\n}\n"
                                       : "set output\nreset\n}\n");
}
