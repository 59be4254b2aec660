/* Whole runs of a small suite of its own, through the same code as every other command. */
#include "cli/measure.h"
#include "cli/selftest.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "compare/set.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Peers run long enough for a lie about time to show; pairs are many and short. */
enum { PAIR_BLOCKS = 10, PAIR_ITERATIONS = 20, PEER_ITERATIONS = 5000 };

static const char *const kinds[] = {"good", "twin", "slow2", "slow5", "slow10", "wrong",
                                    "fast", "long", "crash", "exit",  "mute",   "hang"};

/* A context of its own in a temporary directory. */
typedef struct sandbox {
    cli_context cli;
    char *root;
} sandbox;

static bool write_text(const char *root, const char *name, const char *text)
{
    char *path = rf_format_text("%s/%s", root, name);
    bool fine = rf_file_replace(path, text, strlen(text), NULL) == RUFF_OK;
    rf_free(path);
    return fine;
}

static bool write_suite(const char *root)
{
    static const char *const directories[] = {"suites", "suites/languages", "suites/peers"};
    bool fine = true;
    for (size_t i = 0; i < RF_COUNT_OF(directories); i++) {
        char *path = rf_format_text("%s/%s", root, directories[i]);
        fine = fine && mkdir(path, 0700) == 0;
        rf_free(path);
    }
    fine =
        fine &&
        write_text(
            root, "suites/suite.yaml",
            "project: selftest\nbenchmarks:\n  - name: spin\n    about: a loop\n    rules: a loop\n"
            "    sizes: { default: 5 }\n    unit: n\n    style: core\n"
            "    expect: { default: \"u64:155\" }\n    limits: { timeout: 1s }\n");
    for (size_t i = 0; i < RF_COUNT_OF(kinds) && fine; i++) {
        char *name = rf_format_text("suites/languages/%s.yaml", kinds[i]);
        char *source = rf_format_text("suites/peers/spin.%s", kinds[i]);
        char *text = rf_format_text("name: %s\next: %s\ndirectory: peers\n"
                                    "probe: { run: [\"{build}/bin/ruffbench\", --version], "
                                    "pattern: \"ruffbench ([0-9.]+)\" }\n"
                                    "run: [\"{build}/bin/ruffbench\", selftest, peer, %s, "
                                    "\"{size}\", \"{seed}\", \"{iters}\", "
                                    "\"{budget}\", \"--\", \"{src}\"]\n",
                                    kinds[i], kinds[i], kinds[i]);
        fine = write_text(root, name, text) && write_text(root, source, "");
        rf_free(name);
        rf_free(source);
        rf_free(text);
    }
    return fine;
}

static bool open_sandbox(selftest *test, sandbox *box)
{
    const char *base = getenv("TMPDIR");
    box->root = rf_format_text("%s/ruffbench-selftest-XXXXXX", base ? base : "/tmp");
    box->cli = (cli_context){.command = "selftest",
                             .command_line = "ruffbench selftest",
                             .launcher = test->cli->launcher,
                             .out = test->cli->out,
                             .err = test->cli->err};
    cli_options_init(&box->cli.options);
    box->cli.options.quiet = true;
    box->cli.options.directory = box->root;
    bool fine = mkdtemp(box->root) && write_suite(box->root) &&
                cli_open_suite(&box->cli) == CLI_EXIT_DONE &&
                cli_open_store(&box->cli, STORE_WRITE) == CLI_EXIT_DONE;
    if (!fine) selftest_report(test, false, "cannot set up a suite in %s", box->root);
    return fine;
}

/* Removes what write_suite and a run have made: two levels of files. */
static void remove_tree(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        char *child = rf_format_text("%s/%s", path, entry->d_name);
        if (unlink(child) != 0 && (errno == EISDIR || errno == EPERM)) remove_tree(child);
        rf_free(child);
    }
    if (directory) closedir(directory);
    rmdir(path);
}

static void close_sandbox(sandbox *box)
{
    store_close(box->cli.db);
    suite_free(box->cli.suite);
    char *owned[] = {box->cli.root, box->cli.build_directory, box->cli.state_directory,
                     box->cli.db_path};
    for (size_t i = 0; i < RF_COUNT_OF(owned); i++) rf_free(owned[i]);
    remove_tree(box->root);
    rf_free(box->root);
}

