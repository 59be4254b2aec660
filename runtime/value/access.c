/* Reading by index and by name (LANGUAGE 6.4, 6.6, 6.7), and the parts of enum, result and option
 * values. */
#include "value/operate.h"

#include "value/array.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/format.h"
#include "value/object.h"

#include <math.h>
#include <string.h>

rf_value rf_raise_out_of_bounds(rf_isolate *isolate, rf_value index)
{
    rf_value text = rf_to_string(isolate, index);
    if (rf_is_raised(text)) return text;
    rf_value raised = rf_raise(isolate, "Index out of bounds: %s", text.as.string->text);
    rf_release(isolate, text);
    return raised;
}

rf_value rf_raise_missing_key(rf_isolate *isolate, rf_value key)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_append_text(&text, "Missing map key: ");
    if (key.head == RF_STRING)
        rf_format_json_string(key.as.string->text, key.as.string->size, &text);
    else
        rf_buffer_append_int(&text, key.as.i);
    return rf_raise_string(isolate, rf_string_take_buffer(isolate, &text));
}

static rf_value raise_no_field(rf_isolate *isolate, const rf_string *name)
{
    return rf_raise(isolate, "Field not found: %s", name->text);
}

static rf_value raise_bad_index(rf_isolate *isolate)
{
    return rf_raise(isolate, "Invalid index operation");
}

static bool is_position(rf_value v)
{
    return v.head == RF_INT || (v.head == RF_FLOAT && isfinite(v.as.d));
}

rf_value rf_get_index(rf_isolate *isolate, rf_value object, rf_value index)
{
    uint32_t at;
    rf_key key;
    switch (object.head) {
    case RF_ARRAY:
        if (rf_index_normalise(index, object.as.array->length, &at))
            return rf_array_get(object.as.array, at);
        return is_position(index) ? rf_raise_out_of_bounds(isolate, index)
                                  : raise_bad_index(isolate);
    case RF_STRING:
        if (rf_index_normalise(index, object.as.string->length, &at))
            return rf_string_at(isolate, object.as.string, at);
        return is_position(index) ? rf_raise_out_of_bounds(isolate, index)
                                  : raise_bad_index(isolate);
    case RF_BYTES:
        if (rf_index_normalise(index, object.as.bytes->size, &at))
            return rf_int(object.as.bytes->data[at]);
        return is_position(index) ? rf_raise_out_of_bounds(isolate, index)
                                  : raise_bad_index(isolate);
    case RF_DICT: {
        if (!rf_key_from_value(index, &key)) return raise_bad_index(isolate);
        rf_value v = rf_dict_get(object.as.dict, key);
        return v.head == RF_UNSET ? rf_raise_missing_key(isolate, index) : v;
    }
    case RF_STRUCT: {
        if (index.head != RF_STRING) return raise_bad_index(isolate);
        int32_t field = rf_structdef_find_field(object.as.instance->layout->def, index.as.string);
        if (field < 0) return raise_no_field(isolate, index.as.string);
        return rf_struct_get(object.as.instance, (uint32_t)field);
    }
    default: return raise_bad_index(isolate);
    }
}

/* ---- fields ---- */

static bool is_named(const rf_string *name, const char *text)
{
    return strcmp(name->text, text) == 0;
}

static rf_value error_field(const rf_error *e, const rf_string *name)
{
    if (is_named(name, "message")) return rf_copy(e->message);
    if (is_named(name, "stack")) return rf_copy(e->stack);
    if (is_named(name, "line")) return rf_int(e->line);
    if (is_named(name, "cause")) return rf_copy(e->cause);
    if (is_named(name, "value")) return rf_copy(e->value);
    return rf_unset();
}

static rf_value result_field(rf_value v, const rf_string *name)
{
    bool is_ok = rf_wrap_of(v) == RF_OK_WRAP;
    if (is_named(name, "is_ok")) return rf_bool(is_ok);
    if (is_named(name, "is_err")) return rf_bool(!is_ok);
    if (is_named(name, "value")) return is_ok ? rf_unwrap_value(v) : rf_null();
    if (is_named(name, "error")) return is_ok ? rf_null() : rf_unwrap_value(v);
    return rf_unset();
}

