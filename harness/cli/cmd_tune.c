/* Quieting the machine, and putting everything back: the two commands share their journal. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "run/tune.h"

#include <stdlib.h>

/* Where settings are looked for; another root is for trying it out. */
static const char *settings_root(void)
{
    const char *path = getenv("RUFFBENCH_TUNE_ROOT");
    return path ? path : "";
}

static cli_exit tune(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    run_tuning_list list = {0};
    ruff_status status = RUFF_OK;
    run_tune_plan(settings_root(), &list);
    for (size_t i = 0; i < list.count; i++)
        printf("%s  %s -> %s\n", list.data[i].path, list.data[i].before, list.data[i].after);
    if (!list.count)
        printf("nothing to change: settings are right already or not visible here\n");
    else if (!cli->options.dry_run)
        status = run_tune_apply(&list, run_tune_journal(), &err);
    if (!status && list.count && !cli->options.dry_run) printf("undo: ruffbench restore\n");
    run_tuning_list_release(&list);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static cli_exit restore(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    size_t restored;
    ruff_status status = run_tune_restore(run_tune_journal(), &restored, &err);
    if (restored)
        printf("%zu settings are as before\n", restored);
    else if (!status)
        printf("nothing to restore\n");
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static const cli_option_id tune_options[] = {CLI_OPTION_dry_run, CLI_OPTION_END};

const cli_command cmd_tune = {
    .name = "tune",
    .summary = "quiet the machine (root)",
    .arguments = "",
    .about =
        "Sets governors to performance, turbo off and perf's sample rate to 1. Old values go to "
        "a journal first; `restore` puts them back, also after a crash.",
    .options = tune_options,
    .examples = "ruffbench tune --dry-run\n"
                "sudo ruffbench tune",
    .run = tune};

const cli_command cmd_restore = {
    .name = "restore",
    .summary = "put back what tune has changed",
    .arguments = "",
    .about = "Puts every setting of the journal back to its old value, last first, and checks it.",
    .examples = "sudo ruffbench restore",
    .run = restore};
