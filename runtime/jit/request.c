/* Everything is copied as it is now.  Addresses travel only to tell things apart; native code names what it reaches. */
#include "jit/request.h"

#include "base/alloc.h"
#include "jit/choice.h"
#include "value/array.h"
#include "value/error_value.h"
#include "value/struct_type.h"
#include "vm/improve.h"

#include <string.h>

enum { MOST_INSTRUCTIONS = 3000, MOST_REGISTERS = 250 };

static bool is_small(const rf_proto *proto)
{
    return proto->code_count <= MOST_INSTRUCTIONS && proto->register_count <= MOST_REGISTERS;
}

/* May be called from native code. */
static bool is_callable(const rf_proto *proto)
{
    return proto->is_compiled && proto->is_plain && proto->feedback && is_small(proto);
}

/* May be resumed from native code. */
static bool is_resumable(const rf_proto *proto)
{
    return proto->is_compiled && proto->func->is_generator && proto->feedback && is_small(proto);
}

/* ---- which functions an instruction calls ---- */

typedef struct callees {
    rf_proto *protos[RF_SEEN_CALLEES];
    bool calls_others;
} callees;

/* The prelude function that implements row, if a call with so many arguments enters it directly (vm/call.c). */
static rf_proto *prelude_proto(rf_isolate *isolate, const rf_builtin *row, uint32_t count)
{
    if (row->function || row->host || !row->prelude || row->capability) return NULL;
    if ((int32_t)count < row->min_args || (row->max_args >= 0 && (int32_t)count > row->max_args)) return NULL;
    const rf_value found = rf_prelude_function(isolate, row);
    if (found.head != RF_FUNCTION) {
        rf_release(isolate, rf_take_error(isolate));
        return NULL;
    }
    if (found.as.o->info != RF_FUNCTION_CLOSURE) return NULL;
    rf_proto *proto = found.as.function->code;
    return proto && proto->param_count == count ? proto : NULL;
}

static callees callees_at(rf_isolate *isolate, const rf_proto *proto, uint32_t pc)
{
    const rf_instruction in = proto->code[pc];
    callees found = {.calls_others = true};
    if (!proto->feedback || proto->feedback[pc].count == 0) return found;
    switch (in.op) {
    case RF_OP_CALL:
        for (unsigned i = 0; i < RF_SEEN_CALLEES; i++) {
            rf_proto *callee = proto->feedback[pc].callees[i];
            if (callee && callee->param_count == in.b) found.protos[i] = callee;
        }
        found.calls_others = proto->feedback[pc].calls_others;
        break;
    case RF_OP_FORNEXT:
        found.protos[0] = proto->feedback[pc].callees[0];
        if (found.protos[0] && !is_resumable(found.protos[0])) found.protos[0] = NULL;
        return found;
    case RF_OP_CALLFN: found.protos[0] = proto->children[in.c]; break;
    case RF_OP_CALLBUILTIN:
        found.protos[0] = prelude_proto(isolate, &isolate->builtins[in.c], in.b);
        break;
    case RF_OP_CALLMETHOD:
    case RF_OP_CALLLOCAL:
        if (proto->sites[in.b].def) found.protos[0] = proto->sites[in.b].method;
        break;
    case RF_OP_CLOSURE: found.protos[0] = proto->children[in.b]; break;
    default: break;
    }
    for (unsigned i = 0; i < RF_SEEN_CALLEES; i++)
        if (found.protos[i] && !is_callable(found.protos[i])) found.protos[i] = NULL;
    return found;
}

static void gather(rf_isolate *isolate, rf_binding *binding, const rf_proto *proto)
{
    for (uint32_t pc = 0; pc < proto->code_count; pc++) {
        const callees found = callees_at(isolate, proto, pc);
        for (unsigned k = 0; k < RF_SEEN_CALLEES && binding->count < RF_WIRE_MOST_FUNCTIONS; k++)
            if (found.protos[k] && !rf_binding_has(binding, found.protos[k]))
                binding->protos[binding->count++] = found.protos[k];
    }
}

/* ---- parts of a function ---- */

static uint8_t updater_number(const rf_isolate *isolate, const rf_site *site)
{
    const bool is_plain = !(site->flags & (RF_SITE_ASSIGNS | RF_SITE_CONST_ROOT)) && site->builtin != RF_NO_BUILTIN;
    return is_plain && site->arg_count == 1 && strcmp(isolate->builtins[site->builtin].canonical, "remove") == 0
               ? RF_WIRE_REMOVE
               : RF_WIRE_NO_BUILTIN;
}

