#include "store/import.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "run/sha256.h"
#include "store/identity.h"
#include "store/series.h"
#include "store/uuid.h"

#include <math.h>
#include <string.h>

import_reader import_find(const char *name)
{
    static const struct {
        const char *name;
        import_reader read;
    } readers[] = {
#define STORE_IMPORT(name, meaning) {#name, import_##name},
#include "store/import.def"
#undef STORE_IMPORT
    };
    for (size_t i = 0; i < RF_COUNT_OF(readers); i++)
        if (strcmp(readers[i].name, name) == 0) return readers[i].read;
    return NULL;
}

char *import_names(void)
{
    static const char names[] =
#define STORE_IMPORT(name, meaning) ", " #name
#include "store/import.def"
#undef STORE_IMPORT
        ;
    return rf_strdup(names + 2);
}

import_run *import_add(import_list *list, const char *name, const char *tool)
{
    const char *at = strrchr(name, '@');
    size_t head = at && at > name ? (size_t)(at - name) : strlen(name);
    const char *slash = at ? memchr(name, '/', head) : NULL;
    size_t length = slash ? (size_t)(slash - name) : head;
    import_run run = {.benchmark = rf_strndup(name, length),
                      .variant = rf_strdup(at && at > name && at[1] ? at + 1 : tool),
                      .size =
                          slash ? rf_strndup(slash + 1, head - length - 1) : rf_strdup("default")};
    rf_vector_push(list, run);
    return &rf_vector_last(list);
}

void import_list_release(import_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        rf_free(list->data[i].benchmark);
        rf_free(list->data[i].variant);
        rf_free(list->data[i].size);
        rf_vector_release(&list->data[i].times);
    }
    rf_vector_release(list);
}

/* ---- storing ---- */

typedef struct job {
    const char *project, *tool, *path;
    const import_list *list;
    int64_t project_id, environment_id, *session;
} job;

static void digest_of(const char *a, const char *b, char hex[RUN_SHA256_SIZE])
{
    run_sha256 digest;
    run_sha256_init(&digest);
    run_sha256_add_text(&digest, a);
    run_sha256_add_text(&digest, b);
    run_sha256_finish(&digest, hex);
}

static ruff_status put_place(store_db *db, job *it, ruff_error *err)
{
    int64_t machine = 0;
    char hex[RUN_SHA256_SIZE];
    digest_of("imported", it->tool, hex);
    ruff_status status = store_run_for_id(db, STORE_QUERY_put_project, &it->project_id, err, "ssi",
                                          it->project, "", rf_clock_wall_ns());
    if (!status)
        status =
            store_run_for_id(db, STORE_QUERY_put_machine, &machine, err, "ssssiiis", hex,
                             "imported", "unknown", "", (int64_t)0, (int64_t)0, (int64_t)0, "");
    if (!status)
        status =
            store_run_for_id(db, STORE_QUERY_put_environment, &it->environment_id, err, "issssi",
                             machine, hex, "unknown", "unknown", "unknown", rf_clock_wall_ns());
    return status;
}

static ruff_status put_session(store_db *db, job *it, ruff_error *err)
{
    char uuid[STORE_UUID_SIZE],
        *command = rf_format_text("import --from %s %s", it->tool, it->path);
    store_make_uuid(uuid);
    ruff_status status = store_run_for_id(db, STORE_QUERY_insert_session, it->session, err,
                                          "siIissssisii", uuid, it->project_id, (int64_t)-1,
                                          it->environment_id, command, "{}", RUFFBENCH_VERSION, "",
                                          (int64_t)0, "sequential", rf_clock_wall_ns(), (int64_t)0);
    if (!status)
        status = store_run(db, STORE_QUERY_end_session, err, "isi", *it->session, "imported",
                           rf_clock_wall_ns());
    rf_free(command);
    return status;
}

static ruff_status put_variant(store_db *db, const job *it, const import_run *run,
                               int64_t benchmark, int64_t *id, ruff_error *err)
{
    int64_t language = 0, toolchain = 0, implementation = 0;
    char hex[RUN_SHA256_SIZE];
    const char *colon = strchr(run->variant, ':');
    char *name =
        rf_strndup(run->variant, colon ? (size_t)(colon - run->variant) : strlen(run->variant));
    char *both = rf_format_text("%s %s", run->benchmark, run->variant);
    digest_of(it->tool, both, hex);
    ruff_status status =
        store_run_for_id(db, STORE_QUERY_find_or_put_language, &language, err, "s", name);
    if (!status)
        status = store_run_for_id(db, STORE_QUERY_put_toolchain, &toolchain, err, "isssss",
                                  language, "", "", "", it->tool, "");
    if (!status)
        status =
            store_run_for_id(db, STORE_QUERY_put_implementation, &implementation, err, "iissis",
                             benchmark, language, run->benchmark, "", (int64_t)0, "unknown");
    if (!status)
        status =
            store_run_for_id(db, STORE_QUERY_put_variant, id, err, "siisssss", hex, implementation,
                             toolchain, colon ? colon + 1 : "", "", run->variant, "[]", "[]");
    rf_free(name);
    rf_free(both);
    return status;
}

