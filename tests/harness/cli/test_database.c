/* Commands about the database: check, sql, reanalyse, gc, migration. */
#include "bench_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILL "$B run task --langs good,twin --blocks 3 --budget 1ms --db $T/data.db > /dev/null && "

static void check_says_it_is_sound_and_finds_damage(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, FILL "$B db check --db $T/data.db", 0);
    assert_has(run.out, "1 session, 6 processes, 0 problems");
    assert_bench(&run, "$B db sql 'SELECT count(*) AS n FROM v_runs' --db $T/data.db", 0);
    assert_has(run.out, "n\n─\n6\n");
    bench_release(&run);
}

static void sql_only_asks(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B db sql 'DELETE FROM session' --db $T/data.db", 2);
    assert_has(run.err, "only questions");
    assert_bench(&run, "$B db sql 'SELEKT 1' --db $T/data.db", 2);
    assert_has(run.err, "syntax error");
    assert_bench(&run, "$B db nonsense", 2);
    bench_release(&run);
}

static void reanalyse_gives_the_same_again(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run,
        "q='SELECT * FROM v_latest ORDER BY 1, 2, 3, 4, 5'; $B db sql \"$q\" --db $T/data.db > "
        "$T/before; "
        "$B reanalyse --db $T/data.db && $B db sql \"$q\" --db $T/data.db | cmp - $T/before",
        0);
    assert_has(run.out, "1 session analysed again");
    bench_release(&run);
}

static void show_lists_processes_their_spread_and_the_log_of_a_failure(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B show --db $T/data.db", 0);
    assert_has(run.out, "task       good     ok");
    assert_bench(&run, "$B show --spread --db $T/data.db", 0);
    assert_has(run.out, "task@twin");
    assert_bench(&run, "$B run task --langs exits --blocks 1 --db $T/failed.db; $B show --log 0 --db $T/failed.db", 0);
    assert_has(run.out, "exit status 3: no such table: prices");
    assert_has(run.out, "---- standard output ----\n@rb 1 sh");
    assert_bench(&run, "$B show --log 1 --db $T/data.db", 2);
    assert_has(run.err, "only failed ones do");
    bench_release(&run);
}

static void gc_removes_samples_and_keeps_what_was_learnt(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B gc --db $T/data.db", 2);
    assert_has(run.err, "--keep 90d");
    assert_bench(&run, "$B gc --keep 90d --db $T/data.db", 0);
    assert_has(run.out, "0 series and 0 logs removed");
    bench_release(&run);
}

static void completion_is_a_valid_script(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$RUFFBENCH completion bash | bash -n", 0);
    assert_bench(&run, "$RUFFBENCH completion fish", 0);
    assert_has(run.out, "complete -c ruffbench -n '__fish_seen_subcommand_from check' -l base -r");
    assert_bench(&run, "$RUFFBENCH completion zsh", 0);
    assert_has(run.out, "#compdef ruffbench");
    assert_bench(&run, "$RUFFBENCH completion cmd", 2);
    bench_release(&run);
}

static void build_is_cached_until_the_source_changes(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "$B build task@built && ls -i $T/peers/.ruffbench/build/built/*.build_ns > $T/a; "
                 "$B build task@built && "
                 "ls -i $T/peers/.ruffbench/build/built/*.build_ns | cmp - $T/a && "
                 "echo '# new' >> $T/peers/suites/peers/task.built.sh && $B build task@built && "
                 "ls $T/peers/.ruffbench/build/built/*.build_ns | wc -l",
                 0);
    assert_has(run.out, "built    task@built:plain");
    assert_has(run.out, "\n2\n");
    assert_bench(&run, "$B build task@unbuilt", 4);
    assert_has(run.out, "failed   task@unbuilt  sh: exit status 1: line 3: this does not compile");
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_says_it_is_sound_and_finds_damage),
        cmocka_unit_test(sql_only_asks),
        cmocka_unit_test(reanalyse_gives_the_same_again),
        cmocka_unit_test(show_lists_processes_their_spread_and_the_log_of_a_failure),
        cmocka_unit_test(gc_removes_samples_and_keeps_what_was_learnt),
        cmocka_unit_test(completion_is_a_valid_script),
        cmocka_unit_test(build_is_cached_until_the_source_changes),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
