/* Whole runs of a small suite of its own, through the same code as every other command. */
#include "cli/measure.h"
#include "cli/selftest_box.h"

#include "base/alloc.h"
#include "base/error.h"
#include "compare/set.h"
#include "compare/trust.h"
#include "run/machine.h"

#include <string.h>

/* Peers run long enough for a lie about time to show; pairs are many and short. */
enum { PAIR_BLOCKS = 10, PAIR_ITERATIONS = 20, PEER_ITERATIONS = 5000 };

/* Measures these languages and gives the table; false when that was not possible. */
static bool measure(selftest_box *box, const char *languages, const char *reference, uint64_t seed,
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
    selftest_box box;
    if (selftest_box_open(test, &box)) {
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
    selftest_box_close(&box);
}

/* ---- pairs ---- */

typedef struct tally {
    size_t slower, faster, same, unsure, ran;
} tally;

static tally count_verdicts(selftest *test, const char *kind)
{
    tally counts = {0};
    selftest_box box;
    char *languages = rf_format_text("good,%s", kind);
    if (selftest_box_open(test, &box)) {
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
    selftest_box_close(&box);
    rf_free(languages);
    return counts;
}

char selftest_grade_now(void)
{
    run_machine machine;
    stats_trust_facts facts;
    run_machine_capture(&machine);
    stats_trust trust = compare_grade_now(&machine, 1000000000, &facts);
    run_machine_release(&machine);
    return trust.letter;
}

void selftest_same(selftest *test)
{
    tally counts = count_verdicts(test, "twin");
    size_t wrong = counts.slower + counts.faster;
    selftest_report(
        test, counts.ran && (double)wrong <= 0.05 * (double)counts.ran,
        "aa: %zu of %zu equal pairs called different, %zu same, %zu unsure (limit 5 %%, trust %c)",
        wrong, counts.ran, counts.same, counts.unsure, selftest_grade_now());
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
            "planted: %d %% found in %zu of %zu pairs, %zu unsure, %zu same (wanted %.0f %%, trust "
            "%c)",
            cases[i].percent, counts.slower, counts.ran, counts.unsure, counts.same,
            100 * cases[i].wanted, selftest_grade_now());
    }
}
