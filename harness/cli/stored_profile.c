#include "cli/stored_profile.h"

#include "base/alloc.h"
#include "base/error.h"
#include "report/frame_name.h"
#include "report/profile_store.h"
#include "report/summary.h"

#include <stdlib.h>
#include <string.h>

static ruff_status fail(char *message, ruff_error *err)
{
    rf_error_set(err, RUFF_E_IO, "%s", message);
    rf_free(message);
    return RUFF_E_IO;
}

/* "fibonacci/default@ruff:vm"; false for labels that are not of `ruffbench profile`. */
static bool split_label(const rf_profile_row *row, report_hot *it)
{
    const char *slash = strchr(row->label, '/'), *at = slash ? strchr(slash, '@') : NULL;
    if (!at || !row->has_cpu) return false;
    *it = (report_hot){.benchmark = rf_strndup(row->label, (size_t)(slash - row->label)),
                       .size = rf_strndup(slash + 1, (size_t)(at - slash - 1)),
                       .variant = rf_strdup(at + 1),
                       .commit = rf_strdup(row->git_revision ? row->git_revision : ""),
                       .profile = row->id,
                       .session = row->bench_run};
    return true;
}

static int compare_hot(const void *a, const void *b)
{
    const report_hot *left = a, *right = b;
    int order = strcmp(left->benchmark, right->benchmark);
    if (!order) order = strcmp(left->size, right->size);
    return order ? order : strcmp(left->variant, right->variant);
}

/* Databases that were written before there were profiles can be read, too. */
static bool has_tables(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    bool has = sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_schema WHERE name = 'sample_agg'", -1, &statement, NULL) == SQLITE_OK &&
               sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return has;
}

ruff_status cli_list_profiles(cli_context *cli, cli_profile_filter *takes, const void *context, report_hot_list *out, ruff_error *err)
{
    rf_profile_rows rows;
    char *error = NULL;
    *out = (report_hot_list){0};
    if (!has_tables(cli->db->sqlite)) return RUFF_OK;
    if (!rf_profile_store_list(cli->db->sqlite, NULL, INT32_MAX, &rows, &error)) {
        rf_profile_rows_release(&rows);
        return fail(error, err);
    }
    for (size_t i = 0; i < rows.list.count; i++) { /* newest first: of each label the first one counts */
        report_hot it = {0};
        bool is_new = split_label(&rows.list.data[i], &it) && takes(context, &it);
        for (size_t k = 0; k < out->list.count && is_new; k++) is_new = compare_hot(&out->list.data[k], &it) != 0;
        if (is_new)
            rf_vector_push(&out->list, it);
        else
            report_hot_release(&it);
    }
    rf_profile_rows_release(&rows);
    if (out->list.count) qsort(out->list.data, out->list.count, sizeof *out->list.data, compare_hot);
    return RUFF_OK;
}

bool cli_find_earlier_profile(cli_context *cli, const report_hot *it, report_hot *earlier)
{
    rf_profile_rows rows;
    char *error = NULL;
    bool found = false;
    if (rf_profile_store_list(cli->db->sqlite, NULL, INT32_MAX, &rows, &error)) {
        for (size_t i = 0; i < rows.list.count && !found; i++) { /* newest first */
            const rf_profile_row *row = &rows.list.data[i];
            if (row->id >= it->profile || row->bench_run == it->session || !split_label(row, earlier)) continue;
            found = compare_hot(earlier, it) == 0;
            if (!found) report_hot_release(earlier);
        }
    }
    rf_profile_rows_release(&rows);
    rf_free(error);
    return found;
}

static void take_shares(report_hot *it, const rf_profile *profile, size_t most)
{
    rf_report_summary summary;
    rf_report_summary_init(&summary, profile);
    it->ticks = summary.all.ticks;
    it->cpu_seconds = (double)summary.all.cpu_ns / 1e9;
    for (size_t i = 0; i < summary.funcs.count && it->functions.count < most; i++) {
        const rf_report_func_row *row = &summary.funcs.data[i];
        rf_buffer name = RF_BUFFER_INIT;
        if (!row->self.cpu_ns) break;
        rf_report_append_name(&name, profile, row->func);
        const report_hot_function function = {rf_buffer_take(&name), rf_report_share(&summary, row->self.cpu_ns)};
        rf_vector_push(&it->functions, function);
    }
    rf_report_summary_release(&summary);
}

ruff_status cli_load_hot(cli_context *cli, report_hot *it, size_t most, rf_profile *profile, ruff_error *err)
{
    rf_profile own, *loaded = profile ? profile : &own;
    char *error = NULL;
    ruff_status status = RUFF_OK;
    if (rf_profile_store_load(cli->db->sqlite, it->profile, loaded, &error))
        take_shares(it, loaded, most);
    else
        status = fail(error, err);
    if (!profile) rf_profile_release(&own);
    return status;
}
