/* Profiled passes of variants, and what moved between two of them. */
#ifndef CLI_PROFILE_PASS_H
#define CLI_PROFILE_PASS_H

#include "cli/selection.h"
#include "prof/profile.h"

#include <jansson.h>

/* Runs the variant (ready and built) under the profiler of its language.  out is initialised by it in any case.
 * RUFF_E_MISUSE when nothing can profile the language. */
RF_MUST_USE ruff_status cli_profile_variant(cli_context *cli, const run_variant *variant, const run_param *param,
                                            run_interrupt *interrupt, rf_profile *out, ruff_error *err);
/* "fibonacci/default@ruff:vm"; new. */
char *cli_profile_label(const run_variant *variant, const run_param *param);
/* Appends what moved from before to after; what cannot be compared is said. */
void cli_profile_append_diff(rf_buffer *out, const char *title, const rf_profile *const *before, size_t before_count,
                             const rf_profile *const *after, size_t after_count, bool force);
/* The same for machines: {label, obstacle} or {label, ...} with the keys of `ruff profile diff --json`; new. */
json_t *cli_profile_diff_json(const char *label, const rf_profile *const *before, size_t before_count,
                              const rf_profile *const *after, size_t after_count, bool force);

#endif
