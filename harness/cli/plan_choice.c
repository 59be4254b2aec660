/* What and how much is measured, from options; and the plan that follows from it. */
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "stats/random.h"

#include <jansson.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* What compiles while it runs has to do so before it is steady. */
enum { BLOCKS = 10, ITERATIONS = 100, BUDGET_MS = 200, JIT_ITERATIONS = 500, JIT_BUDGET_MS = 1000 };

/* "2,3" or "0-1,4": bit n for CPU n. */
static bool parse_cpus(const char *text, uint64_t *mask)
{
    *mask = 0;
    while (*text) {
        char *end;
        unsigned long first = strtoul(text, &end, 10), last = first;
        if (end == text) return false;
        if (*end == '-') {
            const char *begin = end + 1;
            last = strtoul(begin, &end, 10);
            if (end == begin) return false;
        }
        if (first > last || last > 63 || (*end && *end != ',')) return false;
        for (unsigned long cpu = first; cpu <= last; cpu++) *mask |= (uint64_t)1 << cpu;
        text = end + (*end == ',');
    }
    return *mask != 0;
}

/* "2/4": the second of four. */
static bool parse_shard(const char *text, cli_plan_choice *choice)
{
    char *end;
    unsigned long index = strtoul(text, &end, 10);
    if (end == text || *end != '/') return false;
    const char *rest = end + 1;
    unsigned long count = strtoul(rest, &end, 10);
    if (end == rest || *end || index < 1 || index > count || count > 10000) return false;
    choice->shard = index - 1;
    choice->shard_count = count;
    return true;
}

/* Short enough to type again. */
static uint64_t random_seed(void)
{
    uint64_t bits = 0;
    if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
        bits = (uint64_t)rf_clock_wall_ns();
    stats_random random;
    stats_random_init(&random, bits);
    return stats_random_below(&random, 1000000);
}

/* A CPU that this process may not use would be left out silently by the kernel. */
static bool may_use(uint64_t wanted)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return true;
    for (unsigned cpu = 0; cpu < 64; cpu++)
        if (wanted >> cpu & 1 && !CPU_ISSET(cpu, &allowed)) return false;
    return true;
}

static bool metric_needs_counters(const char *name)
{
    compare_measure measure;
    return name && compare_measure_find(name, &measure) && measure >= COMPARE_INSTRUCTIONS;
}

cli_exit cli_choose_plan(const cli_context *cli, cli_plan_choice *choice)
{
    const cli_options *options = &cli->options;
    uint64_t blocks = options->rigorous ? 30 : options->quick ? 6 : BLOCKS;
    int64_t budget_ms = options->rigorous ? 1000 : options->quick ? 50 : BUDGET_MS;
    int64_t jit_budget_ms = options->quick ? 250 : JIT_BUDGET_MS;
    if (options->quick && options->rigorous)
        return cli_usage_error(cli, "--quick and --rigorous exclude each other");
    if (options->blocks) blocks = options->blocks;
    if (options->precision > 0) blocks = STATS_PILOT_BLOCKS;
    if (options->precision > 0 && options->blocks)
        return cli_usage_error(cli, "--blocks and --precision exclude each other");
    if (options->precision > 0 && options->shard)
        return cli_usage_error(cli, "--shard and --precision exclude each other: each part would "
                                    "plan a second stage of its own");
    if (blocks > 100000) return cli_usage_error(cli, "--blocks: at most 100000");
    if (options->budget) budget_ms = jit_budget_ms = options->budget / 1000000;
    *choice = (cli_plan_choice){
        .settings = {.iterations = options->iters ? options->iters : ITERATIONS,
                     .budget_ms = budget_ms,
                     .jit_iterations = options->iters ? options->iters : JIT_ITERATIONS,
                     .jit_budget_ms = jit_budget_ms,
                     .timeout_ns = options->timeout,
                     .counters = options->counters || metric_needs_counters(options->metric)},
        .blocks = (uint32_t)blocks,
        .precision = options->precision,
        .seed = options->seed == UINT64_MAX ? random_seed() : options->seed};
    if (options->limit) choice->settings.deadline_ns = rf_clock_monotonic_ns() + options->limit;
    if (options->schedule && !stats_schedule_find(options->schedule, &choice->schedule))
        return cli_usage_error(cli, "--schedule: `%s`; use latin, shuffle or sequential",
                               options->schedule);
    if (options->shard && !parse_shard(options->shard, choice))
        return cli_usage_error(cli, "--shard: `%s`; write I/N, for example 2/4", options->shard);
    if (options->pin && !parse_cpus(options->pin, &choice->settings.cpus))
        return cli_usage_error(cli, "--pin: `%s` is no list of CPUs; write it like 2,3 or 0-1",
                               options->pin);
    if (options->pin && !may_use(choice->settings.cpus))
        return cli_usage_error(cli, "--pin: %s names a CPU that is not there or not allowed",
                               options->pin);
    return CLI_EXIT_DONE;
}

char *cli_settings_json(const cli_context *cli, const cli_selection *selection,
                        const cli_plan_choice *choice)
{
    const cli_options *options = &cli->options;
    json_t *words = json_array();
    for (size_t i = 0; i < cli->words.count; i++)
        json_array_append_new(words, json_string(cli->words.data[i]));
    json_t *object = json_pack(
        "{s:o,s:s?,s:s?,s:s?,s:s?,s:s?,s:s?,s:s?}", "words", words, "langs", options->langs, "modes",
        options->modes, "sizes", options->sizes, "tag", options->tag, "shard", options->shard,
        "build", selection->builds[0], "base_build", selection->builds[1]);
    const struct {
        const char *key;
        json_int_t value;
    } numbers[] = {{"input_seed", (json_int_t)options->input_seed},
                   {"blocks", (json_int_t)choice->blocks},
                   {"iterations", (json_int_t)choice->settings.iterations},
                   {"budget_ms", (json_int_t)choice->settings.budget_ms},
                   {"jit_iterations", (json_int_t)choice->settings.jit_iterations},
                   {"jit_budget_ms", (json_int_t)choice->settings.jit_budget_ms},
                   {"timeout_ns", (json_int_t)choice->settings.timeout_ns},
                   {"cpus", (json_int_t)choice->settings.cpus},
                   {"counters", choice->settings.counters},
                   {"pilot", (json_int_t)(choice->precision > 0 ? choice->blocks : 0)}};
    for (size_t i = 0; i < RF_COUNT_OF(numbers); i++)
        json_object_set_new(object, numbers[i].key, json_integer(numbers[i].value));
    json_object_set_new(object, "precision", json_real(choice->precision));
    char *text = json_dumps(object, JSON_COMPACT), *copy = rf_strdup(text);
    rf_free(text);
    json_decref(object);
    return copy;
}

void cli_make_plan(const cli_selection *selection, const cli_plan_choice *choice, run_plan *plan)
{
    *plan =
        (run_plan){.schedule = choice->schedule, .seed = choice->seed, .blocks = choice->blocks};
    for (size_t i = 0; i < selection->groups.count; i++) {
        cli_group *group = selection->groups.data[i];
        if (!group->left_out)
            run_plan_add_group(plan, group->variants.data, group->variants.count, &group->param);
    }
    run_plan_arrange(plan);
    if (choice->shard_count) run_plan_take_shard(plan, choice->shard, choice->shard_count);
}
