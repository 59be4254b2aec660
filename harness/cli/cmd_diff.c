/* Two stored points side by side. */
#include "cli/measure.h"
#include "cli/profile_pass.h"

#include "base/alloc.h"
#include "base/error.h"
#include "compare/diff.h"
#include "report/compare.h"
#include "report/grid.h"
#include "report/json.h"
#include "report/number.h"
#include "report/profile_store.h"

#include <string.h>

/* A point: session, commit or baseline, with "@LANG[:MODE]" behind it for one variant. */
typedef struct point {
    char *language, *mode; /* owned; NULL when not given */
    int64_t session;
    store_results results;
} point;

static cli_exit read_point(cli_context *cli, const char *word, point *at)
{
    ruff_error err = RUFF_ERROR_INIT;
    *at = (point){0};
    const char *variant = strchr(word + (*word == '@'), '@');
    char *name = variant ? rf_strndup(word, (size_t)(variant - word)) : rf_strdup(word);
    if (variant) {
        const char *colon = strchr(variant, ':');
        at->language =
            colon ? rf_strndup(variant + 1, (size_t)(colon - variant - 1)) : rf_strdup(variant + 1);
        at->mode = colon ? rf_strdup(colon + 1) : NULL;
    }
    cli_exit code = cli_find_session(cli, name, &at->session);
    rf_free(name);
    if (code) return code;
    return store_load_results(cli->db, at->session, &at->results, &err) ? cli_fail(cli, &err)
                                                                        : CLI_EXIT_DONE;
}

static void release_point(point *at)
{
    store_results_release(&at->results);
    rf_free(at->language);
    rf_free(at->mode);
}

/* ---- text ---- */

static const report_align columns[] = {REPORT_LEFT,    REPORT_DECIMAL, REPORT_DECIMAL,
                                       REPORT_DECIMAL, REPORT_LEFT,    REPORT_LEFT};

/* without: bytes at the end of the name that the title says already. */
static void add_row(report_grid *grid, const compare_diff *diff, const compare_diff_row *row, size_t without)
{
    char before[REPORT_NUMBER_SIZE], after[REPORT_NUMBER_SIZE], ratio[REPORT_NUMBER_SIZE],
        interval[64] = "";
    bool is_time = strcmp(compare_measure_row_of(diff->measure)->unit, "ns") == 0;
    double scale = is_time ? 1e6 : 1048576;
    char *name = rf_format_text("%.*s%s", (int)(strlen(row->name) - without), row->name,
                                row->cpu_clock && !without ? REPORT_CPU_CLOCK_MARK : "");
    report_grid_add(grid, REPORT_PLAIN, name);
    rf_free(name);
    if (row->obstacle) {
        char *text = rf_format_text("not compared: %s", row->obstacle);
        report_grid_span(grid, REPORT_DIM, text);
        rf_free(text);
        return;
    }
    if (row->ratio.has_interval)
        snprintf(interval, sizeof interval, "[%.3f, %.3f]", row->ratio.low, row->ratio.high);
    report_grid_add(grid, REPORT_PLAIN, report_significant(row->before / scale, before));
    report_grid_add(grid, REPORT_PLAIN, report_significant(row->after / scale, after));
    snprintf(ratio, sizeof ratio, "%.3f", row->ratio.ratio);
    report_grid_add(grid, REPORT_PLAIN, ratio);
    report_grid_add(grid, REPORT_DIM, interval);
    report_grid_add(grid,
                    row->verdict == STATS_SLOWER   ? REPORT_BAD
                    : row->verdict == STATS_FASTER ? REPORT_GOOD
                                                   : REPORT_PLAIN,
                    stats_verdict_name(row->verdict));
}

/* ": go -> lua" when every row ends in it, NULL otherwise; borrows. */
static const char *shared_end(const compare_diff *diff)
{
    const char *end = NULL;
    for (size_t i = 0; i < diff->rows.count; i++) {
        const char *own = strstr(diff->rows.data[i].name, ": ");
        if (!own || (end && strcmp(own, end) != 0)) return NULL;
        end = own;
    }
    return diff->rows.count > 1 ? end : NULL;
}

static void print_text(const cli_context *cli, const compare_diff *diff, rf_buffer *out)
{
    const compare_measure_row *measure = compare_measure_row_of(diff->measure);
    char *value =
        rf_format_text("%s %s", measure->word, strcmp(measure->unit, "ns") ? "MiB" : "ms");
    const char *headers[] = {value, cli->words.data[0], cli->words.data[1], "ratio",
                             "",    "historical"};
    report_grid grid = {.column_count = RF_COUNT_OF(columns), .align = columns, .gap = "  "};
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_DIM, headers[i]);
    const char *end = shared_end(diff);
    for (size_t i = 0; i < diff->rows.count; i++)
        add_row(&grid, diff, &diff->rows.data[i], end ? strlen(end) : 0);
    for (size_t i = 0; i < diff->reasons.count; i++)
        rf_buffer_format(out, "NOT COMPARABLE: %s\n", diff->reasons.data[i]);
    bool marked = false;
    for (size_t i = 0; i < diff->rows.count; i++) marked = marked || diff->rows.data[i].cpu_clock;
    if (end) rf_buffer_format(out, "%s%s\n\n", end + 2, marked ? REPORT_CPU_CLOCK_MARK : "");
    report_grid_print(&grid, &cli->out, out);
    if (!diff->rows.count)
        rf_buffer_append_text(out, "the two have no benchmark, input and variant in common\n");
    if (marked) report_print_clock_note(&cli->out, out);
    report_grid_release(&grid);
    rf_free(value);
}

