#include "history/series.h"

#include "base/buffer.h"
#include "stats/quantile.h"

#include <string.h>

/* What is known of the commit whose rows are being read. */
typedef struct collector {
    history_list *list;
    char *epoch; /* digest of the last point of the series; owned */
    RF_VECTOR(double) values;
} collector;

static char *copy_text(sqlite3_stmt *row, int column)
{
    return rf_strdup(store_text(row, column));
}

static bool continues(const history_series *series, sqlite3_stmt *row)
{
    return !strcmp(series->benchmark, store_text(row, 0)) &&
           !strcmp(series->language, store_text(row, 1)) &&
           !strcmp(series->mode, store_text(row, 2)) &&
           !strcmp(series->param, store_text(row, 3)) &&
           !strcmp(series->machine, store_text(row, 4)) && series->project_id == store_int(row, 16);
}

static void begin_series(collector *all, sqlite3_stmt *row)
{
    history_series series = {.benchmark = copy_text(row, 0),
                             .language = copy_text(row, 1),
                             .mode = copy_text(row, 2),
                             .param = copy_text(row, 3),
                             .machine = copy_text(row, 4),
                             .project_id = store_int(row, 16),
                             .machine_id = store_int(row, 17),
                             .metric_id = store_int(row, 18),
                             .cpu_clock = store_int(row, 19) != 0};
    rf_vector_push(all->list, series);
    rf_free(all->epoch);
    all->epoch = NULL;
}

/* Rows of one commit in one epoch are one point. */
static void add_row(collector *all, history_series *series, sqlite3_stmt *row)
{
    bool same_epoch = all->epoch && strcmp(all->epoch, store_text(row, 8)) == 0;
    history_point *last = series->points.count ? &rf_vector_last(&series->points) : NULL;
    if (!same_epoch) {
        rf_free(all->epoch);
        all->epoch = copy_text(row, 8);
        series->epochs++;
    }
    if (!same_epoch || !last || last->commit_id != store_int(row, 10)) {
        history_point point = {.commit_id = store_int(row, 10),
                               .sha = copy_text(row, 11),
                               .subject = copy_text(row, 12),
                               .commit_ns = store_int(row, 14),
                               .dirty = *store_text(row, 15) != '\0',
                               .epoch = series->epochs};
        rf_vector_push(&series->points, point);
        last = &rf_vector_last(&series->points);
        all->values.count = 0;
    }
    rf_vector_push(&all->values, sqlite3_column_double(row, 5));
    last->value = stats_median(all->values.data, all->values.count);
    last->low = sqlite3_column_double(row, 6);
    last->high = sqlite3_column_double(row, 7);
    last->session = store_int(row, 9);
    last->sessions = all->values.count;
}

ruff_status history_load(store_db *db, const history_filter *filter, history_list *list,
                         ruff_error *err)
{
    ruff_status status;
    collector all = {.list = list};
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_history_points, err, "ssi", filter->metric,
                                   filter->branch, filter->since_ns);
    while (store_next(db, row, &status, err)) {
        if (!list->count || !continues(&rf_vector_last(list), row)) begin_series(&all, row);
        add_row(&all, &rf_vector_last(list), row);
    }
    rf_free(all.epoch);
    rf_vector_release(&all.values);
    return status;
}

/* ---- why an epoch begins ---- */

enum { PARTS = 6 };

static const char *const part_names[PARTS] = {"source",      "flags",      "command",
                                              "environment", "definition", "toolchain"};

static ruff_status load_parts(store_db *db, const history_series *series, int64_t session,
                              char *parts[PARTS], ruff_error *err)
{
    ruff_status status;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_epoch_parts, err, "isss", session,
                                   series->benchmark, series->language, series->mode);
    if (store_next(db, row, &status, err)) {
        for (int i = 0; i < PARTS; i++) parts[i] = copy_text(row, i);
        sqlite3_reset(row);
    }
    return status;
}

static char *name_differences(char *const before[PARTS], char *const after[PARTS])
{
    rf_buffer out = RF_BUFFER_INIT;
    for (size_t i = 0; i < PARTS; i++)
        if (before[i] && after[i] && strcmp(before[i], after[i]) != 0)
            rf_buffer_format(&out, "%s%s", out.size ? ", " : "", part_names[i]);
    if (!out.size) rf_buffer_append_text(&out, "input");
    return rf_buffer_take(&out);
}

ruff_status history_explain_epochs(store_db *db, history_series *series, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    for (size_t i = 1; i < series->points.count && !status; i++) {
        history_point *point = &series->points.data[i];
        char *before[PARTS] = {NULL}, *after[PARTS] = {NULL};
        if (point->epoch == point[-1].epoch) continue;
        status = load_parts(db, series, point[-1].session, before, err);
        if (!status) status = load_parts(db, series, point->session, after, err);
        if (!status) point->cause = name_differences(before, after);
        for (size_t p = 0; p < PARTS; p++) {
            rf_free(before[p]);
            rf_free(after[p]);
        }
    }
    return status;
}

void history_list_release(history_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        history_series *series = &list->data[i];
        for (size_t p = 0; p < series->points.count; p++) {
            rf_free(series->points.data[p].sha);
            rf_free(series->points.data[p].subject);
            rf_free(series->points.data[p].cause);
        }
        rf_vector_release(&series->points);
        char *owned[] = {series->benchmark, series->language, series->mode, series->param,
                         series->machine};
        for (size_t o = 0; o < RF_COUNT_OF(owned); o++) rf_free(owned[o]);
    }
    rf_vector_release(list);
}

char *history_series_name(const history_series *series)
{
    bool plain = strcmp(series->param, "default") == 0;
    return rf_format_text("%s%s%s@%s%s%s", series->benchmark, plain ? "" : "/",
                          plain ? "" : series->param, series->language, *series->mode ? ":" : "",
                          series->mode);
}
