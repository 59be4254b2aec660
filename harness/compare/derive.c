#include "compare/derive.h"

#include "compare/table.h"
#include "run/sha256.h"
#include "stats/spread.h"
#include "store/identity.h"

#include <math.h>
#include <string.h>

typedef struct derivation {
    const store_results *results;
    const compare_table *tables; /* one a parameter set */
} derivation;

static ruff_status clear(store_db *db, int64_t session, ruff_error *err)
{
    static const store_query queries[] = {STORE_QUERY_clear_summary, STORE_QUERY_clear_warmup,
                                          STORE_QUERY_clear_segments, STORE_QUERY_clear_comparisons,
                                          STORE_QUERY_clear_history_points};
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < RF_COUNT_OF(queries) && !status; i++)
        status = store_run(db, queries[i], err, "i", session);
    return status;
}

/* ---- one variant on one input ---- */

/* Intra-class correlation of the iterations (S10). */
static double correlation_of(const store_results *results, int64_t variant, int64_t param)
{
    RF_VECTOR(double) logs = {0};
    RF_VECTOR(size_t) counts = {0};
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->variant != variant || sample->param != param || !sample->time_count) continue;
        for (size_t t = 0; t < sample->time_count; t++)
            rf_vector_push(&logs, log(fmax(1, (double)sample->times[t])));
        rf_vector_push(&counts, sample->time_count);
    }
    double correlation =
        counts.count > 1 ? stats_two_level_spread(logs.data, counts.data, counts.count).correlation
                         : 0;
    rf_vector_release(&logs);
    rf_vector_release(&counts);
    return correlation;
}

static ruff_status put_summaries(store_db *db, const derivation *all, const compare_table *table,
                                 const compare_row *row, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    double correlation = correlation_of(all->results, row->variant, table->param);
    for (size_t m = 0; m < COMPARE_MEASURE_COUNT && !status; m++) {
        const compare_measure_row *measure = compare_measure_row_of((compare_measure)m);
        const compare_estimate *estimate = &row->estimates[m];
        int64_t metric = 0;
        if (!estimate->count) continue;
        status = store_put_metric(db, measure->metric, &metric, err);
        if (status) break;
        status = store_run(db, STORE_QUERY_insert_summary, err, "iiiisiidddddddds",
                           all->results->session.id, row->variant, table->param, metric,
                           measure->phase, (int64_t)estimate->count, (int64_t)row->iterations,
                           estimate->interval.value, estimate->interval.low,
                           estimate->interval.high, estimate->interval.confidence, estimate->mad,
                           estimate->least, estimate->most, correlation, COMPARE_ALGORITHM);
    }
    return status;
}

static ruff_status put_warmup(store_db *db, const derivation *all, const compare_table *table,
                              const compare_row *row, ruff_error *err)
{
    char letter[2] = {row->warmup.letter, '\0'};
    if (!*letter) return RUFF_OK;
    return store_run(db, STORE_QUERY_insert_warmup, err, "iiisdds", all->results->session.id,
                     row->variant, table->param, letter, row->warmup.steady_begin,
                     row->warmup.time_to_steady, COMPARE_ALGORITHM);
}

static ruff_status put_comparison(store_db *db, const derivation *all, const compare_table *table,
                                  const compare_row *row, ruff_error *err)
{
    int64_t metric = 0, session = all->results->session.id;
    const compare_measure_row *measure = compare_measure_row_of(table->options.measure);
    if (row->state != COMPARE_MEASURED) return RUFF_OK;
    ruff_status status = store_put_metric(db, measure->metric, &metric, err);
    if (status) return status;
    return store_run(db, STORE_QUERY_insert_comparison, err, "iiiiiisiidddddDddss", session,
                     table->rows.data[table->reference].variant, session, row->variant,
                     table->param, metric, measure->phase, (int64_t)!row->unpaired,
                     (int64_t)row->ratio.count, row->ratio.ratio, row->ratio.low, row->ratio.high,
                     row->ratio.confidence, row->ratio.p, (double)NAN, row->cliffs,
                     table->options.margin, stats_verdict_name(row->verdict), COMPARE_ALGORITHM);
}

/* What must be equal for two points to lie on one line: F17.  The toolchain of the project's own
 * language is what the line is about, so it stays out. */
