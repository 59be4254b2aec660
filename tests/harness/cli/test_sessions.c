/* Plans, resuming, shards and merging: the same work in the same order, whatever happens in
 * between. */
#include "bench_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void the_same_seed_prints_the_same_plan(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "$B plan task --langs good,twin,built --seed 7 --json > $T/a; "
                 "$B plan task --langs good,twin,built --seed 7 --json | cmp - $T/a && "
                 "! $B plan task --langs good,twin,built --seed 8 --json | cmp -s - $T/a",
                 0);
    assert_bench(&run, "$B plan task --langs good,twin --seed 7 --blocks 3", 0);
    assert_has(run.out, "block 1 ");
    assert_has(run.out, "6 processes, about");
    bench_release(&run);
}

static void resume_after_a_kill_completes_the_same_plan(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run,
        "$B run task unknown --langs good,twin --blocks 12 --budget 1ms --seed 3 --db $T/whole.db",
        0);
    for (int i = 0; i < 5; i++) {
        assert_bench(
            &run,
            "rm -f $T/killed.db*; "
            "$B run task unknown --langs good,twin --blocks 12 --budget 1ms --seed 3 --db "
            "$T/killed.db & pid=$!; "
            "count=0; while [ ${count:-0} -lt 4 ]; do count=$($RUFFBENCH list --sessions --json "
            "--db $T/killed.db | sed -n 's/.*\"invocations\": \\([0-9]*\\).*/\\1/p'); done; "
            "kill -9 $pid; wait $pid; $B resume --db $T/killed.db",
            0);
        assert_has(run.out, "session 1 is complete");
        assert_bench(
            &run, "$B list --sessions --json --db $T/killed.db | grep -c '\"invocations\": 48'", 0);
    }
    assert_bench(&run, "$B resume --db $T/killed.db", 0);
    assert_has(run.out, "nothing to resume");
    bench_release(&run);
}

static void a_second_stage_is_resumed_too(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run,
        "$B run task --langs good,twin --precision 0.01% --budget 1ms --seed 4 --db $T/stage.db & "
        "pid=$!; count=0; while [ ${count:-0} -lt 30 ]; do count=$($RUFFBENCH list --sessions "
        "--json --db $T/stage.db | sed -n 's/.*\"invocations\": \\([0-9]*\\).*/\\1/p'); done; "
        "kill -9 $pid; wait $pid; $B resume --db $T/stage.db",
        0);
    assert_has(run.err, "reached: ratios to");
    assert_has(run.out, "session 1 is complete");
    assert_bench(&run,
                 "$B db sql \"SELECT count(*) AS n, count(DISTINCT seq) AS seqs, max(block) + 1 AS "
                 "blocks FROM plan_slot WHERE state = 'done'\" --db $T/stage.db",
                 0);
    assert_has(run.out, "400  400   200");
    bench_release(&run);
}

static void resume_refuses_when_the_sources_have_changed(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run,
        "$B run task --langs twin --blocks 3000 --budget 1ms --limit 300ms --db $T/changed.db",
        124);
    assert_bench(
        &run,
        "echo '# changed' >> $T/peers/suites/peers/task.twin.sh; $B resume --db $T/changed.db", 5);
    assert_has(run.err, "session @1 cannot go on");
    bench_release(&run);
}

static void shards_together_are_the_whole_plan(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "for i in 1 2; do $B run task unknown --langs good,twin --blocks 3 --budget 1ms "
                 "--seed 9 --shard $i/2 "
                 "--db $T/shard$i.db || exit 9; done; "
                 "$B run task unknown --langs good,twin --blocks 3 --budget 1ms --seed 9 --db "
                 "$T/unsharded.db",
                 0);
    assert_bench(&run, "$B merge $T/shard1.db $T/shard2.db --db $T/merged.db", 0);
    assert_has(run.out, "1 session, 6 processes added");
    assert_bench(&run, "$B merge $T/shard1.db $T/shard2.db --db $T/merged.db", 0);
    assert_has(run.out, "0 sessions, 0 processes added");
    assert_bench(&run,
                 "for i in 1 2; do $B plan task unknown --langs good,twin --blocks 3 --seed 9 "
                 "--shard $i/2 --json | "
                 "grep -c '\"seq\"'; done; $B plan task unknown --langs good,twin --blocks 3 "
                 "--seed 9 --json | "
                 "grep -c '\"seq\"'",
                 0);
    assert_string_equal(run.out.data, "6\n6\n12\n");
    assert_bench(&run, "$B compare --stored @2 --db $T/merged.db --no-chart", 0);
    assert_has(run.out, "unknown");
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_prints_the_same_plan),
        cmocka_unit_test(resume_after_a_kill_completes_the_same_plan),
        cmocka_unit_test(a_second_stage_is_resumed_too),
        cmocka_unit_test(resume_refuses_when_the_sources_have_changed),
        cmocka_unit_test(shards_together_are_the_whole_plan),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
