/* Dicts (BUILTINS 9).  Several functions answer a neutral value when the first argument is not a
 * dict. */
#include "value/dict.h"

#include "lib/args.h"
#include "lib/arrays.h"
#include "lib/builtins.h"
#include "value/format.h"

/* The key that v stands for; false after raising. */
static bool want_key(rf_isolate *isolate, rf_value v, rf_key *key)
{
    if (rf_key_from_value(v, key)) return true;
    rf_raise(isolate, "Invalid index operation");
    return false;
}

/* ---- walking ---- */

rf_value rf_lib_keys(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head != RF_DICT) return rf_array_new(isolate, 0);
    const rf_dict *d = args[0].as.dict;
    rf_value result = rf_array_new(isolate, rf_dict_count(d));
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_next(d, &at, &key, &value);)
        if (!rf_array_gather(isolate, &result, rf_key_to_string(isolate, key))) break;
    return result;
}

rf_value rf_lib_values(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head != RF_DICT) return rf_array_new(isolate, 0);
    const rf_dict *d = args[0].as.dict;
    rf_value result = rf_array_new(isolate, rf_dict_count(d));
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_next(d, &at, &key, &value);)
        if (!rf_array_gather(isolate, &result, rf_copy(value))) break;
    return result;
}

rf_value rf_lib_items(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head != RF_DICT) return rf_array_new(isolate, 0);
    const rf_dict *d = args[0].as.dict;
    rf_value result = rf_array_new(isolate, rf_dict_count(d));
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_next(d, &at, &key, &value);) {
        rf_value pair = rf_array_new_pair(isolate, rf_key_to_string(isolate, key), rf_copy(value));
        if (!rf_array_gather(isolate, &result, pair)) break;
    }
    return result;
}

/* ---- looking up ---- */

rf_value rf_lib_has_key(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_key key;
    if (args[0].head != RF_DICT) return rf_int(0);
    if (!want_key(isolate, args[1], &key)) return rf_raised();
    return rf_int(rf_dict_has(args[0].as.dict, key) ? 1 : 0);
}

rf_value rf_lib_get(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    rf_key key;
    if (args[0].head != RF_DICT) return rf_null();
    if (!want_key(isolate, args[1], &key)) return rf_raised();
    const rf_value found = rf_dict_get(args[0].as.dict, key);
    if (found.head != RF_UNSET) return found;
    return arg_count == 3 ? rf_take(&args[2]) : rf_null();
}

rf_value rf_lib_get_default(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    if (!rf_args_want(isolate, "get_default", args, 0, RF_KIND(RF_DICT), "dict"))
        return rf_raised();
    return rf_lib_get(isolate, args, arg_count);
}

/* ---- making dicts ---- */

rf_value rf_lib_merge(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head != RF_DICT || args[1].head != RF_DICT) return rf_dict_new(isolate, 0);
    rf_value result = rf_take(&args[0]);
    const rf_dict *more = args[1].as.dict;
    if (rf_dict_count(more) == 0) return result;
    rf_dict *d = rf_dict_unique(isolate, &result);
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_next(more, &at, &key, &value);) {
        if (rf_dict_set(isolate, d, key, rf_copy(value))) continue;
        rf_release(isolate, result);
        return rf_raised();
    }
    return result;
}

/* Values that invert drops: null and containers. */
static bool is_no_key(rf_value v)
{
    return rf_is_kind(v, RF_KIND(RF_NULL) | RF_KIND(RF_ARRAY) | RF_KIND(RF_DICT) | RF_KIND(RF_SET) |
                             RF_KIND(RF_QUEUE) | RF_KIND(RF_STACK) | RF_KIND(RF_STRUCT));
}

static bool set_inverted(rf_isolate *isolate, rf_dict *d, rf_key key, rf_value value)
{
    rf_value text = rf_to_string(isolate, value);
    if (rf_is_raised(text)) return false;
    const bool ok =
        rf_dict_set(isolate, d, rf_key_from_string(text.as.string), rf_key_to_string(isolate, key));
    rf_release(isolate, text);
    return ok;
}

rf_value rf_lib_invert(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_want(isolate, "invert", args, 0, RF_KIND(RF_DICT), "dict")) return rf_raised();
    rf_value result = rf_dict_new(isolate, rf_dict_count(args[0].as.dict));
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_next(args[0].as.dict, &at, &key, &value);) {
        if (is_no_key(value) || set_inverted(isolate, result.as.dict, key, value)) continue;
        rf_release(isolate, result);
        return rf_raised();
    }
    return result;
}
