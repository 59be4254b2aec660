/* Charts of ratios: bars (drawn as dots, since a logarithmic axis has no zero), means, small
 * multiples, heat. */
#include "report/chart.h"

#include "report/compare.h"
#include "report/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool has_ratio(const compare_row *row)
{
    return row->state == COMPARE_REFERENCE || row->state == COMPARE_MEASURED ||
           row->state == COMPARE_UNRANKED;
}

/* The finding about the best row that is not the reference. */
static void say_ratio(const compare_table *table, figure *it)
{
    char ratio[REPORT_NUMBER_SIZE];
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_row *row = &table->rows.data[i];
        if (row->state != COMPARE_MEASURED) continue;
        chart_say_title(it, "%s: %s takes %s× the time of %s%s", table->benchmark, row->label,
                        report_significant(row->ratio.ratio, ratio), report_reference_name(table),
                        row->verdict == STATS_UNSURE ? ", unsure"
                        : row->verdict == STATS_SAME ? ", the same"
                                                     : "");
        return;
    }
    chart_say_title(it, "%s: no ratio could be ranked", table->benchmark);
}

/* Fastest on top. */
static void add_ratio_dots(const compare_table *table, figure_panel *panel)
{
    size_t place = 0;
    figure_add_rule(panel, 1);
    for (size_t i = table->rows.count; i-- > 0;) {
        const compare_row *row = &table->rows.data[i];
        if (!has_ratio(row)) continue;
        bool reference = row->state == COMPARE_REFERENCE;
        figure_series *series =
            figure_add_series(panel, FIGURE_POINTS, chart_color(row->label), "");
        figure_point *point =
            figure_add_point(series, reference ? 1 : row->ratio.ratio, (double)++place);
        if (!reference) {
            point->low = row->ratio.low;
            point->high = row->ratio.high;
        }
        char *name = report_row_name(row);
        rf_vector_push(&panel->y.names, name);
    }
}

const char *chart_fill_bars(const chart_subject *subject, figure *it)
{
    const compare_table *table = subject->table;
    if (table->reference == SIZE_MAX) return "no variant has a time";
    char *axis = rf_format_text("%s relative to %s, log scale, %g %% intervals",
                                compare_measure_row_of(table->options.measure)->word,
                                report_reference_name(table), 100 * (1 - table->options.alpha));
    figure_panel *panel = figure_add_panel(it, NULL, axis, FIGURE_LOG, NULL, FIGURE_NAMES);
    rf_free(axis);
    add_ratio_dots(table, panel);
    say_ratio(table, it);
    chart_say_benchmark(it, subject, compare_measure_row_of(table->options.measure)->meaning);
    return panel->y.names.count > 1 ? NULL : "only one variant has a time";
}

