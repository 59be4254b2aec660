/* What every kind of value has: a type name, a truth value, the wraps Some, Ok and Err. */
#include "value/value.h"

#include "value/array.h"
#include "value/dict.h"
#include "value/object.h"

bool rf_truthy_slow(rf_value v)
{
    switch (v.head) { /* the whole head: Some(0) is true */
    case RF_UNSET:
    case RF_NULL: return false;
    case RF_BOOL:
    case RF_INT: return v.as.i != 0;
    case RF_FLOAT: return v.as.d != 0.0; /* NaN is true */
    case RF_STRING: return v.as.string->size != 0;
    case RF_ARRAY: return v.as.array->length != 0;
    case RF_DICT: return rf_dict_count(v.as.dict) != 0;
    default: return true;
    }
}

const char *rf_type_name(rf_value v)
{
    static const char *const names[RF_TAG_COUNT] = {
        [RF_UNSET] = "unset",
        [RF_NULL] = "null",
        [RF_BOOL] = "bool",
        [RF_INT] = "int",
        [RF_FLOAT] = "float",
        [RF_NONE] = "option",
        [RF_STRING] = "string",
        [RF_BYTES] = "bytes",
        [RF_ARRAY] = "array",
        [RF_DICT] = "dict",
        [RF_SET] = "set",
        [RF_QUEUE] = "queue",
        [RF_STACK] = "stack",
        [RF_STRUCT] = "struct",
        [RF_ENUM] = "enum",
        [RF_BOX] = "box",
        [RF_ERROR] = "error",
        [RF_FUNCTION] = "function",
        [RF_STRUCTDEF] = "structdef",
        [RF_ENUMDEF] = "enumdef",
        [RF_GENERATOR] = "generator",
        [RF_PROMISE] = "promise",
        [RF_CHANNEL] = "channel",
        [RF_MODULE] = "module",
        [RF_HANDLE] = "handle",
        [RF_CELL] = "cell",
    };
    unsigned wrap = rf_wrap_of(v), tag = rf_tag_of(v);
    if (wrap) return wrap == RF_SOME ? "option" : "result";
    if (tag == RF_HANDLE) return v.as.handle->type->type_name;
    if (tag == RF_GENERATOR && v.as.generator->is_iterator) return "iterator";
    return tag < RF_TAG_COUNT ? names[tag] : "unknown";
}

rf_value rf_wrap_value(rf_isolate *isolate, rf_wrap wrap, rf_value content)
{
    rf_value wrapped = content;
    if (rf_wrap_of(content) ||
        content.head == RF_NONE) { /* a second level: Ok(Some(x)), Some(None) */
        rf_box *box = rf_object_new(isolate, sizeof *box, RF_BOX, 0);
        box->content = content;
        wrapped = rf_object_value(RF_BOX, box);
    }
    wrapped.head |= (uint64_t)wrap << 8;
    return wrapped;
}

rf_value rf_unwrap_value(rf_value wrapped)
{
    rf_value content = wrapped;
    content.head &= 0xFF;
    if (content.head == RF_BOX) content = content.as.box->content;
    return rf_copy(content);
}
