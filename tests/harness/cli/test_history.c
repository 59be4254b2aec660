/* History: steps, drift, epochs and machines, on series that are written into the store directly.
 */
#include "bench_run.h"

#include "stats/random.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static sqlite3 *db;

static void execute(const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) print_error("%s\n", message);
    assert_null(message);
}

/* An empty database of ruffbench with what points refer to: project, metric, machine 1, one
 * environment. */
static void open_empty(const char *name)
{
    bench_run run = {0};
    char path[512], command[512];
    snprintf(command, sizeof command, "$B run task --langs good --blocks 1 --budget 1ms --db $T/%s",
             name);
    assert_bench(&run, command, 0);
    bench_release(&run);
    snprintf(path, sizeof path, "%s/%s", getenv("T"), name);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    execute("DELETE FROM history_point");
}

/* Point i of a series: its commit is made when it is not there. */
static void add_point(const char *bench, int i, double value, const char *epoch,
                      const char *machine)
{
    char *sql = sqlite3_mprintf(
        "INSERT OR IGNORE INTO commit_ (project_id, sha, dirty_digest, first_parent_pos, "
        "commit_ns, branch, subject) "
        "VALUES (1, printf('%%040x', %d + 4096), '', %d, 1000000000 * %d, 'main', 'change %d');"
        "INSERT INTO history_point (project_id, bench, lang, mode, param, metric_id, machine_id, "
        "commit_id, session_id, value, "
        "epoch) SELECT 1, %Q, 'ruff', 'vm', 'default', k.id, m.id, c.id, 1, %f, %Q FROM metric k, "
        "machine m, commit_ c "
        "WHERE k.name = 'iteration' AND m.fingerprint = coalesce(%Q, m.fingerprint) AND c.sha = "
        "printf('%%040x', %d + 4096) "
        "ORDER BY m.id LIMIT 1",
        i, i, i, i, bench, value, epoch, machine, i);
    execute(sql);
    sqlite3_free(sql);
}

/* Roughly normal: the sum of twelve uniform numbers. */
static double noise(stats_random *random)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) sum += stats_random_unit(random);
    return sum;
}

static void a_step_is_found_at_its_commit_and_can_be_accepted(void **state)
{
    (void)state;
    bench_run run = {0};
    stats_random random;
    stats_random_init(&random, 1);
    open_empty("step.db");
    for (int i = 0; i < 40; i++)
        add_point("stepped", i, 9e6 * (i < 25 ? 1 : 1.1) * (1 + 0.01 * noise(&random)), "e", NULL);
    for (int i = 0; i < 40; i++)
        add_point("steady", i, 9e6 * (1 + 0.01 * noise(&random)), "e", NULL);
    sqlite3_close(db);
    assert_bench(&run, "$B history --db $T/step.db --detect", 0);
    assert_has(run.out, "stepped@ruff:vm  steady ms");
    assert_has(run.out, "40 commits");
    assert_has(run.out, "└ 0000000 +");
    assert_has(run.out, "change 25  open (1)");
    assert_bench(&run, "$B history steady --db $T/step.db", 0);
    assert_lacks(run.out, "└");
    assert_bench(
        &run,
        "$B bless 1 --reason 'more checks' --db $T/step.db && $B history stepped --width 100 --db $T/step.db",
        0);
    assert_has(run.out, "change 25  blessed (1)");
    assert_bench(&run, "for w in 50 60 70 80; do $B history --width $w --db $T/step.db | LC_ALL=C.UTF-8 wc -L; done", 0);
    int widths[4] = {0};
    assert_int_equal(sscanf(run.out.data, "%d %d %d %d", &widths[0], &widths[1], &widths[2], &widths[3]), 4);
    for (int i = 0; i < 4; i++) assert_in_range(widths[i], 40, 50 + 10 * i);
    assert_bench(&run, "$B history stepped --db $T/step.db --json", 0);
    assert_has(run.out, "\"kind\": \"step\"");
    assert_has(run.out, "\"state\": \"blessed\"");
    assert_bench(&run, "$B chart history stepped --db $T/step.db --term svg --dir $T/marks; cat $T/marks/*.dat", 0);
    assert_has(run.out, "# blessed\n");
    assert_has(run.out, ", blessed\"");
    assert_bench(&run, "$B bless --undo 1 --db $T/step.db && $B history stepped --db $T/step.db", 0);
    assert_has(run.out, "change 25  open (1)");
    bench_release(&run);
}

static void epochs_are_not_joined(void **state)
{
    (void)state;
    bench_run run = {0};
    stats_random random;
    stats_random_init(&random, 2);
    open_empty("epoch.db");
    for (int i = 0; i < 30; i++)
        add_point("changed", i, 9e6 * (i < 15 ? 1 : 2) * (1 + 0.005 * noise(&random)),
                  i < 15 ? "old" : "new", NULL);
    sqlite3_close(db);
    assert_bench(&run, "$B history --db $T/epoch.db", 0);
    assert_has(run.out, "epoch 2");
    assert_has(run.out, "┃");
    assert_lacks(run.out, "└"); /* twice as slow, but with another program */
    bench_release(&run);
}

static void drift_is_found_where_no_step_is(void **state)
{
    (void)state;
    bench_run run = {0};
    stats_random random;
    stats_random_init(&random, 3);
    open_empty("drift.db");
    for (int i = 0; i < 40; i++)
        add_point("drifting", i, 9e6 * (1 + 0.002 * i) * (1 + 0.001 * noise(&random)), "e", NULL);
    sqlite3_close(db);
    assert_bench(&run, "$B history --db $T/drift.db --json", 0);
    assert_has(run.out, "\"changes\": [\n        {");
    bench_release(&run);
}

static void other_machines_are_left_out_and_named(void **state)
{
    (void)state;
    bench_run run = {0};
    open_empty("machine.db");
    execute("INSERT INTO machine (fingerprint, name, cpu_model, isa, cores_physical, "
            "cores_logical, mem_bytes, virt) "
            "VALUES ('feed', 'far', 'x', 'y', 1, 1, 1, '')");
    for (int i = 0; i < 5; i++) add_point("here", i, 9e6, "e", NULL);
    for (int i = 0; i < 5; i++) add_point("there", i, 9e6, "e", "feed");
    sqlite3_close(db);
    assert_bench(&run, "$B history --db $T/machine.db", 0);
    assert_lacks(run.out, "there@ruff");
    assert_has(run.err, "1 series of other machines left out");
    assert_bench(&run, "$B history --db $T/machine.db --all-machines", 0);
    assert_has(run.out, "there@ruff:vm");
    bench_release(&run);
}

static void no_line_is_wider_than_the_terminal(void **state)
{
    (void)state;
    bench_run run = {0};
    open_empty("wide.db");
    for (int i = 0; i < 300; i++) add_point("long", i, 9e6 + i % 7 * 1e4, "e", NULL);
    sqlite3_close(db);
    assert_bench(&run, "COLUMNS=60 $B history --db $T/wide.db", 0);
    for (const char *line = run.out.data; *line; line += strcspn(line, "\n") + 1) {
        size_t width = 0;
        for (size_t i = 0; i < strcspn(line, "\n"); i++) width += (line[i] & 0xc0) != 0x80;
        assert_true(width <= 60);
    }
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_found_at_its_commit_and_can_be_accepted),
        cmocka_unit_test(epochs_are_not_joined),
        cmocka_unit_test(drift_is_found_where_no_step_is),
        cmocka_unit_test(other_machines_are_left_out_and_named),
        cmocka_unit_test(no_line_is_wider_than_the_terminal),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
