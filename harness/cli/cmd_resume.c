/* Goes on with a session that was interrupted, killed or ran out of time. */
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/error.h"
#include "store/results.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
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

/* Unless another one is named now; the place of the database may have been found with the default. */
static void restore_build(cli_context *cli, const char *directory)
{
    if (cli->options.build || !directory) return;
    cli->options.build = directory;
    if (!cli->root) return;
    rf_free(cli->build_directory);
    cli->build_directory = rf_strdup(directory);
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
    options->precision = json_real_value(json_object_get(settings, "precision"));
    options->blocks = options->precision > 0 ? 0 : (uint64_t)number_of(settings, "blocks");
    options->counters = number_of(settings, "counters") != 0;
    restore_build(cli, text_of(settings, "build"));
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

/* A pair of a check or bisect was measured when slots of it are stored: a second look takes only
 * some. */
static bool has_slots(const store_results *results, const cli_group *group)
{
    const run_variant *variant = &group->variants.data[0];
    for (size_t i = 0; i < results->slots.count; i++) {
        const store_slot_row *slot = &results->slots.data[i];
        const store_param_row *param = store_results_param(results, slot->param);
        const store_variant_row *row = store_results_variant(results, slot->variant);
        if (!strcmp(param->benchmark, group->param.benchmark->name) &&
            param->size == group->param.size && !strcmp(row->language, variant->language->name) &&
            !strcmp(row->mode, run_variant_mode_name(variant)))
            return true;
    }
    return false;
}

static cli_exit leave_out_unmeasured(cli_context *cli, cli_selection *selection, int64_t session)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_results results;
    if (store_load_results(cli->db, session, &results, &err)) return cli_fail(cli, &err);
    for (size_t i = 0; i < selection->groups.count; i++)
        selection->groups.data[i]->left_out = !has_slots(&results, selection->groups.data[i]);
    store_results_release(&results);
    return CLI_EXIT_DONE;
}

static cli_exit select_again(cli_context *cli, const json_t *settings, int64_t session,
                             cli_selection *selection)
{
    const char *base = text_of(settings, "base_build");
    if (!base) return cli_select(cli, "default", selection);
    cli_exit code = cli_select_pairs(cli, "default", base, cli->build_directory, selection);
    return code ? code : leave_out_unmeasured(cli, selection, session);
}

static cli_exit resume(cli_context *cli, const store_session_row *session)
{
    json_t *settings = json_loads(session->settings_json, 0, NULL);
    cli_plan_choice choice;
    cli_selection selection;
    restore_options(cli, settings, session);
    cli_exit code = cli_choose_plan(cli, &choice);
    choice.settings.cpus = (uint64_t)number_of(settings, "cpus");
    choice.settings.jit_iterations = (uint64_t)number_of(settings, "jit_iterations");
    choice.settings.jit_budget_ms = number_of(settings, "jit_budget_ms");
    if (!code) code = cli_open_suite(cli);
    if (!code) {
        code = select_again(cli, settings, session->id, &selection);
        if (!code) code = cli_resume(cli, &selection, &choice, session->id);
        cli_selection_release(&selection);
    }
    if (!code) printf("session %lld is complete\n", (long long)session->id);
    if (!code && text_of(settings, "base_build"))
        cli_note(cli, "it was begun by `%s`; a verdict is given by that command, begun anew",
                 session->command);
    cli->words.count = 0;
    json_decref(settings);
    return code;
}

/* A process of that number that is no ruffbench got the number later. */
static bool is_alive(int64_t pid)
{
    char path[64], name[32] = "";
    if (pid <= 0 || (kill((pid_t)pid, 0) != 0 && errno != EPERM)) return false;
    snprintf(path, sizeof path, "/proc/%lld/comm", (long long)pid);
    FILE *file = fopen(path, "re");
    if (!file) return true;
    bool read = fgets(name, sizeof name, file) != NULL;
    fclose(file);
    return !read || strncmp(name, "ruffbench", 9) == 0;
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
