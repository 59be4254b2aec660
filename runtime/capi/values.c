/* Values of the public interface: counted handles around rf_value. */
#include "base/alloc.h"
#include "base/error.h"
#include "capi/vm.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/format.h"
#include "value/string.h"

#include <string.h>

ruff_value *rf_capi_value_new(ruff_vm *vm, rf_value value)
{
    ruff_value *handle = rf_alloc(sizeof *handle);
    handle->vm = vm;
    handle->value = value;
    return handle;
}

ruff_value *ruff_value_null(ruff_vm *vm)
{
    return rf_capi_value_new(vm, rf_null());
}

ruff_value *ruff_value_bool(ruff_vm *vm, bool truth)
{
    return rf_capi_value_new(vm, rf_bool(truth));
}

ruff_value *ruff_value_int(ruff_vm *vm, int64_t number)
{
    return rf_capi_value_new(vm, rf_int(number));
}

ruff_value *ruff_value_float(ruff_vm *vm, double number)
{
    return rf_capi_value_new(vm, rf_float(number));
}

ruff_value *ruff_value_string(ruff_vm *vm, const char *text, size_t size)
{
    return rf_capi_value_new(vm, rf_string_new_lossy(vm->isolate, text, size));
}

ruff_value *ruff_value_array(ruff_vm *vm)
{
    return rf_capi_value_new(vm, rf_array_new(vm->isolate, 0));
}

ruff_value *ruff_value_dict(ruff_vm *vm)
{
    return rf_capi_value_new(vm, rf_dict_new(vm->isolate, 0));
}

ruff_value *ruff_value_copy(const ruff_value *value)
{
    return rf_capi_value_new(value->vm, rf_copy(value->value));
}

void ruff_value_release(ruff_value *value)
{
    if (!value) return;
    rf_release(value->vm->isolate, value->value);
    rf_free(value);
}

ruff_kind ruff_value_kind(const ruff_value *value)
{
    switch (value->value.head) {
    case RF_NULL: return RUFF_KIND_NULL;
    case RF_BOOL: return RUFF_KIND_BOOL;
    case RF_INT: return RUFF_KIND_INT;
    case RF_FLOAT: return RUFF_KIND_FLOAT;
    case RF_STRING: return RUFF_KIND_STRING;
    case RF_ARRAY: return RUFF_KIND_ARRAY;
    case RF_DICT: return RUFF_KIND_DICT;
    case RF_FUNCTION: return RUFF_KIND_FUNCTION;
    default: return RUFF_KIND_OTHER;
    }
}

const char *ruff_value_type_name(const ruff_value *value)
{
    return rf_type_name(value->value);
}

bool ruff_value_as_bool(const ruff_value *value)
{
    return value->value.head == RF_BOOL && value->value.as.i != 0;
}

int64_t ruff_value_as_int(const ruff_value *value)
{
    return value->value.head == RF_INT ? value->value.as.i : 0;
}

double ruff_value_as_float(const ruff_value *value)
{
    if (value->value.head == RF_INT) return (double)value->value.as.i;
    return value->value.head == RF_FLOAT ? value->value.as.d : 0.0;
}

const char *ruff_value_as_string(const ruff_value *value, size_t *size)
{
    if (value->value.head != RF_STRING) return NULL;
    if (size) *size = value->value.as.string->size;
    return value->value.as.string->text;
}

char *ruff_value_display(const ruff_value *value, size_t *size)
{
    rf_buffer text = RF_BUFFER_INIT;
    if (!rf_display(value->vm->isolate, value->value, &text)) {
        rf_release(value->vm->isolate, rf_take_error(value->vm->isolate));
        rf_buffer_release(&text);
        return NULL;
    }
    if (size) *size = text.size;
    return rf_buffer_take(&text);
}

void ruff_text_free(char *text)
{
    rf_free(text);
}

size_t ruff_value_count(const ruff_value *value)
{
    if (value->value.head == RF_ARRAY) return value->value.as.array->length;
    return value->value.head == RF_DICT ? rf_dict_count(value->value.as.dict) : 0;
}

ruff_value *ruff_array_get(const ruff_value *array, size_t index)
{
    if (array->value.head != RF_ARRAY || index >= array->value.as.array->length) return NULL;
    return rf_capi_value_new(array->vm, rf_array_get(array->value.as.array, (uint32_t)index));
}

static ruff_status wrong_kind(ruff_error *err, const char *expected, const ruff_value *got)
{
    return rf_error_set(err, RUFF_E_MISUSE, "expected %s, got %s", expected, rf_type_name(got->value));
}

ruff_status ruff_array_push(ruff_value *array, const ruff_value *element, ruff_error *err)
{
    rf_isolate *isolate = array->vm->isolate;
    if (array->value.head != RF_ARRAY) return wrong_kind(err, "array", array);
    if (rf_array_push(isolate, rf_array_unique(isolate, &array->value), rf_copy(element->value))) return RUFF_OK;
    return rf_capi_error(array->vm, err);
}

static rf_value make_key(ruff_vm *vm, const char *key)
{
    return rf_string_new_lossy(vm->isolate, key, strlen(key));
}

ruff_value *ruff_dict_get(const ruff_value *dict, const char *key)
{
    if (dict->value.head != RF_DICT) return NULL;
    rf_value name = make_key(dict->vm, key);
    rf_value found = rf_dict_get(dict->value.as.dict, rf_key_from_string(name.as.string));
    rf_release(dict->vm->isolate, name);
    return found.head == RF_UNSET ? NULL : rf_capi_value_new(dict->vm, found);
}

ruff_status ruff_dict_set(ruff_value *dict, const char *key, const ruff_value *value, ruff_error *err)
{
    rf_isolate *isolate = dict->vm->isolate;
    if (dict->value.head != RF_DICT) return wrong_kind(err, "dict", dict);
    rf_value name = make_key(dict->vm, key);
    bool stored = rf_dict_set(isolate, rf_dict_unique(isolate, &dict->value), rf_key_from_string(name.as.string),
                              rf_copy(value->value));
    rf_release(isolate, name);
    return stored ? RUFF_OK : rf_capi_error(dict->vm, err);
}
