/* Help, from the same tables that parsing uses. */
#include "cli/command.h"

#include "base/alloc.h"

#include <string.h>

enum { WIDTH = 79, OPTION_COLUMN = 24 };

const cli_command *const cli_commands[] = {
#define CLI_COMMAND(name) &cmd_##name,
#include "cli/command.def"
#undef CLI_COMMAND
    NULL};

const cli_command *cli_find_command(const char *name)
{
    for (size_t i = 0; cli_commands[i]; i++)
        if (strcmp(cli_commands[i]->name, name) == 0) return cli_commands[i];
    return NULL;
}

/* Words of text in lines of at most WIDTH columns, each line after the first begun with indent
 * spaces; column is where the first one starts. */
static void print_wrapped(FILE *out, const char *text, size_t column, size_t indent)
{
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, " ");
        if (column > indent && column + 1 + length > WIDTH) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (at != text) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", (int)length, at);
        column += length;
        at += length + strspn(at + length, " ");
    }
    fputc('\n', out);
}

static void print_option(FILE *out, const cli_option_row *row)
{
    char names[64], letter[8] = "    ";
    if (row->short_name) snprintf(letter, sizeof letter, "-%c, ", row->short_name);
    int size = snprintf(names, sizeof names, "  %s--%s%s%s", letter, row->long_name,
                        row->argument ? " " : "", row->argument ? row->argument : "");
    fprintf(out, "%-*s ", OPTION_COLUMN, names);
    print_wrapped(out, row->help, size < OPTION_COLUMN ? OPTION_COLUMN + 1 : (size_t)size + 1,
                  OPTION_COLUMN + 1);
}

static void print_options(FILE *out, const char *title, const cli_option_id *list)
{
    if (!list || *list == CLI_OPTION_END) return;
    fprintf(out, "\n%s\n", title);
    for (; *list != CLI_OPTION_END; list++) print_option(out, cli_option_row_of(*list));
}

static void print_exit_codes(FILE *out)
{
    fputs("\nExit codes, the first that applies:\n", out);
#define CLI_EXIT(name, code, meaning) fprintf(out, "  %3d  %s\n", code, meaning);
#include "cli/exit_code.def"
#undef CLI_EXIT
}

void cli_print_overview(FILE *out)
{
    fputs("Usage: ruffbench [OPTIONS] COMMAND [ARGUMENTS]\n\n"
          "Compares languages and their engines on the same work: answers verified, order\n"
          "randomised, every sample stored.\n\nCommands:\n",
          out);
    for (size_t i = 0; cli_commands[i]; i++)
        fprintf(out, "  %-12s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
    print_options(out, "Options of every command:", cli_global_options);
    print_exit_codes(out);
    fputs("\nExamples:\n  ruffbench compare fibonacci\n  ruffbench list\n  ruffbench compare "
          "--help\n",
          out);
}

void cli_print_help(const cli_command *command, FILE *out)
{
    fprintf(out, "Usage: ruffbench %s [OPTIONS]%s%s\n\n", command->name,
            *command->arguments ? " " : "", command->arguments);
    print_wrapped(out, command->about, 0, 0);
    print_options(out, "Options:", command->options);
    print_options(out, "Options of every command:", cli_global_options);
    fputs("\nExamples:\n", out);
    for (const char *at = command->examples; *at;) {
        size_t length = strcspn(at, "\n");
        fprintf(out, "  %.*s\n", (int)length, at);
        at += length + (at[length] == '\n');
    }
}
