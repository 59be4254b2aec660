#include "store/record.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "stats/counter.h"
#include "store/event.h"
#include "store/identity.h"
#include "store/series.h"
#include "store/uuid.h"

#include <math.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOG_END = 64 * 1024 };

/* ---- beginning ---- */

static ruff_status put_cells(store_db *db, const store_session_facts *facts, int64_t project,
                             store_session *session, ruff_error *err)
{
    const run_plan *plan = facts->plan;
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < plan->cells.count && !status; i++) {
        int64_t benchmark = 0;
        const run_cell *cell = &plan->cells.data[i];
        status = store_put_benchmark(db, project, cell->param->benchmark, &benchmark, err);
        if (!status)
            status = store_put_param(db, benchmark, cell->param, &session->cells[i].param, err);
        if (!status)
            status =
                store_put_variant(db, benchmark, cell->variant, &session->cells[i].variant, err);
    }
    return status;
}

static ruff_status put_slots(store_db *db, const run_plan *plan, const store_session *session,
                             ruff_error *err)
{
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < plan->slots.count && !status; i++) {
        const run_slot *slot = &plan->slots.data[i];
        const store_cell_id *cell = &session->cells[slot->cell];
        if (slot->elsewhere) continue;
        status = store_run(db, STORE_QUERY_insert_slot, err, "iiiii", session->id,
                           (int64_t)(plan->first_seq + i), (int64_t)slot->block, cell->variant,
                           cell->param);
    }
    return status;
}

static ruff_status put_clocks(store_db *db, const run_plan *plan, int64_t session, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < plan->cells.count && !status; i++) {
        const suite_language *language = plan->cells.data[i].variant->language;
        bool first = language_has_cpu_clock(language);
        for (size_t before = 0; before < i && first; before++)
            first = plan->cells.data[before].variant->language != language;
        if (first) status = store_add_cpu_clock(db, session, language->name, err);
    }
    return status;
}

typedef struct beginning {
    const store_session_facts *facts;
    store_session *session;
} beginning;

static ruff_status begin(store_db *db, void *context, ruff_error *err)
{
    const store_session_facts *facts = ((beginning *)context)->facts;
    store_session *session = ((beginning *)context)->session;
    const run_plan *plan = facts->plan;
    int64_t project = 0, environment = 0, commit = -1;
    char digest[RUN_SHA256_SIZE];
    run_plan_digest(plan, digest);
    ruff_status status = store_put_project(db, facts->suite, &project, err);
    if (!status) status = store_put_environment(db, facts->machine, &environment, err);
    if (!status && facts->commit->sha)
        status = store_put_commit(db, project, facts->commit, &commit, err);
    if (!status) status = put_cells(db, facts, project, session, err);
    if (!status)
        status = store_run_for_id(db, STORE_QUERY_insert_session, &session->id, err, "siIissssisii",
                                  session->uuid, project, commit, environment, facts->command,
                                  facts->settings_json, RUFFBENCH_VERSION, digest,
                                  (int64_t)plan->seed, stats_schedule_name(plan->schedule),
                                  rf_clock_wall_ns(), (int64_t)getpid());
    if (!status) status = put_clocks(db, plan, session->id, err);
    return status ? status : put_slots(db, plan, session, err);
}

typedef struct extension {
    const run_plan *plan;
    const store_session *session;
} extension;

static ruff_status extend(store_db *db, void *context, ruff_error *err)
{
    const extension *more = context;
    ruff_status status =
        store_run(db, STORE_QUERY_reopen_session, err, "ii", more->session->id, (int64_t)getpid());
    return status ? status : put_slots(db, more->plan, more->session, err);
}

ruff_status store_extend_session(store_db *db, const run_plan *plan, const store_session *session,
                                 ruff_error *err)
{
    return store_with_transaction(db, extend, &(extension){plan, session}, err);
}

ruff_status store_begin_session(store_db *db, const store_session_facts *facts,
                                store_session *session, ruff_error *err)
{
    *session =
        (store_session){.cells = rf_alloc_array_zero(store_cell_id, facts->plan->cells.count + 1)};
    store_make_uuid(session->uuid);
    return store_with_transaction(db, begin, &(beginning){facts, session}, err);
}

