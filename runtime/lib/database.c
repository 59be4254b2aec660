/* SQLite databases (BUILTINS 27). */
#include "lib/database.h"

#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/db_statements.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/format.h"

#include "base/alloc.h"
#include "base/vector.h"

#include <sqlite3.h>
#include <string.h>
#include <strings.h>

enum { BUSY_TIMEOUT_MS = 5000 };

struct rf_database {
    sqlite3 *connection; /* NULL: closed */
    rf_db_statements statements;
    rf_db_pool *owner; /* the pool that has lent it; NULL for others and while it is idle there */
};

/* ---- handles ---- */

void rf_database_close(rf_database *db)
{
    rf_db_statements_drop(&db->statements);
    sqlite3_close_v2(db->connection); /* rolls back; NULL is allowed */
    db->connection = NULL;
}

bool rf_database_is_closed(const rf_database *db)
{
    return !db->connection;
}

void rf_database_rollback_open(rf_database *db)
{
    if (db->connection && !sqlite3_get_autocommit(db->connection))
        sqlite3_exec(db->connection, "ROLLBACK", NULL, NULL, NULL);
}

rf_db_pool **rf_database_owner(rf_database *db)
{
    return &db->owner;
}

static void free_handle(rf_isolate *isolate, rf_handle *handle)
{
    rf_database *db = handle->data;
    if (db->owner) rf_db_pool_lost(isolate, db->owner);
    rf_database_close(db);
    rf_free(db);
}

static void inspect_handle(rf_isolate *isolate, rf_handle *handle, rf_buffer *out)
{
    (void)isolate, (void)handle;
    rf_buffer_append_text(out, "Database(type: sqlite)");
}

static const rf_handle_type database_type = {
    .type_name = "database", .free = free_handle, .inspect = inspect_handle};

rf_database *rf_database_want(rf_isolate *isolate, const char *name, const rf_value *args,
                              uint32_t index)
{
    if (args[index].head == RF_HANDLE && args[index].as.handle->type == &database_type)
        return args[index].as.handle->data;
    rf_args_wrong(isolate, name, index, "database", args[index]);
    return NULL;
}

/* args[0] as an open connection, NULL after raising. */
static rf_database *want_open(rf_isolate *isolate, const char *name, const rf_value *args)
{
    rf_database *db = rf_database_want(isolate, name, args, 0);
    if (!db || db->connection) return db;
    rf_raise(isolate, "%s: the database is closed", name);
    return NULL;
}

static sqlite3 *want_connection(rf_isolate *isolate, const char *name, const rf_value *args)
{
    const rf_database *db = want_open(isolate, name, args);
    return db ? db->connection : NULL;
}

/* ---- connecting ---- */

/* False after raising: another backend, or none of that name. */
static bool is_sqlite(rf_isolate *isolate, const rf_string *text)
{
    const char *kind = rf_args_shown(isolate, text);
    if (strcasecmp(kind, "sqlite") == 0) return true;
    if (strcasecmp(kind, "postgres") == 0 || strcasecmp(kind, "postgresql") == 0)
        rf_raise(isolate, "postgres is not available in this build (needs libpq)");
    else if (strcasecmp(kind, "mysql") == 0)
        rf_raise(isolate, "mysql is not available in this build (needs libmariadb)");
    else
        rf_raise(isolate, "Unsupported database type: %s", kind);
    return false;
}

bool rf_database_target(rf_isolate *isolate, const char *name, const rf_value *args,
                        uint32_t arg_count, const char **target)
{
    for (uint32_t i = 0; i < arg_count; i++)
        if (!rf_args_string(isolate, name, args, i)) return false;
    if (arg_count > 1 && !is_sqlite(isolate, args[0].as.string)) return false;
    const rf_string *text = args[arg_count - 1].as.string;
    if (strlen(text->text) != text->size) {
        rf_raise(isolate, "%s: the path of the database contains a NUL character", name);
        return false;
    }
    *target = text->text;
    if (strncmp(*target, "sqlite:", 7) == 0)
        *target += strncmp(*target, "sqlite://", 9) == 0 ? 9 : 7;
    return true;
}

