/* What the launcher is for: exact memory, little overhead. */
#include "cli/selftest.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "run/program.h"
#include "stats/quantile.h"

#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 200, BALLAST_MIB = 300, RSS_LIMIT_MIB = 4, OVERHEAD_LIMIT_US = 300 };

static bool run_once(selftest *test, const char *program, run_exit *ended, int64_t *took_ns)
{
    rf_buffer out = RF_BUFFER_INIT, errors = RF_BUFFER_INIT;
    const char *argv[] = {program, NULL}, *env[] = {NULL};
    run_command command = {.program = program,
                           .argv = argv,
                           .env = env,
                           .directory = "/",
                           .timeout_ns = (int64_t)10 * 1000000000,
                           .output_bytes = 65536};
    int64_t start = rf_clock_monotonic_ns();
    ruff_status status =
        run_launcher_run(test->cli->launcher, &command, NULL, NULL, &out, &errors, ended, NULL);
    *took_ns = rf_clock_monotonic_ns() - start;
    rf_buffer_release(&out);
    rf_buffer_release(&errors);
    return !status && !ended->start_errno && ended->wait_status == 0;
}

void selftest_rss(selftest *test)
{
    run_exit ended;
    int64_t took;
    size_t size = (size_t)BALLAST_MIB << 20;
    char *program = run_program_find("true", "/");
    char *ballast = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool usable = program && ballast != MAP_FAILED;
    if (usable) memset(ballast, 1, size);
    usable = usable && run_once(test, program, &ended, &took);
    double mib = usable ? (double)ended.rss_peak_bytes / 1048576 : 0;
    if (ballast != MAP_FAILED) munmap(ballast, size);
    rf_free(program);
    selftest_report(test, usable && mib < RSS_LIMIT_MIB,
                    "rss: %.1f MiB reported for a trivial child, harness %d MiB (limit %d)", mib,
                    BALLAST_MIB, RSS_LIMIT_MIB);
}

/* The plainest way to run a program. */
static int64_t run_directly(const char *program)
{
    char *argv[] = {(char *)program, NULL}, *env[] = {NULL};
    pid_t child;
    int64_t start = rf_clock_monotonic_ns();
    if (posix_spawn(&child, program, NULL, NULL, argv, env) != 0) return 0;
    waitpid(child, NULL, 0);
    return rf_clock_monotonic_ns() - start;
}

void selftest_overhead(selftest *test)
{
    double through[CHILDREN], direct[CHILDREN];
    char *program = run_program_find("true", "/");
    bool usable = program != NULL;
    for (size_t i = 0; i < CHILDREN && usable;
         i++) { /* alternating, so that a busy moment hits both */
        run_exit ended;
        int64_t took;
        usable = run_once(test, program, &ended, &took);
        through[i] = (double)took;
        direct[i] = (double)run_directly(program);
    }
    double a = usable ? stats_median(through, CHILDREN) / 1e3 : 0,
           b = usable ? stats_median(direct, CHILDREN) / 1e3 : 0;
    rf_free(program);
    selftest_report(
        test, usable && a - b < OVERHEAD_LIMIT_US,
        "overhead: %.0f us a child more than posix_spawn and wait (%.0f against %.0f us, limit %d)",
        a - b, a, b, OVERHEAD_LIMIT_US);
}
