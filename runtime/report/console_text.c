/* Numbers and rows of the console report. */
#include "report/console_text.h"

#include "report/frame_name.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- frame ---- */

void rf_console_color_on(const rf_console *console, rf_console_color color)
{
    static const char *const codes[] = {[RF_PLAIN] = "",        [RF_TITLE] = "\033[1;36m", [RF_SECTION] = "\033[1;33m",
                                        [RF_RED] = "\033[31m", [RF_YELLOW] = "\033[33m",  [RF_DIM] = "\033[2m"};
    if (console->options.has_colors) rf_buffer_append_text(console->out, codes[color]);
}

void rf_console_color_off(const rf_console *console)
{
    if (console->options.has_colors) rf_buffer_append_text(console->out, "\033[0m");
}

void rf_console_section(rf_console *console, const char *title, const char *columns)
{
    rf_buffer_append_byte(console->out, '\n');
    if (console->options.is_markdown) {
        rf_buffer_format(console->out, "## %s\n\n```\n", title);
        console->is_fenced = true;
        if (columns) rf_buffer_format(console->out, "%*s%s\n", (int)strlen(title), "", columns);
        return;
    }
    rf_console_color_on(console, RF_SECTION);
    rf_buffer_append_text(console->out, title);
    rf_console_color_off(console);
    rf_buffer_format(console->out, "%s\n", columns ? columns : "");
}

void rf_console_end_section(rf_console *console)
{
    if (console->is_fenced) rf_buffer_append_text(console->out, "```\n");
    console->is_fenced = false;
}

bool rf_console_is_narrow(const rf_console *console)
{
    return console->options.width && console->options.width < RF_CONSOLE_WIDE;
}

rf_console_color rf_console_share_color(double share)
{
    return share >= 0.20 ? RF_RED : share >= 0.05 ? RF_YELLOW : RF_PLAIN;
}

/* ---- numbers ---- */

void rf_console_count(rf_buffer *out, uint64_t count)
{
    char digits[32];
    if (count == RF_PROF_UNKNOWN) {
        rf_buffer_append_text(out, "n/a");
        return;
    }
    const int size = snprintf(digits, sizeof digits, "%" PRIu64, count);
    for (int i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0) rf_buffer_append_byte(out, ' ');
        rf_buffer_append_byte(out, digits[i]);
    }
}

void rf_console_time(rf_buffer *out, uint64_t ns)
{
    const double seconds = (double)ns * 1e-9;
    if (ns == RF_PROF_UNKNOWN)
        rf_buffer_append_text(out, "n/a");
    else if (seconds >= 0.1)
        rf_buffer_format(out, "%.3f s", seconds);
    else
        rf_buffer_format(out, "%.1f ms", seconds * 1e3);
}

void rf_console_bytes(rf_buffer *out, uint64_t bytes)
{
    const double size = (double)bytes;
    if (bytes == RF_PROF_UNKNOWN)
        rf_buffer_append_text(out, "n/a");
    else if (bytes < 1000)
        rf_buffer_format(out, "%" PRIu64 " B", bytes);
    else if (size < 1e6)
        rf_buffer_format(out, "%.1f KB", size / 1e3);
    else if (size < 1e9)
        rf_buffer_format(out, "%.1f MB", size / 1e6);
    else
        rf_buffer_format(out, "%.2f GB", size / 1e9);
}

/* ---- cells ---- */

static void put_cell(rf_console *console, int width, void (*write)(rf_buffer *out, uint64_t value), uint64_t value)
{
    rf_buffer text = RF_BUFFER_INIT;
    write(&text, value);
    rf_buffer_format(console->out, "%*s", width, text.data);
    rf_buffer_release(&text);
}

void rf_console_count_cell(rf_console *console, int width, uint64_t count)
{
    put_cell(console, width, rf_console_count, count);
}

void rf_console_time_cell(rf_console *console, int width, uint64_t ns)
{
    put_cell(console, width, rf_console_time, ns);
}

void rf_console_bytes_cell(rf_console *console, int width, uint64_t bytes)
{
    put_cell(console, width, rf_console_bytes, bytes);
}

void rf_console_place(rf_buffer *out, const rf_profile *profile, uint32_t func, uint32_t line)
{
    const uint32_t file = profile->funcs.data[func].file;
    if (file) rf_buffer_format(out, "%s:%u", rf_report_base_name(profile->files.data[file].path), line);
}

void rf_console_name_cell(rf_console *console, int width, uint32_t func, uint32_t line)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_report_append_name(&text, console->profile, func);
    const rf_prof_func *it = &console->profile->funcs.data[func];
    if (it->file) {
        rf_buffer_append_text(&text, "  ");
        rf_console_place(&text, console->profile, func, line);
    } else if (it->kind == RF_FUNC_BUILTIN && *it->name != '<') { /* "<built-in method ...>" of Python */
        rf_buffer_append_text(&text, " (builtin)");
    }
    const bool is_narrow = rf_console_is_narrow(console);
    if (is_narrow && it->file && text.size > (size_t)width) { /* the place tells more than the name */
        rf_buffer_clear(&text);
        rf_console_place(&text, console->profile, func, line);
    }
    rf_buffer_format(console->out, "%-*.*s", width, is_narrow ? width : width + 12, text.data);
    rf_buffer_release(&text);
}

const char *rf_console_source(const rf_profile *profile, uint32_t file, uint32_t line, size_t *size)
{
    const rf_prof_file *it = &profile->files.data[file];
    *size = 0;
    if (!it->text || line == 0) return "";
    const char *at = it->text, *end = it->text + it->size;
    for (uint32_t i = 1; i < line && at < end; i++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline ? newline + 1 : end;
    }
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    *size = (size_t)((newline ? newline : end) - at);
    if (*size && at[*size - 1] == '\r') --*size;
    return at;
}
