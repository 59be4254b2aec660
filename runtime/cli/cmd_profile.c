/* ruff profile: run a program under instruments and say where its time, memory and native code went (LANGUAGE 18.9).
 *
 * The program is run as `ruff run` would run it; the report comes when it has ended, however it did: by itself, by an
 * error, by exit() anywhere, or by an interrupt. */
#include "cli/profile.h"
#include "cli/profile_history.h"
#include "cli/profile_keep.h"
#include "cli/program.h"

#include "base/alloc.h"
#include "base/file.h"
#include "report/profile_gate.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char notes[] =
    "Without --cpu, --memory and --jit all three are on.  Everything after FILE that is none of these options goes to\n"
    "the program, and everything after `--`.\n\n"
    "Examples:\n"
    "  ruff profile slow.ruff\n"
    "  ruff profile --cpu --flamegraph graph.svg slow.ruff data.json\n"
    "  ruff profile --store --label before slow.ruff     then: ruff profile list|show|diff|trend --help\n"
    "  ruff profile --vm --gate slow.gate slow.ruff\n"
    "  ruff profile --json --output profile.json slow.ruff -- --verbose\n";

typedef struct wishes { /* targets of the option table; texts are owned: popt allocates them */
    int cpu, memory, jit, no_cpu, no_memory, no_jit;
    int json, watch, store, perf;
    char *hz, *top, *flamegraph, *output, *format;
    char *db, *label, *gate, *write_gate;
} wishes;

static void release_wishes(wishes *w)
{
    rf_free(w->hz);
    rf_free(w->top);
    rf_free(w->flamegraph);
    rf_free(w->output);
    rf_free(w->format);
    rf_free(w->db);
    rf_free(w->label);
    rf_free(w->gate);
    rf_free(w->write_gate);
}

static int check_number(const cli_command *self, const char *option, const char *text, double least, double most,
                        double *out)
{
    if (!text) return CLI_CONTINUE;
    char *end;
    *out = strtod(text, &end);
    if (*text && !*end && *out >= least && *out <= most) return CLI_CONTINUE;
    return cli_usage_error(self, "%s takes a number from %g to %g, not '%s'", option, least, most, text);
}

static int choose_form(const cli_command *self, const wishes *w, cli_profile_options *options)
{
    const char *format = w->json ? "json" : w->format ? w->format : "text";
    if (strcmp(format, "text") == 0)
        options->form = CLI_PROFILE_TEXT;
    else if (strcmp(format, "md") == 0)
        options->form = CLI_PROFILE_MARKDOWN;
    else if (strcmp(format, "json") == 0)
        options->form = CLI_PROFILE_JSON;
    else
        return cli_usage_error(self, "--format takes text, md or json, not '%s'", format);
    return CLI_CONTINUE;
}

/* A place that cannot be written is better known before a long run than after it. */
static int check_places(const wishes *w)
{
    char *error = NULL;
    bool can_write = !w->flamegraph || rf_report_check_path(w->flamegraph, &error);
    if (can_write && w->output) can_write = rf_report_check_folder(w->output, &error);
    if (can_write && w->write_gate) can_write = rf_report_check_folder(w->write_gate, &error);
    if (can_write) return CLI_CONTINUE;
    fprintf(stderr, "error: %s\n", error);
    rf_free(error);
    return CLI_EXIT_IO;
}

/* Limits that cannot be read are better known before, too. */
static int check_limits(const wishes *w)
{
    rf_gate gate;
    char *error = NULL;
    if (!w->gate) return CLI_CONTINUE;
    const bool is_read = rf_gate_read(w->gate, &gate, &error);
    rf_gate_release(&gate);
    if (is_read) return CLI_CONTINUE;
    fprintf(stderr, "error: %s\n", error);
    rf_free(error);
    return CLI_EXIT_USAGE;
}

static int read_wishes(const cli_command *self, const wishes *w, cli_profile_options *options)
{
    double top = 10;
    const bool all = !w->cpu && !w->memory && !w->jit;
    *options = (cli_profile_options){.cpu = (all || w->cpu) && !w->no_cpu,
                                     .memory = (all || w->memory) && !w->no_memory,
                                     .jit = (all || w->jit) && !w->no_jit,
                                     .flamegraph = w->flamegraph,
                                     .output = w->output,
                                     .watches = w->watch,
                                     .keeps = w->store || w->db || w->label || cli_profile_keeps_all(),
                                     .db = w->db,
                                     .label = w->label,
                                     .gate = w->gate,
                                     .write_gate = w->write_gate,
                                     .perf = w->perf};
    int code = check_number(self, "--hz", w->hz, 1, 20000, &options->hz);
    if (code == CLI_CONTINUE) code = check_number(self, "--top", w->top, 1, 10000, &top);
    options->top = (uint32_t)top;
    if (code == CLI_CONTINUE) code = choose_form(self, w, options);
    if (code == CLI_CONTINUE && w->flamegraph && !options->cpu)
        code = cli_usage_error(self, "--flamegraph needs the CPU instrument, which is off");
    if (code == CLI_CONTINUE && w->perf && !options->cpu)
        code = cli_usage_error(self, "--perf needs the CPU instrument, which is off");
    if (code == CLI_CONTINUE) code = check_limits(w);
    return code == CLI_CONTINUE ? check_places(w) : code;
}

