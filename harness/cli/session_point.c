/* Sessions by the names people give them, and the one a command is about. */
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "compare/set.h"
#include "run/git.h"
#include "store/results.h"
#include "suite/selector.h"

#include <stdlib.h>
#include <string.h>

/* What a baseline's name or a commit stands for. */
static cli_exit find_by_name(cli_context *cli, const char *name, int64_t *session)
{
    ruff_error err = RUFF_ERROR_INIT;
    bool baseline = strncmp(name, "base:", 5) == 0;
    run_commit commit = {0};
    ruff_status status = RUFF_OK;
    if (baseline) {
        status = store_run_for_id(cli->db, STORE_QUERY_find_baseline, session, &err, "s", name + 5);
    } else {
        status =
            run_commit_resolve(cli->launcher, cli->options.directory ? cli->options.directory : ".",
                               name + 4, &commit, &err);
        if (!status)
            status = store_run_for_id(cli->db, STORE_QUERY_session_of_commit, session, &err, "s",
                                      commit.sha);
        run_commit_release(&commit);
    }
    if (status) return cli_fail(cli, &err);
    return *session > 0
               ? CLI_EXIT_DONE
               : cli_usage_error(cli, "no session is called `%s`; see `ruffbench list --sessions`",
                                 name);
}

cli_exit cli_find_session(cli_context *cli, const char *name, int64_t *session)
{
    ruff_error err = RUFF_ERROR_INIT;
    char *end;
    if (strcmp(name, "latest") == 0) {
        if (store_last_session(cli->db, session, &err)) return cli_fail(cli, &err);
        return *session ? CLI_EXIT_DONE
                        : cli_usage_error(cli, "%s: there are no sessions yet", cli->db_path);
    }
    if (!strncmp(name, "base:", 5) || !strncmp(name, "git:", 4))
        return find_by_name(cli, name, session);
    *session = strtoll(name + (*name == '@'), &end, 10);
    return *end || *session <= 0
               ? cli_usage_error(cli, "`%s` is no session; write @N, latest, base:NAME or git:REF",
                                 name)
               : CLI_EXIT_DONE;
}

/* Nothing could run at all: say why for each. */
static cli_exit explain_nothing(const cli_context *cli, const cli_selection *selection)
{
    bool built = true;
    for (size_t g = 0; g < selection->groups.count; g++)
        for (size_t v = 0; v < selection->groups.data[g]->variants.count; v++) {
            const run_variant *variant = &selection->groups.data[g]->variants.data[v];
            fprintf(stderr, "%s  %s\n", variant->label, variant->reason);
            built = built && variant->state != RUN_VARIANT_BUILD;
        }
    fprintf(stderr, "ruffbench %s: nothing could be measured\n", cli->command);
    return built ? CLI_EXIT_UNSURE : CLI_EXIT_FAILED;
}

static cli_exit remember_baseline(cli_context *cli, int64_t session)
{
    ruff_error err = RUFF_ERROR_INIT;
    return store_run(cli->db, STORE_QUERY_put_baseline, &err, "sisi", cli->options.baseline,
                     session, "", rf_clock_wall_ns())
               ? cli_fail(cli, &err)
               : CLI_EXIT_DONE;
}

cli_exit cli_obtain_session(cli_context *cli, cli_selection *selection, int64_t *session)
{
    cli_plan_choice choice;
    *selection = (cli_selection){0};
    *session = 0;
    if (cli->options.stored) {
        cli_exit opened = cli_open_store(cli, STORE_READ);
        return opened ? opened : cli_find_session(cli, cli->options.stored, session);
    }
    cli_exit code = cli_choose_plan(cli, &choice);
    if (!code) code = cli_open_suite(cli);
    if (!code) code = cli_open_store(cli, STORE_WRITE);
    if (!code) code = cli_select(cli, "default", selection);
    if (!code) code = cli_measure(cli, selection, &choice, session);
    if (!code && !*session) code = explain_nothing(cli, selection);
    if (*session && cli->options.baseline)
        code = cli_exit_worse(code, remember_baseline(cli, *session));
    return code;
}

