#include "cli/measure.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "compare/derive.h"
#include "compare/set.h"
#include "compare/trust.h"
#include "report/progress.h"
#include "run/machine.h"
#include "run/session_lock.h"
#include "run/verify.h"
#include "store/event.h"
#include "store/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BLOCKS = 200, CLOCK_STEP_NS = 1000000000 };

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
    size_t todo, finished;
    int64_t started_ns;
    double predicted_ns; /* for the whole plan, after the first two blocks; 0: not yet */
} recorder;

static void slot_begins(void *context, size_t seq, const run_slot *slot)
{
    (void)slot;
    report_progress_begin(((recorder *)context)->progress, seq);
}

static ruff_status slot_ends(void *context, size_t seq, const run_slot *slot,
                             const run_result *result, ruff_error *err)
{
    recorder *record = context;
    (void)slot;
    report_progress_end(record->progress, seq, result);
    if (++record->finished == 2 * record->plan->cells.count)
        record->predicted_ns = (double)(rf_clock_monotonic_ns() - record->started_ns) *
                               (double)record->todo / (double)record->finished;
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
                               const compare_conditions *conditions, bool drifted, ruff_error *err)
{
    store_results results;
    ruff_status status = store_load_results(cli->db, session, &results, err);
    if (status) return status;
    stats_trust trust = compare_grade(&results, machine, conditions, drifted);
    char *json = compare_trust_json(&trust);
    status = store_add_event(cli->db, session, "info", "trust", json, err);
    rf_free(json);
    store_results_release(&results);
    return status;
}

static void print_eta_error(const cli_context *cli, const recorder *record)
{
    double passed = (double)(rf_clock_monotonic_ns() - record->started_ns);
    if (cli->options.debug_eta && record->predicted_ns > 0)
        fprintf(stderr, "estimated %.1f s after two blocks, took %.1f s: off by %+.0f %%\n",
                record->predicted_ns / 1e9, passed / 1e9,
                100 * (record->predicted_ns / passed - 1));
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
    recorder record = {.db = cli->db,
                       .session = session,
                       .plan = plan,
                       .progress = live ? report_progress_new(plan, &cli->err) : NULL,
                       .started_ns = rf_clock_monotonic_ns()};
    for (size_t i = 0; i < plan->slots.count; i++)
        record.todo += !plan->slots.data[i].done && !plan->slots.data[i].elsewhere;
    run_observer observer = {&record, slot_begins, slot_ends, slot_skipped};
    ruff_status status =
        run_session(cli->launcher, cli->suite, plan, settings, interrupt, &observer, &finish, err);
    report_progress_free(record.progress);
    print_eta_error(cli, &record);
    *code = finish_code(finish);
    if (!status)
        status = store_end_session(cli->db, session,
                                   finish == RUN_FINISHED ? "done" : "interrupted", err);
    return status;
}

/* ---- the second stage (S12) ---- */

/* Marks what an earlier run of the same plan has done. */
static void mark_done(run_plan *plan, const store_results *results)
{
    for (size_t i = 0; i < results->slots.count; i++) {
        const store_slot_row *slot = &results->slots.data[i];
        size_t seq = (size_t)slot->seq - plan->first_seq; /* huge for slots of an earlier stage */
        if (seq < plan->slots.count) plan->slots.data[seq].done = strcmp(slot->state, "todo") != 0;
    }
}

/* Blocks in all that a second stage was given when it began; 0: it has not begun. */
static size_t blocks_given(const store_results *results, const run_plan *pilot)
{
    size_t blocks = 0;
    for (size_t i = 0; i < results->slots.count; i++) {
        const store_slot_row *slot = &results->slots.data[i];
        if ((size_t)slot->seq >= pilot->slots.count && (size_t)slot->block >= blocks)
            blocks = (size_t)slot->block + 1;
    }
    return blocks;
}

/* Blocks in all that every ratio of the session needs for the wanted half-width; says so. */
static size_t blocks_for_precision(cli_context *cli, const store_results *results,
                                   const cli_plan_choice *choice)
{
    size_t blocks = choice->blocks;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    for (size_t p = 0; p < results->params.count; p++) {
        compare_table table;
        compare_table_build(&table, results, results->params.data[p].id, &options);
        for (size_t r = 0; r < table.rows.count; r++) {
            const compare_row *row = &table.rows.data[r];
            if (row->state != COMPARE_MEASURED || !row->ratio.has_interval) continue;
            size_t needed = stats_blocks_for_half_width(row->ratio.sd, row->ratio.count,
                                                        log1p(choice->precision), options.alpha);
            if (needed > blocks) blocks = needed;
        }
        compare_table_release(&table);
    }
    cli_note(cli, "pilot of %u blocks: %zu blocks in all for ratios to %g %%", choice->blocks,
             blocks, 100 * choice->precision);
    if (blocks > MOST_BLOCKS)
        cli_note(cli, "that is more than %d; the machine is too noisy for it, so %d are measured",
                 MOST_BLOCKS, MOST_BLOCKS);
    return blocks > MOST_BLOCKS ? MOST_BLOCKS : blocks;
}

