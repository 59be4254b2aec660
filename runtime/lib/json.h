/* JSON text from values and back (BUILTINS 13), for other modules too. */
#ifndef RF_LIB_JSON_H
#define RF_LIB_JSON_H

#include "base/buffer.h"
#include "value/value.h"

typedef enum rf_json_style { RF_JSON_COMPACT, RF_JSON_PRETTY } rf_json_style;

/* Appends v.  False after raising under the built-in's name: a kind JSON cannot hold, NaN, nesting
 * over 128. */
bool rf_json_write(rf_isolate *isolate, const char *name, rf_value v, rf_json_style style,
                   rf_buffer *out);
/* Appends a finite number as JSON writes it, with a point also before an exponent. */
void rf_json_write_pointed(double number, rf_buffer *out);
/* The value of the whole text (valid UTF-8), new; RAISED with "JSON parse error: ... at line L
 * column C". */
rf_value rf_json_parse(rf_isolate *isolate, const char *text, size_t size);
/* First byte of [at, end) that a JSON string cannot hold as it is: a quote, a backslash or a
 * control character. */
const char *rf_json_scan_plain(const char *at, const char *end);

enum { RF_JSON_DEPTH = 128 };

#endif
