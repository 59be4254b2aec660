/* The modes of the project's own language, side by side: compare with the language chosen. */
#include "cli/command.h"

static cli_exit run(cli_context *cli)
{
    cli_exit code = cli_open_suite(cli);
    if (code) return code;
    for (size_t i = 0; i < cli->suite->languages.count && !cli->options.langs; i++)
        if (cli->suite->languages.data[i]->subject)
            cli->options.langs = cli->suite->languages.data[i]->name;
    if (!cli->options.langs)
        return cli_usage_error(
            cli,
            "no language is marked `subject: true` in suites/languages/; name one with --langs");
    return cmd_compare.run(cli);
}

static const cli_option_id options[] = {
    CLI_OPTION_langs,    CLI_OPTION_modes, CLI_OPTION_sizes,  CLI_OPTION_blocks, CLI_OPTION_quick,
    CLI_OPTION_rigorous, CLI_OPTION_iters, CLI_OPTION_budget, CLI_OPTION_ref,    CLI_OPTION_metric,
    CLI_OPTION_margin,   CLI_OPTION_seed,  CLI_OPTION_json,   CLI_OPTION_csv,    CLI_OPTION_md,
    CLI_OPTION_no_chart, CLI_OPTION_END};

const cli_command cmd_modes = {
    .name = "modes",
    .summary = "the engines of one language side by side",
    .arguments = "[BENCH[/SIZE] ...]",
    .about = "Compares the modes of the project's own language: interpreter, VM, JIT.",
    .options = options,
    .examples = "ruffbench modes fibonacci\n"
                "ruffbench modes --sizes small --quick",
    .starts_children = true,
    .run = run};
