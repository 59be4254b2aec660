/* Where each language spends its time: profiled passes, kept beside the timings. */
#include "cli/profile_pass.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "profile/adapter.h"
#include "report/frame_name.h"
#include "report/profile_store.h"
#include "report/report.h"
#include "report/summary.h"
#include "report/writer.h"
#include "run/git.h"

#include <string.h>

enum { COLUMN = 26, MOST_COLUMNS = 16 };

typedef struct passes {
    cli_context *cli;
    run_commit commit;
    int64_t session; /* of this commit, that profiles belong to; 0: none */
    run_interrupt interrupt;
    bool has_failed;
    size_t kept;
} passes;

/* What is shown of one variant. */
typedef struct column {
    char *head;   /* owned */
    char **cells; /* owned */
    size_t count;
} column;

/* Functions without a name are told apart by their line, in the little room there is. */
static void append_short_name(rf_buffer *out, const rf_profile *profile, uint32_t func)
{
    rf_report_append_name(out, profile, func);
    const uint32_t line = profile->funcs.data[func].line;
    if (!line || strcmp(out->data, "<anonymous function>") != 0) return;
    rf_buffer_clear(out);
    rf_buffer_format(out, "<anonymous:%u>", line);
}

static column make_column(const passes *it, const run_variant *variant, const rf_profile *profile, int64_t id)
{
    rf_report_summary summary;
    rf_buffer name = RF_BUFFER_INIT;
    column out = {.cells = rf_alloc_array_zero(char *, it->cli->options.top + 1)};
    rf_report_summary_init(&summary, profile);
    out.head = rf_format_text("%s %.3g s #%lld", variant->label, (double)summary.all.cpu_ns / 1e9, (long long)id);
    for (size_t i = 0; i < summary.funcs.count && out.count < it->cli->options.top; i++) {
        const rf_report_func_row *row = &summary.funcs.data[i];
        if (!row->self.cpu_ns) break;
        rf_buffer_clear(&name);
        append_short_name(&name, profile, row->func);
        out.cells[out.count++] = rf_format_text("%5.1f %s", 100 * rf_report_share(&summary, row->self.cpu_ns), name.data);
    }
    rf_buffer_release(&name);
    rf_report_summary_release(&summary);
    return out;
}

/* What does not fit ends in a mark. */
static void append_cell(rf_buffer *out, const char *text, size_t wide, bool is_last)
{
    const size_t room = wide - 1, shown = report_width(text);
    report_append_cut(out, text, room);
    if (!is_last) report_repeat(out, " ", shown < room ? wide - shown : 1);
}

static void print_columns(const passes *it, const run_param *param, const column *columns, size_t count)
{
    rf_buffer out = RF_BUFFER_INIT;
    size_t width = it->cli->out.width ? (size_t)it->cli->out.width : 80, fit = width / COLUMN;
    if (fit > count) fit = count;
    if (!fit) fit = 1;
    const size_t wide = width / fit;
    rf_buffer_format(&out, "%s/%s  self time, %% of CPU\n", param->benchmark->name, param->label);
    for (size_t first = 0; first < count; first += fit) {
        const size_t end = first + fit < count ? first + fit : count;
        size_t rows = 0;
        for (size_t c = first; c < end; c++) {
            append_cell(&out, columns[c].head, wide, c + 1 == end);
            if (columns[c].count > rows) rows = columns[c].count;
        }
        rf_buffer_append_byte(&out, '\n');
        for (size_t row = 0; row < rows; row++) {
            for (size_t c = first; c < end; c++)
                append_cell(&out, row < columns[c].count ? columns[c].cells[row] : "", wide, c + 1 == end);
            rf_buffer_append_byte(&out, '\n');
        }
        rf_buffer_append_byte(&out, '\n');
    }
    cli_print(&out);
}

static bool write_plain(const char *path, rf_report_writer *write, const rf_profile *profile, char **error)
{
    rf_buffer out = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    if (!path) return true;
    write(profile, &out);
    const bool is_written = rf_file_replace(path, out.data, out.size, &err) == RUFF_OK;
    if (!is_written) *error = rf_format_text("cannot write %s: %s", path, err.message);
    ruff_error_release(&err);
    rf_buffer_release(&out);
    return is_written;
}

static bool write_files(const cli_options *options, const rf_profile *profile, char **error)
{
    return (!options->flamegraph || rf_report_write(profile, options->flamegraph, error)) &&
           write_plain(options->folded, rf_report_folded, profile, error) &&
           write_plain(options->speedscope, rf_report_speedscope, profile, error);
}

static void complain(passes *it, const char *label, char *message)
{
    fprintf(stderr, "ruffbench profile: %s: %s\n", label, message);
    rf_free(message);
    it->has_failed = true;
}

/* One variant, as often as asked for; the last pass is shown. */
static bool profile_one(passes *it, const run_variant *variant, const run_param *param, column *out)
{
    const uint64_t runs = it->cli->options.blocks ? it->cli->options.blocks : 1;
    char *label = cli_profile_label(variant, param);
    bool has_column = false;
    for (uint64_t run = 0; run < runs && !it->interrupt.requested; run++) {
        rf_profile profile;
        ruff_error err = RUFF_ERROR_INIT;
        char *error = NULL;
        int64_t id = 0;
        const rf_profile_tags tags = {.label = label, .git_revision = it->commit.sha, .bench_run = it->session};
        if (cli_profile_variant(it->cli, variant, param, &it->interrupt, &profile, &err))
            complain(it, label, rf_strdup(err.message));
        else if (!rf_profile_store_save(it->cli->db->sqlite, &profile, &tags, &id, &error) || !write_files(&it->cli->options, &profile, &error))
            complain(it, label, error);
        else if (run + 1 == runs) {
            *out = make_column(it, variant, &profile, id);
            has_column = true;
        }
        it->kept += id != 0;
        ruff_error_release(&err);
        rf_profile_release(&profile);
        if (it->has_failed) break;
    }
    rf_free(label);
    return has_column;
}

