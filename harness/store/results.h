/* A session read back: what ran, in which order, and what came out. */
#ifndef STORE_RESULTS_H
#define STORE_RESULTS_H

#include "base/vector.h"
#include "run/measure.h"
#include "store/db.h"

typedef struct store_session_row {
    int64_t id, seed, started_ns, ended_ns, pid, score, project_id, environment_id, commit_id,
        machine_id;
    char *uuid, *state, *schedule, *command, *settings_json, *plan_digest, *environment_digest,
        *machine, *commit, *dirty;
} store_session_row;

typedef struct store_variant_row {
    int64_t id;
    char *label, *language, *mode, *version, *version_raw, *digest, *source_sha256,
        *executable_sha256, *flags, *argv_json, *env_json, *role;
    bool subject, cpu_clock; /* cpu_clock: its iterations are timed in CPU time */
} store_variant_row;

typedef struct store_param_row {
    int64_t id;
    uint64_t size, seed;
    char *benchmark, *label, *expected, *unit, *tags, *definition, *json;
} store_param_row;

typedef struct store_slot_row {
    int64_t seq, block, variant, param;
    char *state;
} store_slot_row;

typedef struct store_sample {
    int64_t id, seq, block, variant, param;
    run_outcome outcome;
    char *reason; /* "" when ok */
    char *checksum;
    int64_t wall_ns, startup_ns, first_ns, user_ns, system_ns, rss_peak, rss_base,
        involuntary_switches, steal_ns, build_ns, exit_status, signal, started_ns; /* -1: unknown */
    int64_t *times;                                                                /* ns */
    size_t time_count;
    int64_t counts[RUN_COUNTER_COUNT + 1]; /* the last is energy; -1 unless counted */
    run_counter_status count_status[RUN_COUNTER_COUNT + 1];
} store_sample;

#define STORE_ENERGY RUN_COUNTER_COUNT

typedef struct store_results {
    store_session_row session;
    RF_VECTOR(store_variant_row) variants;
    RF_VECTOR(store_param_row) params;
    RF_VECTOR(store_slot_row) slots;
    RF_VECTOR(store_sample) samples; /* in order of execution */
} store_results;

RF_MUST_USE ruff_status store_load_results(store_db *db, int64_t session, store_results *results,
                                           ruff_error *err);
/* Only the row of the session. RUFF_E_MISUSE when there is no such one. */
RF_MUST_USE ruff_status store_find_session(store_db *db, int64_t id, store_session_row *row,
                                           ruff_error *err);
void store_session_row_release(store_session_row *row);
/* Drops what keeps() does not want: rows of one benchmark and input in one variant. */
typedef bool store_keeps(const void *context, const store_param_row *param,
                         const store_variant_row *variant);
void store_results_keep(store_results *results, store_keeps *keeps, const void *context);
void store_results_release(store_results *results);
/* Blocks of the pilot when the number of blocks was chosen by precision (S12), else 0. */
size_t store_session_pilot(const store_session_row *row);
/* The newest session; 0 when there is none. */
RF_MUST_USE ruff_status store_last_session(store_db *db, int64_t *id, ruff_error *err);
const store_variant_row *store_results_variant(const store_results *results, int64_t id);
const store_param_row *store_results_param(const store_results *results, int64_t id);

#endif
