#include "run/tool.h"

#include "base/alloc.h"
#include "base/error.h"
#include "run/program.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *run_describe_status(int wait_status, char *text, size_t size)
{
    if (WIFSIGNALED(wait_status))
        snprintf(text, size, "signal %d (%s)", WTERMSIG(wait_status),
                 strsignal(WTERMSIG(wait_status)));
    else
        snprintf(text, size, "exit status %d", WEXITSTATUS(wait_status));
    return text;
}

static ruff_status judge(const char *name, const run_exit *ended, const rf_buffer *errors,
                         ruff_error *err)
{
    char text[128];
    const char *said = errors->data ? errors->data : "";
    int length = (int)strcspn(said, "\n");
    if (ended->start_errno)
        return rf_error_set(err, RUFF_E_IO, "%s: %s", name,
                            rf_os_error_text(ended->start_errno, text, sizeof text));
    if (ended->interrupted) return rf_error_set(err, RUFF_E_LIMIT, "%s: interrupted", name);
    if (ended->timed_out)
        return rf_error_set(err, RUFF_E_IO, "%s: took too long and was stopped", name);
    if (ended->wait_status == 0) return RUFF_OK;
    return rf_error_set(err, RUFF_E_IO, "%s: %s%s%.*s", name,
                        run_describe_status(ended->wait_status, text, sizeof text),
                        length ? ": " : "", length, said);
}

ruff_status run_tool(run_launcher *launcher, const run_tool_job *job, rf_buffer *out,
                     rf_buffer *errors, ruff_error *err)
{
    char *program = run_program_find(job->argv[0], job->directory);
    if (!program) return rf_error_set(err, RUFF_E_IO, "%s: not found", job->argv[0]);
    rf_buffer own_errors = RF_BUFFER_INIT;
    if (!errors) errors = &own_errors;
    run_command command = {.program = program,
                           .argv = job->argv,
                           .env = job->env ? job->env : (const char *const *)environ,
                           .directory = job->directory,
                           .timeout_ns =
                               job->timeout_ns ? job->timeout_ns : (int64_t)10 * 1000000000,
                           .output_bytes = (size_t)16 << 20};
    run_exit ended;
    ruff_status status =
        run_launcher_run(launcher, &command, NULL, job->interrupt, out, errors, &ended, err);
    if (!status) status = judge(job->argv[0], &ended, errors, err);
    rf_buffer_release(&own_errors);
    rf_free(program);
    return status;
}
