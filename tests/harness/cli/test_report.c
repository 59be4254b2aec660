/* Reports and charts, made from sessions of the peers suite and from a database filled by hand. */
#include "bench_run.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two sizes of one task, with a peer that answers wrongly, one that is not installed, and one that agrees. */
static int measure_once(void **state)
{
    bench_run run = {0};
    if (bench_set_up(state)) return -1;
    bench(&run, "$B run task --langs good,twin,wrong,absent --sizes small,default --blocks 6 --budget 1ms -q");
    int code = run.code == 4 ? 0 : -1;
    if (code) print_error("%s", run.err.data);
    bench_release(&run);
    return code;
}

static void regions_are_written_once_and_found_stale_when_edited(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "cd $T && printf 'before\\n<!-- ruffbench:begin summary -->\\nold\\n<!-- ruffbench:end -->\\nafter\\n' > d.md && "
                       "$B report --write d.md && cp d.md one.md && $B report --write d.md && cmp d.md one.md && cat d.md", 0);
    assert_has(run.out, "before\n<!-- ruffbench:begin summary -->\n");
    assert_has(run.out, "<!-- ruffbench:end -->\nafter\n");
    assert_lacks(run.out, "old");
    assert_bench(&run, "cd $T && $B report --check d.md", 0);
    assert_bench(&run, "cd $T && sed -i '/^| twin/s/[0-9]/x/' d.md && $B report --check d.md", 1);
    assert_has(run.out, "d.md:");
    assert_has(run.out, "region `summary` is not what the database says");
    bench_release(&run);
}

static void a_report_may_begin_at_a_day(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B report --since 2020-01-31", 0);
    assert_has(run.out, "twin");
    assert_bench(&run, "$B report --since 2999-01-31", 0);
    assert_lacks(run.out, "twin");
    assert_has(run.out, "No results yet");
    assert_bench(&run, "$B report --since tomorrow", 2);
    assert_has(run.err, "--since: `tomorrow` is no day");
    bench_release(&run);
}

static void charts_come_as_svg_png_or_text(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B chart bars task --term png --dir $T/png", 0);
    if (strstr(run.err.data ? run.err.data : "", "gnuplot-nox") == NULL) {
        assert_has(run.out, "png/task-bars.png");
        assert_bench(&run, "head -c 4 $T/png/task-bars-dark.png | tail -c 3", 0);
        assert_has(run.out, "PNG");
    }
    assert_bench(&run, "$B chart bars task --term gif", 2);
    assert_has(run.err, "use svg, png or text");
    bench_release(&run);
}

static void a_file_that_is_not_there_gets_all_regions(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B report --write $T/new.md && $B report --check $T/new.md && cat $T/new.md", 0);
    assert_has(run.out, "<!-- ruffbench:begin benchmarks -->");
    assert_has(run.out, "| task |");
    assert_has(run.out, "| task/small |");
    bench_release(&run);
}

static void broken_documents_are_named_by_line(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "printf 'a\\n<!-- ruffbench:begin sumary -->\\n<!-- ruffbench:end -->\\n' > $T/b.md; $B report --write $T/b.md", 2);
    assert_has(run.err, "b.md: line 2: there is no region `sumary`");
    assert_bench(&run, "printf '<!-- ruffbench:begin summary -->\\n' > $T/b.md; $B report --write $T/b.md", 2);
    assert_has(run.err, "the region of line 1 has no end");
    assert_bench(&run, "printf '<!-- ruffbench:end -->\\n' > $T/b.md; $B report --check $T/b.md", 2);
    assert_has(run.err, "line 1: this ends a region, but none is open");
    assert_bench(&run, "printf 'plain\\n' > $T/b.md; $B report --check $T/b.md", 2);
    assert_has(run.err, "no regions to fill");
    assert_bench(&run, "$B report --check $T/nowhere.md", 6);
    assert_bench(&run, "$B report poster", 2);
    bench_release(&run);
}

