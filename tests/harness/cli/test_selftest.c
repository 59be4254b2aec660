/* The parts of selftest whose answer does not depend on how busy the machine is. */
#include "bench_run.h"

#include <string.h>

static void misbehaving_peers_are_named(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "TMPDIR=$T $B selftest peers", 0);
    assert_lacks(run.out, "FAIL");
    assert_bench(&run, "ls -d $T/ruffbench-selftest-* 2> /dev/null | wc -l", 0);
    assert_string_equal(run.out.data, "0\n");
    bench_release(&run);
}

static void intervals_cover_and_gates_are_quiet(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B selftest stats history --trials 2000", 0);
    assert_lacks(run.out, "FAIL");
    bench_release(&run);
}

static void sessions_survive_being_killed(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "TMPDIR=$T $B selftest kills --pairs 8", 0);
    assert_has(run.out, "ok    kills: 8 at random points");
    bench_release(&run);
}

static void a_gate_over_forty_unchanged_benchmarks_passes(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "TMPDIR=$T $B selftest gate --pairs 1", 0);
    assert_has(run.out, "ok    gate: 0 of 1 gates over 40 unchanged benchmarks fail");
    assert_has(run.out, " 0 broke off");
    bench_release(&run);
}

/* How many are found depends on the machine; that all are looked at does not. */
static void equal_and_planted_pairs_are_counted(void **state)
{
    (void)state;
    bench_run run = {0};
    bench(&run, "TMPDIR=$T $B selftest aa planted --pairs 1");
    assert_true(run.code == 0 || run.code == 4);
    assert_has(run.out, " of 1 equal pairs called different");
    assert_has(run.out, "planted: 10 % found in ");
    assert_has(run.out, "planted: 5 % found in ");
    assert_has(run.out, "planted: 2 % found in ");
    bench_release(&run);
}

static void costs_of_a_child_are_told(void **state)
{
    (void)state;
    bench_run run = {0};
    bench(&run, "$B selftest rss overhead");
    assert_true(run.code == 0 || run.code == 4);
    assert_has(run.out, "reported for a trivial child, harness 300 MiB");
    assert_has(run.out, " us a child more than posix_spawn and wait");
    bench_release(&run);
}

static void an_unknown_part_is_a_usage_error(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B selftest everything", 2);
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(misbehaving_peers_are_named),
        cmocka_unit_test(intervals_cover_and_gates_are_quiet),
        cmocka_unit_test(sessions_survive_being_killed),
        cmocka_unit_test(a_gate_over_forty_unchanged_benchmarks_passes),
        cmocka_unit_test(equal_and_planted_pairs_are_counted),
        cmocka_unit_test(costs_of_a_child_are_told),
        cmocka_unit_test(an_unknown_part_is_a_usage_error),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
