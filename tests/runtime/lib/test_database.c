/* SQLite databases and pools: BUILTINS 27. */
#include "host_test.h"

#include "sched/sched.h"

static rf_value open_database(host_test *t, const char *target)
{
    rf_value db = HOST_VALUES(t, "db_connect", host_string(t, target));
    assert_int_equal(db.head, RF_HANDLE);
    return db;
}

/* db_execute or db_query with parameters as JSON, or NULL. */
static rf_value run(host_test *t, const char *name, rf_value db, const char *sql,
                    const char *params)
{
    rf_value args[3] = {rf_copy(db), host_string(t, sql),
                        params ? lib_value(t->lib, params) : rf_null()};
    return lib_call(t->lib, name, args, params ? 3 : 2);
}

static void execute(host_test *t, rf_value db, const char *sql, const char *params,
                    const char *want)
{
    host_expect_value(t, run(t, "db_execute", db, sql, params), want);
}

static void query(host_test *t, rf_value db, const char *sql, const char *params, const char *want)
{
    host_expect_value(t, run(t, "db_query", db, sql, params), want);
}

static void call(host_test *t, const char *name, rf_value handle, const char *want)
{
    host_expect_value(t, HOST_VALUES(t, name, rf_copy(handle)), want);
}

static void rows_are_inserted_and_found(void **state)
{
    host_test *t = *state;
    rf_value db = open_database(t, ":memory:");
    execute(t, db, "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, x REAL, b BLOB)", NULL,
            "Int(0)");
    execute(t, db, "INSERT INTO t (name, x) VALUES (?, ?)", "[\"Ada\", 1.5]", "Int(1)");
    call(t, "db_last_insert_id", db, "Int(1)");
    execute(t, db, "INSERT INTO t (name, x) VALUES (?1, ?2), (?1, 7)", "[\"O'Brien\", null]",
            "Int(2)");
    query(t, db, "SELECT id, name, x FROM t ORDER BY id", NULL,
          "Array[Dict{id: Int(1), name: String(\"Ada\"), x: Float(1.5)}, "
          "Dict{id: Int(2), name: String(\"O'Brien\"), x: Null}, "
          "Dict{id: Int(3), name: String(\"O'Brien\"), x: Float(7)}]");
    execute(t, db, "UPDATE t SET x = 0 WHERE name = ?", "[\"O'Brien\"]", "Int(2)");
    execute(t, db, "SELECT * FROM t", NULL, "Int(0)");
    execute(t, db, "DELETE FROM t", NULL, "Int(3)");
    query(t, db, "SELECT * FROM t", NULL, "Array[]");
    rf_release(t->lib->isolate, db);
}

static void values_bind_and_come_back_by_their_type(void **state)
{
    host_test *t = *state;
    rf_value db = open_database(t, ":memory:");
    query(t, db, "SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e",
          "[true, 9007199254740993, \"x\", [1, \"y\"], null]",
          "Array[Dict{a: Int(1), b: Int(9007199254740993), c: String(\"x\"), d: String(\"[1, "
          "y]\"), e: Null}]");
    query(t, db, "SELECT 1 AS n, 2 AS n", NULL, "Array[Dict{n: Int(2)}]");
    rf_value params = rf_array_new(t->lib->isolate, 1);
    rf_array_push(t->lib->isolate, params.as.array, host_bytes(t, "\0\xFF", 2));
    host_expect_value(
        t, HOST_VALUES(t, "db_query", rf_copy(db), host_string(t, "SELECT ? AS b"), params),
        "Array[Dict{b: Bytes(2 bytes)}]");
    rf_release(t->lib->isolate, db);
}

static void several_statements_run_without_parameters(void **state)
{
    host_test *t = *state;
    rf_value db = open_database(t, ":memory:");
    execute(
        t, db,
        "CREATE TABLE t (n); INSERT INTO t VALUES (1), (2); -- done\n INSERT INTO t VALUES (3);",
        NULL, "Int(3)");
    execute(t, db, "", NULL, "Int(0)");
    execute(t, db, "INSERT INTO t VALUES (?); -- one\n", "[4]", "Int(1)");
    execute(
        t, db, "INSERT INTO t VALUES (?); DELETE FROM t", "[4]",
        "!db_execute: parameters need a single statement: INSERT INTO t VALUES (?); DELETE FROM t");
    query(t, db, "SELECT count(*) AS n FROM t", NULL, "Array[Dict{n: Int(4)}]");
    query(t, db, "SELECT 1; SELECT 2", NULL,
          "!db_query takes a single statement: SELECT 1; SELECT 2");
    rf_release(t->lib->isolate, db);
}

