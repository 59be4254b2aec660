/* Parts of values for patterns (LANGUAGE 7.2, 10.3). */
#include "value/array.h"
#include "value/dict.h"
#include "value/operate.h"
#include "value/struct_type.h"
#include "vm/slow.h"

#include "prof/thread.h"

#include <string.h>

void rf_vm_item(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_value v = fp->base[in.b];
    const bool has_it = v.head == RF_ARRAY && in.c < v.as.array->length;
    rf_store(isolate, &fp->base[in.a], has_it ? rf_array_get(v.as.array, in.c) : rf_null());
}

/* What items(R[a]) has is found in the dict itself; anything else has none. */
void rf_vm_entries(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *source = &fp->base[in.a];
    if (isolate->prof) isolate->prof->builtin_calls[rf_builtin_find(isolate, "items", 5, false)]++;
    if (source->head != RF_DICT) rf_store(isolate, source, rf_array_new(isolate, 0));
}

void rf_vm_entry_value(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_value *state = &fp->base[in.b];
    rf_store(isolate, &fp->base[in.a], rf_copy(rf_dict_at(state[0].as.dict, (uint32_t)state[1].as.i - 1)));
}

void rf_vm_item_rest(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_value v = fp->base[in.b];
    const bool has_some = v.head == RF_ARRAY && in.c < v.as.array->length;
    rf_store(isolate, &fp->base[in.a],
             has_some ? rf_array_slice(isolate, v.as.array, in.c, v.as.array->length) : rf_array_new(isolate, 0));
}

/* Entry or field called key, new; UNSET when there is none. */
static rf_value entry_of(rf_value v, rf_string *key)
{
    if (v.head == RF_DICT) return rf_dict_get(v.as.dict, rf_key_from_string(key));
    if (v.head != RF_STRUCT) return rf_unset();
    const int32_t field = rf_structdef_find_field(v.as.instance->layout->def, key);
    return field < 0 ? rf_unset() : rf_struct_get(v.as.instance, (uint32_t)field);
}

void rf_vm_entry(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value part = entry_of(fp->base[in.b], fp->proto->constants[in.c].as.string);
    rf_store(isolate, &fp->base[in.a], part.head == RF_UNSET ? rf_null() : part);
}

static rf_string *key_text(const rf_frame *fp, const rf_symbol *key)
{
    return fp->proto->module->literals[key->literal].as.string;
}

/* The entries of source that the pattern names are taken out of dict, a copy. */
static void remove_named(rf_isolate *isolate, const rf_frame *fp, const rf_pattern *pattern, rf_dict *dict)
{
    for (uint32_t i = 0; i < pattern->count; i++)
        rf_release(isolate, rf_dict_remove(isolate, dict, rf_key_from_string(key_text(fp, pattern->keys[i].key))));
}

bool rf_vm_entry_rest(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_pattern *pattern = fp->proto->literals[in.c].syntax;
    const rf_value v = fp->base[in.b];
    rf_value rest = rf_dict_new(isolate, 0);
    bool is_fine = true;
    if (v.head == RF_DICT) {
        rf_key key;
        rf_value part;
        for (uint32_t at = 0; is_fine && rf_dict_next(v.as.dict, &at, &key, &part);)
            is_fine = rf_dict_set(isolate, rest.as.dict, key, rf_copy(part));
    } else if (v.head == RF_STRUCT) {
        const rf_structdef *def = v.as.instance->layout->def;
        for (uint32_t i = 0; is_fine && i < def->field_count; i++)
            is_fine = rf_dict_set(isolate, rest.as.dict, rf_key_from_string(def->field_names[i].as.string),
                                  rf_struct_get(v.as.instance, i));
    }
    if (!is_fine) {
        rf_release(isolate, rest);
        return false;
    }
    remove_named(isolate, fp, pattern, rest.as.dict);
    rf_store(isolate, &fp->base[in.a], rest);
    return true;
}

void rf_vm_payload(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_store(isolate, &fp->base[in.a], rf_variant_payload(fp->base[in.b], in.c));
}

bool rf_vm_is_array_of(rf_value v, uint32_t code)
{
    if (v.head != RF_ARRAY) return false;
    const uint32_t length = v.as.array->length;
    return code & 1 ? length >= code / 2 : length == code / 2;
}

bool rf_vm_has_entries(rf_isolate *isolate, const rf_frame *fp, rf_value v, const rf_pattern *pattern)
{
    if (v.head != RF_DICT && v.head != RF_STRUCT) return false;
    for (uint32_t i = 0; i < pattern->count; i++) {
        rf_value part = entry_of(v, key_text(fp, pattern->keys[i].key));
        if (part.head == RF_UNSET) return false;
        rf_release(isolate, part);
    }
    return true;
}

bool rf_vm_is_variant(rf_value v, const rf_pattern *pattern)
{
    const char *enum_name = NULL;
    const char *variant = rf_variant_name(v, &enum_name);
    if (!variant || strcmp(variant, pattern->variant->text) != 0) return false;
    return !pattern->enum_name || strcmp(enum_name, pattern->enum_name->text) == 0;
}
