/* Everything derived, made again from the samples. */
#include "cli/measure.h"

#include "base/error.h"
#include "base/vector.h"
#include "compare/derive.h"

static cli_exit all_sessions(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    ruff_status status;
    RF_VECTOR(int64_t) ids = {0};
    sqlite3_stmt *row = store_bind(cli->db, STORE_QUERY_all_sessions, &err, "");
    while (store_next(cli->db, row, &status, &err)) rf_vector_push(&ids, store_int(row, 0));
    for (size_t i = 0; i < ids.count && !status; i++)
        status = compare_derive(cli->db, ids.data[i], NULL, &err);
    if (!status) printf("%zu session%s analysed again\n", ids.count, ids.count == 1 ? "" : "s");
    rf_vector_release(&ids);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    int64_t session;
    cli_exit code = cli_open_store(cli, STORE_WRITE);
    if (code) return code;
    if (!cli->words.count) return all_sessions(cli);
    for (size_t i = 0; i < cli->words.count && !code; i++) {
        code = cli_find_session(cli, cli->words.data[i], &session);
        if (!code && compare_derive(cli->db, session, NULL, &err)) code = cli_fail(cli, &err);
    }
    return code;
}

const cli_command cmd_reanalyse = {
    .name = "reanalyse",
    .summary = "make all that is derived from samples again",
    .arguments = "[POINT ...]",
    .about = "Samples are the truth; summaries, comparisons, segments and history points are "
             "computed from them again, for all sessions or the ones named.",
    .examples = "ruffbench reanalyse\n"
                "ruffbench reanalyse @40",
    .starts_children = true,
    .run = run};
