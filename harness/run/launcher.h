/* Starts children from a small process of its own.
 *
 * A child inherits the memory high-water mark of the process it was forked from, so a harness that
 * has grown to 300 MiB would report 300 MiB for /bin/true.  The launcher is forked from ruffbench
 * before that grows; it starts one child at a time, waits for it with wait4, ends it and everything
 * it left behind, and reports exact usage.  If ruffbench dies, the launcher kills the child and
 * ends too. */
#ifndef RUN_LAUNCHER_H
#define RUN_LAUNCHER_H

#include "base/buffer.h"
#include "run/counters.h"
#include "run/interrupt.h"

#include <sys/types.h>

typedef struct run_launcher run_launcher;

typedef struct run_command {
    const char *program;     /* absolute path */
    const char *const *argv; /* ends with NULL */
    const char *const *env;  /* all of it; ends with NULL */
    const char *directory;   /* working directory */
    int64_t timeout_ns;
    uint64_t memory_bytes; /* most private memory (RLIMIT_DATA); 0 is no limit */
    uint64_t cpus;         /* bit n: may run on CPU n; 0 leaves affinity alone */
    bool counters;         /* count with perf events; costs some 50 us a child */
    size_t output_bytes;   /* more on one stream than this ends the child as `flooded` */
} run_command;

typedef struct run_exit {
    int64_t started_ns, ended_ns; /* monotonic */
    int start_errno;              /* not 0: it could not be started, and nothing else is set */
    int wait_status;              /* of wait4 */
    bool timed_out, flooded, interrupted;
    unsigned left_processes; /* descendants that still lived when the child had ended; killed */
    int64_t user_ns, system_ns;
    uint64_t rss_peak_bytes, minor_faults, major_faults, voluntary_switches, involuntary_switches;
    run_count counts[RUN_COUNTER_COUNT]; /* RUN_COUNTER_UNAVAILABLE unless asked for */
} run_exit;

typedef enum run_stream { RUN_STDOUT, RUN_STDERR } run_stream;

/* Called with each piece of output as it comes; at_ns is monotonic. */
typedef struct run_listener {
    void (*hear)(void *context, pid_t child, run_stream stream, const rf_buffer *so_far,
                 int64_t at_ns);
    void *context;
} run_listener;

/* Forks the launcher.  Call while the process is small and has one thread. */
RF_MUST_USE ruff_status run_launcher_start(run_launcher **out, ruff_error *err);
/* Runs one child to its end.  out and errors (cleared first) receive its streams.  listener and
 * interrupt may be NULL.  RUFF_E_IO: the launcher itself is gone or the command is too long to
 * send; a child that fails in any way is RUFF_OK, see *ended. */
RF_MUST_USE ruff_status run_launcher_run(run_launcher *launcher, const run_command *command,
                                         const run_listener *listener, run_interrupt *interrupt,
                                         rf_buffer *out, rf_buffer *errors, run_exit *ended,
                                         ruff_error *err);
pid_t run_launcher_pid(const run_launcher *launcher);
void run_launcher_stop(run_launcher *launcher); /* NULL is allowed */

#endif
