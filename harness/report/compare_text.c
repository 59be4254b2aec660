/* The comparison as people see it: a table, a dot chart on a logarithmic axis, and what to know
 * about it. */
#include "report/compare.h"

#include "report/grid.h"
#include "report/number.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { LEVELS_LEAST = 10 };

static const report_align columns[] = {REPORT_LEFT,  REPORT_DECIMAL, REPORT_DECIMAL,
                                       REPORT_LEFT,  REPORT_DECIMAL, REPORT_DECIMAL,
                                       REPORT_RIGHT, REPORT_DECIMAL, REPORT_LEFT};
/* Processes that are timed as a whole have no phases, but CPU time. */
static const report_align whole_columns[] = {REPORT_LEFT,  REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL,
                                             REPORT_RIGHT, REPORT_DECIMAL, REPORT_LEFT};

/* ---- cells ---- */

static void add_time(report_grid *grid, const compare_row *row, compare_measure measure,
                     double scale, report_style style)
{
    char number[REPORT_NUMBER_SIZE];
    const compare_estimate *estimate = &row->estimates[measure];
    report_grid_add(grid, style,
                    estimate->count ? report_significant(estimate->interval.value / scale, number)
                                    : "-");
}

/* The measure that ratios are about; where the kernel has no number for it, its word stands there.
 */
static void add_main(report_grid *grid, const compare_row *row, compare_measure measure,
                     report_unit unit, report_style style)
{
    const compare_measure_row *main = compare_measure_row_of(measure);
    bool is_time = strcmp(main->unit, "ns") == 0, is_memory = strcmp(main->unit, "bytes") == 0;
    if (row->estimates[measure].count)
        add_time(grid, row, measure, is_time ? unit.scale : is_memory ? 1048576 : 1, style);
    else
        report_grid_add(grid, REPORT_DIM, run_counter_status_word(row->estimates[measure].status));
}

/* Half the interval in percent of the value; ~ says that it rests on the normal distribution of few
 * logs. */
static void add_half_width(report_grid *grid, const compare_estimate *estimate)
{
    char text[REPORT_NUMBER_SIZE] = "";
    const stats_interval *interval = &estimate->interval;
    double percent = 100 * (interval->high - interval->low) / (2 * interval->value);
    const char *mark = interval->kind == STATS_INTERVAL_T_ON_LOGS ? "~" : "";
    if (estimate->count && interval->kind != STATS_INTERVAL_NONE && percent < 1000)
        snprintf(text, sizeof text, "%s%.*f", mark, percent < 100, percent);
    else if (estimate->count && interval->kind != STATS_INTERVAL_NONE)
        snprintf(text, sizeof text, "%s>999", mark);
    report_grid_add(grid, REPORT_DIM, text);
}

static void add_memory(report_grid *grid, const compare_row *row)
{
    const compare_estimate *base = &row->estimates[COMPARE_RSS_BASE],
                           *peak = &row->estimates[COMPARE_RSS_PEAK];
    char text[64] = "-";
    double mib = 1048576;
    if (base->count && peak->count)
        snprintf(text, sizeof text, "%.1f+%.1f", base->interval.value / mib,
                 fmax(0, peak->interval.value - base->interval.value) / mib);
    else if (peak->count)
        snprintf(text, sizeof text, "%.1f", peak->interval.value / mib);
    report_grid_add(grid, REPORT_PLAIN, text);
}

static report_style verdict_style(const compare_row *row)
{
    if (row->state != COMPARE_MEASURED) return REPORT_DIM;
    return row->verdict == STATS_FASTER   ? REPORT_GOOD
           : row->verdict == STATS_SLOWER ? REPORT_BAD
                                          : REPORT_PLAIN;
}

