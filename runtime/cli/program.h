/* What the commands share that load or run a program: reading its file, the run options, reporting. */
#ifndef RF_CLI_PROGRAM_H
#define RF_CLI_PROGRAM_H

#include "base/buffer.h"
#include "cli/command.h"
#include "ruff/ruff.h"

typedef struct cli_run_options { /* targets of the option tables below */
    int engine;       /* ruff_engine, or CLI_ENGINE_ASKED_JIT */
    int wants_json;
    int untrusted, allow_all;
    int counters;     /* print what was counted at the end */
    int capabilities; /* bits of the --allow-X given */
    char *overflow; /* the three are owned: popt allocates them */
    char *timeout;
    char *trace;
} cli_run_options;

enum { CLI_ENGINE_ASKED_JIT = 100 }; /* --jit was given: its absence is worth a line */

/* Option tables over one cli_run_options named `run`, for use inside a poptOption array. */
#define CLI_ENGINE_OPTIONS(run)                                                                                        \
    {"interpreter", '\0', POPT_ARG_VAL, &(run).engine, RUFF_ENGINE_INTERPRETER, "use the tree-walking interpreter",    \
     NULL},                                                                                                            \
        {"vm", '\0', POPT_ARG_VAL, &(run).engine, RUFF_ENGINE_VM, "use the bytecode VM without JIT", NULL},             \
    {                                                                                                                  \
        "jit", '\0', POPT_ARG_VAL, &(run).engine, CLI_ENGINE_ASKED_JIT, "use the VM with the JIT (default)", NULL           \
    }
#define CLI_ALLOW(run, flag, bits, what)                                                                               \
    {                                                                                                                  \
        flag, '\0', POPT_BIT_SET, &(run).capabilities, bits, "allow " what, NULL                                       \
    }
#define CLI_CAPABILITY_OPTIONS(run)                                                                                    \
    {"untrusted", '\0', POPT_ARG_VAL, &(run).untrusted, 1, "allow nothing but what --allow-X lists", NULL},            \
        {"allow-all", '\0', POPT_ARG_VAL, &(run).allow_all, 1, "allow everything", NULL},                              \
        CLI_ALLOW(run, "allow-fs-read", RUFF_CAN_READ_FILES, "reading files"),                                         \
        CLI_ALLOW(run, "allow-fs-write", RUFF_CAN_WRITE_FILES, "writing files"),                                       \
        CLI_ALLOW(run, "allow-fs-delete", RUFF_CAN_DELETE_FILES, "deleting files"),                                    \
        CLI_ALLOW(run, "allow-process-exec", RUFF_CAN_EXEC, "starting processes"),                                     \
        CLI_ALLOW(run, "allow-shell-exec", RUFF_CAN_SHELL, "running shell commands"),                                  \
        CLI_ALLOW(run, "allow-env-read", RUFF_CAN_READ_ENV, "reading the environment"),                                \
        CLI_ALLOW(run, "allow-env-write", RUFF_CAN_WRITE_ENV, "changing the environment"),                             \
        CLI_ALLOW(run, "allow-net-client", RUFF_CAN_CONNECT, "connecting to servers"),                                 \
        CLI_ALLOW(run, "allow-net-server", RUFF_CAN_SERVE, "serving"),                                                 \
        CLI_ALLOW(run, "allow-net", RUFF_CAN_CONNECT | RUFF_CAN_SERVE, "both"),                                        \
        CLI_ALLOW(run, "allow-database", RUFF_CAN_DATABASE, "databases"),                                              \
        CLI_ALLOW(run, "allow-clock", RUFF_CAN_CLOCK, "the clock"),                                                    \
        CLI_ALLOW(run, "allow-random", RUFF_CAN_RANDOM, "random numbers")

/* Defaults: engine by DISABLE_JIT. */
cli_run_options cli_run_options_default(void);
void cli_run_options_release(cli_run_options *options);
/* Options and environment (LANGUAGE 21.3) become a config.  CLI_CONTINUE or a usage error's exit code. */
int cli_make_config(const cli_command *command, const cli_run_options *options, ruff_config *config);
/* Reads FILE ("-": standard input).  CLI_CONTINUE, or CLI_EXIT_IO after the message of LANGUAGE 18.1.
 * *name: what messages show. */
int cli_read_program(const char *file, rf_buffer *source, const char **name);
/* A program whose standard output cannot be written ends at once, with a message and CLI_EXIT_IO. */
void cli_watch_output(ruff_vm *vm);
int cli_output_failed(int error); /* the message; CLI_EXIT_IO */
/* Prints err's report (or message) where it belongs and gives the exit code for it; releases err. */
int cli_report(ruff_error *err, const ruff_config *config);

#endif
