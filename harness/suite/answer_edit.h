/* Writing an answer into suite.yaml without touching anything else in it. */
#ifndef SUITE_ANSWER_EDIT_H
#define SUITE_ANSWER_EDIT_H

#include "suite/suite.h"

/* "u64:6765", "i64:-3", "f64:0.5" or "hex:09af" for a digest; new, NULL when it is none of these.
 */
char *answer_with_kind(const char *digest);
/* Adds `size: "answer"` to the `expect` of a benchmark that has none for that size.  The file is
 * replaced whole. RUFF_E_SYNTAX when its form is not understood; it is untouched then. */
RF_MUST_USE ruff_status answer_insert(const char *path, const char *benchmark, const char *size,
                                      const char *answer, ruff_error *err);

#endif
