/* What x.name(...) means when x is no struct instance with such a member (LANGUAGE 16, BUILTINS 3).
 *
 * Everything but dict entries and module exports depends only on the kind of x and the name, and is
 * remembered by (name pointer, kind): names in programs are interned, so a repeated call costs one
 * probe. */
#include <string.h>

#include "lib/state.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/struct_type.h"

/* kinds of receivers: rf_tag, and */
enum { KIND_ITERATOR = RF_TAG_COUNT, KIND_OTHER };

/* Prefix of method rows ("Channel.send") by the name of the receiver's type. */
static const char *const method_prefixes[][2] = {
    {"channel", "Channel"}, {"generator", "Generator"},   {"iterator", "Iterator"},
    {"image", "Image"},     {"httpserver", "HttpServer"}, {"ArgParser", "ArgParser"},
};

/* Short names of sets, queues and stacks: the function with that prefix (BUILTINS 3, step 5). */
static const struct {
    uint8_t tag;
    const char *prefix;
    const char *names[8];
} short_names[] = {
    {RF_SET,
     "set_",
     {"add", "has", "remove", "union", "intersect", "difference", "to_array", NULL}},
    {RF_QUEUE,
     "queue_",
     {"enqueue", "dequeue", "peek", "size", "is_empty", "to_array", NULL, NULL}},
    {RF_STACK, "stack_", {"push", "pop", "peek", "size", "is_empty", "to_array", NULL, NULL}},
};

/* ---- finding a row ---- */

/* Number of the row called prefix + name, -1. */
static int32_t find_joined(rf_isolate *isolate, const char *prefix, const rf_string *name)
{
    char text[64];
    const size_t prefix_size = strlen(prefix);
    if (prefix_size + name->size >= sizeof text) return -1;
    memcpy(text, prefix, prefix_size);
    memcpy(text + prefix_size, name->text, name->size);
    return rf_builtin_find(isolate, text, prefix_size + name->size, true);
}

static int32_t find_method_row(rf_isolate *isolate, const char *type_name, const rf_string *name)
{
    for (size_t i = 0; i < RF_COUNT_OF(method_prefixes); i++) {
        if (strcmp(method_prefixes[i][0], type_name) != 0) continue;
        char prefix[32];
        const size_t size = strlen(method_prefixes[i][1]);
        memcpy(prefix, method_prefixes[i][1], size);
        memcpy(prefix + size, ".", 2);
        return find_joined(isolate, prefix, name);
    }
    return -1;
}

static int32_t find_short_name(rf_isolate *isolate, unsigned tag, const rf_string *name)
{
    for (size_t i = 0; i < RF_COUNT_OF(short_names); i++) {
        if (short_names[i].tag != tag) continue;
        for (const char *const *at = short_names[i].names; *at; at++)
            if (strcmp(*at, name->text) == 0)
                return find_joined(isolate, short_names[i].prefix, name);
    }
    return -1;
}

/* The built-in of that name if its first parameter takes values of this kind. */
static int32_t find_extension(rf_isolate *isolate, unsigned tag, const rf_string *name)
{
    const int32_t number = rf_builtin_find(isolate, name->text, name->size, false);
    if (number < 0 || !(isolate->builtins[number].receivers >> tag & 1)) return -1;
    return number;
}

static int32_t find_row(rf_isolate *isolate, rf_value receiver, const rf_string *name)
{
    if (rf_wrap_of(receiver) || strlen(name->text) != name->size) return -1;
    switch (rf_tag_of(receiver)) {
    case RF_STRING:
    case RF_ARRAY:
    case RF_DICT:
    case RF_BYTES:
    case RF_SET:
    case RF_QUEUE:
    case RF_STACK:
    case RF_BOOL:
    case RF_INT:
    case RF_FLOAT: {
        const int32_t number = find_short_name(isolate, rf_tag_of(receiver), name);
        return number >= 0 ? number : find_extension(isolate, rf_tag_of(receiver), name);
    }
    case RF_CHANNEL:
    case RF_GENERATOR:
    case RF_HANDLE: return find_method_row(isolate, rf_type_name(receiver), name);
    case RF_STRUCT: {
        const rf_structdef *def = receiver.as.instance->layout->def;
        return def->decl ? -1 : find_method_row(isolate, def->name.as.string->text, name);
    }
    default: return -1;
    }
}

/* ---- remembering it ---- */

/* A number under which all receivers alike have the same answer; KIND_OTHER: do not remember. */
static uint32_t kind_of(rf_value receiver)
{
    if (receiver.head == RF_GENERATOR)
        return receiver.as.generator->is_iterator ? KIND_ITERATOR : RF_GENERATOR;
    if (receiver.head >= RF_TAG_COUNT || receiver.head == RF_HANDLE || receiver.head == RF_STRUCT)
        return KIND_OTHER;
    return (uint32_t)receiver.head;
}

static int32_t find_row_cached(rf_isolate *isolate, rf_value receiver, const rf_string *name)
{
    const uint32_t kind = kind_of(receiver);
    if (kind == KIND_OTHER || !(name->object.flags & RF_STRING_INTERNED))
        return find_row(isolate, receiver, name);
    const size_t at = ((uintptr_t)name >> 4 ^ kind * 29) % RF_METHOD_CACHE_SIZE;
    rf_method_cache_entry *entry = &isolate->lib->methods[at];
    if (RF_LIKELY(entry->name == name && entry->kind == kind)) return (int32_t)entry->number;
    const int32_t number = find_row(isolate, receiver, name);
    if (number >= 0) *entry = (rf_method_cache_entry){name, kind, (uint32_t)number};
    return number;
}

/* ---- the search ---- */

static rf_method_target value_target(rf_value callee)
{
    return (rf_method_target){.kind = RF_METHOD_VALUE, .callee = callee};
}

static rf_method_target not_found(rf_isolate *isolate, rf_value receiver, const rf_string *name)
{
    if (receiver.head == RF_CHANNEL)
        rf_raise(isolate, "Channel has no method '%s'", name->text);
    else if (receiver.head == RF_MODULE)
        rf_raise(isolate, "Symbol '%s' not found in module '%s'", name->text,
                 receiver.as.module->name.as.string->text);
    else if (receiver.head == RF_STRUCT)
        rf_raise(isolate, "Unknown method: %s on %s", name->text,
                 receiver.as.instance->layout->def->name.as.string->text);
    else
        rf_raise(isolate, "Unknown method: %s on %s", name->text, rf_type_name(receiver));
    return (rf_method_target){.kind = RF_METHOD_NONE};
}

rf_method_target rf_method_find(rf_isolate *isolate, rf_value receiver, const rf_string *name)
{
    if (receiver.head == RF_DICT) {
        /* a key caches its hash in the string, which stays the same text */
        const rf_value entry =
            rf_dict_get(receiver.as.dict, rf_key_from_string((rf_string *)(uintptr_t)name));
        if (entry.head != RF_UNSET) return value_target(entry);
    } else if (receiver.head == RF_MODULE) {
        const rf_value export = rf_module_get(isolate, receiver.as.module, name);
        return export.head != RF_UNSET ? value_target(export) : not_found(isolate, receiver, name);
    }
    const int32_t number = find_row_cached(isolate, receiver, name);
    if (number < 0) return not_found(isolate, receiver, name);
    return (rf_method_target){.kind = RF_METHOD_BUILTIN, .row = &isolate->builtins[number]};
}