const char *chart_fill_means(const chart_subject *subject, figure *it)
{
    const report_book *book = subject->frame->book;
    figure_panel *panel = figure_add_panel(it, NULL, NULL, FIGURE_LOG, NULL, FIGURE_NAMES);
    panel->x.label =
        rf_format_text("time relative to %s, geometric mean, log scale, %g %% intervals",
                       subject->frame->reference, 100 * (1 - book->options.alpha));
    figure_add_rule(panel, 1);
    char text[REPORT_NUMBER_SIZE];
    size_t place = 0, most = 0;
    RF_VECTOR(report_mean) means = {0};
    RF_VECTOR(const char *) labels = {0};
    for (size_t i = 0; i < book->labels.count; i++) {
        const char *label = book->labels.data[i];
        report_mean mean = report_frame_mean(subject->frame, label, NULL);
        if (!strcmp(label, subject->frame->reference))
            mean = (report_mean){.ratio = {.ratio = 1, .low = 1, .high = 1}, .count = SIZE_MAX};
        if (!mean.count) continue;
        rf_vector_push(&means, mean);
        rf_vector_push(&labels, label);
    }
    for (size_t round = 0; round < means.count; round++) { /* slowest at the bottom */
        size_t worst = SIZE_MAX;
        for (size_t i = 0; i < means.count; i++)
            if (labels.data[i] &&
                (worst == SIZE_MAX || means.data[i].ratio.ratio > means.data[worst].ratio.ratio))
                worst = i;
        const report_mean *mean = &means.data[worst];
        figure_point *point = figure_add_point(
            figure_add_series(panel, FIGURE_POINTS, chart_color(labels.data[worst]), ""),
            mean->ratio.ratio, (double)++place);
        point->low = mean->ratio.low;
        point->high = mean->ratio.high;
        bool reference = mean->count == SIZE_MAX;
        if (!reference && mean->count > most) most = mean->count;
        char *name = reference ? rf_strdup(labels.data[worst])
                               : rf_format_text("%s (%zu of %zu)", labels.data[worst], mean->count,
                                                mean->total);
        rf_vector_push(&panel->y.names, name);
        labels.data[worst] = NULL;
    }
    rf_vector_release(&means);
    rf_vector_release(&labels);
    static const char *const rivals[] = {"python", "node", "lua", "go", "ruff:interp"};
    for (size_t i = 0; i < RF_COUNT_OF(rivals) && !it->title; i++) {
        report_mean mean = report_frame_mean(subject->frame, rivals[i], NULL);
        if (mean.count && strcmp(rivals[i], subject->frame->reference) != 0)
            chart_say_title(it, "%s takes %s× the time of %s over %zu benchmarks", rivals[i],
                            report_significant(mean.ratio.ratio, text), subject->frame->reference,
                            mean.count);
    }
    if (!it->title) chart_say_title(it, "Every variant against %s", subject->frame->reference);
    chart_say_book(it, subject, "steady time, all classes but jit");
    return most ? NULL : "no two variants share a benchmark";
}

static size_t class_size(const chart_subject *subject)
{
    return report_book_main_count(subject->frame->book, subject->class_name);
}

/* Whether a variant has a ratio in some benchmark of the class. */
static bool class_has(const chart_subject *subject, const char *label)
{
    const report_book *book = subject->frame->book;
    for (size_t e = 0; e < book->entries.count; e++) {
        const report_entry *entry = &book->entries.data[e];
        if (!entry->main || strcmp(entry->class_name, subject->class_name) != 0) continue;
        const compare_row *row = report_frame_row(subject->frame, e, label);
        if (row && has_ratio(row)) return true;
    }
    return false;
}

static void add_small_panel(const chart_subject *subject, size_t e, figure *it)
{
    const report_book *book = subject->frame->book;
    figure_panel *panel = figure_add_panel(it, book->entries.data[e].table->benchmark, NULL,
                                           FIGURE_LOG, NULL, FIGURE_NAMES);
    figure_add_rule(panel, 1);
    for (size_t i = book->labels.count; i-- > 0;) {
        if (!class_has(subject, book->labels.data[i])) continue;
        const compare_row *row = report_frame_row(subject->frame, e, book->labels.data[i]);
        rf_vector_push(&panel->y.names, report_book_label(book, book->labels.data[i]));
        if (!row || !has_ratio(row)) continue;
        bool reference = row->state == COMPARE_REFERENCE;
        figure_point *point =
            figure_add_point(figure_add_series(panel, FIGURE_POINTS, chart_color(row->label), ""),
                             reference ? 1 : row->ratio.ratio, (double)panel->y.names.count);
        point->low = reference ? 1 : row->ratio.low;
        point->high = reference ? 1 : row->ratio.high;
    }
}

/* "arrays", or of a class of one "alloc (binary_trees)"; new. */
static char *class_title(const chart_subject *subject, const figure *it)
{
    return it->panels.count == 1
               ? rf_format_text("%s (%s)", subject->class_name, it->panels.data[0].title)
               : rf_strdup(subject->class_name);
}

