/* The gate: is the candidate slower than the base, measured together? */
#include "cli/checkout.h"
#include "cli/measure.h"
#include "cli/profile_pass.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "compare/derive.h"
#include "report/gate.h"
#include "store/identity.h"
#include "suite/selector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHECK_BLOCKS = 12 };

typedef struct check {
    cli_context *cli;
    cli_side_build base, candidate;
    cli_selection selection;
    cli_plan_choice choice;
    compare_measure measure;
    compare_gate gate;
} check;

/* ---- blessings ---- */

/* An accepted change counts while its commit lies between base and candidate; without git it counts
 * until it ends. */
static bool blessing_applies(const check *it, const char *sha)
{
    if (!*sha || !it->base.sha) return true;
    rf_buffer out = RF_BUFFER_INIT;
    const char *in_base[] = {"merge-base", "--is-ancestor", sha, it->base.sha, NULL};
    bool old = run_git(it->cli->launcher, it->cli->root, in_base, &out, NULL) == RUFF_OK;
    rf_buffer_release(&out);
    return !old;
}

static void bless_rows(check *it, int64_t id, const char *text, const char *reason, const char *sha)
{
    suite_selector selector;
    if (selector_parse(&selector, text, NULL)) return;
    for (size_t i = 0; i < it->gate.rows.count; i++) {
        compare_gate_row *row = &it->gate.rows.data[i];
        bool fits = selector_takes_benchmark(&selector, row->benchmark) &&
                    selector_takes_variant(&selector, row->language, row->mode) &&
                    (!selector.size || !strcmp(selector.size, row->size_label));
        if (!fits || row->blessing || row->verdict != STATS_SLOWER || !blessing_applies(it, sha))
            continue;
        row->blessing = id;
        row->blessing_reason = rf_strdup(reason);
    }
    selector_release(&selector);
}

static ruff_status apply_blessings(check *it, ruff_error *err)
{
    ruff_status status;
    store_db *db = it->cli->db;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_active_blessings, err, "i", rf_clock_wall_ns());
    while (store_next(db, row, &status, err))
        bless_rows(it, store_int(row, 0), store_text(row, 1), store_text(row, 2),
                   store_text(row, 5));
    return status;
}

/* ---- measuring ---- */

static bool is_doubtful(const cli_group *group, void *context)
{
    const compare_gate *gate = context;
    for (size_t i = 0; i < gate->rows.count; i++) {
        const compare_gate_row *row = &gate->rows.data[i];
        const run_variant *variant = &group->variants.data[0];
        if (!strcmp(row->benchmark, group->param.benchmark->name) &&
            row->size == group->param.size && !strcmp(row->language, variant->language->name) &&
            !strcmp(row->mode, run_variant_mode_name(variant)))
            return compare_gate_needs_confirmation(row);
    }
    return false;
}

static bool has_doubts(const compare_gate *gate)
{
    for (size_t i = 0; i < gate->rows.count; i++)
        if (compare_gate_needs_confirmation(&gate->rows.data[i])) return true;
    return false;
}

static cli_exit confirm(check *it)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_results again;
    int64_t session = 0;
    cli_note(it->cli, "measuring doubtful rows again in fresh blocks");
    cli_exit code =
        cli_measure_again(it->cli, &it->selection, &it->choice, is_doubtful, &it->gate, &session);
    if (code || !session) return code;
    if (store_load_results(it->cli->db, session, &again, &err)) return cli_fail(it->cli, &err);
    compare_gate_confirm(&it->gate, &again);
    store_results_release(&again);
    return CLI_EXIT_DONE;
}

/* A side that could not be measured at all has no row in the tables. */
static void name_missing(const check *it)
{
    for (size_t g = 0; g < it->selection.groups.count; g++) {
        const cli_group *group = it->selection.groups.data[g];
        for (size_t v = 0; v < group->variants.count; v++) {
            const run_variant *variant = &group->variants.data[v];
            if (variant->state != RUN_VARIANT_READY)
                fprintf(stderr, "ruffbench check: %s@%s in %s: %s\n", group->param.benchmark->name,
                        variant->label, *variant->role ? it->base.name : it->candidate.name,
                        variant->reason);
        }
    }
}

static cli_exit measure(check *it)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_results results;
    int64_t session = 0;
    cli_exit code = cli_measure(it->cli, &it->selection, &it->choice, &session);
    if (code) return code;
    name_missing(it);
    if (!session) {
        fprintf(stderr, "ruffbench check: nothing could be measured\n");
        return CLI_EXIT_FAILED;
    }
    if (store_load_results(it->cli->db, session, &results, &err)) return cli_fail(it->cli, &err);
    compare_gate_build(&it->gate, &results, it->measure, it->cli->options.margin,
                       it->cli->options.alpha);
    store_results_release(&results);
    if (apply_blessings(it, &err)) return cli_fail(it->cli, &err);
    for (uint64_t i = 0; i < it->cli->options.retries && !code && has_doubts(&it->gate); i++)
        code = confirm(it);
    return code;
}

/* ---- result ---- */

