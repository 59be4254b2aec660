/* Peers that misbehave: each is named with what it did, the others keep their results, the exit
 * code is 4. */
#include "bench_run.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct peer {
    const char *name, *word, *says;
} peer;

static const peer peers[] = {
    {"wrong", "WRONG", "answers 5, expected 8"},
    {"second", "WRONG", "iteration 2 answers 9, iteration 1 answered 8"},
    {"garbage", "WRONG", "expected 8"},
    {"exits", "CRASH", "exit status 3: no such table: prices"},
    {"segfault", "CRASH", "signal 11"},
    {"hangs", "TIMEOUT", "still running after 1 s and killed"},
    {"leaves", "CRASH", "left 1 process running"},
    {"closes", "CRASH", "exit status"},
    {"noend", "CRASH", "without @end"},
    {"lines", "CRASH", "line 2 of its output, `@i many 8`: expected `@i NANOSECONDS DIGEST`"},
    {"late", "CRASH", "nothing but counters may follow @end"},
    {"flood", "CRASH", "printed more than 16 MiB"},
    {"fast", "CLOCK", "less than half of the wall time"},
    {"slow", "CLOCK", "more than the wall time"},
    {"unbuilt", "BUILD", "line 3: this does not compile"},
};

static void every_misbehaviour_is_named_and_the_others_are_kept(void **state)
{
    (void)state;
    bench_run run = {0};
    for (size_t i = 0; i < RF_COUNT_OF(peers); i++) {
        char command[256];
        snprintf(command, sizeof command,
                 "$B compare task --langs good,%s --blocks 2 --budget 1ms --timeout 1s "
                 "--width 300 --no-chart",
                 peers[i].name);
        assert_bench(&run, command, 4);
        assert_has(run.out, peers[i].word);
        assert_has(run.out, peers[i].says);
        assert_has(run.out, "good 1.0");
        assert_has(run.out, "reference");
    }
    bench_release(&run);
}

static void a_missing_language_is_listed_and_is_an_error_only_when_strict(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B compare task --langs good,absent --blocks 2 --budget 1ms --no-chart", 0);
    assert_has(run.out, "absent    no-such-program-anywhere not found");
    assert_bench(
        &run, "$B compare task --langs good,absent --blocks 2 --budget 1ms --no-chart --strict", 3);
    bench_release(&run);
}

static void a_hanging_peer_leaves_no_process_and_ends_soon(void **state)
{
    (void)state;
    bench_run run = {0};
    bench(&run, "HANGS_PID_FILE=$T/pid $B compare task --langs hangs --blocks 5 --timeout 1s "
                "--no-chart; code=$?; "
                "if kill -0 $(cat $T/pid); then exit 99; fi; exit $code");
    assert_int_equal(run.code, 4);
    assert_bench(&run, "test -s $T/pid", 0);
    bench_release(&run);
}

static void failures_of_some_processes_are_counted_beside_the_numbers_of_the_rest(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "$B compare task --langs good,halfway --blocks 8 --budget 1ms --seed 4 --no-chart",
                 4);
    assert_has(run.out, "processes crash: exit status 7");
    assert_has(run.out, "halfway 1.0");
    assert_lacks(run.out, "CRASH");
    bench_release(&run);
}

static void a_cheat_is_caught_by_other_seeds(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B verify task --langs good,twin,cheat", 0);
    assert_bench(&run, "$B verify task --langs good,twin,cheat --seeds 3", 4);
    assert_has(run.out, "cheat: wrong: answers 6, most others");
    assert_bench(&run, "$B verify task --langs cheat --seeds 3", 4);
    assert_has(run.out, "does not depend on the seed");
    bench_release(&run);
}

static void without_an_answer_in_the_suite_the_languages_must_agree(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run, "$B compare unknown --langs good,twin,wrong --blocks 2 --budget 1ms --no-chart", 4);
    assert_has(run.out, "WRONG  answers 5, expected 10");
    assert_has(run.out, "answer 10 ok");
    assert_bench(&run, "$B compare unknown --langs good,wrong --blocks 2 --budget 1ms --no-chart",
                 4);
    assert_has(run.err, "the languages disagree about size 5");
    bench_release(&run);
}

