/* What the user asked for, made into groups to compare: a benchmark on one input in every chosen
 * variant. */
#ifndef CLI_SELECTION_H
#define CLI_SELECTION_H

#include "cli/command.h"
#include "run/plan.h"

typedef struct cli_group {
    run_param param;
    char *agreed; /* answer that variants agreed on, when the suite has none; param.expected points
                     to it; owned */
    RF_VECTOR(run_variant) variants; /* ready or not */
    bool left_out;                   /* of the next plan */
} cli_group;

typedef struct cli_selection {
    run_toolchain *toolchains; /* one a language and side, probed when first needed */
    bool *probed;
    size_t toolchain_count;
    const char *builds[2]; /* {build} of the candidate (or only) side and of the base; borrowed */
    RF_VECTOR(cli_group *) groups;
} cli_selection;

/* From the words (selectors; none means all benchmarks) and --langs, --modes, --sizes, --tag.
 * default_size is taken where none is given.  Variants are found and their toolchains probed, but
 * not built.  A message is printed when the result is not CLI_EXIT_DONE. */
cli_exit cli_select(cli_context *cli, const char *default_size, cli_selection *selection);
/* For check and bisect: each mode of the project's own language as a pair, built in candidate_build
 * and in base_build. A group is one benchmark on one input in one mode: two variants. */
cli_exit cli_select_pairs(cli_context *cli, const char *default_size, const char *base_build,
                          const char *candidate_build, cli_selection *selection);
/* Whether --langs takes the language. */
bool cli_language_is_chosen(const cli_context *cli, const suite_language *language);
void cli_selection_release(cli_selection *selection);

/* Builds what needs building.  With a terminal, says so. */
void cli_build(cli_context *cli, cli_selection *selection, run_interrupt *interrupt);

#endif
