/* Prepared statements with their values in one call. */
#ifndef RF_REPORT_SQL_H
#define RF_REPORT_SQL_H

#include "base/base.h"

#include <sqlite3.h>

typedef struct rf_sql {
    sqlite3 *db;
    char *error; /* of the first failure; owned; nothing is done after it */
} rf_sql;

/* NULL after a failure. */
sqlite3_stmt *rf_sql_prepare(rf_sql *sql, const char *text);
/* Resets and binds: i int64_t, u uint64_t where RF_PROF_UNKNOWN is NULL, d double, s text (NULL is NULL), b const void * and
 * size_t. */
void rf_sql_bind(rf_sql *sql, sqlite3_stmt *statement, const char *kinds, ...);
/* True at a row; false at the end or after a failure. */
bool rf_sql_next(rf_sql *sql, sqlite3_stmt *statement);
/* Binds and runs; the first column of the first row, or 0. */
int64_t rf_sql_run(rf_sql *sql, sqlite3_stmt *statement, const char *kinds, ...);
void rf_sql_exec(rf_sql *sql, const char *text);
/* Columns: owned text ("" for NULL), RF_PROF_UNKNOWN for NULL. */
char *rf_sql_text(sqlite3_stmt *statement, int column);
char *rf_sql_text_or_null(sqlite3_stmt *statement, int column);
uint64_t rf_sql_count(sqlite3_stmt *statement, int column);

#endif