rf_value rf_database_open(rf_isolate *isolate, const char *name, const char *target)
{
    sqlite3 *connection = NULL;
    int status =
        sqlite3_open_v2(target, &connection,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (status == SQLITE_OK) {
        sqlite3_busy_timeout(connection, BUSY_TIMEOUT_MS);
        sqlite3_extended_result_codes(connection, 1);
        rf_database *db = rf_new(rf_database);
        db->connection = connection;
        return rf_handle_new(isolate, &database_type, db);
    }
    rf_raise(isolate, "%s: cannot open database '%s': %s", name, target,
             connection ? sqlite3_errmsg(connection) : sqlite3_errstr(status));
    sqlite3_close_v2(connection);
    return rf_raised();
}

rf_value rf_lib_db_connect(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    const char *target;
    if (!rf_database_target(isolate, "db_connect", args, arg_count, &target)) return rf_raised();
    return rf_database_open(isolate, "db_connect", target);
}

rf_value rf_lib_db_close(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_database *db = rf_database_want(isolate, "db_close", args, 0);
    if (!db) return rf_raised();
    rf_database_close(db);
    return rf_bool(true);
}

/* ---- statements ---- */

static rf_value raise_sql(rf_isolate *isolate, sqlite3 *connection, const char *what,
                          const char *sql)
{
    rf_value text = rf_string_new_lossy(isolate, sqlite3_errmsg(connection),
                                        strlen(sqlite3_errmsg(connection)));
    rf_raise(isolate, "SQLite %s error: %s in: %s", what, text.as.string->text, sql);
    rf_release(isolate, text);
    return rf_raised();
}

/* Binds one value; false after raising. */
static bool bind(rf_isolate *isolate, sqlite3_stmt *statement, int place, rf_value v)
{
    switch (v.head) {
    case RF_NULL: sqlite3_bind_null(statement, place); return true;
    case RF_BOOL:
    case RF_INT: sqlite3_bind_int64(statement, place, v.as.i); return true;
    case RF_FLOAT: sqlite3_bind_double(statement, place, v.as.d); return true;
    case RF_BYTES:
        sqlite3_bind_blob64(statement, place, v.as.bytes->data, v.as.bytes->size, SQLITE_TRANSIENT);
        return true;
    default: break;
    }
    rf_value text = rf_to_string(isolate, v);
    if (rf_is_raised(text)) return false;
    sqlite3_bind_text64(statement, place, text.as.string->text, text.as.string->size,
                        SQLITE_TRANSIENT, SQLITE_UTF8);
    rf_release(isolate, text);
    return true;
}

static bool bind_all(rf_isolate *isolate, sqlite3_stmt *statement, const char *name,
                     const char *sql, const rf_array *params)
{
    const int wanted = sqlite3_bind_parameter_count(statement);
    const uint32_t given = params ? params->length : 0;
    if ((uint32_t)wanted != given) {
        rf_raise(isolate, "%s: the statement has %d parameters, got %u in: %s", name, wanted, given,
                 sql);
        return false;
    }
    for (uint32_t i = 0; i < given; i++)
        if (!bind(isolate, statement, (int)i + 1, rf_array_peek(params, i))) return false;
    return true;
}

/* Is there nothing but white space, semicolons and comments from sql to its end? */
static bool is_blank(sqlite3 *connection, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    while (*sql) {
        const char *rest = sql;
        if (sqlite3_prepare_v2(connection, sql, -1, &statement, &rest) != SQLITE_OK) return false;
        if (statement) {
            sqlite3_finalize(statement);
            return false;
        }
        if (rest == sql) return true;
        sql = rest;
    }
    return true;
}

/* What db_execute and db_query are given. */
typedef struct request {
    rf_isolate *isolate;
    const char *name; /* of the built-in */
    const char *what; /* in messages: execution, query */
    rf_database *db;
    sqlite3 *connection;
    const char *sql;
    const rf_array *params; /* NULL: none */
} request;

/* False after raising. */
static bool read_request(request *r, const rf_value *args, uint32_t arg_count)
{
    r->db = want_open(r->isolate, r->name, args);
    if (!r->db || !rf_args_string(r->isolate, r->name, args, 1)) return false;
    r->connection = r->db->connection;
    if (arg_count > 2 && !rf_args_array(r->isolate, r->name, args, 2)) return false;
    const rf_string *sql = args[1].as.string;
    r->sql = sql->text;
    r->params = arg_count > 2 && args[2].as.array->length ? args[2].as.array : NULL;
    if (strlen(sql->text) == sql->size) return true;
    rf_raise(r->isolate, "%s: the SQL text contains a NUL character", r->name);
    return false;
}

typedef struct prepared {
    sqlite3_stmt *statement; /* NULL at the end of the text */
    bool is_whole;           /* there is no other statement in the text */
} prepared;

/* The next statement of *sql, which moves behind it; false after raising. */
static bool prepare(const request *r, const char **sql, prepared *p)
{
    const bool is_first = *sql == r->sql;
    *p = (prepared){is_first ? rf_db_statements_take(&r->db->statements, r->sql) : NULL, true};
    if (p->statement) {
        *sql += strlen(*sql);
        return true;
    }
    if (sqlite3_prepare_v2(r->connection, *sql, -1, &p->statement, sql) != SQLITE_OK) {
        raise_sql(r->isolate, r->connection, r->what, r->sql);
        return false;
    }
    p->is_whole = is_first && is_blank(r->connection, *sql);
    return true;
}

static void finish(const request *r, const prepared *p)
{
    if (p->is_whole && p->statement)
        rf_db_statements_keep(&r->db->statements, r->sql, p->statement);
    else
        sqlite3_finalize(p->statement);
}

/* ---- db_execute ---- */

/* Runs one statement to its end, dropping its rows. */
static bool run_to_end(const request *r, sqlite3_stmt *statement)
{
    int status;
    if (!bind_all(r->isolate, statement, r->name, r->sql, r->params)) return false;
    while ((status = sqlite3_step(statement)) == SQLITE_ROW) continue;
    if (status == SQLITE_DONE) return true;
    raise_sql(r->isolate, r->connection, r->what, r->sql);
    return false;
}

rf_value rf_lib_db_execute(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    request r = {.isolate = isolate, .name = "db_execute", .what = "execution"};
    if (!read_request(&r, args, arg_count)) return rf_raised();
    int64_t changed = 0;
    const char *sql = r.sql;
    prepared p;
    bool is_done = true;
    do {
        const int64_t before = sqlite3_total_changes64(r.connection);
        is_done = prepare(&r, &sql, &p);
        if (!is_done || !p.statement) break;
        if (r.params && !p.is_whole) {
            rf_raise(isolate, "%s: parameters need a single statement: %s", r.name, r.sql);
            is_done = false;
        }
        if (is_done) is_done = run_to_end(&r, p.statement);
        if (sqlite3_total_changes64(r.connection) != before)
            changed += sqlite3_changes64(r.connection);
        finish(&r, &p);
    } while (is_done);
    return is_done ? rf_int(changed) : rf_raised();
}

/* ---- db_query ---- */

static rf_value column_value(rf_isolate *isolate, sqlite3_stmt *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return rf_int(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT: return rf_float(sqlite3_column_double(statement, column));
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(statement, column);
        return rf_string_new_lossy(isolate, text ? text : "",
                                   (size_t)sqlite3_column_bytes(statement, column));
    }
    case SQLITE_BLOB: {
        const void *data = sqlite3_column_blob(statement, column);
        return rf_bytes_new(isolate, data ? data : "",
                            (size_t)sqlite3_column_bytes(statement, column));
    }
    default: return rf_null();
    }
}

