/* ruff bench: times programs in every engine, in this process, output discarded (LANGUAGE 18.7).  For comparisons that
 * must hold up, with verified answers and other languages, there is ruffbench. */
#include "cli/command.h"
#include "cli/directory.h"
#include "cli/engines.h"
#include "cli/program.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct summary {
    double mean, median, min, max, deviation; /* ms */
    int count;                                /* 0: failed */
} summary;

static void discard(void *context, ruff_stream stream, const char *bytes, size_t size)
{
    (void)context, (void)stream, (void)bytes, (void)size;
}

/* One run; ms, or -1 with *reason (new) when the program failed. */
static double time_run(const char *name, const rf_buffer *source, ruff_engine engine, char **reason)
{
    ruff_config config = ruff_config_default();
    config.engine = engine;
    config.globals = RUFF_GLOBALS_PRIVATE;
    config.write = discard;
    ruff_error err = RUFF_ERROR_INIT;
    ruff_vm *vm = NULL;
    int64_t start = rf_clock_monotonic_ns();
    ruff_status status = ruff_vm_new(&config, &vm, &err);
    if (!status) status = ruff_run(vm, source->data, source->size, name, &err);
    double ms = (double)(rf_clock_monotonic_ns() - start) / 1e6;
    ruff_vm_free(vm);
    if (status && !(status == RUFF_E_EXIT && err.exit_code == 0)) {
        *reason = rf_strdup(err.message ? err.message : ruff_status_name(status));
        ms = -1;
    }
    ruff_error_release(&err);
    return ms;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static summary summarise(double *samples, int count)
{
    summary result = {.count = count};
    double sum = 0, squares = 0;
    qsort(samples, (size_t)count, sizeof *samples, compare_doubles);
    for (int i = 0; i < count; i++) sum += samples[i];
    result.mean = sum / count;
    for (int i = 0; i < count; i++) squares += (samples[i] - result.mean) * (samples[i] - result.mean);
    result.deviation = count > 1 ? sqrt(squares / (count - 1)) : 0;
    result.min = samples[0];
    result.max = samples[count - 1];
    result.median = count % 2 ? samples[count / 2] : (samples[count / 2 - 1] + samples[count / 2]) / 2;
    return result;
}

static summary measure(const char *file, const rf_buffer *source, const cli_engine *engine, int warmup, int iterations)
{
    double *samples = rf_alloc_array(double, (size_t)iterations);
    char *reason = NULL;
    summary result = {.count = 0};
    for (int i = -warmup; i < iterations && !reason; i++) {
        double ms = time_run(file, source, engine->engine, &reason);
        if (i >= 0) samples[i] = ms;
    }
    if (reason) {
        printf("✗ %s (%s) - %s\n", file, engine->name, reason);
    } else {
        result = summarise(samples, iterations);
        printf("  %-12s mean %.3f ms  median %.3f  min %.3f  max %.3f  sd %.3f  n %d\n", engine->title, result.mean,
               result.median, result.min, result.max, result.deviation, result.count);
    }
    rf_free(reason);
    rf_free(samples);
    return result;
}

static void print_cell(const summary *s)
{
    if (s->count)
        printf(" %11.3f", s->mean);
    else
        printf(" %11s", "failed");
}

static void print_table(const cli_paths *files, summary (*results)[CLI_ENGINE_COUNT])
{
    double total[CLI_ENGINE_COUNT] = {0};
    printf("\n%-30s %11s %11s %11s %8s\n", "Benchmark", "Interpreter", "VM", "JIT", "Speedup");
    for (size_t i = 0; i < files->count; i++) {
        const char *slash = strrchr(files->data[i], '/');
        printf("%-30s", slash ? slash + 1 : files->data[i]);
        for (size_t e = 0; e < CLI_ENGINE_COUNT; e++) {
            print_cell(&results[i][e]);
            if (results[i][e].count) total[e] += results[i][e].mean;
        }
        const summary *slow = &results[i][0], *fast = &results[i][CLI_ENGINE_COUNT - 1];
        if (slow->count && fast->count)
            printf(" %7.2fx\n", slow->mean / fast->mean);
        else
            printf(" %8s\n", "-");
    }
    printf("%-30s %11.3f %11.3f %11.3f\n", "Total (ms)", total[0], total[1], total[2]);
}

int cmd_bench(const cli_command *self, int argc, const char *const *argv)
{
    int iterations = 10, warmup = 2;
    const struct poptOption options[] = {
        {"iterations", 'i', POPT_ARG_INT, &iterations, 0, "measured runs (10)", "N"},
        {"warmup", 'w', POPT_ARG_INT, &warmup, 0, "unmeasured runs before them (2)", "N"},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    cli_paths files = {NULL, 0, 0};
    summary(*results)[CLI_ENGINE_COUNT] = NULL;

    int code = cli_parse(self, options, "Example:\n  ruff bench fib.ruff -i 20\n", argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (rest.count > 1 || iterations < 1 || warmup < 0) {
        code = cli_usage_error(self, rest.count > 1 ? "only one PATH at a time"
                                                    : "--iterations takes 1 or more, --warmup 0 or more");
        goto done;
    }
    const char *path = rest.count ? rest.items[0] : "examples/benchmarks";
    struct stat info;
    if (stat(path, &info) != 0) {
        fprintf(stderr, "Error: Path does not exist: %s\n", path);
        code = CLI_EXIT_IO;
        goto done;
    }
    if (S_ISDIR(info.st_mode))
        cli_list_programs(path, &files);
    else
        rf_vector_push(&files, rf_strdup(path));
    const char *reason = ruff_jit_unavailable();
    if (reason) printf("JIT: unavailable (%s)\n", reason);
    results = rf_alloc_zero(rf_array_size(files.count, sizeof *results));
    code = CLI_EXIT_OK;
    for (size_t i = 0; i < files.count; i++) {
        rf_buffer source = RF_BUFFER_INIT;
        const char *name;
        printf("%s\n", files.data[i]);
        if (cli_read_program(files.data[i], &source, &name) == CLI_CONTINUE)
            for (size_t e = 0; e < CLI_ENGINE_COUNT; e++)
                results[i][e] = measure(files.data[i], &source, &cli_engines[e], warmup, iterations);
        rf_buffer_release(&source);
        for (size_t e = 0; e < CLI_ENGINE_COUNT; e++)
            if (!results[i][e].count) code = CLI_EXIT_FAILED;
    }
    print_table(&files, results);
done:
    rf_free(results);
    cli_paths_release(&files);
    rf_free(rest.items);
    return code;
}
