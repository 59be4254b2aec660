/* Text inside HTML and SVG. */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include "base/buffer.h"

void report_markup_text(rf_buffer *out, const char *text);

#endif
