/* Profiles in SQLite come back as they were. */
#include "support/ruff_test.h"

#include "report/console.h"
#include "report/profile_store.h"
#include "report/writer.h"
#include "support/profile_builder.h"

#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[64];

static sqlite3 *open_new(const char *name)
{
    sqlite3 *db = NULL;
    char *error = NULL, *path = rf_format_text("%s/%s", directory, name);
    if (!rf_profile_store_open(path, RF_PROFILE_WRITE, &db, &error)) fail_msg("%s", error);
    rf_free(path);
    return db;
}

static int64_t save(sqlite3 *db, const rf_profile *profile, const char *label)
{
    char *error = NULL;
    int64_t id = 0;
    const rf_profile_tags tags = {.label = label};
    if (!rf_profile_store_save(db, profile, &tags, &id, &error)) fail_msg("%s", error);
    return id;
}

static int64_t ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    const int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    return value;
}

static void assert_same_files(const rf_profile *a, const rf_profile *b)
{
    rf_report_writer *const writers[] = {rf_report_folded, rf_report_svg, rf_report_page, rf_report_speedscope, rf_report_pprof,
                                         rf_report_cpuprofile, rf_report_firefox, rf_report_json};
    for (size_t i = 0; i < RF_COUNT_OF(writers); i++) {
        rf_buffer x = RF_BUFFER_INIT, y = RF_BUFFER_INIT;
        writers[i](a, &x);
        writers[i](b, &y);
        assert_int_equal(x.size, y.size);
        assert_memory_equal(x.data, y.data, x.size);
        rf_buffer_release(&x);
        rf_buffer_release(&y);
    }
    const rf_report_console_options options = {.top = 10};
    rf_buffer x = RF_BUFFER_INIT, y = RF_BUFFER_INIT;
    rf_report_console(a, &options, &x);
    rf_report_console(b, &options, &y);
    assert_string_equal(x.data, y.data);
    rf_buffer_release(&x);
    rf_buffer_release(&y);
}

static void every_report_of_a_stored_profile_is_the_same_byte_by_byte(void **state)
{
    (void)state;
    rf_profile first, second, loaded;
    char *error = NULL;
    sqlite3 *db = open_new("same.db");
    profile_builder_wide(&second, 300); /* other things stand in the shared tables first */
    save(db, &second, "other");
    profile_builder_demo(&first);
    const int64_t id = save(db, &first, NULL);
    assert_true(rf_profile_store_load(db, id, &loaded, &error));
    assert_same_files(&first, &loaded);
    rf_profile_release(&loaded);
    assert_true(rf_profile_store_load(db, 1, &loaded, &error));
    assert_same_files(&second, &loaded);
    rf_profile_release(&loaded);
    rf_profile_release(&first);
    rf_profile_release(&second);
    sqlite3_close(db);
}

static void profiles_share_functions_and_stacks(void **state)
{
    (void)state;
    rf_profile profile;
    sqlite3 *db = open_new("shared.db");
    profile_builder_demo(&profile);
    save(db, &profile, NULL);
    const int64_t stacks = ask(db, "SELECT count(*) FROM stack"), funcs = ask(db, "SELECT count(*) FROM func");
    save(db, &profile, NULL);
    assert_int_equal(ask(db, "SELECT count(*) FROM stack"), stacks);
    assert_int_equal(ask(db, "SELECT count(*) FROM func"), funcs);
    assert_int_equal(ask(db, "SELECT count(*) FROM profile"), 2);
    assert_int_equal(ask(db, "DELETE FROM profile WHERE id = 1; SELECT 1"), -1);
    assert_int_equal(ask(db, "SELECT count(*) FROM sample_agg WHERE profile = 1"), 0);
    rf_profile_release(&profile);
    sqlite3_close(db);
}

