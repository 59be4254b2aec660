/* A packet into values of another isolate.  Declarations and modules that are here already are
 * used, not copied. */
#include "value/packet.h"

#include "value/array.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/object.h"
#include "value/registry.h"

#include "base/alloc.h"

#include <string.h>

typedef struct opener {
    rf_isolate *isolate;
    rf_packet *packet;
    rf_value *made; /* by node; owned */
    bool *is_new;   /* by node: objects with identity that want their contents */
    bool is_kept;   /* the packet will be opened again */
} opener;

static rf_value value_of(const opener *o, rf_value token) /* borrows */
{
    if (!rf_is_heap(token)) return token;
    rf_value v = o->made[token.as.bits];
    v.head = token.head;
    return v;
}

static const rf_value *parts_of(const opener *o, const rf_packet_node *node)
{
    return o->packet->tokens.data + node->first;
}

static rf_module *module_of(const opener *o, uint32_t node)
{
    return node == RF_NO_NODE ? NULL : o->made[node].as.module;
}

/* ---- one kind of node each ---- */

static rf_value make_text(opener *o, const rf_packet_node *node)
{
    const char *text = o->packet->bytes.data + node->first;
    return node->flags & RF_STRING_INTERNED ? rf_string_intern(o->isolate, text, node->count)
                                            : rf_string_new(o->isolate, text, node->count);
}

static rf_value make_array(opener *o, const rf_packet_node *node)
{
    const rf_value *parts = parts_of(o, node);
    rf_value v = rf_array_new(o->isolate, node->count);
    rf_array *a = v.as.array;
    const char *data = o->packet->bytes.data + node->first;
    for (uint32_t i = 0; i < node->count; i++) {
        rf_value element;
        if (node->info == RF_ARRAY_VALUES)
            element = rf_copy(value_of(o, parts[i]));
        else if (node->info == RF_ARRAY_BOOLS)
            element = rf_bool(data[i] != 0);
        else { /* the bytes have no alignment */
            element = (rf_value){.head = node->info == RF_ARRAY_INTS ? RF_INT : RF_FLOAT};
            memcpy(&element.as.bits, data + (size_t)i * sizeof element.as.bits,
                   sizeof element.as.bits);
        }
        rf_array_push(o->isolate, a, element);
    }
    return v;
}

static rf_value make_dict(opener *o, const rf_packet_node *node)
{
    const rf_value *parts = parts_of(o, node);
    rf_value v = rf_dict_new(o->isolate, node->count / 2);
    for (uint32_t i = 0; i < node->count; i += 2) {
        rf_key key;
        rf_key_from_value(value_of(o, parts[i]), &key);
        rf_dict_set(o->isolate, v.as.dict, key, rf_copy(value_of(o, parts[i + 1])));
    }
    return v;
}

static rf_value make_set(opener *o, const rf_packet_node *node)
{
    const rf_value *parts = parts_of(o, node);
    rf_value v = rf_set_new(o->isolate);
    for (uint32_t i = 0; i < node->count; i++)
        rf_set_add(o->isolate, v.as.set, value_of(o, parts[i]));
    return v;
}

static rf_value make_sequence(opener *o, const rf_packet_node *node)
{
    const rf_value *parts = parts_of(o, node);
    rf_value v = rf_sequence_new(o->isolate, node->tag);
    for (uint32_t i = 0; i < node->count; i++)
        rf_sequence_push(o->isolate, v.as.sequence, rf_copy(value_of(o, parts[i])));
    return v;
}

static rf_value make_struct(opener *o, const rf_packet_node *node)
{
    const rf_value *parts = parts_of(o, node);
    rf_value v = rf_struct_new(o->isolate, o->made[node->owner].as.structdef);
    for (uint32_t i = 0; i < node->count; i++)
        rf_struct_set(o->isolate, &v, i, rf_copy(value_of(o, parts[i])));
    return v;
}

static rf_value make_enum(opener *o, const rf_packet_node *node)
{
    rf_value *payload = rf_alloc_array(rf_value, node->count);
    for (uint32_t i = 0; i < node->count; i++) payload[i] = value_of(o, parts_of(o, node)[i]);
    rf_value v = rf_enum_new(o->isolate, o->made[node->owner].as.enumdef, node->number, payload,
                             node->count);
    rf_free(payload);
    return v;
}

