/* The entries of dicts and structs in the order of their names. */
#include "lib/entries.h"

#include "base/alloc.h"
#include "value/dict.h"
#include "value/struct_type.h"

#include <stdlib.h>

static int compare_entries(const void *a, const void *b)
{
    return rf_string_compare(((const rf_named_value *)a)->name.as.string,
                             ((const rf_named_value *)b)->name.as.string);
}

rf_value rf_entries_unwrap(rf_isolate *isolate, rf_value v)
{
    v = rf_copy(v);
    while (rf_wrap_of(v) == RF_SOME) {
        rf_value content = rf_unwrap_value(v);
        rf_release(isolate, v);
        v = content;
    }
    return v;
}

static void add_entry(rf_isolate *isolate, rf_entries *entries, rf_value name, rf_value v)
{
    entries->items[entries->count++] = (rf_named_value){name, rf_entries_unwrap(isolate, v)};
}

rf_entries rf_entries_list(rf_isolate *isolate, rf_value v)
{
    rf_entries entries = {0};
    if (v.head == RF_DICT) {
        rf_key key;
        rf_value value;
        entries.items = rf_alloc_array(rf_named_value, rf_dict_count(v.as.dict));
        for (uint32_t at = 0; rf_dict_next(v.as.dict, &at, &key, &value);)
            add_entry(isolate, &entries, rf_key_to_string(isolate, key), value);
    } else {
        const rf_structdef *def = v.as.instance->layout->def;
        entries.items = rf_alloc_array(rf_named_value, def->field_count);
        for (uint32_t i = 0; i < def->field_count; i++)
            add_entry(isolate, &entries, rf_copy(def->field_names[i]),
                      rf_struct_peek(v.as.instance, i));
    }
    if (entries.count) qsort(entries.items, entries.count, sizeof *entries.items, compare_entries);
    return entries;
}

void rf_entries_release(rf_isolate *isolate, rf_entries *entries)
{
    for (uint32_t i = 0; i < entries->count; i++) {
        rf_release(isolate, entries->items[i].name);
        rf_release(isolate, entries->items[i].value);
    }
    rf_free(entries->items);
}
