/* How a variant gets to its speed: class of every process, steady iteration, time to it. */
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/error.h"
#include "compare/measure.h"
#include "report/compare.h"
#include "report/grid.h"
#include "report/json.h"
#include "report/number.h"
#include "stats/quantile.h"
#include "store/results.h"

#include <math.h>
#include <string.h>

enum { CHART_COLUMNS = 60 };

/* The processes of one variant on one input. */
typedef struct series_set {
    const store_results *results;
    const store_variant_row *variant;
    const store_param_row *param;
    RF_VECTOR(const store_sample *) samples;
    RF_VECTOR(stats_warmup) warmups;
    stats_warmup_summary summary;
} series_set;

static bool gather(series_set *set)
{
    for (size_t i = 0; i < set->results->samples.count; i++) {
        const store_sample *sample = &set->results->samples.data[i];
        if (sample->variant != set->variant->id || sample->param != set->param->id ||
            !sample->time_count)
            continue;
        stats_warmup warmup = compare_classify(sample);
        rf_vector_push(&set->samples, sample);
        rf_vector_push(&set->warmups, warmup);
    }
    if (set->samples.count)
        set->summary = stats_summarize_warmup(set->warmups.data, set->warmups.count);
    return set->samples.count > 0;
}

static void release(series_set *set)
{
    rf_vector_release(&set->samples);
    rf_vector_release(&set->warmups);
}

/* ---- text ---- */

static const report_align columns[] = {REPORT_LEFT,  REPORT_LEFT,    REPORT_LEFT, REPORT_RIGHT,
                                       REPORT_RIGHT, REPORT_DECIMAL, REPORT_RIGHT};

static void add_row(report_grid *grid, const series_set *set)
{
    char letters[64] = "", steady[32] = "-", range[64] = "-", iterations[32],
         time[REPORT_NUMBER_SIZE] = "-";
    const stats_warmup_summary *summary = &set->summary;
    size_t most = 0;
    for (size_t i = 0; i < set->warmups.count; i++) {
        if (i + 1 < sizeof letters) letters[i] = set->warmups.data[i].letter;
        if (set->samples.data[i]->time_count > most) most = set->samples.data[i]->time_count;
    }
    if (summary->steady_processes) {
        snprintf(steady, sizeof steady, "%.0f", summary->steady_begin);
        snprintf(range, sizeof range, "%.0f-%.0f", summary->steady_begin_p5,
                 summary->steady_begin_p95);
        report_duration(summary->time_to_steady, time);
    }
    snprintf(iterations, sizeof iterations, "%zu", most);
    const char class[2] = {summary->letter, '\0'};
    char *label = report_variant_label(set->variant);
    char *name = report_cell_name(set->param->benchmark, set->param->label, label);
    const char *cells[] = {name, class, letters, steady, range, time, iterations};
    for (size_t i = 0; i < RF_COUNT_OF(cells); i++) report_grid_add(grid, REPORT_PLAIN, cells[i]);
    rf_free(label);
    rf_free(name);
}

/* Median over processes of each iteration, thinned to the width; the lowest block is the fastest,
 * the highest twice that or more. */
static void print_chart(const series_set *set, rf_buffer *out)
{
    static const char *const heights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    size_t count = SIZE_MAX;
    for (size_t i = 0; i < set->samples.count; i++)
        if (set->samples.data[i]->time_count < count) count = set->samples.data[i]->time_count;
    size_t shown = count < CHART_COLUMNS ? count : CHART_COLUMNS;
    double points[CHART_COLUMNS], least = (double)INFINITY;
    double *values = rf_alloc_array(double, set->samples.count + 1);
    for (size_t c = 0; c < shown; c++) {
        for (size_t i = 0; i < set->samples.count; i++)
            values[i] = (double)set->samples.data[i]->times[c * count / shown];
        points[c] = stats_median(values, set->samples.count);
        least = fmin(least, points[c]);
    }
    rf_free(values);
    rf_buffer_format(out, "%-16.16s ", set->variant->label);
    for (size_t c = 0; c < shown; c++) {
        double height = (points[c] / least - 1) * 8;
        rf_buffer_append_text(out, heights[height > 7 ? 7 : (size_t)height]);
    }
    rf_buffer_append_byte(out, '\n');
}

