/* What goes wrong around ruffbench: databases that are damaged, locked, read-only or cannot grow, a
 * clock that jumps, no git, two runs at once.  Each is named with its place and a next step, and
 * what was stored stays as it was. */
#include "bench_run.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static sqlite3 *open_database(const char *name)
{
    char path[512];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/%s", getenv("T"), name);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    return db;
}

static void execute(sqlite3 *db, const char *sql)
{
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* A small database with everything in the main file. */
static void make_database(const char *name)
{
    bench_run run = {0};
    char command[256];
    snprintf(command, sizeof command,
             "$B run task --langs good,twin --blocks 6 --budget 1ms -q --db $T/%s", name);
    assert_bench(&run, command, 0);
    sqlite3 *db = open_database(name);
    execute(db, "PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_close(db);
    bench_release(&run);
}

static void a_damaged_database_is_named_and_left_alone(void **state)
{
    (void)state;
    static const char *const commands[] = {"run task --langs good --blocks 1", "list --sessions",
                                           "compare --stored latest", "resume", "reanalyse"};
    bench_run run = {0};
    make_database("damaged.db");
    assert_bench(&run,
                 "size=$(stat -c %s $T/damaged.db); truncate -s $((size / 2)) $T/damaged.db; "
                 "cp $T/damaged.db $T/damaged.before",
                 0);
    for (size_t i = 0; i < RF_COUNT_OF(commands); i++) {
        char command[256];
        snprintf(command, sizeof command, "$B %s --db $T/damaged.db", commands[i]);
        assert_bench(&run, command, 6);
        assert_has(run.err, "damaged.db");
        assert_has(run.err, "run `ruffbench db check`");
    }
    assert_bench(&run, "$B db check --db $T/damaged.db", 6);
    assert_has(run.err, ".recover");
    assert_bench(&run, "cmp $T/damaged.db $T/damaged.before", 0);
    bench_release(&run);
}

static void a_locked_database_is_waited_for_and_then_named(void **state)
{
    (void)state;
    bench_run run = {0};
    make_database("locked.db");
    sqlite3 *db = open_database("locked.db");
    execute(db, "BEGIN IMMEDIATE");
    assert_bench(&run, "$B run task --langs good --blocks 1 --budget 1ms --db $T/locked.db", 6);
    assert_has(run.err, "locked.db");
    assert_has(run.err, "another ruffbench is writing: try again when it is done");
    assert_bench(&run, "$B list --sessions --db $T/locked.db", 0); /* readers do not mind */
    execute(db, "ROLLBACK");
    sqlite3_close(db);
    bench_release(&run);
}

/* For root no file is read-only, so it takes another user's place. */
#define AS_SOMEBODY                                                                                \
    "as=; if [ $(id -u) = 0 ]; then as='setpriv --reuid 65534 --clear-groups'; "                   \
    "$as test -x $RUFFBENCH || exit 77; fi; "

static void a_read_only_database_can_be_read(void **state)
{
    (void)state;
    bench_run run = {0};
    make_database("readonly.db");
    bench(&run, AS_SOMEBODY "mkdir $T/ro && mv $T/readonly.db $T/ro && chmod 755 $T && "
                            "chmod -R a+rX $T/peers && chmod 444 $T/ro/* && chmod 555 $T/ro && "
                            "$as $B compare --stored latest --no-chart --db $T/ro/readonly.db");
    if (run.code == 77) {
        bench_release(&run);
        skip();
    }
    assert_int_equal(run.code, 0);
    assert_has(run.out, "twin");
    assert_bench(&run, AS_SOMEBODY "$as $B db check --db $T/ro/readonly.db", 0);
    assert_bench(&run, AS_SOMEBODY "$as $B run task --langs good --blocks 1 --db $T/ro/readonly.db",
                 6);
    assert_has(run.err, "cannot be written: choose another with --db");
    assert_bench(&run, "chmod 755 $T/ro; ls $T/ro", 0);
    assert_string_equal(run.out.data, "readonly.db\n");
    bench_release(&run);
}

static void a_database_that_cannot_grow_keeps_what_it_has(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "ulimit -f 900; $B run task --langs good,twin --blocks 400 --budget 1ms --db "
                 "$T/full.db",
                 6);
    assert_has(run.err, "full.db");
    assert_has(run.err, "what was stored before is safe");
    assert_bench(&run, "$B db check --db $T/full.db", 0);
    assert_has(run.out, "0 problems");
    assert_bench(&run, "$B resume --limit 300ms --db $T/full.db", 124); /* with room it goes on */
    bench_release(&run);
}

static void a_clock_that_jumps_is_told_and_changes_no_time(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "LD_PRELOAD=$CLOCK_THAT_JUMPS ASAN_OPTIONS=verify_asan_link_order=0 "
                 "$B compare task --langs good,twin --blocks 6 --budget 1ms --no-chart --db "
                 "$T/clock.db",
                 0);
    assert_has(run.err, "the clock of the machine was set by -3");
    assert_lacks(run.out, "clock:");
    assert_bench(&run,
                 "$B db sql \"SELECT min(wall_ns) > 0 AND max(wall_ns) < 60000000000 AS fine "
                 "FROM invocation\" --db $T/clock.db",
                 0);
    assert_has(run.out, "1");
    assert_bench(&run,
                 "$B db sql \"SELECT text FROM event WHERE code = 'clock-step'\" --db "
                 "$T/clock.db",
                 0);
    assert_has(run.out, "set by -3");
    sqlite3 *db = open_database("clock.db");
    execute(db, "UPDATE session SET started_ns = started_ns + 86400000000000");
    sqlite3_close(db);
    assert_bench(&run, "$B list --sessions --db $T/clock.db", 0);
    assert_has(run.out, "in the future");
    assert_bench(&run, "$B compare --stored latest --no-chart --db $T/clock.db", 0);
    assert_has(run.out, "\nsession 1\n");
    bench_release(&run);
}

