/* What the other end of a stream can show. */
#ifndef REPORT_TERMINAL_H
#define REPORT_TERMINAL_H

#include "base/buffer.h"

#include <stdio.h>

typedef enum report_color_choice {
    REPORT_COLOR_AUTO,
    REPORT_COLOR_ALWAYS,
    REPORT_COLOR_NEVER
} report_color_choice;

typedef struct report_terminal {
    bool is_terminal, color;
    unsigned width; /* columns */
} report_terminal;

/* Colour only for a terminal without NO_COLOR, unless chosen.  Width: wanted_width, else COLUMNS,
 * else the terminal's, else 80; at least 40. */
report_terminal report_terminal_of(FILE *stream, report_color_choice choice, unsigned wanted_width);

typedef enum report_style {
    REPORT_PLAIN,
    REPORT_DIM,
    REPORT_BOLD,
    REPORT_WINNER, /* the one accent */
    REPORT_GOOD,   /* verdicts only, and never without a word */
    REPORT_BAD
} report_style;

/* Text with its style switched on and off when the terminal has colour. */
void report_styled(rf_buffer *out, const report_terminal *terminal, report_style style,
                   const char *text);
/* Columns that valid UTF-8 takes, in the locale of the process. */
size_t report_width(const char *text);
size_t report_width_of(const char *text, size_t size);
/* Bytes of the longest start that takes at most room columns. */
size_t report_fit(const char *text, size_t room);
/* The text, or as much of it as fits with a mark behind. */
void report_append_cut(rf_buffer *out, const char *text, size_t room);
/* The words of text, each after a space, in lines of at most width columns; the first begins at
 * column, the others are indented. Ends with a newline. */
void report_wrap(rf_buffer *out, const char *text, size_t column, size_t indent, size_t width);
void report_repeat(rf_buffer *out, const char *text, size_t count);

#endif
