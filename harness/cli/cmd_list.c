/* What there is to measure, in which languages, and when it was measured last. */
#include "cli/selection.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "report/grid.h"
#include "report/json.h"
#include "report/number.h"

#include <string.h>
#include <unistd.h>

typedef struct age_row {
    char *benchmark;
    int64_t started_ns;
} age_row;

typedef RF_VECTOR(age_row) age_list;

/* Without a database there are no ages, and that is no failure of list. */
static void load_ages(cli_context *cli, age_list *ages)
{
    if (cli->options.db == NULL) {
        char *path = rf_format_text("%s/ruffbench.db", cli->state_directory);
        bool there = access(path, F_OK) == 0;
        rf_free(path);
        if (!there) return;
    }
    if (cli_open_store(cli, STORE_READ)) return;
    ruff_status status;
    sqlite3_stmt *row = store_bind(cli->db, STORE_QUERY_latest_results, NULL, "");
    while (store_next(cli->db, row, &status, NULL)) {
        age_row age = {rf_strdup(store_text(row, 0)), store_int(row, 1)};
        rf_vector_push(ages, age);
    }
}

static int64_t last_run(const age_list *ages, const char *benchmark)
{
    int64_t latest = 0;
    for (size_t i = 0; i < ages->count; i++)
        if (!strcmp(ages->data[i].benchmark, benchmark) && ages->data[i].started_ns > latest)
            latest = ages->data[i].started_ns;
    return latest;
}

static void age_text(int64_t started_ns, char *out, size_t size)
{
    int64_t seconds = (rf_clock_wall_ns() - started_ns) / 1000000000;
    if (!started_ns)
        snprintf(out, size, "never");
    else if (seconds < 0) /* the clock was set back since */
        snprintf(out, size, "in the future");
    else if (seconds < 120)
        snprintf(out, size, "%lld s ago", (long long)seconds);
    else if (seconds < 7200)
        snprintf(out, size, "%lld min ago", (long long)seconds / 60);
    else if (seconds < 172800)
        snprintf(out, size, "%lld h ago", (long long)seconds / 3600);
    else
        snprintf(out, size, "%lld days ago", (long long)seconds / 86400);
}

/* ---- text ---- */

static bool has_source(const cli_context *cli, const suite_language *language,
                       const suite_benchmark *benchmark)
{
    char *path = suite_source_path(cli->suite, language, benchmark);
    bool there = access(path, R_OK) == 0;
    rf_free(path);
    return there;
}

static char *sizes_text(const suite_benchmark *benchmark)
{
    rf_buffer out = RF_BUFFER_INIT;
    for (size_t i = 0; i < SUITE_SIZE_COUNT; i++) {
        uint64_t size = suite_size_of(benchmark, (suite_size)i);
        if (size) rf_buffer_format(&out, "%s%llu", out.size ? " " : "", (unsigned long long)size);
    }
    return rf_buffer_take(&out);
}

static bool is_tagged(const suite_benchmark *benchmark, const char *tag)
{
    for (unsigned i = 0; tag && i < benchmark->tags_count; i++)
        if (strcmp(benchmark->tags[i], tag) == 0) return true;
    return tag == NULL;
}

static void print_benchmarks(const cli_context *cli, const age_list *ages, rf_buffer *out)
{
    static const report_align align[] = {REPORT_LEFT, REPORT_LEFT, REPORT_LEFT, REPORT_LEFT};
    report_grid grid = {.column_count = RF_COUNT_OF(align), .align = align, .gap = "  "};
    static const char *const headers[] = {"benchmark", "sizes", "last run", "languages"};
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    for (unsigned i = 0; i < cli->suite->file->benchmarks_count; i++) {
        const suite_benchmark *benchmark = &cli->suite->file->benchmarks[i];
        if (!is_tagged(benchmark, cli->options.tag)) continue;
        rf_buffer languages = RF_BUFFER_INIT;
        for (size_t l = 0; l < cli->suite->languages.count; l++)
            if (has_source(cli, cli->suite->languages.data[l], benchmark))
                rf_buffer_format(&languages, "%s%s", languages.size ? " " : "",
                                 cli->suite->languages.data[l]->name);
        char *sizes = sizes_text(benchmark), *names = rf_buffer_take(&languages), age[32];
        age_text(last_run(ages, benchmark->name), age, sizeof age);
        const char *cells[] = {benchmark->name, sizes, age, names};
        for (size_t c = 0; c < RF_COUNT_OF(cells); c++)
            report_grid_add(&grid, REPORT_PLAIN, cells[c]);
        rf_free(sizes);
        rf_free(names);
    }
    report_grid_print(&grid, &cli->out, out);
    report_grid_release(&grid);
}

