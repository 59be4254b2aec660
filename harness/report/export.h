/* Raw results in the formats of other tools. */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include "store/results.h"

typedef void (*report_exporter)(const store_results *results, rf_buffer *out);

#define REPORT_EXPORT(name, meaning)                                                               \
    void report_export_##name(const store_results *results, rf_buffer *out);
#include "report/export.def"
#undef REPORT_EXPORT

/* NULL when there is no such format. */
report_exporter report_find_exporter(const char *name);
const char *report_exporter_names(void); /* "json, csv, ..." */

#endif
