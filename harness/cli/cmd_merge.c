/* Takes over sessions from other databases: shards, other machines. */
#include "cli/command.h"

#include "base/error.h"
#include "store/merge.h"

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    if (cli->words.count == 0)
        return cli_usage_error(cli, "name the database to take over: ruffbench merge OTHER.db");
    cli_exit code = cli_open_store(cli, STORE_WRITE);
    if (code) return code;
    for (size_t i = 0; i < cli->words.count; i++) {
        int64_t sessions = 0, invocations = 0;
        if (store_merge(cli->db, cli->words.data[i], &sessions, &invocations, &err))
            return cli_fail(cli, &err);
        printf("%s: %lld sessions, %lld processes added\n", cli->words.data[i], (long long)sessions,
               (long long)invocations);
    }
    return CLI_EXIT_DONE;
}

const cli_command cmd_merge = {
    .name = "merge",
    .summary = "take over sessions from another database",
    .arguments = "OTHER.db ...",
    .about = "Adds the sessions of other databases that are not here yet. Doing it twice adds "
             "nothing; the other files are not changed.",
    .examples = "ruffbench merge shard-1.db shard-2.db\n"
                "ruffbench merge other-machine.db --db all.db",
    .run = run};
