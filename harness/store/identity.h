/* Who and what: each function finds the row of something by what identifies it, or makes it, and
 * gives its id. */
#ifndef STORE_IDENTITY_H
#define STORE_IDENTITY_H

#include "run/git.h"
#include "run/machine.h"
#include "run/plan.h"
#include "store/db.h"

RF_MUST_USE ruff_status store_put_project(store_db *db, const suite_catalog *suite, int64_t *id,
                                          ruff_error *err);
RF_MUST_USE ruff_status store_put_environment(store_db *db, const run_machine *machine, int64_t *id,
                                              ruff_error *err);
RF_MUST_USE ruff_status store_put_commit(store_db *db, int64_t project, const run_commit *commit,
                                         int64_t *id, ruff_error *err);
RF_MUST_USE ruff_status store_put_benchmark(store_db *db, int64_t project,
                                            const suite_benchmark *benchmark, int64_t *id,
                                            ruff_error *err);
RF_MUST_USE ruff_status store_put_param(store_db *db, int64_t benchmark, const run_param *param,
                                        int64_t *id, ruff_error *err);
/* With its language, toolchain and implementation. */
RF_MUST_USE ruff_status store_put_variant(store_db *db, int64_t benchmark,
                                          const run_variant *variant, int64_t *id, ruff_error *err);
/* A metric of metric.def, or one a program made up (kind `reported`). */
RF_MUST_USE ruff_status store_put_metric(store_db *db, const char *name, int64_t *id,
                                         ruff_error *err);

#endif
