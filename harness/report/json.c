#include "report/json.h"

#include "base/alloc.h"

#include <stdlib.h>

json_t *report_json_document(const char *name)
{
    char *schema = rf_format_text("ruffbench.%s/1", name);
    json_t *document = json_pack("{s:s,s:i}", "schema", schema, "schema_version", 1);
    rf_free(schema);
    return document;
}

void report_json_print(json_t *document, rf_buffer *out)
{
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    if (text) rf_buffer_append_text(out, text);
    rf_buffer_append_byte(out, '\n');
    rf_free(text);
    json_decref(document);
}