/* "118 ms" for what is called ..._ns, else the number. */
static const char *counter_text(const char *name, double value, char out[REPORT_NUMBER_SIZE])
{
    size_t size = strlen(name);
    if (size > 3 && strcmp(name + size - 3, "_ns") == 0) return report_duration(value, out);
    snprintf(out, REPORT_NUMBER_SIZE, value < 1e6 && value != floor(value) ? "%.1f" : "%.0f", value);
    return out;
}

static void add_counter(report_grid *grid, const char *label, sqlite3_stmt *row)
{
    char text[REPORT_NUMBER_SIZE];
    const char *name = store_text(row, 2);
    report_grid_add(grid, REPORT_PLAIN, label);
    report_grid_add(grid, REPORT_PLAIN, name);
    for (int column = 3; column <= 5; column++)
        report_grid_add(grid, REPORT_PLAIN, counter_text(name, sqlite3_column_double(row, column), text));
}

/* " jit.failed, jit.refused,": each name once. */
static void add_name(rf_buffer *names, const char *name)
{
    char *entry = rf_format_text(" %s,", name);
    if (!names->size || !strstr(names->data, entry)) rf_buffer_append_text(names, entry);
    rf_free(entry);
}

/* Those of zeros that are not in others, in lines. */
static void print_zeros(const rf_buffer *zeros, const rf_buffer *others, size_t width, rf_buffer *out)
{
    rf_buffer left = RF_BUFFER_INIT;
    for (const char *at = zeros->size ? zeros->data : ""; *at;) {
        size_t size = strcspn(at + 1, " ") + 1; /* " jit.failed," */
        char *entry = rf_strndup(at, size);
        if (!others->size || !strstr(others->data, entry)) rf_buffer_append_text(&left, entry);
        rf_free(entry);
        at += size;
    }
    if (left.size) {
        left.data[left.size - 1] = '\0'; /* the last comma */
        rf_buffer_append_text(out, "always 0:");
        report_wrap(out, left.data + 1, 9, 4, width);
    }
    rf_buffer_release(&left);
}

/* What processes reported of themselves: a line each, those that were 0 everywhere together. */
static cli_exit print_counters(cli_context *cli, const store_results *results, rf_buffer *out)
{
    static const report_align align[] = {REPORT_LEFT, REPORT_LEFT, REPORT_RIGHT, REPORT_RIGHT, REPORT_RIGHT};
    static const char *const headers[] = {"", "counter", "mean", "least", "most"};
    ruff_error err = RUFF_ERROR_INIT;
    ruff_status status;
    rf_buffer zeros = RF_BUFFER_INIT, others = RF_BUFFER_INIT;
    report_grid grid = {.column_count = RF_COUNT_OF(align), .align = align, .gap = "  "};
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    sqlite3_stmt *row =
        store_bind(cli->db, STORE_QUERY_session_counters, &err, "i", results->session.id);
    while (store_next(cli->db, row, &status, &err)) {
        char *label = rf_format_text("%s@%s", store_results_param(results, store_int(row, 1))->benchmark,
                                     store_results_variant(results, store_int(row, 0))->label);
        const bool is_zero = !store_int(row, 4) && !store_int(row, 5);
        add_name(is_zero ? &zeros : &others, store_text(row, 2));
        if (!is_zero) add_counter(&grid, label, row);
        rf_free(label);
    }
    const bool any = grid.cells.count > RF_COUNT_OF(headers);
    rf_buffer_append_byte(out, '\n');
    if (any) report_grid_print(&grid, &cli->out, out);
    print_zeros(&zeros, &others, cli->out.width, out);
    if (!any && !zeros.size) rf_buffer_append_text(out, "no counters were reported\n");
    rf_buffer_release(&zeros);
    rf_buffer_release(&others);
    report_grid_release(&grid);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

/* ---- JSON ---- */

/* What processes reported of themselves: {"jit.compiled": {"mean": ..., "least": ..., "most":
 * ...}}.
 */
static json_t *counters_json(cli_context *cli, const series_set *set)
{
    json_t *counters = json_object();
    ruff_status status;
    sqlite3_stmt *row =
        store_bind(cli->db, STORE_QUERY_session_counters, NULL, "i", set->results->session.id);
    while (store_next(cli->db, row, &status, NULL))
        if (store_int(row, 0) == set->variant->id && store_int(row, 1) == set->param->id)
            json_object_set_new(counters, store_text(row, 2),
                                json_pack("{s:f,s:I,s:I}", "mean", sqlite3_column_double(row, 3),
                                          "least", (json_int_t)store_int(row, 4), "most",
                                          (json_int_t)store_int(row, 5)));
    return counters;
}

static json_t *set_json(cli_context *cli, const series_set *set)
{
    json_t *processes = json_array();
    for (size_t i = 0; i < set->warmups.count; i++) {
        const stats_warmup *warmup = &set->warmups.data[i];
        char letter[2] = {warmup->letter, '\0'};
        json_array_append_new(processes,
                              json_pack("{s:s,s:I,s:f,s:I,s:I,s:f}", "class", letter,
                                        "steady_iteration", (json_int_t)warmup->steady_begin,
                                        "time_to_steady_ns", warmup->time_to_steady, "segments",
                                        (json_int_t)warmup->segment_count, "iterations",
                                        (json_int_t)set->samples.data[i]->time_count,
                                        "steady_mean_ns", warmup->steady_mean));
    }
    char letter[2] = {set->summary.letter, '\0'};
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:f,s:f,s:f,s:f,s:f,s:f,s:o,s:o}", "clock",
                     set->variant->cpu_clock ? "cpu" : "wall", "benchmark",
                     set->param->benchmark, "size_label", set->param->label, "label",
                     set->variant->label, "class", letter, "steady_iteration",
                     set->summary.steady_begin, "steady_iteration_p5", set->summary.steady_begin_p5,
                     "steady_iteration_p95", set->summary.steady_begin_p95, "time_to_steady_ns",
                     set->summary.time_to_steady, "time_to_steady_p5_ns", set->summary.time_p5,
                     "time_to_steady_p95_ns", set->summary.time_p95, "counters",
                     counters_json(cli, set), "processes", processes);
}

