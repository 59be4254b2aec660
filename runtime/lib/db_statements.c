#include "lib/db_statements.h"

#include "base/alloc.h"

#include <string.h>

sqlite3_stmt *rf_db_statements_take(rf_db_statements *list, const char *sql)
{
    for (unsigned i = 0; i < list->count; i++) {
        if (strcmp(list->kept[i].sql, sql) != 0) continue;
        sqlite3_stmt *statement = list->kept[i].statement;
        rf_free(list->kept[i].sql);
        list->count--;
        memmove(&list->kept[i], &list->kept[i + 1], (list->count - i) * sizeof *list->kept);
        return statement;
    }
    return NULL;
}

static void drop_last(rf_db_statements *list)
{
    list->count--;
    sqlite3_finalize(list->kept[list->count].statement);
    rf_free(list->kept[list->count].sql);
}

void rf_db_statements_keep(rf_db_statements *list, const char *sql, sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (list->count == RF_KEPT_STATEMENTS) drop_last(list);
    memmove(&list->kept[1], &list->kept[0], list->count * sizeof *list->kept);
    list->kept[0] = (struct rf_kept_statement){rf_strdup(sql), statement};
    list->count++;
}

void rf_db_statements_drop(rf_db_statements *list)
{
    while (list->count) drop_last(list);
}
