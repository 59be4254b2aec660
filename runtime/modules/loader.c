/* The loader of an isolate: its modules by canonical path, those being evaluated, and the front end's view of them.
 *
 * It holds every module object that was made, also those whose evaluation failed: functions keep their module and
 * module variables keep their functions, and only the end of the isolate cuts that circle. */
#include "modules/loader.h"

#include "base/alloc.h"
#include "prof/thread.h"
#include "base/file.h"
#include "modules/search.h"
#include "modules/unit_store.h"
#include "value/error_value.h"
#include "value/memory_profile.h"

#include <string.h>
#include <sys/stat.h>

typedef struct loaded {
    rf_module *module; /* borrowed from loader->modules */
    rf_unit_origin origin;
    const char *name;  /* as imported where it is being evaluated; valid only then */
    struct rf_task *task; /* that evaluates it; valid only then */
    rf_value done;     /* promise that other tasks wait for which import it meanwhile; UNSET: none */
    bool is_loading;
    bool is_stale;     /* replaced by a later evaluation (REPL) or failed */
} loaded;

typedef struct front_context { /* what rf_front.context points to */
    rf_isolate *isolate;
    bool with_internal;
} front_context;

struct rf_loader {
    rf_isolate *isolate;
    rf_unit_store *store;
    RF_VECTOR(rf_value) modules; /* all, counted */
    RF_VECTOR(loaded) imported;  /* in order of loading: those is_loading are the stack of imports */
    RF_VECTOR(rf_value) evaluated; /* the imported modules that a worker gets; borrowed */
    bool has_inner_imports;      /* of some unit: a worker may import */
    rf_value main;               /* of the last rf_loader_load_main; borrowed from modules */
    front_context front;
    const rf_unit_origin *loading; /* origin of the unit that the front end is working on; NULL: the entry script */
};

/* ---- a loader and its modules ---- */

static rf_module *keep_module(rf_loader *loader, rf_value module)
{
    rf_vector_push(&loader->modules, module);
    return module.as.module;
}

static void add_imported(rf_loader *loader, const loaded *entry)
{
    rf_vector_push(&loader->imported, *entry);
}

static void note_unit(rf_loader *loader, const rf_unit *unit)
{
    loader->has_inner_imports |= unit->has_inner_import;
}

/* isolate->adopt_module */
static void adopt_module(rf_isolate *isolate, rf_module *module)
{
    rf_loader *loader = isolate->loader;
    rf_retain_object(&module->object);
    keep_module(loader, rf_object_value(RF_MODULE, module));
    loaded entry = {.module = module, .done = rf_unset()};
    if (!module->unit) return;
    note_unit(loader, module->unit);
    if (!rf_unit_store_find(loader->store, module->unit, &entry.origin)) return;
    add_imported(loader, &entry);
    rf_vector_push(&loader->evaluated, rf_object_value(RF_MODULE, module));
}

/* isolate->list_modules */
static const rf_value *list_modules(rf_isolate *isolate, uint32_t *count)
{
    const rf_loader *loader = isolate->loader;
    *count = loader->has_inner_imports ? (uint32_t)loader->evaluated.count : 0;
    return loader->evaluated.data;
}

static rf_loader *new_loader(rf_isolate *isolate, rf_unit_store *store)
{
    rf_loader *loader = rf_new(rf_loader);
    loader->isolate = isolate;
    loader->store = store;
    loader->main = rf_unset();
    loader->front.isolate = isolate;
    isolate->adopt_module = adopt_module;
    isolate->list_modules = list_modules;
    return loader;
}

rf_loader *rf_loader_new(rf_isolate *isolate)
{
    return new_loader(isolate, rf_unit_store_new());
}

rf_loader *rf_loader_new_worker(rf_isolate *isolate, rf_loader *parent)
{
    return new_loader(isolate, rf_unit_store_share(parent->store));
}

