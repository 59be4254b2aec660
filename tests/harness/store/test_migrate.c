/* Migration: forward, all or nothing, a copy kept. */
#include "support/ruff_test.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "store/migrate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[64];

enum { NOW = STORE_SCHEMA_VERSION, NEXT = NOW + 1 };

static store_db *open_new(const char *name)
{
    store_db *db = NULL;
    char *path = rf_format_text("%s/%s", directory, name);
    assert_int_equal(store_open(&db, path, STORE_WRITE, NULL), RUFF_OK);
    rf_free(path);
    return db;
}

static int64_t ask(store_db *db, const char *sql)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db->sqlite, sql, -1, &statement, NULL), SQLITE_OK);
    int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    return value;
}

static void steps_are_taken_in_order_and_a_copy_is_kept(void **state)
{
    (void)state;
    store_db *db = open_new("a.db");
    static const store_migration list[] = {
        {NEXT, "ALTER TABLE project ADD COLUMN note TEXT"},
        {NEXT + 1, "UPDATE project SET note = 'x'; CREATE TABLE extra (id INTEGER) STRICT"}};
    assert_int_equal(store_migrate(db, STORE_SCHEMA_VERSION, list, 2, NULL), RUFF_OK);
    assert_int_equal(ask(db, "PRAGMA user_version"), NEXT + 1);
    assert_int_equal(ask(db, "SELECT count(*) FROM extra"), 0);
    char *copy = rf_format_text("%s.bak-v%d", db->path, NOW);
    store_db *old;
    assert_int_equal(store_open(&old, copy, STORE_READ, NULL), RUFF_OK);
    assert_int_equal(ask(old, "PRAGMA user_version"), NOW);
    store_close(old);
    store_close(db);
    rf_free(copy);
}

static void a_failing_step_changes_nothing(void **state)
{
    (void)state;
    store_db *db = open_new("b.db");
    static const store_migration list[] = {{NEXT, "CREATE TABLE extra (id INTEGER) STRICT"},
                                           {NEXT + 1, "UPDATE nothing SET x = 1"}};
    ruff_error err = RUFF_ERROR_INIT;
    assert_int_equal(store_migrate(db, NOW, list, 2, &err), RUFF_E_IO);
    assert_non_null(strstr(err.message, "cannot migrate"));
    assert_int_equal(ask(db, "PRAGMA user_version"), NOW);
    assert_int_equal(ask(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'"), 0);
    ruff_error_release(&err);
    store_close(db);
}

static void steps_that_were_taken_are_not_taken_again(void **state)
{
    (void)state;
    store_db *db = open_new("c.db");
    static const store_migration list[] = {{NOW, "UPDATE nothing SET x = 1"},
                                           {NEXT, "CREATE TABLE extra (id INTEGER) STRICT"}};
    assert_int_equal(store_migrate(db, NOW, list, 2, NULL), RUFF_OK);
    assert_int_equal(ask(db, "PRAGMA user_version"), NEXT);
    store_close(db);
}

/* Made from a new one, backwards. */
static void a_database_of_schema_1_gets_tables_for_profiles(void **state)
{
    (void)state;
    store_db *db = open_new("d.db");
    char *path = rf_strdup(db->path);
    assert_int_equal(sqlite3_exec(db->sqlite, "DROP TABLE sample_agg; DROP TABLE timeline; DROP TABLE func_count; DROP TABLE line_count; "
                                              "DROP TABLE alloc_site; DROP TABLE leak; DROP TABLE jit_event; DROP TABLE jit_guard; "
                                              "DROP TABLE jit_refusal; DROP TABLE profile_counter; DROP TABLE profile; DROP TABLE source_file; "
                                              "DROP TABLE func; DROP TABLE frame; DROP TABLE stack; CREATE TABLE profile (id INTEGER); "
                                              "CREATE TABLE profile_frame (id INTEGER); INSERT INTO project VALUES (1, 'mine', 'x', 0); "
                                              "PRAGMA user_version = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    store_close(db);
    assert_int_equal(store_open(&db, path, STORE_READ, NULL), RUFF_OK); /* published ones stay as they are */
    assert_int_equal(ask(db, "PRAGMA user_version"), 1);
    store_close(db);
    assert_int_equal(store_open(&db, path, STORE_WRITE, NULL), RUFF_OK);
    assert_int_equal(ask(db, "PRAGMA user_version"), NOW);
    assert_int_equal(ask(db, "SELECT count(*) FROM sample_agg"), 0);
    assert_int_equal(ask(db, "SELECT count(*) FROM project WHERE name = 'mine'"), 1);
    assert_int_equal(ask(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'profile_frame'"), 0);
    store_close(db);
    rf_free(path);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/ruffbench-migrate-XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char *command = rf_format_text("rm -rf %s", directory);
    int code = system(command);
    rf_free(command);
    return code;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_taken_in_order_and_a_copy_is_kept),
        cmocka_unit_test(a_failing_step_changes_nothing),
        cmocka_unit_test(steps_that_were_taken_are_not_taken_again),
        cmocka_unit_test(a_database_of_schema_1_gets_tables_for_profiles),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
