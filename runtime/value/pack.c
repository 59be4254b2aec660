/* Values into a packet: a walk with its own stack, because data may be nested as deeply as it
 * likes. */
#include "value/packet.h"

#include "value/array.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/object.h"

#include "base/alloc.h"

#include <string.h>

typedef struct memo_entry {
    const rf_object *object; /* NULL: free */
    uint32_t node;
} memo_entry;

typedef struct frame { /* a container whose parts are being packed */
    rf_value value;
    size_t base; /* its parts in packer.work: tokens up to `at`, values behind */
    uint32_t at, count;
} frame;

typedef struct packer {
    rf_isolate *isolate;
    rf_packet *packet;
    RF_VECTOR(frame) frames;
    RF_VECTOR(rf_value) work;
    RF_VECTOR(rf_object *) pending; /* objects with identity that wait for their fill, in order */
    memo_entry *memo; /* objects seen that somebody else may refer to; open addressing */
    size_t memo_mask, memo_count;
    const char *refused; /* type of the value that could not be packed */
} packer;

/* ---- memo ---- */

static memo_entry *memo_slot(packer *p, const rf_object *o)
{
    size_t at =
        (size_t)((uint64_t)(uintptr_t)o * UINT64_C(0x9e3779b97f4a7c15) >> 20) & p->memo_mask;
    while (p->memo[at].object && p->memo[at].object != o) at = (at + 1) & p->memo_mask;
    return &p->memo[at];
}

static void memo_add(packer *p, const rf_object *o, uint32_t node)
{
    if (o->count == 1) return; /* its only reference was just walked */
    if (++p->memo_count > p->memo_mask / 2) {
        memo_entry *old = p->memo;
        size_t old_mask = p->memo_mask;
        p->memo_mask = old_mask * 2 + 1;
        p->memo = rf_alloc_array_zero(memo_entry, p->memo_mask + 1);
        for (size_t i = 0; i <= old_mask; i++)
            if (old[i].object) *memo_slot(p, old[i].object) = old[i];
        rf_free(old);
    }
    *memo_slot(p, o) = (memo_entry){o, node};
}

/* ---- nodes ---- */

static uint32_t add_node(packer *p, const rf_object *o, rf_packet_node node)
{
    uint32_t number = (uint32_t)p->packet->nodes.count;
    node.tag = o->kind;
    rf_vector_push(&p->packet->nodes, node);
    memo_add(p, o, number);
    return number;
}

static size_t add_bytes(packer *p, const void *data, size_t size)
{
    size_t first = p->packet->bytes.size;
    rf_buffer_append(&p->packet->bytes, data, size);
    return first;
}

static size_t add_tokens(packer *p, const rf_value *tokens, size_t count)
{
    size_t first = p->packet->tokens.count;
    for (size_t i = 0; i < count; i++) rf_vector_push(&p->packet->tokens, tokens[i]);
    return first;
}

static uint32_t identity_node(packer *p, rf_object *o);

static uint32_t module_node(packer *p, rf_module *module)
{
    return module ? identity_node(p, &module->object) : RF_NO_NODE;
}

static uint32_t text_node(packer *p, rf_value text)
{
    const rf_string *s = text.as.string;
    memo_entry *known = memo_slot(p, &s->object);
    if (known->object) return known->node;
    return add_node(p, text.as.o,
                    (rf_packet_node){.flags = s->object.flags & RF_STRING_INTERNED,
                                     .first = add_bytes(p, s->text, s->size),
                                     .count = s->size});
}

/* Structs of the library have no declaration: their field names go along. */
static size_t add_field_names(packer *p, const rf_structdef *def)
{
    rf_value *tokens = rf_alloc_array(rf_value, def->field_count);
    for (uint32_t i = 0; i < def->field_count; i++)
        tokens[i] = (rf_value){.head = RF_STRING, .as.bits = text_node(p, def->field_names[i])};
    size_t first = add_tokens(p, tokens, def->field_count);
    rf_free(tokens);
    return first;
}

static uint32_t structdef_node(packer *p, rf_structdef *def)
{
    rf_packet_node node = {
        .owner = module_node(p, def->module), .pointer = def->decl, .identity = def->identity};
    if (!def->decl) {
        node.number = text_node(p, def->name);
        node.count = def->field_count;
        node.first = add_field_names(p, def);
    }
    return add_node(p, &def->object, node);
}

/* The node of a closure, declaration, module or cell; made empty at first sight and queued to be
 * filled. */