static cli_exit judge(const check *it)
{
    cli_exit code = CLI_EXIT_DONE;
    if (compare_gate_count(&it->gate, STATS_SLOWER)) code = CLI_EXIT_REGRESSION;
    if (compare_gate_count(&it->gate, STATS_UNSURE) && !it->cli->options.allow_unsure)
        code = cli_exit_worse(code, CLI_EXIT_UNSURE);
    if (compare_gate_failures(&it->gate)) code = cli_exit_worse(code, CLI_EXIT_FAILED);
    for (size_t g = 0; g < it->selection.groups.count; g++)
        for (size_t v = 0; v < it->selection.groups.data[g]->variants.count; v++)
            if (it->selection.groups.data[g]->variants.data[v].state != RUN_VARIANT_READY)
                code = cli_exit_worse(code, CLI_EXIT_FAILED);
    return code;
}

static ruff_status store_row(store_db *db, const check *it, const compare_gate_row *row,
                             ruff_error *err)
{
    const compare_measure_row *measure = compare_measure_row_of(it->measure);
    int64_t metric = 0;
    ruff_status status = store_put_metric(db, measure->metric, &metric, err);
    if (status) return status;
    return store_run(db, STORE_QUERY_insert_comparison, err, "iiiiiisiidddddDddss",
                     it->gate.session, row->base, it->gate.session, row->candidate, row->param,
                     metric, measure->phase, (int64_t)1, (int64_t)row->count, row->ratio.ratio,
                     row->ratio.low, row->ratio.high, row->ratio.confidence, row->p,
                     row->p_adjusted, 0.0, it->gate.margin, stats_verdict_name(row->verdict),
                     COMPARE_ALGORITHM);
}

static ruff_status store_rows(store_db *db, void *context, ruff_error *err)
{
    const check *it = context;
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < it->gate.rows.count && !status; i++)
        if (it->gate.rows.data[i].count) status = store_row(db, it, &it->gate.rows.data[i], err);
    return status;
}

static void name_sources(check *it)
{
    for (size_t i = 0; i < it->gate.rows.count; i++) {
        compare_gate_row *row = &it->gate.rows.data[i];
        char *path =
            suite_source_path(it->cli->suite, suite_find_language(it->cli->suite, row->language),
                              suite_find_benchmark(it->cli->suite, row->benchmark));
        row->source = rf_strdup(path + strlen(it->cli->suite->root) + 1);
        rf_free(path);
    }
}

static cli_exit write_file(const check *it, const char *path, rf_buffer *text)
{
    ruff_error err = RUFF_ERROR_INIT;
    ruff_status status = path ? rf_file_replace(path, text->data, text->size, &err) : RUFF_OK;
    if (status) rf_error_wrap(&err, "%s", path);
    rf_buffer_release(text);
    return status ? cli_fail(it->cli, &err) : CLI_EXIT_DONE;
}

/* Appends to the file that GitHub Actions shows as the summary of the step. */
static void write_step_summary(const compare_gate *gate, const report_gate_names *names)
{
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    rf_buffer text = RF_BUFFER_INIT;
    FILE *file = path ? fopen(path, "ae") : NULL;
    if (!file) return;
    report_gate_markdown(gate, names, &text);
    fwrite(text.data, 1, text.size, file);
    fclose(file);
    rf_buffer_release(&text);
}

static cli_exit report(check *it, cli_exit code)
{
    cli_context *cli = it->cli;
    report_gate_names names = {it->base.name, it->candidate.name, (int)code};
    rf_buffer out = RF_BUFFER_INIT, junit = RF_BUFFER_INIT, sarif = RF_BUFFER_INIT;
    name_sources(it);
    if (cli->options.json)
        report_gate_json(&it->gate, &names, &out);
    else if (cli->options.md)
        report_gate_markdown(&it->gate, &names, &out);
    else
        report_gate_text(&it->gate, &names, &cli->out, &out);
    if (cli->options.github) {
        report_gate_github(&it->gate, &names, &out);
        write_step_summary(&it->gate, &names);
    }
    cli_print(&out);
    report_gate_junit(&it->gate, &names, &junit);
    report_gate_sarif(&it->gate, &names, &sarif);
    cli_exit written = write_file(it, cli->options.junit, &junit);
    return cli_exit_worse(code,
                          cli_exit_worse(written, write_file(it, cli->options.sarif, &sarif)));
}

/* ---- what moved inside ---- */

enum { PROFILED_RUNS = 3 };

static const run_variant *side_of(const cli_group *group, bool is_base)
{
    for (size_t v = 0; v < group->variants.count; v++)
        if ((*group->variants.data[v].role != '\0') == is_base) return &group->variants.data[v];
    return NULL;
}

