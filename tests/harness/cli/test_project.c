/* A project from nothing: init, languages, and what lint says about them. */
#include "bench_run.h"

#include <string.h>

static void init_writes_a_suite_that_is_clean_and_runs(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "mkdir -p $T/new && cd $T/new && $RUFFBENCH init --langs python --ci github && "
                 "$RUFFBENCH lint && "
                 "$RUFFBENCH verify && $RUFFBENCH lang test python",
                 0);
    assert_has(run.out, "written suites/suite.yaml");
    assert_has(run.out, "written .github/workflows/ruffbench.yml");
    assert_has(run.out, "ok       fibonacci@python");
    assert_bench(
        &run,
        "cd $T/new && echo '# mine' >> suites/suite.yaml && $RUFFBENCH init --langs python && "
        "grep -c mine suites/suite.yaml",
        0);
    assert_has(run.out, "kept    suites/suite.yaml");
    assert_has(run.out, "\n1\n");
    bench_release(&run);
}

static void a_language_is_one_file_of_under_twelve_lines(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "cd $T/new && for l in pypy ruby lua luajit c go node; do $RUFFBENCH lang add $l "
                 "|| exit 9; done && "
                 "$RUFFBENCH lint && wc -l suites/languages/*.yaml | awk '$2 != \"total\" && $1 > "
                 "12 { exit 1 }'",
                 0);
    assert_bench(&run, "cd $T/new && $RUFFBENCH lang add cobol", 2);
    assert_has(run.err, "`ruffbench lang init cobol` writes a skeleton");
    assert_bench(
        &run,
        "cd $T/new && $RUFFBENCH lang init cobol && $RUFFBENCH lint && $RUFFBENCH lang test cobol",
        3);
    assert_has(run.out, "missing  cobol not found");
    bench_release(&run);
}

static void lint_ends_with_2_and_points_at_the_place(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run, "cd $T/new && sed -i 's/^    unit:/    unti:/' suites/suite.yaml && $RUFFBENCH lint",
        2);
    assert_has(run.out, "suite.yaml:10:5: error: unknown key `unti`; did you mean `unit`?");
    assert_has(run.out, "\n        unti: n\n        ^\n");
    assert_bench(&run, "cd $T/new && $RUFFBENCH compare", 2);
    assert_has(run.err, "did you mean `unit`?");
    assert_bench(&run, "cd $T/new && $RUFFBENCH lint --json", 2);
    assert_has(run.out, "\"line\": 10");
    bench_release(&run);
}

static void agreed_answers_are_written_into_the_suite(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "cp -r $FIXTURES/peers $T/record && cd $T/record && "
                       "$RUFFBENCH verify unknown --langs good --sizes default --record && "
                       "! grep -q 'u64:10' suites/suite.yaml", 0); /* one language is not enough */
    assert_bench(&run, "cd $T/record && $RUFFBENCH verify unknown --langs good,twin --sizes default --record && "
                       "$RUFFBENCH lint && $RUFFBENCH verify unknown --langs good,twin,wrong --sizes default", 4);
    assert_has(run.out, "recorded unknown/default: u64:10");
    assert_has(run.out, "wrong: answers 5, expected 10");
    assert_bench(&run, "cd $T/record && sed -i 's/, default: \"u64:8\" }/ }/' suites/suite.yaml && "
                       "$RUFFBENCH verify task --langs good,twin --sizes default --record && "
                       "grep -c 'expect: { small: \"u64:6\", default: \"u64:8\" }' suites/suite.yaml", 0);
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_writes_a_suite_that_is_clean_and_runs),
        cmocka_unit_test(a_language_is_one_file_of_under_twelve_lines),
        cmocka_unit_test(agreed_answers_are_written_into_the_suite),
        cmocka_unit_test(lint_ends_with_2_and_points_at_the_place),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
