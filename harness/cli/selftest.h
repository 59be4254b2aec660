/* ruffbench on trial: each part does something whose right answer is known and says what ruffbench
 * made of it. */
#ifndef CLI_SELFTEST_H
#define CLI_SELFTEST_H

#include "cli/command.h"

typedef struct selftest {
    cli_context *cli;
    rf_buffer out;
    size_t failures;
} selftest;

/* "ok    rss: 1.2 MiB for a trivial child" or "FAIL  ..."; counts failures. */
void selftest_report(selftest *test, bool passed, const char *format, ...) RF_PRINTF(3, 4);

/* Trust grade: what the machine is good for just now. */
char selftest_grade_now(void);

void selftest_rss(selftest *test);
void selftest_overhead(selftest *test);
void selftest_peers(selftest *test);
void selftest_same(selftest *test); /* aa */
void selftest_planted(selftest *test);
void selftest_gate(selftest *test);
void selftest_kills(selftest *test);
void selftest_stats(selftest *test);
void selftest_history(selftest *test);

/* A benchmark program of a given character: what the parts above start as a child.  words: KIND
 * SIZE SEED ITERS BUDGET_MS. */
int selftest_peer(const cli_words *words);

#endif
