/* Answers only, no timing: every variant of one input once, compared with the suite's answer or
 * with each other. */
#ifndef RUN_VERIFY_H
#define RUN_VERIFY_H

#include "run/measure.h"
#include "run/plan.h"

typedef struct run_answer {
    run_outcome outcome;
    char *digest; /* owned; NULL when it gave none */
    char *reason; /* owned; NULL when ok */
} run_answer;

typedef struct run_verdict {
    RF_VECTOR(run_answer) answers; /* one a variant, in their order */
    char *agreed;                  /* the answer that counts; owned; NULL when there is none */
} run_verdict;

/* Variants that are not ready get their state as outcome.  Without an expected answer the one that
 * most variants give counts, if no other has as many; without such a majority all of them are
 * wrong. RUFF_E_LIMIT: interrupted. */
RF_MUST_USE ruff_status run_verify(run_launcher *launcher, const suite_catalog *suite,
                                   const run_param *param, const run_variant *variants,
                                   size_t count, run_interrupt *interrupt, run_verdict *verdict,
                                   ruff_error *err);
void run_verdict_release(run_verdict *verdict);

#endif
