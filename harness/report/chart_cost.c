/* Charts of what work costs in all: phases, scatter, growth, breakeven, and history. */
#include "report/chart.h"

#include "report/compare.h"
#include "report/cost.h"
#include "report/number.h"
#include "history/detect.h"
#include "stats/growth.h"

#include <math.h>
#include <string.h>

static double value_of(const compare_row *row, compare_measure measure)
{
    return row->estimates[measure].count ? fmax(0, row->estimates[measure].interval.value) : 0;
}

const char *chart_fill_phases(const chart_subject *subject, figure *it)
{
    static const struct {
        const char *name;
        compare_measure measure;
        unsigned color;
    } phases[] = {{"build", COMPARE_BUILD, 8},
                  {"start-up", COMPARE_STARTUP, 5},
                  {"first iteration", COMPARE_FIRST, 2},
                  {"steady iteration", COMPARE_STEADY, 1}};
    const compare_table *table = subject->table;
    figure_panel *panel = figure_add_panel(it, NULL, "ms", FIGURE_LINEAR, NULL, FIGURE_NAMES);
    panel->key = true;
    for (size_t p = 0; p < RF_COUNT_OF(phases); p++) {
        figure_series *boxes =
            figure_add_series(panel, FIGURE_BOXES, phases[p].color, phases[p].name);
        size_t place = 0;
        for (size_t r = table->rows.count; r-- > 0;) {
            const compare_row *row = &table->rows.data[r];
            double start = 0;
            if (!chart_is_shown(row)) continue;
            for (size_t q = 0; q < p; q++) start += value_of(row, phases[q].measure) / 1e6;
            figure_point *point = figure_add_point(boxes, start, (double)++place);
            point->low = start;
            point->high = start + value_of(row, phases[p].measure) / 1e6;
            if (p == 0) rf_vector_push(&panel->y.names, report_row_label(row));
        }
    }
    const compare_row *quickest = NULL;
    for (size_t r = 0; r < table->rows.count; r++) {
        const compare_row *row = &table->rows.data[r];
        if (row->estimates[COMPARE_COLD].count &&
            (!quickest || value_of(row, COMPARE_COLD) < value_of(quickest, COMPARE_COLD)))
            quickest = row;
    }
    if (!quickest) return "no variant has a time";
    char duration[REPORT_NUMBER_SIZE];
    chart_say_title(it, "%s: %s is first with one answer, after %s", table->benchmark,
                    quickest->label, report_duration(value_of(quickest, COMPARE_COLD), duration));
    chart_say_benchmark(it, subject, "medians, build not counted in the title");
    return NULL;
}

const char *chart_fill_scatter(const chart_subject *subject, figure *it)
{
    const compare_table *table = subject->table;
    figure_panel *panel = figure_add_panel(it, NULL, "steady time, ms, log scale", FIGURE_LOG,
                                           "peak memory, MiB, log scale", FIGURE_LOG);
    rf_buffer best = RF_BUFFER_INIT;
    size_t best_count = 0;
    figure_series *front = figure_add_series(panel, FIGURE_STEPS, 8, "");
    double least = (double)INFINITY;
    for (size_t r = 0; r < table->rows.count;
         r++) { /* rows stand in order of time: each new low in memory is on the front */
        const compare_row *row = &table->rows.data[r];
        double memory = value_of(row, COMPARE_RSS_PEAK) / 1048576;
        if (!chart_is_shown(row) || memory <= 0 || memory >= least) continue;
        figure_add_point(front, value_of(row, COMPARE_STEADY) / 1e6, memory);
        rf_buffer_format(&best, "%s%s", best_count++ ? " or " : "", row->label);
        least = memory;
    }
    for (size_t r = 0; r < table->rows.count; r++) {
        const compare_row *row = &table->rows.data[r];
        double x = value_of(row, COMPARE_STEADY) / 1e6,
               y = value_of(row, COMPARE_RSS_PEAK) / 1048576;
        if (!chart_is_shown(row) || x <= 0 || y <= 0) continue;
        figure_add_point(figure_add_series(panel, FIGURE_POINTS, chart_color(row->label), ""), x,
                         y);
        char name[CHART_LABEL_SIZE];
        figure_add_label(panel, chart_color(row->label), x, y, chart_label(row, name));
    }
    if (best_count)
        chart_say_title(it, "%s: nothing is both faster and smaller than %s", table->benchmark,
                        best.data);
    rf_buffer_release(&best);
    chart_say_benchmark(it, subject, "medians");
    return best_count ? NULL : "no variant has both time and memory";
}

/* ---- growth ---- */

