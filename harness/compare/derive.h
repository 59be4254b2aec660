/* Writing down what is derived from a session's samples: summaries, warm-up, comparisons, history
 * points.
 *
 * Everything here can be thrown away and made again (`reanalyse`); the samples are the truth. */
#ifndef COMPARE_DERIVE_H
#define COMPARE_DERIVE_H

#include "store/db.h"

#define COMPARE_ALGORITHM "ruffbench-1"

/* Replaces all that is derived from the session alone, in one transaction.  *drifted (may be NULL)
 * becomes true when times drifted over the session (S15). */
RF_MUST_USE ruff_status compare_derive(store_db *db, int64_t session, bool *drifted,
                                       ruff_error *err);

#endif
