#include "history/detect.h"

#include <math.h>
#include <stdio.h>

#define HISTORY_ALGORITHM "ruffbench-1"

/* Logs of one epoch. */
typedef struct span {
    double *y;
    size_t first, count;
} span;

static void add_steps(const span *part, double delta, history_findings *findings)
{
    stats_step_options options = STATS_STEP_OPTIONS_DEFAULT;
    options.delta = delta;
    stats_step *steps = rf_alloc_array(stats_step, part->count / 3 + 1);
    size_t count = stats_find_steps(part->y, part->count, &options, steps);
    for (size_t i = 0; i < count; i++) {
        size_t begin = i ? steps[i - 1].index : 0,
               end = i + 1 < count ? steps[i + 1].index : part->count;
        history_change change = {
            .index = part->first + steps[i].index,
            .before = exp(steps[i].before),
            .after = exp(steps[i].after),
            .p = steps[i].p,
            .ratio = stats_ratio_unpaired(part->y + steps[i].index, end - steps[i].index,
                                          part->y + begin, steps[i].index - begin, 0.05)};
        rf_vector_push(&findings->changes, change);
    }
    rf_free(steps);
}

/* A drift is reported only where no step explains the epoch. */
static void add_drift(const span *part, double delta, history_findings *findings)
{
    stats_trend trend = stats_find_trend(part->y, part->count, delta, 0.01);
    if (!trend.reported) return;
    history_change change = {
        .is_drift = true,
        .index = part->first,
        .before = exp(part->y[0]),
        .after = exp(part->y[0] + trend.change),
        .p = trend.p,
        .ratio = {.ratio = exp(trend.change), .low = exp(trend.change), .high = exp(trend.change)}};
    rf_vector_push(&findings->changes, change);
}

static void check_newest(const span *part, history_findings *findings)
{
    size_t begin = 0;
    for (size_t i = 0; i < findings->changes.count; i++) {
        const history_change *change = &findings->changes.data[i];
        if (!change->is_drift && change->index > part->first) begin = change->index - part->first;
    }
    findings->newest = stats_check_newest(part->y, part->count, begin, 0.01);
    findings->has_newest = findings->newest.used > 0;
}

void history_detect(const history_series *series, double delta, history_findings *findings)
{
    *findings = (history_findings){0};
    double *y = rf_alloc_array(double, series->points.count + 1);
    for (size_t begin = 0, end; begin < series->points.count; begin = end) {
        for (end = begin; end < series->points.count &&
                          series->points.data[end].epoch == series->points.data[begin].epoch;
             end++)
            y[end - begin] = log(series->points.data[end].value);
        span part = {y, begin, end - begin};
        size_t before = findings->changes.count;
        if (part.count >= 2 * STATS_STEP_SEGMENT_MIN) add_steps(&part, delta, findings);
        if (findings->changes.count == before) add_drift(&part, delta, findings);
        if (end == series->points.count) check_newest(&part, findings);
    }
    rf_free(y);
}

void history_findings_release(history_findings *findings)
{
    rf_vector_release(&findings->changes);
}

/* ---- the store ---- */

static ruff_status look_up(store_db *db, const history_series *series, history_change *change,
                           ruff_error *err)
{
    ruff_status status;
    sqlite3_stmt *row = store_bind(
        db, STORE_QUERY_find_changepoint, err, "issssiiis", series->project_id, series->benchmark,
        series->language, series->mode, series->param, series->metric_id, series->machine_id,
        series->points.data[change->index].commit_id, change->is_drift ? "drift" : "step");
    if (store_next(db, row, &status, err)) {
        change->id = store_int(row, 0);
        snprintf(change->state, sizeof change->state, "%s", store_text(row, 1));
        sqlite3_reset(row);
    }
    return status;
}

static ruff_status write_down(store_db *db, const history_series *series, history_change *change,
                              ruff_error *err)
{
    size_t good = change->index ? change->index - 1 : 0;
    snprintf(change->state, sizeof change->state, "open");
    return store_run_for_id(db, STORE_QUERY_put_changepoint, &change->id, err, "issssiiiidddss",
                            series->project_id, series->benchmark, series->language, series->mode,
                            series->param, series->metric_id, series->machine_id,
                            series->points.data[change->index].commit_id,
                            series->points.data[good].commit_id, change->before, change->after,
                            change->p, change->is_drift ? "drift" : "step", HISTORY_ALGORITHM);
}

ruff_status history_match_changes(store_db *db, const history_series *series,
                                  history_findings *findings, bool store, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < findings->changes.count && !status; i++) {
        history_change *change = &findings->changes.data[i];
        status = look_up(db, series, change, err);
        if (!status && store && !change->id) status = write_down(db, series, change, err);
    }
    return status;
}
