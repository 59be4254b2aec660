#include "store/results.h"

#include "base/error.h"
#include "store/series.h"

#include <jansson.h>
#include <string.h>

static char *copy_text(sqlite3_stmt *row, int column)
{
    return rf_strdup(store_text(row, column));
}

/* ---- session ---- */

ruff_status store_find_session(store_db *db, int64_t id, store_session_row *row, ruff_error *err)
{
    ruff_status status;
    sqlite3_stmt *found = store_bind(db, STORE_QUERY_find_session, err, "i", id);
    *row = (store_session_row){0};
    if (!store_next(db, found, &status, err)) {
        if (!status)
            status =
                rf_error_set(err, RUFF_E_MISUSE,
                             "there is no session @%lld in %s; see `ruffbench list --sessions`",
                             (long long)id, db->path);
        return status;
    }
    *row = (store_session_row){.id = store_int(found, 0),
                               .uuid = copy_text(found, 1),
                               .state = copy_text(found, 2),
                               .seed = store_int(found, 3),
                               .schedule = copy_text(found, 4),
                               .started_ns = store_int(found, 5),
                               .ended_ns = store_int(found, 6),
                               .command = copy_text(found, 7),
                               .settings_json = copy_text(found, 8),
                               .plan_digest = copy_text(found, 9),
                               .pid = store_int(found, 10),
                               .environment_digest = copy_text(found, 11),
                               .machine = copy_text(found, 12),
                               .commit = copy_text(found, 13),
                               .dirty = copy_text(found, 14),
                               .score = store_int(found, 15),
                               .project_id = store_int(found, 16),
                               .environment_id = store_int(found, 17),
                               .commit_id = store_int(found, 18),
                               .machine_id = store_int(found, 19)};
    sqlite3_reset(found);
    return RUFF_OK;
}

void store_session_row_release(store_session_row *row)
{
    char **owned[] = {
        &row->uuid,          &row->state,       &row->schedule,           &row->command,
        &row->settings_json, &row->plan_digest, &row->environment_digest, &row->machine,
        &row->commit,        &row->dirty};
    for (size_t i = 0; i < RF_COUNT_OF(owned); i++) rf_free(*owned[i]);
    *row = (store_session_row){0};
}

size_t store_session_pilot(const store_session_row *row)
{
    json_t *settings = json_loads(row->settings_json, 0, NULL);
    int64_t pilot = json_integer_value(json_object_get(settings, "pilot"));
    json_decref(settings);
    return pilot > 0 ? (size_t)pilot : 0;
}

ruff_status store_last_session(store_db *db, int64_t *id, ruff_error *err)
{
    *id = 0;
    ruff_status status = store_run_for_id(db, STORE_QUERY_last_session, id, err, "");
    if (*id < 0) *id = 0;
    return status;
}

/* ---- what ran ---- */

static ruff_status load_variants(store_db *db, store_results *results, ruff_error *err)
{
    ruff_status status;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_session_variants, err, "i", results->session.id);
    while (store_next(db, row, &status, err)) {
        store_variant_row variant = {store_int(row, 0),  copy_text(row, 1),      copy_text(row, 2),
                                     copy_text(row, 3),  copy_text(row, 4),      copy_text(row, 5),
                                     copy_text(row, 6),  copy_text(row, 7),      copy_text(row, 8),
                                     copy_text(row, 9),  copy_text(row, 10),     copy_text(row, 11),
                                     copy_text(row, 13), store_int(row, 12) != 0,
                                     store_int(row, 14) != 0};
        rf_vector_push(&results->variants, variant);
    }
    return status;
}

static void read_param_json(const char *text, store_param_row *param)
{
    json_t *json = json_loads(text, 0, NULL);
    param->size = (uint64_t)json_integer_value(json_object_get(json, "size"));
    param->seed = (uint64_t)json_integer_value(json_object_get(json, "seed"));
    json_decref(json);
}

