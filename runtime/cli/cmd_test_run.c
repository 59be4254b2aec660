/* ruff test-run: the tests declared in a program (LANGUAGE 20). */
#include "cli/program.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "capi/vm.h"
#include "value/error_value.h"

#include <stdio.h>
#include <string.h>

typedef struct outcome {
    const char *name;
    char *failure; /* NULL: passed */
    double ms;
} outcome;

static rf_value run_main(rf_isolate *isolate, void *context)
{
    return isolate->engine->run_module(isolate, context);
}

typedef struct test_request {
    rf_module *module;
    const rf_test *test;
} test_request;

static rf_value run_test(rf_isolate *isolate, void *context)
{
    const test_request *request = context;
    rf_value closure = rf_closure_new(isolate, request->test->func, request->module);
    rf_value result = isolate->engine->run_closure(isolate, closure.as.function);
    rf_release(isolate, closure);
    return result;
}

/* The failure text, or NULL when the test passed; *code is set when the test called exit(). */
static char *run_one(ruff_vm *vm, const rf_test *test, int *code)
{
    rf_isolate *isolate = vm->isolate;
    test_request request = {vm->module.as.module, test};
    isolate->failed_phase = RF_PHASE_NONE;
    rf_value result = rf_capi_run(vm, run_test, &request);
    if (!rf_is_raised(result)) {
        rf_release(isolate, result);
        return NULL;
    }
    bool in_setup = isolate->failed_phase == RF_PHASE_SETUP;
    ruff_error err = RUFF_ERROR_INIT;
    if (rf_capi_error(vm, &err) == RUFF_E_EXIT) *code = err.exit_code;
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "%s%s", in_setup ? "Setup failed: " : "", err.message);
    ruff_error_release(&err);
    return rf_buffer_take(&text);
}

static void print_results(const outcome *outcomes, size_t count, size_t failed, double total_ms, bool verbose)
{
    static const char rule[] = "============================================================";
    printf("\n%s\nTest Results\n%s\n", rule, rule);
    for (size_t i = 0; verbose && i < count; i++) {
        printf("  %s %s (%.0fms)\n", outcomes[i].failure ? "✗" : "✓", outcomes[i].name, outcomes[i].ms);
        if (outcomes[i].failure) printf("    Error: %s\n", outcomes[i].failure);
    }
    if (verbose) putchar('\n');
    printf("Tests: %zu total, %zu passed, %zu failed\nTime:  %.0fms\n%s\n\n", count, count - failed, failed, total_ms,
           rule);
    if (failed)
        printf("%zu test(s) failed\n", failed);
    else
        puts("All tests passed! ✨");
}

static int run_tests(ruff_vm *vm, bool verbose)
{
    rf_unit *unit = vm->module.as.module->unit;
    size_t count = unit->tests.count, failed = 0;
    outcome *outcomes = rf_alloc_array_zero(outcome, count);
    int64_t start = rf_clock_monotonic_ns();
    int code = CLI_CONTINUE;
    for (size_t i = 0; i < count && code == CLI_CONTINUE; i++) {
        int64_t test_start = rf_clock_monotonic_ns();
        outcomes[i].name = unit->tests.data[i].name;
        outcomes[i].failure = run_one(vm, &unit->tests.data[i], &code);
        outcomes[i].ms = (double)(rf_clock_monotonic_ns() - test_start) / 1e6;
        failed += outcomes[i].failure != NULL;
    }
    rf_output_flush(&vm->output);
    if (code == CLI_CONTINUE) {
        print_results(outcomes, count, failed, (double)(rf_clock_monotonic_ns() - start) / 1e6, verbose);
        code = failed ? CLI_EXIT_FAILED : CLI_EXIT_OK;
    }
    for (size_t i = 0; i < count; i++) rf_free(outcomes[i].failure);
    rf_free(outcomes);
    return code;
}

int cmd_test_run(const cli_command *self, int argc, const char *const *argv)
{
    cli_run_options run = cli_run_options_default();
    int verbose = 0;
    const struct poptOption options[] = {
        {"verbose", 'v', POPT_ARG_NONE, &verbose, 0, "one line per test", NULL},
        CLI_ENGINE_OPTIONS(run),
        CLI_CAPABILITY_OPTIONS(run),
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    ruff_config config;
    rf_buffer source = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    ruff_vm *vm = NULL;
    const char *name;

    int code = cli_parse(self, options, "Example:\n  ruff test-run --verbose math_test.ruff\n", argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (rest.count != 1) {
        code = cli_usage_error(self, rest.count ? "only one FILE at a time" : "missing FILE");
        goto done;
    }
    code = cli_make_config(self, &run, &config);
    if (code != CLI_CONTINUE) goto done;
    code = cli_read_program(rest.items[0], &source, &name);
    if (code != CLI_CONTINUE) goto done;
    const rf_unit_options unit_options = {.path = name, .with_tests = true};
    if (ruff_vm_new(&config, &vm, &err)) {
        code = cli_report(&err, &config);
        goto done;
    }
    vm->host.entry_path = name;
    cli_watch_output(vm);
    if (rf_capi_load(vm, source.data, source.size, &unit_options, &err)) {
        code = cli_report(&err, &config);
        goto done;
    }
    rf_value result = rf_capi_run(vm, run_main, vm->module.as.module);
    if (rf_is_raised(result)) {
        rf_capi_error(vm, &err);
        code = cli_report(&err, &config);
        goto done;
    }
    rf_release(vm->isolate, result);
    if (vm->module.as.module->unit->tests.count == 0) {
        rf_output_flush(&vm->output);
        printf("No tests found in %s\n", name);
        code = CLI_EXIT_FAILED;
    } else {
        code = run_tests(vm, verbose != 0);
    }
done:
    ruff_vm_free(vm);
    rf_buffer_release(&source);
    rf_free(rest.items);
    return code;
}
