/* JSON documents: one object, `schema` first, base units with their names in the keys. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/buffer.h"

#include <jansson.h>

/* {"schema": "ruffbench.NAME/1", "schema_version": 1}; new reference. */
json_t *report_json_document(const char *name);
/* Appends the document, indented, with a newline; steals it. */
void report_json_print(json_t *document, rf_buffer *out);

#endif