void rf_loader_profile_memory(rf_loader *loader)
{
    rf_memory_profile_over(loader->isolate, loader->modules.data, loader->modules.count);
}

void rf_loader_clear(rf_loader *loader)
{
    rf_isolate *isolate = loader->isolate;
    for (size_t i = 0; i < loader->modules.count; i++)
        rf_module_clear(isolate, loader->modules.data[i].as.module);
    for (size_t i = 0; i < loader->modules.count; i++) rf_release(isolate, loader->modules.data[i]);
    loader->modules.count = loader->imported.count = loader->evaluated.count = 0;
    loader->main = rf_unset();
    isolate->prelude = NULL;
    rf_heap_collect(isolate);
}

void rf_loader_free(rf_loader *loader)
{
    if (!loader) return;
    rf_vector_release(&loader->modules);
    rf_vector_release(&loader->imported);
    rf_vector_release(&loader->evaluated);
    rf_unit_store_release(loader->store);
    rf_free(loader);
}

/* ---- what the front end asks ---- */

static rf_search_origin search_origin(const rf_loader *loader, const rf_unit_origin *importer,
                                      const char *entry_file)
{
    const char *entry = loader->isolate->host->entry_path;
    if (!entry) entry = entry_file;
    return (rf_search_origin){.file = importer ? importer->file : entry,
                              .root = importer ? importer->root : NULL,
                              .entry = entry};
}

static int32_t find_builtin(void *context, const char *name, size_t size)
{
    const front_context *front = context;
    return rf_builtin_find(front->isolate, name, size, front->with_internal);
}

static bool find_exports(void *context, const rf_unit *unit, const char *path,
                         void (*add)(void *sink, const char *name, size_t size), void *sink)
{
    const front_context *front = context;
    rf_loader *loader = front->isolate->loader;
    const rf_search_origin origin = search_origin(loader, loader->loading, unit->path);
    rf_search_result found;
    rf_buffer source = RF_BUFFER_INIT;
    const bool is_known = rf_search_module(&origin, path, &found) == RF_SEARCH_FOUND &&
                          rf_file_read(found.file, &source, NULL) == RUFF_OK &&
                          rf_unit_scan_exports(source.data, source.size, add, sink);
    rf_buffer_release(&source);
    rf_free(found.file);
    rf_free(found.root);
    return is_known;
}

static const char *builtin_name(void *context, uint32_t number)
{
    const rf_isolate *isolate = ((const front_context *)context)->isolate;
    if (number >= isolate->builtin_count) return NULL;
    return isolate->builtins[number].is_internal ? "" : isolate->builtins[number].name;
}

rf_front rf_loader_front(rf_isolate *isolate)
{
    return (rf_front){.context = &isolate->loader->front,
                      .find_builtin = find_builtin,
                      .module_exports = find_exports,
                      .builtin_name = builtin_name};
}

/* rf_unit_load, as time of its own in a profile. */
static ruff_status parse_noted(const rf_isolate *isolate, const char *source, size_t size, const rf_unit_options *options,
                               const rf_front *front, rf_unit **out, ruff_error *err)
{
    rf_prof_scope scope;
    if (isolate->prof) rf_prof_enter(isolate->prof, &scope, RF_PROF_STATE(RF_TIER_PARSE, 0));
    const ruff_status status = rf_unit_load(source, size, options, front, out, err);
    if (isolate->prof) rf_prof_leave(isolate->prof, &scope);
    return status;
}

/* ---- the entry script, REPL inputs, the prelude ---- */

ruff_status rf_loader_load_main(rf_isolate *isolate, const char *source, size_t size,
                                const rf_unit_options *options, rf_value *out, ruff_error *err)
{
    rf_loader *loader = isolate->loader;
    const rf_front front = rf_loader_front(isolate);
    rf_unit *unit;
    ruff_status status = parse_noted(isolate, source, size, options, &front, &unit, err);
    if (status) return status;
    rf_unit_store_add(loader->store, unit, NULL);
    note_unit(loader, unit);
    if (options->previous) {
        rf_module_extend(isolate, loader->main.as.module, unit);
    } else {
        loader->main = rf_module_new(isolate, unit, rf_string_from(isolate, ""));
        keep_module(loader, loader->main);
    }
    *out = rf_copy(loader->main);
    return RUFF_OK;
}

