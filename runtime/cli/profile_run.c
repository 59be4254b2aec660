/* One profiled run from its start to its report.
 *
 * The report is written exactly once: at the end of the run, by the worker that called exit(), or by the sampler when
 * the user interrupts, while the program's threads are held up. */
#include "cli/profile.h"
#include "cli/profile_keep.h"
#include "cli/program.h"
#include "cli/terminal.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "capi/vm.h"
#include "prof/sampler.h"
#include "report/console.h"
#include "report/report.h"
#include "ruff/version.h"
#include "sched/sched.h"
#include "value/memory_profile.h"
#include "value/profiling.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct profiled_run {
    const cli_profile_options *options;
    rf_profile profile;
    rf_prof_session *session; /* NULL: no CPU instrument */
    rf_memory_profile memory; /* its lock is that of the profile */
    ruff_vm *vm;
    cli_profile_perf perf;
    const rf_isolate *isolate;
    uint64_t began_ns;
    atomic_flag is_reported;
    uint32_t drawn_lines; /* of the live view */
    size_t broken_limits;
} profiled_run;

/* The one thing a signal handler can reach. */
static volatile sig_atomic_t is_interrupted;

static void interrupt(int number)
{
    (void)number;
    is_interrupted = 1;
}

/* ---- what the run was ---- */

static char *processor_name(void)
{
    rf_buffer text = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    char *name = NULL;
    if (rf_file_read("/proc/cpuinfo", &text, &err) == RUFF_OK && text.data) {
        const char *line = strstr(text.data, "model name");
        const char *colon = line ? strchr(line, ':') : NULL;
        if (colon) {
            colon += strspn(colon, ": \t");
            name = rf_strndup(colon, strcspn(colon, "\n"));
        }
    }
    ruff_error_release(&err);
    rf_buffer_release(&text);
    return name ? name : rf_strdup("unknown");
}

static char *join_arguments(const ruff_config *config)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_append_text(&text, "");
    for (int i = 0; i < config->arg_count; i++)
        rf_buffer_format(&text, "%s%s", i ? " " : "", config->args[i]);
    return text.data ? rf_buffer_take(&text) : rf_strdup("");
}

static void describe_run(rf_prof_run *run, const ruff_config *config, const cli_profile_options *options,
                         const char *name)
{
    struct utsname system;
    static const char *const engines[] = {
        [RUFF_ENGINE_INTERPRETER] = "interpreter", [RUFF_ENGINE_VM] = "vm", [RUFF_ENGINE_JIT] = "jit"};
    uname(&system);
    run->script = rf_strdup(name);
    run->arguments = join_arguments(config);
    run->engine = rf_strdup(engines[config->engine]);
    run->version = rf_strdup(RUFF_VERSION);
    run->host = rf_strdup(system.nodename);
    run->kernel = rf_strdup(system.release);
    run->cpu = processor_name();
    run->started_unix = rf_clock_wall_ns() / 1000000000;
    run->has_cpu = options->cpu;
    run->has_memory = options->memory;
    run->has_jit = options->jit && config->engine == RUFF_ENGINE_JIT;
    run->mechanism = "none";
}

/* ---- the report ---- */

/* A pipe or a device cannot be replaced. */
static bool write_device(const char *path, const rf_buffer *text, char **error)
{
    FILE *file = fopen(path, "we");
    bool is_written = file && fwrite(text->data, 1, text->size, file) == text->size;
    if (file && fclose(file) != 0) is_written = false;
    if (!is_written) *error = rf_format_text("cannot write %s: %s", path, strerror(errno));
    return is_written;
}

static bool write_text(const char *path, const rf_buffer *text, char **error)
{
    if (!path) {
        fwrite(text->data, 1, text->size, stderr);
        return true;
    }
    ruff_error err = RUFF_ERROR_INIT;
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) return write_device(path, text, error);
    const bool is_written = rf_file_replace(path, text->data, text->size, &err) == RUFF_OK;
    if (!is_written) *error = rf_format_text("cannot write %s: %s", path, err.message);
    ruff_error_release(&err);
    return is_written;
}