static void a_statement_that_is_kept_sees_changes_of_tables(void **state)
{
    host_test *t = *state;
    rf_value db = open_database(t, ":memory:");
    execute(t, db, "CREATE TABLE t (n)", NULL, "Int(0)");
    for (int i = 0; i < 3; i++) execute(t, db, "INSERT INTO t (n) VALUES (?)", "[1]", "Int(1)");
    execute(t, db, "INSERT INTO t (n) VALUES (?)", "[]",
            "!db_execute: the statement has 1 parameters, got 0 in: INSERT INTO t (n) VALUES (?)");
    query(t, db, "SELECT * FROM t LIMIT 1", NULL, "Array[Dict{n: Int(1)}]");
    execute(t, db, "ALTER TABLE t ADD COLUMN m DEFAULT 2", NULL, "Int(0)");
    query(t, db, "SELECT * FROM t LIMIT 1", NULL, "Array[Dict{m: Int(2), n: Int(1)}]");
    execute(t, db, "DROP TABLE t", NULL, "Int(0)");
    query(t, db, "SELECT * FROM t LIMIT 1", NULL,
          "!SQLite query error: no such table: t in: SELECT * FROM t LIMIT 1");
    execute(t, db, "DROP TABLE t", NULL,
            "!SQLite execution error: no such table: t in: DROP TABLE t");
    for (int i = 0; i < 20; i++) { /* more than are kept */
        char sql[40], want[60];
        snprintf(sql, sizeof sql, "SELECT %d AS n", i);
        snprintf(want, sizeof want, "Array[Dict{n: Int(%d)}]", i);
        query(t, db, sql, NULL, want);
        query(t, db, sql, NULL, want);
    }
    rf_release(t->lib->isolate, db);
}

static void sql_errors_name_the_statement(void **state)
{
    host_test *t = *state;
    rf_value db = open_database(t, ":memory:");
    execute(t, db, "SELEC 1", NULL,
            "!SQLite execution error: near \"SELEC\": syntax error in: SELEC 1");
    query(t, db, "SELECT * FROM nope", NULL,
          "!SQLite query error: no such table: nope in: SELECT * FROM nope");
    execute(t, db, "CREATE TABLE t (n UNIQUE)", NULL, "Int(0)");
    execute(
        t, db, "INSERT INTO t VALUES (1), (1)", NULL,
        "!SQLite execution error: UNIQUE constraint failed: t.n in: INSERT INTO t VALUES (1), (1)");
    execute(t, db, "INSERT INTO t VALUES (?)", "[1, 2]",
            "!db_execute: the statement has 1 parameters, got 2 in: INSERT INTO t VALUES (?)");
    query(t, db, "SELECT ?", NULL, "!db_query: the statement has 1 parameters, got 0 in: SELECT ?");
    query(t, db, "", NULL, "!db_query: there is no statement in: ");
    rf_release(t->lib->isolate, db);
    static const lib_case cases[] = {
        {"db_connect", "[\"oracle\", \"x\"]", "!Unsupported database type: oracle"},
        {"db_connect", "[\"Postgres\", \"x\"]",
         "!postgres is not available in this build (needs libpq)"},
        {"db_connect", "[\"postgresql\", \"x\"]",
         "!postgres is not available in this build (needs libpq)"},
        {"db_pool", "[\"MySQL\", \"x\"]",
         "!mysql is not available in this build (needs libmariadb)"},
        {"db_connect", "[\"no/such/dir.db\"]",
         "!db_connect: cannot open database 'no/such/dir.db': unable to open database file"},
        {"db_query", "[5, \"SELECT 1\"]", "!db_query expects database as argument 1, got int"},
        {"db_connect", "[5]", "!db_connect expects string as argument 1, got int"},
    };
    LIB_CHECK(t->lib, cases);
}