static rf_unit *load_prelude_unit(rf_loader *loader)
{
    rf_unit *unit = rf_unit_store_prelude(loader->store);
    if (unit) return unit;
    const rf_unit_options options = {.path = "<prelude>", .is_prelude = true};
    const rf_front front = rf_loader_front(loader->isolate);
    ruff_error err = RUFF_ERROR_INIT;
    loader->front.with_internal = true;
    const ruff_status status =
        rf_unit_load(rf_prelude_source, rf_prelude_size, &options, &front, &unit, &err);
    loader->front.with_internal = false;
    if (status == RUFF_OK) return rf_unit_store_set_prelude(loader->store, unit);
    rf_raise(loader->isolate, "The prelude does not load: %s", err.report ? err.report : err.message);
    ruff_error_release(&err);
    return NULL;
}

rf_module *rf_loader_prelude(rf_isolate *isolate)
{
    if (isolate->prelude) return isolate->prelude;
    rf_loader *loader = isolate->loader;
    rf_unit *unit = load_prelude_unit(loader);
    if (!unit) return NULL;
    rf_value name = rf_string_from(isolate, "<prelude>");
    rf_module *module = keep_module(loader, rf_module_new(isolate, unit, name));
    rf_release(isolate, name);
    rf_value result = isolate->engine->run_module(isolate, module);
    if (rf_is_raised(result)) return NULL;
    rf_release(isolate, result);
    module->is_evaluated = true;
    isolate->prelude = module;
    return module;
}

/* ---- importing ---- */

/* One import under way. */
typedef struct import {
    rf_loader *loader;
    const char *name; /* as written */
    rf_unit_origin origin;
} import;

static rf_file_stamp stamp_of(const char *file)
{
    struct stat status;
    if (stat(file, &status) != 0) return (rf_file_stamp){0, -1};
    return (rf_file_stamp){.modified_ns = status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec,
                           .size = status.st_size};
}

static loaded *find_loaded(const rf_loader *loader, const char *file)
{
    for (size_t i = 0; i < loader->imported.count; i++) {
        loaded *entry = &loader->imported.data[i];
        if (!entry->is_stale && strcmp(entry->origin.file, file) == 0) return entry;
    }
    return NULL;
}

static const loaded *entry_of(const rf_loader *loader, const rf_module *module)
{
    for (size_t i = loader->imported.count; i-- > 0;)
        if (loader->imported.data[i].module == module) return &loader->imported.data[i];
    return NULL;
}

static rf_value raise_cycle(const import *it, const loaded *first)
{
    const rf_loader *loader = it->loader;
    const struct rf_task *task = loader->isolate->task;
    rf_buffer names = RF_BUFFER_INIT;
    const size_t start = (size_t)(first - loader->imported.data);
    for (size_t i = start; i < loader->imported.count; i++)
        if (loader->imported.data[i].is_loading && loader->imported.data[i].task == task)
            rf_buffer_format(&names, "%s -> ", loader->imported.data[i].name);
    rf_raise(loader->isolate, "Circular import detected: %s%s", names.data, it->name);
    rf_buffer_release(&names);
    return rf_raised();
}

/* The wrapping error with the module's own as its cause (LANGUAGE 13.5). */
static rf_value raise_evaluation_failed(const import *it)
{
    rf_isolate *isolate = it->loader->isolate;
    if (!rf_is_catchable(isolate)) return rf_raised();
    rf_value cause = rf_take_error(isolate);
    rf_value message = rf_string_format(isolate, "Failed to evaluate module '%s': ", it->name);
    message = rf_string_concat(isolate, message, cause.as.error->message);
    if (!rf_is_raised(message)) rf_raise_string(isolate, message);
    rf_store(isolate, &isolate->error.as.error->cause, cause);
    return rf_raised();
}

