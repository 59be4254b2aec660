#include "store/event.h"

#include "base/alloc.h"
#include "base/clock.h"

ruff_status store_add_event(store_db *db, int64_t session, const char *level, const char *code,
                            const char *text, ruff_error *err)
{
    return store_run(db, STORE_QUERY_insert_event, err, "Iisss", session ? session : -1,
                     rf_clock_wall_ns(), level, code, text);
}

static const char absent[] = "absent";

ruff_status store_add_absent(store_db *db, int64_t session, const char *text, ruff_error *err)
{
    return store_add_event(db, session, "warn", absent, text, err);
}

ruff_status store_load_absent(store_db *db, int64_t session, store_texts *texts, ruff_error *err)
{
    ruff_status status;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_session_events, err, "is", session, absent);
    while (store_next(db, row, &status, err)) rf_vector_push(texts, rf_strdup(store_text(row, 0)));
    return status;
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
