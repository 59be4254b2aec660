/* Text forms of values (LANGUAGE 17, BUILTINS 2.4).  Appending functions return false after raising the nesting
 * limit; nothing here calls user code. */
#ifndef RF_VALUE_FORMAT_H
#define RF_VALUE_FORMAT_H

#include "value/isolate.h"

bool rf_display(rf_isolate *isolate, rf_value v, rf_buffer *out);
rf_value rf_to_string(rf_isolate *isolate, rf_value v); /* display form as a string; a string is itself */
bool rf_inspect_repl(rf_isolate *isolate, rf_value v, rf_buffer *out);   /* LANGUAGE 19 */
bool rf_inspect_short(rf_isolate *isolate, rf_value v, rf_buffer *out);  /* BUILTINS 2.4 */
void rf_format_float(double number, rf_buffer *out);                     /* display form of a float */
void rf_format_json_string(const char *text, size_t size, rf_buffer *out); /* quoted, escaped as JSON */
/* Shortest decimal digits that read back: digits without point into out (at least 20 bytes), *exponent10 such that
 * the value is 0.DIGITS x 10^exponent10; number finite and not 0.  Returns how many digits. */
unsigned rf_float_digits(double number, char *digits, int *exponent10);
/* Whole text as int64 / double with the rules of BUILTINS to_int, to_float; false when it is not one. */
bool rf_parse_int(const char *text, size_t size, int64_t *out);
bool rf_parse_float(const char *text, size_t size, double *out);

#endif