/* The front end refused the source: err says what and where. */
static rf_value raise_front_end(const import *it, const ruff_error *err)
{
    rf_isolate *isolate = it->loader->isolate;
    static const char lexer_code[] = "[RUFLEX";
    if (err->exit_code != 3)
        return rf_raise(isolate, "Failed to evaluate module '%s': %s", it->name, err->message);
    const bool is_lexical = err->report && strncmp(err->report, lexer_code, strlen(lexer_code)) == 0;
    return rf_raise(isolate, "Failed to %s module '%s': %u:%u: %s", is_lexical ? "tokenize" : "parse",
                    it->name, err->line, err->column, err->message);
}

static void keep_unit(const import *it, rf_unit *unit)
{
    rf_unit_store_add(it->loader->store, unit, &it->origin);
    note_unit(it->loader, unit);
}

/* The unit of the file, kept in the store; NULL after raising. */
static rf_unit *load_unit(const import *it)
{
    rf_loader *loader = it->loader;
    ruff_error err = RUFF_ERROR_INIT;
    rf_buffer source = RF_BUFFER_INIT;
    rf_unit *unit = NULL;
    if (rf_file_read(it->origin.file, &source, &err)) {
        rf_raise(loader->isolate, "Failed to read module '%s': %s", it->name, err.message);
    } else {
        const rf_unit_options options = {.path = it->origin.file};
        const rf_front front = rf_loader_front(loader->isolate);
        const rf_unit_origin *outer = loader->loading;
        loader->loading = &it->origin;
        if (parse_noted(loader->isolate, source.data, source.size, &options, &front, &unit, &err))
            raise_front_end(it, &err);
        else
            keep_unit(it, unit);
        loader->loading = outer;
    }
    rf_buffer_release(&source);
    ruff_error_release(&err);
    return unit;
}

/* Every export must have a value; they keep the one they have now (LANGUAGE 13.3). */
static bool check_exports(const import *it, rf_module *module)
{
    rf_isolate *isolate = it->loader->isolate;
    const rf_unit *unit = module->unit;
    const char *missing = NULL;
    for (size_t i = 0; i < unit->exports.count && !missing; i++) {
        const rf_var *var = unit->exports.data[i];
        if (module->exported[i].head == RF_UNSET) missing = var->name->text;
    }
    if (!missing && unit->undefined_exports.count) missing = unit->undefined_exports.data[0]->text;
    if (missing)
        rf_raise(isolate, "Exported symbol '%s' was not defined in module '%s'", missing, it->name);
    return !missing;
}

/* The module is being evaluated by another task: waits until that is over.  False after raising. */
static bool wait_for_importer(rf_isolate *isolate, loaded *entry)
{
    const rf_sched_hooks *hooks = isolate->sched_hooks;
    if (entry->done.head == RF_UNSET) entry->done = hooks->new_promise(isolate);
    rf_value promise = rf_copy(entry->done);
    rf_value result = hooks->await_promise(isolate, promise);
    rf_release(isolate, promise);
    rf_release(isolate, result);
    return !rf_is_raised(result);
}

static void wake_importers(rf_isolate *isolate, loaded *entry)
{
    rf_value promise = rf_take(&entry->done);
    if (promise.head == RF_UNSET) return;
    isolate->sched_hooks->resolve_promise(isolate, promise.as.promise, rf_null());
    rf_release(isolate, promise);
}