static rf_value make_error(opener *o, const rf_packet_node *node)
{
    const rf_value *parts = parts_of(o, node); /* in the order of rf_object_visit */
    rf_value v = rf_error_value_new(o->isolate, rf_copy(value_of(o, parts[0])));
    rf_error *e = v.as.error;
    rf_store(o->isolate, &e->stack, rf_copy(value_of(o, parts[1])));
    e->cause = rf_copy(value_of(o, parts[2]));
    e->value = rf_copy(value_of(o, parts[3]));
    e->file = rf_copy(value_of(o, parts[4]));
    e->line = node->number;
    e->column = node->column;
    return v;
}

static rf_value make_box(opener *o, const rf_packet_node *node)
{
    rf_box *box = rf_object_new(o->isolate, sizeof *box, RF_BOX, 0);
    box->content = rf_copy(value_of(o, parts_of(o, node)[0]));
    return rf_object_value(RF_BOX, box);
}

static rf_value make_function(opener *o, const rf_packet_node *node, bool *is_new)
{
    const rf_func *func = node->pointer;
    if (node->info == RF_FUNCTION_BUILTIN) return rf_copy(o->isolate->builtin_values[node->number]);
    if (node->info == RF_FUNCTION_BOUND) {
        const rf_value *parts = parts_of(o, node);
        rf_function *f = rf_function_new_empty(o->isolate, RF_FUNCTION_BOUND, 0);
        f->func = func;
        f->self = rf_copy(value_of(o, parts[0]));
        f->method = rf_copy(value_of(o, parts[1]));
        return rf_object_value(RF_FUNCTION, f);
    }
    *is_new = true;
    rf_function *f = rf_function_new_empty(o->isolate, RF_FUNCTION_CLOSURE, func->capture_count);
    f->func = func;
    f->module = module_of(o, node->owner);
    if (f->module) rf_retain_object(&f->module->object);
    return rf_object_value(RF_FUNCTION, f);
}

static rf_value make_builtin_structdef(opener *o, const rf_packet_node *node)
{
    const char **names = rf_alloc_array(const char *, node->count);
    for (uint32_t i = 0; i < node->count; i++)
        names[i] = value_of(o, parts_of(o, node)[i]).as.string->text;
    rf_value v = rf_structdef_new_builtin(o->isolate, o->made[node->number].as.string->text, names,
                                          node->count);
    rf_free(names);
    return v;
}

static rf_value make_declaration(opener *o, const rf_packet_node *node, bool *is_new)
{
    rf_object *here = rf_registry_find(o->isolate, node->identity, node->tag);
    if (here) return rf_copy(rf_object_value(node->tag, here));
    rf_module *module = module_of(o, node->owner);
    if (node->tag == RF_ENUMDEF)
        return rf_enumdef_new_with_identity(o->isolate, node->pointer, module, node->identity);
    if (!node->pointer) return make_builtin_structdef(o, node);
    *is_new = true;
    return rf_structdef_new_with_identity(o->isolate, node->pointer, module, node->identity);
}

/* A module of the library, such as Promise, is among the built-in values. */
static rf_value find_builtin_module(const opener *o, const rf_string *name)
{
    for (uint32_t i = 0; i < o->isolate->builtin_count; i++) {
        rf_value v = o->isolate->builtin_values[i];
        if (v.head == RF_MODULE && strcmp(v.as.module->name.as.string->text, name->text) == 0)
            return rf_copy(v);
    }
    return rf_unset();
}

static rf_value make_module(opener *o, const rf_packet_node *node, bool *is_new)
{
    rf_value name = o->made[node->number];
    if (!node->pointer) return find_builtin_module(o, name.as.string);
    rf_object *here = rf_registry_find(o->isolate, (uint64_t)(uintptr_t)node->pointer, RF_MODULE);
    if (here) return rf_copy(rf_object_value(RF_MODULE, here));
    *is_new = true;
    rf_value v = rf_module_new(o->isolate, (rf_unit *)(uintptr_t)node->pointer, name);
    v.as.module->is_evaluated = node->info != 0;
    return v;
}

