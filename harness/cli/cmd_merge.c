/* Takes over sessions from other databases: shards, other machines. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "report/profile_store.h"
#include "store/merge.h"

/* Profiles are shared trees, not rows: each is read whole and saved here. */
static ruff_status copy_profile(store_db *db, store_db *other, sqlite3_stmt *row, int64_t session, ruff_error *err)
{
    rf_profile profile;
    char *error = NULL;
    int64_t id;
    const rf_profile_tags tags = {.label = store_text(row, 2), .git_revision = store_text(row, 3), .bench_run = session};
    const bool is_copied = rf_profile_store_load(other->sqlite, store_int(row, 0), &profile, &error) &&
                           rf_profile_store_save(db->sqlite, &profile, &tags, &id, &error);
    ruff_status status = is_copied ? RUFF_OK : rf_error_set(err, RUFF_E_IO, "%s: %s", other->path, error);
    rf_free(error);
    rf_profile_release(&profile);
    return status;
}

/* Those of sessions that are here now, unless they are here too. */
static ruff_status merge_profiles(store_db *db, const char *path, int64_t *added, ruff_error *err)
{
    store_db *other = NULL;
    int64_t has_profiles = 0;
    ruff_status status = store_open(&other, path, STORE_READ, err);
    if (!status) status = store_run_for_id(other, STORE_QUERY_has_profiles, &has_profiles, err, "");
    sqlite3_stmt *row = !status && has_profiles ? store_bind(other, STORE_QUERY_profiles_of_sessions, err, "") : NULL;
    while (row && !status && store_next(other, row, &status, err)) {
        int64_t session = 0;
        status = store_run_for_id(db, STORE_QUERY_session_lacking_profile, &session, err, "ssiii", store_text(row, 1), store_text(row, 2),
                                  store_int(row, 4), store_int(row, 5), store_int(row, 6));
        if (status || !session) continue;
        status = copy_profile(db, other, row, session, err);
        *added += !status;
    }
    store_close(other);
    return status;
}

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    if (cli->words.count == 0)
        return cli_usage_error(cli, "name the database to take over: ruffbench merge OTHER.db");
    cli_exit code = cli_open_store(cli, STORE_WRITE);
    if (code) return code;
    for (size_t i = 0; i < cli->words.count; i++) {
        int64_t sessions = 0, invocations = 0, profiles = 0;
        if (store_merge(cli->db, cli->words.data[i], &sessions, &invocations, &err) ||
            merge_profiles(cli->db, cli->words.data[i], &profiles, &err))
            return cli_fail(cli, &err);
        printf("%s: %lld session%s, %lld processes added", cli->words.data[i], (long long)sessions,
               sessions == 1 ? "" : "s",
               (long long)invocations);
        if (profiles) printf(", %lld profiles", (long long)profiles);
        putchar('\n');
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
