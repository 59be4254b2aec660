#include "cli/measure.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "compare/derive.h"
#include "compare/set.h"
#include "compare/trust.h"
#include "report/progress.h"
#include "run/machine.h"
#include "run/verify.h"
#include "stats/random.h"
#include "store/event.h"
#include "store/record.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { BLOCKS = 10, ITERATIONS = 100, BUDGET_MS = 200, MOST_BLOCKS = 200 };

/* ---- choices ---- */

/* "2,3" or "0-1,4": bit n for CPU n. */
static bool parse_cpus(const char *text, uint64_t *mask)
{
    *mask = 0;
    while (*text) {
        char *end;
        unsigned long first = strtoul(text, &end, 10), last = first;
        if (end == text) return false;
        if (*end == '-') {
            const char *begin = end + 1;
            last = strtoul(begin, &end, 10);
            if (end == begin) return false;
        }
        if (first > last || last > 63 || (*end && *end != ',')) return false;
        for (unsigned long cpu = first; cpu <= last; cpu++) *mask |= (uint64_t)1 << cpu;
        text = end + (*end == ',');
    }
    return *mask != 0;
}

/* "2/4": the second of four. */
static bool parse_shard(const char *text, cli_plan_choice *choice)
{
    char *end;
    unsigned long index = strtoul(text, &end, 10);
    if (end == text || *end != '/') return false;
    const char *rest = end + 1;
    unsigned long count = strtoul(rest, &end, 10);
    if (end == rest || *end || index < 1 || index > count || count > 10000) return false;
    choice->shard = index - 1;
    choice->shard_count = count;
    return true;
}

/* Short enough to type again. */
static uint64_t random_seed(void)
{
    uint64_t bits = 0;
    if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
        bits = (uint64_t)rf_clock_wall_ns();
    stats_random random;
    stats_random_init(&random, bits);
    return stats_random_below(&random, 1000000);
}

static bool metric_needs_counters(const char *name)
{
    compare_measure measure;
    return name && compare_measure_find(name, &measure) && measure >= COMPARE_INSTRUCTIONS;
}

cli_exit cli_choose_plan(const cli_context *cli, cli_plan_choice *choice)
{
    const cli_options *options = &cli->options;
    uint64_t blocks = options->rigorous ? 30 : options->quick ? 6 : BLOCKS;
    int64_t budget_ms = options->rigorous ? 1000 : options->quick ? 50 : BUDGET_MS;
    if (options->quick && options->rigorous)
        return cli_usage_error(cli, "--quick and --rigorous exclude each other");
    if (options->blocks) blocks = options->blocks;
    if (options->precision > 0) blocks = STATS_PILOT_BLOCKS;
    if (options->precision > 0 && options->blocks)
        return cli_usage_error(cli, "--blocks and --precision exclude each other");
    if (blocks > 100000) return cli_usage_error(cli, "--blocks: at most 100000");
    if (options->budget) budget_ms = options->budget / 1000000;
    *choice = (cli_plan_choice){
        .settings = {.iterations = options->iters ? options->iters : ITERATIONS,
                     .budget_ms = budget_ms,
                     .timeout_ns = options->timeout,
                     .counters = options->counters || metric_needs_counters(options->metric)},
        .blocks = (uint32_t)blocks,
        .precision = options->precision,
        .seed = options->seed == UINT64_MAX ? random_seed() : options->seed};
    if (options->limit) choice->settings.deadline_ns = rf_clock_monotonic_ns() + options->limit;
    if (options->schedule && !stats_schedule_find(options->schedule, &choice->schedule))
        return cli_usage_error(cli, "--schedule: `%s`; use latin, shuffle or sequential",
                               options->schedule);
    if (options->shard && !parse_shard(options->shard, choice))
        return cli_usage_error(cli, "--shard: `%s`; write I/N, for example 2/4", options->shard);
    if (options->pin && !parse_cpus(options->pin, &choice->settings.cpus))
        return cli_usage_error(cli, "--pin: `%s` is no list of CPUs; write it like 2,3 or 0-1",
                               options->pin);
    return CLI_EXIT_DONE;
}