/* One row as a dict; RAISED. */
static rf_value make_row(rf_isolate *isolate, sqlite3_stmt *statement, const rf_value *names,
                         int count)
{
    rf_value row = rf_dict_new(isolate, (size_t)count);
    for (int i = 0; i < count; i++) {
        rf_value v = column_value(isolate, statement, i);
        if (!rf_is_raised(v) &&
            rf_dict_set(isolate, row.as.dict, rf_key_from_string(names[i].as.string), v))
            continue;
        rf_release(isolate, row);
        return rf_raised();
    }
    return row;
}

/* Names of the columns, new.  To be asked after the first step, which may prepare the statement
 * anew when tables have changed. */
static rf_value *name_columns(rf_isolate *isolate, sqlite3_stmt *statement, int *count)
{
    *count = sqlite3_column_count(statement);
    rf_value *names = rf_alloc_array(rf_value, (size_t)*count);
    for (int i = 0; i < *count; i++) {
        const char *name = sqlite3_column_name(statement, i);
        names[i] = rf_string_new_lossy(isolate, name ? name : "", name ? strlen(name) : 0);
    }
    return names;
}

static bool gather_rows(const request *r, sqlite3_stmt *statement, rf_value *rows)
{
    rf_isolate *isolate = r->isolate;
    int status = sqlite3_step(statement), count;
    rf_value *names = name_columns(isolate, statement, &count);
    bool is_done = true;
    for (; is_done && status == SQLITE_ROW; status = sqlite3_step(statement)) {
        rf_value row = make_row(isolate, statement, names, count);
        is_done = !rf_is_raised(row) && rf_array_push(isolate, rows->as.array, row);
    }
    if (is_done && status != SQLITE_DONE) {
        raise_sql(isolate, r->connection, r->what, r->sql);
        is_done = false;
    }
    for (int i = 0; i < count; i++) rf_release(isolate, names[i]);
    rf_free(names);
    return is_done;
}

