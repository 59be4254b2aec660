/* Reading, configuring and reporting on programs. */
#include "cli/program.h"

#include "base/alloc.h"
#include "base/file.h"
#include "capi/vm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

cli_run_options cli_run_options_default(void)
{
    return (cli_run_options){.engine = getenv("DISABLE_JIT") ? RUFF_ENGINE_VM : RUFF_ENGINE_JIT};
}

void cli_run_options_release(cli_run_options *options)
{
    rf_free(options->overflow);
    rf_free(options->timeout);
    rf_free(options->trace);
}

/* A whole decimal number of text; false otherwise. */
static bool read_number(const char *text, long long *out)
{
    char *end;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return *text && !*end && !errno;
}

static void apply_environment(ruff_config *config)
{
    long long number;
    const char *text = getenv("RUFF_SCHEDULER_TIMEOUT_MS");
    if (text && read_number(text, &number) && number > 0) config->scheduler_timeout_ms = number;
    text = getenv("RUFF_MAX_CALL_DEPTH");
    if (text && read_number(text, &number) && number >= 16 && number <= 1000000)
        config->max_call_depth = (uint32_t)number;
    text = getenv("RUFF_INT_OVERFLOW");
    if (text && strcmp(text, "wrap") == 0) config->overflow = RUFF_OVERFLOW_WRAP;
}

int cli_make_config(const cli_command *command, const cli_run_options *options, ruff_config *config)
{
    *config = ruff_config_default();
    config->globals = RUFF_GLOBALS_PRIVATE;
    apply_environment(config);
    config->engine = (ruff_engine)options->engine;
    if (options->engine == CLI_ENGINE_ASKED_JIT) {
        config->engine = RUFF_ENGINE_JIT;
        config->jit_notice = RUFF_JIT_ABSENCE;
    }
    if (getenv("DISABLE_JIT") && config->engine == RUFF_ENGINE_JIT) config->engine = RUFF_ENGINE_VM;
    if (options->wants_json) config->report = RUFF_REPORT_JSON;
    if (!options->allow_all && (options->untrusted || options->capabilities))
        config->capabilities = (uint32_t)options->capabilities;
    if (options->overflow) {
        if (strcmp(options->overflow, "wrap") == 0)
            config->overflow = RUFF_OVERFLOW_WRAP;
        else if (strcmp(options->overflow, "error") == 0)
            config->overflow = RUFF_OVERFLOW_ERROR;
        else
            return cli_usage_error(command, "--int-overflow takes error or wrap, not '%s'", options->overflow);
    }
    if (options->trace) {
        if (strcmp(options->trace, "jit") != 0)
            return cli_usage_error(command, "--trace takes jit, not '%s'", options->trace);
        config->jit_notice = RUFF_JIT_TRACE;
    }
    if (options->timeout) {
        long long ms;
        if (!read_number(options->timeout, &ms))
            return cli_usage_error(command, "--scheduler-timeout-ms takes a number, not '%s'", options->timeout);
        if (ms <= 0) return cli_usage_error(command, "Scheduler timeout must be greater than 0ms");
        config->scheduler_timeout_ms = ms;
    }
    return CLI_CONTINUE;
}

int cli_read_program(const char *file, rf_buffer *source, const char **name)
{
    ruff_error err = RUFF_ERROR_INIT;
    *name = strcmp(file, "-") == 0 ? "<stdin>" : file;
    if (rf_file_read(file, source, &err) == RUFF_OK) return CLI_CONTINUE;
    fprintf(stderr, "[RUFCLI001] [cli] error: Failed to read .ruff file '%s': %s\n", file, err.message);
    ruff_error_release(&err);
    return CLI_EXIT_IO;
}

int cli_output_failed(int error)
{
    fprintf(stderr, "[RUFCLI001] [cli] error: Failed to write standard output: %s\n", strerror(error));
    return CLI_EXIT_IO;
}

static void end_unheard(int error)
{
    _exit(cli_output_failed(error));
}

void cli_watch_output(ruff_vm *vm)
{
    vm->output.when_failed = end_unheard;
}

int cli_report(ruff_error *err, const ruff_config *config)
{
    int code = err->exit_code;
    if (err->status != RUFF_E_EXIT) {
        bool is_json = config->report == RUFF_REPORT_JSON && err->status == RUFF_E_RUNTIME;
        FILE *stream = is_json ? stdout : stderr;
        if (err->report)
            fputs(err->report, stream);
        else
            fprintf(stream, "error: %s\n", err->message ? err->message : ruff_status_name(err->status));
        if (code == 0) code = CLI_EXIT_INTERNAL;
    }
    ruff_error_release(err);
    return code;
}