static uint8_t builtin_number(const rf_isolate *isolate, const rf_proto *proto, rf_instruction in)
{
    static const struct {
        const char *name;
        uint8_t number;
        uint16_t least, most; /* arguments */
    } known[] = {{"sqrt", RF_WIRE_SQRT, 1, 1},
                 {"abs", RF_WIRE_ABS, 1, 1},
                 {"get", RF_WIRE_GET, 2, 3},
                 {"has_key", RF_WIRE_HAS_KEY, 2, 2},
                 {"__is_before", RF_WIRE_IS_BEFORE, 1, 1}};
    if (in.op == RF_OP_UPDATE) return updater_number(isolate, &proto->sites[in.b]);
    if (in.op != RF_OP_CALLC1 && in.op != RF_OP_CALLC) return RF_WIRE_NO_BUILTIN;
    const uint32_t count = in.op == RF_OP_CALLC1 ? 1 : in.b;
    const char *name = isolate->builtins[in.c].canonical;
    for (size_t i = 0; i < RF_COUNT_OF(known); i++)
        if (count >= known[i].least && count <= known[i].most && strcmp(name, known[i].name) == 0) return known[i].number;
    return RF_WIRE_NO_BUILTIN;
}

static void add_hints(rf_buffer *out, rf_isolate *isolate, const rf_binding *binding, const rf_proto *proto, rf_loop_range wanted)
{
    for (uint32_t pc = 0; pc < proto->code_count; pc++) {
        rf_wire_hint hint = {.builtin = builtin_number(isolate, proto, proto->code[pc])};
        const callees found = callees_at(isolate, proto, pc);
        if (proto->feedback) {
            const rf_feedback *f = &proto->feedback[pc];
            memcpy(hint.seen, f->seen, sizeof hint.seen);
            hint.result = f->result;
            hint.count = pc >= wanted.first && pc <= wanted.last ? f->count : 0;
            hint.flags = f->flags;
        }
        hint.calls_others = found.calls_others;
        uint32_t known = 0;
        memset(hint.callees, -1, sizeof hint.callees);
        for (unsigned k = 0; k < RF_SEEN_CALLEES; k++) {
            if (!found.protos[k]) continue;
            const uint32_t before = known;
            for (uint32_t i = 0; i < binding->count && known == before; i++)
                if (binding->protos[i] == found.protos[k]) hint.callees[known++] = (int8_t)i;
            if (known == before) hint.calls_others = true;
        }
        rf_buffer_append(out, &hint, sizeof hint);
    }
}

/* Of the layout that instances of the declaration get now. */
static void add_step(rf_buffer *out, const rf_place_step *step)
{
    rf_wire_step wire = {.is_field = step->field != NULL, .reg = step->reg};
    if (step->def) {
        rf_layout *layout = step->def->layout;
        wire.layout = (uintptr_t)layout;
        wire.offset = layout->offsets[step->field_index];
        wire.field_kind = layout->kinds[step->field_index];
    }
    rf_buffer_append(out, &wire, sizeof wire);
}

/* Which entry, or which default, each field of the instance gets; false: not plainly one of them. */
static bool find_fields(const rf_literal_info *literal, rf_wire_field *fields)
{
    const rf_node *node = literal->syntax;
    const rf_structdef *def = literal->def;
    const rf_layout *layout = def->layout;
    for (uint32_t i = 0; i < def->field_count; i++) {
        const rf_value fallback = def->defaults ? def->defaults[i] : rf_unset();
        fields[i] = (rf_wire_field){
            .offset = layout->offsets[i], .kind = layout->kinds[i], .entry = -1, .head = RF_NULL};
        if (rf_is_heap(fallback)) fields[i].head = RF_UNSET;
        else if (fallback.head != RF_UNSET) fields[i].head = fallback.head, fields[i].bits = fallback.as.bits;
    }
    for (uint32_t i = 0; i < node->as.instance.count; i++) {
        if (node->as.instance.entries[i].is_spread || fields[literal->fields[i]].entry >= 0) return false;
        fields[literal->fields[i]].entry = i;
    }
    for (uint32_t i = 0; i < def->field_count; i++)
        if (fields[i].entry < 0 && fields[i].head == RF_UNSET) return false;
    return !layout->is_observed;
}

static void add_literals(rf_buffer *out, const rf_proto *proto)
{
    for (uint32_t i = 0; i < proto->literal_count; i++) {
        const rf_literal_info *literal = &proto->literals[i];
        const uint32_t count = literal->def && literal->fields ? literal->def->field_count : 0;
        rf_wire_field *fields = rf_alloc_array(rf_wire_field, count + 1);
        rf_wire_literal wire = {.def = 0};
        if (count > 0 && find_fields(literal, fields)) {
            wire = (rf_wire_literal){.def = (uintptr_t)literal->def,
                                     .layout = (uintptr_t)literal->def->layout,
                                     .field_count = count,
                                     .data_size = literal->def->layout->data_size};
        }
        rf_buffer_append(out, &wire, sizeof wire);
        rf_buffer_append(out, fields, wire.field_count * sizeof *fields);
        rf_free(fields);
    }
}

