/* Results of other tools come in, results of ours go out, and both ends agree. */
#include "bench_run.h"

#include <stdio.h>
#include <string.h>

typedef struct sample_file {
    const char *tool, *name, *text, *row; /* row: what the CSV export of it has to hold */
} sample_file;

static const sample_file files[] = {
    {"hyperfine", "h.json", "{\"results\": [{\"command\": \"sleep 1\", \"times\": [0.5, 0.25]}]}",
     ",sleep 1,default,0,0,hyperfine,,ok,1,250000000"},
    {"pyperf", "p.json",
     "{\"benchmarks\": [{\"runs\": [{\"warmups\": [[1, 0.1]]}, {\"values\": [0.001, 0.002]}]}], "
     "\"metadata\": {\"name\": \"nbody\"}}",
     ",nbody,default,0,0,python,,ok,2,2000000"},
    {"criterion", "fib_20/new/sample.json",
     "{\"sampling_mode\": \"Linear\", \"iters\": [10, 20], \"times\": [1000, 2200]}",
     ",fib_20,default,0,0,rust,,ok,2,110"},
    {"go", "g.txt",
     "goos: linux\nBenchmarkFib-8   \t 1000\t     12345 ns/op\t 0 B/op\nBenchmarkFib-8 1000 12355 "
     "ns/op\nPASS\n",
     ",Fib,default,0,0,go,,ok,2,12355"},
    {"gbench", "b.json",
     "{\"benchmarks\": [{\"name\": \"BM_x/8\", \"run_type\": \"iteration\", \"real_time\": 1.5, "
     "\"time_unit\": \"us\"},"
     "{\"name\": \"BM_x/8_mean\", \"run_type\": \"aggregate\", \"real_time\": 1.5, \"time_unit\": "
     "\"us\"}]}",
     ",BM_x/8,default,0,0,cpp,,ok,1,1500"},
    {"jmh", "j.json",
     "[{\"benchmark\": \"a.B.c\", \"primaryMetric\": {\"scoreUnit\": \"ops/ms\", \"rawData\": "
     "[[2.0, 4.0], [5.0]]}}]",
     ",a.B.c,default,0,0,java,,ok,2,250000"},
    {"rebench", "r.data",
     "# "
     "comment\n1\t1\t12.5\tms\ttotal\tRichards\tsom\tsuite\n1\t2\t12."
     "0\tms\ttotal\tRichards\tsom\tsuite\n"
     "2\t1\t13\tms\ttotal\tRichards\tsom\tsuite\n2\t1\t1\tms\tother\tRichards\tsom\tsuite\n",
     ",Richards,default,0,0,som,,ok,2,12000000"},
};

static void every_tool_can_be_taken_in(void **state)
{
    (void)state;
    bench_run run = {0};
    for (size_t i = 0; i < RF_COUNT_OF(files); i++) {
        char command[1024];
        snprintf(command, sizeof command,
                 "mkdir -p $(dirname $T/in/%s); cat > $T/in/%s <<'END'\n%s\nEND\n"
                 "$B import --from %s $T/in/%s --db $T/import%zu.db && $B export --format csv --db "
                 "$T/import%zu.db",
                 files[i].name, files[i].name, files[i].text, files[i].tool, files[i].name, i, i);
        assert_bench(&run, command, 0);
        assert_has(run.out, files[i].row);
    }
    bench_release(&run);
}

static void broken_files_are_named_and_nothing_is_stored(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"hyperfine", "{\"results\": [", "x:2:0"},
        {"hyperfine", "{}", "has no `results` array"},
        {"pyperf", "{\"benchmarks\": [{}]}", "without a name or `runs`"},
        {"criterion", "{\"iters\": [1], \"times\": []}", "of the same length"},
        {"go", "PASS", "has no `Benchmark... ns/op` lines"},
        {"gbench", "{\"benchmarks\": [{\"name\": \"a\", \"time_unit\": \"weeks\"}]}",
         "unknown `time_unit`"},
        {"jmh", "{}", "is no array of results"},
        {"rebench", "1\t2\n", "has no tab-separated lines"},
        {"hyperfine", "{\"results\": []}", "holds no times of hyperfine"},
    };
    bench_run run = {0};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        char command[512];
        snprintf(command, sizeof command,
                 "cd $T; cat > x <<'END'\n%s\nEND\n$B import --from %s x --db $T/broken.db",
                 cases[i][1], cases[i][0]);
        assert_bench(&run, command, 2);
        assert_has(run.err, cases[i][2]);
    }
    assert_bench(&run, "$B list --sessions --db $T/broken.db --json", 0);
    assert_has(run.out, "\"sessions\": []");
    assert_bench(&run, "$B import --from nothing x", 2);
    assert_has(run.err, "use one of hyperfine, pyperf");
    bench_release(&run);
}

static void what_goes_out_as_hyperfine_comes_in_again(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run,
        "$B run task --langs good,built --blocks 3 --budget 1ms --db $T/round.db > /dev/null; "
        "$B export --format hyperfine --db $T/round.db > $T/round.json && "
        "$B import --from hyperfine $T/round.json --db $T/round.db && "
        "$B export --format hyperfine --db $T/round.db | grep -c command",
        0);
    assert_has(run.out, "3\n");
    assert_bench(&run, "$B diff @1 latest --db $T/round.db", 5);
    assert_has(run.err, "measured on different machines");
    assert_bench(&run, "$B diff @1 latest --db $T/round.db --force", 0);
    assert_has(run.out, "NOT COMPARABLE");
    assert_has(run.out, "task@built:loud");
    bench_release(&run);
}

static void benchstat_gets_its_lines(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B export --format go --db $T/round.db @1", 0);
    assert_has(run.out, "BenchmarkTask/lang=built/mode=loud 1 ");
    assert_has(run.out, " ns/op\n");
    assert_bench(&run, "$B export --format bmf --db $T/round.db @1", 0);
    assert_has(run.out, "\"latency\"");
    assert_bench(&run, "$B export --format xml --db $T/round.db", 2);
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_tool_can_be_taken_in),
        cmocka_unit_test(broken_files_are_named_and_nothing_is_stored),
        cmocka_unit_test(what_goes_out_as_hyperfine_comes_in_again),
        cmocka_unit_test(benchstat_gets_its_lines),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
