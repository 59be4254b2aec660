/* Every benchmark seen from one variant: its ratios to that reference, and their geometric means
 * (S9). */
#ifndef REPORT_FRAME_H
#define REPORT_FRAME_H

#include "report/book.h"

typedef struct report_frame {
    const report_book *book;
    const char *reference; /* label, borrowed */
    compare_table
        *tables; /* one an entry of the book, empty where the reference has no time; owned */
} report_frame;

typedef struct report_mean {
    stats_ratio ratio; /* time of the variant / time of the reference */
    size_t count,
        total; /* benchmarks that both finished with a ranked ratio; benchmarks there are */
} report_mean;

void report_frame_build(report_frame *frame, const report_book *book, const char *reference);
void report_frame_release(report_frame *frame);
/* class_name NULL: all classes but jit, which isolates parts of an engine. */
report_mean report_frame_mean(const report_frame *frame, const char *label, const char *class_name);
/* The row of a benchmark with its ratio to the reference, from the main input, or from another one
 * when only that has both; NULL when none has. */
const compare_row *report_frame_row(const report_frame *frame, size_t entry, const char *label);
/* A ratio with an interval, of a variant with a steady state. */
bool report_is_ranked(const compare_row *row);
/* "3.21 [3.05, 3.38] (31 of 33)", or "- (0 of 33)"; new. */
char *report_mean_text(const report_mean *mean);

#endif
