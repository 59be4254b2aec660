/* Running a program under instruments and reporting what they found. */
#ifndef RF_CLI_PROFILE_H
#define RF_CLI_PROFILE_H

#include "base/buffer.h"
#include "prof/loop_cost.h"
#include "prof/profile.h"
#include "ruff/ruff.h"
#include "value/isolate.h"

#include <pthread.h>

typedef enum cli_profile_form { CLI_PROFILE_TEXT, CLI_PROFILE_MARKDOWN, CLI_PROFILE_JSON } cli_profile_form;

typedef struct cli_profile_options {
    bool cpu, memory, jit;
    double hz; /* 0: the default */
    uint32_t top;
    const char *flamegraph, *output; /* NULL: none, standard error */
    cli_profile_form form;
    bool watches;
    bool keeps;                            /* in the database of profiles */
    const char *db, *label;                /* NULL: the default, none */
    const char *gate, *write_gate;         /* NULL: none */
    bool perf;                             /* native code is written down for perf */
} cli_profile_options;

/* Runs the program and reports; the program's exit code. */
int cli_profile_run(const ruff_config *config, const cli_profile_options *options, const rf_buffer *source,
                    const char *name);
/* The file for perf (profile_perf.c).  False: it could not be written, which was said. */
typedef struct cli_profile_perf {
    pthread_mutex_t lock;
    int file, error; /* error: errno of what failed; 0: nothing */
    uint64_t count;  /* of functions */
    char path[32];
} cli_profile_perf;
bool cli_profile_perf_open(cli_profile_perf *perf);
/* From now on native code is written there. */
void cli_profile_perf_follow(cli_profile_perf *perf, rf_host *host);
bool cli_profile_perf_close(cli_profile_perf *perf);
/* What the loops made for profiling take more here (profile_cost.c); takes a few milliseconds. */
rf_prof_loop_prices cli_profile_prices(void);
/* What the JIT of the isolate has noted and counted (profile_jit.c). */
void cli_profile_add_jit(rf_profile *profile, const rf_isolate *isolate, uint64_t began_ns);
/* After the samples are in: time lost by deopts, hot functions that were not compiled. */
void cli_profile_rate_jit(rf_profile *profile);

#endif
