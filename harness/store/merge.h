/* Taking over the sessions of another database. */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include "store/db.h"

/* Adds what this one does not have; counts are of what was added.  The other file is not changed;
 * it must be a database of the same schema. */
RF_MUST_USE ruff_status store_merge(store_db *db, const char *other_path, int64_t *sessions,
                                    int64_t *invocations, ruff_error *err);

#endif
