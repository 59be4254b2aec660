/* Finding the prelude function that implements a row. */
#include "lib/prelude.h"

#include <string.h>

#include "lib/state.h"
#include "modules/loader.h"
#include "value/error_value.h"

/* Exported function of the prelude (borrowed); UNSET after raising. */
static rf_value find_export(rf_isolate *isolate, const char *name)
{
    rf_module *prelude = rf_loader_prelude(isolate);
    if (!prelude) return rf_unset();
    rf_value text = rf_string_intern(isolate, name, strlen(name));
    const rf_value function = rf_module_get(isolate, prelude, text.as.string);
    if (function.head == RF_UNSET)
        rf_raise(isolate, "internal error: the prelude does not export '%s'", name);
    else
        rf_release(isolate, function); /* the prelude keeps it */
    rf_release(isolate, text);
    return function;
}

rf_value rf_prelude_function(rf_isolate *isolate, const rf_builtin *row)
{
    rf_value *slot = &isolate->lib->prelude_functions[row - isolate->builtins];
    if (RF_UNLIKELY(slot->head == RF_UNSET)) *slot = find_export(isolate, row->prelude);
    return *slot;
}

rf_value rf_prelude_call(rf_isolate *isolate, const char *name, const rf_value *args,
                         uint32_t arg_count)
{
    const rf_value function = find_export(isolate, name);
    if (function.head == RF_UNSET) return rf_raised();
    return isolate->engine->call(isolate, function, args, arg_count);
}