static void add_places(rf_buffer *out, const rf_proto *proto)
{
    for (uint32_t i = 0; i < proto->place_count; i++) {
        const rf_place_info *place = proto->places[i];
        const rf_wire_place wire = {.root = place->root,
                                    .is_cell = place->is_cell,
                                    .is_usable = !place->is_constant && !place->is_wide,
                                    .marks_self = place->marks_self,
                                    .index = place->index,
                                    .count = place->count};
        rf_buffer_append(out, &wire, sizeof wire);
        for (uint32_t k = 0; k < place->count; k++) add_step(out, &place->steps[k]);
    }
}

static void add_sites(rf_buffer *out, const rf_proto *proto)
{
    for (uint32_t i = 0; i < proto->site_count; i++) {
        const rf_site *site = &proto->sites[i];
        const bool is_method = site->def && site->method;
        const rf_wire_site wire = {.layout = (uintptr_t)site->layout,
                                   .call_layout = (uintptr_t)(is_method ? site->def->layout : NULL),
                                   .flags = site->flags,
                                   .offset = site->offset,
                                   .arg_count = site->arg_count,
                                   .skip = site->skip,
                                   .field_kind = site->field_kind,
                                   .place = site->place};
        rf_buffer_append(out, &wire, sizeof wire);
    }
}

/* As rf_vm_new_closure finds them. */
static void add_captures(rf_buffer *out, const rf_func *func)
{
    for (uint32_t i = 0; i < func->capture_count; i++) {
        const rf_ref *source = &func->captures[i].source;
        const bool is_local = source->kind == RF_REF_LOCAL;
        const bool is_wide = is_local && source->index >= RF_LOCAL_LIMIT;
        const rf_wire_capture wire = {.index = is_wide ? RF_WIDE_BASE + (source->index - RF_LOCAL_LIMIT) : source->index,
                                      .is_local = is_local};
        rf_buffer_append(out, &wire, sizeof wire);
    }
}

static void add_function(rf_buffer *out, rf_isolate *isolate, const rf_binding *binding, const rf_proto *proto, rf_loop_range wanted)
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
                                .place_count = proto->place_count,
                                .literal_count = proto->literal_count,
                                .temp_base = proto->temp_base,
                                .register_count = proto->register_count,
                                .param_count = proto->param_count,
                                .words = words,
                                .has_handlers = proto->handler_count > 0,
                                .has_self = proto->func->has_self,
                                .is_callable = is_callable(proto),
                                .is_hidden = !proto->is_visible,
                                .has_captures = proto->func->capture_count > 0,
                                .modifies_self = proto->modifies_self,
                                .capture_count = proto->func->capture_count,
                                .is_generator = proto->func->is_generator};
    rf_buffer_append(out, &f, sizeof f);
    rf_buffer_append(out, proto->code, proto->code_count * sizeof(rf_instruction));
    add_hints(out, isolate, binding, proto, wanted);
    for (uint32_t i = 0; i < proto->constant_count; i++) {
        const rf_value v = proto->constants[i];
        const rf_wire_constant k = {v.head, rf_is_heap(v) ? 0 : v.as.bits};
        rf_buffer_append(out, &k, sizeof k);
    }
    add_sites(out, proto);
    rf_buffer_append(out, live, (size_t)proto->code_count * words * sizeof(uint64_t));
    rf_free(live);
    add_captures(out, proto->func);
    add_places(out, proto);
    add_literals(out, proto);
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
    if (!is_small(fp->proto)) return false;
    *binding = (rf_binding){.count = 1, .protos = {fp->proto}};
    for (uint32_t i = 0; i < binding->count; i++) gather(isolate, binding, binding->protos[i]);
    rf_binding_note_all(binding);
    rf_wire_request request = *wish;
    request.magic = RF_WIRE_MAGIC;
    request.function_count = binding->count;
    request.object_count = (uint32_t)binding->objects.count;
    request.wraps = isolate->host->wrap_integers;
    const size_t start = out->size;
    rf_buffer_append(out, &request, sizeof request);
    const rf_loop_range all = {0, UINT32_MAX};
    rf_loop_range wanted = rf_jit_inner_loop(fp->proto, wish->entry);
    if (wanted.last == 0 || wish->is_forced) wanted = all;
    for (uint32_t i = 0; i < binding->count; i++)
        add_function(out, isolate, binding, binding->protos[i], i ? all : wanted);
    add_entry(out, fp, distrusted);
    for (size_t i = 0; i < binding->objects.count; i++) {
        const uint64_t address = (uintptr_t)binding->objects.data[i].address;
        rf_buffer_append(out, &address, sizeof address);
    }
    if (out->size - start > RF_WIRE_LARGEST) return false;
    request.size = (uint32_t)(out->size - start - sizeof request);
    memcpy(out->data + start, &request, sizeof request);
    return true;
}
