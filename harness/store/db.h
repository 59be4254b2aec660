/* The SQLite file: opening, creating, migrating, transactions, and named statements.
 *
 * SQL stands in schema.sql and queries.sql only; a statement is asked for by its name and stays
 * prepared. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/base.h"

#include <sqlite3.h>

#define STORE_APPLICATION_ID 0x52554242 /* "RUBB" */
#define STORE_SCHEMA_VERSION 3
#define STORE_SCHEMA_READABLE 1 /* from here on reading needs no migration: only profiles came later */

typedef enum store_query {
#define STORE_QUERY(name, text) STORE_QUERY_##name,
#include "store/queries.inc"
#undef STORE_QUERY
    STORE_QUERY_COUNT
} store_query;

typedef struct store_db {
    sqlite3 *sqlite;
    char *path;
    sqlite3_stmt *statements[STORE_QUERY_COUNT];
} store_db;

typedef enum store_mode {
    STORE_READ, /* must exist; cannot be changed */
    STORE_WRITE /* made when it does not exist, migrated when it is older */
} store_mode;

/* RUFF_E_IO when it cannot be opened, RUFF_E_MISUSE when it is no database of ruffbench or from a
 * newer one; nothing of it has been touched then. */
RF_MUST_USE ruff_status store_open(store_db **out, const char *path, store_mode mode,
                                   ruff_error *err);
void store_close(store_db *db); /* NULL is allowed */

/* Runs work in one transaction; a failure of it rolls everything back. */
RF_MUST_USE ruff_status store_with_transaction(store_db *db,
                                               ruff_status (*work)(store_db *, void *,
                                                                   ruff_error *),
                                               void *context, ruff_error *err);
/* Fills err from what SQLite said last: what was attempted, on which file, why, and what to do. */
ruff_status store_failure(store_db *db, const char *what, ruff_error *err);

/* ---- statements ---- */

/* Prepares (once), resets and binds: i int64_t, I int64_t where a negative one is NULL, d double, D
 * double where NAN is NULL, s text (NULL is NULL), b const void * and size_t.  NULL with err set
 * when that fails. */
sqlite3_stmt *store_bind(store_db *db, store_query query, ruff_error *err, const char *kinds, ...);
/* Steps a bound statement: true at a row.  At the end or on a failure it is reset; *status tells
 * which. */
bool store_next(store_db *db, sqlite3_stmt *statement, ruff_status *status, ruff_error *err);
/* Binds and runs a statement that returns nothing, or one id. */
RF_MUST_USE ruff_status store_run(store_db *db, store_query query, ruff_error *err,
                                  const char *kinds, ...);
RF_MUST_USE ruff_status store_run_for_id(store_db *db, store_query query, int64_t *id,
                                         ruff_error *err, const char *kinds, ...);
/* Text of a column, "" for NULL; borrowed until the next step. */
const char *store_text(sqlite3_stmt *statement, int column);
/* A column, or -1 for NULL. */
int64_t store_int(sqlite3_stmt *statement, int column);

#endif
