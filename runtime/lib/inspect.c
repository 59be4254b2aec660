/* The deep inspect form: containers are walked with a stack of our own, so the depth of data costs
 * no C stack. */
#include "lib/inspect.h"

#include "base/vector.h"
#include "sched/sched.h"
#include "value/array.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/format.h"
#include "value/struct_type.h"

enum { NESTING_LIMIT = 4096 };

typedef struct level { /* a container that is open */
    rf_value value;    /* owned */
    uint32_t index;    /* parts printed */
    uint32_t at;       /* cursor of a set */
    rf_key *keys;      /* of a dict, sorted; owned */
    const char *close;
} level;

typedef struct inspector {
    rf_isolate *isolate;
    rf_buffer *out;
    RF_VECTOR(level) levels;
} inspector;

/* ---- what has no parts ---- */

static void append_call(rf_buffer *out, const char *name, const char *content)
{
    rf_buffer_append_text(out, name);
    rf_buffer_append_byte(out, '(');
    rf_buffer_append_text(out, content);
    rf_buffer_append_byte(out, ')');
}

static void append_function(rf_buffer *out, const rf_function *function)
{
    if (function->object.info == RF_FUNCTION_BUILTIN)
        append_call(out, "NativeFunction", function->builtin->canonical);
    else
        rf_buffer_append_text(out, function->func && function->func->is_async ? "AsyncFunction"
                                                                              : "Function");
}

static void append_simple(inspector *p, rf_value v)
{
    rf_buffer *out = p->out;
    switch (v.head) {
    case RF_NULL: rf_buffer_append_text(out, "Null"); break;
    case RF_BOOL: append_call(out, "Bool", v.as.i ? "true" : "false"); break;
    case RF_INT: rf_buffer_format(out, "Int(%lld)", (long long)v.as.i); break;
    case RF_FLOAT:
        rf_buffer_append_text(out, "Float(");
        rf_format_float(v.as.d, out);
        rf_buffer_append_byte(out, ')');
        break;
    case RF_NONE: rf_buffer_append_text(out, "None"); break;
    case RF_STRING:
        rf_buffer_append_text(out, "String(\"");
        rf_buffer_append(out, v.as.string->text, v.as.string->size);
        rf_buffer_append_text(out, "\")");
        break;
    case RF_BYTES: rf_buffer_format(out, "Bytes(%u bytes)", v.as.bytes->size); break;
    case RF_STRUCT:
        append_call(out, "Struct", v.as.instance->layout->def->name.as.string->text);
        break;
    case RF_STRUCTDEF: append_call(out, "StructDef", v.as.structdef->name.as.string->text); break;
    case RF_ENUMDEF: append_call(out, "EnumDef", v.as.enumdef->name.as.string->text); break;
    case RF_ERROR:
        rf_buffer_format(out, "ErrorObject(\"%s\")", v.as.error->message.as.string->text);
        break;
    case RF_FUNCTION: append_function(out, v.as.function); break;
    case RF_GENERATOR:
        rf_buffer_append_text(out, v.as.generator->is_iterator ? "Iterator" : "Generator");
        break;
    case RF_MODULE: append_call(out, "Module", v.as.module->name.as.string->text); break;
    case RF_CHANNEL: rf_buffer_append_text(out, "Channel"); break;
    case RF_HANDLE:
        if (v.as.handle->type->inspect)
            v.as.handle->type->inspect(p->isolate, v.as.handle, out);
        else
            rf_buffer_append_text(out, "<unknown>");
        break;
    default: rf_buffer_append_text(out, rf_type_name(v));
    }
}

/* ---- what has parts ---- */

static bool open_level(inspector *p, rf_value v, const char *close)
{
    if (p->levels.count == NESTING_LIMIT) {
        rf_release(p->isolate, v);
        rf_raise(p->isolate, "Maximum data nesting depth of %d exceeded", NESTING_LIMIT);
        return false;
    }
    const level opened = {
        .value = v,
        .close = close,
        .keys = v.head == RF_DICT ? rf_dict_sorted_keys(p->isolate, v.as.dict, false) : NULL};
    rf_vector_push(&p->levels, opened);
    return true;
}

static void close_level(inspector *p)
{
    const level closed = rf_vector_pop(&p->levels);
    rf_free(closed.keys);
    rf_release(p->isolate, closed.value);
}

/* Opens v (stolen) with the text before its parts. */
static bool open_container(inspector *p, rf_value v, const char *open, const char *close)
{
    rf_buffer_append_text(p->out, open);
    return open_level(p, v, close);
}

