/* Goes on with a session that was interrupted, killed or ran out of time. */
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/error.h"
#include "store/results.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *settings, const char *key)
{
    return json_string_value(json_object_get(settings, key));
}

static int64_t number_of(const json_t *settings, const char *key)
{
    return json_integer_value(json_object_get(settings, key));
}

/* The options the session was begun with; texts are borrowed from settings. */
static void restore_options(cli_context *cli, const json_t *settings,
                            const store_session_row *session)
{
    cli_options *options = &cli->options;
    const json_t *words = json_object_get(settings, "words");
    options->langs = text_of(settings, "langs");
    options->modes = text_of(settings, "modes");
    options->sizes = text_of(settings, "sizes");
    options->tag = text_of(settings, "tag");
    options->shard = text_of(settings, "shard");
    options->input_seed = (uint64_t)number_of(settings, "input_seed");
    options->blocks = (uint64_t)number_of(settings, "blocks");
    options->iters = (uint64_t)number_of(settings, "iterations");
    options->budget = number_of(settings, "budget_ms") * 1000000;
    options->timeout = number_of(settings, "timeout_ns");
    options->schedule = session->schedule;
    options->seed = (uint64_t)session->seed;
    rf_free((void *)cli->words.data);
    cli->words.count = json_array_size(words);
    cli->words.data = rf_alloc_array_zero(const char *, cli->words.count + 1);
    for (size_t i = 0; i < cli->words.count; i++)
        cli->words.data[i] = json_string_value(json_array_get(words, i));
}

static cli_exit resume(cli_context *cli, const store_session_row *session)
{
    json_t *settings = json_loads(session->settings_json, 0, NULL);
    cli_plan_choice choice;
    cli_selection selection;
    restore_options(cli, settings, session);
    cli_exit code = cli_choose_plan(cli, &choice);
    choice.settings.cpus = (uint64_t)number_of(settings, "cpus");
    if (!code) code = cli_open_suite(cli);
    if (!code) {
        code = cli_select(cli, "default", &selection);
        if (!code) code = cli_resume(cli, &selection, &choice, session->id);
        cli_selection_release(&selection);
    }
    if (!code) printf("session %lld is complete\n", (long long)session->id);
    cli->words.count = 0;
    json_decref(settings);
    return code;
}

static bool is_alive(int64_t pid)
{
    return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    int64_t id = 0;
    store_session_row session;
    cli_exit code = cli_open_store(cli, STORE_WRITE);
    if (code) return code;
    if (cli->words.count) {
        const char *word = cli->words.data[0];
        char *end;
        id = strtoll(word + (*word == '@'), &end, 10);
        if (*end || id <= 0) return cli_usage_error(cli, "`%s` is no session; write @N", word);
    } else if (store_run_for_id(cli->db, STORE_QUERY_unfinished_session, &id, &err, "")) {
        return cli_fail(cli, &err);
    }
    if (id <= 0) {
        printf("nothing to resume: every session is complete\n");
        return CLI_EXIT_DONE;
    }
    if (store_find_session(cli->db, id, &session, &err)) return cli_fail(cli, &err);
    if (!strcmp(session.state, "done") || !strcmp(session.state, "imported"))
        code = cli_usage_error(cli, "session @%lld is complete already", (long long)id);
    else if (!strcmp(session.state, "running") && is_alive(session.pid))
        code = cli_usage_error(cli, "session @%lld is running now (process %lld)", (long long)id,
                               (long long)session.pid);
    else
        code = resume(cli, &session);
    store_session_row_release(&session);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_limit, CLI_OPTION_END};

const cli_command cmd_resume = {
    .name = "resume",
    .summary = "go on with an interrupted session",
    .arguments = "[@SESSION]",
    .about = "Carries out what is left of the plan of a session that was interrupted, killed or "
             "ran out of time: the newest one, or the one named.",
    .options = options,
    .examples = "ruffbench resume\n"
                "ruffbench resume @41 --limit 10m",
    .starts_children = true,
    .run = run};
