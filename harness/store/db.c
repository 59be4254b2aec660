#include "store/db.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "store/migrate.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char schema[] = {
#include "store/schema.inc"
};

static const char profile_schema[] = {
#include "store/profile_schema.inc"
};

static const struct {
    const char *name, *text;
} queries[] = {
#define STORE_QUERY(name, text) {#name, text},
#include "store/queries.inc"
#undef STORE_QUERY
};

enum { BUSY_TIMEOUT_MS = 5000 };

/* Steps from one schema to the next. */
static const store_migration migrations[] = {
    {1, ""},
    {2, "DROP TABLE profile_frame; DROP TABLE profile"}, /* never filled */
    {3, profile_schema}};

/* ---- failures ---- */

static const char *advice(int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "; another ruffbench is writing: try again when it is done";
    case SQLITE_FULL: return "; the disk is full: make room, what was stored before is safe";
    case SQLITE_READONLY:
        return "; the file or its directory cannot be written: choose another with --db";
    case SQLITE_NOTADB: return "; this is no SQLite database: choose another with --db";
    case SQLITE_CORRUPT: return "; run `ruffbench db check`";
    case SQLITE_CANTOPEN: return "; check that the directory exists and can be written";
    case SQLITE_IOERR:
        return "; the disk failed or the file may not grow: what was stored before is safe";
    default: return "";
    }
}

ruff_status store_failure(store_db *db, const char *what, ruff_error *err)
{
    return rf_error_set(err, RUFF_E_IO, "%s: %s: %s%s", db->path, what, sqlite3_errmsg(db->sqlite),
                        advice(sqlite3_errcode(db->sqlite)));
}

/* ---- opening ---- */

static ruff_status execute(store_db *db, const char *sql, ruff_error *err)
{
    return sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK
               ? RUFF_OK
               : store_failure(db, "cannot set up", err);
}

