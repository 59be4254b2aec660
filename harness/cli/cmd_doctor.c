/* What is wrong with this machine for measuring, what it costs, and what to do. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "compare/trust.h"
#include "report/json.h"
#include "run/machine.h"
#include "run/program.h"
#include "run/tune.h"

#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
    WATCH_NS = 500000000,
    NFS_MAGIC = 0x6969,
    SMB_MAGIC = 0x517b,
    CIFS_MAGIC = 0xff534d42 & 0x7fffffff
};

typedef struct advice {
    stats_trust_reason reason;
    const char *text;
} advice;

static const advice cures[] = {
    {STATS_TRUST_STEAL, "a quieter host, or another time"},
    {STATS_TRUST_PRESSURE, "stop other programs"},
    {STATS_TRUST_SWITCHES, "stop other programs, or pin with --pin"},
    {STATS_TRUST_FREQUENCY, "ruffbench tune (root)"},
    {STATS_TRUST_THROTTLE, "let it cool down"},
    {STATS_TRUST_BATTERY, "plug in"},
    {STATS_TRUST_GOVERNOR, "ruffbench tune (root), or compare on this host only"},
    {STATS_TRUST_TURBO, "ruffbench tune (root)"},
    {STATS_TRUST_LOAD, "wait until the load is gone"},
    {STATS_TRUST_DRIFT, "measure again"},
    {STATS_TRUST_ONE_LAYOUT, "sysctl kernel.randomize_va_space=2"},
    {STATS_TRUST_DEBUG_BUILD, "measure an optimised build"},
    {STATS_TRUST_NO_COUNTERS, "times only; software events are used"},
};

static const char *cure_for(size_t reason)
{
    for (size_t i = 0; i < RF_COUNT_OF(cures); i++)
        if (cures[i].reason == (stats_trust_reason)reason) return cures[i].text;
    return "";
}

/* What was seen, where it is a number. */
static void describe(size_t reason, const stats_trust_facts *facts, char *out, size_t size)
{
    const char *text = stats_trust_text((stats_trust_reason)reason);
    if (reason == STATS_TRUST_STEAL)
        snprintf(out, size, "steal time %.1f %%", facts->steal_percent);
    else if (reason == STATS_TRUST_PRESSURE)
        snprintf(out, size, "CPU pressure %.0f %%", facts->pressure_percent);
    else if (reason == STATS_TRUST_LOAD)
        snprintf(out, size, "load %.2f a core", facts->load_per_core);
    else if (reason == STATS_TRUST_FREQUENCY)
        snprintf(out, size, "CPU frequency ranged over %.0f %%", facts->frequency_range_percent);
    else
        snprintf(out, size, "%s", text);
}

/* Smallest step of the monotonic clock that is seen, in ns. */
static int64_t clock_resolution(void)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < 1000; i++) {
        int64_t start = rf_clock_monotonic_ns(), later = rf_clock_monotonic_ns();
        while (later == start) later = rf_clock_monotonic_ns();
        if (later - start < least) least = later - start;
    }
    return least;
}

/* ---- findings without points ---- */

typedef struct findings {
    json_t *list;
    rf_buffer text;
    unsigned width;
} findings;

enum { ADVICE_COLUMN = 50 };

static void add(findings *all, int points, const char *what, const char *cure)
{
    json_array_append_new(
        all->list, json_pack("{s:i,s:s,s:s}", "points", points, "finding", what, "advice", cure));
    char head[ADVICE_COLUMN + 64], cost[16] = "";
    if (points) snprintf(cost, sizeof cost, "%d", -points);
    int size = snprintf(head, sizeof head, "%4s  %-43s", cost, what);
    rf_buffer_append(&all->text, head, (size_t)size);
    report_wrap(&all->text, cure, (size_t)size, ADVICE_COLUMN, all->width);
}

static void check_programs(findings *all)
{
    static const char *const programs[][2] = {
        {"gnuplot", "install gnuplot for figures; tables work without"},
        {"git", "install git for history and `check --base REF`"}};
    for (size_t i = 0; i < RF_COUNT_OF(programs); i++) {
        char *path = run_program_find(programs[i][0], "/"), what[64];
        snprintf(what, sizeof what, "%s not found", programs[i][0]);
        if (!path) add(all, 0, what, programs[i][1]);
        rf_free(path);
    }
}