static void plain_programs_are_measured_without_protocol(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B compare task unknown --langs plain --blocks 2 --no-chart --csv", 0);
    assert_has(run.out, "steady,iteration,ns,");
    assert_lacks(run.out, "crash");
    bench_release(&run);
}

/* As if another machine had measured it. */
static void make_foreign(const char *name)
{
    char path[512];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/%s", getenv("T"), name);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE machine SET fingerprint = 'beef'; "
                                  "UPDATE environment SET digest = 'beef'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
}

/* One command an exit code; all that exit_code.def lists. */
static void every_meaning_has_its_exit_code(void **state)
{
    (void)state;
    static const struct {
        int code;
        const char *command;
    } cases[] = {
        {0, "$B compare task --langs good,twin --blocks 6 --budget 1ms --db $T/code.db"},
        {1, "cd $T/code && $RUFFBENCH check alpha --base HEAD~1 --candidate ."},
        {2, "$B compare tsak --db $T/code.db"},
        {3, "$B compare task --langs good,absent --strict --blocks 2 --budget 1ms --db $T/code.db"},
        {4, "$B compare task --langs good,wrong --blocks 2 --budget 1ms --db $T/code.db"},
        {5, "$B merge $T/other.db --db $T/code.db && $B diff @1 latest --db $T/code.db"},
        {6, "$B list --sessions --db $T/nothing-there.db"},
        {124, "$B run task --langs good --blocks 3000 --limit 200ms --db $T/code.db"},
        {130, "$B run task --langs hangs --db $T/int.db & pid=$!; until $RUFFBENCH list --sessions "
              "--db $T/int.db > $T/sessions 2> $T/errors && grep -q @1 $T/sessions; do :; done; "
              "kill -INT $pid; wait $pid"},
    };
    bench_run run = {0};
    assert_bench(
        &run,
        "$FIXTURES/toy.sh $T/code && cd $T/code && echo 150 > speed.alpha && git add -A && "
        "git commit -qm slower",
        0);
    assert_bench(&run, "$B run task --langs good --blocks 5 --budget 1ms --db $T/other.db", 0);
    make_foreign("other.db");
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++)
        assert_bench(&run, cases[i].command, cases[i].code);
    assert_bench(&run, "$B diff @1 @4 --force --db $T/code.db", 0);
    assert_has(run.out, "NOT COMPARABLE: measured on different machines");
    bench_release(&run);
}

/* A PATH with a shell and nothing else: no gnuplot, no git, no counters, no frequency. */
static void an_empty_machine_measures_and_says_what_is_missing(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "mkdir -p $T/bare && for t in sh date cat sleep; do ln -sf $(command -v $t) $T/bare/$t; done; "
                 "PATH=$T/bare; $B compare task --langs good,twin --blocks 2 --budget 1ms --db $T/bare.db",
                 0);
    assert_has(run.out, "good 1.0");
    assert_has(run.err, "no figure: gnuplot: not found");
    assert_bench(&run, "PATH=$T/bare; $B compare --stored latest --json --db $T/bare.db", 0);
    assert_has(run.out, "\"instructions\": {\n            \"status\": \"unavailable\"");
    assert_bench(&run, "PATH=$T/bare; $B list --sessions --json --db $T/bare.db", 0);
    assert_has(run.out, "\"commit\": \"\"");
    assert_bench(&run, "PATH=$T/bare; $B doctor", 0);
    assert_bench(&run, "PATH=$T/bare; $B report --db $T/bare.db", 0);
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_meaning_has_its_exit_code),
        cmocka_unit_test(every_misbehaviour_is_named_and_the_others_are_kept),
        cmocka_unit_test(a_missing_language_is_listed_and_is_an_error_only_when_strict),
        cmocka_unit_test(a_hanging_peer_leaves_no_process_and_ends_soon),
        cmocka_unit_test(failures_of_some_processes_are_counted_beside_the_numbers_of_the_rest),
        cmocka_unit_test(a_cheat_is_caught_by_other_seeds),
        cmocka_unit_test(without_an_answer_in_the_suite_the_languages_must_agree),
        cmocka_unit_test(an_empty_machine_measures_and_says_what_is_missing),
        cmocka_unit_test(plain_programs_are_measured_without_protocol),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
