/* A first suite: directories, languages that are installed, one benchmark. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/template_file.h"
#include "run/program.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* What a language is found by here, when no --langs are given. */
static const char *const found_by[][2] = {
    {"python", "python3"}, {"node", "node"}, {"go", "go"},        {"c", "gcc"},
    {"lua", "lua5.4"},     {"ruby", "ruby"}, {"luajit", "luajit"}};

static ruff_status write_languages(const cli_context *cli, const char *root, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < RF_COUNT_OF(found_by) && !status; i++) {
        char *program = run_program_find(found_by[i][1], "/");
        const char *list = cli->options.langs, *at = list ? strstr(list, found_by[i][0]) : NULL;
        bool wanted = list ? at != NULL : program != NULL;
        if (wanted) status = cli_write_templates(root, found_by[i][0], NULL, NULL, err);
        rf_free(program);
    }
    return status;
}

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    char root[PATH_MAX];
    const char *start = cli->options.directory ? cli->options.directory : ".";
    if (!realpath(start, root)) return cli_usage_error(cli, "%s: no such directory", start);
    if (cli->options.ci && strcmp(cli->options.ci, "github") != 0)
        return cli_usage_error(cli, "--ci: `%s` is not known; use github", cli->options.ci);
    const char *slash = strrchr(root, '/');
    ruff_status status = cli_write_templates(root, "suite", "PROJECT",
                                             slash && slash[1] ? slash + 1 : "project", &err);
    if (!status) status = write_languages(cli, root, &err);
    if (!status && cli->options.ci) status = cli_write_templates(root, "ci", NULL, NULL, &err);
    if (status) return cli_fail(cli, &err);
    printf("next: ruffbench compare fibonacci\n");
    return CLI_EXIT_DONE;
}

static const cli_option_id options[] = {CLI_OPTION_langs, CLI_OPTION_ci, CLI_OPTION_END};

const cli_command cmd_init = {
    .name = "init",
    .summary = "write a first suite",
    .arguments = "",
    .about =
        "Writes suites/ with a first benchmark and the languages that are installed here. Files "
        "that are there already are kept.",
    .options = options,
    .examples = "ruffbench init\n"
                "ruffbench init --langs python,go --ci github",
    .run = run};