static ruff_status read_pragma(store_db *db, const char *sql, int64_t *value, ruff_error *err)
{
    sqlite3_stmt *statement = NULL;
    ruff_status status = RUFF_OK;
    if (sqlite3_prepare_v2(db->sqlite, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        status = store_failure(db, "cannot be read", err);
    else
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return status;
}

static ruff_status make_parents(const char *path, ruff_error *err)
{
    char *copy = rf_strdup(path), text[128];
    ruff_status status = RUFF_OK;
    for (char *slash = strchr(copy + 1, '/'); slash && !status; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            status = rf_error_set(err, RUFF_E_IO, "%s: cannot make this directory: %s", copy,
                                  rf_os_error_text(errno, text, sizeof text));
        *slash = '/';
    }
    rf_free(copy);
    return status;
}

/* Two processes may find an empty file at once; the one that comes second sees the finished schema.
 */
static ruff_status create(store_db *db, ruff_error *err)
{
    int64_t version = 0;
    ruff_status status = execute(db, "BEGIN IMMEDIATE", err);
    if (status) return status;
    status = read_pragma(db, "PRAGMA user_version", &version, err);
    if (!status && version == 0) {
        rf_buffer stamp = RF_BUFFER_INIT;
        rf_buffer_format(&stamp, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                         STORE_APPLICATION_ID, STORE_SCHEMA_VERSION);
        status = execute(db, schema, err);
        if (!status) status = execute(db, profile_schema, err);
        if (!status) status = execute(db, stamp.data, err);
        rf_buffer_release(&stamp);
    }
    if (!status) return execute(db, "COMMIT", err);
    execute(db, "ROLLBACK", NULL);
    return status;
}

/* Looks before anything is written: whose database is this, and how old? */
static ruff_status recognise(store_db *db, store_mode mode, ruff_error *err)
{
    int64_t application = 0, version = 0, tables = 0;
    ruff_status status = read_pragma(db, "PRAGMA application_id", &application, err);
    if (!status) status = read_pragma(db, "PRAGMA user_version", &version, err);
    if (!status) status = read_pragma(db, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (status) return status;
    if (application == 0 && version == 0 && tables == 0)
        return mode == STORE_WRITE
                   ? create(db, err)
                   : rf_error_set(err, RUFF_E_IO, "%s: holds no results yet", db->path);
    if (application != STORE_APPLICATION_ID)
        return rf_error_set(err, RUFF_E_MISUSE,
                            "%s: is a database of another program; choose another with --db",
                            db->path);
    if (version < STORE_SCHEMA_READABLE && mode == STORE_READ)
        return rf_error_set(
            err, RUFF_E_MISUSE,
            "%s: has schema %lld, this ruffbench writes %d; run `ruffbench db migrate`", db->path,
            (long long)version, STORE_SCHEMA_VERSION);
    if (version < STORE_SCHEMA_VERSION && mode == STORE_WRITE)
        return store_migrate(db, (int)version, migrations, RF_COUNT_OF(migrations), err);
    if (version > STORE_SCHEMA_VERSION)
        return rf_error_set(
            err, RUFF_E_MISUSE,
            "%s: has schema %lld, this ruffbench knows up to %d; use a newer ruffbench", db->path,
            (long long)version, STORE_SCHEMA_VERSION);
    return RUFF_OK;
}

static ruff_status prepare_file(store_db *db, store_mode mode, ruff_error *err)
{
    sqlite3_busy_timeout(db->sqlite, BUSY_TIMEOUT_MS);
    sqlite3_extended_result_codes(db->sqlite, 1);
    ruff_status status = recognise(db, mode, err);
    if (!status && mode == STORE_WRITE)
        status = execute(
            db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON",
            err);
    if (!status && mode == STORE_READ) status = execute(db, "PRAGMA query_only = ON", err);
    return status;
}

/* Nobody can write here and no log is left to be read back: the file is all there is. */
static bool is_settled(const char *path)
{
    struct stat info;
    char *directory = rf_strdup(path), *log = rf_format_text("%s-wal", path);
    char *slash = strrchr(directory, '/');
    if (slash) slash[slash == directory] = '\0';
    bool closed = access(path, W_OK) != 0 || access(slash ? directory : ".", W_OK) != 0;
    bool settled = closed && (stat(log, &info) != 0 || info.st_size == 0);
    rf_free(directory);
    rf_free(log);
    return settled;
}

/* Without locks and shared memory, which cannot be made there. */
static int open_settled(store_db *db)
{
    rf_buffer uri = RF_BUFFER_INIT;
    rf_buffer_append_text(&uri, "file:");
    for (const char *at = db->path; *at; at++) {
        if (strchr("?#%", *at))
            rf_buffer_format(&uri, "%%%02x", (unsigned)(unsigned char)*at);
        else
            rf_buffer_append_byte(&uri, *at);
    }
    rf_buffer_append_text(&uri, "?immutable=1");
    int code = sqlite3_open_v2(uri.data, &db->sqlite, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    rf_buffer_release(&uri);
    return code;
}

ruff_status store_open(store_db **out, const char *path, store_mode mode, ruff_error *err)
{
    if (mode == STORE_READ && access(path, F_OK) != 0)
        return rf_error_set(err, RUFF_E_IO,
                            "%s: there are no results yet; measure some with `ruffbench compare`",
                            path);
    ruff_status status = mode == STORE_WRITE ? make_parents(path, err) : RUFF_OK;
    if (status) return status;
    store_db *db = rf_new(store_db);
    db->path = rf_strdup(path);
    /* A reader also needs write access to the shared-memory file of WAL; query_only keeps it from
     * changing data. */
    int flags = SQLITE_OPEN_READWRITE | (mode == STORE_WRITE ? SQLITE_OPEN_CREATE : 0);
    bool settled = mode == STORE_READ && is_settled(path);
    if (settled ? open_settled(db) : sqlite3_open_v2(path, &db->sqlite, flags, NULL))
        status = store_failure(db, "cannot be opened", err);
    if (!status) status = prepare_file(db, mode, err);
    if (status)
        store_close(db);
    else
        *out = db;
    return status;
}

void store_close(store_db *db)
{
    if (!db) return;
    for (size_t i = 0; i < STORE_QUERY_COUNT; i++) sqlite3_finalize(db->statements[i]);
    sqlite3_close(db->sqlite);
    rf_free(db->path);
    rf_free(db);
}

/* ---- transactions ---- */

ruff_status store_with_transaction(store_db *db,
                                   ruff_status (*work)(store_db *, void *, ruff_error *),
                                   void *context, ruff_error *err)
{
    if (sqlite3_exec(db->sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return store_failure(db, "cannot begin to write", err);
    ruff_status status = work(db, context, err);
    if (!status && sqlite3_exec(db->sqlite, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        status = store_failure(db, "cannot store", err);
    if (status) sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/* ---- statements ---- */

static sqlite3_stmt *prepared(store_db *db, store_query query, ruff_error *err)
{
    sqlite3_stmt **statement = &db->statements[query];
    if (*statement) {
        sqlite3_reset(*statement);
        sqlite3_clear_bindings(*statement);
    } else if (sqlite3_prepare_v3(db->sqlite, queries[query].text, -1, SQLITE_PREPARE_PERSISTENT,
                                  statement, NULL) != SQLITE_OK) {
        store_failure(db, queries[query].name, err);
        return NULL;
    }
    return *statement;
}

static sqlite3_stmt *bind_list(store_db *db, store_query query, ruff_error *err, const char *kinds,
                               va_list args)
{
    sqlite3_stmt *statement = prepared(db, query, err);
    for (int at = 1; statement && *kinds; kinds++, at++) {
        int64_t number;
        double real;
        const char *text;
        const void *bytes;
        switch (*kinds) {
        case 'i': sqlite3_bind_int64(statement, at, va_arg(args, int64_t)); break;
        case 'I':
            number = va_arg(args, int64_t);
            if (number >= 0) sqlite3_bind_int64(statement, at, number);
            break;
        case 'd': sqlite3_bind_double(statement, at, va_arg(args, double)); break;
        case 'D':
            real = va_arg(args, double);
            if (!isnan(real)) sqlite3_bind_double(statement, at, real);
            break;
        case 's':
            text = va_arg(args, const char *);
            if (text) sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
            break;
        case 'b':
            bytes = va_arg(args, const void *);
            sqlite3_bind_blob64(statement, at, bytes, va_arg(args, size_t), SQLITE_TRANSIENT);
            break;
        default: rf_assert(false); break;
        }
    }
    return statement;
}

sqlite3_stmt *store_bind(store_db *db, store_query query, ruff_error *err, const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    sqlite3_stmt *statement = bind_list(db, query, err, kinds, args);
    va_end(args);
    return statement;
}

bool store_next(store_db *db, sqlite3_stmt *statement, ruff_status *status, ruff_error *err)
{
    *status = RUFF_OK;
    if (!statement) {
        *status = RUFF_E_IO; /* store_bind has said why */
        return false;
    }
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) *status = store_failure(db, "cannot be read or written", err);
    sqlite3_reset(statement);
    return false;
}

ruff_status store_run(store_db *db, store_query query, ruff_error *err, const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    sqlite3_stmt *statement = bind_list(db, query, err, kinds, args);
    va_end(args);
    ruff_status status;
    if (store_next(db, statement, &status, err)) sqlite3_reset(statement);
    return status;
}

ruff_status store_run_for_id(store_db *db, store_query query, int64_t *id, ruff_error *err,
                             const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    sqlite3_stmt *statement = bind_list(db, query, err, kinds, args);
    va_end(args);
    ruff_status status;
    if (store_next(db, statement, &status, err)) {
        *id = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    return status;
}

const char *store_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? text : "";
}

int64_t store_int(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? -1
               : sqlite3_column_int64(statement, column);
}
