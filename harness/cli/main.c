/* ruffbench [global options] COMMAND [options] [arguments] */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "suite/nearest.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* The command line as typed; where the program lies is of no interest to who reads it in a report. */
static char *join(int argc, const char *const *argv)
{
    rf_buffer out = RF_BUFFER_INIT;
    for (int i = 0; i < argc; i++) {
        const char *slash = i ? NULL : strrchr(argv[i], '/');
        rf_buffer_format(&out, "%s%s", i ? " " : "", slash ? slash + 1 : argv[i]);
    }
    return rf_buffer_take(&out);
}

static bool choose_color(const cli_context *cli, report_color_choice *choice)
{
    static const char *const names[] = {"auto", "always", "never"};
    *choice = REPORT_COLOR_AUTO;
    for (size_t i = 0; cli->options.color && i < RF_COUNT_OF(names); i++)
        if (strcmp(names[i], cli->options.color) == 0) {
            *choice = (report_color_choice)i;
            return true;
        }
    if (!cli->options.color) return true;
    cli_usage_error(cli, "--color: `%s`; use auto, always or never", cli->options.color);
    return false;
}

static cli_exit unknown_command(const cli_context *cli, const char *name)
{
    RF_VECTOR(const char *) names = {0};
    for (size_t i = 0; cli_commands[i]; i++) rf_vector_push(&names, cli_commands[i]->name);
    const char *meant = nearest_name(name, names.data, names.count);
    rf_vector_release(&names);
    return cli_usage_error(cli, "there is no command `%s`%s%s%s", name,
                           meant ? "; did you mean `" : "; see --help", meant ? meant : "",
                           meant ? "`?" : "");
}

static cli_exit carry_out(cli_context *cli, const cli_command *command)
{
    ruff_error err = RUFF_ERROR_INIT;
    report_color_choice choice;
    if (cli->options.help) {
        cli_print_help(command, stdout);
        return CLI_EXIT_DONE;
    }
    if (!choose_color(cli, &choice)) return CLI_EXIT_USAGE;
    if (command->starts_children && run_launcher_start(&cli->launcher, &err))
        return cli_fail(cli, &err);
    cli->out = report_terminal_of(stdout, choice, (unsigned)cli->options.width);
    cli->err = report_terminal_of(stderr, choice, (unsigned)cli->options.width);
    return command->run(cli);
}

/* Options before the command are the global ones; what follows belongs to the command. */
static cli_exit dispatch(cli_context *cli, int argc, const char *const *argv, cli_kept *kept)
{
    ruff_error err = RUFF_ERROR_INIT;
    cli_words words = {0};
    if (cli_options_parse(&cli->options, NULL, argc, argv, true, kept, &words, &err))
        return cli_fail(cli, &err);
    const char *name = words.count ? words.data[0] : NULL;
    bool wants_help = cli->options.help || (name && strcmp(name, "help") == 0);
    cli_exit code;
    if (name && wants_help && strcmp(name, "help") == 0)
        name = words.count > 1 ? words.data[1] : NULL;
    const cli_command *command = name ? cli_find_command(name) : NULL;
    if (name && !command) {
        code = unknown_command(cli, name);
    } else if (!command) {
        cli_print_overview(wants_help ? stdout : stderr);
        code = wants_help ? CLI_EXIT_DONE : CLI_EXIT_USAGE;
    } else {
        cli->command = command->name;
        cli->options.help = wants_help;
        code = cli_options_parse(&cli->options, command->options, (int)words.count, words.data,
                                 false, kept, &cli->words, &err)
                   ? cli_fail(cli, &err)
                   : carry_out(cli, command);
    }
    rf_free(words.data);
    return code;
}

/* Standard streams that are closed would be the next files opened, and get what is printed. What
 * stands in for them cannot be written, so that nobody takes it for a stream. */
static void hold_streams(void)
{
    for (int stream = 0; stream <= 2; stream++)
        if (fcntl(stream, F_GETFD) < 0) (void)!open("/dev/null", O_RDONLY);
}

/* What could not be written is a failure, also of a command that did all else. */
static cli_exit close_output(cli_exit code)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    fputs("ruffbench: standard output cannot be written: what was printed is not complete\n", stderr);
    return cli_exit_worse(code, CLI_EXIT_INTERNAL);
}

int main(int argc, char **argv)
{
    hold_streams();
    setlocale(LC_CTYPE, "C.UTF-8");
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like a full disk */
    cli_context cli = {.command = ""};
    cli_kept kept = {0};
    char *line = join(argc, (const char *const *)argv);
    cli.command_line = line;
    cli_options_init(&cli.options);
    cli_exit code;
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        code = cmd_version.run(&cli);
    else
        code = dispatch(&cli, argc, (const char *const *)argv, &kept);
    code = close_output(code);
    store_close(cli.db);
    suite_free(cli.suite);
    run_launcher_stop(cli.launcher);
    rf_free(cli.root);
    rf_free(cli.build_directory);
    rf_free(cli.state_directory);
    rf_free(cli.db_path);
    rf_free((void *)cli.words.data);
    rf_free(line);
    cli_kept_release(&kept);
    return (int)code;
}
