#include "base/buffer.h"

#include "base/alloc.h"
#include "base/decimal.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

void rf_buffer_release(rf_buffer *buffer)
{
    rf_free(buffer->data);
    *buffer = (rf_buffer)RF_BUFFER_INIT;
}

void rf_buffer_clear(rf_buffer *buffer)
{
    buffer->size = 0;
    if (buffer->data) buffer->data[0] = '\0';
}

void rf_buffer_reserve(rf_buffer *buffer, size_t more)
{
    size_t need;
    if (__builtin_add_overflow(buffer->size, more, &need) || __builtin_add_overflow(need, 1, &need))
        rf_out_of_memory();
    if (need <= buffer->capacity) return;
    size_t capacity = buffer->capacity < 32 ? 64 : buffer->capacity + buffer->capacity / 2;
    if (capacity < need) capacity = need;
    buffer->data = rf_realloc(buffer->data, capacity);
    buffer->capacity = capacity;
}

void rf_buffer_append(rf_buffer *buffer, const void *bytes, size_t size)
{
    rf_buffer_reserve(buffer, size);
    if (size) memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

void rf_buffer_append_text(rf_buffer *buffer, const char *text)
{
    rf_buffer_append(buffer, text, strlen(text));
}

void rf_buffer_append_byte(rf_buffer *buffer, char byte)
{
    rf_buffer_reserve(buffer, 1);
    buffer->data[buffer->size++] = byte;
    buffer->data[buffer->size] = '\0';
}

void rf_buffer_append_utf8(rf_buffer *buffer, uint32_t code_point)
{
    char bytes[4];
    rf_buffer_append(buffer, bytes, rf_utf8_encode(code_point, bytes));
}

void rf_buffer_append_int(rf_buffer *buffer, int64_t number)
{
    char digits[RF_DECIMAL_MOST];
    const size_t size = rf_decimal_size(number);
    rf_decimal_write(digits, size, number);
    rf_buffer_append(buffer, digits, size);
}

void rf_buffer_format_list(rf_buffer *buffer, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    if (size > 0) {
        rf_buffer_reserve(buffer, (size_t)size);
        vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
}

void rf_buffer_format(rf_buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(buffer, format, args);
    va_end(args);
}

char *rf_buffer_take(rf_buffer *buffer)
{
    char *data = buffer->data ? buffer->data : rf_strdup("");
    *buffer = (rf_buffer)RF_BUFFER_INIT;
    return data;
}

char *rf_format_text(const char *format, ...)
{
    rf_buffer buffer = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&buffer, format, args);
    va_end(args);
    return rf_buffer_take(&buffer);
}
