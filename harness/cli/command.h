/* What a command is, and what it is given. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/exit_code.h"
#include "cli/option.h"
#include "report/terminal.h"
#include "run/launcher.h"
#include "store/db.h"
#include "suite/suite.h"

typedef struct cli_context {
    const char *command; /* its name, for messages */
    cli_options options;
    cli_words words;          /* arguments that are no options */
    const char *command_line; /* as typed */
    run_launcher *launcher;   /* NULL for commands that start no children */
    report_terminal out, err;
    /* Opened when first asked for: */
    char *root, *build_directory, *state_directory, *db_path;
    suite_catalog *suite;
    store_db *db;
} cli_context;

typedef struct cli_command {
    const char *name, *summary;
    const char *arguments;        /* after the options: "[SELECTOR ...]" */
    const char *about;            /* one or two sentences */
    const cli_option_id *options; /* end with CLI_OPTION_END; besides the global ones */
    const char *examples;         /* command lines that work, one a line */
    bool starts_children;
    cli_exit (*run)(cli_context *cli);
} cli_command;

#define CLI_COMMAND(name) extern const cli_command cmd_##name;
#include "cli/command.def"
#undef CLI_COMMAND

/* All commands, ends with NULL. */
extern const cli_command *const cli_commands[];
const cli_command *cli_find_command(const char *name); /* NULL when there is none */

void cli_print_overview(FILE *out);
void cli_print_help(const cli_command *command, FILE *out);

/* Prints "ruffbench COMMAND: MESSAGE" to standard error and gives the exit code that goes with err.
 */
cli_exit cli_fail(const cli_context *cli, ruff_error *err);
/* The same with a message of its own, exit 2. */
cli_exit cli_usage_error(const cli_context *cli, const char *format, ...) RF_PRINTF(2, 3);
/* Writes a buffer to standard output and empties it. */
void cli_print(rf_buffer *out);
/* A line on standard error unless --quiet. */
void cli_note(const cli_context *cli, const char *format, ...) RF_PRINTF(2, 3);

/* Where bin/ with the programs to measure is: --build, or where this program lies (once the suite is
 * open, what its `checkout` builds, when this program lies outside the project).  New. */
char *cli_find_build_directory(const cli_context *cli);
/* Suite and store of the current directory; CLI_EXIT_DONE or the code to end with, the message is
 * printed. */
cli_exit cli_open_suite(cli_context *cli);
cli_exit cli_open_store(cli_context *cli, store_mode mode);
/* PATH of .ruffbench/NAME, made if it is not there; new. NULL with err set when that fails. */
char *cli_state_directory(cli_context *cli, const char *name, ruff_error *err);
/* Where charts go, beside the database: results.db has results-charts/. */
char *cli_chart_directory(const cli_context *cli, ruff_error *err);

typedef enum cli_format {
    CLI_FORMAT_TEXT,
    CLI_FORMAT_JSON,
    CLI_FORMAT_CSV,
    CLI_FORMAT_MD
} cli_format;
/* --format and its short forms; false after a message when they make no sense. */
bool cli_choose_format(const cli_context *cli, cli_format *format);

#endif