static char *settings_json(const cli_context *cli, const cli_plan_choice *choice)
{
    const cli_options *options = &cli->options;
    json_t *words = json_array();
    for (size_t i = 0; i < cli->words.count; i++)
        json_array_append_new(words, json_string(cli->words.data[i]));
    json_t *object = json_pack(
        "{s:o,s:s?,s:s?,s:s?,s:s?,s:s?,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "words", words, "langs",
        options->langs, "modes", options->modes, "sizes", options->sizes, "tag", options->tag,
        "shard", options->shard, "input_seed", (json_int_t)options->input_seed, "blocks",
        (json_int_t)choice->blocks, "iterations", (json_int_t)choice->settings.iterations,
        "budget_ms", (json_int_t)choice->settings.budget_ms, "timeout_ns",
        (json_int_t)choice->settings.timeout_ns, "cpus", (json_int_t)choice->settings.cpus, "pilot",
        (json_int_t)(choice->precision > 0 ? choice->blocks : 0));
    char *text = json_dumps(object, JSON_COMPACT), *copy = rf_strdup(text);
    rf_free(text);
    json_decref(object);
    return copy;
}

/* ---- answers ---- */

/* Where the suite has no answer, variants have to agree on one before anything is timed. */
static ruff_status agree(cli_context *cli, cli_group *group, run_interrupt *interrupt,
                         ruff_error *err)
{
    run_verdict verdict;
    if (group->param.expected) return RUFF_OK;
    ruff_status status = run_verify(cli->launcher, cli->suite, &group->param, group->variants.data,
                                    group->variants.count, interrupt, &verdict, err);
    if (!status && verdict.agreed) {
        group->agreed = rf_strdup(verdict.agreed);
        group->param.expected = group->agreed;
    } else if (!status) {
        cli_note(cli,
                 "%s: the languages disagree about size %llu, seed %llu, and the suite has no "
                 "answer; see "
                 "`ruffbench verify`",
                 group->param.benchmark->name, (unsigned long long)group->param.size,
                 (unsigned long long)group->param.seed);
        group->param.expected = "(no agreed answer)"; /* so every variant is wrong */
    }
    run_verdict_release(&verdict);
    return status;
}

/* ---- the session ---- */

typedef struct recorder {
    store_db *db;
    const store_session *session;
    const run_plan *plan;
    report_progress *progress;
} recorder;

static void slot_begins(void *context, size_t seq, const run_slot *slot)
{
    (void)slot;
    report_progress_begin(((recorder *)context)->progress, seq);
}

static ruff_status slot_ends(void *context, size_t seq, const run_slot *slot,
                             const run_result *result, ruff_error *err)
{
    const recorder *record = context;
    (void)slot;
    report_progress_end(record->progress, seq, result);
    return store_add_result(record->db, record->session, seq, record->plan, result, err);
}

static ruff_status slot_skipped(void *context, size_t seq, const run_slot *slot, ruff_error *err)
{
    const recorder *record = context;
    (void)slot;
    return store_skip_slot(record->db, record->session, seq, record->plan, err);
}

/* The grade needs the whole session, drift included. */
static ruff_status store_grade(cli_context *cli, int64_t session, const run_machine *machine,
                               const compare_conditions *conditions, ruff_error *err)
{
    store_results results;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    bool drifted = false;
    ruff_status status = store_load_results(cli->db, session, &results, err);
    if (status) return status;
    for (size_t i = 0; i < results.params.count; i++) {
        compare_table table;
        compare_table_build(&table, &results, results.params.data[i].id, &options);
        drifted = drifted || table.drift.warn;
        compare_table_release(&table);
    }
    stats_trust trust = compare_grade(&results, machine, conditions, drifted);
    char *json = compare_trust_json(&trust);
    status = store_add_event(cli->db, session, "info", "trust", json, err);
    rf_free(json);
    store_results_release(&results);
    return status;
}

static cli_exit finish_code(run_finish finish)
{
    return finish == RUN_INTERRUPTED ? CLI_EXIT_INTERRUPTED
           : finish == RUN_TIME_UP   ? CLI_EXIT_TIME_UP
                                     : CLI_EXIT_DONE;
}

static ruff_status run_plan_into_store(cli_context *cli, const run_plan *plan,
                                       const run_settings *settings, const store_session *session,
                                       run_interrupt *interrupt, cli_exit *code, ruff_error *err)
{
    run_finish finish = RUN_FINISHED;
    bool live = !cli->options.quiet && !cli->options.no_progress;
    recorder record = {cli->db, session, plan, live ? report_progress_new(plan, &cli->err) : NULL};
    run_observer observer = {&record, slot_begins, slot_ends, slot_skipped};
    ruff_status status =
        run_session(cli->launcher, cli->suite, plan, settings, interrupt, &observer, &finish, err);
    report_progress_free(record.progress);
    *code = finish_code(finish);
    if (!status)
        status = store_end_session(cli->db, session,
                                   finish == RUN_FINISHED ? "done" : "interrupted", err);
    return status;
}

