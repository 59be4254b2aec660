/* Assertions and debug (BUILTINS 33). */
#include <string.h>

#include "lib/args.h"
#include "lib/arrays.h"
#include "lib/builtins.h"
#include "lib/inspect.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/format.h"
#include "value/operate.h"

/* ---- assertions ---- */

rf_value rf_lib_assert(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    if (rf_truthy(args[0])) return rf_bool(true);
    if (arg_count == 2 && args[1].head == RF_STRING)
        return rf_raise_string(isolate, rf_take(&args[1]));
    return rf_raise(isolate, "Assertion failed");
}

/* Raises "Assertion failed: " with BEFORE a BETWEEN b AFTER, in short inspect form. */
static rf_value fail_with(rf_isolate *isolate, const char *before, rf_value a, const char *between,
                          rf_value b)
{
    rf_buffer message = RF_BUFFER_INIT;
    rf_buffer_append_text(&message, before);
    bool ok = rf_inspect_short(isolate, a, &message);
    rf_buffer_append_text(&message, between);
    ok = ok && rf_inspect_short(isolate, b, &message);
    if (!ok) {
        rf_buffer_release(&message);
        return rf_raised();
    }
    rf_value text = rf_string_take_buffer(isolate, &message);
    return rf_is_raised(text) ? text : rf_raise_string(isolate, text);
}

rf_value rf_lib_assert_equal(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const int equal = rf_equal(isolate, args[0], args[1]);
    if (equal < 0) return rf_raised();
    if (equal) return rf_bool(true);
    return fail_with(isolate, "Assertion failed: expected ", args[1], ", got ", args[0]);
}

static rf_value assert_bool(rf_isolate *isolate, const char *name, rf_value v, bool expected)
{
    if (v.head != RF_BOOL) return rf_raise(isolate, "%s requires a boolean argument", name);
    if (v.as.i == expected) return rf_bool(true);
    return rf_raise(isolate, "Assertion failed: expected %s, got %s", expected ? "true" : "false",
                    expected ? "false" : "true");
}

rf_value rf_lib_assert_true(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return assert_bool(isolate, "assert_true", args[0], true);
}

rf_value rf_lib_assert_false(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return assert_bool(isolate, "assert_false", args[0], false);
}

/* Does the collection hold the item?  1, 0, or -1 after raising. */
static int holds(rf_isolate *isolate, rf_value collection, rf_value item)
{
    int64_t index;
    rf_key key;
    const rf_value pair[] = {collection, item};
    switch (collection.head) {
    case RF_ARRAY:
        index = rf_array_find(isolate, collection.as.array, item);
        return index == RF_ARRAY_RAISED ? -1 : index >= 0;
    case RF_SET: return rf_set_has(isolate, collection.as.set, item);
    case RF_DICT:
        if (rf_key_from_value(item, &key)) return rf_dict_has(collection.as.dict, key);
        rf_raise(isolate, "Invalid index operation");
        return -1;
    default:
        if (!rf_args_string(isolate, "assert_contains", pair, 1)) return -1;
        return memmem(collection.as.string->text, collection.as.string->size, item.as.string->text,
                      item.as.string->size) != NULL;
    }
}

rf_value rf_lib_assert_contains(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const uint32_t kinds =
        RF_KIND(RF_ARRAY) | RF_KIND(RF_STRING) | RF_KIND(RF_DICT) | RF_KIND(RF_SET);
    if (!rf_args_want(isolate, "assert_contains", args, 0, kinds, "array or string or dict or set"))
        return rf_raised();
    const int found = holds(isolate, args[0], args[1]);
    if (found < 0) return rf_raised();
    if (found) return rf_bool(true);
    return fail_with(isolate, "Assertion failed: ", args[0], " does not contain ", args[1]);
}

/* ---- debug ---- */

rf_value rf_lib_debug(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    rf_buffer line = RF_BUFFER_INIT;
    rf_buffer_append_text(&line, "[DEBUG] ");
    bool ok = true;
    for (uint32_t i = 0; i < arg_count && ok; i++) {
        if (i) rf_buffer_append_byte(&line, ' ');
        ok = rf_inspect_deep(isolate, args[i], &line);
    }
    rf_buffer_append_byte(&line, '\n');
    if (ok) isolate->host->write(isolate->host->context, 1, line.data, line.size);
    rf_buffer_release(&line);
    return ok ? rf_null() : rf_raised();
}
