/* The comparison of one session in every format.  All of them print the same rows. */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include "compare/set.h"
#include "report/terminal.h"

void report_compare_text(const compare_set *set, const report_terminal *terminal, rf_buffer *out);
void report_compare_json(const compare_set *set, rf_buffer *out);
void report_compare_csv(const compare_set *set, rf_buffer *out);
void report_compare_markdown(const compare_set *set, rf_buffer *out);

/* How time grows with the size: the exponent of each variant over the sizes of each benchmark (S24). */
void report_growth_text(const compare_set *set, rf_buffer *out);

/* Shared by text and Markdown: the verdict in words, "slower", "unsure +21", "reference"; new. */
char *report_verdict(const compare_row *row);
/* "go 1.22", "ruff:vm", "lua 5.4†"; new. */
char *report_row_name(const compare_row *row);
/* The same without a version; new. */
char *report_row_label(const compare_row *row);
/* Stands behind the name of a variant whose iterations are timed in CPU time; the note says so. */
#define REPORT_CPU_CLOCK_MARK "†"
extern const char report_cpu_clock_note[];
/* Whether the table has such a row with a time. */
bool report_has_cpu_clock(const compare_table *table);
bool report_results_have_cpu_clock(const store_results *results);
/* The same as report_row_label, for what is printed without a table; new. */
char *report_variant_label(const store_variant_row *variant);
/* A line of its own that says what the mark means. */
void report_print_clock_note(const report_terminal *terminal, rf_buffer *out);
/* "fibonacci@ruff:vm", "fibonacci/small@go": the default size is not said; without a variant
 * "fibonacci/small"; new. */
char *report_cell_name(const char *benchmark, const char *size_label, const char *variant);
/* Why a row has no numbers, or not all of them: "WRONG answers 5, expected 6765", "3 of 10 crash:
 * ..."; new, "" when all is well. */
char *report_failure(const compare_row *row);
/* The name of the reference, or NULL. */
const char *report_reference_name(const compare_table *table);

#endif