static ruff_status load_params(store_db *db, store_results *results, ruff_error *err)
{
    ruff_status status;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_session_params, err, "i", results->session.id);
    while (store_next(db, row, &status, err)) {
        store_param_row param = {.id = store_int(row, 0),
                                 .benchmark = copy_text(row, 1),
                                 .label = copy_text(row, 2),
                                 .expected = copy_text(row, 4),
                                 .unit = copy_text(row, 5),
                                 .tags = copy_text(row, 6),
                                 .definition = copy_text(row, 7),
                                 .json = copy_text(row, 3)};
        read_param_json(store_text(row, 3), &param);
        rf_vector_push(&results->params, param);
    }
    return status;
}

static ruff_status load_slots(store_db *db, store_results *results, ruff_error *err)
{
    ruff_status status;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_session_slots, err, "i", results->session.id);
    while (store_next(db, row, &status, err)) {
        store_slot_row slot = {store_int(row, 0), store_int(row, 1), store_int(row, 2),
                               store_int(row, 3), copy_text(row, 4)};
        rf_vector_push(&results->slots, slot);
    }
    return status;
}

/* ---- what came out ---- */

static ruff_status read_times(store_db *db, sqlite3_stmt *row, store_sample *sample,
                              ruff_error *err)
{
    int64_t count = store_int(row, 18);
    if (count <= 0) return RUFF_OK;
    sample->time_count = (size_t)count;
    sample->times = rf_alloc_array(int64_t, sample->time_count);
    if (store_series_decode(sqlite3_column_blob(row, 17), (size_t)sqlite3_column_bytes(row, 17),
                            sample->time_count, sample->times))
        return RUFF_OK;
    return rf_error_set(err, RUFF_E_IO,
                        "%s: the series of invocation %lld is damaged; run `ruffbench db check`",
                        db->path, (long long)sample->id);
}

static ruff_status load_samples(store_db *db, store_results *results, ruff_error *err)
{
    ruff_status status, damage = RUFF_OK;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_session_samples, err, "i", results->session.id);
    while (!damage && store_next(db, row, &status, err)) {
        store_sample sample = {.id = store_int(row, 0),
                               .seq = store_int(row, 1),
                               .block = store_int(row, 2),
                               .variant = store_int(row, 3),
                               .param = store_int(row, 4),
                               .reason = copy_text(row, 6),
                               .wall_ns = store_int(row, 7),
                               .startup_ns = store_int(row, 8),
                               .first_ns = store_int(row, 9),
                               .user_ns = store_int(row, 10),
                               .system_ns = store_int(row, 11),
                               .rss_peak = store_int(row, 12),
                               .rss_base = store_int(row, 13),
                               .involuntary_switches = store_int(row, 14),
                               .steal_ns = store_int(row, 15),
                               .checksum = copy_text(row, 16),
                               .build_ns = store_int(row, 19),
                               .exit_status = store_int(row, 20),
                               .signal = store_int(row, 21),
                               .started_ns = store_int(row, 26)};
        for (size_t i = 0; i < RF_COUNT_OF(sample.counts); i++) sample.counts[i] = -1;
        if (!run_outcome_find(store_text(row, 5), &sample.outcome)) sample.outcome = RUN_CRASH;
        damage = read_times(db, row, &sample, err);
        rf_vector_push(&results->samples, sample);
    }
    if (damage) sqlite3_reset(row);
    return damage ? damage : status;
}

static size_t find_counter(const char *name)
{
    for (size_t i = 0; i < RUN_COUNTER_COUNT; i++)
        if (strcmp(run_counter_name(i), name) == 0) return i;
    return STORE_ENERGY;
}

static run_counter_status find_status(const char *word)
{
    size_t status = RUN_COUNTER_UNSUPPORTED;
    while (status && strcmp(run_counter_status_word((run_counter_status)status), word) != 0)
        status--;
    return (run_counter_status)status;
}