static bool open_promise(inspector *p, rf_value v)
{
    const rf_promise *promise = v.as.promise;
    if (promise->state == RF_PROMISE_RESOLVED)
        return open_container(p, v, "Promise(Resolved: ", ")");
    if (promise->state == RF_PROMISE_PENDING)
        rf_buffer_append_text(p->out, "Promise(Pending)");
    else
        rf_buffer_format(p->out, "Promise(Rejected: %s)",
                         promise->result.head == RF_ERROR
                             ? promise->result.as.error->message.as.string->text
                             : "");
    rf_release(p->isolate, v);
    return true;
}

static bool open_enum(inspector *p, rf_value v)
{
    const rf_enum *e = v.as.variant;
    rf_buffer_format(p->out, "%s::%s", e->def->name.as.string->text,
                     e->def->variant_names[e->variant].as.string->text);
    if (e->count) return open_container(p, v, "(", ")");
    rf_release(p->isolate, v);
    return true;
}

/* Appends v (stolen) or opens it, if it has parts. */
static bool open_value(inspector *p, rf_value v)
{
    switch (rf_wrap_of(v)) {
    case RF_SOME: return open_container(p, v, "Some(", ")");
    case RF_OK_WRAP: return open_container(p, v, "Ok(", ")");
    case RF_ERR_WRAP: return open_container(p, v, "Err(", ")");
    default: break;
    }
    switch (v.head) {
    case RF_ARRAY: return open_container(p, v, "Array[", "]");
    case RF_DICT: return open_container(p, v, "Dict{", "}");
    case RF_SET: return open_container(p, v, "Set{", "}");
    case RF_QUEUE: return open_container(p, v, "Queue[", "]");
    case RF_STACK: return open_container(p, v, "Stack[", "]");
    case RF_ENUM: return open_enum(p, v);
    case RF_PROMISE: return open_promise(p, v);
    default:
        append_simple(p, v);
        rf_release(p->isolate, v);
        return true;
    }
}

static void append_key(inspector *p, rf_key key)
{
    char small[24];
    size_t size;
    const char *text = rf_key_text(key, small, &size);
    rf_buffer_append(p->out, text, size);
    rf_buffer_append_text(p->out, ": ");
}

/* Part number l->index, new; false at the end. */
static bool next_part(level *l, rf_value *part)
{
    const uint32_t index = l->index;
    if (rf_wrap_of(l->value)) {
        if (index == 0) *part = rf_unwrap_value(l->value);
        return index == 0;
    }
    switch (l->value.head) {
    case RF_ARRAY:
        if (index < l->value.as.array->length) *part = rf_array_get(l->value.as.array, index);
        return index < l->value.as.array->length;
    case RF_DICT:
        if (index < rf_dict_count(l->value.as.dict))
            *part = rf_dict_get(l->value.as.dict, l->keys[index]);
        return index < rf_dict_count(l->value.as.dict);
    case RF_SET:
        if (!rf_set_next(l->value.as.set, &l->at, part)) return false;
        rf_retain(*part);
        return true;
    case RF_QUEUE:
    case RF_STACK:
        if (index < rf_sequence_count(l->value.as.sequence))
            *part = rf_copy(rf_sequence_peek(l->value.as.sequence, index));
        return index < rf_sequence_count(l->value.as.sequence);
    case RF_ENUM:
        if (index < l->value.as.variant->count)
            *part = rf_copy(l->value.as.variant->payload[index]);
        return index < l->value.as.variant->count;
    default: /* a promise */
        if (index == 0) *part = rf_copy(l->value.as.promise->result);
        return index == 0;
    }
}

bool rf_inspect_deep(rf_isolate *isolate, rf_value v, rf_buffer *out)
{
    inspector p = {.isolate = isolate, .out = out};
    bool ok = open_value(&p, rf_copy(v));
    while (ok && p.levels.count) {
        level *l = &rf_vector_last(&p.levels);
        rf_value part;
        if (!next_part(l, &part)) {
            rf_buffer_append_text(out, l->close);
            close_level(&p);
            continue;
        }
        if (l->index) rf_buffer_append_text(out, ", ");
        if (l->keys) append_key(&p, l->keys[l->index]);
        l->index++;
        ok = open_value(&p, part);
    }
    while (p.levels.count) close_level(&p);
    rf_vector_release(&p.levels);
    return ok;
}
