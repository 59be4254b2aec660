/* Charts of single processes: iterations, violin, ecdf, order, aa. */
#include "report/chart.h"

#include "report/compare.h"
#include "report/number.h"
#include "stats/paired.h"
#include "stats/quantile.h"

#include <math.h>
#include <string.h>

static report_unit unit_of(const compare_table *table)
{
    double least = 0;
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_estimate *estimate = &table->rows.data[i].estimates[COMPARE_STEADY];
        if (estimate->count && (least <= 0 || estimate->interval.value < least))
            least = estimate->interval.value;
    }
    return report_time_unit(least, 0.1);
}

static void add_segments(const store_sample *sample, double scale, figure_panel *panel)
{
    double *times = rf_alloc_array(double, sample->time_count + 1);
    stats_segment *segments = rf_alloc_array(stats_segment, sample->time_count / 3 + 2);
    for (size_t i = 0; i < sample->time_count; i++) times[i] = (double)sample->times[i];
    size_t count = stats_classify_warmup(times, sample->time_count, segments).segment_count;
    figure_series *line = figure_add_series(panel, FIGURE_LINE, 2, "");
    for (size_t i = 0; i < count; i++) {
        figure_add_point(line, (double)segments[i].begin + 1, segments[i].mean / scale);
        figure_add_point(line, (double)segments[i].end, segments[i].mean / scale);
    }
    rf_free(times);
    rf_free(segments);
}

const char *chart_fill_iterations(const chart_subject *subject, figure *it)
{
    const compare_table *table = subject->table;
    size_t unsteady = 0, shown = 0, warm = 0;
    report_unit unit = unit_of(table);
    it->columns = 3;
    for (size_t r = 0; r < table->rows.count && it->panels.count < 9; r++) {
        const compare_row *row = &table->rows.data[r];
        const store_sample *first = NULL;
        if (!chart_is_shown(row)) continue;
        char name[CHART_LABEL_SIZE];
        char *title = rf_format_text("%s  %c", chart_label(row, name),
                                     row->warmup.letter ? row->warmup.letter : '-');
        figure_panel *panel = figure_add_panel(it, title, NULL, FIGURE_WHOLE, NULL, FIGURE_LOG);
        rf_free(title);
        for (size_t i = 0; i < subject->results->samples.count; i++) {
            const store_sample *sample = &subject->results->samples.data[i];
            if (sample->variant != row->variant || sample->param != table->param ||
                !sample->time_count)
                continue;
            figure_series *line = figure_add_series(panel, FIGURE_LINE, 6, "");
            for (size_t t = 0; t < sample->time_count; t++)
                figure_add_point(line, (double)t + 1, (double)sample->times[t] / unit.scale);
            if (!first) first = sample;
        }
        if (first) add_segments(first, unit.scale, panel);
        shown++;
        unsteady += row->warmup.letter == 'N' || row->warmup.letter == '!';
        warm += row->warmup.letter == 'W' || row->warmup.letter == 'w';
    }
    it->columns = shown < 3 ? shown : 3;
    if (unsteady)
        chart_say_title(it, "%s: %zu of %zu variants %s no common steady state", table->benchmark,
                        unsteady, shown, unsteady == 1 ? "reaches" : "reach");
    else if (warm)
        chart_say_title(it, "%s: %zu of %zu variants %s while they run", table->benchmark, warm,
                        shown, warm == 1 ? "speeds up" : "speed up");
    else
        chart_say_title(it, "%s: all %zu variants are flat from the start", table->benchmark,
                        shown);
    char *what = rf_format_text("%s by iteration (log), a line a process, levels of the first on top", unit.name);
    chart_say_benchmark(it, subject, what);
    rf_free(what);
    return shown ? NULL : "no process reported iterations";
}

/* ---- distributions ---- */

/* Density of logs by a normal kernel, width after Silverman: 0.9 min(sd, IQR / 1.34) n^(-1/5). */
static double kernel_width(const double *y, size_t count)
{
    double spread = stats_sd(y, count),
           range = (stats_quantile(y, count, 0.75) - stats_quantile(y, count, 0.25)) / 1.34;
    if (range > 0 && range < spread) spread = range;
    return fmax(0.9 * spread * pow((double)count, -0.2), 0.002);
}