static void wrong_answers_and_gaps_stay_visible(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B report", 0);
    assert_has(run.out, "WRONG");
    assert_has(run.out, "Left out of session 1, absent: no-such-program-anywhere not found");
    assert_bench(&run, "$B report --write $T/w.md -q; grep -A40 'begin benchmarks' $T/w.md", 0);
    assert_has(run.out, "WRONG");
    assert_bench(&run, "$B report html", 0);
    assert_has(run.out, "<p class=failed>wrong: WRONG");
    assert_bench(&run, "$B report pr", 0);
    assert_has(run.out, "WRONG");
    bench_release(&run);
}

static void all_reports_print_the_same_numbers(void **state)
{
    (void)state;
    bench_run run = {0};
    /* The steady median of twin at the default size, in ns, from JSON; then as every report rounds it. */
    assert_bench(&run, "$B compare --stored latest --no-chart --csv | awk -F, '$2 == \"task\" && $3 == \"default\" && $8 == \"twin\" && "
                       "$10 == \"steady\" { printf \"%.3g\", $13 / 1e6 }' > $T/n; cat $T/n; "
                       "$B report --write $T/s.md -q; $B report html -o $T/s.html -q; $B report pr > $T/s.pr", 0);
    assert_true(run.out.size > 0);
    assert_bench(&run, "n=$(cat $T/n) && sed -n '/begin benchmarks/,/end/p' $T/s.md | grep -F \"| task |\" | grep -F \" $n\" && "
                       "grep -F \"| task |\" $T/s.pr | grep -F \" $n\" && grep -c -F \"<td class=n>$n\" $T/s.html", 0);
    bench_release(&run);
}

static void a_pull_request_text_has_its_marker_once(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B report pr | grep -c '<!-- ruffbench:pr -->'", 0);
    assert_string_equal(run.out.data, "1\n");
    bench_release(&run);
}

static void no_line_is_wider_than_asked(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "for w in 80 120; do { $B report --width $w; $B chart bars --term text --width $w; "
                       "$B chart heat --term text --width $w; $B chart order --term text --width $w; } | "
                       "LC_ALL=C.UTF-8 wc -L; done", 0);
    int narrow = 0, wide = 0;
    assert_int_equal(sscanf(run.out.data, "%d %d", &narrow, &wide), 2);
    assert_in_range(narrow, 40, 80);
    assert_in_range(wide, narrow, 120);
    assert_bench(&run, "$B report | cat", 0);
    assert_lacks(run.out, "\033");
    bench_release(&run);
}

static void every_chart_keeps_data_script_and_two_pictures(void **state)
{
    (void)state;
    bench_run run = {0};
    if (system("command -v gnuplot > /dev/null")) skip();
    assert_bench(&run, "cd $T && $B chart all --dir charts > list && cd charts && for f in *.gp; do n=${f%.gp}; "
                       "[ -s $n.dat ] && [ -s $n.svg ] && [ -s $n-dark.svg ] && gnuplot -e 'set term dumb' $f > ../dumb 2>&1 || "
                       "{ echo $n; exit 9; }; done; cat ../list", 0);
    const char *const kinds[] = {"task-bars", "task-iterations", "task-phases", "task-violin", "task-ecdf", "task-scatter",
                                 "task-growth", "task-order", "task-breakeven", "small-multiples-loop", "means", "heat"};
    for (size_t i = 0; i < RF_COUNT_OF(kinds); i++) {
        char file[80];
        snprintf(file, sizeof file, "charts/%s.svg\n", kinds[i]);
        assert_has(run.out, file);
    }
    assert_bench(&run, "cd $T/charts && { grep -L 'Made by: .*chart all' *.gp *.dat; grep -L 'viewBox=.0 0 760 420' *.svg; } | cat", 0);
    assert_string_equal(run.out.data, "");
    bench_release(&run);
}

static void without_gnuplot_it_says_what_is_missing_and_still_draws_text(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "PATH=/nowhere; $B chart bars --dir $T/none", 0);
    assert_has(run.err, "2 figures missing");
    assert_has(run.err, "apt-get install gnuplot-nox");
    assert_bench(&run, "PATH=/nowhere; $B chart bars task --term text", 0);
    assert_has(run.out, "twin");
    assert_has(run.out, "├");
    bench_release(&run);
}

