/* Everything is copied as it is now; only addresses that stay valid as long as the proto travel. */
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

static void gather(const rf_proto **list, uint32_t *count, const rf_proto *proto)
{
    for (uint32_t pc = 0; pc < proto->code_count; pc++) {
        if (proto->code[pc].op != RF_OP_CALLFN || *count == RF_WIRE_MOST_FUNCTIONS) continue;
        const rf_proto *callee = proto->children[proto->code[pc].c];
        if (!is_light(callee) || !is_small(callee)) continue;
        bool is_known = false;
        for (uint32_t i = 0; i < *count && !is_known; i++) is_known = list[i] == callee;
        if (!is_known) list[(*count)++] = callee;
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

static void add_function(rf_buffer *out, const rf_proto *proto, const rf_proto *const *list,
                         uint32_t count)
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
        for (uint32_t k = 0; k < count; k++)
            if (list[k] == proto->children[i] && is_light(list[k])) number = (int32_t)k;
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

bool rf_request_build(rf_buffer *out, rf_isolate *isolate, const rf_frame *fp, uint32_t entry,
                      uint32_t number, bool is_traced, bool is_forced, const uint64_t *distrusted)
{
    const rf_proto *list[RF_WIRE_MOST_FUNCTIONS] = {fp->proto};
    uint32_t count = 1;
    if (!is_small(fp->proto) || (fp->flags & RF_FRAME_GENERATOR)) return false;
    for (uint32_t i = 0; i < count; i++) gather(list, &count, list[i]);
    rf_wire_request request = {.magic = RF_WIRE_MAGIC,
                               .number = number,
                               .entry = entry,
                               .function_count = count,
                               .wraps = isolate->host->wrap_integers,
                               .is_traced = is_traced,
                               .is_forced = is_forced};
    const size_t start = out->size;
    rf_buffer_append(out, &request, sizeof request);
    for (uint32_t i = 0; i < count; i++) add_function(out, list[i], list, count);
    add_entry(out, fp, distrusted);
    if (out->size - start > RF_WIRE_LARGEST) return false;
    request.size = (uint32_t)(out->size - start - sizeof request);
    memcpy(out->data + start, &request, sizeof request);
    return true;
}
