/* Rules of fairness that files alone can show to be broken: warnings, each with its place. */
#ifndef SUITE_FAIRNESS_H
#define SUITE_FAIRNESS_H

#include "suite/suite.h"

/* Files in the language directories that belong to no benchmark: a misspelt name would silently
 * leave a program out. */
void fairness_check_files(const suite_catalog *suite, suite_problems *problems);
/* F1, F4, F12, F16, F23: rules that say nothing, no seed, no optimiser, executables that are not
 * named, programs of very different size, nobody who has compared them. */
void fairness_check(const suite_catalog *suite, suite_problems *problems);

#endif
