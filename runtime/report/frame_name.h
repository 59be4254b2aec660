/* How frames are called, the same in every format. */
#ifndef RF_REPORT_FRAME_NAME_H
#define RF_REPORT_FRAME_NAME_H

#include "base/buffer.h"
#include "prof/profile.h"

/* `push`, `regex /a+/`, `tokenize`. */
void rf_report_append_name(rf_buffer *out, const rf_profile *profile, uint32_t func);
/* With the place that tells equal names apart: `tokenize (words.ruff:40)`, `push [builtin]`; ends with a bracket, so
 * that no reader takes a number at its end for a count. */
void rf_report_append_label(rf_buffer *out, const rf_profile *profile, uint32_t func);
/* The last part of a path; borrowed. */
const char *rf_report_base_name(const char *path);

#endif
