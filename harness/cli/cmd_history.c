/* How a benchmark has developed, commit by commit. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/day.h"
#include "report/history.h"
#include "report/json.h"
#include "run/machine.h"
#include "suite/selector.h"

#include <string.h>

typedef struct chooser {
    cli_context *cli;
    RF_VECTOR(suite_selector) selectors;
    char machine[RUN_SHA256_SIZE]; /* "" : any */
} chooser;

static bool is_chosen(const chooser *it, const history_series *series)
{
    const cli_options *options = &it->cli->options;
    if (*it->machine && strcmp(it->machine, series->machine) != 0) return false;
    if (options->langs && !selector_list_takes(options->langs, series->language)) return false;
    if (options->modes && !selector_list_takes(options->modes, series->mode)) return false;
    for (size_t i = 0; i < it->selectors.count; i++) {
        const suite_selector *selector = &it->selectors.data[i];
        if (selector_takes_benchmark(selector, series->benchmark) &&
            selector_takes_variant(selector, series->language, series->mode) &&
            (!selector->size || !strcmp(selector->size, series->param)))
            return true;
    }
    return it->selectors.count == 0;
}

static ruff_status show_series(const chooser *it, history_series *series, json_t *rows,
                               rf_buffer *out, ruff_error *err)
{
    history_findings findings;
    history_detect(series, it->cli->options.margin, &findings);
    ruff_status status = history_explain_epochs(it->cli->db, series, err);
    if (!status)
        status =
            history_match_changes(it->cli->db, series, &findings, it->cli->options.detect, err);
    if (!status && it->cli->options.json)
        json_array_append_new(rows, report_history_json(series, &findings));
    if (!status && !it->cli->options.json) {
        if (out->size) rf_buffer_append_byte(out, '\n');
        report_history_text(series, &findings, &it->cli->out, out);
    }
    history_findings_release(&findings);
    return status;
}

static cli_exit show(const chooser *it, history_list *list)
{
    ruff_error err = RUFF_ERROR_INIT;
    ruff_status status = RUFF_OK;
    rf_buffer out = RF_BUFFER_INIT;
    json_t *rows = json_array();
    size_t others = 0, shown = 0;
    for (size_t i = 0; i < list->count && !status; i++) {
        if (is_chosen(it, &list->data[i])) {
            status = show_series(it, &list->data[i], rows, &out, &err);
            shown++;
        } else if (*it->machine && strcmp(it->machine, list->data[i].machine) != 0) {
            others++;
        }
    }
    if (it->cli->options.json) {
        json_t *document = report_json_document("history");
        json_object_set(document, "series", rows);
        report_json_print(document, &out);
    } else if (!shown) {
        rf_buffer_append_text(
            &out, "no history for that; `ruffbench run` on several commits makes some\n");
    }
    json_decref(rows);
    cli_print(&out);
    if (others && !status)
        cli_note(it->cli,
                 "%zu series of other machines left out: numbers of different machines are not "
                 "comparable; "
                 "--all-machines shows each by itself",
                 others);
    return status ? cli_fail(it->cli, &err) : CLI_EXIT_DONE;
}

static cli_exit choose(chooser *it)
{
    ruff_error err = RUFF_ERROR_INIT;
    for (size_t i = 0; i < it->cli->words.count; i++) {
        suite_selector selector;
        if (selector_parse(&selector, it->cli->words.data[i], &err)) return cli_fail(it->cli, &err);
        rf_vector_push(&it->selectors, selector);
    }
    if (!it->cli->options.all_machines) {
        run_machine machine;
        run_machine_capture(&machine);
        memcpy(it->machine, machine.fingerprint, sizeof it->machine);
        run_machine_release(&machine);
    }
    return CLI_EXIT_DONE;
}

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    chooser it = {.cli = cli};
    history_list list = {0};
    history_filter filter = {.metric = "iteration", .branch = cli->options.branch};
    if (cli->options.since && !cli_parse_day(cli->options.since, &filter.since_ns))
        return cli_usage_error(cli, "--since: `%s` is no day; write it like 2026-01-31",
                               cli->options.since);
    cli_exit code = cli_open_store(cli, cli->options.detect ? STORE_WRITE : STORE_READ);
    if (!code) code = choose(&it);
    if (!code && history_load(cli->db, &filter, &list, &err)) code = cli_fail(cli, &err);
    if (!code) code = show(&it, &list);
    history_list_release(&list);
    for (size_t i = 0; i < it.selectors.count; i++) selector_release(&it.selectors.data[i]);
    rf_vector_release(&it.selectors);
    return code;
}

static const cli_option_id options[] = {
    CLI_OPTION_langs,        CLI_OPTION_modes,  CLI_OPTION_since,
    CLI_OPTION_branch,       CLI_OPTION_margin, CLI_OPTION_detect,
    CLI_OPTION_all_machines, CLI_OPTION_json,   CLI_OPTION_END};

const cli_command cmd_history = {
    .name = "history",
    .summary = "how benchmarks developed over commits",
    .arguments = "[BENCH[/SIZE][@LANG[:MODE]] ...]",
    .about = "Draws each series as a line with the commits at which it changed. A new epoch "
             "(changed source, flags or "
             "toolchain) breaks the line.",
    .options = options,
    .examples = "ruffbench history fibonacci --langs ruff --modes vm\n"
                "ruffbench history 'nested*@ruff' --since 2026-01-31 --detect\n"
                "ruffbench history --json",
    .run = run};
