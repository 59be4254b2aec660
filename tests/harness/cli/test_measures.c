/* What is measured besides steady time, and how much: precision, counters, growth, warm-up, fairness. */
#include "bench_run.h"

#include <stdio.h>
#include <string.h>

static void a_variant_without_steady_state_is_not_ranked(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B compare task --langs good,unsteady --ref good --blocks 5 --budget 1ms --no-chart", 0);
    assert_has(run.out, "no steady state");
    assert_has(run.out, "N  unsteady reaches no steady state");
    assert_bench(&run, "$B compare --stored latest --no-chart", 0); /* it is not what ratios refer to, though it is fastest */
    assert_has(run.out, "×good");
    assert_bench(&run, "$B warmup --stored latest --chart", 0);
    assert_has(run.out, "task@unsteady  N      NNNNN");
    assert_bench(&run, "$B warmup --stored latest --json", 0);
    assert_has(run.out, "\"class\": \"N\"");
    bench_release(&run);
}

static void counters_have_a_status_and_never_a_made_up_zero(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B compare task --langs good --blocks 2 --budget 1ms --no-chart --metric energy", 0);
    assert_true(strstr(run.out.data, "unsupported") || strstr(run.out.data, "denied") || strstr(run.out.data, "energy uJ"));
    assert_lacks(run.out, " 0.00 ");
    assert_bench(&run, "$B db sql \"SELECT DISTINCT c.status || ' ' || (c.value IS NULL) AS s FROM counter c JOIN metric k "
                       "ON k.id = c.metric_id WHERE k.kind = 'kernel' AND (c.value IS NULL) = (c.status IN ('ok', 'scaled'))\"",
                 0);
    assert_string_equal(run.out.data, "s\n─\n"); /* no row breaks the rule */
    assert_bench(&run, "$B compare task --langs good --blocks 2 --budget 1ms --no-chart --json", 0);
    assert_has(run.out, "\"instructions\": {\n            \"status\": \"unavailable\"");
    assert_has(run.out, "\"rss_peak\": {\n            \"status\": \"ok\"");
    bench_release(&run);
}

/* A program that reports as many iterations as it may, as two languages; one compiles while it runs, and its probe says more
 * than a version. */
#define ECHO                                                                                                                   \
    "rm -rf $T/jit && mkdir -p $T/jit/suites/languages $T/jit/suites/echo && cd $T/jit && "                                   \
    "cp $T/peers/suites/suite.yaml suites && "                                                                                 \
    "echo 'i=0; o=\"@rb 1 x\"; while [ $i -lt $1 ]; do o=\"$o|@i 1000 8\"; i=$((i + 1)); done; echo \"$o|@end $i\" | tr \"|\" \"\\012\"' " \
    "> suites/echo/task.sh && "                                                                                                \
    "printf 'ext: sh\\ndirectory: echo\\nrun: [sh, \"{src}\", \"{iters}\"]\\nname: calm\\n' > suites/languages/calm.yaml && "  \
    "sed 's/calm/jitted/' suites/languages/calm.yaml > suites/languages/jitted.yaml && "                                       \
    "echo 'jit: true' >> suites/languages/jitted.yaml && "                                                                     \
    "echo 'probe: { run: [sh, -c, \"echo hello; echo v1.0 yes; echo more\"], pattern: \"v([^ ]+)\" }' | "                      \
    "tee -a suites/languages/calm.yaml >> suites/languages/jitted.yaml && "

static void what_compiles_while_it_runs_gets_more_time(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, ECHO "$RUFFBENCH plan task --blocks 1 --json", 0);
    assert_has(run.out, "\"iterations\": 100");
    assert_has(run.out, "\"jit_iterations\": 500");
    assert_has(run.out, "\"jit_budget_ms\": 1000");
    assert_bench(&run, "cd $T/jit && $RUFFBENCH warmup task --blocks 1 --json | grep -E 'label\"|iterations' && "
                       "$RUFFBENCH warmup task --blocks 1 --iters 7 --json | grep -c '\"iterations\": 7'", 0);
    assert_has(run.out, "\"label\": \"calm\"");
    assert_has(run.out, "\"iterations\": 100");
    assert_has(run.out, "\"iterations\": 500");
    assert_has(run.out, "\n2\n"); /* what is asked for holds for both */
    assert_bench(&run, "cd $T/jit && $RUFFBENCH db sql 'SELECT DISTINCT version_raw FROM toolchain'", 0);
    assert_has(run.out, "\nv1.0 yes\n");
    bench_release(&run);
}

