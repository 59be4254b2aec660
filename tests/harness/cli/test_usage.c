/* Command lines: help, suggestions, formats, and what a pipe gets. */
#include "bench_run.h"

#include <stdio.h>
#include <string.h>

static void usage_errors_end_with_2_and_say_what_was_meant(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"$B compar task", "did you mean `compare`?"},
        {"$B compare tusk", "no benchmark is called `tusk`; did you mean `task`?"},
        {"$B compare task --langs god", "no language is called `god`; did you mean `good`?"},
        {"$B compare task --modes lod", "no language has a mode `lod`"},
        {"$B compare task --block 3", "there is no option `--block`; did you mean --blocks?"},
        {"$B compare task --blocks three", "--blocks: `three` is no whole number"},
        {"$B compare task --timeout 5", "--timeout: `5` is no time; write it like 60s or 200ms"},
        {"$B compare task --margin 200%", "--margin: `200%` is no part of one"},
        {"$B compare task --sizes huge", "`huge` is no size"},
        {"$B compare task --sizes large", "benchmark task has no size `large`"},
        {"$B compare task --schedule random",
         "--schedule: `random`; use latin, shuffle or sequential"},
        {"$B compare task --metric speed", "--metric: `speed` is no metric"},
        {"$B compare task --format xml", "--format: `xml` is no format"},
        {"$B compare task --quick --rigorous", "exclude each other"},
        {"$B compare task --pin x", "--pin: `x` is no list of CPUs"},
        {"$B compare /", "is no selector"},
        {"$B compare --blocks", "missing argument"},
        {"$B list --tag", "missing argument"},
        {"$RUFFBENCH -C / compare task", "no suites/suite.yaml in /"},
        {"$B compare --stored @x", "`@x` is no session"},
    };
    bench_run run = {0};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        assert_bench(&run, cases[i][0], 2);
        assert_has(run.err, cases[i][1]);
        assert_string_equal(run.out.data, "");
    }
    bench_release(&run);
}

static void help_is_on_standard_output_and_fits_80_columns(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "for c in '' $($B --help | sed -n 's/^  \\([a-z]*\\)  .*/\\1/p'); do $B $c --help "
                 "|| exit 9; done",
                 0);
    assert_has(run.out, "Usage: ruffbench compare");
    assert_has(run.out, "Examples:");
    for (const char *line = run.out.data; *line; line += strcspn(line, "\n") + 1) {
        if (strcspn(line, "\n") >= 80) print_error("%.*s\n", (int)strcspn(line, "\n"), line);
        assert_true(strcspn(line, "\n") < 80);
    }
    assert_bench(&run, "$B help compare > $T/a; $B compare --help | cmp - $T/a", 0);
    bench_release(&run);
}

static void no_command_is_a_usage_error(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$RUFFBENCH", 2);
    assert_has(run.err, "Usage: ruffbench");
    assert_bench(&run, "$RUFFBENCH --version", 0);
    assert_has(run.out, "ruffbench 0.");
    bench_release(&run);
}

static void all_formats_print_the_same_numbers(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "$B compare task --langs good,twin,wrong --blocks 6 --budget 1ms --ref good "
                 "--no-chart > $T/text; "
                 "[ $? = 4 ] && for f in json csv md; do $B compare --stored latest --ref good "
                 "--format $f > $T/$f; "
                 "[ $? = 4 ] || exit 9; done",
                 0);
    /* The ratio of twin to 3 digits in all four; JSON and CSV carry more. */
    assert_bench(&run,
                 "r=$(sed -n 's/^task,.*//; "
                 "/,twin,1.0,steady,/s/\\([^,]*,\\)\\{17\\}\\([^,]*\\),.*/\\2/p' $T/csv); "
                 "s=$(echo $r | awk '{ printf $1 < 0.9995 ? \"%.3f\" : \"%.2f\", $1 }'); [ -n "
                 "\"$r\" ] && grep -q \"^twin.* $s \" $T/text && "
                 "grep -q \"twin 1.0 .*| $s \\[\" $T/md && grep -q \"\\\"ratio\\\": $(echo $r | "
                 "cut -c1-8)\" $T/json",
                 0);
    bench_release(&run);
}

static void nothing_but_text_goes_into_a_pipe(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "$B compare task --langs good,twin --blocks 2 --budget 1ms --no-chart | cat; "
                 "$B compare --stored latest --no-chart 2>&1 | cat",
                 0);
    assert_lacks(run.out, "\033");
    assert_lacks(run.err, "\033");
    assert_bench(&run,
                 "COLUMNS=60 $B compare --stored latest --no-chart | LC_ALL=C.UTF-8 wc -L | "
                 "{ read -r width; [ $width -le 60 ] || exit 9; }",
                 0);
    bench_release(&run);
}

