/* Making the database smaller: raw samples of old sessions go, what was derived from them stays. */
#include "cli/command.h"

#include "base/clock.h"
#include "base/error.h"

#include <stdlib.h>

typedef struct thinning {
    int64_t before_ns;
    int64_t series, logs;
} thinning;

static ruff_status thin(store_db *db, void *context, ruff_error *err)
{
    thinning *work = context;
    ruff_status status = store_run(db, STORE_QUERY_thin_segments, err, "i", work->before_ns);
    if (!status) status = store_run(db, STORE_QUERY_thin_series, err, "i", work->before_ns);
    if (!status) work->series = sqlite3_changes64(db->sqlite);
    if (!status) status = store_run(db, STORE_QUERY_forget_logs, err, "i", work->before_ns);
    if (!status) status = store_run(db, STORE_QUERY_thin_logs, err, "i", work->before_ns);
    if (!status) work->logs = sqlite3_changes64(db->sqlite);
    return status;
}

/* "90d": days. */
static bool parse_days(const char *text, int64_t *days)
{
    char *end;
    *days = strtoll(text, &end, 10);
    return end != text && end[0] == 'd' && end[1] == '\0' && *days > 0 && *days < 100000;
}

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    thinning work = {0};
    int64_t days = 0, count = 0;
    if (!cli->options.keep || !parse_days(cli->options.keep, &days))
        return cli_usage_error(cli, "say how long samples are kept: --keep 90d");
    cli_exit code = cli_open_store(cli, cli->options.dry_run ? STORE_READ : STORE_WRITE);
    if (code) return code;
    work.before_ns = rf_clock_wall_ns() - days * 86400 * (int64_t)1000000000;
    if (cli->options.dry_run) {
        if (store_run_for_id(cli->db, STORE_QUERY_count_thin_series, &count, &err, "i",
                             work.before_ns))
            return cli_fail(cli, &err);
        printf("%lld series would be removed\n", (long long)count);
        return CLI_EXIT_DONE;
    }
    if (store_with_transaction(cli->db, thin, &work, &err)) return cli_fail(cli, &err);
    if (sqlite3_exec(cli->db->sqlite, "VACUUM", NULL, NULL, NULL) != SQLITE_OK) {
        store_failure(cli->db, "cannot be made smaller", &err);
        return cli_fail(cli, &err);
    }
    printf("%lld series and %lld logs removed; summaries and history are as they were\n",
           (long long)work.series, (long long)work.logs);
    return CLI_EXIT_DONE;
}

static const cli_option_id options[] = {CLI_OPTION_keep, CLI_OPTION_dry_run, CLI_OPTION_END};

const cli_command cmd_gc = {
    .name = "gc",
    .summary = "remove raw samples of old sessions",
    .arguments = "",
    .about =
        "Removes iterations and logs of sessions older than --keep. Summaries, comparisons and "
        "history stay; such sessions can no longer be analysed again.",
    .options = options,
    .examples = "ruffbench gc --keep 90d --dry-run\n"
                "ruffbench gc --keep 90d",
    .run = run};
