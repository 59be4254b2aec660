#include "store/identity.h"

#include "base/clock.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

typedef struct metric_row {
    const char *name, *unit, *better, *kind;
} metric_row;

static const metric_row metrics[] = {
#define STORE_METRIC(name, unit, better, kind, meaning) {#name, unit, better, kind},
#include "store/metric.def"
#undef STORE_METRIC
#define RUN_COUNTER(name, type, config, unit, meaning) {#name, unit, "lower", "kernel"},
#include "run/counter.def"
#undef RUN_COUNTER
};

ruff_status store_put_metric(store_db *db, const char *name, int64_t *id, ruff_error *err)
{
    metric_row row = {name, "", "none", "reported"};
    for (size_t i = 0; i < RF_COUNT_OF(metrics); i++)
        if (strcmp(metrics[i].name, name) == 0) row = metrics[i];
    return store_run_for_id(db, STORE_QUERY_put_metric, id, err, "ssss", row.name, row.unit,
                            row.better, row.kind);
}

static void digest_of_text(const char *text, char hex[RUN_SHA256_SIZE])
{
    run_sha256 digest;
    run_sha256_init(&digest);
    run_sha256_add_text(&digest, text);
    run_sha256_finish(&digest, hex);
}

ruff_status store_put_project(store_db *db, const suite_catalog *suite, int64_t *id,
                              ruff_error *err)
{
    char hex[RUN_SHA256_SIZE];
    digest_of_text(suite->root, hex);
    return store_run_for_id(db, STORE_QUERY_put_project, id, err, "ssi", suite->file->project, hex,
                            rf_clock_wall_ns());
}

ruff_status store_put_environment(store_db *db, const run_machine *machine, int64_t *id,
                                  ruff_error *err)
{
    int64_t machine_id = 0;
    ruff_status status = store_run_for_id(
        db, STORE_QUERY_put_machine, &machine_id, err, "ssssiiis", machine->fingerprint,
        machine->name, machine->cpu_model, machine->isa, (int64_t)machine->cores_physical,
        (int64_t)machine->cores_logical, (int64_t)machine->memory_bytes, machine->virtualisation);
    if (!status)
        status = store_run_for_id(db, STORE_QUERY_put_environment, id, err, "issssi", machine_id,
                                  machine->environment, machine->os, machine->kernel, machine->libc,
                                  rf_clock_wall_ns());
    for (size_t i = 0; i < machine->facts.count && !status; i++) {
        const run_fact *fact = &machine->facts.data[i];
        status = store_run(db, STORE_QUERY_put_env_fact, err, "isss", *id, fact->key, fact->value,
                           fact->grade);
    }
    return status;
}

ruff_status store_put_commit(store_db *db, int64_t project, const run_commit *commit, int64_t *id,
                             ruff_error *err)
{
    return store_run_for_id(db, STORE_QUERY_put_commit, id, err, "isssIiiss", project, commit->sha,
                            commit->dirty, commit->parent, commit->first_parent_pos,
                            commit->author_ns, commit->commit_ns, commit->branch, commit->subject);
}

/* ---- what is measured ---- */

static char *join_tags(const suite_benchmark *benchmark)
{
    rf_buffer out = RF_BUFFER_INIT;
    for (unsigned i = 0; i < benchmark->tags_count; i++)
        rf_buffer_format(&out, "%s%s", i ? " " : "", benchmark->tags[i]);
    return rf_buffer_take(&out);
}

ruff_status store_put_benchmark(store_db *db, int64_t project, const suite_benchmark *benchmark,
                                int64_t *id, ruff_error *err)
{
    char hex[RUN_SHA256_SIZE];
    run_sha256 digest;
    run_sha256_init(&digest);
    run_sha256_add_text(&digest, benchmark->name);
    run_sha256_add_text(&digest, benchmark->rules);
    run_sha256_add_text(&digest, benchmark->unit);
    run_sha256_add_text(&digest, benchmark->style);
    run_sha256_finish(&digest, hex);
    char *tags = join_tags(benchmark);
    ruff_status status = store_run_for_id(db, STORE_QUERY_put_benchmark, id, err, "issss", project,
                                          benchmark->name, hex, benchmark->unit, tags);
    rf_free(tags);
    return status;
}

ruff_status store_put_param(store_db *db, int64_t benchmark, const run_param *param, int64_t *id,
                            ruff_error *err)
{
    char *json = rf_format_text("{\"size\":%llu,\"seed\":%llu}", (unsigned long long)param->size,
                                (unsigned long long)param->seed);
    ruff_status status = store_run_for_id(db, STORE_QUERY_put_param_set, id, err, "isss", benchmark,
                                          json, param->label, param->expected);
    rf_free(json);
    return status;
}

static char *words_json(char *const *words, unsigned count)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < count; i++) json_array_append_new(array, json_string(words[i]));
    char *text = json_dumps(array, JSON_COMPACT), *copy = rf_strdup(text ? text : "[]");
    rf_free(text);
    json_decref(array);
    return copy;
}

static ruff_status put_language(store_db *db, const suite_language *language, int64_t *id,
                                ruff_error *err)
{
    char hex[RUN_SHA256_SIZE];
    run_sha256 digest;
    run_sha256_init(&digest);
    run_sha256_add_file(&digest, language->path);
    run_sha256_finish(&digest, hex);
    return store_run_for_id(db, STORE_QUERY_put_language, id, err, "ssi", language->name, hex,
                            (int64_t)language->subject);
}

static ruff_status put_toolchain(store_db *db, int64_t language, const run_toolchain *toolchain,
                                 int64_t *id, ruff_error *err)
{
    char *flags = words_json(toolchain->language->build, toolchain->language->build_count);
    ruff_status status = store_run_for_id(
        db, STORE_QUERY_put_toolchain, id, err, "isssss", language, toolchain->version,
        toolchain->executable_sha256, flags, toolchain->version_raw, toolchain->executable);
    rf_free(flags);
    return status;
}

ruff_status store_put_variant(store_db *db, int64_t benchmark, const run_variant *variant,
                              int64_t *id, ruff_error *err)
{
    int64_t language = 0, toolchain = 0, implementation = 0;
    char hex[RUN_SHA256_SIZE];
    const suite_mode *mode = variant->mode;
    run_variant_digest(variant, hex);
    ruff_status status = put_language(db, variant->language, &language, err);
    if (!status) status = put_toolchain(db, language, variant->toolchain, &toolchain, err);
    if (!status)
        status =
            store_run_for_id(db, STORE_QUERY_put_implementation, &implementation, err, "iissis",
                             benchmark, language, variant->benchmark->name, variant->source_sha256,
                             (int64_t)variant->source_bytes, variant->benchmark->style);
    char *argv = words_json(variant->language->run, variant->language->run_count);
    char *env = words_json(mode ? mode->env : NULL, mode ? mode->env_count : 0);
    if (!status)
        status = store_run_for_id(db, STORE_QUERY_put_variant, id, err, "siisssss", hex,
                                  implementation, toolchain, run_variant_mode_name(variant),
                                  variant->role, variant->label, argv, env);
    rf_free(argv);
    rf_free(env);
    return status;
}
