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
        if (row && row->counts[RUN_OK])
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

static const compare_row *find_row(const compare_table *table, const char *label)
{
    for (size_t i = 0; i < table->rows.count; i++)
        if (!strcmp(table->rows.data[i].label, label)) return &table->rows.data[i];
    return NULL;
}

/* The input of a benchmark that both were measured on: the main one, else the one that stands first
 * among the others in report_size_rank. */
static const compare_table *shared_table(const report_frame *frame, size_t entry, const char *label)
{
    const report_book *book = frame->book;
    const char *benchmark = book->entries.data[entry].table->benchmark;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < book->entries.count; i++) {
        if (strcmp(book->entries.data[i].table->benchmark, benchmark) != 0 ||
            !find_row(&frame->tables[i], label))
            continue;
        if (best == SIZE_MAX || report_size_rank(book->entries.data[i].table) <
                                    report_size_rank(book->entries.data[best].table))
            best = i;
    }
    return &frame->tables[best == SIZE_MAX ? entry : best];
}

const compare_row *report_frame_row(const report_frame *frame, size_t entry, const char *label)
{
    return find_row(shared_table(frame, entry, label), label);
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
        const compare_table *table = shared_table(frame, i, label);
        const compare_row *row = find_row(table, label),
                          *reference = find_row(table, frame->reference);
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