/* ---- JSON ---- */

/* moved: what profiles say, borrowed; NULL unless asked for. */
static void print_json(const compare_diff *diff, const point *before, const point *after,
                       json_t *moved, rf_buffer *out)
{
    json_t *document = report_json_document("diff"), *rows = json_array(), *reasons = json_array();
    for (size_t i = 0; i < diff->rows.count; i++) {
        const compare_diff_row *row = &diff->rows.data[i];
        json_array_append_new(
            rows, json_pack("{s:s,s:s?,s:f,s:f,s:f,s:f,s:f,s:b,s:s}", "name", row->name, "obstacle",
                            row->obstacle, "before", row->before, "after", row->after, "ratio",
                            row->ratio.ratio, "low", row->ratio.low, "high", row->ratio.high,
                            "has_interval", row->ratio.has_interval, "verdict",
                            stats_verdict_name(row->verdict)));
    }
    for (size_t i = 0; i < diff->reasons.count; i++)
        json_array_append_new(reasons, json_string(diff->reasons.data[i]));
    json_object_set_new(document, "before_session", json_integer(before->session));
    json_object_set_new(document, "after_session", json_integer(after->session));
    json_object_set_new(document, "measure",
                        json_string(compare_measure_row_of(diff->measure)->word));
    json_object_set_new(document, "reasons", reasons);
    json_object_set_new(document, "rows", rows);
    if (moved) json_object_set(document, "profiles", moved);
    report_json_print(document, out);
}

/* ---- what moved inside ---- */

enum { MOST_PROFILES = 64 };

typedef struct side_profiles {
    rf_profile list[MOST_PROFILES];
    const rf_profile *views[MOST_PROFILES];
    size_t count;
} side_profiles;

/* "fibonacci/default@ruff:vm" is of the point; what it names before and behind the '@'. */
static bool label_fits(const char *label, const point *at)
{
    const char *variant = strchr(label, '@');
    if (!variant) return false;
    if (!at->language) return true;
    const char *colon = strchr(variant, ':');
    const size_t size = colon ? (size_t)(colon - variant - 1) : strlen(variant + 1);
    return strlen(at->language) == size && strncmp(variant + 1, at->language, size) == 0 &&
           (!at->mode || (colon && strcmp(colon + 1, at->mode) == 0));
}

/* The same benchmark and input; the same variant too, unless the points name theirs. */
static bool labels_match(const char *before, const char *after, bool any_variant)
{
    if (!any_variant) return strcmp(before, after) == 0;
    const size_t size = strcspn(after, "@");
    return strcspn(before, "@") == size && strncmp(before, after, size) == 0;
}

static bool load_fitting(cli_context *cli, const rf_profile_rows *rows, const point *at, const char *label, bool any_variant,
                         side_profiles *out, char **error)
{
    for (size_t i = 0; i < rows->list.count && out->count < MOST_PROFILES; i++) {
        const rf_profile_row *row = &rows->list.data[i];
        if (!label_fits(row->label, at) || !labels_match(row->label, label, any_variant)) continue;
        const bool is_loaded = rf_profile_store_load(cli->db->sqlite, row->id, &out->list[out->count], error);
        out->views[out->count] = &out->list[out->count];
        out->count++;
        if (!is_loaded) return false;
    }
    return true;
}

static void release_profiles(side_profiles *it)
{
    for (size_t i = 0; i < it->count; i++) rf_profile_release(&it->list[i]);
    it->count = 0;
}

/* One comparison for each label of after, the first time it comes. */
static bool append_moves(cli_context *cli, const point *before, const rf_profile_rows *left, const point *after, const rf_profile_rows *right,
                         rf_buffer *out, json_t *list, char **error)
{
    const bool any_variant = before->language || after->language;
    bool is_fine = true;
    size_t shown = 0;
    side_profiles *sides = rf_alloc_array_zero(side_profiles, 2);
    for (size_t i = 0; i < right->list.count && is_fine; i++) {
        const char *label = right->list.data[i].label;
        bool is_first = label_fits(label, after);
        for (size_t k = 0; k < i; k++) is_first = is_first && strcmp(right->list.data[k].label, label) != 0;
        if (!is_first) continue;
        is_fine = load_fitting(cli, left, before, label, any_variant, &sides[0], error) &&
                  load_fitting(cli, right, after, label, false, &sides[1], error);
        if (is_fine && sides[0].count && sides[1].count) {
            if (list)
                json_array_append_new(list, cli_profile_diff_json(label, sides[0].views, sides[0].count, sides[1].views, sides[1].count,
                                                                  cli->options.force));
            else
                cli_profile_append_diff(out, label, sides[0].views, sides[0].count, sides[1].views, sides[1].count, cli->options.force);
            shown++;
        }
        release_profiles(&sides[0]);
        release_profiles(&sides[1]);
    }
    if (is_fine && !shown && !list)
        rf_buffer_format(out, "\nno profiles of both sides: `ruffbench profile BENCH` on each commit keeps them (@%lld has %zu, @%lld has %zu)\n",
                         (long long)before->session, left->list.count, (long long)after->session, right->list.count);
    rf_free(sides);
    return is_fine;
}

