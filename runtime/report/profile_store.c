/* Opening and asking; writing a profile is profile_save.c, reading it back profile_load.c. */
#include "report/profile_store.h"

#include "report/sql.h"

#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { APPLICATION_ID = 0x52554650 /* "RUFP" */, RUFFBENCH_ID = 0x52554242 /* "RUBB", of ruffbench */, SCHEMA_VERSION = 1 };

const char rf_profile_schema[] = {
#include "report/profile_schema_sql.inc"
};

char *rf_profile_store_default_path(void)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (data && *data == '/') return rf_format_text("%s/ruff/profiles.db", data);
    return rf_format_text("%s/.local/share/ruff/profiles.db", home && *home ? home : "");
}

static void make_folders(const char *path)
{
    char *copy = rf_strdup(path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(copy, 0777); /* what fails here fails again when opening, with a message */
        *slash = '/';
    }
    rf_free(copy);
}

static int64_t ask_number(rf_sql *sql, const char *text)
{
    sqlite3_stmt *statement = rf_sql_prepare(sql, text);
    const int64_t value = rf_sql_run(sql, statement, "");
    sqlite3_finalize(statement);
    return value;
}

/* Makes the tables of a new file; refuses what is something else or newer. */
static void prepare_file(rf_sql *sql, const char *path, rf_profile_access access)
{
    const int64_t application = ask_number(sql, "PRAGMA application_id"), version = ask_number(sql, "PRAGMA user_version");
    const int64_t tables = ask_number(sql, "SELECT count(*) FROM sqlite_schema");
    if (sql->error) return;
    if (application == APPLICATION_ID && version == SCHEMA_VERSION) return;
    if (application == RUFFBENCH_ID && access == RF_PROFILE_READ &&
        ask_number(sql, "SELECT count(*) FROM sqlite_schema WHERE name = 'sample_agg'"))
        return; /* its profiles can be looked at, too */
    if (application == APPLICATION_ID)
        sql->error = rf_format_text("%s was written by a newer ruff (its schema is %lld, known is %d); use that one, or another --db",
                                    path, (long long)version, SCHEMA_VERSION);
    else if (application || tables || access == RF_PROFILE_READ)
        sql->error = rf_format_text("%s is no database of profiles", path);
    else {
        rf_sql_exec(sql, "BEGIN IMMEDIATE");
        rf_sql_exec(sql, rf_profile_schema);
        rf_sql_exec(sql, "PRAGMA application_id = 1381320272; PRAGMA user_version = 1; COMMIT");
    }
}

bool rf_profile_store_open(const char *path, rf_profile_access access, sqlite3 **out, char **error)
{
    rf_sql sql = {0};
    *out = NULL;
    if (access == RF_PROFILE_WRITE)
        make_folders(path);
    else if (access == RF_PROFILE_READ && faccessat(AT_FDCWD, path, F_OK, 0) != 0) {
        *error = rf_format_text("%s: %s; `ruff profile --store FILE` makes it", path, strerror(errno));
        return false;
    }
    if (sqlite3_open_v2(path, &sql.db, SQLITE_OPEN_READWRITE | (access == RF_PROFILE_WRITE ? SQLITE_OPEN_CREATE : 0), NULL) != SQLITE_OK)
        sql.error = rf_format_text("%s: %s", path, sqlite3_errmsg(sql.db));
    if (!sql.error) {
        sqlite3_busy_timeout(sql.db, 5000);
        rf_sql_exec(&sql, "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL");
        prepare_file(&sql, path, access);
    }
    if (!sql.error) {
        *out = sql.db;
        return true;
    }
    *error = sql.error;
    sqlite3_close(sql.db);
    return false;
}

/* ---- asking ---- */

#define ROW_COLUMNS                                                                                              \
    "SELECT id, started, coalesce(bench_run, 0), wall_ns, cpu_ns, ticks, allocs, peak_live, exit_status, has_cpu, has_memory, " \
    "has_jit, label, git_revision, script, argv, engine FROM profile "

