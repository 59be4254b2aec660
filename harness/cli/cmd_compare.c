/* Measures if need be, then shows variants side by side. */
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/error.h"
#include "compare/set.h"
#include "compare/trust.h"
#include "report/chart.h"
#include "report/compare.h"
#include "store/event.h"

#include <stdlib.h>
#include <string.h>

static cli_exit choose_options(const cli_context *cli, compare_options *options)
{
    *options = (compare_options)COMPARE_OPTIONS_DEFAULT;
    options->margin = cli->options.margin;
    options->alpha = 1 - cli->options.conf;
    options->reference = cli->options.ref;
    if (options->alpha <= 0) return cli_usage_error(cli, "--conf: must be below 100%%");
    if (!cli->options.metric || compare_measure_find(cli->options.metric, &options->measure))
        return CLI_EXIT_DONE;
    return cli_usage_error(
        cli,
        "--metric: `%s` is no metric; use steady, first, cold, startup, build, cpu, rss_base, "
        "rss_peak, instructions, cycles or energy",
        cli->options.metric);
}

static void print_set(const compare_set *set, cli_format format, const cli_context *cli)
{
    rf_buffer out = RF_BUFFER_INIT;
    switch (format) {
    case CLI_FORMAT_TEXT: report_compare_text(set, &cli->out, &out); break;
    case CLI_FORMAT_JSON: report_compare_json(set, &out); break;
    case CLI_FORMAT_CSV: report_compare_csv(set, &out); break;
    case CLI_FORMAT_MD: report_compare_markdown(set, &out); break;
    }
    cli_print(&out);
}

static void draw_charts(cli_context *cli, const compare_set *set, const store_results *results)
{
    ruff_error err = RUFF_ERROR_INIT;
    char *directory = cli_chart_directory(cli, &err);
    ruff_status status = directory ? RUFF_OK : err.status;
    for (size_t i = 0; i < set->tables.count && !status; i++) {
        figure it;
        chart_drawing files = {0};
        const chart_subject subject = {
            .set = set, .table = &set->tables.data[i], .results = results};
        if (!chart_make(chart_kind_find("bars"), &subject, &it))
            status = chart_draw(cli->launcher, &it, cli->command_line, directory, CHART_SVG, &files,
                                &err);
        if (!status && files.note) cli_note(cli, "%s", files.note);
        if (!status && files.image) cli_note(cli, "chart %s", files.image);
        chart_drawing_release(&files);
        figure_release(&it);
    }
    if (status) cli_note(cli, "no chart: %s", err.message);
    ruff_error_release(&err);
    rf_free(directory);
}

static void print_growth(const compare_set *set)
{
    rf_buffer out = RF_BUFFER_INIT;
    report_growth_text(set, &out);
    cli_print(&out);
}

static cli_exit judge(const cli_context *cli, const compare_set *set)
{
    cli_exit code = CLI_EXIT_DONE;
    if (compare_set_has_failures(set)) code = CLI_EXIT_FAILED;
    if (cli->options.strict && compare_set_has_absent(set))
        code = cli_exit_worse(code, CLI_EXIT_UNSURE);
    return code;
}

/* --ref has to name a row of some table. */
static cli_exit check_reference(const cli_context *cli, const compare_set *set,
                                const compare_options *options)
{
    if (!options->reference) return CLI_EXIT_DONE;
    for (size_t t = 0; t < set->tables.count; t++)
        for (size_t r = 0; r < set->tables.data[t].rows.count; r++) {
            const compare_row *row = &set->tables.data[t].rows.data[r];
            if (!strcmp(row->label, options->reference) ||
                !strcmp(row->language, options->reference))
                return CLI_EXIT_DONE;
        }
    return cli_usage_error(cli,
                           "--ref: nothing measured is called `%s`; what was measured is stored: "
                           "`ruffbench compare --stored @%lld --ref NAME`",
                           options->reference, (long long)set->session);
}

static cli_exit show(cli_context *cli, int64_t session, const cli_selection *selection,
                     const compare_options *options, cli_format format)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_results results;
    compare_set set;
    stats_trust trust = {0};
    char *grade = NULL;
    cli_exit code = cli_load_results(cli, session, &results);
    if (code) return code;
    if (store_find_event(cli->db, session, "trust", &grade, &err)) {
        store_results_release(&results);
        return cli_fail(cli, &err);
    }
    if (grade) compare_trust_parse(grade, &trust);
    rf_free(grade);
    compare_set_build(&set, &results, options, &trust);
    cli_add_absent(&set, selection);
    code = check_reference(cli, &set, options);
    if (!code) {
        print_set(&set, format, cli);
        if (format == CLI_FORMAT_TEXT && cli->options.growth) print_growth(&set);
        if (format == CLI_FORMAT_TEXT && !cli->options.no_chart) draw_charts(cli, &set, &results);
        code = judge(cli, &set);
    }
    compare_set_release(&set);
    store_results_release(&results);
    return code;
}

/* --profile: what was compared runs once more under the profilers, apart from the timed processes. */
static cli_exit check_profile(const cli_context *cli, cli_format format)
{
    if (!cli->options.profile) return CLI_EXIT_DONE;
    if (cli->options.stored || format != CLI_FORMAT_TEXT)
        return cli_usage_error(cli, "--profile goes with a new measurement shown as text");
    return cli->words.count ? CLI_EXIT_DONE : cli_usage_error(cli, "--profile: name a benchmark");
}

static cli_exit profile_too(cli_context *cli)
{
    store_close(cli->db); /* the other command opens it for itself */
    cli->db = NULL;
    cli->options.blocks = 0;
    putchar('\n');
    return cmd_profile.run(cli);
}

static cli_exit run(cli_context *cli)
{
    compare_options options;
    cli_selection selection;
    cli_format format;
    int64_t session;
    cli_exit code = choose_options(cli, &options);
    if (code) return code;
    if (!cli_choose_format(cli, &format)) return CLI_EXIT_USAGE;
    code = check_profile(cli, format);
    if (code) return code;
    code = cli_obtain_session(cli, &selection, &session);
    if (session) code = cli_exit_worse(code, show(cli, session, &selection, &options, format));
    cli_selection_release(&selection);
    if (session && cli->options.profile) code = cli_exit_worse(code, profile_too(cli));
    return code;
}

static const cli_option_id options[] = {
    CLI_SELECTION_OPTIONS, CLI_PLAN_OPTIONS,    CLI_OPTION_ref,      CLI_OPTION_metric,
    CLI_OPTION_margin,     CLI_OPTION_conf,     CLI_OPTION_strict,   CLI_OPTION_growth,
    CLI_OPTION_stored,     CLI_OPTION_format,   CLI_OPTION_json,     CLI_OPTION_csv,
    CLI_OPTION_md,         CLI_OPTION_no_chart, CLI_OPTION_baseline, CLI_OPTION_profile,
    CLI_OPTION_top,        CLI_OPTION_END};

const cli_command cmd_compare = {
    .name = "compare",
    .summary = "measure, then compare languages and modes",
    .arguments = "[BENCH[/SIZE][@LANG[:MODE]] ...]",
    .about = "Runs every chosen variant once per block in balanced random order, verifies each "
             "answer, and prints times, "
             "memory and ratios with intervals. Results are stored. Formats: text, json, csv, md.",
    .options = options,
    .examples = "ruffbench compare fibonacci\n"
                "ruffbench compare fibonacci --langs python,node --quick\n"
                "ruffbench compare 'fib*@{ruff:vm,go}' --sizes 20,25 --json\n"
                "ruffbench compare --stored latest --metric rss_peak",
    .starts_children = true,
    .run = run};