static void without_git_there_is_no_commit_but_everything_else(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "mkdir $T/few && for p in sh cat sed sleep expr date; do "
                 "ln -s $(command -v $p) $T/few; done; "
                 "PATH=$T/few $B compare task --langs good,twin --blocks 6 --budget 1ms "
                 "--db $T/nogit.db",
                 0);
    assert_has(run.out, "reference");
    assert_bench(&run, "PATH=$T/few $B diff git:HEAD latest --db $T/nogit.db", 6);
    assert_has(run.err, "git: not found");
    bench_release(&run);
}

static void a_dirty_tree_is_marked(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "cp -r $T/peers $T/tree && cd $T/tree && git init -q . && git add -A && "
                 "git -c user.name=a -c user.email=a@b commit -qm one && "
                 "$RUFFBENCH run task --langs good --blocks 1 --budget 1ms --db $T/tree.db && "
                 "echo '#' >> suites/suite.yaml && "
                 "$RUFFBENCH run task --langs good --blocks 1 --budget 1ms --db $T/tree.db && "
                 "$RUFFBENCH db sql \"SELECT count(*) AS commits, sum(dirty_digest <> '') AS "
                 "dirty FROM commit_\" --db $T/tree.db",
                 0);
    assert_has(run.out, "2        1");
    bench_release(&run);
}

static void two_runs_at_once_warn_and_both_are_stored(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "$B run task --langs good --blocks 3000 --budget 1ms --db $T/twice.db & "
                 "pid=$!; count=0; while [ ${count:-0} -lt 1 ]; do count=$($RUFFBENCH list "
                 "--sessions --json --db $T/twice.db | "
                 "sed -n 's/.*\"invocations\": \\([0-9]*\\).*/\\1/p'); done; "
                 "$B run task --langs good,twin --blocks 3 --budget 1ms --db $T/twice.db; "
                 "code=$?; kill -INT $pid; wait $pid; exit $code",
                 0);
    assert_has(run.err, "another ruffbench is measuring");
    assert_has(run.out, "session 2: 6 processes ok");
    assert_bench(&run, "$B db check --db $T/twice.db", 0);
    assert_has(run.out, "2 sessions");
    assert_has(run.out, "0 problems");
    bench_release(&run);
}

static void options_that_cannot_be_meant_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *options, *complaint;
    } cases[] = {{"--blocks 0", "--blocks: `0` is no count; it has to be 1 or more"},
                 {"--iters 0", "--iters: `0` is no count"},
                 {"--pin 63", "--pin: 63 names a CPU that is not there"},
                 {"--precision 2% --shard 1/2", "exclude each other"},
                 {"--db ''", "the name of the database is empty"}};
    bench_run run = {0};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        char command[256];
        snprintf(command, sizeof command, "$B run task --langs good --db $T/o.db %s",
                 cases[i].options);
        assert_bench(&run, command, 2);
        assert_has(run.err, cases[i].complaint);
    }
    make_database("ref.db");
    assert_bench(&run, "$B compare task --profile --json --db $T/ref.db", 2);
    assert_has(run.err, "--profile goes with a new measurement shown as text");
    assert_bench(&run, "$B merge $T/ref.db --db $T/ref.db", 2);
    assert_has(run.err, "is the database itself");
    assert_bench(&run, "$B bless tsak@good --reason x --db $T/ref.db", 2);
    assert_has(run.err, "means no benchmark of the suite");
    assert_bench(&run, "$B bless 99 --reason x --db $T/ref.db", 2);
    assert_has(run.err, "there is no change point 99");
    assert_bench(&run, "$B compare --stored latest --ref nobody --db $T/ref.db", 2);
    assert_has(run.err, "nothing measured is called `nobody`");
    bench_release(&run);
}

static void output_that_cannot_be_written_is_a_failure(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B list > /dev/full", 6);
    assert_has(run.err, "standard output cannot be written");
    assert_bench(&run, "$B list >&-", 6);
    assert_bench(&run, "$B version > /dev/full", 6);
    bench_release(&run);
}

/* A closed stream would be the next file that is opened, and get what is printed. */
static void closed_streams_do_not_end_up_in_files(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B run task --langs good --blocks 1 --budget 1ms --db $T/closed.db >&- 2>&- <&-; "
                       "$B db check --db $T/closed.db", 0);
    assert_has(run.out, "0 problems");
    assert_bench(&run, "$B report html --db $T/closed.db -o $T/closed.html 2>&- <&- && head -c 15 $T/closed.html && tail -c 8 $T/closed.html", 0);
    assert_has(run.out, "<!doctype html></html>\n");
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_that_cannot_be_written_is_a_failure),
        cmocka_unit_test(closed_streams_do_not_end_up_in_files),
        cmocka_unit_test(a_damaged_database_is_named_and_left_alone),
        cmocka_unit_test(a_locked_database_is_waited_for_and_then_named),
        cmocka_unit_test(a_read_only_database_can_be_read),
        cmocka_unit_test(a_database_that_cannot_grow_keeps_what_it_has),
        cmocka_unit_test(a_clock_that_jumps_is_told_and_changes_no_time),
        cmocka_unit_test(without_git_there_is_no_commit_but_everything_else),
        cmocka_unit_test(a_dirty_tree_is_marked),
        cmocka_unit_test(two_runs_at_once_warn_and_both_are_stored),
        cmocka_unit_test(options_that_cannot_be_meant_are_refused),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
