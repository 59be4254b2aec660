/* Ruff by `ruff profile`, which keeps what it finds in a database: it is read from there whole. */
#include "profile/adapter.h"

#include "base/error.h"
#include "report/profile_store.h"

#include <string.h>
#include <unistd.h>

/* `ruff run OPTIONS FILE ...` as `ruff profile ... OPTIONS FILE ...`; new texts. */
static bool make_argv(const profile_job *job, const char *db, template_words *out)
{
    template_words run = {0};
    run_variant_argv(job->variant, &job->input, job->suite, &run);
    const bool fits = run.count > 2 && strcmp(run.data[1], "run") == 0;
    if (fits) {
        template_words_push(out, rf_strdup(run.data[0]));
        template_words_push(out, rf_strdup("profile"));
        template_words_push(out, rf_strdup("--cpu"));
        if (job->hz)
            template_words_push(out,
                                rf_format_text("--hz=%llu", (unsigned long long)job->hz));
        template_words_push(out, rf_format_text("--db=%s", db));
        template_words_push(out, rf_strdup("--output=/dev/null"));
    }
    for (size_t i = 2; fits && i < run.count; i++) {
        if (strcmp(run.data[i], "--counters") == 0) continue; /* of timed runs only */
        template_words_push(
            out, rf_strdup(strcmp(run.data[i], "--jit") == 0 ? "--jit-mode" : run.data[i]));
    }
    template_words_release(&run);
    return fits;
}

static ruff_status load(const char *path, rf_profile *out, ruff_error *err)
{
    sqlite3 *db = NULL;
    rf_profile_rows rows = {0};
    char *error = NULL;
    const bool is_loaded = rf_profile_store_open(path, RF_PROFILE_READ, &db, &error) &&
                           rf_profile_store_find(db, "latest", &rows, &error);
    ruff_status status = RUFF_OK;
    if (is_loaded) {
        rf_profile_release(out);
        if (!rf_profile_store_load(db, rows.list.data[0].id, out, &error)) status = RUFF_E_IO;
    } else {
        status = RUFF_E_IO;
    }
    if (status) rf_error_set(err, status, "%s", error);
    rf_free(error);
    rf_profile_rows_release(&rows);
    sqlite3_close(db);
    return status;
}

ruff_status profile_run_ruff(run_launcher *launcher, const profile_job *job, rf_profile *out,
                             ruff_error *err)
{
    char *path = rf_format_text("%s/ruff-profile.db", job->scratch);
    rf_buffer text = RF_BUFFER_INIT;
    template_words argv = {0};
    ruff_status status;
    unlink(path);
    if (!make_argv(job, path, &argv))
        status = rf_error_set(err, RUFF_E_MISUSE,
                              "%s: its `run` does not begin with the program and `run`",
                              job->variant->language->path);
    else
        status = profile_run_tool(launcher, job, (const char *const *)argv.data, &text, err);
    if (!status) status = load(path, out, err);
    unlink(path);
    template_words_release(&argv);
    rf_buffer_release(&text);
    rf_free(path);
    return status;
}
