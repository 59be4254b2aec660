/* Results of other tools.  An adapter turns a file into runs: one process each, with its times. */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "base/vector.h"
#include "store/db.h"

typedef struct import_run {
    char *benchmark, *variant; /* variant: "go" or "ruff:vm"; owned */
    char *size;                /* owned; "default" when the tool has none */
    RF_VECTOR(double) times;   /* ns, one an iteration */
} import_run;

typedef RF_VECTOR(import_run) import_list;

typedef ruff_status (*import_reader)(const char *path, const char *text, size_t size,
                                     import_list *list, ruff_error *err);

#define STORE_IMPORT(name, meaning)                                                                \
    ruff_status import_##name(const char *path, const char *text, size_t size, import_list *list,  \
                              ruff_error *err);
#include "store/import.def"
#undef STORE_IMPORT

/* NULL when there is no such format. */
import_reader import_find(const char *name);
/* "hyperfine, pyperf, ...", for messages; new. */
char *import_names(void);

/* An empty run; name is "bench[/size]@variant" where a tool kept ours, else it is the benchmark of
 * variant `tool`. */
import_run *import_add(import_list *list, const char *name, const char *tool);
void import_list_release(import_list *list);

/* Stores the runs as a session of its own, measured on a machine of its own: it is compared with
 * nothing of ours unless --force. */
RF_MUST_USE ruff_status store_import(store_db *db, const char *project, const char *tool,
                                     const char *path, const import_list *list, int64_t *session,
                                     ruff_error *err);

#endif