static void add_violin(figure_panel *panel, const double *y, size_t count, double place,
                       unsigned color)
{
    enum { STEPS = 60 };
    double width = kernel_width(y, count), low = stats_quantile(y, count, 0) - 2.5 * width;
    double high = stats_quantile(y, count, 1) + 2.5 * width, most = 0, density[STEPS + 1];
    figure_series *band = figure_add_series(panel, FIGURE_BAND, color, "");
    for (size_t s = 0; s <= STEPS; s++) {
        double at = low + (high - low) * (double)s / STEPS;
        density[s] = 0;
        for (size_t i = 0; i < count; i++) density[s] += exp(-0.5 * pow((at - y[i]) / width, 2));
        most = fmax(most, density[s]);
    }
    for (size_t s = 0; s <= STEPS; s++) {
        figure_point *point =
            figure_add_point(band, exp(low + (high - low) * (double)s / STEPS), place);
        point->low = place - 0.38 * density[s] / most;
        point->high = place + 0.38 * density[s] / most;
    }
}

const char *chart_fill_violin(const chart_subject *subject, figure *it)
{
    const compare_table *table = subject->table;
    report_unit unit = unit_of(table);
    double *values = rf_alloc_array(double, subject->results->samples.count + 1), widest = 0;
    const char *widest_label = "";
    char *axis = rf_format_text("steady time of a process, %s, log scale", unit.name);
    figure_panel *panel = figure_add_panel(it, NULL, axis, FIGURE_LOG, NULL, FIGURE_NAMES);
    rf_free(axis);
    for (size_t r = table->rows.count; r-- > 0;) {
        const compare_row *row = &table->rows.data[r];
        size_t count = chart_values(subject, row, COMPARE_STEADY, values);
        if (count < 2) continue;
        rf_vector_push(&panel->y.names, report_row_label(row));
        double place = (double)panel->y.names.count;
        double spread = stats_quantile(values, count, 1) / stats_quantile(values, count, 0) - 1;
        if (spread > widest) {
            widest = spread;
            widest_label = row->label;
        }
        for (size_t i = 0; i < count; i++) values[i] = log(values[i] / unit.scale);
        add_violin(panel, values, count, place, chart_color(row->label));
        figure_series *points = figure_add_series(panel, FIGURE_POINTS, 0, "");
        for (size_t i = 0; i < count;
             i++) /* spread out in a fixed pattern, so that equal values stay visible */
            figure_add_point(points, exp(values[i]), place + 0.08 * ((double)(i % 5) - 2));
    }
    rf_free(values);
    chart_say_title(it, "%s: processes of %s differ by up to %.0f %%", table->benchmark,
                    widest_label, 100 * widest);
    chart_say_benchmark(it, subject, "a point a process");
    return panel->y.names.count ? NULL : "no variant has two processes";
}

static void add_curve(figure_panel *panel, const chart_subject *subject, const compare_row *row,
                      double scale, double *values)
{
    char name[CHART_LABEL_SIZE];
    size_t count = chart_values(subject, row, COMPARE_STEADY, values);
    stats_sort(values, count);
    figure_series *line =
        figure_add_series(panel, FIGURE_STEPS, chart_color(row->label), chart_label(row, name));
    for (size_t i = 0; i < count; i++) {
        if (i == 0) figure_add_point(line, values[0] / scale, 0);
        figure_add_point(line, values[i] / scale, (double)(i + 1) / (double)count);
    }
    if (count)
        figure_add_label(panel, chart_color(row->label), values[count - 1] / scale, 0.93,
                         name);
}

const char *chart_fill_ecdf(const chart_subject *subject, figure *it)
{
    const compare_table *table = subject->table;
    const compare_row *reference =
                          table->reference == SIZE_MAX ? NULL : &table->rows.data[table->reference],
                      *rival = NULL;
    for (size_t r = 0; r < table->rows.count && reference; r++) {
        const compare_row *row = &table->rows.data[r];
        if (row->state != COMPARE_MEASURED) continue;
        if (!rival || fabs(row->ratio.log_ratio) < fabs(rival->ratio.log_ratio)) rival = row;
    }
    if (!rival) return "the reference has no rival with a ratio";
    double *values = rf_alloc_array(double, subject->results->samples.count + 1);
    report_unit unit = unit_of(table);
    char *axis = rf_format_text("steady time of a process, %s", unit.name),
         ratio[REPORT_NUMBER_SIZE];
    figure_panel *panel =
        figure_add_panel(it, NULL, axis, FIGURE_LINEAR, "share of processes", FIGURE_SHARE);
    rf_free(axis);
    figure_series *band = figure_add_series(panel, FIGURE_BAND, 8, "");
    double middle = reference->estimates[COMPARE_STEADY].interval.value / unit.scale;
    for (int end = 0; end < 2; end++) {
        figure_point *point = figure_add_point(
            band, end ? middle * (1 + table->options.margin) : middle / (1 + table->options.margin),
            0);
        point->low = 0;
        point->high = 1;
    }
    add_curve(panel, subject, reference, unit.scale, values);
    add_curve(panel, subject, rival, unit.scale, values);
    rf_free(values);
    chart_say_title(it, "%s: %s takes %s× the time of %s, %s", table->benchmark, rival->label,
                    report_significant(rival->ratio.ratio, ratio), reference->label,
                    stats_verdict_name(rival->verdict));
    char *what =
        rf_format_text("grey: ±%g %% of %s", 100 * table->options.margin, reference->label);
    chart_say_benchmark(it, subject, what);
    rf_free(what);
    return NULL;
}

