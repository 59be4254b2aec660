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
/* "go 1.22" or "ruff:vm"; new. */
char *report_row_name(const compare_row *row);
/* "fibonacci@ruff:vm", "fibonacci/small@go": the default size is not said; without a variant
 * "fibonacci/small"; new. */
char *report_cell_name(const char *benchmark, const char *size_label, const char *variant);
/* Why a row has no numbers, or not all of them: "WRONG answers 5, expected 6765", "3 of 10 crash:
 * ..."; new, "" when all is well. */
char *report_failure(const compare_row *row);
/* The name of the reference, or NULL. */
const char *report_reference_name(const compare_table *table);

#endif
