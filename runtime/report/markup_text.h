/* Text in XML and HTML. */
#ifndef RF_REPORT_MARKUP_TEXT_H
#define RF_REPORT_MARKUP_TEXT_H

#include "base/buffer.h"

/* Escaped for content and attributes; control characters and bytes that are no UTF-8 become U+FFFD. */
void rf_report_append_markup(rf_buffer *out, const char *text);
/* The same, at most room code points of it and an ellipsis as the last. */
void rf_report_append_clipped(rf_buffer *out, const char *text, size_t room);

#endif