/* Both sides again under the profiler, in turns. */
static void profile_group(check *it, const cli_group *group, run_interrupt *interrupt, rf_buffer *out)
{
    rf_profile profiles[2][PROFILED_RUNS];
    const rf_profile *views[2][PROFILED_RUNS];
    size_t made = 0;
    ruff_error err = RUFF_ERROR_INIT;
    ruff_status status = RUFF_OK;
    const run_variant *variants[2] = {side_of(group, true), side_of(group, false)};
    if (!variants[0] || !variants[1]) return;
    while (made < 2 * PROFILED_RUNS && !status && !interrupt->requested) {
        const size_t side = made % 2, run = made / 2;
        status = cli_profile_variant(it->cli, variants[side], &group->param, interrupt, &profiles[side][run], &err);
        views[side][run] = &profiles[side][run];
        made++;
    }
    char *label = cli_profile_label(variants[1], &group->param);
    if (status)
        rf_buffer_format(out, "\n%s: no profile: %s\n", label, err.message);
    else if (!interrupt->requested)
        cli_profile_append_diff(out, label, views[0], PROFILED_RUNS, views[1], PROFILED_RUNS, false);
    for (size_t i = 0; i < made; i++) rf_profile_release(&profiles[i % 2][i / 2]);
    rf_free(label);
    ruff_error_release(&err);
}

/* For each row that is slower. */
static void explain(check *it)
{
    run_interrupt interrupt;
    rf_buffer out = RF_BUFFER_INIT;
    if (run_interrupt_open(&interrupt, NULL)) return;
    for (size_t i = 0; i < it->gate.rows.count; i++) {
        const compare_gate_row *row = &it->gate.rows.data[i];
        if (row->verdict != STATS_SLOWER || row->blessing) continue;
        for (size_t g = 0; g < it->selection.groups.count; g++) {
            const cli_group *group = it->selection.groups.data[g];
            if (!strcmp(row->benchmark, group->param.benchmark->name) && row->size == group->param.size &&
                !strcmp(row->mode, run_variant_mode_name(&group->variants.data[0])))
                profile_group(it, group, &interrupt, &out);
        }
    }
    run_interrupt_close(&interrupt);
    if (out.size && (it->cli->options.json || it->cli->options.md)) /* standard output is a document */
        fputs(out.data, stderr);
    else
        cli_print(&out);
    rf_buffer_release(&out);
}

static cli_exit check_sides(check *it)
{
    ruff_error err = RUFF_ERROR_INIT;
    cli_exit code = cli_select_pairs(it->cli, "default", it->base.directory,
                                     it->candidate.directory, &it->selection);
    if (!code) code = measure(it);
    if (!code && store_with_transaction(it->cli->db, store_rows, it, &err))
        code = cli_fail(it->cli, &err);
    if (!code) code = report(it, judge(it));
    if (code == CLI_EXIT_REGRESSION && it->cli->options.profile) explain(it);
    compare_gate_release(&it->gate);
    cli_selection_release(&it->selection);
    return code;
}

static cli_exit run(cli_context *cli)
{
    check it = {.cli = cli};
    if (!cli->options.base)
        return cli_usage_error(
            cli, "name what to compare with: --base REF, --base base:NAME or --base DIRECTORY");
    if (cli->options.metric && !compare_measure_find(cli->options.metric, &it.measure))
        return cli_usage_error(cli, "--metric: `%s` is no metric", cli->options.metric);
    if (!cli->options.blocks && !cli->options.quick && !cli->options.rigorous &&
        cli->options.precision <= 0)
        cli->options.blocks = CHECK_BLOCKS;
    cli_exit code = cli_choose_plan(cli, &it.choice);
    if (!code) code = cli_open_suite(cli);
    if (!code) code = cli_open_store(cli, STORE_WRITE);
    if (!code) code = cli_prepare_side(cli, cli->options.base, &it.base);
    if (!code) code = cli_prepare_side(cli, cli->options.candidate, &it.candidate);
    if (!code) code = check_sides(&it);
    cli_side_release(&it.base);
    cli_side_release(&it.candidate);
    return code;
}

static const cli_option_id options[] = {
    CLI_OPTION_base,         CLI_OPTION_candidate, CLI_OPTION_margin, CLI_OPTION_alpha, CLI_OPTION_profile,
    CLI_OPTION_allow_unsure, CLI_OPTION_retries,   CLI_OPTION_metric, CLI_OPTION_modes,
    CLI_OPTION_sizes,        CLI_OPTION_tag,       CLI_PLAN_OPTIONS,  CLI_OPTION_json,
    CLI_OPTION_md,           CLI_OPTION_github,    CLI_OPTION_junit,  CLI_OPTION_sarif,
    CLI_OPTION_END};

const cli_command cmd_check = {
    .name = "check",
    .summary = "fail when the candidate is slower than the base",
    .arguments = "[BENCH[/SIZE][@LANG[:MODE]] ...]",
    .about = "Measures base and candidate of the project's own language together, block by block, "
             "and ends with 1 when "
             "something is slower beyond the margin, 3 when that cannot be told, 4 when something "
             "fails.",
    .options = options,
    .examples = "ruffbench check --base main\n"
                "ruffbench check --base base:release fibonacci --margin 3%\n"
                "ruffbench check --base build/old --candidate build/new --junit check.xml",
    .starts_children = true,
    .run = run};
