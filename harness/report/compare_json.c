#include "report/compare.h"

#include "report/json.h"

#include <string.h>

/* {"status": "ok", "median_ns": ...} or {"status": "unavailable"}: never a made-up 0. */
static json_t *estimate_json(const compare_estimate *estimate, const char *unit)
{
    const char *status = run_counter_status_word(estimate->status);
    if (!estimate->count) return json_pack("{s:s}", "status", status);
    const stats_interval *interval = &estimate->interval;
    char median[32], low[32], high[32];
    snprintf(median, sizeof median, "median%s%s", *unit ? "_" : "", unit);
    snprintf(low, sizeof low, "low%s%s", *unit ? "_" : "", unit);
    snprintf(high, sizeof high, "high%s%s", *unit ? "_" : "", unit);
    return json_pack("{s:s,s:f,s:f,s:f,s:f,s:b,s:I}", "status", status, median, interval->value,
                     low, interval->low, high, interval->high, "confidence", interval->confidence,
                     "approximate", interval->kind == STATS_INTERVAL_T_ON_LOGS, "processes",
                     (json_int_t)estimate->count);
}

static json_t *ratio_json(const compare_table *table, const compare_row *row)
{
    if (row->state != COMPARE_MEASURED && row->state != COMPARE_UNRANKED) return json_null();
    json_t *ratio =
        json_pack("{s:s,s:s?,s:f,s:b,s:b,s:I,s:f,s:s,s:b,s:f}", "measure",
                  compare_measure_row_of(table->options.measure)->word, "reference",
                  report_reference_name(table), "ratio", row->ratio.ratio, "paired", !row->unpaired,
                  "ranked", row->state == COMPARE_MEASURED, "blocks", (json_int_t)row->ratio.count,
                  "p", row->ratio.p, "verdict", stats_verdict_name(row->verdict), "fragile",
                  row->fragile, "cliffs_delta", row->cliffs);
    if (row->ratio.has_interval) {
        json_object_set_new(ratio, "low", json_real(row->ratio.low));
        json_object_set_new(ratio, "high", json_real(row->ratio.high));
        json_object_set_new(ratio, "confidence", json_real(row->ratio.confidence));
    }
    if (!row->unpaired)
        json_object_set_new(ratio, "autocorrelation", json_real(row->autocorrelation));
    if (!row->unpaired)
        json_object_set_new(ratio, "wins",
                            json_pack("{s:I,s:I,s:I}", "faster", (json_int_t)row->wins.faster,
                                      "slower", (json_int_t)row->wins.slower, "equal",
                                      (json_int_t)row->wins.equal));
    if (row->verdict == STATS_UNSURE && row->ratio.has_interval && !row->more.too_close)
        json_object_set_new(ratio, "blocks_to_settle", json_integer((json_int_t)row->more.needed));
    return ratio;
}

static json_t *outcomes_json(const compare_row *row)
{
    json_t *outcomes = json_object();
    for (size_t i = 0; i < RUN_OUTCOME_COUNT; i++)
        if (row->counts[i])
            json_object_set_new(outcomes, run_outcome_word((run_outcome)i),
                                json_integer((json_int_t)row->counts[i]));
    if (row->skipped)
        json_object_set_new(outcomes, "skipped", json_integer((json_int_t)row->skipped));
    return outcomes;
}

static json_t *warmup_json(const compare_row *row)
{
    if (!row->warmup.letter) return json_null();
    char letter[2] = {row->warmup.letter, '\0'};
    return json_pack("{s:s,s:f,s:f}", "class", letter, "steady_iteration", row->warmup.steady_begin,
                     "time_to_steady_ns", row->warmup.time_to_steady);
}

static json_t *row_json(const compare_table *table, const compare_row *row)
{
    json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:o,s:o}", "label", row->label,
                               "language", row->language, "mode", row->mode, "version",
                               row->version, "outcome", run_outcome_word(row->outcome), "reason",
                               row->reason, "iterations", (json_int_t)row->iterations, "processes",
                               outcomes_json(row), "warmup", warmup_json(row));
    json_object_set_new(object, "clock", json_string(row->cpu_clock ? "cpu" : "wall"));
    json_object_set_new(object, "outliers",
                        json_pack("{s:I,s:I,s:I,s:b}", "mild", (json_int_t)row->outliers.mild,
                                  "severe", (json_int_t)row->outliers.severe, "modified_z",
                                  (json_int_t)row->outliers.modified_z, "first_process",
                                  row->outliers.first));
    json_object_set_new(object, "two_levels", json_boolean(row->levels.two));
    for (size_t m = 0; m < COMPARE_MEASURE_COUNT; m++) {
        const compare_measure_row *measure = compare_measure_row_of((compare_measure)m);
        json_object_set_new(object, measure->word,
                            estimate_json(&row->estimates[m], measure->unit));
    }
    json_object_set_new(object, "ratio", ratio_json(table, row));
    return object;
}

static json_t *pair_json(const compare_table *table, const compare_pair *pair)
{
    json_t *object = json_pack(
        "{s:s,s:s,s:f,s:I,s:b,s:s}", "first", compare_table_row(table, pair->first)->label,
        "second", compare_table_row(table, pair->second)->label, "ratio", pair->ratio.ratio,
        "blocks", (json_int_t)pair->ratio.count, "fragile", pair->fragile, "verdict",
        stats_verdict_name(pair->verdict));
    if (pair->ratio.has_interval) {
        json_object_set_new(object, "low", json_real(pair->ratio.low));
        json_object_set_new(object, "high", json_real(pair->ratio.high));
    }
    return object;
}

static json_t *table_json(const compare_table *table)
{
    json_t *rows = json_array(), *pairs = json_array();
    for (size_t i = 0; i < table->pairs.count; i++)
        json_array_append_new(pairs, pair_json(table, &table->pairs.data[i]));
    for (size_t i = 0; i < table->rows.count; i++)
        json_array_append_new(rows, row_json(table, &table->rows.data[i]));
    return json_pack("{s:s,s:s,s:I,s:I,s:s,s:I,s:f,s:f,s:s?,s:{s:f,s:f,s:b},s:o,s:o}", "benchmark",
                     table->benchmark, "size_label", table->size_label, "size",
                     (json_int_t)table->size, "seed", (json_int_t)table->seed, "answer",
                     table->answer, "blocks", (json_int_t)table->blocks, "margin",
                     table->options.margin, "confidence", 1 - table->options.alpha, "reference",
                     report_reference_name(table), "drift", "change_log", table->drift.change, "p",
                     table->drift.p, "warn", table->drift.warn, "rows", rows, "pairs", pairs);
}

void report_compare_json(const compare_set *set, rf_buffer *out)
{
    json_t *document = report_json_document("compare"), *tables = json_array();
    char letter[2] = {set->trust.letter, '\0'};
    for (size_t i = 0; i < set->tables.count; i++)
        json_array_append_new(tables, table_json(&set->tables.data[i]));
    json_t *session = json_pack(
        "{s:I,s:s,s:s,s:I,s:I,s:I,s:s,s:s,s:s,s:i}", "id", (json_int_t)set->session, "state",
        set->state, "schedule", set->schedule, "seed", (json_int_t)set->seed, "started_ns",
        (json_int_t)set->started_ns, "elapsed_ns", (json_int_t)set->elapsed_ns, "commit",
        set->commit, "machine", set->machine, "trust", letter, "trust_points", set->trust.points);
    json_object_set_new(document, "session", session);
    json_object_set_new(document, "tables", tables);
    report_json_print(document, out);
}
