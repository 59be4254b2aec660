/* Markdown documents with generated regions:
 *
 *     <!-- ruffbench:begin ID -->
 *     (generated)
 *     <!-- ruffbench:end -->
 *
 * What stands outside the regions belongs to the author and is not touched. */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include "report/page.h"

/* Copies text with every region filled anew.  RUFF_E_MISUSE with a line number for an unknown id, a
 * region without end, an end without begin, or a text without regions. */
RF_MUST_USE ruff_status report_document_fill(const report_story *story, const char *text,
                                             rf_buffer *out, ruff_error *err);
/* A document of all sections, for a file that is not there yet. */
void report_document_new(rf_buffer *out);
/* 1-based line of the first difference, and the id of the region it is in ("" outside); 0 when they
 * are equal. */
size_t report_document_compare(const char *old, const char *now, char id[64]);

#endif
