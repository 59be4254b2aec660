#include "run/toolchain.h"

#include "run/child_env.h"
#include "run/program.h"
#include "run/tool.h"
#include "suite/template.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* Of a group that runs over the end of its line only the line. */
static char *matched(const char *text, const regmatch_t *match)
{
    const size_t size = (size_t)(match->rm_eo - match->rm_so);
    const size_t line = strcspn(text + match->rm_so, "\r\n");
    return rf_strndup(text + match->rm_so, line < size ? line : size);
}

/* The line of `text` that holds the place `at`; programs like to say more than their version. */
static char *line_around(const char *text, size_t at)
{
    size_t start = at;
    while (start > 0 && text[start - 1] != '\n') start--;
    return rf_strndup(text + start, strcspn(text + start, "\r\n"));
}

enum { VERSION_MOST = 40, LINE_MOST = 400 };

/* What others print ends up in tables, pages and documents: printable ASCII of bounded length. */
static void make_plain(char *text, size_t most)
{
    size_t size = 0;
    for (; text[size] && size < most; size++)
        if (text[size] < ' ' || text[size] > '~') text[size] = '?';
    text[size] = '\0';
}

/* Takes version and executable (when the pattern has a second group) from what the probe printed.
 */
static bool read_version(run_toolchain *out, const char *pattern)
{
    regex_t regex;
    regmatch_t groups[3];
    if (regcomp(&regex, pattern, REG_EXTENDED)) return false;
    bool found = regexec(&regex, out->version_raw, RF_COUNT_OF(groups), groups, 0) == 0 &&
                 groups[1].rm_so >= 0;
    if (found) out->version = matched(out->version_raw, &groups[1]);
    if (found && regex.re_nsub > 1 && groups[2].rm_so >= 0)
        out->executable = matched(out->version_raw, &groups[2]);
    char *printed = out->version_raw;
    out->version_raw = line_around(printed, found ? (size_t)groups[1].rm_so : 0);
    rf_free(printed);
    make_plain(out->version_raw, LINE_MOST);
    if (found) make_plain(out->version, VERSION_MOST);
    regfree(&regex);
    return found;
}

/* The executable is hashed, so that two builds of one version are told apart. */
static void identify(run_toolchain *out, const char *probe_program)
{
    char *real = realpath(out->executable ? out->executable : probe_program, NULL);
    if (!real) {
        out->reason = rf_format_text("%s not found", out->executable);
        return;
    }
    rf_free(out->executable);
    out->executable = rf_strdup(real);
    rf_free(real);
    run_sha256 digest;
    run_sha256_init(&digest);
    out->found = run_sha256_add_file(&digest, out->executable);
    run_sha256_finish(&digest, out->executable_sha256);
    if (!out->found)
        out->reason = rf_format_text("its executable %s cannot be read", out->executable);
}

void run_toolchain_probe(run_launcher *launcher, const suite_catalog *suite,
                         const suite_language *language, const char *build_directory,
                         run_toolchain *out)
{
    *out = (run_toolchain){.language = language};
    template_values values = {
        .text = {[TEMPLATE_root] = suite->root, [TEMPLATE_build] = build_directory}};
    template_words argv = {0}, env = {0};
    rf_buffer printed = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    template_expand(language->probe->run, language->probe->run_count, &values, &argv);
    run_child_env(language, NULL, 0, &env);
    char *program = run_program_find(argv.data[0], suite->root);
    run_tool_job job = {.argv = (const char *const *)argv.data,
                        .env = (const char *const *)env.data,
                        .directory = suite->root};
    if (!program) {
        out->reason = rf_format_text("%s not found", argv.data[0]);
    } else if (run_tool(launcher, &job, &printed, NULL, &err)) {
        out->reason = rf_format_text("its probe failed: %s", err.message);
    } else {
        while (printed.size && strchr("\r\n ", printed.data[printed.size - 1]))
            printed.data[--printed.size] = '\0';
        out->version_raw = rf_buffer_take(&printed);
        if (read_version(out, language->probe->pattern))
            identify(out, program);
        else
            out->reason = rf_format_text(
                "its probe printed `%.60s`, which does not match probe.pattern", out->version_raw);
    }
    ruff_error_release(&err);
    rf_buffer_release(&printed);
    rf_free(program);
    template_words_release(&argv);
    template_words_release(&env);
}

void run_toolchain_release(run_toolchain *toolchain)
{
    rf_free(toolchain->reason);
    rf_free(toolchain->version);
    rf_free(toolchain->version_raw);
    rf_free(toolchain->executable);
    *toolchain = (run_toolchain){0};
}
