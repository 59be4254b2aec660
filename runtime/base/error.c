#include "base/error.h"

#include "base/alloc.h"
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *ruff_status_name(ruff_status status)
{
    static const char *const names[] = {
#define RUFF_STATUS(name, meaning) #name,
#include "ruff/status.def"
#undef RUFF_STATUS
    };
    return (unsigned)status < RUFF_STATUS_COUNT ? names[status] : "UNKNOWN";
}

void ruff_error_release(ruff_error *err)
{
    if (!err) return;
    rf_free(err->message);
    rf_free(err->report);
    rf_free(err->file);
    *err = (ruff_error)RUFF_ERROR_INIT;
}

ruff_status rf_error_set(ruff_error *err, ruff_status status, const char *format, ...)
{
    if (!err) return status;
    rf_buffer text = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&text, format, args);
    va_end(args);
    rf_free(err->message);
    err->status = status;
    err->message = rf_buffer_take(&text);
    return status;
}

void rf_error_wrap(ruff_error *err, const char *format, ...)
{
    if (!err) return;
    rf_buffer text = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&text, format, args);
    va_end(args);
    rf_buffer_append_text(&text, ": ");
    rf_buffer_append_text(&text, err->message ? err->message : "unknown failure");
    rf_free(err->message);
    err->message = rf_buffer_take(&text);
}

void rf_error_place(ruff_error *err, const char *file, unsigned line, unsigned column)
{
    if (!err) return;
    rf_free(err->file);
    err->file = file ? rf_strdup(file) : NULL;
    err->line = line;
    err->column = column;
}

const char *rf_os_error_text(int errno_value, char *out, size_t size)
{
    char text[160];
    /* the GNU form returns the text, which may be static */
    snprintf(out, size, "%s (os error %d)", strerror_r(errno_value, text, sizeof text), errno_value);
    return out;
}
