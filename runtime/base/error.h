/* Filling in a ruff_error: the message is written once, where the facts are. */
#ifndef RF_BASE_ERROR_H
#define RF_BASE_ERROR_H

#include "base/base.h"

/* Sets status and message (printf form) and returns status, so that `return rf_error_set(...)` reads well.
 * err may be NULL. */
ruff_status rf_error_set(ruff_error *err, ruff_status status, const char *format, ...) RF_PRINTF(3, 4);
/* Prefixes the message of err: "loading suite x: " + message. */
void rf_error_wrap(ruff_error *err, const char *format, ...) RF_PRINTF(2, 3);
/* Copies the place into err. */
void rf_error_place(ruff_error *err, const char *file, unsigned line, unsigned column);
/* "No such file or directory (os error 2)", the form of BUILTINS 2.2; writes into out (at most size). */
const char *rf_os_error_text(int errno_value, char *out, size_t size);

#endif
