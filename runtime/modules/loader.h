/* Finding, loading, evaluating and caching modules (LANGUAGE 13). */
#ifndef RF_MODULES_LOADER_H
#define RF_MODULES_LOADER_H

#include "value/function.h"

typedef struct rf_loader rf_loader;

rf_loader *rf_loader_new(rf_isolate *isolate);
/* The loader of a worker: it shares the units of `parent`, whose isolate must not run meanwhile, and takes note of the
 * modules that arrive with the worker's variables (isolate->adopt_module), so that it does not evaluate them again. */
rf_loader *rf_loader_new_worker(rf_isolate *isolate, rf_loader *parent);
/* The program is over: what the variables of its modules keep alive goes to the memory profile. */
void rf_loader_profile_memory(rf_loader *loader);
/* Empties every module that the isolate made and lets them go: first of all when an isolate ends. */
void rf_loader_clear(rf_loader *loader);
/* Lets the units go, so last of all: after rf_isolate_free.  NULL is allowed. */
void rf_loader_free(rf_loader *loader);
/* Loads source as the entry unit (or the next REPL input when previous is not NULL) and makes its module object, not
 * yet evaluated; *out new.  Units live as long as the process needs them: they are shared by workers and counted. */
RF_MUST_USE ruff_status rf_loader_load_main(rf_isolate *isolate, const char *source, size_t size,
                                            const rf_unit_options *options, rf_value *out, ruff_error *err);
/* `import path` as seen from importer: the evaluated module (new) or RAISED with the errors of LANGUAGE 13.5. */
rf_value rf_import(rf_isolate *isolate, rf_module *importer, const char *path);
/* The front-end callbacks the loader uses (built-in names, exports of files). */
rf_front rf_loader_front(rf_isolate *isolate);
/* The prelude module of the isolate, evaluated on first call (source from lib/); borrows.  NULL after raising. */
rf_module *rf_loader_prelude(rf_isolate *isolate);

#endif