static void timelines_are_kept_of_the_newest_thousand(void **state)
{
    (void)state;
    rf_profile profile, loaded;
    char *error = NULL;
    sqlite3 *db = open_new("old.db");
    profile_builder_demo(&profile);
    save(db, &profile, NULL);
    save(db, &profile, NULL);
    assert_int_equal(sqlite3_exec(db, "PRAGMA foreign_keys = OFF; UPDATE profile SET id = 1000 WHERE id = 2", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(save(db, &profile, NULL), 1001);
    assert_int_equal(ask(db, "SELECT count(*) FROM timeline WHERE profile = 1"), 0);
    assert_int_equal(ask(db, "SELECT count(*) FROM timeline WHERE profile = 1001"), 10);
    assert_true(rf_profile_store_load(db, 1, &loaded, &error)); /* the rest is whole */
    assert_int_equal(loaded.samples.count, profile.samples.count);
    rf_profile_release(&loaded);
    rf_profile_release(&profile);
    sqlite3_close(db);
}

static void words_find_profiles(void **state)
{
    (void)state;
    rf_profile profile;
    rf_profile_rows rows;
    char *error = NULL;
    sqlite3 *db = open_new("words.db");
    profile_builder_demo(&profile);
    for (int i = 0; i < 3; i++) save(db, &profile, i < 2 ? "before" : "after");
    const struct {
        const char *word;
        size_t count;
        int64_t first;
    } cases[] = {{"latest", 1, 3}, {"latest~2", 1, 1}, {"2", 1, 2}, {"before", 2, 1}, {"after", 1, 3}};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        assert_true(rf_profile_store_find(db, cases[i].word, &rows, &error));
        assert_int_equal(rows.list.count, cases[i].count);
        assert_int_equal(rows.list.data[0].id, cases[i].first);
        rf_profile_rows_release(&rows);
    }
    assert_false(rf_profile_store_find(db, "nothing", &rows, &error));
    assert_non_null(strstr(error, "there is no profile 'nothing'"));
    rf_free(error);
    assert_true(rf_profile_store_list(db, "demo.ruff", 2, &rows, &error));
    assert_int_equal(rows.list.count, 2);
    assert_int_equal(rows.list.data[0].id, 3);
    rf_profile_rows_release(&rows);
    assert_true(rf_profile_store_list(db, "emo.ruff", 2, &rows, &error));
    assert_int_equal(rows.list.count, 0);
    rf_profile_rows_release(&rows);
    rf_profile_release(&profile);
    sqlite3_close(db);
}

static void foreign_and_missing_files_are_refused(void **state)
{
    (void)state;
    sqlite3 *db;
    char *error = NULL, *path = rf_format_text("%s/foreign.db", directory);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_exec(db, "CREATE TABLE mine (x)", NULL, NULL, NULL);
    sqlite3_close(db);
    assert_false(rf_profile_store_open(path, RF_PROFILE_WRITE, &db, &error));
    assert_non_null(strstr(error, "is no database of profiles"));
    rf_free(error);
    rf_free(path);
    path = rf_format_text("%s/none.db", directory);
    assert_false(rf_profile_store_open(path, RF_PROFILE_READ, &db, &error));
    assert_non_null(strstr(error, "No such file"));
    rf_free(error);
    assert_int_equal(access(path, F_OK), -1);
    rf_free(path);
    path = rf_format_text("%s/newer.db", directory);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_exec(db, "PRAGMA application_id = 1381320272; PRAGMA user_version = 9; CREATE TABLE x (y)", NULL, NULL, NULL);
    sqlite3_close(db);
    assert_false(rf_profile_store_open(path, RF_PROFILE_WRITE, &db, &error));
    assert_non_null(strstr(error, "newer ruff"));
    rf_free(error);
    rf_free(path);
}

static void damaged_rows_are_an_error_and_no_crash(void **state)
{
    (void)state;
    static const char *const damages[] = {"UPDATE profile SET stack_order = x'80'", "UPDATE sample_agg SET stack = 999999",
                                          "DELETE FROM func WHERE id = 3", "UPDATE frame SET tier = 'warp' WHERE id = 2",
                                          "UPDATE profile SET func_order = x''", "UPDATE stack SET parent = 99999 WHERE id = 2"};
    for (size_t i = 0; i < RF_COUNT_OF(damages); i++) {
        rf_profile profile, loaded;
        char *error = NULL, *name = rf_format_text("damaged%zu.db", i);
        sqlite3 *db = open_new(name);
        profile_builder_demo(&profile);
        const int64_t id = save(db, &profile, NULL);
        assert_int_equal(sqlite3_exec(db, damages[i], NULL, NULL, NULL), SQLITE_OK);
        assert_false(rf_profile_store_load(db, id, &loaded, &error));
        assert_non_null(strstr(error, "damaged"));
        rf_free(error);
        rf_free(name);
        rf_profile_release(&loaded);
        rf_profile_release(&profile);
        sqlite3_close(db);
    }
}

static int set_up(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/ruff-profiles-XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char *command = rf_format_text("rm -rf %s", directory);
    const int code = system(command);
    rf_free(command);
    return code;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_report_of_a_stored_profile_is_the_same_byte_by_byte),
        cmocka_unit_test(profiles_share_functions_and_stacks),
        cmocka_unit_test(timelines_are_kept_of_the_newest_thousand),
        cmocka_unit_test(words_find_profiles),
        cmocka_unit_test(foreign_and_missing_files_are_refused),
        cmocka_unit_test(damaged_rows_are_an_error_and_no_crash),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
