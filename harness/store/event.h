/* Things worth remembering about a session that are no measurements. */
#ifndef STORE_EVENT_H
#define STORE_EVENT_H

#include "base/vector.h"
#include "store/db.h"

/* level: info, warn or error; session 0: none. */
RF_MUST_USE ruff_status store_add_event(store_db *db, int64_t session, const char *level,
                                        const char *code, const char *text, ruff_error *err);
/* Text of the newest event of that code; new (rf_free), NULL when there is none. */
RF_MUST_USE ruff_status store_find_event(store_db *db, int64_t session, const char *code,
                                         char **text, ruff_error *err);
/* What could not be measured in a session, and why: "node: node not found". */
RF_MUST_USE ruff_status store_add_absent(store_db *db, int64_t session, const char *text,
                                         ruff_error *err);
typedef RF_VECTOR(char *) store_texts;
/* Appends them; each new (rf_free). */
RF_MUST_USE ruff_status store_load_absent(store_db *db, int64_t session, store_texts *texts,
                                          ruff_error *err);
/* Languages whose programs time iterations in CPU time are kept as events of a session. */
RF_MUST_USE ruff_status store_add_cpu_clock(store_db *db, int64_t session, const char *language,
                                            ruff_error *err);

#endif
