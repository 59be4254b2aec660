/* The gate, on a toy project whose times are made up: see fixtures/toy.sh. */
#include "bench_run.h"

#include <string.h>

#define TOY   "rm -rf $T/toy && $FIXTURES/toy.sh $T/toy && cd $T/toy && "
#define PLANT "echo 110 > speed.alpha && git add -A && git commit -q -m slower && "

static void unchanged_code_passes(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, TOY "$RUFFBENCH check --base HEAD --candidate .", 0);
    assert_has(run.out, "same 2   faster 0   unsure 0   slower 0");
    assert_has(run.out, "measured together   margin 2%");
    bench_release(&run);
}

static void a_planted_slow_down_fails_after_a_second_look(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, TOY PLANT "$RUFFBENCH check --base HEAD~1 --candidate .", 1);
    assert_has(run.out, "SLOWER  alpha@toy  1.100");
    assert_has(run.out, "again 1.10 on 12 fresh blocks");
    assert_has(run.out, "accept: ruffbench bless alpha@toy");
    assert_has(run.out, "same 1");
    bench_release(&run);
}

static void precision_plans_the_gate_too(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run, TOY PLANT "$RUFFBENCH check --base HEAD~1 --candidate . --precision 0.02% --seed 3",
        1);
    assert_has(run.err, "pilot of 8 blocks");
    assert_has(run.err, "reached: ratios to");
    assert_has(run.out, "SLOWER  alpha@toy  1.100");
    bench_release(&run);
}

static void a_check_that_ran_out_of_time_can_be_completed(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, TOY PLANT "$RUFFBENCH check --base HEAD~1 --candidate . --limit 60ms", 124);
    assert_has(run.err, "the time limit is reached; what finished is stored");
    assert_bench(&run, "cd $T/toy && $RUFFBENCH resume", 0);
    assert_has(run.out, "session 1 is complete");
    assert_has(run.err, "a verdict is given by that command, begun anew");
    assert_bench(
        &run,
        "cd $T/toy && $RUFFBENCH db sql \"SELECT count(*) AS n FROM plan_slot WHERE state = "
        "'done'\"",
        0);
    assert_has(run.out, "48");
    bench_release(&run);
}

static void a_metric_that_is_not_there_is_said(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 TOY "$RUFFBENCH check --base HEAD --candidate . --metric startup --blocks 6", 3);
    assert_has(run.out, "unsure  alpha@toy  -  startup cannot be measured here: unavailable");
    assert_lacks(run.out, "again"); /* a second look would see no more */
    bench_release(&run);
}

static void a_speed_up_passes_and_is_named(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 TOY "echo 90 > speed.beta && git add -A && git commit -q -m faster && "
                     "$RUFFBENCH check --base HEAD~1 --candidate .",
                 0);
    assert_has(run.out, "faster  beta@toy   0.900");
    bench_release(&run);
}

static void what_cannot_be_told_is_an_answer_of_its_own(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 TOY "echo 100 > noise && git add -A && git commit -q -m noisy && "
                     "$RUFFBENCH check --base HEAD --candidate . --seed 5 --blocks 8",
                 3);
    assert_has(run.out, "unsure 2");
    assert_has(run.out, "more blocks");
    assert_bench(&run,
                 "cd $T/toy && $RUFFBENCH check --base HEAD --candidate . --seed 5 --blocks 8 "
                 "--allow-unsure",
                 0);
    bench_release(&run);
}

static void an_accepted_change_passes_until_that_is_undone(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 TOY PLANT "$RUFFBENCH bless alpha@toy --reason 'bounds are checked' && "
                           "$RUFFBENCH check --base HEAD~1 --candidate .",
                 0);
    assert_has(run.out, "accepted: bounds are checked (blessing 1)");
    assert_bench(
        &run,
        "cd $T/toy && $RUFFBENCH bless --undo 1 && $RUFFBENCH check --base HEAD~1 --candidate .",
        1);
    assert_bench(&run, "cd $T/toy && $RUFFBENCH bless", 0);
    assert_has(run.out, "undone");
    assert_bench(&run, "cd $T/toy && $RUFFBENCH bless alpha@toy", 2);
    assert_has(run.err, "say why: --reason");
    assert_bench(&run, "cd $T/toy && $RUFFBENCH bless alpha@toy --reason x --until tomorrow", 2);
    bench_release(&run);
}