/* script(1) gives it a terminal. */
static void a_terminal_shows_what_runs_and_how_long_still(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "command -v script > /dev/null || exit 0; script -qec \"$B run task --langs good,twin --blocks 8 "
                 "--budget 20ms --debug-eta --db $T/live.db\" $T/typed > /dev/null; cat $T/typed",
                 0);
    if (!run.out.size) skip();
    assert_has(run.out, "task  block 1/8");
    assert_has(run.out, " left  steal ");
    assert_has(run.out, "after two blocks, took ");
    bench_release(&run);
}

static void machines_can_be_compared(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B run task --langs good --blocks 1 --db $T/env.db", 0);
    assert_bench(&run, "$B env @1 --db $T/env.db", 0);
    assert_has(run.out, "kernel ");
    assert_bench(&run, "$B env diff @1 --db $T/env.db", 0);
    assert_bench(&run, "$B db sql 'SELECT count(*) FROM env_fact' --db $T/env.db", 0);
    assert_bench(&run, "cp $T/env.db $T/env2.db && sqlite3 $T/env2.db \"UPDATE environment SET kernel = 'Linux 1.0', "
                       "digest = 'other'; UPDATE session SET uuid = 'other'\" && $B merge $T/env2.db --db $T/env.db && "
                       "$B env diff @1 @2 --db $T/env.db", 0);
    assert_has(run.out, "Linux 1.0");
    bench_release(&run);
}

static void colour_can_be_forced_and_forbidden(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run, "$B compare task --langs good,twin --blocks 2 --budget 1ms --no-chart --color always",
        0);
    assert_has(run.out, "\033[");
    assert_bench(&run, "NO_COLOR=1 $B compare --stored latest --no-chart --color never", 0);
    assert_lacks(run.out, "\033[");
    bench_release(&run);
}

static void charts_keep_script_and_data_beside_the_picture(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B compare task --langs good,twin --blocks 2 --budget 1ms --db $T/chart.db",
                 0);
    assert_bench(&run, "cd $T/chart-charts && ls *.gp *.dat", 0);
    assert_has(run.out, "task-bars.gp");
    bench(&run, "PATH=$T:/nowhere; $B compare --stored latest --db $T/chart.db");
    assert_int_equal(run.code, 0);
    assert_has(run.err, "no figure: gnuplot: not found");
    bench_release(&run);
}

static void selectors_choose_benchmarks_sizes_and_languages(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run, "$B compare 'ta*/small@{good,built:loud}' --blocks 2 --budget 1ms --no-chart --csv",
        0);
    assert_has(run.out, ",task,small,3,0,built,loud,");
    assert_has(run.out, ",task,small,3,0,good,,");
    assert_lacks(run.out, "plain");
    assert_bench(&run,
                 "$B compare task@good --sizes 1..3:2 --blocks 1 --budget 1ms --no-chart --csv", 0);
    assert_has(run.out, ",task,1,1,0,good");
    assert_has(run.out, ",task,small,3,0,good");
    assert_bench(&run, "$B run task unknown --langs good,twin --blocks 2 --budget 1ms --db $T/chosen.db && "
                       "$B compare --stored latest 'un*@twin' --csv --db $T/chosen.db", 0);
    assert_has(run.out, ",unknown,default,5,0,twin");
    assert_lacks(run.out, "task");
    assert_lacks(run.out, ",good,");
    assert_bench(&run, "$B warmup --stored latest --langs good --sizes 4 --db $T/chosen.db", 0);
    assert_has(run.out, "task@good");
    assert_lacks(run.out, "unknown");
    assert_bench(&run, "$B compare --stored latest tsak --db $T/chosen.db", 2);
    assert_has(run.err, "session @1 has nothing of that");
    bench_release(&run);
}

static void the_same_seed_gives_the_same_order(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run,
        "for s in 7 7 8; do $B run task --langs good,twin,built --blocks 4 --budget 1ms --seed $s "
        "--db $T/order.db || exit 9; done",
        0);
    assert_bench(&run,
                 "sqlite3 $T/order.db 'SELECT count(DISTINCT plan_digest) FROM session' 2> "
                 "/dev/null || echo 2",
                 0);
    assert_string_equal(run.out.data, "2\n");
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usage_errors_end_with_2_and_say_what_was_meant),
        cmocka_unit_test(help_is_on_standard_output_and_fits_80_columns),
        cmocka_unit_test(no_command_is_a_usage_error),
        cmocka_unit_test(all_formats_print_the_same_numbers),
        cmocka_unit_test(nothing_but_text_goes_into_a_pipe),
        cmocka_unit_test(a_terminal_shows_what_runs_and_how_long_still),
        cmocka_unit_test(machines_can_be_compared),
        cmocka_unit_test(colour_can_be_forced_and_forbidden),
        cmocka_unit_test(charts_keep_script_and_data_beside_the_picture),
        cmocka_unit_test(selectors_choose_benchmarks_sizes_and_languages),
        cmocka_unit_test(the_same_seed_gives_the_same_order),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
