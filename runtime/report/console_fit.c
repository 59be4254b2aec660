/* Lines that are wider than the terminal go on below, indented: broken between columns or parts where there are any, else
 * between words.  What has no blank is left as it is. */
#include "report/console_text.h"

#include <string.h>

enum { INDENT = 4 };

/* Bytes that take no column: of colours, and those after the first of a character. */
static size_t unseen(const char *at, const char *end)
{
    const char *p = at;
    if (p < end && *p == '\033') {
        while (p < end && *p != 'm') p++;
        return (size_t)(p - at) + (p < end);
    }
    return p < end && ((unsigned char)*p & 0xc0) == 0x80;
}

/* Where the blanks begin at which a line of at most so many columns ends; NULL: nowhere. */
static const char *break_of(const char *line, const char *end, uint32_t width)
{
    const char *between_parts = NULL, *between_words = NULL, *p = line;
    uint32_t column = 0;
    while (p < end && (*p == ' ' || unseen(p, end))) column += *p == ' ', p += *p == ' ' ? 1 : unseen(p, end);
    const uint32_t indent = column;
    while (p < end && column <= width) {
        const size_t skipped = unseen(p, end);
        if (skipped) {
            p += skipped;
            continue;
        }
        if (*p == ' ' && p[-1] != ' ') {
            between_words = p;
            if (end - p >= 2 && (p[1] == ' ' || p[1] == '|') && column > indent + (width - indent) / 3) between_parts = p;
        }
        column++;
        p++;
    }
    return between_parts ? between_parts : between_words;
}

static bool is_wider(const char *line, const char *end, uint32_t width)
{
    uint32_t columns = 0;
    for (const char *p = line; p < end;) {
        const size_t skipped = unseen(p, end);
        columns += !skipped;
        p += skipped ? skipped : 1;
    }
    return columns > width;
}

static void fit_line(const char *line, const char *end, uint32_t width, rf_buffer *out)
{
    size_t indent = 0;
    while (line + indent < end && line[indent] == ' ') indent++;
    indent += INDENT;
    for (uint32_t room = width; is_wider(line, end, room); room = width - (uint32_t)indent) {
        const char *at = indent * 2 < width ? break_of(line, end, room) : NULL;
        if (!at) break;
        rf_buffer_append(out, line, (size_t)(at - line));
        rf_buffer_format(out, "\n%*s", (int)indent, "");
        for (line = at; line < end && (*line == ' ' || *line == '|');) line++;
    }
    rf_buffer_append(out, line, (size_t)(end - line));
}

void rf_console_fit(const rf_buffer *text, uint32_t width, rf_buffer *out)
{
    const char *at = text->data, *end = at + text->size;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        fit_line(at, stop, width, out);
        if (newline) rf_buffer_append_byte(out, '\n');
        at = newline ? newline + 1 : end;
    }
}