const char *chart_fill_growth(const chart_subject *subject, figure *it)
{
    if (!subject->frame) return "needs several sizes";
    const report_book *book = subject->frame->book;
    char *axis = rf_format_text("%s, log scale", subject->table->unit);
    figure_panel *panel =
        figure_add_panel(it, NULL, axis, FIGURE_LOG, "steady time, ms, log scale", FIGURE_LOG);
    rf_free(axis);
    panel->key = true;
    size_t most = 0;
    rf_buffer finding = RF_BUFFER_INIT;
    for (size_t i = 0; i < book->labels.count; i++) {
        double size[64], time[64];
        size_t count = 0;
        for (size_t e = 0; e < book->entries.count && count < 64; e++) {
            const report_entry *entry = &book->entries.data[e];
            const compare_row *row = report_entry_row(entry, book->labels.data[i]);
            if (strcmp(entry->table->benchmark, subject->table->benchmark) != 0 || !row ||
                !chart_is_shown(row))
                continue;
            size[count] = (double)entry->table->size;
            time[count++] = value_of(row, COMPARE_STEADY) / 1e6;
        }
        if (count > most) most = count;
        if (count < 2) continue;
        stats_growth fit = stats_fit_growth(size, time, count, 0.05);
        const char *mark =
            report_book_has_cpu_clock(book, book->labels.data[i]) ? REPORT_CPU_CLOCK_MARK : "";
        char exponent[REPORT_NUMBER_SIZE], low[REPORT_NUMBER_SIZE], high[REPORT_NUMBER_SIZE];
        char *name = fit.valid ? rf_format_text("%s%s: size^%s", book->labels.data[i], mark,
                                                report_significant(fit.exponent, exponent))
                               : rf_format_text("%s%s", book->labels.data[i], mark);
        unsigned color = chart_color(book->labels.data[i]);
        figure_series *points = figure_add_series(panel, FIGURE_POINTS, color, name);
        for (size_t k = 0; k < count; k++) figure_add_point(points, size[k], time[k]);
        figure_series *line = figure_add_series(panel, FIGURE_LINE, color, "");
        for (size_t k = 0; k < count; k++)
            figure_add_point(line, size[k],
                             fit.valid ? fit.coefficient * pow(size[k], fit.exponent) : time[k]);
        if (fit.valid && !finding.size)
            rf_buffer_format(&finding, "time of %s grows like size^%s [%s, %s]",
                             book->labels.data[i], exponent, report_significant(fit.low, low),
                             report_significant(fit.high, high));
        rf_free(name);
    }
    chart_say_title(it, "%s: %s", subject->table->benchmark,
                    finding.size ? finding.data : "time over size (an exponent needs 4 sizes)");
    rf_buffer_release(&finding);
    rf_free(it->subtitle);
    it->subtitle = rf_format_text("steady time over %s, newest session %lld, machine %.5s%s",
                                  subject->table->unit, (long long)subject->set->session,
                                  subject->set->machine,
                                  report_has_cpu_clock(subject->table) ? chart_clock_note : "");
    return most >= 2 ? NULL
                     : "needs at least 2 sizes: `ruffbench run BENCH --sizes small,default,large`";
}

/* ---- breakeven ---- */

const char *chart_fill_breakeven(const chart_subject *subject, figure *it)
{
    const compare_table *table = subject->table;
    figure_panel *panel = figure_add_panel(it, NULL, "calls, log scale", FIGURE_LOG,
                                           "ms in all, log scale", FIGURE_LOG);
    const compare_row *own =
        table->reference == SIZE_MAX ? NULL : &table->rows.data[table->reference];
    double last = 1000, latest = 0;
    const compare_row *rival = NULL;
    for (size_t r = 0; r < table->rows.count && own; r++) {
        const compare_row *row = &table->rows.data[r];
        double n = chart_is_shown(row) && row != own ? report_cost_crossing(own, row) : 0;
        if (n > last && n < 1e6) last = n * 2;
        if (n > latest && n < 1e6) {
            latest = n;
            rival = row;
        }
    }
    panel->key = true;
    for (size_t r = 0; r < table->rows.count; r++) {
        const compare_row *row = &table->rows.data[r];
        char name[CHART_LABEL_SIZE];
        if (!chart_is_shown(row)) continue;
        figure_series *line =
            figure_add_series(panel, FIGURE_LINE, chart_color(row->label), chart_label(row, name));
        for (int step = 0; step <= 40; step++) {
            double calls = exp(log(last) * step / 40);
            figure_add_point(line, calls, report_cost_of(row, calls) / 1e6);
        }
    }
    for (size_t r = 0; r < table->rows.count && own; r++) {
        const compare_row *row = &table->rows.data[r];
        double n = chart_is_shown(row) && row != own ? report_cost_crossing(own, row) : 0;
        if (n > 1 && n <= last)
            figure_add_point(figure_add_series(panel, FIGURE_POINTS, 0, ""), n,
                             report_cost_of(own, n) / 1e6);
    }
    if (rival)
        chart_say_title(it, "%s: %s pays off against %s from %.0f calls on", table->benchmark,
                        rival->label, own->label, ceil(latest));
    else if (own)
        chart_say_title(it, "%s: no variant overtakes %s later on", table->benchmark, own->label);
    chart_say_benchmark(it, subject, "build + start-up + first + (n - 1) steady");
    return own ? NULL : "no variant has a time";
}