static void unknown_kinds_and_benchmarks_are_named(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B chart bar", 2);
    assert_has(run.err, "did you mean `bars`?");
    assert_bench(&run, "$B chart", 0);
    assert_has(run.out, "small-multiples");
    assert_bench(&run, "$B chart bars nothing", 0);
    assert_has(run.err, "nothing to draw; no results match");
    assert_bench(&run, "$B chart history", 0);
    assert_has(run.err, "nothing to draw: ");
    bench_release(&run);
}

static void change(const char *name, const char *sql)
{
    char path[512], *message = NULL;
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/%s", getenv("T"), name);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) print_error("%s\n", message);
    assert_null(message);
    sqlite3_close(db);
}

static void copy_database(const char *name)
{
    bench_run run = {0};
    char command[512];
    snprintf(command, sizeof command, "$B merge $T/peers/.ruffbench/ruffbench.db --db $T/%s", name);
    assert_bench(&run, command, 0);
    bench_release(&run);
}

/* A profile: main calls spin, which takes most of it. */
static const char profile_of_good[] =
    "INSERT INTO source_file (id, path, digest) VALUES (1, 'task.toy', '');"
    "INSERT INTO func (id, file, name, line, kind) VALUES (1, 1, 'main', 1, 'script'), (2, 1, 'spin', 3, 'script');"
    "INSERT INTO frame (id, func, line, tier) VALUES (1, 1, 2, 'vm'), (2, 2, 4, 'vm');"
    "INSERT INTO stack (id, parent, frame, depth) VALUES (1, 0, 1, 1), (2, 1, 2, 2);"
    "INSERT INTO profile (id, label, git_revision, bench_run, started, script, argv, script_digest, engine, version, host, cpu, kernel, "
    "allowed_cores, threads, mechanism, has_cpu, has_memory, has_jit, was_interrupted, hz_asked, hz_got, wall_ns, cpu_ns, ticks, dropped, "
    "own_cost_ns, peak_live, peak_at_ns, exit_live, peak_resident, allocs, frees, exit_status, file_order, func_order, frame_order, stack_order) "
    "VALUES (7, 'task/default@good', 'abcdef0123456789', 1, 0, 'task.toy', '', '0', 'vm', '', '', '', '', 1, 1, '', 1, 0, 0, 0, 99, 99, "
    "1000000000, 1000000000, 300, 0, 0, 0, 0, 0, 0, 0, 0, 0, x'01', x'0102', x'0102', x'0102');"
    "INSERT INTO sample_agg (profile, seq, stack, thread, slice, label, ticks, cpu_ns, wall_ns, alloc_count, alloc_bytes) "
    "VALUES (7, 0, 1, 0, 0, '', 12, 40000000, 40000000, 0, 0), (7, 1, 2, 0, 0, '', 288, 960000000, 960000000, 0, 0);";

static void a_flame_graph_is_drawn_from_the_newest_profile(void **state)
{
    (void)state;
    bench_run run = {0};
    copy_database("flame.db");
    change("flame.db", profile_of_good);
    assert_bench(&run, "$B chart flame task@good --db $T/flame.db --dir $T/flame && cat $T/flame/*.svg", 0);
    assert_has(run.out, "flame/task-default-good-flame.svg\n");
    assert_has(run.out, ">spin takes 96 % of task in good<");
    assert_has(run.out, "profile 7, session 1, commit abcdef012");
    assert_has(run.out, "Made by: ");
    assert_has(run.out, "prefers-color-scheme: dark");
    assert_bench(&run, "cat $T/flame/task-default-good-flame.folded", 0);
    assert_has(run.out, "main (task.toy:1);spin (task.toy:3) 960000\n");
    assert_bench(&run, "PATH=/nowhere; $B chart flame task --term text --db $T/flame.db", 0);
    assert_has(run.out, " 96.0 spin ├░");
    assert_has(run.out, "  4.0 main ├░");
    assert_bench(&run, "$B report html --db $T/flame.db", 0);
    assert_has(run.out, "<td title=\"ruff profile show 7\">#7 of abcdef012</td><td>good</td><td class=n>300</td><td>spin</td><td class=n>96.0</td>");
    bench_release(&run);
}

