/* The database itself: where it is, whether it is sound, questions in SQL. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "report/grid.h"
#include "store/results.h"

#include <string.h>

enum { SQL_COLUMNS = 16 };

static cli_exit print_path(cli_context *cli)
{
    cli_exit code = cli_open_store(cli, STORE_READ);
    if (!code) printf("%s\n", cli->db_path);
    return code;
}

/* ---- check ---- */

/* Rows of a pragma that are not "ok"; prints them. */
static cli_exit check_pragma(cli_context *cli, const char *sql, const char *what, size_t *problems)
{
    ruff_error err = RUFF_ERROR_INIT;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(cli->db->sqlite, sql, -1, &statement, NULL) != SQLITE_OK) {
        store_failure(cli->db, what, &err);
        return cli_fail(cli, &err);
    }
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *text = store_text(statement, 0);
        if (strcmp(text, "ok") == 0) continue;
        printf("%s: %s\n", what, text);
        ++*problems;
    }
    if (code != SQLITE_DONE) {
        printf("%s: %s\n", what, sqlite3_errmsg(cli->db->sqlite));
        ++*problems;
    }
    sqlite3_finalize(statement);
    return CLI_EXIT_DONE;
}

/* Every series has to decode. */
static cli_exit check_sessions(cli_context *cli, size_t *sessions, size_t *samples,
                               size_t *problems)
{
    ruff_error err = RUFF_ERROR_INIT;
    ruff_status status;
    RF_VECTOR(int64_t) ids = {0};
    sqlite3_stmt *row = store_bind(cli->db, STORE_QUERY_all_sessions, &err, "");
    while (store_next(cli->db, row, &status, &err)) rf_vector_push(&ids, store_int(row, 0));
    for (size_t i = 0; i < ids.count && !status; i++) {
        store_results results;
        if (store_load_results(cli->db, ids.data[i], &results, &err)) {
            printf("session @%lld: %s\n", (long long)ids.data[i], err.message);
            ruff_error_release(&err);
            ++*problems;
            continue;
        }
        ++*sessions;
        *samples += results.samples.count;
        store_results_release(&results);
    }
    rf_vector_release(&ids);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static void say_how_to_rescue(const cli_context *cli)
{
    cli_note(cli,
             "nothing was changed; what can be read comes back with "
             "`sqlite3 %s .recover | sqlite3 rescued.db`, and measuring goes on with --db",
             cli->db_path);
}

/* The file is there, and SQLite cannot make sense of it. */
static bool is_damaged(const char *path)
{
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    sqlite3_close(db);
    return code == SQLITE_CORRUPT;
}

static cli_exit check(cli_context *cli)
{
    size_t problems = 0, sessions = 0, samples = 0;
    cli_exit code = cli_open_store(cli, STORE_READ);
    if (code == CLI_EXIT_INTERNAL && is_damaged(cli->db_path)) say_how_to_rescue(cli);
    if (!code) code = check_pragma(cli, "PRAGMA integrity_check", "integrity", &problems);
    if (!code) code = check_pragma(cli, "PRAGMA foreign_key_check", "foreign key", &problems);
    if (!code) code = check_sessions(cli, &sessions, &samples, &problems);
    if (code) return code;
    printf("%s: schema %d, %zu session%s, %zu process%s, %zu problem%s\n", cli->db_path,
           STORE_SCHEMA_VERSION, sessions, sessions == 1 ? "" : "s", samples,
           samples == 1 ? "" : "es", problems, problems == 1 ? "" : "s");
    if (problems) say_how_to_rescue(cli);
    return problems ? CLI_EXIT_INTERNAL : CLI_EXIT_DONE;
}

/* ---- sql ---- */

static void print_rows(cli_context *cli, sqlite3_stmt *statement, rf_buffer *out)
{
    report_align align[SQL_COLUMNS];
    int columns = sqlite3_column_count(statement);
    if (columns > SQL_COLUMNS) columns = SQL_COLUMNS;
    report_grid grid = {.column_count = (size_t)columns, .align = align, .gap = "  "};
    for (int i = 0; i < columns; i++) {
        align[i] = REPORT_LEFT;
        report_grid_add(&grid, REPORT_DIM, sqlite3_column_name(statement, i));
    }
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (int i = 0; i < columns; i++)
            report_grid_add(&grid, REPORT_PLAIN, store_text(statement, i));
    report_terminal wide = cli->out;
    wide.width = 400;
    report_grid_print(&grid, &wide, out);
    report_grid_release(&grid);
}

static cli_exit sql(cli_context *cli, const char *text)
{
    rf_buffer out = RF_BUFFER_INIT;
    sqlite3_stmt *statement = NULL;
    cli_exit code = cli_open_store(cli, STORE_READ);
    if (code) return code;
    if (sqlite3_prepare_v2(cli->db->sqlite, text, -1, &statement, NULL) != SQLITE_OK)
        return cli_usage_error(cli, "%s", sqlite3_errmsg(cli->db->sqlite));
    if (statement && sqlite3_column_count(statement) && sqlite3_stmt_readonly(statement))
        print_rows(cli, statement, &out);
    else
        code = cli_usage_error(cli, "only questions: the database is not changed by `db sql`");
    sqlite3_finalize(statement);
    cli_print(&out);
    return code;
}

/* Opening for writing migrates. */
static cli_exit migrate(cli_context *cli)
{
    cli_exit code = cli_open_store(cli, STORE_WRITE);
    if (!code) printf("%s: schema %d\n", cli->db_path, STORE_SCHEMA_VERSION);
    return code;
}

static cli_exit run(cli_context *cli)
{
    const char *what = cli->words.count ? cli->words.data[0] : "path";
    if (strcmp(what, "path") == 0) return print_path(cli);
    if (strcmp(what, "check") == 0) return check(cli);
    if (strcmp(what, "migrate") == 0) return migrate(cli);
    if (strcmp(what, "sql") == 0 && cli->words.count > 1) return sql(cli, cli->words.data[1]);
    return cli_usage_error(cli, "`db %s`; use path, check, migrate or sql \"SELECT ...\"", what);
}

const cli_command cmd_db = {
    .name = "db",
    .summary = "the database: path, check, sql, migrate",
    .arguments = "[path | check | sql QUERY | migrate]",
    .about = "Says where the database is, checks it, asks it a question in SQL (the views v_runs, "
             "v_latest, v_compare and v_history are stable), or brings it to the newest schema.",
    .examples = "ruffbench db check\n"
                "ruffbench db sql \"SELECT * FROM v_latest\"",
    .run = run};
