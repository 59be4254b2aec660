/* What `run` with the same options would do, without doing it. */
#include "cli/measure.h"

#include "base/alloc.h"
#include "report/compare.h"
#include "report/grid.h"
#include "report/json.h"
#include "report/number.h"

#include <string.h>
#include <unistd.h>

enum { START_UP_GUESS_NS = 100000000 };

/* What a process of the cell took before, else its budget and a guess for starting up. */
static double expected_ns(cli_context *cli, const run_cell *cell, const cli_plan_choice *choice)
{
    run_input input = run_settings_input(&choice->settings, cell->variant, cell->param);
    double guess = (double)input.budget_ms * 1e6 + START_UP_GUESS_NS, known = 0;
    char digest[RUN_SHA256_SIZE];
    if (!cli->db) return guess;
    run_variant_digest(cell->variant, digest);
    char *json =
        rf_format_text("{\"size\":%llu,\"seed\":%llu}", (unsigned long long)cell->param->size,
                       (unsigned long long)cell->param->seed);
    ruff_status status;
    sqlite3_stmt *row = store_bind(cli->db, STORE_QUERY_mean_wall, NULL, "ss", digest, json);
    if (store_next(cli->db, row, &status, NULL)) {
        known = sqlite3_column_double(row, 0);
        sqlite3_reset(row);
    }
    rf_free(json);
    return known > 0 ? known : guess;
}

static double total_ns(cli_context *cli, const run_plan *plan, const cli_plan_choice *choice)
{
    double total = 0;
    double *cells = rf_alloc_array(double, plan->cells.count + 1);
    for (size_t i = 0; i < plan->cells.count; i++)
        cells[i] = expected_ns(cli, &plan->cells.data[i], choice);
    for (size_t i = 0; i < plan->slots.count; i++)
        if (!plan->slots.data[i].elsewhere) total += cells[plan->slots.data[i].cell];
    rf_free(cells);
    return total;
}

static void print_json(const run_plan *plan, const cli_plan_choice *choice, rf_buffer *out)
{
    char digest[RUN_SHA256_SIZE];
    json_t *document = report_json_document("plan"), *slots = json_array();
    run_plan_digest(plan, digest);
    for (size_t i = 0; i < plan->slots.count; i++) {
        const run_slot *slot = &plan->slots.data[i];
        const run_cell *cell = &plan->cells.data[slot->cell];
        if (slot->elsewhere) continue;
        json_array_append_new(
            slots, json_pack("{s:I,s:I,s:s,s:I,s:I,s:s,s:I}", "seq", (json_int_t)i, "block",
                             (json_int_t)slot->block, "benchmark", cell->param->benchmark->name,
                             "size", (json_int_t)cell->param->size, "seed",
                             (json_int_t)cell->param->seed, "variant", cell->variant->label,
                             "env_pad_bytes", (json_int_t)run_plan_pad_bytes(plan, i)));
    }
    json_object_set_new(document, "digest", json_string(digest));
    json_object_set_new(document, "seed", json_integer((json_int_t)plan->seed));
    json_object_set_new(document, "schedule", json_string(stats_schedule_name(plan->schedule)));
    json_object_set_new(document, "blocks", json_integer((json_int_t)plan->blocks));
    json_object_set_new(document, "iterations",
                        json_integer((json_int_t)choice->settings.iterations));
    json_object_set_new(document, "budget_ms",
                        json_integer((json_int_t)choice->settings.budget_ms));
    json_object_set_new(document, "jit_iterations",
                        json_integer((json_int_t)choice->settings.jit_iterations));
    json_object_set_new(document, "jit_budget_ms",
                        json_integer((json_int_t)choice->settings.jit_budget_ms));
    json_object_set_new(document, "slots", slots);
    report_json_print(document, out);
}

static void print_block(const cli_context *cli, rf_buffer *line, rf_buffer *out)
{
    if (line->size) report_wrap(out, line->data, 0, 4, cli->out.width);
    rf_buffer_clear(line);
}

static void print_text(cli_context *cli, const run_plan *plan, const cli_plan_choice *choice,
                       rf_buffer *out)
{
    char duration[REPORT_NUMBER_SIZE];
    size_t own = 0;
    uint32_t block = UINT32_MAX;
    rf_buffer line = RF_BUFFER_INIT;
    for (size_t i = 0; i < plan->slots.count; i++) {
        const run_slot *slot = &plan->slots.data[i];
        const run_cell *cell = &plan->cells.data[slot->cell];
        if (slot->elsewhere) continue;
        own++;
        if (slot->block != block) {
            print_block(cli, &line, out);
            rf_buffer_format(&line, "block %u ", slot->block + 1);
        }
        block = slot->block;
        char *name = report_cell_name(cell->param->benchmark->name, cell->param->label,
                                      cell->variant->label);
        rf_buffer_format(&line, " %s", name);
        rf_free(name);
    }
    print_block(cli, &line, out);
    rf_buffer_release(&line);
    rf_buffer_format(out, "%zu processes, about %s, %s schedule, seed %llu\n", own,
                     report_duration(total_ns(cli, plan, choice), duration),
                     stats_schedule_name(plan->schedule), (unsigned long long)plan->seed);
}

static cli_exit run(cli_context *cli)
{
    cli_plan_choice choice;
    cli_selection selection;
    run_plan plan;
    rf_buffer out = RF_BUFFER_INIT;
    cli_exit code = cli_choose_plan(cli, &choice);
    if (!code) code = cli_open_suite(cli);
    if (code) return code;
    code = cli_select(cli, "default", &selection);
    if (!code) {
        char *path = rf_format_text("%s/ruffbench.db", cli->state_directory);
        if (cli->options.db || access(path, F_OK) == 0) code = cli_open_store(cli, STORE_READ);
        rf_free(path);
        cli_make_plan(&selection, &choice, &plan);
        if (cli->options.json)
            print_json(&plan, &choice, &out);
        else
            print_text(cli, &plan, &choice, &out);
        cli_print(&out);
        run_plan_release(&plan);
    }
    cli_selection_release(&selection);
    return code;
}

static const cli_option_id options[] = {CLI_SELECTION_OPTIONS, CLI_PLAN_OPTIONS, CLI_OPTION_shard,
                                        CLI_OPTION_json, CLI_OPTION_END};

const cli_command cmd_plan = {
    .name = "plan",
    .summary = "print what run would do, and how long it takes",
    .arguments = "[BENCH[/SIZE][@LANG[:MODE]] ...]",
    .about = "Prints the order of processes that `run` with the same options and seed carries out.",
    .options = options,
    .examples = "ruffbench plan fibonacci --seed 7\n"
                "ruffbench plan --shard 2/4 --seed 7 --json",
    .starts_children = true,
    .run = run};
