/* ruff profile list, show and trend. */
#include "cli/profile_history.h"
#include "cli/profile_keep.h"
#include "cli/terminal.h"

#include "base/alloc.h"
#include "base/file.h"
#include "report/console.h"
#include "report/frame_name.h"
#include "report/json_writer.h"
#include "report/profile_store.h"
#include "report/report.h"
#include "report/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct {
    const char *name;
    int (*run)(const cli_command *, int, const char *const *);
    cli_command command;
} words[] = {
    {"list", cli_profile_list, {"profile list", "[SCRIPT] [OPTIONS]", "list the profiles that were kept", NULL}},
    {"show", cli_profile_show, {"profile show", "PROFILE [OPTIONS]", "print the report of a kept profile again", NULL}},
    {"diff", cli_profile_diff, {"profile diff", "BEFORE AFTER [OPTIONS]", "say what moved between two kept profiles", NULL}},
    {"trend", cli_profile_trend, {"profile trend", "SCRIPT [OPTIONS]", "show how the kept profiles of a program changed", NULL}},
};

bool cli_is_profile_history(const char *word)
{
    for (size_t i = 0; i < RF_COUNT_OF(words); i++)
        if (strcmp(words[i].name, word) == 0) return true;
    return false;
}

int cli_profile_history(const cli_command *self, int argc, const char *const *argv)
{
    for (size_t i = 0; i < RF_COUNT_OF(words); i++)
        if (strcmp(words[i].name, argv[0]) == 0) return words[i].run(&words[i].command, argc - 1, argv + 1);
    return cli_usage_error(self, "unknown word '%s'", argv[0]);
}

static int fail(char *error)
{
    fprintf(stderr, "error: %s\n", error);
    rf_free(error);
    return CLI_EXIT_IO;
}

static char *day_of(int64_t unix_seconds)
{
    const time_t when = (time_t)unix_seconds;
    struct tm broken;
    char text[32];
    gmtime_r(&when, &broken);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M", &broken);
    return rf_strdup(text);
}

static void append_row_json(rf_buffer *out, const rf_profile_row *row)
{
    rf_json_comma(out);
    rf_buffer_append_byte(out, '{');
    rf_json_count(out, "id", (uint64_t)row->id);
    rf_json_count(out, "started_unix", (uint64_t)row->started_unix);
    rf_json_string(out, "script", row->script);
    rf_json_string(out, "arguments", row->arguments);
    rf_json_string(out, "engine", row->engine);
    rf_json_string(out, "label", row->label);
    rf_json_string(out, "git_revision", row->git_revision);
    rf_json_count(out, "wall_ns", row->wall_ns);
    rf_json_count(out, "cpu_ns", row->cpu_ns);
    rf_json_count(out, "ticks", row->ticks);
    rf_json_count(out, "allocs", row->has_memory ? row->allocs : RF_PROF_UNKNOWN);
    rf_json_count(out, "peak_live_bytes", row->has_memory ? row->peak_live_bytes : RF_PROF_UNKNOWN);
    rf_json_number(out, "exit_status", row->exit_status);
    rf_buffer_append_byte(out, '}');
}

static void print_rows(const rf_profile_rows *rows)
{
    printf("%5s  %-16s  %-11s %10s %10s %8s %10s  %s\n", "id", "started (UTC)", "engine", "wall", "cpu", "ticks", "revision", "program, [label]");
    for (size_t i = 0; i < rows->list.count; i++) {
        const rf_profile_row *row = &rows->list.data[i];
        char *day = day_of(row->started_unix);
        printf("%5lld  %s  %-11s %8.3f s %8.3f s %8llu %10.10s  %s%s%s", (long long)row->id, day, row->engine, (double)row->wall_ns / 1e9,
               (double)row->cpu_ns / 1e9, (unsigned long long)row->ticks, *row->git_revision ? row->git_revision : "-", row->script,
               *row->arguments ? " " : "", row->arguments);
        printf(*row->label ? " [%s]\n" : "\n", row->label);
        rf_free(day);
    }
}

