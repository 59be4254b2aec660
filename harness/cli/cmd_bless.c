/* Accepting a change that was meant, and taking that back. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/day.h"
#include "report/grid.h"
#include "run/git.h"
#include "store/identity.h"
#include "suite/selector.h"

#include <stdlib.h>
#include <string.h>

static char *author(cli_context *cli)
{
    rf_buffer out = RF_BUFFER_INIT;
    const char *words[] = {"config", "user.name", NULL};
    const char *user = getenv("USER");
    if (!run_git(cli->launcher, cli->root, words, &out, NULL)) out.size = strcspn(out.data, "\n");
    char *name = out.size ? rf_strndup(out.data, out.size) : rf_strdup(user ? user : "unknown");
    rf_buffer_release(&out);
    return name;
}

typedef struct acceptance {
    cli_context *cli;
    const char *selector;
    int64_t changepoint, until_ns, id; /* -1: none; id is set */
} acceptance;

/* The change point and what accepts it, or nothing of both. */
static ruff_status write_acceptance(store_db *db, void *context, ruff_error *err)
{
    acceptance *it = context;
    run_commit commit;
    int64_t project = 0, commit_id = -1, found = 0;
    ruff_status status = RUFF_OK;
    if (it->changepoint >= 0)
        status = store_run_for_id(db, STORE_QUERY_set_changepoint_state, &found, err, "is",
                                  it->changepoint, "blessed");
    if (!status && it->changepoint >= 0 && !found)
        status = rf_error_set(err, RUFF_E_MISUSE,
                              "there is no change point %lld; see `ruffbench history --detect`",
                              (long long)it->changepoint);
    if (status) return status;
    run_commit_read(it->cli->launcher, it->cli->root, &commit);
    char *who = author(it->cli);
    status = store_put_project(db, it->cli->suite, &project, err);
    if (!status && commit.sha) status = store_put_commit(db, project, &commit, &commit_id, err);
    if (!status)
        status = store_run_for_id(db, STORE_QUERY_insert_blessing, &it->id, err, "IIsssiI",
                                  it->changepoint, commit_id, it->selector, it->cli->options.reason,
                                  who, rf_clock_wall_ns(), it->until_ns);
    run_commit_release(&commit);
    rf_free(who);
    return status;
}

/* A misspelt acceptance would wait for ever. */
static bool means_something(const cli_context *cli, const suite_selector *selector)
{
    for (unsigned i = 0; i < cli->suite->file->benchmarks_count; i++)
        if (selector_takes_benchmark(selector, cli->suite->file->benchmarks[i].name)) return true;
    return false;
}

static cli_exit bless(cli_context *cli, const char *word)
{
    ruff_error err = RUFF_ERROR_INIT;
    int64_t until_ns = -1, changepoint = -1;
    suite_selector selector;
    char *end;
    if (!cli->options.reason || !*cli->options.reason)
        return cli_usage_error(cli, "say why: --reason \"...\"");
    if (cli->options.until && !cli_parse_day(cli->options.until, &until_ns))
        return cli_usage_error(cli, "--until: `%s` is no day; write it like 2026-12-31",
                               cli->options.until);
    if (until_ns >= 0) until_ns += (int64_t)86400 * 1000000000; /* to the end of that day */
    long long number = strtoll(word, &end, 10);
    if (*word && !*end) {
        changepoint = number;
    } else {
        if (selector_parse(&selector, word, &err)) return cli_fail(cli, &err);
        bool means = means_something(cli, &selector);
        selector_release(&selector);
        if (!means)
            return cli_usage_error(
                cli, "`%s` means no benchmark of the suite; see `ruffbench list`", word);
    }
    acceptance it = {cli, word, changepoint, until_ns, 0};
    if (store_with_transaction(cli->db, write_acceptance, &it, &err)) return cli_fail(cli, &err);
    printf("blessing %lld: %s\nundo: ruffbench bless --undo %lld\n", (long long)it.id, word,
           (long long)it.id);
    return CLI_EXIT_DONE;
}

static cli_exit undo(cli_context *cli, int64_t id)
{
    ruff_error err = RUFF_ERROR_INIT;
    int64_t found = 0;
    if (store_run_for_id(cli->db, STORE_QUERY_undo_blessing, &found, &err, "ii", id,
                         rf_clock_wall_ns()))
        return cli_fail(cli, &err);
    if (!found)
        return cli_usage_error(cli, "there is no blessing %lld in force; see `ruffbench bless`",
                               (long long)id);
    if (store_run(cli->db, STORE_QUERY_reopen_changepoint, &err, "i", id))
        return cli_fail(cli, &err);
    printf("blessing %lld is taken back\n", (long long)id);
    return CLI_EXIT_DONE;
}

static cli_exit list(cli_context *cli)
{
    static const report_align align[] = {REPORT_RIGHT, REPORT_LEFT, REPORT_LEFT,
                                         REPORT_LEFT,  REPORT_LEFT, REPORT_LEFT};
    static const char *const headers[] = {"id", "what", "reason", "by", "commit", "state"};
    ruff_error err = RUFF_ERROR_INIT;
    ruff_status status;
    rf_buffer out = RF_BUFFER_INIT;
    report_grid grid = {.column_count = RF_COUNT_OF(align), .align = align, .gap = "  "};
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    sqlite3_stmt *row = store_bind(cli->db, STORE_QUERY_all_blessings, &err, "");
    while (store_next(cli->db, row, &status, &err)) {
        char id[24], sha[16];
        snprintf(id, sizeof id, "%lld", (long long)store_int(row, 0));
        snprintf(sha, sizeof sha, "%.9s", store_text(row, 5));
        bool ended = store_int(row, 7) && store_int(row, 7) < rf_clock_wall_ns();
        const char *cells[] = {id,
                               store_text(row, 1),
                               store_text(row, 2),
                               store_text(row, 3),
                               sha,
                               store_int(row, 6) ? "undone"
                               : ended           ? "ended"
                                                 : "in force"};
        for (size_t i = 0; i < RF_COUNT_OF(cells); i++)
            report_grid_add(&grid, REPORT_PLAIN, cells[i]);
    }
    if (grid.cells.count > RF_COUNT_OF(headers))
        report_grid_print(&grid, &cli->out, &out);
    else
        rf_buffer_append_text(&out, "nothing is accepted; `ruffbench bless ROW --reason TEXT` accepts a change\n");
    report_grid_release(&grid);
    cli_print(&out);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static cli_exit run(cli_context *cli)
{
    cli_exit code = cli_open_suite(cli);
    if (!code) code = cli_open_store(cli, STORE_WRITE);
    if (code) return code;
    if (cli->options.undo) return undo(cli, (int64_t)cli->options.undo);
    return cli->words.count ? bless(cli, cli->words.data[0]) : list(cli);
}

static const cli_option_id options[] = {CLI_OPTION_reason, CLI_OPTION_until, CLI_OPTION_undo,
                                        CLI_OPTION_END};

const cli_command cmd_bless = {
    .name = "bless",
    .summary = "accept a change, or take that back",
    .arguments = "[SELECTOR | CHANGEPOINT]",
    .about = "Accepts that something became slower, with a reason: `check` then passes while the "
             "accepting commit lies "
             "between base and candidate. Without arguments it lists what was accepted.",
    .options = options,
    .examples = "ruffbench bless nested_loops@ruff:vm --reason \"bounds are checked now\"\n"
                "ruffbench bless 12 --reason \"known\" --until 2027-01-31\n"
                "ruffbench bless --undo 3",
    .starts_children = true,
    .run = run};
