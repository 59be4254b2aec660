/* Writing a session down: who ran what where, the plan, and each result as it comes. */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "run/git.h"
#include "run/machine.h"
#include "run/session.h"
#include "store/db.h"
#include "store/uuid.h"

typedef struct store_session_facts {
    const suite_catalog *suite;
    const run_machine *machine;
    const run_commit *commit;
    const run_plan *plan;
    const char *command; /* as the user typed it */
    const char *settings_json;
} store_session_facts;

/* The rows a plan's cells and parameters became; cell i of the plan is cell_ids[i]. */
typedef struct store_cell_id {
    int64_t variant, param;
} store_cell_id;

typedef struct store_session {
    int64_t id;
    char uuid[STORE_UUID_SIZE];
    store_cell_id *cells; /* owned */
} store_session;

/* Stores session and whole plan in one transaction, state `running`. */
RF_MUST_USE ruff_status store_begin_session(store_db *db, const store_session_facts *facts,
                                            store_session *session, ruff_error *err);
/* Goes on with a session that was interrupted: the same plan, marked where it is done. */
RF_MUST_USE ruff_status store_reopen_session(store_db *db, const store_session_facts *facts,
                                             int64_t id, store_session *session, ruff_error *err);
/* Adds the slots of a second plan, which begins at plan->first_seq, to the session. */
RF_MUST_USE ruff_status store_extend_session(store_db *db, const run_plan *plan,
                                             const store_session *session, ruff_error *err);
/* One invocation with its series, counters and log, in one transaction; its slot becomes done or
 * failed. */
RF_MUST_USE ruff_status store_add_result(store_db *db, const store_session *session, size_t seq,
                                         const run_plan *plan, const run_result *result,
                                         ruff_error *err);
RF_MUST_USE ruff_status store_skip_slot(store_db *db, const store_session *session, size_t seq,
                                        const run_plan *plan, ruff_error *err);
/* state: done, or interrupted when `resume` can go on with it. */
RF_MUST_USE ruff_status store_end_session(store_db *db, const store_session *session,
                                          const char *state, ruff_error *err);
void store_session_release(store_session *session);

#endif
