/* Does a gate stay quiet when nothing has changed?  Each trial is `ruffbench check` of this build
 * against itself over forty benchmarks, run as a user runs it: real processes, two looks, an exit
 * code. */
#include "cli/selftest.h"
#include "cli/selftest_box.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

enum { BENCHMARKS = 40, SMALLEST = 5, SIZES = 8 };

static bool write_text(const selftest_box *box, const char *name, const char *text, size_t size)
{
    char *path = rf_format_text("%s/%s", box->root, name);
    bool fine = rf_file_replace(path, text, size, NULL) == RUFF_OK;
    rf_free(path);
    return fine;
}

/* The benchmarks differ in their length. */
static bool write_forty(const selftest_box *box)
{
    rf_buffer text = RF_BUFFER_INIT;
    bool fine = true;
    rf_buffer_append_text(&text, "project: selftest\nbenchmarks:\n");
    for (int i = 0; i < BENCHMARKS && fine; i++) {
        const int size = SMALLEST + i % SIZES;
        rf_buffer_format(&text,
                         "  - name: spin%d\n    about: a loop\n    rules: a loop\n"
                         "    sizes: { default: %d }\n    unit: n\n    style: core\n"
                         "    expect: { default: \"u64:%d\" }\n    limits: { timeout: 10s }\n",
                         i, size, size * 31);
        char *source = rf_format_text("suites/peers/spin%d.good", i);
        fine = write_text(box, source, "", 0);
        rf_free(source);
    }
    fine = fine && write_text(box, "suites/suite.yaml", text.data, text.size);
    rf_buffer_release(&text);
    return fine;
}

/* The exit code of a whole gate; -1 when it could not be started or did not end by itself. */
static int run_gate(const selftest_box *box, uint64_t seed)
{
    char *number = rf_format_text("%llu", (unsigned long long)seed);
    const char *build = box->cli.build_directory;
    const char *argv[] = {"ruffbench", "-C",     box->root, "check",       "@good",  "--base", build,
                          "--candidate", build,  "--iters", "20",          "--budget", "20ms",
                          "--blocks",  "10",     "--seed",  number,        "-q",     NULL};
    posix_spawn_file_actions_t actions;
    extern char **environ;
    pid_t child = -1;
    int status = -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    bool started =
        posix_spawn(&child, "/proc/self/exe", &actions, NULL, (char *const *)argv, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    rf_free(number);
    return started && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status)
                                                                               : -1;
}

void selftest_gate(selftest *test)
{
    size_t ran = 0, failing = 0, undecided = 0, broken = 0;
    selftest_box box;
    const int64_t start = rf_clock_monotonic_ns();
    if (selftest_box_open(test, &box) && write_forty(&box)) {
        for (uint64_t i = 0; i < test->cli->options.pairs; i++) {
            const int code = run_gate(&box, i);
            ran++;
            failing += code == CLI_EXIT_REGRESSION;
            undecided += code == CLI_EXIT_UNSURE;
            broken += code != CLI_EXIT_DONE && code != CLI_EXIT_REGRESSION && code != CLI_EXIT_UNSURE;
        }
    }
    selftest_box_close(&box);
    const double seconds = (double)(rf_clock_monotonic_ns() - start) / 1e9;
    selftest_report(test, ran && !broken && (double)failing <= 0.05 * (double)ran,
                    "gate: %zu of %zu gates over %d unchanged benchmarks fail, %zu cannot decide a "
                    "row, %zu broke off; %.0f s each (limit 5 %%, trust %c)",
                    failing, ran, BENCHMARKS, undecided, broken, ran ? seconds / (double)ran : 0.0,
                    selftest_grade_now());
}