static void profile_group(passes *it, const cli_group *group)
{
    column columns[MOST_COLUMNS];
    size_t count = 0;
    for (size_t v = 0; v < group->variants.count && count < MOST_COLUMNS && !it->interrupt.requested; v++) {
        const run_variant *variant = &group->variants.data[v];
        if (variant->state != RUN_VARIANT_READY)
            fprintf(stderr, "ruffbench profile: %s: %s\n", variant->label, variant->reason);
        else if (!profile_find_adapter(variant->language->name))
            cli_note(it->cli, "%s: no profiler for %s is known", variant->label, variant->language->name);
        else
            count += profile_one(it, variant, &group->param, &columns[count]);
    }
    if (count) print_columns(it, &group->param, columns, count);
    for (size_t c = 0; c < count; c++) {
        for (size_t i = 0; i < columns[c].count; i++) rf_free(columns[c].cells[i]);
        rf_free(columns[c].cells);
        rf_free(columns[c].head);
    }
}

/* The newest session of what is checked out: profiles of another commit would explain the wrong times. */
static void find_session(passes *it)
{
    ruff_error err = RUFF_ERROR_INIT;
    run_commit_read(it->cli->launcher, it->cli->root, &it->commit);
    if (store_run_for_id(it->cli->db, STORE_QUERY_newest_session_of_commit, &it->session, &err, "ss", it->commit.sha, it->commit.dirty))
        it->session = 0;
    ruff_error_release(&err);
}

static size_t count_variants(const cli_selection *selection)
{
    size_t count = 0;
    for (size_t g = 0; g < selection->groups.count; g++)
        for (size_t v = 0; v < selection->groups.data[g]->variants.count; v++)
            count += selection->groups.data[g]->variants.data[v].state == RUN_VARIANT_READY;
    return count;
}

static cli_exit profile_all(cli_context *cli, cli_selection *selection)
{
    ruff_error err = RUFF_ERROR_INIT;
    passes it = {.cli = cli};
    if (run_interrupt_open(&it.interrupt, &err)) return cli_fail(cli, &err);
    cli_build(cli, selection, &it.interrupt);
    find_session(&it);
    for (size_t g = 0; g < selection->groups.count && !it.interrupt.requested; g++) profile_group(&it, selection->groups.data[g]);
    run_interrupt_close(&it.interrupt);
    run_commit_release(&it.commit);
    if (it.kept && it.session)
        cli_note(cli, "%zu kept with session @%lld", it.kept, (long long)it.session);
    else if (it.kept)
        cli_note(cli, "%zu kept; no session measured this commit yet: `ruffbench run` first lets `diff --profile` find them", it.kept);
    return it.interrupt.requested ? CLI_EXIT_INTERRUPTED : it.has_failed || !it.kept ? CLI_EXIT_FAILED : CLI_EXIT_DONE;
}

static cli_exit run(cli_context *cli)
{
    cli_selection selection;
    const cli_options *options = &cli->options;
    if (!cli->words.count) return cli_usage_error(cli, "name a benchmark: ruffbench profile fibonacci@ruff:vm");
    cli_exit code = cli_open_suite(cli);
    if (!code) code = cli_open_store(cli, STORE_WRITE);
    if (code) return code;
    code = cli_select(cli, "default", &selection);
    if (!code && (options->flamegraph || options->folded || options->speedscope) && count_variants(&selection) != 1)
        code = cli_usage_error(cli, "files are written for one variant: name it, as in fibonacci@ruff:vm");
    if (!code) code = profile_all(cli, &selection);
    cli_selection_release(&selection);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_langs,  CLI_OPTION_modes,      CLI_OPTION_sizes,  CLI_OPTION_tag,
                                        CLI_OPTION_blocks, CLI_OPTION_iters,      CLI_OPTION_budget, CLI_OPTION_hz,
                                        CLI_OPTION_top,    CLI_OPTION_flamegraph, CLI_OPTION_folded, CLI_OPTION_speedscope,
                                        CLI_OPTION_END};

const cli_command cmd_profile = {
    .name = "profile",
    .summary = "where each language spends its time",
    .arguments = "BENCH[/SIZE][@LANG[:MODE]] ...",
    .about = "Runs each variant once more under the profiler of its language (ruff profile, cProfile, pprof, --cpu-prof), shows the "
             "functions that took most side by side, and keeps the profiles: `diff --profile` compares them, `ruff profile show N --db "
             ".ruffbench/ruffbench.db` shows one. --blocks N makes N passes each.",
    .options = options,
    .examples = "ruffbench profile fibonacci\n"
                "ruffbench profile fibonacci@ruff:vm --flamegraph fib.html\n"
                "ruffbench profile sort_int --langs ruff,go --blocks 5",
    .starts_children = true,
    .run = run};