/* Rows come in order of invocations, as samples do, but for gaps. */
static ruff_status load_counts(store_db *db, store_results *results, ruff_error *err)
{
    ruff_status status;
    size_t at = 0;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_session_counts, err, "i", results->session.id);
    while (store_next(db, row, &status, err)) {
        size_t tried = 0, count = results->samples.count;
        while (tried < count && results->samples.data[at].id != store_int(row, 0)) {
            at = (at + 1) % count;
            tried++;
        }
        if (tried == count) continue;
        size_t counter = find_counter(store_text(row, 1));
        results->samples.data[at].counts[counter] = store_int(row, 2);
        results->samples.data[at].count_status[counter] = find_status(store_text(row, 3));
    }
    return status;
}

ruff_status store_load_results(store_db *db, int64_t session, store_results *results,
                               ruff_error *err)
{
    *results = (store_results){0};
    ruff_status status = store_find_session(db, session, &results->session, err);
    if (!status) status = load_variants(db, results, err);
    if (!status) status = load_params(db, results, err);
    if (!status) status = load_slots(db, results, err);
    if (!status) status = load_samples(db, results, err);
    if (!status) status = load_counts(db, results, err);
    if (status) store_results_release(results);
    return status;
}

static void release_variant(store_variant_row *v)
{
    char *owned[] = {v->label,       v->language,  v->mode,          v->version,
                     v->version_raw, v->digest,    v->source_sha256, v->executable_sha256,
                     v->flags,       v->argv_json, v->env_json,      v->role};
    for (size_t i = 0; i < RF_COUNT_OF(owned); i++) rf_free(owned[i]);
}

static void release_param(store_param_row *p)
{
    char *owned[] = {p->benchmark, p->label, p->expected, p->unit, p->tags, p->definition, p->json};
    for (size_t i = 0; i < RF_COUNT_OF(owned); i++) rf_free(owned[i]);
}

static void release_sample(store_sample *s)
{
    rf_free(s->reason);
    rf_free(s->checksum);
    rf_free(s->times);
}

void store_results_keep(store_results *results, store_keeps *keeps, const void *context)
{
    size_t slots = 0, samples = 0, params = 0;
    for (size_t i = 0; i < results->slots.count; i++) {
        store_slot_row *slot = &results->slots.data[i];
        if (keeps(context, store_results_param(results, slot->param),
                  store_results_variant(results, slot->variant)))
            results->slots.data[slots++] = *slot;
        else
            rf_free(slot->state);
    }
    for (size_t i = 0; i < results->samples.count; i++) {
        store_sample *sample = &results->samples.data[i];
        if (keeps(context, store_results_param(results, sample->param),
                  store_results_variant(results, sample->variant)))
            results->samples.data[samples++] = *sample;
        else
            release_sample(sample);
    }
    results->slots.count = slots;
    results->samples.count = samples;
    for (size_t i = 0; i < results->params.count; i++) {
        store_param_row param = results->params.data[i];
        size_t at = 0;
        while (at < slots && results->slots.data[at].param != param.id) at++;
        if (at < slots)
            results->params.data[params++] = param;
        else
            release_param(&param);
    }
    results->params.count = params;
}

void store_results_release(store_results *results)
{
    store_session_row_release(&results->session);
    for (size_t i = 0; i < results->variants.count; i++)
        release_variant(&results->variants.data[i]);
    for (size_t i = 0; i < results->params.count; i++) release_param(&results->params.data[i]);
    for (size_t i = 0; i < results->slots.count; i++) rf_free(results->slots.data[i].state);
    for (size_t i = 0; i < results->samples.count; i++) release_sample(&results->samples.data[i]);
    rf_vector_release(&results->variants);
    rf_vector_release(&results->params);
    rf_vector_release(&results->slots);
    rf_vector_release(&results->samples);
}

const store_variant_row *store_results_variant(const store_results *results, int64_t id)
{
    for (size_t i = 0; i < results->variants.count; i++)
        if (results->variants.data[i].id == id) return &results->variants.data[i];
    return NULL;
}

const store_param_row *store_results_param(const store_results *results, int64_t id)
{
    for (size_t i = 0; i < results->params.count; i++)
        if (results->params.data[i].id == id) return &results->params.data[i];
    return NULL;
}
