/* A growing run of bytes; always NUL-terminated after an append, so data can be used as C text. */
#ifndef RF_BASE_BUFFER_H
#define RF_BASE_BUFFER_H

#include "base/base.h"

#include <stdarg.h>

typedef struct rf_buffer {
    char *data; /* owned; NULL while empty */
    size_t size;
    size_t capacity;
} rf_buffer;

#define RF_BUFFER_INIT {NULL, 0, 0}

void rf_buffer_release(rf_buffer *buffer);                    /* frees; becomes RF_BUFFER_INIT */
void rf_buffer_clear(rf_buffer *buffer);                      /* size 0, capacity kept */
void rf_buffer_reserve(rf_buffer *buffer, size_t more);       /* room for `more` further bytes and a NUL */
void rf_buffer_append(rf_buffer *buffer, const void *bytes, size_t size);
void rf_buffer_append_text(rf_buffer *buffer, const char *text);
void rf_buffer_append_byte(rf_buffer *buffer, char byte);
void rf_buffer_append_utf8(rf_buffer *buffer, uint32_t code_point);
void rf_buffer_append_int(rf_buffer *buffer, int64_t number); /* decimal */
void rf_buffer_format(rf_buffer *buffer, const char *format, ...) RF_PRINTF(2, 3);
void rf_buffer_format_list(rf_buffer *buffer, const char *format, va_list args) RF_PRINTF(2, 0);
char *rf_buffer_take(rf_buffer *buffer);                      /* new (rf_free); the buffer is empty afterwards */
char *rf_format_text(const char *format, ...) RF_PRINTF(1, 2); /* new (rf_free) */

#endif