/* ---- the second stage (S12) ---- */

/* Blocks in all that every ratio of the session needs for the wanted half-width; says so. */
static ruff_status blocks_for_precision(cli_context *cli, int64_t session,
                                        const cli_plan_choice *choice, size_t *blocks,
                                        ruff_error *err)
{
    store_results results;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    ruff_status status = store_load_results(cli->db, session, &results, err);
    if (status) return status;
    for (size_t p = 0; p < results.params.count; p++) {
        compare_table table;
        compare_table_build(&table, &results, results.params.data[p].id, &options);
        for (size_t r = 0; r < table.rows.count; r++) {
            const compare_row *row = &table.rows.data[r];
            if (row->state != COMPARE_MEASURED || !row->ratio.has_interval) continue;
            size_t needed = stats_blocks_for_half_width(row->ratio.sd, row->ratio.count,
                                                        log1p(choice->precision), 0.05);
            if (needed > *blocks) *blocks = needed;
        }
        compare_table_release(&table);
    }
    store_results_release(&results);
    cli_note(cli, "pilot of %u blocks: %zu blocks in all for ratios to %g %%", choice->blocks,
             *blocks, 100 * choice->precision);
    if (*blocks > MOST_BLOCKS)
        cli_note(cli, "that is more than %d; the machine is too noisy for it, so %d are measured",
                 MOST_BLOCKS, MOST_BLOCKS);
    if (*blocks > MOST_BLOCKS) *blocks = MOST_BLOCKS;
    return RUFF_OK;
}

static ruff_status run_second_stage(cli_context *cli, const run_plan *pilot,
                                    const cli_plan_choice *choice, const store_session *session,
                                    run_interrupt *interrupt, cli_exit *code, ruff_error *err)
{
    size_t blocks = pilot->blocks;
    ruff_status status = blocks_for_precision(cli, session->id, choice, &blocks, err);
    if (status || blocks <= pilot->blocks) return status;
    run_plan more = {.schedule = pilot->schedule,
                     .seed = pilot->seed + 1,
                     .blocks = (uint32_t)blocks - pilot->blocks,
                     .first_block = pilot->blocks,
                     .first_seq = pilot->slots.count,
                     .group_count = pilot->group_count};
    for (size_t i = 0; i < pilot->cells.count; i++)
        rf_vector_push(&more.cells, pilot->cells.data[i]);
    run_plan_arrange(&more);
    status = store_extend_session(cli->db, &more, session, err);
    if (!status)
        status = run_plan_into_store(cli, &more, &choice->settings, session, interrupt, code, err);
    run_plan_release(&more);
    return status;
}

/* A new session for id 0, else that one again; *id is set as soon as it exists. */
static ruff_status measure(cli_context *cli, const run_plan *plan, const cli_plan_choice *choice,
                           run_interrupt *interrupt, int64_t *id, cli_exit *code, ruff_error *err)
{
    run_machine machine;
    run_commit commit;
    store_session session;
    char *settings = settings_json(cli, choice);
    run_machine_capture(&machine);
    run_commit_read(cli->launcher, cli->root, &commit);
    store_session_facts facts = {cli->suite, &machine, &commit, plan, cli->command_line, settings};
    compare_conditions conditions = {run_machine_load(), -1};
    double pressure = run_machine_pressure_us();
    int64_t start = rf_clock_monotonic_ns();
    ruff_status status = *id ? store_reopen_session(cli->db, &facts, *id, &session, err)
                             : store_begin_session(cli->db, &facts, &session, err);
    if (!status) {
        *id = session.id;
        status = run_plan_into_store(cli, plan, &choice->settings, &session, interrupt, code, err);
    }
    if (!status && !*code && choice->precision > 0)
        status = run_second_stage(cli, plan, choice, &session, interrupt, code, err);
    if (pressure >= 0)
        conditions.pressure_percent = 100 * (run_machine_pressure_us() - pressure) * 1e3 /
                                      (double)(rf_clock_monotonic_ns() - start + 1);
    if (!status) status = store_grade(cli, session.id, &machine, &conditions, err);
    if (!status) status = compare_derive(cli->db, session.id, err);
    store_session_release(&session);
    run_commit_release(&commit);
    run_machine_release(&machine);
    rf_free(settings);
    return status;
}

