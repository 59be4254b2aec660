#include "cli/selection.h"

#include "base/alloc.h"
#include "base/error.h"
#include "suite/nearest.h"
#include "suite/quantity.h"
#include "suite/selector.h"

#include <stdlib.h>
#include <string.h>

typedef RF_VECTOR(suite_selector) selector_list;
typedef RF_VECTOR(char *) text_list;

/* ---- names that must exist ---- */

static cli_exit unknown_benchmark(const cli_context *cli, const char *name)
{
    RF_VECTOR(const char *) names = {0};
    for (unsigned i = 0; i < cli->suite->file->benchmarks_count; i++)
        rf_vector_push(&names, cli->suite->file->benchmarks[i].name);
    const char *meant = nearest_name(name, names.data, names.count);
    rf_vector_release(&names);
    return cli_usage_error(cli, "no benchmark is called `%s`%s%s%s", name,
                           meant ? "; did you mean `" : "; see `ruffbench list`",
                           meant ? meant : "", meant ? "`?" : "");
}

static cli_exit unknown_language(const cli_context *cli, const char *name)
{
    RF_VECTOR(const char *) names = {0};
    for (size_t i = 0; i < cli->suite->languages.count; i++)
        rf_vector_push(&names, cli->suite->languages.data[i]->name);
    const char *meant = nearest_name(name, names.data, names.count);
    rf_vector_release(&names);
    return cli_usage_error(cli, "no language is called `%s`%s%s%s", name,
                           meant ? "; did you mean `" : "; see `ruffbench list`",
                           meant ? meant : "", meant ? "`?" : "");
}

/* Every word of --langs must mean a language, every word of --modes a mode of one. */
static cli_exit check_list(const cli_context *cli, const char *list, bool modes)
{
    cli_exit code = CLI_EXIT_DONE;
    for (const char *at = list; at && *at && !code;) {
        size_t length = strcspn(at, ",");
        char *word = rf_strndup(at, length);
        bool found = false;
        for (size_t i = 0; i < cli->suite->languages.count; i++) {
            const suite_language *language = cli->suite->languages.data[i];
            if (!modes)
                found = found || language_is_called(language, word) ||
                        selector_list_takes(word, language->name);
            for (unsigned m = 0; modes && m < language->mode_count; m++)
                found = found || selector_list_takes(word, language->modes[m].name);
        }
        if (!found && modes)
            code = cli_usage_error(cli, "no language has a mode `%s`; see `ruffbench list`", word);
        else if (!found)
            code = unknown_language(cli, word);
        rf_free(word);
        at += length + (at[length] == ',');
    }
    return code;
}

/* ---- sizes ---- */

/* "20..32:4" says 20, 24, 28, 32. */
static bool add_range(text_list *sizes, const char *text)
{
    const char *dots = strstr(text, ".."), *colon = dots ? strchr(dots, ':') : NULL;
    if (!dots) return false;
    uint64_t low, high, step = 1;
    char *first = rf_strndup(text, (size_t)(dots - text));
    char *last = colon ? rf_strndup(dots + 2, (size_t)(colon - dots - 2)) : rf_strdup(dots + 2);
    bool fine = quantity_parse_count(first, &low) && quantity_parse_count(last, &high) &&
                (!colon || quantity_parse_count(colon + 1, &step)) && step > 0 && low <= high &&
                (high - low) / step < 1000;
    for (uint64_t size = low; fine && size <= high; size += step) {
        char *one = rf_format_text("%llu", (unsigned long long)size);
        rf_vector_push(sizes, one);
    }
    rf_free(first);
    rf_free(last);
    return fine;
}

static cli_exit split_sizes(const cli_context *cli, const char *list, text_list *sizes)
{
    while (*list) {
        size_t length = strcspn(list, ",");
        char *word = rf_strndup(list, length);
        suite_size named;
        uint64_t number;
        bool plain = suite_find_size(word, &named) || quantity_parse_count(word, &number);
        cli_exit code = CLI_EXIT_DONE;
        if (plain)
            rf_vector_push(sizes, word);
        else if (!add_range(sizes, word))
            code = cli_usage_error(
                cli,
                "`%s` is no size; use small, default, large, a number or a range like 20..32:4",
                word);
        if (!plain) rf_free(word);
        if (code) return code;
        list += length + (list[length] == ',');
    }
    return CLI_EXIT_DONE;
}

static void release_texts(text_list *list)
{
    for (size_t i = 0; i < list->count; i++) rf_free(list->data[i]);
    rf_vector_release(list);
}

/* ---- groups ---- */

typedef enum cli_side { CANDIDATE, BASE } cli_side;

