/* What every command of `ruff` is built from: its row, its options, its help. */
#ifndef RF_CLI_COMMAND_H
#define RF_CLI_COMMAND_H

#include "base/base.h"

#include <popt.h>

enum {
#define CLI_EXIT(name, number, meaning) CLI_EXIT_##name = number,
#include "cli/exit_code.def"
#undef CLI_EXIT
};

typedef struct cli_command {
    const char *name;
    const char *usage;   /* after the name */
    const char *summary;
    int (*run)(const struct cli_command *self, int argc, const char *const *argv); /* argv after the name */
} cli_command;

typedef struct cli_arguments {
    const char **items; /* what is left after the options; items borrows from argv; rf_free(items) */
    int count;
} cli_arguments;

enum { CLI_CONTINUE = -1 };

/* Parses argv with a popt table, handling --help and -h.  CLI_CONTINUE, or the exit code to return now (after a
 * message on standard error or the help on standard output).  `notes` follows the options in the help: examples. */
int cli_parse(const cli_command *command, const struct poptOption *options, const char *notes, int argc,
              const char *const *argv, cli_arguments *rest);
/* As cli_parse for commands that hand arguments to a program (LANGUAGE 18.2): options count before the file and after
 * it up to the first argument that is none; `--` ends them and is dropped.  rest: the file, then the program's. */
int cli_parse_program(const cli_command *command, const struct poptOption *options, const char *notes, int argc,
                      const char *const *argv, cli_arguments *rest);
/* "error: ..." and the usage line on standard error; CLI_EXIT_USAGE. */
int cli_usage_error(const cli_command *command, const char *format, ...) RF_PRINTF(2, 3);
/* The closest of count names within edit distance 2 of word, or NULL. */
const char *cli_nearest(const char *word, const char *const *names, size_t count);

#define CLI_COMMAND(name, text, usage, summary) int cmd_##name(const cli_command *self, int argc, const char *const *argv);
#include "cli/command.def"
#undef CLI_COMMAND

#endif
