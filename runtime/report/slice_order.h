/* Samples in order of time, for formats that show a run as it went. */
#ifndef RF_REPORT_SLICE_ORDER_H
#define RF_REPORT_SLICE_ORDER_H

#include "prof/profile.h"

/* Sample numbers without the profiler's own, ordered by time slice, then as they were added; new (rf_free). */
uint32_t *rf_report_order_samples(const rf_profile *profile, size_t *count);
/* Tier of a sample's innermost frame. */
rf_prof_tier rf_report_sample_tier(const rf_profile *profile, const rf_prof_sample *sample);
/* Frames of a stack, outermost first, into out (profile->stacks.data[stack].depth of them). */
void rf_report_stack_frames(const rf_profile *profile, uint32_t stack, uint32_t *out);
uint32_t rf_report_max_depth(const rf_profile *profile);

#endif
