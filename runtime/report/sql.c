#include "report/sql.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "prof/profile.h"

#include <stdarg.h>

static void fail(rf_sql *sql)
{
    if (!sql->error) sql->error = rf_format_text("the profile database cannot be read or written: %s", sqlite3_errmsg(sql->db));
}

sqlite3_stmt *rf_sql_prepare(rf_sql *sql, const char *text)
{
    sqlite3_stmt *statement = NULL;
    if (!sql->error && sqlite3_prepare_v2(sql->db, text, -1, &statement, NULL) != SQLITE_OK) fail(sql);
    return statement;
}

static void bind_list(rf_sql *sql, sqlite3_stmt *statement, const char *kinds, va_list args)
{
    if (sql->error) return;
    sqlite3_reset(statement);
    for (int at = 1; *kinds; kinds++, at++) {
        const char *text;
        const void *bytes;
        uint64_t count;
        switch (*kinds) {
        case 'i': sqlite3_bind_int64(statement, at, va_arg(args, int64_t)); break;
        case 'u':
            count = va_arg(args, uint64_t);
            if (count == RF_PROF_UNKNOWN)
                sqlite3_bind_null(statement, at);
            else
                sqlite3_bind_int64(statement, at, (int64_t)count);
            break;
        case 'd': sqlite3_bind_double(statement, at, va_arg(args, double)); break;
        case 's':
            text = va_arg(args, const char *);
            sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
            break;
        case 'b':
            bytes = va_arg(args, const void *);
            sqlite3_bind_blob64(statement, at, bytes ? bytes : "", va_arg(args, size_t), SQLITE_TRANSIENT);
            break;
        default: rf_assert(false); break;
        }
    }
}

void rf_sql_bind(rf_sql *sql, sqlite3_stmt *statement, const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    bind_list(sql, statement, kinds, args);
    va_end(args);
}

bool rf_sql_next(rf_sql *sql, sqlite3_stmt *statement)
{
    if (sql->error) return false;
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) fail(sql);
    sqlite3_reset(statement);
    return false;
}

int64_t rf_sql_run(rf_sql *sql, sqlite3_stmt *statement, const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    bind_list(sql, statement, kinds, args);
    va_end(args);
    if (!rf_sql_next(sql, statement)) return 0;
    const int64_t value = sqlite3_column_int64(statement, 0);
    while (rf_sql_next(sql, statement)) {}
    return value;
}

void rf_sql_exec(rf_sql *sql, const char *text)
{
    if (!sql->error && sqlite3_exec(sql->db, text, NULL, NULL, NULL) != SQLITE_OK) fail(sql);
}

char *rf_sql_text_or_null(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? rf_strdup(text) : NULL;
}

char *rf_sql_text(sqlite3_stmt *statement, int column)
{
    char *text = rf_sql_text_or_null(statement, column);
    return text ? text : rf_strdup("");
}

uint64_t rf_sql_count(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? RF_PROF_UNKNOWN : (uint64_t)sqlite3_column_int64(statement, column);
}