static ruff_status reopen(store_db *db, void *context, ruff_error *err)
{
    const store_session_facts *facts = ((beginning *)context)->facts;
    store_session *session = ((beginning *)context)->session;
    int64_t project = 0;
    ruff_status status = store_put_project(db, facts->suite, &project, err);
    if (!status) status = put_cells(db, facts, project, session, err);
    if (!status)
        status =
            store_run(db, STORE_QUERY_reopen_session, err, "ii", session->id, (int64_t)getpid());
    return status;
}

ruff_status store_reopen_session(store_db *db, const store_session_facts *facts, int64_t id,
                                 store_session *session, ruff_error *err)
{
    *session = (store_session){
        .id = id, .cells = rf_alloc_array_zero(store_cell_id, facts->plan->cells.count + 1)};
    return store_with_transaction(db, reopen, &(beginning){facts, session}, err);
}

void store_session_release(store_session *session)
{
    rf_free(session->cells);
    session->cells = NULL;
}

/* ---- results ---- */

/* First and last 64 KiB as valid UTF-8: what is not becomes '?'. */
static char *log_text(const rf_buffer *stream)
{
    rf_buffer out = RF_BUFFER_INIT;
    if (stream->size > 2 * LOG_END) {
        rf_buffer_append(&out, stream->data, LOG_END);
        rf_buffer_append_text(&out, "\n[...]\n");
        rf_buffer_append(&out, stream->data + stream->size - LOG_END, LOG_END);
    } else if (stream->size) {
        rf_buffer_append(&out, stream->data, stream->size);
    }
    for (size_t at = 0, bad; at < out.size && !rf_utf8_valid(out.data + at, out.size - at, &bad);
         at += bad + 1)
        out.data[at + bad] = '?';
    for (size_t i = 0; i < out.size; i++)
        if (out.data[i] == '\0') out.data[i] = '?';
    return rf_buffer_take(&out);
}

static ruff_status put_log(store_db *db, int64_t session, const run_result *result, int64_t *id,
                           ruff_error *err)
{
    char *out = log_text(&result->out), *errors = log_text(&result->errors);
    ruff_status status =
        store_run_for_id(db, STORE_QUERY_insert_log, id, err, "iss", session, out, errors);
    rf_free(out);
    rf_free(errors);
    return status;
}

static ruff_status put_series(store_db *db, int64_t invocation, const run_result *result,
                              ruff_error *err)
{
    int64_t metric = 0;
    rf_buffer blob = RF_BUFFER_INIT;
    store_series_encode(result->sample.times.data, result->sample.times.count, &blob);
    ruff_status status = store_put_metric(db, "iteration", &metric, err);
    if (!status)
        status = store_run(db, STORE_QUERY_insert_series, err, "iiib", invocation, metric,
                           (int64_t)result->sample.times.count, blob.data, blob.size);
    rf_buffer_release(&blob);
    return status;
}

static ruff_status put_counter(store_db *db, int64_t invocation, const char *name, int64_t value,
                               ruff_error *err)
{
    int64_t metric = 0;
    ruff_status status = store_put_metric(db, name, &metric, err);
    return status ? status
                  : store_run(db, STORE_QUERY_insert_counter, err, "iiis", invocation, metric,
                              value, "ok");
}

/* One row a counter, with its status; a value only where it was counted. */
static ruff_status put_count(store_db *db, int64_t invocation, const char *name,
                             const run_count *count, ruff_error *err)
{
    int64_t metric = 0;
    bool counted = count->status == RUN_COUNTER_OK || count->status == RUN_COUNTER_SCALED;
    stats_counter scaled = stats_scale_counter(count->value, count->enabled_ns, count->running_ns);
    int64_t value =
        counted ? (int64_t)(count->running_ns ? llround(scaled.value) : (long long)count->value)
                : -1;
    ruff_status status = store_put_metric(db, name, &metric, err);
    if (status) return status;
    return store_run(db, STORE_QUERY_insert_count, err, "iiIIIs", invocation, metric, value,
                     counted ? (int64_t)count->enabled_ns : -1,
                     counted ? (int64_t)count->running_ns : -1,
                     run_counter_status_word(count->status));
}