static void transactions_begin_and_end(void **state)
{
    host_test *t = *state;
    rf_value db = open_database(t, "sqlite://a.db");
    execute(t, db, "CREATE TABLE t (n)", NULL, "Int(0)");
    call(t, "db_commit", db, "!db_commit: no transaction is open");
    call(t, "db_rollback", db, "!db_rollback: no transaction is open");
    call(t, "db_begin", db, "Bool(true)");
    call(t, "db_begin", db, "!db_begin: a transaction is open already");
    execute(t, db, "INSERT INTO t VALUES (1)", NULL, "Int(1)");
    call(t, "db_rollback", db, "Bool(true)");
    call(t, "db_begin", db, "Bool(true)");
    execute(t, db, "INSERT INTO t VALUES (2)", NULL, "Int(1)");
    call(t, "db_commit", db, "Bool(true)");
    call(t, "db_begin", db, "Bool(true)");
    execute(t, db, "INSERT INTO t VALUES (3)", NULL, "Int(1)");
    call(t, "db_close", db, "Bool(true)"); /* rolls back */
    call(t, "db_close", db, "Bool(true)");
    execute(t, db, "SELECT 1", NULL, "!db_execute: the database is closed");
    call(t, "db_begin", db, "!db_begin: the database is closed");
    rf_release(t->lib->isolate, db);
    db = open_database(t, "sqlite:a.db");
    query(t, db, "SELECT n FROM t", NULL, "Array[Dict{n: Int(2)}]");
    call(t, "db_begin", db, "Bool(true)"); /* left open: the release of the handle closes it */
    rf_release(t->lib->isolate, db);
}

/* ---- pools ---- */

static rf_value new_pool(host_test *t, const char *config)
{
    rf_value pool = HOST_VALUES(t, "db_pool", host_string(t, "sqlite"), host_string(t, "pool.db"),
                                lib_value(t->lib, config));
    if (rf_is_raised(pool)) fail_msg("%s", lib_text(t->lib, pool));
    return pool;
}

static void a_pool_lends_and_takes_back(void **state)
{
    host_test *t = *state;
    rf_isolate *isolate = t->lib->isolate;
    rf_value pool =
        new_pool(t, "{\"min_connections\": 1, \"max_connections\": 2, \"connection_timeout\": 0}");
    call(t, "db_pool_stats", pool,
         "Dict{available: Int(0), in_use: Int(0), max: Int(2), total: Int(0)}");
    rf_value a = HOST_VALUES(t, "db_pool_acquire", rf_copy(pool));
    rf_value b = HOST_VALUES(t, "db_pool_acquire", rf_copy(pool));
    call(t, "db_pool_stats", pool,
         "Dict{available: Int(0), in_use: Int(2), max: Int(2), total: Int(2)}");
    call(t, "db_pool_acquire", pool,
         "!db_pool_acquire: no connection became free within 0 seconds");
    execute(t, a, "CREATE TABLE IF NOT EXISTS t (n)", NULL, "Int(0)");
    call(t, "db_begin", a, "Bool(true)");
    execute(t, a, "INSERT INTO t VALUES (1)", NULL, "Int(1)");
    host_expect_value(t, HOST_VALUES(t, "db_pool_release", rf_copy(pool), rf_copy(a)),
                      "Bool(true)");
    query(t, b, "SELECT * FROM t", NULL, "Array[]"); /* rolled back */
    host_expect_value(t, HOST_VALUES(t, "db_pool_release", rf_copy(pool), rf_copy(a)),
                      "!db_pool_release: the connection is not lent by this pool");
    rf_value again = HOST_VALUES(t, "db_pool_acquire", rf_copy(pool));
    assert_ptr_equal(again.as.o, a.as.o);
    rf_release(isolate, again);
    rf_release(isolate, a); /* lost without being given back */
    call(t, "db_pool_stats", pool,
         "Dict{available: Int(0), in_use: Int(1), max: Int(2), total: Int(1)}");
    call(t, "db_close", b, "Bool(true)");
    host_expect_value(t, HOST_VALUES(t, "db_pool_release", rf_copy(pool), b), "Bool(true)");
    call(t, "db_pool_stats", pool,
         "Dict{available: Int(0), in_use: Int(0), max: Int(2), total: Int(0)}");
    call(t, "db_pool_close", pool, "Bool(true)");
    call(t, "db_pool_close", pool, "Bool(true)");
    call(t, "db_pool_acquire", pool, "!db_pool_acquire: the pool is closed");
    rf_release(isolate, pool);
}

