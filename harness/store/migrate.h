/* Bringing a database of an older schema up to date: forward only, in one transaction, with a copy
 * of before kept. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/db.h"

typedef struct store_migration {
    int to; /* schema it leads to, from the one before */
    const char *sql;
} store_migration;

/* From schema `from` through every step of list (ascending).  The copy is PATH.bak-vFROM. */
RF_MUST_USE ruff_status store_migrate(store_db *db, int from, const store_migration *list,
                                      size_t count, ruff_error *err);

#endif