void cli_make_plan(const cli_selection *selection, const cli_plan_choice *choice, run_plan *plan)
{
    *plan =
        (run_plan){.schedule = choice->schedule, .seed = choice->seed, .blocks = choice->blocks};
    for (size_t i = 0; i < selection->groups.count; i++) {
        cli_group *group = selection->groups.data[i];
        if (!group->left_out)
            run_plan_add_group(plan, group->variants.data, group->variants.count, &group->param);
    }
    run_plan_arrange(plan);
    if (choice->shard_count) run_plan_take_shard(plan, choice->shard, choice->shard_count);
}

/* Marks what the session has done already; the plan must be the one it began with. */
static cli_exit continue_plan(cli_context *cli, run_plan *plan, int64_t session)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_results results;
    char digest[RUN_SHA256_SIZE];
    run_plan_digest(plan, digest);
    if (store_load_results(cli->db, session, &results, &err)) return cli_fail(cli, &err);
    bool same = strcmp(digest, results.session.plan_digest) == 0 &&
                results.slots.count <= plan->slots.count;
    for (size_t i = 0; i < results.slots.count && same; i++)
        plan->slots.data[results.slots.data[i].seq].done =
            strcmp(results.slots.data[i].state, "todo") != 0;
    store_results_release(&results);
    if (same) return CLI_EXIT_DONE;
    fprintf(stderr,
            "ruffbench %s: session @%lld cannot go on: sources, toolchains or suite have changed "
            "since; measure "
            "anew with `ruffbench run`\n",
            cli->command, (long long)session);
    return CLI_EXIT_NOT_COMPARABLE;
}

static cli_exit build_and_measure(cli_context *cli, cli_selection *selection,
                                  const cli_plan_choice *choice, run_interrupt *interrupt,
                                  int64_t *session)
{
    ruff_error err = RUFF_ERROR_INIT;
    run_plan plan = {0};
    cli_exit code = CLI_EXIT_DONE;
    ruff_status status = RUFF_OK;
    cli_build(cli, selection, interrupt);
    for (size_t i = 0; i < selection->groups.count && !status; i++)
        status = agree(cli, selection->groups.data[i], interrupt, &err);
    cli_make_plan(selection, choice, &plan);
    if (!status && *session) code = continue_plan(cli, &plan, *session);
    if (!status && !code && plan.slots.count)
        status = measure(cli, &plan, choice, interrupt, session, &code, &err);
    run_plan_release(&plan);
    return status ? cli_fail(cli, &err) : code;
}

static cli_exit measure_with_interrupt(cli_context *cli, cli_selection *selection,
                                       const cli_plan_choice *choice, int64_t *session)
{
    ruff_error err = RUFF_ERROR_INIT;
    run_interrupt interrupt;
    if (run_interrupt_open(&interrupt, &err)) return cli_fail(cli, &err);
    cli_exit code = build_and_measure(cli, selection, choice, &interrupt, session);
    run_interrupt_close(&interrupt);
    if (code == CLI_EXIT_INTERRUPTED && *session)
        cli_note(
            cli,
            "interrupted; what finished is stored, `ruffbench resume` goes on with session %lld",
            (long long)*session);
    return code;
}

cli_exit cli_measure(cli_context *cli, cli_selection *selection, const cli_plan_choice *choice,
                     int64_t *session)
{
    *session = 0;
    return measure_with_interrupt(cli, selection, choice, session);
}

cli_exit cli_resume(cli_context *cli, cli_selection *selection, const cli_plan_choice *choice,
                    int64_t session)
{
    return measure_with_interrupt(cli, selection, choice, &session);
}

cli_exit cli_measure_again(cli_context *cli, cli_selection *selection,
                           const cli_plan_choice *choice, bool (*keep)(const cli_group *, void *),
                           void *context, int64_t *session)
{
    cli_plan_choice fresh = *choice;
    fresh.seed = choice->seed + 1;
    for (size_t i = 0; i < selection->groups.count; i++)
        selection->groups.data[i]->left_out = !keep(selection->groups.data[i], context);
    cli_exit code = cli_measure(cli, selection, &fresh, session);
    for (size_t i = 0; i < selection->groups.count; i++)
        selection->groups.data[i]->left_out = false;
    return code;
}

/* ---- one session, stored or new ---- */