static void add_row(report_grid *grid, const compare_table *table, const compare_row *row,
                    report_unit unit, bool winner)
{
    char *name = report_row_name(row), *failure = report_failure(row), number[REPORT_NUMBER_SIZE];
    report_style style = winner                         ? REPORT_WINNER
                         : row->state == COMPARE_ABSENT ? REPORT_DIM
                                                        : REPORT_PLAIN;
    report_grid_add(grid, style, name);
    if (row->state == COMPARE_ABSENT || row->state == COMPARE_FAILED) {
        report_grid_span(grid, row->outcome == RUN_MISSING ? REPORT_DIM : REPORT_BAD, failure);
    } else {
        char letter[2] = {row->warmup.letter == 'F' ? '\0' : row->warmup.letter, '\0'};
        compare_measure main = table->options.measure;
        add_main(grid, row, main, unit, style);
        add_half_width(grid, &row->estimates[main]);
        if (table->whole) {
            add_time(grid, row, COMPARE_CPU, unit.scale, REPORT_PLAIN);
        } else {
            report_grid_add(grid, REPORT_PLAIN, letter);
            add_time(grid, row, COMPARE_FIRST, unit.scale, REPORT_PLAIN);
            add_time(grid, row, COMPARE_COLD, unit.scale, REPORT_PLAIN);
        }
        add_memory(grid, row);
        bool has_ratio = row->state == COMPARE_MEASURED || row->state == COMPARE_UNRANKED;
        report_grid_add(grid, REPORT_PLAIN,
                        row->state == COMPARE_REFERENCE ? "1.00"
                        : has_ratio                     ? report_significant(row->ratio.ratio, number)
                                                        : "-");
        char *verdict = report_verdict(row);
        report_grid_add(grid, verdict_style(row), verdict);
        rf_free(verdict);
    }
    rf_free(name);
    rf_free(failure);
}

/* ---- table ---- */

static report_unit unit_of(const compare_table *table)
{
    double least = 0;
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_estimate *estimate = &table->rows.data[i].estimates[COMPARE_STEADY];
        if (estimate->count && (least <= 0 || estimate->interval.value < least))
            least = estimate->interval.value;
    }
    return report_time_unit(least,
                            0.1); /* 0.72 ms beside 19.1 reads better than 720 us beside 19100 */
}

static void print_table(const compare_table *table, const report_terminal *terminal, rf_buffer *out)
{
    report_grid grid = {.column_count = table->whole ? RF_COUNT_OF(whole_columns) : RF_COUNT_OF(columns),
                        .align = table->whole ? whole_columns : columns,
                        .gap = "  "};
    report_unit unit = unit_of(table);
    const char *reference = report_reference_name(table);
    const compare_measure_row *main = compare_measure_row_of(table->options.measure);
    char *ratio = reference ? rf_format_text("×%s", reference) : rf_strdup("ratio");
    bool is_time = strcmp(main->unit, "ns") == 0, is_memory = strcmp(main->unit, "bytes") == 0;
    char *value = rf_format_text("%s%s%s", main->word, is_time || !*main->unit ? "" : " ",
                                 is_time     ? ""
                                 : is_memory ? "MiB"
                                             : main->unit);
    const char *headers[] = {unit.name, value, "±%", "", "first", "cold", "MiB base+", ratio, ""};
    const char *whole_headers[] = {unit.name, is_time ? "process" : value, "±%", "CPU", "MiB peak", ratio, ""};
    for (size_t i = 0; i < grid.column_count; i++)
        report_grid_add(&grid, REPORT_DIM, table->whole ? whole_headers[i] : headers[i]);
    for (size_t i = 0; i < table->rows.count; i++)
        add_row(&grid, table, &table->rows.data[i], unit,
                i == 0 && table->rows.data[i].counts[RUN_OK]);
    report_grid_print(&grid, terminal, out);
    report_grid_release(&grid);
    rf_free(value);
    rf_free(ratio);
}

static void print_title(const compare_set *set, const compare_table *table,
                        const report_terminal *terminal, rf_buffer *out)
{
    rf_buffer text = RF_BUFFER_INIT;
    if (*table->unit)
        rf_buffer_format(&text, "  %s=%llu", table->unit, (unsigned long long)table->size);
    rf_buffer_format(&text, "  %zu block%s  %s  seed %llu", table->blocks,
                     table->blocks == 1 ? "" : "s", set->schedule, (unsigned long long)set->seed);
    if (*table->answer && *table->unit) rf_buffer_format(&text, "  answer %.20s ok", table->answer);
    if (set->trust.letter) rf_buffer_format(&text, "  trust %c", set->trust.letter);
    report_styled(out, terminal, REPORT_BOLD, table->benchmark);
    if (report_width(table->benchmark) + report_width(text.data) <= terminal->width)
        rf_buffer_format(out, "%s\n\n", text.data);
    else {
        report_wrap(out, text.data + strspn(text.data, " "), report_width(table->benchmark), 4, terminal->width);
        rf_buffer_append_byte(out, '\n');
    }
    rf_buffer_release(&text);
}

