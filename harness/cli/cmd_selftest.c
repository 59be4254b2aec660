#include "cli/selftest.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <string.h>

typedef struct part {
    const char *name, *about;
    void (*run)(selftest *);
} part;

static const part parts[] = {
    {"rss", "memory of a small child under a large harness", selftest_rss},
    {"overhead", "what starting a child costs", selftest_overhead},
    {"peers", "wrong, lying, hanging and crashing peers", selftest_peers},
    {"kills", "a session killed at random points (--pairs)", selftest_kills},
    {"aa", "false verdicts between equal programs (--pairs)", selftest_same},
    {"planted", "slow-downs of 10, 5 and 2 % (--pairs)", selftest_planted},
    {"gate", "false alarms of gates over forty unchanged benchmarks (--pairs)", selftest_gate},
    {"stats", "coverage of every interval, false alarms of gates (--trials)", selftest_stats},
    {"history", "steps found and invented in simulated histories (--trials)", selftest_history},
};

void selftest_report(selftest *test, bool passed, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&test->out, format, args);
    va_end(args);
    test->failures += !passed;
    rf_buffer lines = RF_BUFFER_INIT;
    rf_buffer_append_text(&lines, passed ? "ok   " : "FAIL ");
    report_wrap(&lines, test->out.data, 5, 6, test->cli->out.width);
    cli_print(&lines);
    rf_buffer_clear(&test->out);
}

static bool is_wanted(const cli_words *words, const char *name)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->data[i], name) == 0) return true;
    return words->count == 0;
}

static cli_exit check_words(const cli_context *cli)
{
    for (size_t w = 0; w < cli->words.count; w++) {
        size_t i = 0;
        while (i < RF_COUNT_OF(parts) && strcmp(parts[i].name, cli->words.data[w]) != 0) i++;
        if (i == RF_COUNT_OF(parts))
            return cli_usage_error(
                cli,
                "there is no part `%s`; use rss, overhead, peers, kills, aa, planted, gate, stats or history",
                cli->words.data[w]);
    }
    return CLI_EXIT_DONE;
}

static cli_exit run(cli_context *cli)
{
    if (cli->words.count && strcmp(cli->words.data[0], "peer") == 0)
        return (cli_exit)selftest_peer(&cli->words);
    selftest test = {.cli = cli};
    cli_exit code = check_words(cli);
    if (code) return code;
    for (size_t i = 0; i < RF_COUNT_OF(parts); i++)
        if (is_wanted(&cli->words, parts[i].name)) parts[i].run(&test);
    rf_buffer_release(&test.out);
    return test.failures ? CLI_EXIT_FAILED : CLI_EXIT_DONE;
}

static const cli_option_id options[] = {CLI_OPTION_pairs, CLI_OPTION_trials, CLI_OPTION_END};

const cli_command cmd_selftest = {.name = "selftest",
                                  .summary = "ruffbench on trial: does it find what is there?",
                                  .arguments = "[PART ...]",
                                  .about =
                                      "Runs programs and simulations whose right answer is known: "
                                      "equal pairs, planted slow-downs, peers that lie, "
                                      "hang, crash or answer wrongly, sessions that are killed, coverage of intervals. "
                                      "Parts: rss, overhead, peers, kills, aa, planted, gate, stats, history. "
                                      "Ends with 4 when something was missed.",
                                  .options = options,
                                  .examples = "ruffbench selftest\n"
                                              "ruffbench selftest aa --pairs 200\n"
                                              "ruffbench selftest gate --pairs 40\n"
                                              "ruffbench selftest kills --pairs 200\n"
                                              "ruffbench selftest stats --trials 10000",
                                  .starts_children = true,
                                  .run = run};