static const run_toolchain *toolchain_of(cli_context *cli, cli_selection *selection,
                                         size_t language, cli_side side)
{
    size_t index = 2 * language + side;
    if (!selection->probed[index])
        run_toolchain_probe(cli->launcher, cli->suite, cli->suite->languages.data[language],
                            selection->builds[side], &selection->toolchains[index]);
    selection->probed[index] = true;
    return &selection->toolchains[index];
}

bool cli_language_is_chosen(const cli_context *cli, const suite_language *language)
{
    const char *list = cli->options.langs;
    bool fits = !list || selector_list_takes(list, language->name);
    for (unsigned i = 0; i < language->alias_count && !fits; i++)
        fits = selector_list_takes(list, language->aliases[i]);
    return fits;
}

static bool is_chosen(const cli_context *cli, const suite_selector *selector,
                      const suite_language *language, const char *mode)
{
    const char *modes = cli->options.modes;
    bool mode_fits = !modes || !language->mode_count || selector_list_takes(modes, mode);
    return cli_language_is_chosen(cli, language) && mode_fits &&
           selector_takes_variant(selector, language->name, mode);
}

/* A language without a program for the benchmark takes part only when it was asked for by name. */
static bool takes_part(const cli_context *cli, const suite_selector *selector,
                       const run_variant *variant)
{
    bool named = cli->options.langs || selector->languages.count;
    return variant->has_source || named;
}

static void add_variant(cli_context *cli, cli_selection *selection, cli_group *group,
                        const suite_selector *selector, size_t language, const suite_mode *mode,
                        cli_side side)
{
    run_variant variant;
    run_variant_request request = {.suite = cli->suite,
                                   .benchmark = group->param.benchmark,
                                   .mode = mode,
                                   .toolchain = toolchain_of(cli, selection, language, side),
                                   .build_directory = selection->builds[side],
                                   .role = side == BASE ? "base" : NULL};
    run_variant_init(&variant, &request);
    if (takes_part(cli, selector, &variant))
        rf_vector_push(&group->variants, variant);
    else
        run_variant_release(&variant);
}

static cli_group *new_group(cli_context *cli, const suite_benchmark *benchmark, const char *size,
                            cli_exit *code)
{
    uint64_t seed =
        cli->options.input_seed == UINT64_MAX ? cli->suite->file->seed : cli->options.input_seed;
    cli_group *group = rf_new(cli_group);
    if (run_param_init(&group->param, cli->suite, benchmark, size, seed)) return group;
    rf_free(group);
    *code = cli_usage_error(cli, "benchmark %s has no size `%s`", benchmark->name, size);
    return NULL;
}

/* One group for all languages and modes, or a group of two for each mode of the project's own
 * language. */
static cli_exit add_groups(cli_context *cli, cli_selection *selection,
                           const suite_selector *selector, const suite_benchmark *benchmark,
                           const char *size)
{
    cli_exit code = CLI_EXIT_DONE;
    bool pairs = selection->builds[BASE] != NULL;
    cli_group *group = pairs ? NULL : new_group(cli, benchmark, size, &code);
    if (group) rf_vector_push(&selection->groups, group);
    for (size_t i = 0; i < cli->suite->languages.count && !code; i++) {
        const suite_language *language = cli->suite->languages.data[i];
        if (pairs && !language->subject) continue;
        for (unsigned m = 0;
             (m < language->mode_count || (m == 0 && !language->mode_count)) && !code; m++) {
            const suite_mode *mode = language->mode_count ? &language->modes[m] : NULL;
            if (!is_chosen(cli, selector, language, mode ? mode->name : "")) continue;
            if (pairs) {
                group = new_group(cli, benchmark, size, &code);
                if (!group) break;
                add_variant(cli, selection, group, selector, i, mode, BASE);
            }
            add_variant(cli, selection, group, selector, i, mode, CANDIDATE);
            if (pairs && group->variants.count)
                rf_vector_push(&selection->groups, group);
            else if (pairs)
                rf_free(group);
        }
    }
    return code;
}

static bool has_tag(const suite_benchmark *benchmark, const char *tag)
{
    for (unsigned i = 0; i < benchmark->tags_count; i++)
        if (strcmp(benchmark->tags[i], tag) == 0) return true;
    return false;
}

static cli_exit add_selected(cli_context *cli, cli_selection *selection,
                             const suite_selector *selector, const char *default_size)
{
    text_list sizes = {0};
    const char *wanted = selector->size       ? selector->size
                         : cli->options.sizes ? cli->options.sizes
                                              : default_size;
    cli_exit code = split_sizes(cli, wanted, &sizes);
    bool found = false;
    for (unsigned i = 0; i < cli->suite->file->benchmarks_count && !code; i++) {
        const suite_benchmark *benchmark = &cli->suite->file->benchmarks[i];
        if (!selector_takes_benchmark(selector, benchmark->name)) continue;
        found = true;
        if (cli->options.tag && !has_tag(benchmark, cli->options.tag)) continue;
        for (size_t s = 0; s < sizes.count && !code; s++)
            code = add_groups(cli, selection, selector, benchmark, sizes.data[s]);
    }
    release_texts(&sizes);
    if (!code && !found) code = unknown_benchmark(cli, selector->benchmark);
    return code;
}

