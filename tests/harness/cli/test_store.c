/* What is stored survives: kills, foreign files, readers at the same time. */
#include "bench_run.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

/* The one number a query gives, of the database in $T/NAME. */
static int64_t ask(const char *name, const char *sql)
{
    char path[512];
    sqlite3 *db;
    sqlite3_stmt *statement;
    snprintf(path, sizeof path, "%s/%s", getenv("T"), name);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

static void kill_9_in_mid_run_keeps_every_finished_process(void **state)
{
    (void)state;
    bench_run run = {0};
    /* Kill after the tenth result is there, whenever that is. */
    assert_bench(&run,
                 "$B run task --langs good,twin --blocks 1000 --budget 1ms --db $T/kill.db & "
                 "pid=$!; count=0; "
                 "while [ ${count:-0} -lt 10 ]; do count=$($RUFFBENCH list --sessions --json --db "
                 "$T/kill.db | "
                 "sed -n 's/.*\"invocations\": \\([0-9]*\\).*/\\1/p'); done; kill -9 $pid; wait "
                 "$pid; test $? = 137",
                 0);
    assert_int_equal(
        ask("kill.db", "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"),
        1);
    assert_int_equal(ask("kill.db", "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    int64_t stored = ask("kill.db", "SELECT count(*) FROM invocation");
    assert_true(stored >= 10);
    assert_int_equal(ask("kill.db", "SELECT count(*) FROM plan_slot WHERE state = 'done'"), stored);
    assert_int_equal(ask("kill.db", "SELECT count(*) FROM series"), stored);
    assert_int_equal(ask("kill.db", "SELECT max(seq) + 1 FROM invocation"), stored);
    assert_int_equal(ask("kill.db", "SELECT state = 'running' FROM session"), 1);
    bench_release(&run);
}

static void nothing_of_the_launcher_outlives_a_killed_run(void **state)
{
    (void)state;
    bench_run run = {0};
    bench(&run,
          "HANGS_PID_FILE=$T/pid2 $B run task --langs hangs --db $T/orphan.db & pid=$!; "
          "while ! test -s $T/pid2; do :; done; kill -9 $pid; wait $pid; "
          "n=0; while kill -0 $(cat $T/pid2) && [ $n -lt 200 ]; do n=$((n + 1)); sleep 0.05; done; "
          "! kill -0 $(cat $T/pid2)");
    assert_int_equal(run.code, 0);
    bench_release(&run);
}

static void a_foreign_database_is_refused_untouched(void **state)
{
    (void)state;
    bench_run run = {0};
    sqlite3 *db;
    char path[512];
    snprintf(path, sizeof path, "%s/foreign.db", getenv("T"));
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE recipe (name)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_bench(&run, "cp $T/foreign.db $T/before; $B run task --langs good --db $T/foreign.db",
                 2);
    assert_has(run.err, "is a database of another program; choose another with --db");
    assert_bench(&run, "cmp $T/foreign.db $T/before", 0);
    bench_release(&run);
}

static void files_that_are_no_database_or_from_the_future_are_named(void **state)
{
    (void)state;
    bench_run run = {0};
    bench(&run, "head -c 5000 /dev/zero | tr '\\0' x > $T/noise.db; $B run task --langs good --db "
                "$T/noise.db");
    assert_int_equal(run.code, 6);
    assert_has(run.err, "this is no SQLite database");
    bench(&run, "$B compare --stored latest --db $T/nothing.db");
    assert_int_equal(run.code, 6);
    assert_has(run.err, "there are no results yet");
    assert_bench(&run, "$B run task --langs good --blocks 1 --budget 1ms --db $T/future.db", 0);
    sqlite3 *db;
    char path[512];
    snprintf(path, sizeof path, "%s/future.db", getenv("T"));
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_bench(&run, "$B compare --stored latest --db $T/future.db", 2);
    assert_has(run.err, "has schema 99");
    bench_release(&run);
}

static void an_interrupted_run_keeps_its_results_and_ends_with_130(void **state)
{
    (void)state;
    bench_run run = {0};
    bench(&run,
          "$B run task --langs good --blocks 1000 --budget 1ms --db $T/int.db & pid=$!; count=0; "
          "while [ ${count:-0} -lt 3 ]; do count=$($RUFFBENCH list --sessions --json --db "
          "$T/int.db | "
          "sed -n 's/.*\"invocations\": \\([0-9]*\\).*/\\1/p'); done; kill -INT $pid; wait $pid");
    assert_int_equal(run.code, 130);
    assert_has(run.err, "interrupted; what finished is stored");
    assert_true(ask("int.db", "SELECT count(*) FROM invocation WHERE outcome = 'ok'") >= 3);
    assert_int_equal(ask("int.db", "SELECT state = 'interrupted' FROM session"), 1);
    bench_release(&run);
}

static void a_time_limit_ends_with_124_and_keeps_results(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run, "$B run task --langs good --blocks 3000 --budget 1ms --limit 300ms --db $T/limit.db",
        124);
    assert_int_equal(ask("limit.db", "SELECT state = 'interrupted' FROM session"), 1);
    assert_int_equal(ask("limit.db", "SELECT (SELECT count(*) FROM invocation) - "
                                     "(SELECT count(*) FROM plan_slot WHERE state = 'done')"),
                     0);
    bench_release(&run);
}

static void pragmas_are_as_designed(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B run task --langs good --blocks 1 --budget 1ms --db $T/pragma.db", 0);
    assert_int_equal(ask("pragma.db", "SELECT application_id FROM pragma_application_id"),
                     0x52554242);
    assert_int_equal(ask("pragma.db", "SELECT user_version FROM pragma_user_version"), 3);
    assert_int_equal(ask("pragma.db", "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
    assert_int_equal(ask("pragma.db", "SELECT count(*) FROM sqlite_schema WHERE type = 'table' "
                                      "AND sql NOT LIKE '%STRICT%'"),
                     0);
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kill_9_in_mid_run_keeps_every_finished_process),
        cmocka_unit_test(nothing_of_the_launcher_outlives_a_killed_run),
        cmocka_unit_test(a_foreign_database_is_refused_untouched),
        cmocka_unit_test(files_that_are_no_database_or_from_the_future_are_named),
        cmocka_unit_test(an_interrupted_run_keeps_its_results_and_ends_with_130),
        cmocka_unit_test(a_time_limit_ends_with_124_and_keeps_results),
        cmocka_unit_test(pragmas_are_as_designed),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
