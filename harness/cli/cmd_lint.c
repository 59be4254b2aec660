/* Suite and language files: everything that is wrong with them, each with its place; on request
 * what is unfair, and work that seems not to be done. */
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/error.h"
#include "report/json.h"
#include "suite/fairness.h"

#include <math.h>
#include <string.h>

/* ---- work that is not done (F5) ---- */

/* Time has to grow by this when the size doubles. */
static const double growth_of_double = 1.6;

static const compare_row *find_row(const compare_table *table, const char *label)
{
    for (size_t i = 0; i < table->rows.count; i++)
        if (strcmp(table->rows.data[i].label, label) == 0) return &table->rows.data[i];
    return NULL;
}

/* Each variant's time at the smaller size against that at the larger one. */
static void compare_sizes(const cli_context *cli, const compare_table *small,
                          const compare_table *large, suite_problems *problems)
{
    double factor = pow((double)large->size / (double)small->size, log2(growth_of_double));
    for (size_t i = 0; i < small->rows.count; i++) {
        const compare_row *before = &small->rows.data[i], *after = find_row(large, before->label);
        if (!after || !before->estimates[COMPARE_STEADY].count ||
            !after->estimates[COMPARE_STEADY].count)
            continue;
        double grown = after->estimates[COMPARE_STEADY].interval.value /
                       before->estimates[COMPARE_STEADY].interval.value;
        if (grown >= factor) continue;
        suite_problems_add(
            problems, SUITE_WARNING, cli->suite->path, 0, 0,
            "%s@%s: from size %llu to %llu the time grows by %.2f only, not by %.2f; is "
            "the work done? (F5)",
            small->benchmark, before->label, (unsigned long long)small->size,
            (unsigned long long)large->size, grown, factor);
    }
}

static void look_at_pairs(const cli_context *cli, const compare_set *set, suite_problems *problems)
{
    for (size_t a = 0; a < set->tables.count; a++)
        for (size_t b = 0; b < set->tables.count; b++) {
            const compare_table *small = &set->tables.data[a], *large = &set->tables.data[b];
            if (!strcmp(small->benchmark, large->benchmark) && small->size < large->size)
                compare_sizes(cli, small, large, problems);
        }
}

static cli_exit check_work(cli_context *cli, suite_problems *problems)
{
    ruff_error err = RUFF_ERROR_INIT;
    cli_selection selection;
    store_results results;
    compare_set set;
    int64_t session;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    cli->options.sizes = "small,default";
    cli->options.blocks = 3;
    cli->options.budget = 50000000;
    cli_exit code = cli_obtain_session(cli, &selection, &session);
    if (session && !store_load_results(cli->db, session, &results, &err)) {
        compare_set_build(&set, &results, &options, &(stats_trust){0});
        look_at_pairs(cli, &set, problems);
        compare_set_release(&set);
        store_results_release(&results);
    }
    cli_selection_release(&selection);
    return err.message ? cli_fail(cli, &err) : code;
}

/* ---- printing ---- */

static json_t *problem_json(const suite_problem *problem)
{
    return json_pack("{s:s,s:s,s:I,s:I,s:s}", "grade",
                     problem->grade == SUITE_ERROR ? "error" : "warning", "file", problem->file,
                     "line", (json_int_t)problem->line, "column", (json_int_t)problem->column,
                     "message", problem->message);
}

static void print_json(const suite_problems *problems, rf_buffer *out)
{
    json_t *document = report_json_document("lint"), *list = json_array();
    for (size_t i = 0; i < problems->list.count; i++)
        json_array_append_new(list, problem_json(&problems->list.data[i]));
    json_object_set_new(document, "problems", list);
    report_json_print(document, out);
}

static void print_text(const suite_catalog *suite, const suite_problems *problems, rf_buffer *out)
{
    size_t errors = suite_problems_count(problems, SUITE_ERROR);
    size_t warnings = problems->list.count - errors;
    for (size_t i = 0; i < problems->list.count; i++)
        suite_problem_format(&problems->list.data[i], out);
    if (!problems->list.count)
        rf_buffer_format(out, "%u benchmark%s, %zu language%s: no problems\n",
                         suite->file->benchmarks_count, suite->file->benchmarks_count == 1 ? "" : "s",
                         suite->languages.count, suite->languages.count == 1 ? "" : "s");
    else
        rf_buffer_format(out, "%zu error%s, %zu warning%s\n", errors, errors == 1 ? "" : "s",
                         warnings, warnings == 1 ? "" : "s");
}

static cli_exit run(cli_context *cli)
{
    suite_problems problems = {0};
    rf_buffer out = RF_BUFFER_INIT;
    const char *start = cli->options.directory ? cli->options.directory : ".";
    char *root = suite_find_root(start);
    if (!root)
        return cli_usage_error(
            cli, "no suites/suite.yaml in %s or above it; name the directory with -C DIR", start);
    suite_catalog *suite = suite_load(root, "", &problems);
    cli_exit code = CLI_EXIT_DONE;
    if (suite) fairness_check_files(suite, &problems);
    if (suite && cli->options.fair) fairness_check(suite, &problems);
    if (suite && cli->options.deadwork) code = check_work(cli, &problems);
    if (cli->options.json)
        print_json(&problems, &out);
    else
        print_text(suite, &problems, &out);
    cli_print(&out);
    if (suite_problems_count(&problems, SUITE_ERROR)) code = CLI_EXIT_USAGE;
    suite_free(suite);
    suite_problems_release(&problems);
    rf_free(root);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_fair,  CLI_OPTION_deadwork, CLI_OPTION_langs,
                                        CLI_OPTION_modes, CLI_OPTION_json,     CLI_OPTION_END};

const cli_command cmd_lint = {
    .name = "lint",
    .summary = "check suite and language files",
    .arguments = "[BENCH ...]",
    .about =
        "Checks suites/suite.yaml and suites/languages/*.yaml and prints every problem with file, "
        "line and column. Ends with 2 when there are errors. --deadwork measures the benchmarks "
        "named, or all.",
    .options = options,
    .examples = "ruffbench lint\n"
                "ruffbench lint --fair --json\n"
                "ruffbench lint --deadwork fibonacci --langs python",
    .starts_children = true,
    .run = run};
