/* Node by --cpu-prof: V8's sampled tree, as .cpuprofile.  A sample lasts until the next one. */
#include "profile/adapter.h"

#include "base/error.h"
#include "base/file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct node_table {
    uint32_t *stacks; /* by id */
    bool *is_idle;
    size_t count;
} node_table;

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static rf_prof_tier tier_of(const char *name, const char *url)
{
    if (*url) return RF_TIER_JIT; /* the profile does not tell interpreted code apart */
    return strcmp(name, "(garbage collector)") == 0 ? RF_TIER_COLLECT : RF_TIER_BUILTIN;
}

/* Parents stand before children. */
static void add_node(rf_profile *out, const profile_job *job, node_table *table, const json_t *nodes, size_t at, const uint32_t *parents)
{
    const json_t *node = json_array_get(nodes, at), *frame = json_object_get(node, "callFrame");
    const size_t id = (size_t)json_integer_value(json_object_get(node, "id"));
    const char *name = text_of(frame, "functionName"), *url = text_of(frame, "url");
    if (id >= table->count) return;
    if (strcmp(name, "(root)") == 0) return;
    if (strncmp(url, "file://", 7) == 0) url += 7;
    table->is_idle[id] = strcmp(name, "(idle)") == 0;
    const uint32_t line = (uint32_t)(json_integer_value(json_object_get(frame, "lineNumber")) + 1); /* from 0 */
    const uint32_t func = profile_add_func(out, job, *name ? name : "(anonymous)", url, line);
    table->stacks[id] = rf_profile_stack(out, table->stacks[parents[id]], rf_profile_frame(out, func, line, tier_of(name, url)));
}

static void take_samples(rf_profile *out, const node_table *table, const json_t *document)
{
    const json_t *samples = json_object_get(document, "samples"), *deltas = json_object_get(document, "timeDeltas");
    const size_t count = json_array_size(samples);
    for (size_t i = 0; i < count; i++) {
        const size_t id = (size_t)json_integer_value(json_array_get(samples, i));
        const json_int_t us = i + 1 < count ? json_integer_value(json_array_get(deltas, i + 1)) : 0;
        if (id >= table->count || table->is_idle[id] || us <= 0) continue;
        profile_add_time(out, table->stacks[id], 1, (uint64_t)us * 1000);
    }
}

static void take_document(rf_profile *out, const profile_job *job, const json_t *document)
{
    const json_t *nodes = json_object_get(document, "nodes");
    const size_t count = json_array_size(nodes);
    node_table table = {.count = 1};
    for (size_t i = 0; i < count; i++) {
        const json_int_t id = json_integer_value(json_object_get(json_array_get(nodes, i), "id"));
        if (id >= 0 && id < 1 << 24 && (size_t)id >= table.count) table.count = (size_t)id + 1;
    }
    table.stacks = rf_alloc_array_zero(uint32_t, table.count);
    table.is_idle = rf_alloc_array_zero(bool, table.count);
    uint32_t *parents = rf_alloc_array_zero(uint32_t, table.count);
    for (size_t i = 0; i < count; i++) {
        const json_t *node = json_array_get(nodes, i), *children = json_object_get(node, "children");
        for (size_t k = 0; k < json_array_size(children); k++) {
            const size_t child = (size_t)json_integer_value(json_array_get(children, k));
            if (child < table.count) parents[child] = (uint32_t)json_integer_value(json_object_get(node, "id"));
        }
    }
    for (size_t i = 0; i < table.count; i++)
        if (parents[i] >= table.count) parents[i] = 0;
    for (size_t i = 0; i < count; i++) add_node(out, job, &table, nodes, i, parents);
    take_samples(out, &table, document);
    rf_free(parents);
    rf_free(table.stacks);
    rf_free(table.is_idle);
}

ruff_status profile_run_node(run_launcher *launcher, const profile_job *job, rf_profile *out,
                             ruff_error *err)
{
    char *path = rf_format_text("%s/node.cpuprofile", job->scratch), *directory = rf_format_text("--cpu-prof-dir=%s", job->scratch);
    char *interval = rf_format_text("--cpu-prof-interval=%llu", (unsigned long long)(job->hz ? 1000000 / job->hz : 1000));
    template_words run = {0};
    rf_buffer text = RF_BUFFER_INIT;
    RF_VECTOR(const char *) argv = {0};
    const char *const with[] = {"--cpu-prof", directory, "--cpu-prof-name=node.cpuprofile", interval};
    run_variant_argv(job->variant, &job->input, job->suite, &run);
    rf_vector_push(&argv, run.data[0]);
    for (size_t i = 0; i < RF_COUNT_OF(with); i++) rf_vector_push(&argv, with[i]);
    for (size_t i = 1; i < run.count; i++) rf_vector_push(&argv, run.data[i]);
    rf_vector_push(&argv, NULL);
    ruff_status status = profile_run_tool(launcher, job, argv.data, &text, err);
    rf_buffer_clear(&text);
    if (!status && rf_file_read(path, &text, err)) {
        rf_error_wrap(err, "%s", path);
        status = RUFF_E_IO;
    }
    json_error_t where;
    json_t *document = status ? NULL : json_loadb(text.data ? text.data : "", text.size, 0, &where);
    if (document) {
        profile_describe(out, job, "--cpu-prof", job->hz ? (double)job->hz : 1000);
        take_document(out, job, document);
    } else if (!status) {
        status = rf_error_set(err, RUFF_E_IO, "%s:%d: %s", path, where.line, where.text);
    }
    json_decref(document);
    unlink(path);
    rf_vector_release(&argv);
    template_words_release(&run);
    rf_buffer_release(&text);
    rf_free(path);
    rf_free(directory);
    rf_free(interval);
    return status;
}
