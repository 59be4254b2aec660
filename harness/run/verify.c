#include "run/verify.h"

#include "base/error.h"

#include <string.h>

static void push_unready(run_verdict *verdict, const run_variant *variant)
{
    run_answer answer = {.outcome = variant->state == RUN_VARIANT_BUILD ? RUN_BUILD : RUN_MISSING,
                         .reason = rf_strdup(variant->reason)};
    rf_vector_push(&verdict->answers, answer);
}

static ruff_status ask(run_launcher *launcher, const run_job *job, run_verdict *verdict,
                       ruff_error *err)
{
    run_result result;
    ruff_status status = run_measure(launcher, job, &result, err);
    if (!status && result.interrupted) status = rf_error_set(err, RUFF_E_LIMIT, "interrupted");
    if (!status) {
        /* One iteration may be too short for its clock: here only the answer counts. */
        bool answered =
            result.outcome == RUN_OK || result.outcome == RUN_CLOCK || result.outcome == RUN_WRONG;
        run_answer answer = {.outcome = result.outcome == RUN_CLOCK ? RUN_OK : result.outcome,
                             .digest = answered ? rf_strdup(result.sample.digest) : NULL};
        if (answer.outcome != RUN_OK) answer.reason = rf_strdup(result.reason);
        rf_vector_push(&verdict->answers, answer);
    }
    run_result_release(&result);
    return status;
}

static size_t votes_for(const run_verdict *verdict, const char *digest)
{
    size_t votes = 0;
    for (size_t i = 0; i < verdict->answers.count; i++) {
        const char *given = verdict->answers.data[i].digest;
        votes += given && strcmp(given, digest) == 0;
    }
    return votes;
}

/* The digest with the most votes; NULL when two have as many. */
static const char *majority(const run_verdict *verdict)
{
    const char *best = NULL;
    size_t most = 0;
    bool tied = false;
    for (size_t i = 0; i < verdict->answers.count; i++) {
        const char *digest = verdict->answers.data[i].digest;
        size_t votes = digest ? votes_for(verdict, digest) : 0;
        if (votes > most) {
            best = digest;
            most = votes;
            tied = false;
        } else if (votes && votes == most && strcmp(digest, best) != 0) {
            tied = true;
        }
    }
    return tied ? NULL : best;
}

static void judge(run_verdict *verdict)
{
    const char *best = majority(verdict);
    if (best) verdict->agreed = rf_strdup(best);
    for (size_t i = 0; i < verdict->answers.count; i++) {
        run_answer *answer = &verdict->answers.data[i];
        if (answer->outcome != RUN_OK || (best && strcmp(answer->digest, best) == 0)) continue;
        answer->outcome = RUN_WRONG;
        answer->reason =
            best ? rf_format_text("answers %.64s, most others %.64s", answer->digest, best)
                 : rf_format_text(
                       "answers %.64s, others differ, and the suite has no answer for this input",
                       answer->digest);
    }
}

ruff_status run_verify(run_launcher *launcher, const suite_catalog *suite, const run_param *param,
                       const run_variant *variants, size_t count, run_interrupt *interrupt,
                       run_verdict *verdict, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    *verdict = (run_verdict){0};
    for (size_t i = 0; i < count && !status; i++) {
        run_job job = {.suite = suite,
                       .variant = &variants[i],
                       .input = {param->size, param->seed, 1, 0},
                       .expected = param->expected,
                       .timeout_ns = param->timeout_ns,
                       .memory_bytes = param->memory_bytes,
                       .interrupt = interrupt};
        if (variants[i].state == RUN_VARIANT_READY)
            status = ask(launcher, &job, verdict, err);
        else
            push_unready(verdict, &variants[i]);
    }
    if (!status && param->expected)
        verdict->agreed = rf_strdup(param->expected);
    else if (!status)
        judge(verdict);
    return status;
}

void run_verdict_release(run_verdict *verdict)
{
    for (size_t i = 0; i < verdict->answers.count; i++) {
        rf_free(verdict->answers.data[i].digest);
        rf_free(verdict->answers.data[i].reason);
    }
    rf_vector_release(&verdict->answers);
    rf_free(verdict->agreed);
    verdict->agreed = NULL;
}
