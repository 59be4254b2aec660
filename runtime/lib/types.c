/* Type operations and conversion (BUILTINS 5). */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "lib/args.h"
#include "lib/builtins.h"
#include "value/array.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/format.h"

/* ---- size ---- */

/* How many parts a value of RF_KIND_SIZED has. */
static uint32_t sized_length(rf_value v)
{
    switch (v.head) {
    case RF_STRING: return v.as.string->length;
    case RF_BYTES: return v.as.bytes->size;
    case RF_ARRAY: return v.as.array->length;
    case RF_DICT: return rf_dict_count(v.as.dict);
    case RF_SET: return rf_set_count(v.as.set);
    default: return rf_sequence_count(v.as.sequence);
    }
}

static const char sized_kinds[] = "string or bytes or array or dict or set or queue or stack";

rf_value rf_lib_len(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_want(isolate, "len", args, 0, RF_KIND_SIZED, sized_kinds)) return rf_raised();
    return rf_int(sized_length(args[0]));
}

rf_value rf_lib_is_empty(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_want(isolate, "is_empty", args, 0, RF_KIND_SIZED, sized_kinds)) return rf_raised();
    return rf_bool(sized_length(args[0]) == 0);
}

/* ---- tests ---- */

rf_value rf_lib_type(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *name = rf_type_name(args[0]);
    return rf_string_intern(isolate, name, strlen(name));
}

/* is_NAME(v): no argument answers false */
#define KIND_TEST(name, tag)                                                                       \
    rf_value rf_lib_##name(rf_isolate *isolate, rf_value *args, uint32_t arg_count)                \
    {                                                                                              \
        (void)isolate;                                                                             \
        return rf_bool(arg_count == 1 && args[0].head == (tag));                                   \
    }
KIND_TEST(is_int, RF_INT)
KIND_TEST(is_float, RF_FLOAT)
KIND_TEST(is_string, RF_STRING)
KIND_TEST(is_bool, RF_BOOL)
KIND_TEST(is_array, RF_ARRAY)
KIND_TEST(is_dict, RF_DICT)
KIND_TEST(is_null, RF_NULL)
KIND_TEST(is_function, RF_FUNCTION)

rf_value rf_lib_is_error(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate;
    (void)arg_count;
    return rf_bool(args[0].head == RF_ERROR || rf_wrap_of(args[0]) == RF_ERR_WRAP);
}

rf_value rf_lib_is_truthy(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate;
    (void)arg_count;
    return rf_bool(rf_truthy(args[0]));
}

/* ---- conversion ---- */

rf_value rf_lib_to_string(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head == RF_STRING) return rf_take(&args[0]);
    return rf_to_string(isolate, args[0]);
}

static rf_value cannot_convert(rf_isolate *isolate, rf_value v, const char *to)
{
    if (v.head == RF_STRING)
        return rf_raise(isolate, "Cannot convert '%s' to %s", rf_args_shown(isolate, v.as.string),
                        to);
    return rf_raise(isolate, "Cannot convert %s to %s", rf_type_name(v), to);
}

rf_value rf_lib_to_int(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t number;
    switch (args[0].head) {
    case RF_INT:
    case RF_BOOL: return rf_int(args[0].as.i);
    case RF_FLOAT: return rf_int(rf_float_to_int(args[0].as.d));
    case RF_STRING:
        if (rf_parse_int(args[0].as.string->text, args[0].as.string->size, &number))
            return rf_int(number);
        break;
    default: break;
    }
    return cannot_convert(isolate, args[0], "int");
}

rf_value rf_lib_to_float(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    double number;
    switch (args[0].head) {
    case RF_INT:
    case RF_BOOL: return rf_float((double)args[0].as.i);
    case RF_FLOAT: return args[0];
    case RF_STRING:
        if (rf_parse_float(args[0].as.string->text, args[0].as.string->size, &number))
            return rf_float(number);
        break;
    default: break;
    }
    return cannot_convert(isolate, args[0], "float");
}

static bool text_is_true(const rf_string *s)
{
    return s->size > 0 && !(s->size == 5 && strncasecmp(s->text, "false", 5) == 0) &&
           !(s->size == 1 && s->text[0] == '0');
}

rf_value rf_lib_to_bool(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate;
    (void)arg_count;
    if (args[0].head == RF_STRING) return rf_bool(text_is_true(args[0].as.string));
    return rf_bool(rf_truthy(args[0]));
}

rf_value rf_lib_parse_int(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "parse_int", args, 0)) return rf_raised();
    const rf_string *s = args[0].as.string;
    int64_t number;
    if (!rf_parse_int(s->text, s->size, &number))
        return rf_raise(isolate, "Cannot parse '%s' as integer", rf_args_shown(isolate, s));
    return rf_int(number);
}

rf_value rf_lib_parse_float(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "parse_float", args, 0)) return rf_raised();
    const rf_string *s = args[0].as.string;
    double number;
    if (!rf_parse_float(s->text, s->size, &number))
        return rf_raise(isolate, "Cannot parse '%s' as float", rf_args_shown(isolate, s));
    return rf_float(number);
}

/* ---- making values ---- */

rf_value rf_lib_bytes(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_array(isolate, "bytes", args, 0)) return rf_raised();
    const rf_array *a = args[0].as.array;
    rf_value result = rf_bytes_new(isolate, NULL, a->length);
    if (rf_is_raised(result)) return result;
    for (uint32_t i = 0; i < a->length; i++) {
        const rf_value v = rf_array_peek(a, i);
        if (v.head != RF_INT || v.as.i < 0 || v.as.i > 255) {
            rf_release(isolate, result);
            if (v.head == RF_INT)
                return rf_raise(isolate, "bytes expects ints from 0 to 255, got %lld at index %u",
                                (long long)v.as.i, i);
            return rf_raise(isolate, "bytes expects ints from 0 to 255, got %s at index %u",
                            rf_type_name(v), i);
        }
        result.as.bytes->data[i] = (uint8_t)v.as.i;
    }
    return result;
}

rf_value rf_lib_dict(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args;
    (void)arg_count;
    return rf_dict_new(isolate, 0);
}

rf_value rf_lib_array(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    return rf_array_from(isolate, args, arg_count);
}

rf_value rf_lib_error(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_value message = rf_to_string(isolate, args[0]);
    if (rf_is_raised(message)) return message;
    return rf_raise_string(isolate, message);
}
