/* How time grows with size, for benchmarks that were measured at four sizes or more. */
#include "report/compare.h"

#include "report/number.h"
#include "stats/growth.h"

#include <string.h>

enum { SIZES_MOST = 64 };

static bool is_first_of_its_benchmark(const compare_set *set, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!strcmp(set->tables.data[i].benchmark, set->tables.data[index].benchmark)) return false;
    return true;
}

static size_t gather(const compare_set *set, const char *benchmark, const char *label,
                     double *sizes, double *times)
{
    size_t count = 0;
    for (size_t t = 0; t < set->tables.count && count < SIZES_MOST; t++) {
        const compare_table *table = &set->tables.data[t];
        if (strcmp(table->benchmark, benchmark) != 0) continue;
        for (size_t r = 0; r < table->rows.count; r++) {
            const compare_row *row = &table->rows.data[r];
            const compare_estimate *estimate = &row->estimates[table->options.measure];
            if (strcmp(row->label, label) != 0 || !estimate->count) continue;
            sizes[count] = (double)table->size;
            times[count++] = estimate->interval.value;
        }
    }
    return count;
}

void report_growth_text(const compare_set *set, rf_buffer *out)
{
    double sizes[SIZES_MOST], times[SIZES_MOST];
    char exponent[REPORT_NUMBER_SIZE], low[REPORT_NUMBER_SIZE], high[REPORT_NUMBER_SIZE];
    for (size_t t = 0; t < set->tables.count; t++) {
        const compare_table *table = &set->tables.data[t];
        if (!is_first_of_its_benchmark(set, t)) continue;
        rf_buffer_format(out, "growth of %s with %s\n", table->benchmark, table->unit);
        for (size_t r = 0; r < table->rows.count; r++) {
            const compare_row *row = &table->rows.data[r];
            char *label = report_row_label(row);
            size_t count = gather(set, table->benchmark, row->label, sizes, times);
            stats_growth growth = stats_fit_growth(sizes, times, count, 0.05);
            if (growth.valid)
                rf_buffer_format(out, "  %-14s size^%s [%s, %s]\n", label,
                                 report_significant(growth.exponent, exponent),
                                 report_significant(growth.low, low),
                                 report_significant(growth.high, high));
            else if (count)
                rf_buffer_format(out, "  %-14s measured at %zu sizes; 4 are needed\n", label,
                                 count);
            rf_free(label);
        }
        if (report_has_cpu_clock(table))
            rf_buffer_format(out, "  " REPORT_CPU_CLOCK_MARK "  %s\n", report_cpu_clock_note);
    }
}
