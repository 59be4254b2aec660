/* Long form: one line per benchmark, size, variant and measure. */
#include "report/compare.h"

#include <string.h>

static void field(const char *text, rf_buffer *out)
{
    if (!strpbrk(text, ",\"\r\n")) {
        rf_buffer_append_text(out, text);
        return;
    }
    rf_buffer_append_byte(out, '"');
    for (; *text; text++) {
        if (*text == '"') rf_buffer_append_byte(out, '"');
        rf_buffer_append_byte(out, *text);
    }
    rf_buffer_append_byte(out, '"');
}

static void fields(const char *const *texts, size_t count, rf_buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        field(texts[i], out);
        rf_buffer_append_byte(out, ',');
    }
}

static void estimate_fields(const compare_estimate *estimate, rf_buffer *out)
{
    if (!estimate->count) {
        rf_buffer_append_text(out, ",,,,0,");
        return;
    }
    const stats_interval *interval = &estimate->interval;
    rf_buffer_format(out, "%.12g,%.12g,%.12g,%.6g,%zu,", interval->value, interval->low,
                     interval->high, interval->confidence, estimate->count);
}

static void ratio_fields(const compare_table *table, const compare_row *row,
                         compare_measure measure, rf_buffer *out)
{
    bool has = measure == table->options.measure &&
               (row->state == COMPARE_MEASURED || row->state == COMPARE_UNRANKED);
    if (has)
        rf_buffer_format(out, "%.12g,%.12g,%.12g,%s,", row->ratio.ratio, row->ratio.low,
                         row->ratio.high, stats_verdict_name(row->verdict));
    else
        rf_buffer_append_text(out, ",,,,");
}

/* A program's own clock times its iterations; all else is measured from outside. */
static bool has_own_clock(const compare_row *row, const compare_measure_row *measure)
{
    return row->cpu_clock && strcmp(measure->metric, "iteration") == 0;
}

void report_compare_csv(const compare_set *set, rf_buffer *out)
{
    rf_buffer_append_text(
        out, "session,benchmark,size_label,size,seed,language,mode,label,version,phase,metric,unit,"
             "median,low,high,confidence,processes,ratio,ratio_low,ratio_high,verdict,reference,"
             "outcome,reason,clock\n");
    for (size_t t = 0; t < set->tables.count; t++) {
        const compare_table *table = &set->tables.data[t];
        const char *reference = report_reference_name(table);
        for (size_t r = 0; r < table->rows.count; r++) {
            const compare_row *row = &table->rows.data[r];
            for (size_t m = 0; m < COMPARE_MEASURE_COUNT; m++) {
                const compare_measure_row *measure = compare_measure_row_of((compare_measure)m);
                const char *who[] = {row->language,  row->mode,       row->label,   row->version,
                                     measure->phase, measure->metric, measure->unit};
                rf_buffer_format(out, "%lld,%s,%s,%llu,%llu,", (long long)set->session,
                                 table->benchmark, table->size_label,
                                 (unsigned long long)table->size, (unsigned long long)table->seed);
                fields(who, RF_COUNT_OF(who), out);
                estimate_fields(&row->estimates[m], out);
                ratio_fields(table, row, (compare_measure)m, out);
                field(reference ? reference : "", out);
                rf_buffer_format(out, ",%s,", run_outcome_word(row->outcome));
                field(row->reason, out);
                rf_buffer_format(out, ",%s\n", has_own_clock(row, measure) ? "cpu" : "wall");
            }
        }
    }
}
