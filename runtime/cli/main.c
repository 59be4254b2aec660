/* The `ruff` program: finds the command and runs it. */
#include "cli/command.h"

#include "base/pages.h"
#include "cli/program.h"
#include "ruff/ruff.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const cli_command commands[] = {
#define CLI_COMMAND(name, text, usage, summary) {text, usage, summary, cmd_##name},
#include "cli/command.def"
#undef CLI_COMMAND
};

static const char *const elsewhere[] = {"serve", "init",  "package-add", "package-install", "package-publish",
                                        "docgen", "doctor", "pack",       "lsp"};

static void print_help(FILE *stream)
{
    fputs("Ruff: A modern programming language\n\nUsage: ruff COMMAND [OPTIONS] [ARGS]\n       ruff FILE.ruff [ARGS]\n\n"
          "Commands:\n",
          stream);
    for (size_t i = 0; i < RF_COUNT_OF(commands); i++)
        fprintf(stream, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\nOptions:\n  -h, --help     show this help\n  -V, --version  show the version\n\n"
          "Try 'ruff COMMAND --help'.\n",
          stream);
}

static const cli_command *find_command(const char *name)
{
    for (size_t i = 0; i < RF_COUNT_OF(commands); i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    for (size_t i = 0; i < RF_COUNT_OF(elsewhere); i++) {
        if (strcmp(elsewhere[i], name) == 0 || (strncmp(name, "lsp", 3) == 0 && i == RF_COUNT_OF(elsewhere) - 1)) {
            fprintf(stderr, "error: command '%s' is not available in this build\n", name);
            return CLI_EXIT_USAGE;
        }
    }
    const char *names[RF_COUNT_OF(commands)];
    for (size_t i = 0; i < RF_COUNT_OF(commands); i++) names[i] = commands[i].name;
    const char *near = cli_nearest(name, names, RF_COUNT_OF(names));
    fprintf(stderr, "error: unknown %s '%s'", name[0] == '-' ? "option" : "command", name);
    if (near) fprintf(stderr, " (did you mean '%s'?)", near);
    fputs("\nUsage: ruff COMMAND [OPTIONS] [ARGS]\nTry 'ruff --help'.\n", stderr);
    return CLI_EXIT_USAGE;
}

static bool ends_with_ruff(const char *name)
{
    size_t size = strlen(name);
    return size > 5 && strcmp(name + size - 5, ".ruff") == 0;
}

static int run_command(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return CLI_EXIT_USAGE;
    }
    const char *const *rest = (const char *const *)argv + 2;
    const char *first = argv[1];
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
        print_help(stdout);
        return CLI_EXIT_OK;
    }
    if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) {
        const char *reason = ruff_jit_unavailable();
        printf("ruff " RUFF_VERSION "\nJIT: %s", reason ? "unavailable (" : "available\n");
        if (reason) printf("%s)\n", reason);
        return CLI_EXIT_OK;
    }
    if (strcmp(first, "help") == 0) {
        const cli_command *command = argc > 2 ? find_command(argv[2]) : NULL;
        if (argc > 2 && !command) return unknown_command(argv[2]);
        const char *const help[] = {"--help"};
        if (command) return command->run(command, 1, help);
        print_help(stdout);
        return CLI_EXIT_OK;
    }
    const cli_command *command = find_command(first);
    if (command) return command->run(command, argc - 2, rest);
    if (ends_with_ruff(first)) {
        command = find_command("run");
        return command->run(command, argc - 1, rest - 1);
    }
    return unknown_command(first);
}

/* The process is ours, other than that of a host of the library: what malloc has got stays, up to as much as base/pages
 * keeps.  Given back and taken again, the pages of an array of 10^5 values cost more than filling it (decisions/0015). */
static void keep_freed_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, RF_PAGES_RESERVE);
    mallopt(M_MMAP_THRESHOLD, RF_PAGES_RESERVE / 2);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    keep_freed_memory();
    const int code = run_command(argc, argv);
    errno = 0;
    const bool is_written = fflush(stdout) == 0 && !ferror(stdout);
    return is_written || code ? code : cli_output_failed(errno ? errno : EIO);
}