/* ---- the command ---- */

static cli_exit show(cli_context *cli, int64_t session)
{
    store_results results;
    cli_exit code = cli_load_results(cli, session, &results);
    if (code) return code;
    rf_buffer out = RF_BUFFER_INIT, charts = RF_BUFFER_INIT;
    json_t *rows = json_array();
    report_grid grid = {.column_count = RF_COUNT_OF(columns), .align = columns, .gap = "  "};
    static const char *const headers[] = {"",       "class", "by process", "steady after",
                                          "p5-p95", "time",  "n"};
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    for (size_t p = 0; p < results.params.count; p++)
        for (size_t v = 0; v < results.variants.count; v++) {
            series_set set = {.results = &results,
                              .variant = &results.variants.data[v],
                              .param = &results.params.data[p]};
            if (gather(&set)) {
                add_row(&grid, &set);
                print_chart(&set, &charts);
                json_array_append_new(rows, set_json(cli, &set));
            }
            release(&set);
        }
    if (cli->options.json) {
        json_t *document = report_json_document("warmup");
        json_object_set(document, "rows", rows);
        report_json_print(document, &out);
    } else {
        report_grid_print(&grid, &cli->out, &out);
        if (cli->options.chart) {
            rf_buffer_append_byte(&out, '\n');
            rf_buffer_append(&out, charts.data, charts.size);
        }
        if (cli->options.counters) code = print_counters(cli, &results, &out);
        if (!cli->options.quiet)
            rf_buffer_append_text(
                &out,
                "\nF flat  W warm-up  S slowdown  N no steady state  w F and W  ! other mixes\n");
        if (report_results_have_cpu_clock(&results)) report_print_clock_note(&cli->out, &out);
    }
    cli_print(&out);
    rf_buffer_release(&charts);
    json_decref(rows);
    report_grid_release(&grid);
    store_results_release(&results);
    return code;
}

static cli_exit run(cli_context *cli)
{
    cli_selection selection;
    int64_t session;
    cli_exit code = cli_obtain_session(cli, &selection, &session);
    if (session) code = cli_exit_worse(code, show(cli, session));
    cli_selection_release(&selection);
    return code;
}

static const cli_option_id options[] = {CLI_SELECTION_OPTIONS, CLI_PLAN_OPTIONS, CLI_OPTION_stored,
                                        CLI_OPTION_chart,      CLI_OPTION_json,  CLI_OPTION_END};

const cli_command cmd_warmup = {
    .name = "warmup",
    .summary = "warm-up class and time to steady state",
    .arguments = "[BENCH[/SIZE][@LANG[:MODE]] ...]",
    .about = "Cuts the iterations of every process into segments and says whether it is flat, "
             "warms up, slows down or "
             "never gets steady.",
    .options = options,
    .examples = "ruffbench warmup fibonacci --langs node --iters 300 --budget 1s\n"
                "ruffbench warmup --stored latest --chart --counters",
    .starts_children = true,
    .run = run};
