/* One session in detail: its processes, how they spread, what a failed one printed. */
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/error.h"
#include "compare/measure.h"
#include "report/compare.h"
#include "report/grid.h"
#include "report/number.h"
#include "stats/planning.h"
#include "stats/spread.h"
#include "store/results.h"

#include <math.h>
#include <string.h>

/* ---- processes ---- */

static void print_processes(const cli_context *cli, const store_results *results, rf_buffer *out)
{
    static const report_align align[] = {REPORT_RIGHT, REPORT_RIGHT,   REPORT_LEFT,    REPORT_LEFT,
                                         REPORT_LEFT,  REPORT_DECIMAL, REPORT_DECIMAL, REPORT_LEFT};
    static const char *const headers[] = {"seq", "block",     "benchmark", "variant",
                                          "",    "steady ms", "wall ms",   ""};
    report_grid grid = {.column_count = RF_COUNT_OF(align), .align = align, .gap = "  "};
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        const store_param_row *param = store_results_param(results, sample->param);
        char seq[24], block[24], steady[REPORT_NUMBER_SIZE] = "-", wall[REPORT_NUMBER_SIZE];
        char *name = report_cell_name(param->benchmark, param->label, NULL);
        char *label = report_variant_label(store_results_variant(results, sample->variant));
        snprintf(seq, sizeof seq, "%lld", (long long)sample->seq);
        snprintf(block, sizeof block, "%lld", (long long)sample->block + 1);
        if (sample->outcome == RUN_OK && sample->time_count) {
            stats_warmup warmup = compare_classify(sample);
            report_significant(compare_value_of(sample, &warmup, COMPARE_STEADY) / 1e6, steady);
        }
        report_significant((double)sample->wall_ns / 1e6, wall);
        const char *cells[] = {seq,
                               block,
                               name,
                               label,
                               run_outcome_word(sample->outcome),
                               steady,
                               wall,
                               sample->reason};
        for (size_t c = 0; c < RF_COUNT_OF(cells); c++)
            report_grid_add(&grid, sample->outcome == RUN_OK ? REPORT_PLAIN : REPORT_BAD, cells[c]);
        rf_free(name);
        rf_free(label);
    }
    report_grid_print(&grid, &cli->out, out);
    if (report_results_have_cpu_clock(results)) report_print_clock_note(&cli->out, out);
    report_grid_release(&grid);
}

/* ---- spread (S10, S11) ---- */

typedef struct pool {
    RF_VECTOR(double) logs;
    RF_VECTOR(size_t) counts;
    double iteration_ns, process_ns; /* mean iteration; mean of all else in a process */
} pool;

static void gather(const store_results *results, int64_t variant, int64_t param, pool *all)
{
    double iterations = 0, others = 0;
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->variant != variant || sample->param != param || sample->outcome != RUN_OK)
            continue;
        double spent = 0;
        for (size_t t = 0; t < sample->time_count; t++) {
            rf_vector_push(&all->logs, log(fmax(1, (double)sample->times[t])));
            spent += (double)sample->times[t];
        }
        rf_vector_push(&all->counts, sample->time_count);
        iterations += spent;
        others += (double)sample->wall_ns - spent;
    }
    if (all->logs.count) all->iteration_ns = iterations / (double)all->logs.count;
    if (all->counts.count) all->process_ns = others / (double)all->counts.count;
}

static void add_spread(report_grid *grid, const char *name, const pool *all)
{
    char within[32], between[32], icc[32], design[32], best[32];
    stats_spread spread =
        stats_two_level_spread(all->logs.data, all->counts.data, all->counts.count);
    size_t iterations = stats_iterations_per_process(fmax(all->process_ns, 1), all->iteration_ns,
                                                     spread.within, spread.between);
    snprintf(within, sizeof within, "%.2f", 100 * sqrt(spread.within));
    snprintf(between, sizeof between, "%.2f", 100 * sqrt(spread.between));
    snprintf(icc, sizeof icc, "%.2f", spread.correlation);
    snprintf(design, sizeof design, "%.1f", spread.design_effect);
    snprintf(best, sizeof best, "%zu", iterations);
    const char *cells[] = {name, within, between, icc, design, best};
    for (size_t i = 0; i < RF_COUNT_OF(cells); i++) report_grid_add(grid, REPORT_PLAIN, cells[i]);
}

static void print_spread(const cli_context *cli, const store_results *results, rf_buffer *out)
{
    static const report_align align[] = {REPORT_LEFT,    REPORT_DECIMAL, REPORT_DECIMAL,
                                         REPORT_DECIMAL, REPORT_DECIMAL, REPORT_RIGHT};
    static const char *const headers[] = {"",    "within %",      "between %",
                                          "ICC", "design effect", "best n"};
    report_grid grid = {.column_count = RF_COUNT_OF(align), .align = align, .gap = "  "};
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    for (size_t p = 0; p < results->params.count; p++)
        for (size_t v = 0; v < results->variants.count; v++) {
            pool all = {0};
            gather(results, results->variants.data[v].id, results->params.data[p].id, &all);
            char *name =
                report_cell_name(results->params.data[p].benchmark, results->params.data[p].label,
                                          results->variants.data[v].label);
            if (all.counts.count > 1) add_spread(&grid, name, &all);
            rf_free(name);
            rf_vector_release(&all.logs);
            rf_vector_release(&all.counts);
        }
    report_grid_print(&grid, &cli->out, out);
    report_grid_release(&grid);
}

/* ---- log ---- */

static cli_exit print_log(cli_context *cli, int64_t session)
{
    ruff_error err = RUFF_ERROR_INIT;
    ruff_status status;
    sqlite3_stmt *row = store_bind(cli->db, STORE_QUERY_invocation_log, &err, "ii", session,
                                   (int64_t)cli->options.log);
    if (store_next(cli->db, row, &status, &err)) {
        printf("%s\n---- standard output ----\n%s\n---- standard error ----\n%s\n",
               store_text(row, 2), store_text(row, 0), store_text(row, 1));
        sqlite3_reset(row);
        return CLI_EXIT_DONE;
    }
    if (status) return cli_fail(cli, &err);
    return cli_usage_error(cli, "process %llu of session @%lld has no log: only failed ones do",
                           (unsigned long long)cli->options.log, (long long)session);
}

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_results results;
    rf_buffer out = RF_BUFFER_INIT;
    int64_t session;
    cli_exit code = cli_open_store(cli, STORE_READ);
    if (!code)
        code = cli_find_session(cli, cli->words.count ? cli->words.data[0] : "latest", &session);
    if (code) return code;
    if (cli->options.log != UINT64_MAX) return print_log(cli, session);
    if (store_load_results(cli->db, session, &results, &err)) return cli_fail(cli, &err);
    if (cli->options.spread)
        print_spread(cli, &results, &out);
    else
        print_processes(cli, &results, &out);
    cli_print(&out);
    store_results_release(&results);
    return CLI_EXIT_DONE;
}

static const cli_option_id options[] = {CLI_OPTION_spread, CLI_OPTION_log, CLI_OPTION_END};

const cli_command cmd_show = {
    .name = "show",
    .summary = "one session in detail",
    .arguments = "[POINT]",
    .about =
        "Lists the processes of a session in the order they ran. --spread says how much iterations "
        "differ within and between processes, --log what a failed process printed.",
    .options = options,
    .examples = "ruffbench show\n"
                "ruffbench show @40 --spread\n"
                "ruffbench show @40 --log 17",
    .starts_children = true,
    .run = run};
