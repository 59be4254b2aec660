/* S25: times reported by a runner against the time we saw. */
#ifndef STATS_CLOCK_CHECK_H
#define STATS_CLOCK_CHECK_H

#include <stdbool.h>
#include <stddef.h>

typedef enum stats_clock_fault {
    STATS_CLOCK_HONEST,
    STATS_CLOCK_TOO_LONG,   /* iterations add up to more than the process lived */
    STATS_CLOCK_TOO_SHORT,  /* to less than half of what is left after start-up */
    STATS_CLOCK_TOO_COARSE, /* resolution over 1 % of the median iteration */
    STATS_CLOCK_FAULT_COUNT
} stats_clock_fault;

/* A clause for a message: "reports 12.0 s of iterations ..." is made by the caller; this is
 * "iterations add up to more than the wall time". */
const char *stats_clock_fault_text(stats_clock_fault fault);

/* times: iterations in ns. only_work: the program does nothing else after start-up, so half of the
 * remaining wall time must be accounted for. resolution_ns 0 says unknown. The first fault in the
 * order of the enum. */
stats_clock_fault stats_check_clock(const double *times, size_t count, double wall_ns,
                                    double startup_ns, double resolution_ns, bool only_work);

#endif
