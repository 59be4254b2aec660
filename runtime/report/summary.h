/* Where the time went by function and by line: the rows that every report prints.
 *
 * Shares are of CPU time, the profiler's own left out.  self: time with the function innermost.  own: time whose
 * innermost script function it is, that is self and the built-ins, patterns, releases and compiles it caused; its tiers
 * add up to it.  total: time with the function anywhere in the stack, once a stack however often it recurs. */
#ifndef RF_REPORT_SUMMARY_H
#define RF_REPORT_SUMMARY_H

#include "prof/profile.h"

typedef struct rf_report_time {
    uint64_t ticks; /* with CPU time */
    uint64_t cpu_ns, wall_ns;
} rf_report_time;

typedef struct rf_report_func_row {
    uint32_t func;
    rf_report_time self, own, total;
    uint64_t tier_ns[RF_TIER_COUNT]; /* of own: CPU time; wall time for tiers that wait */
    uint64_t allocs, alloc_bytes;    /* exact; RF_PROF_UNKNOWN without the memory instrument */
} rf_report_func_row;

typedef struct rf_report_line_row {
    uint32_t file, line, func;
    rf_report_time own, total;
    uint64_t tier_ns[RF_TIER_COUNT];
    uint64_t allocs, alloc_bytes, copies, copy_bytes; /* exact; RF_PROF_UNKNOWN without the memory instrument */
    uint64_t hits, instructions;                      /* exact; RF_PROF_UNKNOWN unless counted */
} rf_report_line_row;

typedef struct rf_report_summary {
    rf_report_time all;    /* of the script */
    uint64_t profiler_ns;  /* the profiler's own CPU time */
    uint64_t tier_ns[RF_TIER_COUNT];
    RF_VECTOR(rf_report_func_row) funcs; /* all that were seen, by self CPU time, then by index */
    RF_VECTOR(rf_report_line_row) lines; /* all lines of scripts that were seen, by own CPU time, then by place */
} rf_report_summary;

void rf_report_summary_init(rf_report_summary *summary, const rf_profile *profile);
void rf_report_summary_release(rf_report_summary *summary);
/* What ran under each label of the profile; new (rf_free). */
rf_report_time *rf_report_label_times(const rf_profile *profile);
/* The 95 % Wilson interval of a share of which `part` of `all` ticks were seen; 0 to 1 without ticks. */
void rf_report_interval(double part, double all, double *low, double *high);
/* cpu_ns of all.cpu_ns, 0 without any. */
double rf_report_share(const rf_report_summary *summary, uint64_t cpu_ns);

#endif