static rf_value make_node(opener *o, rf_packet_node *node, bool *is_new)
{
    switch ((rf_tag)node->tag) {
    case RF_STRING: return make_text(o, node);
    case RF_BYTES:
        return rf_bytes_new(o->isolate, o->packet->bytes.data + node->first, node->count);
    case RF_ARRAY: return make_array(o, node);
    case RF_DICT: return make_dict(o, node);
    case RF_SET: return make_set(o, node);
    case RF_QUEUE:
    case RF_STACK: return make_sequence(o, node);
    case RF_STRUCT: return make_struct(o, node);
    case RF_ENUM: return make_enum(o, node);
    case RF_ERROR: return make_error(o, node);
    case RF_BOX: return make_box(o, node);
    case RF_FUNCTION: return make_function(o, node, is_new);
    case RF_STRUCTDEF:
    case RF_ENUMDEF: return make_declaration(o, node, is_new);
    case RF_MODULE: return make_module(o, node, is_new);
    case RF_CHANNEL: {
        void *core = (void *)(uintptr_t)node->pointer;
        rf_value v = o->isolate->sched_hooks->adopt_channel(o->isolate,
                                                            core); /* the count goes with it ... */
        node->pointer = o->is_kept ? o->isolate->sched_hooks->share_channel(v.as.channel) : NULL;
        return v;
    }
    default: *is_new = true; return rf_cell_new(o->isolate, rf_unset());
    }
}

/* ---- contents of objects with identity ---- */

static void fill_structdef(opener *o, rf_structdef *def, const rf_value *parts)
{
    rf_value *methods = rf_alloc_array(rf_value, def->method_count);
    rf_value *defaults = rf_alloc_array(rf_value, def->field_count);
    for (uint32_t i = 0; i < def->method_count; i++) methods[i] = rf_copy(value_of(o, *parts++));
    for (uint32_t i = 0; i < def->field_count; i++) defaults[i] = rf_copy(value_of(o, *parts++));
    rf_structdef_fill(def, methods, defaults);
}

/* Its variables, then its exports if they were fixed. */
static void fill_module(opener *o, rf_module *module, const rf_value *parts, uint32_t count)
{
    for (uint32_t i = 0; i < module->slot_count; i++)
        rf_store(o->isolate, &module->slots[i], rf_copy(value_of(o, parts[i])));
    if (count == module->slot_count) return;
    rf_module_seal(o->isolate, module);
    for (uint32_t i = module->slot_count; i < count; i++)
        rf_store(o->isolate, &module->exported[i - module->slot_count],
                 rf_copy(value_of(o, parts[i])));
}

static void fill(opener *o, const rf_packet_fill *f)
{
    if (!o->is_new[f->node]) return;
    rf_value v = o->made[f->node];
    const rf_value *parts = o->packet->tokens.data + f->first;
    rf_value *slots;
    switch (rf_tag_of(v)) {
    case RF_STRUCTDEF: fill_structdef(o, v.as.structdef, parts); return;
    case RF_CELL: slots = &v.as.cell->value; break;
    case RF_MODULE: fill_module(o, v.as.module, parts, f->count); return;
    default: slots = v.as.function->captures; break;
    }
    for (uint32_t i = 0; i < f->count; i++)
        rf_store(o->isolate, &slots[i], rf_copy(value_of(o, parts[i])));
}

static void open_packet(opener o, rf_value *out)
{
    rf_isolate *to = o.isolate;
    const rf_packet *packet = o.packet;
    o.made = rf_alloc_array(rf_value, packet->nodes.count);
    o.is_new = rf_alloc_array_zero(bool, packet->nodes.count);
    for (size_t i = 0; i < packet->nodes.count; i++)
        o.made[i] = make_node(&o, &packet->nodes.data[i], &o.is_new[i]);
    for (size_t i = 0; i < packet->fills.count; i++) fill(&o, &packet->fills.data[i]);
    for (size_t i = 0; i < packet->roots.count; i++)
        out[i] = rf_copy(value_of(&o, packet->roots.data[i]));
    for (size_t i = 0; i < packet->nodes.count; i++)
        if (o.is_new[i] && o.made[i].head == RF_MODULE && to->adopt_module)
            to->adopt_module(to, o.made[i].as.module);
    for (size_t i = 0; i < packet->nodes.count; i++) rf_release(to, o.made[i]);
    rf_free(o.made);
    rf_free(o.is_new);
}

void rf_packet_open(rf_isolate *to, rf_packet *packet, rf_value *out)
{
    open_packet((opener){.isolate = to, .packet = packet}, out);
    rf_packet_free(packet);
}

void rf_packet_read(rf_isolate *to, rf_packet *packet, rf_value *out)
{
    open_packet((opener){.isolate = to, .packet = packet, .is_kept = true}, out);
}
