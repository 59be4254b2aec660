/* Everything is copied as it is now.  Addresses travel only to tell things apart; native code names what it reaches. */
#include "jit/request.h"

#include "base/alloc.h"
#include "value/array.h"
#include "vm/improve.h"

#include <string.h>

enum { MOST_INSTRUCTIONS = 3000, MOST_REGISTERS = 250 };

static bool is_small(const rf_proto *proto)
{
    return proto->code_count <= MOST_INSTRUCTIONS && proto->register_count <= MOST_REGISTERS;
}

/* May be called without a frame: all it needs are its registers. */
static bool is_light(const rf_proto *proto)
{
    return proto->is_compiled && proto->is_direct && proto->func->capture_count == 0 &&
           proto->handler_count == 0 && !proto->func->modifies_self && proto->feedback;
}

static void gather(rf_binding *binding, const rf_proto *proto)
{
    for (uint32_t pc = 0; pc < proto->code_count; pc++) {
        if (proto->code[pc].op != RF_OP_CALLFN || binding->count == RF_WIRE_MOST_FUNCTIONS) continue;
        rf_proto *callee = proto->children[proto->code[pc].c];
        if (!is_light(callee) || !is_small(callee)) continue;
        if (!rf_binding_has(binding, callee)) binding->protos[binding->count++] = callee;
    }
}

static void add_sites(rf_buffer *out, const rf_proto *proto)
{
    for (uint32_t i = 0; i < proto->site_count; i++) {
        const rf_site *site = &proto->sites[i];
        const rf_wire_site wire = {.layout = (uintptr_t)site->layout,
                                   .offset = site->offset,
                                   .arg_count = site->arg_count,
                                   .skip = site->skip,
                                   .field_kind = site->field_kind};
        rf_buffer_append(out, &wire, sizeof wire);
    }
}

static void add_function(rf_buffer *out, const rf_binding *binding, const rf_proto *proto)
{
    uint32_t words;
    uint64_t *live = rf_vm_live_registers(proto, &words);
    const rf_wire_function f = {.proto = (uintptr_t)proto,
                                .code = (uintptr_t)proto->code,
                                .constants = (uintptr_t)proto->constants,
                                .slots = (uintptr_t)proto->slots,
                                .code_count = proto->code_count,
                                .constant_count = proto->constant_count,
                                .site_count = proto->site_count,
                                .child_count = proto->child_count,
                                .temp_base = proto->temp_base,
                                .register_count = proto->register_count,
                                .param_count = proto->param_count,
                                .words = words,
                                .has_handlers = proto->handler_count > 0,
                                .has_self = proto->func->has_self,
                                .is_light = is_light(proto)};
    rf_buffer_append(out, &f, sizeof f);
    rf_buffer_append(out, proto->code, proto->code_count * sizeof(rf_instruction));
    for (uint32_t i = 0; i < proto->code_count; i++) {
        const rf_feedback none = {0};
        rf_buffer_append(out, proto->feedback ? &proto->feedback[i] : &none, sizeof none);
    }
    for (uint32_t i = 0; i < proto->constant_count; i++) {
        const rf_value v = proto->constants[i];
        const rf_wire_constant k = {v.head, rf_is_heap(v) ? 0 : v.as.bits};
        rf_buffer_append(out, &k, sizeof k);
    }
    add_sites(out, proto);
    for (uint32_t i = 0; i < proto->child_count; i++) {
        int32_t number = -1;
        for (uint32_t k = 0; k < binding->count; k++)
            if (binding->protos[k] == proto->children[i] && is_light(binding->protos[k])) number = (int32_t)k;
        rf_buffer_append(out, &number, sizeof number);
    }
    rf_buffer_append(out, live, (size_t)proto->code_count * words * sizeof(uint64_t));
    rf_free(live);
}

static void add_entry(rf_buffer *out, const rf_frame *fp, const uint64_t *distrusted)
{
    for (uint32_t i = 0; i < fp->proto->register_count; i++) {
        const rf_value v = fp->base[i];
        rf_wire_entry e = {.head = v.head};
        if (distrusted[i / 64] >> (i % 64) & 1) e.head = RF_UNSET;
        if (v.head == RF_ARRAY) e.array_kind = v.as.array->object.info;
        if (v.head == RF_STRUCT) e.layout = (uintptr_t)v.as.instance->layout;
        rf_buffer_append(out, &e, sizeof e);
    }
}

bool rf_request_build(rf_buffer *out, rf_isolate *isolate, const rf_frame *fp, const rf_wire_request *wish,
                      const uint64_t *distrusted, rf_binding *binding)
{
    if (!is_small(fp->proto) || (fp->flags & RF_FRAME_GENERATOR)) return false;
    *binding = (rf_binding){.count = 1, .protos = {fp->proto}};
    for (uint32_t i = 0; i < binding->count; i++) gather(binding, binding->protos[i]);
    rf_binding_note_layouts(binding);
    rf_wire_request request = *wish;
    request.magic = RF_WIRE_MAGIC;
    request.function_count = binding->count;
    request.wraps = isolate->host->wrap_integers;
    const size_t start = out->size;
    rf_buffer_append(out, &request, sizeof request);
    for (uint32_t i = 0; i < binding->count; i++) add_function(out, binding, binding->protos[i]);
    add_entry(out, fp, distrusted);
    if (out->size - start > RF_WIRE_LARGEST) return false;
    request.size = (uint32_t)(out->size - start - sizeof request);
    memcpy(out->data + start, &request, sizeof request);
    return true;
}
