#include "run/measure.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/utf8.h"
#include "run/child_env.h"
#include "run/machine.h"
#include "run/program.h"
#include "run/tool.h"
#include "stats/clock_check.h"
#include "stats/counter.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OUTPUT_MOST = 16 << 20, TEAR_DOWN_NS = 20000000 };

static const char *const outcome_words[] = {
#define RUN_OUTCOME(name, word, meaning) word,
#include "run/outcome.def"
#undef RUN_OUTCOME
};

const char *run_outcome_word(run_outcome outcome)
{
    return outcome_words[outcome];
}

bool run_outcome_find(const char *word, run_outcome *outcome)
{
    for (size_t i = 0; i < RUN_OUTCOME_COUNT; i++)
        if (strcmp(word, outcome_words[i]) == 0) {
            *outcome = (run_outcome)i;
            return true;
        }
    return false;
}

/* ---- while it runs: the moment set-up is complete ---- */

typedef struct start_watch {
    int64_t at_ns;
    int64_t rss_bytes;
    size_t scanned; /* of standard output */
} start_watch;

static int64_t resident_bytes(pid_t child)
{
    char path[48], text[128];
    snprintf(path, sizeof path, "/proc/%d/statm", (int)child);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return RUN_UNKNOWN;
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    if (got <= 0) return RUN_UNKNOWN;
    text[got] = '\0';
    long long total, resident;
    if (sscanf(text, "%lld %lld", &total, &resident) != 2 || resident == 0) return RUN_UNKNOWN;
    return resident * sysconf(_SC_PAGESIZE);
}

static void hear_start(void *context, pid_t child, run_stream stream, const rf_buffer *so_far,
                       int64_t at_ns)
{
    start_watch *watch = context;
    if (stream != RUN_STDOUT || watch->at_ns) return;
    if (!run_protocol_has_started(so_far->data, so_far->size, &watch->scanned)) return;
    watch->at_ns = at_ns;
    watch->rss_bytes = resident_bytes(child);
}

/* ---- after it: the judgement ---- */

/* A reason may quote what the program printed: bytes that are no printable text would spoil screens
 * and reports. */
static void make_printable(char *text)
{
    size_t size = strlen(text);
    for (size_t at = 0, bad; at < size && !rf_utf8_valid(text + at, size - at, &bad); at += bad + 1)
        text[at + bad] = '?';
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f) *text = '?';
}

static void judge(run_result *result, run_outcome outcome, char *reason)
{
    make_printable(reason);
    result->outcome = outcome;
    result->reason = reason;
}

/* How the process ended, before anything it said is looked at; true when that settles it. */
static bool judge_end(run_result *result, const run_job *job)
{
    char text[128];
    const run_exit *end = &result->exit;
    const char *said = result->errors.data ? result->errors.data : "";
    int length = (int)strcspn(said, "\n");
    if (length > 200) length = 200;
    if (end->start_errno)
        judge(result, RUN_CRASH,
              rf_format_text("cannot be started: %s",
                             rf_os_error_text(end->start_errno, text, sizeof text)));
    else if (end->timed_out)
        judge(result, RUN_TIMEOUT,
              rf_format_text("still running after %.3g s and killed; raise limits.timeout in the "
                             "suite or --timeout",
                             (double)job->timeout_ns / 1e9));
    else if (end->flooded)
        judge(result, RUN_CRASH,
              rf_format_text("printed more than %d MiB and was killed", OUTPUT_MOST >> 20));
    else if (end->wait_status)
        judge(result, RUN_CRASH,
              rf_format_text("%s%s%.*s", run_describe_status(end->wait_status, text, sizeof text),
                             length ? ": " : "", length, said));
    else if (end->left_processes)
        judge(result, RUN_CRASH,
              rf_format_text("left %u process%s running, now killed; a benchmark has to wait for "
                             "what it starts",
                             end->left_processes, end->left_processes == 1 ? "" : "es"));
    return result->reason != NULL;
}