static uint32_t identity_node(packer *p, rf_object *o)
{
    memo_entry *known = memo_slot(p, o);
    if (known->object) return known->node;
    void *object = o;
    uint32_t number;
    switch ((rf_tag)o->kind) {
    case RF_MODULE: {
        rf_module *m = object;
        uint32_t name = text_node(p, m->name);
        number = add_node(
            p, o, (rf_packet_node){.number = name, .info = m->is_evaluated, .pointer = m->unit});
        break;
    }
    case RF_FUNCTION: {
        rf_function *f = object;
        uint32_t owner = module_node(p, f->module);
        number =
            add_node(p, o, (rf_packet_node){.owner = owner, .info = o->info, .pointer = f->func});
        break;
    }
    case RF_STRUCTDEF: number = structdef_node(p, object); break;
    case RF_ENUMDEF: {
        rf_enumdef *def = object;
        uint32_t owner = module_node(p, def->module);
        return add_node(
            p, o,
            (rf_packet_node){.owner = owner, .pointer = def->decl, .identity = def->identity});
    }
    default: number = add_node(p, o, (rf_packet_node){0}); break; /* cell */
    }
    rf_vector_push(&p->pending, o);
    rf_vector_push(&p->packet->fills, ((rf_packet_fill){.node = number}));
    return number;
}

/* ---- parts ---- */

static void work_visitor(void *context, rf_value v)
{
    packer *p = context;
    rf_vector_push(&p->work, v);
}

static void gather_dict(packer *p, const rf_dict *d)
{
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_next(d, &at, &key, &value);) {
        rf_value name = key.string ? rf_object_value(RF_STRING, key.string) : rf_int(key.number);
        rf_vector_push(&p->work, name);
        rf_vector_push(&p->work, value);
    }
}

static void gather(packer *p, rf_object *o)
{
    void *object = o;
    switch ((rf_tag)o->kind) {
    case RF_DICT: gather_dict(p, object); break;
    case RF_STRUCT: {
        rf_struct *s = object;
        for (uint32_t i = 0; i < s->layout->field_count; i++)
            rf_vector_push(&p->work, rf_struct_peek(s, i));
        break;
    }
    case RF_SET: {
        rf_value element;
        for (uint32_t at = 0; rf_set_next(object, &at, &element);)
            rf_vector_push(&p->work, element);
        break;
    }
    case RF_FUNCTION: {
        rf_function *f = object;
        if (o->info == RF_FUNCTION_BOUND) {
            rf_vector_push(&p->work, f->self);
            rf_vector_push(&p->work, f->method);
        }
        for (uint32_t i = 0; i < f->capture_count; i++) rf_vector_push(&p->work, f->captures[i]);
        break;
    }
    case RF_STRUCTDEF: {
        rf_structdef *def = object;
        for (uint32_t i = 0; i < def->method_count; i++) rf_vector_push(&p->work, def->methods[i]);
        for (uint32_t i = 0; i < def->field_count; i++) rf_vector_push(&p->work, def->defaults[i]);
        break;
    }
    case RF_MODULE: {
        rf_module *m = object;
        for (uint32_t i = 0; m->unit && i < m->slot_count; i++)
            rf_vector_push(&p->work, m->slots[i]);
        for (size_t i = 0; m->exported && i < m->unit->exports.count; i++)
            rf_vector_push(&p->work, m->exported[i]);
        break;
    }
    default: rf_object_visit(p->isolate, o, work_visitor, p); break;
    }
}

static void push_frame(packer *p, rf_value v)
{
    frame f = {.value = v, .base = p->work.count};
    gather(p, v.as.o);
    f.count = (uint32_t)(p->work.count - f.base);
    rf_vector_push(&p->frames, f);
}

static uint32_t finish_container(packer *p, const frame *f)
{
    const rf_object *o = f->value.as.o;
    const void *object = o;
    rf_packet_node node = {.info = o->info, .count = f->count, .owner = RF_NO_NODE};
    switch ((rf_tag)o->kind) {
    case RF_STRUCT:
        node.owner = identity_node(p, &((const rf_struct *)object)->layout->def->object);
        break;
    case RF_ENUM:
        node.owner = identity_node(p, &((const rf_enum *)object)->def->object);
        node.number = ((const rf_enum *)object)->variant;
        break;
    case RF_ERROR:
        node.number = ((const rf_error *)object)->line;
        node.column = ((const rf_error *)object)->column;
        break;
    case RF_FUNCTION: node.pointer = ((const rf_function *)object)->func; break;
    default: break;
    }
    node.first = add_tokens(p, p->work.data + f->base, f->count);
    return add_node(p, o, node);
}

static uint32_t unboxed_array_node(packer *p, const rf_array *a)
{
    size_t element = a->object.info == RF_ARRAY_BOOLS ? 1 : 8;
    rf_packet_node node = {.info = a->object.info, .count = a->length};
    if (a->length) node.first = add_bytes(p, a->as.data, a->length * element);
    return add_node(p, &a->object, node);
}

static uint32_t channel_node(packer *p, rf_value v)
{
    return add_node(
        p, v.as.o,
        (rf_packet_node){.pointer = p->isolate->sched_hooks->share_channel(v.as.channel)});
}

typedef enum outcome { DONE, DEEPER, REFUSED } outcome;