static rf_value option_field(rf_value v, const rf_string *name)
{
    bool is_some = v.head != RF_NONE;
    if (is_named(name, "is_some")) return rf_bool(is_some);
    if (is_named(name, "is_none")) return rf_bool(!is_some);
    if (is_named(name, "value")) return is_some ? rf_unwrap_value(v) : rf_null();
    return rf_unset();
}

static rf_value struct_field(rf_isolate *isolate, rf_value object, const rf_string *name)
{
    const rf_structdef *def = object.as.instance->layout->def;
    int32_t field = rf_structdef_find_field(def, name);
    if (field >= 0) return rf_struct_get(object.as.instance, (uint32_t)field);
    int32_t method = rf_structdef_find_method(def, name);
    return method >= 0 ? rf_bound_new(isolate, def->methods[method], object) : rf_unset();
}

static rf_value handle_field(rf_isolate *isolate, rf_handle *handle, const rf_string *name)
{
    return handle->type->get_field ? handle->type->get_field(isolate, handle, name) : rf_unset();
}

static rf_value dict_entry(const rf_dict *d, const rf_string *name)
{
    rf_value v = rf_dict_get(d, rf_key_from_string((rf_string *)(uintptr_t)name));
    return v.head == RF_UNSET ? rf_null() : v;
}

/* The field, new; UNSET when the object has none of that name; *has_fields false when its type has
 * no fields. */
static rf_value find_field(rf_isolate *isolate, rf_value object, const rf_string *name,
                           bool *has_fields)
{
    *has_fields = true;
    switch (rf_wrap_of(object)) {
    case RF_PLAIN: break;
    case RF_SOME: return option_field(object, name);
    default: return result_field(object, name);
    }
    switch (rf_tag_of(object)) {
    case RF_STRUCT: return struct_field(isolate, object, name);
    case RF_DICT: return dict_entry(object.as.dict, name);
    case RF_ERROR: return error_field(object.as.error, name);
    case RF_MODULE: return rf_module_get(isolate, object.as.module, name);
    case RF_NONE: return option_field(object, name);
    case RF_HANDLE: return handle_field(isolate, object.as.handle, name);
    default: *has_fields = false; return rf_unset();
    }
}

rf_value rf_get_field(rf_isolate *isolate, rf_value object, const rf_string *name)
{
    bool has_fields;
    rf_value v = find_field(isolate, object, name, &has_fields);
    if (RF_LIKELY(v.head != RF_UNSET)) return v;
    if (!has_fields)
        return rf_raise(isolate, "Cannot access field or method '%s' on non-struct value",
                        name->text);
    if (object.head == RF_MODULE)
        return rf_raise(isolate, "Symbol '%s' not found in module '%s'", name->text,
                        object.as.module->name.as.string->text);
    return raise_no_field(isolate, name);
}

rf_value rf_get_field_optional(rf_isolate *isolate, rf_value object, const rf_string *name)
{
    bool has_fields;
    rf_value v = find_field(isolate, object, name, &has_fields);
    return v.head == RF_UNSET ? rf_null() : v;
}

/* ---- variants ---- */

const char *rf_variant_name(rf_value v, const char **enum_name)
{
    static const char *const names[] = {NULL, "Some", "Ok", "Err"};
    unsigned wrap = rf_wrap_of(v);
    if (wrap) {
        *enum_name = wrap == RF_SOME ? "Option" : "Result";
        return names[wrap];
    }
    if (v.head == RF_NONE) {
        *enum_name = "Option";
        return "None";
    }
    if (v.head != RF_ENUM) return NULL;
    *enum_name = v.as.variant->def->name.as.string->text;
    return v.as.variant->def->variant_names[v.as.variant->variant].as.string->text;
}

rf_value rf_variant_payload(rf_value v, uint32_t index)
{
    if (rf_wrap_of(v)) return index == 0 ? rf_unwrap_value(v) : rf_null();
    if (v.head == RF_ENUM && index < v.as.variant->count)
        return rf_copy(v.as.variant->payload[index]);
    return rf_null();
}
