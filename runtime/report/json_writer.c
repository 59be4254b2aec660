#include "report/json_writer.h"

#include "base/utf8.h"

#include <math.h>
#include <string.h>

void rf_json_text(rf_buffer *out, const char *text)
{
    size_t left = strlen(text);
    rf_buffer_append_byte(out, '"');
    while (left) {
        const unsigned char c = (unsigned char)*text;
        unsigned width = 1;
        uint32_t code_point;
        if (c == '"' || c == '\\')
            rf_buffer_format(out, "\\%c", c);
        else if (c == '\n')
            rf_buffer_append_text(out, "\\n");
        else if (c == '\t')
            rf_buffer_append_text(out, "\\t");
        else if (c < ' ' || c == 0x7f || c == '<')
            rf_buffer_format(out, "\\u%04x", c);
        else if (c < 0x80)
            rf_buffer_append_byte(out, (char)c);
        else if ((width = rf_utf8_decode(text, left, &code_point)) != 0)
            rf_buffer_append(out, text, width);
        else {
            rf_buffer_append_text(out, "\xef\xbf\xbd");
            width = 1;
        }
        text += width;
        left -= width;
    }
    rf_buffer_append_byte(out, '"');
}

void rf_json_comma(rf_buffer *out)
{
    const char last = out->size ? out->data[out->size - 1] : '[';
    if (!strchr("[{:,", last)) rf_buffer_append_byte(out, ',');
}

void rf_json_key(rf_buffer *out, const char *key)
{
    rf_json_comma(out);
    rf_json_text(out, key);
    rf_buffer_append_byte(out, ':');
}

void rf_json_count(rf_buffer *out, const char *key, uint64_t value)
{
    rf_json_key(out, key);
    if (value == RF_PROF_UNKNOWN)
        rf_buffer_append_text(out, "null");
    else
        rf_buffer_format(out, "%llu", (unsigned long long)value);
}

void rf_json_string(rf_buffer *out, const char *key, const char *text)
{
    rf_json_key(out, key);
    if (text)
        rf_json_text(out, text);
    else
        rf_buffer_append_text(out, "null");
}

void rf_json_number(rf_buffer *out, const char *key, double value)
{
    rf_json_key(out, key);
    if (isfinite(value))
        rf_buffer_format(out, "%.15g", value);
    else
        rf_buffer_append_text(out, "null");
}

void rf_json_bool(rf_buffer *out, const char *key, bool value)
{
    rf_json_key(out, key);
    rf_buffer_append_text(out, value ? "true" : "false");
}
