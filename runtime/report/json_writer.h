/* Writing JSON by hand: texts, and the commas between elements. */
#ifndef RF_REPORT_JSON_WRITER_H
#define RF_REPORT_JSON_WRITER_H

#include "base/buffer.h"
#include "prof/profile.h"

/* Quoted and escaped; bytes that are no UTF-8 become U+FFFD.  `<` is written as an escape, so that the text can stand in
 * a page's script. */
void rf_json_text(rf_buffer *out, const char *text);
/* A comma unless out ends with an opening bracket, a colon or a comma. */
void rf_json_comma(rf_buffer *out);
/* ,"key": */
void rf_json_key(rf_buffer *out, const char *key);
/* ,"key":value; RF_PROF_UNKNOWN is null */
void rf_json_count(rf_buffer *out, const char *key, uint64_t value);
void rf_json_string(rf_buffer *out, const char *key, const char *text); /* NULL is null */
void rf_json_number(rf_buffer *out, const char *key, double value);     /* shortest of %.15g; null unless finite */
void rf_json_bool(rf_buffer *out, const char *key, bool value);

#endif
