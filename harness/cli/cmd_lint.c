/* Suite and language files: everything that is wrong with them, each with its place. */
#include "cli/command.h"

#include "base/alloc.h"
#include "report/json.h"

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
    size_t errors = suite_problems_count(&problems, SUITE_ERROR),
           warnings = problems.list.count - errors;
    if (cli->options.json) {
        print_json(&problems, &out);
    } else {
        for (size_t i = 0; i < problems.list.count; i++)
            suite_problem_format(&problems.list.data[i], &out);
        if (!problems.list.count)
            rf_buffer_format(&out, "%u benchmarks, %zu languages: no problems\n",
                             suite->file->benchmarks_count, suite->languages.count);
        else
            rf_buffer_format(&out, "%zu error%s, %zu warning%s\n", errors, errors == 1 ? "" : "s",
                             warnings, warnings == 1 ? "" : "s");
    }
    cli_print(&out);
    suite_free(suite);
    suite_problems_release(&problems);
    rf_free(root);
    return errors ? CLI_EXIT_USAGE : CLI_EXIT_DONE;
}

static const cli_option_id options[] = {CLI_OPTION_json, CLI_OPTION_END};

const cli_command cmd_lint = {
    .name = "lint",
    .summary = "check suite and language files",
    .arguments = "",
    .about = "Checks suites/suite.yaml and suites/languages/*.yaml and prints every problem with "
             "file, line and column. Ends with 2 when there are errors.",
    .options = options,
    .examples = "ruffbench lint\n"
                "ruffbench lint -C examples --json",
    .run = run};