static bool judge_answer(run_result *result, const run_job *job)
{
    const run_sample *sample = &result->sample;
    if (sample->other_digest)
        judge(result, RUN_WRONG,
              rf_format_text("iteration %zu answers %.64s, iteration 1 answered %.64s",
                             sample->other_iteration, sample->other_digest, sample->digest));
    else if (job->expected && strcmp(job->expected, sample->digest) != 0)
        judge(result, RUN_WRONG,
              rf_format_text("answers %.24s%s, expected %.24s%s", sample->digest,
                             strlen(sample->digest) > 24 ? "..." : "", job->expected,
                             strlen(job->expected) > 24 ? "..." : ""));
    return result->reason != NULL;
}

/* A runner stops after ITERS iterations or when BUDGET_MS are used up, by its own clock. */
static bool used_what_it_was_given(const run_job *job, const double *times, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += times[i];
    return count >= job->input.iterations || sum >= 0.5e6 * (double)job->input.budget_ms;
}

/* S25.  What a process does after its last iteration is unknown, so as much time as its start took
 * (at least 20 ms) is granted for tearing down.  A process that had to wait for a CPU, or whose only
 * clock counts CPU time, is honest too: what it reports may fall short of the wall time of a busy
 * machine, but not of half the CPU time it used (which holds the start too, and is counted in ticks
 * of up to 10 ms), and it does not stop early. */
static stats_clock_fault find_clock_fault(const run_result *result, const run_job *job,
                                          const double *times)
{
    const run_sample *sample = &result->sample;
    bool only_work = sample->level == RUN_LEVEL_FULL;
    size_t count = sample->times.count;
    double startup = result->startup_ns > 0 ? (double)result->startup_ns : 0,
           wall = (double)result->wall_ns;
    double granted = startup + (startup > TEAR_DOWN_NS ? startup : TEAR_DOWN_NS);
    double cpu = (double)(result->exit.user_ns + result->exit.system_ns),
           resolution = (double)sample->clock_ns;
    stats_clock_fault fault =
        stats_check_clock(times, count, wall, granted, resolution, only_work);
    if (fault == STATS_CLOCK_TOO_SHORT && cpu < wall && used_what_it_was_given(job, times, count) &&
        stats_check_clock(times, count, cpu, granted, resolution, only_work) !=
            STATS_CLOCK_TOO_SHORT)
        fault = stats_check_clock(times, count, wall, granted, resolution, false);
    return fault;
}

/* Of a number as people read it: 0.0719, 84.8, 64000. */
static int decimals_of(double value)
{
    return value >= 100 ? 0 : value >= 1 ? 1 : 4;
}

static void judge_clock(run_result *result, const run_job *job)
{
    const run_sample *sample = &result->sample;
    size_t count = sample->times.count;
    double *times = rf_alloc_array(double, count + 1), sum = 0;
    for (size_t i = 0; i < count; i++) sum += times[i] = (double)sample->times.data[i];
    stats_clock_fault fault = find_clock_fault(result, job, times);
    if (fault == STATS_CLOCK_TOO_COARSE)
        judge(result, RUN_CLOCK,
              rf_format_text("iterations of %.3g us are too short for a clock of %lld ns; use a "
                             "larger size",
                             sum / (double)count / 1e3, (long long)sample->clock_ns));
    else if (fault)
        judge(result, RUN_CLOCK,
              rf_format_text("%s (%.*f ms reported, %.*f ms lived): does it report nanoseconds?",
                             stats_clock_fault_text(fault), decimals_of(sum / 1e6), sum / 1e6,
                             decimals_of((double)result->wall_ns / 1e6),
                             (double)result->wall_ns / 1e6));
    rf_free(times);
}

static void take_times(run_result *result)
{
    run_sample *sample = &result->sample;
    if (sample->level == RUN_LEVEL_NONE) rf_vector_push(&sample->times, result->wall_ns);
    int64_t rest = 0;
    for (size_t i = 1; i < sample->times.count; i++) rest += sample->times.data[i];
    result->first_ns = sample->times.data[0];
    result->cold_ns = result->wall_ns - rest;
}