static ruff_status put_counts(store_db *db, int64_t invocation, const run_result *result,
                              ruff_error *err)
{
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < RUN_COUNTER_COUNT && !status; i++)
        if (result->exit.counts[i].status != RUN_COUNTER_UNAVAILABLE)
            status = put_count(db, invocation, run_counter_name(i), &result->exit.counts[i], err);
    if (!status && result->energy.status != RUN_COUNTER_UNAVAILABLE)
        status = put_count(db, invocation, "energy", &result->energy, err);
    return status;
}

typedef struct addition {
    const store_session *session;
    size_t seq;
    const run_plan *plan;
    const run_result *result;
} addition;

static ruff_status insert_invocation(store_db *db, const addition *add, int64_t *id,
                                     ruff_error *err)
{
    const run_result *result = add->result;
    const run_exit *end = &result->exit;
    const run_slot *slot = &add->plan->slots.data[add->seq];
    const store_cell_id *cell = &add->session->cells[slot->cell];
    bool ran = !end->start_errno && result->outcome != RUN_MISSING, ok = result->outcome == RUN_OK;
    int64_t log = -1;
    ruff_status status = ok ? RUFF_OK : put_log(db, add->session->id, result, &log, err);
    if (status) return status;
    return store_run_for_id(
        db, STORE_QUERY_insert_invocation, id, err, "iiiiiiiIIIIIIIIIIiIssIIisI", add->session->id,
        (int64_t)(add->plan->first_seq + add->seq), (int64_t)slot->block, cell->variant,
        cell->param, result->started_wall_ns, result->wall_ns, result->startup_ns, result->first_ns,
        ran ? end->user_ns : -1, ran ? end->system_ns : -1, ran ? (int64_t)end->rss_peak_bytes : -1,
        result->rss_base_bytes, ran ? (int64_t)end->minor_faults : -1,
        ran ? (int64_t)end->major_faults : -1, ran ? (int64_t)end->voluntary_switches : -1,
        ran ? (int64_t)end->involuntary_switches : -1, (int64_t)result->pad_bytes, result->steal_ns,
        run_outcome_word(result->outcome), result->reason,
        ran && WIFEXITED(end->wait_status) ? (int64_t)WEXITSTATUS(end->wait_status) : -1,
        ran && WIFSIGNALED(end->wait_status) ? (int64_t)WTERMSIG(end->wait_status) : -1,
        (int64_t)ok, result->sample.digest, log);
}

static ruff_status add(store_db *db, void *context, ruff_error *err)
{
    const addition *add = context;
    const run_result *result = add->result;
    const run_variant *variant =
        add->plan->cells.data[add->plan->slots.data[add->seq].cell].variant;
    int64_t id = 0;
    bool ok = result->outcome == RUN_OK;
    ruff_status status = insert_invocation(db, add, &id, err);
    if (!status && ok) status = put_series(db, id, result, err);
    for (size_t i = 0; i < result->sample.counters.count && !status; i++)
        status = put_counter(db, id, result->sample.counters.data[i].name,
                             result->sample.counters.data[i].value, err);
    if (!status) status = put_counts(db, id, result, err);
    if (!status && ok && variant->build_ns >= 0)
        status = put_counter(db, id, "build", variant->build_ns, err);
    if (status) return status;
    return store_run(db, STORE_QUERY_set_slot, err, "iisi", add->session->id,
                     (int64_t)(add->plan->first_seq + add->seq), ok ? "done" : "failed",
                     (int64_t)1);
}

ruff_status store_add_result(store_db *db, const store_session *session, size_t seq,
                             const run_plan *plan, const run_result *result, ruff_error *err)
{
    return store_with_transaction(db, add, &(addition){session, seq, plan, result}, err);
}

ruff_status store_skip_slot(store_db *db, const store_session *session, size_t seq,
                            const run_plan *plan, ruff_error *err)
{
    return store_run(db, STORE_QUERY_set_slot, err, "iisi", session->id,
                     (int64_t)(plan->first_seq + seq), "skipped", (int64_t)0);
}

ruff_status store_end_session(store_db *db, const store_session *session, const char *state,
                              ruff_error *err)
{
    return store_run(db, STORE_QUERY_end_session, err, "isi", session->id, state,
                     rf_clock_wall_ns());
}
