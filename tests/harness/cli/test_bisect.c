/* Finding a commit, on the toy project; and settings of the machine that come back, on a toy
 * machine. */
#include "bench_run.h"

#include <string.h>

#define TOY "rm -rf $T/toy && $FIXTURES/toy.sh $T/toy && cd $T/toy && "
#define COMMITS                                                                                    \
    "for i in 1 2 3 4 5 6 7 8 9; do echo $i > file; [ $i = 6 ] && echo 120 > speed.alpha; "        \
    "git add -A; git commit -q -m \"change $i\"; done; "

static void the_guilty_commit_is_found(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, TOY COMMITS "$RUFFBENCH bisect --good HEAD~9 --bad HEAD alpha", 0);
    assert_has(run.out, "the first bad commit is\n");
    assert_has(run.out, "change 6");
    bench_release(&run);
}

static void an_interrupted_search_goes_on(void **state)
{
    (void)state;
    bench_run run = {0};
    bench(&run, TOY COMMITS "$RUFFBENCH bisect --good HEAD~9 --bad HEAD alpha > $T/first & pid=$!; "
                            "while ! grep -q good $T/first; do :; done; kill -INT $pid; wait $pid");
    assert_true(run.code == 130 || run.code == 0);
    assert_bench(&run, "cd $T/toy && $RUFFBENCH bisect --good HEAD~9 --bad HEAD alpha", 0);
    assert_has(run.out, "change 6");
    bench_release(&run);
}

static void commits_that_cannot_be_decided_are_gone_around(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 TOY
                 "for i in 1 2 3 4 5 6; do echo $i > file; [ $i = 4 ] && echo 120 > speed.alpha; "
                 "rm -f broken; "
                 "[ $i = 3 ] && touch broken; git add -A; git commit -q -m \"change $i\"; done; "
                 "$RUFFBENCH bisect --good HEAD~6 --bad HEAD alpha",
                 3);
    assert_has(run.out, "unknown");
    assert_has(run.out, "it is one of these");
    assert_has(run.out, "change 4");
    bench_release(&run);
}

static void what_is_not_slower_is_said(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 TOY "echo x > file && git add -A && git commit -q -m x && "
                     "$RUFFBENCH bisect --good HEAD~1 --bad HEAD alpha",
                 0);
    assert_has(run.out, "nothing to look for");
    assert_bench(&run, "cd $T/toy && $RUFFBENCH bisect --good HEAD --bad HEAD alpha", 2);
    assert_bench(&run, "cd $T/toy && $RUFFBENCH bisect --good nowhere --bad HEAD alpha", 2);
    bench_release(&run);
}

#define MACHINE                                                                                    \
    "rm -rf $T/machine && mkdir -p $T/machine/sys/devices/system/cpu/cpu0/cpufreq "                \
    "$T/machine/sys/devices/system/cpu/cpu1/cpufreq && cd $T/machine/sys/devices/system/cpu && "   \
    "echo powersave > cpu0/cpufreq/scaling_governor && echo schedutil > "                          \
    "cpu1/cpufreq/scaling_governor && "                                                            \
    "export RUFFBENCH_TUNE_ROOT=$T/machine RUFFBENCH_TUNE_JOURNAL=$T/journal; "

static void tuned_settings_come_back_exactly(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, MACHINE "$RUFFBENCH tune --dry-run && cat cpu0/cpufreq/scaling_governor", 0);
    assert_has(run.out, "powersave -> performance");
    assert_has(run.out, "\npowersave\n");
    assert_bench(&run, MACHINE "$RUFFBENCH tune && cat cpu*/cpufreq/scaling_governor $T/journal",
                 0);
    assert_has(run.out, "performance\nperformance\n");
    assert_has(run.out, "schedutil");
    assert_bench(&run,
                 "export RUFFBENCH_TUNE_ROOT=$T/machine RUFFBENCH_TUNE_JOURNAL=$T/journal; "
                 "echo powersave > "
                 "$T/machine/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor; $RUFFBENCH tune",
                 2);
    assert_has(run.err, "is tuned already");
    assert_bench(&run,
                 "export RUFFBENCH_TUNE_JOURNAL=$T/journal; $RUFFBENCH restore && "
                 "cat $T/machine/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor && ! test -e "
                 "$T/journal",
                 0);
    assert_has(run.out, "2 settings are as before");
    assert_has(run.out, "powersave\nschedutil\n");
    assert_bench(&run, "RUFFBENCH_TUNE_JOURNAL=$T/journal $RUFFBENCH restore", 0);
    assert_has(run.out, "nothing to restore");
    bench_release(&run);
}

static void what_cannot_be_set_leaves_everything_as_it_was(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "rm -f $T/journal; " MACHINE
                 "mkdir -p intel_pstate && rm -f intel_pstate/no_turbo && ln -s /nonexistent/x "
                 "intel_pstate/no_turbo; "
                 "$RUFFBENCH tune && $RUFFBENCH restore",
                 0);
    assert_bench(
        &run,
        "export RUFFBENCH_TUNE_JOURNAL=$T/journal; printf '%s\\tx\\n' $T/nowhere > $T/journal; "
        "$RUFFBENCH restore",
        6);
    assert_has(run.err, "cannot be set to x");
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guilty_commit_is_found),
        cmocka_unit_test(an_interrupted_search_goes_on),
        cmocka_unit_test(commits_that_cannot_be_decided_are_gone_around),
        cmocka_unit_test(what_is_not_slower_is_said),
        cmocka_unit_test(tuned_settings_come_back_exactly),
        cmocka_unit_test(what_cannot_be_set_leaves_everything_as_it_was),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
