#include "report/compare.h"

#include "report/grid.h"
#include "report/number.h"

#include <string.h>

static const report_align columns[] = {REPORT_LEFT,  REPORT_RIGHT, REPORT_RIGHT, REPORT_RIGHT,
                                       REPORT_RIGHT, REPORT_RIGHT, REPORT_LEFT};

static const report_align whole_columns[] = {REPORT_LEFT,  REPORT_RIGHT, REPORT_RIGHT,
                                             REPORT_RIGHT, REPORT_RIGHT, REPORT_LEFT};

static void add_estimate(report_grid *grid, const compare_estimate *estimate, double scale)
{
    char number[REPORT_NUMBER_SIZE];
    report_grid_add(grid, REPORT_PLAIN,
                    estimate->count ? report_significant(estimate->interval.value / scale, number)
                                    : "-");
}

static void add_ratio(report_grid *grid, const compare_row *row)
{
    char ratio[REPORT_NUMBER_SIZE], low[REPORT_NUMBER_SIZE], high[REPORT_NUMBER_SIZE],
        text[128] = "-";
    if (row->state == COMPARE_REFERENCE)
        snprintf(text, sizeof text, "1.00");
    else if ((row->state == COMPARE_MEASURED || row->state == COMPARE_UNRANKED) &&
             row->ratio.has_interval)
        snprintf(text, sizeof text, "%s [%s, %s]", report_significant(row->ratio.ratio, ratio),
                 report_significant(row->ratio.low, low),
                 report_significant(row->ratio.high, high));
    else if (row->state == COMPARE_MEASURED || row->state == COMPARE_UNRANKED)
        snprintf(text, sizeof text, "%s", report_significant(row->ratio.ratio, ratio));
    report_grid_add(grid, REPORT_PLAIN, text);
}

static void add_row(report_grid *grid, const compare_table *table, const compare_row *row)
{
    char *name = report_row_name(row), *failure = report_failure(row),
         *verdict = report_verdict(row);
    const double ms = 1e6, mib = 1048576;
    bool is_time = strcmp(compare_measure_row_of(table->options.measure)->unit, "ns") == 0;
    report_grid_add(grid, REPORT_PLAIN, name);
    add_estimate(grid, &row->estimates[table->options.measure], is_time ? ms : mib);
    if (table->whole) {
        add_estimate(grid, &row->estimates[COMPARE_CPU], ms);
    } else {
        add_estimate(grid, &row->estimates[COMPARE_FIRST], ms);
        add_estimate(grid, &row->estimates[COMPARE_COLD], ms);
    }
    add_estimate(grid, &row->estimates[COMPARE_RSS_PEAK], mib);
    add_ratio(grid, row);
    report_grid_add(grid, REPORT_PLAIN, *failure ? failure : verdict);
    rf_free(name);
    rf_free(failure);
    rf_free(verdict);
}

void report_compare_markdown(const compare_set *set, rf_buffer *out)
{
    for (size_t i = 0; i < set->tables.count; i++) {
        const compare_table *table = &set->tables.data[i];
        const compare_measure_row *main = compare_measure_row_of(table->options.measure);
        const char *reference = report_reference_name(table);
        /* Processes that are timed as a whole have no first iteration, but CPU time. */
        const size_t skipped = table->whole ? 1 : 0;
        const bool is_time = strcmp(main->unit, "ns") == 0;
        report_grid grid = {.column_count = RF_COUNT_OF(columns) - skipped,
                            .align = skipped ? whole_columns : columns,
                            .gap = " "};
        char *value = rf_format_text("%s %s", main->word, strcmp(main->unit, "ns") ? "MiB" : "ms");
        char *ratio = rf_format_text("× %s", reference ? reference : "-");
        const char *headers[] = {"", value, "first ms", "cold ms", "peak MiB", ratio, "verdict"};
        const char *whole_headers[] = {"", is_time ? "process ms" : value, "CPU ms", "peak MiB", ratio, "verdict"};
        for (size_t h = 0; h < grid.column_count; h++)
            report_grid_add(&grid, REPORT_PLAIN, table->whole ? whole_headers[h] : headers[h]);
        for (size_t r = 0; r < table->rows.count; r++) add_row(&grid, table, &table->rows.data[r]);
        rf_buffer_format(out, "%s### %s", i ? "\n" : "", table->benchmark);
        if (*table->unit)
            rf_buffer_format(out, ", %s = %llu", table->unit, (unsigned long long)table->size);
        rf_buffer_append_text(out, "\n\n");
        report_grid_markdown(&grid, out);
        rf_buffer_format(out, "\n%zu blocks, %s schedule, seed %llu, margin %g %%, answer %s\n",
                         table->blocks, set->schedule, (unsigned long long)set->seed,
                         100 * table->options.margin, *table->answer ? table->answer : "unknown");
        if (report_has_cpu_clock(table))
            rf_buffer_format(out, "\n" REPORT_CPU_CLOCK_MARK " %s\n", report_cpu_clock_note);
        rf_free(value);
        rf_free(ratio);
        report_grid_release(&grid);
    }
}
