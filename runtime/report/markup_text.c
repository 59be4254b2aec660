#include "report/markup_text.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

void rf_report_append_markup(rf_buffer *out, const char *text)
{
    size_t left = strlen(text);
    while (left) {
        uint32_t code_point;
        const unsigned width = rf_utf8_decode(text, left, &code_point);
        if (!width || code_point < ' ' || code_point == 0x7f || code_point == 0xfffe || code_point == 0xffff)
            rf_buffer_append_text(out, REPLACEMENT);
        else if (strchr("<>&\"'", *text))
            rf_buffer_format(out, "&#%d;", *text);
        else
            rf_buffer_append(out, text, width);
        text += width ? width : 1;
        left -= width ? width : 1;
    }
}

void rf_report_append_clipped(rf_buffer *out, const char *text, size_t room)
{
    size_t end = 0;
    for (size_t kept = 0; text[end] && kept + 1 < room; kept++) {
        uint32_t code_point;
        const unsigned width = rf_utf8_decode(text + end, strlen(text + end), &code_point);
        end += width ? width : 1;
    }
    char *part = rf_strndup(text, end);
    rf_report_append_markup(out, part);
    rf_free(part);
    rf_buffer_append_text(out, "\xe2\x80\xa6");
}