static void a_missing_profile_is_named_with_what_makes_it(void **state)
{
    (void)state;
    bench_run run = {0};
    copy_database("flameless.db");
    assert_bench(&run, "$B chart flame --db $T/flameless.db", 0);
    assert_has(run.err, "no profile is stored; `ruffbench profile BENCH` keeps one");
    assert_bench(&run, "$B chart flame task --db $T/flameless.db", 0);
    assert_has(run.err, "no profile of `task` is stored; `ruffbench profile task` keeps one");
    assert_bench(&run, "$B chart flame tusk --db $T/flameless.db", 0);
    assert_has(run.err, "is called `tusk`; did you mean `task`?");
    change("flameless.db", profile_of_good);
    assert_bench(&run, "$B chart flame task@twin --db $T/flameless.db", 0);
    assert_has(run.err, "no profile of `task@twin` is stored");
    assert_bench(&run, "$B report html --db $T/flameless.db --stored latest", 0);
    assert_bench(&run, "$B report html", 0);
    assert_lacks(run.out, "wide hot");
    bench_release(&run);
}

static void break_even_counts_everything_and_names_what_is_missing(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "$B breakeven task", 0);
    assert_has(run.out, "first with an answer");
    assert_bench(&run, "$B breakeven task good twin --json", 0);
    assert_has(run.out, "\"schema\": \"ruffbench.breakeven/1\"");
    assert_bench(&run, "$B breakeven nothing", 2);
    assert_has(run.err, "nothing has not been measured");
    assert_bench(&run, "$B breakeven task cobol", 2);
    assert_bench(&run, "$B breakeven", 2);
    bench_release(&run);
}

/* ---- databases that are not as they should be ---- */

static void an_empty_database_gives_an_empty_report(void **state)
{
    (void)state;
    bench_run run = {0};
    copy_database("empty.db");
    change("empty.db", "PRAGMA foreign_keys = ON; DELETE FROM session;");
    assert_bench(&run, "$B report --db $T/empty.db", 0);
    assert_has(run.out, "No results yet");
    assert_bench(&run, "$B report html --db $T/empty.db && $B report pr --db $T/empty.db && $B report --write $T/e.md --db $T/empty.db", 0);
    assert_bench(&run, "$B chart all --db $T/empty.db", 0);
    assert_has(run.err, "nothing to draw");
    assert_bench(&run, "$B report --db $T/not-there.db", 6);
    bench_release(&run);
}

static void a_session_that_ended_early_is_reported_as_far_as_it_got(void **state)
{
    (void)state;
    bench_run run = {0};
    copy_database("partial.db");
    change("partial.db", "PRAGMA foreign_keys = ON; DELETE FROM invocation WHERE seq > (SELECT max(seq) / 2 FROM invocation);"
                         "UPDATE plan_slot SET state = 'todo' WHERE seq > (SELECT max(seq) FROM invocation);"
                         "UPDATE session SET state = 'interrupted', ended_ns = NULL;");
    assert_bench(&run, "$B report --db $T/partial.db && $B report html --db $T/partial.db > $T/p.html && "
                       "$B chart all --term text --db $T/partial.db", 0);
    assert_has(run.out, "good");
    assert_has(run.out, "Session 1 is not complete (interrupted): ");
    assert_bench(&run, "$B compare --stored latest --no-chart --db $T/partial.db", 4);
    assert_has(run.out, "session 1, interrupted");
    bench_release(&run);
}

/* A reason is what a program printed: it may look like markup, and like the end of a region. */
static void what_programs_print_is_text_in_every_document(void **state)
{
    (void)state;
    bench_run run = {0};
    copy_database("markup.db");
    change("markup.db", "UPDATE invocation SET reason = 'said <!-- ruffbench:end --> and <script>' WHERE outcome != 'ok'");
    assert_bench(&run, "$B report --write $T/markup.md --db $T/markup.db && $B report --check $T/markup.md --db $T/markup.db && "
                       "cat $T/markup.md", 0);
    assert_has(run.out, "said &lt;!-- ruffbench:end --> and &lt;script>");
    assert_bench(&run, "$B compare --stored latest --md --db $T/markup.db", 4);
    assert_has(run.out, "said &lt;!-- ruffbench:end --> and &lt;script> |");
    assert_bench(&run, "$B report html --db $T/markup.db", 0);
    assert_has(run.out, "said &lt;!-- ruffbench:end --&gt; and &lt;script&gt;");
    bench_release(&run);
}

