/* ruff profile diff: two kept profiles, two groups of them, or one program under several engines. */
#include "cli/profile_history.h"
#include "cli/profile_keep.h"

#include "base/alloc.h"
#include "report/profile_diff.h"
#include "report/profile_store.h"

#include <stdio.h>
#include <string.h>

static const char notes[] =
    "BEFORE and AFTER are each a number, a label, latest, or latest~1 for the one before.  A label that several\n"
    "profiles have stands for all of them: the variance between runs then says what is significant.  Profiles of\n"
    "another program, of other instruments or of another clock are refused (exit 1), unless --force is given.\n"
    "With --engines the newest profile of the program under each engine is shown line by line: what the VM and\n"
    "native code bought, and where.\n\n"
    "Examples:\n"
    "  ruff profile diff latest~1 latest\n"
    "  ruff profile diff before after --flamegraph diff.html\n"
    "  ruff profile diff --engines words.ruff\n";

enum { MOST_RUNS = 64 };

typedef struct side {
    rf_profile profiles[MOST_RUNS];
    const rf_profile *list[MOST_RUNS];
    size_t count;
} side;

typedef struct wishes { /* texts are owned: popt allocates them */
    char *db, *flamegraph;
    int all, force, json, engines;
} wishes;

static int fail(char *error)
{
    fprintf(stderr, "error: %s\n", error);
    rf_free(error);
    return CLI_EXIT_IO;
}

static bool load_one(sqlite3 *db, int64_t id, side *out, char **error)
{
    const bool is_loaded = rf_profile_store_load(db, id, &out->profiles[out->count], error);
    out->list[out->count] = &out->profiles[out->count];
    out->count++; /* to be released in any case */
    return is_loaded;
}

static bool load_side(sqlite3 *db, const char *word, side *out, char **error)
{
    rf_profile_rows rows;
    if (!rf_profile_store_find(db, word, &rows, error)) return false;
    bool is_loaded = true;
    const size_t first = rows.list.count > MOST_RUNS ? rows.list.count - MOST_RUNS : 0;
    for (size_t i = first; i < rows.list.count && is_loaded; i++) is_loaded = load_one(db, rows.list.data[i].id, out, error);
    rf_profile_rows_release(&rows);
    return is_loaded;
}

static void release_side(side *it)
{
    for (size_t i = 0; i < it->count; i++) rf_profile_release(&it->profiles[i]);
    rf_free(it);
}

static int compare_sides(const wishes *w, const rf_diff_side *before, const rf_diff_side *after)
{
    char *obstacle = rf_profile_diff_obstacle(before, after), *error = NULL;
    if (obstacle && !w->force) {
        fprintf(stderr, "error: these profiles cannot be compared: %s (--force compares them nevertheless)\n", obstacle);
        rf_free(obstacle);
        return CLI_EXIT_FAILED;
    }
    if (obstacle) fprintf(stderr, "note: compared although they differ in %s\n", obstacle);
    rf_free(obstacle);
    int code = CLI_EXIT_OK;
    rf_profile_diff diff;
    rf_buffer out = RF_BUFFER_INIT;
    rf_profile_diff_init(&diff, before, after);
    if (w->json)
        rf_profile_diff_json(&diff, before, after, &out);
    else
        rf_profile_diff_text(&diff, before, after, w->all, &out);
    fwrite(out.data, 1, out.size, stdout);
    if (w->flamegraph && !rf_profile_diff_write(&diff, w->flamegraph, &error)) code = fail(error);
    rf_buffer_release(&out);
    rf_profile_diff_release(&diff);
    return code;
}

static int diff_words(sqlite3 *db, const wishes *w, const char *before_word, const char *after_word)
{
    side *before = rf_new(side), *after = rf_new(side);
    char *error = NULL;
    int code;
    if (load_side(db, before_word, before, &error) && load_side(db, after_word, after, &error)) {
        const rf_diff_side a = {before->list, before->count, before_word}, b = {after->list, after->count, after_word};
        code = compare_sides(w, &a, &b);
    } else {
        code = fail(error);
    }
    release_side(before);
    release_side(after);
    return code;
}

