/* Ok, Err and Some (BUILTINS 12). */
#include "lib/builtins.h"

rf_value rf_lib_Ok(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return rf_wrap_value(isolate, RF_OK_WRAP, rf_take(&args[0]));
}

rf_value rf_lib_Err(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return rf_wrap_value(isolate, RF_ERR_WRAP, rf_take(&args[0]));
}

rf_value rf_lib_Some(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return rf_wrap_value(isolate, RF_SOME, rf_take(&args[0]));
}