static void digest_epoch(const store_variant_row *variant, const store_param_row *param,
                         char hex[RUN_SHA256_SIZE])
{
    const char *parts[] = {variant->source_sha256,
                           variant->flags,
                           variant->argv_json,
                           variant->env_json,
                           variant->mode,
                           param->definition,
                           param->json,
                           variant->subject ? "" : variant->version_raw,
                           variant->subject ? "" : variant->executable_sha256};
    run_sha256 digest;
    run_sha256_init(&digest);
    for (size_t i = 0; i < RF_COUNT_OF(parts); i++) run_sha256_add_text(&digest, parts[i]);
    run_sha256_finish(&digest, hex);
}

static ruff_status put_history(store_db *db, const derivation *all, const compare_table *table,
                               const compare_row *row, ruff_error *err)
{
    const store_session_row *session = &all->results->session;
    const compare_estimate *estimate = &row->estimates[COMPARE_STEADY];
    int64_t metric = 0;
    char epoch[RUN_SHA256_SIZE];
    const store_variant_row *variant = store_results_variant(all->results, row->variant);
    if (!session->commit_id || !estimate->count || *variant->role) return RUFF_OK;
    digest_epoch(variant, store_results_param(all->results, table->param), epoch);
    ruff_status status = store_put_metric(db, "iteration", &metric, err);
    if (status) return status;
    return store_run(db, STORE_QUERY_insert_history_point, err, "issssiiiiddds",
                     session->project_id, table->benchmark, row->language, row->mode,
                     table->size_label, metric, session->machine_id, session->commit_id,
                     session->id, estimate->interval.value, estimate->interval.low,
                     estimate->interval.high, epoch);
}

/* ---- segments of every process ---- */

static ruff_status put_segments(store_db *db, const store_sample *sample, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    double *times = rf_alloc_array(double, sample->time_count);
    stats_segment *segments = rf_alloc_array(stats_segment, sample->time_count / 3 + 1);
    for (size_t i = 0; i < sample->time_count; i++) times[i] = (double)sample->times[i];
    size_t count = stats_classify_warmup(times, sample->time_count, segments).segment_count;
    for (size_t i = 0; i < count && !status; i++)
        status = store_run(db, STORE_QUERY_insert_segment, err, "iiiidd", sample->id, (int64_t)i,
                           (int64_t)segments[i].begin, (int64_t)segments[i].end, segments[i].mean,
                           segments[i].variance);
    rf_free(times);
    rf_free(segments);
    return status;
}

static ruff_status write_all(store_db *db, void *context, ruff_error *err)
{
    const derivation *all = context;
    ruff_status status = clear(db, all->results->session.id, err);
    for (size_t i = 0; i < all->results->samples.count && !status; i++)
        if (all->results->samples.data[i].time_count)
            status = put_segments(db, &all->results->samples.data[i], err);
    for (size_t t = 0; t < all->results->params.count && !status; t++) {
        const compare_table *table = &all->tables[t];
        for (size_t r = 0; r < table->rows.count && !status; r++) {
            const compare_row *row = &table->rows.data[r];
            status = put_summaries(db, all, table, row, err);
            if (!status) status = put_warmup(db, all, table, row, err);
            if (!status) status = put_comparison(db, all, table, row, err);
            if (!status) status = put_history(db, all, table, row, err);
        }
    }
    return status;
}

ruff_status compare_derive(store_db *db, int64_t session, bool *drifted, ruff_error *err)
{
    store_results results;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    ruff_status status = store_load_results(db, session, &results, err);
    if (status) return status;
    compare_table *tables = rf_alloc_array_zero(compare_table, results.params.count + 1);
    for (size_t i = 0; i < results.params.count; i++)
        compare_table_build(&tables[i], &results, results.params.data[i].id, &options);
    for (size_t i = 0; i < results.params.count && drifted; i++)
        *drifted = *drifted || tables[i].drift.warn;
    status = store_with_transaction(db, write_all, &(derivation){&results, tables}, err);
    for (size_t i = 0; i < results.params.count; i++) compare_table_release(&tables[i]);
    rf_free(tables);
    store_results_release(&results);
    return status;
}
