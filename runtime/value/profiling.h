/* An isolate takes part in a profile: its thread's block, and how the profiler names what it finds there. */
#ifndef RF_VALUE_PROFILING_H
#define RF_VALUE_PROFILING_H

#include "prof/sampler.h"
#include "value/isolate.h"

/* On the isolate's thread, when host->prof is set: before it runs anything, and when nothing runs any more. */
void rf_profiling_begin(rf_isolate *isolate);
void rf_profiling_end(rf_isolate *isolate);

/* A function of the tree as the profile names it; line: the one that runs. */
void rf_profiling_name(const rf_func *func, uint32_t line, rf_prof_tier tier, rf_prof_named *out);

#endif