/* Measures these languages and gives the table; false when that was not possible. */
static bool measure(sandbox *box, const char *languages, const char *reference, uint64_t seed,
                    uint32_t blocks, uint64_t iterations, compare_table *table)
{
    ruff_error err = RUFF_ERROR_INIT;
    cli_selection selection;
    store_results results;
    int64_t session = 0;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    cli_plan_choice choice = {
        .settings = {.iterations = iterations, .budget_ms = 60}, .blocks = blocks, .seed = seed};
    options.reference = reference;
    box->cli.options.langs = languages;
    cli_exit code = cli_select(&box->cli, "default", &selection);
    if (!code) code = cli_measure(&box->cli, &selection, &choice, &session);
    cli_selection_release(&selection);
    if (code || !session || store_load_results(box->cli.db, session, &results, &err)) return false;
    compare_table_build(table, &results, results.params.data[0].id, &options);
    store_results_release(&results);
    return true;
}

static const compare_row *find_row(const compare_table *table, const char *label)
{
    for (size_t i = 0; i < table->rows.count; i++)
        if (strcmp(table->rows.data[i].label, label) == 0) return &table->rows.data[i];
    return NULL;
}

/* ---- peers ---- */

void selftest_peers(selftest *test)
{
    static const struct {
        const char *kind;
        run_outcome outcome;
    } cases[] = {{"wrong", RUN_WRONG}, {"fast", RUN_CLOCK}, {"long", RUN_CLOCK},
                 {"crash", RUN_CRASH}, {"exit", RUN_CRASH}, {"mute", RUN_CRASH},
                 {"hang", RUN_TIMEOUT}};
    sandbox box;
    if (open_sandbox(test, &box)) {
        for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
            compare_table table;
            char *languages = rf_format_text("good,%s", cases[i].kind);
            if (measure(&box, languages, "good", 1, 2, PEER_ITERATIONS, &table)) {
                const compare_row *bad = find_row(&table, cases[i].kind),
                                  *good = find_row(&table, "good");
                bool passed = bad && good && bad->outcome == cases[i].outcome &&
                              !bad->counts[RUN_OK] && good->counts[RUN_OK] == 2;
                selftest_report(test, passed, "peers: %s is called %s: %s", cases[i].kind,
                                bad ? run_outcome_word(bad->outcome) : "nothing",
                                bad ? bad->reason : "");
                compare_table_release(&table);
            }
            rf_free(languages);
        }
    }
    close_sandbox(&box);
}

/* ---- pairs ---- */

typedef struct tally {
    size_t slower, faster, same, unsure, ran;
} tally;

static tally count_verdicts(selftest *test, const char *kind)
{
    tally counts = {0};
    sandbox box;
    char *languages = rf_format_text("good,%s", kind);
    if (open_sandbox(test, &box)) {
        for (uint64_t i = 0; i < test->cli->options.pairs; i++) {
            compare_table table;
            if (!measure(&box, languages, "good", i, PAIR_BLOCKS, PAIR_ITERATIONS, &table))
                continue;
            const compare_row *row = find_row(&table, kind);
            counts.ran += row != NULL;
            counts.slower += row && row->verdict == STATS_SLOWER;
            counts.faster += row && row->verdict == STATS_FASTER;
            counts.same += row && row->verdict == STATS_SAME;
            counts.unsure += row && row->verdict == STATS_UNSURE;
            compare_table_release(&table);
        }
    }
    close_sandbox(&box);
    rf_free(languages);
    return counts;
}

void selftest_same(selftest *test)
{
    tally counts = count_verdicts(test, "twin");
    size_t wrong = counts.slower + counts.faster;
    selftest_report(
        test, counts.ran && (double)wrong <= 0.05 * (double)counts.ran,
        "aa: %zu of %zu equal pairs called different, %zu same, %zu unsure (limit 5 %%)", wrong,
        counts.ran, counts.same, counts.unsure);
}

void selftest_planted(selftest *test)
{
    static const struct {
        const char *kind;
        int percent;
        double wanted; /* share that has to be found */
    } cases[] = {{"slow10", 10, 0.95}, {"slow5", 5, 0.8}, {"slow2", 2, 0}};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        tally counts = count_verdicts(test, cases[i].kind);
        selftest_report(
            test,
            counts.ran && (double)counts.slower >= cases[i].wanted * (double)counts.ran &&
                counts.faster == 0,
            "planted: %d %% found in %zu of %zu pairs, %zu unsure, %zu same (wanted %.0f %%)",
            cases[i].percent, counts.slower, counts.ran, counts.unsure, counts.same,
            100 * cases[i].wanted);
    }
}