/* ---- dots ---- */

typedef struct log_axis {
    double low, high; /* log10 of the ends, in the unit */
    size_t width;
} log_axis;

static size_t place_on(const log_axis *axis, double value)
{
    double at = (log10(value) - axis->low) / (axis->high - axis->low) * (double)(axis->width - 1);
    return at < 0 ? 0 : at > (double)(axis->width - 1) ? axis->width - 1 : (size_t)lround(at);
}

static log_axis axis_of(const compare_table *table, double scale, size_t width)
{
    log_axis axis = {.low = (double)INFINITY, .high = -(double)INFINITY, .width = width};
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_estimate *ends[] = {&table->rows.data[i].estimates[COMPARE_STEADY],
                                          &table->rows.data[i].estimates[COMPARE_FIRST]};
        for (size_t e = 0; e < 2; e++) {
            if (!ends[e]->count) continue;
            axis.low = fmin(axis.low, log10(ends[e]->interval.value / scale));
            axis.high = fmax(axis.high, log10(ends[e]->interval.value / scale));
        }
    }
    axis.low = floor(axis.low);
    axis.high = ceil(axis.high);
    if (axis.high <= axis.low) axis.high = axis.low + 1;
    return axis;
}

static void print_scale(const log_axis *axis, size_t margin, const char *unit, rf_buffer *out)
{
    char title[32], line[512];
    snprintf(title, sizeof title, "%s, log", unit);
    size_t end = margin + axis->width;
    if (end + 16 > sizeof line) return;
    memset(line, ' ', end + 16);
    memcpy(line, title, strlen(title));
    size_t last = strlen(title);
    for (double power = axis->low; power <= axis->high; power++) {
        char mark[REPORT_NUMBER_SIZE];
        int size = snprintf(mark, sizeof mark, "%g", pow(10, power));
        size_t at = margin + place_on(axis, pow(10, power));
        if (at + (size_t)size > end) at = end - (size_t)size;
        if (at <= last) continue;
        memcpy(line + at, mark, (size_t)size);
        last = at + (size_t)size;
    }
    rf_buffer_append(out, line, last);
    rf_buffer_append_byte(out, '\n');
}

static void print_dots(const compare_row *row, const log_axis *axis, double scale, size_t margin,
                       const report_terminal *terminal, rf_buffer *out)
{
    size_t steady = place_on(axis, row->estimates[COMPARE_STEADY].interval.value / scale);
    size_t first = place_on(axis, row->estimates[COMPARE_FIRST].interval.value / scale);
    size_t last = steady > first ? steady : first;
    char *label = report_row_label(row);
    rf_buffer_append_text(out, label);
    report_repeat(out, " ", margin > report_width(label) ? margin - report_width(label) : 1);
    rf_free(label);
    for (size_t at = 0; at <= last; at++) {
        if (at == steady)
            report_styled(out, terminal, REPORT_WINNER, "●");
        else if (at == first)
            rf_buffer_append_text(out, "○");
        else
            report_styled(out, terminal, REPORT_DIM, at ? "─" : "├");
    }
    rf_buffer_append_byte(out, '\n');
}

static void print_chart(const compare_table *table, const report_terminal *terminal, rf_buffer *out)
{
    size_t margin = 12, drawn = 0;
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_row *row = &table->rows.data[i];
        drawn += row->counts[RUN_OK] > 0;
        if (row->counts[RUN_OK] && report_width(row->label) + row->cpu_clock + 2 > margin)
            margin = report_width(row->label) + row->cpu_clock + 2;
    }
    if (drawn < 2 || terminal->width < margin + 30) return;
    size_t width = terminal->width - margin - 2;
    report_unit unit = unit_of(table);
    log_axis axis = axis_of(table, unit.scale, width < 60 ? width : 60);
    rf_buffer_append_byte(out, '\n');
    print_scale(&axis, margin, unit.name, out);
    for (size_t i = 0; i < table->rows.count; i++)
        if (table->rows.data[i].counts[RUN_OK])
            print_dots(&table->rows.data[i], &axis, unit.scale, margin, terminal, out);
    report_repeat(out, " ", margin);
    report_styled(out, terminal, REPORT_DIM, table->whole ? "● whole process\n" : "● steady   ○ first iteration\n");
}