static char *modes_text(const suite_language *language)
{
    rf_buffer out = RF_BUFFER_INIT;
    for (unsigned m = 0; m < language->mode_count; m++)
        rf_buffer_format(&out, "%s%s", m ? " " : "", language->modes[m].name);
    return rf_buffer_take(&out);
}

static void print_languages(const cli_context *cli, const run_toolchain *toolchains, rf_buffer *out)
{
    static const report_align align[] = {REPORT_LEFT, REPORT_LEFT, REPORT_LEFT, REPORT_LEFT};
    report_grid grid = {.column_count = RF_COUNT_OF(align), .align = align, .gap = "  "};
    static const char *const headers[] = {"language", "version", "modes", "executable"};
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    for (size_t l = 0; l < cli->suite->languages.count; l++) {
        char *modes = modes_text(cli->suite->languages.data[l]);
        const run_toolchain *tool = &toolchains[l];
        report_grid_add(&grid, REPORT_PLAIN, cli->suite->languages.data[l]->name);
        report_grid_add(&grid, REPORT_PLAIN, tool->found ? tool->version : "-");
        report_grid_add(&grid, REPORT_PLAIN, modes);
        if (tool->found)
            report_grid_add(&grid, REPORT_DIM, tool->executable);
        else
            report_grid_span(&grid, REPORT_DIM, tool->reason);
        rf_free(modes);
    }
    report_grid_print(&grid, &cli->out, out);
    report_grid_release(&grid);
}

/* ---- JSON ---- */

static json_t *benchmark_json(const cli_context *cli, const suite_benchmark *benchmark,
                              const age_list *ages)
{
    json_t *sizes = json_object(), *languages = json_array(), *tags = json_array();
    for (size_t i = 0; i < SUITE_SIZE_COUNT; i++) {
        uint64_t size = suite_size_of(benchmark, (suite_size)i);
        if (size)
            json_object_set_new(sizes, suite_size_name((suite_size)i),
                                json_integer((json_int_t)size));
    }
    for (size_t l = 0; l < cli->suite->languages.count; l++)
        if (has_source(cli, cli->suite->languages.data[l], benchmark))
            json_array_append_new(languages, json_string(cli->suite->languages.data[l]->name));
    for (unsigned i = 0; i < benchmark->tags_count; i++)
        json_array_append_new(tags, json_string(benchmark->tags[i]));
    int64_t latest = last_run(ages, benchmark->name);
    return json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:o}", "name", benchmark->name, "about",
                     benchmark->about, "unit", benchmark->unit, "style", benchmark->style, "tags",
                     tags, "sizes", sizes, "languages", languages, "last_run_ns",
                     latest ? json_integer(latest) : json_null());
}

static json_t *language_json(const suite_language *language, const run_toolchain *tool)
{
    json_t *modes = json_array();
    for (unsigned m = 0; m < language->mode_count; m++)
        json_array_append_new(modes, json_string(language->modes[m].name));
    return json_pack("{s:s,s:b,s:s?,s:s?,s:s?,s:s?,s:o}", "name", language->name, "found",
                     tool->found, "version", tool->found ? tool->version : NULL, "executable",
                     tool->found ? tool->executable : NULL, "executable_sha256",
                     tool->found ? tool->executable_sha256 : NULL, "reason", tool->reason, "modes",
                     modes);
}

static void print_json(const cli_context *cli, const run_toolchain *toolchains,
                       const age_list *ages, rf_buffer *out)
{
    json_t *document = report_json_document("list"), *benchmarks = json_array(),
           *languages = json_array();
    for (unsigned i = 0; i < cli->suite->file->benchmarks_count; i++)
        if (is_tagged(&cli->suite->file->benchmarks[i], cli->options.tag))
            json_array_append_new(benchmarks,
                                  benchmark_json(cli, &cli->suite->file->benchmarks[i], ages));
    for (size_t l = 0; l < cli->suite->languages.count; l++)
        json_array_append_new(languages,
                              language_json(cli->suite->languages.data[l], &toolchains[l]));
    json_object_set_new(document, "project", json_string(cli->suite->file->project));
    json_object_set_new(document, "benchmarks", benchmarks);
    json_object_set_new(document, "languages", languages);
    report_json_print(document, out);
}

