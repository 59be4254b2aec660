/* Measuring a selection: build, agree on answers, plan, run, store. */
#ifndef CLI_MEASURE_H
#define CLI_MEASURE_H

#include "cli/selection.h"
#include "compare/set.h"
#include "run/session.h"

typedef struct cli_plan_choice {
    run_settings settings;
    stats_schedule_kind schedule;
    uint32_t blocks;
    uint64_t seed;
    double precision; /* half-width of ratios that a second stage is planned for; 0: one stage */
    size_t shard, shard_count; /* from 0; count 0: all */
} cli_plan_choice;

/* From --blocks, --iters, --budget, --quick, --rigorous, --timeout, --limit, --schedule, --seed,
 * --shard, --pin. */
cli_exit cli_choose_plan(const cli_context *cli, cli_plan_choice *choice);
/* What resume has to know of it; new. */
char *cli_settings_json(const cli_context *cli, const cli_selection *selection,
                        const cli_plan_choice *choice);
/* The options that those choices are made from, for the lists of commands. */
#define CLI_PLAN_OPTIONS                                                                           \
    CLI_OPTION_blocks, CLI_OPTION_precision, CLI_OPTION_counters, CLI_OPTION_quick,                \
        CLI_OPTION_rigorous, CLI_OPTION_iters, CLI_OPTION_budget, CLI_OPTION_timeout,              \
        CLI_OPTION_limit, CLI_OPTION_schedule, CLI_OPTION_seed, CLI_OPTION_pin,                    \
        CLI_OPTION_debug_eta
#define CLI_SELECTION_OPTIONS                                                                      \
    CLI_OPTION_langs, CLI_OPTION_modes, CLI_OPTION_sizes, CLI_OPTION_tag, CLI_OPTION_input_seed

/* The plan for what is ready in the selection; starts no child. */
void cli_make_plan(const cli_selection *selection, const cli_plan_choice *choice, run_plan *plan);

/* Runs it all; the store must be open for writing.  *session is the new session's id, 0 when
 * nothing could run. The code is DONE also when processes failed: the store knows. */
cli_exit cli_measure(cli_context *cli, cli_selection *selection, const cli_plan_choice *choice,
                     int64_t *session);
/* The session that --stored names (selection stays empty), or a new one made from words and
 * options.  Opens what it needs. Both must be released; *session is 0 when nothing could run, which
 * is then explained. */
cli_exit cli_obtain_session(cli_context *cli, cli_selection *selection, int64_t *session);
/* What that session stored; with --stored, as far as words, --langs, --modes, --sizes and --tag ask
 * for it. */
cli_exit cli_load_results(const cli_context *cli, int64_t session, store_results *results);
/* Variants of the selection that could not run stand in the tables with their reason. */
void cli_add_absent(compare_set *set, const cli_selection *selection);
/* "@12", "12" or "latest", in an open store. */
cli_exit cli_find_session(cli_context *cli, const char *name, int64_t *session);
/* A second look at the groups of which keep says so, in fresh blocks; a session of its own. */
cli_exit cli_measure_again(cli_context *cli, cli_selection *selection,
                           const cli_plan_choice *choice, bool (*keep)(const cli_group *, void *),
                           void *context, int64_t *session);
/* Goes on with a session; its plan must still be the same, else the code is NOT_COMPARABLE. */
cli_exit cli_resume(cli_context *cli, cli_selection *selection, const cli_plan_choice *choice,
                    int64_t session);

#endif
