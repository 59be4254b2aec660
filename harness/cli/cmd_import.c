/* Results of other tools. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "compare/derive.h"
#include "store/import.h"

#include <string.h>

static cli_exit import_file(cli_context *cli, import_reader read, const char *path)
{
    ruff_error err = RUFF_ERROR_INIT;
    rf_buffer text = RF_BUFFER_INIT;
    import_list list = {0};
    int64_t session = 0;
    ruff_status status = rf_file_read(path, &text, &err);
    if (status) rf_error_wrap(&err, "%s", path);
    if (!status) status = read(path, text.data ? text.data : "", text.size, &list, &err);
    if (!status)
        status = store_import(cli->db, "imported", cli->options.from, path, &list, &session, &err);
    if (!status) status = compare_derive(cli->db, session, NULL, &err);
    if (!status) printf("%s: session %lld, %zu processes\n", path, (long long)session, list.count);
    import_list_release(&list);
    rf_buffer_release(&text);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static cli_exit run(cli_context *cli)
{
    char *names = import_names();
    import_reader read = cli->options.from ? import_find(cli->options.from) : NULL;
    cli_exit code = CLI_EXIT_DONE;
    if (!read)
        code = cli_usage_error(cli, "--from: %s%s%s; use one of %s",
                               cli->options.from ? "`" : "say where the files come from",
                               cli->options.from ? cli->options.from : "",
                               cli->options.from ? "` is not known" : "", names);
    else if (!cli->words.count)
        code = cli_usage_error(cli, "name the files to take in");
    if (!code) code = cli_open_store(cli, STORE_WRITE);
    for (size_t i = 0; i < cli->words.count && !code; i++)
        code = import_file(cli, read, cli->words.data[i]);
    rf_free(names);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_from, CLI_OPTION_END};

const cli_command cmd_import = {
    .name = "import",
    .summary = "results of other tools",
    .arguments = "FILE ...",
    .about = "Takes in results of hyperfine, pyperf, criterion, go, gbench, jmh or rebench as "
             "sessions of their own. Where they were measured is unknown, so they are compared "
             "with nothing else unless forced.",
    .options = options,
    .examples = "ruffbench import --from hyperfine results.json\n"
                "ruffbench import --from go old.txt new.txt",
    .run = run};
