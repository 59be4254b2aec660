/* Measuring a selection: build, agree on answers, plan, run, store. */
#ifndef CLI_MEASURE_H
#define CLI_MEASURE_H

#include "cli/selection.h"
#include "run/session.h"

typedef struct cli_plan_choice {
    run_settings settings;
    stats_schedule_kind schedule;
    uint32_t blocks;
    uint64_t seed;
} cli_plan_choice;

/* From --blocks, --iters, --budget, --quick, --rigorous, --timeout, --limit, --schedule, --seed, --pin. */
cli_exit cli_choose_plan(const cli_context *cli, cli_plan_choice *choice);

/* Runs it all; the store must be open for writing.  *session is the new session's id, 0 when nothing could run.
 * The code is DONE also when processes failed: the store knows. */
cli_exit cli_measure(cli_context *cli, cli_selection *selection, const cli_plan_choice *choice, int64_t *session);

#endif