/* ---- order ---- */

const char *chart_fill_order(const chart_subject *subject, figure *it)
{
    const compare_table *table = subject->table;
    figure_panel *panel = figure_add_panel(it, NULL, "order of execution", FIGURE_WHOLE,
                                           "time relative to the variant's median", FIGURE_LINEAR);
    panel->key = true;
    size_t drawn = 0;
    for (size_t r = 0; r < table->rows.count; r++) {
        const compare_row *row = &table->rows.data[r];
        char name[CHART_LABEL_SIZE];
        if (!chart_is_shown(row)) continue;
        figure_series *points = figure_add_series(panel, FIGURE_POINTS, chart_color(row->label),
                                                  chart_label(row, name));
        size_t place = 0;
        for (size_t i = 0; i < subject->results->samples.count; i++) {
            const store_sample *sample = &subject->results->samples.data[i];
            if (sample->param != table->param) continue;
            place++;
            if (sample->variant != row->variant || sample->outcome != RUN_OK) continue;
            stats_warmup warmup = compare_classify(sample);
            double value = compare_value_of(sample, &warmup, COMPARE_STEADY);
            figure_add_point(points, (double)place,
                             value / row->estimates[COMPARE_STEADY].interval.value);
            drawn++;
        }
    }
    if (table->drift.warn)
        chart_say_title(it, "%s: times drifted by %+.1f %% over the session", table->benchmark,
                        100 * (exp(table->drift.change) - 1));
    else
        chart_say_title(it, "%s: no drift over the session", table->benchmark);
    chart_say_benchmark(it, subject, "steady time of each process");
    return drawn ? NULL : "no process has a time";
}

/* ---- aa ---- */

/* The processes of one variant against each other, even blocks against odd ones: nothing differs,
 * so the p values should be uniform. */
static bool even_against_odd(const report_entry *entry, const compare_row *row, double *p)
{
    chart_subject subject = {.table = entry->table, .results = &entry->session->results};
    double *values = rf_alloc_array(double, subject.results->samples.count + 1);
    size_t count = chart_values(&subject, row, COMPARE_STEADY, values) / 2;
    for (size_t i = 0; i < count; i++) values[i] = log(values[2 * i]) - log(values[2 * i + 1]);
    bool enough = count >= 5;
    if (enough) *p = stats_ratio_paired(values, count, 0.05).p;
    rf_free(values);
    return enough;
}

const char *chart_fill_aa(const chart_subject *subject, figure *it)
{
    const report_book *book = subject->frame->book;
    RF_VECTOR(double) p = {0};
    for (size_t e = 0; e < book->entries.count; e++)
        for (size_t r = 0; r < book->entries.data[e].table->rows.count; r++) {
            double value;
            if (even_against_odd(&book->entries.data[e], &book->entries.data[e].table->rows.data[r],
                                 &value))
                rf_vector_push(&p, value);
        }
    if (p.count < 5) {
        rf_vector_release(&p);
        return "fewer than 5 variants have 10 blocks; `ruffbench run --blocks 10` or more";
    }
    stats_sort(p.data, p.count);
    figure_panel *panel = figure_add_panel(it, NULL, "nominal p", FIGURE_SHARE,
                                           "share of pairs with at most this p", FIGURE_SHARE);
    figure_series *diagonal = figure_add_series(panel, FIGURE_LINE, 8, "");
    figure_add_point(diagonal, 0, 0);
    figure_add_point(diagonal, 1, 1);
    figure_series *points = figure_add_series(panel, FIGURE_STEPS, 1, "");
    size_t below = 0;
    for (size_t i = 0; i < p.count; i++) {
        figure_add_point(points, p.data[i], (double)(i + 1) / (double)p.count);
        below += p.data[i] < 0.05;
    }
    chart_say_title(it, "%.1f %% of equal pairs have p < 0.05",
                    100 * (double)below / (double)p.count);
    char *what = rf_format_text("%zu pairs, even against odd blocks of the same variant", p.count);
    chart_say_book(it, subject, what);
    rf_free(what);
    rf_vector_release(&p);
    return NULL;
}