static void precision_plans_a_second_stage(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "rm -rf $T/toy && $FIXTURES/toy.sh $T/toy && cd $T/toy && echo 40 > noise && "
                       "sed 's/name: toy/name: other/; s/^ext: toy/ext: toy\\ndirectory: toy/' suites/languages/toy.yaml > suites/languages/other.yaml && "
                       "$RUFFBENCH compare alpha --build . --precision 2% --seed 3 --no-chart", 0);
    assert_has(run.err, "pilot of 8 blocks:");
    assert_has(run.err, "blocks in all for ratios to 2 %");
    assert_lacks(run.out, "  8 blocks");
    assert_bench(&run, "cd $T/toy && $RUFFBENCH resume", 0);
    assert_has(run.out, "nothing to resume");
    assert_bench(&run, "cd $T/toy && $RUFFBENCH compare alpha --build . --precision 10% --blocks 5", 2);
    bench_release(&run);
}

static void growth_needs_four_sizes(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B compare task --langs good --sizes 1,2 --blocks 1 --budget 1ms --growth --no-chart", 0);
    assert_has(run.out, "measured at 2 sizes; 4 are needed");
    assert_bench(&run, "$B compare task --langs good --sizes 1..4 --blocks 1 --budget 1ms --growth --no-chart", 0);
    assert_has(run.out, "good           size^");
    bench_release(&run);
}

static void lint_finds_what_is_unfair_and_what_is_misnamed(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "mkdir -p $T/fair && cd $T/fair && $RUFFBENCH init --langs python,c > /dev/null; "
                       "cp suites/python/fibonacci.py suites/python/fibonaci.py; "
                       "sed -i 's/, -O2//' suites/languages/c.yaml; $RUFFBENCH lint", 0);
    assert_has(run.out, "fibonaci.py: warning: belongs to no benchmark of suite.yaml; did you mean `fibonacci`?");
    assert_lacks(run.out, "F23");
    assert_bench(&run, "cd $T/fair && $RUFFBENCH lint --fair", 0);
    assert_has(run.out, "no `review`");
    assert_has(run.out, "c.yaml:4:8: warning: `build` runs gcc without an optimisation flag (F12)");
    assert_bench(&run,
                 "cd $T/fair && sed -i '/^startup/d; s/^helper/env: [GOGC=400]\\nhelper/' "
                 "suites/languages/c.yaml && sed -i 's/, large: \"u64:2178309\"//' "
                 "suites/suite.yaml && $RUFFBENCH lint --fair",
                 0);
    assert_has(run.out, "no `startup`: without an empty program its start-up cost is not known");
    assert_has(run.out, "`GOGC=400` tunes memory for every row; make it a mode of its own (F13)");
    assert_has(run.out, "suite.yaml:9:12: warning: fibonacci: no answer for size large");
    bench_release(&run);
}

static void work_that_is_not_done_is_noticed(void **state)
{
    (void)state;
    bench_run run = {0};
    /* The toy reports the same time for every size. */
    assert_bench(&run, "rm -rf $T/toy && $FIXTURES/toy.sh $T/toy && cd $T/toy && "
                       "sed -i 's/{ default: 1 }, unit/{ small: 1, default: 100 }, unit/; s/expect: .*core/style: core/' suites/suite.yaml && "
                       "$RUFFBENCH lint --deadwork alpha --build .", 0);
    assert_has(run.out, "alpha@toy: from size 1 to 100 the time grows by 1.0");
    assert_has(run.out, "is the work done? (F5)");
    bench_release(&run);
}

/* What is timed as a whole has neither first nor steady iterations, and no column says so. */
static void start_up_is_one_number_a_language(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B startup --langs good,twin --blocks 6", 0);
    assert_has(run.out, "process");
    assert_has(run.out, "CPU");
    assert_has(run.out, "● whole process");
    assert_lacks(run.out, "○");
    assert_lacks(run.out, "cold");
    assert_lacks(run.out, "answer");
    assert_bench(&run, "$B compare --stored latest --md", 0);
    assert_has(run.out, "### startup\n");
    assert_has(run.out, "| process ms | CPU ms | peak MiB |");
    assert_bench(&run, "$B report html --stored latest", 0);
    assert_has(run.out, "<th class=n>process ms<th class=n>CPU ms<th class=n>peak MiB");
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(start_up_is_one_number_a_language),
        cmocka_unit_test(a_variant_without_steady_state_is_not_ranked),
        cmocka_unit_test(counters_have_a_status_and_never_a_made_up_zero),
        cmocka_unit_test(what_compiles_while_it_runs_gets_more_time),
        cmocka_unit_test(precision_plans_a_second_stage),
        cmocka_unit_test(growth_needs_four_sizes),
        cmocka_unit_test(lint_finds_what_is_unfair_and_what_is_misnamed),
        cmocka_unit_test(work_that_is_not_done_is_noticed),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