/* ---- the command ---- */

static cli_exit list_suite(cli_context *cli)
{
    cli_exit code = cli_open_suite(cli);
    if (code) return code;
    age_list ages = {0};
    rf_buffer out = RF_BUFFER_INIT;
    size_t count = cli->suite->languages.count;
    run_toolchain *toolchains = rf_alloc_array_zero(run_toolchain, count + 1);
    load_ages(cli, &ages);
    for (size_t i = 0; i < count; i++)
        run_toolchain_probe(cli->launcher, cli->suite, cli->suite->languages.data[i],
                            cli->build_directory, &toolchains[i]);
    if (cli->options.json) {
        print_json(cli, toolchains, &ages, &out);
    } else {
        print_benchmarks(cli, &ages, &out);
        rf_buffer_append_byte(&out, '\n');
        print_languages(cli, toolchains, &out);
    }
    cli_print(&out);
    for (size_t i = 0; i < count; i++) run_toolchain_release(&toolchains[i]);
    rf_free(toolchains);
    for (size_t i = 0; i < ages.count; i++) rf_free(ages.data[i].benchmark);
    rf_vector_release(&ages);
    return CLI_EXIT_DONE;
}

static json_t *session_json(sqlite3_stmt *row)
{
    return json_pack("{s:I,s:s,s:I,s:I,s:I,s:s,s:s}", "id", (json_int_t)store_int(row, 0), "state",
                     store_text(row, 1), "started_ns", (json_int_t)store_int(row, 2), "ended_ns",
                     (json_int_t)store_int(row, 3), "invocations", (json_int_t)store_int(row, 6),
                     "command", store_text(row, 4), "commit", store_text(row, 5));
}

static cli_exit list_sessions(cli_context *cli)
{
    static const report_align align[] = {REPORT_RIGHT, REPORT_LEFT, REPORT_LEFT,
                                         REPORT_RIGHT, REPORT_LEFT, REPORT_LEFT};
    static const char *const headers[] = {"session",   "state",  "started",
                                          "processes", "commit", "command"};
    ruff_error err = RUFF_ERROR_INIT;
    cli_exit code = cli_open_store(cli, STORE_READ);
    if (code) return code;
    report_grid grid = {.column_count = RF_COUNT_OF(align), .align = align, .gap = "  "};
    json_t *sessions = json_array();
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    ruff_status status;
    sqlite3_stmt *row = store_bind(cli->db, STORE_QUERY_list_sessions, &err, "i", (int64_t)50);
    while (store_next(cli->db, row, &status, &err)) {
        char *id = rf_format_text("@%lld", (long long)store_int(row, 0)), age[32], count[24];
        age_text(store_int(row, 2), age, sizeof age);
        snprintf(count, sizeof count, "%lld", (long long)store_int(row, 6));
        char *commit = rf_format_text("%.9s%s", store_text(row, 5), *store_text(row, 7) ? "+" : "");
        const char *cells[] = {id, store_text(row, 1), age, count, commit, store_text(row, 4)};
        for (size_t c = 0; c < RF_COUNT_OF(cells); c++)
            report_grid_add(&grid, REPORT_PLAIN, cells[c]);
        json_array_append_new(sessions, session_json(row));
        rf_free(id);
        rf_free(commit);
    }
    rf_buffer out = RF_BUFFER_INIT;
    if (cli->options.json) {
        json_t *document = report_json_document("sessions");
        json_object_set(document, "sessions", sessions);
        report_json_print(document, &out);
    } else {
        report_grid_print(&grid, &cli->out, &out);
    }
    json_decref(sessions);
    report_grid_release(&grid);
    cli_print(&out);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static cli_exit run(cli_context *cli)
{
    return cli->options.sessions ? list_sessions(cli) : list_suite(cli);
}

static const cli_option_id options[] = {CLI_OPTION_tag, CLI_OPTION_sessions, CLI_OPTION_json,
                                        CLI_OPTION_END};

const cli_command cmd_list = {
    .name = "list",
    .summary = "benchmarks, languages, sizes and modes",
    .arguments = "",
    .about = "Lists the benchmarks of the suite with their sizes and languages, and what is "
             "installed of each language.",
    .options = options,
    .examples = "ruffbench list\n"
                "ruffbench list --tag int --json\n"
                "ruffbench list --sessions",
    .starts_children = true,
    .run = run};
