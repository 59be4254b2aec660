#include "value/isolate.h"

#include "value/builtin.h"
#include "value/intern.h"
#include "value/memory_profile.h"
#include "value/registry.h"

#include "base/alloc.h"

rf_isolate *rf_isolate_new(const rf_host *host)
{
    rf_isolate *isolate = rf_new(rf_isolate);
    rf_heap_init(&isolate->heap);
    isolate->error = rf_unset();
    isolate->host = host;
    rf_memory_profile_start(isolate);
    isolate->max_depth = host && host->max_call_depth ? host->max_call_depth : 10000;
    isolate->wrap_integers = host && host->wrap_integers;
    rf_registry_init(isolate);
    rf_intern_init(isolate);
    return isolate;
}

void rf_isolate_free(rf_isolate *isolate)
{
    if (!isolate) return;
    rf_store(isolate, &isolate->error, rf_unset());
    rf_heap_collect(isolate);
    rf_builtin_values_free(isolate);
    rf_builtin_index_free(isolate);
    rf_buffer_release(&isolate->scratch);
    rf_intern_release(isolate);
    rf_registry_release(isolate);
    rf_memory_profile_native(isolate);
    rf_heap_release(&isolate->heap);
    rf_free(isolate);
}