rf_value rf_lib_db_query(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    request r = {.isolate = isolate, .name = "db_query", .what = "query"};
    if (!read_request(&r, args, arg_count)) return rf_raised();
    const char *sql = r.sql;
    prepared p;
    if (!prepare(&r, &sql, &p)) return rf_raised();
    if (!p.statement) return rf_raise(isolate, "%s: there is no statement in: %s", r.name, r.sql);
    rf_value rows = rf_array_new(isolate, 0);
    if (!p.is_whole) rf_raise(isolate, "%s takes a single statement: %s", r.name, r.sql);
    const bool is_done = p.is_whole && bind_all(isolate, p.statement, r.name, r.sql, r.params) &&
                         gather_rows(&r, p.statement, &rows);
    finish(&r, &p);
    if (is_done) return rows;
    rf_release(isolate, rows);
    return rf_raised();
}

/* ---- transactions ---- */

static rf_value run_transaction(rf_isolate *isolate, const char *name, const rf_value *args,
                                const char *sql, bool needs_transaction)
{
    sqlite3 *connection = want_connection(isolate, name, args);
    if (!connection) return rf_raised();
    const bool is_inside = !sqlite3_get_autocommit(connection);
    if (is_inside != needs_transaction)
        return rf_raise(
            isolate, is_inside ? "%s: a transaction is open already" : "%s: no transaction is open",
            name);
    if (sqlite3_exec(connection, sql, NULL, NULL, NULL) == SQLITE_OK) return rf_bool(true);
    return raise_sql(isolate, connection, "execution", sql);
}

rf_value rf_lib_db_begin(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return run_transaction(isolate, "db_begin", args, "BEGIN", false);
}

rf_value rf_lib_db_commit(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return run_transaction(isolate, "db_commit", args, "COMMIT", true);
}

rf_value rf_lib_db_rollback(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return run_transaction(isolate, "db_rollback", args, "ROLLBACK", true);
}

rf_value rf_lib_db_last_insert_id(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    sqlite3 *connection = want_connection(isolate, "db_last_insert_id", args);
    return connection ? rf_int(sqlite3_last_insert_rowid(connection)) : rf_raised();
}