/* ---- what of a stored session was asked for ---- */

typedef struct wish {
    const cli_context *cli;
    RF_VECTOR(suite_selector) selectors; /* empty: everything */
} wish;

static bool has_tag(const char *tags, const char *tag)
{
    size_t length = strlen(tag);
    for (const char *at = tags; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strcspn(at, " ") == length && strncmp(at, tag, length) == 0) return true;
    return false;
}

static bool size_fits(const char *wanted, const store_param_row *param)
{
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)param->size);
    return !wanted || selector_list_takes(wanted, param->label) || selector_list_takes(wanted, number);
}

static bool is_wanted(const void *context, const store_param_row *param,
                      const store_variant_row *variant)
{
    const wish *it = context;
    const cli_options *options = &it->cli->options;
    if (options->langs && !selector_list_takes(options->langs, variant->language)) return false;
    if (options->modes && *variant->mode && !selector_list_takes(options->modes, variant->mode))
        return false;
    if (options->tag && !has_tag(param->tags, options->tag)) return false;
    if (!size_fits(options->sizes, param)) return false;
    for (size_t i = 0; i < it->selectors.count; i++) {
        const suite_selector *selector = &it->selectors.data[i];
        if (selector_takes_benchmark(selector, param->benchmark) &&
            size_fits(selector->size, param) &&
            selector_takes_variant(selector, variant->language, variant->mode))
            return true;
    }
    return it->selectors.count == 0;
}

static cli_exit narrow(const cli_context *cli, int64_t session, store_results *results)
{
    ruff_error err = RUFF_ERROR_INIT;
    cli_exit code = CLI_EXIT_DONE;
    wish it = {.cli = cli};
    for (size_t i = 0; i < cli->words.count && !code; i++) {
        suite_selector selector;
        if (selector_parse(&selector, cli->words.data[i], &err))
            code = cli_fail(cli, &err);
        else
            rf_vector_push(&it.selectors, selector);
    }
    const size_t before = results->slots.count;
    if (!code) store_results_keep(results, is_wanted, &it);
    if (!code && before && !results->slots.count)
        code = cli_usage_error(cli, "session @%lld has nothing of that; `ruffbench show @%lld` lists it",
                               (long long)session, (long long)session);
    for (size_t i = 0; i < it.selectors.count; i++) selector_release(&it.selectors.data[i]);
    rf_vector_release(&it.selectors);
    return code;
}

cli_exit cli_load_results(const cli_context *cli, int64_t session, store_results *results)
{
    ruff_error err = RUFF_ERROR_INIT;
    const cli_options *options = &cli->options;
    const bool asks_for_part = cli->words.count || options->langs || options->modes || options->sizes || options->tag;
    if (store_load_results(cli->db, session, results, &err)) return cli_fail(cli, &err);
    cli_exit code = options->stored && asks_for_part ? narrow(cli, session, results) : CLI_EXIT_DONE;
    if (code) store_results_release(results);
    return code;
}

void cli_add_absent(compare_set *set, const cli_selection *selection)
{
    for (size_t g = 0; g < selection->groups.count; g++) {
        const cli_group *group = selection->groups.data[g];
        for (size_t t = 0; t < set->tables.count; t++) {
            compare_table *table = &set->tables.data[t];
            if (strcmp(table->benchmark, group->param.benchmark->name) != 0 ||
                table->size != group->param.size)
                continue;
            for (size_t v = 0; v < group->variants.count; v++) {
                const run_variant *variant = &group->variants.data[v];
                if (variant->state != RUN_VARIANT_READY)
                    compare_table_add_absent(table, variant->label, variant->language->name,
                                             run_variant_mode_name(variant),
                                             variant->state == RUN_VARIANT_BUILD ? RUN_BUILD
                                                                                 : RUN_MISSING,
                                             variant->reason);
            }
        }
    }
}
