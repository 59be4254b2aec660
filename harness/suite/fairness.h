/* Rules of fairness that files alone can show to be broken: warnings, each with its place. */
#ifndef SUITE_FAIRNESS_H
#define SUITE_FAIRNESS_H

#include "suite/suite.h"

/* Files in the language directories that belong to no benchmark: a misspelt name would silently
 * leave a program out. */
void fairness_check_files(const suite_catalog *suite, suite_problems *problems);
/* F1, F3, F4, F8, F12, F13, F23: rules that say nothing, sizes without an answer, no seed, no empty
 * program, no optimiser, a tuned collector, programs of very different size, nobody who has compared
 * them.  docs/method.md says where the other rules are kept. */
void fairness_check(const suite_catalog *suite, suite_problems *problems);

#endif