static cli_exit parse_selectors(const cli_context *cli, selector_list *list)
{
    static const char *const everything[] = {"*"};
    ruff_error err = RUFF_ERROR_INIT;
    const char *const *words = cli->words.count ? cli->words.data : everything;
    size_t count = cli->words.count ? cli->words.count : 1;
    for (size_t i = 0; i < count; i++) {
        suite_selector selector;
        if (selector_parse(&selector, words[i], &err)) return cli_fail(cli, &err);
        rf_vector_push(list, selector);
    }
    return CLI_EXIT_DONE;
}

static cli_exit select_groups(cli_context *cli, const char *default_size, cli_selection *selection)
{
    size_t count = 2 * cli->suite->languages.count;
    selection->toolchains = rf_alloc_array_zero(run_toolchain, count + 1);
    selection->probed = rf_alloc_array_zero(bool, count + 1);
    selection->toolchain_count = count;
    selector_list selectors = {0};
    cli_exit code = check_list(cli, cli->options.langs, false);
    if (!code) code = check_list(cli, cli->options.modes, true);
    if (!code) code = parse_selectors(cli, &selectors);
    for (size_t i = 0; i < selectors.count && !code; i++)
        code = add_selected(cli, selection, &selectors.data[i], default_size);
    for (size_t i = 0; i < selectors.count; i++) selector_release(&selectors.data[i]);
    rf_vector_release(&selectors);
    return code;
}

/* Nobody has a program for it, or whoever has was not asked for. */
static cli_exit nobody_runs(const cli_context *cli, const char *benchmark)
{
    bool chosen = cli->options.langs || cli->options.modes;
    for (size_t i = 0; i < cli->words.count; i++) chosen = chosen || strchr(cli->words.data[i], '@');
    if (chosen)
        return cli_usage_error(cli, "%s: no language or mode of the suite is called like that; see `ruffbench list`", benchmark);
    return cli_usage_error(cli, "%s: no language has a program for it; write suites/LANGUAGE/%s.EXT", benchmark, benchmark);
}

cli_exit cli_select(cli_context *cli, const char *default_size, cli_selection *selection)
{
    *selection = (cli_selection){.builds = {cli->build_directory}};
    cli_exit code = select_groups(cli, default_size, selection);
    if (!code && selection->groups.count == 0)
        code = cli_usage_error(cli, "no benchmark has the tag `%s`",
                               cli->options.tag ? cli->options.tag : "");
    for (size_t i = 0; i < selection->groups.count && !code; i++)
        if (selection->groups.data[i]->variants.count == 0)
            code = nobody_runs(cli, selection->groups.data[i]->param.benchmark->name);
    return code;
}

cli_exit cli_select_pairs(cli_context *cli, const char *default_size, const char *base_build,
                          const char *candidate_build, cli_selection *selection)
{
    *selection = (cli_selection){.builds = {candidate_build, base_build}};
    cli_exit code = select_groups(cli, default_size, selection);
    if (!code && selection->groups.count == 0)
        code = cli_usage_error(
            cli,
            "nothing to check: no chosen language is marked `subject: true` in suites/languages/");
    return code;
}

void cli_build(cli_context *cli, cli_selection *selection, run_interrupt *interrupt)
{
    ruff_error err = RUFF_ERROR_INIT;
    char *cache = cli_state_directory(cli, "build", &err);
    for (size_t g = 0; g < selection->groups.count; g++) {
        cli_group *group = selection->groups.data[g];
        for (size_t v = 0; v < group->variants.count; v++)
            run_variant_build(&group->variants.data[v], cli->launcher, cli->suite,
                              cache ? cache : "/nonexistent", interrupt);
    }
    if (!cache) cli_note(cli, "ruffbench %s: %s", cli->command, err.message);
    ruff_error_release(&err);
    rf_free(cache);
}

void cli_selection_release(cli_selection *selection)
{
    for (size_t g = 0; g < selection->groups.count; g++) {
        cli_group *group = selection->groups.data[g];
        for (size_t v = 0; v < group->variants.count; v++)
            run_variant_release(&group->variants.data[v]);
        rf_vector_release(&group->variants);
        rf_free(group->agreed);
        rf_free(group);
    }
    rf_vector_release(&selection->groups);
    for (size_t i = 0; i < selection->toolchain_count; i++)
        if (selection->probed[i]) run_toolchain_release(&selection->toolchains[i]);
    rf_free(selection->toolchains);
    rf_free(selection->probed);
}