/* 50 benchmarks by 6 variants by 10 processes of 20 iterations, copied from what was measured. */
static const char many[] =
    "PRAGMA foreign_keys = OFF;"
    "CREATE TEMP TABLE k AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT i FROM n;"
    "CREATE TEMP TABLE w AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6) SELECT i FROM n;"
    "DELETE FROM plan_slot; DELETE FROM series; DELETE FROM invocation; DELETE FROM history_point;"
    "INSERT INTO benchmark (id, project_id, name, def_digest, unit_work, tags) SELECT 1000 + i, 1, printf('bench_%02d', i), "
    "printf('%d', i), 'n', CASE i % 4 WHEN 0 THEN 'calls' WHEN 1 THEN 'loops' WHEN 2 THEN 'dicts' ELSE 'text' END FROM k;"
    "INSERT INTO param_set (id, benchmark_id, json, label) SELECT 1000 + i, 1000 + i, '{\"size\":9,\"seed\":0}', 'default' FROM k;"
    "INSERT INTO language (id, name, def_digest, subject) SELECT 1000 + i, printf('lang_%d', i), '', i = 1 FROM w;"
    "INSERT INTO toolchain (id, language_id, version, exe_sha256, flags, version_raw, exe_path) "
    "SELECT 1000 + i, 1000 + i, '1.2.3', '', '', '', '' FROM w;"
    "INSERT INTO implementation (id, benchmark_id, language_id, name, source_sha256, source_bytes, style) "
    "SELECT 10000 + 10 * k.i + w.i, 1000 + k.i, 1000 + w.i, '', '', 0, 'core' FROM k, w;"
    "INSERT INTO variant (id, digest, implementation_id, toolchain_id, mode, role, label, argv_json, env_json) "
    "SELECT 10000 + 10 * k.i + w.i, printf('v%d-%d', k.i, w.i), 10000 + 10 * k.i + w.i, 1000 + w.i, '', '', "
    "printf('lang_%d', w.i), '[]', '[]' FROM k, w;"
    "CREATE TEMP TABLE s AS SELECT row_number() OVER () AS seq, b.i AS block, 10000 + 10 * k.i + w.i AS v, 1000 + k.i AS q, w.i AS lang "
    "FROM k, (SELECT i FROM k WHERE i <= 10) b, w;"
    "INSERT INTO plan_slot (session_id, seq, block, variant_id, param_set_id, state) SELECT 1, seq, block, v, q, 'done' FROM s;"
    "INSERT INTO invocation (id, session_id, seq, block, variant_id, param_set_id, started_ns, wall_ns, startup_ns, first_iter_ns, "
    "user_ns, sys_ns, rss_peak, rss_base, env_pad, outcome, reason, exit_status, verified, checksum, profiled) "
    "SELECT 100000 + seq, 1, seq, block, v, q, seq, 30000000, 1000000, 100000, 1, 1, 5000000 * lang, 4000000, 0, 'ok', '', 0, 1, "
    "'u64:8', 0 FROM s;"
    /* 20 iterations: the first of 64 * lang, 128 apart at most: two-byte varints of the zigzag */
    "INSERT INTO series (invocation_id, metric_id, n, data) SELECT 100000 + seq, (SELECT id FROM metric WHERE name = 'iteration'), 20, "
    "CAST(x'80' || char(16 + 8 * lang) || char(2 + seq % 5) || char(1 + seq % 5) || char(2) || replace(hex(zeroblob(8)), '00', char(2) || char(1)) AS BLOB) "
    "FROM s;";

static void fifty_benchmarks_by_six_variants_fit_into_one_small_page(void **state)
{
    (void)state;
    bench_run run = {0};
    copy_database("many.db");
    change("many.db", many);
    assert_bench(&run, "$B report html --db $T/many.db -o $T/many.html && [ $(wc -c < $T/many.html) -lt 1048576 ] && "
                       "grep -c '<article' $T/many.html", 0);
    assert_has(run.out, "50\n");
    assert_bench(&run, "grep -E 'https?:|url\\(|src=|<link|@import' $T/many.html", 1);
    bench_release(&run);
}

