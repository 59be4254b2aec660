/* Is it worth it: from how many calls on one variant costs less than another, everything counted.
 */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/measure.h"
#include "report/book.h"
#include "report/compare.h"
#include "report/cost.h"
#include "report/grid.h"
#include "report/json.h"
#include "report/number.h"

#include <math.h>
#include <string.h>

static const report_align columns[] = {REPORT_LEFT,    REPORT_DECIMAL, REPORT_DECIMAL,
                                       REPORT_DECIMAL, REPORT_DECIMAL, REPORT_LEFT};

static const report_entry *find_entry(const report_book *book, const char *name)
{
    for (size_t i = 0; i < book->entries.count; i++)
        if (book->entries.data[i].main && !strcmp(book->entries.data[i].table->benchmark, name))
            return &book->entries.data[i];
    return NULL;
}

/* "go", "ruff:vm", or "vm" alone. */
static bool means(const compare_row *row, const char *word)
{
    return !strcmp(row->label, word) || (*row->mode && !strcmp(row->mode, word));
}

static const compare_row *find_row(const report_entry *entry, const char *word)
{
    for (size_t i = 0; i < entry->table->rows.count; i++)
        if (means(&entry->table->rows.data[i], word)) return &entry->table->rows.data[i];
    return NULL;
}

static bool is_chosen(const cli_context *cli, const compare_row *row)
{
    for (size_t i = 1; i < cli->words.count; i++)
        if (means(row, cli->words.data[i])) return true;
    return cli->words.count <= 1;
}

/* The one that the others are held against: first with an answer. */
static const compare_row *first_with_an_answer(const cli_context *cli, const report_entry *entry)
{
    const compare_row *first = NULL;
    for (size_t i = 0; i < entry->table->rows.count; i++) {
        const compare_row *row = &entry->table->rows.data[i];
        if (!row->counts[RUN_OK] || !row->estimates[COMPARE_STEADY].count || !is_chosen(cli, row))
            continue;
        if (!first || report_cost_of(row, 1) < report_cost_of(first, 1)) first = row;
    }
    return first;
}

static char *describe(const report_entry *entry, const compare_row *first, const compare_row *row,
                      json_t *json)
{
    stats_interval interval;
    size_t blocks;
    if (row == first) return rf_strdup("first with an answer");
    report_cost_crossing_interval(&entry->session->results, entry->table->param, first->variant,
                                  row->variant, entry->table->options.alpha, &interval, &blocks);
    if (interval.value <= 0) return rf_strdup("never");
    json_object_set_new(json, "calls", json_real(interval.value));
    json_object_set_new(json, "calls_low", json_real(interval.low));
    json_object_set_new(json, "calls_high", json_real(interval.high));
    return rf_format_text("from %.0f calls on [%.0f, %.0f]", ceil(interval.value),
                          ceil(interval.low), ceil(interval.high));
}

static void add_row(report_grid *grid, const report_entry *entry, const compare_row *first,
                    const compare_row *row, json_t *rows)
{
    static const compare_measure measures[] = {COMPARE_BUILD, COMPARE_STARTUP, COMPARE_FIRST,
                                               COMPARE_STEADY};
    char number[REPORT_NUMBER_SIZE];
    json_t *json =
        json_pack("{s:s,s:s,s:f,s:f}", "label", row->label, "clock",
                  row->cpu_clock ? "cpu" : "wall", "once_ns", report_cost_of(row, 1),
                  "steady_ns", row->estimates[COMPARE_STEADY].interval.value);
    char *text = describe(entry, first, row, json);
    char *label = report_row_label(row);
    report_grid_add(grid, REPORT_PLAIN, label);
    rf_free(label);
    for (size_t i = 0; i < RF_COUNT_OF(measures); i++) {
        const compare_estimate *estimate = &row->estimates[measures[i]];
        report_grid_add(grid, REPORT_PLAIN,
                        estimate->count ? report_significant(estimate->interval.value / 1e6, number)
                                        : "-");
    }
    report_grid_add(grid, REPORT_PLAIN, text);
    json_array_append_new(rows, json);
    rf_free(text);
}

static void show(cli_context *cli, const report_entry *entry, const compare_row *first)
{
    rf_buffer out = RF_BUFFER_INIT;
    static const char *const headers[] = {"ms", "build", "start-up", "first", "steady", ""};
    report_grid grid = {.column_count = RF_COUNT_OF(columns), .align = columns, .gap = "  "};
    json_t *rows = json_array();
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    for (size_t i = 0; i < entry->table->rows.count; i++) {
        const compare_row *row = &entry->table->rows.data[i];
        if (row->estimates[COMPARE_STEADY].count && is_chosen(cli, row))
            add_row(&grid, entry, first, row, rows);
    }
    if (cli->options.json) {
        json_t *document = report_json_document("breakeven");
        json_object_set_new(document, "benchmark", json_string(entry->table->benchmark));
        json_object_set_new(document, "first", json_string(first->label));
        json_object_set(document, "rows", rows);
        report_json_print(document, &out);
    } else {
        rf_buffer_format(&out, "%s  %s=%llu  when each variant costs less than %s in all\n\n",
                         entry->table->benchmark, entry->table->unit,
                         (unsigned long long)entry->table->size, first->label);
        report_grid_print(&grid, &cli->out, &out);
        if (report_has_cpu_clock(entry->table)) report_print_clock_note(&cli->out, &out);
    }
    json_decref(rows);
    report_grid_release(&grid);
    cli_print(&out);
}

static cli_exit show_entry(cli_context *cli, const report_book *book)
{
    const report_entry *entry = find_entry(book, cli->words.data[0]);
    if (!entry)
        return cli_usage_error(cli, "%s has not been measured; `ruffbench run %s` does it",
                               cli->words.data[0], cli->words.data[0]);
    for (size_t i = 1; i < cli->words.count; i++)
        if (!find_row(entry, cli->words.data[i]))
            return cli_usage_error(cli, "%s has not been measured with %s", cli->words.data[0],
                                   cli->words.data[i]);
    const compare_row *first = first_with_an_answer(cli, entry);
    if (!first) return cli_usage_error(cli, "no variant of %s has a time", cli->words.data[0]);
    show(cli, entry, first);
    return CLI_EXIT_DONE;
}

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    report_book book;
    report_choice choice = {0};
    if (!cli->words.count)
        return cli_usage_error(cli, "name a benchmark: ruffbench breakeven fibonacci interp vm");
    cli_exit code = cli_open_store(cli, STORE_READ);
    if (!code && cli->options.stored)
        code = cli_find_session(cli, cli->options.stored, &choice.session);
    if (code) return code;
    if (report_book_load(cli->db, &choice, &options, &book, &err)) return cli_fail(cli, &err);
    code = show_entry(cli, &book);
    report_book_release(&book);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_stored, CLI_OPTION_json, CLI_OPTION_END};

const cli_command cmd_breakeven = {.name = "breakeven",
                                   .summary = "from how many calls on a variant pays off",
                                   .arguments = "BENCH [VARIANT ...]",
                                   .about =
                                       "Counts build, start-up and first call once and every "
                                       "further call at steady speed, and says from how many calls "
                                       "on each variant costs less than the one that is first with "
                                       "an answer, with an interval over blocks.",
                                   .options = options,
                                   .examples = "ruffbench breakeven fibonacci interp vm\n"
                                               "ruffbench breakeven fibonacci",
                                   .run = run};