/* Turns a heap value into its token, or opens a frame for it. */
static outcome pack_object(packer *p, rf_value *v)
{
    rf_object *o = v->as.o;
    const memo_entry *known = memo_slot(p, o);
    uint32_t node;
    if (known->object) {
        v->as.bits = known->node;
        return DONE;
    }
    switch (rf_tag_of(*v)) {
    case RF_STRING: node = text_node(p, *v); break;
    case RF_BYTES:
        node =
            add_node(p, o,
                     (rf_packet_node){.first = add_bytes(p, v->as.bytes->data, v->as.bytes->size),
                                      .count = v->as.bytes->size});
        break;
    case RF_CHANNEL: node = channel_node(p, *v); break;
    case RF_CELL:
    case RF_STRUCTDEF:
    case RF_ENUMDEF:
    case RF_MODULE: node = identity_node(p, o); break;
    case RF_FUNCTION:
        if (o->info == RF_FUNCTION_BUILTIN) {
            uint32_t row = (uint32_t)(v->as.function->builtin - p->isolate->builtins);
            node = add_node(p, o, (rf_packet_node){.info = o->info, .number = row});
        } else if (o->info == RF_FUNCTION_CLOSURE) {
            node = identity_node(p, o);
        } else {
            push_frame(p, *v);
            return DEEPER;
        }
        break;
    case RF_GENERATOR:
    case RF_PROMISE:
    case RF_HANDLE: p->refused = rf_type_name(rf_object_value(rf_tag_of(*v), o)); return REFUSED;
    case RF_ARRAY:
        if (o->info != RF_ARRAY_VALUES) {
            node = unboxed_array_node(p, v->as.array);
            break;
        }
        push_frame(p, *v);
        return DEEPER;
    default: push_frame(p, *v); return DEEPER;
    }
    v->as.bits = node;
    return DONE;
}

/* The token of v; UNSET when it cannot cross. */
static rf_value pack_value(packer *p, rf_value v)
{
    if (!rf_is_heap(v)) return v;
    outcome result = pack_object(p, &v);
    while (p->frames.count && result != REFUSED) {
        frame *f = &rf_vector_last(&p->frames);
        result = DONE;
        while (result == DONE && f->at < f->count) {
            rf_value *part = &p->work.data[f->base + f->at];
            rf_value token = *part;
            if (rf_is_heap(token)) result = pack_object(p, &token); /* may move work and frames */
            if (result != DONE) break;
            f = &rf_vector_last(&p->frames);
            p->work.data[f->base + f->at++] = token;
        }
        if (result != DONE) continue;
        frame done = rf_vector_pop(&p->frames);
        rf_value token = {.head = done.value.head, .as.bits = finish_container(p, &done)};
        p->work.count = done.base;
        if (!p->frames.count) return token;
        f = &rf_vector_last(&p->frames);
        p->work.data[f->base + f->at++] = token;
    }
    if (result != REFUSED) return v;
    p->frames.count = 0;
    p->work.count = 0;
    return rf_unset();
}

static void fill_pending(packer *p)
{
    RF_VECTOR(rf_value) parts = {0};
    for (size_t i = 0; i < p->pending.count; i++) {
        gather(p, p->pending.data[i]);
        parts.count = 0;
        for (size_t k = 0; k < p->work.count; k++) rf_vector_push(&parts, p->work.data[k]);
        p->work.count = 0;
        for (size_t k = 0; k < parts.count; k++) parts.data[k] = pack_value(p, parts.data[k]);
        rf_packet_fill *fill = &p->packet->fills.data[i];
        fill->first = add_tokens(p, parts.data, parts.count);
        fill->count = (uint32_t)parts.count;
    }
    rf_vector_release(&parts);
}

rf_packet *rf_packet_pack(rf_isolate *from, const rf_value *values, uint32_t count,
                          const char **refused)
{
    packer p = {.isolate = from, .packet = rf_new(rf_packet), .memo_mask = 63};
    p.memo = rf_alloc_array_zero(memo_entry, p.memo_mask + 1);
    p.packet->hooks = from->sched_hooks;
    rf_vector_push(&p.packet->tokens, rf_unset()); /* so that neither is ever NULL */
    rf_buffer_append_byte(&p.packet->bytes, '\0');
    const char *first_refused = NULL;
    for (uint32_t i = 0; i < count; i++) {
        p.refused = NULL;
        rf_value token = pack_value(&p, values[i]);
        if (!first_refused) first_refused = p.refused;
        rf_vector_push(&p.packet->roots, token);
    }
    if (refused) *refused = first_refused;
    fill_pending(&p);
    rf_free(p.memo);
    rf_vector_release(&p.frames);
    rf_vector_release(&p.work);
    rf_vector_release(&p.pending);
    return p.packet;
}

void rf_packet_free(rf_packet *packet)
{
    if (!packet) return;
    for (size_t i = 0; i < packet->nodes.count; i++) {
        const rf_packet_node *node = &packet->nodes.data[i];
        if (node->tag == RF_CHANNEL && node->pointer)
            packet->hooks->drop_core((void *)(uintptr_t)node->pointer);
    }
    rf_vector_release(&packet->nodes);
    rf_vector_release(&packet->tokens);
    rf_vector_release(&packet->fills);
    rf_vector_release(&packet->roots);
    rf_buffer_release(&packet->bytes);
    rf_free(packet);
}
