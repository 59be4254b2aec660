/* The report people read: where the time, the memory and the native code went, and what to do about it. */
#ifndef RF_REPORT_CONSOLE_H
#define RF_REPORT_CONSOLE_H

#include "base/buffer.h"
#include "prof/profile.h"

typedef struct rf_report_console_options {
    uint32_t top;   /* rows of a table */
    uint32_t width; /* columns of the terminal; 0: as wide as it needs */
    bool is_markdown, has_colors;
} rf_report_console_options;

/* Appends the whole report. */
void rf_report_console(const rf_profile *profile, const rf_report_console_options *options, rf_buffer *out);
/* The same numbers as JSON with fixed keys. */
void rf_report_json(const rf_profile *profile, rf_buffer *out);
/* A few lines for a terminal while the program runs; how many. */
uint32_t rf_report_live(const rf_profile *profile, uint32_t top, rf_buffer *out);

#endif