static void check_clock(findings *all, const run_machine *machine)
{
    char what[96];
    const char *source = run_machine_fact(machine, "clock_source");
    int64_t resolution = clock_resolution();
    if (source && strcmp(source, "tsc") && strcmp(source, "kvm-clock") &&
        strcmp(source, "arch_sys_counter")) {
        snprintf(what, sizeof what, "clock source is %s", source);
        add(all, 0, what, "slow to read; use sizes of 10 ms and more");
    }
    if (resolution > 1000) {
        snprintf(what, sizeof what, "clock resolution %lld ns", (long long)resolution);
        add(all, 0, what, "use sizes of 1 ms and more");
    }
}

static void check_file_system(findings *all, const cli_context *cli)
{
    struct statfs info;
    const char *path = cli->db_path           ? cli->db_path
                       : cli->state_directory ? cli->state_directory
                                              : ".";
    if (statfs(path, &info) != 0) return;
    if (info.f_type == NFS_MAGIC || info.f_type == SMB_MAGIC ||
        (info.f_type & 0x7fffffff) == CIFS_MAGIC)
        add(all, 0, "the database lies on a network file system",
            "WAL needs a local disk: use --db PATH");
}

static void check_tuning(findings *all)
{
    if (access(run_tune_journal(), F_OK) == 0)
        add(all, 0, "settings are changed by `ruffbench tune`",
            "put them back with `ruffbench restore` (root)");
}

static void check_virtualisation(findings *all, const run_machine *machine)
{
    char what[96];
    if (!*machine->virtualisation) return;
    snprintf(what, sizeof what, "%.40s, %u CPU%s", machine->virtualisation, machine->cores_logical,
             machine->cores_logical == 1 ? "" : "s");
    add(all, 0, what, "compare only with results of this machine");
}

static void check_languages(findings *all, cli_context *cli)
{
    for (size_t i = 0; i < cli->suite->languages.count; i++) {
        run_toolchain tool;
        run_toolchain_probe(cli->launcher, cli->suite, cli->suite->languages.data[i],
                            cli->build_directory, &tool);
        char *what = rf_format_text("language %s is missing", cli->suite->languages.data[i]->name);
        if (!tool.found) add(all, 0, what, tool.reason);
        rf_free(what);
        run_toolchain_release(&tool);
    }
}

static cli_exit run(cli_context *cli)
{
    run_machine machine;
    stats_trust_facts facts;
    rf_buffer out = RF_BUFFER_INIT;
    findings all = {.list = json_array(), .width = cli->out.width};
    cli_exit code = cli_open_suite(cli);
    if (code) return code;
    run_machine_capture(&machine);
    stats_trust trust = compare_grade_now(&machine, WATCH_NS, &facts);
    for (size_t i = 0; i < STATS_TRUST_COUNT; i++) {
        char what[96];
        describe(i, &facts, what, sizeof what);
        if (trust.reasons >> i & 1)
            add(&all, stats_trust_points((stats_trust_reason)i), what, cure_for(i));
    }
    check_virtualisation(&all, &machine);
    check_clock(&all, &machine);
    check_tuning(&all);
    check_programs(&all);
    check_file_system(&all, cli);
    check_languages(&all, cli);
    char letter[2] = {trust.letter, '\0'};
    if (cli->options.json) {
        json_t *document = report_json_document("doctor");
        json_object_set_new(document, "letter", json_string(letter));
        json_object_set_new(document, "points", json_integer(trust.points));
        json_object_set(document, "findings", all.list);
        report_json_print(document, &out);
    } else {
        rf_buffer_format(&out, "trust %s (%d)  machine %.5s  %s\n", letter, trust.points,
                         machine.fingerprint, machine.cpu_model);
        rf_buffer_append(&out, all.text.data ? all.text.data : "", all.text.size);
    }
    cli_print(&out);
    json_decref(all.list);
    rf_buffer_release(&all.text);
    run_machine_release(&machine);
    return CLI_EXIT_DONE;
}

static const cli_option_id options[] = {CLI_OPTION_json, CLI_OPTION_END};

const cli_command cmd_doctor = {
    .name = "doctor",
    .summary = "what is wrong with this machine for measuring",
    .arguments = "",
    .about = "Looks at the machine, grades how far its numbers can be trusted, and says what each "
             "weakness costs and what would help. Changes nothing.",
    .options = options,
    .examples = "ruffbench doctor\n"
                "ruffbench doctor --json",
    .starts_children = true,
    .run = run};
