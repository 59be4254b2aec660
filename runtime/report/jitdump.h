/* Native code for `perf inject --jit`: a file of the jitdump format (Linux, tools/perf/Documentation/jitdump-specification),
 * one header and two records a function, its lines and its code. */
#ifndef RF_REPORT_JITDUMP_H
#define RF_REPORT_JITDUMP_H

#include "base/buffer.h"

typedef struct rf_jitdump_line { /* from this address on */
    uint64_t address;
    uint32_t line;
    const char *file;
} rf_jitdump_line;

typedef struct rf_jitdump_code {
    const char *name;
    const void *code;
    uint64_t size;
    const rf_jitdump_line *lines;
    size_t line_count;
} rf_jitdump_code;

/* Times are those of the monotonic clock, in nanoseconds: perf record -k mono.  since_ns: the code is there. */
void rf_jitdump_begin(rf_buffer *out, uint32_t process, uint64_t now_ns);
void rf_jitdump_add(rf_buffer *out, uint32_t process, uint64_t since_ns, uint64_t number, const rf_jitdump_code *code);

#endif
