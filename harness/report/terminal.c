#include "report/terminal.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { DEFAULT_WIDTH = 80, LEAST_WIDTH = 40, MOST_WIDTH = 400 };

static unsigned ask_width(FILE *stream)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    unsigned long wanted = columns ? strtoul(columns, NULL, 10) : 0;
    if (wanted) return wanted < MOST_WIDTH ? (unsigned)wanted : MOST_WIDTH;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col) return size.ws_col;
    return DEFAULT_WIDTH;
}

report_terminal report_terminal_of(FILE *stream, report_color_choice choice, unsigned wanted_width)
{
    const char *no_color = getenv("NO_COLOR"), *kind = getenv("TERM");
    report_terminal terminal = {.is_terminal = isatty(fileno(stream))};
    bool plain = (no_color && *no_color) || (kind && !strcmp(kind, "dumb"));
    terminal.color = choice == REPORT_COLOR_ALWAYS ||
                     (choice == REPORT_COLOR_AUTO && terminal.is_terminal && !plain);
    terminal.width = wanted_width ? wanted_width : ask_width(stream);
    if (terminal.width < LEAST_WIDTH) terminal.width = LEAST_WIDTH;
    if (terminal.width > MOST_WIDTH) terminal.width = MOST_WIDTH;
    return terminal;
}

void report_styled(rf_buffer *out, const report_terminal *terminal, report_style style,
                   const char *text)
{
    static const char *const codes[] = {
        [REPORT_PLAIN] = "",      [REPORT_DIM] = "2",   [REPORT_BOLD] = "1",
        [REPORT_WINNER] = "1;36", [REPORT_GOOD] = "32", [REPORT_BAD] = "31"};
    bool on = terminal->color && style != REPORT_PLAIN && *text;
    if (on) rf_buffer_format(out, "\033[%sm", codes[style]);
    rf_buffer_append_text(out, text);
    if (on) rf_buffer_append_text(out, "\033[0m");
}

/* East Asian letters take two columns, combining marks none. */
size_t report_width_of(const char *text, size_t size)
{
    size_t columns = 0;
    for (size_t at = 0; at < size;) {
        uint32_t letter = (unsigned char)text[at];
        unsigned bytes = letter < 0x80 ? 1 : rf_utf8_decode(text + at, size - at, &letter);
        int wide = letter < 0x80 || !bytes ? 1 : wcwidth((wchar_t)letter);
        columns += wide < 0 ? 1 : (size_t)wide;
        at += bytes ? bytes : 1;
    }
    return columns;
}

size_t report_fit(const char *text, size_t room)
{
    size_t fits = 0;
    for (size_t at = 0; text[at];) {
        do at++;
        while (((unsigned char)text[at] & 0xc0) == 0x80);
        if (report_width_of(text, at) > room) break;
        fits = at;
    }
    return fits;
}

void report_append_cut(rf_buffer *out, const char *text, size_t room)
{
    if (report_width(text) <= room) {
        rf_buffer_append_text(out, text);
    } else if (room) {
        rf_buffer_append(out, text, report_fit(text, room - 1));
        rf_buffer_append_text(out, "…");
    }
}

size_t report_width(const char *text)
{
    return report_width_of(text, strlen(text));
}

void report_repeat(rf_buffer *out, const char *text, size_t count)
{
    while (count-- > 0) rf_buffer_append_text(out, text);
}

void report_wrap(rf_buffer *out, const char *text, size_t column, size_t indent, size_t width)
{
    while (*text) {
        size_t length = strcspn(text, " ");
        size_t wide = report_width_of(text, length);
        if (column > indent && column + 1 + wide > width) {
            rf_buffer_append_byte(out, '\n');
            report_repeat(out, " ", indent);
            column = indent;
        } else if (column) {
            rf_buffer_append_byte(out, ' ');
            column++;
        }
        rf_buffer_append(out, text, length);
        column += wide;
        text += length + strspn(text + length, " ");
    }
    rf_buffer_append_byte(out, '\n');
}