static void append_report(const profiled_run *run, rf_buffer *out)
{
    const cli_profile_options *options = run->options;
    const rf_report_console_options console = {
        .top = options->top,
        .width = options->output ? 0 : cli_terminal_columns(STDERR_FILENO),
        .is_markdown = options->form == CLI_PROFILE_MARKDOWN,
        .has_colors = options->form == CLI_PROFILE_TEXT && !options->output && isatty(STDERR_FILENO) &&
                      !getenv("NO_COLOR")};
    if (options->form == CLI_PROFILE_JSON)
        rf_report_json(&run->profile, out);
    else
        rf_report_console(&run->profile, &console, out);
}

/* Keeps the profile, writes and checks limits, as far as that was asked for. */
static bool keep_and_judge(profiled_run *run, char **error)
{
    const cli_profile_options *options = run->options;
    int64_t id = 0;
    if (options->keeps) {
        if (!cli_profile_keep(&run->profile, options->db, options->label, &id, error)) return false;
        fprintf(stderr, "stored as profile %lld\n", (long long)id);
    }
    if (options->write_gate) {
        if (!cli_profile_write_gate(&run->profile, options->write_gate, error)) return false;
        fprintf(stderr, "wrote %s\n", options->write_gate);
    }
    return !options->gate || cli_profile_check_gate(&run->profile, options->gate, &run->broken_limits, error);
}

/* False when something could not be written. */
static bool write_all(profiled_run *run)
{
    const cli_profile_options *options = run->options;
    rf_buffer text = RF_BUFFER_INIT;
    char *error = NULL;
    append_report(run, &text);
    bool is_written = write_text(options->output, &text, &error);
    if (is_written && options->flamegraph) {
        is_written = rf_report_write(&run->profile, options->flamegraph, &error);
        if (is_written) fprintf(stderr, "wrote %s\n", options->flamegraph);
    }
    is_written = is_written && keep_and_judge(run, &error);
    if (!is_written) fprintf(stderr, "error: %s\n", error);
    rf_free(error);
    rf_buffer_release(&text);
    return is_written;
}

/* The time slice in which most was alive. */
static uint64_t find_peak(const rf_profile *profile)
{
    const rf_prof_slice *peak = NULL;
    for (size_t i = 0; i < profile->slices.count; i++)
        if (!peak || profile->slices.data[i].live_bytes > peak->live_bytes) peak = &profile->slices.data[i];
    return peak ? peak->start_ns : 0;
}

static void finish_profile(profiled_run *run, int exit_status)
{
    rf_prof_run *facts = &run->profile.run;
    facts->exit_status = exit_status;
    if (!facts->wall_ns) facts->wall_ns = (uint64_t)rf_clock_monotonic_ns() - run->began_ns;
    facts->peak_at_ns = find_peak(&run->profile);
    if (!facts->cpu_ns) facts->cpu_ns = (uint64_t)rf_clock_cpu_ns();
    for (size_t i = 1; i < run->profile.files.count; i++)
        facts->script_digest = facts->script_digest * 31 + run->profile.files.data[i].digest;
    if (facts->has_jit) cli_profile_rate_jit(&run->profile);
}

/* False when it could not be written. */
static bool dump_code(profiled_run *run)
{
    return !run->options->perf || cli_profile_perf_close(&run->perf);
}

/* ---- a run that does not come to its end ---- */

/* In the copy of the process. */
static void report_copy(profiled_run *run, int exit_status)
{
    if (run->profile.run.has_memory) rf_memory_profile_so_far(run->vm->isolate);
    if (run->profile.run.has_jit) cli_profile_add_jit(&run->profile, run->vm->isolate, run->began_ns);
    finish_profile(run, exit_status);
    const bool is_written = write_all(run);
    fflush(stderr);
    _exit(is_written ? 0 : 1);
}

/* What a copy that failed could not tell must not look as if there were nothing. */
static void report_without_copy(profiled_run *run, int exit_status)
{
    rf_prof_run *facts = &run->profile.run;
    if (facts->has_memory || facts->has_jit)
        fprintf(stderr, "memory and native code are not reported: the program did not come to its end\n");
    facts->has_memory = facts->has_jit = false;
    finish_profile(run, exit_status);
    write_all(run);
}

