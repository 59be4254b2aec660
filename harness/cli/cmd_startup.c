/* What an empty program costs in each language: the part of a short run that is not the benchmark.
 */
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "compare/set.h"
#include "report/compare.h"

#include <string.h>

static const suite_benchmark empty_program = {.name = (char *)"startup",
                                              .about = (char *)"an empty program",
                                              .rules = (char *)"nothing is done",
                                              .sizes = {.normal = 1},
                                              .unit = (char *)"",
                                              .style = (char *)"core",
                                              .timeout_ns = (int64_t)60 * 1000000000};

/* Writes .ruffbench/startup/LANGUAGE.EXT; new, NULL when that fails. */
static char *write_program(cli_context *cli, const suite_language *language, ruff_error *err)
{
    char *directory = cli_state_directory(cli, "startup", err);
    if (!directory) return NULL;
    char *path = rf_format_text("%s/startup_%s.%s", directory, language->name, language->ext);
    const char *text = language->startup ? language->startup : "";
    if (rf_file_replace(path, text, strlen(text), err)) {
        rf_free(path);
        path = NULL;
    }
    rf_free(directory);
    return path;
}

static ruff_status add_language(cli_context *cli, cli_selection *selection, cli_group *group,
                                size_t index, ruff_error *err)
{
    const suite_language *language = cli->suite->languages.data[index];
    char *source = write_program(cli, language, err);
    if (!source) return RUFF_E_IO;
    run_toolchain_probe(cli->launcher, cli->suite, language, cli->build_directory,
                        &selection->toolchains[index]);
    selection->probed[index] = true;
    for (unsigned m = 0; m < language->mode_count || (m == 0 && !language->mode_count); m++) {
        run_variant variant;
        run_variant_request request = {.suite = cli->suite,
                                       .benchmark = &empty_program,
                                       .mode = language->mode_count ? &language->modes[m] : NULL,
                                       .toolchain = &selection->toolchains[index],
                                       .build_directory = cli->build_directory,
                                       .source = source};
        run_variant_init(&variant, &request);
        rf_vector_push(&group->variants, variant);
    }
    rf_free(source);
    return RUFF_OK;
}

static cli_exit select_languages(cli_context *cli, cli_selection *selection)
{
    ruff_error err = RUFF_ERROR_INIT;
    size_t count = cli->suite->languages.count;
    cli_group *group = rf_new(cli_group);
    *selection = (cli_selection){.toolchains = rf_alloc_array_zero(run_toolchain, count + 1),
                                 .probed = rf_alloc_array_zero(bool, count + 1),
                                 .toolchain_count = count};
    group->param = (run_param){.benchmark = &empty_program,
                               .size = 1,
                               .label = "default",
                               .timeout_ns = empty_program.timeout_ns};
    rf_vector_push(&selection->groups, group);
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < count && !status; i++)
        if (cli_language_is_chosen(cli, cli->suite->languages.data[i]))
            status = add_language(cli, selection, group, i, &err);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static cli_exit show(cli_context *cli, int64_t session, const cli_selection *selection)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_results results;
    compare_set set;
    rf_buffer out = RF_BUFFER_INIT;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    options.measure = COMPARE_COLD;
    if (store_load_results(cli->db, session, &results, &err)) return cli_fail(cli, &err);
    compare_set_build(&set, &results, &options, &(stats_trust){0});
    cli_add_absent(&set, selection);
    if (cli->options.json)
        report_compare_json(&set, &out);
    else
        report_compare_text(&set, &cli->out, &out);
    cli_print(&out);
    cli_exit code = compare_set_has_failures(&set) ? CLI_EXIT_FAILED : CLI_EXIT_DONE;
    compare_set_release(&set);
    store_results_release(&results);
    return code;
}

static cli_exit run(cli_context *cli)
{
    cli_plan_choice choice;
    cli_selection selection;
    int64_t session = 0;
    cli_exit code = cli_choose_plan(cli, &choice);
    if (!code) code = cli_open_suite(cli);
    if (!code) code = cli_open_store(cli, STORE_WRITE);
    if (code) return code;
    code = select_languages(cli, &selection);
    if (!code) code = cli_measure(cli, &selection, &choice, &session);
    if (session) code = cli_exit_worse(code, show(cli, session, &selection));
    cli_selection_release(&selection);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_langs, CLI_OPTION_blocks, CLI_OPTION_quick,
                                        CLI_OPTION_seed,  CLI_OPTION_pin,    CLI_OPTION_json,
                                        CLI_OPTION_END};

const cli_command cmd_startup = {
    .name = "startup",
    .summary = "empty-program cost of each language",
    .arguments = "",
    .about = "Runs the empty program of each language and mode, interleaved like every "
             "comparison.",
    .options = options,
    .examples = "ruffbench startup\n"
                "ruffbench startup --langs python,node --blocks 20",
    .starts_children = true,
    .run = run};
