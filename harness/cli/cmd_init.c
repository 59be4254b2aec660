/* A first suite: directories, languages that are installed, one benchmark. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/template_file.h"
#include "run/program.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* What a language is found by here, when no --langs are given; Ruff lies beside this program. */
static const struct known {
    const char *name, *program;
} known[] = {{"ruff", "ruff"},   {"python", "python3"}, {"pypy", "pypy3"},
             {"node", "node"},   {"go", "go"},          {"c", "gcc"},
             {"lua", "lua5.4"},  {"luajit", "luajit"},  {"ruby", "ruby"}};

static const struct known *find_known(const char *name)
{
    for (size_t i = 0; i < RF_COUNT_OF(known); i++)
        if (strcmp(known[i].name, name) == 0) return &known[i];
    return NULL;
}

static bool is_installed(const cli_context *cli, const struct known *language)
{
    char *build = cli_find_build_directory(cli);
    char *beside = rf_format_text("%s/bin", build);
    char *name = rf_format_text("./%s", language->program);
    bool is_ours = strcmp(language->name, "ruff") == 0;
    char *program = run_program_find(is_ours ? name : language->program, beside);
    bool found = program != NULL;
    rf_free(program);
    rf_free(name);
    rf_free(beside);
    rf_free(build);
    return found;
}

static cli_exit write_listed(const cli_context *cli, const char *root)
{
    ruff_error err = RUFF_ERROR_INIT;
    cli_exit code = CLI_EXIT_DONE;
    char *list = rf_strdup(cli->options.langs), *rest = list, *name;
    while (!code && (name = strsep(&rest, ", "))) {
        if (!*name) continue;
        if (!find_known(name))
            code = cli_usage_error(cli, "--langs: ruffbench brings no files for `%s`; `ruffbench "
                                        "init`, then `ruffbench lang init %s` writes a skeleton",
                                   name, name);
        else if (cli_write_templates(root, name, NULL, NULL, &err))
            code = cli_fail(cli, &err);
    }
    rf_free(list);
    return code;
}

static cli_exit write_languages(const cli_context *cli, const char *root)
{
    ruff_error err = RUFF_ERROR_INIT;
    if (cli->options.langs) return write_listed(cli, root);
    for (size_t i = 0; i < RF_COUNT_OF(known); i++)
        if (is_installed(cli, &known[i]) && cli_write_templates(root, known[i].name, NULL, NULL, &err))
            return cli_fail(cli, &err);
    return CLI_EXIT_DONE;
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
    if (status) return cli_fail(cli, &err);
    cli_exit code = write_languages(cli, root);
    if (code) return code;
    if (cli->options.ci && cli_write_templates(root, "ci", NULL, NULL, &err))
        return cli_fail(cli, &err);
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
