/* Completion scripts, from the tables of commands and options. */
#include "cli/command.h"

#include <string.h>

static void each_option(const cli_option_id *list, void (*print)(const cli_option_row *))
{
    for (; list && *list != CLI_OPTION_END; list++) print(cli_option_row_of(*list));
}

/* ---- bash ---- */

static void bash_option(const cli_option_row *row)
{
    printf(" --%s", row->long_name);
}

static void print_bash(void)
{
    printf("# bash completion of ruffbench:  source <(ruffbench completion bash)\n_ruffbench()\n{\n"
           "    local current=\"${COMP_WORDS[COMP_CWORD]}\" command=\"\" word words=\"\"\n"
           "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
           "        case \"$word\" in -*) ;; *) command=\"$word\"; break ;; esac\n    done\n"
           "    case \"$command\" in\n    \"\") words=\"");
    for (size_t i = 0; cli_commands[i]; i++) printf("%s ", cli_commands[i]->name);
    each_option(cli_global_options, bash_option);
    printf("\" ;;\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        printf("    %s) words=\"", cli_commands[i]->name);
        each_option(cli_commands[i]->options, bash_option);
        each_option(cli_global_options, bash_option);
        printf("\" ;;\n");
    }
    printf("    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\n"
           "complete -o default -F _ruffbench ruffbench\n");
}

/* ---- zsh ---- */

/* Text inside single quotes and brackets. */
static void zsh_text(const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else if (strchr("[]:\\", *text))
            printf("\\%c", *text);
        else
            putchar(*text);
    }
}

static void zsh_option(const cli_option_row *row)
{
    printf(" '--%s[", row->long_name);
    zsh_text(row->help);
    printf("]%s%s%s'", row->argument ? ":" : "", row->argument ? row->argument : "",
           row->argument ? ":_files" : "");
}

static void print_zsh(void)
{
    printf("#compdef ruffbench\n_ruffbench() {\n    local -a commands\n    commands=(\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        printf("        '%s:", cli_commands[i]->name);
        zsh_text(cli_commands[i]->summary);
        printf("'\n");
    }
    printf("    )\n    if (( CURRENT == 2 )); then _describe command commands; return; fi\n    "
           "case \"$words[2]\" in\n");
    for (size_t i = 0; cli_commands[i]; i++) {
        printf("    %s) _arguments", cli_commands[i]->name);
        each_option(cli_commands[i]->options, zsh_option);
        each_option(cli_global_options, zsh_option);
        printf(" '*:file:_files' ;;\n");
    }
    printf("    esac\n}\n_ruffbench \"$@\"\n");
}

/* ---- fish ---- */

static void fish_text(const char *text)
{
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\') putchar('\\');
        putchar(*text);
    }
}

static void fish_options(const char *command, const cli_option_id *list)
{
    for (; list && *list != CLI_OPTION_END; list++) {
        const cli_option_row *row = cli_option_row_of(*list);
        printf("complete -c ruffbench -n '__fish_seen_subcommand_from %s' -l %s%s -d '", command,
               row->long_name, row->argument ? " -r" : "");
        fish_text(row->help);
        printf("'\n");
    }
}

static void print_fish(void)
{
    for (size_t i = 0; cli_commands[i]; i++) {
        printf("complete -c ruffbench -n __fish_use_subcommand -a %s -d '", cli_commands[i]->name);
        fish_text(cli_commands[i]->summary);
        printf("'\n");
        fish_options(cli_commands[i]->name, cli_commands[i]->options);
    }
}

static cli_exit run(cli_context *cli)
{
    static const struct {
        const char *shell;
        void (*print)(void);
    } shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
    const char *shell = cli->words.count ? cli->words.data[0] : "";
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (strcmp(shells[i].shell, shell) == 0) {
            shells[i].print();
            return CLI_EXIT_DONE;
        }
    return cli_usage_error(cli, "name the shell: bash, zsh or fish");
}

const cli_command cmd_completion = {
    .name = "completion",
    .summary = "completion for bash, zsh and fish",
    .arguments = "bash | zsh | fish",
    .about = "Prints a script that completes commands and options in your shell.",
    .examples = "source <(ruffbench completion bash)\n"
                "ruffbench completion fish > ~/.config/fish/completions/ruffbench.fish",
    .run = run};
