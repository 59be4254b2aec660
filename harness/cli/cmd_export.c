/* Raw results for other tools. */
#include "cli/measure.h"

#include "base/error.h"
#include "report/export.h"

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_results results;
    rf_buffer out = RF_BUFFER_INIT;
    int64_t session;
    const char *format = cli->options.format ? cli->options.format : "json";
    report_exporter write = report_find_exporter(format);
    if (!write)
        return cli_usage_error(cli, "--format: `%s` is no format; use %s", format,
                               report_exporter_names());
    cli_exit code = cli_open_store(cli, STORE_READ);
    if (!code)
        code = cli_find_session(cli, cli->words.count ? cli->words.data[0] : "latest", &session);
    if (code) return code;
    if (store_load_results(cli->db, session, &results, &err)) return cli_fail(cli, &err);
    write(&results, &out);
    cli_print(&out);
    store_results_release(&results);
    return CLI_EXIT_DONE;
}

static const cli_option_id options[] = {CLI_OPTION_format, CLI_OPTION_END};

const cli_command cmd_export = {
    .name = "export",
    .summary = "results in the formats of other tools",
    .arguments = "[POINT]",
    .about =
        "Writes the samples of a session (the newest, unless one is named) to standard output: "
        "json (default) and csv hold everything, go is for benchstat, hyperfine for its "
        "scripts, bmf for Bencher.",
    .options = options,
    .examples = "ruffbench export > results.json\n"
                "ruffbench export @40 --format go > old.txt",
    .starts_children = true,
    .run = run};