int cli_profile_list(const cli_command *self, int argc, const char *const *argv)
{
    char *db_option = NULL, *error = NULL, *path = NULL;
    int json = 0, limit = 50;
    const struct poptOption options[] = {
        {"db", '\0', POPT_ARG_STRING, &db_option, 0, "where profiles are kept", "PATH"},
        {"limit", 'n', POPT_ARG_INT, &limit, 0, "at most so many, the newest (50)", "N"},
        {"json", '\0', POPT_ARG_NONE, &json, 0, "print JSON", NULL},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    sqlite3 *db = NULL;
    rf_profile_rows rows = {0};

    int code = cli_parse(self, options, "Example:\n  ruff profile list words.ruff\n", argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (rest.count > 1 || limit < 1) {
        code = cli_usage_error(self, rest.count > 1 ? "only one SCRIPT at a time" : "--limit takes 1 or more");
        goto done;
    }
    path = cli_profile_db_path(db_option);
    if (!rf_profile_store_open(path, RF_PROFILE_READ, &db, &error) ||
        !rf_profile_store_list(db, rest.count ? rest.items[0] : NULL, (size_t)limit, &rows, &error)) {
        code = fail(error);
        goto done;
    }
    if (json) {
        rf_buffer out = RF_BUFFER_INIT;
        rf_buffer_append_text(&out, "{\"schema_version\":1,\"profiles\":[");
        for (size_t i = 0; i < rows.list.count; i++) append_row_json(&out, &rows.list.data[i]);
        rf_buffer_append_text(&out, "]}\n");
        fputs(out.data, stdout);
        rf_buffer_release(&out);
    } else {
        print_rows(&rows);
    }
    code = CLI_EXIT_OK;
done:
    rf_profile_rows_release(&rows);
    sqlite3_close(db);
    rf_free(path);
    rf_free(db_option);
    rf_free(rest.items);
    return code;
}

/* ---- show ---- */

typedef struct show_wishes { /* texts are owned: popt allocates them */
    char *db, *flamegraph, *output, *format;
    int json, top;
} show_wishes;

static int print_report(const cli_command *self, const rf_profile *profile, const show_wishes *w)
{
    rf_buffer out = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    char *error = NULL;
    int code = CLI_EXIT_OK;
    const char *format = w->json ? "json" : w->format ? w->format : "text";
    const bool is_markdown = strcmp(format, "md") == 0;
    const rf_report_console_options console = {.top = (uint32_t)w->top, .is_markdown = is_markdown,
                                               .width = w->output ? 0 : cli_terminal_columns(STDOUT_FILENO),
                                               .has_colors = !is_markdown && !w->output && isatty(STDOUT_FILENO) && !getenv("NO_COLOR")};
    if (strcmp(format, "json") == 0)
        rf_report_json(profile, &out);
    else if (is_markdown || strcmp(format, "text") == 0)
        rf_report_console(profile, &console, &out);
    else
        return cli_usage_error(self, "--format takes text, md or json, not '%s'", format);
    if (!w->output)
        fwrite(out.data, 1, out.size, stdout);
    else if (rf_file_replace(w->output, out.data, out.size, &err))
        code = fail(rf_format_text("cannot write %s: %s", w->output, err.message));
    if (code == CLI_EXIT_OK && w->flamegraph && !rf_report_write(profile, w->flamegraph, &error)) code = fail(error);
    ruff_error_release(&err);
    rf_buffer_release(&out);
    return code;
}

int cli_profile_show(const cli_command *self, int argc, const char *const *argv)
{
    show_wishes w = {.top = 10};
    const struct poptOption options[] = {
        {"top", '\0', POPT_ARG_INT, &w.top, 0, "rows of each table (10)", "N"},
        {"flamegraph", '\0', POPT_ARG_STRING, &w.flamegraph, 0, "also write a graph or stacks; the extension says which", "PATH"},
        {"json", '\0', POPT_ARG_NONE, &w.json, 0, "report as JSON", NULL},
        {"format", '\0', POPT_ARG_STRING, &w.format, 0, "form of the report (text)", "text|md|json"},
        {"output", '\0', POPT_ARG_STRING, &w.output, 0, "write the report there", "PATH"},
        {"db", '\0', POPT_ARG_STRING, &w.db, 0, "where profiles are kept", "PATH"},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    char *error = NULL, *path = NULL;
    sqlite3 *db = NULL;
    rf_profile_rows rows = {0};

    int code = cli_parse(self, options, "PROFILE is a number, a label, latest, or latest~1 for the one before.\n\n"
                                        "Example:\n  ruff profile show latest --flamegraph graph.html\n", argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (rest.count != 1 || w.top < 1) {
        code = cli_usage_error(self, rest.count != 1 ? "one PROFILE is needed" : "--top takes 1 or more");
        goto done;
    }
    path = cli_profile_db_path(w.db);
    if (!rf_profile_store_open(path, RF_PROFILE_READ, &db, &error) || !rf_profile_store_find(db, rest.items[0], &rows, &error)) {
        code = fail(error);
        goto done;
    }
    rf_profile profile;
    code = rf_profile_store_load(db, rf_vector_last(&rows.list).id, &profile, &error) ? print_report(self, &profile, &w) : fail(error);
    rf_profile_release(&profile);
done:
    rf_profile_rows_release(&rows);
    sqlite3_close(db);
    rf_free(path);
    char *texts[] = {w.db, w.flamegraph, w.output, w.format};
    for (size_t i = 0; i < RF_COUNT_OF(texts); i++) rf_free(texts[i]);
    rf_free(rest.items);
    return code;
}

/* ---- trend ---- */

typedef struct trend_func {
    char *name; /* owned */
    double *shares; /* by profile, -1 where it was not seen; owned */
    double largest;
} trend_func;

typedef RF_VECTOR(trend_func) trend_list;

static void add_shares(trend_list *list, const rf_profile *profile, size_t at, size_t count)
{
    rf_report_summary summary;
    rf_buffer name = RF_BUFFER_INIT;
    rf_report_summary_init(&summary, profile);
    for (size_t i = 0; i < summary.funcs.count; i++) {
        const rf_report_func_row *row = &summary.funcs.data[i];
        if (!row->self.cpu_ns) continue;
        rf_buffer_clear(&name);
        rf_report_append_name(&name, profile, row->func);
        size_t k = 0;
        while (k < list->count && strcmp(list->data[k].name, name.data) != 0) k++;
        if (k == list->count) {
            trend_func added = {rf_strdup(name.data), rf_alloc_array_zero(double, count), 0};
            rf_vector_push(list, added);
        }
        trend_func *func = &list->data[k];
        func->shares[at] += rf_report_share(&summary, row->self.cpu_ns);
        if (func->shares[at] > func->largest) func->largest = func->shares[at];
    }
    rf_buffer_release(&name);
    rf_report_summary_release(&summary);
}

static int compare_trends(const void *a, const void *b)
{
    const trend_func *x = a, *y = b;
    return x->largest < y->largest ? 1 : x->largest > y->largest ? -1 : strcmp(x->name, y->name);
}

/* rows: newest first; printed oldest first, one column a profile. */
static void print_trend(const rf_profile_rows *rows, const trend_list *list, size_t top)
{
    const size_t count = rows->list.count;
    printf("%-24s", "profile");
    for (size_t i = count; i-- > 0;) printf(" %9lld", (long long)rows->list.data[i].id);
    printf("\n%-24s", "revision");
    for (size_t i = count; i-- > 0;) printf(" %9.9s", *rows->list.data[i].git_revision ? rows->list.data[i].git_revision : "-");
    printf("\n%-24s", "engine");
    for (size_t i = count; i-- > 0;) printf(" %9.9s", rows->list.data[i].engine);
    printf("\n%-24s", "cpu ms");
    for (size_t i = count; i-- > 0;) printf(" %9.1f", (double)rows->list.data[i].cpu_ns / 1e6);
    printf("\n%-24s", "wall ms");
    for (size_t i = count; i-- > 0;) printf(" %9.1f", (double)rows->list.data[i].wall_ns / 1e6);
    printf("\n%-24s", "allocs");
    for (size_t i = count; i-- > 0;)
        rows->list.data[i].has_memory ? printf(" %9llu", (unsigned long long)rows->list.data[i].allocs) : printf(" %9s", "n/a");
    printf("\n%-24s", "peak KiB");
    for (size_t i = count; i-- > 0;)
        rows->list.data[i].has_memory ? printf(" %9llu", (unsigned long long)rows->list.data[i].peak_live_bytes / 1024) : printf(" %9s", "n/a");
    printf("\n\nself time, %% of CPU\n");
    for (size_t k = 0; k < list->count && k < top; k++) {
        printf("%-24.24s", list->data[k].name);
        for (size_t i = count; i-- > 0;) printf(" %9.1f", 100 * list->data[k].shares[i]);
        printf("\n");
    }
}

static void print_trend_json(const rf_profile_rows *rows, const trend_list *list)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_buffer_append_text(&out, "{\"schema_version\":1,\"profiles\":[");
    for (size_t i = rows->list.count; i-- > 0;) append_row_json(&out, &rows->list.data[i]);
    rf_buffer_append_text(&out, "],\"functions\":[");
    for (size_t k = 0; k < list->count; k++) {
        rf_json_comma(&out);
        rf_buffer_append_byte(&out, '{');
        rf_json_string(&out, "function", list->data[k].name);
        rf_json_key(&out, "self_shares");
        rf_buffer_append_byte(&out, '[');
        for (size_t i = rows->list.count; i-- > 0;) {
            rf_json_comma(&out);
            rf_buffer_format(&out, "%.6g", list->data[k].shares[i]);
        }
        rf_buffer_append_text(&out, "]}");
    }
    rf_buffer_append_text(&out, "]}\n");
    fputs(out.data, stdout);
    rf_buffer_release(&out);
}

int cli_profile_trend(const cli_command *self, int argc, const char *const *argv)
{
    char *db_option = NULL, *error = NULL, *path = NULL;
    int json = 0, limit = 8, top = 12;
    const struct poptOption options[] = {
        {"limit", 'n', POPT_ARG_INT, &limit, 0, "at most so many profiles, the newest (8)", "N"},
        {"top", '\0', POPT_ARG_INT, &top, 0, "functions shown (12)", "N"},
        {"json", '\0', POPT_ARG_NONE, &json, 0, "print JSON, all functions", NULL},
        {"db", '\0', POPT_ARG_STRING, &db_option, 0, "where profiles are kept", "PATH"},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    sqlite3 *db = NULL;
    rf_profile_rows rows = {0};
    trend_list list = {0};

    int code = cli_parse(self, options, "Example:\n  ruff profile trend words.ruff\n", argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (rest.count != 1 || limit < 1 || top < 1) {
        code = cli_usage_error(self, rest.count != 1 ? "one SCRIPT is needed" : "--limit and --top take 1 or more");
        goto done;
    }
    path = cli_profile_db_path(db_option);
    if (!rf_profile_store_open(path, RF_PROFILE_READ, &db, &error) || !rf_profile_store_list(db, rest.items[0], (size_t)limit, &rows, &error)) {
        code = fail(error);
        goto done;
    }
    if (!rows.list.count) {
        code = fail(rf_format_text("no profile of %s was kept; `ruff profile --store %s` keeps one", rest.items[0], rest.items[0]));
        goto done;
    }
    code = CLI_EXIT_OK;
    for (size_t i = 0; i < rows.list.count && code == CLI_EXIT_OK; i++) {
        rf_profile profile;
        if (rf_profile_store_load(db, rows.list.data[i].id, &profile, &error))
            add_shares(&list, &profile, i, rows.list.count);
        else
            code = fail(error);
        rf_profile_release(&profile);
    }
    if (code != CLI_EXIT_OK) goto done;
    if (list.count) qsort(list.data, list.count, sizeof *list.data, compare_trends);
    if (json)
        print_trend_json(&rows, &list);
    else
        print_trend(&rows, &list, (size_t)top);
done:
    for (size_t i = 0; i < list.count; i++) {
        rf_free(list.data[i].name);
        rf_free(list.data[i].shares);
    }
    rf_vector_release(&list);
    rf_profile_rows_release(&rows);
    sqlite3_close(db);
    rf_free(path);
    rf_free(db_option);
    rf_free(rest.items);
    return code;
}