static void bad_pools_are_refused(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"db_pool", "[\"sqlite\", \"x\", {\"min_connections\": 3, \"max_connections\": 2}]",
         "!db_pool: min_connections 3 is more than max_connections 2"},
        {"db_pool", "[\"sqlite\", \"x\", {\"max_connections\": \"2\"}]",
         "!db_pool expects int as 'max_connections', got string"},
        {"db_pool", "[\"sqlite\", \"x\", 5]", "!db_pool expects dict as argument 3, got int"},
        {"db_pool_acquire", "[5]", "!db_pool_acquire expects databasepool as argument 1, got int"},
    };
    LIB_CHECK(t->lib, cases);
    rf_value pool = new_pool(t, "{}"), other = new_pool(t, "{}");
    rf_value db = HOST_VALUES(t, "db_pool_acquire", rf_copy(pool));
    host_expect_value(t, HOST_VALUES(t, "db_pool_release", rf_copy(other), rf_copy(db)),
                      "!db_pool_release: the connection is not lent by this pool");
    rf_release(t->lib->isolate, pool); /* before the connection it has lent */
    query(t, db, "SELECT 1 AS n", NULL, "Array[Dict{n: Int(1)}]");
    rf_release(t->lib->isolate, db);
    rf_release(t->lib->isolate, other);
}

typedef struct waiting {
    host_test *t;
    rf_value pool, first;
} waiting;

static rf_value acquire(rf_isolate *isolate, rf_function *function, const rf_value *args,
                        uint32_t arg_count)
{
    (void)isolate, (void)args, (void)arg_count;
    waiting *w = function->code;
    return HOST_VALUES(w->t, "db_pool_acquire", rf_copy(w->pool));
}

static rf_value main_lets_a_task_wait(rf_isolate *isolate, void *context)
{
    static const rf_builtin row = {.name = "f", .canonical = "f", .max_args = -1};
    waiting *w = context;
    rf_value function = rf_builtin_value_new(isolate, &row);
    function.as.o->count = 1;
    function.as.function->code = w;
    rf_value promise = rf_async_call(isolate, function.as.function, NULL, 0, acquire);
    rf_release(isolate, function);
    assert_int_equal(promise.as.promise->state, RF_PROMISE_PENDING);
    host_expect_value(w->t,
                      HOST_VALUES(w->t, "db_pool_release", rf_copy(w->pool), rf_copy(w->first)),
                      "Bool(true)");
    rf_value second = rf_await(isolate, promise);
    assert_ptr_equal(second.as.o, w->first.as.o);
    rf_release(isolate, promise);
    rf_release(isolate, second);
    return rf_null();
}

static void a_task_waits_for_a_connection_to_come_back(void **state)
{
    host_test *t = *state;
    waiting w = {.t = t, .pool = new_pool(t, "{\"min_connections\": 0, \"max_connections\": 1}")};
    w.first = HOST_VALUES(t, "db_pool_acquire", rf_copy(w.pool));
    rf_sched_run_main(t->lib->isolate, main_lets_a_task_wait, &w);
    rf_release(t->lib->isolate, w.first);
    rf_release(t->lib->isolate, w.pool);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_test_setup, host_test_teardown)
    const struct CMUnitTest tests[] = {
        TEST(rows_are_inserted_and_found),
        TEST(values_bind_and_come_back_by_their_type),
        TEST(several_statements_run_without_parameters),
        TEST(a_statement_that_is_kept_sees_changes_of_tables),
        TEST(sql_errors_name_the_statement),
        TEST(transactions_begin_and_end),
        TEST(a_pool_lends_and_takes_back),
        TEST(bad_pools_are_refused),
        TEST(a_task_waits_for_a_connection_to_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
