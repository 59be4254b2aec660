/* Profiles in SQLite (profile_schema.sql): the database of `ruff profile`, and the same tables within that of ruffbench.
 *
 * All functions give false with *error (new, rf_free) when they fail; nothing is changed then. */
#ifndef RF_REPORT_PROFILE_STORE_H
#define RF_REPORT_PROFILE_STORE_H

#include "prof/profile.h"

#include <sqlite3.h>

/* The tables, as SQL; they may exist. */
extern const char rf_profile_schema[];

typedef enum rf_profile_access {
    RF_PROFILE_READ, /* must exist */
    RF_PROFILE_WRITE /* made, with its folders, when it does not exist */
} rf_profile_access;

/* $XDG_DATA_HOME/ruff/profiles.db, or below ~/.local/share; new. */
char *rf_profile_store_default_path(void);
RF_MUST_USE bool rf_profile_store_open(const char *path, rf_profile_access access, sqlite3 **out, char **error);

typedef struct rf_profile_tags {
    const char *label, *git_revision; /* NULL: none */
    int64_t bench_run;                /* of ruffbench: the session it belongs to; 0: none */
} rf_profile_tags;

/* In a transaction of its own unless one is open. */
RF_MUST_USE bool rf_profile_store_save(sqlite3 *db, const rf_profile *profile, const rf_profile_tags *tags, int64_t *id, char **error);
/* out is initialised by it, also when it fails; release it in both cases. */
RF_MUST_USE bool rf_profile_store_load(sqlite3 *db, int64_t id, rf_profile *out, char **error);

typedef struct rf_profile_row {
    int64_t id, started_unix, bench_run;
    uint64_t wall_ns, cpu_ns, ticks, allocs, peak_live_bytes;
    int exit_status;
    bool has_cpu, has_memory, has_jit;
    char *label, *git_revision, *script, *arguments, *engine; /* owned */
} rf_profile_row;

typedef struct rf_profile_rows {
    RF_VECTOR(rf_profile_row) list;
} rf_profile_rows;

/* Newest first.  Only those whose script's path ends with `script`, unless it is NULL; at most limit. */
RF_MUST_USE bool rf_profile_store_list(sqlite3 *db, const char *script, size_t limit, rf_profile_rows *rows, char **error);
/* Those of one session of ruffbench, oldest first. */
RF_MUST_USE bool rf_profile_store_list_run(sqlite3 *db, int64_t bench_run, rf_profile_rows *rows, char **error);
void rf_profile_rows_release(rf_profile_rows *rows);
/* The profiles a word names: a number, "latest", "latest~1" (the one before) or a label, which may name several. */
RF_MUST_USE bool rf_profile_store_find(sqlite3 *db, const char *word, rf_profile_rows *rows, char **error);

#endif