const char *chart_fill_multiples(const chart_subject *subject, figure *it)
{
    enum { MOST = 9, HEAD_AND_FOOT = 70, AROUND = 50, LINE = 14 };
    const report_book *book = subject->frame->book;
    it->columns = class_size(subject) > 4 ? 3 : class_size(subject) > 1 ? 2 : 1;
    for (size_t e = 0; e < book->entries.count && it->panels.count < MOST; e++) {
        const report_entry *entry = &book->entries.data[e];
        if (entry->main && strcmp(entry->class_name, subject->class_name) == 0)
            add_small_panel(subject, e, it);
    }
    if (!it->panels.count) return "the class has no results";
    size_t rows = (it->panels.count + it->columns - 1) / it->columns;
    size_t height = HEAD_AND_FOOT + rows * (AROUND + LINE * it->panels.data[0].y.names.count);
    if (height > 420) it->height = (unsigned)height;
    char ratio[REPORT_NUMBER_SIZE], *title = class_title(subject, it);
    report_mean mean = report_frame_mean(subject->frame, "python", subject->class_name);
    if (mean.count)
        chart_say_title(it, "%s: python takes %s× the time of %s", title,
                        report_significant(mean.ratio.ratio, ratio), subject->frame->reference);
    else
        chart_say_title(it, "%s: every variant against %s", title, subject->frame->reference);
    char *what = rf_format_text("time relative to %s, log scale, %g %% intervals%s",
                                subject->frame->reference, 100 * (1 - book->options.alpha),
                                class_size(subject) > MOST ? ", first 9 benchmarks" : "");
    chart_say_book(it, subject, what);
    rf_free(what);
    rf_free(title);
    return NULL;
}

bool chart_heat_takes(const report_book *book, size_t entry)
{
    const report_entry *it = &book->entries.data[entry];
    bool engine_part =
        !strcmp(it->class_name, "jit") && book->classes.count > 1; /* no peer runs those */
    return it->main && !engine_part;
}

/* "12", "1.3", ".22": what fits on a cell. */
static char *short_ratio(double ratio)
{
    char text[32];
    snprintf(text, sizeof text, ratio >= 9.95 ? "%.0f" : ratio >= 0.995 ? "%.1f" : "%.2f", ratio);
    return rf_strdup(*text == '0' && text[1] == '.' ? text + 1 : text);
}

/* A line of text for each benchmark; the usual height holds the first few. */
static unsigned heat_height(size_t benchmarks)
{
    enum { HEAD_AND_FOOT = 110, LINE = 16, USUAL = 420 };
    size_t height = HEAD_AND_FOOT + LINE * benchmarks;
    return height > USUAL ? (unsigned)height : USUAL;
}

const char *chart_fill_heat(const chart_subject *subject, figure *it)
{
    const report_book *book = subject->frame->book;
    figure_panel *panel = figure_add_panel(it, NULL, NULL, FIGURE_NAMES, NULL, FIGURE_NAMES);
    figure_series *cells = figure_add_series(panel, FIGURE_CELLS, 0, "");
    size_t slower = 0, all = 0, place = 0;
    for (size_t i = 0; i < book->labels.count; i++)
        rf_vector_push(&panel->x.names, report_book_label(book, book->labels.data[i]));
    for (size_t e = book->entries.count; e-- > 0;) /* the first on top */
        if (chart_heat_takes(book, e))
            rf_vector_push(&panel->y.names, rf_strdup(book->entries.data[e].table->benchmark));
    it->height = heat_height(panel->y.names.count);
    for (size_t e = 0; e < book->entries.count; e++) {
        if (!chart_heat_takes(book, e)) continue;
        place++;
        for (size_t i = 0; i < book->labels.count; i++) {
            const compare_row *row = report_frame_row(subject->frame, e, book->labels.data[i]);
            if (!row || !has_ratio(row)) continue;
            double ratio = row->state == COMPARE_REFERENCE ? 1 : row->ratio.ratio;
            figure_point *point = figure_add_point(cells, (double)i + 1,
                                                   (double)(panel->y.names.count + 1 - place));
            point->shade = log2(ratio) / 5; /* 32 times is as strong as it gets */
            point->label = short_ratio(ratio);
            if (!strcmp(row->label, "python") && row->state == COMPARE_MEASURED) {
                all++;
                slower += row->verdict == STATS_SLOWER;
            }
        }
    }
    if (all)
        chart_say_title(it, "%s is faster than python in %zu of %zu benchmarks",
                        subject->frame->reference, slower, all);
    else
        chart_say_title(it, "Every benchmark against %s", subject->frame->reference);
    char *what = rf_format_text("time relative to %s: blue is faster, orange slower",
                                subject->frame->reference);
    chart_say_book(it, subject, what);
    rf_free(what);
    return cells->points.count ? NULL : "no benchmark has a ratio";
}