/* Says how wide the intervals have become. */
static ruff_status note_precision(cli_context *cli, int64_t session, ruff_error *err)
{
    store_results results;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    double widest = -1;
    ruff_status status = store_load_results(cli->db, session, &results, err);
    if (status) return status;
    for (size_t p = 0; p < results.params.count; p++) {
        compare_table table;
        compare_table_build(&table, &results, results.params.data[p].id, &options);
        for (size_t r = 0; r < table.rows.count; r++) {
            const stats_ratio *ratio = &table.rows.data[r].ratio;
            if (table.rows.data[r].state == COMPARE_MEASURED && ratio->has_interval)
                widest = fmax(widest, (ratio->log_high - ratio->log_low) / 2);
        }
        compare_table_release(&table);
    }
    store_results_release(&results);
    if (widest >= 0) cli_note(cli, "reached: ratios to %.2g %% or better", 100 * expm1(widest));
    return RUFF_OK;
}

/* The blocks after the pilot's: the same cells in an order of their own. */
static run_plan plan_after(const run_plan *pilot, size_t blocks)
{
    run_plan more = {.schedule = pilot->schedule,
                     .seed = pilot->seed + 1,
                     .blocks = (uint32_t)(blocks - pilot->blocks),
                     .first_block = pilot->blocks,
                     .first_seq = pilot->slots.count,
                     .group_count = pilot->group_count};
    for (size_t i = 0; i < pilot->cells.count; i++)
        rf_vector_push(&more.cells, pilot->cells.data[i]);
    run_plan_arrange(&more);
    return more;
}

static ruff_status run_second_stage(cli_context *cli, const run_plan *pilot,
                                    const cli_plan_choice *choice, const store_session *session,
                                    run_interrupt *interrupt, cli_exit *code, ruff_error *err)
{
    store_results results;
    ruff_status status = store_load_results(cli->db, session->id, &results, err);
    if (status) return status;
    size_t given = blocks_given(&results, pilot);
    size_t blocks = given ? given : blocks_for_precision(cli, &results, choice);
    if (blocks > pilot->blocks) {
        run_plan more = plan_after(pilot, blocks);
        mark_done(&more, &results);
        if (!given) status = store_extend_session(cli->db, &more, session, err);
        if (!status)
            status =
                run_plan_into_store(cli, &more, &choice->settings, session, interrupt, code, err);
        run_plan_release(&more);
    }
    store_results_release(&results);
    if (!status && !*code) status = note_precision(cli, session->id, err);
    return status;
}

/* ---- what the machine does meanwhile ---- */

typedef struct vigil {
    int64_t monotonic_ns, wall_ns;
    int64_t throttle_count;
    double pressure_us, load, frequency_khz;
    run_session_lock lock;
} vigil;

static void begin_vigil(cli_context *cli, vigil *watch)
{
    pid_t other;
    run_session_lock_take(&watch->lock, &other);
    if (other)
        cli_note(cli, "another ruffbench is measuring (process %d): the two disturb each other",
                 (int)other);
    watch->load = run_machine_load();
    watch->pressure_us = run_machine_pressure_us();
    watch->throttle_count = run_machine_throttle_count();
    watch->frequency_khz = run_machine_frequency_khz();
    watch->wall_ns = rf_clock_wall_ns();
    watch->monotonic_ns = rf_clock_monotonic_ns();
}

/* A wall clock that was set meanwhile moves the time stamps of the session, not its measurements.
 */
static ruff_status end_vigil(cli_context *cli, vigil *watch, int64_t session,
                             compare_conditions *conditions, ruff_error *err)
{
    int64_t passed = rf_clock_monotonic_ns() - watch->monotonic_ns;
    int64_t step = rf_clock_wall_ns() - watch->wall_ns - passed;
    *conditions = (compare_conditions){
        .load_at_start = watch->load,
        .pressure_percent = -1,
        .frequency_range_percent =
            compare_frequency_range(watch->frequency_khz, run_machine_frequency_khz()),
        .throttle_count_change = -1};
    if (watch->throttle_count >= 0)
        conditions->throttle_count_change =
            (double)(run_machine_throttle_count() - watch->throttle_count);
    if (watch->pressure_us >= 0)
        conditions->pressure_percent =
            100 * (run_machine_pressure_us() - watch->pressure_us) * 1e3 / (double)(passed + 1);
    run_session_lock_release(&watch->lock);
    if (llabs(step) < CLOCK_STEP_NS) return RUFF_OK;
    char text[96];
    snprintf(text, sizeof text, "the clock of the machine was set by %+.1f s meanwhile",
             (double)step / 1e9);
    cli_note(cli, "%s; times are not affected", text);
    return store_add_event(cli->db, session, "warn", "clock-step", text, err);
}

