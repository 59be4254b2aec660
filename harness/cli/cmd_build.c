/* Builds what needs building, and says how long it took. */
#include "cli/selection.h"

#include "base/error.h"
#include "report/number.h"

#include <unistd.h>

static bool print_variant(const run_variant *variant)
{
    char duration[REPORT_NUMBER_SIZE];
    if (variant->language->build_count == 0 || variant->state == RUN_VARIANT_MISSING) return true;
    bool built = variant->state == RUN_VARIANT_READY;
    printf("%-8s %s@%s  %s\n", built ? "built" : "failed", variant->benchmark->name, variant->label,
           built ? report_duration((double)variant->build_ns, duration) : variant->reason);
    return built;
}

static cli_exit build(cli_context *cli, cli_selection *selection)
{
    ruff_error err = RUFF_ERROR_INIT;
    run_interrupt interrupt;
    bool fine = true;
    if (run_interrupt_open(&interrupt, &err)) return cli_fail(cli, &err);
    cli_build(cli, selection, &interrupt);
    if (cli->options.force) { /* what was used from the cache is removed and built again */
        for (size_t g = 0; g < selection->groups.count; g++)
            for (size_t v = 0; v < selection->groups.data[g]->variants.count; v++)
                if (selection->groups.data[g]->variants.data[v].built)
                    unlink(selection->groups.data[g]->variants.data[v].built);
        cli_build(cli, selection, &interrupt);
    }
    run_interrupt_close(&interrupt);
    for (size_t g = 0; g < selection->groups.count; g++)
        for (size_t v = 0; v < selection->groups.data[g]->variants.count; v++)
            fine = print_variant(&selection->groups.data[g]->variants.data[v]) && fine;
    return interrupt.requested ? CLI_EXIT_INTERRUPTED : fine ? CLI_EXIT_DONE : CLI_EXIT_FAILED;
}

static cli_exit run(cli_context *cli)
{
    cli_selection selection;
    cli_exit code = cli_open_suite(cli);
    if (code) return code;
    code = cli_select(cli, "default", &selection);
    if (!code) code = build(cli, &selection);
    cli_selection_release(&selection);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_langs, CLI_OPTION_modes, CLI_OPTION_tag,
                                        CLI_OPTION_force, CLI_OPTION_END};

const cli_command cmd_build = {
    .name = "build",
    .summary = "build programs, cached by digest",
    .arguments = "[BENCH[@LANG[:MODE]] ...]",
    .about = "Builds the programs of languages that need it. A build is used again while sources, "
             "flags and toolchain are the same; --force builds anew.",
    .options = options,
    .examples = "ruffbench build\n"
                "ruffbench build fibonacci@go --force",
    .starts_children = true,
    .run = run};
