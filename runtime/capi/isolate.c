/* Isolates with everything attached: built-ins, scheduler, loader, engine. */
#include "capi/vm.h"
#ifdef RF_WITH_JIT
#include "jit/jit.h"
#endif
#include "lib/builtins.h"
#include "sched/sched.h"
#include "vm/vm.h"

rf_isolate *rf_capi_new_worker(rf_isolate *parent)
{
    rf_isolate *worker = rf_isolate_new(parent->host);
    worker->engine = parent->engine;
    rf_lib_attach(worker);
    if (worker->builtins != parent->builtins) rf_lib_use_table(worker, parent->builtins, parent->builtin_count);
    rf_sched_new_worker(worker, parent);
    worker->loader = rf_loader_new_worker(worker, parent->loader);
    if (worker->engine->isolate_start) worker->engine->isolate_start(worker);
#ifdef RF_WITH_JIT
    if (worker->engine == &rf_vm_engine) rf_jit_attach_worker(worker, parent);
#endif
    return worker;
}

/* The order matters: values let go of what the scheduler and the engine keep for them, both need the units until no
 * value is left. */
void rf_capi_free_isolate(rf_isolate *isolate)
{
    rf_loader *loader = isolate->loader;
    rf_heap_collect(isolate);
    rf_loader_profile_memory(loader);
    rf_loader_clear(loader);
    rf_sched_free(isolate->sched);
    if (isolate->engine->isolate_stop) isolate->engine->isolate_stop(isolate);
    rf_lib_detach(isolate);
    rf_isolate_free(isolate);
    rf_loader_free(loader);
}
