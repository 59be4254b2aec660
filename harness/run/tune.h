/* Settings of the machine that disturb measuring, and putting them back.
 *
 * Every old value is written to a journal and synced before its setting is changed, so that it can
 * be restored also after a crash. */
#ifndef RUN_TUNE_H
#define RUN_TUNE_H

#include "base/vector.h"

typedef struct run_tuning {
    char *path, *before, *after; /* owned */
} run_tuning;

typedef RF_VECTOR(run_tuning) run_tuning_list;

/* One journal for the machine, since its settings are shared by all projects;
 * RUFFBENCH_TUNE_JOURNAL names another. */
const char *run_tune_journal(void);
/* What would be changed below root ("/" but for tests): governors, turbo, perf's sample rate.  What
 * is not there or right already is left out. */
void run_tune_plan(const char *root, run_tuning_list *list);
/* Writes the journal, then the settings. On a failure what was changed is put back. */
RF_MUST_USE ruff_status run_tune_apply(const run_tuning_list *list, const char *journal,
                                       ruff_error *err);
/* Puts back what the journal holds, last first, checks each, and removes it.  *restored is the
 * number of settings; a journal that is not there restores none. */
RF_MUST_USE ruff_status run_tune_restore(const char *journal, size_t *restored, ruff_error *err);
void run_tuning_list_release(run_tuning_list *list);

#endif
