/* What `for` walks over (LANGUAGE 11.1).  The iteration holds the collection it started with, so
 * that changing the variable meanwhile copies it. */
#include "value/operate.h"

#include "value/array.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/function.h"

#include "base/utf8.h"

#include <math.h>

static bool fail(rf_isolate *isolate, rf_value source)
{
    rf_raise(isolate, "Cannot iterate over %s", rf_type_name(source));
    return false;
}

static bool start_number(rf_iteration *it, double number)
{
    if (number >= 0x1p63)
        it->limit = INT64_MAX;
    else
        it->limit = number > 0 ? (int64_t)number : 0;
    it->source = rf_int(it->limit);
    return true;
}

/* A generator function that was not called yet is called without arguments. */
static bool start_function(rf_isolate *isolate, rf_iteration *it, rf_value source)
{
    const rf_function *f = source.as.function;
    if (f->object.info == RF_FUNCTION_BUILTIN || !f->func->is_generator)
        return fail(isolate, source);
    rf_value generator = isolate->engine->call(isolate, source, NULL, 0);
    if (rf_is_raised(generator)) return false;
    it->source = generator;
    return true;
}

bool rf_iteration_start(rf_isolate *isolate, rf_iteration *it, rf_value source)
{
    *it = (rf_iteration){.source = rf_unset()};
    if (rf_wrap_of(source) == RF_SOME) {
        it->source = rf_copy(source);
        return true;
    }
    switch (source.head) {
    case RF_ARRAY:
    case RF_STRING:
    case RF_DICT:
    case RF_BYTES:
    case RF_SET:
    case RF_QUEUE:
    case RF_STACK:
    case RF_GENERATOR:
    case RF_NONE: it->source = rf_copy(source); return true;
    case RF_INT:
        it->source = source;
        it->limit = source.as.i;
        return true;
    case RF_FLOAT:
        return isfinite(source.as.d) ? start_number(it, source.as.d) : fail(isolate, source);
    case RF_FUNCTION: return start_function(isolate, it, source);
    default: return fail(isolate, source);
    }
}

static rf_value next_character(rf_isolate *isolate, rf_iteration *it)
{
    const rf_string *s = it->source.as.string;
    if (it->at >= s->size) return rf_unset();
    const char *text = s->text + it->at; /* at counts bytes */
    unsigned width = rf_utf8_width((unsigned char)*text);
    it->at += width;
    return rf_string_new(isolate, text, width);
}

rf_value rf_iteration_next(rf_isolate *isolate, rf_iteration *it)
{
    rf_value source = it->source;
    rf_key key;
    rf_value v;
    if (rf_wrap_of(source)) return it->at++ ? rf_unset() : rf_unwrap_value(source);
    switch (source.head) {
    case RF_ARRAY:
        return it->at < source.as.array->length ? rf_array_get(source.as.array, it->at++)
                                                : rf_unset();
    case RF_INT: return it->number < it->limit ? rf_int(it->number++) : rf_unset();
    case RF_STRING: return next_character(isolate, it);
    case RF_DICT:
        return rf_dict_next(source.as.dict, &it->at, &key, &v) ? rf_key_to_string(isolate, key)
                                                               : rf_unset();
    case RF_BYTES:
        return it->at < source.as.bytes->size ? rf_int(source.as.bytes->data[it->at++])
                                              : rf_unset();
    case RF_SET: return rf_set_next(source.as.set, &it->at, &v) ? rf_copy(v) : rf_unset();
    case RF_QUEUE:
    case RF_STACK:
        if (it->at >= rf_sequence_count(source.as.sequence)) return rf_unset();
        return rf_copy(rf_sequence_peek(source.as.sequence, it->at++));
    case RF_GENERATOR: return isolate->engine->generator_next(isolate, source.as.generator);
    default: return rf_unset(); /* None */
    }
}

void rf_iteration_end(rf_isolate *isolate, rf_iteration *it)
{
    rf_store(isolate, &it->source, rf_unset());
}