static ruff_status put_times(store_db *db, int64_t invocation, const import_run *run,
                             ruff_error *err)
{
    int64_t metric = 0, *times = rf_alloc_array(int64_t, run->times.count + 1);
    rf_buffer blob = RF_BUFFER_INIT;
    for (size_t i = 0; i < run->times.count; i++) times[i] = (int64_t)llround(run->times.data[i]);
    store_series_encode(times, run->times.count, &blob);
    ruff_status status = store_put_metric(db, "iteration", &metric, err);
    if (!status)
        status = store_run(db, STORE_QUERY_insert_series, err, "iiib", invocation, metric,
                           (int64_t)run->times.count, blob.data, blob.size);
    rf_free(times);
    rf_buffer_release(&blob);
    return status;
}

/* Runs of one benchmark and variant are blocks 0, 1, 2, ...; where the tool had another order,
 * nobody knows it. */
static int64_t block_of(const import_list *list, size_t index)
{
    int64_t block = 0;
    for (size_t i = 0; i < index; i++)
        block += !strcmp(list->data[i].benchmark, list->data[index].benchmark) &&
                 !strcmp(list->data[i].variant, list->data[index].variant) &&
                 !strcmp(list->data[i].size, list->data[index].size);
    return block;
}

static ruff_status put_run(store_db *db, const job *it, size_t index, ruff_error *err)
{
    const import_run *run = &it->list->data[index];
    int64_t benchmark = 0, param = 0, variant = 0, invocation = 0, seq = (int64_t)index,
            block = block_of(it->list, index);
    double wall = 0;
    for (size_t i = 0; i < run->times.count; i++) wall += run->times.data[i];
    char *json = rf_format_text("{\"size\":0,\"seed\":0,\"imported\":\"%s\"}", it->tool);
    ruff_status status = store_run_for_id(db, STORE_QUERY_put_benchmark, &benchmark, err, "issss",
                                          it->project_id, run->benchmark, "imported", "", it->tool);
    if (!status)
        status = store_run_for_id(db, STORE_QUERY_put_param_set, &param, err, "isss", benchmark,
                                  json, run->size, NULL);
    if (!status) status = put_variant(db, it, run, benchmark, &variant, err);
    if (!status)
        status = store_run(db, STORE_QUERY_insert_slot, err, "iiiii", *it->session, seq, block,
                           variant, param);
    if (!status)
        status =
            store_run(db, STORE_QUERY_set_slot, err, "iisi", *it->session, seq, "done", (int64_t)1);
    if (!status)
        status = store_run_for_id(
            db, STORE_QUERY_insert_invocation, &invocation, err, "iiiiiiiIIIIIIIIIIiIssIIisI",
            *it->session, seq, block, variant, param, rf_clock_wall_ns(), (int64_t)wall,
            (int64_t)-1, (int64_t)run->times.data[0], (int64_t)-1, (int64_t)-1, (int64_t)-1,
            (int64_t)-1, (int64_t)-1, (int64_t)-1, (int64_t)-1, (int64_t)-1, (int64_t)0,
            (int64_t)-1, "ok", NULL, (int64_t)-1, (int64_t)-1, (int64_t)0, NULL, (int64_t)-1);
    if (!status) status = put_times(db, invocation, run, err);
    rf_free(json);
    return status;
}

static ruff_status import_all(store_db *db, void *context, ruff_error *err)
{
    job *it = context;
    ruff_status status = put_place(db, it, err);
    if (!status) status = put_session(db, it, err);
    for (size_t i = 0; i < it->list->count && !status; i++)
        if (it->list->data[i].times.count) status = put_run(db, it, i, err);
    return status;
}

ruff_status store_import(store_db *db, const char *project, const char *tool, const char *path,
                         const import_list *list, int64_t *session, ruff_error *err)
{
    job it = {.project = project, .tool = tool, .path = path, .list = list, .session = session};
    size_t usable = 0;
    for (size_t i = 0; i < list->count; i++) usable += list->data[i].times.count > 0;
    if (!usable) return rf_error_set(err, RUFF_E_SYNTAX, "%s: holds no times of %s", path, tool);
    return store_with_transaction(db, import_all, &it, err);
}