int cmd_profile(const cli_command *self, int argc, const char *const *argv)
{
    cli_run_options run = cli_run_options_default();
    wishes w = {0};
    const struct poptOption options[] = {
        {"cpu", '\0', POPT_ARG_NONE, &w.cpu, 0, "measure where the time goes", NULL},
        {"memory", '\0', POPT_ARG_NONE, &w.memory, 0, "count what is allocated, copied and leaked", NULL},
        {"jit", '\0', POPT_ARG_NONE, &w.jit, 0, "note what becomes native code", NULL},
        {"no-cpu", '\0', POPT_ARG_NONE, &w.no_cpu, 0, "all but that", NULL},
        {"no-memory", '\0', POPT_ARG_NONE, &w.no_memory, 0, "all but that", NULL},
        {"no-jit", '\0', POPT_ARG_NONE, &w.no_jit, 0, "all but that", NULL},
        {"hz", '\0', POPT_ARG_STRING, &w.hz, 0, "samples a second (1000; 250 on one core)", "N"},
        {"top", '\0', POPT_ARG_STRING, &w.top, 0, "rows of each table (10)", "N"},
        {"flamegraph", '\0', POPT_ARG_STRING, &w.flamegraph, 0,
         "also write a graph or stacks; the extension says which", "PATH"},
        {"perf", '\0', POPT_ARG_NONE, &w.perf, 0, "also write native code to jit-PID.dump for `perf inject --jit`", NULL},
        {"json", '\0', POPT_ARG_NONE, &w.json, 0, "report as JSON", NULL},
        {"format", '\0', POPT_ARG_STRING, &w.format, 0, "form of the report (text)", "text|md|json"},
        {"output", '\0', POPT_ARG_STRING, &w.output, 0, "write the report there, not to standard error", "PATH"},
        {"watch", '\0', POPT_ARG_NONE, &w.watch, 0, "show the hottest functions while it runs", NULL},
        {"store", '\0', POPT_ARG_NONE, &w.store, 0, "keep the profile for list, show, diff and trend", NULL},
        {"label", '\0', POPT_ARG_STRING, &w.label, 0, "keep it under that name, which several may have", "NAME"},
        {"db", '\0', POPT_ARG_STRING, &w.db, 0, "keep it in that file ($RUFF_PROFILE_DB, else the data folder)", "PATH"},
        {"gate", '\0', POPT_ARG_STRING, &w.gate, 0, "exit 1 when a limit in that file is broken", "PATH"},
        {"write-gate", '\0', POPT_ARG_STRING, &w.write_gate, 0, "write what was counted as limits", "PATH"},
        {"interpreter", '\0', POPT_ARG_VAL, &run.engine, RUFF_ENGINE_INTERPRETER, "use the tree-walking interpreter",
         NULL},
        {"vm", '\0', POPT_ARG_VAL, &run.engine, RUFF_ENGINE_VM, "use the bytecode VM without JIT", NULL},
        {"jit-mode", '\0', POPT_ARG_VAL, &run.engine, RUFF_ENGINE_JIT, "use the VM with the JIT (default)", NULL},
        {"scheduler-timeout-ms", '\0', POPT_ARG_STRING, &run.timeout, 0, "limit for tasks left at the end (120000)", "N"},
        {"json-runtime-diagnostics", '\0', POPT_ARG_NONE, &run.wants_json, 0, "report errors as JSON on standard output", NULL},
        {"int-overflow", '\0', POPT_ARG_STRING, &run.overflow, 0, "what integer overflow does (error)", "error|wrap"},
        CLI_CAPABILITY_OPTIONS(run),
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    cli_profile_options profile = {0};
    ruff_config config;
    rf_buffer source = RF_BUFFER_INIT;
    const char *name;

    if (argc > 0 && cli_is_profile_history(argv[0])) return cli_profile_history(self, argc, argv);
    int code = cli_parse_program(self, options, notes, argc, argv, &rest);
    if (code == CLI_CONTINUE) code = read_wishes(self, &w, &profile);
    if (code == CLI_CONTINUE) code = cli_make_config(self, &run, &config);
    if (code == CLI_CONTINUE) code = cli_read_program(rest.items[0], &source, &name);
    if (code == CLI_CONTINUE) {
        config.args = rest.items + 1;
        config.arg_count = rest.count - 1;
        code = cli_profile_run(&config, &profile, &source, name);
    }
    rf_buffer_release(&source);
    rf_free(rest.items);
    cli_run_options_release(&run);
    release_wishes(&w);
    return code;
}
