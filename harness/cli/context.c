/* What commands share: messages, and finding the suite and the store. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

cli_exit cli_fail(const cli_context *cli, ruff_error *err)
{
    fprintf(stderr, "ruffbench %s: %s\n", cli->command, err->message ? err->message : "failed");
    ruff_status status = err->status;
    ruff_error_release(err);
    switch (status) {
    case RUFF_E_MISUSE:
    case RUFF_E_SYNTAX: return CLI_EXIT_USAGE;
    case RUFF_E_LIMIT: return CLI_EXIT_INTERRUPTED;
    default: return CLI_EXIT_INTERNAL;
    }
}

cli_exit cli_usage_error(const cli_context *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "ruffbench%s%s: ", *cli->command ? " " : "", cli->command);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return CLI_EXIT_USAGE;
}

void cli_note(const cli_context *cli, const char *format, ...)
{
    if (cli->options.quiet) return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

void cli_print(rf_buffer *out)
{
    if (out->size) fwrite(out->data, 1, out->size, stdout);
    fflush(stdout);
    rf_buffer_release(out);
}

bool cli_choose_format(const cli_context *cli, cli_format *format)
{
    static const char *const names[] = {"text", "json", "csv", "md"};
    const cli_options *options = &cli->options;
    *format = options->json  ? CLI_FORMAT_JSON
              : options->csv ? CLI_FORMAT_CSV
              : options->md  ? CLI_FORMAT_MD
                             : CLI_FORMAT_TEXT;
    if (!options->format) return true;
    for (size_t i = 0; i < RF_COUNT_OF(names); i++)
        if (strcmp(options->format, names[i]) == 0) {
            *format = (cli_format)i;
            return true;
        }
    cli_usage_error(cli, "--format: `%s` is no format; use text, json, csv or md", options->format);
    return false;
}

/* ---- places ---- */

/* Without --build the directory whose bin/ holds this program: a build folder, or where it is
 * installed. */
char *cli_find_build_directory(const cli_context *cli)
{
    char path[PATH_MAX];
    if (cli->options.build && realpath(cli->options.build, path)) return rf_strdup(path);
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    if (size <= 0) return rf_strdup("/usr");
    path[size] = '\0';
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(path, '/');
        if (slash) *slash = '\0';
    }
    return rf_strdup(path);
}

static bool find_root(cli_context *cli)
{
    if (cli->root) return true;
    cli->root = suite_find_root(cli->options.directory ? cli->options.directory : ".");
    if (cli->root) {
        cli->build_directory = cli_find_build_directory(cli);
        cli->state_directory = rf_format_text("%s/.ruffbench", cli->root);
        return true;
    }
    cli_usage_error(cli, "no suites/suite.yaml in %s or above it; go there or name it with -C DIR",
                    cli->options.directory ? cli->options.directory : "this directory");
    return false;
}

/* A ruffbench that lies outside the project measures what the project builds. */
static void use_build_of_project(cli_context *cli)
{
    const suite_checkout *checkout = cli->suite->file->checkout;
    const size_t length = strlen(cli->root);
    char path[PATH_MAX];
    bool is_inside = strncmp(cli->build_directory, cli->root, length) == 0 &&
                     (cli->build_directory[length] == '/' || !cli->build_directory[length]);
    if (cli->options.build || is_inside || !checkout || !checkout->build) return;
    char *named = rf_format_text("%s/%s", cli->root, checkout->build);
    if (realpath(named, path)) {
        rf_free(cli->build_directory);
        cli->build_directory = rf_strdup(path);
    }
    rf_free(named);
}

cli_exit cli_open_suite(cli_context *cli)
{
    if (cli->suite) return CLI_EXIT_DONE;
    if (!find_root(cli)) return CLI_EXIT_USAGE;
    suite_problems problems = {0};
    cli->suite = suite_load(cli->root, cli->build_directory, &problems);
    rf_buffer text = RF_BUFFER_INIT;
    for (size_t i = 0; i < problems.list.count; i++)
        if (!cli->suite) suite_problem_format(&problems.list.data[i], &text);
    if (text.size) fwrite(text.data, 1, text.size, stderr);
    rf_buffer_release(&text);
    suite_problems_release(&problems);
    if (cli->suite) use_build_of_project(cli);
    return cli->suite ? CLI_EXIT_DONE : CLI_EXIT_USAGE;
}

/* The state directory keeps itself out of version control. */
static ruff_status make_state_directory(const char *path, ruff_error *err)
{
    char text[128];
    if (mkdir(path, 0777) != 0) {
        if (errno == EEXIST) return RUFF_OK;
        return rf_error_set(err, RUFF_E_IO, "cannot make the directory %s: %s", path,
                            rf_os_error_text(errno, text, sizeof text));
    }
    char *ignore = rf_format_text("%s/.gitignore", path);
    ruff_status status = rf_file_replace(ignore, "*\n", 2, err);
    rf_free(ignore);
    return status;
}

static char *make_directory(char *path, ruff_error *err)
{
    char text[128];
    if (mkdir(path, 0777) == 0 || errno == EEXIST) return path;
    rf_error_set(err, RUFF_E_IO, "cannot make the directory %s: %s", path,
                 rf_os_error_text(errno, text, sizeof text));
    rf_free(path);
    return NULL;
}

char *cli_state_directory(cli_context *cli, const char *name, ruff_error *err)
{
    if (make_state_directory(cli->state_directory, err)) return NULL;
    return make_directory(rf_format_text("%s/%s", cli->state_directory, name), err);
}

char *cli_chart_directory(const cli_context *cli, ruff_error *err)
{
    size_t length = strlen(cli->db_path);
    if (length > 3 && strcmp(cli->db_path + length - 3, ".db") == 0) length -= 3;
    return make_directory(rf_format_text("%.*s-charts", (int)length, cli->db_path), err);
}

cli_exit cli_open_store(cli_context *cli, store_mode mode)
{
    ruff_error err = RUFF_ERROR_INIT;
    const char *named = cli->options.db ? cli->options.db : getenv("RUFFBENCH_DB");
    if (named && !*named)
        return cli_usage_error(cli, "the name of the database is empty; see --db and RUFFBENCH_DB");
    if (!named && !find_root(cli)) return CLI_EXIT_USAGE;
    if (!named && mode == STORE_WRITE && make_state_directory(cli->state_directory, &err))
        return cli_fail(cli, &err);
    if (!cli->db_path)
        cli->db_path =
            named ? rf_strdup(named) : rf_format_text("%s/ruffbench.db", cli->state_directory);
    return store_open(&cli->db, cli->db_path, mode, &err) ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}