/* ---- pairs ---- */

/* Modes of a language against each other; two of them stand in the table already. */
static void print_pairs(const compare_table *table, const report_terminal *terminal, rf_buffer *out)
{
    static const report_align align[] = {REPORT_LEFT, REPORT_DECIMAL, REPORT_LEFT, REPORT_LEFT};
    static const char *const headers[] = {"modes", "ratio", "", ""};
    report_grid grid = {.column_count = RF_COUNT_OF(align), .align = align, .gap = "  "};
    if (table->pairs.count < 3) return;
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    for (size_t i = 0; i < table->pairs.count; i++) {
        const compare_pair *pair = &table->pairs.data[i];
        char number[REPORT_NUMBER_SIZE], low[REPORT_NUMBER_SIZE], high[REPORT_NUMBER_SIZE];
        char *name = rf_format_text("%s / %s", compare_table_row(table, pair->first)->label,
                                    compare_table_row(table, pair->second)->label);
        char *interval = pair->ratio.has_interval
                             ? rf_format_text("[%s, %s]", report_significant(pair->ratio.low, low),
                                              report_significant(pair->ratio.high, high))
                             : rf_strdup("");
        report_grid_add(&grid, REPORT_PLAIN, name);
        report_grid_add(&grid, REPORT_PLAIN, report_significant(pair->ratio.ratio, number));
        report_grid_add(&grid, REPORT_DIM, interval);
        report_grid_add(&grid,
                        pair->verdict == STATS_FASTER   ? REPORT_GOOD
                        : pair->verdict == STATS_SLOWER ? REPORT_BAD
                                                        : REPORT_PLAIN,
                        stats_verdict_name(pair->verdict));
        rf_free(name);
        rf_free(interval);
    }
    rf_buffer_append_byte(out, '\n');
    report_grid_print(&grid, terminal, out);
    report_grid_release(&grid);
}

/* ---- notes ---- */

/* A line, or several where the terminal is narrow. */
RF_PRINTF(3, 4)
static void note(const report_terminal *terminal, rf_buffer *out, const char *format, ...)
{
    rf_buffer text = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&text, format, args);
    va_end(args);
    if (report_width(text.data) <= terminal->width)
        rf_buffer_format(out, "%s\n", text.data);
    else
        report_wrap(out, text.data, 0, 4, terminal->width);
    rf_buffer_release(&text);
}

static void note_warmup(const compare_table *table, const report_terminal *terminal,
                        rf_buffer *out)
{
    char duration[REPORT_NUMBER_SIZE];
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_row *row = &table->rows.data[i];
        char letter = row->warmup.letter;
        if ((letter == 'W' || letter == 'w') && row->warmup.steady_begin > 0)
            note(terminal, out, "%c  %s is steady after %.0f iterations (%s)", letter,
                             row->label, row->warmup.steady_begin,
                             report_duration(row->warmup.time_to_steady, duration));
        else if (letter == 'S')
            note(terminal, out, "S  %s slows down while it runs", row->label);
        else if (letter == 'N')
            note(terminal, out, "N  %s reaches no steady state in %zu iterations; try a larger --budget",
                row->label, row->counts[RUN_OK] ? row->iterations / row->counts[RUN_OK] : 0);
        else if (letter == '!')
            note(terminal, out, "!  processes of %s differ in how they warm up; see `ruffbench warmup`",
                row->label);
    }
}

/* S14: they are counted and stay in. */
static void note_outliers(const compare_table *table, const report_terminal *terminal,
                          rf_buffer *out)
{
    rf_buffer text = RF_BUFFER_INIT;
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_row *row = &table->rows.data[i];
        size_t apart = row->outliers.mild + row->outliers.severe;
        if (!row->outliers.severe && !row->outliers.first) continue;
        rf_buffer_format(&text, "%s%s ", text.size ? ", " : " ", row->label);
        if (apart) rf_buffer_format(&text, "%zu of %zu", apart, row->counts[RUN_OK]);
        if (row->outliers.first) rf_buffer_append_text(&text, apart ? " (the first too)" : "the first");
    }
    if (text.size) {
        rf_buffer_append_text(out, "processes that stand apart, and count like the others:");
        report_wrap(out, text.data, 55, 4, terminal->width);
    }
    rf_buffer_release(&text);
}

