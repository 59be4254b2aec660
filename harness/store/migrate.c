#include "store/migrate.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"

#include <stdio.h>
#include <unistd.h>

/* VACUUM INTO writes a consistent copy also while others read. */
static ruff_status keep_copy(store_db *db, int from, ruff_error *err)
{
    char *path = rf_format_text("%s.bak-v%d", db->path, from);
    sqlite3_stmt *statement = NULL;
    ruff_status status = RUFF_OK;
    unlink(path);
    if (sqlite3_prepare_v2(db->sqlite, "VACUUM INTO ?1", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_bind_text(statement, 1, path, -1, SQLITE_TRANSIENT) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_DONE)
        status = store_failure(db, "cannot keep a copy before migrating", err);
    sqlite3_finalize(statement);
    rf_free(path);
    return status;
}

typedef struct work {
    const store_migration *list;
    size_t count;
    int from;
} work;

static ruff_status apply(store_db *db, void *context, ruff_error *err)
{
    const work *all = context;
    for (size_t i = 0; i < all->count; i++) {
        char stamp[64];
        if (all->list[i].to <= all->from) continue;
        snprintf(stamp, sizeof stamp, "PRAGMA user_version = %d", all->list[i].to);
        if (sqlite3_exec(db->sqlite, all->list[i].sql, NULL, NULL, NULL) != SQLITE_OK ||
            sqlite3_exec(db->sqlite, stamp, NULL, NULL, NULL) != SQLITE_OK)
            return store_failure(db, "cannot migrate", err);
    }
    return RUFF_OK;
}

ruff_status store_migrate(store_db *db, int from, const store_migration *list, size_t count,
                          ruff_error *err)
{
    ruff_status status = keep_copy(db, from, err);
    return status ? status : store_with_transaction(db, apply, &(work){list, count, from}, err);
}
