/* SQLite connections of the built-ins of BUILTINS 27: what database.c and db_pool.c need of each
 * other. */
#ifndef RF_LIB_DATABASE_H
#define RF_LIB_DATABASE_H

#include "value/function.h"

typedef struct rf_database rf_database; /* a connection, or a closed one */
typedef struct rf_db_pool rf_db_pool;

/* The target that args name (kind, target or target alone); false after raising. */
bool rf_database_target(rf_isolate *isolate, const char *name, const rf_value *args,
                        uint32_t arg_count, const char **target);
/* A connection as a handle (new); RAISED. */
rf_value rf_database_open(rf_isolate *isolate, const char *name, const char *target);
/* args[index] as a connection, NULL after raising; closed ones are accepted. */
rf_database *rf_database_want(rf_isolate *isolate, const char *name, const rf_value *args,
                              uint32_t index);
bool rf_database_is_closed(const rf_database *db);
void rf_database_rollback_open(rf_database *db); /* ends a transaction that was left open */
void rf_database_close(rf_database *db);
rf_db_pool **
rf_database_owner(rf_database *db); /* the pool that lent it, counted by db; *owner NULL: none */
/* A connection that the pool lent is gone; drops the count that it held. */
void rf_db_pool_lost(rf_isolate *isolate, rf_db_pool *pool);

#endif
