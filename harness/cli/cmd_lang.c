/* Languages: which there are, adding one, trying one. */
#include "cli/selection.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/template_file.h"
#include "report/grid.h"
#include "run/verify.h"
#include "suite/nearest.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const reserved[] = {"suite", "ci", "skeleton"};

static bool is_language(const char *group)
{
    for (size_t i = 0; i < RF_COUNT_OF(reserved); i++)
        if (strcmp(reserved[i], group) == 0) return false;
    return true;
}

/* ---- list ---- */

static void list_installed(cli_context *cli, report_grid *grid)
{
    for (size_t i = 0; i < cli->suite->languages.count; i++) {
        run_toolchain tool;
        const suite_language *language = cli->suite->languages.data[i];
        run_toolchain_probe(cli->launcher, cli->suite, language, cli->build_directory, &tool);
        report_grid_add(grid, REPORT_PLAIN, language->name);
        report_grid_add(grid, REPORT_PLAIN, "in the suite");
        report_grid_add(grid, REPORT_PLAIN, tool.found ? tool.version : "-");
        report_grid_add(grid, REPORT_DIM, tool.found ? tool.executable : tool.reason);
        run_toolchain_release(&tool);
    }
}

static void list_available(cli_context *cli, report_grid *grid)
{
    size_t count;
    const cli_template *files = cli_templates(&count);
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 || strcmp(files[i].group, files[i - 1].group) != 0;
        if (!first || !is_language(files[i].group) ||
            suite_find_language(cli->suite, files[i].group))
            continue;
        char *how = rf_format_text("ruffbench lang add %s", files[i].group);
        report_grid_add(grid, REPORT_DIM, files[i].group);
        report_grid_add(grid, REPORT_DIM, "can be added");
        report_grid_add(grid, REPORT_DIM, "");
        report_grid_add(grid, REPORT_DIM, how);
        rf_free(how);
    }
}

static cli_exit list(cli_context *cli)
{
    static const report_align align[] = {REPORT_LEFT, REPORT_LEFT, REPORT_LEFT, REPORT_LEFT};
    static const char *const headers[] = {"language", "", "version", ""};
    rf_buffer out = RF_BUFFER_INIT;
    report_grid grid = {.column_count = RF_COUNT_OF(align), .align = align, .gap = "  "};
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    list_installed(cli, &grid);
    list_available(cli, &grid);
    report_grid_print(&grid, &cli->out, &out);
    report_grid_release(&grid);
    cli_print(&out);
    return CLI_EXIT_DONE;
}

/* ---- add, init ---- */

static cli_exit add(cli_context *cli, const char *name)
{
    ruff_error err = RUFF_ERROR_INIT;
    if (!cli_has_template(name) || !is_language(name))
        return cli_usage_error(
            cli, "ruffbench brings no files for `%s`; `ruffbench lang init %s` writes a skeleton",
            name, name);
    if (cli_write_templates(cli->root, name, NULL, NULL, &err)) return cli_fail(cli, &err);
    printf("next: ruffbench lang test %s\n", name);
    return CLI_EXIT_DONE;
}

