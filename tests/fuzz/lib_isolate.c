#include "fuzz/lib_isolate.h"

#include "lib/builtins.h"
#include "value/error_value.h"

#include <string.h>

static void trace(rf_isolate *isolate, rf_trace *out)
{
    (void)isolate;
    *out = (rf_trace){.file = "fuzz", .pos = {1, 1}};
}

static const rf_engine engine = {.name = "none", .trace = trace};
static const rf_host host = {.capabilities = UINT32_MAX};

rf_isolate *fuzz_isolate_new(void)
{
    rf_isolate *isolate = rf_isolate_new(&host);
    isolate->engine = &engine;
    rf_lib_attach(isolate);
    return isolate;
}

void fuzz_isolate_free(rf_isolate *isolate)
{
    rf_lib_detach(isolate);
    rf_isolate_free(isolate);
}

rf_value fuzz_call(rf_isolate *isolate, const char *name, rf_value *args, uint32_t count)
{
    const int32_t number = rf_builtin_find(isolate, name, strlen(name), false);
    rf_value result = rf_builtin_call(isolate, &isolate->builtins[number], args, count);
    for (uint32_t i = 0; i < count; i++) rf_release(isolate, args[i]);
    if (!rf_is_raised(result)) return result;
    rf_release(isolate, rf_take_error(isolate));
    return rf_unset();
}