static void an_old_acceptance_does_not_cover_a_new_change(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 TOY "$RUFFBENCH bless alpha@toy --reason 'long ago' && " PLANT
                     "$RUFFBENCH check --base HEAD~1 --candidate .",
                 1);
    bench_release(&run);
}

static void a_failing_side_is_no_regression(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, TOY "touch crash && $RUFFBENCH check --base HEAD --candidate .", 4);
    assert_has(run.out, "crash   alpha@toy  candidate: exit status 9: toy: broken");
    assert_bench(
        &run,
        "cd $T/toy && rm crash && echo 2 > answer && $RUFFBENCH check --base HEAD --candidate .",
        4);
    assert_has(run.out, "candidate: answers 2, expected 1");
    bench_release(&run);
}

static void a_program_elsewhere_measures_what_the_project_builds(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, TOY "echo 130 > speed.alpha; $RUFFBENCH check --base HEAD alpha", 1);
    assert_has(run.out, "SLOWER  alpha@toy");
    bench_release(&run);
}

static void a_side_that_is_not_built_is_named(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, TOY "mkdir $T/empty; $RUFFBENCH check --base HEAD --candidate $T/empty", 4);
    assert_has(run.err, "ruffbench check: alpha@toy in ");
    assert_has(run.err, "/empty/bin/toy not found");
    bench_release(&run);
}

static void a_base_that_cannot_be_had_is_a_usage_error(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, TOY "$RUFFBENCH check --base nonsense", 2);
    assert_has(run.err, "commit `nonsense`");
    assert_bench(&run, "cd $T/toy && $RUFFBENCH check", 2);
    assert_has(run.err, "name what to compare with");
    assert_bench(&run, "cd $T/toy && $RUFFBENCH check --base base:none", 2);
    assert_has(run.err, "there is no baseline `none`");
    assert_bench(&run,
                 "cd $T/toy && touch broken && git add -A && git commit -q -m broken && "
                 "$RUFFBENCH check --base HEAD --candidate .",
                 2);
    assert_has(run.err, "building it in");
    bench_release(&run);
}

static void a_baseline_is_built_from_its_commit(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 TOY "$RUFFBENCH run --langs toy --build . --blocks 1 --baseline release && " PLANT
                     "$RUFFBENCH check --base base:release --candidate .",
                 1);
    assert_has(run.out, "release ");
    bench_release(&run);
}

static void ci_gets_its_files(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run,
        TOY PLANT
        "GITHUB_STEP_SUMMARY=$T/summary $RUFFBENCH check --base HEAD~1 --candidate . --github "
        "--junit $T/j.xml --sarif $T/s.json",
        1);
    assert_has(run.out, "::error file=suites/toy/alpha.toy,line=1,title=alpha@toy::");
    assert_bench(&run, "cat $T/j.xml $T/s.json $T/summary", 0);
    assert_has(run.out, "tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\"");
    assert_has(run.out, "\"ruleId\": \"slower\"");
    assert_has(run.out, "\"uri\": \"suites/toy/alpha.toy\"");
    assert_has(run.out, "| slower | alpha@toy | 1.100");
    assert_bench(&run,
                 "cd $T/toy && $RUFFBENCH check --base HEAD~1 --candidate . --json --retries 0", 1);
    assert_has(run.out, "\"schema\": \"ruffbench.check/1\"");
    assert_has(run.out, "\"again\": null");
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unchanged_code_passes),
        cmocka_unit_test(a_planted_slow_down_fails_after_a_second_look),
        cmocka_unit_test(precision_plans_the_gate_too),
        cmocka_unit_test(a_check_that_ran_out_of_time_can_be_completed),
        cmocka_unit_test(a_metric_that_is_not_there_is_said),
        cmocka_unit_test(a_speed_up_passes_and_is_named),
        cmocka_unit_test(what_cannot_be_told_is_an_answer_of_its_own),
        cmocka_unit_test(an_accepted_change_passes_until_that_is_undone),
        cmocka_unit_test(an_old_acceptance_does_not_cover_a_new_change),
        cmocka_unit_test(a_failing_side_is_no_regression),
        cmocka_unit_test(a_program_elsewhere_measures_what_the_project_builds),
        cmocka_unit_test(a_side_that_is_not_built_is_named),
        cmocka_unit_test(a_base_that_cannot_be_had_is_a_usage_error),
        cmocka_unit_test(a_baseline_is_built_from_its_commit),
        cmocka_unit_test(ci_gets_its_files),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