/* S16. Fewer processes fall into two heaps by chance. */
static void note_levels(const compare_table *table, const report_terminal *terminal,
                        rf_buffer *out)
{
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_row *row = &table->rows.data[i];
        double apart = expm1(row->levels.high - row->levels.low);
        if (row->levels.two && row->counts[RUN_OK] >= LEVELS_LEAST && apart > table->options.margin)
            note(terminal, out, "%s has two levels, %.0f %% apart: see `ruffbench chart violin %s`",
                             row->label, 100 * apart, table->benchmark);
    }
}

/* F12: more CPU time than wall time means hidden threads. */
static void note_threads(const compare_table *table, const report_terminal *terminal,
                        rf_buffer *out)
{
    for (size_t i = 0; i < table->rows.count; i++)
        if (table->rows.data[i].cpus > 1.1)
            note(terminal, out, "%s uses %.1f CPUs: not all of its work is in the wall time",
                             table->rows.data[i].label, table->rows.data[i].cpus);
}

/* S13: what no number of blocks would settle. */
static void note_margins(const compare_table *table, const report_terminal *terminal,
                        rf_buffer *out)
{
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_row *row = &table->rows.data[i];
        if (row->state == COMPARE_MEASURED && row->verdict == STATS_UNSURE && !row->fragile &&
            row->ratio.has_interval && row->more.too_close)
            note(terminal, out, "%s: too close to the margin of %.3g %% to settle; --margin %.2g%% "
                             "would",
                             row->label, 100 * table->options.margin,
                             100 * row->more.smallest_margin);
    }
}

/* Failures of some processes of a row; where all failed the table says so. */
static void note_failures(const compare_table *table, const report_terminal *terminal,
                          rf_buffer *out)
{
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_row *row = &table->rows.data[i];
        char *failure = report_failure(row);
        if (*failure && row->state != COMPARE_ABSENT && row->state != COMPARE_FAILED) {
            report_styled(out, terminal, REPORT_BAD, row->label);
            rf_buffer_append_text(out, ":");
            report_wrap(out, failure, report_width(row->label) + 1, 4, terminal->width);
        }
        rf_free(failure);
    }
}

static void note_drift(const compare_table *table, const report_terminal *terminal,
                        rf_buffer *out)
{
    if (table->drift.warn)
        note(terminal, out, "times drifted by %+.1f %% over the session; a quieter machine would help",
            100 * (exp(table->drift.change) - 1));
}

void report_compare_text(const compare_set *set, const report_terminal *terminal, rf_buffer *out)
{
    char duration[REPORT_NUMBER_SIZE];
    for (size_t i = 0; i < set->tables.count; i++) {
        const compare_table *table = &set->tables.data[i];
        if (i) rf_buffer_append_byte(out, '\n');
        print_title(set, table, terminal, out);
        print_table(table, terminal, out);
        print_pairs(table, terminal, out);
        print_chart(table, terminal, out);
        rf_buffer_append_byte(out, '\n');
        if (report_has_cpu_clock(table)) report_print_clock_note(terminal, out);
        note_warmup(table, terminal, out);
        note_failures(table, terminal, out);
        note_outliers(table, terminal, out);
        note_levels(table, terminal, out);
        note_threads(table, terminal, out);
        note_margins(table, terminal, out);
        note_drift(table, terminal, out);
    }
    const bool done = !*set->state || strcmp(set->state, "done") == 0;
    char *end = rf_format_text("session %lld%s%s%s%s\n", (long long)set->session, done ? "" : ", ",
                               done ? "" : set->state, set->elapsed_ns > 0 ? ", " : "",
                               set->elapsed_ns > 0
                                   ? report_duration((double)set->elapsed_ns, duration)
                                   : "");
    report_styled(out, terminal, REPORT_DIM, end);
    rf_free(end);
}
