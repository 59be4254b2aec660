#include "store/event.h"

#include "base/alloc.h"
#include "base/clock.h"

ruff_status store_add_event(store_db *db, int64_t session, const char *level, const char *code,
                            const char *text, ruff_error *err)
{
    return store_run(db, STORE_QUERY_insert_event, err, "Iisss", session ? session : -1,
                     rf_clock_wall_ns(), level, code, text);
}

ruff_status store_add_cpu_clock(store_db *db, int64_t session, const char *language,
                                ruff_error *err)
{
    return store_add_event(db, session, "info", "cpu-clock", language, err);
}

ruff_status store_find_event(store_db *db, int64_t session, const char *code, char **text,
                             ruff_error *err)
{
    ruff_status status;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_session_event, err, "is", session, code);
    *text = NULL;
    if (store_next(db, row, &status, err)) {
        *text = rf_strdup(store_text(row, 0));
        sqlite3_reset(row);
    }
    return status;
}
