/* ruff run: execute a program (LANGUAGE 18.2). */
#include "cli/program.h"

#include "base/alloc.h"
#include "capi/vm.h"
#include "sched/sched.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* exit() in a worker: the main program may be anywhere.  The output is flushed already. */
static void end_process(void *context, int code)
{
    (void)context;
    _exit(code);
}

/* Runs the program; its exit code.  One that ends by an error or exit() does not wait for its workers, which may never
 * end (LANGUAGE 14.4). */
static int run_program(ruff_vm *vm, const rf_buffer *source, const char *name, const ruff_config *config)
{
    ruff_error err = RUFF_ERROR_INIT;
    vm->host.end_process = end_process;
    cli_watch_output(vm);
    if (!ruff_run(vm, source->data, source->size, name, &err)) return CLI_EXIT_OK;
    const int code = cli_report(&err, config);
    if (rf_sched_worker_count(vm->isolate->sched)) {
        fflush(NULL);
        _exit(code);
    }
    return code;
}

/* For ruffbench, which stores them beside the times. */
static void print_counters(const ruff_vm *vm)
{
    ruff_jit_counters counters;
    if (!ruff_jit_counters_get(vm, &counters)) return;
    fflush(stdout);
#define RUFF_JIT_COUNTER(name, unit, meaning)                                                                          \
    if (counters.name != UINT64_MAX) printf("@c jit.%s %llu\n", #name, (unsigned long long)counters.name);
#include "ruff/jit_counter.def"
#undef RUFF_JIT_COUNTER
}

/* RUFF_JIT_CACHE=off, ro (used, never written), ro:FOLDER or FOLDER; on without it.  A program that may not use files leaves
 * none behind either. */
static void choose_cache(ruff_config *config)
{
    const uint32_t files = RUFF_CAN_READ_FILES | RUFF_CAN_WRITE_FILES;
    const char *wish = getenv("RUFF_JIT_CACHE");
    if (!wish) wish = "";
    if (strcmp(wish, "off") == 0 || (config->capabilities & files) != files) return;
    const bool is_read_only = strncmp(wish, "ro", 2) == 0 && (wish[2] == '\0' || wish[2] == ':');
    config->jit_cache = is_read_only ? RUFF_JIT_CACHE_READ : RUFF_JIT_CACHE_ON;
    if (is_read_only) wish += wish[2] ? 3 : 2;
    config->jit_cache_folder = *wish ? wish : NULL;
}

static const char notes[] = "Everything after FILE that is none of these options goes to the program, and everything\n"
                            "after `--`.\n\n"
                            "Examples:\n"
                            "  ruff run hello.ruff\n"
                            "  ruff run tool.ruff --vm in.txt out.txt\n"
                            "  ruff run --untrusted --allow-fs-read report.ruff data.json\n";

int cmd_run(const cli_command *self, int argc, const char *const *argv)
{
    cli_run_options run = cli_run_options_default();
    const struct poptOption options[] = {
        CLI_ENGINE_OPTIONS(run),
        {"scheduler-timeout-ms", '\0', POPT_ARG_STRING, &run.timeout, 0, "limit for tasks left at the end (120000)", "N"},
        {"json-runtime-diagnostics", '\0', POPT_ARG_NONE, &run.wants_json, 0, "report errors as JSON on standard output", NULL},
        {"int-overflow", '\0', POPT_ARG_STRING, &run.overflow, 0, "what integer overflow does (error)", "error|wrap"},
        {"trace", '\0', POPT_ARG_STRING, &run.trace, 0, "tell on standard error what becomes native code and why", "jit"},
        {"counters", '\0', POPT_ARG_NONE, &run.counters, 0, "print what the JIT counted as lines `@c NAME NUMBER`", NULL},
        CLI_CAPABILITY_OPTIONS(run),
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    ruff_config config;
    rf_buffer source = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    ruff_vm *vm = NULL;
    const char *name;

    int code = cli_parse_program(self, options, notes, argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    code = cli_make_config(self, &run, &config);
    if (code != CLI_CONTINUE) goto done;
    choose_cache(&config);
    config.args = rest.items + 1;
    config.arg_count = rest.count - 1;
    code = cli_read_program(rest.items[0], &source, &name);
    if (code != CLI_CONTINUE) goto done;

    code = ruff_vm_new(&config, &vm, &err) ? cli_report(&err, &config)
                                           : run_program(vm, &source, name, &config);
    if (run.counters && vm) print_counters(vm);
done:
    ruff_vm_free(vm);
    rf_buffer_release(&source);
    rf_free(rest.items);
    cli_run_options_release(&run);
    return code;
}