static cli_exit init(cli_context *cli, const char *name)
{
    ruff_error err = RUFF_ERROR_INIT;
    if (!*name || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_+-") != strlen(name))
        return cli_usage_error(cli, "`%s` is no name for a language; use a-z, 0-9, _, + and -",
                               name);
    if (cli_write_templates(cli->root, "skeleton", "NAME", name, &err)) return cli_fail(cli, &err);
    char *sources = rf_format_text("%s/suites/%s", cli->root, name);
    mkdir(sources, 0777); /* there already, or writing a program will say why not */
    rf_free(sources);
    printf("A program is started as  program SIZE SEED ITERS BUDGET_MS  and prints\n"
           "    @rb 1 %s          when it is set up\n"
           "    @clock NS           the resolution of its clock\n"
           "    @i NS DIGEST        an iteration: time and answer; all of them at the end\n"
           "    @end COUNT          how many there were\n"
           "Write suites/%s/fibonacci.%s, then: ruffbench lang test %s\n",
           name, name, name, name);
    return CLI_EXIT_DONE;
}

/* ---- test ---- */

static ruff_status test_group(cli_context *cli, cli_group *group, run_interrupt *interrupt,
                              size_t *failed, ruff_error *err)
{
    run_verdict verdict;
    ruff_status status = run_verify(cli->launcher, cli->suite, &group->param, group->variants.data,
                                    group->variants.count, interrupt, &verdict, err);
    for (size_t i = 0; i < verdict.answers.count && !status; i++) {
        const run_answer *answer = &verdict.answers.data[i];
        bool ok = answer->outcome == RUN_OK;
        *failed += !ok;
        printf("%-8s %s@%s%s%s\n", run_outcome_word(answer->outcome), group->param.benchmark->name,
               group->variants.data[i].label, ok ? "" : ": ", ok ? "" : answer->reason);
    }
    run_verdict_release(&verdict);
    return status;
}

static cli_exit test_selection(cli_context *cli, const suite_language *language,
                               cli_selection *selection)
{
    ruff_error err = RUFF_ERROR_INIT;
    run_interrupt interrupt;
    size_t failed = 0, tried = 0;
    if (run_interrupt_open(&interrupt, &err)) return cli_fail(cli, &err);
    cli_build(cli, selection, &interrupt);
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < selection->groups.count && !status; i++) {
        cli_group *group = selection->groups.data[i];
        if (!group->variants.count || !group->variants.data[0].has_source) continue;
        status = test_group(cli, group, &interrupt, &failed, &err);
        tried++;
    }
    run_interrupt_close(&interrupt);
    if (status) return cli_fail(cli, &err);
    if (!tried)
        return cli_usage_error(cli, "there is no program in %s yet; write suites/%s/%s.%s", language->name,
                               language->directory ? language->directory : language->name,
                               cli->suite->file->benchmarks[0].name, language->ext);
    return failed ? CLI_EXIT_FAILED : CLI_EXIT_DONE;
}

static cli_exit test(cli_context *cli, const char *name)
{
    run_toolchain tool;
    cli_selection selection;
    const suite_language *language = suite_find_language(cli->suite, name);
    if (!language)
        return cli_usage_error(cli, "no language is called `%s`; see `ruffbench lang list`", name);
    run_toolchain_probe(cli->launcher, cli->suite, language, cli->build_directory, &tool);
    printf("%-8s %s\n", tool.found ? "found" : "missing",
           tool.found ? tool.executable : tool.reason);
    bool found = tool.found;
    run_toolchain_release(&tool);
    if (!found) return CLI_EXIT_UNSURE;
    cli->options.langs = language->name;
    cli->words.count = 0;
    cli_exit code = cli_select(cli, "small", &selection);
    if (!code) code = test_selection(cli, language, &selection);
    cli_selection_release(&selection);
    return code;
}

static cli_exit run(cli_context *cli)
{
    const cli_words *words = &cli->words;
    const char *what = words->count ? words->data[0] : "list",
               *name = words->count > 1 ? words->data[1] : NULL;
    cli_exit code = cli_open_suite(cli);
    if (code) return code;
    if (strcmp(what, "list") == 0) return list(cli);
    if (!name) return cli_usage_error(cli, "`lang %s` needs the name of a language", what);
    if (strcmp(what, "add") == 0) return add(cli, name);
    if (strcmp(what, "init") == 0) return init(cli, name);
    if (strcmp(what, "test") == 0) return test(cli, name);
    return cli_usage_error(cli, "`lang %s`; use list, add, init or test", what);
}

const cli_command cmd_lang = {
    .name = "lang",
    .summary = "list, add and try languages",
    .arguments = "[list | add NAME | init NAME | test NAME]",
    .about = "A language is one file of under a dozen lines in suites/languages/. `add` writes the "
             "files of a language that ruffbench knows, `init` a skeleton for another one, `test` "
             "runs all its programs on small inputs and checks the answers.",
    .examples = "ruffbench lang list\n"
                "ruffbench lang add ruby\n"
                "ruffbench lang test python",
    .starts_children = true,
    .run = run};