static void take_rows(rf_sql *sql, sqlite3_stmt *statement, rf_profile_rows *rows)
{
    while (rf_sql_next(sql, statement)) {
        const rf_profile_row row = {.id = sqlite3_column_int64(statement, 0),
                                    .started_unix = sqlite3_column_int64(statement, 1),
                                    .bench_run = sqlite3_column_int64(statement, 2),
                                    .wall_ns = rf_sql_count(statement, 3),
                                    .cpu_ns = rf_sql_count(statement, 4),
                                    .ticks = rf_sql_count(statement, 5),
                                    .allocs = rf_sql_count(statement, 6),
                                    .peak_live_bytes = rf_sql_count(statement, 7),
                                    .exit_status = sqlite3_column_int(statement, 8),
                                    .has_cpu = sqlite3_column_int(statement, 9),
                                    .has_memory = sqlite3_column_int(statement, 10),
                                    .has_jit = sqlite3_column_int(statement, 11),
                                    .label = rf_sql_text(statement, 12),
                                    .git_revision = rf_sql_text(statement, 13),
                                    .script = rf_sql_text(statement, 14),
                                    .arguments = rf_sql_text(statement, 15),
                                    .engine = rf_sql_text(statement, 16)};
        rf_vector_push(&rows->list, row);
    }
}

static bool end_asking(rf_sql *sql, sqlite3_stmt *statement, rf_profile_rows *rows, char **error)
{
    sqlite3_finalize(statement);
    if (!sql->error) return true;
    *error = sql->error;
    rf_profile_rows_release(rows);
    return false;
}

bool rf_profile_store_list(sqlite3 *db, const char *script, size_t limit, rf_profile_rows *rows, char **error)
{
    rf_sql sql = {.db = db};
    *rows = (rf_profile_rows){0};
    sqlite3_stmt *statement =
        rf_sql_prepare(&sql, ROW_COLUMNS "WHERE ?1 IS NULL OR script = ?1 OR substr(script, -length(?1) - 1) = '/' || ?1 ORDER BY id DESC LIMIT ?2");
    rf_sql_bind(&sql, statement, "si", script, (int64_t)limit);
    take_rows(&sql, statement, rows);
    return end_asking(&sql, statement, rows, error);
}

bool rf_profile_store_list_run(sqlite3 *db, int64_t bench_run, rf_profile_rows *rows, char **error)
{
    rf_sql sql = {.db = db};
    *rows = (rf_profile_rows){0};
    sqlite3_stmt *statement = rf_sql_prepare(&sql, ROW_COLUMNS "WHERE bench_run = ?1 ORDER BY id");
    rf_sql_bind(&sql, statement, "i", bench_run);
    take_rows(&sql, statement, rows);
    return end_asking(&sql, statement, rows, error);
}

bool rf_profile_store_find(sqlite3 *db, const char *word, rf_profile_rows *rows, char **error)
{
    rf_sql sql = {.db = db};
    *rows = (rf_profile_rows){0};
    char *end;
    sqlite3_stmt *statement;
    if (strcmp(word, "latest") == 0 || strncmp(word, "latest~", 7) == 0) {
        const long long back = word[6] ? strtoll(word + 7, &end, 10) : 0;
        statement = rf_sql_prepare(&sql, ROW_COLUMNS "ORDER BY id DESC LIMIT 1 OFFSET ?1");
        rf_sql_bind(&sql, statement, "i", (int64_t)back);
    } else {
        const long long id = strtoll(word, &end, 10);
        statement = rf_sql_prepare(&sql, ROW_COLUMNS "WHERE (?1 <> 0 AND id = ?1) OR (?1 = 0 AND label = ?2) ORDER BY id");
        rf_sql_bind(&sql, statement, "is", (int64_t)(*end ? 0 : id), word);
    }
    take_rows(&sql, statement, rows);
    if (!end_asking(&sql, statement, rows, error)) return false;
    if (rows->list.count) return true;
    *error = rf_format_text("there is no profile '%s'; `ruff profile list` shows their numbers and labels", word);
    return false;
}

void rf_profile_rows_release(rf_profile_rows *rows)
{
    for (size_t i = 0; i < rows->list.count; i++) {
        rf_profile_row *row = &rows->list.data[i];
        char *texts[] = {row->label, row->git_revision, row->script, row->arguments, row->engine};
        for (size_t k = 0; k < RF_COUNT_OF(texts); k++) rf_free(texts[k]);
    }
    rf_vector_release(&rows->list);
}
