/* Measures and stores; prints only where it is stored. */
#include "cli/measure.h"

#include "base/error.h"
#include "store/results.h"

static cli_exit judge(cli_context *cli, int64_t session)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_results results;
    size_t ok = 0, failed = 0;
    if (store_load_results(cli->db, session, &results, &err)) return cli_fail(cli, &err);
    for (size_t i = 0; i < results.samples.count; i++) {
        ok += results.samples.data[i].outcome == RUN_OK;
        failed += results.samples.data[i].outcome != RUN_OK;
    }
    printf("session %lld: %zu processes ok, %zu failed\n", (long long)session, ok, failed);
    store_results_release(&results);
    return failed ? CLI_EXIT_FAILED : CLI_EXIT_DONE;
}

static cli_exit run(cli_context *cli)
{
    cli_selection selection;
    int64_t session;
    cli_exit code = cli_obtain_session(cli, &selection, &session);
    if (session) code = cli_exit_worse(code, judge(cli, session));
    cli_selection_release(&selection);
    return code;
}

static const cli_option_id options[] = {CLI_SELECTION_OPTIONS, CLI_PLAN_OPTIONS, CLI_OPTION_shard,
                                        CLI_OPTION_baseline, CLI_OPTION_END};

const cli_command cmd_run = {
    .name = "run",
    .summary = "measure and store",
    .arguments = "[BENCH[/SIZE][@LANG[:MODE]] ...]",
    .about = "Measures like compare and stores the results, without showing them.",
    .options = options,
    .examples = "ruffbench run fibonacci --blocks 20\n"
                "ruffbench run --tag int --limit 5m",
    .starts_children = true,
    .run = run};
