#include "report/frame.h"

#include "report/number.h"
#include "stats/aggregate.h"

#include <string.h>

void report_frame_build(report_frame *frame, const report_book *book, const char *reference)
{
    *frame = (report_frame){.book = book, .reference = reference};
    frame->tables = rf_alloc_array_zero(compare_table, book->entries.count + 1);
    compare_options options = book->options;
    options.reference = reference;
    for (size_t i = 0; i < book->entries.count; i++) {
        const report_entry *entry = &book->entries.data[i];
        const compare_row *row = report_entry_row(entry, reference);
        if (entry->main && row && row->counts[RUN_OK])
            compare_table_build(&frame->tables[i], &entry->session->results, entry->param->id,
                                &options);
    }
}

void report_frame_release(report_frame *frame)
{
    for (size_t i = 0; i < frame->book->entries.count; i++)
        if (frame->tables[i].benchmark) compare_table_release(&frame->tables[i]);
    rf_free(frame->tables);
    frame->tables = NULL;
}

const compare_row *report_frame_row(const report_frame *frame, size_t entry, const char *label)
{
    const compare_table *table = &frame->tables[entry];
    for (size_t i = 0; i < table->rows.count; i++)
        if (!strcmp(table->rows.data[i].label, label)) return &table->rows.data[i];
    return NULL;
}

bool report_is_ranked(const compare_row *row)
{
    return row && row->state == COMPARE_MEASURED && row->ratio.has_interval;
}

report_mean report_frame_mean(const report_frame *frame, const char *label, const char *class_name)
{
    report_mean mean = {0};
    stats_ratio *ratios = rf_alloc_array(stats_ratio, frame->book->entries.count + 1);
    for (size_t i = 0; i < frame->book->entries.count; i++) {
        const report_entry *entry = &frame->book->entries.data[i];
        bool fits = class_name ? !strcmp(entry->class_name, class_name)
                               : strcmp(entry->class_name, "jit") != 0;
        if (!entry->main || !fits) continue;
        mean.total++;
        const compare_row *row = report_frame_row(frame, i, label);
        const compare_row *reference = report_frame_row(frame, i, frame->reference);
        bool steady = reference && reference->warmup.letter != 'N';
        if (report_is_ranked(row) && steady) ratios[mean.count++] = row->ratio;
    }
    if (mean.count)
        mean.ratio = stats_geometric_mean(ratios, mean.count, frame->book->options.alpha);
    rf_free(ratios);
    return mean;
}

char *report_mean_text(const report_mean *mean)
{
    char ratio[REPORT_NUMBER_SIZE], low[REPORT_NUMBER_SIZE], high[REPORT_NUMBER_SIZE];
    if (!mean->count) return rf_format_text("- (0 of %zu)", mean->total);
    return rf_format_text("%s [%s, %s] (%zu of %zu)", report_significant(mean->ratio.ratio, ratio),
                          report_significant(mean->ratio.low, low),
                          report_significant(mean->ratio.high, high), mean->count, mean->total);
}