/* ---- a whole session ---- */

static ruff_status run_stages(cli_context *cli, const run_plan *plan, const cli_plan_choice *choice,
                              const store_session *session, run_interrupt *interrupt,
                              cli_exit *code, ruff_error *err)
{
    ruff_status status =
        run_plan_into_store(cli, plan, &choice->settings, session, interrupt, code, err);
    if (!status && !*code && choice->precision > 0)
        status = run_second_stage(cli, plan, choice, session, interrupt, code, err);
    return status;
}

/* Languages that are not there and programs that did not build: reports say so later. A language that has no
 * program for a benchmark is no accident. */
static ruff_status note_absent(cli_context *cli, const cli_selection *selection, int64_t session, ruff_error *err)
{
    rf_buffer seen = RF_BUFFER_INIT;
    ruff_status status = RUFF_OK;
    for (size_t g = 0; g < selection->groups.count; g++) {
        const cli_group *group = selection->groups.data[g];
        for (size_t i = 0; i < group->variants.count && !status; i++) {
            const run_variant *variant = &group->variants.data[i];
            const bool is_missing = !variant->toolchain->found;
            if (!is_missing && variant->state != RUN_VARIANT_BUILD) continue;
            char *text = is_missing ? rf_format_text("%s: %s", variant->language->name, variant->toolchain->reason)
                                    : rf_format_text("%s@%s: did not build: %s", variant->benchmark->name,
                                                     variant->language->name, variant->reason);
            char *line = rf_format_text("\n%s\n", text);
            if (!seen.size || !strstr(seen.data, line)) {
                rf_buffer_append_text(&seen, line);
                status = store_add_absent(cli->db, session, text, err);
            }
            rf_free(line);
            rf_free(text);
        }
    }
    rf_buffer_release(&seen);
    return status;
}

/* A new session for id 0, else that one again; *id is set as soon as it exists. */
static ruff_status measure(cli_context *cli, const cli_selection *selection, const run_plan *plan,
                           const cli_plan_choice *choice, run_interrupt *interrupt, int64_t *id,
                           cli_exit *code, ruff_error *err)
{
    run_machine machine;
    run_commit commit;
    store_session session;
    vigil watch;
    compare_conditions conditions;
    bool drifted = false;
    char *settings = cli_settings_json(cli, selection, choice);
    run_machine_capture(&machine);
    run_commit_read(cli->launcher, cli->root, &commit);
    store_session_facts facts = {cli->suite, &machine, &commit, plan, cli->command_line, settings};
    begin_vigil(cli, &watch);
    const bool is_new = *id == 0;
    ruff_status status = is_new ? store_begin_session(cli->db, &facts, &session, err)
                                : store_reopen_session(cli->db, &facts, *id, &session, err);
    if (!status && is_new) status = note_absent(cli, selection, session.id, err);
    if (!status) {
        *id = session.id;
        status = run_stages(cli, plan, choice, &session, interrupt, code, err);
    }
    ruff_status watched = end_vigil(cli, &watch, session.id, &conditions, status ? NULL : err);
    if (!status) status = watched;
    if (!status) status = compare_derive(cli->db, session.id, &drifted, err);
    if (!status) status = store_grade(cli, session.id, &machine, &conditions, drifted, err);
    store_session_release(&session);
    run_commit_release(&commit);
    run_machine_release(&machine);
    rf_free(settings);
    return status;
}

/* Marks what the session has done already; the plan must be the one it began with. */
static cli_exit continue_plan(cli_context *cli, run_plan *plan, int64_t session)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_results results;
    char digest[RUN_SHA256_SIZE];
    run_plan_digest(plan, digest);
    if (store_load_results(cli->db, session, &results, &err)) return cli_fail(cli, &err);
    bool same = strcmp(digest, results.session.plan_digest) == 0;
    if (same) mark_done(plan, &results);
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
        status = measure(cli, selection, &plan, choice, interrupt, session, &code, &err);
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
    if (code == CLI_EXIT_TIME_UP && *session)
        cli_note(cli,
                 "the time limit is reached; what finished is stored, `ruffbench resume` goes on "
                 "with session %lld",
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
