/* Answers only: every variant on every input, against the suite or against each other. */
#include "cli/selection.h"

#include "base/alloc.h"
#include "base/error.h"
#include "report/json.h"
#include "run/verify.h"
#include "stats/random.h"
#include "suite/answer_edit.h"

#include <string.h>

typedef struct checker {
    cli_context *cli;
    run_interrupt interrupt;
    json_t *rows;
    rf_buffer out;
    bool failed;
    char *first_digest; /* agreed for the first seed; owned */
} checker;

static void add_json(checker *check, const cli_group *group, const run_variant *variant,
                     const run_answer *answer)
{
    json_array_append_new(check->rows,
                          json_pack("{s:s,s:s,s:I,s:I,s:s,s:s,s:s?,s:s?}", "benchmark",
                                    group->param.benchmark->name, "size_label", group->param.label,
                                    "size", (json_int_t)group->param.size, "seed",
                                    (json_int_t)group->param.seed, "label", variant->label,
                                    "outcome", run_outcome_word(answer->outcome), "answer",
                                    answer->digest, "reason", answer->reason));
}

static void print_answers(checker *check, const cli_group *group, const run_verdict *verdict)
{
    rf_buffer fine = RF_BUFFER_INIT;
    char *head = rf_format_text("%s/%s seed %llu", group->param.benchmark->name, group->param.label,
                                (unsigned long long)group->param.seed);
    for (size_t i = 0; i < verdict->answers.count; i++) {
        const run_answer *answer = &verdict->answers.data[i];
        const run_variant *variant = &group->variants.data[i];
        add_json(check, group, variant, answer);
        if (answer->outcome == RUN_OK)
            rf_buffer_format(&fine, " %s", variant->label);
        else if (answer->outcome != RUN_MISSING)
            rf_buffer_format(&check->out, "%s: %s: %s: %s\n", head, variant->label,
                             run_outcome_word(answer->outcome), answer->reason);
        else if (!check->cli->options.quiet)
            rf_buffer_format(&check->out, "%s: %s: missing: %s\n", head, variant->label,
                             answer->reason);
        check->failed =
            check->failed || (answer->outcome != RUN_OK && answer->outcome != RUN_MISSING);
    }
    if (fine.size)
        rf_buffer_format(&check->out, "%s: ok %s:%s\n", head,
                         verdict->agreed ? verdict->agreed : "", fine.data);
    rf_free(head);
    rf_buffer_release(&fine);
}

/* An answer that is the same for every seed was not computed from the input. */
static void check_dependence(checker *check, const cli_group *group, const run_verdict *verdict,
                             bool first)
{
    if (first) {
        rf_free(check->first_digest);
        check->first_digest = verdict->agreed ? rf_strdup(verdict->agreed) : NULL;
    } else if (check->first_digest && verdict->agreed &&
               !strcmp(check->first_digest, verdict->agreed)) {
        rf_buffer_format(&check->out, "%s/%s: wrong: the answer %s does not depend on the seed\n",
                         group->param.benchmark->name, group->param.label, verdict->agreed);
        check->failed = true;
    }
}

static size_t count_languages(const cli_group *group, const run_verdict *verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < verdict->answers.count; i++) {
        bool first = verdict->answers.data[i].outcome == RUN_OK;
        for (size_t other = 0; other < i && first; other++)
            first = verdict->answers.data[other].outcome != RUN_OK ||
                    group->variants.data[other].language != group->variants.data[i].language;
        count += first;
    }
    return count;
}

/* An answer of the suite's own seed that the suite does not have yet. */
static ruff_status record(checker *check, const cli_group *group, const run_verdict *verdict,
                          ruff_error *err)
{
    suite_size named;
    const cli_context *cli = check->cli;
    bool wanted =
        cli->options.record && verdict->agreed && group->param.seed == cli->suite->file->seed &&
        suite_find_size(group->param.label, &named) &&
        !suite_answer(group->param.benchmark, named) && count_languages(group, verdict) > 1;
    char *answer = wanted ? answer_with_kind(verdict->agreed) : NULL;
    if (!answer) return RUFF_OK;
    ruff_status status = answer_insert(cli->suite->path, group->param.benchmark->name,
                                       group->param.label, answer, err);
    if (!status)
        rf_buffer_format(&check->out, "recorded %s/%s: %s\n", group->param.benchmark->name,
                         group->param.label, answer);
    rf_free(answer);
    return status;
}

static ruff_status check_group(checker *check, cli_group *group, ruff_error *err)
{
    stats_random random;
    stats_random_init(&random, group->param.seed);
    const char *expected = group->param.expected;
    ruff_status status = RUFF_OK;
    for (uint64_t i = 0; i < check->cli->options.seeds && !status; i++) {
        run_verdict verdict;
        if (i) group->param.seed = stats_random_below(&random, INT32_MAX);
        group->param.expected = i ? NULL : expected;
        status =
            run_verify(check->cli->launcher, check->cli->suite, &group->param, group->variants.data,
                       group->variants.count, &check->interrupt, &verdict, err);
        if (!status) {
            print_answers(check, group, &verdict);
            check_dependence(check, group, &verdict, i == 0);
            if (i == 0) status = record(check, group, &verdict, err);
        }
        run_verdict_release(&verdict);
    }
    return status;
}

static cli_exit verify(cli_context *cli, cli_selection *selection)
{
    ruff_error err = RUFF_ERROR_INIT;
    checker check = {.cli = cli, .rows = json_array()};
    ruff_status status = run_interrupt_open(&check.interrupt, &err);
    if (status) return cli_fail(cli, &err);
    cli_build(cli, selection, &check.interrupt);
    for (size_t i = 0; i < selection->groups.count && !status; i++) {
        status = check_group(&check, selection->groups.data[i], &err);
        if (!cli->options.json) cli_print(&check.out); /* all of them may take an hour */
    }
    run_interrupt_close(&check.interrupt);
    if (cli->options.json) {
        json_t *document = report_json_document("verify");
        json_object_set(document, "answers", check.rows);
        rf_buffer_clear(&check.out);
        report_json_print(document, &check.out);
    }
    json_decref(check.rows);
    cli_print(&check.out);
    rf_free(check.first_digest);
    if (status) return cli_fail(cli, &err);
    return check.failed ? CLI_EXIT_FAILED : CLI_EXIT_DONE;
}

static cli_exit run(cli_context *cli)
{
    cli_selection selection;
    cli_exit code = cli_open_suite(cli);
    if (code) return code;
    code = cli_select(cli, "small", &selection);
    if (!code) code = verify(cli, &selection);
    cli_selection_release(&selection);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_langs, CLI_OPTION_modes,      CLI_OPTION_sizes,
                                        CLI_OPTION_tag,   CLI_OPTION_seeds,      CLI_OPTION_record,
                                        CLI_OPTION_json,  CLI_OPTION_input_seed, CLI_OPTION_END};

const cli_command cmd_verify = {.name = "verify",
                                .summary = "check answers, without timing",
                                .arguments = "[BENCH[/SIZE][@LANG[:MODE]] ...]",
                                .about = "Runs each program once per input and compares its answer "
                                         "with the suite's, or with the other languages' "
                                         "where the suite has none. Ends with 4 when one is wrong.",
                                .options = options,
                                .examples =
                                    "ruffbench verify\n"
                                    "ruffbench verify fibonacci --seeds 3\n"
                                    "ruffbench verify --langs python,go --sizes small,default",
                                .starts_children = true,
                                .run = run};