/* Evaluates the unit as a new module: borrowed, or NULL after raising. */
static rf_module *evaluate(const import *it, rf_unit *unit)
{
    rf_loader *loader = it->loader;
    rf_isolate *isolate = loader->isolate;
    rf_value name = rf_string_from(isolate, it->name);
    rf_module *module = keep_module(loader, rf_module_new(isolate, unit, name));
    rf_release(isolate, name);
    loaded entry = {.module = module,
                    .name = it->name,
                    .task = isolate->task,
                    .done = rf_unset(),
                    .is_loading = true};
    rf_unit_store_find(loader->store, unit, &entry.origin);
    const size_t at = loader->imported.count;
    add_imported(loader, &entry);
    rf_value result = isolate->engine->run_module(isolate, module);
    loaded *finished = &loader->imported.data[at];
    finished->is_loading = false;
    finished->is_stale = rf_is_raised(result);
    wake_importers(isolate, finished);
    if (rf_is_raised(result)) {
        raise_evaluation_failed(it);
        return NULL;
    }
    rf_release(isolate, result);
    module->is_evaluated = true;
    rf_module_seal(isolate, module);
    rf_vector_push(&loader->evaluated, rf_object_value(RF_MODULE, module));
    return module;
}

/* A worker gets the newest module of a file. */
static void forget_evaluated(rf_loader *loader, const rf_module *module)
{
    size_t kept = 0;
    for (size_t i = 0; i < loader->evaluated.count; i++)
        if (loader->evaluated.data[i].as.module != module)
            loader->evaluated.data[kept++] = loader->evaluated.data[i];
    loader->evaluated.count = kept;
}

static rf_module *import_file(const import *it)
{
    rf_loader *loader = it->loader;
    loaded *entry;
    while ((entry = find_loaded(loader, it->origin.file)) && entry->is_loading) {
        if (entry->task == loader->isolate->task)
            raise_cycle(it, entry);
        else if (wait_for_importer(loader->isolate, entry))
            continue;
        return NULL;
    }
    if (entry && loader->isolate->host->is_repl) {
        const rf_file_stamp now = it->origin.stamp, then = entry->origin.stamp;
        entry->is_stale = now.modified_ns != then.modified_ns || now.size != then.size;
        if (entry->is_stale) forget_evaluated(loader, entry->module);
    }
    if (entry && !entry->is_stale) return entry->module;
    rf_unit *unit = load_unit(it);
    return unit ? evaluate(it, unit) : NULL;
}

static rf_value raise_not_found(const import *it, rf_search_outcome outcome, const rf_search_result *found)
{
    rf_isolate *isolate = it->loader->isolate;
    if (outcome == RF_SEARCH_UNSAFE)
        return rf_raise(isolate,
                        "Unsafe module import '%s': resolved path '%s' escapes module search root '%s'",
                        it->name, found->file, found->root);
    return rf_raise(isolate,
                    "Module not found: %s; Check that '%s' exists as a flat <module>.ruff file or a nested "
                    "src/... path under the package root, and confirm the import name matches the on-disk "
                    "layout.",
                    it->name, it->name);
}

rf_value rf_import(rf_isolate *isolate, rf_module *importer, const char *path)
{
    rf_loader *loader = isolate->loader;
    const loaded *from = entry_of(loader, importer);
    const char *entry_file = importer->unit ? importer->unit->path : NULL;
    const rf_search_origin origin = search_origin(loader, from ? &from->origin : NULL, entry_file);
    import it = {.loader = loader, .name = path};
    rf_search_result found;
    const rf_search_outcome outcome = rf_search_module(&origin, path, &found);
    rf_module *module = NULL;
    if (outcome == RF_SEARCH_FOUND) {
        it.origin = (rf_unit_origin){.file = found.file, .root = found.root, .stamp = stamp_of(found.file)};
        module = import_file(&it);
        if (module && !check_exports(&it, module)) module = NULL;
    } else {
        raise_not_found(&it, outcome, &found);
    }
    rf_free(found.file);
    rf_free(found.root);
    if (!module) return rf_raised();
    rf_retain_object(&module->object);
    return rf_object_value(RF_MODULE, module);
}