static void judge_all(run_result *result, const run_job *job)
{
    ruff_error err = RUFF_ERROR_INIT;
    ruff_status status = run_protocol_parse(result->out.data ? result->out.data : "",
                                            result->out.size, &result->sample, &err);
    if (judge_end(result, job)) {
        /* what it printed before does not matter */
    } else if (status) {
        judge(result, RUN_CRASH, rf_strdup(err.message));
    } else if (!judge_answer(result, job)) {
        if (result->sample.level != RUN_LEVEL_NONE) judge_clock(result, job);
        if (!result->reason) take_times(result);
    }
    ruff_error_release(&err);
}

/* ---- the whole ---- */

static void note_energy(run_result *result, const run_energy *before)
{
    run_energy after;
    run_energy_read(&after);
    result->energy.status = before->status;
    if (before->status == RUN_COUNTER_OK)
        result->energy.value = stats_energy_used(before->microjoule, after.microjoule,
                                                 before->range, before->package_count);
}

static ruff_status run_child(run_launcher *launcher, const run_job *job, const char *program,
                             char *const *argv, char *const *env, run_result *result,
                             ruff_error *err)
{
    start_watch watch = {.rss_bytes = RUN_UNKNOWN};
    run_listener listener = {hear_start, &watch};
    run_command command = {.program = program,
                           .argv = (const char *const *)argv,
                           .env = (const char *const *)env,
                           .directory = job->variant->directory,
                           .timeout_ns = job->timeout_ns,
                           .memory_bytes = job->memory_bytes,
                           .cpus = job->cpus,
                           .counters = job->counters,
                           .output_bytes = OUTPUT_MOST};
    int64_t steal = run_machine_steal_ns();
    run_energy energy = {.status = RUN_COUNTER_UNAVAILABLE};
    if (job->counters) run_energy_read(&energy);
    result->started_wall_ns = rf_clock_wall_ns();
    ruff_status status = run_launcher_run(launcher, &command, &listener, job->interrupt,
                                          &result->out, &result->errors, &result->exit, err);
    if (job->counters) note_energy(result, &energy);
    if (status) return status;
    if (steal >= 0) result->steal_ns = run_machine_steal_ns() - steal;
    result->interrupted = result->exit.interrupted;
    result->wall_ns = result->exit.ended_ns - result->exit.started_ns;
    if (watch.at_ns) result->startup_ns = watch.at_ns - result->exit.started_ns;
    result->rss_base_bytes = watch.rss_bytes;
    return RUFF_OK;
}

ruff_status run_measure(run_launcher *launcher, const run_job *job, run_result *result,
                        ruff_error *err)
{
    const run_variant *variant = job->variant;
    template_words argv = {0}, env = {0};
    ruff_status status = RUFF_OK;
    *result = (run_result){.pad_bytes = job->pad_bytes,
                           .startup_ns = RUN_UNKNOWN,
                           .first_ns = RUN_UNKNOWN,
                           .cold_ns = RUN_UNKNOWN,
                           .rss_base_bytes = RUN_UNKNOWN,
                           .steal_ns = RUN_UNKNOWN};
    run_variant_argv(variant, &job->input, job->suite, &argv);
    run_child_env(variant->language, variant->mode, job->pad_bytes, &env);
    char *program = run_program_find(argv.data[0], variant->directory);
    if (!program) {
        judge(result, RUN_MISSING, rf_format_text("%s: no such program", argv.data[0]));
    } else {
        status = run_child(launcher, job, program, argv.data, env.data, result, err);
        if (!status && !result->interrupted) judge_all(result, job);
    }
    rf_free(program);
    template_words_release(&argv);
    template_words_release(&env);
    return status;
}

void run_result_release(run_result *result)
{
    run_sample_release(&result->sample);
    rf_buffer_release(&result->out);
    rf_buffer_release(&result->errors);
    rf_free(result->reason);
    result->reason = NULL;
}
