/* ruff test: snapshot tests, every program in every engine (LANGUAGE 18.5). */
#include "cli/command.h"
#include "cli/directory.h"
#include "cli/engines.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* ---- running a child ---- */

static int make_temporary(void)
{
    char path[] = "/tmp/ruff-test-XXXXXX";
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) unlink(path);
    return fd;
}

static void read_back(int fd, rf_buffer *out)
{
    char chunk[8192];
    lseek(fd, 0, SEEK_SET);
    for (ssize_t got; (got = read(fd, chunk, sizeof chunk)) > 0;) rf_buffer_append(out, chunk, (size_t)got);
    close(fd);
}

/* Runs `ruff run FILE ENGINE`; exit status (or 128 + signal), -1 when it could not be started. */
static int run_child(const char *file, const char *engine_option, rf_buffer *out, rf_buffer *err)
{
    int out_fd = make_temporary(), err_fd = make_temporary(), status = -1;
    pid_t pid;
    char *const argv[] = {(char *)"ruff", (char *)"run", (char *)(uintptr_t)file, (char *)(uintptr_t)engine_option, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err_fd, STDERR_FILENO);
    if (posix_spawn(&pid, "/proc/self/exe", &actions, NULL, argv, environ) == 0) {
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
        status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    posix_spawn_file_actions_destroy(&actions);
    read_back(out_fd, out);
    read_back(err_fd, err);
    return status;
}

/* ---- normalising ---- */

static bool is_space(char c)
{
    return isspace((unsigned char)c) != 0;
}

static void append_stripped(rf_buffer *to, const rf_buffer *from)
{
    size_t start = 0, end = from->size;
    while (start < end && is_space(from->data[start])) start++;
    while (end > start && is_space(from->data[end - 1])) end--;
    if (start == end) return;
    if (to->size) rf_buffer_append_byte(to, '\n');
    rf_buffer_append(to, from->data + start, end - start);
}

/* Length of " (took ~...ms)" at text, 0 when it is not there. */
static size_t match_took(const char *text)
{
    static const char head[] = " (took ~";
    if (strncmp(text, head, sizeof head - 1) != 0) return 0;
    const char *end = strstr(text, "ms)");
    const char *line_end = strchr(text, '\n');
    return end && (!line_end || end < line_end) ? (size_t)(end + 3 - text) : 0;
}

/* Drops the lines and the texts that differ from run to run; out is empty at the start. */
static void normalise(const rf_buffer *text, rf_buffer *out)
{
    static const char noise[] = "Compiler optimization:";
    const char *at = text->data, *end = text->data + text->size;
    while (at && at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *stop = line_end ? line_end : end;
        if (strncmp(at, noise, sizeof noise - 1) != 0) {
            if (out->size) rf_buffer_append_byte(out, '\n');
            while (at < stop) {
                size_t skip = match_took(at);
                if (skip)
                    at += skip;
                else
                    rf_buffer_append_byte(out, *at++);
            }
        }
        at = stop + 1;
    }
}

static void normalised_output(const rf_buffer *out, const rf_buffer *err, rf_buffer *result)
{
    rf_buffer joined = RF_BUFFER_INIT, clean = RF_BUFFER_INIT;
    append_stripped(&joined, out);
    if (err) append_stripped(&joined, err);
    normalise(&joined, &clean);
    append_stripped(result, &clean);
    rf_buffer_release(&joined);
    rf_buffer_release(&clean);
}

static bool same_text(const rf_buffer *a, const rf_buffer *b)
{
    return a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

static const char *text_of(const rf_buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}

/* ---- one program ---- */

typedef struct test_options {
    int update, verbose;
    const char *runtime; /* an engine's name or "all" */
} test_options;

static bool is_test_run_file(const char *file)
{
    rf_buffer source = RF_BUFFER_INIT;
    bool found = false;
    if (rf_file_read(file, &source, NULL) == RUFF_OK && source.size) {
        const char *end = source.data;
        for (int line = 0; line < 3 && end; line++) end = strchr(line ? end + 1 : end, '\n');
        size_t head = end ? (size_t)(end - source.data) : source.size;
        found = memmem(source.data, head, "Run with: ruff test-run", 23) != NULL;
    }
    rf_buffer_release(&source);
    return found;
}

static char *expected_path(const char *file)
{
    rf_buffer path = RF_BUFFER_INIT;
    rf_buffer_append(&path, file, strlen(file) - 5);
    rf_buffer_append_text(&path, ".out");
    return rf_buffer_take(&path);
}

/* Writes or compares the snapshot for one engine's output; true: passed. */
static bool judge(const char *file, const cli_engine *engine, const test_options *options, bool is_first, int status,
                  const rf_buffer *got)
{
    if (status != 0 && got->size == 0) {
        printf("[✗] %s\nThe program ended with status %d and printed nothing (%s)\n", file, status, engine->name);
        return false;
    }
    char *path = expected_path(file);
    rf_buffer raw = RF_BUFFER_INIT, expected = RF_BUFFER_INIT;
    bool passed = true;
    if ((options->update && is_first) || access(path, F_OK) != 0) {
        ruff_error err = RUFF_ERROR_INIT;
        rf_buffer text = RF_BUFFER_INIT;
        rf_buffer_append(&text, text_of(got), got->size);
        rf_buffer_append_byte(&text, '\n');
        passed = rf_file_replace(path, text.data, text.size, &err) == RUFF_OK;
        if (!passed) printf("[✗] %s\nCannot write file '%s': %s\n", file, path, err.message);
        rf_buffer_release(&text);
        ruff_error_release(&err);
    } else if (rf_file_read(path, &raw, NULL) == RUFF_OK) {
        normalised_output(&raw, NULL, &expected);
        passed = same_text(&expected, got);
        if (!passed)
            printf("[✗] %s\nExpected:\n%s\nGot (%s)\n%s\n", file, text_of(&expected), engine->name, text_of(got));
    } else {
        printf("[✗] %s\nCannot read file '%s'\n", file, path);
        passed = false;
    }
    rf_buffer_release(&raw);
    rf_buffer_release(&expected);
    rf_free(path);
    return passed;
}

static bool test_program(const char *file, const test_options *options)
{
    int64_t start = rf_clock_monotonic_ns();
    bool passed = true, is_first = true;
    for (size_t i = 0; passed && i < CLI_ENGINE_COUNT; i++) {
        const cli_engine *engine = &cli_engines[i];
        if (strcmp(options->runtime, "all") != 0 && strcmp(options->runtime, engine->name) != 0) continue;
        rf_buffer out = RF_BUFFER_INIT, err = RF_BUFFER_INIT, got = RF_BUFFER_INIT;
        /* native code by default: asked for, its absence would be told */
        int status = run_child(file, engine->engine == RUFF_ENGINE_JIT ? NULL : engine->option, &out, &err);
        normalised_output(&out, &err, &got);
        passed = judge(file, engine, options, is_first, status, &got);
        is_first = false;
        rf_buffer_release(&out);
        rf_buffer_release(&err);
        rf_buffer_release(&got);
    }
    if (passed) printf("[✓] %s (%.1fms)\n", file, (double)(rf_clock_monotonic_ns() - start) / 1e6);
    return passed;
}

static bool is_runtime(const char *name)
{
    bool found = strcmp(name, "all") == 0;
    for (size_t i = 0; i < CLI_ENGINE_COUNT; i++) found = found || strcmp(name, cli_engines[i].name) == 0;
    return found;
}

int cmd_test(const cli_command *self, int argc, const char *const *argv)
{
    test_options choice = {.runtime = "all"};
    char *runtime = NULL; /* popt's copy */
    const struct poptOption options[] = {
        {"update", '\0', POPT_ARG_NONE, &choice.update, 0, "write the expected output anew", NULL},
        {"runtime", '\0', POPT_ARG_STRING, &runtime, 0, "engine (all)", "interpreter|vm|jit|all"},
        {"verbose", 'v', POPT_ARG_NONE, &choice.verbose, 0, "name the files that are left out", NULL},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    cli_paths files = {NULL, 0, 0};
    size_t total = 0, passed = 0;

    int code = cli_parse(self, options, "Example:\n  ruff test examples --runtime vm\n", argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (runtime) choice.runtime = runtime;
    if (rest.count > 1 || !is_runtime(choice.runtime)) {
        code = rest.count > 1 ? cli_usage_error(self, "only one DIR at a time")
                              : cli_usage_error(self, "--runtime takes interpreter, vm, jit or all");
        goto done;
    }
    const char *dir = rest.count ? rest.items[0] : "tests";
    if (!cli_list_programs(dir, &files)) {
        char text[256];
        fprintf(stderr, "error: Cannot list directory '%s': %s\n", dir, rf_os_error_text(errno, text, sizeof text));
        code = CLI_EXIT_IO;
        goto done;
    }
    for (size_t i = 0; i < files.count; i++) {
        if (is_test_run_file(files.data[i])) {
            if (choice.verbose) printf("[-] %s (run with ruff test-run)\n", files.data[i]);
            continue;
        }
        total++;
        passed += test_program(files.data[i], &choice);
        fflush(stdout);
    }
    printf("\n[✓] Passed %zu/%zu tests\n", passed, total); /* the same mark always (LANGUAGE 18.5) */
    code = passed == total ? CLI_EXIT_OK : CLI_EXIT_FAILED;
done:
    cli_paths_release(&files);
    rf_free(rest.items);
    rf_free(runtime);
    return code;
}
