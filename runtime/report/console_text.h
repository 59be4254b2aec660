/* What the parts of the console report share: headings, numbers, rows, colours. */
#ifndef RF_REPORT_CONSOLE_TEXT_H
#define RF_REPORT_CONSOLE_TEXT_H

#include "report/console.h"
#include "report/summary.h"

enum {
    RF_REPORT_FEW_TICKS = 200, /* below this samples say little and exact counts come first */
    RF_CONSOLE_WIDE = 118      /* columns that a table may need; where there are fewer it has smaller ones */
};

typedef struct rf_console {
    const rf_profile *profile;
    rf_report_console_options options;
    rf_report_summary summary;
    rf_buffer *out;
    bool is_fenced; /* Markdown: in a code block */
} rf_console;

typedef enum rf_console_color { RF_PLAIN, RF_TITLE, RF_SECTION, RF_RED, RF_YELLOW, RF_DIM } rf_console_color;

/* Colour from here on; none where there are no colours. */
void rf_console_color_on(const rf_console *console, rf_console_color color);
void rf_console_color_off(const rf_console *console);
/* A section and the heading of its table, which may be NULL. */
void rf_console_section(rf_console *console, const char *title, const char *columns);
void rf_console_end_section(rf_console *console);
/* Whether the terminal has too few columns for the wide tables; then rows may go on in a second line. */
bool rf_console_is_narrow(const rf_console *console);
/* Appends the text with lines that are too wide broken. */
void rf_console_fit(const rf_buffer *text, uint32_t width, rf_buffer *out);
/* Red from 20 %, yellow from 5 %. */
rf_console_color rf_console_share_color(double share);

/* New texts in a buffer: "912 004", "n/a"; "1.028 s", "41.2 ms"; "96.1 MB". */
void rf_console_count(rf_buffer *out, uint64_t count);
void rf_console_time(rf_buffer *out, uint64_t ns);
void rf_console_bytes(rf_buffer *out, uint64_t bytes);
/* Cells of a table: right-aligned in width, except names, which may need some more where there is room. */
void rf_console_count_cell(rf_console *console, int width, uint64_t count);
void rf_console_time_cell(rf_console *console, int width, uint64_t ns);
void rf_console_bytes_cell(rf_console *console, int width, uint64_t bytes);
void rf_console_name_cell(rf_console *console, int width, uint32_t func, uint32_t line);
/* "words.ruff:12", or nothing. */
void rf_console_place(rf_buffer *out, const rf_profile *profile, uint32_t func, uint32_t line);
/* The line of the source without its indentation, borrowed; size 0 when unknown. */
const char *rf_console_source(const rf_profile *profile, uint32_t file, uint32_t line, size_t *size);
/* The parts of console_memory.c and console_jit.c. */
void rf_console_memory(rf_console *console);
void rf_console_jit(rf_console *console);

#endif
