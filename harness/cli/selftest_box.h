/* A suite and a database of selftest's own in a temporary directory. */
#ifndef CLI_SELFTEST_BOX_H
#define CLI_SELFTEST_BOX_H

#include "cli/selftest.h"

typedef struct selftest_box {
    cli_context cli; /* suite and store are open */
    char *root;      /* owned */
} selftest_box;

/* False after a report of the failure; close it in either case. */
bool selftest_box_open(selftest *test, selftest_box *box);
void selftest_box_close(selftest_box *box);

#endif
