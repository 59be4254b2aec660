/* Clocks, in nanoseconds. */
#ifndef RF_BASE_CLOCK_H
#define RF_BASE_CLOCK_H

#include <stdint.h>

int64_t rf_clock_monotonic_ns(void); /* never goes back; for durations */
int64_t rf_clock_wall_ns(void);      /* UTC since 1970 */
int64_t rf_clock_cpu_ns(void);       /* CPU time of this process */
int64_t rf_clock_thread_cpu_ns(void); /* of this thread; also in signal handlers */

#endif
