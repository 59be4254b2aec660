/* A series of history as a sparkline with its changes, and as JSON. */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include "history/detect.h"
#include "report/terminal.h"

#include <jansson.h>

void report_history_text(const history_series *series, const history_findings *findings,
                         const report_terminal *terminal, rf_buffer *out);
json_t *report_history_json(const history_series *series,
                            const history_findings *findings); /* new reference */

#endif
