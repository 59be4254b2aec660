/* Prepared statements that a connection keeps for the next call with the same text. */
#ifndef RF_LIB_DB_STATEMENTS_H
#define RF_LIB_DB_STATEMENTS_H

#include "base/base.h"

#include <sqlite3.h>

enum { RF_KEPT_STATEMENTS = 8 };

typedef struct rf_db_statements { /* most recently used first; starts zeroed */
    struct rf_kept_statement {
        char *sql; /* owned */
        sqlite3_stmt *statement;
    } kept[RF_KEPT_STATEMENTS];
    unsigned count;
} rf_db_statements;

/* The statement kept for sql, which leaves the list; NULL when there is none. */
sqlite3_stmt *rf_db_statements_take(rf_db_statements *list, const char *sql);
/* Keeps a statement that is the whole of sql, reset and without values; steals it. */
void rf_db_statements_keep(rf_db_statements *list, const char *sql, sqlite3_stmt *statement);
void rf_db_statements_drop(rf_db_statements *list);

#endif
