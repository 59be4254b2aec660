#include "store/merge.h"

#include "base/error.h"

#include <sys/stat.h>

static const char merge_sql[] = {
#include "store/merge.inc"
};

static ruff_status take_over(store_db *db, void *context, ruff_error *err)
{
    (void)context;
    return sqlite3_exec(db->sqlite, merge_sql, NULL, NULL, NULL) == SQLITE_OK
               ? RUFF_OK
               : store_failure(db, "cannot merge", err);
}

static ruff_status count(store_db *db, int64_t *sessions, int64_t *invocations, ruff_error *err)
{
    ruff_status status = store_run_for_id(db, STORE_QUERY_count_sessions, sessions, err, "");
    return status ? status
                  : store_run_for_id(db, STORE_QUERY_count_invocations, invocations, err, "");
}

static bool is_same_file(const char *left, const char *right)
{
    struct stat a, b;
    return stat(left, &a) == 0 && stat(right, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

ruff_status store_merge(store_db *db, const char *other_path, int64_t *sessions,
                        int64_t *invocations, ruff_error *err)
{
    store_db *other;
    int64_t sessions_before = 0, invocations_before = 0;
    if (is_same_file(db->path, other_path))
        return rf_error_set(
            err, RUFF_E_MISUSE,
            "%s: is the database itself; name another one, or the one to merge into "
            "with --db",
            other_path);
    /* Opening it by itself first: refuses foreign files and other schemas with a message of their
     * own. */
    ruff_status status = store_open(&other, other_path, STORE_READ, err);
    if (status) return status;
    store_close(other);
    status = count(db, &sessions_before, &invocations_before, err);
    if (!status) status = store_run(db, STORE_QUERY_attach_other, err, "s", other_path);
    if (status) return status;
    status = store_with_transaction(db, take_over, NULL, err);
    if (sqlite3_exec(db->sqlite, "DETACH other", NULL, NULL, NULL) != SQLITE_OK && !status)
        status = store_failure(db, "cannot let go of the other database", err);
    if (!status) status = count(db, sessions, invocations, err);
    *sessions -= sessions_before;
    *invocations -= invocations_before;
    return status;
}
