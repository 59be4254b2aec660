/* Reports for places where people read: one HTML file, one comment on a pull request. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/page.h"

/* One file that needs nothing else: tables that sort and filter, figures, light and dark. */
void report_html(const report_story *story, rf_buffer *out);
/* Markdown that begins with a marker, by which a bot finds its own comment to replace it. */
#define REPORT_PULL_REQUEST_MARKER "<!-- ruffbench:pr -->"
void report_pull_request(const report_story *story, rf_buffer *out);

#endif