/* What a baseline's name or a commit stands for. */
static cli_exit find_by_name(cli_context *cli, const char *name, int64_t *session)
{
    ruff_error err = RUFF_ERROR_INIT;
    bool baseline = strncmp(name, "base:", 5) == 0;
    run_commit commit = {0};
    ruff_status status = RUFF_OK;
    if (baseline) {
        status = store_run_for_id(cli->db, STORE_QUERY_find_baseline, session, &err, "s", name + 5);
    } else {
        status =
            run_commit_resolve(cli->launcher, cli->options.directory ? cli->options.directory : ".",
                               name + 4, &commit, &err);
        if (!status)
            status = store_run_for_id(cli->db, STORE_QUERY_session_of_commit, session, &err, "s",
                                      commit.sha);
        run_commit_release(&commit);
    }
    if (status) return cli_fail(cli, &err);
    return *session > 0
               ? CLI_EXIT_DONE
               : cli_usage_error(cli, "no session is called `%s`; see `ruffbench list --sessions`",
                                 name);
}

cli_exit cli_find_session(cli_context *cli, const char *name, int64_t *session)
{
    ruff_error err = RUFF_ERROR_INIT;
    char *end;
    if (strcmp(name, "latest") == 0) {
        if (store_last_session(cli->db, session, &err)) return cli_fail(cli, &err);
        return *session ? CLI_EXIT_DONE
                        : cli_usage_error(cli, "%s: there are no sessions yet", cli->db_path);
    }
    if (!strncmp(name, "base:", 5) || !strncmp(name, "git:", 4))
        return find_by_name(cli, name, session);
    *session = strtoll(name + (*name == '@'), &end, 10);
    return *end || *session <= 0
               ? cli_usage_error(cli, "`%s` is no session; write @N, latest, base:NAME or git:REF",
                                 name)
               : CLI_EXIT_DONE;
}

/* Nothing could run at all: say why for each. */
static cli_exit explain_nothing(const cli_context *cli, const cli_selection *selection)
{
    bool built = true;
    for (size_t g = 0; g < selection->groups.count; g++)
        for (size_t v = 0; v < selection->groups.data[g]->variants.count; v++) {
            const run_variant *variant = &selection->groups.data[g]->variants.data[v];
            fprintf(stderr, "%s  %s\n", variant->label, variant->reason);
            built = built && variant->state != RUN_VARIANT_BUILD;
        }
    fprintf(stderr, "ruffbench %s: nothing could be measured\n", cli->command);
    return built ? CLI_EXIT_UNSURE : CLI_EXIT_FAILED;
}

static cli_exit remember_baseline(cli_context *cli, int64_t session)
{
    ruff_error err = RUFF_ERROR_INIT;
    return store_run(cli->db, STORE_QUERY_put_baseline, &err, "sisi", cli->options.baseline,
                     session, "", rf_clock_wall_ns())
               ? cli_fail(cli, &err)
               : CLI_EXIT_DONE;
}

cli_exit cli_obtain_session(cli_context *cli, cli_selection *selection, int64_t *session)
{
    cli_plan_choice choice;
    *selection = (cli_selection){0};
    *session = 0;
    if (cli->options.stored) {
        cli_exit opened = cli_open_store(cli, STORE_READ);
        return opened ? opened : cli_find_session(cli, cli->options.stored, session);
    }
    cli_exit code = cli_choose_plan(cli, &choice);
    if (!code) code = cli_open_suite(cli);
    if (!code) code = cli_open_store(cli, STORE_WRITE);
    if (!code) code = cli_select(cli, "default", selection);
    if (!code) code = cli_measure(cli, selection, &choice, session);
    if (!code && !*session) code = explain_nothing(cli, selection);
    if (*session && cli->options.baseline)
        code = cli_exit_worse(code, remember_baseline(cli, *session));
    return code;
}

void cli_add_absent(compare_set *set, const cli_selection *selection)
{
    for (size_t g = 0; g < selection->groups.count; g++) {
        const cli_group *group = selection->groups.data[g];
        for (size_t t = 0; t < set->tables.count; t++) {
            compare_table *table = &set->tables.data[t];
            if (strcmp(table->benchmark, group->param.benchmark->name) != 0 ||
                table->size != group->param.size)
                continue;
            for (size_t v = 0; v < group->variants.count; v++) {
                const run_variant *variant = &group->variants.data[v];
                if (variant->state != RUN_VARIANT_READY)
                    compare_table_add_absent(table, variant->label, variant->language->name,
                                             run_variant_mode_name(variant),
                                             variant->state == RUN_VARIANT_BUILD ? RUN_BUILD
                                                                                 : RUN_MISSING,
                                             variant->reason);
            }
        }
    }
}