/* In every format, by a mark in tables and a word where programs read; nowhere when there is none. */
static void times_in_cpu_time_are_marked_everywhere(void **state)
{
    (void)state;
    bench_run run = {0};
    static const char note[] = "iterations timed in CPU time";
    assert_bench(&run, "cp -r $T/peers $T/clocks && echo 'clock: cpu' >> $T/clocks/suites/languages/twin.yaml && "
                       "$RUFFBENCH -C $T/clocks run task --langs good,twin --blocks 6 --budget 1ms -q --db $T/clocks.db", 0);
    static const struct {
        const char *command, *mark;
    } shown[] = {{"compare --stored latest --width 60", "twin 1.0†"}, {"compare --stored latest --md", "| twin 1.0† |"},
                 {"report", "twin†"},                                 {"report html", "<td>twin 1.0†</td>"},
                 {"warmup --stored latest", "task@twin†"},            {"show", "  twin†  "},
                 {"breakeven task", "twin†"},                         {"diff @1@good @1@twin --force", "good -> twin†"},
                 {"report pr", "twin†"}};
    for (size_t i = 0; i < RF_COUNT_OF(shown); i++) {
        char command[256];
        snprintf(command, sizeof command, "$B %s --db $T/clocks.db", shown[i].command);
        assert_bench(&run, command, 0);
        assert_has(run.out, shown[i].mark);
        assert_has(run.out, note);
        assert_lacks(run.out, "good†");
        assert_lacks(run.out, "good 1.0†");
    }
    assert_bench(&run, "$B compare --stored latest --json --db $T/clocks.db | tr -d ' \n' | grep -o '\"label\":\"[a-z]*\"\\|\"clock\":\"[a-z]*\"' | sort", 0);
    assert_has(run.out, "\"clock\":\"cpu\"\n\"clock\":\"wall\"\n");
    assert_bench(&run, "$B compare --stored latest --csv --db $T/clocks.db | grep ',twin,.*,iteration,.*,cpu$' | wc -l", 0);
    assert_has(run.out, "2\n");
    assert_bench(&run, "$B compare --stored latest --csv --db $T/clocks.db | grep -v iteration | grep ',cpu$'", 1);
    assert_bench(&run, "$B chart bars task --term text --db $T/clocks.db", 0);
    assert_has(run.out, "twin 1.0†");
    assert_has(run.out, "† CPU time");
    assert_bench(&run, "$B compare --stored latest; $B report --stored latest; $B report html --stored latest", 0);
    assert_lacks(run.out, "†");
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_in_cpu_time_are_marked_everywhere),
        cmocka_unit_test(regions_are_written_once_and_found_stale_when_edited),
        cmocka_unit_test(a_report_may_begin_at_a_day),
        cmocka_unit_test(charts_come_as_svg_png_or_text),
        cmocka_unit_test(a_file_that_is_not_there_gets_all_regions),
        cmocka_unit_test(broken_documents_are_named_by_line),
        cmocka_unit_test(wrong_answers_and_gaps_stay_visible),
        cmocka_unit_test(all_reports_print_the_same_numbers),
        cmocka_unit_test(what_programs_print_is_text_in_every_document),
        cmocka_unit_test(a_pull_request_text_has_its_marker_once),
        cmocka_unit_test(no_line_is_wider_than_asked),
        cmocka_unit_test(every_chart_keeps_data_script_and_two_pictures),
        cmocka_unit_test(without_gnuplot_it_says_what_is_missing_and_still_draws_text),
        cmocka_unit_test(unknown_kinds_and_benchmarks_are_named),
        cmocka_unit_test(a_flame_graph_is_drawn_from_the_newest_profile),
        cmocka_unit_test(a_missing_profile_is_named_with_what_makes_it),
        cmocka_unit_test(break_even_counts_everything_and_names_what_is_missing),
        cmocka_unit_test(an_empty_database_gives_an_empty_report),
        cmocka_unit_test(a_session_that_ended_early_is_reported_as_far_as_it_got),
        cmocka_unit_test(fifty_benchmarks_by_six_variants_fit_into_one_small_page),
    };
    return cmocka_run_group_tests(tests, measure_once, bench_tear_down);
}
