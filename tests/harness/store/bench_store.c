/* Fills a database through the same calls as a run, and says how long storing took (wall and CPU).
 *
 *   bench_store FILE SESSIONS BENCHMARKS VARIANTS BLOCKS ITERATIONS
 *
 * Sessions are of consecutive commits; derived tables are made as after a run, which is not in the
 * time printed.  See tests/bench/store_speed.py. */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "compare/derive.h"
#include "stats/random.h"
#include "store/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct filling {
    store_db *db;
    suite_catalog suite;
    suite_file file;
    suite_benchmark *benchmarks;
    suite_language *languages;
    run_toolchain *toolchains;
    run_variant *variants; /* of benchmark b: [b * variant_count, ...) */
    run_param *params;
    size_t benchmark_count, variant_count, iterations;
    uint32_t blocks;
    stats_random random;
} filling;

static void make_names(filling *it)
{
    it->file = (suite_file){.project = rf_strdup("bench")};
    it->suite = (suite_catalog){.root = rf_strdup("/"), .file = &it->file};
    it->benchmarks = rf_alloc_array_zero(suite_benchmark, it->benchmark_count);
    it->params = rf_alloc_array_zero(run_param, it->benchmark_count);
    it->languages = rf_alloc_array_zero(suite_language, it->variant_count);
    it->toolchains = rf_alloc_array_zero(run_toolchain, it->variant_count);
    it->variants = rf_alloc_array_zero(run_variant, it->benchmark_count * it->variant_count);
    for (size_t v = 0; v < it->variant_count; v++) {
        it->languages[v] = (suite_language){.name = rf_format_text("language%zu", v),
                                            .ext = rf_strdup("x"),
                                            .path = rf_strdup("/dev/null")};
        it->toolchains[v] = (run_toolchain){.language = &it->languages[v],
                                            .found = true,
                                            .version = rf_strdup("1"),
                                            .version_raw = rf_strdup("1"),
                                            .executable = rf_strdup("/bin/true")};
    }
    for (size_t b = 0; b < it->benchmark_count; b++) {
        it->benchmarks[b] = (suite_benchmark){.name = rf_format_text("benchmark%zu", b),
                                              .rules = rf_strdup("none"),
                                              .unit = rf_strdup("n"),
                                              .style = rf_strdup("core")};
        it->params[b] = (run_param){
            .benchmark = &it->benchmarks[b], .label = "default", .size = 1, .expected = "1"};
        for (size_t v = 0; v < it->variant_count; v++)
            it->variants[b * it->variant_count + v] = (run_variant){.label = it->languages[v].name,
                                                                    .role = "",
                                                                    .benchmark = &it->benchmarks[b],
                                                                    .language = &it->languages[v],
                                                                    .toolchain = &it->toolchains[v],
                                                                    .source = rf_strdup("source"),
                                                                    .state = RUN_VARIANT_READY,
                                                                    .build_ns = -1};
    }
}

static void make_result(filling *it, run_result *result)
{
    *result = (run_result){.outcome = RUN_OK,
                           .startup_ns = 1000000,
                           .rss_base_bytes = 1 << 20,
                           .steal_ns = 0,
                           .exit = {.user_ns = 1000000, .rss_peak_bytes = 2 << 20},
                           .sample = {.level = RUN_LEVEL_FULL, .digest = (char *)"1"}};
    result->wall_ns = 2000000;
    for (size_t i = 0; i < it->iterations; i++) {
        int64_t ns = 1000000 + (int64_t)stats_random_below(&it->random, 20000);
        rf_vector_push(&result->sample.times, ns);
        result->wall_ns += ns;
    }
    result->first_ns = result->sample.times.data[0];
}

typedef struct spent {
    int64_t wall_ns, cpu_ns;
} spent;

static ruff_status add_results(filling *it, const run_plan *plan, const store_session *session,
                               spent *storing, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    for (size_t seq = 0; seq < plan->slots.count && !status; seq++) {
        run_result result;
        make_result(it, &result);
        int64_t start = rf_clock_monotonic_ns(), cpu = rf_clock_cpu_ns();
        status = store_add_result(it->db, session, seq, plan, &result, err);
        storing->wall_ns += rf_clock_monotonic_ns() - start;
        storing->cpu_ns += rf_clock_cpu_ns() - cpu;
        rf_vector_release(&result.sample.times);
    }
    return status;
}

static ruff_status add_session(filling *it, const run_machine *machine, size_t number,
                               spent *storing, ruff_error *err)
{
    char sha[41];
    snprintf(sha, sizeof sha, "%040zx", number + 1);
    run_plan plan = {.blocks = it->blocks, .seed = number};
    run_commit commit = {.sha = sha,
                         .parent = (char *)"",
                         .branch = (char *)"main",
                         .subject = (char *)"a change",
                         .commit_ns = (int64_t)number * 1000000000,
                         .first_parent_pos = (int64_t)number};
    store_session session;
    for (size_t b = 0; b < it->benchmark_count; b++)
        run_plan_add_group(&plan, it->variants + b * it->variant_count, it->variant_count,
                           &it->params[b]);
    run_plan_arrange(&plan);
    store_session_facts facts = {&it->suite, machine, &commit, &plan, "bench_store", "{}"};
    ruff_status status = store_begin_session(it->db, &facts, &session, err);
    if (!status) status = add_results(it, &plan, &session, storing, err);
    if (!status) status = store_end_session(it->db, &session, "done", err);
    if (!status) status = compare_derive(it->db, session.id, NULL, err);
    store_session_release(&session);
    run_plan_release(&plan);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fputs("usage: bench_store FILE SESSIONS BENCHMARKS VARIANTS BLOCKS ITERATIONS\n", stderr);
        return 2;
    }
    ruff_error err = RUFF_ERROR_INIT;
    run_machine machine;
    size_t sessions = strtoul(argv[2], NULL, 10);
    spent storing = {0, 0};
    filling it = {.benchmark_count = strtoul(argv[3], NULL, 10),
                  .variant_count = strtoul(argv[4], NULL, 10),
                  .blocks = (uint32_t)strtoul(argv[5], NULL, 10),
                  .iterations = strtoul(argv[6], NULL, 10)};
    make_names(&it);
    run_machine_capture(&machine);
    ruff_status status = store_open(&it.db, argv[1], STORE_WRITE, &err);
    for (size_t i = 0; i < sessions && !status; i++)
        status = add_session(&it, &machine, i, &storing, &err);
    if (status) {
        fprintf(stderr, "bench_store: %s\n", err.message);
        return 1;
    }
    size_t processes = sessions * it.benchmark_count * it.variant_count * it.blocks;
    printf("%zu %zu %.3f %.3f\n", processes, processes * it.iterations,
           (double)storing.wall_ns / 1e9, (double)storing.cpu_ns / 1e9);
    store_close(it.db);
    run_machine_release(&machine);
    return 0; /* what else was made goes with the process */
}