/* ---- history ---- */

/* Band and line of one epoch; epochs are not joined.  Returns the place after its last point. */
static size_t add_epoch(const history_series *series, size_t begin, figure_panel *panel)
{
    size_t end = begin, band = panel->series.count;
    figure_add_series(panel, FIGURE_BAND, 1, "");
    figure_add_series(panel, FIGURE_LINE, 1, "");
    for (; end < series->points.count &&
           series->points.data[end].epoch == series->points.data[begin].epoch;
         end++) {
        const history_point *point = &series->points.data[end];
        bool interval = isfinite(point->low) && isfinite(point->high) && point->low > 0 &&
                        point->high >= point->low;
        figure_point *range =
            figure_add_point(&panel->series.data[band], (double)end + 1, point->value / 1e6);
        range->low = (interval ? point->low : point->value) / 1e6;
        range->high = (interval ? point->high : point->value) / 1e6;
        figure_add_point(&panel->series.data[band + 1], (double)end + 1, point->value / 1e6);
    }
    if (end < series->points.count) figure_add_rule(panel, (double)end + 0.5);
    return end;
}

/* Points where changes of one state begin: open ones want a look, blessed ones were meant. */
static void add_marks(const history_findings *findings, const char *state, unsigned color,
                      figure_panel *panel)
{
    size_t series = SIZE_MAX;
    for (size_t i = 0; i < findings->changes.count; i++) {
        const history_change *change = &findings->changes.data[i];
        if (strcmp(change->state, state) != 0) continue;
        if (series == SIZE_MAX) {
            series = panel->series.count;
            figure_add_series(panel, FIGURE_POINTS, color, state);
        }
        figure_add_point(&panel->series.data[series], (double)change->index + 1,
                         change->after / 1e6);
    }
}

static double percent_of(const history_change *change)
{
    return 100 * (change->after / change->before - 1);
}

/* The level after a change, to the next change or the end of the epoch. */
static void add_level(const history_series *series, const history_findings *findings, size_t which,
                      figure_panel *panel)
{
    const history_change *change = &findings->changes.data[which];
    size_t end = change->index;
    size_t next = which + 1 < findings->changes.count ? findings->changes.data[which + 1].index
                                                      : series->points.count;
    while (end < next && series->points.data[end].epoch == series->points.data[change->index].epoch)
        end++;
    figure_series *level = figure_add_series(panel, FIGURE_LINE, 2, "");
    figure_add_point(level, (double)change->index + 1, change->after / 1e6);
    figure_add_point(level, (double)end, change->after / 1e6);
    const bool is_known = *change->state != 0;
    double top = change->after; /* of the band below the text */
    for (size_t i = change->index; i < end; i++) top = fmax(top, series->points.data[i].high);
    char *text =
        rf_format_text("%+.1f %% at %.7s%s%s", percent_of(change),
                       series->points.data[change->index].sha, is_known ? ", " : "", change->state);
    figure_add_label(panel, 2, (double)change->index + 1, top / 1e6, text);
    rf_free(text);
}

static void say_history(const history_series *series, const history_findings *findings, figure *it)
{
    char *name = history_series_name(series);
    if (findings->changes.count) {
        const history_change *newest = &rf_vector_last(&findings->changes);
        chart_say_title(it, "%s: %s of %+.1f %% at %.7s", name, newest->is_drift ? "drift" : "step",
                        percent_of(newest), series->points.data[newest->index].sha);
    } else {
        chart_say_title(it, "%s: no step or drift over %zu commits", name, series->points.count);
    }
    rf_free(name);
    rf_free(it->subtitle);
    char *epochs = series->epochs > 1
                       ? rf_format_text(", %zu epochs (a line between two)", series->epochs)
                       : rf_strdup("");
    it->subtitle = rf_format_text("steady time of %s input%s, machine %.5s%s, newest commit %.7s",
                                  series->param, series->cpu_clock ? ", CPU time" : "",
                                  series->machine, epochs, rf_vector_last(&series->points).sha);
    rf_free(epochs);
}

const char *chart_fill_history(const chart_subject *subject, figure *it)
{
    const history_series *series = subject->series;
    if (!series) return "no commit was measured";
    if (series->points.count < 2) return "needs at least 2 commits";
    const history_findings *findings = subject->findings;
    figure_panel *panel =
        figure_add_panel(it, NULL, "commits, oldest first", FIGURE_WHOLE, "ms", FIGURE_LINEAR);
    for (size_t at = 0; at < series->points.count;) at = add_epoch(series, at, panel);
    for (size_t i = 0; i < findings->changes.count; i++) add_level(series, findings, i, panel);
    add_marks(findings, "open", 2, panel);
    add_marks(findings, "blessed", 3, panel);
    say_history(series, findings, it);
    return NULL;
}