/* Prints them, or adds them to the list, which may be NULL. */
static cli_exit show_moves(cli_context *cli, const point *before, const point *after, json_t *list)
{
    rf_profile_rows left = {0}, right = {0};
    rf_buffer out = RF_BUFFER_INIT;
    char *error = NULL;
    ruff_error err = RUFF_ERROR_INIT;
    cli_exit code = CLI_EXIT_DONE;
    if (!rf_profile_store_list_run(cli->db->sqlite, before->session, &left, &error) ||
        !rf_profile_store_list_run(cli->db->sqlite, after->session, &right, &error) ||
        !append_moves(cli, before, &left, after, &right, &out, list, &error)) {
        rf_error_set(&err, RUFF_E_IO, "%s", error);
        code = cli_fail(cli, &err);
        rf_buffer_release(&out);
    } else {
        cli_print(&out);
    }
    rf_free(error);
    rf_profile_rows_release(&left);
    rf_profile_rows_release(&right);
    return code;
}

/* ---- the command ---- */

static cli_exit refuse(const cli_context *cli, const compare_diff *diff)
{
    for (size_t i = 0; i < diff->reasons.count; i++)
        fprintf(stderr, "ruffbench diff: not comparable: %s; --force compares anyway\n",
                diff->reasons.data[i]);
    (void)cli;
    return CLI_EXIT_NOT_COMPARABLE;
}

static cli_exit show(cli_context *cli, const point *before, const point *after,
                     compare_measure measure, json_t *moved)
{
    compare_diff diff;
    rf_buffer out = RF_BUFFER_INIT;
    compare_side left = {&before->results, before->language, before->mode};
    compare_side right = {&after->results, after->language, after->mode};
    compare_diff_build(&diff, &left, &right, measure, cli->options.margin, 1 - cli->options.conf,
                       cli->options.force);
    cli_exit code = CLI_EXIT_DONE;
    if (diff.reasons.count && !cli->options.force) {
        code = refuse(cli, &diff);
    } else {
        if (cli->options.json)
            print_json(&diff, before, after, moved, &out);
        else
            print_text(cli, &diff, &out);
        cli_print(&out);
        if (cli->options.exit_code && compare_diff_has_changes(&diff)) code = CLI_EXIT_REGRESSION;
    }
    compare_diff_release(&diff);
    return code;
}

static cli_exit run(cli_context *cli)
{
    compare_measure measure = COMPARE_STEADY;
    point before = {0}, after = {0};
    if (cli->words.count != 2)
        return cli_usage_error(cli, "name two points: @40 @41, base:NAME latest, git:HEAD~1 "
                                    "git:HEAD, or latest@go latest@node");
    if (cli->options.metric && !compare_measure_find(cli->options.metric, &measure))
        return cli_usage_error(cli, "--metric: `%s` is no metric", cli->options.metric);
    cli_exit code = cli_open_store(cli, STORE_READ);
    if (!code) code = read_point(cli, cli->words.data[0], &before);
    if (!code) code = read_point(cli, cli->words.data[1], &after);
    json_t *moved = cli->options.profile && cli->options.json ? json_array() : NULL;
    if (!code && moved) code = show_moves(cli, &before, &after, moved);
    if (!code) code = show(cli, &before, &after, measure, moved);
    if (cli->options.profile && !moved && (code == CLI_EXIT_DONE || code == CLI_EXIT_REGRESSION))
        code = cli_exit_worse(code, show_moves(cli, &before, &after, NULL));
    json_decref(moved);
    release_point(&before);
    release_point(&after);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_metric, CLI_OPTION_margin,    CLI_OPTION_conf,
                                        CLI_OPTION_force,  CLI_OPTION_exit_code, CLI_OPTION_profile, CLI_OPTION_json,
                                        CLI_OPTION_END};

const cli_command cmd_diff = {
    .name = "diff",
    .summary = "two sessions, commits, baselines or variants",
    .arguments = "POINT POINT",
    .about = "Compares what two stored points have in common. They were not measured together, so "
             "ratios are marked "
             "historical; different machines are refused, changed sources and toolchains named.",
    .options = options,
    .examples = "ruffbench diff @40 @41\n"
                "ruffbench diff base:release latest --exit-code\n"
                "ruffbench diff @40 @41 --profile\n"
                "ruffbench diff latest@ruff:interp latest@ruff:vm",
    .starts_children = true,
    .run = run};