/* Until the copy ends, or uses no processor time for COPY_IDLE_MS: what another thread had locked when the copy was taken
 * stays locked in it.  Did it end by itself? */
static bool wait_for_copy(pid_t copy)
{
    enum { COPY_IDLE_MS = 10000, POLL_MS = 5 };
    const struct timespec between_looks = {.tv_nsec = POLL_MS * 1000000};
    struct timespec used = {0}, now = {0};
    clockid_t clock;
    const bool has_clock = clock_getcpuclockid(copy, &clock) == 0;
    int status = -1;
    for (int idle_ms = 0; idle_ms < COPY_IDLE_MS; idle_ms += POLL_MS) {
        const pid_t ended = waitpid(copy, &status, WNOHANG);
        if (ended == copy) return WIFEXITED(status);
        if (ended < 0 && errno != EINTR) return false;
        nanosleep(&between_looks, NULL);
        if (!has_clock || clock_gettime(clock, &now) != 0) continue;
        if (now.tv_sec != used.tv_sec || now.tv_nsec != used.tv_nsec) idle_ms = 0;
        used = now;
    }
    kill(copy, SIGKILL);
    while (waitpid(copy, &status, 0) < 0 && errno == EINTR) continue;
    return false;
}

/* The program may be anywhere and does not stop for us.  A copy of the process stands still: what the instruments of
 * the main isolate hold there is reported.  Should the copy have been taken in the middle of a change that its reports
 * do not survive, or wait for ever, another is; at last the original, which is as it was, reports the samples alone. */
static void report_unfinished(profiled_run *run, int exit_status)
{
    enum { COPIES = 3 };
    rf_prof_session_collect(run->session, &run->profile);
    dump_code(run);
    for (int i = 0; i < COPIES && run->vm; i++) {
        if (run->options->memory) pthread_mutex_lock(&run->memory.lock);
        const pid_t copy = fork();
        if (run->options->memory) pthread_mutex_unlock(&run->memory.lock);
        if (copy == 0) report_copy(run, exit_status);
        if (copy < 0) break;
        if (wait_for_copy(copy)) return;
    }
    report_without_copy(run, exit_status);
}

/* exit() in a worker.  The output is flushed already. */
static void end_process(void *context, int code)
{
    (void)context;
    profiled_run *run = context;
    if (!atomic_flag_test_and_set(&run->is_reported)) {
        report_unfinished(run, code);
        fflush(NULL);
    } else {
        pause(); /* whoever reports ends the process */
    }
    _exit(code);
}

/* ---- while it runs ---- */

static void draw(profiled_run *run, rf_prof_session *session)
{
    rf_profile now;
    rf_buffer text = RF_BUFFER_INIT;
    rf_profile_init(&now);
    rf_prof_session_collect(session, &now);
    for (uint32_t i = 0; i < run->drawn_lines; i++) rf_buffer_append_text(&text, "\033[A\033[2K");
    run->drawn_lines = rf_report_live(&now, run->options->top, &text);
    fwrite(text.data, 1, text.size, stderr);
    rf_buffer_release(&text);
    rf_profile_release(&now);
}

/* By the sampler. */
static void watch(void *context, rf_prof_session *session)
{
    profiled_run *run = context;
    if (run->options->watches) draw(run, session);
    if (!is_interrupted || atomic_flag_test_and_set(&run->is_reported)) return;
    run->profile.run.was_interrupted = true;
    report_unfinished(run, 128 + SIGINT);
    fflush(stderr);
    signal(SIGINT, SIG_DFL); /* the program ends as it would have without us */
    sigset_t all;
    sigemptyset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    kill(getpid(), SIGINT);
    _exit(128 + SIGINT);
}

/* ---- the run ---- */

static void note_allocation(rf_isolate *isolate, uint64_t bytes)
{
    if (isolate->prof) rf_prof_note_allocation(isolate->prof, bytes);
}