static void print_lines(const wishes *w, const side *engines)
{
    rf_buffer out = RF_BUFFER_INIT;
    if (w->json)
        rf_profile_lines_json(engines->list, engines->count, &out);
    else
        rf_profile_lines_text(engines->list, engines->count, &out);
    fwrite(out.data, 1, out.size, stdout);
    rf_buffer_release(&out);
}

/* The newest profile of each engine, of the same sources. */
static int diff_engines(sqlite3 *db, const wishes *w, const char *script)
{
    static const char *const engines[] = {"interpreter", "vm", "jit"};
    rf_profile_rows rows;
    char *error = NULL;
    if (!rf_profile_store_list(db, script, 1000, &rows, &error)) return fail(error);
    side *found = rf_new(side);
    bool is_loaded = true;
    for (size_t e = 0; e < RF_COUNT_OF(engines) && is_loaded; e++)
        for (size_t i = 0; i < rows.list.count; i++)
            if (strcmp(rows.list.data[i].engine, engines[e]) == 0 && rows.list.data[i].has_cpu) {
                is_loaded = load_one(db, rows.list.data[i].id, found, &error);
                break;
            }
    rf_profile_rows_release(&rows);
    int code = CLI_EXIT_OK;
    if (!is_loaded)
        code = fail(error);
    else if (found->count < 2)
        code = fail(rf_format_text("fewer than two engines' profiles of %s were kept; ruff profile --store with --interpreter, --vm and --jit-mode keeps them", script));
    for (size_t i = 1; i < found->count && code == CLI_EXIT_OK; i++)
        if (found->list[i]->run.script_digest != found->list[0]->run.script_digest && !w->force) {
            fprintf(stderr, "error: these profiles cannot be compared by line: the sources of %s changed between the runs under %s and %s\n", script,
                    found->list[0]->run.engine, found->list[i]->run.engine);
            code = CLI_EXIT_FAILED;
        }
    if (code == CLI_EXIT_OK) print_lines(w, found);
    release_side(found);
    return code;
}

int cli_profile_diff(const cli_command *self, int argc, const char *const *argv)
{
    wishes w = {0};
    const struct poptOption options[] = {
        {"all", 'a', POPT_ARG_NONE, &w.all, 0, "show what is not significant too", NULL},
        {"force", '\0', POPT_ARG_NONE, &w.force, 0, "compare what is not comparable", NULL},
        {"flamegraph", '\0', POPT_ARG_STRING, &w.flamegraph, 0, "also write .html, .svg, .folded or .txt with both sides", "PATH"},
        {"engines", '\0', POPT_ARG_NONE, &w.engines, 0, "compare engines line by line; takes a SCRIPT", NULL},
        {"json", '\0', POPT_ARG_NONE, &w.json, 0, "print JSON", NULL},
        {"db", '\0', POPT_ARG_STRING, &w.db, 0, "where profiles are kept", "PATH"},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    char *error = NULL, *path = NULL;
    sqlite3 *db = NULL;

    int code = cli_parse(self, options, notes, argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (rest.count != (w.engines ? 1 : 2)) {
        code = cli_usage_error(self, w.engines ? "--engines takes one SCRIPT" : "two profiles are needed");
        goto done;
    }
    path = cli_profile_db_path(w.db);
    if (!rf_profile_store_open(path, RF_PROFILE_READ, &db, &error))
        code = fail(error);
    else
        code = w.engines ? diff_engines(db, &w, rest.items[0]) : diff_words(db, &w, rest.items[0], rest.items[1]);
done:
    sqlite3_close(db);
    rf_free(path);
    rf_free(w.db);
    rf_free(w.flamegraph);
    rf_free(rest.items);
    return code;
}