static void start_instruments(profiled_run *run, rf_instruments *instruments)
{
    const cli_profile_options *options = run->options;
    pthread_mutex_init(&run->memory.lock, NULL);
    if (options->memory) {
        run->memory.profile = &run->profile;
        if (options->cpu) run->memory.sample = note_allocation;
        instruments->memory_profile = &run->memory;
    }
    rf_prof_loop_prices prices = {.sampled.share = 0};
    if (options->cpu) prices = cli_profile_prices();
    const rf_prof_options sampling = {.hz = options->hz,
                                      .is_quiet = !options->cpu,
                                      .is_uncounted = !options->cpu && !options->gate && !options->write_gate,
                                      .prices = prices,
                                      .watch = watch,
                                      .watch_context = run};
    run->session = rf_prof_session_new(&sampling);
    instruments->prof = run->session;
    const struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART};
    sigaction(SIGINT, &action, NULL);
}

static void add_jit(profiled_run *run, const rf_isolate *isolate)
{
    pthread_mutex_lock(&run->memory.lock);
    if (run->profile.run.has_jit) cli_profile_add_jit(&run->profile, isolate, run->began_ns);
    pthread_mutex_unlock(&run->memory.lock);
}

/* Instead of the host's own: what its JIT noted is kept. */
static void free_worker(rf_isolate *worker)
{
    add_jit(worker->host->end_context, worker);
    rf_capi_free_isolate(worker);
}

/* The program's exit code; the isolate still stands. */
static int run_program(profiled_run *run, const rf_buffer *source, const char *name, const ruff_config *config)
{
    ruff_error err = RUFF_ERROR_INIT;
    run->vm->host.end_process = end_process;
    run->vm->host.end_context = run;
    run->vm->host.free_worker = free_worker;
    rf_profiling_begin(run->vm->isolate);
    const ruff_status status = ruff_run(run->vm, source->data, source->size, name, &err);
    rf_profiling_end(run->vm->isolate);
    if (!status) return CLI_EXIT_OK;
    return cli_report(&err, config);
}

int cli_profile_run(const ruff_config *config, const cli_profile_options *options, const rf_buffer *source,
                    const char *name)
{
    profiled_run run = {.options = options, .began_ns = (uint64_t)rf_clock_monotonic_ns()};
    rf_instruments instruments = {0};
    ruff_error err = RUFF_ERROR_INIT;
    if (options->perf && !cli_profile_perf_open(&run.perf)) return CLI_EXIT_IO;
    rf_profile_init(&run.profile);
    describe_run(&run.profile.run, config, options, name);
    start_instruments(&run, &instruments);
    ruff_config chosen = *config;
    if (options->memory) chosen.globals = RUFF_GLOBALS_KEEP; /* what they keep alive is to be found */
    if (rf_capi_vm_new(&chosen, &instruments, &run.vm, &err)) return cli_report(&err, config);
    cli_watch_output(run.vm);
    if (options->perf) cli_profile_perf_follow(&run.perf, &run.vm->host);
    const int code = run_program(&run, source, name, config);
    const bool has_workers = rf_sched_worker_count(run.vm->isolate->sched) > 0;
    add_jit(&run, run.vm->isolate);
    const bool is_dumped = dump_code(&run);
    if (has_workers) pthread_mutex_lock(&run.memory.lock); /* for good: those that end now come too late */
    if (!has_workers) ruff_vm_free(run.vm); /* what is left now has leaked */
    fflush(stdout);
    rf_prof_session_stop(run.session);
    if (atomic_flag_test_and_set(&run.is_reported)) pause();
    rf_prof_session_collect(run.session, &run.profile);
    finish_profile(&run, code);
    const bool is_written = write_all(&run) && is_dumped;
    const int end_code = code ? code : !is_written ? CLI_EXIT_IO : run.broken_limits ? CLI_EXIT_FAILED : CLI_EXIT_OK;
    if (has_workers) { /* a program that ends by an error or exit() does not wait for them (LANGUAGE 14.4) */
        fflush(NULL);
        _exit(end_code);
    }
    rf_prof_session_free(run.session);
    rf_profile_release(&run.profile);
    pthread_mutex_destroy(&run.memory.lock);
    return end_code;
}
